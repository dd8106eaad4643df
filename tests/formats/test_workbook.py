"""The workbook of a package: every value, read back; nothing in the way of those who use it; the same bytes always."""

from __future__ import annotations

import datetime
import io
import os
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scrdata
from scrdata.contents import open_contents
from scrdata.errors import ScrdataError, UnknownNameError
from scrdata.formats.cells import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Link
from scrdata.formats.spreadsheet import Column, Cover, Sheet, write_spreadsheet
from scrdata.formats.workbook import write_workbook
from tests.memory import csv_text, package
from tests.strategies import CELLS, FEW, LAW
from tests.workbooks import find_barriers, read_raw

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder

    from scrdata.fields import Field
    from scrdata.reading import Table

SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]
SHIPPED_BOOK = write_workbook(SHIPPED.contents)
CREATED = datetime.datetime(2010, 10, 1)  # noqa: DTZ001  (a file states no zone)
COVER = Cover("Cover", "Title", ())
WRITE = """
import sys, scrdata
from scrdata.formats.workbook import write_workbook
sys.stdout.buffer.write(write_workbook(scrdata.open_package().contents))
"""


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  (openpyxl has no types)
    """Return the rows of the one table of a sheet, headings first."""
    (table,) = sheet.tables.values()
    return [tuple(cell.value for cell in row) for row in sheet[table.ref]]


def lines_of(data: bytes, name: str) -> list[str]:
    """Return what stands above the table of a sheet."""
    sheet = opened(data)[name]
    (table,) = sheet.tables.values()
    top = sheet[table.ref][0][0].row
    return [sheet.cell(row, 1).value for row in range(1, top)]


def value_of(field: Field, cell: object) -> object:
    """Return the value that a cell of the workbook stands for, by the grammar of the package where it is text."""
    if isinstance(cell, str):
        return None if cell == "[x]" else field.read(cell)
    if isinstance(cell, datetime.datetime) and field.type == "date":
        assert cell.time() == datetime.time()
        return cell.date()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and field.type == "number":
        return Decimal(repr(cell))
    return cell


def opened(data: bytes) -> Any:  # noqa: ANN401  (openpyxl has no types)
    """Return a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def check_values(book: Any, table: Table) -> None:  # noqa: ANN401
    """Hold every cell of a table to that of the workbook, read by the grammar of the package where it is text."""
    (headings, *rows) = rows_of(book[table.name])
    assert list(headings) == list(table.columns)
    for position, field in enumerate(table.schema.fields):
        found = [value_of(field, row[position]) for row in rows]
        # Nothing is equal to NaN, not even itself.
        assert [str(value) if value != value else value for value in found] == [  # noqa: PLR0124
            str(value) if value != value else value  # noqa: PLR0124
            for value in table.columns[field.name]
        ]


OPENED = opened(SHIPPED_BOOK)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_shipped_tables_is_there(name: str) -> None:
    """Each table has a sheet of its name with its fields as headings, and every cell of it in order."""
    table = SHIPPED.table(name)
    check_values(OPENED, table)
    for row in rows_of(OPENED[name])[1:]:
        for field, cell in zip(table.schema.fields, row, strict=True):
            wanted = {"integer": int, "date": datetime.datetime}.get(field.type, str)
            assert type(cell) is wanted or cell == "[x]"


def test_sheets_stand_in_order() -> None:
    """Cover, contents and notes come first, then the tables in the order of the package, then the dictionary."""
    assert OPENED.sheetnames == ["Cover", "Contents", "Notes", *NAMES, "Fields", "Codes"]


def test_shipped_workbook_has_no_barriers() -> None:
    """Nothing in the shipped workbook breaks the rules of accessible spreadsheets."""
    assert find_barriers(SHIPPED_BOOK) == []


def test_nothing_shipped_is_kept_as_text() -> None:
    """None of the shipped figures and dates is one that a spreadsheet program would change."""
    lines = [cell.value for sheet in OPENED for cell in sheet["A"] if isinstance(cell.value, str)]
    assert not [line for line in lines if line.startswith("Some cells are text")]


def merge_cells(book: Any) -> None:  # noqa: ANN401
    """Merge two cells."""
    book["reviews"].merge_cells("A1:B1")


def add_formula(book: Any) -> None:  # noqa: ANN401
    """Put in a formula."""
    book["reviews"]["A8"] = "=1+1"


def hide_sheet(book: Any) -> None:  # noqa: ANN401
    """Hide a sheet."""
    book["reviews"].sheet_state = "hidden"


def empty_row(book: Any) -> None:  # noqa: ANN401
    """Empty a row of a table."""
    for cell in book["periods"][7]:
        cell.value = None


def repeat_heading(book: Any) -> None:  # noqa: ANN401
    """Give two columns one heading."""
    sheet = book["periods"]
    (table,) = sheet.tables.values()
    for cell in sheet[table.ref][0]:
        cell.value = "same"


def break_link(book: Any) -> None:  # noqa: ANN401
    """Make a link lead to a sheet that is not there."""
    book["Contents"]["A4"].hyperlink.location = "'gone'!A1"


def change_font(book: Any) -> None:  # noqa: ANN401
    """Make letters small."""
    book["reviews"]["A1"].font = openpyxl.styles.Font(name="Arial", size=8)


def change_date(book: Any) -> None:  # noqa: ANN401
    """Show a date in another way."""
    cell = next(c for row in book["reviews"].iter_rows() for c in row if c.is_date)
    cell.number_format = "d/m/yy"


@pytest.mark.parametrize(
    ("spoil", "barrier"),
    [
        (merge_cells, "reviews: merged cells"),
        (add_formula, "reviews: A8 is a formula"),
        (hide_sheet, "reviews: something hidden"),
        (empty_row, "periods: an empty row"),
        (repeat_heading, "periods: two equal headings"),
        (break_link, "Contents: A4 leads nowhere"),
        (change_font, "reviews: A1 is in Arial 8"),
        (change_date, "shows a date as d/m/yy"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_barriers_are_found(spoil: Any, barrier: str) -> None:  # noqa: ANN401
    """The search for barriers can fail: each kind is found where it is put in."""
    book = opened(SHIPPED_BOOK)
    spoil(book)
    file = io.BytesIO()
    book.save(file)
    assert any(barrier in found for found in find_barriers(file.getvalue()))


def test_bytes_are_the_same_in_one_process() -> None:
    """A second workbook is the first one again: nothing is carried over."""
    program = (
        "import scrdata; from scrdata.formats.workbook import write_workbook as write; "
        "it = scrdata.open_package().contents; assert write(it, ['periods']) == write(it, ['periods'])"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_bytes_are_the_same_anywhere(tmp_path: Path) -> None:
    """Another process with another time zone, hash seed, language and folder writes the same bytes."""
    for zone, seed, language in (("Pacific/Kiritimati", "1", "C"), ("America/Los_Angeles", "2", "C.UTF-8")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language}
        done = subprocess.run(
            [sys.executable, "-c", WRITE], cwd=folder, env=environment, capture_output=True, check=True
        )
        assert done.stdout == SHIPPED_BOOK
        assert list(folder.iterdir()) == []


def test_no_clock_is_in_the_file() -> None:
    """Every time in the file is the day that the package states, or the first day of 1980."""
    with zipfile.ZipFile(io.BytesIO(SHIPPED_BOOK)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    created = str(SHIPPED.contents.descriptor.properties["created"])[:10]
    assert OPENED.properties.created == OPENED.properties.modified == datetime.datetime.fromisoformat(created)
    undated = opened(write_workbook(open_contents(package({"t": ({"fields": [{"name": "a"}]}, "a\n")}))))
    assert str(undated.properties.created) == "1980-01-01 00:00:00"


def test_cover_says_what_it_is() -> None:
    """The cover has title, source, licence with a link, version and date, and no invented contact."""
    cells = [cell for (cell,) in OPENED["Cover"].iter_rows()]
    texts = [cell.value for cell in cells]
    properties: Any = SHIPPED.contents.descriptor.properties
    licence = properties["licenses"][0]
    assert texts[0] == OPENED.properties.title == properties["title"]
    assert {item["title"] for item in properties["sources"]} < set(texts)
    assert {f"Version: {SHIPPED.version}", f"Date: {properties['created'][:10]}"} < set(texts)
    assert [(c.value, c.hyperlink.target) for c in cells if c.hyperlink] == [(licence["title"], licence["path"])]
    assert not any("contact" in text.lower() or "@" in text for text in texts)


def test_dictionary_has_every_field_and_every_code() -> None:
    """The sheets Fields and Codes have one row for each field and each code, with what the schemas say of them."""
    fields = [(table, field) for table in map(SHIPPED.table, NAMES) for field in table.schema.fields]
    listed = {row[:2]: row for row in rows_of(OPENED["Fields"])[1:]}
    assert list(listed) == [(table.name, field.name) for table, field in fields]
    for table, field in fields:
        _, _, title, kind, required, key, codes, description = listed[table.name, field.name]
        assert (title, kind, description, codes) == (field.title, field.type, field.description, len(field.categories))
        assert (required == "yes") is (field.required or field.name in table.schema.primary_key)
        assert ("primary key" in key) is (field.name in table.schema.primary_key)
    codes = [(t.name, f.name, c.value, c.label, c.description or "[x]") for t, f in fields for c in f.categories]
    assert rows_of(OPENED["Codes"])[1:] == codes
    assert listed["reviews", "board_id"][5] == "refers to boards.board_id"


def test_contents_list_the_sheets() -> None:
    """The contents list every further sheet with its title, its number of rows and a link."""
    rows = rows_of(OPENED["Contents"])[1:]
    assert [row[0] for row in rows] == OPENED.sheetnames[2:]
    assert {row[0]: row[2] for row in rows if row[0] in NAMES} == {table.name: table.rows for table in SHIPPED.tables()}
    links = [cell.hyperlink.location for (cell, *_) in OPENED["Contents"].iter_rows(min_row=4)]
    assert links == [f"'{name}'!A1" for name in OPENED.sheetnames[2:]]


def test_tables_can_be_chosen() -> None:
    """A workbook of some tables has these in the order of the package, and the dictionary of these alone."""
    data = write_workbook(SHIPPED.contents, ["reviews", "periods"])
    book = opened(data)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "periods", "reviews", "Fields", "Codes"]
    assert {row[0] for row in rows_of(book["Fields"])[1:]} == {"periods", "reviews"}
    assert find_barriers(data) == []
    with pytest.raises(UnknownNameError, match="did you mean 'reviews'"):
        write_workbook(SHIPPED.contents, ["review"])


def test_any_package_becomes_a_workbook(small_package: PackageFolder) -> None:
    """A package with the bare minimum of descriptions makes a workbook without barriers that holds its values."""
    small = scrdata.open_package(small_package.folder)
    data = write_workbook(small.contents)
    assert find_barriers(data) == []
    for info in small.tables():
        check_values(opened(data), small.table(info.name))
    assert "[x] stands where the package leaves a cell empty" in " ".join(lines_of(data, "loans"))


@pytest.mark.parametrize("kind", CELLS)
@settings(FEW, max_examples=10)
@given(data=st.data())
def test_cells_of_every_type_are_read_back(kind: str, data: st.DataObject) -> None:
    """Whatever a field of any type may hold, openpyxl reads as that value, or as the text that the package has."""
    texts = data.draw(st.lists(CELLS[kind], max_size=20))
    schema = {"fields": [{"name": "row", "type": "integer"}, {"name": "cell", "type": kind}]}
    parse = open_contents(package({"t": (schema, "row,cell\n")})).tables["t"].schema.fields[1].parse
    # What openpyxl makes of `_x0041_` is its own; a test below holds the file itself to the standard.
    kept = [text for text in texts if "_x" not in text and not re.search("[\0-\x08\x0b-\x1f\ufffe\uffff]|x005F_", text)]
    kept = [text for text in kept if parse(text)[1] is None]
    contents = open_contents(package({"t": (schema, csv_text(("row", "cell"), *enumerate(kept)))}))
    book = write_workbook(contents)
    if kept:
        check_values(opened(book), contents.tables["t"])
        assert find_barriers(book) == []
    else:
        assert "of 0 rows" in lines_of(book, "t")[1]


def write_texts(*texts: str, heading: str = "text") -> bytes:
    """Return a workbook of one sheet with these texts."""
    sheet = Sheet("t", "Title", (), "t", (Column(heading, texts),))
    return write_spreadsheet(COVER, [sheet], author="", created=CREATED)


PIECES = [
    *("_x", "_", "_x0041", "x0042_", "_x005F_", "_x000D_", "\r", "\n", "\x01", "\ufffe"),
    *("<r>", "</r>", "<", "&", " ", "é", "😀"),
]
TRAPS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


@LAW
@given(TRAPS | st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_kept_to_the_letter_or_refused(text: str) -> None:
    """Control characters, and what looks like an escape or like markup, are in the file as they are, or refused."""
    if re.search("_x[0-9A-Fa-f]{4}(_x[0-9A-Fa-f]{4}_|[\0-\x08\x0b-\x1f\ufffe\uffff])|^<r>.*</r>\\Z", text, re.DOTALL):
        with pytest.raises(ScrdataError, match="looks like markup of the file format"):
            write_texts(text)
    else:
        assert read_raw(write_texts(text))["t"]["A3"] == ("s", text)


@pytest.mark.parametrize("text", ["_x0041_x0042_", "_x0041\r", "<r>a</r>", "<r>\n</r>"])
def test_text_that_would_be_misread_is_refused(text: str) -> None:
    """What xlsxwriter would write as something else is refused with its place, not altered."""
    with pytest.raises(ScrdataError, match=r"cell A3 of the sheet 't' would hold .* which looks like markup"):
        write_texts(text)


@pytest.mark.parametrize(
    "text", ["_x000D_", "_x0041_ _x0042_", "\r", "a\x07b", "<r>", "<r>a</r>b", "_x005F_", "x\ufffe"]
)
def test_text_that_looks_like_an_escape_is_kept(text: str) -> None:
    """Single escapes, control characters and markup are not among what is refused."""
    assert read_raw(write_texts(text))["t"]["A3"] == ("s", text)


INERT = (
    *("=1+1", "+44", "-", "@SUM(A1)", "{=1}", "\t=1+1", "http://example.org", "mailto:a@example.org", "internal:t!A1"),
    *("007", "1e5", "2010-01-01", "TRUE", "NA", "#N/A", "'quoted", " spaced ", "[a](b) [c](d)", "$$x$$", "%", ""),
)


@pytest.mark.parametrize("text", INERT)
def test_text_is_inert(text: str) -> None:
    """Text that a spreadsheet program would take for something else is text, also when edited, and leads nowhere."""
    data = write_texts(text, "end")
    cell = opened(data)["t"]["A3"]
    assert cell.value == text
    assert (cell.data_type, cell.quotePrefix, cell.hyperlink) == ("s", True, None)


def test_missing_is_not_a_text_of_its_name() -> None:
    """Where a cell holds the text `[x]`, another sign stands for missing cells, and the sheet says which."""
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    data = write_workbook(open_contents(package({"t": (schema, csv_text(("a", "b"), ("[x]", None)))})))
    assert rows_of(opened(data)["t"])[1] == ("[x]", "[xx]")
    assert any(line.startswith("[xx] stands where") for line in lines_of(data, "t"))
    assert rows_of(opened(data)["Notes"])[1][0] == "[xx]"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("integer", text) for text in (str(2**53 + 1), str(10**15), "-" + "9" * 40)),
        *(("number", text) for text in ("0.1234567890123456", "1e308", "1e-308", "NaN", "INF")),
        *(("date", text) for text in ("1900-02-28", "0001-01-01")),
        *(("datetime", text) for text in ("2010-01-01T00:00:00Z", "2010-01-01T00:00:00.5", "1899-01-01T00:00:00")),
    ],
)
def test_what_a_spreadsheet_would_change_is_text(kind: str, text: str) -> None:
    """A number or date that a spreadsheet cannot hold to the last digit stands as text, and the sheet says so."""
    schema = {"fields": [{"name": "row", "type": "integer"}, {"name": "cell", "type": kind}]}
    data = write_workbook(open_contents(package({"t": (schema, csv_text(("row", "cell"), (1, text)))})))
    ((_, cell),) = rows_of(opened(data)["t"])[1:]
    assert isinstance(cell, str)
    assert any(line.startswith("Some cells are text") and line.endswith(": cell.") for line in lines_of(data, "t"))


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("integer", str(10**15 - 1), 10**15 - 1),
        ("number", "0.123456789012345", 0.123456789012345),
        ("number", "9.95", 9.95),
        ("date", "1900-03-01", datetime.datetime(1900, 3, 1)),  # noqa: DTZ001
        ("date", "9999-12-31", datetime.datetime(9999, 12, 31)),  # noqa: DTZ001
        ("datetime", "2010-03-31T23:59:59", datetime.datetime(2010, 3, 31, 23, 59, 59)),  # noqa: DTZ001
        ("boolean", "true", True),
        ("year", "2010", 2010),
    ],
)
def test_what_a_spreadsheet_keeps_is_real(kind: str, text: str, wanted: object) -> None:
    """Numbers, dates and booleans that a spreadsheet holds exactly are numbers, dates and booleans."""
    schema = {"fields": [{"name": "row", "type": "integer"}, {"name": "cell", "type": kind}]}
    data = write_workbook(open_contents(package({"t": (schema, csv_text(("row", "cell"), (1, text)))})))
    ((_, cell),) = rows_of(opened(data)["t"])[1:]
    assert (cell, type(cell)) == (wanted, type(wanted))


def test_names_that_excel_forbids_are_changed_and_said() -> None:
    """Names that Excel does not allow are changed as little as possible, and the sheet gives the package's own."""
    schema = {"fields": [{"name": "a"}, {"name": "A"}]}
    tables = {"a/b": (schema, "a,A\n1,2\n"), "notes": (schema, "a,A\n1,2\n"), "it's": (schema, "a,A\n1,2\n")}
    data = write_workbook(open_contents(package(tables)))
    book = opened(data)
    assert book.sheetnames == ["Cover", "Contents", "Notes~2", "a-b", "notes", "it's", "Fields"]
    assert rows_of(book["a-b"])[0] == ("a", "A~2")
    assert 'The package calls this table "a/b".' in lines_of(data, "a-b")
    assert 'The column A~2 is called "A" in the package.' in lines_of(data, "a-b")
    assert find_barriers(data) == []


def test_text_too_long_for_a_cell_is_refused() -> None:
    """A text that no cell can hold is refused with its place; the longest that one can hold is written."""
    whole = "😀" * (MOST_CHARACTERS // 2)
    assert read_raw(write_texts(whole))["t"]["A3"] == ("s", whole)
    with pytest.raises(ScrdataError, match=r"cell A3 of the sheet 't' would have 32,768 characters.* 32,767"):
        write_texts(whole + "😀")


@pytest.mark.parametrize(
    ("rows", "columns", "size"),
    [(MOST_ROWS - 1, 1, "1,048,575 rows and 1 columns"), (1, MOST_COLUMNS + 1, "1 rows and 16,385 columns")],
)
def test_table_too_large_for_a_sheet_is_refused(rows: int, columns: int, size: str) -> None:
    """A table that no sheet can hold is refused before anything of it is written."""
    column = Column("n", range(rows))
    with pytest.raises(ScrdataError, match=rf"'t' has {size}; .* export it as CSV"):
        write_spreadsheet(COVER, [Sheet("t", "T", (), "t", (column,) * columns)], author="", created=CREATED)


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without xlsxwriter the error says what to install."""
    monkeypatch.setitem(sys.modules, "xlsxwriter.workbook", None)
    with pytest.raises(ScrdataError, match=r"`pip install scrdata\[release\]`"):
        write_workbook(SHIPPED.contents)


def test_link_leads_where_it_says() -> None:
    """A link within the workbook shows its text and leads to its sheet."""
    sheet = Sheet("it's", "Title", (), "t", (Column("to", [Link("here", "internal:'it''s'!A1")]),))
    data = write_spreadsheet(COVER, [sheet], author="", created=CREATED)
    cell = opened(data)["it's"]["A3"]
    assert (cell.value, cell.hyperlink.location) == ("here", "'it''s'!A1")
    assert find_barriers(data) == []


def test_long_text_is_shown_whole() -> None:
    """A long text is wrapped in a column no wider than a page, and its row is high enough."""
    short, long, unbroken = "three", "three words more " * 20, "x" * 200
    sheet = opened(write_texts(short, long, unbroken))["t"]
    assert 40 < sheet.column_dimensions["A"].width < 70
    heights = [sheet.row_dimensions[row].height for row in (3, 4, 5)]
    lines = [height and height / 15.75 for height in heights]
    assert lines[0] is None
    assert 5 <= lines[1] <= 8
    assert 4 <= lines[2] <= 8
    assert opened(write_texts(short))["t"].column_dimensions["A"].width < 15
    assert opened(write_texts("\n" * 100))["t"].row_dimensions[3].height == 408.75


def test_columns_are_aligned_by_what_they_hold() -> None:
    """Numbers stand on the right, with their heading and the sign for none; text and dates stand on the left."""
    columns = (Column("n", [1, "[x]"]), Column("t", ["a", "1"]), Column("d", [CREATED.date(), "[x]"]))
    sheet = opened(write_spreadsheet(COVER, [Sheet("t", "T", (), "t", columns)], author="", created=CREATED))["t"]
    assert [cell.alignment.horizontal for cell in sheet["A"][1:]] == ["right"] * 3
    assert [cell.alignment.horizontal for name in "BC" for cell in sheet[name][1:]] == ["left"] * 6


def layout(sheet: Any) -> dict[str, object]:  # noqa: ANN401
    """Return what of a sheet the guidance speaks of: where texts stand, their fonts, and the table."""
    (table,) = sheet.tables.values()
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    fonts = {c.coordinate: (c.value, c.font.name, c.font.size, c.font.bold) for c in cells}
    wrapped = {cell.coordinate for cell in cells if cell.alignment.wrap_text}
    return {
        **fonts,
        "wrapped": wrapped,
        "table": (table.ref, table.displayName, table.autoFilter),
        "frozen": sheet.freeze_panes,
    }


# In a process of its own: gptables leaves a file open, and uses what pandas 3 will drop.
GPTABLES = """
import io, sys, warnings, gptables, pandas
table = gptables.GPTable(
    pandas.DataFrame({{"kind": {kinds!r}, "children": ["some", "many"]}}), "t", "Title",
    instructions="One table.", legend=["[x] none"], source="Source", index_columns={{}},
)
file = io.BytesIO()
gptables.produce_workbook(file, {{"t": table}}, workbook_options={{"in_memory": True}}).close()
sys.stdout.buffer.write(file.getvalue())
"""


def run_gptables(*kinds: str) -> subprocess.CompletedProcess[bytes]:
    """Let gptables write a table with these texts in its first column."""
    command = [sys.executable, "-W", "ignore", "-c", GPTABLES.format(kinds=list(kinds))]
    return subprocess.run(command, capture_output=True, check=False)


def test_layout_is_that_of_the_library_of_the_guidance() -> None:
    """A table that gptables can write, the Analysis Function's own library, stands on the sheet in the same way."""
    columns = (Column("kind", ["girls", "boys"]), Column("children", ["some", "many"]))
    sheet = Sheet("t", "Title", ("One table.", "[x] none", "Source"), "t", columns)
    ours = write_spreadsheet(COVER, [sheet], author="", created=CREATED)
    assert layout(opened(ours)["t"]) == layout(opened(run_gptables("girls", "boys").stdout)["t"])


def test_library_of_the_guidance_cannot_hold_these_data() -> None:
    """The reason why gptables does not write the sheets still holds: it refuses a cell such as `=`."""
    assert b"only special characters" in run_gptables("=", "<=").stderr
