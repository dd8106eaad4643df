"""From a package to its suspects: groups, what is undetermined or unresolved, and what is said of the search."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.localisation.states import CELL
from tests.localisation.packages import COUNT, INTEGER, REQUIRED, Sheet, brief, diagnosis, names, refers, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis, Problem
    from scrdata.localisation.suspects import Suspect, Suspects, Unresolved

SHEET = Sheet("id,n,m a,3,1 b,5,2 c,7,3", {"n": COUNT, "m": COUNT}, "id")
BESIDE = "the value beside them is"
WORDS = "the total that is mentioned agrees with the words"
VALUE = "the total that is mentioned agrees with the value"
CODES = {"categories": ["x", "y", "z"], "constraints": {"required": True}}


def problems(folder: Path, rules: Mapping[str, str], *mentions: str, stated: tuple[str, ...] = ()) -> list[Problem]:
    """Return the groups of failing checks of a package whose rules are definitions, but for those stated."""
    fixed = tuple(name for name in rules if name not in stated)
    return diagnosis(write(folder, {"t": SHEET}, rules, mentions=mentions, definitions=fixed)).problems()


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
    return scrdata.suspects(write(folder, {"t": sheet, **others}, rules, definitions=fixed))


def briefly(suspects: tuple[Suspect, ...]) -> list[tuple[object, ...]]:
    """Return table, row, column and what is suggested."""
    return [(item.table, item.row, item.column, item.suggested) for item in suspects]


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
    rules = {"a": "t[id=a].n = 5", "c": "t[id=c].n = 9", "sum": "t[id=a].n + t[id=c].n = 10"}
    found = localised(tmp_path, rules, stated=("sum",))
    assert (briefly(found.suspects), found.optimal) == (
        [("rules", 3, "equation", "t[id=a].n + t[id=c].n = 14"), ("t", 1, "n", 5), ("t", 3, "n", 9)], True,
    )  # fmt: skip


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
    found = scrdata.suspects(tmp_path, time_limit=1e-9)
    assert unresolved(found.unresolved) == [("a", "the time ran out before a repair was found")]
    assert (found.suspects, found.optimal, found.complete, found.failing) == ((), False, False, 1)


def test_alternatives_up_to_a_number(tmp_path: Path) -> None:
    """Of each group so many repairs are told as are asked for, the first being a suspect; the rest is not concealed."""
    sheet = Sheet("id,n a,3 b,5 c,7 d,9 e,1", {"n": COUNT}, "id")
    rules = {"two": "t[id=a|b].n = 9", "three": "t[id=c|d|e].n = 18"}
    write(tmp_path, {"t": sheet}, rules, definitions=tuple(rules))
    for most, told, complete in ((1, 2, False), (2, 4, False), (3, 5, True), (4, 5, True)):
        found = scrdata.suspects(tmp_path, alternatives=most)
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
    assert (problem.states[0].weight, problem.is_lightest) == (2 * CELL, False)
    monkeypatch.setattr("scrdata.localisation.search.Search.peeled", lambda _, start: start)
    (problem,) = problems(tmp_path, rules)
    assert problem.states[0].weight == 2 * CELL


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
    found = scrdata.suspects(tmp_path)
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
    found = scrdata.suspects(tmp_path)
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
    (suspect,) = scrdata.suspects(tmp_path).suspects
    assert (suspect.column, suspect.suggested, suspect.confidence) == ("value", "3", 0.75)


def test_words_about_a_total_that_is_not_known(tmp_path: Path) -> None:
    """A total with a missing cell agrees with nothing."""
    sheet = Sheet("id,n a,3 b,", {"n": INTEGER}, "id")
    write(tmp_path, {"t": sheet}, {}, mentions=("p 1,statistic,three,4,=,t.n,,",))
    (suspect,) = scrdata.suspects(tmp_path).suspects
    assert (suspect.column, suspect.suggested, len(suspect.reasons)) == ("value", "3", 1)


# What no check speaks of ---------------------------------------------------------------------


def stated_size(folder: Path, number: int) -> None:
    """State a number of bytes for the first table."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["bytes"] = number
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def test_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    """A size that differs is unresolved where nothing is mended in the file, and is mended with a number otherwise."""
    write(tmp_path, {"t": SHEET}, {"all": "t.n = 15"}, definitions=("all",))
    stated_size(tmp_path, 7)
    found = scrdata.suspects(tmp_path)
    assert [(item.check, item.place) for item in found.unresolved] == [
        ("byte_count_is_as_declared", "datapackage.json, line 1, property resources[0].bytes")
    ]
    assert found.unresolved[0].reason
    write(tmp_path, {"t": SHEET}, {"a": "t[id=a].n = 4"}, definitions=("a",))
    stated_size(tmp_path, 7)
    assert scrdata.suspects(tmp_path).unresolved == ()
    write(tmp_path, {"t": SHEET}, {}, mentions=("p 1,threshold,third,4,,,,",))
    stated_size(tmp_path, 7)
    assert scrdata.suspects(tmp_path).unresolved == ()


def test_findings_of_other_kinds(tmp_path: Path) -> None:
    """What validation found and no check of numbers speaks of is passed on, and so is what was left out."""
    write(
        tmp_path,
        {"t": SHEET, "u": Sheet("k 1", {"k": COUNT})},
        {"a": "t[id=a].n = 4", "u": "u.k = 3"},
        definitions=("a",),
    )
    (tmp_path / "u.csv").write_bytes(b"z\n1\n")
    found = scrdata.suspects(tmp_path)
    assert briefly(found.suspects) == [("t", 1, "n", 4)]
    checks = [item.check for item in found.unresolved]
    assert checks == ["header_is_as_declared", "u"]
    assert found.unresolved[0].place == "u.csv, line 1"
    assert found.unresolved[1].place == ""


def test_a_registered_discrepancy_that_is_gone(tmp_path: Path) -> None:
    """That a registered check holds is unresolved where nothing is changed, and where the register counts."""
    rules = {"r": "t.n = 15", "a": "t[id=a].n = 3"}
    write(tmp_path, {"t": SHEET}, rules, registered=("r,,15,14",), definitions=tuple(rules))
    assert [item.check for item in scrdata.suspects(tmp_path).unresolved] == ["registered_discrepancy_stands"]
    assert scrdata.suspects(tmp_path, register=False).unresolved == ()
