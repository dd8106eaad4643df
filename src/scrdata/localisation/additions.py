"""Rows that may have been left out: what failing checks say of a row that is not there."""

from __future__ import annotations

from itertools import product

from scrdata.fields import SUMMABLE
from scrdata.localisation.candidates import accepted, asked, wanting
from scrdata.localisation.changes import Change
from scrdata.localisation.numbering import numberings
from scrdata.localisation.states import LEFT_OUT
from scrdata.records import Record
from scrdata.references import Condition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.localisation.candidates import Candidates
    from scrdata.localisation.states import State
    from scrdata.network import Check, Node, Relation
    from scrdata.reading import Table
    from scrdata.values import Value

    Cell = Value | None

# So many values are tried for each number of a row.
MOST_NUMBERS = 3


class Addition(Record):
    """A row to put in.

    Attributes:
        change: that puts it in.
        weight: of the change.
        is_named: a check counts such rows or names this one, or there is a code that no row has; otherwise
            nothing speaks of the row but a sum.
    """

    change: Change
    weight: int
    is_named: bool


class Additions:
    """Finds rows whose absence could make a check fail.

    Args:
        candidates: what knows the values that a column may have.
    """

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates
        self.assessment = candidates.assessment
        self.network = candidates.network
        self.effects = candidates.effects

    def of(self, state: State, position: int) -> Iterator[Addition]:
        """Yield rows that could make a failing check hold."""
        seen = set()
        for relation in self.network.checks[position].relations:
            for node in self._lacking(state, relation):
                for addition in self._like(state, node):
                    if addition.change not in seen:
                        seen.add(addition.change)
                        yield addition

    def _lacking(self, state: State, relation: Relation) -> Iterator[Node]:
        """Yield the totals of a failing relation that would have to be greater."""
        amount, missing = self.assessment.amount(relation, state.shifts)
        if missing or relation.holds(amount):
            return
        for _, position, more in wanting(relation, amount):
            node = self.network.nodes[position]
            if more and node.reference is not None:
                yield node

    def _like(self, state: State, seed: Node) -> Iterator[Addition]:
        """Yield rows that would enter a total, and with it as many other totals that lack one as possible."""
        table = seed.table
        conditions = list(_fixed(seed))
        chosen = self._chosen(table, conditions)
        if chosen is None:
            return
        names_row = False
        for check in sorted(state.failing):
            for relation in self.network.checks[check].relations:
                for node in self._lacking(state, relation):
                    if node.table.name != table.name:
                        continue
                    more = self._chosen(table, [*conditions, *_fixed(node)])
                    if more is not None:
                        conditions += _fixed(node)
                        chosen = more
                        names_row |= node.column is None
        key = table.schema.primary_key
        names_row |= bool(key) and all(name in chosen for name in key)
        names_row |= self._complete(table, chosen)
        if bool(key) and all(name in chosen for name in key) and self._exists(table, chosen):
            return
        for numbers in self._numbers(state, table, chosen):
            cells = tuple(sorted({**chosen, **numbers}.items()))
            yield Addition(Change(table.name, None, cells), LEFT_OUT, names_row)

    def _chosen(self, table: Table, conditions: Sequence[Condition]) -> dict[str, Cell] | None:
        """Return values with which a row fulfils conditions, by column; `None` if there are none."""
        chosen: dict[str, Cell] = {}
        for column in dict.fromkeys(condition.path[0] for condition in conditions):
            own = [condition for condition in conditions if condition.path[0] == column]
            if table.schema.columns[column].type in SUMMABLE and any(c.operator != "=" for c in own):
                continue
            values = self._asked_for(table, own) or self.candidates.domain(table.name, column)
            if table.schema.primary_key == (column,):
                values = [value for value in values if value not in set(table.columns[column])]
            fitting = [value for value in values if self._fulfils(table, own, value)]
            if not fitting:
                return None
            chosen[column] = fitting[0]
        return chosen

    def _asked_for(self, table: Table, conditions: Sequence[Condition]) -> list[Cell]:
        """Return the values that conditions on one column name themselves."""
        field = table.schema.columns[conditions[0].path[0]]
        return [
            None if value == "" else field.parse(value)[0]
            for condition in conditions
            if condition.operator == "=" and len(condition.path) == 1
            for value in condition.values
        ]

    def _fulfils(self, table: Table, conditions: Sequence[Condition], value: Cell) -> bool:
        return all(
            self.effects.test(table.name, condition)(self.effects.follow(table.name, condition.path, value))
            for condition in conditions
        )

    def _complete(self, table: Table, chosen: dict[str, Cell]) -> bool:
        """Fill in what numbers and codes that no row has tell of the key; say whether a code does."""
        for numbers in numberings(table):
            absent = numbers.absent()
            is_summed = any(reference.column == numbers.column for reference in self.effects.references(table.name))
            if absent is not None and numbers.column not in chosen and not is_summed:
                chosen[numbers.column] = table.schema.columns[numbers.column].parse(numbers.spelt(absent))[0]
        for name in table.schema.primary_key:
            if name not in chosen:
                used = set(table.columns[name])
                codes = [c.value for c in table.schema.columns[name].categories if c.value not in used]
                if len(codes) == 1:
                    chosen[name] = codes[0]
                    return True
        return False

    def _exists(self, table: Table, chosen: dict[str, Cell]) -> bool:
        key = table.schema.primary_key
        there = zip(*(table.columns[name] for name in key), strict=True)
        return tuple(chosen[name] for name in key) in set(there)

    def _numbers(self, state: State, table: Table, chosen: dict[str, Cell]) -> Iterator[dict[str, Cell]]:
        """Yield the numbers that a row would need, for each column that is added up in a total it enters."""
        change = Change(table.name, None, tuple(sorted(chosen.items())))
        bare = self.assessment.apply(state, change, LEFT_OUT)
        columns: dict[str, list[tuple[bool, Cell]]] = {}
        for position in self.effects.of(change):
            node = self.network.nodes[position]
            if node.column is not None and node.column not in chosen:
                values = columns.setdefault(node.column, [])
                for user in node.users:
                    values += self._value(bare, self.network.checks[user], position, node)
        choices = [
            [(name, value) for value in (*_ordered(values), *self._none(table, name))]
            for name, values in columns.items()
        ]
        for numbers in product(*choices):
            yield dict(numbers)

    def _none(self, table: Table, column: str) -> list[Cell]:
        """Return that a number may be missing, if the column takes that."""
        return [] if table.schema.columns[column].required else [None]

    def _value(self, state: State, check: Check, position: int, node: Node) -> list[tuple[bool, Cell]]:
        """Return the number that a check asks of a new row, and whether it takes no other."""
        assert node.column is not None
        nodes = {
            other
            for relation in check.relations
            for _, other in relation.terms
            if other == position or self._is_entered(state, other, node)
        }
        value = asked(self.assessment, state, check, nodes, None)
        if value is None:
            return []
        is_exact = all(relation.operator == "=" for relation in check.relations)
        return [(is_exact, cell) for cell in accepted(node.table.schema.columns[node.column], value)]

    def _is_entered(self, state: State, other: int, node: Node) -> bool:
        """Say whether a new row, whose number is missing, enters another total of the same column."""
        there = self.network.nodes[other]
        is_alike = there.table is node.table and there.column == node.column
        return is_alike and other in state.shifts and state.shifts[other][1] > 0


def _fixed(node: Node) -> Iterator[Condition]:
    """Yield the conditions of a total, stars replaced by its values."""
    assert node.reference is not None
    values = dict(zip(node.reference.stars, node.values, strict=True))
    for condition in node.reference.conditions:
        if condition.starred:
            yield Condition(condition.path, "=", (values[condition.path],))
        else:
            yield condition


def _ordered(values: list[tuple[bool, Cell]]) -> list[Cell]:
    """Return different numbers: those that equations ask for first, and of these those that most do."""
    ordered = sorted(dict.fromkeys(values), key=lambda item: (not item[0], -values.count(item)))
    return list(dict.fromkeys(value for _, value in ordered))[:MOST_NUMBERS]
