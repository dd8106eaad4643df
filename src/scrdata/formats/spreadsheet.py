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
from datetime import datetime

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
_RIGHT = {"align": "right", "indent": 1}
# The fonts and headings are those of gptables; `quote_prefix` keeps text what it is when somebody edits the cell.
_FORMATS = {
    "title": {**_FONT, "bold": True, "font_size": 16},
    "line": {**_FONT, "quote_prefix": True},
    "cover title": {**_FONT, "bold": True, "font_size": 16, "text_wrap": True},
    "cover heading": {**_FONT, "bold": True, "font_size": 14, "text_wrap": True, "valign": "bottom"},
    "cover text": _TEXT,
    "heading": {**_CELL, "bold": True, "bottom": 1, "text_wrap": True, "align": "left"},
    "heading of numbers": {**_CELL, "bold": True, "bottom": 1, "text_wrap": True, **_RIGHT},
    "text": _TEXT,
    "text among numbers": {**_TEXT, **_RIGHT},
    "whole number": {**_CELL, "num_format": "0", **_RIGHT},
    "number": {**_CELL, **_RIGHT},
    "date": {**_CELL, "num_format": "yyyy-mm-dd", "align": "left"},
    "date and time": {**_CELL, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    "flag": {**_CELL, "align": "left"},
    "link": {**_CELL, "font_color": "#0000FF", "underline": True, "text_wrap": True, "align": "left"},
}
_OPTIONS = {"in_memory": True, "default_column_width": 80}
# Widths in pixels, heights in points. Arial 12 is that much wider than the Calibri 11 that xlsxwriter measures.
_COVER_WIDTH = 800
_NARROWEST, _WIDEST = 80, 560
_WIDER, _BOLDER = 1.2, 1.3
_PADDING = 20
_LINE_HEIGHT, _HEADING_HEIGHT, _TALLEST = 15.75, 30, 408.75
_A4 = 9
# What xlsxwriter does not write as it is: two escapes that share a `_`, or one that a control character would close,
# and text between `<r>` and `</r>`, which it takes for markup of its own.
_ESCAPE = "_x[0-9a-fA-F]{4}"
_UNWRITABLE = re.compile(rf"{_ESCAPE}(?={_ESCAPE}_|[\x00-\x08\x0b-\x1f\ufffe\uffff])|\A<r>.*</r>\Z", re.DOTALL)


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
    # A copy, since the library adds to what it is given: the second workbook would differ from the first.
    book = Workbook(file, {**_OPTIONS, "default_format_properties": dict(_FONT)})
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
        page.set_row(row, _HEADING_HEIGHT)
        for position, paragraph in enumerate(paragraphs, start=row + 1):
            _write_cell(page, formats, position, 0, paragraph, "cover text")
            _set_height(page, position, _count_lines(_as_shown(paragraph), _COVER_WIDTH))
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
    headings = [{"header": column.heading, "header_format": formats[_styles(column)[0]]} for column in sheet.columns]
    about = f"{sheet.rows} rows and {len(sheet.columns)} columns; the first row holds the headings."
    settings = {"name": sheet.table, "columns": headings, "style": None, "autofilter": False}
    page.add_table(
        top, 0, bottom, len(headings) - 1, {**settings, "title": plain_text(sheet.title), "description": about}
    )
    heights = [1] * sheet.rows
    for position, column in enumerate(sheet.columns):
        lines = _write_column(page, formats, top + 1, position, column)
        heights = [max(pair) for pair in zip(heights, lines, strict=True)]
    for row, height in enumerate(heights, start=top + 1):
        _set_height(page, row, height)
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


def _write_column(page: Worksheet, formats: Formats, top: int, position: int, column: Column) -> list[int]:
    """Write the cells of a column and set its width; return how many lines each cell takes."""
    from xlsxwriter.utility import cell_autofit_width

    _, style = _styles(column)
    for row, cell in enumerate(column.cells, start=top):
        _write_cell(page, formats, row, position, cell, style)
    shown = [_as_shown(cell) for cell in column.cells]
    widths = [_WIDER * cell_autofit_width(line) for text in shown for line in text.split("\n")]
    needed = max(_BOLDER * cell_autofit_width(column.heading), *widths, _NARROWEST) + _PADDING
    width = round(min(needed, _WIDEST))
    page.set_column_pixels(position, position, width)
    return [_count_lines(text, width) for text in shown]


def _count_lines(text: str, width: int) -> int:
    """Return into how many lines a text is wrapped, rather one too many; programs other than Excel do not find out."""
    from xlsxwriter.utility import xl_pixel_width

    lines = 0
    for paragraph in text.split("\n"):
        lines, filled = lines + 1, 0.0
        for word in paragraph.split(" "):
            length = _WIDER * xl_pixel_width(f"{word} ")
            if filled and filled + length > width - _PADDING:
                lines, filled = lines + 1, 0.0
            filled += length
            # A word that is longer than the column goes on in the next line.
            lines, filled = lines + int(filled // width), filled % width
    return lines


def _set_height(page: Worksheet, row: int, lines: int) -> None:
    """Make a row as high as its lines; rows of one line are left to the program."""
    if lines > 1:
        page.set_row(row, min(lines * _LINE_HEIGHT, _TALLEST))


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
    problem = ""
    if length > MOST_CHARACTERS:
        problem = f"would have {length:,} characters; a cell of a spreadsheet holds {MOST_CHARACTERS:,}"
    elif _UNWRITABLE.search(text):
        problem = f"would hold {quoted(text)}, which looks like markup of the file format and cannot be written"
    if problem:
        where = f"cell {xl_rowcol_to_cell(row, column)} of the sheet {quoted(page.name)}"
        raise ScrdataError(f"{where} {problem}: export the table as CSV or Parquet")
    page.write_string(row, column, text, formats[style])
