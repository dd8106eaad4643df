"""`scrdata total REFERENCE`: one total, or one for each value of a star."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("loans", "6"),
        ("loans.loans", "94"),
        ("loans[kind=adult].loans", "63"),
        ("loans[ kind = adult , branch_id = north|south ].loans", "55"),
        ("loans[branch_id.opened>=1960-01-01].loans", "40"),
        ("loans[kind>=adult].loans", "63"),
        ("loans.visits", "unknown: a cell that it needs is missing"),
        ("loans[kind=*].loans", "adult\t63\nchild\t31"),
        ("loans[kind=*].visits", "adult\t785\nchild\tunknown: a cell that it needs is missing"),
        ("branches[parent_id=*]", "north\t1\nsouth\t1"),
        ("loans[kind=*,branch_id=quay|south].loans", "adult\t33\nchild\t19"),
        ("branches[branch_id=*,name=*]", "north, North\t1\nquay, Quay, Old\t1\nsouth, South\t1"),
    ],
)
def test_text(run: Run, small_package: PackageFolder, reference: str, text: str) -> None:
    """A total is one line; a starred one is a line for each value, sorted, with a tab before the number."""
    assert run("total", reference, "--package", small_package.folder) == (0, text + "\n", "")


@pytest.mark.parametrize(
    ("reference", "total"),
    [
        ("loans.loans", 94),
        ("loans.visits", None),
        ("loans[kind=*].visits", [{"values": ["adult"], "total": 785}, {"values": ["child"], "total": None}]),
        ("loans[kind=*,branch_id=quay]", [{"values": ["adult"], "total": 1}, {"values": ["child"], "total": 1}]),
        ("branches[branch_id=*,name=*,opened<1960-01-01]", [{"values": ["north", "North"], "total": 1}]),
    ],
)
def test_json(run: Run, small_package: PackageFolder, reference: str, total: object) -> None:
    """In JSON a total is a number or null, a starred one a list of totals, each with its values."""
    code, out, errors = run("total", reference, "--format", "json", "--package", small_package.folder)
    assert (code, errors) == (0, "")
    assert json.loads(out) == {"package": str(small_package.folder), "reference": reference, "total": total}


def test_numbers_are_exact(run: Run, small_package: PackageFolder) -> None:
    """Numbers are added as they are written, and printed with all their digits, in JSON as text."""
    small_package.add_column({"type": "number"}, "0.1", "0.20", "100000000000000000000")
    option = ("total", "cells.cell", "--package", small_package.folder)
    assert run(*option)[1] == "100000000000000000000.30\n"
    assert json.loads(run(*option, "--format", "json")[1])["total"] == "100000000000000000000.30"


def test_wrong_character_is_pointed_at(run: Run, small_package: PackageFolder) -> None:
    """A reference that cannot be read is misuse: the text says what is wrong, and a mark stands below the character."""
    text = (
        "scrdata total: 'adlt' does not occur in 'kind': expected one of child, adult (character 12)\n"
        "  loans[kind=adlt].loans\n"
        "             ^\n"
    )
    assert run("total", "loans[kind=adlt].loans", "--package", small_package.folder) == (2, "", text)


@pytest.mark.parametrize("cell", ["NaN", "INF", "-INF"])
def test_total_without_a_number(run: Run, small_package: PackageFolder, cell: str) -> None:
    """A total over a cell that is not finite is refused with a reason; it is no bug and no number."""
    small_package.add_column({"type": "number"}, "1.5", cell)
    code, out, errors = run("total", "cells.cell", "--package", small_package.folder)
    assert (code, out) == (2, "")
    assert cell in errors
    assert "Traceback" not in errors


def test_only_the_needed_tables_must_be_sound(run: Run, small_package: PackageFolder) -> None:
    """A total is refused when a table that it needs is wrong, and computed when only another one is."""
    small_package.spoil("data/branches.csv", "1962-11-05", "1962-11-31")
    small_package.repair()
    assert run("total", "loans.loans", "--package", small_package.folder)[:2] == (0, "94\n")
    for reference in ("branches", "loans[branch_id.name=North].loans"):
        code, out, errors = run("total", reference, "--package", small_package.folder)
        assert (code, out) == (1, "")
        assert "data/branches.csv, line 3" in errors
