"""What else follows from a package: its derived cells, its empty cells, and what is left of wholes without their parts.

A remainder is a whole less a part that the package declares to lie within it: by a population, or by a rule
`part <= whole`. Such a rule may also compare two sizes. It is taken for a subset where both sides are totals
of a column for the same unit (`children`, or `children_who_died` among `children`), and no equation adds the
two up, as it does with parts that exclude each other. Of several wholes the nearest counts. Left out are
remainders that a table holds already, as it does where an equation adds the part and others up to the whole.
"""

from __future__ import annotations

from time import monotonic

from scrdata.deduction import bound_reference, make_bounds
from scrdata.figures import Figure, equal_figures, figure_of, outcomes, same_figures
from scrdata.inquiry import Inquiry
from scrdata.network import RULE, WHOLE, Network
from scrdata.reasons import Ground, find_ground, labels_of, name_cell
from scrdata.records import Record
from scrdata.rules import reference_at
from scrdata.unknowns import STATUS, Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.deduction import Bounds
    from scrdata.inference import Exact
    from scrdata.network import Cell, Check, Node
    from scrdata.references import Reference
    from scrdata.rules import Outcome
    from scrdata.totals import Totals
    from scrdata.validation import Contents

REMAINDER, POPULATION = "remainder", "population"
# Whose word it is that a part lies in a whole, the best first: a rule that the report prints, the column of
# populations, a rule by definition, a rule that is inferred.
_PREFERENCE = {"printed": 0, "": 1, "definition": 2, "derived": 3}


class Subset(Record):
    """A part, the whole that it is declared to lie in, and what declares it.

    Attributes:
        part, whole: the totals.
        part_figure, whole_figure: their cells.
        ground: the rule, or the population.
    """

    part: Reference
    whole: Reference
    part_figure: Figure
    whole_figure: Figure
    ground: Ground


def find_implied(contents: Contents, time_limit: float) -> tuple[Bounds, ...]:
    """Return the bounds of every derived cell, of every empty cell beside a status, and of every remainder.

    Args:
        contents: the package, with rules, mentions and register read.
        time_limit: in seconds, for each figure that intervals do not settle.

    Raises:
        ScrdataError: relations contradict one another.
    """
    evidence = Evidence(Network(contents))
    cells = [contents.totals.reference(name_cell(cell, evidence.network)) for cell in _open_cells(evidence)]
    found = [bound_reference(reference, evidence, time_limit) for reference in cells]
    rests = (_remainder(subset, evidence, time_limit) for subset in find_subsets(evidence))
    return (*found, *(rest for rest in rests if rest.exact))


def _open_cells(evidence: Evidence) -> Iterator[Cell]:
    """Yield the derived and the empty cells of tables that state the status of their values."""
    for table in evidence.network.contents.tables.values():
        if STATUS not in table.columns or not table.schema.primary_key:
            continue
        for field in table.schema.fields:
            cells = [(table.name, field.name, row) for row in range(len(table))] if field.type == "integer" else []
            yield from (cell for cell in cells if evidence.value(cell) is None)


def find_subsets(evidence: Evidence) -> list[Subset]:
    """Return the parts whose remainder no table holds, each with the nearest whole and what best declares it."""
    contents = evidence.network.contents
    totals = contents.totals
    found = list(outcomes(contents.rules, totals))
    equations = list(_equations(found, totals))
    chosen: dict[tuple[Figure, Figure], Subset] = {}
    for subset in sorted(_declared(evidence), key=lambda subset: _PREFERENCE.get(subset.ground.basis, 1)):
        if not _is_held(subset, equations, found, totals):
            chosen.setdefault((subset.part_figure, subset.whole_figure), subset)
    order = list(contents.tables)
    nearest = _nearest(list(chosen.values()), evidence)
    return sorted(nearest, key=lambda s: (order.index(s.part.table), s.part.column or "", s.part_figure.rows))


def _declared(evidence: Evidence) -> Iterator[Subset]:
    """Yield every part and whole that a population or a rule declares."""
    network = evidence.network
    for check in network.checks:
        (relation, *more) = check.relations
        terms = sorted(relation.terms, reverse=True) if relation.operator == "<=" else sorted(relation.terms)
        factors = [abs(factor) for factor, _ in terms]
        is_pair = not more and relation.constant == 0 and factors == [1, 1] and relation.operator in ("<=", ">=")
        if check.kind in (RULE, WHOLE) and is_pair and terms[0][0] != terms[1][0]:
            part, whole = (network.nodes[position] for _, position in terms)
            if part.rows and whole.rows and _is_same_unit(part, whole, check):
                yield _subset(part, whole, check, evidence)


def _is_same_unit(part: Node, whole: Node, check: Check) -> bool:
    """Say whether part and whole count the same; rows are a whole only where a population names them."""
    if part.column is None or (whole.column is None and check.kind == RULE):
        return False
    one, other = part.column, whole.column or whole.table.name
    return one == other or one.startswith(f"{other}_") or other.startswith(f"{one}_")


def _subset(part: Node, whole: Node, check: Check, evidence: Evidence) -> Subset:
    network = evidence.network
    totals = network.totals
    one, other = (_name(node, network) for node in (part, whole))
    ground = find_ground(check, network.contents)
    if check.kind == WHOLE:
        statement = "The table names the whole that the part belongs to."
        ground = Ground(POPULATION, "", f"{one} <= {other}", statement, "", "")
    return Subset(one, other, figure_of(one, totals), figure_of(other, totals), ground)


def _name(node: Node, network: Network) -> Reference:
    """Return the reference to a total: by its key where it is one cell."""
    totals = network.totals
    if node.column is not None and len(node.rows) == 1 and node.table.schema.primary_key:
        return totals.reference(name_cell((node.table.name, node.column, node.rows[0]), network))
    assert node.reference is not None
    return totals.canonical(reference_at(node.reference, node.values) if node.values else node.reference)


def _equations(found: list[Outcome], totals: Totals) -> Iterator[list[Figure]]:
    """Yield the figures of each rule of the form `total = total`, and of each that states a total."""
    for outcome in found:
        if outcome.rule.equation.relation == "=":
            yield [figure_of(reference, totals, outcome.values) for reference in outcome.references]


def _is_held(subset: Subset, equations: list[list[Figure]], found: list[Outcome], totals: Totals) -> bool:
    """Say whether a table holds the remainder, or the two are parts that exclude each other."""
    part, whole = subset.part_figure, subset.whole_figure
    if whole.contains(part):
        return True
    wholes = {whole, *same_figures(whole, equal_figures(found, totals))}
    for figures in equations:
        around = [figure for figure in figures if figure != part and figure.contains(part)]
        if around and (wholes.intersection(figures) or any(figure.contains(whole) for figure in around)):
            return True
    return False


def _nearest(subsets: list[Subset], evidence: Evidence) -> Iterator[Subset]:
    """Yield the subsets whose whole is no larger than the population of the part."""
    totals = evidence.network.totals
    declared = [subset for subset in _declared(evidence) if subset.ground.check_id == POPULATION]
    sizes = {subset.part_figure: totals.value(subset.whole) for subset in declared}
    for subset in subsets:
        size, population = totals.value(subset.whole), sizes.get(subset.part_figure)
        if size is not None and (population is None or size <= population):
            yield subset


def _remainder(subset: Subset, evidence: Evidence, time_limit: float) -> Bounds:
    """Return the whole less the part."""
    goal: dict[Cell, Exact] = {}
    counted: Exact = 0
    for figure, factor in ((subset.whole_figure, 1), (subset.part_figure, -1)):
        if figure.column is None:
            counted += factor * len(figure.rows)
        else:
            goal.update({(figure.table, figure.column, row): factor for row in figure.rows})
    name = f"{subset.whole} - {subset.part}"
    answer = Inquiry(evidence, goal, counted, name, monotonic() + time_limit, subset.ground).answer()
    label = _describe_remainder(subset, evidence.network.contents)
    return make_bounds(name, label, None, REMAINDER, answer, [subset.part_figure], evidence)


def _describe_remainder(subset: Subset, contents: Contents) -> str:
    """Return what is left, by labels: `Children under “A”, not counted under “B”`."""
    totals = contents.totals
    titles = []
    for reference in (subset.whole, subset.part):
        field = None if reference.column is None else totals.schemas[reference.table].field(reference.column)
        titles.append(field.title if field is not None else reference.table.capitalize())
    of_whole, of_part = labels_of(subset.whole, totals), labels_of(subset.part, totals)
    own = of_part
    if subset.whole.table != subset.part.table and of_part and of_whole.endswith(of_part):
        own = f"{contents.descriptor.tables[subset.part.table].title}: {of_part}"
    elif titles[0] != titles[1]:
        own = titles[1] if of_whole == of_part else f"{titles[1]}: {of_part}"
    return f"{titles[0]}{f' under “{of_whole}”,' if of_whole else ''} not counted under “{own}”"
