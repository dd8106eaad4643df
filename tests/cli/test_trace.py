"""`scrdata trace REFERENCE`: one screen on one figure, or everything as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.broken.test_mentions import add_mentions

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

ADULTS = """\
loans[kind=adult].loans = 63
  the sum of 'loans' over 3 of 6 rows of 'loans' with kind=adult
  printed by the report

mentions: 4 (agrees: 3, differs: 1)
  '63': para 1; para 2
  '62' [differs]: para 3
  '67%' of loans.loans, here 63 of 94: para 4

rules: 3 (agrees: 2, registered discrepancy: 1)
  30 + 25 + 8 = 63  adult_loans_are_63
  63 + 31 = 94      loans_are_94
  63 + 31 = 95      loans_match_leaflet [registered discrepancy]
"""


@pytest.fixture
def folder(small_package: PackageFolder) -> PackageFolder:
    """Return the small package with four mentions of one total."""
    plain = [
        f"para {n},statistic,{value},{value},=,loans[kind=adult].loans,," for n, value in ((1, 63), (2, 63), (3, 62))
    ]
    add_mentions(small_package, *plain, "para 4,statistic,67%,67%,=,loans[kind=adult].loans,loans.loans,")
    return small_package


def test_text(run: Run, folder: PackageFolder) -> None:
    """The screen says what the total is, where it is printed and what binds it, with the numbers filled in."""
    code, out, errors = run("trace", "loans[kind=adult].loans", "--package", folder.folder)
    assert (code, errors) == (0, "")
    assert out == ADULTS


def test_json(run: Run, folder: PackageFolder) -> None:
    """JSON holds what the text holds, with the name of the package."""
    code, out, _ = run("trace", "loans[kind=adult].loans", "--package", folder.folder, "--format", "json")
    found = json.loads(out)
    assert (code, found["package"], found["value"]) == (0, str(folder.folder), 63)
    assert [mention["verdict"] for mention in found["mentions"]] == ["agrees", "agrees", "differs", "agrees"]


def test_value(run: Run, folder: PackageFolder) -> None:
    """A number lists the totals and mentions that have it."""
    code, out, _ = run("trace", "63", "--package", folder.folder)
    assert (code, out) == (0, "63: 1 totals, 2 mentions\n  total: loans[kind=adult].loans\n  '63': para 1; para 2\n")


def test_long_lists_are_cut(run: Run) -> None:
    """The text lists the first rules and says how many more there are; `--all` lists every one."""
    cut, whole = (
        run("trace", "child_characteristics[characteristic=outcome].children", *rest)[1] for rest in ((), ("--all",))
    )
    assert "more (--all lists them)" in cut
    assert "more (--all lists them)" not in whole
    assert len(cut.splitlines()) < len(whole.splitlines())


@pytest.mark.parametrize("reference", ["loans[kind=*].loans", "lones", "loans.lones"])
def test_misuse(run: Run, folder: PackageFolder, reference: str) -> None:
    """What is no total is misuse: a message, exit code 2, and nothing on standard output."""
    code, out, errors = run("trace", reference, "--package", folder.folder)
    assert (code, out) == (2, "")
    assert errors.startswith("scrdata trace: ")
