"""Questions about the package that ships inside the distribution: its tables, its totals, and what is known of them.

These functions are the public interface `scrdata` itself, which loads them when they are first asked for.
"""

from __future__ import annotations

from scrdata.package import Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, overload

    import duckdb
    import pandas
    import pandera.pandas
    import pandera.polars
    import pandera.pyspark
    import polars
    import pyarrow

    from scrdata.citation import Citation
    from scrdata.deduction import Bounds
    from scrdata.package import Frame, TableInfo, Total
    from scrdata.tracing import Trace, ValueTrace

_shipped: Package | None = None


def _default() -> Package:
    """Return the shipped package, opened once."""
    global _shipped  # noqa: PLW0603  (a cache of one immutable value)
    if _shipped is None:
        _shipped = Package()
    return _shipped


def tables() -> list[TableInfo]:
    """Return what tables there are: a list of values with `name`, `title`, `description` and `rows`.

    Raises:
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> [table.name for table in tables()][:3]
    ['periods', 'boards', 'reviews']
    """
    return _default().tables()


if TYPE_CHECKING:

    @overload
    def load(name: str, *, backend: Literal["pandas"] = ...) -> pandas.DataFrame: ...
    @overload
    def load(name: str, *, backend: Literal["polars"]) -> polars.DataFrame: ...
    @overload
    def load(name: str, *, backend: Literal["pyarrow"]) -> pyarrow.Table: ...
    @overload
    def load(name: str, *, backend: Literal["duckdb"]) -> duckdb.DuckDBPyRelation: ...


def load(name: str, *, backend: str = "pandas") -> Frame:
    """Return one table of the shipped package as a DataFrame, exactly as `validate` read it.

    Types follow the Table Schema: ordered codes are ordered categoricals and other codes plain ones,
    dates are `datetime64[us]`, integers `int64` where a value is required and nullable `Int64`
    elsewhere, text is text (`NA` included), and an empty cell is missing.

    Args:
        name: of a table; `scrdata.tables()` lists them.
        backend: `pandas`, `pyarrow`, `polars` or `duckdb` (the last two have to be installed).

    Returns:
        One row for each row of the table, in the same order; columns as in the schema. From DuckDB a
        relation of the default connection, which `duckdb.sql` joins with others.

    Raises:
        UnknownNameError: there is no such table or backend; the text names the nearest.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> load("judgements").shape
    (12, 3)
    """
    return _default().load(name, backend=backend)  # type: ignore[call-overload]


if TYPE_CHECKING:

    @overload
    def schema(name: str, *, backend: Literal["pandas"] = ...) -> pandera.pandas.DataFrameSchema: ...
    @overload
    def schema(name: str, *, backend: Literal["polars"]) -> pandera.polars.DataFrameSchema: ...
    @overload
    def schema(name: str, *, backend: Literal["pyspark"]) -> pandera.pyspark.DataFrameSchema: ...


def schema(
    name: str, *, backend: str = "pandas"
) -> pandera.pandas.DataFrameSchema | pandera.polars.DataFrameSchema | pandera.pyspark.DataFrameSchema:
    """Return the pandera schema of a table, generated from its Table Schema.

    It holds column types, codes, bounds, keys, and as a named check every rule that concerns this
    table alone, so that `schema("causes_of_death").validate(frame)` names the rule and both numbers
    when one cause is off by one. A registered discrepancy must fail exactly as it is registered.

    What needs other tables is not carried over into a schema; its `metadata["not_carried_over"]` names
    every such check. `scrdata.check` holds them all.

    Args:
        name: of a table.
        backend: `pandas`; or `polars` or `pyspark`, which have to be installed.

    Raises:
        UnknownNameError: there is no such table or backend; the text names the nearest.
        ScrdataError: polars is not installed; or pandera's schemas for Spark do not load, as with a pandas
            that Spark does not know yet.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> schema("durations").validate(load("durations")).shape
    (12, 3)
    """
    return _default().schema(name, backend=backend)  # type: ignore[call-overload, no-any-return]


def total(reference: str) -> Total:
    """Return the total that a reference stands for, computed from the shipped tables.

    Args:
        reference: for example `reviews[judgement=good]` (matching rows) or
            `causes_of_death[cause_group=homicide].children` (sum of a column).

    Returns:
        An `int` (a `decimal.Decimal` for columns of type number); `None` if a cell that it needs is
        missing; for a starred reference a dictionary of totals by starred value, or by the tuple of
        values in the order of the column names.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> total("causes_of_death[cause_group=homicide].children")
    15
    >>> total("reviews[judgement=*]")
    {'adequate': 62, 'good': 62, 'inadequate': 23}
    """
    return _default().total(reference)


if TYPE_CHECKING:

    @overload
    def trace(reference: str) -> Trace: ...
    @overload
    def trace(reference: int) -> ValueTrace: ...


def trace(reference: str | int) -> Trace | ValueTrace:
    """Return where the report prints a figure, what it is made of, what binds it, and what is wrong with it.

    Args:
        reference: a total, such as `causes_of_death.children`; or a whole number, for all totals and
            mentions that have that value.

    Returns:
        For a reference a `Trace` with `value`, `definition`, `status`, `mentions`, `rules` and
        `discrepancies`, those of other totals included that rules tie to the same figure. For a
        number a `ValueTrace` with `totals` and `mentions`.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred, and so stands for several totals.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> found = trace("causes_of_death.children")
    >>> found.value, found.same
    (90, ('child_characteristics[characteristic=outcome,category=died].children',))
    """
    return _default().trace(reference)


def cite(reference: str | None = None) -> Citation:
    """Return how to cite the package, or one figure of it with its place in the report.

    Args:
        reference: a total, such as `causes_of_death.children`; the package as a whole if omitted.

    Returns:
        A `Citation` with `text`, `bibtex` and `csl` (items of CSL-JSON), with `version` and `content_hash`, and for a
        figure with `figure`, a `Trace`. What the package does not state is left out.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred, and so stands for several totals.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> citation = cite("causes_of_death[cause_group=homicide].children")
    >>> citation.figure.value, citation.figure.places()
    (15, ["'15': table 1; para 28"])
    """
    return _default().cite(reference)


def bounds(reference: str, *, time_limit: float = 10.0) -> Bounds:
    """Return between which values a figure lies, by what is printed and by the rules, and why.

    Empty and derived cells are taken as unknown; so is a cell that no table has, if the reference gives its
    whole key. Everything said is proved in exact arithmetic.

    Args:
        reference: a total, such as `review_sizes[size=one].reviews`.
        time_limit: in seconds, for what is not settled by single rules.

    Returns:
        A `Bounds` with `least`, `greatest` (`None`: no bound), `exact`, `proven` (no narrower ones follow)
        and the `reasons`, step by step.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred, and so stands for several totals; or rules contradict one another.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> found = bounds("child_characteristics[characteristic=age,category=6_and_over].children")
    >>> found.least, found.greatest, found.reasons[0].arithmetic
    (78, 78, '194 - 69 - 47 = 78')
    """
    return _default().bounds(reference, time_limit=time_limit)


def implied(*, time_limit: float = 10.0) -> tuple[Bounds, ...]:
    """Return the further figures that follow from what the report prints, exactly or within bounds.

    Args:
        time_limit: in seconds, for each figure that is not settled by single rules.

    Returns:
        One `Bounds` for each derived cell, each empty cell of a table that states the status of its values, and
        each remainder: a whole less a part that is counted of it.

    Raises:
        ScrdataError: rules contradict one another.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> [figure.reasons[0].arithmetic for figure in implied() if figure.status == "remainder"][1]
    '194 - 119 = 75'
    """
    return _default().implied(time_limit=time_limit)
