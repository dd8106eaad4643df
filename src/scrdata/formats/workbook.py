"""A package as a workbook: a cover, contents, notes, one sheet for each table, and a data dictionary.

The sheet of a table has the name of the resource, and the headings of the table are the names of its fields, so
that programs find what the package calls so; titles, descriptions and codes stand in the dictionary. Where a
spreadsheet program does not allow a name (31 characters for a sheet, no two that differ by capitals alone) it is
changed as little as possible, and the sheet says so. A package without `created` gets the first day of 1980, as
the members of the file have it, for the time that the file states.
"""

from __future__ import annotations

import re
from datetime import datetime

from scrdata.errors import UnknownNameError
from scrdata.formats.cells import MEASURED, Link, name_columns, name_sheets, name_tables, store_value
from scrdata.formats.descriptions import title_of
from scrdata.formats.spreadsheet import Column, Cover, Sheet, write_spreadsheet
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.formats.cells import Stored
    from scrdata.reading import Table
    from scrdata.validation import Contents

OWN_SHEETS = ("Cover", "Contents", "Notes", "Fields", "Codes")
_UNDATED = datetime(1980, 1, 1)  # noqa: DTZ001  (the file states no zone)
_LINK = re.compile(r"https?://[!-~]{1,2000}")


class _Part(Record):
    """A table of the workbook: what the package says of it, and the names that it has here."""

    resource: Resource
    table: Table
    sheet: str
    name: str


class _Book(Record):
    """A workbook to be: the tables, the names of the own sheets, and what stands for a missing value."""

    properties: Mapping[str, object]
    tables: tuple[_Part, ...]
    own: Mapping[str, str]
    own_tables: Mapping[str, str]
    missing: str

    def fields(self) -> Iterator[tuple[_Part, Field]]:
        """Yield every field, with the table that it belongs to."""
        return ((part, field) for part in self.tables for field in part.table.schema.fields)

    def objects(self, name: str) -> list[dict[str, object]]:
        """Return a property of the package that is a list of objects."""
        value = self.properties.get(name)
        return value if isinstance(value, list) else []


def write_workbook(contents: Contents, tables: Sequence[str] | None = None) -> bytes:
    """Return tables of a package as an XLSX file that follows the guidance for statistics in spreadsheets.

    Args:
        contents: the package, opened.
        tables: names of the tables that are wanted; all if omitted. They stand in the order of the package.

    Returns:
        The bytes of the file, the same for the same package whenever and wherever they are made.

    Raises:
        UnknownNameError: there is no table of such a name.
        InvalidPackageError: a table cannot be read.
        ScrdataError: xlsxwriter is not installed, or a table is larger, or a text longer, than spreadsheet programs
            allow.
    """
    known = contents.descriptor.tables
    for name in tables or ():
        if name not in known:
            raise UnknownNameError("table", name, list(known))
    chosen = [resource for name, resource in known.items() if tables is None or name in tables]
    read = [contents.tables[resource.name] for resource in chosen]
    names = [resource.name for resource in chosen]
    sheets, labels = name_sheets([*names, *OWN_SHEETS]), name_tables([*names, *OWN_SHEETS])
    book = _Book(
        properties=contents.descriptor.properties,
        tables=tuple(map(_Part, chosen, read, sheets, labels)),
        own=dict(zip(OWN_SHEETS, sheets[len(names) :], strict=True)),
        own_tables=dict(zip(OWN_SHEETS, labels[len(names) :], strict=True)),
        missing=_missing_sign(read),
    )
    data = [_data_sheet(book, part) for part in book.tables]
    rest = [sheet for sheet in (_fields_sheet(book), _codes_sheet(book)) if sheet.rows]
    notes = _notes_sheet(book)
    ordered = [_contents_sheet(book, [notes, *data, *rest]), notes, *data, *rest]
    author = "; ".join(title_of(item) for item in book.objects("contributors"))
    return write_spreadsheet(_cover(book), ordered, author=author, created=_created(book))


def _missing_sign(tables: Sequence[Table]) -> str:
    """Return what stands for a missing value: `[x]`, with more of the letter while a cell is the same text."""
    sign = "[x]"
    while any(sign in cells for table in tables for cells in table.columns.values()):
        sign = f"[x{sign[1:]}"
    return sign


def _created(book: _Book) -> datetime:
    try:
        return datetime.fromisoformat(str(book.properties.get("created"))[:10])
    except ValueError:
        return _UNDATED


def _linked(item: Mapping[str, object]) -> str | Link:
    """Return what a source, a licence or a contributor is called, as a link where it has an address."""
    path = str(item.get("path", ""))
    return Link(title_of(item), path) if _LINK.fullmatch(path) and len(title_of(item)) < 1000 else title_of(item)


def _sentences(text: str) -> list[str]:
    """Return the sentences of a description, which stand in one line each."""
    return [line.strip() for line in re.split(r"\n+|(?<=\.) (?=[A-Z])", text) if line.strip()]


def _cover(book: _Book) -> Cover:
    package = book.properties
    text = {name: str(package[name]) for name in ("title", "name", "description", "version") if package.get(name)}
    own = book.own
    facts = [f"Version: {text['version']}"] if "version" in text else []
    if "created" in package:
        facts.append(f"Date: {str(package['created'])[:10]}")
    for label, name in (("Time", "scrdata:temporalCoverage"), ("Place", "scrdata:spatialCoverage")):
        if name in package:
            facts.append(f"{label}: {str(package[name]).replace('/', ' to ')}")
    guide = (
        f"{own['Contents']} lists the sheets, with a link to each. {own['Notes']} says how to read the cells.",
        f"{own['Fields']} describes every column of every table, and {own['Codes']} every code.",
    )
    sections = (
        ("About these data", tuple(_sentences(text.get("description", "")))),
        ("Source", tuple(map(_linked, book.objects("sources")))),
        ("Licence", tuple(map(_linked, book.objects("licenses")))),
        ("Made by", tuple(map(_linked, book.objects("contributors")))),
        ("Version", tuple(facts)),
        ("How to use this workbook", guide),
    )
    title = text.get("title") or text.get("name") or "Data package"
    return Cover(own["Cover"], title, tuple(section for section in sections if section[1]))


def _data_sheet(book: _Book, part: _Part) -> Sheet:
    table, resource = part.table, part.resource
    fields = table.schema.fields
    cells = [_cells(book, field, table) for field in fields]
    headings = name_columns(field.name for field in fields)
    columns = tuple(map(Column, headings, cells))
    size = f"This worksheet contains one table, of {_count(len(table), 'row')} and {_count(len(fields), 'column')}."
    lines = [f"{size} {book.own['Fields']} describes the columns.", *_sentences(resource.description)]
    if part.sheet != resource.name:
        lines.append(f"The package calls this table {_inline(resource.name)}.")
    lines += [
        f"The column {heading} is called {_inline(field.name)} in the package."
        for heading, field in zip(headings, fields, strict=True)
        if heading != field.name
    ]
    if any(book.missing in column.cells for column in columns):
        lines.append(f"{book.missing} stands where the package leaves a cell empty; {book.own['Notes']} says more.")
    kept = [column.heading for column, field in zip(columns, fields, strict=True) if _keeps_text(book, field, column)]
    if kept:
        lines.append(f"Some cells are text, digit for digit, as {book.own['Notes']} explains, in: {', '.join(kept)}.")
    sources = "; ".join(map(title_of, book.objects("sources")))
    if sources:
        lines.append(f"Source: {sources}")
    return Sheet(part.sheet, resource.title or resource.name, tuple(lines), part.name, columns)


def _cells(book: _Book, field: Field, table: Table) -> list[Stored]:
    return [book.missing if cell is None else store_value(cell) for cell in table.columns[field.name]]


def _keeps_text(book: _Book, field: Field, column: Column) -> bool:
    """Say whether some numbers or dates of a column stand as text."""
    return field.type in MEASURED and any(isinstance(cell, str) and cell != book.missing for cell in column.cells)


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def _inline(name: str) -> str:
    return f'"{name}"'


def _own_sheet(book: _Book, name: str, title: str, about: str, columns: Mapping[str, Sequence[Stored | None]]) -> Sheet:
    """Return one of the sheets that are no table of the package."""
    cells = [[book.missing if cell in (None, "") else cell for cell in column] for column in columns.values()]
    lines = [f"This worksheet contains one table. {about}"]
    if name != "Notes" and any(book.missing in column for column in cells):
        lines.append(f"{book.missing} means that there is nothing to say.")
    return Sheet(book.own[name], title, tuple(lines), book.own_tables[name], tuple(map(Column, columns, cells)))


def _contents_sheet(book: _Book, sheets: Sequence[Sheet]) -> Sheet:
    about = {part.sheet: part.resource.description for part in book.tables}
    about[book.own["Notes"]] = "How to read the cells of the tables."
    about[book.own["Fields"]] = "What each column of each table holds."
    about[book.own["Codes"]] = "What each code means."
    columns: dict[str, list[Stored | None]] = {
        "Sheet": [Link(sheet.name, "internal:'" + sheet.name.replace("'", "''") + "'!A1") for sheet in sheets],
        "Title": [sheet.title for sheet in sheets],
        "Rows": [sheet.rows for sheet in sheets],
        "What it holds": [about[sheet.name] for sheet in sheets],
    }
    return _own_sheet(book, "Contents", "Contents", "Each name of a sheet is a link to it.", columns)


def _notes_sheet(book: _Book) -> Sheet:
    own = book.own
    notes: dict[str, Stored | None] = {
        book.missing: "There is no value: the source gives none, or none applies; the description of the column says "
        "which. It never means zero, no or none. It stands in columns of numbers and dates too.",
        "Headings": "Each column is headed by the name that it has in the package and in all its other formats. "
        f"{own['Fields']} gives the title and the meaning.",
        "Text": "Text is as it is in the package, also where it looks like a number, a date, an address or, beginning "
        "with =, +, - or @, like a formula. Nothing in this workbook is calculated.",
        "Dates": "Dates are shown as year-month-day and can be sorted and calculated with.",
        "Numbers and dates kept as text": "A spreadsheet program changes numbers of more than 15 digits, dates before "
        "March 1900 and times with a zone or parts of a second. Such cells hold text, digit for digit.",
    }
    if any(field.categories for _, field in book.fields()):
        notes["Codes"] = (
            f"Some columns hold codes, such as words joined by _. {own['Codes']} says what each code means."
        )
    register = next((p for p in book.tables if p.resource.name == book.properties.get("scrdata:discrepancies")), None)
    if register:
        notes["Discrepancies"] = (
            f"Where the source differs from itself, nothing was mended: {register.sheet} lists both values, and says "
            "which one the tables hold and why."
        )
    columns: dict[str, list[Stored | None]] = {"Note": list(notes), "Meaning": list(notes.values())}
    return _own_sheet(book, "Notes", "Notes", "It says how to read the cells of the tables.", columns)


def _fields_sheet(book: _Book) -> Sheet:
    fields = list(book.fields())
    columns: dict[str, list[Stored | None]] = {
        "Table": [part.resource.name for part, _ in fields],
        "Field": [field.name for _, field in fields],
        "Title": [field.title for _, field in fields],
        "Type": [field.type for _, field in fields],
        "Required": ["yes" if _is_required(part.table, field) else "no" for part, field in fields],
        "Key": [_keys(part.table, field.name) for part, field in fields],
        "Codes": [len(field.categories) for _, field in fields],
        "Description": [field.description for _, field in fields],
    }
    about = f"It has one row for each column of each table; {book.own['Codes']} lists the codes."
    return _own_sheet(book, "Fields", "Fields of the tables", about, columns)


def _is_required(table: Table, field: Field) -> bool:
    return field.required or field.name in table.schema.primary_key


def _keys(table: Table, field: str) -> str:
    """Return what a column identifies, and what it refers to."""
    said = ["primary key"] if field in table.schema.primary_key else []
    said += [
        f"refers to {key.table or table.name}.{key.columns[key.fields.index(field)]}"
        for key in table.schema.foreign_keys
        if field in key.fields
    ]
    return "; ".join(said)


def _codes_sheet(book: _Book) -> Sheet:
    codes = [(part.resource.name, field.name, code) for part, field in book.fields() for code in field.categories]
    columns: dict[str, list[Stored | None]] = {
        "Table": [table for table, _, _ in codes],
        "Field": [field for _, field, _ in codes],
        "Code": [store_value(code.value) for _, _, code in codes],
        "Label": [code.label for _, _, code in codes],
        "Description": [code.description for _, _, code in codes],
    }
    about = "It has one row for each code of each field, in the order that the package gives."
    return _own_sheet(book, "Codes", "Codes of the fields", about, columns)
