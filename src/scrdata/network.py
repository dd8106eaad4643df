"""How cells, totals and checks hang together: every check as relations between totals of cells.

Rules, printed numbers, wholes and registered values all come down to one form: a sum of multiples
of totals and a constant, compared with 0. A total knows the rows that enter it and the checks that
need it, so that whoever changes a cell finds at once what else must change. Percentages are two
relations, one for each side of what rounding allows. All arithmetic is exact: integers, and
fractions where a column holds decimals.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scrdata.errors import NotationError
from scrdata.mentions import read_printed
from scrdata.records import Record
from scrdata.rules import HOLDS
from scrdata.totals import NotSummableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.mentions import Mention, Printed
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.rules import Rule
    from scrdata.totals import Instance
    from scrdata.validation import Contents
    from scrdata.values import Value

    Exact = int | Fraction
    Cell = tuple[str, str, int]

PART = "part_does_not_exceed_whole"
RULE, MENTION, REGISTERED, WHOLE = "rule", "mention", "registered value", "whole"


def exact(value: Value | None) -> Exact | None:
    """Return a cell as an exact number; `None` if it is missing, NaN or infinite."""
    if isinstance(value, int):
        return value
    return Fraction(value) if isinstance(value, Decimal) and value.is_finite() else None


class Node:
    """A total: the rows that enter it, what they come to, and the relations that need it.

    Attributes:
        reference: what the total is called; `None` for the one cell that is part of a whole.
        values: of the reference's stars.
        table, column: whose cells are added up; without a column the rows are counted.
        rows: from 0.
        known: the sum over the cells that are there.
        missing: how many cells are not.
        users: positions of the checks that need the total.
    """

    __slots__ = ("column", "known", "missing", "reference", "rows", "table", "users", "values")

    def __init__(self, reference: Reference | None, values: Instance, table: Table, column: str | None) -> None:
        self.reference = reference
        self.values = values
        self.table = table
        self.column = column
        self.rows: Sequence[int] = ()
        self.known: Exact = 0
        self.missing = 0
        self.users: list[int] = []

    def enter(self, rows: Sequence[int]) -> None:
        """Add up the cells of some rows, the first and only ones."""
        self.rows = rows
        if self.column is None:
            self.known = len(rows)
            return
        column = self.table.columns[self.column]
        cells = [exact(column[row]) for row in rows]
        self.missing = cells.count(None)
        self.known = sum(cell for cell in cells if cell is not None)


class Relation(Record):
    """A sum of multiples of totals, and a constant, that is `=`, `<=`, `>=`, `<` or `>` than 0.

    Attributes:
        terms: pairs of factor and position of a node.
        constant: what is added.
        operator: between the sum and 0.
    """

    terms: tuple[tuple[Exact, int], ...]
    constant: Exact
    operator: str

    def holds(self, amount: Exact) -> bool:
        """Say whether the relation holds where the sum is `amount`."""
        return HOLDS[self.operator](amount, 0)  # type: ignore[arg-type]


class Check(Record):
    """One check: what must hold, and where it is stated.

    Attributes:
        check_id: of the rule or mention; for a whole, that of the built-in check.
        name: the same with the instance of a starred rule.
        kind: `rule`, `mention`, `registered value` or `whole`; who adds others names them.
        relations: all must hold.
        row: in the table that states it, from 0.
        column: that states it.
        stated: the one number that it states about a total, as a rule like `total = 147` does; else `None`.
    """

    check_id: str
    name: str
    kind: str
    relations: tuple[Relation, ...]
    row: int
    column: str
    stated: Exact | None = None


class Network:
    """The checks of a package over the totals that they need.

    Args:
        contents: the package, with rules, mentions and register read.
        use_register: hold failing checks against the register; otherwise they simply fail.

    Attributes:
        contents: the same.
        nodes: the totals.
        checks: the checks; `Node.users` are positions in it.
        instances: of the rules that were added, as position of the rule and values of its stars.
    """

    def __init__(self, contents: Contents, *, use_register: bool = True) -> None:
        self.contents = contents
        self.totals = contents.totals
        self.nodes: list[Node] = []
        self.checks: list[Check] = []
        self.instances: set[tuple[int, Instance]] = set()
        self._positions: dict[tuple[Reference, Instance], int] = {}
        self._cells: dict[tuple[str, str, int], int] = {}
        register = contents.register if use_register else None
        self._registered = {} if register is None else dict(register.rows)
        for position, rule in enumerate(contents.rules):
            self._add_rule(position, rule)
        for mention in contents.mentions:
            if mention.total is not None and self.is_read(mention.references):
                self._add_mention(mention)
        for table in contents.tables.values():
            self._add_wholes(table)

    def node(self, reference: Reference, values: Instance = ()) -> int:
        """Return the position of a total, which is computed when it is first asked for."""
        values = values if reference.stars else ()
        key = (reference, values)
        known = self._positions.get(key)
        if known is None:
            node = Node(reference, values, self.totals.tables[reference.table], reference.column)
            grouped = bool(reference.stars)
            rows = self.totals.groups(reference).get(values, ()) if grouped else self.totals.rows(reference)
            # The rows of several codes come code by code, in any order.
            node.enter(sorted(rows))
            known = self._positions[key] = len(self.nodes)
            self.nodes.append(node)
        return known

    def _cell(self, table: Table, column: str, row: int) -> int:
        """Return the position of a total of one cell."""
        key = (table.name, column, row)
        if key not in self._cells:
            node = Node(None, (), table, column)
            node.enter((row,))
            self._cells[key] = len(self.nodes)
            self.nodes.append(node)
        return self._cells[key]

    def is_read(self, references: Sequence[Reference]) -> bool:
        """Say whether all tables were read that some totals need.

        Args:
            references: what the totals are called.
        """
        tables = self.totals.tables
        return all(name in tables for reference in references for name in self.totals.needed(reference))

    def add(self, check: Check) -> int:
        """Add a check over totals that are there; return its position."""
        position = len(self.checks)
        self.checks.append(check)
        for relation in check.relations:
            for _, node in relation.terms:
                if position not in self.nodes[node].users[-1:]:
                    self.nodes[node].users.append(position)
        return position

    def _add_rule(self, position: int, rule: Rule) -> None:
        if not self.is_read(rule.equation.references):
            return
        try:
            instances = self.totals.instances(rule.equation)
        except NotSummableError:
            # A cell is NaN or infinite: the rule has no instances that could be told.
            return
        for values in instances:
            self.add_instance(position, values)

    def add_instance(self, position: int, values: Instance) -> Sequence[int]:
        """Add one instance of a rule; return the positions of its checks.

        Args:
            position: of the rule in the contents.
            values: of its stars.
        """
        rule = self.contents.rules[position]
        self.instances.add((position, values))
        equation = rule.equation
        stars = next((reference.stars for reference in equation.references if reference.stars), ())
        instance = ",".join(f"{path[-1]}={value}" for path, value in zip(stars, values, strict=True))
        name = f"{rule.rule_id}[{instance}]" if instance else rule.rule_id
        terms: list[tuple[Exact, int]] = []
        sides: list[tuple[tuple[tuple[Exact, int], ...], Exact]] = []
        for side, sign in ((equation.left, 1), (equation.right, -1)):
            own = [
                (term.sign * term.factor, self.node(term.reference, values)) for term in side.terms if term.reference
            ]
            sides.append((tuple(own), sum(term.sign * term.factor for term in side.terms if not term.reference)))
            terms += [(sign * factor, node) for factor, node in own]
        registered = self._registered.get((rule.rule_id, instance))
        if registered is not None:
            return self._add_registered(rule.rule_id, name, registered, sides)
        constant = sides[0][1] - sides[1][1]
        relation = Relation(tuple(terms), constant, equation.relation)
        stated = None
        if equation.relation == "=" and any(not own for own, _ in sides):
            stated = next(amount for own, amount in sides if not own)
        return [self.add(Check(rule.rule_id, name, RULE, (relation,), rule.row, "equation", stated))]

    def _add_registered(
        self, check_id: str, name: str, row: int, sides: Sequence[tuple[tuple[tuple[Exact, int], ...], Exact]]
    ) -> list[int]:
        """Add what the register says of a check: the two values that its sides have."""
        register = self.contents.register
        assert register is not None
        added = []
        for column, text, (terms, constant) in zip(
            ("left_value", "right_value"), register.sides(row), sides, strict=True
        ):
            printed = read_printed(text)
            if printed is not None and terms:
                stated = exact(printed.numerator)
                assert stated is not None
                relation = Relation(terms, constant - stated, "=")
                added.append(self.add(Check(check_id, name, REGISTERED, (relation,), row, column, stated)))
        return added

    def _add_mention(self, mention: Mention) -> None:
        assert mention.total is not None
        total = self.node(mention.total)
        registered = self._registered.get((mention.mention_id, ""))
        if registered is not None:
            base = [] if mention.share_of is None else [(((1, self.node(mention.share_of)),), 0)]
            assert self.contents.register is not None
            texts = self.contents.register.sides(registered)[0].split(" of ")
            for text, (terms, _) in zip(texts, [(((1, total),), 0), *base], strict=False):
                printed = read_printed(text)
                amount = None if printed is None else exact(printed.numerator)
                if amount is not None:
                    relation = Relation(terms, -amount, "=")
                    check = Check(mention.mention_id, mention.mention_id, REGISTERED, (relation,), registered,
                                  "left_value", amount)  # fmt: skip
                    self.add(check)
            return
        base_node = None if mention.share_of is None else self.node(mention.share_of)
        assert mention.printed is not None
        relations = mention_relations(mention.printed, mention.relation, total, base_node)
        self.add(Check(mention.mention_id, mention.mention_id, MENTION, relations, mention.row, "value"))

    def _add_wholes(self, table: Table) -> None:
        """Add, for each part with a whole, that it does not exceed it."""
        for field in table.schema.fields:
            part = field.properties.get("scrdata:wholeOf")
            if part is None or field.properties.get("scrdata:reference") is not True:
                continue
            for row, text in enumerate(table.columns[field.name]):
                whole = None if text is None else self._whole(str(text))
                if whole is not None:
                    terms: tuple[tuple[Exact, int], ...] = ((1, self._cell(table, str(part), row)), (-1, whole))
                    name = f"{table.name} row {row + 1}: {PART}"
                    self.add(Check(PART, name, WHOLE, (Relation(terms, 0, "<="),), row, field.name))

    def _whole(self, text: str) -> int | None:
        """Return the position of the total that a cell names; `None` if it names none."""
        try:
            reference = self.totals.reference(text)
        except NotationError:
            return None
        return self.node(reference) if not reference.stars and self.is_read([reference]) else None

    def amount(self, relation: Relation) -> Exact | None:
        """Return what a relation compares with 0; `None` where a cell is missing."""
        if any(self.nodes[node].missing for _, node in relation.terms):
            return None
        return relation.constant + sum(factor * self.nodes[node].known for factor, node in relation.terms)

    def holds(self, check: Check) -> bool | None:
        """Say whether a check holds; `None` where a cell is missing."""
        amounts = [self.amount(relation) for relation in check.relations]
        if any(amount is None for amount in amounts):
            return None
        return all(relation.holds(amount) for relation, amount in zip(check.relations, amounts, strict=True))  # type: ignore[arg-type]

    def cells(self, relation: Relation) -> tuple[dict[Cell, Exact], Exact]:
        """Return a relation in terms of cells: factor by cell, and the constant with all counted rows in it."""
        factors: dict[Cell, Exact] = {}
        constant = relation.constant
        for factor, position in relation.terms:
            node = self.nodes[position]
            if node.column is None:
                constant += factor * node.known
                continue
            for row in node.rows:
                cell = (node.table.name, node.column, row)
                factors[cell] = factors.get(cell, 0) + factor
        return {cell: factor for cell, factor in factors.items() if factor}, constant


def mention_relations(printed: Printed, relation: str, total: int, base: int | None) -> tuple[Relation, ...]:
    """Return what a printed number states of the node of a total, and of that of its base.

    A share is multiplied out: total / base = numerator / denominator, to within 1 / precision.
    """
    numerator = exact(printed.numerator)
    assert numerator is not None
    if base is None:
        return (Relation(((1, total),), -numerator, relation),)
    whole = ((printed.denominator, total), (-numerator, base))
    if relation != "=":
        return (Relation(whole, 0, relation),)
    precision, denominator = printed.precision, printed.denominator
    return tuple(
        Relation(((precision * denominator, total), (-precision * numerator + sign * denominator, base)), 0, operator)
        for sign, operator in ((-1, "<="), (1, ">="))
    )
