"""XLSX files as tests see them: what hinders whoever uses one, and every cell as the file itself holds it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
INTERNAL = re.compile(r"'((?:[^']|'')+)'!A1")


def find_barriers(data: bytes) -> list[str]:
    """Return what in an XLSX file breaks the rules of accessible spreadsheets, sheet by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = [f"{sheet.title}: {barrier}" for sheet in book for barrier in _barriers(sheet, book.sheetnames)]
    names = [table.displayName.lower() for sheet in book for table in sheet.tables.values()]
    if len(set(names)) < len(names):
        found.append("two tables have one name")
    if book.active.title != book.sheetnames[0] or book.active.sheet_view.selection[0].activeCell != "A1":
        found.append("the first sheet is not the one that is shown")
    if not book.properties.title:
        found.append("the file has no title")
    return found


def _barriers(sheet: Worksheet, names: list[str]) -> Iterator[str]:
    if sheet.merged_cells.ranges:
        yield "merged cells"
    if sheet.sheet_state != "visible" or any(row.hidden for row in sheet.row_dimensions.values()):
        yield "something hidden"
    if sheet.freeze_panes or sheet.auto_filter.ref or any(table.autoFilter for table in sheet.tables.values()):
        yield "frozen panes or filters"
    if sheet["A1"].value in (None, ""):
        yield "no title in A1"
    if len(sheet.tables) != (sheet.title != _cover_of(names)):
        yield f"{len(sheet.tables)} tables"
    for table in sheet.tables.values():
        yield from _barriers_of_table(sheet, table.ref)
    for cell in _cells(sheet):
        yield from _barriers_of_cell(cell, names)


def _cover_of(names: list[str]) -> str:
    return names[0]


def _barriers_of_table(sheet: Worksheet, ref: str) -> Iterator[str]:
    headings, *rows = sheet[ref]
    texts = [cell.value for cell in headings]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        yield "an empty heading"
    elif len({text.lower() for text in texts}) < len(texts):
        yield "two equal headings"
    if headings[0].column != 1 or rows[-1][-1].row != sheet.max_row:
        yield "something beside or below the table"
    if len(rows) > 1 and any(all(cell.value is None for cell in row) for row in rows):
        yield "an empty row"
    if any(sheet.cell(row, 1).value in (None, "") for row in range(1, headings[0].row)):
        yield "a gap above the table"


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def _barriers_of_cell(cell: Cell, names: list[str]) -> Iterator[str]:
    where = cell.coordinate
    if cell.data_type == "f":
        yield f"{where} is a formula"
    if cell.font.name != "Arial" or cell.font.size < 12:
        yield f"{where} is in {cell.font.name} {cell.font.size}"
    wanted = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd", time: "hh:mm:ss"}.get(type(cell.value), "General")
    if isinstance(cell.value, date) and not cell.number_format.startswith(wanted):
        yield f"{where} shows a date as {cell.number_format}"
    if cell.hyperlink and cell.hyperlink.location:
        target = INTERNAL.fullmatch(cell.hyperlink.location)
        if not target or target[1].replace("''", "'") not in names:
            yield f"{where} leads nowhere"


def read_raw(data: bytes) -> dict[str, dict[str, tuple[str, str]]]:
    """Return, for each sheet, the kind (`s`, `n`, `b`) and the text of each cell, as ECMA-376 says they are read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shared = ET.fromstring(parts.get("xl/sharedStrings.xml", b"<sst/>"))  # noqa: S314  (our own file)
    strings = ["".join(unescaped(t.text or "") for t in item.iter(f"{SHEETS}t")) for item in shared]
    names = [sheet.get("name", "") for sheet in ET.fromstring(parts["xl/workbook.xml"]).iter(f"{SHEETS}sheet")]  # noqa: S314
    found = {}
    for number, name in enumerate(names, 1):
        cells = {}
        for cell in ET.fromstring(parts[f"xl/worksheets/sheet{number}.xml"]).iter(f"{SHEETS}c"):  # noqa: S314
            value = cell.findtext(f"{SHEETS}v")
            kind = cell.get("t", "n")
            if value is not None:
                cells[cell.get("r", "")] = (kind, strings[int(value)] if kind == "s" else value)
        found[name] = cells
    return found


def unescaped(text: str) -> str:
    """Return what a text of the file says: `_xHHHH_` is a character."""
    return re.sub("_x([0-9a-fA-F]{4})_", lambda match: chr(int(match[1], 16)), text)
