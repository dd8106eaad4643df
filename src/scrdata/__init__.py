"""Ofsted's evaluation of 147 serious case reviews as data that prove themselves.

    >>> import scrdata
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

    from scrdata.deduction import Bounds
    from scrdata.errors import InvalidPackageError, NotationError, PackageError, ScrdataError, UnknownNameError
    from scrdata.findings import Finding, Report
    from scrdata.guarding import Coverage
    from scrdata.localisation.suspects import Suspects
    from scrdata.package import Package, TableInfo, Total
    from scrdata.scaffolding import NewPackage
    from scrdata.suggestion.proposals import Suggestions
    from scrdata.tracing import Trace, ValueTrace

__version__ = "0.2.0"
__all__ = [
    "Bounds", "Coverage", "Finding", "InvalidPackageError", "NewPackage", "NotationError", "Package", "PackageError",
    "Report", "ScrdataError", "Suggestions", "Suspects", "TableInfo", "Trace", "UnknownNameError", "ValueTrace",
    "bounds", "coverage", "implied", "init_package", "load", "open_package", "schema", "suggest", "suspects",
    "tables", "total", "trace", "validate",
]  # fmt: skip

_HOMES = {
    "scrdata.deduction": ("Bounds",),
    "scrdata.errors": ("InvalidPackageError", "NotationError", "PackageError", "ScrdataError", "UnknownNameError"),
    "scrdata.findings": ("Finding", "Report"),
    "scrdata.guarding": ("Coverage",),
    "scrdata.localisation.suspects": ("Suspects",),
    "scrdata.package": ("Package", "TableInfo"),
    "scrdata.scaffolding": ("NewPackage",),
    "scrdata.suggestion.proposals": ("Suggestions",),
    "scrdata.tracing": ("Trace", "ValueTrace"),
}
_shipped: Package | None = None


def open_package(location: str | os.PathLike[str] | None = None) -> Package:
    """Open a package, so that several questions are answered from one reading of its files.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.

    Returns:
        A `Package` with the methods `tables`, `load`, `schema`, `total`, `trace`, `suspects`, `bounds`,
        `implied`, `suggest`, `coverage` and `validate`.

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
    def load(name: str, *, backend: Literal["pandas"] = ...) -> pandas.DataFrame: ...
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
    """
    return _default().trace(reference)


def suspects(
    location: str | os.PathLike[str] | None = None,
    *,
    register: bool = True,
    time_limit: float = 30,
    alternatives: int = 20,
) -> Suspects:
    """Return which numbers of a package are wrong, if checks fail, and what each should be.

    The answer is the lightest set of cells, codes, rows and statements to change so that every check
    holds (Fellegi and Holt 1976); a number weighs the more, the more speaks for it.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        register: hold failing checks against the register of discrepancies; `False` diagnoses these too.
        time_limit: seconds after which the search gives up; `optimal` then says so.
        alternatives: so many repairs are listed where several are as light.

    Returns:
        A `Suspects` with `suspects`, `alternatives`, `unresolved` and `optimal`, empty where all holds.

    Raises:
        PackageError: there is no package at that place.

    >>> suspects().suspects
    ()
    >>> wrong = suspects(register=False).suspects[0]
    >>> wrong.table, wrong.key["mention_id"], wrong.found, wrong.suggested
    ('mentions', 'para_122_3', '149', '147')
    """
    return open_package(location).suspects(register=register, time_limit=time_limit, alternatives=alternatives)


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


def coverage(
    location: str | os.PathLike[str] | None = None, *, columns: Sequence[str] = (), every: bool = False
) -> Coverage:
    """Return how well rules and mentions guard the numbers of a package, so that gaps can be closed.

    A cell is guarded alone if `validate` would refuse every other number in its place, and in pairs if
    moreover no other cell can be changed so as to hide that. Both are computed from the equations.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        columns: which to look at, such as `judgements.reviews`; if omitted, all columns of integers and
            numbers that are in no key, and the values of mentions.
        every: list the cells that are guarded in pairs too.

    Returns:
        A `Coverage` with `share` (of cells guarded alone, an exact fraction), `tables`, `unguarded`
        and `unpaired`, the last two with one value for each cell.

    Raises:
        PackageError: there is no package at that place.
        UnknownNameError: there is no such column of numbers; the text names the nearest.
        InvalidPackageError: the tables, rules or mentions of the package cannot be read.

    >>> coverage().share
    Fraction(1, 1)
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


def suggest(location: str | os.PathLike[str] | None = None, *, at_least: float = 2.0) -> Suggestions:
    """Return rules that the data of a package obey, that it does not state, and that are hardly there by chance.

    For the author of a package, who knows which of them were meant: nothing is accepted, and nothing is
    written. `scrdata.suggestion.surprise` says how chance is reckoned.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        at_least: bits of surprise below which nothing is suggested: with 2, each form of rule shows an
            accident in at most one of four packages without connections; each further bit halves that.

    Returns:
        A `Suggestions` with `rules`, the most surprising first; each has `rule_id`, `equation`, `statement`
        and `basis`, to be copied into the table of rules, and `instances`, `evidence` and `bits`.

    Raises:
        PackageError: there is no package at that place.
        InvalidPackageError: the package is not valid.
        ScrdataError: `at_least` is below 0, or no number.

    >>> suggest(at_least=1000).rules
    ()
    """
    return open_package(location).suggest(at_least=at_least)


def init_package(folder: str | os.PathLike[str], name: str | None = None) -> NewPackage:
    """Make a package of a folder of CSV files: a descriptor, a schema for each file, and an empty table of rules.

    What a column is said to be, every cell of it is, by the grammars that `validate` reads with. No file is
    overwritten, and if anything is in the way nothing is written at all.

    Args:
        folder: that holds the `.csv` and `.tsv` files, itself or in folders below.
        name: of the package: small letters, digits, `.`, `_` and `-`; made of the folder's if omitted.

    Returns:
        A `NewPackage` with `name`, `files`, the files that were written, and `tables`; it is valid.

    Raises:
        ScrdataError: there is no such folder or no table in it, a file cannot be read strictly, a file
            would have to be overwritten, or the folder cannot be written to.

    >>> init_package("no/such/folder")
    Traceback (most recent call last):
    ...
    scrdata.errors.ScrdataError: no/such/folder is no folder
    """
    from scrdata.scaffolding import make_package

    return make_package(folder, name)


def __getattr__(name: str) -> object:
    """Import the classes of the public interface when they are first asked for."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
