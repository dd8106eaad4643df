"""Numbered rows: what their numbers say of a row that is gone, and of one too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.numbering import Numbering, key_numbering, numberings
from tests.localisation.packages import INTEGER, Sheet, diagnosis, write

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata.reading import Table


def table(folder: Path, text: str, key: str = "row", **fields: dict[str, object]) -> Table:
    """Return a table that was written and read again."""
    sheets = {"t": Sheet(text, fields, key)}
    return diagnosis(write(folder, sheets, {})).contents.tables["t"]


@pytest.mark.parametrize(
    ("text", "prefix", "width", "numbers"),
    [
        ("row 1 2 3", "", 0, (1, 2, 3)),
        ("row R1 R2 R10", "R", 0, (1, 2, 10)),
        ("row case-01 case-02 case-10", "case-", 2, (1, 2, 10)),
        ("row case_001 case_100", "case_", 3, (1, 100)),
        ("row 000000000000001", "", 15, (1,)),
    ],
)
def test_numbers_of_a_key(tmp_path: Path, text: str, prefix: str, width: int, numbers: tuple[int, ...]) -> None:
    """The numbers of a key of one column are read with what stands before them, and with their width."""
    assert key_numbering(table(tmp_path, text)) == Numbering("row", prefix, width, numbers)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("row", "row"),
        ("row a b", "row"),
        ("row 1 b", "row"),
        ("row 1b 2b", "row"),
        ("row R1 S2", "row"),
        ("row 1000000000000000", "row"),
        ("row é1", "row"),
        ("row,part 1,2 2,3", "row part"),
        ("row 1 2", ""),
    ],
)
def test_what_is_not_numbered(tmp_path: Path, text: str, key: str) -> None:
    """Rows without a key of one column, of one series, with up to fifteen digits at the end have no numbers."""
    assert key_numbering(table(tmp_path, text, key)) is None


def test_columns_that_are_unique_number_rows_too(tmp_path: Path) -> None:
    """Beside the key, columns that must be unique may hold numbers; the others are not asked."""
    unique = {"type": "integer", "constraints": {"unique": True}}
    found = numberings(table(tmp_path, "row,code,other 1,7,4 2,9,5", code=unique, other=INTEGER))
    assert [(item.column, item.numbers) for item in found] == [("row", (1, 2)), ("code", (7, 9))]
    names = {"constraints": {"unique": True}}
    assert numberings(table(tmp_path, "row,code x,7 y,8", "row code", code=INTEGER)) == []
    assert [item.column for item in numberings(table(tmp_path, "row,code 4,x 5,y", code=names))] == ["row"]


@pytest.mark.parametrize(
    ("numbers", "absent"),
    [
        ((1, 2, 3), 4),
        ((1, 3), 2),
        ((2, 3), 1),
        ((3, 4), 5),
        ((2, 4), 3),
        ((4,), 5),
        ((1, 4), None),
        ((1, 2, 3, 9), None),
        ((1, 1000000), None),
        ((5, 3, 1, 2), 4),
    ],
)
def test_the_number_that_is_left_out(numbers: tuple[int, ...], absent: int | None) -> None:
    """It is the only gap, else the first if the rows start at 2, else the next; several gaps leave it open."""
    assert Numbering("row", "", 0, numbers).absent() == absent


@pytest.mark.parametrize(
    ("numbers", "row", "is_whole"),
    [
        ((1, 2, 3), 2, True),
        ((1, 2, 3), 1, False),
        ((1, 2, 3), 0, False),
        ((1, 2, 2, 3), 1, True),
        ((1, 1, 2), 0, True),
        ((1, 2, 5, 3), 2, True),
        ((7,), 0, True),
        ((4, 5, 6), 2, True),
        ((4, 5, 7), 1, False),
    ],
)
def test_a_row_that_its_neighbours_do_not_need(numbers: tuple[int, ...], row: int, *, is_whole: bool) -> None:
    """Numbers stay whole without a row if the rest runs on from the same first number without a gap."""
    assert Numbering("row", "", 0, numbers).is_whole_without(row) is is_whole


def test_where_a_number_belongs() -> None:
    """A number belongs behind all that are less; rows in another order say nothing."""
    numbers = Numbering("row", "", 0, (1, 2, 4, 5))
    assert [numbers.place(number) for number in (0, 3, 4, 6)] == [1, 3, 3, 5]
    assert Numbering("row", "", 0, (2, 1)).place(3) is None


def test_numbers_are_spelt_as_in_the_table() -> None:
    """A number has the prefix and the zeros of the others."""
    assert Numbering("row", "case-", 3, (1,)).spelt(7) == "case-007"
    assert Numbering("row", "R", 0, (1,)).spelt(7) == "R7"
