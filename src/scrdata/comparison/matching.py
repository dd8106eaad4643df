"""Which row of one version is which row of the other."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal

from scrdata.fields import SUMMABLE, UNHASHABLE
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrdata.reading import Table

    Comparable = object  # each is hashable


class Matching(Record):
    """The rows of two versions of a table, counted from 0.

    Attributes:
        key: the columns by which rows were matched; empty where whole rows were.
        pairs: rows that are the same one, as pairs of the earlier and the later, in the order of the later.
        removed: rows that only the earlier has.
        added: rows that only the later has.
    """

    key: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def moved(self) -> int:
        """The smallest number of rows that must move for both to stand in the same order."""
        tops: list[int] = []
        for row, _ in self.pairs:
            at = bisect_left(tops, row)
            tops[at : at + 1] = [row]
        return len(self.pairs) - len(tops)


def comparable_values(old: Table, new: Table, column: str) -> tuple[Sequence[Comparable], Sequence[Comparable]]:
    """Return the values of a column that both tables have, so that `==` holds between equal values and no others.

    Values of different types are compared by their spelling, whole numbers and other numbers by their value.
    """
    columns = old.columns[column], new.columns[column]
    kinds = {table.schema.columns[column].type for table in (old, new)}
    if kinds <= {*SUMMABLE}:
        if "number" in kinds:
            return _without_nan(columns[0]), _without_nan(columns[1])
        return columns
    if len(kinds) > 1:
        return _texts(columns[0]), _texts(columns[1])
    if kinds <= {*UNHASHABLE}:
        return [_frozen(cell) for cell in columns[0]], [_frozen(cell) for cell in columns[1]]
    return columns


def _without_nan(cells: Iterable[object]) -> list[Comparable]:
    """Return numbers in which the one that is not equal to itself is a text."""
    return ["NaN" if isinstance(cell, Decimal) and cell.is_nan() else cell for cell in cells]


def _texts(cells: Iterable[object]) -> list[Comparable]:
    return [None if cell is None else to_text(cell) for cell in cells]  # type: ignore[arg-type]


def _frozen(value: object) -> Comparable:
    """Return a JSON value as one that has a hash; the order of the members of an object means nothing."""
    if isinstance(value, dict):
        return "object", frozenset((name, _frozen(part)) for name, part in value.items())
    if isinstance(value, list):
        return "array", tuple(map(_frozen, value))
    # To Python, true is 1.
    return ("flag", value) if isinstance(value, bool) else value


def match_rows(old: Table, new: Table) -> Matching:
    """Match the rows of two versions of a table.

    Rows are the same one if they agree in the primary key: that of the earlier version if it still names each
    row of the later, else that of the later if it names each row of the earlier. Without such a key, rows are the
    same one if they agree in every column that both versions have; equal rows are matched in their order.
    """
    shared = [name for name in old.columns if name in new.columns]
    values = {name: comparable_values(old, new, name) for name in shared}
    for key in (old.schema.primary_key, new.schema.primary_key):
        if key and all(name in values for name in key):
            keys = [list(zip(*(values[name][side] for name in key), strict=True)) for side in (0, 1)]
            if all(_names_each_row(side) for side in keys):
                return _match(key, *keys)
    if not shared:
        return Matching((), (), tuple(range(len(old))), tuple(range(len(new))))
    rows = [_numbered(zip(*(values[name][side] for name in shared), strict=True)) for side in (0, 1)]
    return _match((), *rows)


def _names_each_row(keys: Sequence[tuple[Comparable, ...]]) -> bool:
    different = set(keys)
    return len(different) == len(keys) and not any(None in key for key in different)


def _numbered(rows: Iterable[tuple[Comparable, ...]]) -> list[tuple[Comparable, ...]]:
    """Return rows told apart from equal ones before them by a number."""
    seen: dict[tuple[Comparable, ...], int] = {}
    result = []
    for row in rows:
        seen[row] = seen.get(row, 0) + 1
        result.append((*row, seen[row]))
    return result


def _match(
    key: tuple[str, ...], old: Sequence[tuple[Comparable, ...]], new: Sequence[tuple[Comparable, ...]]
) -> Matching:
    earlier = {name: row for row, name in enumerate(old)}
    later = set(new)
    return Matching(
        key,
        tuple((earlier[name], row) for row, name in enumerate(new) if name in earlier),
        tuple(row for row, name in enumerate(old) if name not in later),
        tuple(row for row, name in enumerate(new) if name not in earlier),
    )
