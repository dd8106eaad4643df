"""The shipped package, spoilt in one place: that place is named, with what it should say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scrdata
from tests.broken.test_shipped_data import COUNTED, cells, put, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Rows = list[list[str]]


def diagnosed(package: PackageFolder, name: str, rows: Rows) -> scrdata.Suspects:
    """Return the suspects of the shipped package with one other table."""
    put(package, name, rows)
    return scrdata.suspects(package)


def changed(name: str, row: int, column: str, cell: str) -> Rows:
    """Return the lines of a table with one other cell; the header is row 0."""
    rows = read(name)
    rows[row][rows[0].index(column)] = cell
    return rows


def test_nothing_is_suspected(shipped_copy: PackageFolder) -> None:
    """Where nothing fails, nothing is suspected, and that is certain."""
    found = scrdata.suspects(shipped_copy)
    assert (found.failing, found.suspects, found.alternatives, found.unresolved) == (0, (), (), ())
    assert found.optimal
    assert found.complete


@pytest.mark.parametrize("name", COUNTED)
def test_every_count_is_found_again(shipped_copy: PackageFolder, name: str) -> None:
    """A count that is off by one, up in every other row and down in the rest, is the first suspect, with its value."""
    good = read(name)
    missed = []
    for number, (row, column) in enumerate(cells(name)):
        true = int(good[row][column])
        found = diagnosed(shipped_copy, name, changed(name, row, good[0][column], str(true + (-1) ** number)))
        first = found.suspects[0] if found.suspects else None
        told = None if first is None else (first.table, first.row, first.column, first.suggested)
        if told != (name, row, good[0][column], true):
            missed.append((good[row], told))
        assert found.optimal
    assert missed == []


def test_every_value_of_a_mention_is_found_again(shipped_copy: PackageFolder) -> None:
    """A value that its printed words contradict is the first suspect, and the words give what it should be."""
    good = read("mentions")
    column = good[0].index("value")
    missed = []
    for row in range(1, len(good), 18):
        true = good[row][column]
        if true.isdigit():
            other = str(int(true) + 1)
            found = diagnosed(shipped_copy, "mentions", changed("mentions", row, "value", other)).suspects[:1]
            places = [(item.table, item.row, item.column, item.suggested) for item in found]
            if places != [("mentions", row, "value", true)]:
                missed.append((good[row], places))
    assert missed == []


def without_register(package: PackageFolder) -> None:
    """Take the register out of the descriptor."""
    package.remove("datapackage.json", "scrdata:discrepancies")


def without_registered_checks(package: PackageFolder) -> None:
    """Leave the register, and take from its rows which check each is about."""
    rows = read("discrepancies")
    column = rows[0].index("check_id")
    put(package, "discrepancies", [rows[0], *([*row[:column], "", *row[column + 1 :]] for row in rows[1:])])


@pytest.mark.parametrize("spoil", [None, without_register, without_registered_checks])
def test_contradictions_of_the_report(
    shipped_copy: PackageFolder, spoil: Callable[[PackageFolder], None] | None
) -> None:
    """With the register set aside the 149 of paragraph 122 is suspected, and the ethnic groups are undetermined."""
    if spoil is not None:
        spoil(shipped_copy)
    found = scrdata.suspects(shipped_copy, register=spoil is not None)
    assert [(item.key["mention_id"], item.column, item.found, item.suggested) for item in found.suspects] == [
        ("para_122_3", "value", "149", "147")
    ]
    groups = [dict(repair[0].key)["category"] for repair in found.alternatives if repair[0].action == "change"]
    ethnicities = [row[1] for row in read("child_characteristics") if row[0] == "ethnicity"]
    assert sorted(map(str, groups)) == sorted(ethnicities)
    added = [repair[0].suggested for repair in found.alternatives if repair[0].action == "add row"]
    assert added == [{"characteristic": "ethnicity", "children": 4}]
    assert len(found.alternatives) == len(groups) + len(added)
    assert [item.check for item in found.unresolved] == ["ethnic_groups_sum_to_all_children"]
    assert "undetermined" in found.unresolved[0].reason


def test_alternatives_are_whole_repairs(shipped_copy: PackageFolder) -> None:
    """A group that is changed against what is printed comes with the mention and the rule that would be wrong too."""
    found = scrdata.suspects(shipped_copy, register=False)
    repair = next(item for item in found.alternatives if item[0].key.get("category") == "asian")
    assert [(part.table, part.column, part.suggested) for part in repair] == [
        ("child_characteristics", "children", 14),
        ("mentions", "value", "14"),
        ("rules", "equation", "child_characteristics[characteristic=ethnicity,category=asian].children = 14"),
    ]


@pytest.mark.parametrize("row", [1, 50, 147])
def test_dropped_review(shipped_copy: PackageFolder, row: int) -> None:
    """A review that is left out is told by its number, its place and its judgement."""
    rows = read("reviews")
    review_id, position, _, judgement, _ = rows.pop(row)
    first = diagnosed(shipped_copy, "reviews", rows).suspects[0]
    assert (first.action, first.table, first.row) == ("add row", "reviews", row)
    assert dict(first.key) == {"review_id": review_id}
    assert isinstance(first.suggested, dict)
    assert first.suggested["judgement"] == judgement
    assert first.suggested["annex_position"] == int(position)


def test_three_dropped_reviews(shipped_copy: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several reviews that are left out are told by what their Boards, judgements and halves of the year lack."""
    # The search would go on for as long as it may; what it leaves is found all the same.
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 20)
    rows = read("reviews")
    lost = [rows.pop(row) for row in (140, 61, 34)]
    put(shipped_copy, "reviews", rows)
    found = scrdata.suspects(shipped_copy)
    told = [dict(item.suggested) for item in found.suspects if isinstance(item.suggested, dict)]
    assert [item.action for item in found.suspects] == ["add row"] * 3
    assert sorted(str(item["judgement"]) for item in told) == sorted(line[3] for line in lost)
    assert {item["board_id"] for item in told if "board_id" in item} == {"dudley", "tower-hamlets"}


def test_duplicated_review(shipped_copy: PackageFolder) -> None:
    """Of a review that stands twice the second is one too many, and the first is named."""
    rows = read("reviews")
    rows.insert(51, rows[50])
    first = diagnosed(shipped_copy, "reviews", rows).suspects[0]
    assert (first.action, first.row, first.candidates) == ("remove row", 51, (50, 51))


@pytest.mark.parametrize("name", ["case_factors", "durations", "boards", "lessons"])
def test_duplicated_rows(shipped_copy: PackageFolder, name: str) -> None:
    """A row that stands twice is told before any of its codes is doubted."""
    rows = read(name)
    rows.insert(8, rows[7])
    first = diagnosed(shipped_copy, name, rows).suspects[0]
    assert (first.action, first.table, first.row, first.candidates) == ("remove row", name, 8, (7, 8))


def test_count_that_is_a_condition(shipped_copy: PackageFolder) -> None:
    """A count by which rows are classed is told before a count that is missing is filled in for another row."""
    rows = read("cases")
    column = rows[0].index("children")
    alone = [row for row in range(1, len(rows)) if rows[row][column] == "1"]
    for row in alone[::6]:
        found = diagnosed(shipped_copy, "cases", changed("cases", row, "children", "2")).suspects
        assert [(item.row, item.column, item.suggested) for item in found] == [(row, "children", 1)]


def test_added_review(shipped_copy: PackageFolder) -> None:
    """A review too many is the one whose number the others do not need."""
    rows = [*read("reviews"), ["R148", "148", "barnet", "good", "2010-03-01"]]
    found = diagnosed(shipped_copy, "reviews", rows)
    assert [(item.action, item.row, dict(item.key)) for item in found.suspects] == [
        ("remove row", 148, {"review_id": "R148"})
    ]


@pytest.mark.parametrize("other", ["good", "inadequate", "outstanding"])
def test_changed_judgement(shipped_copy: PackageFolder, other: str) -> None:
    """A changed judgement is told by what it was and is; it is one of the reviews that are judged so now."""
    assert read("reviews")[5][3] == "adequate"
    rows = changed("reviews", 5, "judgement", other)
    found = diagnosed(shipped_copy, "reviews", rows).suspects
    assert [(item.table, item.column, item.found, item.suggested) for item in found] == [
        ("reviews", "judgement", other, "adequate")
    ]
    alike = tuple(row for row in range(1, len(rows)) if rows[row][3] == other)
    assert found[0].candidates == (alike if len(alike) > 1 else ())
    assert found[0].row == (None if len(alike) > 1 else 5)


def test_moved_date(shipped_copy: PackageFolder) -> None:
    """A date outside the year has to be in the half of the year that lacks a review; the day does not follow."""
    found = diagnosed(shipped_copy, "reviews", changed("reviews", 5, "evaluation_date", "2010-05-01")).suspects
    assert [(item.row, item.column, item.suggested) for item in found] == [
        (5, "evaluation_date", "at least 2009-04-01 and at most 2009-09-30")
    ]


def test_swapped_cells(shipped_copy: PackageFolder) -> None:
    """Two counts that changed places are both found, and told to have done so."""
    rows = read("causes_of_death")
    rows[1][2], rows[4][2] = rows[4][2], rows[1][2]
    found = diagnosed(shipped_copy, "causes_of_death", rows).suspects
    assert sorted((item.row, item.found, item.suggested, item.swapped_with) for item in found) == [
        (1, 11, 10, 4),
        (4, 10, 11, 1),
    ]
    assert all("changed places with data row" in item.reasons[0] for item in found)


@pytest.mark.parametrize(
    ("name", "row", "column", "cell", "suggested"),
    [
        ("reviews", 5, "judgement", "adeqate", "adequate"),
        ("reviews", 5, "board_id", "birminghan", "birmingham"),
        ("judgements", 1, "reviews", "-1", 0),
        ("judgements", 2, "reviews", "twelve", 12),
        ("causes_of_death", 4, "children", "", 11),
        ("causes_of_death", 4, "cause", "killing_by_young_person", "suicide"),
    ],
)
def test_cells_that_validation_refuses(
    shipped_copy: PackageFolder, name: str, row: int, column: str, cell: str, suggested: str | int
) -> None:
    """A cell of the wrong type, an unknown code, a key that stands twice: the rules tell what it should be."""
    found = diagnosed(shipped_copy, name, changed(name, row, column, cell)).suspects
    first = found[0]
    assert (first.table, first.row, first.column, first.suggested) == (name, row, column, suggested)


@pytest.mark.parametrize("name", ["causes_of_death", "review_sizes", "child_circumstances", "boards", "publications"])
def test_dropped_rows(shipped_copy: PackageFolder, name: str) -> None:
    """A row that is left out of a table is told by its key and its numbers."""
    good = read(name)
    key = scrdata.open_package().table(name).schema.primary_key
    for row in range(1, len(good), 6):
        first, *others = diagnosed(shipped_copy, name, good[:row] + good[row + 1 :]).suspects
        assert others == []
        lost = dict(zip(good[0], good[row], strict=True))
        assert (first.action, first.table) == ("add row", name)
        assert {column: first.key[column] for column in key} == {column: lost[column] for column in key}
        assert isinstance(first.suggested, dict)
        numbers = {column: cell for column, cell in first.suggested.items() if isinstance(cell, int)}
        assert numbers == {column: int(cell) for column, cell in lost.items() if cell.isdigit() and column in numbers}


def test_dropped_case(shipped_copy: PackageFolder) -> None:
    """A case that others name is left out rather than called by the number of another case."""
    rows = read("cases")
    row = next(number for number, line in enumerate(rows) if line[0] == "case-84")
    first = diagnosed(shipped_copy, "cases", rows[:row] + rows[row + 1 :]).suspects[0]
    assert (first.action, first.table, first.key["case_id"]) == ("add row", "cases", "case-84")


def test_discrepancy_that_is_mended_in_silence(shipped_copy: PackageFolder) -> None:
    """A registered mention that agrees all at once is no wrong number, and is passed on as unresolved."""
    rows = read("mentions")
    row = next(number for number, line in enumerate(rows) if line[0] == "para_122_3")
    rows[row][rows[0].index("printed")] = rows[row][rows[0].index("value")] = "147"
    found = diagnosed(shipped_copy, "mentions", rows)
    assert found.suspects == ()
    assert [item.check for item in found.unresolved] == ["registered_discrepancy_stands"]


def test_statements(shipped_copy: PackageFolder) -> None:
    """A number that a rule states, or a registered value, is suspected where everything else agrees."""
    rows = read("rules")
    row = next(number for number, line in enumerate(rows) if line[0] == "reviews_are_147")
    found = diagnosed(shipped_copy, "rules", changed("rules", row, "equation", "reviews = 146")).suspects
    assert [(item.table, item.row, item.suggested) for item in found] == [("rules", row, "reviews = 147")]
    put(shipped_copy, "rules", rows)
    found = diagnosed(shipped_copy, "discrepancies", changed("discrepancies", 1, "left_value", "191")).suspects
    assert [(item.table, item.column, item.suggested) for item in found] == [("discrepancies", "left_value", "190")]


def test_files_that_cannot_be_read_are_unresolved(shipped_copy: PackageFolder) -> None:
    """What is wrong with a file as a whole is no number to suspect, and is passed on with its place."""
    shipped_copy.write("data/durations.csv", "\ufeffjudgement,duration,reviews\n")
    found = scrdata.suspects(shipped_copy)
    assert found.suspects == ()
    assert "data/durations.csv, line 1" in {item.place for item in found.unresolved}
