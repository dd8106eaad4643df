"""Implied figures: what follows from the package and stands in no table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from tests.test_deduction import Puzzle

if TYPE_CHECKING:
    from tests.conftest import PackageFolder

ROOT = Path(scrdata.__file__).parent.parent.parent
IMPLIED = scrdata.implied()
SUICIDES = "Causes of death of looked after children: Suicide"
REMAINDERS = {figure.label: figure for figure in IMPLIED if figure.status == "remainder"}


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("review_characteristics[characteristic=judgement_against_terms_of_reference,category=lower].reviews", 27),
        ("child_characteristics[characteristic=age,category=6_and_over].children", 78),
        ("review_characteristics[characteristic=children_per_review,category=one].reviews", 120),
        ("review_sizes[size=one].reviews", 120),
    ],
)
def test_derived_cells_are_listed(reference: str, value: int) -> None:
    """Each derived cell of the package is among the implied figures, exactly."""
    (found,) = [figure for figure in IMPLIED if figure.reference == reference]
    assert (found.least, found.greatest, found.status) == (value, value, "derived")


@pytest.mark.parametrize(
    ("label", "arithmetic", "is_inferred"),
    [
        ("Children not counted under “Known to children's social care”", "194 - 119 = 75", False),
        ("Children under “Child in need”, not counted under “On a child protection plan”", "90 - 49 = 41", False),
        ("Children under “Child in need”, not counted under “Children who died”", "90 - 31 = 59", False),
        ("Children under “Looked after”, not counted under “Children who died”", "21 - 9 = 12", False),
        ("Children under “Disabled”, not counted under “Disabled, of one family”", "23 - 7 = 16", False),
        ("Children under “Known to children's social care”, not counted under “Child in need”", "119 - 90 = 29", True),
        (f"Children under “Other external cause, Suicide”, not counted under “{SUICIDES}”", "11 - 3 = 8", True),
    ],
)
def test_remainders_are_listed(label: str, arithmetic: str, is_inferred: bool) -> None:  # noqa: FBT001
    """A whole less its part is listed with its labels, its numbers, and whether it rests on an inference."""
    found = REMAINDERS[label]
    assert (found.reasons[-1].arithmetic, bool(found.inferences), found.exact) == (arithmetic, is_inferred, True)
    assert found.value is None


def test_comparisons_are_no_subsets() -> None:
    """That no ethnic group is larger than another, and reviews no more than deaths, leaves no remainder."""
    assert [label for label in REMAINDERS if "White" in label or "Death found to be natural" in label] == []


def test_remainders_that_a_table_holds_are_not_listed() -> None:
    """The parts of a division have no remainder of their own: the other parts are it."""
    parts = ("Girl", "Boy", "Under 1", "Outstanding", "Good", "Begun", "Attempted", "145")
    assert [label for label in REMAINDERS for part in parts if f"“{part}" in label] == []
    assert [figure.reference for figure in REMAINDERS.values() if figure.reference.startswith("reviews")] == []


def test_only_the_nearest_whole_counts() -> None:
    """Children on a plan are a part of the children in need, and so not taken from all children once more."""
    assert {figure.least for figure in REMAINDERS.values()}.isdisjoint({145, 187})


def test_a_remainder_may_be_held_by_another_name(tmp_path: Path) -> None:
    """A whole that an equation ties to the sum of the part and others has no remainder, whatever it is called."""
    cells = [("2", ""), ("3", ""), ("5", ""), ("5", "")]
    rules = ["c1 <= c4", "cells[row<=2].cell = c3"]
    for equations, number in ((rules, 1), ([*rules, "c3 = c4"], 0)):
        puzzle = Puzzle(tmp_path / str(number), cells, equations)
        assert len(scrdata.open_package(puzzle.folder).implied()) == number


def test_every_empty_count_is_listed_once() -> None:
    """Every figure is listed once, the empty cells with bounds."""
    references = [figure.reference for figure in IMPLIED]
    assert len(references) == len(set(references))
    empty = [figure for figure in IMPLIED if figure.status == "missing"]
    assert len(empty) == 31
    assert all(figure.proven and not figure.exact for figure in empty)


def test_populations_and_rules_of_a_small_package(small_package: PackageFolder) -> None:
    """Parts that no equation divides have a remainder; columns of another unit and larger wholes have none."""
    small_package.write(
        "data/rules.csv",
        "rule_id,equation,statement\n"
        "quay_in_south,loans[branch_id=quay].loans <= loans[branch_id=south].loans,The quay is in the south.\n"
        "visits,loans[branch_id=south].loans <= loans[branch_id=south].visits,Who borrows has come.\n"
        "rows,loans[branch_id=quay].loans <= 20 * loans,Few.\n"
        "more,loans[branch_id=north].loans >= loans[branch_id=quay].loans,North is larger.\n"
        "both,loans[branch_id=north|quay].loans = 54,The two add up to 54.\n",
    )
    small_package.remove("datapackage.json", "scrdata:discrepancies")
    small_package.repair()
    found = {figure.reference: figure.least for figure in scrdata.open_package(small_package).implied()}
    assert found == {"loans[branch_id=south].loans - loans[branch_id=quay].loans": 28}


def test_the_page_is_what_the_program_writes() -> None:
    """`docs/implied-figures.md` is what `scrdata bounds --format markdown` prints."""
    command = [sys.executable, "-m", "scrdata", "bounds", "--format", "markdown"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == (ROOT / "docs" / "implied-figures.md").read_text(encoding="utf-8")
