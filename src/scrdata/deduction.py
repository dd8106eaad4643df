"""`Bounds`: between which values a figure lies, by what is printed and by the rules, and why."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from time import monotonic

from scrdata.errors import ScrdataError
from scrdata.figures import figure_of
from scrdata.findings import shown
from scrdata.inquiry import Inquiry
from scrdata.network import Network
from scrdata.reasons import Reason, describe
from scrdata.records import Record
from scrdata.tracing import named_totals
from scrdata.unknowns import Evidence, add_instances, find_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.figures import Figure
    from scrdata.inference import Exact
    from scrdata.inquiry import Answer
    from scrdata.network import Cell
    from scrdata.references import Reference
    from scrdata.validation import Contents

TIME_LIMIT = 10.0
PRINTED, COUNTED, DERIVED, MISSING, ABSENT = "printed", "counted", "derived", "missing", "absent"


class Bounds(Record):
    """Between which values a figure lies, and why.

    Attributes:
        reference: the figure, in canonical spelling; for a remainder the difference of two references.
        label: the same by the labels of its codes.
        value: what the tables hold; `None` where a cell is missing.
        status: `printed`, `counted` (a number of rows), `derived` (a cell of it is said to follow from printed ones),
            `missing` (a cell of it is empty), `absent` (no table has the cell) or `remainder` (whole less part).
        least, greatest: the bounds, both possible at most; `None` where there is none.
        proven: no narrower bounds follow: they are equal, or whole numbers reach both and fulfil every relation.
        reasons: the steps that lead to the bounds, each from those before it.
        needed: references to cells that would have to be known for an exact figure.
        discrepancies: of the register, that name the figure or one that a step is about.
    """

    reference: str
    label: str
    value: Exact | None
    status: str
    least: Exact | None
    greatest: Exact | None
    proven: bool
    reasons: tuple[Reason, ...]
    needed: tuple[str, ...]
    discrepancies: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether both bounds agree."""
        return self.least is not None and self.least == self.greatest

    @property
    def inferences(self) -> tuple[str, ...]:
        """The statements of rules on which the bounds rest and which the package infers, rather than the report."""
        grounds = [ground for reason in self.reasons for ground in reason.grounds]
        return tuple(dict.fromkeys(ground.statement for ground in grounds if ground.basis == DERIVED))

    def to_dict(self) -> dict[str, object]:
        """Return the object that `bounds --format json` prints."""
        return {
            "reference": self.reference,
            "label": self.label,
            "value": _plain(self.value),
            "status": self.status,
            "least": _plain(self.least),
            "greatest": _plain(self.greatest),
            "exact": self.exact,
            "proven": self.proven,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "inferences": list(self.inferences),
            "needed": list(self.needed),
            "discrepancies": list(self.discrepancies),
        }


def _plain(number: Exact | None) -> int | str | None:
    """Return a number as JSON has it: a fraction as text, since no decimal may say it."""
    if number is None:
        return None
    return str(number) if Fraction(number).denominator > 1 else int(number)


def bound_total(text: str, contents: Contents, time_limit: float = TIME_LIMIT) -> Bounds:
    """Return between which values a total lies.

    Args:
        text: a reference without stars; its cells may be missing, and the cell of a whole key may not exist.
        contents: the package, with rules, mentions and register read.
        time_limit: in seconds, for what intervals do not settle.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred, or relations contradict one another.
    """
    totals = contents.totals
    reference = totals.canonical(totals.reference(text))
    if reference.stars:
        raise ScrdataError(f"{shown(text)} stands for several totals; bound one of them")
    network = Network(contents)
    absent = find_absent(reference, totals)
    if absent is not None:
        add_instances(network, absent)
    return bound_reference(reference, Evidence(network, absent), time_limit)


def bound_reference(reference: Reference, evidence: Evidence, time_limit: float) -> Bounds:
    """Return between which values a total lies, or the absent cell of the evidence; see `bound_total`."""
    totals = evidence.network.totals
    goal: dict[Cell, Exact] = {}
    value = None
    if evidence.absent is not None:
        goal[evidence.absent.cell] = 1
    else:
        amount = totals.value(reference)
        value = Fraction(amount) if isinstance(amount, Decimal) else amount
        if reference.column is not None:
            goal = {(reference.table, reference.column, row): 1 for row in totals.rows(reference)}
    counted: Exact = value if reference.column is None and value is not None else 0
    answer = Inquiry(evidence, goal, counted, str(reference), monotonic() + time_limit).answer()
    figures = [figure_of(reference, totals)]
    status = _status(reference, value, evidence, goal)
    return make_bounds(str(reference), describe(reference, totals), value, status, answer, figures, evidence)


def make_bounds(
    name: str,
    label: str,
    value: Exact | None,
    status: str,
    answer: Answer,
    figures: list[Figure],
    evidence: Evidence,
) -> Bounds:
    """Return an answer as bounds, with the registered discrepancies that touch some figures or a step."""
    contents = evidence.network.contents
    others = dict.fromkeys(reason.about for reason in answer.reasons if reason.about != name)
    figures += [figure_of(contents.totals.reference(about), contents.totals) for about in others]
    register = contents.register.table if contents.register is not None else None
    named = {} if register is None else named_totals(register, contents)
    touched = tuple(item for item, own in named.items() if any(figure.rows and figure in figures for figure in own))
    return Bounds(
        name,
        label,
        value,
        status,
        answer.least,
        answer.greatest,
        answer.proven,
        answer.reasons,
        answer.needed,
        touched,
    )


def _status(reference: Reference, value: Exact | None, evidence: Evidence, goal: dict[Cell, Exact]) -> str:
    if evidence.absent is not None:
        return ABSENT
    if reference.column is None:
        return COUNTED
    if value is None:
        return MISSING
    return DERIVED if evidence.derived.intersection(goal) else PRINTED
