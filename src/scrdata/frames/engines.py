"""One table of an engine, held to its Table Schema: columns and cells. Queries stay lazy.

Nothing leaves the engine but counts, and the keys and values of at most `LISTED` rows that are
wrong; of suspected values at most `JUDGED` for each column. All counts of a table come from one
query; a further one is asked for each column in which something is suspected.
"""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw

from scrdata.findings import Finding, Unsettled, quoted, shown
from scrdata.frames import kinds
from scrdata.frames.columnar import pandas_to_arrow, type_missing, unite_types
from scrdata.frames.queries import COUNT, PLACE, counted, first_row, rows_of
from scrdata.frames.spans import Spans
from scrdata.frames.suspicions import (
    canonical_text,
    cell_text,
    expected_words,
    fits,
    judge_cell,
    suspicion,
    uniform_type,
)
from scrdata.limits import DEFAULT
from scrdata.reading import Table, describe_problem, scalar
from scrdata.validation import in_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from scrdata.fields import Field, Problem
    from scrdata.findings import Ledger, Scalar
    from scrdata.table_schema import ForeignKey, TableSchema
    from scrdata.values import Value

    Cell = Value | None
    Row = tuple[Any, ...]

LISTED = DEFAULT.findings
JUDGED = 100_000
# Whole tables of rules, mentions and references are small; larger ones are not read.
COLLECTED = 100_000


class Located(NamedTuple):
    """A row that was looked up.

    Attributes:
        order: sorts it among the rows of its table.
        row, line: its number and line, from 1; `None` in a table that is no file.
        key: its primary key, as a finding holds it.
        cells: those that were asked for.
    """

    order: Row
    row: int | None
    line: int | None
    key: dict[str, Scalar]
    cells: Row


class EngineTable:
    """A table of an engine, with the schema that it is held to.

    Attributes:
        name: of the table in the package.
        file: what stands for its file in findings.
        schema: its Table Schema.
        native, kind: the table as it was given, and the library it is of.
        frame: the declared columns, each in the type in which all engines compare it.
        dtypes: the types of the columns that are there and fit, by name.
        place: the column that numbers the rows from 0; `None` where they have no order.
        zoned: columns of instants that the engine holds without their zone.
        rows: the number of rows; known once the cells were checked.
        extremes: the least and the largest cell of each column of whole numbers, likewise.
        distinct: the keys that were found to stand in one row each.
        certain: the columns of which no cell was suspected.
        borrowed: columns all of whose cells stand in such a column, held to the same, of another table; by the
            foreign key that says so.
    """

    place: str | None = None

    def __init__(self, name: str, native: Any, schema: TableSchema, file: str | None = None) -> None:  # noqa: ANN401
        self.name = name
        self.file = file or in_memory(name)
        self.schema = schema
        self.native = native
        self.kind = kinds.kind_of(native, name)
        self.names = kinds.column_names(native, self.kind)
        self.dtypes: dict[str, nw.dtypes.DType] = {}
        self.frame: nw.LazyFrame[Any] | None = None
        self.zoned: frozenset[str] = frozenset()
        self.rows = 0
        self.extremes: dict[str, tuple[int, int]] = {}
        self.distinct: set[tuple[str, ...]] = set()
        self.certain: set[str] = set()
        self.borrowed: dict[str, ForeignKey] = {}
        self._spellings: dict[str, dict[str, str]] = {}
        self._written: dict[str, str] = {}

    def check_columns(self, ledger: Ledger) -> bool:
        """Report columns that are missing, unknown, twice there or of another type; say whether the table can be read.

        The order of the columns says nothing in a table that is no file, and is not judged.
        """
        before = ledger.errors
        declared = set(self.schema.columns)
        for name in dict.fromkeys(map(str, self.names)):
            if self.names.count(name) > 1:
                self._report(ledger, "header_names_are_unique", f"two columns are called {quoted(name)}")
            if name not in declared:
                message = f"there is a column {quoted(name)}, which the schema does not have"
                self._report(ledger, "header_is_as_declared", message, found=shown(name))
        for name in self.schema.columns:
            if name not in self.names:
                message = f"there is no column {quoted(name)}"
                self._report(ledger, "header_is_as_declared", message, expected=name)
        if ledger.errors > before:
            return False
        frame, refused = self._opened()
        for field in self.schema.fields:
            dtype = frame.collect_schema()[field.name] if field.name not in refused else None
            if dtype is None or not fits(field, dtype):
                self._refuse_type(ledger, field, refused.get(field.name, str(dtype)))
            else:
                self.dtypes[field.name] = dtype
        uniform = [self._uniform(self.schema.columns[name]) for name in self.dtypes]
        if uniform:
            self.frame = frame.select(*uniform, *self._kept())
        return len(self.dtypes) == len(declared)

    def _opened(self) -> tuple[nw.LazyFrame[Any], dict[str, str]]:
        native = self.native
        refused: dict[str, str] = {}
        if self.kind == "pandas":
            native, refused = pandas_to_arrow(native)
        elif self.kind == "pyarrow":
            native = unite_types(native)
        if self.kind in ("pandas", "pyarrow"):
            native = type_missing(native, self.schema)
        opened = nw.from_native(native)
        return (opened.lazy() if isinstance(opened, nw.DataFrame) else opened), refused

    def _uniform(self, field: Field) -> nw.Expr:
        dtype = self.dtypes[field.name]
        wanted = uniform_type(field, dtype)
        return nw.col(field.name) if wanted is None or dtype == wanted else nw.col(field.name).cast(wanted)

    def _kept(self) -> list[nw.Expr]:
        """Return what is kept of a table beside its columns."""
        return []

    def _refuse_type(self, ledger: Ledger, field: Field, found: str) -> None:
        expected = expected_words(field)
        message = f"'{field.name}' is a column of type {shown(found)}, expected one of {expected}"
        self._report(ledger, "column_fits_type", message, column=field.name, found=shown(found), expected=expected)
        ledger.not_checked.append(Unsettled(f"{self.name}.{field.name}", "the type of the column does not fit"))

    def _report(self, ledger: Ledger, rule: str, message: str, **values: Scalar) -> None:
        ledger.add(Finding(rule, message, file=self.file, **values))  # type: ignore[arg-type]

    def lazy(self) -> nw.LazyFrame[Any]:
        """Return the declared columns, after `check_columns` accepted them."""
        assert self.frame is not None
        return self.frame

    def spelling(self, name: str) -> str:
        """Return the column that holds the cells of a column as they are written, by which they are judged."""
        return self._written.get(name, name)

    def check_cells(self, ledger: Ledger) -> bool:
        """Report every cell that the schema does not allow; say whether there is none.

        One query counts the rows, and the cells of each column that are suspected.
        """
        before = ledger.errors, len(ledger.not_checked)
        doubts = self._doubts()
        integers = [name for name, dtype in self.dtypes.items() if dtype.is_integer()]
        names = list(doubts)
        asked = {"rows": nw.len(), **{f"doubts{i}": counted(doubts[name]) for i, name in enumerate(names)}}
        for i, name in enumerate(integers):
            asked |= {f"least{i}": nw.col(name).min(), f"most{i}": nw.col(name).max()}
        spans = Spans(self, self._datelike())
        answers = first_row(self.lazy().select(**asked, **spans.asked()))
        self.rows = int(answers["rows"])
        self.extremes = {n: (answers[f"least{i}"] or 0, answers[f"most{i}"] or 0) for i, n in enumerate(integers)}
        suspected = [name for i, name in enumerate(names) if answers[f"doubts{i}"]]
        wrong = [(row.order, name, spans.finding(row, name, how)) for row, name, how in spans.hide(answers, ledger)]
        for name in suspected:
            field = self.schema.columns[name]
            judged = self._judged(field, spans.left(name, doubts[name]), ledger)
            wrong += [(row.order, name, self._cell_finding(row, field, problem)) for row, problem in judged]
        positions = {name: position for position, name in enumerate(self.dtypes)}
        for _, _, finding in sorted(wrong, key=lambda item: (item[0], positions[item[1]])):
            ledger.add(finding)
        self.certain = self.dtypes.keys() - {*suspected} - spans.hidden
        self._respell()
        self._shorten_dates()
        ledger.count("rows", self.rows)
        ledger.count("cells", self.rows * len(self.dtypes))
        return (ledger.errors, len(ledger.not_checked)) == before

    def _doubts(self) -> dict[str, nw.Expr]:
        """Return what is true of the cells that may be wrong, by column; without those in which none may be."""
        doubts = {}
        for name in self.dtypes:
            field = self.schema.columns[name]
            if name in self.borrowed:
                doubt = nw.col(name).is_null() if field.required else None
            else:
                doubt = self._doubt(field)
            if doubt is not None:
                doubts[name] = doubt
        return doubts

    def _datelike(self) -> list[str]:
        """Return the columns in which the engine can hold a date or a datetime that no file holds."""
        return [name for name, dtype in self.dtypes.items() if dtype in (nw.Date, nw.Datetime)]

    def is_ascending(self, names: Sequence[str]) -> bool:  # noqa: ARG002  (rows that have no order)
        """Say whether it is known without much work that each row has a larger key than the one before."""
        return False

    def _doubt(self, field: Field) -> nw.Expr | None:
        """Return what is true of the cells of a column that may be wrong."""
        missing = nw.col(field.name).is_null()
        return suspicion(field, self.dtypes[field.name], missing, clean=self.schema.clean, zoned=False)

    def _judged(self, field: Field, doubt: nw.Expr, ledger: Ledger) -> list[tuple[Located, Problem]]:
        """Judge the suspected values of a column; return the first rows that have wrong ones, and count the others."""
        groups = self.lazy().filter(doubt).group_by(field.name).agg(nw.len().alias(COUNT))
        found = rows_of(groups.sort(field.name, nulls_last=True).head(JUDGED + 1))
        if len(found) > JUDGED:
            self.leave(field, f"more than {JUDGED:,} different values would have to be looked at one by one", ledger)
        wrong: dict[Any, tuple[Problem, int]] = {}
        for value, number in found[:JUDGED]:
            cell, problem = judge_cell(field, value, clean=self.schema.clean)
            if problem:
                wrong[value] = problem, number
            elif isinstance(value, str):
                self._note_spelling(field, value, canonical_text(field, cell))
        return self._listed(field, wrong, ledger) if wrong else []

    def leave(self, field: Field, reason: str, ledger: Ledger) -> None:
        """Note that a column is not judged wholly, so that the table is not accepted."""
        ledger.not_checked.append(Unsettled(f"{self.name}.{field.name}", reason))

    def _listed(
        self, field: Field, wrong: dict[Any, tuple[Problem, int]], ledger: Ledger
    ) -> list[tuple[Located, Problem]]:
        """Return the first rows that have one of the wrong values, of each severity; the others are counted."""
        listed = []
        for severity in ("error", "warning"):
            these = {value: problem for value, (problem, _) in wrong.items() if problem.severity == severity}
            rows = self._rows_with(field.name, list(these)[:LISTED]) if these else []
            ledger.add_unlisted(sum(wrong[value][1] for value in these) - len(rows), severity)
            listed += [(row, these[row.cells[0]]) for row in rows]
        return listed

    def _rows_with(self, name: str, sought: Sequence[Any]) -> list[Located]:
        """Return the first rows that have one of some values in a column."""
        texts = [value for value in sought if value is not None]
        among = nw.col(name).is_in(texts) if texts else nw.lit(value=False)
        mask = nw.when(nw.col(name).is_null()).then(nw.lit(None in sought)).otherwise(among)
        return self.located(self.lazy().filter(mask), (name,))

    def _cell_finding(self, row: Located, field: Field, problem: Problem) -> Finding:
        words = describe_problem(field, problem, cell_text(row.cells[0]))
        message = words.pop("message")
        return self.finding(problem.rule, message, row, field.name, **words)

    def _note_spelling(self, field: Field, text: str, canonical: str) -> None:
        """Note another spelling of a text, so that equal values are equal to the engine."""
        if canonical != text:
            self._spellings.setdefault(field.name, {})[text] = canonical

    def _respell(self) -> None:
        """Replace the spellings that were noted; the cells as they are written are kept beside them."""
        for name, spellings in self._spellings.items():
            texts = {f"{PLACE}old": list(spellings), f"{PLACE}new": list(spellings.values())}
            table = nw.from_native(kinds.texts_like(texts, self.native, self.kind)).lazy()
            names = self.lazy().collect_schema().names()
            joined = self.lazy().join(table, left_on=self.spelling(name), right_on=f"{PLACE}old", how="left")
            new = nw.col(f"{PLACE}new").cast(self.lazy().collect_schema()[name])
            kept = [nw.coalesce(new, nw.col(name)).alias(name) if n == name else nw.col(n) for n in names]
            if self.spelling(name) == name:
                self._written[name] = f"{PLACE}written{len(self._written)}"
                kept.append(nw.col(name).alias(self._written[name]))
            self.frame = joined.select(*kept)

    def _shorten_dates(self) -> None:
        """Make dates of the instants that stand for them; those that are not at midnight were reported."""
        long = [n for n, dtype in self.dtypes.items() if dtype == nw.Datetime and self.schema.columns[n].type == "date"]
        if long:
            self.frame = self.lazy().with_columns(*(nw.col(name).cast(nw.Date) for name in long))

    def finding(
        self, rule: str, message: str, row: Located | None = None, column: str | None = None, **values: Scalar
    ) -> Finding:
        """Return a finding about the table, or about a row that was looked up."""
        place = {"line": row.line, "row": row.row, "key": row.key} if row else {}
        return Finding(rule, message, file=self.file, column=column, **place, **values)  # type: ignore[arg-type]

    def located(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> list[Located]:
        """Look up the first rows of a frame, by their number or else by their key, with some of their cells."""
        places = self.selected(columns)
        order = [f"{PLACE}{i}" for i in range(1 if self.place else len(places))]
        return self.as_located(rows_of(frame.select(*places).sort(*order, nulls_last=True).head(LISTED)))

    def selected(self, columns: Sequence[str]) -> list[nw.Expr]:
        """Return what `as_located` needs to know of a row."""
        names = [*([self.place] if self.place else []), *map(self.spelling, self.schema.primary_key), *columns]
        return [nw.col(name).alias(f"{PLACE}{i}") for i, name in enumerate(names)]

    def as_located(self, rows: Sequence[Row]) -> list[Located]:
        """Return rows that were selected so as what findings need."""
        start, end = bool(self.place), bool(self.place) + len(self.schema.primary_key)
        lines = self.lines_of([row[0] for row in rows]) if self.place else [None] * len(rows)
        return [
            Located(
                order=row[:1] if self.place else sortable(row[:end]),
                row=row[0] + 1 if self.place else None,
                line=line,
                key=self._key(row[start:end]),
                cells=row[end:],
            )
            for row, line in zip(rows, lines, strict=True)
        ]

    def lines_of(self, rows: Sequence[int]) -> Sequence[int | None]:
        """Return the lines on which rows begin."""
        return [None] * len(rows)

    def value(self, name: str, cell: Any) -> Cell:  # noqa: ANN401  (whatever the engine returns)
        """Return the value that a cell of a column stands for."""
        return judge_cell(self.schema.columns[name], cell, clean=False)[0]

    def _key_cell(self, name: str, cell: Cell) -> Cell:
        """Return a cell of the key as findings show it: a wrong one too, where nothing else tells which row it is."""
        return self.value(name, cell)

    def _key(self, cells: Row) -> dict[str, Scalar]:
        parts = zip(self.schema.primary_key, cells, strict=True)
        key = {name: scalar(self._key_cell(name, cell)) for name, cell in parts}
        return {name: shown(value) if isinstance(value, str) else value for name, value in key.items()}

    def collect(self, columns: Iterable[str]) -> Table | None:
        """Return some columns as a table, in the order of its rows or else of its key; `None` if they are too many."""
        if self.rows > COLLECTED:
            return None
        names = list(columns)
        wanted = [*([self.place] if self.place else []), *map(self.spelling, names)]
        places = [nw.col(name).alias(f"{PLACE}{i}") for i, name in enumerate(wanted)]
        order = [f"{PLACE}{i}" for i in range(1 if self.place else len(places))]
        rows = rows_of(self.lazy().select(*places).sort(*order, nulls_last=True))
        start = bool(self.place)
        cells: dict[str, Sequence[Cell]] = {
            name: [self.value(name, row[start + i]) for row in rows] for i, name in enumerate(names)
        }
        lines = [line or 0 for line in self.lines_of([row[0] for row in rows])] if rows else []
        return Table(self.name, self.file, self.schema, cells, lines)


def sortable(row: Row) -> Row:
    """Return what orders a row by its cells, missing ones last."""
    return tuple((cell is None, "" if cell is None else cell) for cell in row)
