"""What the notation means: references evaluated over tables, exactly.

A total over at least one missing cell is unknown, written `None`. Integers are added as integers,
numbers as decimals with enough digits that nothing is ever rounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from itertools import pairwise
from operator import itemgetter

from scrdata.errors import ScrdataError
from scrdata.fields import ORDERED, SUMMABLE, UNHASHABLE, rank
from scrdata.findings import Finding, quoted
from scrdata.references import canonical, parse_equation, parse_reference
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.figures import Figure
    from scrdata.reading import Table
    from scrdata.references import Condition, Equation, Reference, Sum
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Cell = Value | None
    Amount = int | Decimal
    Instance = tuple[str, ...]

# Cells have at most 1,000 digits and exponents of at most 999, so no sum needs more.
_EXACT = Context(prec=9_000, traps=[Inexact, InvalidOperation, Overflow])


# Types of which any two values can be put in order; numbers may be NaN, times may lack a zone.
_SORTABLE = ("integer", "date", "year", "yearmonth")
# So many foreign keys in a row that nobody means more.
MOST_STEPS = 16


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
        self._columns: dict[tuple[str, tuple[str, ...]], Sequence[Cell]] = {}
        self._rows: dict[tuple[str, tuple[str, ...]], dict[Cell, list[int]]] = {}
        self._sorted: dict[tuple[str, tuple[str, ...]], tuple[list[Any], list[int]]] = {}
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
        field = self.schemas[table].field(path[0])
        if len(path) == 1 and field:
            return field
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
            known = [value.get(cell) for cell in self.tables[table].columns[path[0]]]
            self._columns[table, path] = known
        return known

    def index(self, table: str, path: tuple[str, ...]) -> dict[Cell, list[int]]:
        """Return, for each value at the end of a path, the rows that have it."""
        known = self._rows.get((table, path))
        if known is None:
            known = {}
            for row, value in enumerate(self.column(table, path)):
                known.setdefault(value, []).append(row)
            self._rows[table, path] = known
        return known

    def rows(self, reference: Reference) -> Sequence[int]:
        """Return the rows that fulfil all conditions (stars aside), counted from 0."""
        rows: Sequence[int] | None = None
        for condition in reference.conditions:
            if not condition.starred:
                rows = self._matching(reference.table, condition, rows)
        return range(len(self.tables[reference.table])) if rows is None else rows

    def _matching(self, table: str, condition: Condition, rows: Sequence[int] | None) -> Sequence[int]:
        field = self.end_field(table, condition.path)
        if condition.operator == "=":
            wanted = {None if value == "" else field.parse(value)[0] for value in condition.values}
            if rows is None:
                index = self.index(table, condition.path)
                return [row for value in wanted for row in index.get(value, ())]
            cells = self.column(table, condition.path)
            return [row for row in rows if cells[row] in wanted]
        limit = field.sort_key(field.parse(condition.values[0])[0])  # type: ignore[arg-type]
        if field.ordered or field.type in _SORTABLE:
            chosen = self._slice(table, condition, field, limit)
        else:
            index = self.index(table, condition.path)
            accept = _ACCEPT[condition.operator]
            values = [value for value in index if value is not None and rank(value, limit) in accept]
            chosen = [row for value in values for row in index[value]]
        return chosen if rows is None else sorted(set(rows).intersection(chosen))

    def test(self, table: str, condition: Condition) -> Callable[[Cell], bool]:
        """Return the test that a condition without a star puts to single values at the end of its path."""
        field = self.end_field(table, condition.path)
        wanted = {None if value == "" else field.parse(value)[0] for value in condition.values}
        if condition.operator == "=":
            return wanted.__contains__
        limit = field.sort_key(field.parse(condition.values[0])[0])  # type: ignore[arg-type]
        accept = _ACCEPT[condition.operator]
        return lambda value: value is not None and rank(field.sort_key(value), limit) in accept

    def _slice(self, table: str, condition: Condition, field: Field, limit: object) -> list[int]:
        """Return the rows on one side of a limit, out of all rows in the order of their values."""
        known = self._sorted.get((table, condition.path))
        if known is None:
            cells = self.column(table, condition.path)
            pairs = [(field.sort_key(cell), row) for row, cell in enumerate(cells) if cell is not None]
            pairs.sort(key=itemgetter(0))
            known = self._sorted[table, condition.path] = ([key for key, _ in pairs], [row for _, row in pairs])
        keys, rows = known
        bisect = bisect_left if condition.operator in ("<", ">=") else bisect_right
        place = bisect(keys, limit)
        return rows[:place] if condition.operator in ("<", "<=") else rows[place:]

    def value(self, reference: Reference) -> Amount | None:
        """Return the total of a reference without stars; `None` when a cell it needs is missing.

        Raises:
            NotSummableError: a cell is NaN or infinite.
        """
        if reference not in self._values:
            self._values[reference] = self._total(reference, self.rows(reference))
        return self._values[reference]  # type: ignore[return-value]

    def values(self, reference: Reference) -> dict[Instance, Amount | None]:
        """Return the totals of a starred reference, by the values of its starred columns."""
        if reference not in self._values:
            totals = {key: self._total(reference, rows) for key, rows in self.groups(reference).items()}
            self._values[reference] = totals
        return self._values[reference]  # type: ignore[return-value]

    def at(self, reference: Reference, instance: Instance) -> Amount | None:
        """Return the total of a reference for one instance; a starred one that has no such rows is 0."""
        return self.values(reference).get(instance, 0) if reference.stars else self.value(reference)

    def groups(self, reference: Reference) -> dict[Instance, list[int]]:
        """Return the rows of each instance; rows with a missing starred value belong to none."""
        if reference not in self._groups:
            self._groups[reference] = self._grouped(reference)
        return self._groups[reference]

    def _grouped(self, reference: Reference) -> dict[Instance, list[int]]:
        columns = [self.column(reference.table, path) for path in reference.stars]
        groups: dict[tuple[Cell, ...], list[int]] = {}
        for row in self.rows(reference):
            groups.setdefault(tuple(column[row] for column in columns), []).append(row)
        named: dict[Instance, list[int]] = {}
        for key, rows in groups.items():
            if None not in key:
                named.setdefault(tuple(map(label, key)), []).extend(rows)
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
        return table not in self.tables or len(self.index(table, (column,))) == len(self.tables[table])

    def has_row(self, table: str, column: str, value: Cell) -> bool:
        """Say whether a row has a value in a column; so it is taken to be where the table was not read."""
        return table not in self.tables or value in self.index(table, (column,))

    def _total(self, reference: Reference, rows: Sequence[int]) -> Amount | None:
        return self.sum_of(reference.table, reference.column, rows)

    def sum_of(self, table: str, column: str | None, rows: Sequence[int]) -> Amount | None:
        """Return the sum of a column over some rows, or their number; `None` when a cell is missing."""
        if column is None:
            return len(rows)
        cells = self.tables[table].columns[column]
        chosen = [cells[row] for row in rows]
        if None in chosen:
            return None
        return add(chosen)  # type: ignore[arg-type]

    def sum(self, terms: Sum, instance: Instance = ()) -> Amount | None:
        """Return the value of one side of an equation, for one instance of its stars."""
        amounts: list[Amount] = []
        for term in terms.terms:
            amount: Amount | None = 1
            if term.reference is not None:
                amount = self.at(term.reference, instance)
            if amount is None:
                return None
            amounts.append(multiply(term.sign * term.factor, amount))
        return add(amounts)

    def instances(self, equation: Equation) -> list[Instance]:
        """Return the instances of an equation, sorted; without stars there is the one instance `()`."""
        starred = [reference for reference in equation.references if reference.stars]
        if not starred:
            return [()]
        return sorted({key for reference in starred for key in self.values(reference)})


_ACCEPT = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}


def label(value: Cell) -> str:
    """Return what names a value in an instance: its text, and one text for all spellings of a number."""
    if isinstance(value, Decimal) and value.is_finite():
        return format(value.normalize(_EXACT), "f") if value else "0"
    return to_text(value)


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


class SchemaJudge:
    """Refuses names that the package does not have, and values that a column cannot have."""

    def __init__(self, totals: Totals) -> None:
        self.totals = totals

    def table(self, table: str) -> str | None:
        """Refuse a table that the package does not have."""
        return None if table in self.totals.schemas else f"there is no table {quoted(table)}"

    def column(self, table: str, column: str) -> str | None:
        """Refuse a column that does not exist or holds no numbers."""
        field = self.totals.schemas[table].field(column)
        if field is None:
            return f"the table {quoted(table)} has no column {quoted(column)}"
        if field.type not in SUMMABLE:
            return f"the column {quoted(column)} is of type {field.type} and cannot be summed"
        return None

    def path(self, table: str, path: tuple[str, ...]) -> str | None:
        """Refuse a path whose columns or foreign keys do not exist, or whose values cannot be compared."""
        if len(path) > MOST_STEPS:
            return f"a path of more than {MOST_STEPS} steps"
        try:
            kind = self.totals.end_field(table, path).type
        except KeyError:
            words = ".".join(path)
            if len(path) == 1:
                return f"the table {quoted(table)} has no column {quoted(words)}"
            return f"no foreign keys lead from {quoted(table)} along {quoted(words)}"
        if kind in UNHASHABLE:
            return f"values of type {kind} cannot be compared"
        return self._ambiguous(table, path)

    def _ambiguous(self, table: str, path: tuple[str, ...]) -> str | None:
        """Refuse a path on which a foreign key leads to more than one row."""
        for column, after in pairwise(path):
            table, key = self.totals.target(table, column, after)
            if not self.totals.is_key(table, key):
                return f"{quoted(column)} can lead to several rows of {quoted(table)}"
        return None

    def value(self, table: str, path: tuple[str, ...], operator: str, value: str) -> str | None:
        """Refuse a value that no cell of the column can have, or one without an order where one is needed."""
        field = self.totals.end_field(table, path)
        if operator != "=" and not field.ordered and field.type not in ORDERED:
            return f"the values of {quoted(path[-1])} have no order"
        if value == "":
            return None if operator == "=" else "nothing is above or below a missing value"
        parsed, problem = field.parse(value)
        if field.missing_values and value in field.missing_values and operator != "=":
            return "nothing is above or below a missing value"
        if parsed is None and problem is None:
            return None
        bounds = problem is not None and operator != "=" and problem.rule == "cell_is_within_bounds"
        if problem and not bounds:
            return f"{quoted(value)} does not occur in {quoted(path[-1])}: expected {problem.expected}"
        return self._referred(table, path, parsed) if operator == "=" else None

    def _referred(self, table: str, path: tuple[str, ...], value: Cell) -> str | None:
        """Refuse a value of a foreign key that the table it refers to does not have."""
        for column, after in pairwise(path):
            table, _ = self.totals.target(table, column, after)
        for key in self.totals.schemas[table].foreign_keys:
            name = key.table or table
            if key.fields == (path[-1],) and not self.totals.has_row(name, key.columns[0], value):
                return f"{quoted(to_text(value))} is in no row of {quoted(name)}"
        return None
