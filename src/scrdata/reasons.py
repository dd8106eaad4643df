"""Reasons: the steps by which a figure is deduced, with numbers filled in, as one writes them to a colleague."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from scrdata.figures import Figure, groups_of
from scrdata.network import MENTION, RULE
from scrdata.records import Record
from scrdata.references import Condition, Reference
from scrdata.unknowns import enters
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.inference import Exact
    from scrdata.network import Cell, Check, Network, Node
    from scrdata.totals import Totals
    from scrdata.unknowns import Clause, Evidence
    from scrdata.validation import Contents

    Piece = tuple[Exact, Exact]


class Ground(Record):
    """One thing that a step rests on.

    Attributes:
        check_id: of the rule or mention; `part_does_not_exceed_whole`, `minimum`, `maximum` or `sum` otherwise.
        instance: of a starred rule, such as `judgement=good`; empty otherwise.
        equation: what it states, in the notation of references.
        statement: the same as a sentence.
        basis: `printed`, `definition` or `derived`; empty where the package does not say.
        locators: where in the report it stands; empty where nowhere.
    """

    check_id: str
    instance: str
    equation: str
    statement: str
    basis: str
    locators: str

    @property
    def name(self) -> str:
        """The check, with its instance."""
        return f"{self.check_id}[{self.instance}]" if self.instance else self.check_id


class Reason(Record):
    """One step.

    Attributes:
        about: what is concluded about, as a reference.
        arithmetic: the numbers, such as `194 - 69 - 47 = 78`; empty where cases had to be tried.
        conclusion: such as `= 78`, `>= 16` or `<= 31`.
        grounds: what the step rests on.
    """

    about: str
    arithmetic: str
    conclusion: str
    grounds: tuple[Ground, ...]

    @property
    def check_ids(self) -> tuple[str, ...]:
        """The identifiers of the checks that the step rests on."""
        return tuple(ground.check_id for ground in self.grounds)

    def to_dict(self) -> dict[str, object]:
        """Return the object that `bounds --format json` prints."""
        grounds = [dict(zip(ground._names, ground.parts(), strict=True)) for ground in self.grounds]  # noqa: SLF001
        return {
            "about": self.about,
            "arithmetic": self.arithmetic,
            "conclusion": self.conclusion,
            "grounds": grounds,
        }


def find_ground(check: Check, contents: Contents) -> Ground:
    """Return what a check says and where it stands."""
    if check.kind == RULE:
        rule = next(rule for rule in contents.rules if rule.row == check.row)
        columns = contents.rule_table.columns if contents.rule_table is not None else {}
        basis, locators = (
            to_text(columns[name][rule.row]) if name in columns else "" for name in ("basis", "locators")
        )
        instance = check.name[len(check.check_id) + 1 : -1]
        return Ground(rule.rule_id, instance, str(rule.equation), rule.statement, basis, locators)
    if check.kind == MENTION:
        mention = next(item for item in contents.mentions if item.row == check.row)
        total = str(mention.total) if mention.share_of is None else f"{mention.total} as a share of {mention.share_of}"
        words = f"The report prints '{mention.words}'."
        equation = f"{total} {mention.relation} {mention.value}"
        return Ground(check.check_id, "", equation, words, "printed", mention.locator)
    return Ground(check.check_id, "", "part <= whole", "A part does not exceed its whole.", "definition", "")


def name_cell(cell: Cell, network: Network) -> str:
    """Return the reference to a cell: by its key, or by its row where it has none."""
    name, column, row = cell
    table = network.totals.tables[name]
    keys = table.schema.primary_key
    if not keys:
        return f"{name}, row {row + 1}, {column}"
    conditions = tuple(Condition((key,), "=", (to_text(table.columns[key][row]),)) for key in keys)
    return str(network.totals.canonical(Reference(name, conditions, column)))


def fill(clause: Clause, evidence: Evidence, goal: Mapping[Cell, Exact], values: Mapping[Cell, Exact]) -> str:
    """Return a clause solved for a goal, with numbers in the place of everything else.

    Args:
        clause: with the goal in it.
        evidence: that the clause is part of.
        goal: the cells that are solved for, with the factors by which they make up the goal.
        values: what is put in the place of the other unknown cells.
    """
    pieces: list[Piece] = [(1, clause.relation.constant)]
    for factor, position in clause.relation.terms:
        node = evidence.network.nodes[position]
        pieces += [(factor, amount) for amount in _amounts(node, evidence, goal, values)]
    cell = next(cell for cell in goal if cell in clause.factors)
    divisor = Fraction(clause.factors[cell]) / goal[cell]
    return write_out([(-factor / divisor, amount) for factor, amount in pieces])


def _amounts(
    node: Node, evidence: Evidence, goal: Mapping[Cell, Exact], values: Mapping[Cell, Exact]
) -> Iterator[Exact]:
    """Yield the numbers that a total adds up to without the goal: by groups where the goal is among them."""
    if node.column is None:
        yield node.known
        return
    figure = Figure(node.table.name, node.column, tuple(sorted(node.rows)))
    cells = [(node.table.name, node.column, row) for row in figure.rows]
    absent = evidence.absent
    if absent is not None and enters(absent, node, evidence.network.totals):
        cells.append(absent.cell)
    has_goal = any(cell in goal for cell in cells)
    groups = (groups_of(figure, evidence.network.totals) if has_goal else []) or [figure.rows]
    for rows in groups:
        others = [cell for row in rows if (cell := (figure.table, node.column, row)) not in goal]
        there = [value for cell in others if (value := evidence.value(cell)) is not None]
        if there:
            yield sum(there)
    yield from (values[cell] for cell in cells if cell in values)


def write_out(pieces: Sequence[Piece]) -> str:
    """Return a sum of multiples with its result, such as `3 * 22 - 50 = 16` or `84 / 3 = 28`."""
    total = sum((Fraction(factor) * amount for factor, amount in pieces), Fraction(0))
    shown: list[tuple[Fraction, Exact]] = [(Fraction(factor), amount) for factor, amount in pieces if factor and amount]
    shown = shown or [(Fraction(1), 0)]
    divisor = lcm(*(factor.denominator for factor, _ in shown))
    whole = [(int(factor * divisor), amount) for factor, amount in shown]
    if divisor > 1:
        common = gcd(divisor, *(factor for factor, _ in whole))
        divisor, whole = divisor // common, [(factor // common, amount) for factor, amount in whole]
    whole.sort(key=_is_negative)
    words = ""
    for factor, amount in whole:
        number = write_number(amount if amount > 0 else -amount)
        product = number if abs(factor) == 1 else f"{abs(factor)} * {number}"
        sign = "-" if factor * amount < 0 else "+"
        words += f" {sign} {product}" if words else ("-" if sign == "-" else "") + product
    if divisor > 1:
        words = f"({words}) / {divisor}" if " " in words else f"{words} / {divisor}"
    result = write_number(total)
    return words if words == result else f"{words} = {result}"


def _is_negative(piece: tuple[int, Exact]) -> bool:
    return piece[0] * piece[1] < 0


def write_number(number: Exact) -> str:
    """Return a number as people write it: `16`, `21 7/8`, `-1/3`."""
    whole, rest = divmod(abs(Fraction(number)), 1)
    parts = [str(whole)] if whole or not rest else []
    return ("-" if number < 0 else "") + " ".join(parts + ([str(rest)] if rest else []))


def labels_of(reference: Reference, totals: Totals) -> str:
    """Return the labels of what a total is limited to; empty for a total over a whole column of codes."""
    keys = totals.tables[reference.table].schema.primary_key
    named = {condition.path[0] for condition in reference.conditions}
    if keys and len(named) < len(keys) and named == set(keys[: len(named)]):
        return ""
    return ", ".join(label_conditions(reference, totals))


def label_conditions(reference: Reference, totals: Totals) -> list[str]:
    """Return each condition of a reference by titles and labels, such as `Good` or `Evaluation date >= 2009-10-01`."""
    words = []
    for condition in reference.conditions:
        field = totals.end_field(reference.table, condition.path)
        labels = {to_text(category.value): category.label for category in field.categories}
        values = " or ".join(labels.get(value, value) or "missing" for value in condition.values)
        is_label = condition.operator == "=" and labels.keys() >= set(condition.values)
        operator = "" if condition.operator == "=" else f"{condition.operator} "
        words.append(values if is_label else f"{field.title} {operator}{values}")
    return words


def describe(reference: Reference, totals: Totals) -> str:
    """Return a total by titles and labels, such as `Children: Age at the incident, 6 years and over`."""
    field = None if reference.column is None else totals.schemas[reference.table].field(reference.column)
    what = f"Rows of {reference.table}" if field is None else field.title
    labels = labels_of(reference, totals)
    return f"{what}: {labels}" if labels else what
