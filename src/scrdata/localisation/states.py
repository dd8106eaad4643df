"""A package as some changes would leave it: which checks fail then, and what the changes weigh.

The weights say how much speaks for a number as it stands, in thousandths of a lone cell. A mention
has two witnesses, its words and its value, so it weighs nearly two cells, and so does a number that
a rule states. Two cells always weigh more than one statement: no single doubt is traded for two.
"""

from __future__ import annotations

from scrdata.network import MENTION, REGISTERED, RULE, Check, exact
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrdata.localisation.changes import Change, Effects
    from scrdata.network import Exact, Network, Relation

    Group = tuple[str, int, str]

CELL = 1_000
DOUBLE = 900  # a row is taken out that another repeats in every cell: the least of all weights
LEFT_OUT = 1_500  # a row is put in that a check counts or names
PUT_IN = 1_550  # a row is taken out: it is more easily left out than made up
HOLE = 300  # … whose number its neighbours need
STATEMENT = 1_900  # a mention, a number in a rule, a registered value: set aside as wrong itself
RECODED = 1_600  # a key is exchanged for another that is not spelt nearly alike
EMPTIED = 1_700  # a code is taken away, where a row too many would explain as much
MISSING = 1_500  # a cell that is empty is filled, though nothing says that it must be


class Waiver(Record):
    """A statement that is taken for wrong itself, with all that repeats it in the same place."""

    group: Group
    weight: int = STATEMENT


class State:
    """What some changes make of the checks.

    Attributes:
        changes: by table and row; of rows that are put in, by table and a negative number.
        shifts: of totals.
        failing: positions of checks that fail, and are not set aside.
        waived: groups of statements that are set aside.
        weight: of changes and waivers.
    """

    __slots__ = ("changes", "failing", "shifts", "waived", "weight")

    def __init__(
        self,
        changes: Mapping[tuple[str, int], Change],
        shifts: Mapping[int, tuple[Exact, int]],
        failing: frozenset[int],
        waived: frozenset[Group],
        weight: int,
    ) -> None:
        self.changes = changes
        self.shifts = shifts
        self.failing = failing
        self.waived = waived
        self.weight = weight

    @property
    def key(self) -> tuple[frozenset[Change], frozenset[Group]]:
        """What tells states apart."""
        return frozenset(self.changes.values()), self.waived


AS_IT_STANDS = State({}, {}, frozenset(), frozenset(), 0)


class Assessment:
    """Weighs changes and works out what they lead to.

    Args:
        network: the checks.
        effects: what changes do to totals.
        wrong: cells that are wrong whatever else holds, by table, row and column, with the check that says so.
    """

    def __init__(self, network: Network, effects: Effects, wrong: Mapping[tuple[str, int, str], int]) -> None:
        self.network = network
        self.effects = effects
        self.wrong = wrong
        mentions = network.contents.mention_table
        self._locators = None if mentions is None else mentions.columns["locator"]
        rules = network.contents.rule_table
        self._basis = None if rules is None else rules.columns.get("basis")

    def start(self) -> State:
        """Return the package as it stands."""
        holds = self.network.holds
        failing = {position for position, check in enumerate(self.network.checks) if holds(check) is False}
        return State({}, {}, frozenset(failing.union(self.wrong.values())), frozenset(), 0)

    def waiver(self, check: Check) -> Waiver | None:
        """Return how a check could be set aside; `None` if what it says cannot be wrong."""
        if check.kind == MENTION:
            assert self._locators is not None
            node = check.relations[0].terms[0][1]
            return Waiver((MENTION, node, str(self._locators[check.row])))
        if check.kind == REGISTERED:
            return Waiver((REGISTERED, check.row, check.column))
        if check.kind == RULE and check.stated is not None:
            basis = self._basis[check.row] if self._basis is not None else None
            return None if basis == "definition" else Waiver((RULE, check.row, check.name))
        return None

    def waive(self, state: State, waiver: Waiver) -> State:
        """Return the state in which statements are taken for wrong."""
        checks = self.network.checks
        left = frozenset(
            position
            for position in state.failing
            if (own := self.waiver(checks[position])) is None or own.group != waiver.group
        )
        waived = state.waived | {waiver.group}
        return State(state.changes, state.shifts, left, waived, state.weight + waiver.weight)

    def apply(self, state: State, change: Change, weight: int) -> State:
        """Return the state that one more change leads to.

        Args:
            state: before.
            change: of a row; one of a row that is changed already is added to that.
            weight: of the change.
        """
        changes = dict(state.changes)
        shifts = dict(state.shifts)
        changed: set[int] = set()
        row = change.row if change.row is not None else -1 - sum(1 for _, number in changes if number < 0)
        earlier = changes.get((change.table, row))
        if earlier is not None:
            self._add(shifts, earlier, -1, changed)
            change = earlier.merged(change)
        changes[change.table, row] = change
        self._add(shifts, change, 1, changed)
        failing = set(state.failing)
        failing.difference_update(self._settled(change))
        for position in {user for node in changed for user in self.network.nodes[node].users}:
            check = self.network.checks[position]
            if self.holds(check, shifts) is False and not self._is_waived(check, state.waived):
                failing.add(position)
            else:
                failing.discard(position)
        return State(changes, shifts, frozenset(failing), state.waived, state.weight + weight)

    def _is_waived(self, check: Check, waived: frozenset[Group]) -> bool:
        waiver = self.waiver(check) if waived else None
        return waiver is not None and waiver.group in waived

    def _add(self, shifts: dict[int, tuple[Exact, int]], change: Change, sign: int, changed: set[int]) -> None:
        for node, (known, missing) in self.effects.of(change).items():
            before = shifts.get(node, (0, 0))
            shifts[node] = (before[0] + sign * known, before[1] + sign * missing)
            changed.add(node)

    def _settled(self, change: Change) -> Iterable[int]:
        """Yield the checks of single wrong cells that a change removes."""
        for (table, row, column), check in self.wrong.items():
            if (table, row) == (change.table, change.row) and (change.removed or column in dict(change.cells)):
                yield check

    def amount(self, relation: Relation, shifts: Mapping[int, tuple[Exact, int]]) -> tuple[Exact, int]:
        """Return what a relation compares with 0 as far as it is known, and how many cells are missing in it."""
        total, missing = relation.constant, 0
        for factor, position in relation.terms:
            node = self.network.nodes[position]
            known, gone = shifts.get(position, (0, 0))
            total += factor * (node.known + known)
            missing += node.missing + gone
        return total, missing

    def holds(self, check: Check, shifts: Mapping[int, tuple[Exact, int]]) -> bool | None:
        """Say whether a check holds in a state; `None` while a cell is missing."""
        for relation in check.relations:
            amount, missing = self.amount(relation, shifts)
            if missing:
                return None
            if not relation.holds(amount):
                return False
        return True

    def cell(self, state: State, table: str, row: int, column: str) -> Exact | None:
        """Return a cell as a number in a state."""
        change = state.changes.get((table, row))
        cells = dict(change.cells) if change is not None else {}
        value = cells[column] if column in cells else self.network.totals.tables[table].columns[column][row]
        return exact(value)
