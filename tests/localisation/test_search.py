"""The search for lightest repairs: what is independent, what must be paid at least, and when it gives up."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from scrdata.localisation import search
from scrdata.localisation.states import CELL, DOUBLE, LEFT_OUT, RECODED, STATEMENT
from tests.localisation.packages import COUNT, REQUIRED, Sheet, brief, check, diagnosis, names, refers, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis
    from scrdata.localisation.states import State

CODES = {"categories": ["x", "y", "z"], "constraints": {"required": True}}
NUMBERS = Sheet("id,c,n,m a,x,3,1 b,x,5,1 c,y,7,1 d,z,9,1", {"n": COUNT, "m": COUNT, "c": CODES}, "id")


def spoilt(folder: Path, rules: Mapping[str, str] | None, sheet: Sheet = NUMBERS, **others: Sheet) -> Diagnosis:
    """Return what looks for what is wrong in a package whose rules are definitions."""
    return diagnosis(write(folder, {"t": sheet, **others}, rules, definitions=tuple(rules or ())))


def groups(found: Diagnosis) -> list[list[str]]:
    """Return the names of failing checks, in the groups that are repaired apart."""
    return [names(found, group) for group in found.search.components(found.assessment.start().failing)]


def told(states: tuple[State, ...]) -> list[set[object]]:
    """Return the changes of repairs."""
    return [{brief(change) for change in state.changes.values()} for state in states]


# What has to do with one another --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1"}, [["a"], ["b"]]),
        ({"a": "t[id=a].n = 1", "all": "t.n = 1"}, [["a", "all"]]),
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "both": "t[id=a|b].n = 1"}, [["a", "b", "both"]]),
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "c": "t[id=b|c].n = 1"}, [["a"], ["b", "c"]]),
        ({"a": "t[id=a].n = 1", "m": "t[id=b].m = 9"}, [["a"], ["m"]]),
        ({"a": "t[id=a].n = 1", "m": "t[id=a].m = 9"}, [["a", "m"]]),
        ({"x": "t[c=x].n = 1", "y": "t[c=y].n = 1"}, [["x"], ["y"]]),
        ({"x": "t[c=x].n = 1", "y": "t[c=y] = 9"}, [["x", "y"]]),
        ({"x": "t[c=x].n = 1", "y": "t[c=y].n = 1", "rows": "t[c=x] = 9"}, [["x", "rows", "y"]]),
        ({"x": "t[c=x] = 9", "y": "t[c=y] = 9"}, [["x", "y"]]),
        ({"x": "t[id=a] = 9", "y": "t[id=b] = 9"}, [["x", "y"]]),
        ({"x": "t[id=a].n = 1", "y": "t[id=b] = 9"}, [["x", "y"]]),
        ({"x": "t[id=a] = 9", "y": "t[id=b].n = 1"}, [["x", "y"]]),
        ({"a": "t[id=a].n = 1", "u": "u.k = 1"}, [["a"], ["u"]]),
        ({"a": "t[id=a].n = 1", "u": "u = 9"}, [["a"], ["u"]]),
        ({"a": "t[id=a].n = 1", "u": "u = t[id=b].n"}, [["a"], ["u"]]),
        ({"a": "t[id=a].n = 1", "u": "u = t[id=a].n"}, [["a", "u"]]),
        ({"x": "t[c=x].n = 1", "big": "t[n>=6].m = 9"}, [["x", "big"]]),
        ({"x": "t[c=x|y].n = 1", "y": "t[c=z].n = 1"}, [["x"], ["y"]]),
    ],
)
def test_groups_of_failing_checks(tmp_path: Path, rules: Mapping[str, str], expected: list[list[str]]) -> None:
    """Checks are apart if no cell, row or code that is worth changing could mend two of them."""
    found = groups(spoilt(tmp_path, rules, u=Sheet("k 3 4", {"k": COUNT})))
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def test_groups_beside_wrong_cells(tmp_path: Path) -> None:
    """A cell that is wrong by itself has to do with all that fails in its table."""
    sheet = Sheet("id,n,m a,3,x b,5,1", {"n": COUNT, "m": COUNT}, "id")
    other = Sheet("k 3 4", {"k": COUNT})
    found = groups(spoilt(tmp_path, {"a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "u": "u.k = 1"}, sheet, u=other))
    assert found == [["u"], ["a", "b", "cell_fits_type"]]


def test_a_bound_beside_wrong_cells(tmp_path: Path) -> None:
    """A cell that is wrong may move its row from one sum to another, as long as it is wrong."""
    sheet = Sheet("id,c,n,m a,x,3,q b,y,5,1", {"n": COUNT, "m": COUNT, "c": CODES}, "id")
    found = spoilt(tmp_path, {"x": "t[c=x].n = 1", "y": "t[c=y].n = 1"}, sheet)
    failing = found.assessment.start().failing
    assert found.search.bound(failing) == CELL
    assert found.search.bound(failing - {check(found, "cell_fits_type")}) == 2 * CELL


def test_groups_of_parts_of_wholes(tmp_path: Path) -> None:
    """Parts of wholes are apart from one another, and from sums over other rows, but not from their wholes."""
    fields = {"n": COUNT, "m": COUNT, "w": {"scrdata:reference": True, "scrdata:wholeOf": "n"}}
    sheet = Sheet("id,n,w a,3,u[k=1].k b,5,u[k=2].k c,7, d,1,", fields, "id")
    whole = Sheet("k 1 2", {"k": COUNT})
    rules = {"c": "t[id=c].n = 1", "a": "t[id=a|d].n = 9"}
    assert groups(spoilt(tmp_path, rules, sheet, u=whole)) == [
        ["c"], ["a", "t row 1: part_does_not_exceed_whole"], ["t row 2: part_does_not_exceed_whole"],
    ]  # fmt: skip
    joined = groups(spoilt(tmp_path, {"u": "u.k = 9"}, sheet, u=whole))
    assert [len(group) for group in joined] == [3]


def test_groups_beside_wrong_keys(tmp_path: Path) -> None:
    """A key that is wrong has to do with every sum of its table, as any row may come to be called otherwise."""
    sheet = Sheet("id,n a,3 b,5 c,7 c,7", {"n": COUNT}, "id")
    rules = {"a": "t[id=a].n = 1", "b": "t[id=b].n = 1"}
    found = spoilt(tmp_path, rules, sheet)
    assert groups(found) == [["a", "b", "primary_key_is_unique"]]
    assert found.search.bound(found.assessment.start().failing) == CELL


def test_very_many_checks_are_one_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More checks than are told apart stay together."""
    found = spoilt(tmp_path, {"a": "t[id=a].n = 1", "b": "t[id=b].n = 1"})
    monkeypatch.setattr(search, "MOST_GROUPED", 2)
    assert groups(found) == [["a"], ["b"]]
    monkeypatch.setattr(search, "MOST_GROUPED", 1)
    assert groups(found) == [["a", "b"]]


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"a": "t[id=a].n = 1"}, 1),
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1"}, 2),
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "all": "t.n = 1"}, 2),
        ({"all": "t.n = 1", "a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "both": "t.n + t.m = 1"}, 2),
        ({"a": "t[id=a].n = 1", "b": "t[id=b].n = 1", "rows": "t[c=x] = 9"}, 2),
        ({"x": "t[c=x].n = 1", "y": "t[c=y].n = 1"}, 2),
        ({"x": "t[c=x].n = 1", "y": "t[c=y].n = 1", "rows": "t[c=x] = 9"}, 1),
        ({"x": "t[c=x,id=a].n = 1", "y": "t[c=x,id=b].n = 1", "rows": "t[c=x] = 9"}, 2),
        ({"x": "t[c=x].n = 1", "big": "t[n>=6].m = 9"}, 1),
        ({"x": "t[c=x].n = 1", "y": "t[c=x|y,id=c].n = 1"}, 1),
        ({"x": "t[c=x,n>=1].n = 1", "y": "t[c=y,n<=9].n = 1"}, 2),
        ({"x": "t[c=x,n<=4].m = 9", "y": "t[n>=5].m = 9"}, 1),
        ({"s": "t[id=a|b].n = 1", "p": "t[id=a|c].m + t[id=a|c].n = 1", "q": "t[id=b|d].m + t[id=b|d].n = 1"}, 2),
    ],
)
def test_what_a_repair_weighs_at_least(tmp_path: Path, rules: Mapping[str, str], changes: int) -> None:
    """A repair weighs as much as the checks of which no single change can mend two."""
    found = spoilt(tmp_path, rules)
    assert found.search.bound(found.assessment.start().failing) == changes * CELL


def test_a_check_for_each_code(tmp_path: Path) -> None:
    """Of a check with a star each instance is about its own code."""
    found = spoilt(tmp_path, {"each": "t[c=*].n = 1"})
    assert groups(found) == [["each[c=x]"], ["each[c=y]"], ["each[c=z]"]]
    found = spoilt(tmp_path, {"each": "t[c=*].n = 1", "q": "t[c=x,id=q].n = 3"})
    assert groups(found) == [["each[c=y]"], ["each[c=z]"], ["each[c=x]", "q"]]
    found = spoilt(tmp_path, {"each": "t[c=*].n = 1", "y": "t[c=y].m = 9"})
    assert groups(found) == [["each[c=x]"], ["each[c=z]"], ["each[c=y]", "y"]]


def test_only_so_many_checks_enter_the_bound(tmp_path: Path) -> None:
    """The first few of the smallest checks tell what a repair weighs at least."""
    found = spoilt(tmp_path, {name: f"t[id={name}].n = 1" for name in "abcd"})
    failing = found.assessment.start().failing
    assert [found.search.bound(failing, most) for most in (1, 3, 4, 9)] == [CELL, 3 * CELL, 4 * CELL, 4 * CELL]
    assert found.search.bound(frozenset()) == 0


# Repairs -------------------------------------------------------------------------------------


def repaired(found: Diagnosis) -> search.Repairs:
    """Return the lightest repairs of all failing checks."""
    return found.search.repair(found.assessment.start())


def test_all_repairs_of_the_least_weight(tmp_path: Path) -> None:
    """Repairs that tie are all there, in one order, and nothing heavier."""
    found = repaired(spoilt(tmp_path, {"sum": "t.n = 26", "x": "t[c=x].n = 10"}))
    assert told(found.states) == [{"t 1: n=5"}, {"t 2: n=7"}]
    assert {state.weight for state in found.states} == {CELL}
    assert (found.is_lightest, found.is_complete) == (True, True)


def test_repairs_of_several_changes(tmp_path: Path) -> None:
    """Where no single change is enough, as few as are."""
    rules = {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6", "all": "t.n = 26"}
    found = repaired(spoilt(tmp_path, rules))
    assert told(found.states) == [{"t 1: n=4", "t 2: n=6"}]
    assert found.states[0].weight == 2 * CELL


def test_the_same_repair_by_another_way(tmp_path: Path) -> None:
    """A repair that is reached by way of either of its changes is told once."""
    fixed = {f"m{name}": f"t[id={name}].m = 1" for name in "abcd"}
    rules = {"both": "t[id=a|b].n = 12", "p": "t[id=a].n + t.m = 8", "q": "t[id=b].n + t.m = 12", **fixed}
    found = repaired(spoilt(tmp_path, rules))
    assert told(found.states) == [{"t 1: n=4", "t 2: n=8"}]


def test_nothing_that_mends(tmp_path: Path) -> None:
    """Where no change mends a check, that is certain."""
    found = repaired(spoilt(tmp_path, {"a": "2 * t[id=a].n = 7"}))
    assert (found.states, found.is_lightest, found.is_complete) == ((), True, True)


def test_rows_that_are_not_enough_are_no_repair(tmp_path: Path) -> None:
    """Where one more row is not enough, rows that are there come in, and none is put in for the rest."""
    assert told(repaired(spoilt(tmp_path, {"rows": "t[c=x] = 4"})).states) == [{"t 3: c=x", "t 4: c=x"}]
    assert repaired(spoilt(tmp_path, {"rows": "t[c=x] = 6"})).states == ()


def test_nothing_to_mend(tmp_path: Path) -> None:
    """Where nothing fails the repair is to change nothing."""
    found = repaired(spoilt(tmp_path, {"all": "t.n = 24"}))
    assert (told(found.states), found.is_lightest, found.is_complete) == ([set()], True, True)


def test_statements_against_cells(tmp_path: Path) -> None:
    """One statement is set aside rather than two cells, but one cell is changed rather than a statement."""
    rules = {"a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "x": "t[c=x].n = 9"}
    write(tmp_path, {"t": NUMBERS}, rules, definitions=("a", "b"))
    found = repaired(diagnosis(tmp_path))
    assert (told(found.states), found.states[0].weight) == ([set()], STATEMENT)
    assert {group[2] for group in found.states[0].waived} == {"x"}
    write(tmp_path, {"t": NUMBERS}, {"x": "t[id=a].n = 9"})
    assert repaired(diagnosis(tmp_path)).states[0].weight == CELL


def test_only_so_many_ties(tmp_path: Path) -> None:
    """Of very many repairs of one weight the first are kept, and that there are more is said."""
    found = spoilt(tmp_path, {"sum": "t.n = 26"})
    for most, kept in ((3, 3), (4, 4), (5, 4)):
        repairs = search.Search(found.assessment, time.monotonic() + 60, most).repair(found.assessment.start())
        assert (len(repairs.states), repairs.is_lightest, repairs.is_complete) == (kept, True, most > 3)


def test_a_search_that_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many states, or too late, the search stops; what it found by then is lightest, and maybe not all."""
    rules = {"a": "t[id=a].n = 4", "b": "t[id=b].n = 6", "c": "t[id=c].n = 8"}
    for most, is_found in ((2, False), (3, True)):
        monkeypatch.setattr(search, "MOST_STATES", most)
        repairs = repaired(spoilt(tmp_path, rules))
        assert (bool(repairs.states), repairs.is_lightest, repairs.is_complete) == (is_found, is_found, is_found)
    monkeypatch.setattr(search, "MOST_STATES", 99)
    late = spoilt(tmp_path, rules)
    late.search.deadline = time.monotonic() - 1
    repairs = repaired(late)
    assert (repairs.states, repairs.is_lightest, repairs.is_complete) == ((), False, False)


def test_the_moment_of_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the very moment of the deadline a search still goes on, and no change is made first any more."""
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4", "all": "t.n = 25"})
    monkeypatch.setattr(search, "time", SimpleNamespace(monotonic=lambda: found.search.deadline))
    start = found.assessment.start()
    assert found.search.peeled(start) is start
    assert told(repaired(found).states) == [{"t 1: n=4"}]


def test_a_search_for_further_repairs_that_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a repair is found, fewer states are looked at for others of its weight."""
    rules = {"one": "t[id=a|b].n = 9", "two": "t[id=c|d].n = 17", "three": "t[id=a|b].m = 3"}
    all_of_them = repaired(spoilt(tmp_path, rules))
    assert (len(all_of_them.states), all_of_them.is_complete) == (8, True)
    counts = []
    for most in (0, 1, 2, 3, 4, 5):
        monkeypatch.setattr(search, "MOST_FURTHER", most)
        repairs = repaired(spoilt(tmp_path, rules))
        assert repairs.is_lightest
        counts.append((len(repairs.states), repairs.is_complete))
    assert counts == [(2, False), (4, False), (4, False), (6, False), (8, True), (8, True)]


def test_a_row_that_stands_twice_is_lighter_than_any_other(tmp_path: Path) -> None:
    """A copy is taken out rather than called otherwise, also beside other failing checks."""
    sheet = Sheet("id,n a,3 b,5 b,5", {"n": COUNT, "id": {"categories": ["a", "c", "b"]}}, "id")
    found = repaired(spoilt(tmp_path, {"sum": "t.n = 8"}, sheet))
    assert (told(found.states), found.states[0].weight) == ([{"-t 2"}, {"-t 3"}], DOUBLE)
    twice = spoilt(tmp_path, {"sum": "t.n = 8"}, sheet)
    repaired(twice)
    assert twice.search.bound(twice.assessment.start().failing) == DOUBLE
    once = spoilt(tmp_path, {"sum": "t.n = 8"}, sheet._replace(text="id,n a,3 b,5 c,5"))
    repaired(once)
    assert once.search.bound(once.assessment.start().failing) == CELL
    found = repaired(spoilt(tmp_path, {"sum": "t.n = 8", "a": "2 * t[id=a].n = 8", "b": "t[id=b].n = 4"}, sheet))
    assert {state.weight for state in found.states} == {DOUBLE + 2 * CELL}


def first(found: Diagnosis) -> list[str]:
    """Return the name of the check that is resolved first."""
    return names(found, frozenset([found.search._chosen(found.assessment.start())]))


def test_keys_come_first(tmp_path: Path) -> None:
    """The check that is resolved first is one of a wrong key, else one that counts rows, else the smallest."""
    sheet = Sheet("id,n a,3 b,5 b,6", {"n": COUNT}, "id")
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4"}, sheet)
    assert first(found) == ["primary_key_is_unique"]
    sheets = {"u": Sheet("p k1", {"p": REQUIRED}, "p")}
    sheet = Sheet("id,p,n a,k1,3 b,k9,5 c,k1,7", {"p": REQUIRED, "n": COUNT}, "id", refers("p", "u", "p"))
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4", "rows": "t = 2"}, sheet, **sheets)
    assert first(found) == ["foreign_key_exists"]
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4", "rows": "t[c=x] = 3", "sums": "t.n = 3"})
    assert first(found) == ["rows"]
    found = spoilt(
        tmp_path, {"both": "t[id=a|b].n = 4", "sums": "t.n = 3", "one": "t[id=c].n = 3", "two": "t[id=d].n = 3"}
    )
    assert first(found) == ["one"]
    found = spoilt(tmp_path, {"both": "t[id=a|b].n = 4", "u": "u[k=3] = 2"}, u=Sheet("k 3", {"k": COUNT}))
    assert first(found) == ["u"]
    found = spoilt(tmp_path, {"one": "t[id=a].n = 4", "u": "u = 5"}, u=Sheet("k 3 4", {"k": COUNT}))
    assert first(found) == ["one"]
    found = spoilt(tmp_path, {"a": "t[id=a].n + t[c=x] = 9", "b": "t[id=b].n = 9"})
    assert first(found) == ["a"]


def test_keys_that_are_exchanged(tmp_path: Path) -> None:
    """A key that refers to no row is exchanged, or the row that it names put in, whichever is lighter."""
    sheets = {"u": Sheet("p k1 k2", {"p": REQUIRED}, "p")}
    sheet = Sheet("id,p a,k1 b,k9 c,k2", {"p": REQUIRED}, "id", refers("p", "u", "p"))
    found = repaired(spoilt(tmp_path, None, sheet, **sheets))
    assert ({state.weight for state in found.states}, told(found.states)) == ({LEFT_OUT}, [{"u +: p=k9"}])
    found = repaired(spoilt(tmp_path, {"rows": "u = 2", "t": "t = 3"}, sheet, **sheets))
    assert ({state.weight for state in found.states}, {frozenset(item) for item in told(found.states)}) == (
        {RECODED}, {frozenset({"t 2: p=k1"})},
    )  # fmt: skip


def test_rows_of_which_only_a_sum_speaks_are_not_put_in(tmp_path: Path) -> None:
    """The search puts in rows that something names; those of which a sum alone speaks are told apart."""
    rules = {"sum": "t.n = 26", "a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7", "d": "t[id=d].n = 9"}
    found = spoilt(tmp_path, rules)
    assert repaired(found).states == ()
    assert told(tuple(found.search.unnamed(found.assessment.start()))) == [{"t +: n=2"}]
    assert repaired(spoilt(tmp_path, {**rules, "rows": "t = 5"})).states[0].weight == LEFT_OUT


def test_rows_of_which_only_a_sum_speaks_mend_everything(tmp_path: Path) -> None:
    """A row that leaves another check failing is none; those of the first check that has any are told."""
    rules = {"sum": "t.n = 26", "more": "t.m = 6", "rows": "t <= 4"}
    found = spoilt(tmp_path, rules)
    assert list(found.search.unnamed(found.assessment.start())) == []
    found = spoilt(tmp_path, {"sum": "t.n = 26", "more": "2 * t.n = 52"})
    assert told(tuple(found.search.unnamed(found.assessment.start()))) == [{"t +: n=2"}]


# Larger repairs ------------------------------------------------------------------------------


def test_changes_that_mend_several_checks_are_made_first(tmp_path: Path) -> None:
    """What mends most and breaks nothing is changed; a cell of which one check alone speaks is left."""
    rules = {
        "a": "t[id=a].n = 4", "x": "t[c=x].n = 9", "all": "t.n = 25",
        "m": "t[id=a].m = 5", "n": "t[c=x].m = 6",
        "c": "t[id=d].m = 9",
    }  # fmt: skip
    found = spoilt(tmp_path, rules)
    state = found.search.peeled(found.assessment.start())
    assert told((state,)) == [{"t 1: m=5,n=4"}]
    assert names(found, state.failing) == ["c"]


def test_changes_that_break_something_are_not_made(tmp_path: Path) -> None:
    """A change that mends two checks and breaks a third is not made."""
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4", "x": "t[c=x].n = 9", "all": "t.n = 24"})
    start = found.assessment.start()
    assert found.search.peeled(start) is start


def test_the_change_that_mends_most(tmp_path: Path) -> None:
    """Of several changes that break nothing the one is made after which fewest checks fail."""
    rules = {"x": "t[c=x].n = 9", "all": "t.n = 25", "b": "t[id=b].n + t[id=c].n = 13"}
    found = spoilt(tmp_path, rules)
    assert told((found.search.peeled(found.assessment.start()),)) == [{"t 2: n=6"}]


def test_rows_that_several_checks_lack_are_put_in(tmp_path: Path) -> None:
    """A row that a count lacks is put in even where one check alone speaks of it."""
    found = spoilt(tmp_path, {"rows": "t[c=x] = 3"})
    assert told((found.search.peeled(found.assessment.start()),)) == [{"t +: c=x"}]


def test_rows_that_are_not_enough_are_not_put_in(tmp_path: Path) -> None:
    """A row after which its check fails as before is not put in."""
    found = spoilt(tmp_path, {"rows": "t[c=x] = 5"})
    start = found.assessment.start()
    assert found.search.peeled(start) is start


def test_small_checks_are_mended_first(tmp_path: Path) -> None:
    """Of checks that have nothing to do with one another those that fewest rows enter are mended first."""
    rules = {"all": "t[id=a|b|c].n = 16", "most": "t[id=b|c].n = 13", "b": "t[id=b].n = 6",
             "d": "t[id=d].n = 8", "d2": "2 * t[id=d].n = 16"}  # fmt: skip
    found = spoilt(tmp_path, rules)
    state = found.search.peeled(found.assessment.start())
    assert [brief(change) for change in state.changes.values()] == ["t 2: n=6", "t 4: n=8"]
    rules = {
        "all": "t[id=a|b|c].n = 16",
        "most": "t[id=b|c].n + t[id=b|c].n = 26",
        "d": "t[id=d].n = 8",
        "d2": "2 * t[id=d].n = 16",
    }
    state = (found := spoilt(tmp_path, rules)).search.peeled(found.assessment.start())
    assert [brief(change) for change in state.changes.values()] == ["t 4: n=8", "t 2: n=6"]


def test_nothing_is_changed_too_late(tmp_path: Path) -> None:
    """Once the time is over, the state is returned as it is."""
    found = spoilt(tmp_path, {"a": "t[id=a].n = 4", "all": "t.n = 25"})
    start = found.assessment.start()
    found.search.deadline = time.monotonic() - 1
    assert found.search.peeled(start) is start
