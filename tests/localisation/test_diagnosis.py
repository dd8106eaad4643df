"""From a package to its suspects: groups, what is undetermined or unresolved, and what is said of the search."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrdata.localisation import diagnosis as module
from scrdata.localisation.search import Search
from scrdata.localisation.states import CELL
from scrdata.programming import Solution
from tests.localisation.packages import (
    COUNT,
    INTEGER,
    REQUIRED,
    Sheet,
    brief,
    diagnosis,
    names,
    refers,
    suspects,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis, Problem
    from scrdata.localisation.states import State
    from scrdata.localisation.suspects import Suspect, Suspects, Unresolved

SHEET = Sheet("id,n,m a,3,1 b,5,2 c,7,3", {"n": COUNT, "m": COUNT}, "id")
BESIDE = "the value beside them is"
WORDS = "the total that is mentioned agrees with the words"
VALUE = "the total that is mentioned agrees with the value"
CODES = {"categories": ["x", "y", "z"], "constraints": {"required": True}}


def problems(folder: Path, rules: Mapping[str, str], *mentions: str, stated: tuple[str, ...] = ()) -> list[Problem]:
    """Return the groups of failing checks of a package whose rules are definitions, but for those stated."""
    fixed = tuple(name for name in rules if name not in stated)
    return diagnosis(write(folder, {"t": SHEET}, rules, mentions=mentions, definitions=fixed), 60).problems()


def localised(
    folder: Path,
    rules: Mapping[str, str] | None,
    sheet: Sheet = SHEET,
    *,
    stated: tuple[str, ...] = (),
    **others: Sheet,
) -> Suspects:
    """Return the suspects of a package whose rules are definitions, but for those stated."""
    fixed = tuple(name for name in rules or () if name not in stated)
    return suspects(write(folder, {"t": sheet, **others}, rules, definitions=fixed))


def briefly(found: tuple[Suspect, ...]) -> list[tuple[object, ...]]:
    """Return table, row, column and what is suggested."""
    return [(item.table, item.row, item.column, item.suggested) for item in found]


def unresolved(found: tuple[Unresolved, ...]) -> list[tuple[str, str]]:
    """Return what is unresolved, with the reason."""
    return [(item.check, item.reason) for item in found]


def groups(found: Diagnosis) -> list[list[str]]:
    """Return the names of failing checks, in the groups that are repaired apart."""
    return [names(found, group) for group in found.search.components(found.assessment.start().failing)]


def test_nothing_fails(tmp_path: Path) -> None:
    """Where nothing fails there is nothing to say, and that is certain."""
    found = localised(tmp_path, {"all": "t.n = 15"})
    assert found.to_dict() == {
        "package": str(tmp_path), "failing": 0, "suspects": [], "alternatives": [], "unresolved": [],
        "optimal": True, "complete": True,
    }  # fmt: skip


def test_groups_are_repaired_apart(tmp_path: Path) -> None:
    """Checks that have nothing to do with one another have repairs of their own, in the order of the checks."""
    rules = {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6", "b2": "2 * t[id=b].n = 12"}
    first, second = problems(tmp_path, rules)
    assert [{brief(change) for change in problem.states[0].changes.values()} for problem in (first, second)] == [
        {"t 1: n=4"}, {"t 2: n=6"},
    ]  # fmt: skip
    assert [len(problem.failing) for problem in (first, second)] == [1, 2]
    assert {(problem.is_lightest, problem.is_complete, problem.is_undetermined) for problem in (first, second)} == {
        (True, True, False)
    }
    found = localised(tmp_path, rules)
    assert [(item.row, item.problem, item.confidence) for item in found.suspects] == [(2, 2, 0.67), (1, 1, 0.5)]
    assert (found.failing, found.optimal, found.complete, found.alternatives) == (3, True, True, ())


def test_repairs_that_have_to_do_with_one_another(tmp_path: Path) -> None:
    """Where the repair of one group touches a check of another, both are repaired together."""
    sheet = Sheet("id,n,m a,3,1 b,2,2", {"n": COUNT, "m": COUNT}, "id")
    rules = {"one": "t[n=3].n <= 2", "two": "t[n=2].m = 3"}
    write(tmp_path, {"t": sheet}, rules, definitions=tuple(rules))
    assert len(groups(diagnosis(tmp_path))) == 2
    found = localised(tmp_path, rules, sheet)
    assert [(item.row, item.column, item.suggested, item.explains) for item in found.suspects] == [
        (1, "n", 2, ("one", "two"))
    ]
    assert {item.problem for item in found.suspects} == {1}
    other = {"u": Sheet("k 3", {"k": COUNT})}
    found = localised(tmp_path, {"half": "2 * u.k = 7", **rules}, sheet, **other)
    assert [item.explains for item in found.suspects] == [("one", "two")]
    sheets = {"u": Sheet("p,k k1,3 k2,4", {"p": REQUIRED, "k": COUNT}, "p")}
    sheet = Sheet("id,p,n a,k1,3 b,k9,5", {"p": REQUIRED, "n": COUNT}, "id", refers("p", "u", "p"))
    found = localised(tmp_path, {"u": "u[p=k9].k = 6", "v": "u.k = 13"}, sheet, **sheets)
    assert [(item.action, item.suggested, item.explains) for item in found.suspects] == [
        ("add row", {"k": 6, "p": "k9"}, ("u", "v", "foreign_key_exists")),
    ]  # fmt: skip


def test_repairs_that_do_not_do_together(tmp_path: Path) -> None:
    """Repairs that break a check together are found together, or at least not taken for certain."""
    rules = {"a": "t[id=a].n = 5", "c": "t[id=c].n = 9", "most": "t[id=a].n + t[id=c].n <= 13"}
    found = localised(tmp_path, rules)
    assert (briefly(found.suspects), found.optimal) == (
        [("t", 1, "n", 5), ("t", 3, "n", 9)], False,
    )  # fmt: skip
    rules = {"a": "t[id=a].n >= 5", "c": "t[id=c].n >= 9", "most": "t[id=a].n + t[id=c].n <= 13"}
    assert localised(tmp_path, rules).optimal is False
    rules = {"a": "t[id=a|b].n = 10", "c": "t[id=c].n = 9", "most": "t[id=a].n + t[id=c].n <= 13"}
    found = localised(tmp_path, rules)
    assert (briefly(found.suspects), found.optimal) == ([("t", 3, "n", 9), ("t", 2, "n", 7)], True)
    rules = {"a": "t[id=a].n = 5", "c": "t[id=c].n = 9", "sum": "t[id=a].n + t[id=c].n = 10"}
    found = localised(tmp_path, rules, stated=("sum",))
    assert (briefly(found.suspects), found.optimal) == (
        [("rules", 3, "equation", "t[id=a].n + t[id=c].n = 14"), ("t", 1, "n", 5), ("t", 3, "n", 9)], True,
    )  # fmt: skip


def test_repairs_that_do_together(tmp_path: Path) -> None:
    """A statement that one group sets aside does not stand in the way of the others."""
    fixed = {"a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7", "rows": "t <= 3"}
    rules = {**fixed, "r": "t.n = 16", "u": "u.k = 2"}
    found = localised(tmp_path, rules, stated=("r",), u=Sheet("k 1", {"k": COUNT}))
    assert briefly(found.suspects) == [("rules", 5, "equation", "t.n = 15"), ("u", 1, "k", 2)]
    assert [item.problem for item in found.suspects] == [1, 2]
    assert (found.optimal, found.complete) == (True, True)


def test_two_repairs_are_undetermined(tmp_path: Path) -> None:
    """Two repairs that each doubt something which agrees with itself are enough to leave it open."""
    rules = {"sum": "t.n = 16", "a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7", "rows": "t <= 3"}
    found = localised(tmp_path, rules, stated=("a", "b"))
    assert (found.suspects, len(found.alternatives), len(found.unresolved)) == ((), 2, 1)


def test_the_repair_that_is_told_is_the_one_that_does(tmp_path: Path) -> None:
    """Of repairs that tie, the one that is told first is held against those of other groups."""
    sheets = {
        "t": Sheet("id,p,n a,north,1 b,souht,2 c,south,3", {"n": COUNT, "p": REQUIRED}, "id"),
        "u": Sheet("k 7", {"k": COUNT}),
    }
    rules = {"north": "t[p=north] = 1", "sum": "t.n = 7", "u": "u.k = 8", "most": "t[id=b].n + u.k <= 10"}
    write(tmp_path, sheets, rules, definitions=tuple(rules))
    found = diagnosis(tmp_path).problems()
    for problem in found:
        told = {(item.row or 0) - 1 for item in problem.repairs[0]}
        assert told == {change.row for change in problem.states[0].changes.values()}


def test_what_is_undetermined(tmp_path: Path) -> None:
    """Where each repair doubts something that agrees with itself, none is a suspect, and all are alternatives."""
    rules = {"sum": "t.n = 16", "a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7"}
    found = localised(tmp_path, rules, stated=("a", "b", "c"))
    assert found.suspects == ()
    assert [[(item.table, item.suggested) for item in repair] for repair in found.alternatives] == [
        [("t", 4), ("rules", "t[id=a].n = 4")],
        [("t", 6), ("rules", "t[id=b].n = 6")],
        [("t", 8), ("rules", "t[id=c].n = 8")],
        [("t", {"n": 1})],
    ]
    reason = (
        f"undetermined: {len(found.alternatives)} repairs would do as well, and each contradicts a number that is "
        "stated elsewhere as it stands, or adds a row of which nothing is stated"
    )
    assert [(item.check, item.reason, item.place) for item in found.unresolved] == [
        ("sum", reason, "Rule sum. It reads 3 + 5 + 7 = 16 (sum)")
    ]
    assert (found.optimal, found.failing) == (True, 1)


def test_a_single_repair_is_determined(tmp_path: Path) -> None:
    """A single repair is a suspect, even where it doubts something that agrees with itself."""
    rules = {"x": "2 * t[id=a].n = 8", "y": "3 * t[id=a].n = 12", "a": "t[id=a].n = 3"}
    found = localised(tmp_path, rules, stated=("a",))
    assert briefly(found.suspects) == [("t", 1, "n", 4), ("rules", 3, "equation", "t[id=a].n = 4")]
    assert (found.alternatives, found.unresolved) == ((), ())


def test_checks_that_nothing_mends(tmp_path: Path) -> None:
    """A check that no change mends is unresolved, with what it says; that is certain."""
    found = localised(tmp_path, {"half": "2 * t[id=a].n = 7", "b": "t[id=b].n = 6"})
    assert briefly(found.suspects) == [("t", 2, "n", 6)]
    assert unresolved(found.unresolved) == [("half", "no change of numbers, codes or rows was found that mends it")]
    assert found.unresolved[0].place == "Rule half. It reads 2 * 3 = 7 (half)"
    assert (found.optimal, found.complete, found.failing) == (True, True, 2)


def test_too_little_time(tmp_path: Path) -> None:
    """Where the time ran out before anything was found, that is the reason, and nothing is certain."""
    write(tmp_path, {"t": SHEET}, {"a": "t[id=a].n = 4"}, definitions=("a",))
    found = suspects(tmp_path, time_limit=1e-9)
    assert unresolved(found.unresolved) == [("a", "the time ran out before a repair was found")]
    assert (found.suspects, found.optimal, found.complete, found.failing) == ((), False, False, 1)


def test_alternatives_up_to_a_number(tmp_path: Path) -> None:
    """Of each group so many repairs are told as are asked for, the first being a suspect; the rest is not concealed."""
    sheet = Sheet("id,n a,3 b,5 c,7 d,9 e,1", {"n": COUNT}, "id")
    rules = {"two": "t[id=a|b].n = 9", "three": "t[id=c|d|e].n = 18"}
    write(tmp_path, {"t": sheet}, rules, definitions=tuple(rules))
    for most, told, complete in ((1, 2, False), (2, 4, False), (3, 5, True), (4, 5, True)):
        found = suspects(tmp_path, alternatives=most)
        assert (len(found.alternatives), found.complete) == (told, complete)
        assert briefly(found.suspects) == [("t", 1, "n", 4), ("t", 3, "n", 8)]
    assert [repair[0].problem for repair in found.alternatives] == [1, 1, 2, 2, 2]


def test_cells_that_changed_places(tmp_path: Path) -> None:
    """Two numbers that are each as the other should be name one another."""
    found = localised(tmp_path, {"a": "t[id=a].n = 5", "b": "t[id=b].n = 3"})
    assert {item.row: item.swapped_with for item in found.suspects} == {1: 2, 2: 1}


def test_texts_that_could_not_be_read(tmp_path: Path) -> None:
    """A cell that could not be read is told as it is written."""
    sheet = Sheet("id,n,m a,x,1 b,5,2", {"n": COUNT, "m": COUNT}, "id")
    found = localised(tmp_path, {"sum": "t.n = 9", "m": "t[id=b].m = 3"}, sheet)
    assert {(item.column, item.found, item.suggested) for item in found.suspects} == {("n", "x", 4), ("m", 2, 3)}


# Larger repairs ------------------------------------------------------------------------------


def test_what_the_search_cannot_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search gives up, changes that mend several checks are made; as light as the bound is lightest."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    (problem,) = problems(tmp_path, {"a": "t[id=a].n = 4", "x": "t[id=a|b].n = 9", "all": "t.n = 16"})
    assert [brief(change) for change in problem.states[0].changes.values()] == ["t 1: n=4"]
    assert (len(problem.states), problem.is_lightest, problem.is_complete) == (1, True, False)


def test_a_bound_that_knows_of_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where keys stand twice a copy might be taken out, so that a changed cell is not known to be the lightest."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    names = {"categories": ["south", "souts", "x"], "constraints": {"required": True}}
    sheet = Sheet("id,n south,5 south,5", {"id": names, "n": COUNT}, "id")
    rules = {"rows": "t = 2", "sum": "t[id=south].n = 5"}
    (problem,) = diagnosis(write(tmp_path, {"t": sheet}, rules, definitions=tuple(rules))).problems()
    assert problem.states[0].weight == CELL
    assert not problem.is_lightest


def test_what_only_the_solver_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is put to the solver; a repair above the bound is not taken for the lightest."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    rules = {"sum": "t[id=a].n + t[id=b].n = 10", "more": "t[id=b].n + t[id=c].n = 14", "b": "t[id=b].n = 5"}
    (problem,) = problems(tmp_path, rules)
    assert {brief(change) for change in problem.states[0].changes.values()} == {"t 1: n=5", "t 3: n=9"}
    assert problem.states[0].weight == 2 * CELL
    assert (problem.is_lightest, problem.is_complete) == (False, False)


def test_the_lighter_of_two_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what was made change by change and what the solver found, the lighter is told."""
    rules = {"a": "t[id=a].n = 4", "x": "t[id=a|b].n = 9", "m": "t[id=a].m = 2", "y": "t[id=a|b].m = 4"}
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    (problem,) = problems(tmp_path, rules)
    assert [brief(change) for change in problem.states[0].changes.values()] == ["t 1: m=2,n=4"]
    assert (problem.states[0].weight, len(problem.states), problem.is_lightest) == (2 * CELL, 1, False)
    monkeypatch.setattr("scrdata.localisation.search.Search.peeled", lambda _, start: start)
    (problem,) = problems(tmp_path, rules)
    assert problem.states[0].weight == 2 * CELL


def test_a_bound_from_so_many_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of a larger repair looks at as many checks as it may."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    monkeypatch.setattr("scrdata.localisation.search.MOST_GROUPED", 0)
    for most, is_lightest in ((1, False), (2, True)):
        monkeypatch.setattr(module, "MOST_BOUNDED", most)
        (problem,) = problems(tmp_path, {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6"})
        assert (problem.states[0].weight, problem.is_lightest) == (2 * CELL, is_lightest)


class Clock:
    """A clock that stands still until it is moved, in the place of `time`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for part in ("diagnosis", "search"):
            monkeypatch.setattr(f"scrdata.localisation.{part}.time", self)

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock at 0; a diagnosis has sixty seconds."""
    return Clock(monkeypatch)


def observe(monkeypatch: pytest.MonkeyPatch, name: str, clock: Clock, then: float | None = None) -> list[float]:
    """Note the deadline at each call of a method of the search; afterwards it is so late."""
    deadlines = []
    original = getattr(Search, name)

    def method(search: Search, start: State) -> object:
        deadlines.append(search.deadline)
        found = original(search, start)
        clock.now = clock.now if then is None else then
        return found

    monkeypatch.setattr(Search, name, method)
    return deadlines


def test_groups_share_half_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Each group has its share of half of the time that is left."""
    deadlines = observe(monkeypatch, "repair", clock)
    problems(tmp_path, {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6", "c": "t[id=c].n = 8"})
    assert deadlines == [10, 15, 30]
    clock.now = 100
    deadlines.clear()
    problems(tmp_path, {"a": "t[id=a].n = 4"})
    assert deadlines == [130]


def test_larger_repairs_have_the_rest_of_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """What the search leaves has the share of all that is left, and the solver what is left of that."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    limits = []

    def solve(*_: object, time_limit: float) -> object:
        limits.append(time_limit)
        return Solution("limit")

    monkeypatch.setattr("scrdata.localisation.programme.solve", solve)
    searches, peelings = observe(monkeypatch, "repair", clock), observe(monkeypatch, "peeled", clock)
    problems(tmp_path, {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6"})
    assert searches == [15, 30, 30, 60]
    assert (peelings, limits) == ([30, 60], [30, 60])
    for then, left in ((59.5, [0.5]), (60, []), (61, [])):
        limits.clear()
        with monkeypatch.context() as patched:
            clock.now = 0
            observe(patched, "peeled", clock, then)
            problems(tmp_path, {"a": "t[id=a].n = 4"})
        assert limits == left


def test_nothing_larger_is_looked_for_too_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Once the time is over, what the search did not finish is left."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    peelings = observe(monkeypatch, "peeled", clock)
    observe(monkeypatch, "repair", clock, 60)
    (problem,) = problems(tmp_path, {"a": "t[id=a].n = 4"})
    assert (problem.states, peelings) == ((), [])
    clock.now = 0
    observe(monkeypatch, "repair", clock, 59)
    problems(tmp_path, {"a": "t[id=a].n = 4"})
    assert peelings == [60]


def test_groups_are_not_joined_too_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Once the time is over, groups are not repaired together; that they do not do together is still noticed."""
    sheet = Sheet("id,n,m a,3,1 b,2,2", {"n": COUNT, "m": COUNT}, "id")
    rules = {"one": "t[n=3].n <= 2", "two": "t[n=2].m >= 3"}
    write(tmp_path, {"t": sheet}, rules, definitions=tuple(rules))
    with monkeypatch.context() as patched:
        deadlines = observe(patched, "repair", clock)
        diagnosis(tmp_path, 60).problems()
        assert deadlines == [15, 30, 30]
    for then, number in ((60, 2), (59, 1)):
        clock.now = 0
        with monkeypatch.context() as patched:
            observe(patched, "repair", clock, then)
            assert len(diagnosis(tmp_path, 60).problems()) == number
    rules = {"a": "t[id=a].n = 5", "c": "t[id=c].n = 9", "most": "t[id=a].n + t[id=c].n <= 13"}
    for then, is_lightest in ((60, [False, False]), (61, [True, False])):
        clock.now = 0
        with monkeypatch.context() as patched:
            observe(patched, "repair", clock, then)
            assert [problem.is_lightest for problem in problems(tmp_path, rules)] == is_lightest


def test_the_solver_is_spared_where_the_bound_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair that weighs no more than the bound needs no solver."""
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    monkeypatch.setattr("scrdata.localisation.programme.solve", None)
    (problem,) = problems(tmp_path, {"a": "t[id=a].n = 4", "x": "t[id=a|b].n = 9"})
    assert problem.is_lightest


# Words against values ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mention", "column", "suggested", "confidence", "reasons"),
    [
        (
            "p 1,statistic,fifteen,16,=,t.n,,", "value", "15", 0.75,
            (f"the printed words 'fifteen' say 15, {BESIDE} 16", WORDS),
        ),
        (
            "p 1,statistic,sixteen,15,=,t.n,,", "printed", "15", 0.75,
            (f"the printed words 'sixteen' say 16, {BESIDE} 15", VALUE),
        ),
        (
            "p 1,statistic,sixteen,17,=,t.n,,", "value", "16", 0.67,
            (f"the printed words 'sixteen' say 16, {BESIDE} 17",),
        ),
        (
            "p 1,statistic,fifteen,,=,t.n,,", "value", "15", 0.75,
            (f"the printed words 'fifteen' say 15, {BESIDE} missing", WORDS),
        ),
        (
            "p 1,threshold,third,4,,,,", "value", "3", 0.67,
            (f"the printed words 'third' say 1/3 or 3, {BESIDE} 4",),
        ),
        (
            "p 1,threshold,third,1/4,,,,", "value", "1/3", 0.67,
            (f"the printed words 'third' say 1/3 or 3, {BESIDE} 1/4",),
        ),
        (
            "p 1,statistic,several,4,,,,some", "value", None, 0.67,
            (f"the printed words 'several' say no number, {BESIDE} 4",),
        ),
        (
            "p 1,statistic,a fifth,1/3,=,t[id=a].n,t.n,", "value", "1/5", 0.75,
            (f"the printed words 'a fifth' say 1/5 or 5, {BESIDE} 1/3", WORDS),
        ),
    ],
)  # fmt: skip
def test_words_that_contradict_a_value(
    tmp_path: Path, mention: str, column: str, suggested: str | None, confidence: float, reasons: tuple[str, ...]
) -> None:
    """The total tells which of the two is wrong; where there is none, or neither agrees, it is the value."""
    write(tmp_path, {"t": SHEET}, {}, mentions=(mention,))
    found = suspects(tmp_path)
    (suspect,) = found.suspects
    cells = dict(zip(("printed", "value"), mention.split(",")[2:4], strict=True))
    assert (suspect.table, suspect.action, suspect.row, suspect.key) == ("mentions", "change", 1, {"mention_id": "m1"})
    assert (suspect.column, suspect.found or "", suspect.suggested) == (column, cells[column], suggested)
    assert (suspect.confidence, suspect.reasons) == (confidence, reasons)
    assert suspect.explains == ("printed_words_say_the_value", "m1")
    assert (suspect.problem, suspect.file, suspect.line) == (1, "mentions.csv", 2)
    assert (found.failing, found.unresolved, found.optimal) == (1, (), True)


def test_words_are_held_against_what_is_mended(tmp_path: Path) -> None:
    """The total of a mention is that of the numbers as they should be."""
    rules = {"a": "t[id=a].n = 4", "b": "2 * t[id=a].n = 8"}
    mentions = ("p 1,statistic,sixteen,15,=,t.n,,", "p 2,statistic,fifteen,16,=,t.n,,")
    write(tmp_path, {"t": SHEET}, rules, mentions=mentions, definitions=tuple(rules))
    found = suspects(tmp_path)
    assert [(item.table, item.row, item.column, item.suggested, item.problem) for item in found.suspects] == [
        ("mentions", 1, "value", "16", 2),
        ("mentions", 2, "printed", "16", 3),
        ("t", 1, "n", 4, 1),
    ]
    assert found.failing == 4


def test_words_are_not_held_against_what_is_undetermined(tmp_path: Path) -> None:
    """Numbers that cannot be told are left as they are for the total of a mention."""
    rules = {"sum": "t.n = 16", "a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7"}
    mentions = ("p 1,statistic,three,4,=,t[id=a].n,,",)
    write(tmp_path, {"t": SHEET}, rules, mentions=mentions, definitions=("sum",))
    (suspect,) = suspects(tmp_path).suspects
    assert (suspect.column, suspect.suggested, suspect.confidence) == ("value", "3", 0.75)


def test_words_about_a_total_that_is_not_known(tmp_path: Path) -> None:
    """A total with a missing cell agrees with nothing."""
    sheet = Sheet("id,n a,3 b,", {"n": INTEGER}, "id")
    write(tmp_path, {"t": sheet}, {}, mentions=("p 1,statistic,three,4,=,t.n,,",))
    (suspect,) = suspects(tmp_path).suspects
    assert (suspect.column, suspect.suggested, len(suspect.reasons)) == ("value", "3", 1)


# What no check speaks of ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("bytes", 7, "byte_count_is_as_declared"),
        ("hash", "sha256:" + "0" * 64, "hash_is_as_declared"),
        ("scrdata:rows", 7, "row_count_is_as_declared"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, name: str, value: object, check: str) -> None:
    """A size that differs is unresolved where nothing is mended in the file, and is mended with a number otherwise."""

    def found(rules: dict[str, str], *mentions: str) -> Suspects:
        write(tmp_path, {"t": SHEET}, rules, mentions=mentions, definitions=tuple(rules))
        descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
        descriptor["resources"][0][name] = value
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return suspects(tmp_path)

    (item,) = found({"all": "t.n = 15"}).unresolved
    assert (item.check, item.place) == (check, f"datapackage.json, line 1, property resources[0].{name}")
    assert item.reason
    assert found({"a": "t[id=a].n = 4"}).unresolved == ()
    assert found({}, "p 1,threshold,third,4,,,,").unresolved == ()


def test_findings_of_other_kinds(tmp_path: Path) -> None:
    """What validation found and no check of numbers speaks of is passed on, and so is what was left out."""
    write(
        tmp_path,
        {"t": SHEET, "u": Sheet("k 1", {"k": COUNT})},
        {"a": "t[id=a].n = 4", "u": "u.k = 3"},
        definitions=("a",),
    )
    (tmp_path / "u.csv").write_bytes(b"z\n1\n")
    found = suspects(tmp_path)
    assert briefly(found.suspects) == [("t", 1, "n", 4)]
    checks = [item.check for item in found.unresolved]
    assert checks == ["header_is_as_declared", "u"]
    assert found.unresolved[0].place == "u.csv, line 1"
    assert found.unresolved[1].place == ""


def test_a_registered_discrepancy_that_is_gone(tmp_path: Path) -> None:
    """That a registered check holds is unresolved where nothing is changed, and where the register counts."""
    rules = {"r": "t.n = 15", "a": "t[id=a].n = 3"}
    write(tmp_path, {"t": SHEET}, rules, registered=("r,,15,14",), definitions=tuple(rules))
    assert [item.check for item in suspects(tmp_path).unresolved] == ["registered_discrepancy_stands"]
    assert suspects(tmp_path, register=False).unresolved == ()


def test_the_register_counts_unless_it_is_set_aside(tmp_path: Path) -> None:
    """A registered check that fails as it is known to is no error; without the register it is."""
    rules = {"r": "t.n = 16", "a": "t[id=a].n = 3"}
    write(tmp_path, {"t": SHEET}, rules, registered=("r,,15,16",), definitions=tuple(rules))
    assert suspects(tmp_path).failing == 0
    assert suspects(tmp_path, register=False).failing == 1
