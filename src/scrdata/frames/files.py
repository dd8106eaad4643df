"""Large files of a package as tables of an engine: every cell is read as text, and then as its type, or not at all.

Nothing is sniffed: delimiter, quotation, line ends and columns are named. A text that is not the one
spelling of a value of its type is kept beside the column, where `fields` judges it as in any file.
"""

from __future__ import annotations

import datetime
import math
import os
import re
from collections import Counter
from decimal import Decimal
from typing import Any, Protocol, Self

import narwhals as nw

from scrdata.fields import SUMMABLE
from scrdata.findings import Unsettled, shown
from scrdata.frames.engines import JUDGED, LISTED, EngineTable
from scrdata.frames.queries import COUNT, PLACE, counted
from scrdata.frames.spellings import ROW, ZONE, cell_name, is_told, text_name
from scrdata.frames.suspicions import canonical_text, codes_of, judge_cell, suspicion
from scrdata.places import Place
from scrdata.scanning import Dialect, lines_of_rows, sample_rows, scan_file
from scrdata.storage import Folder, Refusal
from scrdata.validation import check_bytes, check_rows, declared_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from scrdata.descriptor import Descriptor, Resource
    from scrdata.fields import Field, Problem
    from scrdata.findings import Ledger
    from scrdata.frames.engines import Cell, Located, Row
    from scrdata.scanning import Scan

# Smaller files are read by `reading`, which needs less time for them than an engine to plan a query.
LEAST_BYTES = 1 << 20
# So many rows are looked at to see whether times have a zone.
_SAMPLE = 1_000


class UnreadableError(Exception):
    """Why an engine cannot read a file as it stands, so that the table is not checked."""


class FileEngine(Protocol):
    """What reads large files: an engine that is held for the time of one verdict.

    Attributes:
        title: what messages call it.
        broken: the errors by which it says that it cannot read, or cannot answer.
    """

    title: str
    broken: tuple[type[Exception], ...]

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def read(self, place: str, resource: Resource, scan: Scan, zoned: frozenset[str]) -> tuple[Any, int]:
        """Read a file: a column for each field, its texts where they are something else, and `ROW`.

        `spellings` says what the columns of texts are called, and when they hold only texts that stand for no value.

        Args:
            place: of the file, absolute.
            resource: its description.
            scan: what was found in its bytes.
            zoned: the columns whose times have a zone.

        Returns:
            The table, and the number of its rows.

        Raises:
            UnreadableError: the engine reads no such files.
        """

    def is_ascending(self, keys: nw.LazyFrame[Any], rows: int) -> bool:
        """Say whether it is known without much work that each row has a larger key than the one before."""

    def stream(self, frame: nw.LazyFrame[Any]) -> Iterator[Row]:
        """Yield the rows of a frame over its tables, a part at a time."""

    def reason(self, problem: Exception) -> str:
        """Return in one line what it says of a problem."""


class FileTable(EngineTable):
    """A large file in an engine: its rows are numbered, and know their lines.

    Beside a column of values that are no texts stands one with the texts, by which cells are judged and shown;
    where a value tells its text, only those are kept that stand for no value.
    """

    place = ROW

    def __init__(
        self,
        resource: Resource,
        native: Any,  # noqa: ANN401  (whatever the engine makes)
        engine: FileEngine,
        storage: Folder,
        scan: Scan,
        declared: Place,
    ) -> None:
        assert resource.schema is not None
        super().__init__(resource.name, native, resource.schema, resource.path)
        fields = resource.schema.fields
        kept = {f.name: text_name(i) for i, f in enumerate(fields) if text_name(i) in self.names}
        self.untold = {
            name: text for name, text in kept.items() if is_told(resource.schema.columns[name], resource.schema)
        }
        told = {field.name: cell_name(i) for i, field in enumerate(fields) if field.name in self.untold}
        self.texts = {**kept, **told}
        self.names = [name for name in self.names if not str(name).startswith(PLACE)]
        self.resource = resource
        self.engine = engine
        self.storage = storage
        self.scan = scan
        self.declared = declared
        self.dropped: set[str] = set()

    def check_cells(self, ledger: Ledger) -> bool:
        """Report every cell that the schema does not allow, and where there is none, another number of rows."""
        sound = super().check_cells(ledger)
        if sound:
            check_rows(self.resource, self.scan.rows, self.declared)
        return sound

    def _kept(self) -> list[nw.Expr]:
        return [nw.col(name) for name in (self.place, *self.texts.values(), *self.untold.values())]

    def spelling(self, name: str) -> str:
        """Return the column that holds the cells of a column as they are written."""
        return self.texts.get(name) or super().spelling(name)

    def _key_cell(self, name: str, cell: Cell) -> Cell:
        """Return a cell of the key as `reading` holds it: a text that is wrong is missing."""
        field = self.schema.columns[name]
        value, problem = judge_cell(field, cell, clean=self.schema.clean)
        return None if problem and problem.severity == "error" and field.type not in SUMMABLE else value

    def lines_of(self, rows: Sequence[int]) -> Sequence[int | None]:
        """Return the lines of the file on which rows begin, which are counted from 0."""
        if self.scan.lines_are_rows:
            return [row + self.scan.first_line for row in rows]
        with self.storage.open(self.resource.path) as file:
            known = lines_of_rows(file, dialect_of(self.resource, self.storage), set(rows))
        return [known[row] for row in rows]

    def is_ascending(self, names: Sequence[str]) -> bool:
        """Say whether it is known without much work that each row has a larger key than the one before."""
        one = len(names) == 1 and self.rows > 0
        return one and self.engine.is_ascending(self.lazy().select(names[0]), self.rows)

    def _datelike(self) -> list[str]:
        return []

    def _doubt(self, field: Field) -> nw.Expr | None:
        value = nw.col(field.name)
        if field.name in self.untold:
            ill = ~nw.col(self.untold[field.name]).is_null()
            missing = value.is_null() & ~ill
        else:
            missing = nw.col(self.spelling(field.name)).is_null()
            ill = value.is_null() & ~missing
        if codes_of(field, clean=self.schema.clean) is not None:
            return value.is_null() if field.required else ill
        zoned = field.name in self.zoned
        doubt = suspicion(field, self.dtypes[field.name], missing, clean=self.schema.clean, zoned=zoned)
        if field.name not in self.texts:
            return doubt
        return ill if doubt is None else doubt | ill

    def _judged(self, field: Field, doubt: nw.Expr, ledger: Ledger) -> list[tuple[Located, Problem]]:
        """Judge all suspected values; those that are right and that the engine could not read are kept."""
        text = self.spelling(field.name)
        unread = counted(nw.col(field.name).is_null()).alias(f"{PLACE}unread")
        groups = self.lazy().filter(doubt).group_by(text).agg(nw.len().alias(COUNT), unread)
        wrong = Counter[str]()
        for cell, number, is_unread in self.engine.stream(groups.select(text, COUNT, f"{PLACE}unread")):
            value, problem = judge_cell(field, cell, clean=self.schema.clean)
            if problem:
                wrong[problem.severity] += number
            elif is_unread and field.name in self.texts:
                self._note_unread(field, cell, value, ledger)
            elif cell is not None and field.type in ("time", "geopoint"):
                self._note_spelling(field, cell, canonical_text(field, value))
        rows = self._first_wrong(field, doubt, wrong) if wrong else []
        for severity, total in wrong.items():
            ledger.add_unlisted(total - sum(problem.severity == severity for _, problem in rows), severity)
        return rows

    def _first_wrong(self, field: Field, doubt: nw.Expr, wrong: Counter[str]) -> list[tuple[Located, Problem]]:
        """Return the first rows that have a wrong cell in a column, of each severity, which occur so many times."""
        found: list[tuple[Row, Problem]] = []
        wanted = {severity: min(number, LISTED) for severity, number in wrong.items()}
        suspected = self.lazy().filter(doubt).select(*self.selected([self.spelling(field.name)]))
        for row in self.engine.stream(suspected.sort(f"{PLACE}0")):
            problem = judge_cell(field, row[-1], clean=self.schema.clean)[1]
            if problem and wanted[problem.severity]:
                wanted[problem.severity] -= 1
                found.append((row, problem))
            if not any(wanted.values()):
                break
        rows = self.as_located([row for row, _ in found])
        return list(zip(rows, (problem for _, problem in found), strict=True))

    def _note_unread(self, field: Field, text: str, value: Cell, ledger: Ledger) -> None:
        """Note what a text stands for that is right and that the engine could not read."""
        held = held_text(field, value)
        room = len(self._spellings.get(field.name, ())) < JUDGED
        if held is not None and room:
            self._spellings.setdefault(field.name, {})[text] = held
        elif field.name not in self.dropped:
            self.dropped.add(field.name)
            reason = f"'{shown(text)}' has more digits than the engine holds exactly, or is spelt in a rare way"
            self.leave(field, reason, ledger)


def held_text(field: Field, value: Cell) -> str | None:
    """Return a text that the engine reads as just this value; `None` where it has no such value."""
    if isinstance(value, datetime.datetime):
        return None  # with a zone in a column without, or the other way round
    if isinstance(value, datetime.date):
        return value.isoformat()
    if field.type == "number" and isinstance(value, Decimal):
        if not value.is_finite():
            return "nan" if value.is_nan() else "inf" if value > 0 else "-inf"
        near = float(value)
        return repr(near) if math.isfinite(near) and Decimal(repr(near)) == value else None
    return None


def read_large(descriptor: Descriptor, resource: Resource, engine: FileEngine, ledger: Ledger) -> FileTable | None:
    """Read a large table of a package into an engine, after every byte of it was looked at.

    Returns:
        The table, or `None` with findings where its bytes are not what they should be.
    """
    storage = descriptor.storage
    schema = resource.schema
    assert isinstance(storage, Folder) and schema is not None  # noqa: PT018
    place = Place(descriptor.documents, ledger, storage.descriptor, ("resources", resource.position))
    try:
        with storage.open(resource.path) as file:
            before = _state(file.fileno())
            dialect = dialect_of(resource, storage)
            scan = scan_file(file, resource.path, dialect, declared_hash(resource)[0])
            check_bytes(resource, scan.size, lambda _: scan.digest, place)
            if scan.problem is not None:
                ledger.add(scan.problem)
                return None
            name = os.path.join(storage.root, *resource.path.split("/"))
            zoned = zoned_columns(file, dialect)
            native, reason = _read(engine, name, resource, scan, zoned)
            if not before == _state(file.fileno()) == _state(name):
                reason = "the file was changed while it was read"
            elif reason:
                file.seek(0)
                again = scan_file(file, resource.path, dialect, "", thorough=True)
                if again.problem is not None:
                    ledger.add(again.problem)
                    return None
    except Refusal as refusal:
        place.report(refusal.rule, refusal.message, ("path",))
        return None
    if native is None or reason:
        ledger.not_checked.append(Unsettled(f"table {resource.name}", reason))
        return None
    table = FileTable(resource, native, engine, storage, scan, place)
    table.zoned = zoned
    return table


def _read(engine: FileEngine, place: str, resource: Resource, scan: Scan, zoned: frozenset[str]) -> tuple[Any, str]:
    """Return what an engine made of a file, and what is wrong with it: nothing, or why the file cannot be judged."""
    try:
        native, rows = engine.read(place, resource, scan, zoned)
    except UnreadableError as problem:
        return None, str(problem)
    except engine.broken as problem:
        return None, f"{engine.title} does not read it: {shown(engine.reason(problem))}"
    return native, "" if rows == scan.rows else f"{engine.title} read {rows} rows of {scan.rows}"


def dialect_of(resource: Resource, storage: Folder) -> Dialect:
    """Return what the bytes of a table of a package have to be."""
    assert resource.schema is not None
    return Dialect(delimiter=resource.delimiter, schema=resource.schema, limits=storage.limits)


def zoned_columns(file: BinaryIO, dialect: Dialect) -> frozenset[str]:
    """Return the columns of datetimes whose first time has a zone, in a file whose bytes are sound."""
    fields = dialect.schema.fields
    wanted = [position for position, field in enumerate(fields) if field.type == "datetime"]
    if not wanted:
        return frozenset()
    rows = sample_rows(file, dialect, _SAMPLE)
    first = {i: next((row[i] for row in rows if row[i] not in fields[i].missing_values), "") for i in wanted}
    return frozenset(fields[i].name for i, text in first.items() if re.search(f"{ZONE}$", text))


def _state(file: int | str) -> tuple[int, ...]:
    status = os.stat(file)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
