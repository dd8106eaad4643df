"""What a package leaves open: its unknown cells, and what the checks say of them.

Unknown are missing cells, and the cells that the package itself calls derived: their value is a claim
to be proved and no evidence. Known are the other cells, and the numbers of rows, which are those of the
tables as they stand. Not used as evidence are

- checks that the register lists: they contradict the tables;
- checks without an unknown cell, such as rules on how many cells are empty;
- rules of the basis `derived` that state a derived cell as a constant: they would prove it by itself;
- checks over rows that are chosen by a derived cell, for the same reason.
"""

from __future__ import annotations

from itertools import pairwise

from scrdata.fields import SUMMABLE
from scrdata.network import REGISTERED, RULE, exact
from scrdata.records import Record
from scrdata.references import Condition, Reference
from scrdata.rules import HOLDS, reference_at
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.fields import Field
    from scrdata.inference import Exact
    from scrdata.network import Cell, Check, Network, Node, Relation
    from scrdata.totals import Totals
    from scrdata.validation import Contents
    from scrdata.values import Value

STATUS = "value_status"
DERIVED = "derived"


class Clause(Record):
    """One relation that a check states about unknown cells.

    Attributes:
        check: that states it.
        relation: what it states.
        factors: of the unknown cells.
        constant: everything else.
    """

    check: Check
    relation: Relation
    factors: dict[Cell, Exact]
    constant: Exact


class Absent(Record):
    """A cell that no table has: of a row of which only some columns are known.

    Attributes:
        reference: to the cell.
        values: of the columns that the reference pins.
        row: a position after all rows.
    """

    reference: Reference
    values: dict[str, Value | None]
    row: int

    @property
    def cell(self) -> Cell:
        """The cell, as the relations name cells."""
        assert self.reference.column is not None
        return self.reference.table, self.reference.column, self.row


def find_absent(reference: Reference, totals: Totals) -> Absent | None:
    """Return the cell that a reference describes where it pins the whole primary key, and no row has that key."""
    table = totals.tables[reference.table]
    pinned = [c for c in reference.conditions if c.operator == "=" and len(c.path) == len(c.values) == 1]
    values = {c.path[0]: totals.end_field(reference.table, c.path).parse(c.values[0])[0] for c in pinned}
    keys = table.schema.primary_key
    if reference.column is None or not keys or not set(keys) <= values.keys():
        return None
    key = tuple(condition for condition in pinned if condition.path[0] in keys)
    if totals.rows(Reference(reference.table, key)):
        return None
    return Absent(reference, values, len(table))


def add_instances(network: Network, absent: Absent) -> None:
    """Add the instances of starred rules that only the absent cell belongs to."""
    totals = network.totals
    for position, rule in enumerate(network.contents.rules):
        for reference in rule.equation.references:
            paths = reference.stars
            is_own = reference.table == absent.reference.table and bool(paths)
            if is_own and all(len(path) == 1 and absent.values.get(path[0]) is not None for path in paths):
                values = tuple(to_text(absent.values[path[0]]) for path in paths)
                if values not in totals.instances(rule.equation):
                    network.add_instance(position, values)
                break


class Evidence:
    """The unknown cells of a package, and the clauses that bind them.

    Args:
        network: the checks of the package.
        absent: one more cell that is to be thought of.

    Attributes:
        derived: the cells whose value the package calls derived.
        clauses: what is known of unknown cells.
    """

    def __init__(self, network: Network, absent: Absent | None = None) -> None:
        self.network = network
        self.absent = absent
        self.derived = set(_derived_cells(network.contents))
        self._columns = {(table, column) for table, column, _ in self.derived}
        self.clauses = [
            clause
            for check in network.checks
            if check.kind != REGISTERED
            for relation in check.relations
            if (clause := self._clause(check, relation)) is not None
        ]
        self.users: dict[Cell, list[int]] = {}
        for position, clause in enumerate(self.clauses):
            for cell in clause.factors:
                self.users.setdefault(cell, []).append(position)

    def value(self, cell: Cell) -> Exact | None:
        """Return what is known of a cell: its value if that is no claim; `None` for an unknown one."""
        table, column, row = cell
        if cell in self.derived or (self.absent is not None and cell == self.absent.cell):
            return None
        return exact(self.network.contents.tables[table].columns[column][row])

    def component(self, cells: list[Cell]) -> list[int]:
        """Return the positions of the clauses that hang together with some unknown cells."""
        seen, waiting = set(cells), list(cells)
        found: set[int] = set()
        while waiting:
            for position in self.users.get(waiting.pop(), []):
                if position not in found:
                    found.add(position)
                    further = self.clauses[position].factors.keys() - seen
                    seen |= further
                    waiting += further
        return sorted(found)

    def _clause(self, check: Check, relation: Relation) -> Clause | None:
        """Return what a relation says of unknown cells; `None` if it says nothing, or may not be used."""
        factors, constant = self.factors(relation)
        if factors is None:
            return None
        unknown: dict[Cell, Exact] = {}
        for cell, factor in factors.items():
            value = self.value(cell)
            if value is not None:
                constant += factor * value
            elif self._is_number(cell):
                unknown[cell] = factor
            else:
                return None
        if not unknown or (self._is_derived_rule(check) and self.derived.intersection(unknown)):
            return None
        return Clause(check, relation, unknown, constant)

    def factors(self, relation: Relation) -> tuple[dict[Cell, Exact] | None, Exact]:
        """Return a relation in terms of cells, with the absent one; `None` if it may not be used."""
        nodes = [(factor, self.network.nodes[position]) for factor, position in relation.terms]
        if any(self._is_chosen_by_claim(node) for _, node in nodes):
            return None, 0
        factors, constant = self.network.cells(relation)
        for factor, node in nodes if self.absent is not None else ():
            assert self.absent is not None
            cell = self.absent.cell
            entered = enters(self.absent, node, self.network.totals)
            if entered is None or (entered and node.column != cell[1]):
                return None, 0
            if entered:
                factors[cell] = factors.get(cell, 0) + factor
        return {cell: factor for cell, factor in factors.items() if factor}, constant

    def _is_number(self, cell: Cell) -> bool:
        """Say whether an unknown cell stands for a number: NaN and infinity do not."""
        table, column, row = cell
        cells = self.network.contents.tables[table].columns[column]
        return row >= len(cells) or cells[row] is None or exact(cells[row]) is not None

    def _is_derived_rule(self, check: Check) -> bool:
        """Say whether a rule states a constant that is itself derived."""
        table = self.network.contents.rule_table
        if check.kind != RULE or check.stated is None or table is None or "basis" not in table.columns:
            return False
        return table.columns["basis"][check.row] == DERIVED

    def _is_chosen_by_claim(self, node: Node) -> bool:
        """Say whether the rows of a total are chosen by a column in which a cell is derived."""
        conditions = () if node.reference is None else node.reference.conditions
        totals = self.network.totals
        return any((_end_table(node.table.name, c.path, totals), c.path[-1]) in self._columns for c in conditions)


def _derived_cells(contents: Contents) -> Iterator[Cell]:
    """Yield the numbers in rows whose status says that they are derived."""
    for table in contents.tables.values():
        status = table.columns.get(STATUS)
        rows = [] if status is None else [row for row, cell in enumerate(status) if cell == DERIVED]
        for field in table.schema.fields if rows else ():
            if field.type in SUMMABLE and field.name not in table.schema.primary_key:
                yield from ((table.name, field.name, row) for row in rows)


def _end_table(table: str, path: tuple[str, ...], totals: Totals) -> str:
    """Return the table that the last column of a path belongs to."""
    for column, after in pairwise(path):
        table, _ = totals.target(table, column, after)
    return table


def enters(absent: Absent, node: Node, totals: Totals) -> bool | None:
    """Say whether the row of an absent cell would enter a total; `None` if that cannot be told."""
    if node.table.name != absent.reference.table or node.reference is None:
        return False
    reference = reference_at(node.reference, node.values) if node.values else node.reference
    verdicts = [_fulfils(absent, condition, totals) for condition in reference.conditions]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _fulfils(absent: Absent, condition: Condition, totals: Totals) -> bool | None:
    table, name = absent.reference.table, condition.path[0]
    if name not in absent.values:
        return None
    value = absent.values[name]
    for column, after in pairwise(condition.path):
        table, key = totals.target(table, column, after)
        rows = totals.index(table, (key,)).get(value, [])
        if not rows:
            return None
        value = totals.tables[table].columns[after][rows[0]]
    return _compares(value, condition, totals.end_field(absent.reference.table, condition.path))


def _compares(value: Value | None, condition: Condition, field: Field) -> bool:
    if condition.operator == "=":
        return value in [None if text == "" else field.parse(text)[0] for text in condition.values]
    limit = field.parse(condition.values[0])[0]
    if value is None or limit is None:
        return False
    return HOLDS[condition.operator](field.sort_key(value), field.sort_key(limit))  # type: ignore[arg-type]
