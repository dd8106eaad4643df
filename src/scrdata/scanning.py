"""One pass over the bytes of a large table: is it the text that an engine would read as `reading` reads it?

An engine splits lines and cells faster than this interpreter, and tolerates what `delimited` refuses.
So the bytes are looked at once, in blocks: stretches without a quotation mark are searched as a
whole, those with one are split by `delimited` itself, and so are those with a line that may be beyond the
limits or ragged: an engine may take a delimiter at the end of a line for none. Memory stays that of one block,
or of the longest row. Lines whose defects even out are left to the engine, which refuses them. Once anything is
wrong, every line is split to find what `delimited` would name.
"""

from __future__ import annotations

import codecs
import hashlib
import itertools

from scrdata.delimited import Broken, DelimitedText
from scrdata.findings import Finding
from scrdata.limits import reached
from scrdata.reading import check_header
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from scrdata.limits import Limits
    from scrdata.table_schema import TableSchema

# So many bytes stay near to the processor while they are searched several times.
BLOCK = 1 << 16
# A row that is within the limits, or has no more bytes than this, is taken as a whole.
LONGEST_ROW = 1 << 26
# A character of UTF-8 has at most so many bytes.
_WIDEST = 4
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Scan(Record):
    """What one pass over a file found.

    Attributes:
        size: in bytes.
        digest: the hash that was asked for, in hexadecimal digits.
        rows: the number of rows below the header; 0 where something is wrong.
        line_end: what ends the lines.
        first_line: the line on which the first row begins.
        lines_are_rows: no cell spans lines, so that a row is found by its line.
        longest: no row has more bytes than this.
        problem: what is wrong, as a finding; `None` where every byte was looked at and nothing is.
    """

    size: int
    digest: str
    rows: int
    line_end: str
    first_line: int
    lines_are_rows: bool
    longest: int
    problem: Finding | None


class Dialect(Record):
    """What the bytes of a table have to be.

    Attributes:
        delimiter: one character.
        schema: names the columns that the header must have.
        limits: how long rows and cells may be, and how many columns there may be.
    """

    delimiter: str
    schema: TableSchema
    limits: Limits


def scan_file(file: BinaryIO, path: str, dialect: Dialect, algorithm: str, *, thorough: bool = False) -> Scan:
    """Look at the bytes of a table once.

    Args:
        file: at its beginning.
        path: of the file, for the finding.
        dialect: of the table.
        algorithm: of the hash to compute; of none where it is empty or unknown.
        thorough: split every line, so that the one that an engine stumbled over is found.
    """
    digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm in hashlib.algorithms_available else None
    scanner = _Scanner(dialect, thorough=thorough)
    size = 0
    while data := file.read(scanner.wanted_bytes):
        size += len(data)
        if digest:
            digest.update(data)
        scanner.take(data)
    scanner.take(b"")
    if scanner.problem and not thorough:
        # An earlier line may be wrong in a way that only shows when each line is split.
        file.seek(0)
        return scan_file(file, path, dialect, algorithm, thorough=True)
    problem = Finding(file=path, **scanner.problem.finding) if scanner.problem else None  # type: ignore[arg-type]
    return Scan(
        size=size,
        digest=digest.hexdigest() if digest else "",
        rows=scanner.rows if problem is None else 0,
        line_end=scanner.line_end or "\n",
        first_line=scanner.first_line,
        lines_are_rows=scanner.lines_are_rows,
        longest=scanner.longest,
        problem=problem,
    )


def lines_of_rows(file: BinaryIO, dialect: Dialect, rows: set[int]) -> dict[int, int]:
    """Return the lines on which rows of a file begin that is known to be sound; rows are counted from 0."""
    scanner = _Scanner(dialect, thorough=True)
    scanner.wanted = rows
    while data := file.read(scanner.wanted_bytes):
        scanner.take(data)
    scanner.take(b"")
    return scanner.found


def sample_rows(file: BinaryIO, dialect: Dialect, lines: int) -> list[list[str]]:
    """Return the rows on the first lines of a file, without the header; none where a row is cut off or ragged."""
    file.seek(0)
    try:
        text = DelimitedText(b"".join(itertools.islice(file, lines)), dialect.delimiter, dialect.limits)
        return list(map(list, zip(*text.rows().columns, strict=True)))
    except Broken:
        return []


class _Scanner:
    """Takes a file block by block, and notes the problem that `delimited` would raise, with its line of the file.

    `delimited` names what is wrong with the characters of a file before what is wrong with its lines, wherever
    each stands. So the first problem of each kind is noted, and only problems of earlier kinds are still sought.
    """

    def __init__(self, dialect: Dialect, *, thorough: bool) -> None:
        self.dialect = dialect
        self.thorough = thorough
        # Lines of fewer bytes are within the limits on rows and cells, which count characters.
        self.suspect = min(dialect.limits.row_length, dialect.limits.cell_length)
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.checks: list[Callable[[bytes, bytes], None]] = [
            *(self._check_encoding, self._check_nul, self._check_line_ends, self._check_rows)
        ]
        self.problem: Broken | None = None
        self.rest = b""
        self.header = b""
        self.width = 0
        self.first_line = 2
        self.wanted: set[int] = set()
        self.found: dict[int, int] = {}
        self.lines = 0
        self.feeds = 0
        self.rows = 0
        self.line_end = ""
        self.lines_are_rows = True
        self.longest = 0

    @property
    def wanted_bytes(self) -> int:
        """So many bytes are taken next: the more, the longer a row goes on, so that it is not copied too often."""
        return max(BLOCK, len(self.rest))

    def take(self, data: bytes) -> None:
        """Take the next bytes; none at all are the end of the file."""
        whole = self.rest + data if self.rest else data
        end = self._safe_end(whole) if data else len(whole)
        block, self.rest = (whole, b"") if end == len(whole) else (whole[:end], whole[end:])
        self.feeds = block.count(b"\n")
        for position, check in enumerate(self.checks):
            try:
                check(block, data)
            except Broken as broken:
                self.problem = broken
                del self.checks[position:]
                break
        self.lines += self.feeds

    def _safe_end(self, block: bytes) -> int:
        """Return where the last line ends that ends outside of quotation marks, which count as long as rows do."""
        end = block.rfind(b"\n") + 1
        if b'"' not in block or self._check_rows not in self.checks:
            return end
        is_quoted = block.count(b'"', 0, end) % 2
        while is_quoted:
            start = block.rfind(b"\n", 0, end - 1) + 1
            is_quoted ^= block.count(b'"', start, end) % 2
            end = start
        return end

    def _check_encoding(self, block: bytes, data: bytes) -> None:
        """Refuse a byte order mark, and what is no UTF-8."""
        waiting = self.decoder.getstate()[0]
        if data and data.isascii() and not waiting:
            return
        before = len(block) + len(self.rest) - len(data)
        if self.lines == before == 0 and data.startswith(_MARKS):
            DelimitedText(data, self.dialect.delimiter)
        try:
            self.decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            at = before - len(waiting) + error.start
            line = self.lines + 1 + (block + self.rest).count(b"\n", 0, at)
            message = f"the byte {(waiting + data)[error.start]:#04x} is not UTF-8; save the file as UTF-8"
            raise Broken("file_is_utf8", message, line) from None

    def _check_nul(self, block: bytes, _: bytes) -> None:
        if b"\0" in block:
            line = self.lines + 1 + block.count(b"\n", 0, block.index(b"\0"))
            raise Broken("file_has_no_nul", "the file holds a NUL character", line)

    def _check_line_ends(self, block: bytes, _: bytes) -> None:
        """Refuse CR alone and a mixture of line ends, also with those of earlier blocks."""
        returns = block.count(b"\r") if b"\r" in block else 0
        pairs = block.count(b"\r\n") if returns else 0
        if not self.line_end and self.feeds:
            self.line_end = "\r\n" if block[: block.index(b"\n")].endswith(b"\r") else "\n"
        if returns == pairs == (self.feeds if self.line_end == "\r\n" else 0):
            return
        allowed = (b"", self.line_end.encode())
        lines = enumerate(block.splitlines(keepends=True), self.lines + 1)
        odd = next(number for number, line in lines if line[len(line.rstrip(b"\r\n")) :] not in allowed)
        message = "this line does not end as the first one, or with CR alone; line ends must be all LF or all CRLF"
        raise Broken("line_ends_agree", message, odd)

    def _check_rows(self, block: bytes, data: bytes) -> None:
        """Refuse a header that is not declared, and lines that cannot be split."""
        if len(self.rest) > max(LONGEST_ROW, (self.dialect.limits.row_length + 1) * _WIDEST):
            self._refuse_endless(self.lines + self.feeds)
        before, feeds = self.lines, self.feeds
        if not self.header and (block or not data):
            line = self._take_header(block)
            block = block[len(line) :]
            before, feeds = line.count(b"\n") or 1, feeds - line.count(b"\n")
        if block:
            self._take_rows(block, feeds + (not block.endswith(b"\n")), before)

    def _take_header(self, block: bytes) -> bytes:
        end = block.find(b"\n") + 1
        is_quoted = block.count(b'"', 0, end) % 2
        while end and is_quoted:
            start, end = end, block.find(b"\n", end) + 1
            is_quoted ^= block.count(b'"', start, end) % 2
        line = block[:end] if end else block
        header = DelimitedText(line, self.dialect.delimiter, self.dialect.limits).header
        check_header(header, self.dialect.schema)
        self.header, self.width = line, len(header)
        self.first_line = (line.count(b"\n") or 1) + 1
        return line

    def _take_rows(self, block: bytes, number: int, before: int) -> None:
        self.longest = max(self.longest, len(block))
        if self.thorough or b'"' in block or self._may_be_ragged(block, number) or self._may_be_beyond(block):
            rows = self._split(block, before)
            self.lines_are_rows &= rows == number
        else:
            if self.width == 1:
                self._check_blank(block, before)
            rows = number
        self.rows += rows

    def _check_blank(self, block: bytes, before: int) -> None:
        end = self.line_end.encode() or b"\n"
        at = 0 if block.startswith(end) else block.find(b"\n" + end) + 1 or -1
        if at >= 0:
            raise Broken("line_is_not_blank", "the line is blank", before + 1 + block.count(b"\n", 0, at))

    def _may_be_ragged(self, block: bytes, number: int) -> bool:
        """Say whether lines without quotation marks hold more or fewer cells than they should."""
        return block.count(self.dialect.delimiter.encode()) != number * (self.width - 1)

    def _may_be_beyond(self, block: bytes) -> bool:
        """Say whether a line is so long that it, or a cell of it, may be beyond the limits."""
        return len(block) > self.suspect and max(map(len, block.split(b"\n"))) > self.suspect

    def _refuse_endless(self, before: int) -> None:
        """Refuse a row that is beyond the limits and has no end as yet, unless its marks are wrong before."""
        text = self.rest.decode("utf-8", "ignore")
        try:
            self._split((text + '"' * (text.count('"') % 2)).encode(), before)
        except Broken as broken:
            if broken.finding["rule"] == "quotation_marks_are_paired":
                raise
        message = f"the row has {reached(self.dialect.limits, 'row_length')}"
        raise Broken("row_is_within_limits", message, before + 1)

    def _split(self, block: bytes, before: int) -> int:
        """Split a block of whole rows as `reading` would; return how many there are."""
        further = before - self.header.count(b"\n")
        try:
            lines = DelimitedText(self.header + block, self.dialect.delimiter, self.dialect.limits).rows().lines
            numbered = enumerate(lines, self.rows)
            self.found |= {row: line + further for row, line in numbered if row in self.wanted}
            return len(lines)
        except Broken as broken:
            line = broken.finding["line"]
            if isinstance(line, int):
                broken.finding["line"] = line + further
            raise
