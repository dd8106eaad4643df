"""The report's text cut into passages: paragraphs, key findings, footnotes, tables, captions and annexes.

A paragraph goes on over the end of a page, footnotes stand between. On some pages the order of the
lines is lost: labels of paragraphs stand apart from their text. From the first such page to the
next annex the text is one passage, which belongs to all of its paragraphs together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from scrdata.numerals import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.proofreading.source import Line, Source

_LABEL = re.compile(r"([1-9][0-9]{0,2})\.(?: |$)")
_FOOTNOTE = re.compile(r"([1-9][0-9]?) (?=\S)")
_CAPTION = re.compile(r"(Table|Figure) ([1-9])[.:] ")
_ANNEX = re.compile(r"Annex ([A-Z]): ")
# A stroke through a dash, which some readers of the file keep as a character of its own.
_STRUCK_DASH = re.compile(" *\u0336 *-?")
SUMMARY, FINDINGS = "Executive summary", "Key findings"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the report.

    Attributes:
        locators: the places that it belongs to; several where the order of the lines is lost.
        text: its words, lines joined by a space, words that a hyphen breaks joined.
        starts: for each line, where it starts in `text`, and its number in the file.
        footnotes: the numbers of the footnotes that the pages of this passage bear.
    """

    locators: tuple[str, ...]
    text: str
    starts: tuple[tuple[int, int], ...]
    footnotes: frozenset[int]

    @property
    def is_ordered(self) -> bool:
        """True where the words stand in the order in which they are read."""
        return len(self.locators) == 1

    def line(self, position: int) -> int:
        """Return the number of the line in which a position of the text lies."""
        return max((start, number) for start, number in self.starts if start <= position)[1]


@dataclass(slots=True)
class _Part:
    locators: list[str]
    lines: list[tuple[int, str]] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Splitter:
    """Opens the parts of the report in turn, and counts those that are numbered."""

    parts: list[_Part] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=lambda: {"executive summary para": 0, "key finding": 0, "para": 0})

    def is_new(self, number: int) -> bool:
        """Say whether a number can be that of a paragraph that was not met yet."""
        return number > self.numbers["para"] and all(f"para {number}" not in part.locators for part in self.parts)

    def open(self, locator: str) -> _Part:
        part = _Part([locator])
        self.parts.append(part)
        return part

    def next(self, kind: str) -> _Part:
        self.numbers[kind] += 1
        return self.open(f"{kind} {self.numbers[kind]}")


def split(source: Source) -> list[Passage]:
    """Return the passages of the report in the order of the text."""
    lines = source.lines
    pages = _pages(lines)
    notes = _footnotes(lines, pages)
    torn = _torn_pages(lines, pages)
    splitter = _Splitter()
    current: _Part | None = None
    note: _Part | None = None
    for place, line in enumerate(lines):
        if note is not None and place and pages[place] != pages[place - 1]:
            note = None
        text = line.text
        if place in notes:
            note = splitter.open(f"footnote {notes[place]}")
            text = text.partition(" ")[2]
        if note is None:
            current, text = _place_of(splitter, current, line, text, is_torn=pages[place] in torn)
        part = note or current
        if part is not None:
            part.lines.append((line.number, text))
            part.pages.add(pages[place])
    by_page: dict[int, set[int]] = {}
    for place, number in notes.items():
        by_page.setdefault(pages[place], set()).add(number)
    return [_passage(part, by_page) for part in splitter.parts if part.lines and part.locators != [""]]


def _place_of(
    splitter: _Splitter, current: _Part | None, line: Line, text: str, *, is_torn: bool
) -> tuple[_Part | None, str]:
    """Return the part that a line outside of footnotes belongs to, and its text without a label."""
    annex = _ANNEX.match(text)
    if text == SUMMARY and current is None:
        return splitter.next("executive summary para"), ""
    if text == FINDINGS:
        return splitter.open("key findings"), ""
    if annex:
        return splitter.open(f"annex {annex[1].lower()}"), text
    if current is None or current.locators == ["annex b"]:
        return None if current is None else splitter.open(""), text
    label = _LABEL.match(text)
    if label and (is_torn or int(label[1]) == splitter.numbers["para"] + 1):
        return _labelled(splitter, current, label, is_torn=is_torn)
    caption = _CAPTION.match(text)
    return (_captioned(splitter, current, caption) if caption else _continued(splitter, current, line)), text


def _labelled(splitter: _Splitter, current: _Part, label: re.Match[str], *, is_torn: bool) -> tuple[_Part, str]:
    """Return the part of a line that begins with what can be the label of a paragraph, and the rest of the line."""
    rest = label.string[label.end() :]
    if len(current.locators) == 1:
        splitter.numbers["para"] = int(label[1]) - 1
        part = splitter.next("para")
        # A second place, which is none, says that the order of the lines is lost from here on.
        part.locators += [""] if is_torn else []
        return part, rest
    if not splitter.is_new(int(label[1])):
        return current, label.string
    current.locators.append(f"para {label[1]}")
    return current, rest


def _captioned(splitter: _Splitter, current: _Part, caption: re.Match[str]) -> _Part:
    """Return the part of a line that begins with the caption of a table or figure."""
    locator = f"{caption[1].lower()} {caption[2]}"
    if len(current.locators) == 1:
        return splitter.open(locator)
    current.locators.append(locator)
    return current


def _continued(splitter: _Splitter, current: _Part, line: Line) -> _Part:
    """Return the part that a line without a mark of its own belongs to."""
    name = current.locators[0]
    if name.startswith("executive summary") and line.after_gap and current.lines[-1][1]:
        return splitter.next("executive summary para")
    if name.startswith("key finding") and line.is_indented and line.after_gap:
        return splitter.next("key finding")
    return current


def _pages(lines: tuple[Line, ...]) -> list[int]:
    """Return the page of each line: a page begins with an indented line that follows another without a gap."""
    pages, page = [], 0
    for line in lines:
        page += line.is_indented and not line.after_gap
        pages.append(page)
    return pages


def _footnotes(lines: tuple[Line, ...], pages: list[int]) -> dict[int, int]:
    """Return where footnotes begin, and their numbers: each at the last line of its page that has the number first."""
    found: dict[int, int] = {}
    number, last = 1, None
    for place, line in enumerate(lines):
        if last is not None and pages[place] != pages[last]:
            found[last] = number
            number, last = number + 1, None
        match = _FOOTNOTE.match(line.text)
        if match and int(match[1]) == number and line.after_gap:
            last = place
            following = next((p for p in range(place + 1, len(lines)) if pages[p] != pages[place]), len(lines))
            several = [p for p in range(place + 1, following) if _FOOTNOTE.match(lines[p].text)]
            if any(_FOOTNOTE.match(lines[p].text)[1] == str(number + 1) for p in several):  # type: ignore[index]
                found[place] = number
                number, last = number + 1, None
    if last is not None:
        found[last] = number
    return found


def _torn_pages(lines: tuple[Line, ...], pages: list[int]) -> frozenset[int]:
    """Return the pages from the first on which the label of a paragraph stands without text."""
    first = next((pages[p] for p, line in enumerate(lines) if re.fullmatch(r"[1-9][0-9]{0,2}\.", line.text)), None)
    return frozenset() if first is None else frozenset(page for page in pages if page >= first)


def _passage(part: _Part, notes: dict[int, set[int]]) -> Passage:
    text, starts = "", []
    for number, printed in part.lines:
        words = _STRUCK_DASH.sub("–", printed)
        joined = text.endswith("-") and not text.endswith(" -") and words[:1].islower()
        text += "" if joined or not text else " "
        starts.append((len(text), number))
        text += words
    locators = tuple(locator for locator in part.locators if locator)
    text = _mended(text, [words for _, words in part.lines]) if len(locators) > 1 else text
    footnotes = frozenset(number for page in part.pages for number in notes.get(page, ()))
    return Passage(locators, text, tuple(starts) or ((0, 1),), footnotes)


def _mended(text: str, lines: list[str]) -> str:
    """Complete the name of a month that the end of a line tears apart, if its rest stands on a line of its own."""
    for line, following in pairwise(lines):
        start = line.rpartition(" ")[2]
        for month in MONTHS:
            rest = month[len(start) :]
            torn = len(start) > 1 and month.startswith(start) and rest in lines
            if torn and re.match(r"[0-9]{4}\b", following):
                text = text.replace(f" {start} {following}", f" {month} {following}")
    return text


def missing(passages: list[Passage]) -> Iterator[str]:
    """Yield what the report has and the text does not: whole passages, by their locator."""
    found = {locator for passage in passages for locator in passage.locators}
    expected = [
        *(f"executive summary para {n}" for n in range(1, 4)),
        *(f"key finding {n}" for n in range(1, 17)),
        *(f"para {n}" for n in range(1, 148)),
        *(f"footnote {n}" for n in range(1, 9)),
        *("table 1", "table 2", "table 3", "figure 1", "figure 2", "annex a", "annex b"),
    ]
    yield from (locator for locator in expected if locator not in found)
