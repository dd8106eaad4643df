"""Totals over tables of an engine: every reference of a package in few queries, then read by the same rules as files.

`prepare` asks one query for all totals of a table, and one for all starred totals that are grouped by
the same columns of it. What the engine cannot add up exactly is refused, by name, and so not checked.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import and_

import narwhals as nw

from scrdata.errors import NotationError, ScrdataError
from scrdata.frames.engines import JUDGED
from scrdata.frames.instances import compare_instances
from scrdata.frames.measures import Measures, end_name
from scrdata.frames.queries import COUNT, PLACE, NotInEngineError, first_row, rows_of
from scrdata.frames.suspicions import judge_cell
from scrdata.references import parse_equation, parse_reference
from scrdata.totals import NotSummableError, Totals, add, label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.findings import Finding
    from scrdata.frames.engines import EngineTable
    from scrdata.frames.measures import Measure
    from scrdata.reading import Table
    from scrdata.references import Condition, Equation, Reference
    from scrdata.table_schema import TableSchema
    from scrdata.totals import Amount, Instance
    from scrdata.values import Value

    Cell = Value | None

ASKED_AT_ONCE = 100
# So many groups are compared here; of more only those that differ leave the engine.
MOST_GROUPS = 10_000
# polars counts rows with 32 bits.
UNLIMITED = 2**32 - 2


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


class EngineTotals(Totals):
    """The totals of a package of which some tables are in an engine.

    Args:
        tables: the tables that were read from the package, by name.
        schemas: the schemas of all tables.
        engine_tables: those that were accepted, by name.
        opened: makes a table of the package one of the engine, for joins.

    Attributes:
        sizes: how many rows enter the references that were asked for.
        one_by_one: equations whose instances all have to be looked at, as those that are registered.
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
        self.measures = Measures(self, lambda name: engine_tables[name] if name in engine_tables else opened(name))
        self.sizes: dict[Reference, Any] = {}
        self.one_by_one: frozenset[Equation] = frozenset()
        self._keys: dict[tuple[str, str], bool] = {}
        self._known: dict[tuple[str, str, Cell], bool] = {}
        self._many: set[Reference] = set()
        self._left_out: dict[Equation, tuple[int, int, int]] = {}
        self._single: dict[tuple[Reference, Instance], tuple[Amount | None, int]] = {}

    def in_engine(self, reference: Reference) -> bool:
        """Say whether a table of the engine enters a reference."""
        return not self.needed(reference).isdisjoint(self.engine_tables)

    def is_key(self, table: str, column: str) -> bool:
        """Say whether no two rows of a table have the same value in a column."""
        if table not in self.engine_tables:
            return super().is_key(table, column)
        if (column,) in self.engine_tables[table].distinct:
            return True
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
            there = self._cells_among(self.engine_tables[table], column, values)
            self._known |= {(table, column, value): value in there for value in values}

    def _cells_among(self, table: EngineTable, column: str, values: Sequence[Cell]) -> set[Cell]:
        """Return the different cells of a column, or only those of some values where the engine can tell them."""
        field, frame = table.schema.columns[column], table.lazy()
        try:
            frame = frame.filter(self.measures.one_of(table, field, (column,), values))
        except NotInEngineError:
            if table.rows > JUDGED:
                raise
        found = rows_of(frame.select(table.spelling(column)).unique())
        return {judge_cell(field, row[0], clean=False)[0] for row in found}

    def value(self, reference: Reference) -> Amount | None:
        """Return the total of a reference without stars; `None` when a cell it needs is missing."""
        return self._answer(reference) if self.in_engine(reference) else super().value(reference)

    def values(self, reference: Reference) -> dict[Instance, Amount | None]:
        """Return the totals of a starred reference, by the values of its starred columns."""
        if not self.in_engine(reference):
            return super().values(reference)
        return self._answer(reference)  # type: ignore[no-any-return]

    def at(self, reference: Reference, instance: Instance) -> Amount | None:
        """Return the total of a reference for one instance; a starred one that has no such rows is 0."""
        known = self._single.get((reference, instance))
        return super().at(reference, instance) if known is None else known[0]

    def at_each(self, reference: Reference, instances: Sequence[Instance]) -> list[Amount | None]:
        """Return the totals of a reference for some instances, as `at` does for one."""
        return [self.at(reference, instance) for instance in instances]

    def found_instances(self, equation: Equation) -> list[Instance]:
        """Return the instances of an equation; of very many only the first that do not hold or are open."""
        starred = [reference for reference in equation.references if reference.stars]
        if equation in self.one_by_one or not any(map(self._has_many, starred)):
            return super().found_instances(equation)
        compared = compare_instances(equation, self)
        if compared is None:
            return super().found_instances(equation)
        self._left_out[equation] = compared.holding, compared.failing, compared.unsettled
        for instance, found in compared.listed.items():
            self._single |= {(reference, instance): found.get(reference, (0, 0)) for reference in starred}
        return list(compared.listed)

    def left_out(self, equation: Equation) -> tuple[int, int, int]:
        """Return how many instances of an equation hold, fail and are open beside those that `instances` returns."""
        return self._left_out.get(equation, (0, 0, 0))

    def _has_many(self, reference: Reference) -> bool:
        """Say whether a reference has more groups than leave the engine without need."""
        if reference in self._values or not self.in_engine(reference):
            return False
        self.prepare([reference])
        return reference in self._many

    def _answer(self, reference: Reference) -> Any:  # noqa: ANN401  (a total, or several by their instances)
        if reference not in self._values:
            self.prepare([reference])
        if reference not in self._values:
            self._ask_grouped([reference], UNLIMITED)
        found: object = self._values[reference]
        if isinstance(found, ScrdataError):
            raise found
        return found

    def size(self, reference: Reference, instance: Instance = ()) -> int:
        """Return the number of rows that enter a reference, for one instance of its stars."""
        if (reference, instance) in self._single:
            return self._single[reference, instance][1]
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
        table = self.measures.opened(reference.table)
        frame, mask = self._selected(reference)
        for path, value in zip(reference.stars, instance, strict=True):
            field = self.end_field(reference.table, path)
            one = self.measures.one_of(table, field, path, [field.parse(value)[0]])
            mask = one if mask is None else mask & one
        entering = frame if mask is None else frame.filter(mask)
        can_be_named = table.place is not None or table.schema.primary_key
        row = table.located(entering, ())[0] if can_be_named and self.size(reference, instance) == 1 else None
        finding = table.finding(rule, message, row, reference.column, **values)  # type: ignore[arg-type]
        if row is not None or table.place is None:
            return finding
        first = first_row(entering.select(row=nw.col(table.place).min()))["row"]
        return finding.changed(line=table.lines_of([first])[0])

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

    def prepare_equations(self, equations: Iterable[Equation]) -> None:
        """Ask the engine for the totals of equations, but for those with so many instances that they stay in it."""
        asked = list(equations)
        for equation in asked:
            starred = [reference for reference in equation.references if reference.stars]
            if any(self._is_known_to_be_many(reference, MOST_GROUPS) for reference in starred):
                self._many.update(reference for reference in starred if self.in_engine(reference))
        self.prepare(reference for equation in asked for reference in equation.references)

    def prepare(self, references: Iterable[Reference]) -> None:
        """Ask the engine for totals, as few times as possible; those of tables that were not accepted are left out."""
        groups: dict[tuple[str, tuple[tuple[str, ...], ...]], list[Reference]] = {}
        for reference in dict.fromkeys(references):
            is_known = reference in self._values or reference in self._many
            if not is_known and self.in_engine(reference) and all(map(self.holds, self.needed(reference))):
                groups.setdefault((reference.table, reference.stars), []).append(reference)
        for (_, stars), members in groups.items():
            ask = self._ask_grouped if stars else self._ask
            for start in range(0, len(members), ASKED_AT_ONCE):
                asked = members[start : start + ASKED_AT_ONCE]
                try:
                    ask(asked)
                except NotInEngineError as problem:
                    self._values |= dict.fromkeys(asked, problem)  # type: ignore[arg-type]

    def _measured(self, references: Sequence[Reference]) -> list[tuple[Reference, Measure]]:
        """Return how each total is asked for; those that cannot be are remembered with the reason."""
        measured = []
        for position, reference in enumerate(references):
            try:
                measured.append((reference, self.measures.measure(reference, f"{PLACE}{position}_")))
            except NotInEngineError as problem:
                self._values[reference] = problem  # type: ignore[assignment]
        return measured

    def _ask(self, references: Sequence[Reference]) -> None:
        """Ask for totals of one table by one query."""
        measured = self._measured(references)
        if not measured:
            return
        frame = self.measures.joined(references[0].table, self._paths(reference for reference, _ in measured))
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

    def starred(self, references: Sequence[Reference]) -> tuple[nw.LazyFrame[Any], list[tuple[Reference, Measure]]]:
        """Return what is added up for starred references of one table and the same stars, one row for each of its rows.

        The stars are called `__scrdata_star0` and so on; rows with a missing one are left out.
        """
        measured = self._measured(references)
        if not measured:
            return self.measures.opened(references[0].table).lazy(), []
        stars = references[0].stars
        asked = {name: expr for _, measure in measured for name, expr in measure.asked.items()}
        asked |= {f"{PLACE}star{i}": nw.col(end_name(path)) for i, path in enumerate(stars)}
        paths = self._paths(reference for reference, _ in measured)
        frame = self.measures.joined(references[0].table, paths).select(**asked)
        for i in range(len(stars)):
            frame = frame.filter(~nw.col(f"{PLACE}star{i}").is_null())
        return frame, measured

    def _is_known_to_be_many(self, reference: Reference, most: int) -> bool:
        """Say whether a reference is grouped by a key of its table, so that it has as many groups as rows."""
        table = self.engine_tables.get(reference.table)
        names = tuple(map(end_name, reference.stars))
        return table is not None and table.rows > most and names in table.distinct

    def _ask_grouped(self, references: Sequence[Reference], most: int | None = None) -> None:
        """Ask for the totals of starred references with the same stars by one query; for none of too many groups."""
        most = MOST_GROUPS if most is None else most
        frame, measured = self.starred(references)
        if not measured:
            return
        sums = [nw.col(name).sum() for _, measure in measured for name in measure.asked]
        frame = frame.group_by(*(f"{PLACE}star{i}" for i in range(len(references[0].stars)))).agg(*sums)
        rows = None if self._is_known_to_be_many(references[0], most) else rows_of(frame.head(most + 1))
        if rows is None or len(rows) > most:
            self._many.update(reference for reference, _ in measured)
            return
        names = frame.collect_schema().names()
        fields = [self.end_field(references[0].table, path) for path in references[0].stars]
        groups = [dict(zip(names, row, strict=True)) for row in rows]
        keys = [self._instance(fields, answers) for answers in groups]
        for reference, measure in measured:
            self._remember_groups(reference, measure, list(zip(keys, groups, strict=True)))

    def _remember_groups(
        self, reference: Reference, measure: Measure, groups: Sequence[tuple[Instance, Mapping[str, Any]]]
    ) -> None:
        """Keep the totals of a starred reference; groups that have one name are one instance."""
        amounts: dict[Instance, list[Amount | None]] = {}
        sizes: dict[Instance, int] = {}
        try:
            for key, answers in groups:
                size = int(answers[next(iter(measure.asked))])
                if size:
                    sizes[key] = sizes.get(key, 0) + size
                    amounts.setdefault(key, []).append(measure.read(answers))
        except NotSummableError as problem:
            self._values[reference] = problem  # type: ignore[assignment]
            return
        self.sizes[reference] = sizes
        self._values[reference] = {
            key: None if None in parts else add(parts)  # type: ignore[arg-type]
            for key, parts in amounts.items()
        }

    @staticmethod
    def _instance(fields: Sequence[Field], answers: Mapping[str, Any]) -> Instance:
        cells = (judge_cell(field, answers[f"{PLACE}star{i}"], clean=False)[0] for i, field in enumerate(fields))
        return tuple(map(label, cells))

    def _paths(self, references: Iterable[Reference]) -> set[tuple[str, ...]]:
        return {condition.path for reference in references for condition in reference.conditions}

    def _selected(self, reference: Reference) -> tuple[nw.LazyFrame[Any], nw.Expr | None]:
        """Return the table of a reference with what its conditions need, and what is true of the rows that enter."""
        parts = [self.measures.mask(reference.table, part) for part in reference.conditions if not part.starred]
        mask = reduce(and_, parts) if parts else None
        return self.measures.joined(reference.table, self._paths([reference])), mask
