"""The lightest repairs: best-first search over changes, with a bound below which no repair can be.

Every repair has to touch each failing check, so one failing check at a time is resolved in every way
that could make it hold. States are taken in the order of their weight and of the least that the
checks still failing must cost: checks that no single change can mend together cost the least weight each. The
first repair that is taken is thus a lightest one, and the others of its weight follow.
"""

from __future__ import annotations

import heapq
import time
from itertools import count

from scrdata.localisation.additions import Additions
from scrdata.localisation.candidates import Candidates
from scrdata.localisation.doubts import KEY, REFERENCE
from scrdata.localisation.states import CELL, DOUBLE
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.localisation.states import Assessment, State
    from scrdata.network import Check, Node

# So many states are looked at before the search gives up.
MOST_STATES = 30_000
# So many failing checks are told apart.
MOST_GROUPED = 1_000
# So many are looked at for further repairs once one is found.
MOST_FURTHER = 2_000
# So many checks enter the bound; more would take longer than they save.
MOST_BOUNDED = 40


class Repairs(Record):
    """The lightest repairs of some failing checks.

    Attributes:
        states: one for each repair, the tied ones side by side.
        is_lightest: there is no lighter repair of the kinds that are tried.
        is_complete: there is no further one of this weight.
    """

    states: tuple[State, ...]
    is_lightest: bool
    is_complete: bool


class Search:
    """Looks for repairs.

    Args:
        assessment: of the package.
        deadline: on the clock of `time.monotonic`, after which the search gives up.
        most_ties: so many repairs of one weight are kept.
    """

    def __init__(self, assessment: Assessment, deadline: float, most_ties: int) -> None:
        self.assessment = assessment
        self.network = assessment.network
        self.candidates = Candidates(assessment)
        self.additions = Additions(self.candidates)
        self.deadline = deadline
        self.most_ties = most_ties
        self._independent: dict[tuple[int, int, frozenset[str]], bool] = {}
        self._least = CELL
        self._rows: dict[int, frozenset[int]] = {}

    def components(self, failing: frozenset[int]) -> list[frozenset[int]]:
        """Split failing checks into groups of which no change mends two; very many are left as one."""
        if len(failing) > MOST_GROUPED:
            return [failing]
        counted = self._counted(failing)
        groups: list[set[int]] = []
        for check in sorted(failing):
            near = [g for g in groups if any(not self._are_independent(check, other, counted) for other in g)]
            groups = [group for group in groups if group not in near]
            groups.append({check}.union(*near))
        return [frozenset(group) for group in groups]

    def _counted(self, failing: frozenset[int]) -> frozenset[str]:
        """Return the tables of which failing checks count rows: only there are codes exchanged.

        With a plus sign before their names, those of which keys may be exchanged too.
        """
        marks: set[str] = set()
        for position in failing:
            check = self.network.checks[position]
            sign = "+" if check.kind in (KEY, REFERENCE) else ""
            for relation in check.relations:
                nodes = (self.network.nodes[node] for _, node in relation.terms)
                marks.update(sign + node.table.name for node in nodes if node.column is None)
        wrong = {table for (table, _, _), check in self.assessment.wrong.items() if check in failing}
        return frozenset(marks | wrong)

    def _are_independent(self, first: int, second: int, counted: frozenset[str]) -> bool:
        """Say whether no single change can mend two failing checks, where codes are exchanged in some tables."""
        pair = (min(first, second), max(first, second), counted)
        known = self._independent.get(pair)
        if known is None:
            known = self._independent[pair] = self._are_apart(*pair)
        return known

    def _are_apart(self, first: int, second: int, counted: frozenset[str]) -> bool:
        checks = self.network.checks
        wrong = {check: cell for cell, check in self.assessment.wrong.items()}
        ours, theirs = (list(self._touched(position, checks[position], wrong)) for position in (first, second))
        return all(
            one[0] != other[0] or (one[1].isdisjoint(other[1]) and self._are_incompatible(one[2], other[2], counted))
            for one in ours
            for other in theirs
        )

    def _touched(
        self, position: int, check: Check, wrong: dict[int, tuple[str, int, str]]
    ) -> Iterator[tuple[str, frozenset[int], Node | None]]:
        """Yield table, rows and total for each total that a check needs."""
        if position in wrong:
            table, row, _ = wrong[position]
            yield table, frozenset([row]), None
        for relation in check.relations:
            for _, index in relation.terms:
                node = self.network.nodes[index]
                if index not in self._rows:
                    self._rows[index] = frozenset(node.rows)
                yield node.table.name, self._rows[index], node

    def _are_incompatible(self, first: Node | None, second: Node | None, counted: frozenset[str]) -> bool:
        """Say whether no row, moved or put in, can enter two totals without a row in common.

        What is wrong with a cell by itself has no total, and moving its row may mend any.
        """
        if first is None or second is None:
            return False
        if first.reference is None or second.reference is None:
            return True
        if first.column is None or second.column is None or f"+{first.table.name}" in counted:
            return False
        is_counted = first.table.name in counted
        key = first.table.schema.primary_key if is_counted else tuple(first.table.columns)
        values = []
        for node in (first, second):
            assert node.reference is not None
            starred = dict(zip(node.reference.stars, node.values, strict=True))
            conditions = [condition for condition in node.reference.conditions if condition.operator == "="]
            values.append(
                {
                    condition.path: {starred[condition.path]} if condition.starred else set(condition.values)
                    for condition in conditions
                    if condition.path[0] in key
                }
            )
        return any(values[0][path].isdisjoint(values[1][path]) for path in values[0].keys() & values[1].keys())

    def bound(self, failing: frozenset[int], most: int = MOST_BOUNDED) -> int:
        """Return what the repair of failing checks weighs at least, as far as the first `most` of them tell."""
        counted = self._counted(failing)
        ordered = sorted(failing, key=self._size)[:most]
        best = 0
        for attempt in (ordered, ordered[::-1]):
            apart: list[int] = []
            for check in attempt:
                if all(self._are_independent(check, other, counted) for other in apart):
                    apart.append(check)
            best = max(best, len(apart))
        return best * self._least

    def _size(self, check: int) -> tuple[int, int]:
        """Return the number of rows that enter a check: where few do, there are few ways to mend it."""
        nodes = (node for relation in self.network.checks[check].relations for _, node in relation.terms)
        return sum(len(self.network.nodes[node].rows) for node in nodes), check

    def repair(self, start: State) -> Repairs:
        """Return the lightest repairs of the checks that fail in a state.

        They are none where none is possible by the kinds of changes that are tried (`is_lightest`), or
        where the search gave up.
        """
        order = count()
        has_double = any(self.network.checks[check].kind == KEY for check in start.failing)
        self._least = DOUBLE if has_double else CELL
        waiting = [(start.weight, len(start.failing), next(order), start)]
        seen = {start.key}
        found: list[State] = []
        taken = further = 0
        while waiting:
            least, _, _, state = heapq.heappop(waiting)
            if found and least > found[0].weight:
                break
            if not state.failing:
                found.append(state)
                if len(found) > self.most_ties:
                    return Repairs(tuple(found[: self.most_ties]), is_lightest=True, is_complete=False)
                continue
            taken += 1
            further += bool(found)
            if taken > MOST_STATES or further > MOST_FURTHER or time.monotonic() > self.deadline:
                return Repairs(tuple(found), is_lightest=bool(found), is_complete=False)
            for child in self._children(state):
                if child.key not in seen:
                    seen.add(child.key)
                    weight = child.weight + self.bound(child.failing)
                    heapq.heappush(waiting, (weight, len(child.failing), next(order), child))
        return Repairs(tuple(found), is_lightest=True, is_complete=True)

    def _chosen(self, state: State) -> int:
        """Return the failing check that fewest rows enter.

        Where keys are wrong, those come first, since other keys are proposed for them alone; then, where codes
        may be wrong, checks that count rows, for the same reason.
        """
        counted = self._counted(state.failing)

        def order(position: int) -> tuple[bool, bool, tuple[int, int]]:
            check = self.network.checks[position]
            relations = check.relations
            nodes = [self.network.nodes[node] for relation in relations for _, node in relation.terms]
            only_sums = bool(nodes) and all(node.column is not None for node in nodes)
            is_partial = only_sums and any(node.table.name in counted for node in nodes)
            return check.kind not in (KEY, REFERENCE), is_partial, self._size(position)

        return min(state.failing, key=order)

    def _children(self, state: State) -> Iterator[State]:
        """Yield the states in which one failing check holds, or is set aside."""
        check = self._chosen(state)
        waiver = self.assessment.waiver(self.network.checks[check])
        if waiver is not None:
            yield self.assessment.waive(state, waiver)
        for change, weight in self.candidates.of(state, check):
            child = self.assessment.apply(state, change, weight)
            # A cell may be asked for by another check, and leave the rest of this one to others.
            if check not in child.failing or not change.removed:
                yield child
        for addition in self.additions.of(state, check):
            if addition.is_named:
                child = self.assessment.apply(state, addition.change, addition.weight)
                if check not in child.failing:
                    yield child

    def peeled(self, start: State) -> State:
        """Return the state after all changes that mend several checks and break none, the most mending first.

        Where many numbers are wrong, most of them show in more than one check; what is left is for others.
        """
        state = start
        while time.monotonic() < self.deadline:
            better = self._peel(state)
            if better is None:
                break
            state = better
        return state

    def _peel(self, state: State) -> State | None:
        """Return the state after the change that mends most, of the first check of which one breaks nothing."""
        for check in sorted(state.failing, key=self._size):
            children = [self.assessment.apply(state, *candidate) for candidate in self.candidates.of(state, check)]
            # A changed cell mends a single check too easily to say anything; a missing row shows in what it lacks.
            several = [child for child in children if len(child.failing) < len(state.failing) - 1]
            rows = [
                self.assessment.apply(state, addition.change, addition.weight)
                for addition in self.additions.of(state, check)
                if addition.is_named
            ]
            better = [child for child in (*several, *rows) if child.failing < state.failing]
            if better:
                return min(better, key=lambda child: len(child.failing))
        return None

    def unnamed(self, start: State) -> Sequence[State]:
        """Return repairs by one row of which nothing speaks but a sum that is too small."""
        found = []
        for check in sorted(start.failing):
            for addition in self.additions.of(start, check):
                child = self.assessment.apply(start, addition.change, addition.weight)
                if not addition.is_named and not child.failing:
                    found.append(child)
            if found:
                return found
        return found
