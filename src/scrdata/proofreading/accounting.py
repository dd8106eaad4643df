"""Every number of the report against the mentions of a package: which agree, which are left over on either side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from scrdata.findings import Finding, quoted
from scrdata.proofreading.numbers import find_numbers, numbers_in
from scrdata.proofreading.passages import missing, split
from scrdata.values import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrdata.proofreading.numbers import Number
    from scrdata.proofreading.passages import Passage
    from scrdata.proofreading.source import Source
    from scrdata.reading import Table


@dataclass(frozen=True, slots=True)
class _Printed:
    """One number of a mention, and the mention itself."""

    words: str
    mention_id: str
    locator: str


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the numbers of the text.

    Attributes:
        numbers: how many numbers there are, without those that are excluded.
        claimed: how many of them a mention claims.
        excluded: how many are left out, by the name of the exclusion.
        findings: numbers that no mention claims, mentions that the text does not print, and missing passages.
    """

    numbers: int
    claimed: int
    excluded: dict[str, int]
    findings: tuple[Finding, ...]


def account(source: Source, mentions: Table) -> Account:
    """Hold every number of a text against the table of mentions of a package.

    Args:
        source: the text of the report.
        mentions: with the columns `mention_id`, `locator` and `printed`, in the order of reading.
    """
    passages = split(source)
    places = _mentions_by_passage(passages, mentions)
    excluded: Counter[str] = Counter()
    findings = [_finding(source, "passage_is_there", 1, f"the text has no {what}") for what in missing(passages)]
    total = claimed = 0
    for place, passage in enumerate(passages):
        found = find_numbers(passage)
        excluded.update(number.excluded for number in found if number.excluded)
        numbers = [number for number in found if not number.excluded]
        left, unclaimed = _compare(passage, numbers, places.get(place, []))
        total += len(numbers)
        claimed += len(numbers) - len(left)
        findings += _leftovers(source, passage, left, unclaimed)
        findings += _unsaid(source, passage, places.get(place, []))
    return Account(total, claimed, dict(sorted(excluded.items())), tuple(findings))


def _mentions_by_passage(passages: list[Passage], mentions: Table) -> dict[int, list[_Printed]]:
    """Return the mentions of each passage; those of a place that no passage has belong to the unordered one."""
    by_locator = {locator: place for place, passage in enumerate(passages) for locator in passage.locators}
    unordered = next((place for place, passage in enumerate(passages) if not passage.is_ordered), None)
    found: dict[int, list[_Printed]] = {}
    columns = (map(to_text, mentions.columns[name]) for name in ("mention_id", "locator", "printed"))
    for mention_id, locator, printed in zip(*columns, strict=True):
        place = by_locator.get(locator, unordered)
        if place is not None:
            found.setdefault(place, []).append(_Printed(printed, mention_id, locator))
    return found


def _compare(
    passage: Passage, numbers: list[Number], mentions: list[_Printed]
) -> tuple[list[Number], list[tuple[_Printed, str]]]:
    """Return the numbers that no mention claims, and the numbers of mentions that are not there."""
    said = [(mention, words) for mention in mentions for words in numbers_in(mention.words)]
    if passage.is_ordered:
        matcher = SequenceMatcher(None, [n.words for n in numbers], [words for _, words in said], autojunk=False)
        left, unclaimed = [], []
        for tag, low, high, first, last in matcher.get_opcodes():
            if tag != "equal":
                left += numbers[low:high]
                unclaimed += said[first:last]
        return left, unclaimed
    spare = Counter(words for _, words in said)
    left = []
    for number in numbers:
        if spare[number.words]:
            spare[number.words] -= 1
        else:
            left.append(number)
    unclaimed = []
    for mention, words in reversed(said):
        if spare[words]:
            spare[words] -= 1
            unclaimed.insert(0, (mention, words))
    return left, unclaimed


def _leftovers(
    source: Source, passage: Passage, left: list[Number], unclaimed: list[tuple[_Printed, str]]
) -> Iterator[Finding]:
    """Yield what is left over on either side; a number and a mention in the same place of the order are one finding."""
    for position in range(max(len(left), len(unclaimed))):
        number = left[position] if position < len(left) else None
        mention = unclaimed[position] if position < len(unclaimed) else None
        place = mention[0].locator if mention else " or ".join(_few(passage.locators))
        line = passage.line(number.start) if number else passage.starts[0][1]
        if number and mention:
            said = f"{mention[0].mention_id} says {quoted(mention[1])}"
            message = f"{place}: the text prints {quoted(number.words)}, {said}"
            yield _finding(source, "number_is_as_mentioned", line, message, mention[1], number.words)
        elif number:
            message = f"{place}: the text prints {quoted(number.words)}, which no mention claims"
            yield _finding(source, "number_is_mentioned", line, message, None, number.words)
        elif mention:
            message = f"{place}: {mention[0].mention_id} says {quoted(mention[1])}, which the text does not print there"
            yield _finding(source, "mention_is_printed", line, message, mention[1], None)


def _few(locators: tuple[str, ...]) -> tuple[str, ...]:
    return locators if len(locators) < 3 else (locators[0], "…", locators[-1])


def _unsaid(source: Source, passage: Passage, mentions: Iterable[_Printed]) -> Iterator[Finding]:
    """Yield the mentions whose words, other than their numbers, the text of the passage does not have."""
    text = f" {passage.text.lower()} "
    for mention in mentions:
        if mention.words.lower() not in text and passage.is_ordered:
            said = f"{mention.mention_id} says {quoted(mention.words)}"
            message = f"{mention.locator}: {said}, which the text does not print"
            yield _finding(source, "mention_is_printed", passage.starts[0][1], message, mention.words, None)


def _finding(
    source: Source, rule: str, line: int, message: str, found: str | None = None, expected: str | None = None
) -> Finding:
    return Finding(rule, message, file=source.name, line=line, found=found, expected=expected)
