"""Reasons: arithmetic that a person can follow, and that is right."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrdata
from scrdata.reasons import write_number, write_out
from tests.strategies import LAW

SHIPPED = scrdata.open_package()


def read_sum(text: str) -> Fraction:
    """Return what a written sum, such as `(50 * 22 - 50) / 48` or `21 7/8`, comes to."""
    inner = re.fullmatch(r"\((.*)\) / (\d+)", text)
    if inner:
        return read_sum(inner[1]) / int(inner[2])
    total = Fraction(0)
    for sign, term in re.findall(r"(?:^|(?<= ))([+-]?) ?(\d[\d/* ]*?)(?= [+-] |$)", text):
        product = Fraction(1)
        for factor in term.split(" * "):
            quotient = [sum(map(Fraction, part.split())) for part in factor.split(" / ")]
            product *= quotient[0] / (quotient[1] if len(quotient) > 1 else 1)
        total += -product if sign == "-" else product
    return total


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(1, 194), (-1, 69), (-1, 47)], "194 - 69 - 47 = 78"),
        ([(-1, 50), (3, 22)], "3 * 22 - 50 = 16"),
        ([(Fraction(1, 3), 84)], "84 / 3 = 28"),
        ([(Fraction(50, 48), 22), (Fraction(-1, 48), 50)], "(50 * 22 - 50) / 48 = 21 7/8"),
        ([(Fraction(2, 4), 5), (Fraction(2, 4), 4)], "(5 + 4) / 2 = 4 1/2"),
        ([(1, 31)], "31"),
        ([(-1, 31)], "-31"),
        ([(1, -3), (1, 5)], "5 - 3 = 2"),
        ([(1, 0), (5, 0)], "0"),
        ([], "0"),
        ([(1, Fraction(1, 2)), (2, 3)], "1/2 + 2 * 3 = 6 1/2"),
    ],
)
def test_sums_are_written_as_people_do(pieces: list[tuple[int | Fraction, int | Fraction]], text: str) -> None:
    """What is added stands before what is taken away, factors of 1 and parts of 0 are not written."""
    assert write_out(pieces) == text


NUMBERS = st.fractions(-50, 50, max_denominator=6)


@LAW
@given(st.lists(st.tuples(NUMBERS, st.integers(-99, 99)), max_size=4))
def test_sums_are_right(pieces: list[tuple[Fraction, int]]) -> None:
    """Both sides of what is written come to the sum of the pieces."""
    total = sum((factor * amount for factor, amount in pieces), Fraction(0))
    assert {read_sum(side) for side in write_out(list(pieces)).split(" = ")} == {total}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (16, "16"),
        (0, "0"),
        (-3, "-3"),
        (Fraction(175, 8), "21 7/8"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(-7, 2), "-3 1/2"),
    ],
)
def test_numbers_are_written_as_people_do(number: int | Fraction, text: str) -> None:
    """A fraction has its whole part before it."""
    assert write_number(number) == text


def test_every_step_of_the_shipped_package_is_right() -> None:
    """Both sides of every arithmetic are equal, and the conclusion is its result, rounded towards the figure."""
    steps = [reason for figure in SHIPPED.implied() for reason in figure.reasons if reason.arithmetic]
    assert len(steps) > len(SHIPPED.implied())
    for step in steps:
        sides = {read_sum(side) for side in step.arithmetic.split(" = ")}
        assert len(sides) == 1, step
        operator, _, number = step.conclusion.partition(" ")
        distance = int(number) - sides.pop()
        allowed = {"=": (0, 0), ">=": (0, 1), "<=": (-1, 0)}[operator]
        assert allowed[0] <= distance <= allowed[1], step
