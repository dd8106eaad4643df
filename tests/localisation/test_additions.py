"""Rows that may have been left out: which a failing check speaks of, and what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.changes import Change
from scrdata.localisation.states import LEFT_OUT
from tests.localisation.packages import COUNT, INTEGER, REQUIRED, Sheet, brief, check, diagnosis, refers, write

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis
    from scrdata.localisation.states import State

CODES = {"categories": ["x", "y"], "constraints": {"required": True}}
NUMBERED = Sheet("id,c 1,x 2,x 4,y", {"id": INTEGER, "c": CODES}, "id")


def added(found: Diagnosis, name: str, state: State | None = None) -> dict[object, bool]:
    """Return the rows that could mend the check of a name, each with whether something names it."""
    additions = list(found.search.additions.of(state or found.assessment.start(), check(found, name)))
    assert {item.weight for item in additions} <= {LEFT_OUT}
    told = {brief(item.change): item.is_named for item in additions}
    assert len(told) == len(additions)
    return told


def proposed(folder: Path, sheets: dict[str, Sheet], rule: str, **others: str) -> dict[object, bool]:
    """Return the rows that could mend a rule of a package."""
    return added(diagnosis(write(folder, sheets, {"r": rule, **others})), "r")


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("t[c=x] = 3", {"t +: c=x,id=3": True}),
        ("3 = t[c=x]", {"t +: c=x,id=3": True}),
        ("t[c=x] >= 3", {"t +: c=x,id=3": True}),
        ("t[c=x] > 2", {"t +: c=x,id=3": True}),
        ("t[c=x] < 2", {}),
        ("t[c=x] = 1", {}),
        ("t[c=x] <= 1", {}),
        ("t[c=y] = t[c=x]", {"t +: c=y,id=3": True}),
        ("t = 4", {"t +: id=3": True}),
        ("t[c=x] + t = 8", {"t +: c=x,id=3": True}),
        ("t[id=1] = 2", {}),
        ("t[id=3] = 1", {"t +: id=3": True}),
        ("t[id=3|9] = 1", {"t +: id=3": True}),
        ("t[id=9,c=y] = 1", {"t +: c=y,id=9": True}),
    ],
)
def test_rows_that_a_count_lacks(tmp_path: Path, rule: str, rows: dict[object, bool]) -> None:
    """A count that is too small asks for a row with its codes, whose number the others leave out."""
    assert proposed(tmp_path, {"t": NUMBERED}, rule) == rows


def test_rows_of_which_other_checks_speak_too(tmp_path: Path) -> None:
    """What other failing checks lack in the same table tells more of the row, as far as it agrees."""
    fields = {"id": INTEGER, "c": CODES, "d": {"categories": ["p", "q"]}}
    sheets = {"t": Sheet("id,c,d 1,x,p 2,y,q", fields, "id"), "u": Sheet("d p", {"d": REQUIRED})}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="t[d=q] = 2") == {"t +: c=x,d=q,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="t[c=y] = 2") == {"t +: c=x,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="u[d=p] = 2") == {"t +: c=x,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="u + t[d=q] = 4") == {"t +: c=x,d=q,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="t[d=q] = 0") == {"t +: c=x,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", s="t[d=q] = 1") == {"t +: c=x,id=3": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 2", a="t[c=y] = 2", s="t[d=q] = 2") == {"t +: c=x,d=q,id=3": True}


def test_rows_for_each_code(tmp_path: Path) -> None:
    """A check for each code asks for a row with the code of its instance."""
    found = diagnosis(write(tmp_path, {"t": NUMBERED}, {"r": "t[c=*] = 3"}))
    assert added(found, "r[c=x]") == {"t +: c=x,id=3": True}
    assert added(found, "r[c=y]") == {"t +: c=y,id=3": True}


def test_rows_of_which_a_sum_speaks(tmp_path: Path) -> None:
    """A sum that is too small may lack a row with the rest; nothing but the sum speaks of it."""
    sheets = {"t": Sheet("id,c,n a,x,3 b,y,5", {"n": COUNT, "c": CODES}, "id")}
    assert proposed(tmp_path, sheets, "t[c=x].n = 9") == {"t +: c=x,n=6": False}
    assert proposed(tmp_path, sheets, "2 * t[c=x].n = 18") == {"t +: c=x,n=6": False}
    assert proposed(tmp_path, sheets, "t[c=x].n = 2") == {}
    assert proposed(tmp_path, sheets, "t[c=x].n >= 9") == {"t +: c=x,n=6": False}
    assert proposed(tmp_path, sheets, "t[c=x].n = 9", s="t[c=x] = 2") == {"t +: c=x,n=6": True}
    assert proposed(tmp_path, sheets, "t[c=x].n = 9", s="t.n = 14") == {"t +: c=x,n=6": False}
    halves = {"t": Sheet("id,c,n a,x,3", {"n": COUNT})}
    assert proposed(tmp_path, halves, "2 * t.n = 7") == {}


def test_numbers_that_checks_ask_for(tmp_path: Path) -> None:
    """Of different numbers those of equations come first, then those that most checks ask for, and three are tried."""
    sheets = {"t": Sheet("id,c,n a,x,3 b,x,5", {"n": COUNT, "c": CODES})}
    found = proposed(tmp_path, sheets, "t.n = 9", s="t[c=x].n >= 11", u="t[c=x].n = 10", v="t.n = 12", w="t.n = 12")
    assert list(found) == ["t +: c=x,n=4", "t +: c=x,n=1", "t +: c=x,n=2"]
    assert list(proposed(tmp_path, sheets, "t.n > 9", s="t.n = 10", u="t.n = 11", v="t.n = 11")) == [
        "t +: n=3", "t +: n=2",
    ]  # fmt: skip


def test_numbers_that_may_be_missing(tmp_path: Path) -> None:
    """Where a number need not be there, the row may have none; then each column is told apart."""
    sheets = {"t": Sheet("id,c,n,m a,x,3,1 b,x,5,1", {"n": INTEGER, "m": COUNT, "c": CODES})}
    rules = {"s": "t[c=x].n = 10", "u": "t[c=x].m = 6", "v": "t[c=x].m = 7"}
    assert proposed(tmp_path, sheets, "t[c=x] = 3", **rules) == {
        "t +: c=x,m=4,n=2": True, "t +: c=x,m=5,n=2": True, "t +: c=x,m=4,n=None": True, "t +: c=x,m=5,n=None": True,
    }  # fmt: skip


def test_a_number_in_two_totals_of_one_check(tmp_path: Path) -> None:
    """A new row enters a part and its whole at once, and its number is that with which both agree."""
    sheets = {"t": Sheet("id,c,n a,x,1 b,y,9", {"n": COUNT, "c": CODES}), "u": Sheet("n 4", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {}, mentions=("p 1,statistic,50%,50%,=,t[c=x].n,t.n,",)))
    (row,) = added(found, "m1")
    assert row == "t +: c=x,n=8"
    assert proposed(tmp_path, sheets, "t[c=x].n + u.n = t.n + 1") == {"u +: n=6": False}
    assert proposed(tmp_path, sheets, "2 * t[c=x].n = t.n") == {"t +: c=x,n=8": False}
    assert proposed(tmp_path, sheets, "t[c=x].n + t[c=y].n = 20") == {"t +: c=x,n=10": False, "t +: c=y,n=10": False}
    two = {"t": Sheet("id,c,n,m a,x,1,2 b,y,9,2", {"n": COUNT, "m": COUNT, "c": CODES})}
    assert proposed(tmp_path, two, "t[c=x].n + t[c=x].m = 21") == {}
    assert proposed(tmp_path, two, "t[c=x].n + t[c=x].m = 20", s="t.n = 12", u="t.m = 5") == {"t +: c=x,m=1,n=2": False}


def test_numbers_that_are_conditions(tmp_path: Path) -> None:
    """A number that an equation names is that of the row; a bound on one names none, and the sum is left to others."""
    sheets = {"t": Sheet("id,n,m a,3,1 b,5,1", {"n": INTEGER, "m": COUNT})}
    assert proposed(tmp_path, sheets, "t[n=3] = 2") == {"t +: n=3": True}
    assert proposed(tmp_path, sheets, "t[n=3].m = 2") == {"t +: m=1,n=3": False}
    assert proposed(tmp_path, sheets, "t[n>=4] = 2") == {"t +: ": True}
    assert proposed(tmp_path, sheets, 't[n=""] = 1') == {"t +: n=None": True}
    assert proposed(tmp_path, sheets, "t[n>=4,m=1] = 2") == {"t +: m=1": True}


def test_codes_by_conditions_of_any_kind(tmp_path: Path) -> None:
    """A code fulfils all conditions on its column, also those at the end of a path; if none does, there is no row."""
    sheets = {
        "t": Sheet(
            "id,p,d a,k1,2009-01-01 b,k2,2010-01-01", {"p": REQUIRED, "d": {"type": "date"}}, "", refers("p", "u", "p")
        ),
        "u": Sheet("p,c k1,x k2,y k3,y", {"c": CODES}, "p"),
    }
    assert proposed(tmp_path, sheets, "t[p.c=y] = 2") == {"t +: p=k2": True}
    assert proposed(tmp_path, sheets, "t[p.c=y,p=k3|k1] = 1") == {"t +: p=k3": True}
    found = diagnosis(write(tmp_path, sheets, {"r": "t[p.c=*] = 2", "s": "t[p=k3] = 1"}))
    assert added(found, "r[c=x]") == {"t +: p=k1": True}
    assert added(found, "r[c=y]") == {"t +: p=k3": True}
    assert proposed(tmp_path, sheets, "t[d>=2009-06-01] = 2") == {"t +: d=2010-01-01": True}
    assert proposed(tmp_path, sheets, "t[d>=2011-06-01] = 2") == {}
    assert proposed(tmp_path, sheets, "t[p=k1,d>=2009-06-01] = 1") == {"t +: d=2010-01-01,p=k1": True}


def test_codes_that_are_missing(tmp_path: Path) -> None:
    """A count of rows without a code asks for a row without it."""
    sheets = {"t": Sheet("id,c a,x b,", {})}
    assert proposed(tmp_path, sheets, 't[c=""] = 2') == {"t +: c=None": True}
    dashes = {"t": Sheet("id,c a,x b,-", {}, schema={"missingValues": ["-"]})}
    assert proposed(tmp_path, dashes, 't[c=""] = 2') == {"t +: c=None": True}


def test_codes_that_no_row_has(tmp_path: Path) -> None:
    """Of a key of codes the only one that no row has is that of the row; if there are several, or none, it is open."""
    codes = {"categories": ["a", "b", "c"], "constraints": {"required": True}}
    sheets = {"t": Sheet("id,n a,3 c,5", {"id": codes, "n": COUNT}, "id")}
    assert proposed(tmp_path, sheets, "t.n = 9") == {"t +: id=b,n=1": True}
    sheets = {"t": Sheet("id,n c,5", {"id": codes, "n": COUNT}, "id")}
    assert proposed(tmp_path, sheets, "t.n = 9") == {"t +: n=4": False}
    sheets = {"t": Sheet("id,n a,3 b,1 c,5", {"id": codes, "n": COUNT}, "id")}
    assert proposed(tmp_path, sheets, "t.n = 10") == {"t +: n=1": False}
    two = {"id": codes, "k": {"categories": ["p", "q"], "constraints": {"required": True}}, "n": COUNT}
    sheets = {"t": Sheet("id,k,n a,p,3 c,p,5", two, "id k")}
    assert proposed(tmp_path, sheets, "t.n = 9") == {"t +: id=b,n=1": True}
    assert proposed(tmp_path, sheets, "t[id=a].n = 4") == {"t +: id=a,k=q,n=1": True}


def test_keys_that_are_there(tmp_path: Path) -> None:
    """A row whose key is there already is not put in; one whose key differs in a part is."""
    two = {"id": {"categories": ["a", "b"]}, "k": {"categories": ["p", "q"]}, "n": COUNT}
    sheets = {"t": Sheet("id,k,n a,p,3 b,q,5", two, "id k")}
    assert proposed(tmp_path, sheets, "t[id=a,k=p].n = 4") == {}
    assert proposed(tmp_path, sheets, "t[id=a,k=q].n = 4") == {"t +: id=a,k=q,n=4": True}


def test_columns_that_are_numbered_without_being_keys(tmp_path: Path) -> None:
    """The number that a unique column leaves out is that of the row, unless a sum speaks of the column."""
    unique = {"type": "integer", "constraints": {"unique": True}}
    sheets = {"t": Sheet("id,place,c a,1,x b,3,x c,2,y d,5,y", {"place": unique, "c": CODES}, "id")}
    assert proposed(tmp_path, sheets, "t[c=x] = 3") == {"t +: c=x,place=4": True}
    assert proposed(tmp_path, sheets, "t[c=x] = 3", s="t.place = 11") == {
        "t +: c=x,place=0": True, "t +: c=x,place=None": True,
    }  # fmt: skip
    assert proposed(tmp_path, sheets, "t[c=x,place=7] = 1") == {"t +: c=x,place=7": True}
    sheets = {"t": Sheet("id,place,c a,1,x b,9,x c,2,y d,5,y", {"place": unique, "c": CODES}, "id")}
    assert proposed(tmp_path, sheets, "t[c=x] = 3") == {"t +: c=x": True}
    spelt = {"t": Sheet("id,c case-01,x case-03,x", {"c": CODES}, "id")}
    assert proposed(tmp_path, spelt, "t[c=x] = 3") == {"t +: c=x,id=case-02": True}


def test_totals_with_a_missing_cell_lack_nothing(tmp_path: Path) -> None:
    """A sum that waits for a cell, or a part of a whole that is one cell, asks for no row."""
    sheets = {
        "t": Sheet("id,n,w a,,u.n b,5,u.n", {"n": INTEGER, "w": {"scrdata:reference": True, "scrdata:wholeOf": "n"}}),
        "u": Sheet("n 4", {"n": COUNT}),
    }
    assert proposed(tmp_path, sheets, "t.n = 9", s="t = 2") == {}
    found = diagnosis(write(tmp_path, sheets, {}))
    assert added(found, "t row 2: part_does_not_exceed_whole") == {"u +: n=1": False}


def test_rows_after_a_change(tmp_path: Path) -> None:
    """What a change has mended, or spoilt, is seen: of a count that holds by now no row is told."""
    found = diagnosis(write(tmp_path, {"t": NUMBERED}, {"r": "t[c=x] = 3", "s": "t[c=y] = 2"}))
    start = found.assessment.start()
    state = found.assessment.apply(start, Change("t", 2, (("c", "x"),)), 1)
    assert added(found, "r", state) == {}
    assert added(found, "s", state) == {"t +: c=y,id=3": True}
    sheet = Sheet("id,c,n a,x,1 b,y,9", {"n": COUNT, "c": CODES})
    found = diagnosis(write(tmp_path, {"t": sheet}, {"r": "t[c=x].n + t[c=y].n = 30"}))
    state = found.assessment.apply(found.assessment.start(), Change("t", 1, (("n", 11),)), 1)
    assert added(found, "r", state) == {"t +: c=x,n=18": False, "t +: c=y,n=18": False}
