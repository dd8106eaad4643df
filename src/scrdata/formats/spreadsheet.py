"""Sheets to the bytes of an XLSX file, as the Analysis Function asks of spreadsheets; only user of `xlsxwriter`.

The guidance is "Releasing statistics in spreadsheets" of the UK Government Analysis Function
(https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/): a title in A1 and
one table on each sheet, marked up as a table and starting in column A; no merged cells, blank rows, frozen panes or
filters; Arial of 12 points or more; text wrapped; nothing said by colour alone.

Its own library `gptables` writes this layout and cannot write these data: it refuses cells such as `=` and `%`,
blanks cells of spaces, loses some text, and makes links of what looks like Markdown. So tests hold the layout and
the fonts to what `gptables` writes, and the cells are written here.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime

from scrdata.errors import ScrdataError
from scrdata.findings import quoted
from scrdata.formats.cells import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Link, plain_text, text_length
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from scrdata.formats.cells import Stored

    Formats = dict[str, Format]

_FONT = {"font_name": "Arial", "font_size": 12}
_CELL = {**_FONT, "valign": "top"}
_TEXT = {**_CELL, "text_wrap": True, "align": "left", "quote_prefix": True}
# The fonts and headings are those of gptables; `quote_prefix` keeps text what it is when somebody edits the cell.
_FORMATS = {
    "title": {**_FONT, "bold": True, "font_size": 16},
    "line": {**_FONT, "quote_prefix": True},
    "cover title": {**_FONT, "bold": True, "font_size": 16, "text_wrap": True},
    "cover heading": {**_FONT, "bold": True, "font_size": 14, "text_wrap": True},
    "cover text": _TEXT,
    "heading": {**_CELL, "bold": True, "bottom": 1, "text_wrap": True, "align": "left"},
    "heading of numbers": {**_CELL, "bold": True, "bottom": 1, "text_wrap": True, "align": "right"},
    "text": _TEXT,
    "text among numbers": {**_TEXT, "align": "right"},
    "whole number": {**_CELL, "num_format": "0", "align": "right"},
    "number": {**_CELL, "align": "right"},
    "date": {**_CELL, "num_format": "yyyy-mm-dd", "align": "left"},
    "date and time": {**_CELL, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    "flag": {**_CELL, "align": "left"},
    "link": {**_CELL, "font_color": "#0000FF", "underline": True, "text_wrap": True, "align": "left"},
}
_OPTIONS = {"in_memory": True, "default_format_properties": _FONT, "default_column_width": 80}
_COVER_WIDTH = 800
_NARROWEST, _WIDEST = 80, 480
# Of Arial 12, regular and bold, to the Calibri 11 that xlsxwriter measures.
_WIDER, _BOLDER = 1.25, 1.35
_A4 = 9
# A reader takes `_x0041` for an escaped character if what the file has behind it begins with `_`, an escape too; and
_ESCAPE = r"_x[0-9a-fA-F]{4}"
# xlsxwriter takes text between `<r>` and `</r>` for text that it has already marked up. Either is cut in two there.
_SEAM = re.compile(rf"(?<={_ESCAPE})(?={_ESCAPE}_|[\x00-\x08\x0b-\x1f\ufffe\uffff])|(?<=\A<)(?=r>)")


class Column(Record):
    """One column of a table: its heading, and its cells from top to bottom."""

    heading: str
    cells: Sequence[Stored]


class Sheet(Record):
    """A sheet with one table.

    Attributes:
        name: of the sheet, as `cells.name_sheets` spells it.
        title: stands in A1.
        lines: what stands between the title and the table, one line in each row.
        table: the name of the table, as `cells.name_tables` spells it.
        columns: at least one, all of one length.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    table: str
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """The number of rows of the table, its headings aside."""
        return len(self.columns[0].cells)


class Cover(Record):
    """The first sheet, which has text alone: a title, and sections of a heading and paragraphs."""

    name: str
    title: str
    sections: tuple[tuple[str, tuple[str | Link, ...]], ...]


def write_spreadsheet(cover: Cover, sheets: Sequence[Sheet], *, author: str, created: datetime) -> bytes:
    """Return an XLSX file: the same bytes for the same sheets, whenever and wherever it is made.

    Args:
        cover: the sheet that is shown first.
        sheets: the others, in their order.
        author: who made what the sheets hold.
        created: when; it is also given as the time of the last change.

    Raises:
        ScrdataError: xlsxwriter is not installed, or a sheet would be larger than spreadsheet programs allow.
    """
    try:
        from xlsxwriter.workbook import Workbook
    except ModuleNotFoundError:
        message = "workbooks need xlsxwriter, which is not installed; `pip install scrdata[release]` installs it"
        raise ScrdataError(message) from None
    file = io.BytesIO()
    book = Workbook(file, _OPTIONS)
    book.set_properties({"title": plain_text(cover.title), "author": plain_text(author), "created": created})
    formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
    _write_cover(book, formats, cover)
    for sheet in sheets:
        _write_sheet(book, formats, sheet)
    book.close()
    return file.getvalue()


def _write_cover(book: Workbook, formats: Formats, cover: Cover) -> None:
    page = _add_page(book, cover.name)
    page.hide_gridlines(2)
    page.set_column_pixels(0, 0, _COVER_WIDTH)
    _write_text(page, formats, 0, 0, cover.title, "cover title")
    row = 1
    for heading, paragraphs in cover.sections:
        _write_text(page, formats, row, 0, heading, "cover heading")
        for position, paragraph in enumerate(paragraphs, start=row + 1):
            _write_cell(page, formats, position, 0, paragraph, "cover text")
        row += 1 + len(paragraphs)


def _write_sheet(book: Workbook, formats: Formats, sheet: Sheet) -> None:
    top = 1 + len(sheet.lines)
    # A table without rows is marked up with one empty row, as Excel does.
    bottom = top + max(sheet.rows, 1)
    if bottom >= MOST_ROWS or len(sheet.columns) > MOST_COLUMNS:
        size = f"{sheet.rows:,} rows and {len(sheet.columns):,} columns"
        limit = f"a sheet holds {MOST_ROWS:,} rows, {top + 1} of them above the data, and {MOST_COLUMNS:,} columns"
        raise ScrdataError(f"{quoted(sheet.name)} has {size}; {limit}: export it as CSV or Parquet")
    page = _add_page(book, sheet.name)
    page.repeat_rows(top)
    _write_text(page, formats, 0, 0, sheet.title, "title")
    for row, line in enumerate(sheet.lines, start=1):
        _write_text(page, formats, row, 0, line, "line")
    headings = [
        {"header": column.heading, "header_format": formats[_styles(column)[0]]} for column in sheet.columns
    ]
    about = f"{sheet.rows} rows and {len(sheet.columns)} columns; the first row holds the headings."
    settings = {"name": sheet.table, "columns": headings, "style": None, "autofilter": False}
    page.add_table(top, 0, bottom, len(headings) - 1, {**settings, "title": plain_text(sheet.title), "description": about})
    for position, column in enumerate(sheet.columns):
        _write_column(page, formats, top + 1, position, column)
    # Digits that are text are meant to be: no need for Excel to mark them.
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})


def _add_page(book: Workbook, name: str) -> Worksheet:
    """Add an empty sheet that prints on A4, as wide as the paper."""
    page = book.add_worksheet(name)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    return page


def _styles(column: Column) -> tuple[str, str]:
    """Return the formats of the heading and of text: on the side on which numbers stand, where there are any."""
    has_numbers = any(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in column.cells)
    return ("heading of numbers", "text among numbers") if has_numbers else ("heading", "text")


def _write_column(page: Worksheet, formats: Formats, top: int, position: int, column: Column) -> None:
    from xlsxwriter.utility import cell_autofit_width

    _, style = _styles(column)
    for row, cell in enumerate(column.cells, start=top):
        _write_cell(page, formats, row, position, cell, style)
    widths = [_BOLDER * cell_autofit_width(column.heading)]
    widths += [_WIDER * cell_autofit_width(line) for cell in column.cells for line in _as_shown(cell).split("\n")]
    page.set_column_pixels(position, position, round(min(max(*widths, _NARROWEST), _WIDEST)))


def _as_shown(cell: Stored) -> str:
    return cell.text if isinstance(cell, Link) else str(cell)


def _write_cell(page: Worksheet, formats: Formats, row: int, column: int, cell: Stored, style: str) -> None:
    """Write one cell; text has the format `style`, everything else that of its kind."""
    if isinstance(cell, str):
        _write_text(page, formats, row, column, cell, style)
    elif isinstance(cell, Link):
        page.write_url(row, column, cell.target, formats["link"], cell.text)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, formats["flag"])
    elif isinstance(cell, (int, float)):
        page.write_number(row, column, cell, formats["whole number" if isinstance(cell, int) else "number"])
    else:
        kind = "date and time" if isinstance(cell, datetime) else "date"
        page.write_datetime(row, column, cell, formats[kind])


def _write_text(page: Worksheet, formats: Formats, row: int, column: int, text: str, style: str) -> None:
    """Write text, whatever it looks like, as nothing but text."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    length = text_length(text)
    if length > MOST_CHARACTERS:
        where = f"cell {xl_rowcol_to_cell(row, column)} of the sheet {quoted(page.name)}"
        limit = f"a cell of a spreadsheet holds {MOST_CHARACTERS:,}"
        raise ScrdataError(f"{where} would have {length:,} characters; {limit}: export the table as CSV or Parquet")
    first, *rest = _SEAM.split(text)
    if rest:
        runs = [part for piece in rest for part in (formats[style], piece)]
        page.write_rich_string(row, column, first, *runs, formats[style])
    else:
        page.write_string(row, column, text, formats[style])
