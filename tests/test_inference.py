"""Inference: intervals, sums of multiples and cases, each held against what can be tried."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import inf
from time import monotonic

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrdata.inference import (
    GREATEST,
    LEAST,
    Constraint,
    Contradiction,
    Proof,
    System,
    Unknown,
    add_up,
    make_constraint,
    prove,
    refutes,
)
from scrdata.programming import PROVEN, Solution
from tests.strategies import LAW

FREE = Unknown(None, None)
DECIMAL = Unknown(None, None, is_integer=False)


def later() -> float:
    """Return a deadline that no test reaches."""
    return inf


@pytest.mark.parametrize(
    ("operator", "limits"), [("=", (3, 3)), ("<=", (None, 3)), (">=", (3, None)), ("<", (None, 2)), (">", (4, None))]
)
def test_operators_become_limits(operator: str, limits: tuple[int | None, int | None]) -> None:
    """A relation with 0 becomes limits of the sum; of whole numbers, less is less by one."""
    made = make_constraint(((2, 0), (-2, 1)), -6, operator, [FREE, FREE])
    assert made == Constraint(((1, 0), (-1, 1)), *limits)


def test_whole_numbers_narrow_limits() -> None:
    """A sum of even numbers is even: its limits are rounded, and an odd equation has none that agree."""
    assert make_constraint(((4, 0), (6, 1)), -7, "<=", [FREE, FREE]) == Constraint(((2, 0), (3, 1)), None, 3)
    odd = make_constraint(((2, 0),), -7, "=", [FREE])
    assert (odd.lower, odd.upper) == (4, 3)


def test_decimals_are_not_rounded() -> None:
    """Where a number need not be whole, limits stay as they are, and less than a limit comes as near as one likes."""
    half = make_constraint(((1, 0),), Fraction(-1, 2), "<", [DECIMAL])
    assert half == Constraint(((2, 0),), None, 1)


def test_intervals_remember_where_they_come_from() -> None:
    """A limit knows the constraint that gives it and the limits of others that entered."""
    unknowns = [Unknown(0, 9), FREE]
    system = System(unknowns, [make_constraint(((1, 0), (1, 1)), -12, "=", unknowns)])
    system.propagate()
    assert system.limits(1) == (3, 12)
    least = system.facts[1, LEAST]
    assert (least.constraint, least.size) == (0, 1)
    assert [(source.unknown, source.side, source.value) for source in least.sources] == [(0, GREATEST, 9)]


def test_rounds_end() -> None:
    """Intervals that would creep on are left after some rounds, with limits that are true."""
    unknowns = [Unknown(0, 10**9), Unknown(0, 10**9)]
    rules = [make_constraint(((3, 0), (-2, 1)), 0, "=", unknowns), make_constraint(((2, 0), (-3, 1)), 0, "=", unknowns)]
    system = System(unknowns, rules)
    system.propagate(most_rounds=5)
    assert 0 < (system.limits(0)[1] or 0) < 10**9


def test_intervals_contradict() -> None:
    """An unknown without a value left is a contradiction, which has both limits."""
    unknowns = [Unknown(0, 5)]
    system = System(unknowns, [make_constraint(((1, 0),), -7, ">=", unknowns)])
    with pytest.raises(Contradiction) as found:
        system.propagate()
    assert {fact.value for fact in found.value.facts} == {7, 5}


def test_multiples_add_up() -> None:
    """Multiples of two equations prove what neither says, and the sum says how much."""
    unknowns = [FREE, FREE]
    rules = [
        make_constraint(((1, 0), (1, 1)), -10, "=", unknowns),
        make_constraint(((1, 0), (-1, 1)), -2, "=", unknowns),
    ]
    system = System(unknowns, rules)
    for side in (LEAST, GREATEST):
        proof = add_up(system, 0, side, [0, 1], later())
        assert proof is not None
        assert (proof.constraints, proof.amount) == ((0, 1), 6)
    assert add_up(system, 0, LEAST, [0], later()) is None


def test_what_is_not_so_is_not_proved() -> None:
    """Neither sums nor cases prove more than what is so."""
    unknowns = [Unknown(0, 9), Unknown(0, 9)]
    system = System(unknowns, [make_constraint(((2, 0), (3, 1)), -12, "=", unknowns)])
    assert prove(system, 0, GREATEST, 6, later()) is not None
    assert prove(system, 0, GREATEST, 5, later()) is None


def test_superfluous_constraints_are_left_out() -> None:
    """A proof has only constraints without which it fails."""
    unknowns = [Unknown(0, 9)] * 3
    sums = [((1, 0), (1, 1)), ((1, 1), (1, 2)), ((1, 0), (1, 2)), ((1, 0), (-1, 1))]
    rules = [make_constraint(terms, -amount, "=", unknowns) for terms, amount in zip(sums, (5, 7, 6, -1), strict=True)]
    proof = prove(System(unknowns, rules), 0, LEAST, 2, later())
    assert proof is not None
    for position in proof.constraints:
        rest = [rules[other] for other in proof.constraints if other != position]
        assert prove(System(unknowns, rest), 0, LEAST, 2, later()) is None


def test_superfluous_constraints_are_left_out_of_cases() -> None:
    """A proof by cases has no constraint too many either."""
    unknowns = [Unknown(0, 9), Unknown(0, 9)]
    rules = [
        make_constraint(((1, 0), (1, 1)), -18, "<=", unknowns),
        make_constraint(((3, 0), (5, 1)), -19, "=", unknowns),
    ]
    assert prove(System(unknowns, rules), 0, GREATEST, 3, later()) == Proof((1,))


MULTIPLIERS = st.lists(st.fractions(-3, 3, max_denominator=4), min_size=3, max_size=3)


@LAW
@given(MULTIPLIERS)
@example([Fraction(-2), Fraction(1), Fraction(2)])
@example([Fraction(0), Fraction(0), Fraction(1)])
def test_any_multipliers_prove_no_more_than_what_is_so(multipliers: list[Fraction]) -> None:
    """Whatever the solver returns, what is added up by it is true, or nothing is."""
    unknowns = [Unknown(0, None), Unknown(None, None), Unknown(None, 5)]
    rules = [
        make_constraint(((1, 0), (1, 1)), -4, ">=", unknowns),
        make_constraint(((2, 1), (-1, 2)), -1, "<=", unknowns),
        make_constraint(((1, 0), (1, 2)), -6, "=", unknowns),
    ]
    with pytest.MonkeyPatch.context() as patch:
        answer = Solution(PROVEN, (), 0, verified=True, multipliers=tuple(multipliers))
        patch.setattr("scrdata.inference.solve", lambda *_, **__: answer)
        proof = add_up(System(unknowns, rules), 0, LEAST, [0, 1, 2], later())
    # z <= 5 leaves x = 6 - z at least 1, and (1, 3, 5) fulfils everything.
    assert proof is None or (proof.amount is not None and proof.amount <= 1)


def test_cases_end() -> None:
    """Cases that are too many, or come after the deadline, show nothing."""
    unknowns = [Unknown(0, 10**6)] * 3
    parity = make_constraint(((2, 0), (2, 1), (1, 2)), -(10**6) - 1, "=", unknowns)
    even = make_constraint(((1, 2), (-2, 0)), 0, "=", unknowns)
    system = System(unknowns, [parity, even])
    assert not refutes(system, [0, 1], later())
    small = System([Unknown(0, 5)], [make_constraint(((1, 0),), -7, ">=", [Unknown(0, 5)])])
    assert refutes(small, [0], later())
    assert not refutes(small, [0], monotonic() - 1)
    assert not refutes(small, [], later())


SMALL = st.integers(-3, 3)
CONSTRAINTS = st.lists(
    st.tuples(st.tuples(SMALL, SMALL, SMALL).filter(any), SMALL, st.sampled_from(["=", "<=", ">=", "<", ">"])),
    max_size=4,
)
HOLDS = {"=": int.__eq__, "<=": int.__le__, ">=": int.__ge__, "<": int.__lt__, ">": int.__gt__}


@LAW
@given(CONSTRAINTS)
def test_what_is_concluded_is_so(drawn: list[tuple[tuple[int, ...], int, str]]) -> None:
    """Every point that fulfils the relations lies within the limits; what is refuted or proved has no other."""
    unknowns = [Unknown(-2, 2), Unknown(0, 3), Unknown(-1, 1)]
    relations = [(tuple((f, at) for at, f in enumerate(factors) if f), constant, op) for factors, constant, op in drawn]
    system = System(unknowns, [make_constraint(terms, constant, op, unknowns) for terms, constant, op in relations])
    points = [
        point
        for point in product(range(-2, 3), range(4), range(-1, 2))
        if all(HOLDS[op](sum(f * point[at] for f, at in terms) + constant, 0) for terms, constant, op in relations)
    ]
    every = range(len(relations))
    assert refutes(system, every, later()) is (not points)
    if not points:
        return
    least, greatest = min(point[0] for point in points), max(point[0] for point in points)
    assert prove(system, 0, LEAST, least, later()) is not None
    assert prove(system, 0, GREATEST, greatest, later()) is not None
    assert prove(system, 0, LEAST, least + 1, later()) is None
    assert prove(system, 0, GREATEST, greatest - 1, later()) is None
    system.propagate()
    for unknown in range(3):
        lower, upper = system.limits(unknown)
        assert lower is not None
        assert upper is not None
        assert all(lower <= point[unknown] <= upper for point in points)
