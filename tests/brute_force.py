"""What the notation means, worked out a second time as plainly as possible: loops over rows that are dictionaries.

Nothing here uses `scrdata.totals`, `scrdata.values` or `scrdata.fields`; only the syntax tree is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrdata.references import Condition, Equation, Reference, Sum

    Row = dict[str, Any]
    Key = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Tables of plain values, and how they hang together.

    Attributes:
        tables: rows by table; a missing cell is `None`.
        readers: for table and column, what turns the text of a value into the value.
        orders: for table and column, the codes that have an order.
        links: for table and column, the table and column that it refers to.
    """

    tables: dict[str, list[Row]]
    readers: dict[tuple[str, str], Callable[[str], Any]]
    orders: dict[tuple[str, str], list[str]]
    links: dict[tuple[str, str], tuple[str, str]]

    def walk(self, table: str, path: tuple[str, ...]) -> tuple[str, str]:
        """Return table and column at the end of a path."""
        for column in path[:-1]:
            table = self.links[table, column][0]
        return table, path[-1]

    def cell(self, table: str, row: Row, path: tuple[str, ...]) -> Any:  # noqa: ANN401  (any cell at all)
        """Return the value at the end of a path, seen from a row."""
        value = row[path[0]]
        if len(path) == 1 or value is None:
            return value
        target, key = self.links[table, path[0]]
        for other in self.tables[target]:
            if other[key] == value:
                return self.cell(target, other, path[1:])
        return None

    def fulfils(self, table: str, row: Row, condition: Condition) -> bool:
        """Say whether a row fulfils a condition that is not starred."""
        place = self.walk(table, condition.path)
        cell = self.cell(table, row, condition.path)
        if condition.operator == "=":
            return any(cell is None if text == "" else cell == self.readers[place](text) for text in condition.values)
        if cell is None:
            return False
        limit = self.readers[place](condition.values[0])
        if place in self.orders:
            cell, limit = self.orders[place].index(cell), self.orders[place].index(limit)
        verdicts = {"<": cell < limit, "<=": cell <= limit, ">": cell > limit, ">=": cell >= limit}
        return bool(verdicts[condition.operator])

    def rows(self, reference: Reference) -> list[Row]:
        """Return the rows that fulfil every condition without a star."""
        plain = [condition for condition in reference.conditions if not condition.starred]
        return [
            row
            for row in self.tables[reference.table]
            if all(self.fulfils(reference.table, row, condition) for condition in plain)
        ]

    def total(self, reference: Reference, rows: list[Row] | None = None) -> Fraction | None:
        """Return the number of rows, or the sum of the column over them; `None` where a cell is missing."""
        total = Fraction(0)
        for row in self.rows(reference) if rows is None else rows:
            amount = 1 if reference.column is None else row[reference.column]
            if amount is None:
                return None
            total += Fraction(amount)
        return total

    def totals(self, reference: Reference) -> dict[Key, Fraction | None]:
        """Return the total of each instance of a starred reference, by the texts of the starred values."""
        stars = sorted((c.path for c in reference.conditions if c.starred), key=lambda path: path[-1])
        groups: dict[Key, list[Row]] = {}
        for row in self.rows(reference):
            cells = [self.cell(reference.table, row, path) for path in stars]
            if None not in cells:
                groups.setdefault(tuple(map(str, cells)), []).append(row)
        return {key: self.total(reference, rows) for key, rows in groups.items()}

    def side(self, terms: Sum, key: Key) -> Fraction | None:
        """Return the value of one side of an equation, for one instance."""
        total = Fraction(0)
        for term in terms.terms:
            amount: Fraction | None = Fraction(1)
            if term.reference is not None and any(condition.starred for condition in term.reference.conditions):
                amount = self.totals(term.reference).get(key, Fraction(0))
            elif term.reference is not None:
                amount = self.total(term.reference)
            if amount is None:
                return None
            total += term.sign * term.factor * amount
        return total

    def outcomes(self, equation: Equation) -> dict[Key, tuple[Fraction | None, Fraction | None]]:
        """Return both sides of each instance of an equation; without stars there is the one instance `()`."""
        starred = [r for r in equation.references if any(condition.starred for condition in r.conditions)]
        keys = {key for reference in starred for key in self.totals(reference)} if starred else {()}
        return {key: (self.side(equation.left, key), self.side(equation.right, key)) for key in keys}
