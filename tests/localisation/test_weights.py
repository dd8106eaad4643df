"""What is doubted first: a lone cell before a mention, a mention before what many checks confirm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.localisation import candidates, diagnosis, programme, search, states
from scrdata.localisation.comparing import ranked
from scrdata.localisation.suspects import Suspect
from tests.broken.test_mentions import add_mentions

if TYPE_CHECKING:
    from conftest import PackageFolder

FILE = "data/loans.csv"
RULES = "data/rules.csv"
VISITS = "visits_are_950,loans.visits = 950,All visits add up to 950.\n"


def forget_totals(package: PackageFolder) -> None:
    """Take away what is stated of all loans, so that only adults and each branch are spoken of."""
    package.spoil(RULES, "loans_are_94,loans.loans = 94,All loans add up to 94.\n", "")
    package.spoil(RULES, "loans_match_leaflet,loans.loans = 95,The leaflet gives the number of loans.\n", "")
    leaflet = "leaflet,loans_match_leaflet,,94,95,The leaflet counts one loan twice.\n"
    package.spoil("data/discrepancies.csv", leaflet, "")


def suspected(package: PackageFolder, **options: bool) -> list[tuple[str, int | None, str | None, object, object]]:
    """Return table, row, column, what is found and what is suggested of each suspect."""
    package.repair()
    found = scrdata.suspects(package, **options)
    return [(item.table, item.row, item.column, item.found, item.suggested) for item in found.suspects]


def test_cell_with_a_single_mention_against_it(small_package: PackageFolder) -> None:
    """A cell of which only one mention speaks is doubted before the mention, whose words and value agree."""
    add_mentions(small_package, 'para 1,statistic,21,21,=,"loans[branch_id=quay,kind=child].visits",,')
    small_package.spoil(RULES, VISITS, "")
    assert suspected(small_package) == [("loans", 6, "visits", 20, 21)]


def test_mention_against_a_confirmed_cell(small_package: PackageFolder) -> None:
    """A mention is doubted itself where changing the cells would break other checks."""
    add_mentions(small_package, "para 1,statistic,64,64,=,loans[kind=adult].loans,,")
    assert suspected(small_package) == [("mentions", 1, "value", "64", "63")]


@pytest.mark.parametrize(
    ("mention", "suggested"),
    [
        ("para 1,statistic,69%,69%,=,loans[kind=adult].loans,loans.loans,", "67%"),
        ("para 1,statistic,66.5%,66.5%,=,loans[kind=adult].loans,loans.loans,", "67.0%"),
        ("para 1,statistic,over 70,70,>,loans[kind=adult].loans,,", "less than 63"),
        ("para 1,statistic,half,1/2,=,loans[kind=adult].loans,loans.loans,", None),
    ],
)
def test_what_a_mention_should_say(small_package: PackageFolder, mention: str, suggested: str | None) -> None:
    """A percentage is suggested with as many decimals as are printed, a bound as a bound, a fraction not at all."""
    add_mentions(small_package, mention)
    (suspect,) = suspected(small_package)
    assert suspect[:3] == ("mentions", 1, "value")
    assert suspect[4] == suggested


@pytest.mark.parametrize(
    ("mention", "column", "suggested"),
    [
        ("para 1,statistic,Sixty-three,64,=,loans[kind=adult].loans,,", "value", "63"),
        ("para 1,statistic,Sixty-four,63,=,loans[kind=adult].loans,,", "printed", "63"),
        ("para 1,statistic,Sixty-two,64,=,loans[kind=adult].loans,,", "value", "62"),
        ("para 1,threshold,third,4,,,,", "value", "3"),
        ("para 1,date,April 2009,2009-05,,,,", "value", "2009-04"),
    ],
)
def test_words_against_value(small_package: PackageFolder, mention: str, column: str, suggested: str) -> None:
    """Where words and value differ, the total tells which is wrong; without one it is the value."""
    add_mentions(small_package, mention)
    assert [(item[2], item[4]) for item in suspected(small_package)] == [(column, suggested)]


def test_number_in_a_rule(small_package: PackageFolder) -> None:
    """A number that a rule states is doubted where the cells are confirmed otherwise."""
    small_package.spoil(RULES, "loans[kind=adult].loans = 63", "64 = loans[kind=adult].loans")
    add_mentions(small_package, "para 1,statistic,63,63,=,loans[kind=adult].loans,,")
    (suspect,) = suspected(small_package)
    assert suspect[:3] == ("rules", 3, "equation")


def test_definition_is_not_doubted(small_package: PackageFolder) -> None:
    """A rule whose basis is a definition cannot be wrong, so the cells are."""
    rules = small_package.read(RULES).decode().replace("statement\n", "statement,basis\n")
    lines = rules.splitlines()
    small_package.write(RULES, "\n".join([lines[0], *(f"{line},definition" for line in lines[1:]), ""]))
    place = ("resources", 2, "schema", "fields")
    fields = [*small_package.json()["resources"][2]["schema"]["fields"], {"name": "basis", "type": "string"}]
    small_package.edit("datapackage.json", *place, to=fields)
    small_package.spoil(RULES, "branches = 3", "branches = 4")
    found = scrdata.suspects(small_package)
    assert [item.action for item in found.suspects] == ["add row"]


def test_range_instead_of_a_value(small_package: PackageFolder) -> None:
    """Where only an inequality speaks of a cell, its bound is suggested and no number."""
    forget_totals(small_package)
    small_package.spoil(FILE, "quay,child,4,20", "quay,child,9,20")
    assert suspected(small_package) == [("loans", 6, "loans", 9, "at most 8")]


def test_missing_cell(small_package: PackageFolder) -> None:
    """A cell that is empty and must not be is told from the checks that wait for it."""
    small_package.spoil(FILE, "north,child,12,,", "north,child,,,")
    assert suspected(small_package) == [("loans", 2, "loans", "", 12)]


def test_part_of_a_whole(small_package: PackageFolder) -> None:
    """A part that exceeds its whole is doubted with the sums that say the same."""
    small_package.spoil(FILE, "south,child,15,90", "south,child,51,90")
    found = suspected(small_package)
    assert found[0] == ("loans", 4, "loans", 51, 15)


def test_two_errors_apart(small_package: PackageFolder) -> None:
    """Errors that have nothing to do with one another are told one by one."""
    forget_totals(small_package)
    quay = "quay_visits_are_95,loans[branch_id=quay].visits = 95,The quay had 95 visits.\n"
    adults = 'quay_adults_visit_75_times,"loans[branch_id=quay,kind=adult].visits = 75",Adults came 75 times.\n'
    north = 'north_lends_30,"loans[branch_id=north,kind=adult].loans = 30",Adults of the north borrowed 30.\n'
    small_package.spoil(RULES, VISITS, quay + adults + north)
    small_package.spoil(FILE, "quay,child,4,20", "quay,child,4,30")
    small_package.spoil(FILE, "north,adult,30,400", "north,adult,31,400")
    small_package.repair()
    found = scrdata.suspects(small_package).suspects
    assert {(item.row, item.column, item.suggested) for item in found} == {(1, "loans", 30), (6, "visits", 20)}


def test_equal_candidates_are_alternatives(small_package: PackageFolder) -> None:
    """Cells of which the checks say the same are listed side by side, and share the confidence."""
    forget_totals(small_package)
    small_package.spoil(FILE, "quay,adult,8,75", "quay,adult,9,75")
    small_package.repair()
    found = scrdata.suspects(small_package)
    assert [(repair[0].row, repair[0].suggested) for repair in found.alternatives] == [(1, 29), (3, 24), (5, 8)]
    assert found.suspects[0] == found.alternatives[0][0]
    assert {item.confidence for repair in found.alternatives for item in repair} == {0.17}


def test_row_of_which_a_key_speaks(small_package: PackageFolder) -> None:
    """A key that refers to no row is a row that is left out."""
    small_package.spoil("data/branches.csv", 'quay,"Quay, Old",,south\n', "")
    first = scrdata.suspects(small_package).suspects[0]
    assert (first.action, first.table, dict(first.key)) == ("add row", "branches", {"branch_id": "quay"})


def test_key_that_is_spelt_a_little_wrong(small_package: PackageFolder) -> None:
    """A key that refers to no row is doubted itself where another is spelt nearly like it."""
    small_package.spoil(FILE, "south,child,15,90", "souht,child,15,90")
    assert suspected(small_package)[0] == ("loans", 4, "branch_id", "souht", "south")


def numbered(package: PackageFolder, *cells: str) -> None:
    """Add a table of rows numbered from 1, of which three should say a and two b."""
    package.add_column({"type": "string"}, *cells, primaryKey=["row"])
    three, two = '"cells[cell=a] = 3",Three say a.', '"cells[cell=b] = 2",Two say b.'
    package.spoil(RULES, "branches_are_three,", f"three_say_a,{three}\ntwo_say_b,{two}\nbranches_are_three,")


def test_row_that_its_neighbours_do_not_need(small_package: PackageFolder) -> None:
    """Of rows that are alike the one too many is that without which the numbers still run without a gap."""
    numbered(small_package, "a", "b", "a", "b", "a", "a")
    assert suspected(small_package) == [("cells", 6, None, {"row": 6, "cell": "a"}, None)]


def test_row_whose_number_is_missing(small_package: PackageFolder) -> None:
    """A row that is left out has the number that the others leave out."""
    numbered(small_package, "a", "b", "a", "b", "a")
    small_package.spoil("data/cells.csv", "3,a\n", "")
    assert suspected(small_package) == [("cells", 3, None, None, {"row": 3, "cell": "a"})]


def test_limits_are_told(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that had to give up says that nothing is certain, and still ends."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    monkeypatch.setattr("scrdata.localisation.programme.MOST_CELLS", 0)
    small_package.spoil(RULES, VISITS, "visits_are_951,loans.visits = 951,All visits add up to 951.\n")
    rules = "visits_of_adults_are_9999,loans[kind=adult].visits <= 1,Adults hardly come.\nbranches_are_three,"
    small_package.spoil(RULES, "branches_are_three,", rules)
    small_package.repair()
    found = scrdata.suspects(small_package)
    assert (found.suspects, found.optimal) == ((), False)
    assert {item.reason for item in found.unresolved} == {"the time ran out before a repair was found"}


def test_number_of_alternatives(small_package: PackageFolder) -> None:
    """Only so many alternatives are listed as are asked for, and the rest is not concealed."""
    forget_totals(small_package)
    small_package.spoil(FILE, "quay,adult,8,75", "quay,adult,9,75")
    found = scrdata.suspects(small_package, alternatives=2)
    assert (len(found.alternatives), found.complete) == (2, False)


def test_weights_are_documented() -> None:
    """The page on suspects states the weights, each as it is, in the order of its table."""
    page = (Path(__file__).parent.parent.parent / "docs" / "suspects.md").read_text(encoding="utf-8")
    stated = [int(number.replace(",", "")) for number in re.findall(r"^\| .*? \| ([0-9,]+) \|", page, re.MULTILINE)]
    assert stated == [
        states.CELL,
        states.MISSING,
        states.EMPTIED,
        states.RECODED,
        states.LEFT_OUT,
        states.PUT_IN,
        states.PUT_IN + states.HOLE,
        states.DOUBLE,
        states.STATEMENT,
    ]


def test_limits_are_documented() -> None:
    """The page on suspects states how much is looked at, each number as it is."""
    page = (Path(__file__).parent.parent.parent / "docs" / "suspects.md").read_text(encoding="utf-8")
    stated = [int(number.replace(",", "")) for number in re.findall(r"^- ([0-9,]+) ", page, re.MULTILINE)]
    assert stated == [
        candidates.MOST_ROWS,
        candidates.MOST_VALUES,
        search.MOST_STATES,
        search.MOST_FURTHER,
        search.MOST_GROUPED,
        search.MOST_BOUNDED,
        diagnosis.MOST_BOUNDED,
        diagnosis.MOST_TIES,
        programme.MOST_CELLS,
    ]


def test_two_cells_weigh_more_than_a_statement() -> None:
    """No single statement is traded for two cells, and no cell for a statement."""
    assert states.CELL < states.STATEMENT < 2 * states.CELL


def test_numbers_are_not_spelt_nearly_alike() -> None:
    """Of repairs that tie, one that exchanges a statement for a like one counts no more than the others."""
    found = ranked([(statement("t.n = 149", "t.n = 147"),), (statement("149", "7"),)])
    assert {item.confidence for _, repair in found for item in repair} == {0.4}
    found = ranked([(statement("souht", "south"),), (statement("souht", "north"),)])
    assert [item.confidence for _, repair in found for item in repair] == [0.8, 0.4]


def statement(found: str, suggested: str) -> Suspect:
    """Return a suspect of which another of its kind differs only in what stands there; each has a row of its own."""
    row = len(found) + ord(suggested[0])
    return Suspect("t", "change", row, {}, "c", found, suggested, 0.8, ())
