"""Mentions: printed numbers as exact values, compared with totals and shares."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scrdata.mentions import Mention, MentionOutcome, Printed, contradiction, evaluate_mention, read_printed
from scrdata.totals import NotSummableError, Totals
from tests.memory import csv_text, totals_of

SCHEMA: dict[str, Any] = {"fields": [{"name": "group"}, {"name": "n", "type": "integer"}]}


TOTALS = totals_of({"t": (SCHEMA, csv_text(("group", "n"), ("part", 1)))})


def mention(totals: Totals, total: str, value: str, relation: str = "=", base: str | None = None) -> Mention:
    """Return a mention of a value for a total."""
    share_of = totals.reference(base) if base else None
    printed = read_printed(value)
    return Mention("para_1_1", "para 1", value, value, "", relation, totals.reference(total), share_of, printed, 0)


def outcome(part: int | None, whole: int, value: str, relation: str = "=") -> MentionOutcome:
    """Evaluate a mention of a part, or of its share in a whole where the value is one."""
    totals = totals_of({"t": (SCHEMA, csv_text(("group", "n"), ("part", part), ("whole", whole)))})
    is_share = "%" in value or "/" in value
    found = mention(totals, "t[group=part].n", value, relation, "t[group=whole].n" if is_share else None)
    return evaluate_mention(found, totals)


@pytest.mark.parametrize(
    ("part", "whole", "value", "relation", "holds"),
    [
        *((147, 1, "147", "=", True), (147, 1, "149", "=", False), (3, 1, "2", ">", True), (2, 1, "2", ">", False)),
        *((2, 1, "2", ">=", True), (2, 1, "2", "<=", True), (1, 1, "2", "<", True), (None, 1, "2", "<", None)),
        # the bounds of rounding, and one part in a thousand beyond
        *((835, 1000, "84%", "=", True), (834, 1000, "84%", "=", False)),
        *((845, 1000, "84%", "=", True), (846, 1000, "84%", "=", False), (124, 147, "84%", "=", True)),
        *((8435, 10_000, "84.4%", "=", True), (8434, 10_000, "84.4%", "=", False)),
        *((8445, 10_000, "84.4%", "=", True), (8446, 10_000, "84.4%", "=", False)),
        *((0, 10, "0%", "=", True), (10, 10, "100%", "=", True), (None, 10, "84%", "=", None)),
        # a fraction to half a hundredth
        *((49, 147, "1/3", "=", True), (338, 1000, "1/3", "=", True), (339, 1000, "1/3", "=", False)),
        *((329, 1000, "1/3", "=", True), (328, 1000, "1/3", "=", False)),
        # bounds are exact
        *((50, 147, "1/3", ">", True), (49, 147, "1/3", ">", False), (49, 147, "1/3", ">=", True)),
        *((116, 194, "1/2", ">", True), (97, 194, "1/2", ">", False), (97, 194, "50%", "<=", True)),
    ],
)
def test_a_mention_holds_fails_or_stays_open(
    part: int | None,
    whole: int,
    value: str,
    relation: str,
    holds: bool | None,  # noqa: FBT001
) -> None:
    """Counts are compared as they are, shares as far as they are printed; a missing cell leaves a mention open."""
    assert outcome(part, whole, value, relation).holds is holds


def test_a_share_of_what_is_missing_stays_open() -> None:
    """A mention whose base has a missing cell neither holds nor fails, and says that the base is unknown."""
    totals = totals_of({"t": (SCHEMA, csv_text(("group", "n"), ("part", 1), ("whole", None)))})
    found = evaluate_mention(mention(totals, "t[group=part].n", "84%", "=", "t[group=whole].n"), totals)
    assert found.holds is None
    assert found.sides == ("1 of unknown", "84%")


def test_shares_agree_with_exact_fractions() -> None:
    """For every part of 200 and every percentage, the comparison is that of exact fractions."""

    def rounded(part: int, percent: int) -> bool:
        share = Fraction(part, 200)
        return abs(share - Fraction(percent, 100)) <= Fraction(1, 200)

    totals = totals_of({"t": (SCHEMA, csv_text(("group", "n"), *((str(n), n) for n in range(201))))})
    for percent in (0, 1, 33, 50, 99, 100):
        for part in range(201):
            found = mention(totals, f"t[group={part}].n", f"{percent}%", "=", "t[group=200].n")
            assert evaluate_mention(found, totals).holds is rounded(part, percent), (part, percent)


def test_the_share_of_nothing_is_refused() -> None:
    """A share needs a base above 0."""
    with pytest.raises(NotSummableError, match=r"^the base t\[group=whole\]\.n is 0, and so has no shares$"):
        outcome(0, 0, "84%")
    assert outcome(1, 1, "100%").holds


def test_sides_and_sentence_name_both_numbers() -> None:
    """What is stored and what is printed stand side by side, with place and printed words in the sentence."""
    found = outcome(120, 147, "84%")
    assert found.sides == ("120 of 147", "84%")
    assert found.sentence(TOTALS) == (
        "para 1 prints '84%' for t[group=part].n as a share of t[group=whole].n, which should be 84% and is 120 of 147."
    )


def test_sides_and_sentence_of_a_count() -> None:
    """A count has no base, and what is missing is called unknown."""
    found = outcome(147, 1, "149")
    assert found.sides == ("147", "149")
    assert found.sentence(TOTALS) == "para 1 prints '149' for t[group=part].n, which should be 149 and is 147."
    assert outcome(None, 1, "149").sides == ("unknown", "149")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0", Printed("0", 0, 1)),
        ("147", Printed("147", 147, 1)),
        ("84%", Printed("84%", 84, 100, 200)),
        ("7.50%", Printed("7.50%", 750, 10_000, 20_000)),
        ("2/3", Printed("2/3", 2, 3, 200)),
        ("1/999", Printed("1/999", 1, 999, 200)),
        ("0.50", Printed("0.50", Decimal("0.50"), 1)),
    ],
)
def test_numbers_are_exact(text: str, printed: Printed) -> None:
    """A number is a fraction; half a unit of the last printed digit, or half a hundredth, is what rounding allows."""
    found = read_printed(text)
    assert found == printed
    assert found is not None
    assert found.is_share is (printed.precision > 0)


@pytest.mark.parametrize(
    "value",
    [
        *("", "many", "080112", "2009-04", "2009/2010", "1/1", "1/0", "5.%", "%", "-1", "1e3", "1.", ".5", "1/1000"),
    ],
)
def test_dates_codes_and_words_are_no_numbers(value: str) -> None:
    """A total cannot be compared with a date, a code or a word."""
    assert read_printed(value) is None


@pytest.mark.parametrize(
    ("words", "value", "relation"),
    [("Sixty", "60", "="), ("most", "1/2", ">"), ("several", "", ""), ("third", "3", ""), ("third", "1/3", "=")],
)
def test_words_and_value_agree(words: str, value: str, relation: str) -> None:
    """A value that the words say is accepted, with the relation that they imply or, where none, any."""
    assert contradiction(words, value, relation) is None


@pytest.mark.parametrize(
    ("words", "value", "relation", "problem"),
    [
        ("Sixty", "61", "=", "the words say 60, not 61"),
        ("Sixty", "", "", "the words say 60, and the value is missing"),
        ("third", "", "", "the words say 1/3 or 3, and the value is missing"),
        ("several", "3", "", "the words say no number, and the value is 3"),
        ("most", "1/2", "=", "the words say >, not ="),
        ("third", "4", "", "the words say 1/3 or 3, not 4"),
    ],
)
def test_words_against_value_are_named(words: str, value: str, relation: str, problem: str) -> None:
    """A value or relation that the words do not say is named beside what they say."""
    assert contradiction(words, value, relation) == problem
