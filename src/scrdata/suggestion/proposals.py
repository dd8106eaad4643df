"""From candidates that hold to suggestions: what is surprising, new, and true by the project's own evaluation."""

from __future__ import annotations

from scrdata.errors import NotationError
from scrdata.figures import Figure, filled
from scrdata.records import Record
from scrdata.rules import Rule, evaluate
from scrdata.suggestion import agreements, partitions, subsets
from scrdata.suggestion.hunting import Hunt
from scrdata.suggestion.series import Subjects
from scrdata.suggestion.statements import Statements
from scrdata.suggestion.surprise import odds
from scrdata.suggestion.wording import rule_id_of, sentence_of
from scrdata.totals import NotSummableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.rules import Outcome
    from scrdata.suggestion.hunting import Candidate
    from scrdata.totals import Totals
    from scrdata.validation import Contents

MOST_WEIGHED = 2_000
MOST_SUGGESTED = 200
SHOWN_INSTANCES = 3
_NOWHERE = Figure("", None, ())


class Suggestion(Record):
    """A rule that holds, and that its author may have meant.

    Attributes:
        rule_id: a phrase that is true of good data; no rule of the package has it.
        equation: in canonical notation.
        statement: the same as a sentence.
        basis: `definition` for parts of a whole and subsets, `derived` for totals that agree.
        instances: the number of equations that the rule makes.
        evidence: the first of them with numbers, such as `30 + 24 + 7 + 1 = 62`.
        bits: how surprising it would be by chance, after correction for the candidates; see `surprise`.
        tried: the number of candidates of the same form that were tried.
        candidates: what these candidates were.
    """

    rule_id: str
    equation: str
    statement: str
    basis: str
    instances: int
    evidence: tuple[str, ...]
    bits: float
    tried: int
    candidates: str

    @property
    def chance(self) -> str:
        """The bound on the probability of an accident, in words: `1 in 1,200`."""
        return odds(self.bits)

    def to_dict(self) -> dict[str, object]:
        """Return the object that `suggest --format json` prints."""
        return {**dict(zip(self._names, self.parts(), strict=True)), "evidence": list(self.evidence)}


class Suggestions(Record):
    """What a package might state as rules. Nothing of it is accepted, and nothing is written.

    Attributes:
        package: where the package was read from.
        rules: the suggestions, the most surprising first.
        at_least: the bits below which nothing is suggested.
        tried: the number of candidates that were tried.
        not_tried: what was left out because a limit was reached.
    """

    package: str
    rules: tuple[Suggestion, ...]
    at_least: float
    tried: int
    not_tried: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `suggest --format json` prints."""
        return {
            "package": self.package,
            "at_least": self.at_least,
            "tried": self.tried,
            "not_tried": list(self.not_tried),
            "rules": [rule.to_dict() for rule in self.rules],
        }


def find_rules(contents: Contents, package: str, at_least: float) -> Suggestions:
    """Return the rules that a valid package seems to obey and does not state.

    Args:
        contents: of the package, with its rules read.
        package: where it was read from.
        at_least: the bits of surprise below which nothing is suggested.
    """
    own = (contents.rule_table, contents.mention_table, contents.register.table if contents.register else None)
    left_out = {table.name for table in own if table is not None}
    tables = contents.descriptor.tables.values()
    descriptions = {table.name: f"{table.title} {table.description}" for table in tables}
    hunt = Hunt(Subjects(contents.totals, left_out, descriptions))
    _search(hunt)
    weighed = sorted(hunt.found, key=lambda found: (-round(hunt.bits(found), 6), str(found.equation)))
    weighed = [found for found in weighed if hunt.bits(found) >= at_least]
    if len(weighed) > MOST_WEIGHED:
        hunt.subjects.note(f"rules that hold after the first {MOST_WEIGHED:,}")
    chosen = _new_ones(weighed[:MOST_WEIGHED], contents)
    if len(chosen) > MOST_SUGGESTED:
        hunt.subjects.note(f"suggestions after the first {MOST_SUGGESTED}")
    taken = {rule.rule_id for rule in contents.rules}
    rules = []
    for candidate, outcomes in chosen[:MOST_SUGGESTED]:
        rules.append(_suggestion(candidate, outcomes, hunt, taken))
        taken.add(rules[-1].rule_id)
    return Suggestions(package, tuple(rules), at_least, sum(hunt.tried.values()), hunt.subjects.notes)


def _search(hunt: Hunt) -> None:
    """Try every form of rule."""
    partitions.find_columns_that_add_up(hunt)
    partitions.find_rows_that_add_up(hunt)
    cliques = partitions.find_groups_that_agree(hunt)
    partitions.find_named_wholes(hunt)
    subsets.find_row_counts(hunt)
    subsets.find_columns_within_columns(hunt)
    agreements.find_agreeing_wholes(hunt, cliques)
    agreements.find_agreeing_series(hunt)
    subsets.find_totals_within_totals(hunt)
    subsets.find_children_within_parents(hunt)


def _new_ones(weighed: list[Candidate], contents: Contents) -> list[tuple[Candidate, list[Outcome]]]:
    """Return the candidates that hold and that neither the package nor a better one states, in the given order."""
    statements = Statements(contents.totals)
    for rule in contents.rules:
        statements.add(rule.equation)
    # What holds value by value implies what holds of the sums, so it is taken first.
    order = sorted(weighed, key=lambda found: -max(len(part.stars) for part in found.equation.references))
    kept: dict[int, list[Outcome]] = {}
    for candidate in order:
        if not statements.imply(candidate.equation):
            outcomes = _outcomes(candidate, contents.totals)
            if outcomes:
                statements.add(candidate.equation)
                kept[id(candidate)] = outcomes
    return [(candidate, kept[id(candidate)]) for candidate in weighed if id(candidate) in kept]


def _outcomes(candidate: Candidate, totals: Totals) -> list[Outcome]:
    """Return the outcomes of a candidate, parsed and evaluated as a rule of the package; none unless it holds."""
    try:
        outcomes = list(evaluate(Rule("", totals.equation(str(candidate.equation)), "", 0), totals))
    except (NotationError, NotSummableError):
        return []
    return outcomes if not any(outcome.holds is False for outcome in outcomes) else []


def _suggestion(candidate: Candidate, outcomes: list[Outcome], hunt: Hunt, taken: set[str]) -> Suggestion:
    telling = [outcome for outcome in outcomes if outcome.holds and (outcome.left or outcome.right)]
    return Suggestion(
        rule_id=rule_id_of(candidate.equation, taken),
        equation=str(candidate.equation),
        statement=sentence_of(candidate.equation, hunt.subjects.totals.schemas),
        basis=candidate.form.basis,
        instances=len(outcomes),
        evidence=tuple(filled(outcome, _NOWHERE, hunt.subjects.totals) for outcome in telling[:SHOWN_INSTANCES]),
        bits=round(hunt.bits(candidate), 1),
        tried=hunt.tried[candidate.form],
        candidates=candidate.form.candidates,
    )
