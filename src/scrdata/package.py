"""`Package`: one opened package, and what one may ask of it."""

from __future__ import annotations

import os

from scrdata.errors import InvalidPackageError, UnknownNameError
from scrdata.findings import Finding, shown
from scrdata.records import Record
from scrdata.storage import DESCRIPTOR, open_storage
from scrdata.validation import Contents, judge, read_contents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, overload

    import pandas
    import pandera.pandas
    import polars
    import pyarrow

    from scrdata.findings import Report
    from scrdata.reading import Table
    from scrdata.totals import Amount

    Total = Amount | None | dict[str, Amount | None] | dict[tuple[str, ...], Amount | None]


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
    """An opened package. Its bytes are read once, when first needed; nothing is ever written.

    Args:
        location: a folder, a `datapackage.json` or a `.zip`; the package that ships inside the
            distribution if omitted.

    Raises:
        PackageError: there is no package at that place.
    """

    def __init__(self, location: str | os.PathLike[str] | None = None) -> None:
        self._storage = open_storage(shipped_location() if location is None else location)
        self._contents: Contents | None = None

    def __repr__(self) -> str:
        return f"<scrdata.Package {shown(self._storage.name)}>"

    @property
    def contents(self) -> Contents:
        """The descriptor, the accepted tables and what was found while reading them."""
        if self._contents is None:
            self._contents = read_contents(self._storage)
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
            for resource in self.contents.descriptor.resources.values()
            if resource.tabular
        ]

    def table(self, name: str) -> Table:
        """Return one table as `validate` read it: typed values by column.

        Raises:
            UnknownNameError: there is no such table; the text names the nearest.
            InvalidPackageError: the table, its schema or its checksum has findings.
        """
        contents = self.contents
        resource = contents.descriptor.resources.get(name)
        if resource is None and not contents.ledger.errors:
            tabular = [item.name for item in contents.descriptor.resources.values() if item.tabular]
            raise UnknownNameError("table", name, tabular)
        own = {resource.path} if resource else set()
        if resource and resource.schema:
            own.add(resource.schema.file)
        finding = self._first_error(own)
        if name not in contents.tables or finding:
            why = f"{finding.place}: {finding.message}" if finding else "its description cannot be applied"
            raise InvalidPackageError(f"the table {name!r} cannot be used. {why}")
        return contents.tables[name]

    def _first_error(self, files: set[str]) -> Finding | None:
        """Return the first error found in the descriptor or in one of the files."""
        files = files | {self._storage.descriptor}
        errors = (f for f in self.contents.ledger.findings if f.severity == "error")
        return next((finding for finding in errors if finding.file in files or finding.file is None), None)

    if TYPE_CHECKING:

        @overload
        def load(self, name: str) -> pandas.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["pandas"]) -> pandas.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["polars"]) -> polars.DataFrame: ...
        @overload
        def load(self, name: str, *, backend: Literal["pyarrow"]) -> pyarrow.Table: ...

    def load(self, name: str, *, backend: str = "pandas") -> pandas.DataFrame | polars.DataFrame | pyarrow.Table:
        """Return one table as a DataFrame with real types; see `scrdata.load`."""
        table = self.table(name)
        if backend == "pandas":
            from scrdata.frames.loading import to_pandas

            return to_pandas(table)
        from scrdata.frames import columnar

        if backend not in ("polars", "pyarrow"):
            raise UnknownNameError("backend", backend, ["pandas", "polars", "pyarrow"])
        return columnar.to_polars(table) if backend == "polars" else columnar.to_arrow(table)

    def schema(self, name: str) -> pandera.pandas.DataFrameSchema:
        """Return the pandera schema of one table; see `scrdata.schema`."""
        from scrdata.frames.schemas import build_schema

        return build_schema(self.table(name), self.contents)

    def total(self, reference: str) -> Total:
        """Return the total that a reference stands for; see `scrdata.total`."""
        totals = self.contents.totals
        parsed = totals.reference(reference)
        for name in sorted(totals.needed(parsed)):
            self.table(name)
        if not parsed.stars:
            return totals.value(parsed)
        values = totals.values(parsed)
        if len(parsed.stars) == 1:
            return {key[0]: value for key, value in sorted(values.items())}
        return dict(sorted(values.items()))

    def validate(self, *, cross_check: bool = False) -> Report:
        """Run every check that the package declares; see `scrdata.validate`.

        The files are read anew, so that the verdict is about what stands there now.
        """
        report = judge(self._storage)
        if cross_check and report.valid:
            from scrdata.crosscheck import cross_check as second_opinion

            return second_opinion(self, report)
        return report


def find_package(location: str | None = None) -> Package:
    """Open the package that a command means.

    Args:
        location: as given on the command line; if omitted, the `datapackage.json` of the current
            folder is meant, else the package that ships inside the distribution.

    Raises:
        PackageError: there is no package at that place.
    """
    if location is None and os.path.lexists(DESCRIPTOR):
        return Package(DESCRIPTOR)
    return Package(location)
