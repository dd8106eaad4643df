"""A changelog read as data, and its entries about data held against what changed."""

from __future__ import annotations

import pytest

from checks.changelog import CODE, DATA, Section, check_data_entries, read_changelog
from scrdata.comparison.changes import Change, Diff

HEAD = "# Changelog\n\nWords.\n\n"
TEXT = f"""{HEAD}## [Unreleased]

### Added

**Data**

- `loans` (6 rows), `branches` (3 rows): loans,
  by `kind`.
- the same table: more.

**Code**

- `scrdata diff`.

## [1.1.0] - 2026-11-24

### Fixed

**Code**

- A bug.

## [1.0.0] - 2026-11-23
"""


def test_reading() -> None:
    """Sections, dates, headings, areas and entries are read, each with its line."""
    changelog = read_changelog(TEXT)
    assert changelog.problems == ()
    assert [(section.version, section.date) for section in changelog.sections] == [
        ("Unreleased", None),
        ("1.1.0", "2026-11-24"),
        ("1.0.0", "2026-11-23"),
    ]
    assert [(entry.heading, entry.area, entry.words, entry.line) for entry in changelog.unreleased] == [
        ("Added", DATA, "`loans` (6 rows), `branches` (3 rows): loans, by `kind`.", 11),
        ("Added", DATA, "the same table: more.", 13),
        ("Added", CODE, "`scrdata diff`.", 17),
    ]
    assert [section.version for section in changelog.released] == ["1.1.0", "1.0.0"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("### Added", "### Adds", "line 7: 'Adds' is none of Added, Changed, Deprecated, Removed, Fixed, Security"),
        ("**Code**\n\n- `scrdata", "**Codes**\n\n- `scrdata", "an entry begins with '- '"),
        (
            "### Added\n\n**Data**\n",
            "**Data**\n",
            "line 9: an entry needs a heading, and **Data** or **Code**, above it",
        ),
        ("- A bug.", "* A bug.", "an entry begins with '- ', and its further lines with two spaces"),
        ("2026-11-24", "2026-11-31", "[1.1.0] needs the day of its release, such as 2026-11-24, not '2026-11-31'"),
        ("2026-11-24", "20261124", "[1.1.0] needs the day of its release, such as 2026-11-24, not '20261124'"),
        (" - 2026-11-24", "", "[1.1.0] needs the day of its release, such as 2026-11-24, not None"),
        ("2026-11-24", "2026-11-22", "[1.1.0] is dated before [1.0.0]"),
        ("[1.1.0]", "[1.1]", "[1.1] is no semantic version, such as 1.0.0"),
        ("[1.1.0]", "[1.0.0]", "[1.0.0] stands above [1.0.0] and is not larger"),
        ("[1.0.0] - 2026-11-23", "[Unreleased]", "[Unreleased] must stand above all versions"),
    ],
)
def test_what_is_not_of_the_form(old: str, new: str, problem: str) -> None:
    """Each line that is not of the form is named, with what was expected."""
    assert TEXT.count(old) == 1
    assert [found for found in read_changelog(TEXT.replace(old, new)).problems if problem in found]


@pytest.mark.parametrize(
    ("headings", "level"),
    [
        *[(("Fixed",), "patch"), (("Security",), "patch"), (("Fixed", "Added"), "minor"), (("Changed",), "minor")],
        *[(("Deprecated",), "minor"), (("Added", "Removed"), "major"), ((), "none")],
    ],
)
def test_level_of_the_code(headings: tuple[str, ...], level: str) -> None:
    """Code speaks by its headings; entries about data do not count for it."""
    code = "".join(f"### {heading}\n\n**Code**\n\n- Words.\n\n" for heading in headings)
    text = f"{HEAD}## [1.0.0] - 2026-11-23\n\n### Removed\n\n**Data**\n\n- `loans`: gone.\n\n{code}"
    assert read_changelog(text).released[0].code_level == level


ROWS = {"loans": 7, "branches": 3}
CHANGES = (
    Change("metadata_changed", None, aspect="title"),
    Change("row_added", "loans", row=7),
    Change("value_changed", "loans", "loans", row=2),
    Change("table_removed", "visits"),
)
RIGHT = {
    "Added": ["`loans` (7 rows): one row more."],
    "Changed": ["`loans`: a count.", "`datapackage.json`: the title."],
    "Removed": ["`visits`: they were never counted."],
}


UNCOUNTED = "`loans`: the number of its rows must be stated: (7 rows)"


def check(entries: dict[str, list[str]]) -> list[str]:
    """Hold entries about data against the changes above."""
    parts = (
        f"### {heading}\n\n**Data**\n\n" + "".join(f"- {line}\n" for line in lines)
        for heading, lines in entries.items()
    )
    changelog = read_changelog(f"{HEAD}## [Unreleased]\n\n" + "\n".join(parts))
    assert changelog.problems == ()
    section: Section = changelog.sections[0]
    return list(check_data_entries(section.of(DATA), Diff("old", "new", "1.0.0", "1.0.0", CHANGES), ROWS))


def test_right_entries() -> None:
    """Entries that name each table under each heading that fits are right; several may stand in one line."""
    assert check(RIGHT) == []
    assert check({**RIGHT, "Changed": [], "Fixed": ["`loans`, `datapackage.json`: a count, the title."]}) == []
    assert check({**RIGHT, "Added": [*RIGHT["Added"], "the same table: and `branches` is only mentioned."]}) == []


@pytest.mark.parametrize(
    ("heading", "lines", "problems"),
    [
        ("Removed", [], ["`visits` is not named under Removed: table removed"]),
        ("Added", [], ["`loans` is not named under Added: row added", UNCOUNTED]),
        ("Added", ["`loans`: more."], [UNCOUNTED]),
        ("Added", ["`loans` (6 rows): more."], ["line 11: `loans` has 7 rows, not 6"]),
        (
            "Added",
            [*RIGHT["Added"], "`branches` (3 rows): all."],
            ["line 12: `branches` is named, and nothing of it changed"],
        ),
        ("Changed", RIGHT["Changed"][:1], ["`datapackage.json` is not named under Changed: metadata changed"]),
        (
            "Changed",
            [*RIGHT["Changed"], "`visits`: fewer."],
            ["line 19: `visits` stands under Changed, and what happened to it is: table removed"],
        ),
        (
            "Added",
            [*RIGHT["Added"], "Rows of `loans`"],
            ["line 12: an entry about data begins with a table in backticks or `datapackage.json`, and a colon"],
        ),
    ],
)  # fmt: skip
def test_wrong_entries(heading: str, lines: list[str], problems: list[str]) -> None:
    """What is missing, wrong or too much is named, with its line where it has one."""
    assert check({**RIGHT, heading: lines}) == problems
