"""Integer programming by HiGHS: the least value of a sum over the whole numbers that fulfil some rows.

The solver computes in floating point. What it returns is taken for what it is: a point of whole
numbers, which can be checked exactly and is (`Solution.verified`), and its word that there is no
better one. Who needs more than its word has to prove it; `deduction` does so.

The same program has the same solution at each call, unless the time limit ends it.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import highspy

    Exact = int | Fraction
    Terms = tuple[tuple[Exact, int], ...]

PROVEN, LIMIT, INFEASIBLE, UNBOUNDED = "proven", "limit", "infeasible", "unbounded"
# Beyond this, floating point skips whole numbers.
_LARGEST = 2**53
# How the solver says that it holds a point which fulfils the rows.
_FEASIBLE = 2
# What is not whole is read as a fraction with a denominator of at most so much.
_FINEST = 10**6
# The solver's default gap of 1 in 10,000 would pass off 9,999 for 10,000, its default tolerance a part that is missing.
_OPTIONS: dict[str, bool | int | float | str] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "parallel": "off",
    "threads": 1,
    "random_seed": 0,
}


class Column(Record):
    """An unknown number: its limits (`None`: no limit), and whether it is whole."""

    lower: Exact | None = 0
    upper: Exact | None = None
    is_integer: bool = True


class Row(Record):
    """What must hold: lower <= sum of factor * column <= upper, where `None` is no limit.

    Attributes:
        terms: pairs of factor and position of a column, each column once.
        lower, upper: the limits; equal ones make an equation.
    """

    terms: Terms
    lower: Exact | None
    upper: Exact | None

    def holds(self, values: Sequence[Exact]) -> bool:
        """Say exactly whether the row holds for some values of the columns."""
        return _is_within(_amount(self.terms, values), self.lower, self.upper)


class Solution(Record):
    """What the solver found.

    Attributes:
        status: `proven` (by the solver's word there is no better point), `limit` (it did not finish, or the
            numbers are too large for it), `infeasible` (no point fulfils the rows) or `unbounded` (there is no
            least value).
        values: of the columns, whole ones as integers; empty if no point was found.
        objective: the sum that was to be least, at that point, exactly; `None` without a point.
        verified: the point fulfils every row and limit exactly, by integer arithmetic.
        multipliers: of the rows, where no column is whole: how much the least sum grows with the limit of each.
            They are the solver's, read as fractions; what they prove has to be computed from them.
    """

    status: str
    values: tuple[Exact, ...] = ()
    objective: Exact | None = None
    verified: bool = False
    multipliers: tuple[Exact, ...] = ()


def solve(columns: Sequence[Column], rows: Sequence[Row], objective: Terms, *, time_limit: float = 10) -> Solution:
    """Find values of the columns that fulfil all rows and make a sum as small as can be.

    Args:
        columns: the unknown numbers.
        rows: what must hold among them.
        objective: the sum that is to be least, as pairs of factor and position; for the greatest value of a
            sum, change the signs. An empty one asks only whether there is a point.
        time_limit: in seconds, after which the best point so far is returned.

    Returns:
        The solution; nothing is printed, and one processor is used.
    """
    if any(not -_LARGEST <= number <= _LARGEST for number in _numbers(columns, rows, objective)):
        return Solution(LIMIT)
    if not columns:
        is_possible = all(row.holds(()) for row in rows)
        return Solution(PROVEN, (), 0, is_possible) if is_possible else Solution(INFEASIBLE)
    solver = _silent_solver()
    for name, value in {**_OPTIONS, "time_limit": float(time_limit)}.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(columns, rows, objective))
    solver.run()
    status = _status(solver)
    if status == UNBOUNDED and objective:
        # The solver says so too where it did not look for a point at all.
        some = solve(columns, rows, (), time_limit=time_limit)
        return some.changed(status=UNBOUNDED, objective=None) if some.status == PROVEN else some
    found = list(solver.getSolution().col_value) if solver.getInfo().primal_solution_status == _FEASIBLE else []
    if status == INFEASIBLE or not found:
        return Solution(status if status == INFEASIBLE else LIMIT)
    values = tuple(_exact(value, column) for value, column in zip(found, columns, strict=True))
    is_allowed = [_is_within(value, column.lower, column.upper) for value, column in zip(values, columns, strict=True)]
    verified = all(is_allowed) and all(row.holds(values) for row in rows)
    # The solver counts a row's multiplier where the limit is the lower one as positive.
    duals = [] if any(column.is_integer for column in columns) else list(solver.getSolution().row_dual)
    multipliers = tuple(Fraction(dual).limit_denominator(_FINEST) for dual in duals)
    return Solution(status, values, _amount(objective, values), verified, multipliers)


def _numbers(columns: Sequence[Column], rows: Sequence[Row], objective: Terms) -> list[Exact]:
    """Return all numbers of a program."""
    limits = [(column.lower, column.upper) for column in columns] + [(row.lower, row.upper) for row in rows]
    sums = [objective, *(row.terms for row in rows)]
    stated = [limit for pair in limits for limit in pair if limit is not None]
    return stated + [factor for terms in sums for factor, _ in terms]


def _amount(terms: Terms, values: Sequence[Exact]) -> Exact:
    return sum((factor * values[position] for factor, position in terms), 0)


def _is_within(amount: Exact, lower: Exact | None, upper: Exact | None) -> bool:
    return (lower is None or lower <= amount) and (upper is None or amount <= upper)


def _exact(value: float, column: Column) -> Exact:
    return round(value) if column.is_integer else Fraction(value).limit_denominator(_FINEST)


def _silent_solver() -> highspy.Highs:
    """Return a solver that prints nothing."""
    import highspy

    class Silent(highspy.Highs):
        """Silent before its first step, which the constructor takes and which prints who the solver is."""

        def enableCallbacks(self) -> None:  # noqa: N802  (the name is the library's)
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver = Silent()  # type: ignore[no-untyped-call]
    solver.silent()
    return solver


def _status(solver: highspy.Highs) -> str:
    """Return the solver's verdict in our words."""
    import highspy

    verdicts = {
        highspy.HighsModelStatus.kOptimal: PROVEN,
        highspy.HighsModelStatus.kModelEmpty: PROVEN,
        highspy.HighsModelStatus.kInfeasible: INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: UNBOUNDED,
        highspy.HighsModelStatus.kUnboundedOrInfeasible: UNBOUNDED,
    }
    return verdicts.get(solver.getModelStatus(), LIMIT)


def _model(columns: Sequence[Column], rows: Sequence[Row], objective: Terms) -> highspy.HighsLp:
    """Return the program in the solver's own form."""
    import highspy

    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    costs = dict.fromkeys(range(len(columns)), 0.0)
    for factor, position in objective:
        costs[position] += float(factor)
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row.terms))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.col_cost_ = list(costs.values())
    model.col_lower_ = _floats([column.lower for column in columns], -inf)
    model.col_upper_ = _floats([column.upper for column in columns], inf)
    model.row_lower_ = _floats([row.lower for row in rows], -inf)
    model.row_upper_ = _floats([row.upper for row in rows], inf)
    model.integrality_ = [kinds[column.is_integer] for column in columns]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = [position for row in rows for _, position in row.terms]
    model.a_matrix_.value_ = [float(factor) for row in rows for factor, _ in row.terms]
    return model


def _floats(limits: Sequence[Exact | None], missing: float) -> list[float]:
    """Return limits as the solver takes them, infinite where there are none."""
    return [missing if limit is None else float(limit) for limit in limits]
