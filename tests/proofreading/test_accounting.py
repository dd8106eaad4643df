"""Every number of a text is claimed by one mention or left out by name; what is not is reported with its place."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata.proofreading.accounting import account
from scrdata.proofreading.numbers import EXCLUSIONS, find_numbers
from scrdata.proofreading.passages import Passage, split
from scrdata.proofreading.proof import proofread
from scrdata.proofreading.source import Line, Source, read_source
from tests.memory import csv_text, table_of

if TYPE_CHECKING:
    from scrdata.proofreading.accounting import Account

SOURCE = os.environ.get("SCRDATA_SOURCE", "")
needs_source = pytest.mark.skipif(
    not SOURCE, reason="SCRDATA_SOURCE does not name the report's text, which is not shipped"
)
SCHEMA: dict[str, Any] = {"fields": [{"name": name} for name in ("mention_id", "locator", "printed")]}
REPORT = """\
Executive summary

There were 12 loans in April 2009.1

Twenty-
five of them, a majority, were books.

1 See www.example.org/12345 for the 2 lists.
 Key findings

 Just over a third were late.

 This one brings no number; one-off loans do.

1. The library lends. Table 1 shows that half of its 40
readers come twice.

Table 1: Loans by kind
Books 7
Films 5

2. In the first half of the year none came.
 Over
3. The most
4.
 of three branches were shut
 for six weeks.
Annex A: The rules
"""
MENTIONS = [
    ("executive summary para 1", "12"),
    ("executive summary para 1", "April 2009"),
    ("executive summary para 2", "Twenty-five"),
    ("executive summary para 2", "a majority"),
    ("footnote 1", "2"),
    ("key finding 1", "Just over a third"),
    ("para 1", "1"),
    ("para 1", "half"),
    ("para 1", "40"),
    ("table 1", "7"),
    ("table 1", "5"),
    ("para 2", "first half"),
    ("para 2", "none"),
    ("para 3", "three"),
    ("para 4", "six"),
]


def numbers_of(text: str) -> list[tuple[str, str | None]]:
    """Return the numbers of a text that is one passage on a page with footnote 4, and why each is left out."""
    passage = Passage(("para 1",), text, ((0, 1),), frozenset({4}))
    return [(number.words, number.excluded) for number in find_numbers(passage)]


def check(text: str = REPORT, mentions: list[tuple[str, str]] = MENTIONS) -> Account:
    """Account for a text that is no file, leaving aside the passages that the real report has."""
    rows = [(f"m_{number}", *row) for number, row in enumerate(mentions, start=1)]
    return account(read_lines(text), table_of(SCHEMA, csv_text(("mention_id", "locator", "printed"), *rows)))


def differences(found: Account) -> list[tuple[int | None, str]]:
    """Return line and sentence of each finding that is not about a passage which the made-up report lacks."""
    return [(item.line, item.message) for item in found.findings if item.rule != "passage_is_there"]


def test_every_number_is_accounted_for() -> None:
    """The made-up report and its mentions agree, and what is left out is counted by name."""
    found = check()
    assert differences(found) == []
    assert (found.numbers, found.claimed) == (14, 14)
    assert found.excluded == {
        "'most' in a superlative": 1,
        "'one' as a pronoun or in a set phrase": 2,
        "footnote mark": 1,
        "label of a table or figure": 1,
        "web address": 1,
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("12 loans", "13 loans", 3, "executive summary para 1: the text prints '13', m_1 says '12'"),
        ("April 2009", "May 2009", 3, "executive summary para 1: the text prints 'may 2009', m_2 says 'april 2009'"),
        (
            "Twenty-\nfive",
            "Twenty-\nsix",
            5,
            "executive summary para 2: the text prints 'twenty-six', m_3 says 'twenty-five'",
        ),
        ("its 40\n", "its\n", 15, "para 1: m_9 says '40', which the text does not print there"),
        ("readers come", "three readers come", 16, "para 1: the text prints 'three', which no mention claims"),
        (
            "Just over a third were late.",
            "All were late.",
            11,
            "key finding 1: m_6 says 'third', which the text does not print there",
        ),
        ("Just over a", "Nearly a", 11, "key finding 1: m_6 says 'Just over a third', which the text does not print"),
        ("of three branches", "of four branches", 26, "para 3: the text prints 'four', m_14 says 'three'"),
        ("none came", "some came", 22, "para 2: m_13 says 'none', which the text does not print"),
    ],
)
def test_an_altered_number_is_named(old: str, new: str, line: int, message: str) -> None:
    """A number that is changed, deleted or added in the text is named with its place and line, and with it no other."""
    assert REPORT.count(old) == 1
    found = differences(check(REPORT.replace(old, new)))
    assert (line, message) in found
    assert {place.partition(":")[0] for _, place in found} == {message.partition(":")[0]}


def test_swapped_rows_are_noticed() -> None:
    """Two rows of a table that change places are noticed."""
    assert differences(check(REPORT.replace("Books 7\nFilms 5", "Films 5\nBooks 7")))


def test_an_altered_mention_is_named() -> None:
    """A mention that the text does not print, or that is missing, is named."""
    assert differences(check(mentions=[*MENTIONS, ("para 2", "nine")]))
    assert differences(check(mentions=MENTIONS[1:]))


def test_missing_passages_are_named() -> None:
    """A paragraph, table or footnote that the text lacks is a finding."""
    missing = {item.message for item in check().findings if item.rule == "passage_is_there"}
    assert "the text has no para 5" in missing
    assert "the text has no para 2" not in missing
    assert "the text has no para 1" in {item.message for item in check(REPORT.replace("1. The", "The")).findings}


def test_lost_order_makes_one_passage() -> None:
    """From the page on which a label stands alone, paragraphs are one passage, up to the next annex."""
    lines = read_lines(REPORT)
    (lost,) = [passage for passage in split(lines) if not passage.is_ordered]
    assert lost.locators == ("para 3", "para 4")


def read_lines(text: str) -> Source:
    """Return a text as a source."""
    lines, after_gap = [], True
    for number, raw in enumerate(text.split("\n"), start=1):
        if raw.strip():
            lines.append(Line(number, " ".join(raw.split()), is_indented=raw[0] == " ", after_gap=after_gap))
        after_gap = not raw.strip()
    return Source("report.txt", tuple(lines))


@pytest.mark.parametrize(
    ("text", "left_out", "counted"),
    [
        ("see www.example.org/12", "12", "see example 12"),
        ("Table 1: Loans", "1", "as Table 1 shows"),
        ("where there should have been one", "one", "there was one"),
        ("a one-off loan", "one", "a one-year loan"),
        ("among the first points of contact", "first", "the first of these points"),
        ("the most common loan", "most", "in most loans"),
        ("It was lent.4 Then", "4", "It was lent. 5 Then"),
    ],
)
def test_exclusions_are_tight(text: str, left_out: str, counted: str) -> None:
    """Each exclusion leaves out the number that it is for, and not a similar one that counts."""
    assert [words for words, reason in numbers_of(text) if reason] == [left_out]
    assert [reason for _, reason in numbers_of(counted)] == [None]


def test_exclusions_are_named_once() -> None:
    """Every exclusion has a name of its own and a reason."""
    assert len({item.name for item in EXCLUSIONS}) == len(EXCLUSIONS)
    assert all(item.reason for item in EXCLUSIONS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sixty-two of 173 (84%)", ["sixty-two", "173", "84%"]),
        ("17 March 2010, April 07, 2009/10 and 2007–2010", ["17 march 2010", "april 07", "2009/10", "2007–2010"]),
        ("a number of reviews, the number of loans", ["number"]),
        ("a 12-year-old, six-month", ["12", "six"]),
        ("someone, tenth, oneself, attended, many", ["tenth", "many"]),
    ],
)
def test_numbers_are_whole(text: str, words: list[str]) -> None:
    """Dates, spans and compounds are one number each; parts of other words are none."""
    assert [found for found, _ in numbers_of(text)] == words


@needs_source
def test_every_number_of_the_report_is_accounted_for() -> None:
    """The shipped package and the real text agree, number by number."""
    proof = proofread(SOURCE, scrdata.open_package())
    assert proof.findings == []
    assert proof.account is not None
    assert proof.account.numbers == proof.account.claimed > 400
    assert proof.dates_in_rows == 147


@needs_source
@pytest.mark.slow
def test_every_altered_digit_of_the_report_is_noticed() -> None:
    """Each number in digits outside the exclusions and Annex B, raised by one in its last digit, is reported."""
    mentions = scrdata.open_package().table("mentions")
    source = read_source(SOURCE)
    unnoticed = []
    for place, line in enumerate(source.lines):
        if line.text.startswith("Annex B"):
            break
        for match in re.finditer(r"[0-9]+", line.text):
            digit = str((int(match.group()[-1]) + 1) % 10)
            text = line.text[: match.end() - 1] + digit + line.text[match.end() :]
            lines = (
                *source.lines[:place],
                Line(line.number, text, line.is_indented, line.after_gap),
                *source.lines[place + 1 :],
            )
            if not is_left_out(line.text, match) and not account(Source(source.name, lines), mentions).findings:
                unnoticed.append((line.number, line.text, match.group()))
    assert unnoticed == []


def is_left_out(text: str, match: re.Match[str]) -> bool:
    """Say whether a number falls under an exclusion, as its line alone shows."""
    before, after = text[: match.start()], text[match.end() :]
    is_mark = before.endswith((".", ". ", ", ")) and len(match.group()) == 1 and (not after or after[0] == " ")
    is_label = not before.strip() and (after[:1] in (".", "") or (after[:1] == " " and len(match.group()) == 1))
    in_address = "www." in before or "everychild" in text or before.endswith("IG000")
    return is_mark or is_label or in_address or before in ("Table ", "Figure ")
