"""From a package to its suspects: what fails is split into groups, and each is repaired and explained."""

from __future__ import annotations

import time

from scrdata.findings import shown
from scrdata.localisation.changes import Effects
from scrdata.localisation.comparing import ranked, swapped
from scrdata.localisation.doubts import CONTRADICTION, add_keys, contradictions, wrong_cells
from scrdata.localisation.explaining import Explainer
from scrdata.localisation.search import Repairs, Search
from scrdata.localisation.statements import ratio
from scrdata.localisation.states import Assessment, State
from scrdata.localisation.suspects import CHANGE, Suspect, Suspects, Unresolved
from scrdata.mentions import read_printed
from scrdata.network import Network, Relation
from scrdata.reading import scalar
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.findings import Scalar
    from scrdata.localisation.doubts import Contradiction
    from scrdata.localisation.states import Group
    from scrdata.validation import Contents

    Repair = tuple[Suspect, ...]

# So many failing checks enter the bound of a larger repair.
MOST_BOUNDED = 400
# So many repairs of one weight are compared.
MOST_TIES = 1_000
# Findings about a file as a whole: whoever mends a number in it mends these.
_OF_THE_FILE = ("hash_is_as_declared", "byte_count_is_as_declared", "row_count_is_as_declared")
_REGISTERED = "registered_discrepancy_stands"


class Problem(Record):
    """Failing checks that are repaired together.

    Attributes:
        failing: positions of the checks.
        states: the lightest repairs, that which is told first before the others.
        repairs: the same, told, the most certain first; of repairs that differ only in the row, all are one.
        is_undetermined: each repair contradicts something that agrees with itself.
        is_lightest, is_complete: as in `Repairs`.
    """

    failing: frozenset[int]
    states: tuple[State, ...]
    repairs: tuple[Repair, ...]
    is_undetermined: bool
    is_lightest: bool
    is_complete: bool


class Diagnosis:
    """Looks for what is wrong in a package.

    Args:
        contents: the package, with tables in which single cells are wrong.
        use_register: hold failing checks against the register of discrepancies.
        time_limit: seconds.
    """

    def __init__(self, contents: Contents, *, use_register: bool, time_limit: float) -> None:
        self.contents = contents
        self.network = Network(contents, use_register=use_register)
        said: dict[int, str] = {}
        add_keys(contents, self.network, said)
        wrong = wrong_cells(contents, self.network, said)
        # Before `Effects`, which has to know the totals that these speak of.
        self.contradictions = list(contradictions(contents, self.network))
        self.assessment = Assessment(self.network, Effects(self.network), wrong)
        self.deadline = time.monotonic() + time_limit
        self.search = Search(self.assessment, self.deadline, MOST_TIES)
        self.explainer = Explainer(self.search.candidates, self._texts(), said)

    def _texts(self) -> dict[tuple[str, int, str], Scalar]:
        """Return the cells of findings as they were written, by table, row and column."""
        names = {table.file: table.name for table in self.contents.tables.values()}
        return {
            (names[finding.file], finding.row - 1, finding.column): finding.found
            for finding in self.contents.ledger.findings
            if finding.file in names and finding.row is not None and finding.column is not None
            if (names[finding.file], finding.row - 1, finding.column) in self.assessment.wrong
        }

    def problems(self) -> list[Problem]:
        """Return the groups of failing checks with their repairs."""
        start = self.assessment.start()
        groups = self.search.components(start.failing)
        found = [self._problem(group, len(groups) - number) for number, group in enumerate(groups)]
        while (pair := self._entangled(found)) is not None:
            one, other = pair
            joined = self._problem(one.failing | other.failing)
            found = [joined, *(problem for problem in found if problem not in pair)]
        if self._clash(start, found):
            whole = self._problem(start.failing)
            # Repairs that do not do together are better than none, as long as nobody takes them for certain.
            found = [whole] if whole.states else [problem.changed(is_lightest=False) for problem in found]
        return sorted(found, key=lambda problem: min(problem.failing))

    def _entangled(self, problems: Sequence[Problem]) -> tuple[Problem, Problem] | None:
        """Return two problems of which the repair of one has to do with the other, while there is time.

        It touches checks of the other, or sets aside the same statement.
        """
        owners = {check: problem for problem in problems for check in problem.failing}
        waiving: dict[Group, Problem] = {}
        for problem in problems if time.monotonic() < self.deadline else ():
            if not problem.states:
                continue
            state = problem.states[0]
            for group in state.waived:
                if waiving.setdefault(group, problem) is not problem:
                    return waiving[group], problem
            nodes = {node for change in state.changes.values() for node in self.assessment.effects.of(change)}
            for user in (user for node in nodes for user in self.network.nodes[node].users):
                if owners.get(user, problem) is not problem:
                    return problem, owners[user]
        return None

    def _clash(self, start: State, problems: Sequence[Problem]) -> bool:
        """Say whether repairs that do by themselves do not do together, as far as there is time to try."""
        state = start
        for problem in problems:
            if not problem.states or time.monotonic() > self.deadline:
                return False
            for change in problem.states[0].changes.values():
                state = self.assessment.apply(state, change, 0)
        waived = {group for problem in problems for group in problem.states[0].waived}
        checks = self.network.checks
        return any(
            (waiver := self.assessment.waiver(checks[position])) is None or waiver.group not in waived
            for position in state.failing
        )

    def _problem(self, failing: frozenset[int], waiting: int = 1) -> Problem:
        """Return the repairs of some failing checks; of the time that is left, `waiting` groups share half."""
        start = State({}, {}, failing, frozenset(), 0)
        now = time.monotonic()
        self.search.deadline = now + (self.deadline - now) / 2 / waiting
        found = self.search.repair(start)
        if not found.states and not found.is_lightest and time.monotonic() < self.deadline:
            found = self._larger(start, waiting)
        states = found.states
        is_undetermined = False
        if states and all(state.waived and state.changes for state in states):
            # Every repair doubts a number with all that agrees with it, so a row that is left out is as likely.
            unnamed = tuple(self.search.unnamed(start))
            states = (*states, *unnamed)
            is_undetermined = len(states) > 1
        told = ranked([self.explainer.suspects(state, failing) for state in states])
        # The repair that is told first comes first: it is the one that has to do with those of other groups.
        first = [states[number] for number, _ in told[:1]]
        states = (*first, *(state for state in states if state not in first))
        repairs = tuple(repair for _, repair in told)
        return Problem(failing, states, repairs, is_undetermined, found.is_lightest, found.is_complete)

    def _larger(self, start: State, waiting: int) -> Repairs:
        """Return a light repair of what the search could not finish: change by change, or by integer programming."""
        bound = self.search.bound(start.failing, most=MOST_BOUNDED)
        now = time.monotonic()
        limit = now + (self.deadline - now) / waiting
        self.search.deadline = limit
        peeled = self.search.peeled(start)
        found = list(self.search.repair(peeled).states)
        left = limit - time.monotonic()
        if left > 0 and (not found or found[0].weight > bound):
            from scrdata.localisation.programme import repair_by_programme

            other = repair_by_programme(self.assessment, start, left)
            found += [] if other is None else [other]
        lightest = sorted(found, key=lambda state: state.weight)[:1]
        is_lightest = any(state.weight <= bound for state in lightest)
        return Repairs(tuple(lightest), is_lightest=is_lightest, is_complete=False)


def localise(
    contents: Contents, package: str, *, use_register: bool, time_limit: float, most_alternatives: int
) -> Suspects:
    """Return what to doubt in a package; see `scrdata.suspects`.

    Args:
        contents: the package, with tables in which single cells are wrong.
        package: its name, for the result.
        use_register: hold failing checks against the register of discrepancies.
        time_limit: seconds.
        most_alternatives: so many repairs are told of each group.
    """
    diagnosis = Diagnosis(contents, use_register=use_register, time_limit=time_limit)
    problems = diagnosis.problems()
    spoken = list(_contradicted(diagnosis, problems))
    repairs = [_numbered(problem, number) for number, problem in enumerate(problems, 1)]
    sure = [
        item
        for problem, told in zip(problems, repairs, strict=True)
        if told and not problem.is_undetermined
        for item in told[0]
    ]
    unresolved = [item for problem in problems for item in _unresolved(diagnosis, problem)]
    is_repaired = bool(spoken) or any(repairs)
    unresolved += _unspoken(diagnosis, use_register=use_register, is_repaired=is_repaired)
    several = [told for told in repairs if len(told) > 1]
    return Suspects(
        package=package,
        suspects=tuple(swapped(sorted([*sure, *spoken], key=lambda item: -item.confidence))),
        alternatives=tuple(repair for told in several for repair in told[:most_alternatives]),
        unresolved=tuple(unresolved),
        optimal=all(problem.is_lightest for problem in problems),
        complete=all(problem.is_complete for problem in problems)
        and all(len(told) <= most_alternatives for told in several),
        failing=sum(len(problem.failing) for problem in problems) + len(spoken),
    )


def _numbered(problem: Problem, number: int) -> list[Repair]:
    """Return the repairs of a problem, with its number."""
    return [tuple(item.changed(problem=number) for item in repair) for repair in problem.repairs]


def _unresolved(diagnosis: Diagnosis, problem: Problem) -> Iterator[Unresolved]:
    """Yield the failing checks that no suspect explains."""
    if problem.repairs and not problem.is_undetermined:
        return
    if problem.is_undetermined:
        reason = (
            f"undetermined: {len(problem.repairs)} repairs would do as well, and each contradicts a number that is "
            "stated elsewhere as it stands, or adds a row of which nothing is stated"
        )
    elif problem.is_lightest:
        reason = "no change of numbers, codes or rows was found that mends it"
    else:
        reason = "the time ran out before a repair was found"
    for position in sorted(problem.failing):
        check = diagnosis.network.checks[position]
        yield Unresolved(check.name, reason, diagnosis.explainer.statements.sentence(position))


def _contradicted(diagnosis: Diagnosis, problems: Sequence[Problem]) -> Iterator[Suspect]:
    """Yield a suspect for each mention whose words and value do not agree."""
    state = diagnosis.assessment.start()
    for problem in problems:
        if problem.states and not problem.is_undetermined:
            for change in problem.states[0].changes.values():
                state = diagnosis.assessment.apply(state, change, 0)
    for number, item in enumerate(diagnosis.contradictions, len(problems) + 1):
        yield _misread(diagnosis, state, item, number)


def _misread(diagnosis: Diagnosis, state: State, item: Contradiction, problem: int) -> Suspect:
    """Return whether the value or the printed words are to be doubted: the total tells, where there is one."""
    table = diagnosis.contents.mention_table
    assert table is not None

    def fits(relations: tuple[Relation, ...] | None) -> bool:
        """Say whether a mention with a total holds."""
        if relations is None:
            return False
        amounts = [diagnosis.assessment.amount(relation, state.shifts) for relation in relations]
        return all(
            not missing and relation.holds(amount)
            for relation, (amount, missing) in zip(relations, amounts, strict=True)
        )

    fitting = [text for text, relations in zip(item.readings, item.as_read, strict=True) if fits(relations)]
    is_value_right = fits(item.as_valued) and not fitting
    column = "printed" if is_value_right else "value"
    suggested = item.value if is_value_right else next(iter(fitting or _alike(item)), None)
    said = " or ".join(item.readings) or "no number"
    beside = shown(item.value) or "missing"
    reasons = [f"the printed words '{shown(item.words)}' say {said}, the value beside them is {beside}"]
    if fitting or is_value_right:
        reasons.append(f"the total that is mentioned agrees with the {'value' if is_value_right else 'words'}")
    identifier = str(table.columns["mention_id"][item.row])
    return Suspect(
        table=table.name,
        action=CHANGE,
        row=item.row + 1,
        key=table.key(item.row),
        column=column,
        found=scalar(table.columns[column][item.row]),
        suggested=suggested,
        confidence=ratio(1 + len(reasons), 1),
        explains=(CONTRADICTION, identifier),
        reasons=tuple(reasons),
        problem=problem,
        file=table.file,
        line=table.lines[item.row],
    )


def _alike(item: Contradiction) -> list[str]:
    """Return the readings of printed words, those of the kind of the value first: a share, or a count."""

    def is_share(text: str) -> bool:
        """Say whether a text is a percentage or a fraction."""
        printed = read_printed(text)
        return printed is not None and printed.is_share

    return sorted(item.readings, key=lambda text: is_share(text) != is_share(item.value))


def _unspoken(diagnosis: Diagnosis, *, use_register: bool, is_repaired: bool) -> Iterator[Unresolved]:
    """Yield what a validation found, or left out, of which no check of the network speaks."""
    ledger = diagnosis.contents.ledger
    known = {check.check_id for check in diagnosis.network.checks} | {CONTRADICTION}
    if is_repaired:
        known.update(_OF_THE_FILE)
    if is_repaired or not use_register:
        known.add(_REGISTERED)
    for finding in ledger.findings:
        if finding.severity == "error" and finding.rule not in known:
            yield Unresolved(finding.rule, finding.message, finding.place)
    for item in ledger.not_checked:
        yield Unresolved(item.check, item.reason)
