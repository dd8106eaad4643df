"""Changes worth trying: all that could make one failing check hold, with what each weighs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scrdata.localisation import candidates
from scrdata.localisation.candidates import are_near, exact_text, value_range
from scrdata.localisation.changes import Change
from scrdata.localisation.states import CELL, DOUBLE, EMPTIED, HOLE, MISSING, PUT_IN, RECODED
from tests.localisation.packages import (
    COUNT,
    INTEGER,
    REQUIRED,
    Sheet,
    asked,
    brief,
    check,
    diagnosis,
    refers,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

DECIMAL = {"type": "number"}
CODES = {"type": "string", "categories": ["x", "y", "z"], "constraints": {"required": True}}


def tried(folder: Path, sheets: dict[str, Sheet], rule: str, **others: str) -> dict[object, int]:
    """Return what is tried to mend a rule of a package."""
    return asked(diagnosis(write(folder, sheets, {"r": rule, **others})), "r")


# Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("t.n = 9", {"t 1: n=4": CELL, "t 2: n=6": CELL}),
        ("9 = t.n", {"t 1: n=4": CELL, "t 2: n=6": CELL}),
        ("2 * t.n = 18", {"t 1: n=4": CELL, "t 2: n=6": CELL}),
        ("t.n = 6", {"t 1: n=1": CELL, "t 2: n=3": CELL}),
        ("t.n = 20", {"t 1: n=15": CELL, "t 2: n=17": CELL}),
        ("t.n <= 6", {"t 1: n=1": CELL, "t 2: n=3": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN}),
        ("t.n < 6", {"t 1: n=0": CELL, "t 2: n=2": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN}),
        ("2 * t.n < 13", {"t 1: n=1": CELL, "t 2: n=3": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN}),
        ("t.n >= 9", {"t 1: n=4": CELL, "t 2: n=6": CELL}),
        ("t.n > 9", {"t 1: n=5": CELL, "t 2: n=7": CELL}),
        ("2 * t.n > 17", {"t 1: n=4": CELL, "t 2: n=6": CELL}),
    ],
)
def test_numbers_that_a_check_asks_for(tmp_path: Path, rule: str, changes: dict[object, int]) -> None:
    """Each cell of a sum is tried with the nearest number that mends it; a row only where it is worth what is wrong."""
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}, rule) == changes


def test_rows_that_are_worth_what_is_too_much(tmp_path: Path) -> None:
    """A row whose number is just what a sum has too much may be one too many."""
    found = tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}, "t.n = 5")
    assert found == {"t 1: n=0": CELL, "t 2: n=2": CELL, "-t 1": PUT_IN}
    found = tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}, "2 * t.n = 10")
    assert found == {"t 1: n=0": CELL, "t 2: n=2": CELL, "-t 1": PUT_IN}
    found = tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": COUNT}), "u": Sheet("n 3", {"n": COUNT})}, "u.n = t.n")
    assert found == {"u 1: n=8": CELL, "t 1: n=0": CELL, "t 2: n=0": CELL, "-t 2": PUT_IN}


def test_numbers_that_a_column_refuses(tmp_path: Path) -> None:
    """Where a number would be out of bounds the bound is tried, which leaves the rest to others; else nothing."""
    small = {"type": "integer", "constraints": {"required": True, "minimum": 2, "maximum": 6}}
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": small})}, "t.n = 15") == {
        "t 1: n=6": 1000,
        "t 2: n=6": 1000,
    }
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": small})}, "t.n = 2") == {
        "t 1: n=2": 1000,
        "t 2: n=2": 1000,
    }
    assert tried(tmp_path, {"t": Sheet("id,n a,2 b,5", {"n": small})}, "t.n = 3") == {"t 2: n=2": 1000}
    assert tried(tmp_path, {"t": Sheet("id,n a,6 b,5", {"n": small})}, "t.n = 15") == {"t 2: n=6": 1000}
    halves = {"type": "integer", "constraints": {"enum": [3, 5, 7]}}
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": halves})}, "t.n = 10") == {
        "t 1: n=5": 1000,
        "t 2: n=7": 1000,
    }
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": halves})}, "t.n = 9") == {}
    refused = {"type": "integer", "constraints": {"minimum": 1, "enum": [3, 5]}}
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": refused})}, "t.n = 2") == {}


def test_fractions_of_whole_numbers_are_not_tried(tmp_path: Path) -> None:
    """A whole number is not asked to be a half; a decimal is, where it can be written."""
    assert tried(tmp_path, {"t": Sheet("id,n a,3", {"n": INTEGER})}, "2 * t.n = 5") == {}
    assert tried(tmp_path, {"t": Sheet("id,n a,3", {"n": DECIMAL})}, "2 * t.n = 5") == {"t 1: n=2.5": CELL}
    assert tried(tmp_path, {"t": Sheet("id,n a,3", {"n": DECIMAL})}, "3 * t.n = 5") == {}


def test_each_number_once(tmp_path: Path) -> None:
    """Checks that ask for the same number are one change, and other checks ask for theirs besides."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}
    found = tried(tmp_path, sheets, "t.n = 9", again="t.n = 9", more="t[id=a].n = 7", fine="t[id=b].n = 5")
    assert found == {"t 1: n=4": CELL, "t 1: n=7": CELL, "t 2: n=6": CELL}


def test_a_cell_in_two_totals_of_one_check(tmp_path: Path) -> None:
    """A cell that enters both sides is asked for what mends the difference; one whose sides cancel, for nothing."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}
    assert tried(tmp_path, sheets, "2 * t[id=a].n = t.n") == {"t 1: n=5": CELL, "t 2: n=3": CELL}
    assert tried(tmp_path, sheets, "2 * t.n - t[id=a].n = 10") == {"t 1: n=0": CELL}
    assert tried(tmp_path, sheets, "t[id=a].n + 3 = t.n") == {"t 2: n=3": CELL}


def test_cells_that_are_empty(tmp_path: Path) -> None:
    """Only the one cell that a sum lacks can be told from it; that it is empty is a statement of its own."""
    sheets = {"t": Sheet("id,n a, b,5", {"n": INTEGER})}
    assert tried(tmp_path, sheets, "t[id=b].n = 4", more="t.n = 7") == {"t 2: n=4": CELL}
    found = diagnosis(write(tmp_path, sheets, {"r": "t.n = 7", "s": "t[id=b].n = 4"}))
    assert asked(found, "r") == {"t 1: n=2": MISSING, "t 2: n=4": CELL}
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a, b,", {"n": INTEGER})}, {"r": "t.n = 7", "s": "t.n <= 4"}))
    assert asked(found, "r") == {}
    sheets = {"t": Sheet("id,n a, b,5", {"n": COUNT})}
    assert asked(diagnosis(write(tmp_path, sheets, {"r": "t.n = 7"})), "r") == {"t 1: n=2": CELL}


def test_cells_that_a_change_has_settled(tmp_path: Path) -> None:
    """A cell that is changed already, and a row that is taken out, are not changed again; other cells are."""
    sheets = {"t": Sheet("id,n,m a,3,1 b,5,1", {"n": COUNT, "m": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {"r": "t.n = 9", "s": "t.m = 9"}))
    start = found.assessment.start()
    one = found.assessment.apply(start, Change("t", 0, (("m", 7),)), CELL)
    assert asked(found, "r", one) == {"t 1: n=4": CELL, "t 2: n=6": CELL}
    assert asked(found, "s", one) == {"t 2: m=2": CELL}
    gone = found.assessment.apply(start, Change("t", 0, removed=True), PUT_IN)
    assert asked(found, "r", gone) == {"t 2: n=9": CELL}


def test_rows_that_a_change_has_touched_stay(tmp_path: Path) -> None:
    """Of a count that is too large, a row that is changed already is not taken out besides."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {"r": "t = 1"}))
    assert asked(found, "r") == {"-t 1": PUT_IN, "-t 2": PUT_IN}
    one = found.assessment.apply(found.assessment.start(), Change("t", 0, (("n", 7),)), CELL)
    assert asked(found, "r", one) == {"-t 2": PUT_IN}


def test_large_totals_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a total with more rows than can be told apart nothing is tried; of one with just so many, all."""
    sheets = {"t": Sheet("id,n a,3 b,5 c,1", {"n": COUNT, "id": CODES | {"categories": ["a", "b", "c"]}})}
    found = diagnosis(write(tmp_path, sheets, {"r": "t.n = 1", "s": "t[id=a|b].n <= 2", "u": "t[id=a] = 0"}))
    monkeypatch.setattr(candidates, "MOST_ROWS", 2)
    assert asked(found, "r") == {}
    assert asked(found, "s") == {"t 1: n=0": CELL, "t 2: n=0": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN}
    assert asked(found, "u") == {"-t 1": PUT_IN}
    monkeypatch.setattr(candidates, "MOST_ROWS", 3)
    assert len(asked(found, "r")) == 3
    assert asked(found, "u") == {"-t 1": PUT_IN, "t 1: id=b": CELL, "t 1: id=c": CELL}


# Rows ----------------------------------------------------------------------------------------


def test_what_a_row_weighs(tmp_path: Path) -> None:
    """A row without which its neighbours have a gap weighs more, one that another repeats less."""
    numbered = Sheet("id,c 1,x 2,x 3,x 4,x", {"id": INTEGER}, "id")
    removed = {"-t 1": PUT_IN + HOLE, "-t 2": PUT_IN + HOLE, "-t 3": PUT_IN + HOLE, "-t 4": PUT_IN}
    assert tried(tmp_path, {"t": numbered}, "t = 3") == removed
    twice = Sheet("id,c 1,x 2,x 2,x 2,y", {"id": INTEGER}, "id")
    found = tried(tmp_path, {"t": twice}, "t = 3")
    assert found == {"-t 1": PUT_IN + HOLE, "-t 2": DOUBLE, "-t 3": DOUBLE, "-t 4": PUT_IN}
    without_key = Sheet("id,c 1,x 2,x 2,x", {"id": INTEGER})
    assert tried(tmp_path, {"t": without_key}, "t = 2") == {"-t 1": PUT_IN, "-t 2": PUT_IN, "-t 3": PUT_IN}
    two = {"t": Sheet("id,c a,x a,x", key="id"), "u": Sheet("id,c a,x a,y", key="id")}
    found = tried(tmp_path, two, "t + u = 3")
    assert found == {"-t 1": DOUBLE, "-t 2": DOUBLE, "-u 1": PUT_IN, "-u 2": PUT_IN}


def test_rows_move_by_a_code(tmp_path: Path) -> None:
    """A row leaves a count by another code, or enters it by the code that it asks for; a key is not exchanged."""
    sheets = {"t": Sheet("id,c,d a,x,p b,x,q c,y,p", {"c": CODES, "d": REQUIRED}, "id")}
    assert tried(tmp_path, sheets, "t[c=x] = 1") == {"t 1: c=y": CELL, "t 2: c=y": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN}
    assert tried(tmp_path, sheets, "t[c=x] = 3") == {"t 3: c=x": CELL}
    assert tried(tmp_path, sheets, "t[c=x,d=p] = 2") == {"t 3: c=x": CELL, "t 2: d=p": CELL}
    assert tried(tmp_path, sheets, "t[id=a] = 2") == {}
    assert tried(tmp_path, sheets, "t[id=a,c=y] = 1") == {"t 1: c=y": CELL}
    assert tried(tmp_path, sheets, "t[c=y] = t[d=p]") == {
        "t 1: c=y": CELL, "t 2: c=y": CELL, "t 1: d=q": CELL, "t 3: d=q": CELL, "-t 1": PUT_IN, "-t 3": PUT_IN,
    }  # fmt: skip


def test_one_code_for_each_set_of_conditions(tmp_path: Path) -> None:
    """Of codes that fulfil the same conditions one is tried; where a star tells all apart, each is."""
    sheets = {"t": Sheet("id,c a,x b,x", {"c": CODES})}
    assert tried(tmp_path, sheets, "t[c=x] <= 1", s="t[c=z] <= 9") == {
        "t 1: c=y": CELL, "t 2: c=y": CELL, "t 1: c=z": CELL, "t 2: c=z": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip
    found = tried(tmp_path, sheets, "t[c=x] = 1", s="t[c=*] <= 9", u="t[c=y|z] <= 9")
    assert found.keys() == {"t 1: c=y", "t 1: c=z", "t 2: c=y", "t 2: c=z", "-t 1", "-t 2"}
    assert tried(tmp_path, sheets, "t[c=x] = 1").keys() == {"t 1: c=y", "t 2: c=y", "-t 1", "-t 2"}


def test_codes_that_a_count_asks_for(tmp_path: Path) -> None:
    """Every code of a condition is tried, the star's own with stars, an empty one for no code at all."""
    free = {"t": Sheet("id,c a,x b,y c,", {"c": {}})}
    assert tried(tmp_path, free, "t[c=y|z] = 2") == {
        "t 1: c=y": CELL,
        "t 1: c=z": CELL,
        "t 3: c=y": MISSING,
        "t 3: c=z": MISSING,
    }
    assert tried(tmp_path, free, 't[c=""] = 2') == {"t 1: c=None": EMPTIED, "t 2: c=None": EMPTIED}
    needed = {"t": Sheet("id,c a,x b,y", {"c": REQUIRED})}
    assert tried(tmp_path, needed, 't[c=""] = 1') == {}
    dashes = {"t": Sheet("id,c a,x b,-", {"c": {"type": "string"}}, schema={"missingValues": ["-"]})}
    assert tried(tmp_path, dashes, 't[c=""] = 2') == {"t 1: c=None": EMPTIED}
    found = diagnosis(write(tmp_path, free, {"r": "t[c=*] = 2"}))
    assert asked(found, "r[c=x]") == {"t 2: c=x": CELL, "t 3: c=x": MISSING}
    assert asked(found, "r[c=y]") == {"t 1: c=y": CELL, "t 3: c=y": MISSING}


def test_codes_that_are_taken_away(tmp_path: Path) -> None:
    """A row may leave a count by having no code, where its column lets it."""
    sheets = {"t": Sheet("id,c a,x b,x", {"c": {"categories": ["x", "y"]}})}
    assert tried(tmp_path, sheets, "t[c=x|y] = 1") == {
        "t 1: c=None": EMPTIED, "t 2: c=None": EMPTIED, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip


def test_numbers_that_classify(tmp_path: Path) -> None:
    """A number that is a condition is exchanged for those that conditions name, and for no other."""
    sheets = {"t": Sheet("id,n a,1 b,1 c,2", {"n": INTEGER})}
    found = tried(tmp_path, sheets, "t[n=1] = 1", s="t[n=2|7] <= 9", u="t[n>=5] <= 9", v='t[n=""] <= 9')
    assert found == {
        "t 1: n=2": CELL, "t 1: n=7": CELL, "t 2: n=2": CELL, "t 2: n=7": CELL, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip
    assert tried(tmp_path, sheets, "t[n>=2] = 2") == {}
    found = diagnosis(write(tmp_path, sheets, {"r": "t[n=*] = 2"}))
    assert asked(found, "r[n=2]") == {"t 1: n=2": CELL, "t 2: n=2": CELL}
    assert tried(tmp_path, sheets, "t[n=2] = 2") == {"t 1: n=2": CELL, "t 2: n=2": CELL}
    assert tried(tmp_path, sheets, "t[n=1] = 1", s="t[n=*] <= 9").keys() == {"-t 1", "-t 2"}


def test_conditions_on_what_a_key_refers_to(tmp_path: Path) -> None:
    """A code that refers to a row is exchanged for one that refers to another kind of row."""
    sheets = {
        "t": Sheet("id,p a,k1 b,k1 c,k2", {"p": REQUIRED}, schema=refers("p", "u", "p")),
        "u": Sheet("p,c k1,x k2,y k3,y", {"c": CODES}, "p"),
    }
    assert tried(tmp_path, sheets, "t[p.c=x] = 1") == {
        "t 1: p=k2": RECODED, "t 2: p=k2": RECODED, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip
    assert tried(tmp_path, sheets, "t[p.c=y] = 2") == {"t 1: p=k2": RECODED, "t 2: p=k2": RECODED}


def test_keys_spelt_nearly_alike_weigh_less(tmp_path: Path) -> None:
    """A key is more easily mistaken for one that looks like it."""
    sheets = {
        "t": Sheet("id,p a,south b,south", {"p": REQUIRED}, schema=refers("p", "u", "p")),
        "u": Sheet("p south souts north", {}, "p"),
    }
    found = tried(tmp_path, sheets, "t[p=south] = 1", s="t[p=*] <= 9")
    assert found["t 1: p=souts"] == CELL
    assert found["t 1: p=north"] == RECODED


def test_a_key_is_exchanged_where_keys_are_wrong(tmp_path: Path) -> None:
    """A key that stands twice may be another one that no row has, unless rows refer to it and to no other."""
    codes = {"constraints": {"required": True}, "categories": ["a", "c", "b"]}
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a,3 a,5 b,5", {"id": codes, "n": COUNT}, "id")}, {}))
    assert asked(found, "primary_key_is_unique") == {
        "t 1: id=c": RECODED, "t 2: id=c": RECODED, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip


def test_a_key_that_refers_to_no_row(tmp_path: Path) -> None:
    """It may be another key, or the row that it means may be called so; a row that others refer to keeps its name."""
    sheets = {
        "t": Sheet("id,p a,k1 b,k9", {"p": REQUIRED}, schema=refers("p", "u", "p")),
        "u": Sheet("p k1 k2", {"p": REQUIRED}, "p"),
    }
    found = diagnosis(write(tmp_path, sheets, {}))
    assert asked(found, "foreign_key_exists") == {
        "t 2: p=k1": RECODED, "-t 2": PUT_IN, "u 2: p=k9": RECODED,
    }  # fmt: skip
    sheets["t"] = Sheet("id,p a,k1 b,k9 c,k2", {"p": REQUIRED}, schema=refers("p", "u", "p"))
    assert "u 2: p=k9" not in asked(diagnosis(write(tmp_path, sheets, {})), "foreign_key_exists")
    sheets["t"] = Sheet("id,p,o a,k1,k2 b,k9,k2", {"p": REQUIRED}, schema={
        "foreignKeys": refers("p", "u", "p")["foreignKeys"] + refers("o", "v", "p")["foreignKeys"],
    })  # fmt: skip
    sheets["v"] = Sheet("p k2", {"p": REQUIRED}, "p")
    assert asked(diagnosis(write(tmp_path, sheets, {})), "foreign_key_exists")["u 2: p=k9"] == RECODED


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    """Of a key of several columns any is exchanged so that no other row has the same key."""
    codes = {"constraints": {"required": True}}
    fields = {"id": codes | {"categories": ["a", "b"]}, "d": codes | {"categories": ["p", "q"]}}
    found = diagnosis(write(tmp_path, {"t": Sheet("id,d,n a,p,3 a,p,5 b,p,5", fields, "id d")}, {}))
    assert asked(found, "primary_key_is_unique") == {
        "t 1: d=q": RECODED, "t 2: d=q": RECODED, "-t 1": PUT_IN, "-t 2": PUT_IN,
    }  # fmt: skip


def test_a_key_of_the_same_table(tmp_path: Path) -> None:
    """Rows that refer to rows of their own table keep the names that others use."""
    own = refers("up", "", "id")
    sheets = {"t": Sheet("id,up a, b,a c,q d,a", {"id": REQUIRED}, "id", own)}
    found = asked(diagnosis(write(tmp_path, sheets, {})), "foreign_key_exists")
    assert {name for name in found if "id=" in str(name)} == {"t 2: id=q", "t 3: id=q", "t 4: id=q"}
    assert found["t 3: up=a"] == RECODED


# Cells that are wrong by themselves ------------------------------------------------------------


def test_a_cell_of_the_wrong_type(tmp_path: Path) -> None:
    """A cell that cannot be read is told from the checks; where none speaks of it, no value is better than another."""
    sheets = {"t": Sheet("id,n,m a,x,3 b,5,3", {"n": COUNT, "m": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {"r": "t.n = 9"}))
    assert asked(found, "cell_fits_type") == {"t 1: n=4": CELL, "-t 1": PUT_IN}
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a,x b,5", {"n": COUNT})}, {"s": "t = 2"}))
    assert asked(found, "cell_fits_type") == {"t 1: n=None": CELL, "-t 1": PUT_IN}
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a,x b,5", {"n": COUNT})}, {"s": "t[id=b].n = 5"}))
    assert asked(found, "cell_fits_type") == {"t 1: n=None": CELL, "-t 1": PUT_IN}


def test_a_code_that_is_none(tmp_path: Path) -> None:
    """A code that its column does not know may be any that it knows."""
    sheets = {"t": Sheet("id,c a,q b,y", {"c": CODES})}
    found = diagnosis(write(tmp_path, sheets, {}))
    assert asked(found, "cell_is_a_category") == {"t 1: c=x": CELL, "t 1: c=y": CELL, "t 1: c=z": CELL, "-t 1": PUT_IN}


def test_a_wrong_cell_that_moves_a_row(tmp_path: Path) -> None:
    """A code that its column refuses weighs as a wrong one, not as one that is missing."""
    sheets = {"t": Sheet("id,c a,q b,y", {"c": CODES})}
    found = diagnosis(write(tmp_path, sheets, {"r": "t[c=x] = 1"}))
    assert asked(found, "r")["t 1: c=x"] == CELL


@pytest.mark.parametrize(
    ("field", "cells", "domain"),
    [
        ({"categories": ["x", "y"]}, "y y", ["x", "y", None]),
        ({"categories": ["x", "y"], "constraints": {"required": True}}, "y y", ["x", "y"]),
        ({"categories": ["x", "yy"], "constraints": {"maxLength": 1}}, "x", ["x", None]),
        ({}, "b a b", ["b", "a", None]),
        ({}, 'b "" a', ["b", None, "a"]),
        ({"constraints": {"required": True}}, "b a b", ["b", "a"]),
        ({"constraints": {"pattern": "[a-b]"}}, "b a b", ["b", "a", None]),
    ],
)
def test_values_that_a_cell_may_take(
    tmp_path: Path, field: dict[str, object], cells: str, domain: list[object]
) -> None:
    """A cell may take the codes of its column, else what other rows have, and nothing where it need not be filled."""
    found = diagnosis(write(tmp_path, {"t": Sheet(f"c {cells}", {"c": field})}, {}))
    assert found.search.candidates.domain("t", "c") == domain


def test_values_that_a_key_may_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that refers to rows takes their keys, each once, and of very many the first ones."""
    sheets = {
        "t": Sheet("id,p,o a,k1,k1", schema=refers("p", "u", "p")),
        "u": Sheet("p,up k2,k1 k1,k2 k3,k1", {}, "p", refers("up", "", "p")),
    }
    found = diagnosis(write(tmp_path, sheets, {})).search.candidates
    assert found.domain("t", "p") == ["k2", "k1", "k3"]
    assert found.domain("u", "up") == ["k2", "k1", "k3"]
    assert found.domain("t", "o") == ["k1", None]
    monkeypatch.setattr(candidates, "MOST_VALUES", 2)
    found = diagnosis(write(tmp_path, sheets, {})).search.candidates
    assert found.domain("t", "p") == ["k2", "k1"]
    assert found.domain("u", "p") == ["k2", "k1"]


# Single numbers and texts --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "factor", "rest", "bounds"),
    [
        ("=", 2, -5, (Fraction(5, 2), Fraction(5, 2))),
        ("=", -2, 4, (2, 2)),
        ("<=", 2, -5, (None, 2)),
        ("<=", -2, 5, (3, None)),
        ("<", 1, -4, (None, 3)),
        ("<", 2, -5, (None, 2)),
        ("<", -1, 4, (5, None)),
        (">=", 2, -5, (3, None)),
        (">=", -2, 5, (None, 2)),
        (">", 1, -4, (5, None)),
        (">", 2, -5, (3, None)),
        (">", -1, 4, (None, 3)),
    ],
)
def test_bounds_of_a_number(operator: str, factor: int, rest: int, bounds: tuple[object, object]) -> None:
    """A multiple of a whole number and a rest are related to 0 from the least to the greatest that is told."""
    assert value_range(operator, factor, rest) == bounds


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5, 2), "2.5"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 8), "0.125"),
        (7, "7"),
        (-70, "-70"),
        (Fraction(70), "70"),
        (0, "0"),
        (Fraction(1, 100), "0.01"),
        (Fraction(-1, 100), "-0.01"),
        (Fraction(1, 3), None),
        (Fraction(1, 10**30), "0." + "0" * 29 + "1"),
        (Fraction(1, 10**31), None),
    ],
)
def test_decimals(value: Fraction, text: str | None) -> None:
    """A number is spelt as a decimal with no more digits than it needs, of which thirty are the most."""
    assert exact_text(value) == text


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("south", "souht", True),
        ("south", "north", False),
        ("case-1", "case-2", False),
        ("case-1", "case-1a", True),
        ("abcde", "abcdx", True),
        ("abcd", "abcx", False),
        ("12", "13", False),
        ("abcdef", "abcdef1", False),
    ],
)
def test_texts_that_are_spelt_nearly_alike(one: str, other: str, *, near: bool) -> None:
    """Four fifths of two texts must be alike, and more than the numbers of one series must differ."""
    assert are_near(one, other) is near


def test_codes_that_many_conditions_tell_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more conditions than codes are tried, codes are not told apart by them."""
    rules = {"r": "t[id=a,c=p] <= 9", "s": "t[id=a,c=q] <= 9"}
    sheets = {"t": Sheet("id,c a,x b,y c,z", {"c": REQUIRED})}
    for most in (2, 1):
        monkeypatch.setattr(candidates, "MOST_VALUES", most)
        found = diagnosis(write(tmp_path, sheets, rules))
        assert found.search.candidates.distinguished(found.contents.tables["t"], "c") == ["x"]
    monkeypatch.setattr(candidates, "MOST_VALUES", 2)
    found = diagnosis(write(tmp_path, sheets, {**rules, "u": "t[c=v] <= 9"}))
    assert found.search.candidates.distinguished(found.contents.tables["t"], "c") == ["x", "y"]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("t > 2", set()),
        ("t < 2", {"-t 1", "-t 2"}),
        ("0 * t.n = 5", set()),
        ("0 * t.n + t = 1", {"-t 1", "-t 2"}),
        ("t[id=a] > 1", set()),
        ("0 < t[id=a|b] - t", {"-t 1", "-t 2"}),
    ],
)
def test_the_side_on_which_a_count_is_wrong(tmp_path: Path, rule: str, changes: set[str]) -> None:
    """Rows are taken out where there are too many; a total times 0 asks for nothing."""
    assert tried(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id")}, rule).keys() == changes


@pytest.mark.parametrize(("other", "number"), [(5, 995), (-1, 201)])
def test_a_share_of_a_whole_that_holds_the_part(tmp_path: Path, other: int, number: int) -> None:
    """A cell in both totals of a percentage is asked for the number that fulfils both sides of what rounding allows."""
    sheets = {"t": Sheet(f"id,n a,3 b,{other}", {"n": INTEGER})}
    found = diagnosis(write(tmp_path, sheets, {}, mentions=("p 1,statistic,100%,100%,=,t[id=a].n,t.n,",)))
    assert f"t 1: n={number}" in asked(found, "m1")


def test_a_number_that_no_cell_can_have(tmp_path: Path) -> None:
    """Where the sides of a percentage leave no number between them, none is asked for."""
    sheets = {"t": Sheet("id,n a,3 b,1", {"n": INTEGER})}
    found = diagnosis(write(tmp_path, sheets, {}, mentions=("p 1,statistic,49.7%,49.7%,=,t[id=a].n,t.n,",)))
    assert asked(found, "m1").keys() == {"-t 1"}


def test_changes_come_once(tmp_path: Path) -> None:
    """A change that two relations of a check ask for is tried once."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {}, mentions=("p 1,statistic,50%,50%,=,t[id=a].n,t.n,",)))
    start = found.assessment.start()
    changes = [brief(change) for change, _ in found.search.candidates.of(start, check(found, "m1"))]
    assert len(changes) == len(set(changes))
    assert set(changes) == {"t 1: n=5", "t 2: n=3", "-t 1", "-t 2"}
