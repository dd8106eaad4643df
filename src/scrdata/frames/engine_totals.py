"""Totals over tables of an engine: every reference of a package in few queries, then read by the same rules as files.

`prepare` asks one query for all totals of a table, and one for all starred totals that are grouped by
the same columns of it. What the engine cannot add up exactly is refused, by name, and so not checked.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import and_

import narwhals as nw

from scrdata.errors import NotationError, ScrdataError
from scrdata.findings import Finding
from scrdata.frames.engines import COUNT, PLACE, counted, first_row, rows_of
from scrdata.frames.suspicions import TEXTUAL, comparable, judge_cell
from scrdata.references import parse_equation, parse_reference
from scrdata.totals import NotSummableError, Totals, label
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.frames.engines import EngineTable
    from scrdata.reading import Table
    from scrdata.references import Condition, Reference
    from scrdata.table_schema import TableSchema
    from scrdata.totals import Amount, Instance
    from scrdata.values import Value

    Cell = Value | None

ASKED_AT_ONCE = 100
# So many groups are compared here; of more only those that differ leave the engine.
MOST_GROUPS = 10_000
# Decimal places up to which a column of floating-point numbers is added up exactly, and the largest
# whole number of which every shorter one is the shortest spelling of its double.
MOST_PLACES = 9
LARGEST_EXACT = 10**15
_COMPARED = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


class NotInEngineError(ScrdataError):
    """What cannot be evaluated exactly in an engine, and is therefore not checked there."""


def _references_in(text: str) -> Sequence[Reference]:
    """Return the references of an equation, or the one that a text is; none where it cannot be read."""
    try:
        return parse_equation(text).references
    except NotationError:
        pass
    try:
        return [parse_reference(text)]
    except NotationError:
        return ()


class Measure:
    """How a total is asked for: named expressions, and what makes a number of the answers."""

    def __init__(self, asked: Mapping[str, nw.Expr], read: Callable[[Mapping[str, Any]], Amount | None]) -> None:
        self.asked = asked
        self.read = read


class EngineTotals(Totals):
    """The totals of a package of which some tables are in an engine.

    Args:
        tables: the tables that were read from the package, by name.
        schemas: the schemas of all tables.
        engine_tables: those that were accepted, by name.
        opened: makes a table of the package one of the engine, for joins.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        schemas: Mapping[str, TableSchema],
        engine_tables: Mapping[str, EngineTable],
        opened: Callable[[str], EngineTable],
    ) -> None:
        super().__init__(tables, schemas)
        self.engine_tables = engine_tables
        self.opened = opened
        self.sizes: dict[Reference, Any] = {}
        self._keys: dict[tuple[str, str], bool] = {}
        self._known: dict[tuple[str, str, Cell], bool] = {}
        self._scales: dict[tuple[str, str], int | None] = {}

    def in_engine(self, reference: Reference) -> bool:
        """Say whether a table of the engine enters a reference."""
        return not self.needed(reference).isdisjoint(self.engine_tables)

    def is_key(self, table: str, column: str) -> bool:
        """Say whether no two rows of a table have the same value in a column."""
        if table not in self.engine_tables:
            return super().is_key(table, column)
        if (table, column) not in self._keys:
            groups = self.engine_tables[table].lazy().group_by(column).agg(nw.len().alias(COUNT))
            self._keys[table, column] = not rows_of(groups.filter(nw.col(COUNT) > 1).head(1))
        return self._keys[table, column]

    def has_row(self, table: str, column: str, value: Cell) -> bool:
        """Say whether a row has a value in a column."""
        if table not in self.engine_tables:
            return super().has_row(table, column, value)
        if (table, column, value) not in self._known:
            self.look_up([(table, column, value)])
        return self._known[table, column, value]

    def expect(self, texts: Iterable[str]) -> None:
        """Look up at once what reading some equations or references will ask for: the values of foreign keys."""
        wanted: set[tuple[str, str, Cell]] = set()
        for text in texts:
            for reference in _references_in(text):
                for condition in reference.conditions:
                    if condition.operator == "=" and not condition.starred:
                        wanted.update(self._referred_cells(reference.table, condition))
        self.look_up(wanted - self._known.keys())

    def _referred_cells(self, table: str, condition: Condition) -> Iterator[tuple[str, str, Cell]]:
        """Yield the cells of tables in the engine that the values of a condition have to be among."""
        try:
            field = self.end_field(table, condition.path)
            for column, after in pairwise(condition.path):
                table, _ = self.target(table, column, after)
        except KeyError:
            return
        for key in self.schemas[table].foreign_keys:
            name = key.table or table
            if key.fields == (condition.path[-1],) and name in self.engine_tables:
                for value in condition.values:
                    cell, problem = field.parse(value)
                    if cell is not None and problem is None:
                        yield name, key.columns[0], cell

    def look_up(self, wanted: Iterable[tuple[str, str, Cell]]) -> None:
        """Find out which values stand in columns of the engine, by one query for each column."""
        columns: dict[tuple[str, str], list[Cell]] = {}
        for table, column, value in wanted:
            columns.setdefault((table, column), []).append(value)
        for (table, column), values in columns.items():
            mask = self._one_of(self.engine_tables[table], self.schemas[table].columns[column], column, values)
            found = rows_of(self.engine_tables[table].lazy().filter(mask).select(column).unique())
            field = self.schemas[table].columns[column]
            there = {judge_cell(field, row[0], clean=False)[0] for row in found}
            self._known |= {(table, column, value): value in there for value in values}

    def value(self, reference: Reference) -> Amount | None:
        """Return the total of a reference without stars; `None` when a cell it needs is missing."""
        return self._answer(reference) if self.in_engine(reference) else super().value(reference)

    def values(self, reference: Reference) -> dict[Instance, Amount | None]:
        """Return the totals of a starred reference, by the values of its starred columns."""
        if not self.in_engine(reference):
            return super().values(reference)
        return self._answer(reference)  # type: ignore[no-any-return]

    def _answer(self, reference: Reference) -> Any:  # noqa: ANN401  (a total, or several by their instances)
        if reference not in self._values:
            self.prepare([reference])
        found: object = self._values[reference]
        if isinstance(found, ScrdataError):
            raise found
        return found

    def size(self, reference: Reference, instance: Instance = ()) -> int:
        """Return the number of rows that enter a reference, for one instance of its stars."""
        if not self.in_engine(reference):
            return super().size(reference, instance)
        self._answer(reference)
        sizes = self.sizes[reference]
        return int(sizes.get(instance, 0) if reference.stars else sizes)

    def finding(
        self, rule: str, message: str, reference: Reference, instance: Instance = (), **values: object
    ) -> Finding:
        """Return a finding about a reference that some rows enter: at the key of the row if it is one."""
        if not self.in_engine(reference):
            return super().finding(rule, message, reference, instance, **values)
        table = self._opened(reference.table)
        key = {}
        if self.size(reference, instance) == 1:
            frame, mask = self._selected(reference)
            for path, value in zip(reference.stars, instance, strict=True):
                field = self.end_field(reference.table, path)
                one = self._one_of(table, field, ".".join(path), [field.parse(value)[0]])
                mask = one if mask is None else mask & one
            key = table.key(table.located(frame if mask is None else frame.filter(mask), ())[0])
        return Finding(rule, message, file=table.file, key=key, column=reference.column, **values)  # type: ignore[arg-type]

    def holds(self, table: str) -> bool:
        """Say whether a table was accepted, in the engine or in the package."""
        return table in self.engine_tables or super().holds(table)

    def refusal(self, references: Iterable[Reference]) -> str | None:
        """Return why some of the totals cannot be had, if so: for want of a table, or since the engine is not exact."""
        asked = list(references)
        reason = super().refusal(asked)
        if reason is not None:
            return reason
        self.prepare(asked)
        refused = (self._values.get(reference) for reference in asked)
        return next((str(value) for value in refused if isinstance(value, NotInEngineError)), None)

    def prepare(self, references: Iterable[Reference]) -> None:
        """Ask the engine for totals, as few times as possible."""
        groups: dict[tuple[str, tuple[tuple[str, ...], ...]], list[Reference]] = {}
        for reference in dict.fromkeys(references):
            if self.in_engine(reference) and reference not in self._values:
                groups.setdefault((reference.table, reference.stars), []).append(reference)
        for (_, stars), members in groups.items():
            ask = self._ask_grouped if stars else self._ask
            for start in range(0, len(members), ASKED_AT_ONCE):
                ask(members[start : start + ASKED_AT_ONCE])

    def _measured(self, references: Sequence[Reference]) -> list[tuple[Reference, Measure]]:
        """Return how each total is asked for; those that cannot be are remembered with the reason."""
        measured = []
        for position, reference in enumerate(references):
            try:
                measured.append((reference, self._measure(reference, f"{PLACE}{position}_")))
            except NotInEngineError as problem:
                self._values[reference] = problem  # type: ignore[assignment]
        return measured

    def _ask(self, references: Sequence[Reference]) -> None:
        """Ask for totals of one table by one query."""
        measured = self._measured(references)
        if not measured:
            return
        frame = self._joined(references[0].table, self._paths(references))
        asked = {name: expr.sum() for _, measure in measured for name, expr in measure.asked.items()}
        answers = first_row(frame.select(**asked))
        for reference, measure in measured:
            self._remember(reference, measure, answers)

    def _remember(self, reference: Reference, measure: Measure, answers: Mapping[str, Any]) -> None:
        self.sizes[reference] = int(answers[next(iter(measure.asked))])
        try:
            self._values[reference] = measure.read(answers)
        except NotSummableError as problem:
            self._values[reference] = problem  # type: ignore[assignment]

    def grouped(self, references: Sequence[Reference]) -> tuple[nw.LazyFrame[Any], list[tuple[Reference, Measure]]]:
        """Return a frame with the sums of starred references of one table and the same stars, one row for each group."""
        measured = self._measured(references)
        stars = references[0].stars
        asked = {name: expr for _, measure in measured for name, expr in measure.asked.items()}
        asked |= {f"{PLACE}star{i}": nw.col(".".join(path)) for i, path in enumerate(stars)}
        frame = self._joined(references[0].table, self._paths(references)).select(**asked)
        names = [f"{PLACE}star{i}" for i in range(len(stars))]
        for name in names:
            frame = frame.filter(~nw.col(name).is_null())
        sums = [nw.col(name).sum() for name in asked if name not in names]
        return (frame.group_by(*names).agg(*sums) if sums else frame.select(*names).unique()), measured

    def _ask_grouped(self, references: Sequence[Reference]) -> None:
        """Ask for the totals of starred references with the same stars by one query."""
        frame, measured = self.grouped(references)
        if not measured:
            return
        names = frame.collect_schema().names()
        rows = rows_of(frame.head(MOST_GROUPS + 1))
        if len(rows) > MOST_GROUPS:
            rows = rows_of(frame)
        fields = [self.end_field(references[0].table, path) for path in references[0].stars]
        keys = [self._instance(fields, dict(zip(names, row, strict=True))) for row in rows]
        for reference, measure in measured:
            values, sizes = {}, {}
            for key, row in zip(keys, rows, strict=True):
                answers = dict(zip(names, row, strict=True))
                size = int(answers[next(iter(measure.asked))])
                if size:
                    sizes[key] = size
                    values[key] = measure.read(answers)
            self._values[reference], self.sizes[reference] = values, sizes

    @staticmethod
    def _instance(fields: Sequence[Field], answers: Mapping[str, Any]) -> Instance:
        cells = (judge_cell(field, answers[f"{PLACE}star{i}"], clean=False)[0] for i, field in enumerate(fields))
        return tuple(map(label, cells))

    def _paths(self, references: Iterable[Reference]) -> set[tuple[str, ...]]:
        return {condition.path for reference in references for condition in reference.conditions}

    def _selected(self, reference: Reference) -> tuple[nw.LazyFrame[Any], nw.Expr | None]:
        """Return the table of a reference with what its conditions need, and what is true of the rows that enter."""
        parts = [self._mask(reference.table, part) for part in reference.conditions if not part.starred]
        mask = reduce(and_, parts) if parts else None
        return self._joined(reference.table, self._paths([reference])), mask

    def _joined(self, table: str, paths: Iterable[tuple[str, ...]]) -> nw.LazyFrame[Any]:
        """Return a table with a column for the end of each path, named by its dots; rows stay as many as they are."""
        frame = self._opened(table).lazy()
        for path in sorted(path for path in paths if len(path) > 1):
            name, key = self.target(table, path[0], path[1])
            there = self._joined(name, [path[1:]])
            there = there.filter(~nw.col(key).is_null())
            further = there.select(**{f"{PLACE}key": nw.col(key), ".".join(path): nw.col(".".join(path[1:]))})
            names = [*frame.collect_schema().names(), ".".join(path)]
            frame = frame.join(further, left_on=path[0], right_on=f"{PLACE}key", how="left").select(*names)
        return frame

    def _opened(self, table: str) -> EngineTable:
        return self.engine_tables[table] if table in self.engine_tables else self.opened(table)

    def _dtype(self, table: str, path: tuple[str, ...]) -> nw.dtypes.DType:
        for column, after in pairwise(path):
            table, _ = self.target(table, column, after)
        return self._opened(table).lazy().collect_schema()[path[-1]]

    def _mask(self, table: str, condition: Condition) -> nw.Expr:
        """Return what is true of the rows that fulfil a condition."""
        field, name = self.end_field(table, condition.path), ".".join(condition.path)
        dtype = self._dtype(table, condition.path)
        if condition.operator == "=":
            values = [None if value == "" else field.parse(value)[0] for value in condition.values]
            return self._one_of_type(dtype, field, name, values)
        if field.categories and field.ordered:
            test = self.test(table, condition)
            values = [category.value for category in field.categories if test(category.value)]
            return self._one_of_type(dtype, field, name, values)
        limit = self._comparable(field, field.parse(condition.values[0])[0], dtype)
        mask: nw.Expr = getattr(nw.col(name), _COMPARED[condition.operator])(limit)
        return mask & ~nw.col(name).is_nan() if dtype.is_float() else mask

    def _one_of(self, table: EngineTable, field: Field, name: str, values: Sequence[Cell]) -> nw.Expr:
        frame = table.lazy().collect_schema()
        return self._one_of_type(frame.get(name) or self._dtype(table.name, tuple(name.split("."))), field, name, values)

    def _one_of_type(self, dtype: nw.dtypes.DType, field: Field, name: str, values: Sequence[Cell]) -> nw.Expr:
        texts = [self._comparable(field, value, dtype) for value in values if value is not None]
        column = nw.col(name)
        mask = column.is_in(texts) if texts else nw.lit(value=False)
        mask = nw.when(column.is_null()).then(nw.lit(None in values)).otherwise(mask)
        return mask

    def _comparable(self, field: Field, value: Cell, dtype: nw.dtypes.DType) -> object:
        """Return a value as the engine compares it with a column of its field."""
        if field.type in TEXTUAL and dtype == nw.String and field.type not in ("time", "geopoint"):
            return to_text(value)
        limit = comparable(value, dtype) if field.type not in TEXTUAL and not dtype.is_decimal() else None
        if limit is None:
            raise NotInEngineError(f"'{field.name}' of type {field.type} is not compared exactly in an engine")
        return limit

    def _measure(self, reference: Reference, prefix: str) -> Measure:
        parts = [self._mask(reference.table, part) for part in reference.conditions if not part.starred]
        first = nw.col(next(iter(self.schemas[reference.table].columns)))
        # Without conditions too it is an expression over the rows, so that it can be added up.
        mask = reduce(and_, parts) if parts else first.is_null() | ~first.is_null()
        one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
        asked = {f"{prefix}rows": nw.when(mask).then(one).otherwise(none)}
        if reference.column is None:
            return Measure(asked, lambda answers: int(answers[f"{prefix}rows"]))
        column = nw.col(reference.column)
        asked[f"{prefix}missing"] = nw.when(mask & column.is_null()).then(one).otherwise(none)
        summed, read = self._summed(reference.table, reference.column)
        for name, expr in summed.items():
            asked[prefix + name] = nw.when(mask).then(expr)

        def total(answers: Mapping[str, Any]) -> Amount | None:
            if answers[f"{prefix}missing"]:
                return None
            return read({name: answers[prefix + name] or 0 for name in summed})

        return Measure(asked, total)

    def _summed(self, table: str, column: str) -> tuple[dict[str, nw.Expr], Callable[[Mapping[str, Any]], Amount]]:
        """Return what to add up of a column so that the sum is exact, and what makes the total of the sums."""
        opened = self._opened(table)
        dtype = opened.lazy().collect_schema()[column]
        if dtype.is_decimal():
            return {"sum": nw.col(column)}, lambda sums: Decimal(sums["sum"])
        if dtype.is_integer():
            largest = max(map(abs, opened.extremes.get(column, (0, 2**63))))
            if opened.kind != "duckdb" and largest * opened.rows >= 2**63:
                raise NotInEngineError(f"the sum of '{column}' may need more than 64 bits")
            if self.schemas[table].columns[column].type == "number":
                return {"sum": nw.col(column)}, lambda sums: Decimal(int(sums["sum"]))
            return {"sum": nw.col(column)}, lambda sums: int(sums["sum"])
        return self._summed_floats(opened, column)

    def _summed_floats(
        self, opened: EngineTable, column: str
    ) -> tuple[dict[str, nw.Expr], Callable[[Mapping[str, Any]], Amount]]:
        places = self._places(opened, column)
        if places is None:
            raise NotInEngineError(f"'{column}' holds numbers of more than {MOST_PLACES} decimals, or too large ones")
        cell = nw.col(column)
        finite = cell.is_finite()
        one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
        whole = nw.when(finite).then((cell * 10**places).round()).otherwise(nw.lit(0.0)).cast(nw.Int64)
        asked = {"sum": whole, "strange": nw.when(finite).then(none).otherwise(one)}

        def read(sums: Mapping[str, Any]) -> Amount:
            if sums["strange"]:
                raise NotSummableError(f"'{column}' holds a number that cannot be summed")
            return Decimal(int(sums["sum"])).scaleb(-places)

        return asked, read

    def _places(self, opened: EngineTable, column: str) -> int | None:
        """Return so many decimal places that all numbers of a column are whole hundredths, thousandths …"""
        key = opened.name, column
        if key not in self._scales:
            frame = opened.lazy().filter(nw.col(column).is_finite())
            cell, asked = nw.col(column), {}
            for places in range(MOST_PLACES + 1):
                scaled = (cell * 10**places).round()
                asked[f"{PLACE}{places}"] = counted((scaled / 10**places != cell) | (scaled.abs() > LARGEST_EXACT))
            misses = list(first_row(frame.select(**asked)).values())
            sound = [places for places, missed in enumerate(misses) if not missed]
            largest = LARGEST_EXACT if opened.rows < 2**63 // LARGEST_EXACT else 0
            self._scales[key] = sound[0] if sound and largest else None
        return self._scales[key]
