"""Integer programming: the solver's answers, held against all that can be tried."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scrdata.programming import INFEASIBLE, LIMIT, PROVEN, UNBOUNDED, Column, Row, Solution, solve
from tests.strategies import LAW

Program = tuple[list[tuple[int, int]], list[tuple[list[int], int, int]], list[int]]
FREE = Column(None, None)


def test_smallest_sum_is_found() -> None:
    """The least value of a sum is found with a point that has it."""
    rows = [Row(((1, 0), (1, 1)), 22, 22), Row(((2, 0), (3, 1)), None, 50)]
    assert solve([Column(), Column()], rows, ((1, 0),)) == Solution(PROVEN, (16, 6), 16, verified=True)


def test_equations_without_limits_have_their_one_solution() -> None:
    """Unknowns that have no limit of their own get the values that two equations leave them."""
    rows = [Row(((1, 0), (1, 1)), 10, 10), Row(((1, 0), (-1, 1)), 2, 2)]
    assert solve([FREE, FREE], rows, ((-1, 0),)) == Solution(PROVEN, (6, 4), -6, verified=True)


def test_impossible_rows_are_infeasible() -> None:
    """Rows that contradict each other, be it only in whole numbers, have no solution."""
    assert solve([Column(0, 5)], [Row(((1, 0),), 6, None)], ()) == Solution(INFEASIBLE)
    assert solve([Column(0, 5)], [Row(((2, 0),), 3, 3)], ()) == Solution(INFEASIBLE)
    assert solve([], [Row((), 1, None)], ()) == Solution(INFEASIBLE)


def test_what_has_no_least_value_is_unbounded() -> None:
    """Where a sum can be as small as one likes, that is said, with some point."""
    found = solve([FREE, Column()], [Row(((1, 0), (1, 1)), None, 5)], ((1, 0),))
    assert (found.status, found.objective, found.verified) == (UNBOUNDED, None, True)


def test_impossible_rows_are_no_unbounded_ones() -> None:
    """A sum without a limit, over rows that contradict each other, is infeasible."""
    rows = [Row(((2, 1),), 3, 3)]
    assert solve([FREE, Column(0, 9)], rows, ((1, 0),)).status == INFEASIBLE


def test_nothing_to_find_is_found() -> None:
    """A program without columns or without rows has a solution."""
    assert solve([], [], ()) == Solution(PROVEN, (), 0, verified=True)
    assert solve([Column(2, 7)], [], ((-1, 0),)) == Solution(PROVEN, (7,), -7, verified=True)


def test_large_numbers_are_left_alone() -> None:
    """Numbers that floating point cannot tell apart are not given to the solver, which is no verdict."""
    assert solve([Column(0, 2**53 + 1)], [], ((1, 0),)) == Solution(LIMIT)


def make_weights(number: int) -> list[int]:
    """Return numbers of five digits that have nothing to do with one another."""
    return [pow(48271, position + 1, 89_989) + 10_000 for position in range(number)]


def smallest_half(weights: list[int], time_limit: float = 10) -> Solution:
    """Return the lightest choice of weights that comes to half of them all."""
    terms = tuple((weight, position) for position, weight in enumerate(weights))
    return solve([Column(0, 1)] * len(weights), [Row(terms, sum(weights) // 2, None)], terms, time_limit=time_limit)


def test_small_differences_count() -> None:
    """A few in 400,000 make a difference: the solver's usual gap would let them pass."""
    weights = make_weights(14)
    sums = [sum(chosen) for size in range(15) for chosen in combinations(weights, size)]
    found = smallest_half(weights)
    assert (found.status, found.verified) == (PROVEN, True)
    assert found.objective == min(amount for amount in sums if amount >= sum(weights) // 2)


def test_a_time_limit_is_not_a_verdict() -> None:
    """A search that was not finished says so, and gives the best point that it has found by then, if any."""
    weights = make_weights(60)
    assert smallest_half(weights, time_limit=0) == Solution(LIMIT)
    found = smallest_half(weights, time_limit=0.2)
    assert (found.status, found.verified) == (LIMIT, True)


def test_columns_that_are_not_whole_are_fractions() -> None:
    """A column that need not be whole gets an exact fraction, and is checked with it."""
    found = solve([Column(is_integer=False), Column()], [Row(((3, 0), (1, 1)), 1, 1)], ((0, 0), (1, 1)))
    assert found == Solution(PROVEN, (Fraction(1, 3), 0), 0, verified=True)


def test_point_that_misses_a_row_is_not_verified() -> None:
    """A row is checked exactly, on both sides."""
    row = Row(((2, 0), (-1, 1)), 3, 4)
    assert [row.holds((amount, 0)) for amount in (1, 2, 3)] == [False, True, False]
    assert not row.holds((Fraction(3, 2) - Fraction(1, 10**30), 0))


def test_nothing_is_printed() -> None:
    """The solver does not even print its name."""
    code = "from scrdata.programming import Column, solve; solve([Column(0, 3)] * 3, [], ((1, 0),))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_solver_is_loaded_when_it_is_needed() -> None:
    """Importing the module does not load the solver."""
    code = "import sys, scrdata.programming; sys.exit('highspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SMALL = st.integers(-4, 4)
PROGRAMS = st.tuples(
    st.lists(st.tuples(SMALL, st.integers(0, 4)), min_size=1, max_size=3),
    st.lists(st.tuples(st.lists(SMALL, min_size=3, max_size=3), SMALL, st.integers(0, 5)), max_size=3),
    st.lists(SMALL, min_size=3, max_size=3),
)


@LAW
@given(PROGRAMS)
def test_answers_are_those_of_trying_everything(program: Program) -> None:
    """Status and least value are what trying every point gives, and the point is one of the best."""
    limits, drawn, costs = program
    columns = [Column(lower, lower + width) for lower, width in limits]
    size = len(columns)
    rows = [
        Row(tuple((factor, position) for position, factor in enumerate(factors[:size])), lower, lower + width)
        for factors, lower, width in drawn
    ]
    objective = tuple((cost, position) for position, cost in enumerate(costs[:size]))
    points = product(*(range(lower, lower + width + 1) for lower, width in limits))
    amounts = [
        sum(factor * point[position] for factor, position in objective)
        for point in points
        if all(row.holds(point) for row in rows)
    ]
    found = solve(columns, rows, objective)
    if not amounts:
        assert found == Solution(INFEASIBLE)
    else:
        assert (found.status, found.objective, found.verified) == (PROVEN, min(amounts), True)
    assert solve(columns, rows, objective) == found
