"""All checks of a package over tables that somebody holds in memory or in an engine."""

from __future__ import annotations

import os

from scrdata.descriptor import read_descriptor
from scrdata.errors import InvalidPackageError, NotationError, ScrdataError, UnknownNameError
from scrdata.evidence import check_references
from scrdata.findings import Ledger, Unsettled, shown
from scrdata.frames.duckdb_files import DuckDB
from scrdata.frames.engine_keys import borrow_columns, check_foreign_key, check_keys
from scrdata.frames.engine_totals import EngineTotals
from scrdata.frames.engines import EngineTable
from scrdata.frames.files import LEAST_BYTES, read_large
from scrdata.frames.kinds import to_native
from scrdata.frames.spark_files import Spark
from scrdata.keys import check_foreign_keys
from scrdata.storage import Folder, Refusal
from scrdata.validation import Contents, check_evidence, read_evidence, read_resource, report_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from scrdata.descriptor import Descriptor, Resource
    from scrdata.findings import Report
    from scrdata.frames.files import FileEngine
    from scrdata.opening import Storage
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.table_schema import ForeignKey

    TableProgress = Callable[[list[Resource]], Iterable[Resource]]

# What makes the engines that read large files, of the size of these.
FILE_ENGINES: dict[str, Callable[[int], FileEngine]] = {"duckdb": DuckDB, "spark": lambda _: Spark()}
EVIDENCE = ("scrdata:rules", "scrdata:mentions", "scrdata:discrepancies")


def check_frames(storage: Storage, frames: Mapping[str, object]) -> Report:
    """Run every check of a package, with some of its tables taken from elsewhere.

    Raises:
        UnknownNameError: the package has no table of a name that is given.
        ScrdataError: a frame is of a library that is not known here, or two frames are of different ones.
        InvalidPackageError: the descriptor or a schema of the package has findings.
    """
    ledger = Ledger(storage.limits.findings)
    descriptor = read_descriptor(storage, ledger)
    if ledger.errors:
        first = next(finding for finding in ledger.findings if finding.severity == "error")
        raise InvalidPackageError(f"{storage.name} cannot be used. {first.place}: {first.message}")
    schemas = {name: resource.schema for name, resource in descriptor.tables.items() if resource.schema}
    given = {}
    for name, frame in frames.items():
        if name not in schemas:
            raise UnknownNameError("table", name, list(schemas))
        given[name] = EngineTable(name, frame, schemas[name])
    found = sorted({table.kind for table in given.values()})
    if len(found) > 1:
        raise ScrdataError(f"all tables are to be of one library, not of {' and '.join(found)}; convert some of them")
    return report_on(storage, examine_engine(descriptor, given, ledger))


def judge_files(
    storage: Storage, progress: TableProgress, least_bytes: int = LEAST_BYTES, *, engine: str = "duckdb"
) -> Report:
    """Run every check of a package, its large files in an engine and all others as ever.

    Args:
        storage: of the package, which has to be a folder: an archive would have to be unpacked.
        progress: is given the list of large tables and yields each in its turn.
        least_bytes: the size from which a file is large.
        engine: one of `FILE_ENGINES`.

    Raises:
        UnknownNameError: there is no such engine.
        ScrdataError: the engine is not installed, does not start or fails, or the package is an archive.
    """
    if engine not in FILE_ENGINES:
        raise UnknownNameError("engine", engine, list(FILE_ENGINES))
    if not isinstance(storage, Folder):
        raise ScrdataError("an engine reads files in a folder; unpack the archive first")
    ledger = Ledger(storage.limits.findings)
    descriptor = read_descriptor(storage, ledger)
    sizes = {name: _size(storage, resource) for name, resource in descriptor.tables.items()}
    large = [descriptor.tables[name] for name, size in sizes.items() if size is not None and size >= least_bytes]
    with FILE_ENGINES[engine](sum(sizes[resource.name] or 0 for resource in large)) as opened:
        given: dict[str, EngineTable | None] = {}
        try:
            for resource in progress(large):
                given[resource.name] = read_large(descriptor, resource, opened, ledger)
            return report_on(storage, examine_engine(descriptor, given, ledger))
        except opened.broken as problem:
            raise ScrdataError(f"{opened.title} failed: {shown(opened.reason(problem))}") from None


def _size(storage: Folder, resource: Resource) -> int | None:
    """Return the size of the file of a table; `None` where there is nothing that an engine could read."""
    if resource.schema is None or not resource.path:
        return None
    try:
        with storage.open(resource.path) as file:
            return os.fstat(file.fileno()).st_size
    except (OSError, Refusal):
        return None


def examine_engine(descriptor: Descriptor, given: Mapping[str, EngineTable | None], ledger: Ledger) -> Contents:
    """Check tables of one engine, and all others as they stand in the package; return what both say.

    A table that is `None` was refused before, and so is not accepted.
    """
    tables: dict[str, Table] = {}
    accepted: dict[str, EngineTable] = {}
    for resource in descriptor.resources.values():
        if resource.name not in given:
            table = read_resource(descriptor, resource, ledger)
            if table is not None:
                tables[resource.name] = table
            continue
        table_given = given[resource.name]
        if table_given is not None and _accept(table_given, accepted, ledger):
            accepted[resource.name] = table_given
    return _Examination(descriptor, tables, accepted, ledger).contents()


def _accept(table: EngineTable, accepted: Mapping[str, EngineTable], ledger: Ledger) -> bool:
    """Check columns, cells and keys of a table; say whether the checks that need its values can be made."""
    fits = table.check_columns(ledger)
    if table.frame is None:
        return False
    borrow_columns(table, accepted)
    if not table.check_cells(ledger) or not fits:
        return False
    check_keys(table, ledger)
    return True


class _Examination:
    """The checks that need several tables, some in an engine and some not."""

    def __init__(
        self,
        descriptor: Descriptor,
        tables: dict[str, Table],
        accepted: dict[str, EngineTable],
        ledger: Ledger,
    ) -> None:
        self.descriptor = descriptor
        self.tables = tables
        self.accepted = accepted
        self.ledger = ledger
        self.opened: dict[str, EngineTable] = {}
        self.evidence = [name for part in EVIDENCE if isinstance(name := descriptor.properties.get(part), str)]

    def open_table(self, name: str) -> EngineTable:
        """Return a table of the package as one of the engine."""
        if name not in self.opened:
            like = next(iter(self.accepted.values()))
            table = EngineTable(name, to_native(self.tables[name], like.native, like.kind), self.tables[name].schema)
            quiet = Ledger()
            table.check_columns(quiet)
            table.check_cells(quiet)
            self.opened[name] = table
        return self.opened[name]

    def contents(self) -> Contents:
        """Run the checks and return what the package says."""
        whole = {name: table for name, table in self.accepted.items() if name in self.evidence}
        collected = {name: self._collected(table, table.schema.columns) for name, table in whole.items()}
        readable = {**self.tables, **{name: table for name, table in collected.items() if table is not None}}
        contents = Contents(self.descriptor, readable, self.ledger)
        held = {name: table for name, table in self.accepted.items() if name not in self.evidence}
        totals = EngineTotals(readable, contents.totals.schemas, held, self.open_table)
        contents.totals = totals
        totals.expect(self._texts(readable))
        read_evidence(contents)
        for name in self.descriptor.tables:
            if name in self.accepted or name in self.tables:
                self._check_foreign_keys(name)
                self._check_references(name, contents)
        self._prepare(contents, totals)
        check_evidence(contents)
        contents.tables = {**readable, **held}  # type: ignore[dict-item]
        return contents

    def _collected(self, table: EngineTable, columns: Iterable[str]) -> Table | None:
        collected = table.collect(columns)
        if collected is None:
            reason = "the table has too many rows to be read as a whole"
            self.ledger.not_checked.append(Unsettled(f"table {table.name}", reason))
        return collected

    @staticmethod
    def _texts(tables: Mapping[str, Table]) -> Iterator[str]:
        """Yield every text of a table that may be an equation or a reference."""
        for table in tables.values():
            for name, column in table.columns.items():
                field = table.schema.columns[name]
                if (
                    name == "equation"
                    or field.properties.get("scrdata:reference") is True
                    or name in ("total", "share_of")
                ):
                    yield from dict.fromkeys(text for text in column if isinstance(text, str))

    @staticmethod
    def _readable(table: Table, totals: EngineTotals, but: tuple[str, ...]) -> Iterator[Reference]:
        """Yield the references that stand in a table and can be evaluated, so that they are evaluated at once."""
        for field in table.schema.fields:
            if field.properties.get("scrdata:reference") is True and field.name not in but:
                for text in dict.fromkeys(table.columns[field.name]):
                    try:
                        reference = totals.reference(str(text))
                    except NotationError:
                        continue
                    yield reference

    def _check_foreign_keys(self, name: str) -> None:
        source = self.accepted.get(name)
        plain: list[ForeignKey] = []
        schema = source.schema if source else self.tables[name].schema
        for key in schema.foreign_keys:
            target = key.table or name
            if target not in self.accepted and target not in self.tables:
                check = f"foreign key {name}.{','.join(key.fields)}"
                self.ledger.not_checked.append(Unsettled(check, f"the table '{target}' was not accepted"))
            elif source is None and target in self.tables:
                plain.append(key)
            else:
                there = self.accepted.get(target) or self.open_table(target)
                check_foreign_key(source or self.open_table(name), key, there, self.ledger)
        if plain:
            table = self.tables[name]
            check_foreign_keys(
                table.changed(schema=schema.changed(foreign_keys=tuple(plain))), self.tables, self.ledger
            )

    def _check_references(self, name: str, contents: Contents) -> None:
        """Check the columns of a table that hold references; those of an engine are collected first."""
        mentions = contents.mention_table
        read_elsewhere = ("total", "share_of") if mentions is not None and name == mentions.name else ()
        table = contents.tables.get(name)
        if table is None:
            source = self.accepted[name]
            wanted = [field for field in source.schema.fields if field.properties.get("scrdata:reference") is True]
            if not wanted:
                return
            parts = [
                str(field.properties["scrdata:wholeOf"]) for field in wanted if "scrdata:wholeOf" in field.properties
            ]
            names = (*source.schema.primary_key, *(field.name for field in wanted), *parts)
            table = self._collected(source, dict.fromkeys(names))
            if table is None:
                return
            kept = {column: source.schema.columns[column] for column in table.columns}
            table = table.changed(schema=source.schema.changed(columns=kept))
        totals = contents.totals
        assert isinstance(totals, EngineTotals)
        totals.prepare(self._readable(table, totals, read_elsewhere))
        check_references(table, totals, self.ledger, self.descriptor.unreadable, read_elsewhere)

    @staticmethod
    def _prepare(contents: Contents, totals: EngineTotals) -> None:
        """Ask the engine for the totals of all rules and mentions at once."""
        registered = contents.register.checks if contents.register else ()
        totals.one_by_one = frozenset(rule.equation for rule in contents.rules if rule.rule_id in registered)
        totals.prepare_equations(rule.equation for rule in contents.rules)
        totals.prepare(part for mention in contents.mentions for part in mention.references)
