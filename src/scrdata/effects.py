"""What a change of one cell does to the checks of a package, by the structure of their equations.

A cell enters a relation in two ways: it is added up, and it decides by the conditions of a total
whether its row belongs there. Between the limits that conditions name, each relation is linear in
the cell; so the values with which it holds are found by solving, piece by piece, and never by
trying. Where a relation depends on a column in a way that is not followed here, by a star on it or
over a foreign key, the relation is left out: it then notices nothing, which errs on the safe side.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from scrdata.domains import EVERYTHING, merged, overlap, point
from scrdata.fields import SUMMABLE
from scrdata.network import MENTION, REGISTERED, Check, Network, Relation, exact
from scrdata.rules import HOLDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from scrdata.domains import Domain, Span
    from scrdata.fields import Field
    from scrdata.network import Exact, Node
    from scrdata.references import Condition, Reference
    from scrdata.validation import Contents
    from scrdata.values import Value

    ColumnName = tuple[str, str]
    Test = Callable[[object], bool]


class Member:
    """A total to which a row belongs or not, as the cell in one column decides.

    Attributes:
        factor: of the total in the relation.
        node: the total.
        rows: those that fulfil all other conditions.
        accepts: whether a value fulfils the conditions on the column.
        is_own: the total adds up the very column.
    """

    __slots__ = ("accepts", "factor", "is_own", "node", "rows")

    def __init__(self, factor: Exact, node: Node, rows: Collection[int], accepts: Test, *, is_own: bool) -> None:
        self.factor = factor
        self.node = node
        self.rows = rows
        self.accepts = accepts
        self.is_own = is_own

    def share(self, row: int, value: object) -> Exact | None:
        """Return what a row that belongs to the total adds to it; `None` where its cell is missing."""
        if self.node.column is None:
            return 1
        return value if self.is_own else exact(self.node.table.columns[self.node.column][row])  # type: ignore[return-value]


class Influence:
    """How the cells of one column move one relation.

    Attributes:
        check, relation: what they move.
        linear: the factor of each row whose cell is simply added up.
        members: the totals that rows enter or leave.
        limits: the values at which they do, in ascending order.
        known: what the relation compares with 0, as far as cells are there.
        missing: how many cells are not.
    """

    __slots__ = ("_starred", "check", "known", "limits", "linear", "members", "missing", "relation")

    def __init__(self, check: Check, relation: Relation, nodes: Sequence[Node]) -> None:
        self.check = check
        self.relation = relation
        self.linear: dict[int, Exact] = {}
        self.members: list[Member] = []
        self.limits: Sequence[Exact] = ()
        terms = [(factor, nodes[node]) for factor, node in relation.terms]
        self.known = relation.constant + sum(factor * node.known for factor, node in terms)
        self.missing = sum(node.missing for _, node in terms)
        self._starred = [node for _, node in terms if node.reference is not None and node.reference.stars]

    def add(self, factor: Exact, node: Node) -> None:
        """Take in that a multiple of a total adds up cells of the column; empty cells have no part in it."""
        cells = node.table.columns[str(node.column)]
        for row in node.rows:
            if cells[row] is None:
                continue
            sum_of_factors = self.linear.get(row, 0) + factor
            if sum_of_factors:
                self.linear[row] = sum_of_factors
            else:
                del self.linear[row]

    def rows(self, cells: Sequence[object]) -> Collection[int]:
        """Return the rows of the column that have an influence, in no order; empty cells have none."""
        if not self.members:
            return self.linear
        rows = {row for member in self.members for row in member.rows if cells[row] is not None}
        return rows.union(self.linear)

    def touches(self, row: int) -> bool:
        """Say whether a row has an influence."""
        return row in self.linear or any(row in member.rows for member in self.members)

    def after(self, row: int, now: object, new: object) -> Exact | None:
        """Return what the relation compares with 0 when a cell is `new`; `None` where it is not compared."""
        factor = self.linear.get(row)
        amount, missing = self.known, self.missing
        present = sum(len(node.rows) for node in self._starred)
        if factor is not None:
            amount += factor * (new - now)  # type: ignore[operator]
        for member in self.members:
            if row not in member.rows:
                continue
            for value, sign in ((now, -1), (new, 1)):
                if member.accepts(value):
                    share = member.share(row, value)
                    missing += sign * (share is None)
                    amount += sign * member.factor * (share or 0)
                    present += sign * (member.node in self._starred)
        return None if missing or (self._starred and not present) else amount

    def region(self, row: int, domain: Domain) -> list[Span]:
        """Return the values of a cell with which the check holds, or is not evaluated, in ascending order."""
        now = domain.cells[row]
        if not any(row in member.rows for member in self.members):
            if self.missing:
                return [domain.span]
            slope = self.linear[row]
            return self._solved(domain, domain.span, self.known - slope * now, slope)  # type: ignore[operator]
        region: list[Span] = []
        for piece in domain_pieces(domain, self.limits):
            sample = inner_value(piece)
            amount = self.after(row, now, sample)
            if amount is None:
                if self.check.kind != REGISTERED:
                    region.append(piece)
                continue
            slope = self.slope(row, sample)
            region += self._solved(domain, piece, amount - slope * sample, slope)
        return merged(region, is_whole=domain.is_whole)

    def slope(self, row: int, value: object) -> Exact:
        """Return the factor of a cell as long as it stays in the piece of a value."""
        own = [m.factor for m in self.members if m.is_own and row in m.rows and m.accepts(value)]
        return self.linear.get(row, 0) + sum(own)

    def _solved(self, domain: Domain, piece: Span, constant: Exact, slope: Exact) -> list[Span]:
        """Return the part of a piece where `constant + slope * value` stands in the relation to 0."""
        operator = self.relation.operator
        if slope == 0:
            return [piece] if HOLDS[operator](constant, 0) else []  # type: ignore[arg-type]
        value = exact_quotient(-constant, slope)
        if operator == "=":
            span = point(value)
        else:
            mark = 1 if operator in ("<", ">") else 0
            below = (operator[0] == "<") == (slope > 0)
            span = ((-inf, 0), (value, -mark)) if below else ((value, mark), (inf, 0))
        solved = domain.whole(overlap(piece, span))
        return [solved] if solved[0] <= solved[1] else []


def exact_quotient(numerator: Exact, denominator: Exact) -> Exact:
    """Return a quotient, as an integer where it is one."""
    quotient = Fraction(numerator) / Fraction(denominator)
    return quotient.numerator if quotient.denominator == 1 else quotient


def domain_pieces(domain: Domain, limits: Sequence[Exact]) -> Iterator[Span]:
    """Yield the parts of a domain between and at some limits, which are in ascending order."""
    low = EVERYTHING[0]
    for limit in limits:
        for span in ((low, (limit, -1)), point(limit)):
            piece = domain.whole(overlap(domain.span, span))
            if piece[0] <= piece[1]:
                yield piece
        low = (limit, 1)
    piece = domain.whole(overlap(domain.span, (low, EVERYTHING[1])))
    if piece[0] <= piece[1]:
        yield piece


def inner_value(piece: Span) -> Exact:
    """Return a value within a piece, not at an end that is left out."""
    (low, above), (high, below) = piece
    if isinstance(low, float):
        return 0 if isinstance(high, float) else high - 1
    if isinstance(high, float):
        return low + 1
    return exact_quotient(low + high, 2) if above or below else low


class Uses(dict["ColumnName", list["Condition"]]):
    """The conditions of a reference by the column of its own table that they look at.

    Attributes:
        far: columns that it depends on in a way that is not followed.
    """

    def __init__(self, reference: Reference, network: Network) -> None:
        super().__init__()
        self.far: set[ColumnName] = set()
        totals = network.totals
        for condition in reference.conditions:
            table = reference.table
            name = (table, condition.path[0])
            field = totals.schemas[table].columns[name[1]]
            if len(condition.path) == 1:
                if condition.starred or (field.ordered and condition.operator != "="):
                    self.far.add(name)
                self.setdefault(name, []).append(condition)
                continue
            for column, after in zip(condition.path, condition.path[1:], strict=False):
                self.far.add((table, column))
                table, key = totals.target(table, column, after)
                self.far.update({(table, key), (table, after)})


class Effects:
    """The influences of the columns of a package on its checks.

    Args:
        contents: the package, with rules, mentions and register read.
        domains: of the columns that are looked at.

    Attributes:
        network: the checks of the package.
        relations: every relation, each with its check; positions here identify relations.
    """

    def __init__(self, contents: Contents, domains: dict[ColumnName, Domain]) -> None:
        self.network = Network(contents)
        self.domains = domains
        self._uses: dict[Reference, Uses] = {}
        self._verdicts: dict[tuple[ColumnName, tuple[Condition, ...]], bool | None] = {}
        self._influences: dict[ColumnName, dict[int, Influence]] = {}
        self._add_instances(contents)
        self.relations = [(check, relation) for check in self.network.checks for relation in check.relations]
        self.relations += [(check, check.relations[0]) for check in self._bases(contents)]
        self._users: dict[int, list[int]] = {}
        for position, (_, relation) in enumerate(self.relations):
            for node in dict.fromkeys(node for _, node in relation.terms):
                self._users.setdefault(node, []).append(position)
        self._summed: dict[ColumnName, list[int]] = {}
        self._decided: dict[ColumnName, list[int]] = {}
        self._far: dict[ColumnName, set[int]] = {}
        for place, total in enumerate(self.network.nodes):
            self._sort_in(place, total)

    def _sort_in(self, position: int, node: Node) -> None:
        table = node.table.name
        if node.column is not None:
            self._summed.setdefault((table, node.column), []).append(position)
        if node.reference is not None:
            for name in self.uses(node.reference):
                self._decided.setdefault(name, []).append(position)
            for name in self.uses(node.reference).far:
                self._far.setdefault(name, set()).add(position)

    def uses(self, reference: Reference) -> Uses:
        """Return the columns that decide which rows enter a reference, looked up once."""
        if reference not in self._uses:
            self._uses[reference] = Uses(reference, self.network)
        return self._uses[reference]

    def _bases(self, contents: Contents) -> Iterator[Check]:
        """Yield for each printed share that its base is above 0, without which there is no share."""
        for mention in contents.mentions:
            if mention.share_of is not None and mention.total is not None:
                relation = Relation(((1, self.network.node(mention.share_of)),), 0, ">")
                name = mention.mention_id
                yield Check(name, name, MENTION, (relation,), mention.row, "share_of")

    def _add_instances(self, contents: Contents) -> None:
        """Add the instances of starred rules that there would be if a cell let its row in."""
        for position, rule in enumerate(contents.rules):
            starred = [reference for reference in rule.equation.references if reference.stars]
            known = set(contents.totals.instances(rule.equation)) if starred else set()
            for reference in starred:
                for name, conditions in self.uses(reference).items():
                    if name in self.domains and name not in self.uses(reference).far:
                        others = tuple(item for item in reference.conditions if item not in conditions)
                        for values in contents.totals.groups(reference.changed(conditions=others)):
                            if values not in known:
                                known.add(values)
                                self.network.add_instance(position, values)

    def touching(self, name: ColumnName) -> list[int]:
        """Return the relations that depend on a column in any way, in order."""
        nodes = {*self._summed.get(name, ()), *self._decided.get(name, ()), *self._far.get(name, ())}
        return sorted({position for node in nodes for position in self._users.get(node, ())})

    def is_followed(self, name: ColumnName, position: int) -> bool:
        """Say whether the dependence of a relation on a column is followed."""
        far = self._far.get(name, ())
        return not any(node in far for _, node in self.relations[position][1].terms)

    def influences(self, name: ColumnName) -> dict[int, Influence]:
        """Return how a column moves each relation whose dependence on it is followed, worked out once."""
        if name not in self._influences:
            self._influences[name] = {
                position: self._influence(name, position)
                for position in self.touching(name)
                if self.is_followed(name, position)
            }
        return self._influences[name]

    def deciding(self, node: Node) -> list[ColumnName]:
        """Return the columns whose cells can decide, within their domains, whether a row enters a total."""
        if node.reference is None:
            return []
        return [
            name
            for name, conditions in self.uses(node.reference).items()
            if name in self.domains and self._verdict(name, conditions) is None
        ]

    def _verdict(self, name: ColumnName, conditions: Sequence[Condition]) -> bool | None:
        """Say whether all values of a domain fulfil some conditions, or none; `None` if it depends."""
        key = (name, tuple(conditions))
        if key not in self._verdicts:
            domain = self.domains[name]
            accepts, limits = compiled(conditions, domain.table.schema.columns[name[1]])
            verdicts = {accepts(inner_value(piece)) for piece in domain_pieces(domain, limits)}
            self._verdicts[key] = verdicts.pop() if len(verdicts) == 1 else None
        return self._verdicts[key]

    def _influence(self, name: ColumnName, position: int) -> Influence:
        check, relation = self.relations[position]
        table, column = name
        domain = self.domains.get(name)
        influence = Influence(check, relation, self.network.nodes)
        limits: set[Exact] = set()
        for factor, place in relation.terms:
            node = self.network.nodes[place]
            if node.table.name != table:
                continue
            conditions = [] if node.reference is None else self.uses(node.reference).get(name, [])
            if conditions and (domain is None or self._verdict(name, conditions) is None):
                accepts, values = compiled(conditions, node.table.schema.columns[column])
                limits.update(values)
                rows = self._candidates(node, conditions)
                influence.members.append(Member(factor, node, rows, accepts, is_own=node.column == column))
            elif node.column == column:
                influence.add(factor, node)
        influence.limits = sorted(limits)
        return influence

    def _candidates(self, node: Node, conditions: Sequence[Condition]) -> Collection[int]:
        """Return the rows that fulfil the other conditions of a total."""
        assert node.reference is not None
        others = tuple(item for item in node.reference.conditions if item not in conditions)
        reference = node.reference.changed(conditions=others)
        totals = self.network.totals
        rows = totals.groups(reference).get(node.values, ()) if reference.stars else totals.rows(reference)
        return rows if isinstance(rows, range) else set(rows)


def compiled(conditions: Iterable[Condition], field: Field) -> tuple[Test, list[Exact]]:
    """Return a test of values against conditions on one column, and the limits that they name, in ascending order."""
    tests: list[Test] = []
    limits: set[Exact] = set()
    for condition in conditions:
        values = [None if text == "" else _read(field, text) for text in condition.values]
        limits.update(value for value in values if isinstance(value, int) or hasattr(value, "denominator"))  # type: ignore[misc]
        if condition.operator == "=":
            tests.append(frozenset(values).__contains__)
        else:
            tests.append(_comparison(condition.operator, values[0]))
    return lambda value: all(test(value) for test in tests), sorted(limits)


def _comparison(operator: str, limit: object) -> Test:
    holds = HOLDS[operator]
    return lambda value: value is not None and holds(value, limit)  # type: ignore[arg-type]


def _read(field: Field, text: str) -> Value | Exact | None:
    value = field.parse(text)[0]
    return exact(value) if field.type in SUMMABLE else value
