"""CSV bytes to a `Table`: typed columns whose rows know their line. Nothing else opens a CSV.

The dialect is RFC 4180 with the declared delimiter; nothing is guessed. Refused are bytes that are
not UTF-8, byte order marks, NUL, mixed or CR-only line ends, stray or unclosed quotation marks,
blank and ragged lines, and a header that is not exactly the schema's.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import compress

from scrdata.fields import Problem
from scrdata.findings import Finding, Ledger, quoted, shown
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.findings import Scalar
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Cell = Value | None


class Table(Record):
    """A table that was read: values by column, in the order of the rows.

    Attributes:
        name: of the resource.
        file: path within the package.
        schema: its Table Schema.
        columns: column name to the values of all rows; `None` is missing.
        lines: for each row, the line of the file on which it starts.
    """

    name: str
    file: str
    schema: TableSchema
    columns: dict[str, Sequence[Cell]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def key(self, row: int) -> dict[str, Scalar]:
        """Return the primary key of a row (counted from 0), as text and numbers."""
        return {name: scalar(self.columns[name][row]) for name in self.schema.primary_key}

    def finding(
        self, rule: str, message: str, row: int | None = None, column: str | None = None, **rest: object
    ) -> Finding:
        """Return a finding about the table, one row (counted from 0), or one cell."""
        return Finding(
            rule,
            message,
            file=self.file,
            line=None if row is None else self.lines[row],
            row=None if row is None else row + 1,
            key={} if row is None else self.key(row),
            column=column,
            **rest,  # type: ignore[arg-type]
        )


def scalar(value: Cell) -> Scalar:
    """Return a value as reports print it: numbers and flags as they are, everything else as text."""
    return value if value is None or isinstance(value, (bool, int)) else to_text(value)


class _Broken(Exception):
    """The file has no rows and columns: rule, sentence and line."""

    def __init__(self, rule: str, message: str, line: int | None, **values: Scalar) -> None:
        super().__init__(message)
        self.finding = {"rule": rule, "message": message, "line": line, **values}


def read_table(resource: Resource, data: bytes, ledger: Ledger) -> Table | None:
    """Read the bytes of a resource as the table that its schema describes.

    Everything that is wrong is reported to the ledger. The table is returned only if every cell is
    of its type and within its constraints, so that later checks may rely on that.
    """
    schema = resource.schema
    assert schema is not None
    before = ledger.errors
    try:
        text = _decode(data)
        records, lines = _records(text, resource.delimiter)
        _check_header(records, schema)
        _check_widths(records, lines, len(schema.fields))
    except _Broken as broken:
        ledger.add(Finding(file=resource.path, **broken.finding))  # type: ignore[arg-type]
        return None
    del records[0], lines[0]
    texts = list(zip(*records, strict=True)) if records else [()] * len(schema.fields)
    table = Table(resource.name, resource.path, schema, {}, lines)
    problems: list[tuple[int, int, Problem, str]] = []
    for position, (field, cells) in enumerate(zip(schema.fields, texts, strict=True)):
        table.columns[field.name], wrong = _read_column(field, cells, clean=schema.clean)
        problems.extend((row, position, problem, text) for row, problem, text in wrong)
    for row, position, problem, text in sorted(problems, key=lambda item: item[:2]):
        ledger.add(_cell_finding(table, row, schema.fields[position], problem, text))
    ledger.count("rows", len(table))
    ledger.count("cells", len(table) * len(schema.fields))
    return table if ledger.errors == before else None


def _decode(data: bytes) -> str:
    for mark, what in ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if data.startswith(mark):
            raise _Broken("file_has_no_byte_order_mark", f"the file starts with a {what} byte order mark", 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Broken("file_is_utf8", f"the byte {data[error.start]:#04x} is not UTF-8", line) from None
    if not text:
        raise _Broken("header_is_as_declared", "the file is empty", 1)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _Broken("file_has_no_nul", "the file holds a NUL character", line)
    return _line_feeds(text) if "\r" in text else text


def _line_feeds(text: str) -> str:
    """Return a file with CRLF line ends with LF ones; refuse a mixture, and CR alone."""
    alone = re.search(r"\r(?!\n)", text) or re.search(r"(?<!\r)\n", text)
    if alone:
        line = len(re.findall(r"\r\n|\r|\n", text[: alone.start()])) + 1
        raise _Broken("line_ends_agree", "line ends must be all LF or all CRLF", line)
    return text.replace("\r\n", "\n")


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Split a file into records, and say on which line each starts."""
    if '"' not in text:
        rows = text.removesuffix("\n").split("\n")
        if "" in rows:
            raise _Broken("line_is_not_blank", "the line is blank", rows.index("") + 1)
        return [row.split(delimiter) for row in rows], list(range(1, len(rows) + 1))
    cell = _cell_pattern(delimiter)
    records, lines = [], []
    at, line, end = 0, 1, len(text)
    while at < end:
        stop = text.find("\n", at)
        stop = end if stop < 0 else stop
        if at == stop:
            raise _Broken("line_is_not_blank", "the line is blank", line)
        lines.append(line)
        if text.find('"', at, stop) < 0:
            records.append(text[at:stop].split(delimiter))
            at, line = stop + 1, line + 1
        else:
            record, stop = _quoted_record(text, at, line, delimiter, cell)
            records.append(record)
            line += text.count("\n", at, stop) + 1
            at = stop + 1
    return records, lines


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'"((?>[^"]*(?:""[^"]*)*))"(?=[{mark}\n]|\Z)|([^"{mark}\n]*)(?=[{mark}\n]|\Z)')


def _quoted_record(text: str, at: int, line: int, delimiter: str, cell: re.Pattern[str]) -> tuple[list[str], int]:
    """Read the record that starts at `at`; return its cells and where it ends."""
    record = []
    start = at
    while True:
        match = cell.match(text, at)
        if not match:
            raise _quote_problem(text, at, line + text.count("\n", start, at))
        inside = match.group(1)
        record.append(match.group(2) if inside is None else inside.replace('""', '"'))
        at = match.end()
        if at >= len(text) or text[at] != delimiter:
            return record, at
        at += 1


def _quote_problem(text: str, at: int, line: int) -> _Broken:
    rule = "quotation_marks_are_paired"
    if text[at] != '"':
        return _Broken(rule, "a quotation mark stands inside a cell that is not quoted", line)
    closing = re.compile(r'(?>[^"]*(?:""[^"]*)*)"').match(text, at + 1)
    if closing:
        line += text.count("\n", at, closing.end())
        return _Broken(rule, "text follows a closing quotation mark", line)
    return _Broken(rule, "a quotation mark is not closed", line)


def _check_header(records: list[list[str]], schema: TableSchema) -> None:
    header = records[0]
    names = [field.name for field in schema.fields]
    if header == names:
        return
    twice = {name for name in header if header.count(name) > 1} if len(header) < 1000 else set()
    if twice:
        message = f"the header names {quoted(min(twice))} twice"
        raise _Broken("header_names_are_unique", message, 1)
    wrong = next((i for i, pair in enumerate(zip(header, names, strict=False)) if pair[0] != pair[1]), None)
    if wrong is None:
        message = f"the header has {len(header)} columns, the schema {len(names)}"
    else:
        message = f"column {wrong + 1} is called {quoted(header[wrong])}, the schema calls it {quoted(names[wrong])}"
    found, expected = shown(",".join(header[:1000])), shown(",".join(names[:1000]))
    raise _Broken("header_is_as_declared", message, 1, found=found, expected=expected)


def _check_widths(records: list[list[str]], lines: list[int], width: int) -> None:
    for record, line in zip(records, lines, strict=True):
        if len(record) == width:
            continue
        message = f"the row has {len(record)} cells, the header {width}"
        raise _Broken("row_has_all_cells", message, line, found=len(record), expected=width)


def _read_column(
    field: Field, cells: Sequence[str], *, clean: bool
) -> tuple[list[Cell], list[tuple[int, Problem, str]]]:
    """Read the cells of a column, each different text once; return values, and problems by row."""
    values: dict[str, Cell] = {}
    wrong: dict[str, Problem] = {}
    for text in set(cells):
        values[text], problem = field.parse(text)
        untidy = None if problem else untidiness(text)
        if untidy:
            problem = Problem("text_is_clean", f"no {untidy}", "error" if clean else "warning")
        if problem:
            wrong[text] = problem
    problems = [(row, wrong[text], text) for row, text in enumerate(cells) if text in wrong] if wrong else []
    return [values[text] for text in cells], problems


def _cell_finding(table: Table, row: int, field: Field, problem: Problem, text: str) -> Finding:
    found = "missing" if text in field.missing_values else quoted(text)
    expected = shown(problem.expected)
    message = f"'{field.name}' is {found}, expected {expected}"
    return table.finding(
        problem.rule, message, row, field.name, severity=problem.severity, found=shown(text), expected=expected
    )


# Characters that Python calls printable and that show nothing, or stand for lost text: fillers,
# variation selectors, blank braille, the object and the replacement character.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0\ufffc\ufffd")
_BLANKS |= frozenset(map(chr, range(0xFE00, 0xFE10)))
# What UTF-8 text looks like after it was read as Latin-1 or Windows-1252 and written again.
_MOJIBAKE = "[\u00c2\u00c3\u00c5\u00ce\u00d0][\u0080-\u00bf\u2018-\u203a\u0152\u0160\u0178]|\u00e2\u20ac|\u00f0\u0178"
_PLAIN_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"


def untidiness(text: str) -> str | None:
    """Return what is unclean about the text of a cell, or `None`."""
    if not text:
        return None
    if not text.isprintable() or not _BLANKS.isdisjoint(text):
        return f"the character U+{ord(next(c for c in text if _is_stray(c))):04X}"
    if text[0] == " " or text[-1] == " " or "  " in text:
        return "a space too many"
    if text[0] in "=+-@" and not re.fullmatch(_PLAIN_NUMBER, text):
        return "what a spreadsheet would take for a formula"
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            return "text that is not in Unicode normal form NFC"
        if re.search(_MOJIBAKE, text):
            return "text that was decoded wrongly"
    return None


def _is_stray(character: str) -> bool:
    return not character.isprintable() or character in _BLANKS


def check_keys(table: Table, ledger: Ledger) -> None:
    """Report rows that share a primary key, a unique key, or a value of a unique column."""
    schema = table.schema
    ledger.count("keys", len(schema.unique_keys) + bool(schema.primary_key))
    if schema.primary_key:
        _check_primary_present(table, ledger)
        _check_unique(table, schema.primary_key, "primary_key_is_unique", ledger)
    for key in schema.unique_keys:
        _check_unique(table, key, "unique_key_is_unique", ledger)
    for field in schema.fields:
        if field.unique:
            _check_unique(table, (field.name,), "cell_is_unique", ledger)


def _check_primary_present(table: Table, ledger: Ledger) -> None:
    for name in table.schema.primary_key:
        for row in _missing(table.columns[name]):
            message = f"'{name}' is part of the primary key and is missing"
            ledger.add(table.finding("primary_key_is_present", message, row, name))


def _missing(values: Sequence[Cell]) -> list[int]:
    return [row for row, value in enumerate(values) if value is None] if None in values else []


def _check_unique(table: Table, names: tuple[str, ...], rule: str, ledger: Ledger) -> None:
    """Report every row whose key stands in an earlier row; a key with a missing part is never equal."""
    keys = list(zip(*(table.columns[name] for name in names), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[Cell, ...], int] = {}
    for row, key in enumerate(keys):
        if None in key:
            continue
        known = first.setdefault(key, row)
        if known != row:
            words = ", ".join(f"{name} {quoted(scalar(part))}" for name, part in zip(names, key, strict=True))
            message = f"{words} already stands on line {table.lines[known]}"
            value = scalar(key[0]) if len(key) == 1 else shown(", ".join(to_text(part) for part in key))
            ledger.add(table.finding(rule, message, row, names[0] if len(names) == 1 else None, found=value))


def check_foreign_keys(table: Table, tables: dict[str, Table], ledger: Ledger) -> None:
    """Report cells that refer to a row which does not exist."""
    for key in table.schema.foreign_keys:
        target = tables.get(key.table or table.name)
        if target is None:
            continue
        ledger.count("foreign_keys")
        there = set(zip(*(target.columns[name] for name in key.columns), strict=True))
        here = list(zip(*(table.columns[name] for name in key.fields), strict=True))
        if there.issuperset(here):
            continue
        empty = (None,) * len(key.fields)
        for row in compress(range(len(here)), (cells not in there and cells != empty for cells in here)):
            value = shown(", ".join(to_text(cell) for cell in here[row]))
            message = f"{', '.join(key.fields)} is {quoted(value)}, which no row of '{target.name}' has"
            column = key.fields[0]
            expected = f"a value of {target.name}.{','.join(key.columns)}"
            finding = table.finding("foreign_key_exists", message, row, column, found=value, expected=expected)
            ledger.add(finding)
