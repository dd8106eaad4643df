"""What the notation means: references evaluated over tables, exactly.

A total over at least one missing cell is unknown, written `None`. Integers are added as integers,
numbers as decimals with enough digits that nothing is ever rounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from itertools import pairwise, repeat

from scrdata.errors import ScrdataError
from scrdata.fields import rank
from scrdata.findings import Finding
from scrdata.references import canonical, parse_equation, parse_reference
from scrdata.values import to_text
from scrdata.vocabulary import SchemaJudge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeVar

    from scrdata.fields import Field
    from scrdata.figures import Figure
    from scrdata.reading import Table
    from scrdata.references import Condition, Equation, Reference, Sum
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Cell = Value | None
    Amount = int | Decimal
    Instance = tuple[str, ...]
    Group = TypeVar("Group", int, list[int], list[Cell])

# Cells have at most 1,000 digits and exponents of at most 999, so no sum needs more.
_EXACT = Context(prec=9_000, traps=[Inexact, InvalidOperation, Overflow])


# Types of which every value is its own label.
_TEXTS = ("string", "any", "duration")
# Types of which any two values can be put in order; numbers may be NaN, times may lack a zone.
_SORTABLE = ("integer", "date", "year", "yearmonth")


class NotSummableError(ScrdataError):
    """A total that has no number: a cell in it is NaN or infinite."""


class Totals:
    """Evaluates references over the tables of one package; remembers what it has looked up.

    Args:
        tables: the tables that were read, by name.
        schemas: the schemas of all tables of the package, read or not.
    """

    def __init__(self, tables: Mapping[str, Table], schemas: Mapping[str, TableSchema]) -> None:
        self.tables = tables
        self.schemas = schemas
        self.judge = SchemaJudge(self)
        self.figures: dict[tuple[Reference, Instance], Figure] = {}
        self._references: dict[str, Reference] = {}
        self._cells: dict[tuple[str, str], frozenset[Cell]] = {}
        self._columns: dict[tuple[str, tuple[str, ...]], Sequence[Cell]] = {}
        self._rows: dict[tuple[str, tuple[str, ...]], dict[Cell, list[int]]] = {}
        self._sorted: dict[tuple[str, tuple[str, ...]], tuple[list[Any], list[Cell]]] = {}
        self._groups: dict[Reference, dict[Instance, list[int]]] = {}
        self._values: dict[Reference, Amount | dict[Instance, Amount | None] | None] = {}

    def reference(self, text: str) -> Reference:
        """Parse a reference, each text once; every name and value in it must exist here."""
        if text not in self._references:
            self._references[text] = parse_reference(text, self.judge)
        return self._references[text]

    def equation(self, text: str) -> Equation:
        """Parse an equation; every name and value in it must exist here."""
        return parse_equation(text, self.judge)

    def position(self, table: str, column: str) -> int:
        """Return the position of a column in its schema."""
        return [field.name for field in self.schemas[table].fields].index(column)

    def canonical(self, reference: Reference) -> Reference:
        """Return the reference with its conditions in the order of the schema's fields."""
        return canonical(reference, self.position)

    def needed(self, reference: Reference) -> set[str]:
        """Return the names of the tables that evaluating the reference reads."""
        names = {reference.table}
        for condition in reference.conditions:
            table = reference.table
            for column, after in pairwise(condition.path):
                table = self.target(table, column, after)[0]
                names.add(table)
        return names

    def target(self, table: str, column: str, after: str) -> tuple[str, str]:
        """Return table and key column that a column refers to, where that table has the column `after`."""
        for key in self.schemas[table].foreign_keys:
            name = key.table or table
            if key.fields == (column,) and name in self.schemas and self.schemas[name].field(after):
                return name, key.columns[0]
        raise KeyError(column)

    def end_field(self, table: str, path: tuple[str, ...]) -> Field:
        """Return the field at the end of a path; `KeyError` if the path leads nowhere."""
        for column, after in pairwise(path):
            if not self.schemas[table].field(column):
                raise KeyError(column)
            table, _ = self.target(table, column, after)
        field = self.schemas[table].field(path[-1])
        if field is None:
            raise KeyError(path[-1])
        return field

    def column(self, table: str, path: tuple[str, ...]) -> Sequence[Cell]:
        """Return the values at the end of a path, for each row of a table."""
        if len(path) == 1:
            return self.tables[table].columns[path[0]]
        known = self._columns.get((table, path))
        if known is None:
            name, key = self.target(table, path[0], path[1])
            there = self.column(name, path[1:])
            value = dict(zip(self.tables[name].columns[key], there, strict=True))
            value.pop(None, None)  # a missing cell leads to no row, not to one whose key is missing
            known = list(map(value.get, self.tables[table].columns[path[0]]))
            self._columns[table, path] = known
        return known

    def index(self, table: str, path: tuple[str, ...]) -> dict[Cell, list[int]]:
        """Return, for each value at the end of a path, the rows that have it."""
        known = self._rows.get((table, path))
        if known is None:
            found: defaultdict[Cell, list[int]] = defaultdict(list)
            for row, value in enumerate(self.column(table, path)):
                found[value].append(row)
            known = self._rows[table, path] = dict(found)
        return known

    def rows(self, reference: Reference) -> Sequence[int]:
        """Return the rows that fulfil all conditions (stars aside), counted from 0."""
        rows: Sequence[int] | None = None
        for condition in reference.conditions:
            if not condition.starred:
                rows = self._matching(reference.table, condition, rows)
        return range(len(self.tables[reference.table])) if rows is None else rows

    def _matching(self, table: str, condition: Condition, rows: Sequence[int] | None) -> Sequence[int]:
        wanted = self._wanted(table, condition)
        if rows is None:
            index = self.index(table, condition.path)
            return [row for value in wanted for row in index.get(value, ())]
        cells = self.column(table, condition.path)
        accepted = frozenset(wanted)
        return [row for row in rows if cells[row] in accepted]

    def _wanted(self, table: str, condition: Condition) -> Iterable[Cell]:
        """Return the values that fulfil a condition, each once; with `=` also some that no row has."""
        field = self.end_field(table, condition.path)
        if condition.operator == "=":
            return dict.fromkeys(None if value == "" else field.parse(value)[0] for value in condition.values)
        limit = field.sort_key(field.parse(condition.values[0])[0])  # type: ignore[arg-type]
        if field.ordered or field.type in _SORTABLE:
            return self._side(table, condition, field, limit)
        accept = _ACCEPT[condition.operator]
        return [
            value for value in self.index(table, condition.path) if value is not None and rank(value, limit) in accept
        ]

    def test(self, table: str, condition: Condition) -> Callable[[Cell], bool]:
        """Return the test that a condition without a star puts to single values at the end of its path."""
        field = self.end_field(table, condition.path)
        wanted = {None if value == "" else field.parse(value)[0] for value in condition.values}
        if condition.operator == "=":
            return wanted.__contains__
        limit = field.sort_key(field.parse(condition.values[0])[0])  # type: ignore[arg-type]
        accept = _ACCEPT[condition.operator]
        return lambda value: value is not None and rank(field.sort_key(value), limit) in accept

    def _side(self, table: str, condition: Condition, field: Field, limit: object) -> list[Cell]:
        """Return the values on one side of a limit, out of all in their order."""
        known = self._sorted.get((table, condition.path))
        if known is None:
            found = [value for value in self.index(table, condition.path) if value is not None]
            values: list[Cell] = sorted(found, key=field.sort_key)  # type: ignore[arg-type]
            known = self._sorted[table, condition.path] = (list(map(field.sort_key, values)), values)  # type: ignore[arg-type]
        keys, values = known
        bisect = bisect_left if condition.operator in ("<", ">=") else bisect_right
        place = bisect(keys, limit)
        return values[:place] if condition.operator in ("<", "<=") else values[place:]

    def value(self, reference: Reference) -> Amount | None:
        """Return the total of a reference without stars; `None` when a cell it needs is missing.

        Raises:
            NotSummableError: a cell is NaN or infinite.
        """
        if reference not in self._values:
            self._values[reference] = self.sum_of(reference.table, reference.column, self.rows(reference))
        return self._values[reference]  # type: ignore[return-value]

    def values(self, reference: Reference) -> dict[Instance, Amount | None]:
        """Return the totals of a starred reference, by the values of its starred columns."""
        if reference not in self._values:
            self._values[reference] = self._grouped_totals(reference)
        return self._values[reference]  # type: ignore[return-value]

    def at(self, reference: Reference, instance: Instance) -> Amount | None:
        """Return the total of a reference for one instance; a starred one that has no such rows is 0."""
        return self.values(reference).get(instance, 0) if reference.stars else self.value(reference)

    def groups(self, reference: Reference) -> dict[Instance, list[int]]:
        """Return the rows of each instance; rows with a missing starred value belong to none."""
        if reference not in self._groups:
            self._groups[reference] = self._grouped(reference)
        return self._groups[reference]

    def at_each(self, reference: Reference, instances: Sequence[Instance]) -> list[Amount | None]:
        """Return the totals of a reference for some instances, as `at` does for one."""
        if not reference.stars:
            return [self.value(reference)] * len(instances)
        return list(map(self.values(reference).get, instances, repeat(0)))

    def _grouped(self, reference: Reference) -> dict[Instance, list[int]]:
        groups: dict[tuple[Cell, ...], list[int]] = {}
        rows = self.rows(reference)
        for key, row in zip(self._starred_cells(reference, rows), rows, strict=True):
            groups.setdefault(key, []).append(row)
        return self._by_instance(reference, groups)

    def _grouped_totals(self, reference: Reference) -> dict[Instance, Amount | None]:
        rows = self.rows(reference)
        keys = self._starred_cells(reference, rows)
        if reference.column is None:
            return self._by_instance(reference, Counter(keys))  # type: ignore[return-value]
        cells = self.tables[reference.table].columns[reference.column]
        groups: dict[tuple[Cell, ...], list[Cell]] = {}
        for key, row in zip(keys, rows, strict=True):
            groups.setdefault(key, []).append(cells[row])
        named = self._by_instance(reference, groups)
        return {instance: None if None in group else add(group) for instance, group in named.items()}  # type: ignore[arg-type]

    def _starred_cells(self, reference: Reference, rows: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
        """Return the cells of the starred columns in each of the rows that enter a reference."""
        columns = [self.column(reference.table, path) for path in reference.stars]
        if isinstance(rows, range):
            return zip(*columns, strict=True)
        return zip(*(map(column.__getitem__, rows) for column in columns), strict=True)

    def _by_instance(self, reference: Reference, groups: dict[tuple[Cell, ...], Group]) -> dict[Instance, Group]:
        """Name groups of rows by the labels of their values; groups of the same name are one."""
        texts = all(self.end_field(reference.table, path).type in _TEXTS for path in reference.stars)
        if texts and not any(None in key for key in groups):
            return groups  # type: ignore[return-value]
        named: dict[Instance, Group] = {}
        for key, group in groups.items():
            if None not in key:
                name = tuple(map(label, key))
                named[name] = named[name] + group if name in named else group
        return named

    def left_out(self, equation: Equation) -> tuple[int, int, int]:
        """Return how many instances of an equation hold, fail and are open beside those that `instances` returns."""
        del equation  # here it returns all
        return 0, 0, 0

    def refusal(self, references: Iterable[Reference]) -> str | None:
        """Return why some of the totals cannot be looked for here, if so: a table that they need was not accepted."""
        needed = {name for reference in references for name in self.needed(reference)}
        unread = sorted(name for name in needed if not self.holds(name))
        return f"the table '{unread[0]}' was not accepted" if unread else None

    def holds(self, table: str) -> bool:
        """Say whether a table was accepted."""
        return table in self.tables

    def size(self, reference: Reference, instance: Instance = ()) -> int:
        """Return the number of rows that enter a reference, for one instance of its stars."""
        return len(self._entering(reference, instance))

    def finding(
        self, rule: str, message: str, reference: Reference, instance: Instance = (), **values: object
    ) -> Finding:
        """Return a finding about a reference that some rows enter: at the row if it is one, else at the first line."""
        rows = self._entering(reference, instance)
        table = self.tables[reference.table]
        if len(rows) == 1:
            return table.finding(rule, message, rows[0], reference.column, **values)
        line = min(table.lines[row] for row in rows)
        return Finding(rule, message, file=table.file, line=line or None, column=reference.column, **values)  # type: ignore[arg-type]

    def _entering(self, reference: Reference, instance: Instance) -> Sequence[int]:
        return self.groups(reference).get(instance, []) if reference.stars else self.rows(reference)

    def is_key(self, table: str, column: str) -> bool:
        """Say whether no two rows of a table that was read have the same value in a column."""
        return table not in self.tables or len(self._distinct(table, column)) == len(self.tables[table])

    def has_row(self, table: str, column: str, value: Cell) -> bool:
        """Say whether a row has a value in a column; so it is taken to be where the table was not read."""
        return table not in self.tables or value in self._distinct(table, column)

    def _distinct(self, table: str, column: str) -> Collection[Cell]:
        """Return the different values of a column."""
        known = self._cells.get((table, column))
        if known is None:
            known = self._cells[table, column] = frozenset(self.tables[table].columns[column])
        return known

    def sum_of(self, table: str, column: str | None, rows: Sequence[int]) -> Amount | None:
        """Return the sum of a column over some rows, or their number; `None` when a cell is missing."""
        if column is None:
            return len(rows)
        cells = self.tables[table].columns[column]
        chosen = [cells[row] for row in rows]
        if None in chosen:
            return None
        return add(chosen)  # type: ignore[arg-type]

    def sums(self, terms: Sum, instances: Sequence[Instance]) -> list[Amount | None]:
        """Return the value of one side of an equation for each of some instances of its stars."""
        sums: list[Amount | None] = []
        for term in terms.terms:
            if sums and not any(amount is not None for amount in sums):
                break
            amounts: list[Amount | None] = [1] * len(instances)
            if term.reference is not None:
                amounts = self.at_each(term.reference, instances)
            factor = term.sign * term.factor
            if factor != 1:
                amounts = [None if amount is None else multiply(factor, amount) for amount in amounts]
            sums = list(map(_plus, sums, amounts)) if sums else amounts
        return sums

    def instances(self, equation: Equation) -> list[Instance]:
        """Return the instances of an equation, sorted; without stars there is the one instance `()`."""
        return sorted(self.found_instances(equation))

    def found_instances(self, equation: Equation) -> list[Instance]:
        """Return the instances of an equation in the order in which they were found."""
        starred = [reference for reference in equation.references if reference.stars]
        if not starred:
            return [()]
        first, *others = map(self.values, starred)
        further = (instance for other in others for instance in other if instance not in first)
        return [*first, *dict.fromkeys(further)]


_ACCEPT = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}


def label(value: Cell) -> str:
    """Return what names a value in an instance: its text, and one text for all spellings of a number."""
    if isinstance(value, Decimal) and value.is_finite():
        return format(value.normalize(_EXACT), "f") if value else "0"
    return to_text(value)


def _plus(one: Amount | None, other: Amount | None) -> Amount | None:
    return None if one is None or other is None else add((one, other))


def add(amounts: Sequence[Amount]) -> Amount:
    """Return the exact sum; raise `NotSummableError` if an amount is NaN or infinite."""
    if all(isinstance(amount, int) for amount in amounts):
        return sum(amounts)
    total = Decimal(0)
    for amount in amounts:
        if isinstance(amount, Decimal) and not amount.is_finite():
            raise NotSummableError(f"{to_text(amount)} cannot be summed")
        total = _EXACT.add(total, Decimal(amount))
    return total


def multiply(factor: int, amount: Amount) -> Amount:
    """Return the exact product."""
    return factor * amount if isinstance(amount, int) else _EXACT.multiply(Decimal(factor), amount)
