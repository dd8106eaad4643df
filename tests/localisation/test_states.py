"""States: which checks fail after some changes, what may be set aside, and what all of it weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrdata.localisation import states
from scrdata.localisation.changes import Change
from scrdata.localisation.states import AS_IT_STANDS, Waiver
from scrdata.network import REGISTERED, RULE
from tests.localisation.packages import COUNT, INTEGER, Sheet, check, diagnosis, names, refers, write

if TYPE_CHECKING:
    from pathlib import Path

SHEETS = {"t": Sheet("id,n,m a,3,1 b,5, c,2,2", {"n": COUNT, "m": INTEGER}, "id")}
RULES = {
    "nine": "t.n = 9",
    "one": "t[id=a].n = 4",
    "open": "t.m = 4",
    "same": "t[id=a].n = t[id=c].n",
    "less": "t[id=c].n <= t.n",
    "most": "t.n <= 10",
}
MENTIONS = (
    "p 1,statistic,nine,9,=,t.n,,",
    "p 1,statistic,eight,8,=,t.n,,",
    "p 2,statistic,nine,9,=,t.n,,",
    "p 1,statistic,three,3,=,t[id=a].n,,",
)
FAILING = ["nine", "one", "same", "m1", "m2", "m3"]


def test_a_package_as_it_stands(tmp_path: Path) -> None:
    """At first all checks fail that do not hold, those that wait for a missing cell do not, and nothing is changed."""
    found = diagnosis(write(tmp_path, SHEETS, RULES, mentions=MENTIONS))
    start = found.assessment.start()
    assert names(found, start.failing) == FAILING
    assert (start.changes, start.shifts, start.waived, start.weight) == ({}, {}, frozenset(), 0)
    still = AS_IT_STANDS
    assert (still.changes, still.shifts, still.failing, still.waived, still.weight) == ({}, {}, set(), set(), 0)


def test_cells_that_cannot_stay_fail_at_first(tmp_path: Path) -> None:
    """A cell that its column refuses is a failing check, until it or its row is changed."""
    sheets = {"t": Sheet("id,n,m a,x,y b,x,1 c,2,1", {"n": COUNT, "m": INTEGER}, "id"), "u": Sheet("n x", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {}))
    start, wrong = found.assessment.start(), found.assessment.wrong
    assert {cell for cell, position in wrong.items() if position in start.failing} == {
        ("t", 0, "n"), ("t", 0, "m"), ("t", 1, "n"), ("u", 0, "n"),
    }  # fmt: skip
    cell = found.assessment.apply(start, Change("t", 0, (("n", 1),)), 1)
    assert start.failing - cell.failing == {wrong["t", 0, "n"]}
    row = found.assessment.apply(start, Change("t", 0, removed=True), 1)
    assert start.failing - row.failing == {wrong["t", 0, "n"], wrong["t", 0, "m"]}


def test_changes_add_up(tmp_path: Path) -> None:
    """Changes of several rows stand side by side, those of one row become one, and each adds its weight."""
    found = diagnosis(write(tmp_path, SHEETS, RULES, mentions=MENTIONS))
    apply = found.assessment.apply
    one = apply(found.assessment.start(), Change("t", 0, (("n", 4),)), 7)
    assert names(found, one.failing) == ["nine", "same", "most", "m1", "m2", "m3", "m4"]
    two = apply(one, Change("t", 1, (("n", 3),)), 5)
    assert names(found, two.failing) == ["same", "m2", "m4"]
    assert (two.weight, set(two.changes)) == (12, {("t", 0), ("t", 1)})
    three = apply(two, Change("t", 0, (("n", 2),)), 3)
    assert names(found, three.failing) == ["nine", "one", "m1", "m2", "m3", "m4"]
    assert (three.weight, dict(three.changes)) == (
        15, {("t", 0): Change("t", 0, (("n", 2),)), ("t", 1): Change("t", 1, (("n", 3),))},
    )  # fmt: skip
    both = apply(one, Change("t", 0, (("m", 9),)), 3)
    assert both.changes["t", 0].cells == (("m", 9), ("n", 4))
    assert names(found, both.failing) == names(found, one.failing)
    gone = apply(two, Change("t", 0, removed=True), 3)
    assert names(found, gone.failing) == [*FAILING, "m4"]
    assert found.assessment.start().changes == {}


def test_rows_that_are_put_in_stand_apart(tmp_path: Path) -> None:
    """Several rows may be put in, of one table or of several; each shifts the totals."""
    sheets = {**SHEETS, "u": Sheet("n 1", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {"t": "t = 5", "u": "u = 2"}))
    state = found.assessment.start()
    for table, name in (("t", "d"), ("u", ""), ("t", "e")):
        cells = (("id", name),) if name else (("n", 4),)
        state = found.assessment.apply(state, Change(table, None, cells), 1)
    assert set(state.changes) == {("t", -1), ("u", -2), ("t", -3)}
    assert (state.failing, state.weight) == (set(), 3)
    first = found.assessment.apply(found.assessment.start(), Change("t", 0, (("n", 4),)), 1)
    assert set(found.assessment.apply(first, Change("t", None, (("id", "d"),)), 1).changes) == {("t", 0), ("t", -1)}
    counts = {str(found.network.nodes[node].reference): shift for node, shift in state.shifts.items()}
    assert counts == {"t": (2, 0), "u": (1, 0)}


def test_statements_that_are_set_aside(tmp_path: Path) -> None:
    """A statement that is set aside takes with it those in its place about its total, and weighs once."""
    found = diagnosis(write(tmp_path, SHEETS, RULES, mentions=MENTIONS))
    checks = found.network.checks
    start = found.assessment.start()
    waiver = found.assessment.waiver(checks[check(found, "m1")])
    assert waiver is not None
    assert waiver.weight == states.STATEMENT
    state = found.assessment.waive(start, waiver)
    assert names(found, state.failing) == ["nine", "one", "same", "m3"]
    assert (state.weight, state.waived, state.changes) == (states.STATEMENT, {waiver.group}, {})
    one = found.assessment.apply(state, Change("t", 0, (("n", 4),)), 7)
    assert names(found, one.failing) == ["nine", "same", "most", "m3", "m4"]
    assert (one.weight, one.waived) == (states.STATEMENT + 7, {waiver.group})
    third = found.assessment.waiver(checks[check(found, "m3")])
    assert third is not None
    both = found.assessment.waive(one, third)
    assert names(found, both.failing) == ["nine", "same", "most", "m4"]
    assert (both.weight, both.changes) == (2 * states.STATEMENT + 7, one.changes)
    assert both.waived == {waiver.group, third.group}
    assert both.shifts == one.shifts != {}


def test_what_tells_states_apart(tmp_path: Path) -> None:
    """The same changes and statements in any order are the same state."""
    found = diagnosis(write(tmp_path, SHEETS, RULES, mentions=MENTIONS))
    apply, start = found.assessment.apply, found.assessment.start()
    one, other = Change("t", 0, (("n", 4),)), Change("t", 1, (("n", 3),))
    assert apply(apply(start, one, 1), other, 1).key == apply(apply(start, other, 1), one, 1).key
    assert apply(start, one, 1).key != apply(start, other, 1).key
    waived = found.assessment.waive(start, Waiver(("rule", 0, "nine")))
    assert waived.key != start.key


def test_what_can_be_set_aside(tmp_path: Path) -> None:
    """Mentions, numbers that rules state and registered values can be wrong; definitions and all else cannot."""
    registered = ("same,,3,2", "one,,3,4")
    found = diagnosis(
        write(tmp_path, SHEETS, RULES, mentions=MENTIONS, registered=registered, definitions=("nine", "most"))
    )
    groups = {
        (item.name, item.column): None if (waiver := found.assessment.waiver(item)) is None else waiver.group
        for item in found.network.checks
    }
    total = found.network.node(found.contents.totals.reference("t.n"))
    one = found.network.node(found.contents.totals.reference("t[id=a].n"))
    assert groups == {
        ("nine", "equation"): None,
        ("one", "left_value"): (REGISTERED, 1, "left_value"),
        ("open", "equation"): (RULE, 2, "open"),
        ("same", "left_value"): (REGISTERED, 0, "left_value"),
        ("same", "right_value"): (REGISTERED, 0, "right_value"),
        ("less", "equation"): None,
        ("most", "equation"): None,
        ("m1", "value"): ("mention", total, "p 1"),
        ("m2", "value"): ("mention", total, "p 1"),
        ("m3", "value"): ("mention", total, "p 2"),
        ("m4", "value"): ("mention", one, "p 1"),
    }


def test_rules_are_set_aside_one_instance_at_a_time(tmp_path: Path) -> None:
    """Of a rule for each code the instances can be wrong apart; without a column of bases, every rule can."""
    folder = write(tmp_path, SHEETS, {"each": "t[id=*].n = 3"})
    text = (folder / "rules.csv").read_text(encoding="utf-8")
    (folder / "rules.csv").write_text(text.replace("basis", "remark"), encoding="utf-8")
    descriptor = (folder / "datapackage.json").read_text(encoding="utf-8")
    (folder / "datapackage.json").write_text(descriptor.replace('"basis"', '"remark"'), encoding="utf-8")
    found = diagnosis(folder)
    groups = [found.assessment.waiver(item) for item in found.network.checks]
    assert groups == [Waiver((RULE, 0, f"each[id={name}]")) for name in "abc"]


def test_packages_without_rules(tmp_path: Path) -> None:
    """A package needs neither rules nor mentions for keys to be held against one another."""
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a,1 a,2", {"n": COUNT}, "id")}, None))
    start = found.assessment.start()
    assert names(found, start.failing) == ["primary_key_is_unique"]
    assert found.assessment.waiver(found.network.checks[0]) is None


def test_what_a_relation_amounts_to(tmp_path: Path) -> None:
    """Amounts are known as far as cells are; a check is open while a cell is missing, even if it is a new one."""
    found = diagnosis(write(tmp_path, SHEETS, {"open": "2 * t.m = 4", "n": "t.n - 2 * t[id=a].n = 4"}))
    assessment = found.assessment
    start = assessment.start()
    waiting, other = found.network.checks
    assert assessment.amount(waiting.relations[0], {}) == (2, 1)
    assert assessment.amount(other.relations[0], {}) == (0, 0)
    assert (assessment.holds(waiting, {}), assessment.holds(other, {})) == (None, True)
    filled = assessment.apply(start, Change("t", 1, (("m", 4),)), 1)
    assert assessment.amount(waiting.relations[0], filled.shifts) == (10, 0)
    assert (assessment.holds(waiting, filled.shifts), assessment.holds(other, filled.shifts)) == (False, True)
    added = assessment.apply(filled, Change("t", None, (("id", "d"), ("m", 1))), 1)
    assert assessment.amount(other.relations[0], added.shifts) == (0, 1)
    assert (assessment.holds(waiting, added.shifts), assessment.holds(other, added.shifts)) == (False, None)


def test_every_relation_of_a_check_must_hold(tmp_path: Path) -> None:
    """A percentage holds if it is neither too large nor too small."""
    mentions = tuple(f"p 1,statistic,{text},{text},=,t[id=a].n,t.n," for text in ("30%", "29%", "31%"))
    found = diagnosis(write(tmp_path, SHEETS, {}, mentions=mentions))
    assert [found.assessment.holds(item, {}) for item in found.network.checks] == [True, False, False]


def test_a_cell_in_a_state(tmp_path: Path) -> None:
    """A cell is what the last change made of it, else what stands there, as an exact number or none."""
    found = diagnosis(write(tmp_path, SHEETS, RULES))
    start, cell = found.assessment.start(), found.assessment.cell
    assert [cell(start, "t", 0, "n"), cell(start, "t", 1, "m"), cell(start, "t", 0, "id")] == [3, None, None]
    state = found.assessment.apply(start, Change("t", 0, (("m", None), ("n", 4))), 1)
    assert [cell(state, "t", 0, "n"), cell(state, "t", 0, "m"), cell(state, "t", 1, "n")] == [4, None, 5]
    assert cell(found.assessment.apply(start, Change("t", 0, (("m", 4),)), 1), "t", 0, "n") == 3


def test_states_of_what_a_change_adds(tmp_path: Path) -> None:
    """A code of a new kind brings its checks, which fail or hold from then on."""
    sheets = {"t": Sheet("id,p,n a,k1,3", {"n": COUNT}, "id", refers("p", "u", "p")), "u": Sheet("p k1 k2", {}, "p")}
    found = diagnosis(write(tmp_path, sheets, {"each": "t[p=*].n = 2"}))
    state = found.assessment.apply(found.assessment.start(), Change("t", 0, (("p", "k2"),)), 1)
    assert names(found, state.failing) == ["each[p=k1]", "each[p=k2]"]
