"""Any package: how it is opened, whether it is valid, what is wrong with it, and how well its numbers are guarded.

These functions are the public interface `scrdata` itself, which loads them when they are first asked for.
"""

from __future__ import annotations

from scrdata.limits import DEFAULT, Limits
from scrdata.package import Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from scrdata.comparison.changes import Diff
    from scrdata.findings import Report
    from scrdata.frames.checking import TableProgress
    from scrdata.guarding import Coverage
    from scrdata.localisation.suspects import Suspects
    from scrdata.suggestion.proposals import Suggestions


def open_package(location: str | os.PathLike[str] | None = None, *, limits: Limits = DEFAULT) -> Package:
    """Open a package, so that several questions are answered from one reading of its files.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        limits: how much of it is read at most; `docs/limits.md` explains each.

    Returns:
        A `Package` with the methods `tables`, `load`, `schema`, `total`, `trace`, `suspects`, `bounds`,
        `implied`, `suggest`, `coverage`, `diff`, `check` and `validate`.

    Raises:
        PackageError: there is no package at that place.

    >>> open_package().version
    '1.0.0'
    """
    return Package(location, limits=limits)


def validate(
    location: str | os.PathLike[str] | None = None,
    *,
    cross_check: bool = False,
    engine: str | None = None,
    progress: TableProgress = list,
    limits: Limits = DEFAULT,
) -> Report:
    """Check a package: bytes, descriptor, types, constraints, keys, rules, mentions and discrepancies.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        cross_check: once this package's own checks have accepted it, ask pandera and frictionless
            too, and report where they disagree.
        engine: `duckdb` or `spark` to read files of a megabyte or more through that engine, which has to be
            installed: for files that are larger than memory or than the limits of this package's own reading.
            The active session of Spark is used, or one is started and stopped. The verdict is the
            same; `docs/engines.md` says where it differs.
        progress: is given the list of tables that go through the engine and yields each in its turn, so that
            it can show how far it is.
        limits: how much of it is read at most, such as `Limits(file_size=2 << 30)`; what is beyond is a
            finding. `docs/limits.md` explains each.

    Returns:
        A `Report`; `report.valid` is the verdict.

    Raises:
        PackageError: there is no package at that place.
        UnknownNameError: there is no such engine.
        ScrdataError: the engine is not installed, does not start or fails, or cannot be used for an
            archive or a cross-check.

    >>> validate().valid
    True
    """
    return Package(location, limits=limits).validate(cross_check=cross_check, engine=engine, progress=progress)


def check(frames: Mapping[str, object], package: str | os.PathLike[str] | Package | None = None) -> Report:
    """Check tables that are held in memory or in an engine, so that data of any size are judged by the same rules.

    Schemas, keys, rules, mentions and the register are those of the package, and tables that are not
    given are read from it, so that the verdict is complete. Each engine evaluates its own queries; only
    counts, totals and the keys and values of rows that are wrong leave it. A `Finding` names the table as
    `table reviews` in place of a file and gives the key of the row in place of its line; the order of
    columns is not judged. `docs/engines.md` says what else differs from `validate`.

    Args:
        frames: tables by their names in the package: pandas or polars DataFrames (polars also lazy), pyarrow
            Tables, DuckDB relations or Spark DataFrames, all of one library. Relations of DuckDB
            have to belong to one connection.
        package: a folder, a `datapackage.json`, a `.zip` or an opened package; the shipped package if omitted.

    Returns:
        A `Report` as of `validate`; `report.valid` is the verdict.

    Raises:
        PackageError: there is no package at that place.
        UnknownNameError: the package has no table of a name that is given; the text names the nearest.
        InvalidPackageError: the descriptor or a schema of the package has findings.
        ScrdataError: a table is of no library named above, two are of different ones, or an engine cannot
            read one.

    >>> from scrdata.questions import load
    >>> judgements = load("judgements", backend="polars")
    >>> check({"judgements": judgements}).valid
    True
    >>> check({"judgements": judgements.head(11)}).findings[0].rule
    'each_period_has_four_judgements'
    """
    return (package if isinstance(package, Package) else Package(package)).check(frames)


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
    return Package(location).suspects(register=register, time_limit=time_limit, alternatives=alternatives)


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
    return Package(location).coverage(columns=columns, every=every)


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
    return Package(location).suggest(at_least=at_least)


def diff(old: str | os.PathLike[str] | Package, new: str | os.PathLike[str] | Package) -> Diff:
    """Compare two versions of a package cell by cell, and say which version number the changes call for.

    Rows are matched by their primary key, or as wholes where they have none. The numbers are those of Semantic
    Versioning: `docs/versions.md` lists what is major, minor and a patch. The packages need not be valid, as
    long as their tables can be read.

    Args:
        old: the earlier version: a folder, a `datapackage.json`, a `.zip`, or an opened package.
        new: the later version, likewise.

    Returns:
        A `Diff` with `changes` (each with `kind`, `level`, `table`, `key`, `column`, `old`, `new` and, for a
        changed value, an `explanation`: the mentions and rules that bind it), `level`, `required` (the
        smallest version that the changes allow) and `sufficient`.

    Raises:
        PackageError: there is no package at one of the places.
        InvalidPackageError: a descriptor or a table has findings, so that it cannot be compared.

    >>> shipped = open_package()
    >>> diff(shipped, shipped).level
    'none'
    """
    earlier, later = (item if isinstance(item, Package) else Package(item) for item in (old, new))
    return earlier.diff(later)
