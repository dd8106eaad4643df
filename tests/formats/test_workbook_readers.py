"""Programs that others wrote read every cell of the workbook as the package has it."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import polars as pl
import pytest

import scrdata
from scrdata.formats.workbook import write_workbook
from scrdata.values import to_text

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
JAVASCRIPT = ROOT / "tests" / "javascript"
SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]
OWN_SHEETS = ("Cover", "Contents", "Notes", "Fields", "Codes")
PAGE = (ROOT / "docs" / "spreadsheet.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the shipped package."""
    path = tmp_path_factory.mktemp("workbook") / "scrdata.xlsx"
    path.write_bytes(write_workbook(SHIPPED.contents))
    return path


def program(name: str) -> str:
    """Return where a program is; skip the test where it is not."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is missing: python3 dev.py system")
    return path


def expected_rows(name: str) -> list[list[str]]:
    """Return a table of the package as rows of text, headings first."""
    columns = SHIPPED.table(name).columns
    rows = zip(*columns.values(), strict=True)
    return [list(columns), *([("[x]" if cell is None else to_text(cell)) for cell in row] for row in rows)]


def as_text(cell: object) -> str:
    """Return what a reader makes of a cell as the package writes it; whole numbers without a point, dates as days."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(" 00:00:00$", "", str(cell))


def check_sheets(sheets: dict[str, list[list[Any]]]) -> None:
    """Hold the rows of every table that a reader found to the package; what stands above a table is left out."""
    assert {*NAMES, *OWN_SHEETS} == set(sheets)
    for name in NAMES:
        wanted = expected_rows(name)
        found = [[as_text(cell) for cell in row] for row in sheets[name][-len(wanted) :]]
        assert found == wanted


def test_pandas_reads_every_cell(workbook: Path) -> None:
    """With pandas one finds every cell of every table."""
    sheets = pd.read_excel(workbook, sheet_name=None, header=None, keep_default_na=False)
    check_sheets({str(name): sheet.to_numpy().tolist() for name, sheet in sheets.items()})


def test_polars_reads_every_cell(workbook: Path) -> None:
    """With polars, through calamine, one finds every cell of every table."""
    sheets = pl.read_excel(workbook, sheet_id=0, has_header=False, infer_schema_length=0)
    check_sheets({name: [list(row) for row in sheet.iter_rows()] for name, sheet in sheets.items()})


def run_soffice(folder: Path) -> dict[str, list[list[str]]]:
    """Run the command of the page for spreadsheet users in a folder; return the rows of each sheet."""
    (line,) = re.findall(r"^    (soffice .*)$", PAGE, re.MULTILINE)
    name, *arguments = shlex.split(line)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run([program(name), profile, *arguments], cwd=folder, capture_output=True, check=True)
    sheets = {}
    for path in folder.glob("scrdata-*.csv"):
        rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        sheets[path.stem.removeprefix("scrdata-")] = list(rows)
    return sheets


def test_libreoffice_reads_every_cell(workbook: Path, tmp_path: Path) -> None:
    """LibreOffice, by the command that the page gives, shows every cell of every table as the package writes it."""
    shutil.copy(workbook, tmp_path)
    check_sheets(run_soffice(tmp_path))


def test_formulas_of_the_page_give_what_it_says(workbook: Path, tmp_path: Path) -> None:
    """Each formula of the page for spreadsheet users, put into the workbook, gives the value that the page states."""
    formulas = re.findall(r"^    (=.*)$", PAGE, re.MULTILINE)
    book = openpyxl.load_workbook(workbook)
    sheet = book.create_sheet("formulas")
    for row, formula in enumerate(formulas, 1):
        sheet.cell(row, 1, formula)
    book.save(tmp_path / workbook.name)
    found = [cell for (cell,) in run_soffice(tmp_path)["formulas"]]
    wanted = [
        str(scrdata.total("reviews[judgement=good]")),
        SHIPPED.table("boards").columns["region"][0],
        next(c.label for c in SHIPPED.table("causes_of_death").schema.columns["cause"].categories),
    ]
    assert found == wanted
    assert f"gives {wanted[0]}, " in PAGE
    assert f"give `{wanted[1]}` and `{wanted[2]}`" in PAGE


def test_exceljs_reads_every_cell(workbook: Path) -> None:
    """With exceljs, in Node.js, one finds every cell of every table."""
    node = program("node")
    if not (JAVASCRIPT / "node_modules" / "exceljs").is_dir():
        pytest.skip("the JavaScript library exceljs is missing: python3 dev.py system")
    command = [node, str(JAVASCRIPT / "read_workbook.js"), str(workbook)]
    check_sheets(json.loads(subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout))


def test_r_reads_every_cell(workbook: Path) -> None:
    """With readxl, in R, one finds every cell of every table."""
    rscript = program("Rscript")
    probe = [rscript, "-e", 'quit(status = !all(c("readxl", "jsonlite") %in% rownames(installed.packages())))']
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("the R packages readxl and jsonlite are missing: python3 dev.py system")
    command = [rscript, str(ROOT / "tests" / "r" / "read_workbook.R"), str(workbook)]
    check_sheets(json.loads(subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout))


@pytest.mark.parametrize("change", [lambda rows: rows.pop(), lambda rows: rows[-1].__setitem__(0, "other")])
def test_comparison_can_fail(change: Callable[[list[list[str]]], object]) -> None:
    """A reader that lost a row, or changed a cell, would be found out."""
    sheets = {name: expected_rows(name) if name in NAMES else [] for name in (*NAMES, *OWN_SHEETS)}
    check_sheets(sheets)
    change(sheets["reviews"])
    with pytest.raises(AssertionError):
        check_sheets(sheets)
