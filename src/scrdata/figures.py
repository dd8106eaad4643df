"""Figures: the cells behind a total, so that two references to the same cells are known to be one figure.

Rules of the form `total = total` make several figures one: the same number, stored in two places.
"""

from __future__ import annotations

from scrdata.records import Record
from scrdata.rules import evaluate, reference_at
from scrdata.totals import NotSummableError
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scrdata.references import Reference, Sum
    from scrdata.rules import Outcome, Rule
    from scrdata.totals import Instance, Totals

# A sum is written out by its groups only as far as a person reads along.
MOST_GROUPS = 12


class Figure(Record):
    """The cells that a reference adds up, or the rows that it counts.

    Attributes:
        table: name of the table.
        column: that is summed; `None` where rows are counted.
        rows: from 0, in ascending order.
    """

    table: str
    column: str | None
    rows: tuple[int, ...]

    def contains(self, other: Figure) -> bool:
        """Say whether the other figure is a part of this one, or this one."""
        same = self.table == other.table and self.column == other.column
        return same and 0 < len(other.rows) <= len(self.rows) and set(self.rows).issuperset(other.rows)


def figure_of(reference: Reference, totals: Totals, values: Instance = ()) -> Figure:
    """Return the cells of a reference, for one instance of its stars; each is looked up once."""
    values = values if reference.stars else ()
    known = totals.figures.get((reference, values))
    if known is None:
        rows: Sequence[int] = totals.groups(reference).get(values, []) if reference.stars else totals.rows(reference)
        known = totals.figures[reference, values] = Figure(reference.table, reference.column, tuple(sorted(rows)))
    return known


def outcomes(rules: Iterable[Rule], totals: Totals) -> Iterator[Outcome]:
    """Yield the outcome of each instance of each rule, leaving out those that have no number."""
    for rule in rules:
        try:
            yield from evaluate(rule, totals)
        except NotSummableError:
            continue


def figures_in(outcome: Outcome, totals: Totals) -> list[Figure]:
    """Return the figures of all totals in an outcome, from left to right."""
    return [figure_of(reference, totals, outcome.values) for reference in outcome.references]


def equal_figures(found: Sequence[Outcome], totals: Totals) -> dict[Figure, list[tuple[Figure, Reference]]]:
    """Return, for each figure that a rule of the form `total = total` names, those on the other side.

    Args:
        found: the outcomes of all rules.
        totals: the tables.
    """
    links: dict[Figure, list[tuple[Figure, Reference]]] = {}
    for outcome in found:
        pair = _equated(outcome, totals)
        if pair is not None:
            (left, one), (right, other) = pair
            links.setdefault(left, []).append((right, other))
            links.setdefault(right, []).append((left, one))
    return links


def same_figures(start: Figure, links: Mapping[Figure, Sequence[tuple[Figure, Reference]]]) -> dict[Figure, Reference]:
    """Return every figure that rules of the form `total = total` tie to one, with a reference to each.

    Args:
        start: the figure to begin with; it is left out of the result unless a rule names it.
        links: as `equal_figures` returns them.
    """
    names: dict[Figure, Reference] = {}
    waiting, seen = [start], {start}
    while waiting:
        for figure, reference in links.get(waiting.pop(), []):
            names.setdefault(figure, reference)
            if figure not in seen:
                seen.add(figure)
                waiting.append(figure)
    return names


def _equated(outcome: Outcome, totals: Totals) -> tuple[tuple[Figure, Reference], tuple[Figure, Reference]] | None:
    """Return the two figures that an outcome says are one, with their references."""
    equation = outcome.rule.equation
    sides = (equation.left.terms, equation.right.terms)
    if equation.relation != "=" or any(len(side) != 1 for side in sides):
        return None
    left, right = (side[0] for side in sides)
    if left.reference is None or right.reference is None or left.factor != 1 or right.factor != 1:
        return None
    pair = [
        (figure_of(part, totals, outcome.values), reference_at(part, outcome.values) if part.stars else part)
        for part in (left.reference, right.reference)
    ]
    # Figures without rows have no cells by which they could be told apart.
    return (pair[0], pair[1]) if pair[0][0].rows and pair[1][0].rows else None


def filled(outcome: Outcome, traced: Figure, totals: Totals) -> str:
    """Return the equation of an outcome with numbers in the place of totals, each sum written out by its groups.

    A sum of which the traced figure is a part is written so that the part can be seen.
    """
    equation = outcome.rule.equation
    left, right = (_filled(side, outcome, traced, totals) for side in (equation.left, equation.right))
    return f"{left} {equation.relation} {right}"


def _filled(side: Sum, outcome: Outcome, traced: Figure, totals: Totals) -> str:
    words = ""
    for position, term in enumerate(side.terms):
        number = str(term.factor)
        if term.reference is not None:
            number = _written_out(term.reference, outcome.values, traced, totals)
            if " " in number and (term.factor != 1 or term.sign < 0):
                number = f"({number})"
            if term.factor != 1:
                number = f"{term.factor} * {number}"
        sign = "" if position == 0 else (" + " if term.sign > 0 else " - ")
        words += sign + number
    return words


def _written_out(reference: Reference, values: Instance, traced: Figure, totals: Totals) -> str:
    figure = figure_of(reference, totals, values)
    parts = [figure.rows]
    if figure != traced and figure.contains(traced):
        rest = tuple(sorted(set(figure.rows) - set(traced.rows)))
        groups = groups_of(figure, totals) if figure.column is not None else []
        parts = groups if traced.rows in groups else [traced.rows, rest]
    elif figure.column is not None:
        parts = groups_of(figure, totals) or parts
    return " + ".join(_amount(figure, rows, totals) for rows in parts)


def groups_of(figure: Figure, totals: Totals) -> list[tuple[int, ...]]:
    """Return the rows by the first column of the key that tells some of them apart; none if there are too many."""
    table = totals.tables[figure.table]
    for name in table.schema.primary_key:
        groups: dict[object, list[int]] = {}
        for row in figure.rows:
            groups.setdefault(table.columns[name][row], []).append(row)
        if len(groups) > 1:
            return [tuple(rows) for rows in groups.values()] if len(groups) <= MOST_GROUPS else []
    return []


def _amount(figure: Figure, rows: Sequence[int], totals: Totals) -> str:
    return to_text(totals.sum_of(figure.table, figure.column, rows)) or "unknown"
