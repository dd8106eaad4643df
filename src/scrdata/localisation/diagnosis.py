"""From a package to its suspects: what fails is split into groups, and each is repaired and explained."""

from __future__ import annotations

import time
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations, permutations

from scrdata.findings import shown
from scrdata.localisation.candidates import NEAR
from scrdata.localisation.changes import Effects
from scrdata.localisation.doubts import CONTRADICTION, add_keys, contradictions, wrong_cells
from scrdata.localisation.explaining import Explainer
from scrdata.localisation.search import Repairs, Search
from scrdata.localisation.statements import ratio
from scrdata.localisation.states import Assessment, State
from scrdata.localisation.suspects import ADD, CHANGE, REMOVE, Suspect, Suspects, Unresolved
from scrdata.mentions import read_printed
from scrdata.network import Network, Relation
from scrdata.reading import scalar
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.findings import Scalar
    from scrdata.localisation.doubts import Contradiction
    from scrdata.validation import Contents

    Repair = tuple[Suspect, ...]

# So many repairs of one weight are compared.
MOST_TIES = 1_000
# Findings about a file as a whole: whoever mends a number in it mends these.
_OF_THE_FILE = ("hash_is_as_declared", "byte_count_is_as_declared", "row_count_is_as_declared")
_REGISTERED = "registered_discrepancy_stands"


class Problem(Record):
    """Failing checks that are repaired together.

    Attributes:
        failing: positions of the checks.
        states: the lightest repairs.
        repairs: the same, told; of repairs that differ only in the row, all are one.
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
        self.assessment = Assessment(self.network, Effects(self.network), wrong)
        self.deadline = time.monotonic() + time_limit
        self.search = Search(self.assessment, self.deadline - time_limit * 3 / 4, MOST_TIES)
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
        found = [self._problem(group) for group in self.search.components(start.failing)]
        while (pair := self._entangled(found)) is not None:
            one, other = pair
            joined = self._problem(one.failing | other.failing)
            found = [joined, *(problem for problem in found if problem not in pair)]
        if len(found) > 1 and self._clash(start, found):
            return [self._problem(start.failing)]
        return sorted(found, key=lambda problem: min(problem.failing))

    def _entangled(self, problems: Sequence[Problem]) -> tuple[Problem, Problem] | None:
        """Return two problems of which the repair of one has to do with checks of the other."""
        for one, other in permutations(problems, 2):
            for state in one.states[:1]:
                nodes = {node for change in state.changes.values() for node in self.assessment.effects.of(change)}
                if any(user in other.failing for node in nodes for user in self.network.nodes[node].users):
                    return one, other
        return None

    def _clash(self, start: State, problems: Sequence[Problem]) -> bool:
        """Say whether repairs that do by themselves do not do together."""
        state = start
        for problem in problems:
            if not problem.states:
                return False
            for change in problem.states[0].changes.values():
                state = self.assessment.apply(state, change, 0)
        waived = {group for problem in problems for group in problem.states[0].waived}
        checks = self.network.checks
        return any(
            (waiver := self.assessment.waiver(checks[position])) is None or waiver.group not in waived
            for position in state.failing
        )

    def _problem(self, failing: frozenset[int]) -> Problem:
        start = State({}, {}, failing, frozenset(), 0)
        found = self.search.repair(start)
        if not found.states and not found.is_lightest:
            found = self._larger(start)
        states = found.states
        is_undetermined = False
        if states and all(state.waived and state.changes for state in states):
            # Every repair doubts a number with all that agrees with it, so a row that is left out is as likely.
            unnamed = tuple(self.search.unnamed(start))
            states = (*states, *unnamed)
            is_undetermined = len(states) > 1
        repairs = merged([self.explainer.suspects(state, failing) for state in states])
        return Problem(failing, states, tuple(repairs), is_undetermined, found.is_lightest, found.is_complete)


    def _larger(self, start: State) -> Repairs:
        """Return a light repair of what the search could not finish: change by change, or by integer programming."""
        bound = self.search.bound(start.failing, most=len(start.failing))
        self.search.deadline = self.deadline
        peeled = self.search.peeled(start)
        found = [peeled] if not peeled.failing else list(self.search.repair(peeled).states)
        if not found or found[0].weight > bound:
            from scrdata.localisation.programme import repair_by_programme

            other = repair_by_programme(self.assessment, start, max(1, self.deadline - time.monotonic()))
            found += [] if other is None else [other]
        lightest = sorted(found, key=lambda state: state.weight)[:1]
        is_lightest = any(state.weight <= bound for state in lightest)
        return Repairs(tuple(lightest), is_lightest=is_lightest, is_complete=False)


def merged(repairs: Sequence[Repair]) -> list[Repair]:
    """Make one of repairs that change the same in different rows, and put the most certain first."""
    alike: dict[object, list[Repair]] = {}
    for number, repair in enumerate(repairs):
        alike.setdefault(_pattern(repair) or number, []).append(repair)
    whole = [group[0] if len(group) == 1 else _joined(group) for group in alike.values()]
    near = [repair for repair in whole if _nearness(repair) >= NEAR]
    spots = Counter(_spot(item) for repair in whole for item in repair)
    shared = [repair if near == [repair] else _shared(repair, len(whole), spots) for repair in whole]
    return sorted(shared, key=_doubtfulness)


def _spot(item: Suspect) -> tuple[object, ...]:
    """Return what two repairs have in common that change the same cell."""
    return item.table, item.action, item.row, item.column


def _nearness(repair: Repair) -> float:
    """Return how much alike the texts are that a repair exchanges, from 0 to 1."""
    words = [(item.found, item.suggested) for item in repair if item.column is not None]
    pairs = [(found, wanted) for found, wanted in words if isinstance(found, str) and isinstance(wanted, str)]
    return sum(SequenceMatcher(None, *pair).ratio() for pair in pairs) / max(len(pairs), 1)


def _pattern(repair: Repair) -> object:
    """Return what repairs have in common that differ only in the row; `None` where the row itself matters."""
    if any(isinstance(item.found, int) or isinstance(item.suggested, int) for item in repair):
        return None
    return tuple(sorted(str((item.table, item.action, item.column, item.suggested)) for item in repair))


def _joined(group: Sequence[Repair]) -> Repair:
    """Return one repair for several: what they have in common, and the rows that may be meant."""
    joined = []
    for items in zip(*group, strict=True):
        first = items[0]
        rows = tuple(sorted({item.row for item in items if item.row is not None}))
        if len(rows) < 2:
            joined.append(first)
            continue
        if first.action == REMOVE and all(item.found == first.found for item in items):
            # The same row twice: the second is the one too many.
            joined.append(max(items, key=lambda item: item.row or 0).changed(candidates=rows))
            continue
        found = first.found if all(item.found == first.found for item in items) else _common(items)
        confidence = max(item.confidence for item in items)
        joined.append(first.changed(row=None, key={}, found=found, candidates=rows, confidence=confidence, line=None))
    return tuple(joined)


def _common(items: Sequence[Suspect]) -> object:
    """Return the cells that all rows have in common."""
    rows = [item.found for item in items]
    if not all(isinstance(row, dict) for row in rows):
        return None
    first = rows[0]
    assert isinstance(first, dict)
    return {name: cell for name, cell in first.items() if all(row[name] == cell for row in rows)}  # type: ignore[index]


def _shared(repair: Repair, number: int, spots: Mapping[tuple[object, ...], int]) -> Repair:
    """Return a repair whose confidence is divided among all that would do as well, but for what several change."""
    return tuple(
        item.changed(confidence=round(item.confidence * spots[_spot(item)] / number, 2)) for item in repair
    )


def _doubtfulness(repair: Repair) -> tuple[object, ...]:
    """Order repairs: the more sure first, then the nearer to what is written; rows of which nothing speaks last."""
    sure = min(item.confidence for item in repair)
    is_addition = any(item.action == ADD for item in repair)
    return is_addition, -sure, -_nearness(repair), sum(len(item.candidates) for item in repair), repair[0].row or 0


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


def swapped(suspects: Sequence[Suspect]) -> list[Suspect]:
    """Note of each two cells of one column that are each as the other should be, that they changed places."""
    told = list(suspects)
    for one, other in combinations(range(len(told)), 2):
        first, second = told[one], told[other]
        if first.column is None or (first.table, first.column) != (second.table, second.column):
            continue
        if (first.found, first.suggested) == (second.suggested, second.found):
            told[one], told[other] = _with_partner(first, second), _with_partner(second, first)
    return told


def _with_partner(suspect: Suspect, partner: Suspect) -> Suspect:
    key = ", ".join(f"{name}={value}" for name, value in partner.key.items())
    reason = f"it has changed places with data row {partner.row} ({key})"
    return suspect.changed(swapped_with=partner.row, reasons=(reason, *suspect.reasons))


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
    for number, item in enumerate(contradictions(diagnosis.contents, diagnosis.network), len(problems) + 1):
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
