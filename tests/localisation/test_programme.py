"""Repairs by integer programming: the lightest by numbers alone, reckoned exactly, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation import programme
from scrdata.localisation.programme import repair_by_programme
from scrdata.localisation.states import CELL, STATEMENT
from tests.localisation.packages import COUNT, INTEGER, Sheet, brief, diagnosis, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHEET = Sheet("id,n a,3 b,5 c,7", {"n": COUNT}, "id")
FREE = SHEET._replace(fields={"n": INTEGER})


def repaired(
    folder: Path, rules: Mapping[str, str], *mentions: str, sheet: Sheet = SHEET, stated: tuple[str, ...] = ()
) -> tuple[set[object], set[str], int] | None:
    """Return changes, rules and mentions that are set aside, and the weight of a repair by numbers alone."""
    fixed = tuple(name for name in rules if name not in stated)
    found = diagnosis(write(folder, {"t": sheet}, rules, mentions=mentions, definitions=fixed))
    state = repair_by_programme(found.assessment, found.assessment.start(), 10)
    if state is None:
        return None
    assert not state.failing
    checks = found.network.checks
    waivers = {item.name: waiver.group for item in checks if (waiver := found.assessment.waiver(item)) is not None}
    aside = {name for name, group in waivers.items() if group in state.waived}
    assert state.weight == CELL * len(state.changes) + STATEMENT * len(state.waived)
    return {brief(change) for change in state.changes.values()}, aside, state.weight


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"r": "t[id=a].n = 8"}, {"t 1: n=8"}),
        ({"r": "t[id=a].n = 1"}, {"t 1: n=1"}),
        ({"r": "t[id=a].n = 0"}, {"t 1: n=0"}),
        ({"r": "t[id=a].n <= 1"}, {"t 1: n=1"}),
        ({"r": "2 * t[id=a].n < 6", "s": "t[id=a].n >= 2"}, {"t 1: n=2"}),
        ({"r": "t[id=a].n > 3", "s": "t[id=a].n <= 4"}, {"t 1: n=4"}),
        ({"r": "t[id=a].n >= 4", "s": "t[id=a].n < 5"}, {"t 1: n=4"}),
        ({"r": "t[id=a].n < 3", "s": "t[id=a].n > 1"}, {"t 1: n=2"}),
        ({"r": "2 * t[id=a].n = 8"}, {"t 1: n=4"}),
        ({"r": "8 = 2 * t[id=a].n"}, {"t 1: n=4"}),
        ({"r": "2 * t[id=a].n - t[id=b].n = t", "s": "t[id=b].n = 5"}, {"t 1: n=4"}),
        ({"r": "t[id=a].n = 8", "s": "t.n = 21", "u": "t[id=b].n = 5"}, {"t 1: n=8", "t 3: n=8"}),
        ({"r": "t.n = 16", "s": "t[id=a].n + t[id=b].n = 9"}, {"t 1: n=4"} | {"t 2: n=6"}),
        ({"r": "t[id=a].n = 8", "s": "t[id=b].n = 8", "u": "t[id=c].n = 8"}, {"t 1: n=8", "t 2: n=8", "t 3: n=8"}),
        ({"r": "t[id=a].n + 20 = t[id=b].n", "s": "t[id=a].n = 3"}, {"t 2: n=23"}),
    ],
)
def test_the_fewest_numbers(tmp_path: Path, rules: dict[str, str], changes: set[object]) -> None:
    """As few numbers are changed as can be, by as much as every rule demands."""
    found = repaired(tmp_path, rules)
    assert found is not None
    if rules.get("r") == "t.n = 16":
        assert (found[0] < changes, len(found[0])) == (True, 1)
    else:
        assert found == (changes, set(), CELL * len(changes))


def test_counts_do_not_fall_below_nothing(tmp_path: Path) -> None:
    """A column that takes no negative number gets none, one that does may, and one that is negative may stay so."""
    rules = {"r": "t[id=a].n + t[id=b].n = 1", "s": "t[id=b].n = 5"}
    assert repaired(tmp_path, rules) is None
    assert repaired(tmp_path, rules, sheet=FREE) == ({"t 1: n=-4"}, set(), CELL)
    below = Sheet("id,n a,-3 b,5", {"n": INTEGER}, "id")
    assert repaired(tmp_path, {"r": "0 - t[id=a].n = 9"}, sheet=below) == ({"t 1: n=-9"}, set(), CELL)


def test_statements_are_set_aside_where_that_is_lighter(tmp_path: Path) -> None:
    """One statement weighs less than two numbers and more than one; those of one place are one."""
    fixed = {"a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7"}
    assert repaired(tmp_path, {**fixed, "r": "t.n = 16"}, stated=("r",)) == (set(), {"r"}, STATEMENT)
    assert repaired(tmp_path, {**fixed, "r": "t.n = 16", "s": "2 * t.n = 32"}, stated=("r", "s")) == (
        set(), {"r", "s"}, 2 * STATEMENT,
    )  # fmt: skip
    assert repaired(tmp_path, {"r": "t.n = 16", "s": "2 * t.n = 32"}, stated=("r", "s"))[2] == CELL  # type: ignore[index]
    mentions = ("p 1,statistic,16,16,=,t.n,,", "p 1,statistic,17,17,=,t.n,,", "p 1,statistic,4,4,=,t[id=a].n,,")
    assert repaired(tmp_path, fixed, *mentions) == (set(), {"m1", "m2", "m3"}, 2 * STATEMENT)
    mention = "p 1,statistic,4,4,=,t[id=a].n,,"
    assert repaired(tmp_path, {"b": fixed["b"]}, mention) == ({"t 1: n=4"}, set(), CELL)
    assert repaired(tmp_path, {"r": "t[id=a].n = 4", "s": "t[id=a].n = 5"}, stated=("r", "s"))[2] == STATEMENT + CELL  # type: ignore[index]


def test_statements_are_set_aside_however_far_their_numbers_move(tmp_path: Path) -> None:
    """A statement that is set aside binds nothing, not even where a number changes as much as it may."""
    rules = {"b": "t[id=b].n = 4", "a": "t[id=a].n = 10 * t[id=b].n - 47", "r": "t[id=a].n = 4"}
    found = repaired(tmp_path, rules, sheet=FREE, stated=("r",))
    assert found == ({"t 1: n=-7", "t 2: n=4"}, {"r"}, 2 * CELL + STATEMENT)


def test_statements_that_hold_may_be_set_aside(tmp_path: Path) -> None:
    """A statement that is true of the numbers as they are gives way to several that are not."""
    rules = {"one": "t[id=a].n = 3", "r": "t.n = 16", "b": "t[id=b].n = 5", "c": "t[id=c].n = 7"}
    assert repaired(tmp_path, rules, stated=("one",)) == ({"t 1: n=4"}, {"one"}, CELL + STATEMENT)


def test_percentages(tmp_path: Path) -> None:
    """A share holds on both sides of what rounding allows."""
    fixed = {"b": "t[id=b].n = 5", "c": "t[id=c].n = 7", "all": "t.n <= 40"}
    found = repaired(tmp_path, fixed, "p 1,statistic,50%,50%,=,t[id=a].n,t.n,")
    assert found == ({"t 1: n=12"}, set(), CELL)


def test_far_numbers_within_reach(tmp_path: Path) -> None:
    """A number may change by ten times what is too much or too little, and no further."""
    far = {"r": "t[id=a].n = 2 * t[id=b].n", "s": "t[id=b].n - 9 * t[id=c].n = 1", "c": "t[id=c].n = 7"}
    assert repaired(tmp_path, far) == ({"t 1: n=128", "t 2: n=64"}, set(), 2 * CELL)
    weighed = {"r": "t[id=a].n + 1 = t[id=b].n", "b": "11 * t[id=b].n = 55"}
    assert repaired(tmp_path, weighed) == ({"t 1: n=4"}, set(), CELL)
    beyond = {"u": "t[id=a].n = 4", "s": "t[id=c].n = 11 * t[id=a].n - 26"}
    assert repaired(tmp_path, beyond) is None
    reached = {"u": "t[id=a].n = 4", "s": "t[id=c].n = 10 * t[id=a].n - 23"}
    assert repaired(tmp_path, reached) == ({"t 1: n=4", "t 3: n=17"}, set(), 2 * CELL)


def test_what_numbers_alone_cannot_mend(tmp_path: Path) -> None:
    """Where no numbers do, where a column refuses them, and where a cell cannot be read, there is no repair."""
    assert repaired(tmp_path, {"r": "2 * t[id=a].n = 7"}) is None
    assert repaired(tmp_path, {"r": "t = 4"}) is None
    most = SHEET._replace(fields={"n": {"type": "integer", "constraints": {"maximum": 9}}})
    assert repaired(tmp_path, {"r": "t[id=a].n = 10"}, sheet=most) is None
    unread = Sheet("id,n a,3 b,x", {"n": COUNT}, "id")
    assert repaired(tmp_path, {"r": "t[id=a].n = 4"}, sheet=unread) is None
    decimals = SHEET._replace(fields={"n": {"type": "number"}})
    assert repaired(tmp_path, {"r": "t[id=a].n = 4"}, sheet=decimals) is None


def test_checks_that_wait_for_a_cell_are_left_out(tmp_path: Path) -> None:
    """A check that is open says nothing, and the empty cell stays so; one beside it is mended."""
    sheet = Sheet("id,n a,3 b, c,7", {"n": INTEGER}, "id")
    assert repaired(tmp_path, {"r": "t[id=a].n = 4", "open": "t.n = 99"}, sheet=sheet) == ({"t 1: n=4"}, set(), CELL)


def test_numbers_that_are_conditions(tmp_path: Path) -> None:
    """What a changed number breaks, as it is a condition, is set aside if it can be; otherwise there is no repair."""
    rules = {"r": "t[id=a].n = 8", "many": "t[n>=5] = 2"}
    assert repaired(tmp_path, rules) is None
    assert repaired(tmp_path, rules, stated=("many",)) == ({"t 1: n=8"}, {"many"}, CELL + STATEMENT)


def test_checks_that_have_to_do_with_the_failing_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only cells of the failing checks, and of those that share one with them, are put to the solver, if few enough."""
    sheet = Sheet("id,n,m a,3,1 b,5,2 c,7,3 d,1,4", {"n": COUNT, "m": {"type": "number"}}, "id")
    rules = {"r": "t[id=a].n = 4", "s": "t[id=a|b].n = 8", "u": "t[id=b|c].n <= 12", "v": "t[id=d].m = 4"}
    found = repaired(tmp_path, rules, sheet=sheet)
    assert found is not None
    assert found[0] == {"t 1: n=4", "t 2: n=4"}
    monkeypatch.setattr(programme, "MOST_CELLS", 3)
    assert repaired(tmp_path, rules, sheet=sheet) == found
    monkeypatch.setattr(programme, "MOST_CELLS", 2)
    assert repaired(tmp_path, rules, sheet=sheet) is None


def test_without_time_there_is_no_repair(tmp_path: Path) -> None:
    """The solver keeps to its seconds."""
    found = diagnosis(write(tmp_path, {"t": SHEET}, {"r": "t[id=a].n = 8"}, definitions=("r",)))
    assert repair_by_programme(found.assessment, found.assessment.start(), 0) is None
