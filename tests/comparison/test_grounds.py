"""What explains a changed value: the nearest mentions and rules of the later version, and whether they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.comparison import difference, grounds
from tests.compared import compare

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder


@pytest.fixture
def before(shipped_copy: PackageFolder, tmp_path: Path) -> PackageFolder:
    """Return a copy of the shipped package, beside the one that a test spoils."""
    return shipped_copy.copy(tmp_path / "before")


def explanations(before: PackageFolder, after: PackageFolder) -> list[str]:
    """Return what explains each change."""
    after.repair()
    return [change.explanation for change in scrdata.diff(before, after).changes]


def test_count(before: PackageFolder, shipped_copy: PackageFolder) -> None:
    """A count is explained by the mention that prints it, then by the rules that add up the fewest cells."""
    shipped_copy.spoil("data/causes_of_death.csv", "murder_by_parent_or_carer,10", "murder_by_parent_or_carer,11")
    (words,) = explanations(before, shipped_copy)
    assert words.split("; ") == [
        "table 1 prints '10', which does not hold",
        "table 1 prints '15', which does not hold",
        "murders_by_parents_or_carers_are_ten: 11 = 10, which does not hold",
        "looked_after_deaths_do_not_exceed_all_deaths_by_cause[cause=murder_by_parent_or_carer]: 0 <= 11",
        "and 5 more",
    ]


def test_code(before: PackageFolder, shipped_copy: PackageFolder) -> None:
    """A code is explained by what counts the rows that have it now."""
    shipped_copy.spoil(
        "data/reviews.csv", "R010,10,blackburn-with-darwen,good,", "R010,10,blackburn-with-darwen,inadequate,"
    )
    (words,) = explanations(before, shipped_copy)
    assert "inadequate_reviews_are_23: 24 = 23, which does not hold" in words


def test_place(before: PackageFolder, shipped_copy: PackageFolder) -> None:
    """A row that says where in the source it stands is explained by that."""
    shipped_copy.spoil(
        "data/discrepancies.csv", "ethnic-groups-fall-short,arithmetic,", "ethnic-groups-fall-short,unit,"
    )
    (words,) = explanations(before, shipped_copy)
    assert words.startswith("para 14")


def test_printed_bound(before: PackageFolder, shipped_copy: PackageFolder) -> None:
    """Of words that bound a figure it is said which way they do."""
    shipped_copy.spoil("data/review_characteristics.csv", "half_of_year,first_half,84", "half_of_year,first_half,85")
    (words,) = explanations(before, shipped_copy)
    assert words.startswith("para 137 prints 'just over a third' (> 1/3); ")


def test_total_without_a_number() -> None:
    """A mention of a total that is no number explains nothing, and stops nothing."""
    names = ("mention_id", "locator", "printed", "value", "relation", "total", "share_of")
    mentions = ({"fields": [{"name": name} for name in names]}, f"{','.join(names)}\nm,para 1,2,2,=,t.n,\n")
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "n", "type": "number"}], "primaryKey": ["id"]}
    old, new = ({"t": (schema, f"id,n\n1,NaN\n2,{number}\n"), "mentions": mentions} for number in (1, 2))
    named = {"scrdata:mentions": "mentions"}
    (change,) = compare(old, new, named, named).changes
    assert (change.new, change.explanation) == ("2", "")


def test_registered_discrepancy(small_package: PackageFolder, tmp_path: Path) -> None:
    """A check that fails as it is registered is said to be a registered discrepancy."""
    small_package.spoil("data/rules.csv", "loans_are_94,loans.loans = 94,All loans add up to 94.\n", "")
    before = small_package.copy(tmp_path / "before")
    before.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    before.repair()
    (words,) = explanations(before, small_package)
    assert "loans_match_leaflet: 4 + 90 = 95, a registered discrepancy" in words


def test_missing_value(small_package: PackageFolder, tmp_path: Path) -> None:
    """A rule that needs a missing cell says so of itself."""
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/loans.csv", "quay,child,4,20", "quay,child,4,21")
    (words,) = explanations(before, small_package)
    assert words == "visits_are_950: 21 + unknown = 950"


def test_nothing_binds(small_package: PackageFolder, tmp_path: Path) -> None:
    """A value that no check reads has no explanation, and free text needs none."""
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/branches.csv", "1950-03-31", "1951-03-31")
    small_package.spoil("data/branches.csv", "South", "South Side")
    assert explanations(before, small_package) == ["", ""]


def test_unreadable_rules(small_package: PackageFolder, tmp_path: Path) -> None:
    """Rules that cannot be read explain nothing, which is noted; the comparison stands."""
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    small_package.spoil("data/rules.csv", "branches = 3", "branches ==== 3")
    small_package.repair()
    found = scrdata.diff(before, small_package)
    assert [change.kind for change in found.changes] == ["value_changed", "rule_changed"]
    (note,) = found.notes
    assert note.startswith("what binds the changed values cannot be said: ")
    assert "data/rules.csv, line 2" in note


def test_explanations_are_bounded(
    small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many changed values the first are explained, and a note says so."""
    monkeypatch.setattr(difference, "MOST_EXPLAINED", 1)
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    small_package.repair()
    found = scrdata.diff(before, small_package)
    assert [bool(change.explanation) for change in found.changes] == [True, False]
    assert found.notes == ("of 2 changed values, the first 1 are explained",)


def test_long_sums_are_not_taken_apart(
    small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a rule about very many rows both sides are given, and no parts, which would take time with every cell."""
    monkeypatch.setattr(grounds, "MOST_WRITTEN_OUT", 5)
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    (words,) = explanations(before, small_package)
    assert words.split("; ")[:2] == [
        "adults_borrow_more[branch_id=quay]: 5 <= 8",
        "loans_are_94: 95 = 94, which does not hold",
    ]


def test_rules_are_evaluated_only_if_a_value_changed(
    small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no value changed, no rule is evaluated for an explanation."""
    monkeypatch.delattr(grounds, "outcomes")
    before = small_package.copy(tmp_path / "before")
    small_package.spoil("data/branches.csv", "South", "South Side")
    assert explanations(before, small_package) == [""]
