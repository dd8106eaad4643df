"""What is looked for: the forms of rules, the candidates that hold, and how many were tried of each form."""

from __future__ import annotations

from math import log2

from scrdata.records import Record
from scrdata.references import Equation, Sum, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.references import Reference
    from scrdata.suggestion.series import Measure, Subjects

DEFINITION, DERIVED = "definition", "derived"


class Form(Record):
    """One kind of rule: what its candidates are, in words that follow a number, and what such a rule rests on."""

    candidates: str
    basis: str


ALIKE = Form("pairs of totals of the same name, by the same column", DERIVED)
UNLIKE = Form("pairs of totals of different names, by the same column", DERIVED)
WHOLES = Form("sums of whole tables that count the same", DERIVED)
NAMED_CELL = Form("pairs of the sum of a table and one cell that its description names", DEFINITION)
CELL = Form("pairs of the sum of a table and one cell elsewhere that counts the same", DEFINITION)
COLUMNS = Form("sums of columns beside a column", DEFINITION)
NAMED_TOTAL = Form("rows that are called a total", DEFINITION)
TOTAL = Form("rows that could be the total of the others", DEFINITION)
GROUPS = Form("sums of groups of rows of one column", DEFINITION)
NAMED_WHOLE = Form("columns that name the whole of each row", DEFINITION)
COLUMN_SUBSET = Form("pairs of columns of one table", DEFINITION)
SUBSET = Form("pairs of totals of the same name in two tables", DEFINITION)
NESTED = Form("columns of tables whose rows have a parent", DEFINITION)
ROWS = Form("keys that rows refer to", DEFINITION)


class Candidate(Record):
    """A rule that holds, before the number of candidates is taken off its bits."""

    form: Form
    equation: Equation
    bits: float


class Hunt:
    """Collects the candidates that hold, and counts those that were tried.

    Attributes:
        subjects: the totals of the package.
        found: what holds.
        tried: the number of candidates of each form.
        parts: measures that add up to another, none of their cells below zero: within it by that alone.
    """

    def __init__(self, subjects: Subjects) -> None:
        self.subjects = subjects
        self.found: list[Candidate] = []
        self.tried: dict[Form, int] = {}
        self.parts: set[tuple[Measure, Measure]] = set()

    def count(self, form: Form, number: int = 1) -> None:
        """Count candidates of a form that are tried."""
        self.tried[form] = self.tried.get(form, 0) + number

    def add(self, form: Form, equation: Equation, bits: float) -> None:
        """Keep a candidate that holds."""
        self.found.append(Candidate(form, equation, bits))

    def bits(self, candidate: Candidate) -> float:
        """Return the bits of a candidate, less those of choosing it among all that were tried."""
        return candidate.bits - log2(max(1, self.tried.get(candidate.form, 1)))


def equation(left: Sequence[Reference], relation: str, right: Sequence[Reference], factor: int = 1) -> Equation:
    """Return an equation of two sums of totals; the factor belongs to the right side."""
    sides = [Sum(tuple(Term(1, 1, part) for part in left)), Sum(tuple(Term(1, factor, part) for part in right))]
    return Equation(sides[0], relation, sides[1])
