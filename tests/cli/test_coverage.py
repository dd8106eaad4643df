"""`scrdata coverage`: the table, the cells by name, and the exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

COLUMNS = ("--column", "loans.loans", "--column", "loans.visits")


@pytest.fixture(name="loans")
def _loans(small_package: PackageFolder) -> PackageFolder:
    """Return the small package with rules that guard some of its cells."""
    small_package.write(
        "data/rules.csv",
        "rule_id,equation,statement\n"
        "loans_match_leaflet,loans.loans = 95,The leaflet.\n"
        '"loans_of_the_north","loans[branch_id=north].loans = 42",The north.\n'
        '"loans_of_children","loans[kind=child,branch_id=south|quay].loans <= 25",Children.\n'
        "south,loans[branch_id=south].visits = 400,The south.\n",
    )
    small_package.repair()
    return small_package


def test_text(run: Run, loans: PackageFolder) -> None:
    """A line for each table and for all; then each cell that is not guarded, and what would pass."""
    text = f"""\
table     cells     alone  in pairs   percent
loans        11         8         0      72.7
all          11         8         0      72.7

not guarded:
  loans[branch_id=north,kind=adult].visits = 400: any number would pass unnoticed; no check sees it
  loans[branch_id=quay,kind=adult].visits = 75: any number would pass unnoticed; no check sees it
  loans[branch_id=quay,kind=child].visits = 20: any number would pass unnoticed; no check sees it

guarded alone, not in pairs:
  loans[branch_id=north,kind=adult].loans = 30: a change together with loans.loans row 2 can pass unnoticed
  loans[branch_id=north,kind=child].loans = 12: a change together with loans.loans row 1 can pass unnoticed
  loans[branch_id=south,kind=adult].loans = 25: a change together with loans.loans row 4 can pass unnoticed
  loans[branch_id=south,kind=child].loans = 15: a change together with loans.loans row 3 can pass unnoticed
  loans[branch_id=quay,kind=adult].loans = 8: a change together with loans.loans row 3 can pass unnoticed
  loans[branch_id=quay,kind=child].loans = 4: a change together with loans.loans row 3 can pass unnoticed
  loans[branch_id=south,kind=adult].visits = 310: a change together with loans.visits row 4 can pass unnoticed
  loans[branch_id=south,kind=child].visits = 90: a change together with loans.visits row 3 can pass unnoticed

package: {loans.folder}
"""
    assert run("coverage", loans.folder, *COLUMNS) == (0, text, "")


def test_ranges_and_guards(run: Run, loans: PackageFolder) -> None:
    """A range that passes is printed with the checks that notice the rest; `--all` lists what guards the others."""
    loans.write(
        "data/rules.csv",
        "rule_id,equation,statement\n"
        '"adults_of_the_north","loans[branch_id=north,kind=adult].loans = 30",The north.\n'
        '"children_of_the_quay","loans[branch_id=quay,kind=child].loans >= 3",The quay.\n'
        '"adults_of_the_south","loans[branch_id=south,kind=adult].visits < 400",The south.\n',
    )
    loans.write("data/discrepancies.csv", "discrepancy_id,check_id,instance,left_value,right_value,explanation\n")
    loans.repair()
    code, out, _ = run("coverage", loans.folder, *COLUMNS, "--all")
    assert code == 0
    assert "\nguarded:\n  loans[branch_id=north,kind=adult].loans = 30: adults_of_the_north\n" in out
    assert (
        "[branch_id=quay,kind=child].loans = 4: from 3 to 31 would pass unnoticed; noticed in part by "
        "children_of_the_quay, loans row 6: part_does_not_exceed_whole\n" not in out
    )
    assert "[branch_id=quay,kind=child].loans = 4: from 3 to 100 would pass unnoticed; noticed in part by " in out
    assert ".visits = 310: to 399 would pass unnoticed; noticed in part by adults_of_the_south\n" in out


def test_json(run: Run, loans: PackageFolder) -> None:
    """The JSON has the exact share, the numbers of each table, and each cell that is listed."""
    code, out, errors = run("coverage", loans.folder, *COLUMNS, "--format", "json")
    found = json.loads(out)
    assert (code, errors, found["share"], found["columns"]) == (0, "", "8/11", ["loans.loans", "loans.visits"])
    assert found["tables"] == [{"name": "loans", "cells": 11, "alone": 8, "in_pairs": 0}]
    assert found["cells"][0] == {
        "table": "loans", "row": 1, "key": {"branch_id": "north", "kind": "adult"}, "column": "loans", "value": "30",
        "alone": "guarded", "least": None, "greatest": None, "in_pairs": False, "partner": "loans.loans row 2",
        "guards": ["loans_match_leaflet", "loans_of_the_north"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "code"),
    [("0", 0), ("72", 0), ("72.7272727272727272", 0), ("72.7272727272727273", 1), ("72.8", 1), ("100", 1)],
)
def test_at_least(run: Run, loans: PackageFolder, percent: str, code: int) -> None:
    """The share is compared exactly: 8 of 11 are a little less than 72.7273 per cent."""
    assert run("coverage", loans.folder, *COLUMNS, "--at-least", percent)[0] == code
    assert run("coverage", loans.folder, "--column", "loans.loans", "--at-least", percent)[0] == 0


@pytest.mark.parametrize("percent", ["101", "100.1", "-1", "1e1", "half", "", "٣", "1/2", "5."])
def test_no_percentage(run: Run, loans: PackageFolder, percent: str) -> None:
    """What is no percentage from 0 to 100 is misuse."""
    code, out, errors = run("coverage", loans.folder, f"--at-least={percent}")
    assert (code, out) == (2, "")
    assert "percentage from 0 to 100" in errors


def test_misuse_and_invalid_packages(run: Run, loans: PackageFolder) -> None:
    """A column that does not exist is misuse; a package whose tables cannot be read is invalid."""
    code, _, errors = run("coverage", loans.folder, "--column", "loans.kind")
    assert (code, errors.startswith("scrdata coverage: no column of numbers is called 'loans.kind'")) == (2, True)
    assert run("coverage", loans.folder / "nowhere")[0] == 2
    loans.spoil("data/loans.csv", "north,adult,30", "north,adult,x")
    loans.repair()
    code, out, errors = run("coverage", loans.folder)
    assert (code, out) == (1, "")
    assert "'loans' is 'x', expected an integer" in errors
