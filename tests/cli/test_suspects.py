"""`scrdata suspects`: what is wrong, in words and as JSON, and what the exit code says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

WRONG = """\
suspect: data/loans.csv, line 7, column loans (branch_id=quay, kind=child)
  is 9, should be 4 (confidence 0.75)
  - Adults borrow more. It reads 9 <= 8 (adults_borrow_more[branch_id=quay]): asks for 8
  - All loans add up to 94. It reads 42 + 40 + 17 = 94 (loans_are_94): asks for 4
  - loans_match_leaflet is registered with 94 in left_value: asks for 4

package: {package}
3 checks fail; 1 suspect
"""


@pytest.fixture
def wrong(small_package: PackageFolder) -> PackageFolder:
    """Return the small package with one wrong count."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    small_package.repair()
    return small_package


def test_text(run: Run, wrong: PackageFolder) -> None:
    """A person is told which number, where it stands, what it should be, and why."""
    code, out, errors = run("suspects", wrong.folder)
    assert (code, errors) == (1, "")
    assert out == WRONG.format(package=wrong.folder)


def test_json(run: Run, wrong: PackageFolder) -> None:
    """JSON is one object with suspects, alternatives, unresolved and optimal."""
    code, out, _ = run("suspects", wrong.folder, "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert found == scrdata.suspects(wrong.folder).to_dict()
    assert (found["alternatives"], found["unresolved"], found["optimal"]) == ([], [], True)
    (suspect,) = found["suspects"]
    assert {name: suspect[name] for name in ("table", "row", "key", "column", "found", "suggested", "explains")} == {
        "table": "loans",
        "row": 6,
        "key": {"branch_id": "quay", "kind": "child"},
        "column": "loans",
        "found": 9,
        "suggested": 4,
        "explains": ["loans_are_94", "adults_borrow_more", "loans_match_leaflet"],
    }
    assert 0 < suspect["confidence"] < 1


def test_nothing_fails(run: Run, small_package: PackageFolder) -> None:
    """Where nothing fails the exit code is 0, and nothing is suspected."""
    code, out, _ = run("suspects", small_package.folder)
    assert (code, out.splitlines()[-1]) == (0, "nothing fails, so nothing is suspected")


def test_register_set_aside(run: Run, small_package: PackageFolder) -> None:
    """A registered discrepancy is diagnosed if asked for."""
    code, out, _ = run("suspects", small_package.folder, "--set-aside-register")
    assert code == 1
    assert "states … = 95, should state … = 94" in out


def test_rows_in_words(run: Run, shipped_copy: PackageFolder) -> None:
    """A row that is left out, one that stands twice, and rows that are alike are told in words."""
    lines = shipped_copy.read("data/reviews.csv").decode().splitlines(keepends=True)
    shipped_copy.write("data/reviews.csv", "".join(lines[:50] + lines[51:]))
    shipped_copy.repair()
    _, out, _ = run("suspects", shipped_copy.folder)
    assert "  a row seems to be left out as data row 50: annex_position=50, evaluation_date=at least 2009-10-01" in out
    shipped_copy.write("data/reviews.csv", "".join([*lines[:51], lines[50], *lines[51:]]))
    shipped_copy.repair()
    _, out, _ = run("suspects", shipped_copy.folder)
    assert "  data row 51 repeats data row 50 and should go (confidence " in out
    shipped_copy.write("data/reviews.csv", "".join([*lines[:5], lines[5].replace("adequate", "good"), *lines[6:]]))
    shipped_copy.repair()
    _, out, _ = run("suspects", shipped_copy.folder)
    assert "suspect: data/reviews.csv, column judgement, in one of the data rows 2, 3, 5, " in out
    assert "which are alike in all that is checked\n  is good, should be adequate" in out


def test_undetermined_in_words(run: Run, shipped_copy: PackageFolder) -> None:
    """Repairs that do as well are listed, and what nobody can tell is said to be undetermined."""
    _, out, _ = run("suspects", shipped_copy.folder, "--set-aside-register", "--alternatives", "3")
    assert "\nundetermined; any of these 3 would do:\n  * data/child_characteristics.csv, line " in out
    assert "\nunresolved: ethnic_groups_sum_to_all_children\n" in out
    assert out.splitlines()[-1].endswith("1 suspect; 1 unresolved; more changes than are listed would do as well")


@pytest.mark.parametrize(
    "option",
    [("--time-limit", "0"), ("--time-limit", "soon"), ("--time-limit", "nan"), ("--alternatives", "0"),
     ("--alternatives", "-1"), ("--alternatives", "\uff19")],
)  # fmt: skip
def test_misuse(run: Run, small_package: PackageFolder, option: tuple[str, str]) -> None:
    """A limit that is none ends with 2 and says what was expected."""
    code, out, errors = run("suspects", small_package.folder, *option)
    assert (code, out) == (2, "")
    assert "above 0" in errors
