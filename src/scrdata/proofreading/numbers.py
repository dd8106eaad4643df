"""The numbers in a passage of the report, digits and words, and those that are none, by name and with the reason.

No library is used to find them: those that read number words give values, not the places of the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrdata.numerals import MONTHS, ORDINALS, SMALL

if TYPE_CHECKING:
    from scrdata.proofreading.passages import Passage

_MONTH = "|".join(MONTHS)
_TENS = "|".join(word for word, value in SMALL.items() if value >= 20)
_ONES = "|".join(word for word, value in SMALL.items() if 0 < value < 10)
_CARDINAL = rf"(?:{_TENS})-(?:{_ONES})|{'|'.join(sorted(SMALL, key=len, reverse=True))}"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_VAGUE = "majority|minority(?= of)|most|proportion|several|few|many|(?<=a )(?:large )?number(?= of)"
_NUMBER = re.compile(
    rf"\b[0-9]{{1,2}} (?:{_MONTH}) [0-9]{{4}}\b"
    rf"|\b(?:{_MONTH}) [0-9]{{2,4}}\b"
    r"|\b[0-9]{4}[/–-][0-9]{2,4}\b"
    r"|[0-9]+(?:\.[0-9]+)?%|[0-9]+"
    rf"|\b(?i:(?:{_ORDINAL}) half|{_CARDINAL}|{_ORDINAL}|half|quarter|{_VAGUE})\b",
)
_MARK = re.compile(r"(?<=[.,;]) ?([1-9][0-9]?)(?= [A-Z]|$)")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Numbers that are none of the report's statements.

    Attributes:
        name: what they are.
        reason: why they need no mention.
        pattern: matches the number itself, within its surroundings.
    """

    name: str
    reason: str
    pattern: re.Pattern[str]


EXCLUSIONS = (
    Exclusion("web address", "it names a place outside the report", re.compile(r"\bwww\.\S+")),
    Exclusion(
        "label of a table or figure",
        "it numbers its own caption",
        re.compile(r"\A(?:Table|Figure) [0-9](?=[.:] )|\b(?:Table|Figure) [0-9](?=: )"),
    ),
    Exclusion(
        "'one' as a pronoun or in a set phrase",
        "it stands for a thing named before, or for no number at all",
        re.compile(r"(?:(?<=been )one|one(?=-off)|(?:(?<=[Tt]his )|(?<=correct ))one(?= (?:brings|but)))\b"),
    ),
    Exclusion(
        "'first' for earliest",
        "it says when, not which in an order",
        re.compile(r"\bfirst(?= (?:points?|got|contact)\b)"),
    ),
    Exclusion(
        "'most' in a superlative",
        "it compares qualities and counts nothing",
        re.compile(r"(?i:(?<=\bthe )most\b)"),
    ),
)
FOOTNOTE_MARK = "footnote mark"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text.

    Attributes:
        words: as it stands there, dashes alike and in lower case.
        start: its place in the text of its passage.
        excluded: the name of the exclusion that it falls under, or `None`.
    """

    words: str
    start: int
    excluded: str | None = None


def find_numbers(passage: Passage) -> list[Number]:
    """Return every number of a passage, in order."""
    marks = _footnote_marks(passage)
    excluded = [(match.span(), item.name) for item in EXCLUSIONS for match in item.pattern.finditer(passage.text)]
    found = []
    for match in _NUMBER.finditer(passage.text):
        name = FOOTNOTE_MARK if match.start() in marks else None
        for (start, end), reason in excluded:
            if start <= match.start() and match.end() <= end:
                name = reason
        found.append(Number(match.group().lower(), match.start(), name))
    return found


def numbers_in(words: str) -> list[str]:
    """Return the numbers in the printed words of a mention, as they are found in the text; none for `no`, `another`."""
    return [match.group().lower() for match in _NUMBER.finditer(words)]


def _footnote_marks(passage: Passage) -> set[int]:
    """Return where the marks of the footnotes of the passage's pages stand: behind the end of a sentence."""
    return {match.start(1) for match in _MARK.finditer(passage.text) if int(match[1]) in passage.footnotes}
