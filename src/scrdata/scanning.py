"""One pass over the bytes of a large table: is it the text that an engine would read as `reading` reads it?

An engine splits lines and cells faster than this interpreter, and tolerates what `delimited` refuses.
So the bytes are looked at once, in blocks: stretches without a quotation mark are searched as a
whole, those with one are split by `delimited` itself. Memory stays that of one block. Blank and ragged
lines are left to the engine: it refuses them, or leaves them out, so that it reads fewer rows than there
are lines; then every line is split to find the one that is wrong.
"""

from __future__ import annotations

import codecs
import hashlib
import itertools

from scrdata.delimited import Broken, DelimitedText
from scrdata.findings import Finding
from scrdata.reading import check_header
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from scrdata.table_schema import TableSchema

BLOCK = 1 << 22
# A quoted cell that is longer than this is taken for one that is not closed.
LONGEST_CELL = 1 << 26


class Scan(Record):
    """What one pass over a file found.

    Attributes:
        size: in bytes.
        digest: the hash that was asked for, in hexadecimal digits.
        rows: the number of rows below the header; 0 where something is wrong.
        line_end: what ends the lines.
        first_line: the line on which the first row begins.
        lines_are_rows: no cell spans lines, so that a row is found by its line.
        problem: what is wrong, as a finding; `None` where every byte was looked at and nothing is.
    """

    size: int
    digest: str
    rows: int
    line_end: str
    first_line: int
    lines_are_rows: bool
    problem: Finding | None


def scan_file(
    file: BinaryIO, path: str, delimiter: str, schema: TableSchema, algorithm: str, *, thorough: bool = False
) -> Scan:
    """Look at the bytes of a table once.

    Args:
        file: at its beginning.
        path: of the file, for the finding.
        delimiter: one character.
        schema: names the columns that the header must have.
        algorithm: of the hash to compute; of none where it is empty or unknown.
        thorough: split every line, so that the one that an engine stumbled over is found.
    """
    digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm in hashlib.algorithms_available else None
    scanner = _Scanner(delimiter, schema, thorough=thorough)
    size, problem = 0, None
    while data := file.read(BLOCK):
        size += len(data)
        if digest:
            digest.update(data)
        if problem is None:
            problem = _problem(scanner, data, path)
    if problem is None:
        problem = _problem(scanner, b"", path)
    return Scan(
        size=size,
        digest=digest.hexdigest() if digest else "",
        rows=scanner.rows if problem is None else 0,
        line_end=scanner.line_end or "\n",
        first_line=scanner.first_line,
        lines_are_rows=scanner.lines_are_rows,
        problem=problem,
    )


def lines_of_rows(file: BinaryIO, delimiter: str, schema: TableSchema, rows: set[int]) -> dict[int, int]:
    """Return the lines on which rows of a file begin that is known to be sound; rows are counted from 0."""
    scanner = _Scanner(delimiter, schema, thorough=True)
    scanner.wanted = rows
    while data := file.read(BLOCK):
        scanner.take(data)
    scanner.take(b"")
    return scanner.found


def sample_rows(file: BinaryIO, delimiter: str, lines: int) -> list[list[str]]:
    """Return the rows on the first lines of a file, without the header; none where a row is cut off or ragged."""
    file.seek(0)
    try:
        text = DelimitedText(b"".join(itertools.islice(file, lines)), delimiter)
        return list(map(list, zip(*text.rows().columns, strict=True)))
    except Broken:
        return []


def _problem(scanner: _Scanner, data: bytes, path: str) -> Finding | None:
    try:
        scanner.take(data)
    except Broken as broken:
        return Finding(file=path, **broken.finding)  # type: ignore[arg-type]
    return None


class _Scanner:
    """Takes a file block by block; `take` raises `Broken`, with the line of the file, at what `delimited` refuses."""

    def __init__(self, delimiter: str, schema: TableSchema, *, thorough: bool) -> None:
        self.delimiter = delimiter
        self.schema = schema
        self.thorough = thorough
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.rest = b""
        self.header = b""
        self.width = 0
        self.first_line = 2
        self.wanted: set[int] = set()
        self.found: dict[int, int] = {}
        self.lines = 0
        self.rows = 0
        self.line_end = ""
        self.lines_are_rows = True

    def take(self, data: bytes) -> None:
        """Take the next bytes; none at all are the end of the file."""
        self._decode(data)
        block = self.rest + data if self.rest else data
        if data:
            end = self._safe_end(block)
            self.rest = block[end:]
            block = block[:end]
            if len(self.rest) > LONGEST_CELL:
                self._split(self.rest)
        if not self.header and (block or not data):
            block = self._take_header(block)
        if block:
            self._take_rows(block)

    def _decode(self, data: bytes) -> None:
        """Refuse what is no UTF-8."""
        waiting = self.decoder.getstate()[0]
        if data.isascii() and not waiting:
            return
        try:
            self.decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            block = waiting + data
            line = self.lines + 1 + self.rest.count(b"\n") + block.count(b"\n", 0, error.start)
            raise Broken("file_is_utf8", f"the byte {block[error.start]:#04x} is not UTF-8", line) from None

    @staticmethod
    def _safe_end(block: bytes) -> int:
        """Return where the last line ends that ends outside of quotation marks."""
        end = block.rfind(b"\n") + 1
        if b'"' not in block:
            return end
        while end and block.count(b'"', 0, end) % 2:
            end = block.rfind(b"\n", 0, end - 1) + 1
        return end

    def _take_header(self, block: bytes) -> bytes:
        end = block.find(b"\n") + 1
        while end and block.count(b'"', 0, end) % 2:
            end = block.find(b"\n", end) + 1
        line = block[:end] if end else block
        header = DelimitedText(line, self.delimiter).header
        check_header(header, self.schema)
        self.header, self.width = line, len(header)
        self.lines = line.count(b"\n") or 1
        self.first_line = self.lines + 1
        self._check_line_ends(line, 0)
        return block[len(line) :]

    def _take_rows(self, block: bytes) -> None:
        if b"\0" in block:
            line = self.lines + 1 + block.count(b"\n", 0, block.index(b"\0"))
            raise Broken("file_has_no_nul", "the file holds a NUL character", line)
        number = self._check_line_ends(block, self.lines) + (not block.endswith(b"\n"))
        if self.thorough or b'"' in block:
            rows = self._split(block)
            self.lines_are_rows &= rows == number
        else:
            if self.width == 1:
                self._check_blank(block)
            rows = number
        self.rows += rows
        self.lines += number

    def _check_line_ends(self, block: bytes, before: int) -> int:
        """Refuse CR alone and a mixture of line ends, also with those of earlier blocks; return the number of LFs."""
        feeds, returns = block.count(b"\n"), block.count(b"\r") if b"\r" in block else 0
        pairs = block.count(b"\r\n") if returns else 0
        found = "\r\n" if pairs else "\n"
        if (
            returns == pairs
            and pairs in (0, feeds)
            and self.line_end in ("", found, *(() if feeds else (self.line_end,)))
        ):
            self.line_end = self.line_end or (found if feeds else "")
            return feeds
        wanted = b"\r\n" if (self.line_end or found) == "\r\n" else b"\n"
        for number, line in enumerate(block.splitlines(keepends=True), before + 1):
            ending = line[len(line.rstrip(b"\r\n")) :]
            if ending and ending != wanted:
                raise Broken("line_ends_agree", "line ends must be all LF or all CRLF", number)
        raise Broken("line_ends_agree", "line ends must be all LF or all CRLF", before + 1)

    def _check_blank(self, block: bytes) -> None:
        end = self.line_end.encode() or b"\n"
        at = 0 if block.startswith(end) else block.find(b"\n" + end) + 1 or -1
        if at >= 0:
            raise Broken("line_is_not_blank", "the line is blank", self.lines + 1 + block.count(b"\n", 0, at))

    def _split(self, block: bytes) -> int:
        """Split a block of whole rows as `reading` would; return how many there are."""
        before = self.lines - (self.header.count(b"\n") or 1)
        try:
            lines = DelimitedText(self.header + block, self.delimiter).rows().lines
            self.found |= {self.rows + i: line + before for i, line in enumerate(lines) if self.rows + i in self.wanted}
            return len(lines)
        except Broken as broken:
            line = broken.finding["line"]
            if isinstance(line, int):
                broken.finding["line"] = line + before
            raise
