"""Ofsted's evaluation of 147 serious case reviews as data that prove themselves.

    >>> import scrdata
    >>> reviews = scrdata.load("reviews")
    >>> len(reviews)
    147
    >>> scrdata.total("reviews[judgement=good]")
    62

Every function here speaks about the package that ships inside the distribution, unless it is given
another one. `open_package` opens any tabular Data Package and offers the same as methods.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from typing import Literal, overload

    import pandas
    import pandera.pandas
    import polars
    import pyarrow

    from scrdata.errors import InvalidPackageError, NotationError, PackageError, ScrdataError, UnknownNameError
    from scrdata.findings import Finding, Report
    from scrdata.guarding import Coverage
    from scrdata.package import Package, TableInfo, Total
    from scrdata.tracing import Trace, ValueTrace

__version__ = "0.2.0"
__all__ = [
    "Coverage",
    "Finding",
    "InvalidPackageError",
    "NotationError",
    "Package",
    "PackageError",
    "Report",
    "ScrdataError",
    "TableInfo",
    "Trace",
    "UnknownNameError",
    "ValueTrace",
    "coverage",
    "load",
    "open_package",
    "schema",
    "tables",
    "total",
    "trace",
    "validate",
]

_HOMES = {
    "Coverage": "scrdata.guarding",
    "Finding": "scrdata.findings",
    "Report": "scrdata.findings",
    "InvalidPackageError": "scrdata.errors",
    "NotationError": "scrdata.errors",
    "PackageError": "scrdata.errors",
    "ScrdataError": "scrdata.errors",
    "UnknownNameError": "scrdata.errors",
    "Package": "scrdata.package",
    "TableInfo": "scrdata.package",
    "Trace": "scrdata.tracing",
    "ValueTrace": "scrdata.tracing",
}
_shipped: Package | None = None


def open_package(location: str | os.PathLike[str] | None = None) -> Package:
    """Open a package, so that several questions are answered from one reading of its files.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.

    Returns:
        A `Package` with the methods `tables`, `load`, `schema`, `total`, `trace`, `coverage` and `validate`.

    Raises:
        PackageError: there is no package at that place.

    >>> open_package().version
    '0.2.0'
    """
    from scrdata.package import Package

    return Package(location)


def _default() -> Package:
    """Return the shipped package, opened once."""
    global _shipped  # noqa: PLW0603  (a cache of one immutable value)
    if _shipped is None:
        _shipped = open_package()
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
    def load(name: str) -> pandas.DataFrame: ...
    @overload
    def load(name: str, *, backend: Literal["pandas"]) -> pandas.DataFrame: ...
    @overload
    def load(name: str, *, backend: Literal["polars"]) -> polars.DataFrame: ...
    @overload
    def load(name: str, *, backend: Literal["pyarrow"]) -> pyarrow.Table: ...


def load(name: str, *, backend: str = "pandas") -> pandas.DataFrame | polars.DataFrame | pyarrow.Table:
    """Return one table of the shipped package as a DataFrame, exactly as `validate` read it.

    Types follow the Table Schema: ordered codes are ordered categoricals and other codes plain ones,
    dates are `datetime64[us]`, integers `int64` where a value is required and nullable `Int64`
    elsewhere, text is text (`NA` included), and an empty cell is missing.

    Args:
        name: of a table; `scrdata.tables()` lists them.
        backend: `pandas`, `polars` (which has to be installed) or `pyarrow`.

    Returns:
        One row for each row of the table, in the same order; columns as in the schema.

    Raises:
        UnknownNameError: there is no such table or backend; the text names the nearest.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> load("judgements").shape
    (12, 3)
    >>> load("judgements", backend="pyarrow").num_rows
    12
    """
    return _default().load(name, backend=backend)  # type: ignore[call-overload]


def schema(name: str) -> pandera.pandas.DataFrameSchema:
    """Return the pandera schema of a table, generated from its Table Schema.

    It holds column types, codes, bounds, keys, and as a named check every rule that concerns this
    table alone, so that `schema("causes_of_death").validate(frame)` names the rule and both numbers
    when one cause is off by one. A registered discrepancy must fail exactly as it is registered.

    Args:
        name: of a table.

    Raises:
        UnknownNameError: there is no such table; the text names the nearest.
        InvalidPackageError: the files of the package were altered and no longer fit its descriptor.

    >>> schema("durations").validate(load("durations")).shape
    (12, 3)
    """
    return _default().schema(name)


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
    >>> found.rules[0].filled
    '15 + 17 + 13 + 36 + 9 = 90'
    """
    return _default().trace(reference)


def coverage(
    location: str | os.PathLike[str] | None = None, *, columns: Sequence[str] = (), every: bool = False
) -> Coverage:
    """Return how well rules and mentions guard the numbers of a package, so that gaps can be closed.

    A cell is guarded alone if `validate` would refuse every other number in its place, and in pairs
    if moreover no other cell can be changed so as to hide that. Both are computed from the
    equations; no change is tried.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        columns: which to look at, such as `judgements.reviews`; if omitted, all columns of integers
            and numbers that are in no key, and the values of the table of mentions.
        every: list the cells that are guarded in pairs too.

    Returns:
        A `Coverage` with `share` (of cells guarded alone, an exact fraction), `tables`, `unguarded`
        and `unpaired`, the last two with one value for each cell.

    Raises:
        PackageError: there is no package at that place.
        UnknownNameError: there is no such column of numbers; the text names the nearest.
        InvalidPackageError: the tables, rules or mentions of the package cannot be read.

    >>> found = coverage()
    >>> found.share, found.unguarded
    (Fraction(1, 1), ())
    >>> found.tables[0].name, found.tables[0].cells, found.tables[0].in_pairs
    ('judgements', 12, 12)
    """
    return open_package(location).coverage(columns=columns, every=every)


def validate(location: str | os.PathLike[str] | None = None, *, cross_check: bool = False) -> Report:
    """Check a package: bytes, descriptor, types, constraints, keys, rules, mentions and discrepancies.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        cross_check: once this package's own checks have accepted it, ask pandera and frictionless
            too, and report where they disagree.

    Returns:
        A `Report`; `report.valid` is the verdict.

    Raises:
        PackageError: there is no package at that place.

    >>> validate().valid
    True
    """
    return open_package(location).validate(cross_check=cross_check)


def __getattr__(name: str) -> object:
    """Import the classes of the public interface when they are first asked for."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
