"""What equations state about cells, so that the same thing in other words is known to be the same."""

from __future__ import annotations

from math import gcd

from scrdata.figures import figure_of
from scrdata.rules import HOLDS
from scrdata.totals import NotSummableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.figures import Figure
    from scrdata.references import Condition, Equation, Reference
    from scrdata.totals import Instance, Totals

    Weights = frozenset[tuple[object, int]]

# An equation of more cells is known by its spelling alone.
MOST_CELLS = 500_000


class Statements:
    """Everything that has been stated: by the rules of the package, and by what was proposed before.

    Args:
        totals: the tables.
    """

    def __init__(self, totals: Totals) -> None:
        self.totals = totals
        self._stated: set[tuple[str, Weights]] = set()
        self._parents: dict[Figure, Figure] = {}
        self._texts: set[str] = set()
        self._equations: dict[object, list[Equation]] = {}

    def add(self, equation: Equation) -> None:
        """Take note of an equation."""
        self._texts.add(str(equation))
        self._equations.setdefault(_subject(equation), []).append(equation)
        for instance in self._instances(equation):
            if not self._holds(equation, instance):
                continue
            self._stated.add(self._weights(equation, instance))
            pair = self._pair(equation, instance)
            if pair is not None:
                one, other = map(self._root, pair)
                self._parents[one] = other

    def imply(self, equation: Equation) -> bool:
        """Say whether an equation states nothing new: the same cells are on both sides, or all of it was stated."""
        if str(equation) in self._texts:
            return True
        if any(_is_coarser(equation, other) for other in self._equations.get(_subject(equation), ())):
            return True
        instances = [instance for instance in self._instances(equation) if self._holds(equation, instance)]
        return bool(instances) and all(self._is_stated(equation, instance) for instance in instances)

    def _holds(self, equation: Equation, instance: Instance) -> bool:
        """Say whether one instance holds: a registered discrepancy states nothing, nor does an open check."""
        left, right = (self.totals.sums(side, [instance])[0] for side in (equation.left, equation.right))
        return left is not None and right is not None and HOLDS[equation.relation](left, right)

    def _instances(self, equation: Equation) -> list[Instance]:
        """Return the instances of an equation; none if their cells are too many to be gone through."""
        try:
            instances = self.totals.instances(equation)
        except NotSummableError:
            return []
        cells = 0
        for reference in equation.references:
            rows = len(self.totals.rows(reference))
            cells += rows if reference.stars else rows * len(instances)
        return instances if cells <= MOST_CELLS else []

    def _is_stated(self, equation: Equation, instance: Instance) -> bool:
        relation, weights = self._weights(equation, instance)
        if not weights or (relation, weights) in self._stated:
            return True
        if relation == "<=" and ("=", _normal(weights)) in self._stated:
            return True
        pair = self._pair(equation, instance)
        return pair is not None and self._root(pair[0]) == self._root(pair[1])

    def _root(self, figure: Figure) -> Figure:
        while figure in self._parents and self._parents[figure] != figure:
            figure = self._parents[figure]
        return figure

    def _pair(self, equation: Equation, instance: Instance) -> tuple[Figure, Figure] | None:
        """Return the two figures that one instance of `total = total` makes one."""
        terms = (*equation.left.terms, *equation.right.terms)
        if equation.relation != "=" or [len(equation.left.terms), len(equation.right.terms)] != [1, 1]:
            return None
        if any(term.reference is None or term.factor != 1 for term in terms):
            return None
        left, right = (figure_of(part, self.totals, instance) for part in equation.references)
        return (left, right) if left.rows and right.rows else None

    def _weights(self, equation: Equation, instance: Instance) -> tuple[str, Weights]:
        """Return the relation, and how often each cell enters the left side less the right."""
        weights: dict[object, int] = {}
        side = -1 if equation.relation in (">=", ">") else 1
        for terms, sign in ((equation.left.terms, side), (equation.right.terms, -side)):
            for term in terms:
                factor = sign * term.sign * term.factor
                if term.reference is None:
                    weights[None] = weights.get(None, 0) + factor
                    continue
                figure = figure_of(term.reference, self.totals, instance)
                for row in figure.rows:
                    cell = (figure.table, figure.column, row)
                    weights[cell] = weights.get(cell, 0) + factor
        relation = equation.relation.replace(">", "<")
        kept = frozenset((cell, weight) for cell, weight in weights.items() if weight)
        return ("=", _normal(kept)) if relation == "=" else ("<=", _reduced(kept))


def _reduced(weights: Weights) -> Weights:
    """Return weights without a common factor."""
    divisor = gcd(*(weight for _, weight in weights))
    return frozenset((cell, weight // divisor) for cell, weight in weights)


def _normal(weights: Weights) -> Weights:
    """Return weights without a common factor, the first of them above zero: an equation read from either side."""
    if not weights:
        return weights
    _, first = min(weights, key=repr)
    return frozenset((cell, weight if first > 0 else -weight) for cell, weight in _reduced(weights))


def _subject(equation: Equation) -> object:
    """Return what an equation is about: its relation, and the columns whose totals it compares, in any order."""
    return equation.relation, frozenset((reference.table, reference.column) for reference in equation.references)


def _is_coarser(equation: Equation, finer: Equation) -> bool:
    """Say whether an equation follows from one between the same totals that holds value by value."""
    if equation.relation != finer.relation or len(equation.references) != len(finer.references):
        return False
    if not finer.references or not finer.references[0].stars or equation == finer:
        return False
    orders = [equation.references]
    if equation.relation == "=":
        orders.append(equation.references[::-1])
    return any(_fits(references, equation, finer) for references in orders)


def _fits(references: tuple[Reference, ...], equation: Equation, finer: Equation) -> bool:
    if any(term.factor != 1 for term in (*equation.left.terms, *equation.right.terms)):
        return False
    chosen: dict[str, list[tuple[str, ...] | str]] = {}
    for reference, other in zip(references, finer.references, strict=True):
        if (reference.table, reference.column) != (other.table, other.column):
            return False
        own = {condition.path: condition for condition in reference.conditions}
        for condition in other.conditions:
            here = own.pop(condition.path, None)
            if condition.starred:
                chosen.setdefault(condition.path[-1], []).append(_choice(here))
            elif here != condition:
                return False
        if own:
            return False
    return all(len(choices) == len(references) and len(set(choices)) == 1 for choices in chosen.values())


def _choice(condition: Condition | None) -> tuple[str, ...] | str:
    """Return which values of a starred column a coarser total takes: each, all together, or some."""
    if condition is None:
        return "all together"
    return "each" if condition.starred else condition.values
