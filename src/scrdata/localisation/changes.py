"""Changes to the tables of a package, and what each does to its totals."""

from __future__ import annotations

from itertools import pairwise

from scrdata.network import exact
from scrdata.records import Record
from scrdata.totals import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrdata.network import Exact, Network, Node
    from scrdata.references import Condition, Reference
    from scrdata.totals import Instance
    from scrdata.values import Value

    Cell = Value | None
    Test = Callable[[Cell], bool]
    Shifts = dict[int, tuple[Exact, int]]


class Change(Record):
    """One change: of cells of a row, of a row that is taken out, or of one that is put in.

    Attributes:
        table: the name of the table.
        row: from 0; `None` for a row that is put in.
        cells: pairs of column and new value; of a new row only what is known.
        removed: the row is taken out.
    """

    table: str
    row: int | None
    cells: tuple[tuple[str, Cell], ...] = ()
    removed: bool = False

    def merged(self, other: Change) -> Change:
        """Return this change and another of the same row as one."""
        if self.removed or other.removed:
            return self if self.removed else other
        return self.changed(cells=tuple(sorted({**dict(self.cells), **dict(other.cells)}.items())))


class Effects:
    """Knows what a change of a row does to the totals of a network.

    Args:
        network: whose totals it knows; totals of new instances are added to it when a change needs them.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.totals = network.totals
        self._references: dict[str, dict[Reference, None]] = {}
        self._conditioned: dict[tuple[str, str], dict[Reference, None]] = {}
        self._members: dict[str, dict[int, list[int]]] = {}
        self._tests: dict[tuple[str, Condition], Test] = {}
        self._known: dict[Change, Shifts] = {}
        self._rules: dict[Reference, list[int]] = {}
        for node in network.nodes:
            self._register(node)
        for position, rule in enumerate(network.contents.rules):
            for reference in rule.equation.references:
                if reference.stars:
                    self._rules.setdefault(reference, []).append(position)

    def _register(self, node: Node) -> None:
        reference = node.reference
        if reference is None:
            return
        self._references.setdefault(node.table.name, {})[reference] = None
        # Each column once: a reference may have many conditions on one, and is hashed with all of them.
        for column in dict.fromkeys(condition.path[0] for condition in reference.conditions):
            self._conditioned.setdefault((node.table.name, column), {})[reference] = None

    def references(self, table: str) -> Sequence[Reference]:
        """Return what is counted or added up in a table."""
        return list(self._references.get(table, ()))

    def conditioned(self, table: str, column: str) -> Sequence[Reference]:
        """Return the references of a table that have a condition on a column."""
        return list(self._conditioned.get((table, column), ()))

    def members(self, table: str) -> Mapping[int, Sequence[int]]:
        """Return, for each row of a table, the totals that it enters."""
        known = self._members.get(table)
        if known is None:
            known = self._members[table] = {}
            for position, node in enumerate(self.network.nodes):
                if node.table.name == table:
                    for row in node.rows:
                        known.setdefault(row, []).append(position)
        return known

    def of(self, change: Change) -> Shifts:
        """Return by how much a change shifts each total, and the number of its missing cells."""
        known = self._known.get(change)
        if known is None:
            shifts: Shifts = {}
            if change.removed or change.row is None:
                self._whole_row(change, shifts)
            else:
                self._cells(change, change.row, shifts)
            known = self._known[change] = {node: shift for node, shift in shifts.items() if shift != (0, 0)}
        return known

    def _whole_row(self, change: Change, shifts: Shifts) -> None:
        if change.row is not None:
            for position in self.members(change.table).get(change.row, ()):
                node = self.network.nodes[position]
                cell = None if node.column is None else node.table.columns[node.column][change.row]
                _shift(shifts, position, node, cell, -1)
            return
        cells = dict(change.cells)
        for reference in self.references(change.table):
            # What is not known of a new row lets it enter nothing.
            if all(condition.path[0] in cells for condition in reference.conditions):
                self._enter(reference, cells, shifts)

    def _cells(self, change: Change, row: int, shifts: Shifts) -> None:
        new = dict(change.cells)
        table = self.totals.tables[change.table]
        moved = {reference: None for column in new for reference in self.conditioned(change.table, column)}
        for position in self.members(change.table).get(row, ()):
            node = self.network.nodes[position]
            if node.reference in moved:
                _shift(shifts, position, node, None if node.column is None else table.columns[node.column][row], -1)
            elif node.column in new:
                assert node.column is not None
                _shift(shifts, position, node, table.columns[node.column][row], -1)
                _shift(shifts, position, node, new[node.column], 1)
        if moved:
            cells = {name: new.get(name, column[row]) for name, column in table.columns.items()}
            for reference in moved:
                self._enter(reference, cells, shifts)

    def _enter(self, reference: Reference, cells: Mapping[str, Cell], shifts: Shifts) -> None:
        """Let a row enter the total of a reference whose conditions it fulfils."""
        values = self.instance(reference, cells)
        if values is None:
            return
        position = self.node(reference, values)
        node = self.network.nodes[position]
        _shift(shifts, position, node, None if node.column is None else cells.get(node.column), 1)

    def node(self, reference: Reference, values: Instance) -> int:
        """Return the total of a reference; one for a new instance comes with the rules that speak of it."""
        position = self.network.node(reference, values)
        for rule in self._rules.get(reference, ()):
            if (rule, values) not in self.network.instances:
                before = len(self.network.nodes)
                self.network.add_instance(rule, values)
                for node in self.network.nodes[before:]:
                    self._register(node)
        return position

    def instance(self, reference: Reference, cells: Mapping[str, Cell]) -> Instance | None:
        """Return the instance of a reference that a row belongs to; `None` if it does not fulfil the conditions."""
        starred: dict[tuple[str, ...], str] = {}
        for condition in reference.conditions:
            value = self.follow(reference.table, condition.path, cells.get(condition.path[0]))
            if condition.starred:
                if value is None:
                    return None
                starred[condition.path] = label(value)
            elif not self.test(reference.table, condition)(value):
                return None
        return tuple(starred[path] for path in reference.stars)

    def follow(self, table: str, path: tuple[str, ...], value: Cell) -> Cell:
        """Return the value at the end of a path that begins with a value."""
        for column, after in pairwise(path):
            name, key = self.totals.target(table, column, after)
            rows = self.totals.index(name, (key,)).get(value)
            value = self.totals.tables[name].columns[after][rows[0]] if rows else None
            table = name
        return value

    def test(self, table: str, condition: Condition) -> Test:
        """Return the test that a condition without a star puts to the value at the end of its path."""
        known = self._tests.get((table, condition))
        if known is None:
            known = self._tests[table, condition] = self.totals.test(table, condition)
        return known


def _shift(shifts: Shifts, position: int, node: Node, cell: Cell, sign: int) -> None:
    """Note that a cell, or a row that is counted, enters a total (`sign` 1) or leaves it (-1)."""
    known, missing = shifts.get(position, (0, 0))
    amount = 1 if node.column is None else exact(cell)
    if amount is None:
        missing += sign
    else:
        known += sign * amount
    shifts[position] = (known, missing)
