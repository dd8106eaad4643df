"""Annex B of the report: one row for each review, with its Board, judgement and date of letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from scrdata.proofreading.labels import JUDGEMENTS
from scrdata.proofreading.printed import PrintedRow, PrintedTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.proofreading.source import Line, Source

_HEADING = "Annex B: The ([0-9]{1,6}) serious case reviews"
_COLUMN_HEADINGS = {
    "Local Safeguarding Children Board": "board_id",
    "Serious case review evaluation": "judgement",
    "Date of evaluation letter": "evaluation_date",
}
_ROW = re.compile(
    rf"(?:(?P<name>.+) )?(?P<judgement>{'|'.join(JUDGEMENTS)}) "
    "(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})",
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ &'’.,()-])*")
_JOINING_END = re.compile(r".*(?:\b(?:and|of|on|the|under|upon|with)|&|-)")
_JOINING_START = re.compile(r"(?:(?:and|of|on|the|under|upon|with)\b|&).*")


@dataclass(frozen=True, slots=True)
class _Review:
    name: str
    judgement: str
    evaluation_date: str
    line: int


def read_annex_b(source: Source) -> tuple[PrintedTable, PrintedTable]:
    """Return the tables `boards` (identifier and name) and `reviews` that Annex B prints.

    Annex B reaches to the end of the text.

    Raises:
        SourceError: there is no Annex B, or a line in it is no part of its table.
    """
    place, heading = source.find(_HEADING, "the heading of Annex B")
    top = source.lines[place]
    reviews = list(_reviews(_below_headings(source.lines[place + 1 :], top)))
    findings = source.check_count(top.number, "the number of reviews in Annex B", int(heading[1]), len(reviews))
    rows = tuple(
        PrintedRow((f"R{n:03d}", str(n), slug(r.name), r.judgement, r.evaluation_date), r.line)
        for n, r in enumerate(reviews, start=1)
    )
    columns = ("review_id", "annex_position", *_COLUMN_HEADINGS.values())
    return _boards(reviews), PrintedTable("reviews", columns, rows, numbering=2, findings=tuple(findings))


def slug(name: str) -> str:
    """Return the identifier that the package makes from a Board's printed name.

    >>> slug("King’s Lynn & Wisbech")
    'kings-lynn-and-wisbech'
    """
    words = re.sub("['’]", "", name.lower().replace("&", "and"))
    return re.sub("[^a-z0-9]+", "-", words).strip("-")


def _boards(reviews: Sequence[_Review]) -> PrintedTable:
    first: dict[str, int] = {}
    for review in reviews:
        first.setdefault(review.name, review.line)
    rows = tuple(PrintedRow((slug(name), name), line) for name, line in first.items())
    return PrintedTable("boards", ("board_id", "name"), rows)


def _below_headings(lines: Sequence[Line], top: Line) -> Sequence[Line]:
    """Return the lines below the column headings, which the text breaks over several lines."""
    expected = " ".join(_COLUMN_HEADINGS)
    seen = ""
    for place, line in enumerate(lines, start=1):
        seen = f"{seen} {line.text}".strip()
        if seen == expected:
            return lines[place:]
        if not expected.startswith(f"{seen} "):
            raise line.unexpected("a column heading of Annex B")
    raise top.unexpected("a heading with the column headings of Annex B below it")


def _reviews(lines: Sequence[Line]) -> Iterator[_Review]:
    parts: list[Line] = []
    for line in lines:
        row = _ROW.fullmatch(line.text)
        if row:
            yield _review(parts, line, row)
            parts = []
        elif _is_name(line.text):
            parts.append(line)
        else:
            raise line.unexpected("a review or part of a Board's name")
    if parts:
        raise parts[0].unexpected("the end of Annex B or a name with judgement and date")


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not JUDGEMENTS.keys() & text.split()


def _review(parts: list[Line], line: Line, row: re.Match[str]) -> _Review:
    """Return the review whose row ends here, with the parts of its name that stand on lines before."""
    own = row["name"]
    if parts and own and not _belong_together(parts[-1].text, own):
        raise parts[0].unexpected("a review with judgement and date")
    name = " ".join([*(part.text for part in parts), *([own] if own else [])])
    name = re.sub(r"(?<=\w)- ", "-", name)
    if not _is_name(name):
        raise line.unexpected("a review with the name of a Board")
    return _Review(name, JUDGEMENTS[row["judgement"]], _iso_date(row, line), line.number)


def _belong_together(part: str, rest: str) -> bool:
    """Tell a broken name from a stray line before a whole one: a break stands beside a joining word."""
    return bool(_JOINING_END.fullmatch(part) or _JOINING_START.fullmatch(rest))


def _iso_date(row: re.Match[str], line: Line) -> str:
    try:
        return date(int(row["year"]), int(row["month"]), int(row["day"])).isoformat()
    except ValueError:
        raise line.unexpected("a review with a day that the calendar has") from None
