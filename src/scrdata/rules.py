"""Equations over the tables, held to be true: which hold, which fail, and which stay open."""

from __future__ import annotations

import operator

from scrdata.findings import shown
from scrdata.records import Record
from scrdata.references import Equation, Reference, Sum
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from scrdata.totals import Amount, Instance, Totals

HOLDS: dict[str, Callable[[int | Decimal, int | Decimal], bool]] = {
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
WORDS = {"=": "", "<=": "at most ", ">=": "at least ", "<": "less than ", ">": "more than "}


class Rule(Record):
    """One rule: its id, its equation, the sentence that says it, and its row in the table of rules, from 0."""

    rule_id: str
    equation: Equation
    statement: str
    row: int


class Outcome(Record):
    """One equation with its numbers: a rule, or one instance of a starred rule.

    Attributes:
        rule: the rule.
        values: of the starred columns; empty for rules without stars.
        left, right: the values of both sides; `None` where a cell is missing.
    """

    rule: Rule
    values: Instance
    left: Amount | None
    right: Amount | None

    @property
    def holds(self) -> bool | None:
        """Whether the relation holds; `None` while a side is unknown."""
        if self.left is None or self.right is None:
            return None
        return HOLDS[self.rule.equation.relation](self.left, self.right)

    @property
    def check_id(self) -> str:
        """What identifies the check among all checks of the package."""
        return self.rule.rule_id

    @property
    def row(self) -> int:
        """The row of the rule in its table."""
        return self.rule.row

    @property
    def column(self) -> str:
        """The column that states the rule."""
        return "equation"

    @property
    def references(self) -> tuple[Reference, ...]:
        """The totals that enter, starred ones as they stand in the rule."""
        return self.rule.equation.references

    @property
    def sides(self) -> tuple[str, str]:
        """Both sides as text."""
        return to_text(self.left) or "unknown", to_text(self.right) or "unknown"

    @property
    def instance(self) -> str:
        """The instance by its values, such as `judgement=good`; empty without stars."""
        stars = next((r.stars for r in self.rule.equation.references if r.stars), ())
        return ",".join(f"{path[-1]}={value}" for path, value in zip(stars, self.values, strict=True))

    @property
    def name(self) -> str:
        """Rule id and instance."""
        return f"{self.rule.rule_id}[{self.instance}]" if self.values else self.rule.rule_id

    @property
    def expected(self) -> str:
        """What the left side should be."""
        return WORDS[self.rule.equation.relation] + to_text(self.right)

    def sentence(self, totals: Totals) -> str:
        """Say with numbers what does not hold."""
        equation = self.rule.equation
        sides = (_filled(side, self.values, totals) for side in (equation.left, equation.right))
        numbers = shown(f" {equation.relation} ".join(sides))
        return f"{self.rule.statement} It does not hold: {at_instance(equation, self.values)} reads {numbers}."


def evaluate(rule: Rule, totals: Totals) -> Iterator[Outcome]:
    """Yield the outcome of each instance of a rule, in the order of the instances.

    Raises:
        NotSummableError: a cell is NaN or infinite.
    """
    instances = totals.instances(rule.equation)
    left, right = (totals.sums(side, instances) for side in (rule.equation.left, rule.equation.right))
    for values, one, other in zip(instances, left, right, strict=True):
        yield Outcome(rule, values, one, other)


def evaluate_exceptions(rule: Rule, totals: Totals) -> tuple[int, list[Outcome]]:
    """Return how many instances of a rule hold, and the outcomes of the others, in the order of the instances.

    Raises:
        NotSummableError: a cell is NaN or infinite.
    """
    instances = totals.found_instances(rule.equation)
    left, right = (totals.sums(side, instances) for side in (rule.equation.left, rule.equation.right))
    holds = HOLDS[rule.equation.relation]
    if None in left or None in right:
        pairs = zip(left, right, strict=True)
        holding = [one is not None and other is not None and holds(one, other) for one, other in pairs]
    else:
        holding = list(map(holds, left, right))  # type: ignore[arg-type]
    exceptions = [place for place, kept in enumerate(holding) if not kept]
    exceptions.sort(key=instances.__getitem__)
    outcomes = [Outcome(rule, instances[place], left[place], right[place]) for place in exceptions]
    return len(instances) - len(outcomes), outcomes


def at_instance(equation: Equation, values: Instance) -> Equation:
    """Return the equation with the stars replaced by the values of one instance."""
    if not values:
        return equation
    return equation.changed(left=_sum_at(equation.left, values), right=_sum_at(equation.right, values))


def _sum_at(terms: Sum, values: Instance) -> Sum:
    return Sum(
        tuple(
            term.changed(reference=reference_at(term.reference, values)) if term.reference else term
            for term in terms.terms
        ),
    )


def reference_at(reference: Reference, values: Instance) -> Reference:
    """Return the reference with its stars replaced by values, which are in the order of `stars`."""
    chosen = dict(zip(reference.stars, values, strict=False))
    conditions = tuple(
        condition.changed(values=(chosen[condition.path],), starred=False) if condition.starred else condition
        for condition in reference.conditions
    )
    return reference.changed(conditions=conditions)


def _filled(terms: Sum, values: Instance, totals: Totals) -> str:
    """Return one side of an instance with numbers in the place of references."""
    words = []
    for position, term in enumerate(terms.terms):
        number = str(term.factor)
        if term.reference is not None:
            amount = to_text(totals.at(term.reference, values))
            number = amount if term.factor == 1 else f"{term.factor} * {amount}"
        sign = "" if position == 0 else (" + " if term.sign > 0 else " - ")
        words.append(sign + number)
    return "".join(words)


def narrowest(references: Sequence[Reference], totals: Totals, values: Instance = ()) -> Reference | None:
    """Return the reference that fewest rows of one instance enter, if any do: where a person looks first."""
    sizes = [(totals.size(reference, values), position) for position, reference in enumerate(references)]
    _, position = min((pair for pair in sizes if pair[0]), default=(0, None))
    return None if position is None else references[position]
