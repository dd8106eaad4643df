"""`scrdata show TABLE`: one table as text, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]


def test_text_is_aligned(run: Run, small_package: PackageFolder) -> None:
    """Text stands to the left, numbers to the right, nothing trails, and missing cells are empty."""
    text = (
        "branch_id  kind   loans  visits  population\n"
        "north      adult     30     400  loans.loans\n"
        "north      child     12          loans[branch_id=north].loans\n"
        "south      adult     25     310  loans.loans\n"
        "south      child     15      90  loans[branch_id=south].loans\n"
        "quay       adult      8      75  loans[kind=adult].loans\n"
        "quay       child      4      20  loans[kind=child].loans\n"
    )
    assert run("show", "loans", "--package", small_package.folder) == (0, text, "")


def test_long_cells_are_cut_in_text_only(run: Run, small_package: PackageFolder) -> None:
    """A cell of more than 60 characters is cut in text, and whole in CSV and JSON."""
    small_package.add_column({"type": "string"}, "x" * 60, "y" * 61)
    option = ("show", "cells", "--package", small_package.folder, "--format")
    assert run(*option, "text")[1] == f"row  cell\n  1  {'x' * 60}\n  2  {'y' * 60}…\n"
    for form in ("csv", "json"):
        assert "y" * 61 in run(*option, form)[1]


def test_table_without_rows(run: Run, small_package: PackageFolder) -> None:
    """A table without rows prints its header, or an empty list."""
    small_package.add_column({"type": "string"})
    small_package.write("data/cells.csv", "row,cell\n")
    option = ("show", "cells", "--package", small_package.folder, "--format")
    assert [run(*option, form)[1] for form in ("text", "csv", "json")] == ["row  cell\n", "row,cell\n", "[]\n"]


@pytest.mark.parametrize("name", NAMES)
def test_csv_is_the_file(run: Run, name: str) -> None:
    """The CSV of a shipped table is its file, byte for byte."""
    code, out, _ = run("show", name, "--package", SHIPPED.location, "--format", "csv")
    assert code == 0
    assert out.encode() == Path(SHIPPED.location, SHIPPED.table(name).file).read_bytes()


def test_csv_keeps_what_must_be_quoted(run: Run, small_package: PackageFolder) -> None:
    """Cells with commas, quotation marks and line ends come out as a CSV reader takes them back."""
    cells = ['a,"b"', "two\nlines", "", " x"]
    small_package.add_column({"type": "string"}, *cells)
    out = run("show", "cells", "--package", small_package.folder, "--format", "csv")[1]
    assert [row[1] for row in csv.reader(io.StringIO(out, newline=""))] == ["cell", *cells]


def test_json_has_types(run: Run, small_package: PackageFolder) -> None:
    """In JSON, integers and flags are themselves, missing cells null, and everything else text."""
    small_package.add_column({"type": "boolean"}, "true", "")
    option = ("--package", small_package.folder, "--format", "json")
    assert json.loads(run("show", "cells", *option)[1]) == [{"row": 1, "cell": True}, {"row": 2, "cell": None}]
    assert json.loads(run("show", "branches", *option)[1])[0] == {
        "branch_id": "north",
        "name": "North",
        "opened": "1950-03-31",
        "parent_id": None,
    }


def test_numbers_keep_their_digits_in_json(run: Run, small_package: PackageFolder) -> None:
    """A number is printed in JSON as text with all its digits, since JSON readers would round it."""
    small_package.add_column({"type": "number"}, "0.10", "12345678901234567890.5")
    out = run("show", "cells", "--package", small_package.folder, "--format", "json")[1]
    assert [row["cell"] for row in json.loads(out)] == ["0.10", "12345678901234567890.5"]


def test_unknown_table(run: Run, small_package: PackageFolder) -> None:
    """A table that does not exist is misuse, with the nearest name."""
    assert run("show", "loan", "--package", small_package.folder) == (
        2,
        "",
        "scrdata show: no table is called 'loan'; did you mean 'loans'?\n",
    )


def test_spoilt_table_is_not_shown(run: Run, small_package: PackageFolder) -> None:
    """A table with a wrong cell is not printed at all; the tables beside it are."""
    small_package.spoil("data/loans.csv", "south,child,15", "south,child,many")
    small_package.repair()
    code, out, errors = run("show", "loans", "--package", small_package.folder)
    assert (code, out) == (1, "")
    assert "data/loans.csv, line 5, column loans" in errors
    assert run("show", "branches", "--package", small_package.folder)[0] == 0
