"""Larger repairs by integer programming: all numbers of the failing checks at once.

Where many numbers are wrong together, trying changes one after the other takes too long. Here every
cell may rise or fall, at the price of its weight, every statement may be set aside at the price of
its own, and the solver finds what is least. Codes and rows stay as they are.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from scrdata.localisation.candidates import accepted
from scrdata.localisation.changes import Change
from scrdata.localisation.states import CELL
from scrdata.network import exact
from scrdata.programming import Column, Row, solve
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.localisation.states import Assessment, Group, State
    from scrdata.network import Cell, Check, Exact, Relation
    from scrdata.programming import Solution

# A cell changes by at most so many times the largest number that is too much or too little somewhere.
REACH = 10
# So many cells can be put to the solver.
MOST_CELLS = 30_000


class Programme(Record):
    """A repair as an integer programme.

    Attributes:
        cells: that may change; each has a column for what it gains, what it loses, and whether it changes.
        groups: statements that may be set aside, with a column each.
        columns, rows: what is put to the solver.
        objective: the weight.
    """

    cells: tuple[Cell, ...]
    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    objective: tuple[tuple[Exact, int], ...]


def repair_by_programme(assessment: Assessment, start: State, time_limit: float) -> State | None:
    """Return the lightest repair by numbers alone of the checks that fail in a state, or a light one if time is short.

    Args:
        assessment: of the package.
        start: the state.
        time_limit: seconds for the solver.
    """
    checks = _reached(assessment, start)
    if checks is None or assessment.wrong:
        return None
    programme = _programme(assessment, checks)
    solution = solve(programme.columns, programme.rows, programme.objective, time_limit=time_limit)
    return _applied(assessment, start, programme, solution) if solution.values else None


def _reached(assessment: Assessment, start: State) -> list[int] | None:
    """Return the checks that a change of a number could touch, directly or by way of others."""
    network = assessment.network
    found: set[int] = set()
    waiting = set(start.failing)
    cells: set[Cell] = set()
    while waiting:
        position = waiting.pop()
        found.add(position)
        for relation in network.checks[position].relations:
            own = network.cells(relation)[0].keys() - cells
            cells |= own
            if len(cells) > MOST_CELLS or any(not _is_whole(assessment, cell) for cell in own):
                return None
            for table, column, row in own:
                for node in assessment.effects.members(table).get(row, ()):
                    if network.nodes[node].column == column:
                        waiting.update(set(network.nodes[node].users) - found)
    return sorted(found)


def _is_whole(assessment: Assessment, cell: Cell) -> bool:
    """Say whether a cell holds whole numbers."""
    table, column, _ = cell
    return assessment.network.totals.schemas[table].columns[column].type == "integer"


def _programme(assessment: Assessment, checks: list[int]) -> Programme:
    """Return the programme of which some checks are the rows."""
    network = assessment.network
    held: list[tuple[Check, Relation, dict[Cell, Exact], Exact]] = [
        (network.checks[position], relation, network.cells(relation)[0], amount)
        for position in checks
        for relation in network.checks[position].relations
        if (amount := network.amount(relation)) is not None
    ]
    cells = tuple(sorted({cell for _, _, factors, _ in held for cell in factors}))
    place = {cell: 3 * number for number, cell in enumerate(cells)}
    wrong = [ceil(_size(amount)) for _, relation, _, amount in held if not relation.holds(amount)]
    reach = REACH * max(1, *wrong)
    columns = [Column(0, limit) for cell in cells for limit in (reach, _fall(assessment, cell, reach), 1)]
    groups: dict[Group, int] = {}
    rows = [row for cell in cells for row in _switch(place[cell], reach)]
    objective: list[tuple[Exact, int]] = [(CELL, place[cell] + 2) for cell in cells]
    for check, relation, factors, amount in held:
        waiver = assessment.waiver(check)
        free: tuple[tuple[Exact, int], ...] = ()
        if waiver is not None:
            column = groups.setdefault(waiver.group, len(columns))
            if column == len(columns):
                columns.append(Column(0, 1))
                objective.append((waiver.weight, column))
            slack: Exact = sum(map(_size, factors.values())) * reach + _size(amount)
            free = ((slack, column),)
        terms = [
            term for cell, factor in factors.items() for term in ((factor, place[cell]), (-factor, place[cell] + 1))
        ]
        rows += _held(amount, relation.operator, tuple(terms), free)
    return Programme(cells, tuple(groups), tuple(columns), tuple(rows), tuple(objective))


def _fall(assessment: Assessment, cell: Cell, reach: int) -> int:
    """Return how far a number may fall: counts do not go below 0."""
    table, column, row = cell
    field = assessment.network.totals.schemas[table].columns[column]
    value = exact(assessment.network.totals.tables[table].columns[column][row]) or 0
    return min(reach, int(value)) if not tuple(accepted(field, -1)) and value >= 0 else reach


def _switch(place: int, reach: int) -> Iterator[Row]:
    """Yield that a number which gains or loses counts as changed."""
    yield Row(((1, place), (1, place + 1), (-reach, place + 2)), None, 0)


def _size(amount: Exact) -> Exact:
    return amount if amount >= 0 else -amount


def _held(
    amount: Exact, operator: str, terms: tuple[tuple[Exact, int], ...], free: tuple[tuple[Exact, int], ...]
) -> Iterator[Row]:
    """Yield that an amount which is shifted by some terms is 0, or on one side of it, unless it is set free."""
    step = 1 if operator in ("<", ">") else 0
    if operator in ("=", "<", "<="):
        yield Row((*terms, *((-slack, column) for slack, column in free)), None, -amount - step)
    if operator in ("=", ">", ">="):
        yield Row((*terms, *free), -amount + step, None)


def _applied(assessment: Assessment, start: State, programme: Programme, solution: Solution) -> State | None:
    """Return the state that a solution leads to, reckoned exactly; `None` if a check fails in it."""
    state = start
    for number, (table, column, row) in enumerate(programme.cells):
        change = Fraction(solution.values[3 * number]) - Fraction(solution.values[3 * number + 1])
        if change:
            schema = assessment.network.totals.schemas[table]
            value = exact(assessment.network.totals.tables[table].columns[column][row])
            spelt = next(iter(accepted(schema.columns[column], (value or 0) + change)), None)
            if spelt is None:
                return None
            state = assessment.apply(state, Change(table, row, ((column, spelt),)), CELL)
    for position in sorted(state.failing):
        waiver = assessment.waiver(assessment.network.checks[position])
        if waiver is None:
            return None
        if position in state.failing:
            state = assessment.waive(state, waiver)
    return state
