"""Statements: what equations say about cells, in whichever words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.suggestion.statements import Statements
from tests.memory import totals_of
from tests.test_suggestion import BY_KIND, TOWN

if TYPE_CHECKING:
    from scrdata.totals import Totals


@pytest.fixture(scope="module")
def totals() -> Totals:
    """Return three tables, of which one sums up another."""
    return totals_of(TOWN)


def implied(totals: Totals, equation: str, *stated: str) -> bool:
    """Say whether an equation says nothing new after some others."""
    statements = Statements(totals)
    for text in stated:
        statements.add(totals.equation(text))
    return statements.imply(totals.equation(equation))


PARTS = "loans[kind=book].loans + loans[kind=film].loans"
SAME = [
    ("loans.loans = loans[kind=book|film].loans", ()),
    ("loans.loans <= loans[kind=book|film].loans", ()),
    (f"loans.loans = {PARTS}", ()),
    ("kinds = kinds[kind=book] + kinds[kind=film]", ()),
    ("loans.loans = kinds.loans", ("kinds.loans = loans.loans",)),
    ("loans.loans <= kinds.loans", ("kinds.loans = loans.loans",)),
    ("loans.loans <= kinds.loans", ("2 * loans.loans <= 2 * kinds.loans",)),
    ("loans.loans <= kinds.loans", ("kinds.loans >= loans.loans",)),
    (f"kinds.loans = {PARTS}", (f"{PARTS} - kinds.loans = 0",)),
    (f"kinds.loans + 1 = {PARTS} + 1", (f"{PARTS} = kinds.loans",)),
    ("loans.loans = kinds.loans", (BY_KIND,)),
    ("kinds[kind=film].loans = loans[kind=film].loans", (BY_KIND,)),
    ("loans.loans = kinds[kind=book|film].loans", (BY_KIND, "kinds.loans = loans.loans")),
    ("branches = kinds + 1", ("branches = 3", "branches = kinds + 1")),
]
NEW = [
    ("loans.loans = kinds.loans", ()),
    ("kinds.loans = loans.loans", ("kinds.loans <= loans.loans",)),
    ("loans.loans = kinds.loans", ("loans[kind=film].loans = kinds[kind=film].loans",)),
    ("loans.loans <= kinds.loans", ("kinds.loans <= loans.loans",)),
    ("kinds[kind=film].loans = loans[kind=book].loans", (BY_KIND,)),
    ("kinds[kind=film].loans = loans.loans", (BY_KIND,)),
    ("kinds[kind=*].loans = loans[branch=north,kind=*].loans", (BY_KIND,)),
    (BY_KIND.replace("loans[", "loans[branch=south,"), (BY_KIND.replace("loans[", "loans[branch=north,"),)),
    ("kinds.loans = 1943", (BY_KIND,)),
    ("2 * kinds.loans = 2 * loans.loans + 0", ("kinds = 2",)),
]


@pytest.mark.parametrize(("equation", "stated"), SAME)
def test_what_follows_from_the_same_cells_is_not_new(totals: Totals, equation: str, stated: tuple[str, ...]) -> None:
    """The same cells on both sides, or those of an equation before, say nothing new, in any order and multiple."""
    assert implied(totals, equation, *stated)


@pytest.mark.parametrize(("equation", "stated"), NEW)
def test_what_does_not_follow_is_new(totals: Totals, equation: str, stated: tuple[str, ...]) -> None:
    """An equation about other cells, or of the other direction, is not taken for stated."""
    assert not implied(totals, equation, *stated)


def test_a_rule_that_fails_states_nothing(totals: Totals) -> None:
    """A registered discrepancy does not make two totals one figure, by which others would follow."""
    wrong = ("loans[kind=book].loans = kinds[kind=film].loans", "kinds[kind=film].loans = kinds[kind=book].loans")
    assert not implied(totals, "loans[kind=book].loans = kinds[kind=book].loans", *wrong)
    assert not implied(totals, wrong[0], "loans.loans = 7")


def test_a_rule_of_very_many_cells_is_known_by_its_spelling(totals: Totals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a limit of cells, a rule is recognised as it is written, and what follows from it value by value."""
    monkeypatch.setattr("scrdata.suggestion.statements.MOST_CELLS", 1)
    assert implied(totals, BY_KIND, BY_KIND)
    assert implied(totals, "kinds[kind=book].loans = loans[kind=book].loans", BY_KIND)
    assert implied(totals, "loans.loans = kinds.loans", BY_KIND)
    assert not implied(totals, "loans.loans = loans[kind=book|film].loans")
