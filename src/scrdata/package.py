"""`Package`: one opened package, and what one may ask of it."""

from __future__ import annotations

import os

from scrdata.contents import open_contents, with_evidence
from scrdata.errors import ScrdataError, UnknownNameError
from scrdata.findings import shown
from scrdata.limits import DEFAULT, Limits
from scrdata.opening import open_storage
from scrdata.records import Record
from scrdata.storage import DESCRIPTOR
from scrdata.validation import examine, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal, TypeAlias, overload

    import duckdb
    import pandas
    import pandera.pandas
    import pandera.polars
    import pandera.pyspark
    import polars
    import pyarrow

    from scrdata.citation import Citation
    from scrdata.comparison.changes import Diff
    from scrdata.deduction import Bounds
    from scrdata.findings import Report
    from scrdata.frames.checking import TableProgress
    from scrdata.guarding import Coverage
    from scrdata.localisation.suspects import Suspects
    from scrdata.outline import Outline
    from scrdata.reading import Table
    from scrdata.release.building import Progress, Release
    from scrdata.suggestion.proposals import Suggestions
    from scrdata.totals import Amount
    from scrdata.tracing import Trace, ValueTrace
    from scrdata.validation import Contents

    Frame: TypeAlias = pandas.DataFrame | polars.DataFrame | pyarrow.Table | duckdb.DuckDBPyRelation
    Total = Amount | None | dict[str, Amount | None] | dict[tuple[str, ...], Amount | None]

# The bits of surprise from which a rule is suggested: of numbers without any connection, each form of
# rule shows an agreement as good as this in at most one package of four.
AT_LEAST = 2.0


class TableInfo(Record):
    """What a table is: its name, its title, what one row is, and how many rows it has."""

    name: str
    title: str
    description: str
    rows: int


def shipped_location() -> str:
    """Return the folder of the package that comes with this distribution."""
    here = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(here, "package")
    if os.path.exists(os.path.join(installed, DESCRIPTOR)):
        return installed
    return os.path.dirname(os.path.dirname(here))


class Package:
    """An opened package. Each file is read once, when first needed; nothing is ever written.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the package that ships inside the
            distribution if omitted.
        limits: how much of it is read at most.

    Raises:
        PackageError: there is no package at that place.
    """

    def __init__(self, location: str | os.PathLike[str] | None = None, *, limits: Limits = DEFAULT) -> None:
        self._storage = open_storage(shipped_location() if location is None else location, limits)
        self._contents: Contents | None = None

    def __repr__(self) -> str:
        return f"<scrdata.Package {shown(self._storage.name)}>"

    @property
    def contents(self) -> Contents:
        """The descriptor, and the tables and rules of the package, each read when first asked for.

        Raises:
            InvalidPackageError: the descriptor or a schema has findings.
        """
        if self._contents is None:
            self._contents = open_contents(self._storage)
        return self._contents

    @property
    def location(self) -> str:
        """Where the package was read from."""
        return self._storage.name

    @property
    def version(self) -> str | None:
        """The version that the package states."""
        return self.contents.descriptor.version

    def tables(self) -> list[TableInfo]:
        """Return name, title, description and number of rows of every table, in their order.

        Raises:
            InvalidPackageError: a table cannot be read.
        """
        return [
            TableInfo(resource.name, resource.title, resource.description, len(self.table(resource.name)))
            for resource in self.contents.descriptor.tables.values()
        ]

    def table(self, name: str) -> Table:
        """Return one table as `validate` read it: typed values by column.

        Raises:
            UnknownNameError: there is no such table; the text names the nearest.
            InvalidPackageError: the table, its schema or its checksum has findings.
        """
        tables = self.contents.tables
        if name not in tables:
            raise UnknownNameError("table", name, list(tables))
        return tables[name]

    if TYPE_CHECKING:

        @overload
        def load(self, name: str) -> pandas.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["pandas"]) -> pandas.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["polars"]) -> polars.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["pyarrow"]) -> pyarrow.Table: ...
        @overload
        def load(self, name: str, *, backend: Literal["duckdb"]) -> duckdb.DuckDBPyRelation: ...

    def load(self, name: str, *, backend: str = "pandas") -> Frame:
        """Return one table as a DataFrame with real types; see `scrdata.load`."""
        table = self.table(name)
        if backend == "pandas":
            from scrdata.frames.loading import to_pandas

            return to_pandas(table)
        if backend == "duckdb":
            from scrdata.frames.kinds import to_duckdb

            return to_duckdb(table)
        from scrdata.frames import columnar

        if backend not in ("polars", "pyarrow"):
            raise UnknownNameError("backend", backend, ["pandas", "polars", "pyarrow", "duckdb"])
        return columnar.to_polars(table) if backend == "polars" else columnar.to_arrow(table)

    if TYPE_CHECKING:

        @overload
        def schema(self, name: str, *, backend: Literal["pandas"] = ...) -> pandera.pandas.DataFrameSchema: ...
        @overload
        def schema(self, name: str, *, backend: Literal["polars"]) -> pandera.polars.DataFrameSchema: ...
        @overload
        def schema(self, name: str, *, backend: Literal["pyspark"]) -> pandera.pyspark.DataFrameSchema: ...

    def schema(
        self, name: str, *, backend: str = "pandas"
    ) -> pandera.pandas.DataFrameSchema | pandera.polars.DataFrameSchema | pandera.pyspark.DataFrameSchema:
        """Return the pandera schema of one table; see `scrdata.schema`."""
        table = self.table(name)
        if backend == "pandas":
            from scrdata.frames.schemas import build_schema

            return build_schema(table, with_evidence(self.contents))
        if backend == "polars":
            try:
                from scrdata.frames.polars_schemas import build_polars_schema
            except ModuleNotFoundError:
                message = "polars is not installed; `pip install scrdata[polars]` installs it"
                raise ScrdataError(message) from None
            return build_polars_schema(table, with_evidence(self.contents))
        if backend == "pyspark":
            try:
                from scrdata.frames.pyspark_schemas import build_pyspark_schema
            except ImportError as problem:
                what = f"pandera's schemas for Spark do not load here: {shown(str(problem))}"
                needed = "they need `pip install 'scrdata[spark]' 'pandas<3.1'`"
                raise ScrdataError(f"{what}; {needed}; `scrdata.check` judges Spark DataFrames without them") from None
            return build_pyspark_schema(table, with_evidence(self.contents))
        raise UnknownNameError("backend", backend, ["pandas", "polars", "pyspark"])

    def total(self, reference: str) -> Total:
        """Return the total that a reference stands for; see `scrdata.total`."""
        totals = self.contents.totals
        parsed = totals.reference(reference)
        if not parsed.stars:
            return totals.value(parsed)
        values = totals.values(parsed)
        if len(parsed.stars) == 1:
            return {key[0]: value for key, value in sorted(values.items())}
        return dict(sorted(values.items()))

    if TYPE_CHECKING:

        @overload
        def trace(self, reference: str) -> Trace: ...
        @overload
        def trace(self, reference: int) -> ValueTrace: ...

    def trace(self, reference: str | int) -> Trace | ValueTrace:
        """Return what is known about a total, or all totals that have a value; see `scrdata.trace`."""
        from scrdata.tracing import trace_total, trace_value

        contents = with_evidence(self.contents)
        if isinstance(reference, int):
            return trace_value(reference, contents)
        return trace_total(reference, contents)

    def cite(self, reference: str | None = None) -> Citation:
        """Return how to cite the package, or one figure of it; see `scrdata.cite`."""
        from scrdata.citation import make_citation

        return make_citation(self.contents if reference is None else with_evidence(self.contents), reference)

    def suspects(self, *, register: bool = True, time_limit: float = 30, alternatives: int = 20) -> Suspects:
        """Return which numbers, codes, rows or statements are to be doubted; see `scrdata.suspects`.

        The files are read anew, as by `validate`.
        """
        from scrdata.localisation.diagnosis import localise

        return localise(
            examine(self._storage, doubtful=True),
            self.location,
            use_register=register,
            time_limit=time_limit,
            most_alternatives=alternatives,
        )

    def bounds(self, reference: str, *, time_limit: float = 10.0) -> Bounds:
        """Return between which values a total lies, and why; see `scrdata.bounds`."""
        from scrdata.deduction import bound_total

        return bound_total(reference, with_evidence(self.contents), time_limit)

    def implied(self, *, time_limit: float = 10.0) -> tuple[Bounds, ...]:
        """Return the further figures that follow from the package; see `scrdata.implied`."""
        from scrdata.implications import find_implied

        return find_implied(with_evidence(self.contents), time_limit)

    def suggest(self, *, at_least: float = AT_LEAST) -> Suggestions:
        """Return rules that the data seem to obey and that the package does not state; see `scrdata.suggest`."""
        from scrdata.suggestion.proposals import find_rules

        if not at_least >= 0:
            raise ScrdataError(f"a number of bits from 0 was expected, not {at_least}")
        self.validate().raise_if_invalid()
        return find_rules(with_evidence(self.contents), self.location, at_least)

    def coverage(self, *, columns: Sequence[str] = (), every: bool = False) -> Coverage:
        """Return how well rules and mentions guard the numbers; see `scrdata.coverage`."""
        from scrdata.guarding import measure_coverage

        return measure_coverage(with_evidence(self.contents), self.location, columns, every=every)

    def export(self, table: str | None, path: str | os.PathLike[str], *, file_format: str | None = None) -> list[str]:
        """Write one table, or all for `None`, in another format; return the paths; see `scrdata.export`."""
        from scrdata.formats.exporting import format_of, write_files

        place = os.fspath(path)
        return write_files(self.export_bytes(table, format_of(place, file_format)), place)

    def export_bytes(self, table: str | None, file_format: str) -> dict[str, bytes]:
        """Return what `export` would write: the bytes of each file by its name."""
        from scrdata.formats.exporting import make_files

        return make_files(self.contents, table, file_format)

    def build_release(
        self,
        folder: str | os.PathLike[str],
        *,
        base_url: str | None = None,
        previous: str | os.PathLike[str] | None = None,
        progress: Progress = list,
    ) -> Release:
        """Build a folder with the package in all formats and standards; see `scrdata.build_release`."""
        from scrdata.release.building import build_folder

        before = Package(previous).contents if previous is not None else None
        return build_folder(self._storage, os.fspath(folder), base_url, before, progress)

    def diff(self, new: Package) -> Diff:
        """Return what a later version of this package changed; see `scrdata.diff`."""
        from scrdata.comparison.difference import compare_contents

        return compare_contents(self.contents, new.contents)

    def check(self, frames: Mapping[str, object]) -> Report:
        """Run every check of the package on tables held in memory or in an engine; see `scrdata.check`."""
        from scrdata.frames.checking import check_frames

        return check_frames(self._storage, frames)

    def validate(
        self, *, cross_check: bool = False, engine: str | None = None, progress: TableProgress = list
    ) -> Report:
        """Run every check that the package declares; see `scrdata.validate`.

        The files are read anew, so that the verdict is about what stands there now; those of an archive
        are judged as they were when it was opened. `progress` is given the list of tables that go through an
        engine and yields each in its turn, so that it can show how far it is.
        """
        if engine is not None:
            if cross_check:
                raise ScrdataError("a cross-check reads every table into memory; leave out either it or the engine")
            from scrdata.frames.checking import judge_files

            return judge_files(self._storage, progress, engine=engine)
        report = judge(self._storage)
        if cross_check and report.valid:
            from scrdata.crosscheck import cross_check as second_opinion

            return second_opinion(self, report)
        return report

    def outline(self) -> Outline:
        """Return the tables, rules and mentions that the package declares, whether or not it is valid.

        >>> outline = Package().outline()
        >>> outline.checks["homicides_sum_to_15"].statement
        'Homicides add up to 15.'
        """
        from scrdata.outline import read_outline

        return read_outline(self._storage)


def find_package(location: str | None = None, *, limits: Limits = DEFAULT) -> Package:
    """Open the package that a command means.

    Args:
        location: as given on the command line; if omitted, the `datapackage.json` of the current
            folder is meant, else the package that ships inside the distribution.
        limits: how much of it is read at most.

    Raises:
        PackageError: there is no package at that place.
    """
    if location is None and os.path.lexists(DESCRIPTOR):
        return Package(DESCRIPTOR, limits=limits)
    return Package(location, limits=limits)
