"""`scrdata bounds [REFERENCE]`: a few lines on one figure, a list of all, or everything as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

EXACT = """\
loans[branch_id=north,kind=child].visits = 55, exactly
  not printed; the cell is empty
    950 - 400 - 400 - 95 = 55  visits_are_950
"""
RANGE = """\
review_characteristics[characteristic=family_reference_first_half,category=no].reviews: from 29 to 84
  not printed; the cell is empty
  review_characteristics[characteristic=half_of_year,category=first_half].reviews = 84
    84           evaluation_dates_match_first_half (para 137; annex b)
  at least 29
    84 / 3 = 28  over_a_third_of_first_half_is_silent_on_family (para 137)
  at most 84
    84           family_references_in_first_half_sum_to_that_half (para 137)
  touched by the discrepancy earlier-reports-overlap-this-one
  not exactly, since this is not known: {other}
""".format(other="review_characteristics[characteristic=family_reference_first_half,category=yes].reviews")
SUPERVISED = """\
child_circumstances[circumstance=interim_supervision_order].children_who_died: from 0 to 1
  not printed; the cell is empty
  at least 0
    the column allows no less
  at most 1
    1  deaths_in_a_circumstance_do_not_exceed_its_children[circumstance=interim_supervision_order] (para 17; para 19)
  not exactly, since no equation gives it
"""


def test_exact(run: Run, small_package: PackageFolder) -> None:
    """An exact figure stands with its arithmetic and the rule."""
    reference = "loans[branch_id=north,kind=child].visits"
    assert run("bounds", reference, "--package", small_package.folder) == (0, EXACT, "")


@pytest.mark.parametrize("text", [RANGE, SUPERVISED])
def test_range(run: Run, text: str) -> None:
    """A figure within bounds has a reason for each side, and why there is no more."""
    assert run("bounds", text.partition(": ")[0]) == (0, text, "")


def test_what_is_known(run: Run, small_package: PackageFolder) -> None:
    """A figure that the tables hold is that figure."""
    out = run("bounds", "loans.loans", "--package", small_package.folder)[1]
    assert out == "loans.loans = 94, exactly\n  stands in the tables\n"


def test_without_a_bound(run: Run, small_package: PackageFolder) -> None:
    """A cell that nothing binds is not bounded, and one that is bounded on one side is so."""
    small_package.write("data/rules.csv", "rule_id,equation,statement\nmany,loans.visits >= 900,There are many.\n")
    small_package.remove("datapackage.json", "scrdata:discrepancies")
    small_package.repair()
    reference = "loans[branch_id=north,kind=child].visits"
    assert f"{reference}: at least 5\n" in run("bounds", reference, "--package", small_package.folder)[1]
    small_package.spoil("data/rules.csv", "loans.visits >= 900", "loans.visits <= 900")
    small_package.repair()
    assert f"{reference}: at most 5\n" in run("bounds", reference, "--package", small_package.folder)[1]
    small_package.spoil("data/rules.csv", "loans.visits <= 900", "loans.loans <= 900")
    small_package.repair()
    assert f"{reference}: not bounded\n" in run("bounds", reference, "--package", small_package.folder)[1]


def test_what_is_inferred_and_what_is_not_settled(run: Run) -> None:
    """Inferences are named, and bounds that were not shown to be the narrowest are said to be so."""
    reference = "child_circumstances[circumstance=known_to_social_care].children_who_died"
    out = run("bounds", reference)[1]
    assert "  inferred, not printed: Children in need who died are among the known children who died.\n" in out
    assert "was not settled" not in out
    assert "was not settled within the time limit\n" in run("bounds", reference, "--time-limit", "0")[1]


def test_json(run: Run, small_package: PackageFolder) -> None:
    """JSON holds what the text holds, with the name of the package."""
    code, out, _ = run("bounds", "loans.visits", "--package", small_package.folder, "--format", "json")
    found = json.loads(out)
    assert (code, found["package"], found["least"], found["exact"]) == (0, str(small_package.folder), 950, True)
    assert found["reasons"][0]["grounds"][0]["check_id"] == "visits_are_950"


def test_all_figures(run: Run) -> None:
    """Without a reference every implied figure is listed, in each format."""
    texts = {format_: run("bounds", "--format", format_)[1] for format_ in ("text", "json", "markdown")}
    figures = json.loads(texts["json"])["figures"]
    assert len(texts["text"].split("\n\n")) == len(figures) > 60
    rows = [line for line in texts["markdown"].splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == len(figures)


@pytest.mark.parametrize(
    "arguments",
    [
        ("loans[kind=*].loans",),
        ("lones",),
        ("loans.loans", "--format", "markdown"),
        ("loans.loans", "--time-limit", "-1"),
        ("loans.loans", "--time-limit", "nan"),
        ("loans.loans", "--time-limit", "soon"),
    ],
)
def test_misuse(run: Run, small_package: PackageFolder, arguments: tuple[str, ...]) -> None:
    """What is no total, and what no option allows, is misuse: exit code 2, and nothing on standard output."""
    code, out, errors = run("bounds", *arguments, "--package", small_package.folder)
    assert (code, out) == (2, "")
    assert "scrdata bounds: " in errors
