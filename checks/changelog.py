"""`CHANGELOG.md` read as data, and its **Data** lines held against what really changed.

The form is that of Keep a Changelog 1.1.0 (https://keepachangelog.com/en/1.1.0/), with **Data** and **Code** below
each heading. An entry about data begins with what it is about: tables in backticks, each with its number of rows
where that changed, or `datapackage.json` for the package as a whole, then a colon.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from scrdata.comparison.levels import MAJOR, MINOR, PATCH, largest
from scrdata.comparison.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata import Diff

    Happened = dict[str, dict[str, None]]

UNRELEASED = "Unreleased"
DATA, CODE = "Data", "Code"
PACKAGE = "datapackage.json"
ADDED, CHANGED, REMOVED = "Added", "Changed", "Removed"
# What a heading says of code, as a version number.
CODE_LEVELS = {
    "Added": MINOR,
    "Changed": MINOR,
    "Deprecated": MINOR,
    "Removed": MAJOR,
    "Fixed": PATCH,
    "Security": PATCH,
}
# What the entries about data below a heading may be about.
HOLDS = {"Added": ADDED, "Removed": REMOVED, **dict.fromkeys(("Changed", "Deprecated", "Fixed", "Security"), CHANGED)}
_SECTION = re.compile(r"## \[([^\]]+)\](?: - (.+))?")
_SUBJECT = re.compile(r"`([^`]+)`(?:\s+\((\d[\d,]*) rows?\))?")
_COUNTS_ROWS = {"row_added", "row_removed", "rule_added", "rule_removed", "table_added"}
_SAME = "the same table"


class Entry(NamedTuple):
    """One entry: below which heading and for which area it stands, its words in one line, and its line in the file."""

    heading: str
    area: str
    words: str
    line: int


class Section(NamedTuple):
    """What changed in one version."""

    version: str
    date: str | None
    entries: tuple[Entry, ...]

    def of(self, area: str) -> list[Entry]:
        """Return the entries about the data, or about the code."""
        return [entry for entry in self.entries if entry.area == area]

    @property
    def code_level(self) -> str:
        """The level that the headings over entries about code amount to."""
        return largest(CODE_LEVELS[entry.heading] for entry in self.of(CODE))


class Changelog(NamedTuple):
    """A changelog: its sections, the newest first, and a sentence for each line that is not of its form."""

    sections: tuple[Section, ...]
    problems: tuple[str, ...]

    @property
    def unreleased(self) -> tuple[Entry, ...]:
        """The entries that no version has yet."""
        return next((section.entries for section in self.sections if section.version == UNRELEASED), ())

    @property
    def released(self) -> tuple[Section, ...]:
        """The sections of versions, the newest first."""
        return tuple(section for section in self.sections if section.version != UNRELEASED)


def read_changelog(text: str) -> Changelog:
    """Read the text of a changelog."""
    sections: list[tuple[str, str | None, list[Entry]]] = []
    problems: list[str] = []
    heading = area = ""
    for number, line in enumerate(text.splitlines(), 1):
        section = _SECTION.fullmatch(line)
        if section:
            sections.append((section[1], section[2], []))
            heading = area = ""
        elif not sections or not line.strip():
            continue
        elif line.startswith("### "):
            heading, area = line[4:], ""
            if heading not in CODE_LEVELS:
                problems.append(f"line {number}: {heading!r} is none of {', '.join(CODE_LEVELS)}")
        elif line in (f"**{DATA}**", f"**{CODE}**"):
            area = line.strip("*")
        elif heading not in CODE_LEVELS or not area:
            problems.append(f"line {number}: an entry needs a heading, and **{DATA}** or **{CODE}**, above it")
        elif line.startswith("- "):
            sections[-1][2].append(Entry(heading, area, line[2:].strip(), number))
        elif line.startswith("  ") and sections[-1][2]:
            last = sections[-1][2].pop()
            sections[-1][2].append(last._replace(words=f"{last.words} {line.strip()}"))
        else:
            problems.append(f"line {number}: an entry begins with '- ', and its further lines with two spaces")
    read = tuple(Section(version, day, tuple(entries)) for version, day, entries in sections)
    return Changelog(read, (*problems, *_check_sections(read)))


def _check_sections(sections: Sequence[Section]) -> Iterator[str]:
    """Yield what is wrong with the headings of versions: their numbers, their dates, their order."""
    later: Section | None = None
    for section in sections:
        if section.version == UNRELEASED:
            if section is not sections[0]:
                yield f"[{UNRELEASED}] must stand above all versions"
            continue
        version = parse_version(section.version)
        if version is None:
            yield f"[{section.version}] is no semantic version, such as 1.0.0"
        elif not _is_day(section.date):
            yield f"[{section.version}] needs the day of its release, such as 2026-11-24, not {section.date!r}"
        else:
            newest = parse_version(later.version) if later else None
            if later and newest and newest.precedence <= version.precedence:
                yield f"[{later.version}] stands above [{section.version}] and is not larger"
            if later and (later.date or "") < (section.date or ""):
                yield f"[{later.version}] is dated before [{section.version}]"
            later = section


def _is_day(text: str | None) -> bool:
    try:
        return text is not None and str(date.fromisoformat(text)) == text
    except ValueError:
        return False


class Subject(NamedTuple):
    """What an entry is about: a table or the package, and the number of rows that it states."""

    name: str
    rows: int | None


def read_subjects(entries: Sequence[Entry]) -> list[tuple[Entry, list[Subject]]]:
    """Return what each entry about data is about: the names in backticks before its first colon."""
    found: list[tuple[Entry, list[Subject]]] = []
    for entry in entries:
        start, colon, _ = entry.words.partition(":")
        named = [Subject(name, int(rows.replace(",", "")) if rows else None) for name, rows in _SUBJECT.findall(start)]
        if start == _SAME and found:
            named = [subject._replace(rows=None) for subject in found[-1][1]]
        found.append((entry, named if colon else []))
    return found


def check_data_entries(entries: Sequence[Entry], diff: Diff, rows: Mapping[str, int]) -> Iterator[str]:
    """Yield a sentence for each difference between the entries about data and what really changed.

    Args:
        entries: of one section, about data.
        diff: what changed since the version before.
        rows: the tables of the later package, with their numbers of rows.
    """
    happened = _what_happened(diff)
    read = read_subjects(entries)
    for entry, subjects in read:
        if not subjects:
            message = f"an entry about data begins with a table in backticks or `{PACKAGE}`, and a colon"
            yield f"line {entry.line}: {message}"
        for subject in subjects:
            for problem in _check_subject(subject, entry.heading, happened, rows):
                yield f"line {entry.line}: {problem}"
    said = {(subject.name, HOLDS[entry.heading]) for entry, subjects in read for subject in subjects}
    counted = {subject.name for _, subjects in read for subject in subjects if subject.rows is not None}
    for name, kinds in happened.items():
        for what in kinds:
            if (name, what) not in said:
                yield f"`{name}` is not named under {what}: {_words({what: kinds[what]})}"
        if name in rows and name not in counted and any(_COUNTS_ROWS & set(found) for found in kinds.values()):
            yield f"`{name}`: the number of its rows must be stated: ({rows[name]} rows)"


def _check_subject(
    subject: Subject, heading: str, happened: Mapping[str, Happened], rows: Mapping[str, int]
) -> Iterator[str]:
    """Yield what is wrong with naming a table under a heading, or with its number of rows."""
    name, number = subject
    if name not in happened:
        yield f"`{name}` is named, and nothing of it changed"
    elif HOLDS[heading] not in happened[name]:
        yield f"`{name}` stands under {heading}, and what happened to it is: {_words(happened[name])}"
    if number is not None and number != rows.get(name):
        yield f"`{name}` has {rows.get(name, 'no')} rows, not {number}"


def _what_happened(diff: Diff) -> dict[str, Happened]:
    """Return for each table, and the package, what happened to it: the kinds of change by the heading that fits."""
    happened: dict[str, Happened] = {}
    for change in diff.changes:
        _, _, end = change.kind.rpartition("_")
        what = {"added": ADDED, "removed": REMOVED}.get(end, CHANGED)
        happened.setdefault(change.table or PACKAGE, {}).setdefault(what, {})[change.kind] = None
    return happened


def _words(kinds: Happened) -> str:
    return ", ".join(kind.replace("_", " ") for found in kinds.values() for kind in found)
