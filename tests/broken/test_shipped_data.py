"""No count and no row of the shipped package can be changed unnoticed, although every checksum is repaired."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import PackageFolder

CHECKOUT = Path(__file__).parent.parent.parent
# Tables of counts, and of units that are counted; the rest is text about them.
COUNTED = [
    *("judgements", "durations", "review_characteristics", "review_sizes", "child_characteristics"),
    *("child_circumstances", "causes_of_death", "looked_after_deaths"),
]
TABLES = [*COUNTED, "reviews", "boards", "periods"]
COUNTS = ("reviews", "children", "children_who_died")
Rows = list[list[str]]


def read(name: str) -> Rows:
    """Return all lines of a table of the checkout, header first."""
    with (CHECKOUT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def put(package: PackageFolder, name: str, rows: Rows) -> None:
    """Write a table and make the descriptor true again."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    package.write(f"data/{name}.csv", text.getvalue())
    package.repair()


def noticed(package: PackageFolder) -> bool:
    """Say whether validation refuses the package now."""
    return not scrdata.validate(package).valid


def cells(name: str) -> Iterator[tuple[int, int]]:
    """Yield row and column of each printed or derived count of a table."""
    header, *rows = read(name)
    for position, column in enumerate(header):
        if column in COUNTS:
            yield from ((row, position) for row, cells in enumerate(rows, 1) if cells[position])


@pytest.mark.parametrize("name", COUNTED)
def test_counts(shipped_copy: PackageFolder, name: str) -> None:
    """Every count changed by one, up or down, is noticed."""
    good = read(name)
    unnoticed = []
    for row, column in cells(name):
        for step in (1, -1):
            rows = [list(line) for line in good]
            rows[row][column] = str(int(rows[row][column]) + step)
            put(shipped_copy, name, rows)
            if not noticed(shipped_copy):
                unnoticed.append(f"{','.join(good[row][:2])}: {good[row][column]} to {rows[row][column]}")
    assert unnoticed == []


def _drop(rows: Rows, row: int) -> Rows:
    return rows[:row] + rows[row + 1 :]


def _duplicate(rows: Rows, row: int) -> Rows:
    return [*rows[: row + 1], rows[row], *rows[row + 1 :]]


@pytest.mark.parametrize("change", [_drop, _duplicate], ids=["dropped", "duplicated"])
@pytest.mark.parametrize("name", TABLES)
def test_rows(shipped_copy: PackageFolder, name: str, change: Callable[[Rows, int], Rows]) -> None:
    """A row that is dropped or repeated is noticed, wherever it stands."""
    good = read(name)
    sampled = range(1, len(good), 1 if name in COUNTED else 12)
    unnoticed = []
    for row in sampled:
        put(shipped_copy, name, change(good, row))
        if not noticed(shipped_copy):
            unnoticed.append(good[row])
    assert unnoticed == []


@pytest.mark.parametrize("name", COUNTED)
def test_emptied_cells(shipped_copy: PackageFolder, name: str) -> None:
    """A count that is taken away is noticed: no rule may merely become open."""
    good = read(name)
    unnoticed = []
    for row, column in cells(name):
        rows = [list(line) for line in good]
        rows[row][column] = ""
        put(shipped_copy, name, rows)
        if not noticed(shipped_copy):
            unnoticed.append(good[row])
    assert unnoticed == []


@pytest.mark.parametrize("name", COUNTED)
def test_swapped_keys(shipped_copy: PackageFolder, name: str) -> None:
    """Two rows of different counts that exchange their counts are noticed."""
    good = read(name)
    column = next(i for i, label in enumerate(good[0]) if label in COUNTS)
    unnoticed = []
    for row in range(1, len(good) - 1):
        first, second = good[row][column], good[row + 1][column]
        if first != second:
            rows = [list(line) for line in good]
            rows[row][column], rows[row + 1][column] = second, first
            put(shipped_copy, name, rows)
            if not noticed(shipped_copy):
                unnoticed.append((good[row], good[row + 1]))
    assert unnoticed == []


ADDED: dict[str, dict[str, Any]] = {
    "judgements": {"period_id": "2009-10", "judgement": "good", "reviews": "1"},
    "durations": {"judgement": "outstanding", "duration": "under_6_months", "reviews": "0"},
    "looked_after_deaths": {"cause": "overlay", "children": "0"},
    "causes_of_death": {"cause_group": "homicide", "cause": "overlay", "children": "0"},
    "review_sizes": {"size": "seven", "reviews": "0", "children": "0", "value_status": "printed"},
    "periods": {"period_id": "2010-11", "start_date": "2010-04-01", "end_date": "2011-03-31"},
    "boards": {"board_id": "nowhere", "name": "Nowhere"},
    "reviews": {"review_id": "R148", "annex_position": "148", "board_id": "barnet", "judgement": "good",
                "evaluation_date": "2010-03-01"},
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_added_rows(shipped_copy: PackageFolder, name: str) -> None:
    """A row that is added, even one that counts nothing, is noticed."""
    header, *rows = read(name)
    put(shipped_copy, name, [header, *rows, [ADDED[name].get(column, "") for column in header]])
    assert noticed(shipped_copy)


@pytest.mark.parametrize("column", ["judgement", "evaluation_date", "board_id"])
def test_reviews(shipped_copy: PackageFolder, column: str) -> None:
    """A review that takes over another's judgement, or a date outside the year, is noticed."""
    good = read("reviews")
    position = good[0].index(column)
    other = {"judgement": "outstanding", "evaluation_date": "2010-04-01", "board_id": "nowhere"}[column]
    for row in range(1, len(good), 15):
        rows = [list(line) for line in good]
        rows[row][position] = other
        put(shipped_copy, "reviews", rows)
        assert noticed(shipped_copy), good[row]


def test_rules_and_register(shipped_copy: PackageFolder) -> None:
    """A registered discrepancy that is struck off is noticed, since its rule fails."""
    header, *rows = read("discrepancies")
    position = header.index("check_id")
    for row, line in enumerate(rows, 1):
        if line[position]:
            put(shipped_copy, "discrepancies", _drop([header, *rows], row))
            assert noticed(shipped_copy), line
