"""Printed numbers, in digits and in words, are read as the values that they say."""

from __future__ import annotations

import pytest

from scrdata.numerals import MONTHS, ORDINALS, SMALL, is_digits, readings


def cardinal(number: int) -> str:
    """Return a number below a million in English words, built the other way round than it is read."""
    words = {value: word for word, value in SMALL.items()}
    if number in words:
        return words[number]
    if number < 100:
        return f"{words[number - number % 10]}-{words[number % 10]}"
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    high, low = divmod(number, size)
    rest = "" if not low else f" and {cardinal(low)}" if low < 100 else f" {cardinal(low)}"
    return f"{cardinal(high)} {name}{rest}"


@pytest.mark.parametrize("number", [*range(1, 1000), 1000, 1001, 1100, 12_345, 90_019, 100_000, 999_999])
def test_cardinals_are_read_back(number: int) -> None:
    """Each number that is written in words is read as itself, in lower case or with a capital."""
    words = cardinal(number)
    assert readings(words) == {("", str(number))} == readings(words.capitalize())


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        *(("147", {("", "147")}), ("1,234", {("", "1234")}), ("080112", {("", "080112")}), ("7.5", {("", "7.5")})),
        *(("84%", {("", "84%")}), ("7.5 per cent", {("", "7.5%")}), ("ten per cent", {("", "10%")})),
        *(("first", {("", "1")}), ("second half", {("", "2")}), ("Twenty-first", {("", "21")})),
        *(("no", {("", "0")}), ("None", {("", "0")}), ("another", {("", "1")}), ("a", {("", "1")})),
        *(("both", {("", "2")}), ("twins", {("", "2")}), ("zero", {("", "0")})),
        *(("half", {("", "1/2")}), ("two thirds", {("", "2/3")}), ("two-thirds", {("", "2/3")})),
        *(("three quarters", {("", "3/4")}), ("a quarter", {("", "1/4")}), ("third", {("", "3"), ("", "1/3")})),
        *(("just over a third", {(">", "1/3"), (">", "3")}), ("at least 12", {(">=", "12")})),
        *(("under two", {("<", "2")}), ("up to 5%", {("<=", "5%")}), ("more than half", {(">", "1/2")})),
        *(("most", {(">", "1/2")}), ("a large majority", {(">", "1/2")}), ("A minority", {("<", "1/2")})),
        *(("17 March 2010", {("", "2010-03-17")}), ("17/03/2010", {("", "2010-03-17")})),
        *(("1 April 2007", {("", "2007-04-01")}), ("April 2009", {("", "2009-04")})),
        *(("April 07", {("", "2007-04"), ("", "1907-04")}), ("2009", {("", "2009")})),
        *(("2009–10", {("", "2009/2010"), ("", "2009-10")}), ("2009/10", {("", "2009/2010"), ("", "2009-10")})),
        *(("2007–2010", {("", "2007/2010")}), ("1999-00", {("", "1999/2000"), ("", "1999-00")})),
    ],
)
def test_words_have_these_readings(printed: str, expected: set[tuple[str, str]]) -> None:
    """A printed number has the value that it says, and the relation that its words imply."""
    assert readings(printed) == expected


@pytest.mark.parametrize(
    "printed",
    [
        *("", " ", "several", "many", "a few", "some", "a number of", "a large proportion", "reviews"),
        *("12,34", "12.", ".5", "1.2.3", "\uff11\uff12", "\xb2", "12a", "six seven", "hundred", "ten hundred"),
        *("sixty-ten", "twenty-zero", "ten-two", "32 March 2010", "0 March 2010", "17 Marsh 2010", "March", "1/2/2010"),
        *("most ", " most", "minority\t", "many per cent", "several percent", "17 March next"),
        *("March next", "March 200", "17 March 20100"),
    ],
)
def test_other_words_have_none(printed: str) -> None:
    """What names no number or bounds nothing has no reading."""
    assert readings(printed) == set()


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_read(month: int) -> None:
    """Each month with its year is read as that month."""
    assert readings(f"{MONTHS[month - 1]} 2009") == {("", f"2009-{month:02}")}


def test_ordinals_are_those_of_english() -> None:
    """The words for places in an order that are not formed by a plain ending are right."""
    irregular = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
    assert irregular.items() <= ORDINALS.items()


@pytest.mark.parametrize(("text", "expected"), [("0", True), ("", False), ("1.", False), ("\u0661", False)])
def test_digits_are_ascii(text: str, expected: bool) -> None:  # noqa: FBT001
    """Only ASCII digits are digits."""
    assert is_digits(text) is expected
