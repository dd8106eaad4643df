"""Tracing: what a total is made of, where it is printed, what binds it, and what is known to be wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.errors import NotationError, ScrdataError
from tests.broken.test_mentions import add_mentions

if TYPE_CHECKING:
    from conftest import PackageFolder

MENTIONS = (
    "para 1,statistic,Ninety-four,94,=,loans.loans,,",
    "para 2,statistic,67%,67%,=,loans[kind=adult].loans,loans.loans,",
    "para 3,statistic,62,62,=,loans[kind=adult].loans,,",
    "para 4,statistic,94,94,,,,loans of another library",
    "para 5,statistic,most,1/2,>,loans[kind=adult].loans,loans.loans,",
)


@pytest.fixture
def package(small_package: PackageFolder) -> scrdata.Package:
    """Return the small package with mentions, one of them wrong, and a rule that makes two totals one figure."""
    add_mentions(small_package, *MENTIONS)
    same = "quay_is_as_before,loans[branch_id=quay].loans = loans[loans=12].loans,The quay lends 12.\n"
    small_package.spoil("data/rules.csv", "branches_are_three,", f"{same}branches_are_three,")
    small_package.repair()
    return scrdata.open_package(small_package)


def test_value_definition_and_status(package: scrdata.Package) -> None:
    """A total that a mention states is printed; its rows and its column are named."""
    trace = package.trace("loans.loans")
    assert (trace.reference, trace.value, trace.status, trace.derivation) == ("loans.loans", 94, "printed", ())
    assert trace.definition == "the sum of 'loans' over all 6 rows of 'loans'"
    part = package.trace("loans[branch_id=quay]")
    assert (part.value, part.definition) == (2, "the number of rows: 2 of 6 rows of 'loans' with branch_id=quay")


def test_mentions_have_verdicts(package: scrdata.Package) -> None:
    """Each mention of the figure stands with place, words, what is stored, and whether that agrees."""
    found = [
        (m.locator, m.printed, m.relation, m.stored, m.verdict)
        for m in package.trace("loans[kind=adult].loans").mentions
    ]
    assert found == [
        ("para 2", "67%", "=", "63 of 94", "agrees"),
        ("para 3", "62", "=", "63", "differs"),
        ("para 5", "most", ">", "63 of 94", "agrees"),
    ]


def test_rules_are_filled_in(package: scrdata.Package) -> None:
    """Sums are written out by the groups of the key, so that the traced part can be seen."""
    rules = {(rule.rule_id, rule.instance): rule for rule in package.trace("loans[branch_id=quay].loans").rules}
    assert rules["quay_is_as_before", ""].filled == "8 + 4 = 12"
    assert rules["loans_are_94", ""].filled == "42 + 40 + 12 = 94"
    assert rules["loans_match_leaflet", ""].verdict == "registered discrepancy"
    assert rules["loans_are_94", ""].verdict == "agrees"


def test_equal_totals_are_one_figure(package: scrdata.Package) -> None:
    """A rule of the form total = total makes two references one figure, in both directions."""
    assert package.trace("loans[branch_id=quay].loans").same == ("loans[loans=12].loans",)
    assert package.trace("loans[branch_id=north,kind=child].loans").same == ("loans[branch_id=quay].loans",)


def test_other_spellings_find_the_same(package: scrdata.Package) -> None:
    """A reference to the same cells in other words has the same mentions and rules."""
    plain, other = (
        package.trace("loans[kind=adult].loans"),
        package.trace("loans[branch_id=north|south|quay,kind=adult].loans"),
    )
    assert (plain.mentions, plain.rules) == (other.mentions, other.rules)
    assert plain.reference != other.reference


def test_unknown_and_counted(package: scrdata.Package) -> None:
    """A total with a missing cell is unknown, its rules open; one that nothing states or binds is counted."""
    trace = package.trace("loans.visits")
    assert (trace.value, trace.status) == (None, "unknown")
    assert {rule.verdict for rule in trace.rules} == {"open"}
    assert package.trace("rules").status == "counted"


def test_open_rules_stand_last() -> None:
    """Rules that need a missing cell say least, and stand after all others."""
    verdicts = [rule.verdict for rule in scrdata.trace("child_circumstances[circumstance=disabled].children").rules]
    assert verdicts.count("open") == verdicts[-verdicts.count("open") :].count("open") > 0


def test_a_discrepancy_is_shown_with_its_check(package: scrdata.Package) -> None:
    """A registered discrepancy stands at the figure that its check is about, and at no other."""
    (found,) = package.trace("loans.loans").discrepancies
    assert (found["discrepancy_id"], found["explanation"]) == ("leaflet", "The leaflet counts one loan twice.")
    assert package.trace("loans[kind=adult].loans").discrepancies == ()


def test_a_value_is_found(package: scrdata.Package) -> None:
    """A number has all totals and all mentions with that value, each figure once."""
    found = package.trace(94)
    assert found.totals == ("loans.loans",)
    assert found.mentions == (("para 1", "Ninety-four"), ("para 4", "94"))
    assert package.trace(400).totals == ("loans[branch_id=north,kind=adult].visits",)
    assert package.trace(12345).to_dict() == {"value": 12345, "totals": [], "mentions": []}


@pytest.mark.parametrize("reference", ["loans[kind=*].loans", "loans[kind=pupil]", "lones", "loans.loans = 94", ""])
def test_what_is_no_total_is_refused(package: scrdata.Package, reference: str) -> None:
    """A starred reference and one that cannot be read are errors of the caller."""
    with pytest.raises(ScrdataError if "*" in reference else NotationError):
        package.trace(reference)


def test_deaths_of_the_report() -> None:
    """The causes of death are the deaths of the headline, and add up by group."""
    trace = scrdata.trace("causes_of_death.children")
    assert trace.same == ("child_characteristics[characteristic=outcome,category=died].children",)
    assert "15 + 17 + 13 + 36 + 9 = 90" in [rule.filled for rule in trace.rules]
    assert {rule.verdict for rule in trace.rules} <= {"agrees", "registered discrepancy"}


@pytest.mark.parametrize("name", ["reviews", "causes_of_death", "durations"])
def test_every_row_count_and_cell_can_be_traced(name: str) -> None:
    """Each count of a table is traced to the value that the table holds."""
    package = scrdata.open_package()
    table = package.table(name)
    keys = table.schema.primary_key
    for row in range(0, len(table), 5):
        conditions = ",".join(f"{key}={table.columns[key][row]}" for key in keys)
        assert package.trace(f"{name}[{conditions}]").value == 1
