"""What is promised of the lessons: lists as long as the report's, a tree in its order, and words of our own."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

import scrdata

ROOT = Path(scrdata.open_package().location)
SOURCE = os.environ.get("SCRDATA_SOURCE", "")
LONGEST_LIKENESS = 5  # words in a row that a label may share with the report


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file as plain text, read by the standard module and nothing of ours."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LESSONS = read_rows("lessons")
BY_ID = {row["lesson_id"]: row for row in LESSONS}
SECTIONS = {row["section_id"]: row for row in read_rows("sections")}
BELOW_MESSAGES = [row for row in LESSONS if row["kind"] == "lesson"]


def paragraph_numbers(text: str) -> list[int]:
    """Return the numbers of the paragraphs in a text such as `42-43; 50`."""
    ranges = [part.partition("-") for part in text.split("; ") if part]
    return [number for first, _, last in ranges for number in range(int(first), int(last or first) + 1)]


def section_numbers(section: str) -> set[int]:
    """Return the numbers of the paragraphs of a section."""
    row = SECTIONS[section]
    return set(range(int(row["first_paragraph"]), int(row["last_paragraph"]) + 1))


def below(parent: str) -> list[dict[str, str]]:
    """Return the rows directly below a point, or the topmost rows for an empty name."""
    return [row for row in LESSONS if row["parent_id"] == parent]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return re.findall(r"[a-z0-9]+(?:['’-][a-z0-9]+)*", text.lower())


def running_text(text: str) -> str:
    """Return the words of a text with one space between and around them."""
    return f" {' '.join(words(text))} "


def shared_words(label: str, text: str) -> int:
    """Return how many words in a row a label shares at most with a running text."""
    own = words(label)
    runs = [own[first:last] for first in range(len(own)) for last in range(first + 1, len(own) + 1)]
    return max((len(run) for run in runs if f" {' '.join(run)} " in text), default=0)


def test_messages_are_six() -> None:
    """There are six messages, each at the top, named as its section and standing in all of its paragraphs."""
    messages = [row for row in LESSONS if row["kind"] == "message"]
    sections = [name for name, row in SECTIONS.items() if row["parent_id"] == "lessons"]
    assert [row["lesson_id"] for row in messages] == [row["section_id"] for row in messages] == sections
    assert len(messages) == 6
    assert {row["parent_id"] for row in messages} == {""}
    for row in messages:
        assert set(paragraph_numbers(row["paragraphs"])) == section_numbers(row["section_id"])


@pytest.mark.parametrize(
    ("parent", "length"),
    [
        ("good_practice", 5),
        ("necessary_action", 4),
        ("unused_sources", 7),
        ("assessments", 5),
        ("multi_agency_working", 6),
        ("challenge_supervision_scrutiny", 4),
        ("good_management_reports", 10),
        ("late_start", 2),
        ("late_completion", 4),
    ],
)
def test_lists_are_as_long_as_in_the_report(parent: str, length: int) -> None:
    """The rows directly below a point that the report follows by a list are as many as the list has items."""
    assert len(below(parent)) == length
    assert len({row["kind"] for row in below(parent)}) == 1


def test_parents_stand_before_their_points() -> None:
    """Each lesson has a parent; a parent is of the same section, and its points follow it without a gap."""
    assert [row["lesson_id"] for row in BELOW_MESSAGES if not row["parent_id"]] == []
    path: list[str] = []
    for row in LESSONS:
        parent = row["parent_id"]
        if parent:
            assert BY_ID[parent]["section_id"] == row["section_id"]
            assert parent in path, row["lesson_id"]
        path = [*path[: path.index(parent) + 1], row["lesson_id"]] if parent else [row["lesson_id"]]


def test_lessons_belong_to_messages() -> None:
    """What stands below a message is a lesson, and no lesson stands anywhere else."""
    messages = {row["section_id"] for row in LESSONS if row["kind"] == "message"}
    assert {row["section_id"] for row in BELOW_MESSAGES} == messages
    other = [row for row in LESSONS if row["kind"] not in ("lesson", "message")]
    assert {row["section_id"] for row in other} & messages == set()


@pytest.mark.parametrize("parent", ["", *dict.fromkeys(row["parent_id"] for row in LESSONS if row["parent_id"])])
def test_points_are_in_the_order_of_the_report(parent: str) -> None:
    """The points below one parent stand in the order of the first paragraph that makes them."""
    firsts = [paragraph_numbers(row["paragraphs"])[0] for row in below(parent)]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("name", BY_ID)
def test_paragraphs_lie_in_the_section(name: str) -> None:
    """The paragraphs of a point, and those of its examples, lie within its section."""
    row = BY_ID[name]
    numbers = paragraph_numbers(row["paragraphs"])
    examples = paragraph_numbers(row["example_paragraphs"])
    assert numbers
    assert (numbers, examples) == (sorted(set(numbers)), sorted(set(examples)))
    assert {*numbers, *examples} <= section_numbers(row["section_id"])
    assert all(32 <= number <= 147 for number in examples)


def test_no_paragraph_is_passed_over() -> None:
    """Each paragraph that teaches something has a point other than a message, or is an example of one."""
    found = {
        number
        for row in LESSONS
        if row["kind"] != "message"
        for column in ("paragraphs", "example_paragraphs")
        for number in paragraph_numbers(row[column])
    }
    judgements, guidance, no_pattern = {107, 108}, {136}, {128}
    assert set(range(34, 148)) - found == judgements | guidance | no_pattern


def test_labels_are_short_and_unlike() -> None:
    """No two points have the same label, none is longer than 15 words, and none ends as a sentence does."""
    labels = [row["label"] for row in LESSONS]
    assert len({label.casefold() for label in labels}) == len(labels)
    assert [label for label in labels if len(label.split()) > 15 or label.endswith(".")] == []


def test_likeness_is_counted_in_words() -> None:
    """Words in a row are counted over line ends and punctuation, and whole words only."""
    text = running_text("The cat sat, quietly,\non our mat.")
    assert text == " the cat sat quietly on our mat "
    assert shared_words("Where the cat sat quietly", text) == 4
    assert shared_words("A cat sat quiet", text) == 2
    assert shared_words("Dogs", text) == 0


@pytest.mark.skipif(not SOURCE, reason="SCRDATA_SOURCE does not name the report's text, which is not shipped")
def test_labels_are_not_the_words_of_the_report() -> None:
    """No label shares six words in a row with the report."""
    text = running_text(Path(SOURCE).read_text(encoding="utf-8"))
    copied = [row["label"] for row in LESSONS if shared_words(row["label"], text) > LONGEST_LIKENESS]
    assert copied == []
