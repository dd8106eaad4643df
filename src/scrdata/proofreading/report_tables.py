"""Tables 1, 2 and 3 of the report, with the totals that they print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrdata.proofreading.labels import CAUSE_GROUPS, CAUSES, DURATIONS, JUDGEMENTS, PERIODS
from scrdata.proofreading.printed import PrintedRow, PrintedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scrdata.findings import Finding
    from scrdata.proofreading.source import Line, Source

_TABLE_1 = "Table 1: .* the ([0-9]{1,6}) children .+"
_TABLE_1_NOTES = r"\* "
_TABLE_2 = "Table 2: .+"
_TABLE_2_COLUMNS = f"Period {' '.join(JUDGEMENTS)} Total SCRs"
_TABLE_3 = "Table 3: .+"
_PARAGRAPH = r"[0-9]+\. "


def read_causes(source: Source) -> PrintedTable:
    """Return `causes_of_death` as Table 1 prints it, up to its notes.

    Raises:
        SourceError: there is no Table 1, or a line in it is no part of it.
    """
    place, heading = source.find(_TABLE_1, "the heading of Table 1")
    top = source.lines[place]
    body = iter(source.until(place + 1, _TABLE_1_NOTES, "the first note to Table 1"))
    rows: list[PrintedRow] = []
    findings: list[Finding] = []
    for line in body:
        label, count = _labelled(line)
        if label == "Total" and count is not None:
            whole = sum(int(row.cells[-1]) for row in rows)
            findings += source.check_count(line.number, "the total of Table 1", count, whole)
            findings += source.check_count(top.number, "the children of Table 1", int(heading[1]), whole)
            _expect_end(body, "a note to Table 1")
            columns = ("cause_group", "cause", "children")
            return PrintedTable("causes_of_death", columns, tuple(rows), findings=tuple(findings))
        if count is None:
            group_rows, more = _read_group(source, line, body)
            rows += group_rows
            findings += more
        else:
            rows.append(_cause(line, CAUSE_GROUPS.get(label), "a group of causes or the total of Table 1"))
    raise top.unexpected("the heading of a Table 1 that ends in a total")


def _labelled(line: Line) -> tuple[str, int | None]:
    """Return the label of a line of Table 1, and its number if it has one."""
    row = line.counts(1)
    return (row[0], row[1][0]) if row else (line.text, None)


def _cause(line: Line, group: str | None, expected: str) -> PrintedRow:
    label, count = _labelled(line)
    if group is None or count is None or label not in CAUSES[group]:
        raise line.unexpected(expected)
    return PrintedRow((group, CAUSES[group][label], str(count)), line.number)


def _read_group(source: Source, heading: Line, body: Iterator[Line]) -> tuple[list[PrintedRow], list[Finding]]:
    """Read the rows below the heading of a group, up to and with the group's total."""
    group = CAUSE_GROUPS.get(heading.text)
    if group is None:
        raise heading.unexpected("a group of causes or the total of Table 1")
    expected = f"a cause or the total of the group '{heading.text}'"
    rows: list[PrintedRow] = []
    for line in body:
        label, count = _labelled(line)
        if label == "Total" and count is not None and rows:
            parts = sum(int(row.cells[-1]) for row in rows)
            return rows, source.check_count(line.number, f"the total of '{heading.text}'", count, parts)
        rows.append(_cause(line, group, expected))
    raise heading.unexpected("a group of causes that ends in a total")


def _expect_end(lines: Iterator[Line], expected: str) -> None:
    for line in lines:
        raise line.unexpected(expected)


def read_judgements(source: Source) -> PrintedTable:
    """Return `judgements` as Table 2 prints it, up to the next numbered paragraph.

    Raises:
        SourceError: there is no Table 2, or a line in it is no part of it.
    """
    place, _ = source.find(_TABLE_2, "the heading of Table 2")
    lines = source.until(place + 1, _PARAGRAPH, "a numbered paragraph after Table 2")
    rows: list[PrintedRow] = []
    findings: list[Finding] = []
    for line in _below(_TABLE_2_COLUMNS, source.lines[place], lines):
        label, (*counts, total) = _counted(line, PERIODS, len(JUDGEMENTS) + 1, "a period with five numbers")
        rows += _cells(PERIODS[label], JUDGEMENTS.values(), counts, line)
        findings += source.check_count(line.number, f"the total of {label}", total, sum(counts))
    columns = ("period_id", "judgement", "reviews")
    return PrintedTable("judgements", columns, tuple(rows), findings=tuple(findings))


def read_durations(source: Source) -> PrintedTable:
    """Return `durations` as Table 3 prints it.

    The text tears the column headings in two: the lower halves stand above the rows, where they
    belong, the upper halves (and the heading of the first column after them) some paragraphs further
    down. Both must be there, word for word, or nothing is known about which column is which.

    Raises:
        SourceError: there is no Table 3, its headings are others, or a line in it is no part of it.
    """
    upper = " ".join([*(above for above, _ in DURATIONS if above), "SCR evaluation"])
    lower = " ".join(below for _, below in DURATIONS)
    place, _ = source.find(_TABLE_3, "the heading of Table 3")
    lines = source.until(place + 1, f"{re.escape(upper)}$", f"the upper half of its column headings, '{upper}'")
    rows: list[PrintedRow] = []
    for line in _above_running_text(_below(lower, source.lines[place], lines)):
        label, counts = _counted(line, JUDGEMENTS, len(DURATIONS), "a judgement with four numbers")
        rows += _cells(JUDGEMENTS[label], DURATIONS.values(), counts, line)
    return PrintedTable("durations", ("judgement", "duration", "reviews"), tuple(rows))


def _below(headings: str, top: Line, lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines below the one with the column headings, which must be the first."""
    if not lines:
        raise top.unexpected(f"a heading with '{headings}' below it")
    if lines[0].text != headings:
        raise lines[0].unexpected(f"the line of column headings '{headings}'")
    return lines[1:]


def _above_running_text(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines up to the last that bears two figures or more: no sentence below Table 3 does."""
    bearing = [place for place, line in enumerate(lines, start=1) if _figures(line.text) > 1]
    return lines[: max(bearing, default=0)]


def _figures(text: str) -> int:
    return sum(any(character.isdigit() for character in word) for word in text.split())


def _counted(line: Line, labels: dict[str, str], width: int, expected: str) -> tuple[str, list[int]]:
    row = line.counts(width)
    if row is None or row[0] not in labels:
        raise line.unexpected(expected)
    return row


def _cells(key: str, codes: Iterable[str], counts: Sequence[int], line: Line) -> list[PrintedRow]:
    """Return one row for each number on a line that stands under a heading."""
    return [PrintedRow((key, code, str(count)), line.number) for code, count in zip(codes, counts, strict=True)]
