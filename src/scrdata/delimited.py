"""Bytes of delimited text to rows of cells, by RFC 4180 with another delimiter where one is declared.

Nothing is guessed. Refused are bytes that are not UTF-8, byte order marks, NUL, mixed or CR-only line
ends, stray or unclosed quotation marks, blank or ragged lines, and rows or cells beyond the limits.
"""

from __future__ import annotations

import re
from array import array

from scrdata.limits import DEFAULT, Limits, reached
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.findings import Scalar


# So many characters are split as a whole at most, and from so many cells on they are handed on: enough to gain by
# it, and few enough to be kept at hand by the processor.
PIECE, CELLS = 2**19, 50_000


class Rows(Record):
    """Rows below the header, one after the other.

    Attributes:
        columns: for each cell of the header, the cells below it.
        lines: for each row, the line on which it starts, from 1.
    """

    columns: list[list[str]]
    lines: array[int]


class Broken(Exception):
    """The file has no rows and columns; `finding` holds rule, sentence, line and values."""

    def __init__(self, rule: str, message: str, line: int | None, **values: Scalar) -> None:
        super().__init__(message)
        self.finding = {"rule": rule, "message": message, "line": line, **values}


def _decode(data: bytes) -> str:
    for mark, what in ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if data.startswith(mark):
            message = f"the file starts with a {what} byte order mark; save it as UTF-8 without one"
            raise Broken("file_has_no_byte_order_mark", message, 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise Broken("file_is_utf8", message, line) from None
    if not text:
        raise Broken("header_is_as_declared", "the file is empty, where a header was expected", 1)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Broken("file_has_no_nul", "the file holds a NUL character", line)
    return _line_feeds(text) if "\r" in text else text


def _line_feeds(text: str) -> str:
    """Return a file with CRLF line ends with LF ones; refuse a CR alone, and an end that is not as the first one."""
    first = text.find("\n")
    other = r"(?<!\r)\n" if first > 0 and text[first - 1] == "\r" else r"\r\n"
    odd = re.search(rf"\r(?!\n)|{other}", text)
    if odd:
        line = len(re.findall(r"\r\n|\r|\n", text[: odd.start()])) + 1
        message = "this line does not end as the first one, or with CR alone; line ends must be all LF or all CRLF"
        raise Broken("line_ends_agree", message, line)
    return text.replace("\r\n", "\n")


class DelimitedText:
    """Goes through a file once; stretches without a quotation mark are split as a whole.

    Args:
        data: the bytes of the file.
        delimiter: one character.
        limits: how long rows and cells may be, and how many columns there may be.

    Attributes:
        header: the cells of the first line.

    Raises:
        Broken: the bytes are no text, or their first line cannot be split or is beyond the limits.
    """

    def __init__(self, data: bytes, delimiter: str, limits: Limits = DEFAULT) -> None:
        self.text = _decode(data)
        self.delimiter = delimiter
        self.limits = limits
        self.at = 0
        self.line = 1
        mark = re.escape(delimiter)
        # The inside of a quoted cell is taken whole or not at all, so that nothing is tried twice.
        self._cell = re.compile(
            rf'"((?>[^"]*(?:""[^"]*)*))"(?=[{mark}\n]|\Z)|([^"{mark}\n]*)(?=[{mark}\n]|\Z)',
        )
        self.header = self._record()
        if len(self.header) > limits.columns:
            raise self._beyond("the header", "columns", 1, len(self.header))
        self._rows = Rows([[] for _ in self.header], array("q"))

    def rows(self) -> Rows:
        """Split all that follows the header; raise `Broken` as `pieces` does."""
        whole = Rows([[] for _ in self.header], array("q"))
        for piece in self.pieces():
            for column, cells in zip(whole.columns, piece.columns, strict=True):
                column.extend(cells)
            whole.lines.extend(piece.lines)
        return whole

    def pieces(self) -> Iterator[Rows]:
        """Split all that follows the header; yield some rows at a time, so that the texts of all never are in memory.

        Raises:
            Broken: a line cannot be split, is beyond the limits, or has more or fewer cells than the header.
        """
        width = len(self.header)
        while self.at < len(self.text):
            stop = self._end_of_plain_rows()
            if stop > self.at:
                self._plain_rows(stop, width)
            else:
                line = self.line
                record = self._record()
                self._check_width(len(record), width, line)
                for column, cell in zip(self._rows.columns, record, strict=True):
                    column.append(cell)
                self._rows.lines.append(line)
            if len(self._rows.lines) * width >= CELLS:
                yield self._take_rows()
        yield self._take_rows()

    def _take_rows(self) -> Rows:
        rows, self._rows = self._rows, Rows([[] for _ in self.header], array("q"))
        return rows

    def _end_of_plain_rows(self) -> int:
        """Return the end of a stretch of whole rows without a quotation mark; what is at or before `at` is none."""
        end = min(len(self.text), self.at + PIECE)
        quote = self.text.find('"', self.at, end)
        if quote < 0 and end == len(self.text):
            return end
        stop = self.text.rfind("\n", self.at, end if quote < 0 else quote) + 1
        if stop or quote >= 0:
            return stop
        # A row that is longer than a piece.
        stop = self.text.find("\n", end) + 1 or len(self.text)
        return stop if self.text.find('"', end, stop) < 0 else self.at

    def _plain_rows(self, stop: int, width: int) -> None:
        """Take the lines up to `stop`, in which there is no quotation mark."""
        block = self.text[self.at : stop].removesuffix("\n")
        rows = block.split("\n")
        if "" in rows:
            raise Broken("line_is_not_blank", "the line is blank", self.line + rows.index(""))
        marks = [row.count(self.delimiter) for row in rows]
        if marks.count(width - 1) != len(rows):
            wrong = next(place for place, count in enumerate(marks) if count != width - 1)
            self._check_width(marks[wrong] + 1, width, self.line + wrong)
        longest = min(self.limits.row_length, self.limits.cell_length)
        if len(block) > longest and max(map(len, rows)) > longest:
            for line, row in enumerate(rows, self.line):
                self._check_length(len(row), row.split(self.delimiter), line)
        cells = block.replace("\n", self.delimiter).split(self.delimiter)
        for position, column in enumerate(self._rows.columns):
            column.extend(cells[position::width])
        self._rows.lines.extend(range(self.line, self.line + len(rows)))
        self.line += len(rows)
        self.at = stop

    def _record(self) -> list[str]:
        """Take one record, which may span lines."""
        start = self.at
        if self.text.startswith("\n", start):
            raise Broken("line_is_not_blank", "the line is blank", self.line)
        record = []
        while True:
            match = self._cell.match(self.text, self.at)
            if not match:
                raise _quote_problem(self.text, self.at, self.line + self.text.count("\n", start, self.at))
            inside = match.group(1)
            record.append(match.group(2) if inside is None else inside.replace('""', '"'))
            self.at = match.end()
            if not self.text.startswith(self.delimiter, self.at):
                self._check_length(self.at - start, record, self.line)
                self.line += self.text.count("\n", start, self.at) + 1
                self.at += 1
                return record
            self.at += 1

    def _check_length(self, length: int, cells: Sequence[str], line: int) -> None:
        """Refuse a row of too many characters, or one with such a cell."""
        if length > self.limits.row_length:
            raise self._beyond("the row", "row_length", line, length)
        if length > self.limits.cell_length:
            for cell in cells:
                if len(cell) > self.limits.cell_length:
                    raise self._beyond("a cell of the row", "cell_length", line, len(cell))

    def _beyond(self, what: str, limit: str, line: int, found: int) -> Broken:
        return Broken("row_is_within_limits", f"{what} has {reached(self.limits, limit)}", line, found=found)

    @staticmethod
    def _check_width(found: int, width: int, line: int) -> None:
        if found != width:
            message = f"the row has {found} cells, the header {width}"
            raise Broken("row_has_all_cells", message, line, found=found, expected=width)


def _quote_problem(text: str, at: int, line: int) -> Broken:
    rule = "quotation_marks_are_paired"
    if text[at] != '"':
        message = "a quotation mark stands inside a cell that is not quoted; quote the cell, and double the mark"
        return Broken(rule, message, line)
    closing = re.compile(r'(?>[^"]*(?:""[^"]*)*)"').match(text, at + 1)
    if closing:
        line += text.count("\n", at, closing.end())
        return Broken(rule, "text follows a closing quotation mark; double a mark that belongs to the cell", line)
    return Broken(rule, "a quotation mark opens this cell, and none closes it", line)
