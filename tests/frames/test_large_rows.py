"""The limits on rows, cells and columns of files that go through DuckDB: exact, and told as by the strict reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.frames.checking import judge_files
from scrdata.limits import Limits
from scrdata.opening import open_storage

if TYPE_CHECKING:
    from conftest import PackageFolder

    from scrdata import Report

FILE = "data/cells.csv"
CASES = {
    "row": ("row_length", ["x" * 497, "a", "y" * 498], 500),
    "row with quotation marks": ("row_length", ["x", "a,b" + "y" * 493], 500),
    "row on two lines": ("row_length", ["x", "a\nb" + "y" * 493], 500),
    "row of wide characters": ("row_length", ["x", "\u4e2d" * 498], 500),
    "header": ("row_length", ["x"], 8),
    "cell": ("cell_length", ["x", "y" * 500], 500),
    "cell with quotation marks": ("cell_length", ["x", "x," + "y" * 498], 500),
    "cell with doubled marks": ("cell_length", ["x", 'x"' + "y" * 498], 500),
    "cell of wide characters": ("cell_length", ["\u00e9" * 500, "\u00e9" * 250], 500),
    "cell of several blocks": ("cell_length", ["x", "y" * 300_000, "z"], 300_000),
    "cell beyond the usual limit": ("cell_length", ["x", "y" * 2_500_000, "z"], 2_500_000),
    "columns": ("columns", ["x"], 2),
}


def judge(package: PackageFolder, name: str, value: int) -> tuple[Report, Report]:
    """Judge a package with one limit by the strict reader, and with each of its files in DuckDB."""
    limits = Limits(**{name: value})
    strict = scrdata.validate(package, limits=limits)
    return strict, judge_files(open_storage(str(package.folder), limits), list, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_limit_is_exact_in_a_large_file(small_package: PackageFolder, case: str, end: str) -> None:
    """At its limit a file is accepted; one beyond is the finding of the strict reader, whatever ends the lines."""
    name, cells, amount = CASES[case]
    small_package.add_column({"type": "string"}, *cells)
    small_package.write(FILE, small_package.read(FILE).replace(b"\n", end.encode()))
    strict, engine = judge(small_package, name, amount)
    assert strict.to_dict() == engine.to_dict()
    assert FILE not in {finding.file for finding in engine.findings if finding.severity == "error"}
    strict, engine = judge(small_package, name, amount - 1)
    assert strict.to_dict() == engine.to_dict()
    assert (FILE, "row_is_within_limits") in {(finding.file, finding.rule) for finding in engine.findings}


def test_limit_on_cells_is_of_those_in_memory(small_package: PackageFolder) -> None:
    """Cells of a file that goes through an engine do not count among those that are read into memory."""
    small_package.add_column({"type": "string"}, *["x" * 300_000] * 4, *["x"] * 3_000)
    held = scrdata.validate(small_package).checked["cells"] - 2 * 3_004
    report = judge_files(open_storage(str(small_package.folder), Limits(cells=held)), list)
    assert (report.valid, report.checked["cells"]) == (True, held + 2 * 3_004)
    assert not judge_files(open_storage(str(small_package.folder), Limits(cells=held - 1)), list).valid
