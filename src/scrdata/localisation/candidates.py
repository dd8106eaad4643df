"""Changes worth trying: those that could make one failing check hold."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from functools import partial
from math import ceil, floor
from operator import gt, lt

from scrdata.fields import SUMMABLE, native
from scrdata.localisation.changes import Change
from scrdata.localisation.doubts import KEY, REFERENCE
from scrdata.localisation.numbering import key_numbering
from scrdata.localisation.states import CELL, DOUBLE, EMPTIED, HOLE, MISSING, PUT_IN, RECODED
from scrdata.network import exact
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scrdata.fields import Field
    from scrdata.localisation.states import Assessment, State
    from scrdata.network import Check, Exact, Node, Relation
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.values import Value

    Cell = Value | None
    Weighted = tuple[Change, int]
    Range = tuple[Exact | None, Exact | None]

# So many rows of one total are tried one by one; more say nothing about any of them.
MOST_ROWS = 20_000
# So many values of a code are tried.
MOST_VALUES = 200
# Two texts are near if this share of them is alike.
NEAR = 0.8
# What is left of a text without its digits.
_LETTERS = partial(re.sub, r"[0-9]+", "")
# So many decimals are more than any cell has.
MOST_DECIMALS = 30


class Candidates:
    """Finds changes that could make a failing check hold.

    Args:
        assessment: of the package.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.network = assessment.network
        self.effects = assessment.effects
        self.totals = assessment.network.totals
        self._doubles: dict[str, Counter[tuple[str, ...]]] = {}
        self._domains: dict[tuple[str, str], list[Cell]] = {}
        self._referred: dict[tuple[str, str], set[Cell]] = {}

    def of(self, state: State, check: int) -> Iterator[Weighted]:
        """Yield changes, each once, with what they weigh.

        Args:
            state: in which the check fails.
            check: its position.
        """
        seen = set()
        for change, weight in self._of(state, check):
            if change not in seen:
                seen.add(change)
                yield change, weight

    def _of(self, state: State, position: int) -> Iterator[Weighted]:
        check = self.network.checks[position]
        if not check.relations:
            yield from self._wrong_cell(state, position)
            return
        for node in {node for relation in check.relations for _, node in relation.terms}:
            yield from self._cells(state, self.network.nodes[node])
        for relation in check.relations:
            if not relation.holds(self.assessment.amount(relation, state.shifts)[0]):
                yield from self._rows(state, check, relation)

    def _wrong_cell(self, state: State, position: int) -> Iterator[Weighted]:
        """Yield values for a cell that cannot stay as it is."""
        table, row, column = next(cell for cell, check in self.assessment.wrong.items() if check == position)
        field = self.totals.schemas[table].columns[column]
        values: list[Cell] = list(self._values(state, table, row, column))
        if not values and field.type not in SUMMABLE:
            values = self.domain(table, column)
        # A cell that nothing else speaks of has no value that would be better than another.
        for value in values or [None]:
            yield Change(table, row, ((column, value),)), CELL
        yield self._removal(self.totals.tables[table], row)

    def _cells(self, state: State, node: Node) -> Iterator[Weighted]:
        """Yield changes of single cells that are added up in a total."""
        if node.column is None or len(node.rows) > MOST_ROWS:
            return
        name = node.table.name
        for row in node.rows:
            change = state.changes.get((name, row))
            if change is not None and (change.removed or node.column in dict(change.cells)):
                continue
            empty = node.table.columns[node.column][row] is None
            known_wrong = (name, row, node.column) in self.assessment.wrong
            for value in self._values(state, name, row, node.column):
                yield Change(name, row, ((node.column, value),)), MISSING if empty and not known_wrong else CELL

    def _values(self, state: State, table: str, row: int, column: str) -> Iterator[Value]:
        """Yield the values that single checks ask of a cell, as far as its field takes them."""
        field = self.totals.schemas[table].columns[column]
        if field.type not in SUMMABLE:
            return
        current = self.assessment.cell(state, table, row, column)
        nodes = [
            position
            for position in self.effects.members(table).get(row, ())
            if self.network.nodes[position].column == column
        ]
        for check in sorted({user for node in nodes for user in self.network.nodes[node].users}):
            is_open = current is None and self.assessment.holds(self.network.checks[check], state.shifts) is None
            if check not in state.failing and not is_open:
                continue
            value = asked(self.assessment, state, self.network.checks[check], set(nodes), current)
            if value is not None:
                yield from accepted(field, value) or _nearest_bound(field, value, current)

    def _rows(self, state: State, check: Check, relation: Relation) -> Iterator[Weighted]:
        """Yield rows to take out, to put in, or to move from one total to another by a changed code."""
        amount, _ = self.assessment.amount(relation, state.shifts)
        for factor, position, more in wanting(relation, amount):
            node = self.network.nodes[position]
            if node.column is None:
                yield from self._moves(node, more=more, keys=check.kind in (KEY, REFERENCE))
            if not more:
                wanted = Fraction(amount, factor) if relation.operator == "=" else None
                yield from self._removals(state, node, wanted)

    def _removals(self, state: State, node: Node, wanted: Fraction | None) -> Iterator[Weighted]:
        """Yield rows of a total to take out: those that are worth what is too much."""
        name = node.table.name
        if len(node.rows) > MOST_ROWS:
            return
        for row in node.rows:
            if (name, row) in state.changes:
                continue
            if wanted is None or node.column is None or node.table.columns[node.column][row] == wanted:
                yield self._removal(node.table, row)

    def _removal(self, table: Table, row: int) -> Weighted:
        """Return that a row is taken out, which weighs more where the numbers of the others then have a gap."""
        if self._is_double(table, row):
            return Change(table.name, row, removed=True), DOUBLE
        numbers = key_numbering(table)
        is_whole = numbers is None or numbers.is_whole_without(row)
        return Change(table.name, row, removed=True), PUT_IN if is_whole else PUT_IN + HOLE

    def _is_double(self, table: Table, row: int) -> bool:
        """Say whether another row has the same cells, where no two may have the same key."""
        if not table.schema.primary_key:
            return False
        if table.name not in self._doubles:
            rows = zip(*table.columns.values(), strict=True)
            self._doubles[table.name] = Counter(tuple(map(str, cells)) for cells in rows)
        return self._doubles[table.name][tuple(str(cells[row]) for cells in table.columns.values())] > 1

    def _moves(self, node: Node, *, more: bool, keys: bool) -> Iterator[Weighted]:
        """Yield changes of codes that let a row enter a total, or leave it."""
        reference = node.reference
        if reference is None or len(node.table) > MOST_ROWS:
            return
        schema = node.table.schema
        for condition in reference.conditions:
            column = condition.path[0]
            if column in schema.primary_key and not keys:
                continue
            rest = reference.changed(conditions=tuple(other for other in reference.conditions if other != condition))
            rows = self._beside(node, rest) if more else node.rows
            codes = self._codes(node, column, more=more)
            for row in rows:
                yield from self._recoded(node, reference, row, column, codes)

    def _codes(self, node: Node, column: str, *, more: bool) -> Sequence[Cell]:
        """Return values that may take a row into a total, or out of it: those that it asks for come first."""
        assert node.reference is not None
        field = node.table.schema.columns[column]
        named: list[Cell] = []
        if more:
            starred = dict(zip(node.reference.stars, node.values, strict=True))
            named = [
                field.parse(text)[0]
                for condition in node.reference.conditions
                if condition.path == (column,) and condition.operator == "="
                for text in ((starred[condition.path],) if condition.starred else condition.values)
            ]
        if field.type in SUMMABLE:
            return list(dict.fromkeys([*named, *self._asked_for(node.table, column)]))
        return list(dict.fromkeys([*named, *self.distinguished(node.table, column)]))

    def _asked_for(self, table: Table, column: str) -> list[Cell]:
        """Return the numbers that conditions on a column ask for: of all others none is better than another."""
        field = table.schema.columns[column]
        texts = {
            text
            for reference in self.effects.conditioned(table.name, column)
            for condition in reference.conditions
            if condition.path == (column,) and condition.operator == "=" and not condition.starred
            for text in condition.values
            if text
        }
        return [field.parse(text)[0] for text in sorted(texts)][:MOST_VALUES]

    def _beside(self, node: Node, rest: Reference) -> Sequence[int]:
        """Return the rows outside a total that fulfil all conditions of it but one."""
        return sorted(set(self.totals.rows(rest)).difference(node.rows))

    def _recoded(
        self, node: Node, reference: Reference, row: int, column: str, values: Sequence[Cell]
    ) -> Iterator[Weighted]:
        """Yield the values of one column that move a row into a total, or out of it."""
        table = node.table
        cells = {name: values[row] for name, values in table.columns.items()}
        if column in table.schema.primary_key and self._is_referred_to(table, row, column):
            return
        was_inside = self.effects.instance(reference, cells) == node.values
        for value in values:
            is_inside = self.effects.instance(reference, {**cells, column: value}) == node.values
            is_possible = _takes(table.schema.columns[column], value) and self._is_free(table, row, column, value)
            if is_inside != was_inside and is_possible:
                yield Change(table.name, row, ((column, value),)), self._weight(table, row, column, value)

    def _weight(self, table: Table, row: int, column: str, value: Cell) -> int:
        """Return the weight of another code in a cell: keys are mistaken for others that look like them."""
        current = table.columns[column][row]
        if value is None:
            return EMPTIED
        if current is None and (table.name, row, column) not in self.assessment.wrong:
            return MISSING
        keys = {name for key in table.schema.foreign_keys for name in key.fields}.union(table.schema.primary_key)
        if column in keys and current is not None and not are_near(to_text(current), to_text(value)):
            return RECODED
        return CELL

    def _is_referred_to(self, table: Table, row: int, column: str) -> bool:
        """Say whether a row of another table, or of this one, names a row by its key, and can mean no other."""
        if (table.name, column) not in self._referred:
            self._referred[table.name, column] = {
                cell
                for other in self.totals.tables.values()
                for key in other.schema.foreign_keys
                if (key.table or other.name) == table.name and key.columns == (column,)
                for cell in other.columns[key.fields[0]]
            }
        cell = table.columns[column][row]
        return cell in self._referred[table.name, column] and table.columns[column].count(cell) == 1

    def _is_free(self, table: Table, row: int, column: str, value: Cell) -> bool:
        """Say whether no other row would have the same key."""
        key = table.schema.primary_key
        if column not in key:
            return True
        wanted = tuple(value if name == column else table.columns[name][row] for name in key)
        return wanted not in set(zip(*(table.columns[name] for name in key), strict=True))

    def distinguished(self, table: Table, column: str) -> Sequence[Cell]:
        """Return values of a column, one for each set of conditions that it can fulfil."""
        tests = []
        is_starred = False
        for reference in self.effects.conditioned(table.name, column):
            for condition in reference.conditions:
                if condition.path[0] == column:
                    is_starred |= condition.starred
                    if not condition.starred:
                        tests.append((condition.path, self.effects.test(table.name, condition)))
        values = self.domain(table.name, column)
        if is_starred or len(tests) > MOST_VALUES:
            return values
        follow = self.effects.follow
        patterns: dict[tuple[bool, ...], Cell] = {}
        for value in values:
            patterns.setdefault(tuple(test(follow(table.name, path, value)) for path, test in tests), value)
        return list(patterns.values())

    def domain(self, table: str, column: str) -> list[Cell]:
        """Return the values that a cell may take, as far as they are known: codes, keys, what other rows have."""
        known = self._domains.get((table, column))
        return self._domains.setdefault((table, column), self._found_domain(table, column)) if known is None else known

    def _found_domain(self, table: str, column: str) -> list[Cell]:
        schema = self.totals.schemas[table]
        field = schema.columns[column]
        for key in schema.foreign_keys:
            target = self.totals.tables.get(key.table or table)
            if key.fields == (column,) and target is not None:
                return list(dict.fromkeys(target.columns[key.columns[0]]))[:MOST_VALUES]
        codes: list[Cell] = [category.value for category in field.categories]
        values = codes or list(dict.fromkeys(self.totals.tables[table].columns[column]))
        missing: list[Cell] = [] if None in values else [None]
        return [value for value in [*values, *missing] if _takes(field, value)][:MOST_VALUES]


def asked(assessment: Assessment, state: State, check: Check, nodes: set[int], current: Exact | None) -> Exact | None:
    """Return the value of a cell that is nearest to what stands there and with which a check holds.

    Args:
        assessment: of the package.
        state: what other changes have made of it.
        check: that should hold.
        nodes: the totals that the cell enters.
        current: the cell; `None` if it is the one that is missing.
    """
    ranges: list[Range] = []
    for relation in check.relations:
        factor = sum(own for own, node in relation.terms if node in nodes)
        amount, missing = assessment.amount(relation, state.shifts)
        own_missing = sum(node in nodes for _, node in relation.terms) if current is None else 0
        if not factor or missing != own_missing:
            return None
        ranges.append(value_range(relation.operator, factor, amount - factor * (current or 0)))
    least, greatest = overlap(ranges)
    if least is not None and greatest is not None and least > greatest:
        return None
    return least if least is not None and (current is None or current < least) else greatest


def overlap(ranges: Sequence[Range]) -> Range:
    """Return the least and greatest number that are in all of some ranges; `None` is no bound."""
    least = max((low for low, _ in ranges if low is not None), default=None)
    greatest = min((high for _, high in ranges if high is not None), default=None)
    return least, greatest


def wanting(relation: Relation, amount: Exact) -> Iterator[tuple[Exact, int, bool]]:
    """Yield factor and node of each total of a relation that fails, and whether it would have to be greater."""
    is_short = amount < 0 or relation.operator == ">"
    for factor, node in relation.terms:
        if factor:
            yield factor, node, is_short == (factor > 0)


def are_near(one: str, other: str) -> bool:
    """Say whether two texts are spelt nearly alike, as `difflib` reckons it; those of one series are not."""
    return _LETTERS(one) != _LETTERS(other) and SequenceMatcher(None, one, other).ratio() >= NEAR


def accepted(field: Field, value: Exact) -> Iterable[Value]:
    """Return a number as the field spells it, if the field takes it."""
    text = exact_text(value)
    if text is None:
        return ()
    parsed, problem = field.parse(text)
    return () if parsed is None or problem is not None else (parsed,)


def _nearest_bound(field: Field, value: Exact, current: Exact | None) -> Iterable[Value]:
    """Return the least or greatest value of a field where one below or above it is asked for: others take the rest."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    for name, is_beyond in (("minimum", lt), ("maximum", gt)):
        if name in constraints:
            bound = native(constraints[name], field.read)
            limit = exact(bound)
            if limit not in (None, current) and is_beyond(value, limit) and field.parse(to_text(bound))[1] is None:
                return (bound,)
    return ()


def exact_text(amount: Exact) -> str | None:
    """Return a number as the tables spell it; `None` if it has no end as a decimal."""
    for digits in range(MOST_DECIMALS + 1):
        whole = Fraction(amount) * 10**digits
        if whole.denominator == 1:
            return f"{Decimal(f'{whole}e-{digits}'):f}"
    return None


def _takes(field: Field, value: Cell) -> bool:
    """Say whether a field takes a value."""
    if value is None:
        return not field.required
    return field.parse(to_text(value))[1] is None


def value_range(operator: str, factor: Exact, rest: Exact) -> Range:
    """Return least and greatest x with factor * x + rest related to 0 as the operator says; whole where it is `<`."""
    limit = Fraction(-rest) / Fraction(factor)
    if operator == "=":
        return limit, limit
    below = (operator in ("<", "<=")) == (factor > 0)
    if operator in ("<", ">"):
        limit = Fraction(ceil(limit) - 1 if below else floor(limit) + 1)
    else:
        limit = Fraction(floor(limit) if below else ceil(limit))
    return (None, limit) if below else (limit, None)
