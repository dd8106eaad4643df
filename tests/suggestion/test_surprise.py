"""The model of surprise: what is counted exactly, what is bounded, and what says nothing."""

from __future__ import annotations

import itertools
from decimal import Decimal
from math import factorial, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.suggestion.surprise import (
    choice_bits,
    equality_bits,
    even_bits,
    hits_bits,
    in_units,
    occupied_bits,
    odds,
    order_bits,
    point_bits,
    spread_of,
)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6))
def test_bits_of_an_order_count_arrangements(pairs: list[tuple[int, int]]) -> None:
    """The bits of an inequality are the share of all arrangements of the right side that obey it."""
    pairs = [(min(pair), max(pair)) for pair in pairs]
    right = [pair[1] for pair in pairs]
    obeying = sum(
        all(one <= other for (one, _), other in zip(pairs, arrangement, strict=True))
        for arrangement in itertools.permutations(right)
    )
    assert order_bits(pairs) == pytest.approx(-log2(obeying / factorial(len(pairs))), abs=1e-9)


@pytest.mark.parametrize(("rows", "groups"), [(4, 2), (6, 3), (5, 3), (4, 1), (6, 2)])
def test_bits_of_rows_bound_what_can_be_counted(rows: int, groups: int) -> None:
    """The bits of groups that are not empty, or equal, are those of all ways to throw rows into groups, or fewer."""
    throws = list(itertools.product(range(groups), repeat=rows))
    occupied = sum(len(set(throw)) == groups for throw in throws) / len(throws)
    assert occupied_bits(rows, groups) <= -log2(occupied) + 1e-9
    if rows % groups == 0:
        even = sum(all(throw.count(g) == rows // groups for g in range(groups)) for throw in throws) / len(throws)
        assert even_bits(rows, groups) == pytest.approx(-log2(even), abs=1e-9)


def test_bits_of_one_total() -> None:
    """Larger totals are harder to hit by chance, those of cells close together easier, and equal cells say nothing."""
    assert point_bits(0, 100, None, 1) < point_bits(9, 100, None, 1) < point_bits(90, 100, None, 1)
    assert point_bits(90, 100, 3, 1) < point_bits(90, 100, 30, 1) < point_bits(90, 100, 300, 1)
    assert point_bits(90, 100, 3, 4) == pytest.approx(log2(3) + 1)
    assert point_bits(90, 100, 0, 4) == 0
    assert point_bits(10**5000, 10**5000, 10**5000, 1) > 10_000


def test_bits_of_equal_totals() -> None:
    """Each new value counts in full, zeros not at all, and one that came before by its share so far."""
    assert equality_bits([]) == equality_bits([(0, 9.0), (0, 9.0)]) == 0
    assert equality_bits([(5, 7.0)]) == 7
    assert equality_bits([(5, 7.0), (6, 7.0)]) == 14
    assert equality_bits([(5, 7.0)] * 100) == 7
    assert equality_bits([(5, 7.0), (6, 7.0), (5, 7.0), (5, 0.25)]) == pytest.approx(7 + 7 + 1 + 0.25)


@given(st.integers(0, 12), st.integers(0, 12), st.floats(0, 20))
def test_bits_of_hits_bound_the_binomial_tail(hits: int, more: int, alone: float) -> None:
    """The bits of several hits never exceed those of at least as many, reckoned exactly."""
    tries, chance = hits + more, 2.0**-alone
    tail = sum(
        factorial(tries) // factorial(k) // factorial(tries - k) * chance**k * (1 - chance) ** (tries - k)
        for k in range(hits, tries + 1)
    )
    assert hits_bits(hits, tries, alone) <= -log2(min(tail, 1.0)) + 1e-6


def test_units_and_odds() -> None:
    """An amount is counted in units of its last place; odds are rounded down to two digits."""
    assert (in_units(3, 2), in_units(Decimal("3.25"), 2), in_units(Decimal(-7), 0)) == (300, 325, -7)
    words = [odds(bits) for bits in (0, 1, 2.5, 10.5, 20.5)]
    assert words == ["1 in 1", "1 in 2", "1 in 5", "1 in 1,400", "1 in 1,400,000"]
    assert odds(100) == "1 in 10 to the 30"


def test_spread_is_known_of_three_cells_or_of_equal_ones() -> None:
    """Two cells that differ say nothing of how far others would lie apart; equal ones do."""
    assert [spread_of(cells, 0) for cells in ([7], [7, 9], [7, 7], [7, 9, 4])] == [None, None, 0, 5]
    assert spread_of([Decimal("0.5"), 1, 2], 1) == 15


def test_bits_of_a_choice() -> None:
    """Choosing two of five is one of ten ways."""
    assert choice_bits(2, 5) == pytest.approx(log2(10))
