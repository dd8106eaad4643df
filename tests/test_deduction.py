"""Bounds: proved of every derived cell, as narrow as trying everything, and never by what is to be proved."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from itertools import product
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrdata
from scrdata.contents import with_evidence
from scrdata.errors import NotationError, ScrdataError
from scrdata.inquiry import Inquiry
from scrdata.network import Network
from scrdata.programming import UNBOUNDED, solve
from scrdata.unknowns import Evidence
from tests.broken.test_mentions import add_mentions
from tests.conftest import PackageFolder
from tests.strategies import FEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.programming import Column, Row, Solution, Terms

SHIPPED = scrdata.open_package()
COUNTS = [table for table in SHIPPED.contents.tables.values() if "value_status" in table.columns]


class Cell(NamedTuple):
    """One count of the shipped package: its reference, its value and the status of its row."""

    reference: str
    value: int | None
    status: str


def read_counts() -> list[Cell]:
    """Return every count of the tables that state the status of their values."""
    found = []
    for table in COUNTS:
        columns = [field.name for field in table.schema.fields if field.type == "integer"]
        for row in range(len(table)):
            key = ",".join(f"{name}={table.columns[name][row]}" for name in table.schema.primary_key)
            status = str(table.columns["value_status"][row])
            found += [Cell(f"{table.name}[{key}].{name}", table.columns[name][row], status) for name in columns]  # type: ignore[arg-type]
    return found


DERIVED = [cell for cell in read_counts() if cell.status == "derived"]
MISSING = [cell for cell in read_counts() if cell.value is None]


@pytest.mark.parametrize("cell", DERIVED, ids=lambda cell: cell.reference)
def test_derived_cells_are_proved(cell: Cell) -> None:
    """Every cell that the package calls derived follows exactly from what is printed, and is what it holds."""
    bounds = SHIPPED.bounds(cell.reference)
    assert (bounds.least, bounds.greatest, bounds.exact, bounds.proven) == (cell.value, cell.value, True, True)
    assert (bounds.value, bounds.status, bounds.needed) == (cell.value, "derived", ())
    assert bounds.reasons[-1].about == cell.reference


@pytest.mark.parametrize("cell", MISSING, ids=lambda cell: cell.reference)
def test_missing_cells_do_not_follow(cell: Cell) -> None:
    """No cell is left empty that follows exactly, and both bounds of each are reached."""
    bounds = SHIPPED.bounds(cell.reference)
    assert not bounds.exact
    assert (bounds.proven, bounds.status, bounds.value) == (True, "missing", None)


def test_some_cells_are_derived_and_some_missing() -> None:
    """The two tests above are about something."""
    assert len(DERIVED) >= 20
    assert len(MISSING) >= 25


def test_reviews_of_exactly_two_children() -> None:
    """Of the 22 other reviews of several children between 16 and 21 had two, by relations that say so together."""
    characteristic = "children_per_other_review_of_several"
    reference = f"review_characteristics[characteristic={characteristic},category=exactly_two].reviews"
    bounds = SHIPPED.bounds(reference)
    assert (bounds.least, bounds.greatest, bounds.proven) == (16, 21, True)
    assert [reason.arithmetic for reason in bounds.reasons] == [
        "25 - 1 - 1 - 1 = 22",
        "145 - 1 - 1 - 1 - 22 = 120",
        "120",
        "194 - 6 - 8 - 10 - 120 = 50",
        "3 * 22 - 50 = 16",
        "(50 * 22 - 50) / 48 = 21 7/8",
    ]
    assert [reason.conclusion for reason in bounds.reasons[-2:]] == [">= 16", "<= 21"]
    assert len(bounds.reasons[-1].grounds) == len(bounds.reasons[-2].grounds) == 2
    assert bounds.needed == (reference.replace("exactly_two", "three_or_more"),)
    assert bounds.discrepancies == ("family-of-ten-over-two-generations",)


def test_what_is_inferred_is_named() -> None:
    """A bound that rests on a rule which the report does not state names that rule."""
    bounds = SHIPPED.bounds("child_circumstances[circumstance=known_to_social_care].children_who_died")
    assert (bounds.least, bounds.greatest) == (31, 90)
    assert bounds.inferences == ("Children in need who died are among the known children who died.",)


def test_a_cell_that_no_table_has() -> None:
    """A cell of a key that no table has is bounded by the totals that it would certainly enter."""
    bounds = SHIPPED.bounds("durations[judgement=outstanding,duration=over_2_years].reviews")
    assert (bounds.status, bounds.value, bounds.least, bounds.greatest) == ("absent", None, 0, 0)


def test_a_missing_cell_that_follows(small_package: PackageFolder) -> None:
    """An empty cell of a sum that is known follows, with the others written by groups as a trace writes them."""
    bounds = scrdata.open_package(small_package).bounds("loans[kind=child,branch_id=north].visits")
    assert bounds.reference == "loans[branch_id=north,kind=child].visits"
    assert (bounds.least, bounds.greatest, bounds.value, bounds.status) == (55, 55, None, "missing")
    (reason,) = bounds.reasons
    assert (reason.arithmetic, reason.conclusion) == ("950 - 400 - 400 - 95 = 55", "= 55")
    assert [(ground.check_id, ground.statement) for ground in reason.grounds] == [
        ("visits_are_950", "All visits add up to 950.")
    ]


def test_a_sum_with_a_missing_cell_is_bounded_as_a_whole(small_package: PackageFolder) -> None:
    """The sum of several cells is bounded by what is known of the sum, not only cell by cell."""
    small_package.spoil("data/loans.csv", "south,child,15,90,", "south,child,15,,")
    small_package.repair()
    package = scrdata.open_package(small_package)
    bounds = package.bounds("loans[branch_id=north|south,kind=child].visits")
    assert (bounds.least, bounds.greatest, bounds.reasons[-1].arithmetic) == (145, 145, "950 - 400 - 310 - 95 = 145")
    alone = package.bounds("loans[branch_id=north,kind=child].visits")
    assert (alone.least, alone.greatest, alone.proven) == (None, None, True)
    assert alone.needed == ("loans[branch_id=south,kind=child].visits",)
    assert package.bounds("loans.visits").reasons[-1].arithmetic == "950"


def test_what_is_printed_is_what_it_is(small_package: PackageFolder) -> None:
    """Totals without an unknown cell, numbers of rows, and sums of nothing have their value for both bounds."""
    package = scrdata.open_package(small_package)
    for reference, value, status in (
        ("loans.loans", 94, "printed"),
        ("loans[kind=adult]", 3, "counted"),
        ("loans[loans=99].loans", 0, "printed"),
    ):
        bounds = package.bounds(reference)
        found = (bounds.least, bounds.greatest, bounds.value, bounds.status, bounds.proven)
        assert found == (value, value, value, status, True)


@pytest.mark.parametrize("reference", ["loans[kind=*].loans", "loans[kind=pupil]", "lones", "loans.loans = 94", ""])
def test_what_is_no_total_is_refused(small_package: PackageFolder, reference: str) -> None:
    """A starred reference and one that cannot be read are errors of the caller."""
    with pytest.raises(ScrdataError if "*" in reference else NotationError):
        scrdata.open_package(small_package).bounds(reference)


def test_a_discrepancy_is_no_evidence(small_package: PackageFolder) -> None:
    """A rule that the register lists as failing says nothing of an empty cell, one that holds does."""
    small_package.edit("schemas/loans.json", "fields", 2, "constraints", to={"minimum": 0, "maximum": 100})
    small_package.spoil("data/loans.csv", "north,adult,30,", "north,adult,,")
    small_package.repair()
    package = scrdata.open_package(small_package)
    bounds = package.bounds("loans[branch_id=north,kind=adult].loans")
    assert (bounds.least, bounds.greatest) == (30, 30)
    assert bounds.reasons[0].check_ids == ("loans_are_94",)
    small_package.spoil("data/rules.csv", "loans_are_94,loans.loans = 94,All loans add up to 94.\n", "")
    adults = "adult_loans_are_63,loans[kind=adult].loans = 63,Adults borrowed 63 items.\n"
    small_package.spoil("data/rules.csv", adults, "")
    small_package.repair()
    bounds = scrdata.open_package(small_package).bounds("loans[branch_id=north,kind=adult].loans")
    assert (bounds.least, bounds.greatest) == (12, 100)


class Puzzle:
    """A package with one table of numbered cells, some of them empty or derived, and rules about them.

    Args:
        folder: to write it to.
        cells: the rows of the table: cell and status, each as text.
        rules: equations, in which `c1` stands for the first cell.
        limits: the constraints of the column.
        kind: its type.
        basis: of all rules.
    """

    def __init__(
        self,
        folder: Path,
        cells: Sequence[tuple[str, str]],
        rules: Sequence[str],
        *,
        limits: dict[str, object] | None = None,
        kind: str = "integer",
        basis: str = "printed",
    ) -> None:
        self.folder = PackageFolder(folder)
        numbers = {"name": "cell", "type": kind, "constraints": limits or {}}
        key = {"name": "row", "type": "integer"}
        schema = {"fields": [key, numbers, {"name": "value_status", "type": "string"}], "primaryKey": ["row"]}
        texts = [{"name": name, "type": "string"} for name in ("rule_id", "equation", "basis", "locators")]
        resources = [
            {"name": "cells", "type": "table", "path": "cells.csv", "schema": schema},
            {"name": "rules", "type": "table", "path": "rules.csv", "schema": {"fields": texts}},
        ]
        profile = "https://datapackage.org/profiles/2.0/datapackage.json"
        descriptor = {"$schema": profile, "name": "puzzle", "resources": resources, "scrdata:rules": "rules"}
        self.folder.write("datapackage.json", descriptor)
        rows = [f"{row},{cell},{status}" for row, (cell, status) in enumerate(cells, 1)]
        self.folder.write("cells.csv", "\n".join(["row,cell,value_status", *rows, ""]))
        equations = [spell(rule) for rule in rules]
        lines = [f'r{number},"{equation}",{basis},para {number}' for number, equation in enumerate(equations, 1)]
        self.folder.write("rules.csv", "\n".join(["rule_id,equation,basis,locators", *lines, ""]))

    def bounds(self, text: str, **options: float) -> scrdata.Bounds:
        """Return the bounds of a total, in which `c1` stands for the first cell."""
        return scrdata.open_package(self.folder).bounds(spell(text), **options)


def spell(text: str) -> str:
    """Return a text with `c1` written out as the reference to the first cell."""
    words = [f"cells[row={word[1:]}].cell" if word[:1] == "c" and word[1:].isdigit() else word for word in text.split()]
    return " ".join(words)


def test_relations_together_say_more_than_each(tmp_path: Path) -> None:
    """Where no relation alone bounds a cell, several do, and just these are the reasons."""
    rules = ["c1 + c2 = 10", "c1 - c2 = 2", "c3 + c4 = c2"]
    puzzle = Puzzle(tmp_path, [("", "not_printed")] * 4, rules)
    bounds = puzzle.bounds("c1")
    assert (bounds.least, bounds.greatest, bounds.proven) == (6, 6, True)
    assert {reason.check_ids for reason in bounds.reasons} == {("r1", "r2")}
    assert {reason.arithmetic for reason in bounds.reasons} == {"(10 + 2) / 2 = 6"}
    assert puzzle.bounds("c3").least is None


def test_cases_are_tried_where_sums_do_not_tell(tmp_path: Path) -> None:
    """What follows from whole numbers alone is proved by cases, without arithmetic to show."""
    rules = ["2 * c1 + 3 * c2 = 12", "c1 + c2 <= 5", "3 * c1 + 2 * c2 >= 9"]
    bounds = Puzzle(tmp_path, [("", "")] * 2, rules, limits={"minimum": 0, "maximum": 20}).bounds("c1")
    on_line = [(x, y) for x, y in product(range(21), repeat=2) if 2 * x + 3 * y == 12]
    points = [(x, y) for x, y in on_line if x + y <= 5 and 3 * x + 2 * y >= 9]
    assert (bounds.least, bounds.greatest) == (min(points)[0], max(points)[0])
    assert bounds.proven


def test_a_claim_is_no_evidence(tmp_path: Path) -> None:
    """A derived cell is bounded without its own value, which may be wrong; so are its neighbours."""
    cells = [("4", "printed"), ("99", "derived"), ("", "not_printed")]
    puzzle = Puzzle(tmp_path, cells, ["c1 + c2 = 10", "c2 + c3 = 8"])
    bounds = puzzle.bounds("c2")
    assert (bounds.value, bounds.least, bounds.greatest, bounds.status) == (99, 6, 6, "derived")
    assert [reason.arithmetic for reason in puzzle.bounds("c3").reasons] == ["10 - 4 = 6", "8 - 6 = 2"]


def test_a_derived_rule_does_not_prove_what_it_states(tmp_path: Path) -> None:
    """A rule of the basis derived that states a derived cell as a constant is not used; as a printed one it is."""
    cells = [("4", "derived"), ("", "not_printed")]
    for basis, least in (("derived", None), ("printed", 4)):
        assert Puzzle(tmp_path / basis, cells, ["c1 = 4"], basis=basis).bounds("c1").least == least
    assert Puzzle(tmp_path, cells, ["c2 = 4", "c1 <= c2"], basis="derived").bounds("c1").greatest == 4


def test_rows_chosen_by_a_claim_are_no_evidence(tmp_path: Path) -> None:
    """A rule over rows that are chosen by a derived value would take that value for granted."""
    cells = [("4", "derived"), ("5", "printed")]
    assert Puzzle(tmp_path, cells, ["cells[cell>=4].cell = 9"]).bounds("c1").least is None
    assert Puzzle(tmp_path, cells, ["cells[row>=1].cell = 9"]).bounds("c1").least == 4


def test_contradictions_are_named(tmp_path: Path) -> None:
    """Where relations exclude each other nothing is bounded, and those that do are named, no others."""
    limits = {"minimum": 0, "maximum": 9}
    puzzle = Puzzle(tmp_path, [("", "")] * 3, ["c1 + c2 >= 3", "c1 + c3 = 4", "c1 - c3 = 1"], limits=limits)
    with pytest.raises(ScrdataError, match=r"contradict one another: r2, r3$"):
        puzzle.bounds("c1")
    puzzle = Puzzle(tmp_path, [("", "")] * 2, ["c1 = 4", "c2 <= 7", "c1 + c2 = 12"], limits=limits)
    with pytest.raises(ScrdataError, match=r"contradict one another: r1, r2, r3$"):
        puzzle.bounds("c2")


def test_the_shortest_chain_is_told(tmp_path: Path) -> None:
    """Of several ways to the same value the one with the fewest steps is told."""
    rules = ["c1 = c2", "c2 = c3", "c3 = 5", "c1 + c4 = 12"]
    cells = [("", ""), ("", ""), ("", ""), ("7", "printed")]
    bounds = Puzzle(tmp_path, cells, rules).bounds("c1")
    assert [(reason.arithmetic, reason.check_ids) for reason in bounds.reasons] == [("12 - 7 = 5", ("r4",))]
    rules = ["c1 = c2 + c3", "c2 = 2", "c3 = 3", "c1 = c4", "c4 = 5"]
    bounds = Puzzle(tmp_path, [("", "")] * 4, rules).bounds("c1")
    assert [reason.check_ids for reason in bounds.reasons] == [("r5",), ("r4",)]


def test_the_shortest_equation_says_what_is_needed(tmp_path: Path) -> None:
    """Of several equations that would give a cell the one with the fewest unknown others is named."""
    puzzle = Puzzle(tmp_path, [("", "")] * 4, ["c1 + c4 = 7", "c1 + c2 + c3 = 10", "c1 <= c2"])
    assert puzzle.bounds("c1").needed == (spell("c4"),)


def test_what_the_solver_says_is_not_taken_for_a_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the solver's answer cannot be proved, the bounds of single relations stand, and nothing is claimed."""
    puzzle = Puzzle(tmp_path, [("", "")] * 2, ["c1 + c2 = 10", "c1 - c2 <= 2"], limits={"minimum": 0})
    assert puzzle.bounds("c1").greatest == 6
    monkeypatch.setattr("scrdata.inquiry.prove", lambda *_: None)
    bounds = puzzle.bounds("c1")
    assert (bounds.least, bounds.greatest, bounds.proven) == (0, 10, False)


def test_without_end_is_proved_too(tmp_path: Path) -> None:
    """That a cell has no bound is proved by steps that can be taken for ever; these may be large."""
    puzzle = Puzzle(tmp_path, [("", "")] * 3, ["3 * c1 = 5 * c2", "c1 - c3 <= 7"], limits={"minimum": 0})
    bounds = puzzle.bounds("c1")
    assert (bounds.least, bounds.greatest, bounds.proven) == (0, None, True)


def test_that_there_is_no_bound_is_not_taken_on_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the solver calls a cell unbounded is no proof of it."""

    def lie(columns: Sequence[Column], rows: Sequence[Row], objective: Terms, *, time_limit: float) -> Solution:
        found = solve(columns, rows, (), time_limit=time_limit)
        return found.changed(status=UNBOUNDED) if objective else found

    monkeypatch.setattr("scrdata.inquiry.solve", lie)
    bounds = Puzzle(tmp_path, [("", "")] * 2, ["c1 + c2 = 10", "c1 - c2 = 2"]).bounds("c1")
    assert (bounds.least, bounds.greatest, bounds.proven) == (None, None, False)


def test_a_sum_with_a_fraction_is_not_rounded(tmp_path: Path) -> None:
    """A sum of whole unknowns and a known half is bounded at halves."""
    package = scrdata.open_package(Puzzle(tmp_path, [("", ""), ("3", "")], ["c1 <= c2"]).folder)
    evidence = Evidence(Network(with_evidence(package.contents)))
    goal: dict[tuple[str, str, int], int | Fraction] = {("cells", "cell", 0): 1}
    answer = Inquiry(evidence, goal, Fraction(1, 2), "a sum", monotonic() + 60).answer()
    assert answer.greatest == Fraction(7, 2)


def test_without_time_bounds_are_true_and_not_called_narrow(tmp_path: Path) -> None:
    """What is not settled within the time limit is said to be so, and what single relations give stands."""
    rules = ["c1 + c2 = 10", "c1 - c2 <= 2"]
    puzzle = Puzzle(tmp_path, [("", "")] * 2, rules, limits={"minimum": 0})
    slow, quick = puzzle.bounds("c1"), puzzle.bounds("c1", time_limit=0.0)
    assert (slow.least, slow.greatest, slow.proven) == (0, 6, True)
    assert (quick.least, quick.greatest, quick.proven) == (0, 10, False)


def test_creeping_ends(tmp_path: Path) -> None:
    """Relations that narrow a cell step by step for ever are left to the solver."""
    rules = ["c1 = c2", "3 * c1 - 2 * c2 = 700000", "c1 <= 900000"]
    bounds = Puzzle(tmp_path, [("", "")] * 2, rules, limits={"minimum": 0}).bounds("c1")
    assert (bounds.least, bounds.greatest) == (700_000, 700_000)


def test_decimals_are_bounded_too(tmp_path: Path) -> None:
    """Cells of type number are bounded exactly; where a bound is only come near to, that is not called narrowest."""
    puzzle = Puzzle(tmp_path, [("", ""), ("0.5", "")], ["3 * c1 + c2 = 1"], kind="number")
    bounds = puzzle.bounds("c1")
    assert (bounds.least, bounds.reasons[0].arithmetic) == (Fraction(1, 6), "(1 - 1/2) / 3 = 1/6")
    assert bounds.to_dict()["least"] == "1/6"
    near = Puzzle(tmp_path, [("", ""), ("0.5", "")], ["c1 < c2"], kind="number").bounds("c1")
    assert (near.greatest, near.proven) == (Fraction(1, 2), False)


def test_what_is_no_number_is_no_evidence(tmp_path: Path) -> None:
    """A relation with a cell that is NaN says nothing of an empty one."""
    puzzle = Puzzle(tmp_path, [("", ""), ("NaN", ""), ("2", "")], ["c1 <= c2", "c2 <= 3", "c1 <= 9"], kind="number")
    assert puzzle.bounds("c1").greatest == 9


def test_strict_relations_are_strict(tmp_path: Path) -> None:
    """Less than 7 is at most 6, and three times more than 84 at least 29."""
    bounds = Puzzle(tmp_path, [("", "")], ["c1 < 37", "3 * c1 > 84"]).bounds("c1")
    assert (bounds.least, bounds.greatest) == (29, 36)


def test_exclusive_limits_of_a_column(tmp_path: Path) -> None:
    """Exclusive limits of the schema count as the next whole numbers, and are the reasons where no rule is."""
    limits = {"exclusiveMinimum": 2, "minimum": 1, "exclusiveMaximum": 9}
    bounds = Puzzle(tmp_path, [("", "")], [], limits=limits).bounds("c1")
    assert (bounds.least, bounds.greatest, bounds.proven) == (3, 8, True)
    assert [reason.check_ids for reason in bounds.reasons] == [("minimum",), ("maximum",)]


def test_printed_shares_bound_their_totals(small_package: PackageFolder) -> None:
    """A percentage bounds an empty cell by what rounding allows."""
    add_mentions(small_package, "para 1,statistic,16%,16%,=,loans[branch_id=quay].visits,loans.visits,")
    small_package.spoil("data/loans.csv", "quay,child,4,20,", "quay,child,4,,")
    small_package.repair()
    bounds = scrdata.open_package(small_package).bounds("loans[branch_id=quay,kind=child].visits")
    whole = [visits for visits in range(400) if 31 * 950 <= 200 * (75 + visits) <= 33 * 950]
    assert (bounds.least, bounds.greatest) == (min(whole), max(whole))
    assert "para 1" in {ground.locators for ground in bounds.reasons[-1].grounds}


def make_loans(package: PackageFolder, rules: str) -> scrdata.Package:
    """Return the small package without the loans of children at the quay, with these rules and no others."""
    package.spoil("data/loans.csv", "quay,child,4,20,loans[kind=child].loans\n", "")
    package.write("data/rules.csv", "rule_id,equation,statement\n" + rules)
    package.write("data/discrepancies.csv", "discrepancy_id,check_id,instance,left_value,right_value,explanation\n")
    package.repair()
    return scrdata.open_package(package)


ABSENT = "loans[branch_id=quay,kind=child].loans"


@pytest.mark.parametrize(
    ("equation", "bound"),
    [
        ("loans.loans <= 99", 9),
        ("loans[kind=child].loans <= 30", 3),
        ('"loans[branch_id=quay,kind=child].loans <= 7"', 7),
        ('"loans[branch_id=*,kind=child].loans <= loans[branch_id=*,kind=adult].loans"', 8),
        ("loans[branch_id.parent_id=south].loans <= 20", 12),
        ("loans[kind<=child].loans <= 33", 6),
        ("loans[kind>child].loans <= 70", 100),
        ("loans[branch_id.parent_id=north].loans <= 50", 100),
        ("loans[visits>=0].loans <= 96", 100),
        ("loans[loans>=0].loans <= 96", 100),
        ("loans.loans <= 20 * loans", 100),
        ("loans[kind=adult].loans <= 21 * loans[kind=adult]", 100),
        ("loans[branch_id=quay].visits <= 80", 100),
    ],
)
def test_absent_cells_enter_what_they_certainly_enter(small_package: PackageFolder, equation: str, bound: int) -> None:
    """A cell that no table has is bounded where its key decides that it would be counted, and only there."""
    bounds = make_loans(small_package, f"only,{equation},Only this.\n").bounds(ABSENT)
    assert (bounds.status, bounds.value, bounds.least, bounds.greatest) == ("absent", None, 0, bound)


def test_an_absent_cell_needs_its_whole_key(small_package: PackageFolder) -> None:
    """Without its key a reference that no row fulfils is a sum of nothing, and rows that are not there count 0."""
    package = make_loans(small_package, "only,loans.loans <= 99,Only this.\n")
    assert package.bounds("loans[branch_id=quay,visits=7].loans").least == 0
    assert package.bounds("loans[branch_id=quay,visits=7].loans").status == "printed"
    assert package.bounds("loans[branch_id=quay,kind=child]").status == "counted"
    assert package.bounds("loans[branch_id=quay,kind=adult,visits=7].loans").status == "printed"
    small_package.spoil("data/loans.csv", "quay,adult,8,75,loans[kind=adult].loans\n", "")
    small_package.repair()
    package = scrdata.open_package(small_package)
    assert package.bounds("loans[branch_id=quay].loans").status == "printed"
    assert package.bounds(ABSENT).status == "absent"


def test_what_an_absent_cell_may_enter_is_no_evidence(small_package: PackageFolder) -> None:
    """A relation that the absent cell may or may not enter says nothing of the cells beside it either."""
    small_package.edit("schemas/loans.json", "fields", 2, "constraints", to={"minimum": 0, "maximum": 100})
    small_package.spoil("data/loans.csv", "north,adult,30,", "north,adult,,")
    more = '"loans[branch_id=north,kind=adult].loans >= loans[branch_id=quay,kind=child].loans"'
    few = '"loans[visits>=0,branch_id=north|quay,kind=adult|child].loans <= 70"'
    package = make_loans(small_package, f"more,{more},More.\nfew,{few},Few.\n")
    assert package.bounds(ABSENT).greatest == 100
    assert package.bounds("loans[branch_id=north,kind=adult].loans").greatest == 62


def test_an_absent_value_of_a_star_is_an_instance(small_package: PackageFolder) -> None:
    """A starred rule holds for a value that only the absent cell has."""
    package = make_loans(small_package, "only,loans[visits=*].loans <= 40 * branches[branch_id=north],Only this.\n")
    assert package.bounds("loans[branch_id=quay,kind=child,visits=5].loans").greatest == 40


def test_json(tmp_path: Path) -> None:
    """The dictionary of bounds can be written as JSON, with every part."""
    found = Puzzle(tmp_path, [("", "not_printed"), ("3", "printed")], ["c1 + c2 <= 10"]).bounds("c1").to_dict()
    assert json.loads(json.dumps(found)) == found
    assert (found["least"], found["greatest"], found["exact"], found["proven"]) == (None, 7, False, True)
    (reason,) = found["reasons"]  # type: ignore[misc]
    assert reason["arithmetic"] == "10 - 3 = 7"
    assert reason["grounds"][0]["locators"] == "para 1"


FACTORS = st.lists(st.integers(-3, 3), min_size=4, max_size=4).filter(any)
RULES = st.lists(st.tuples(FACTORS, st.sampled_from(["=", "<=", ">=", "<", ">"]), st.integers(-6, 12)), max_size=4)
COMPARED = {
    "=": int.__eq__,
    "<=": int.__le__,
    ">=": int.__ge__,
    "<": int.__lt__,
    ">": int.__gt__,
}
KNOWN, HIGHEST = 2, 4


def write_rule(factors: list[int], operator: str, amount: int) -> str:
    """Return an equation that says `sum of factor * cell operator amount`."""
    terms = [f"{abs(factor)} * c{number}" for number, factor in enumerate(factors, 1) for _ in [0] if factor]
    signs = ["-" if factor < 0 else "+" for factor in factors if factor]
    left = "0 " + " ".join(f"{sign} {term}" for sign, term in zip(signs, terms, strict=True))
    return f"{left} {operator} 0 {'-' if amount < 0 else '+'} {abs(amount)}"


@FEW
@given(RULES)
def test_bounds_are_those_of_trying_everything(rules: list[tuple[list[int], str, int]]) -> None:
    """Bounds of a cell and of a sum are the least and the greatest of all whole numbers that fulfil every rule."""
    points = [
        point
        for unknown in product(range(HIGHEST + 1), repeat=3)
        for point in [(*unknown, KNOWN)]
        if all(
            COMPARED[operator](sum(f * x for f, x in zip(factors, point, strict=True)), amount)
            for factors, operator, amount in rules
            if any(factors[:3])
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        cells = [("", "not_printed"), ("1", "derived"), ("", "not_printed"), (str(KNOWN), "printed")]
        equations = [write_rule(*rule) for rule in rules]
        puzzle = Puzzle(Path(folder), cells, equations, limits={"minimum": 0, "maximum": HIGHEST})
        if not points:
            with pytest.raises(ScrdataError, match="contradict one another"):
                puzzle.bounds("cells.cell")
            return
        for text, amounts in (
            ("c1", [point[0] for point in points]),
            ("c2", [point[1] for point in points]),
            ("cells[row<=2].cell", [point[0] + point[1] for point in points]),
            ("cells.cell", [sum(point) for point in points]),
        ):
            bounds = puzzle.bounds(text)
            assert (bounds.least, bounds.greatest, bounds.proven) == (min(amounts), max(amounts), True)
