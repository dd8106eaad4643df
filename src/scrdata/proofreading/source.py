"""The text of the report as lines that know their number, and the refusal of a text that is another."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrdata.errors import ScrdataError
from scrdata.findings import Finding, quoted, shown

if TYPE_CHECKING:
    from scrdata.findings import Scalar

MOST_BYTES = 1 << 26
_COUNT = re.compile("0|[1-9][0-9]{0,5}")


class SourceError(ScrdataError):
    """The text cannot be read, or does not hold a table as the report prints it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that bears text.

    Attributes:
        number: its place in the file, from 1.
        text: its words, one space between them.
        is_indented: whether it begins with a space, as bullets and the first lines of pages do.
        after_gap: whether an empty line stands before it.
    """

    number: int
    text: str
    is_indented: bool = False
    after_gap: bool = False

    def counts(self, width: int) -> tuple[str, list[int]] | None:
        """Return the label and the `width` whole numbers that end the line; `None` if it is no such row."""
        label, *cells = self.text.rsplit(" ", width)
        if len(cells) != width or not all(_COUNT.fullmatch(cell) for cell in cells):
            return None
        return label, [int(cell) for cell in cells]

    def unexpected(self, expected: str) -> SourceError:
        """Return the error that says what should stand on this line."""
        return SourceError(f"line {self.number} of the text: {quoted(self.text)} stands where {expected} is expected")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of the report.

    Attributes:
        name: where it was read from.
        lines: every line that bears text, in order.
    """

    name: str
    lines: tuple[Line, ...]

    def find(self, pattern: str, title: str) -> tuple[int, re.Match[str]]:
        """Return where in `lines` the one line stands that `pattern` describes, and its match.

        Raises:
            SourceError: there is no such line, or more than one; the message calls it `title`.
        """
        matches = ((place, re.fullmatch(pattern, line.text)) for place, line in enumerate(self.lines))
        found = [(place, match) for place, match in matches if match]
        if not found:
            raise SourceError(f"the text has no line that is {title}")
        if len(found) > 1:
            numbers = ", ".join(str(self.lines[place].number) for place, _ in found)
            raise SourceError(f"the text has several lines that are {title}: {numbers}")
        return found[0]

    def until(self, start: int, pattern: str, title: str) -> tuple[Line, ...]:
        """Return the lines from `start`, above 0, up to the first whose beginning `pattern` describes.

        Raises:
            SourceError: no line does; the message calls the end `title`.
        """
        for place in range(start, len(self.lines)):
            if re.match(pattern, self.lines[place].text):
                return self.lines[start:place]
        raise SourceError(f"the text has no line below line {self.lines[start - 1].number} that is {title}")

    def check_count(self, line: int, what: str, printed: int, counted: int) -> list[Finding]:
        """Return a finding if a number that the text prints is not what its parts amount to."""
        if printed == counted:
            return []
        message = f"the text prints {printed} as {what}, its parts amount to {counted}"
        return [self._finding("printed_total_is_sum_of_parts", message, line, printed, counted)]

    def _finding(self, rule: str, message: str, line: int, found: Scalar, expected: Scalar) -> Finding:
        return Finding(rule, message, file=self.name, line=line, found=found, expected=expected)


def read_source(path: str | os.PathLike[str]) -> Source:
    """Read the text of the report.

    Args:
        path: of a text file in UTF-8; line ends may be LF or CRLF.

    Raises:
        SourceError: the file cannot be opened, is too large for a report, or is not UTF-8.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise SourceError(f"{shown(name)} is larger than {MOST_BYTES:,} bytes; the text of a report is not")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{shown(name)} cannot be opened: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise SourceError(f"{shown(name)} is not UTF-8: byte {error.start + 1} is {byte:#04x}") from None
    return Source(name, _lines(text))


def _lines(text: str) -> tuple[Line, ...]:
    # Only LF ends a line, so that a form feed inside one does not shift the numbers that editors show.
    lines, after_gap = [], True
    for number, raw in enumerate(text.split("\n"), start=1):
        words = " ".join(raw.split())
        if words:
            lines.append(Line(number, words, is_indented=raw[0] == " ", after_gap=after_gap))
        after_gap = not words
    return tuple(lines)
