"""Laws of every comparison: of a package with itself, there and back, of one change, and of what is made of it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compared import compare
from tests.strategies import LAW, Row, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata import Diff
    from scrdata.comparison.changes import Change

COLUMNS = ("id", "whole", "number", "text")
FIELDS = [
    {"name": name, "type": kind} for name, kind in zip(COLUMNS, ("string", "integer", "number", "string"), strict=True)
]
KEYED = {"fields": FIELDS, "primaryKey": ["id"]}
SCHEMAS = pytest.mark.parametrize("schema", [KEYED, {"fields": FIELDS}], ids=["key", "no key"])
OPPOSITE = {"row_added": "row_removed", "row_removed": "row_added"}
ORDER = ("rows_reordered", "table_rewritten")


def diff(schema: dict[str, object], old: Sequence[Row], new: Sequence[Row]) -> Diff:
    """Compare two packages of one table with these rows."""
    texts = ("\n".join(",".join(row) for row in [COLUMNS, *rows]) + "\n" for rows in (old, new))
    earlier, later = ({"t": (schema, text)} for text in texts)
    return compare(earlier, later)


def mirrored(change: Change) -> tuple[object, ...]:
    """Return a change as the opposite comparison reports it; its row is another number there."""
    kind = OPPOSITE.get(change.kind, change.kind)
    return kind, change.column, *map(str, (dict(change.key), change.new, change.old, dict(change.cells)))


def facts(change: Change) -> tuple[object, ...]:
    """Return a change as `mirrored` does."""
    return change.kind, change.column, *map(str, (dict(change.key), change.old, change.new, dict(change.cells)))


@SCHEMAS
@given(pair=versions())
@LAW
def test_nothing_changes_by_itself(schema: dict[str, object], pair: tuple[list[Row], list[Row]]) -> None:
    """A package is the same as itself."""
    old, _ = pair
    found = diff(schema, old, old)
    assert (found.changes, found.level) == ((), "none")


@SCHEMAS
@given(pair=versions())
@LAW
def test_there_and_back(schema: dict[str, object], pair: tuple[list[Row], list[Row]]) -> None:
    """Backwards, what was added is removed, and what stood there stands there."""
    old, new = pair
    there, back = diff(schema, old, new), diff(schema, new, old)
    assert Counter(map(mirrored, there.changes)) == Counter(map(facts, back.changes))


@given(pair=versions(), data=st.data())
@LAW
def test_one_cell(pair: tuple[list[Row], list[Row]], data: st.DataObject) -> None:
    """One changed cell is exactly one change, at its row and column, with both values."""
    old, _ = pair
    if not old:
        return
    row, column = data.draw(st.integers(0, len(old) - 1)), data.draw(st.integers(1, 3))
    text = {1: "99", 2: "0.25", 3: "other"}[column]
    new = list(old)
    new[row] = (*old[row][:column], text, *old[row][column + 1 :])  # type: ignore[assignment]
    (change,) = diff(KEYED, old, new).changes
    kind = "text_changed" if column == 3 else "value_changed"
    assert (change.kind, change.column, change.row) == (kind, COLUMNS[column], row + 1)
    assert change.key == {"id": old[row][0]}
    assert (str(change.old), str(change.new)) == (old[row][column] or "None", text)


@SCHEMAS
@given(pair=versions())
@LAW
def test_other_order(schema: dict[str, object], pair: tuple[list[Row], list[Row]]) -> None:
    """The same rows in another order are one patch, and nothing else."""
    old, _ = pair
    found = diff(schema, old, old[::-1])
    assert [change.kind for change in found.changes] == (["rows_reordered"] if len(old) > 1 else [])
    assert found.level == ("patch" if len(old) > 1 else "none")


@SCHEMAS
@given(pair=versions())
@LAW
def test_changes_make_the_later_version(schema: dict[str, object], pair: tuple[list[Row], list[Row]]) -> None:
    """The earlier rows with every reported change are the later rows, to the letter where their order is the same."""
    old, new = pair
    found = diff(schema, old, new)
    made = apply(found, old)
    if not any(change.kind in ORDER for change in found.changes):
        assert made == new
    elif schema is KEYED:
        assert sorted(made) == sorted(new)
    else:
        assert Counter(map(as_values, made)) == Counter(map(as_values, new))


def apply(found: Diff, rows: Sequence[Row]) -> list[Row]:
    """Return rows with the reported changes made."""
    gone = {change.row for change in found.changes if change.kind == "row_removed"}
    made = [list(row) for number, row in enumerate(rows, 1) if number not in gone]
    for change in found.changes:
        if change.kind == "row_added":
            assert change.row is not None
            made.insert(change.row - 1, ["" if cell is None else str(cell) for cell in change.cells.values()])
    by_key = {row[0]: row for row in made}
    for change in found.changes:
        if change.column is not None:
            assert change.row is not None
            row = by_key[str(change.key["id"])] if change.key else made[change.row - 1]
            row[COLUMNS.index(change.column)] = "" if change.new is None else str(change.new)
    return [(row[0], row[1], row[2], row[3]) for row in made]


def as_values(row: Row) -> tuple[object, ...]:
    """Return a row with its number as a value."""
    number = row[2] and row[2] not in ("NaN", "INF")
    return (*row[:2], Decimal(row[2]) if number else row[2], row[3])
