"""Rows that are numbered throughout: a number that is left out tells which row is gone, one too many which came in."""

from __future__ import annotations

import re
from bisect import bisect_left

from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.reading import Table

_NUMBERED = re.compile(r"([A-Za-z_-]*)([0-9]{1,15})")


class Numbering(Record):
    """The numbers of the rows of a table.

    Attributes:
        column: that holds them, the primary key.
        prefix: of each, such as `R`.
        width: of the digits, zeros in front included; 0 for numbers without.
        numbers: of each row, in their order.
    """

    column: str
    prefix: str
    width: int
    numbers: tuple[int, ...]

    def is_whole_without(self, row: int) -> bool:
        """Say whether the numbers run on from the first without a gap once a row is taken out."""
        rest = set(self.numbers[:row] + self.numbers[row + 1 :])
        least = min(self.numbers)
        return not rest or (min(rest) == least and max(rest) - least + 1 == len(rest))

    def absent(self) -> int | None:
        """Return the one number that is left out, else 1 if the numbers start at 2, else the one after the last.

        `None` if several are left out.
        """
        there = set(self.numbers)
        least, greatest = min(there), max(there)
        gaps = greatest - least + 1 - len(there)
        if gaps > 1:
            return None
        if gaps:
            return next(number for number in range(least, greatest) if number not in there)
        return 1 if least == 2 else greatest + 1

    def place(self, number: int) -> int | None:
        """Return the data row, from 1, where a number belongs; `None` where the rows are not in their order."""
        if list(self.numbers) != sorted(self.numbers):
            return None
        return bisect_left(self.numbers, number) + 1

    def spelt(self, number: int) -> str:
        """Return a number as the table spells it."""
        return f"{self.prefix}{number:0{self.width}d}"


def key_numbering(table: Table) -> Numbering | None:
    """Return how the rows of a table are numbered by a primary key of one column; `None` if they are not."""
    key = table.schema.primary_key
    return _numbers(table, key[0]) if len(key) == 1 else None


def numberings(table: Table) -> list[Numbering]:
    """Return how the rows of a table are numbered: by its primary key, and by columns that are unique."""
    key = table.schema.primary_key
    names = [field.name for field in table.schema.fields if field.unique or key == (field.name,)]
    return [found for name in names if (found := _numbers(table, name)) is not None]


def _numbers(table: Table, column: str) -> Numbering | None:
    found = [_NUMBERED.fullmatch(to_text(cell)) for cell in table.columns[column]]
    parts = [match.groups() for match in found if match is not None]
    if not parts or len(parts) < len(found):
        return None
    prefixes = {prefix for prefix, _ in parts}
    widths = {len(digits) if digits[0] == "0" else 0 for _, digits in parts}
    if len(prefixes) != 1:
        return None
    return Numbering(column, prefixes.pop(), max(widths), tuple(int(digits) for _, digits in parts))
