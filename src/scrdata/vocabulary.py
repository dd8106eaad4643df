"""What a package lets the notation say: the tables, columns, paths and values that exist in it."""

from __future__ import annotations

from itertools import pairwise

from scrdata.fields import ORDERED, SUMMABLE, UNHASHABLE
from scrdata.findings import quoted
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.totals import Cell, Totals

# So many foreign keys in a row that nobody means more.
MOST_STEPS = 16


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
