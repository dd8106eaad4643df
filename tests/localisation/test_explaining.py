"""Repairs told as suspects: places, values in words, confidence and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.suspects import Suspect
from tests.localisation.packages import COUNT, INTEGER, REQUIRED, Sheet, refers, suspects, write

if TYPE_CHECKING:
    from pathlib import Path

CODES = {"categories": ["x", "y", "z"], "constraints": {"required": True}}


def suspected(folder: Path, sheets: dict[str, Sheet], rules: dict[str, str], *mentions: str) -> tuple[Suspect, ...]:
    """Return the suspects of a package whose rules are definitions."""
    write(folder, sheets, rules, mentions=mentions, definitions=tuple(rules))
    found = suspects(folder)
    assert found.unresolved == ()
    assert found.optimal
    return found.suspects


def test_a_changed_number(tmp_path: Path) -> None:
    """A cell is told with its place, its number, the one that it should have, and what each check asks for."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id")}
    assert suspected(tmp_path, sheets, {"sum": "t.n = 9", "one": "t[id=a].n = 3", "b": "2 * t[id=b].n = 12"}) == (
        Suspect(
            "t", "change", 2, {"id": "b"}, "n", 5, 6, 0.67, ("sum", "b"),
            ("Rule b. It reads 2 * 5 = 12 (b): asks for 6", "Rule sum. It reads 3 + 5 = 9 (sum): asks for 6"),
            file="t.csv", line=3,
        ),
    )  # fmt: skip


def test_a_row_to_take_out(tmp_path: Path) -> None:
    """A row that should go is told with all its cells."""
    sheets = {"t": Sheet("id,n,c 1,3,x 2,5,y 3,4,x", {"id": INTEGER, "n": COUNT}, "id")}
    rules = {"rows": "t = 2", "sum": "t.n = 8", "one": "t[id=1].n = 3", "two": "t[id=2].n = 5"}
    assert suspected(tmp_path, sheets, rules) == (
        Suspect(
            "t", "remove row", 3, {"id": 3}, None, {"id": 3, "n": 4, "c": "x"}, None, 0.67, ("rows", "sum"),
            ("Rule rows. It reads 3 = 2 (rows)", "Rule sum. It reads 3 + 5 + 4 = 8 (sum)"), file="t.csv", line=4,
        ),
    )  # fmt: skip


def test_a_row_to_put_in(tmp_path: Path) -> None:
    """A row that is left out is told with what is known of it, with its key as far as that is known, and its place."""
    sheets = {"t": Sheet("id,n,c 1,3,x 3,4,x", {"id": INTEGER, "n": COUNT}, "id")}
    rules = {"rows": "t = 3", "sum": "t.n = 12", "one": "t[id=1].n = 3", "two": "t[id=3].n = 4"}
    assert suspected(tmp_path, sheets, rules) == (
        Suspect(
            "t", "add row", 2, {"id": 2}, None, None, {"id": 2, "n": 5}, 0.67, ("rows", "sum"),
            ("Rule rows. It reads 2 = 3 (rows)", "Rule sum. It reads 3 + 4 = 12 (sum)"), file="t.csv",
        ),
    )  # fmt: skip


def test_a_row_without_a_place(tmp_path: Path) -> None:
    """A row whose number is not known, or belongs nowhere, has no place."""
    sheets = {"t": Sheet("id,k,c 1,a,x 3,a,x", {"id": INTEGER, "c": CODES}, "id k")}
    (suspect,) = suspected(tmp_path, sheets, {"rows": "t[c=x] = 3"})
    assert (suspect.row, suspect.key, suspect.suggested) == (None, {"id": None, "k": None}, {"c": "x"})
    sheets = {"t": Sheet("id,c 3,x 1,x", {"id": INTEGER, "c": CODES}, "id")}
    (suspect,) = suspected(tmp_path, sheets, {"rows": "t[c=x] = 3"})
    assert (suspect.row, suspect.key) == (None, {"id": 2})
    sheets = {"t": Sheet("id,c 1,x 9,x", {"id": INTEGER, "c": CODES}, "id")}
    (suspect,) = suspected(tmp_path, sheets, {"rows": "t[c=x] = 3"})
    assert (suspect.row, suspect.key) == (None, {"id": None})


@pytest.mark.parametrize(
    ("rules", "suggested"),
    [
        ({"r": "t[id=b].n <= 4"}, "at most 4"),
        ({"r": "t[id=b].n < 4"}, "at most 3"),
        ({"r": "t[id=b].n >= 7"}, "at least 7"),
        ({"r": "t[id=b].n >= 7", "s": "t[id=b].n <= 9"}, "from 7 to 9"),
        ({"r": "t[id=b].n >= 7", "s": "t[id=b].n <= 9", "u": "t[id=b].n <= 8", "v": "t[id=b].n >= 2"}, "from 7 to 8"),
        ({"r": "t[id=b].n >= 7", "s": "t[id=b].n <= 7"}, 7),
        ({"r": "t[id=b].n = 7", "s": "t[id=b].n <= 8"}, 7),
        ({"r": "2 * t[id=b].n >= 13"}, "at least 7"),
        ({"r": "8 - t[id=b].n >= 4"}, "at most 4"),
        ({"r": "t.n <= 7", "s": "t[id=a].n = 3"}, "at most 4"),
        ({"r": "t.n >= 20", "s": "t[id=a].n = 3", "u": "t[id=b].n <= 100"}, "at least 17"),
    ],
)
def test_numbers_in_a_range(tmp_path: Path, rules: dict[str, str], suggested: object) -> None:
    """Where inequalities leave several numbers, the range of those is told with which all checks hold."""
    most = {"type": "integer", "constraints": {"required": True, "minimum": 0, "maximum": 50}}
    (suspect,) = suspected(tmp_path, {"t": Sheet("id,n a,3 b,5", {"n": most}, "id")}, rules)
    assert (suspect.row, suspect.found, suspect.suggested) == (2, 5, suggested)


def test_ranges_of_cells_that_change_together(tmp_path: Path) -> None:
    """The range of a cell is told once the other cells are as suggested."""
    sheets = {"t": Sheet("id,n a,3 b,5 c,7", {"n": COUNT}, "id")}
    found = suspected(tmp_path, sheets, {"a": "t[id=a].n = 8", "b": "t[id=b].n <= 4", "c": "t[id=c].n >= t[id=a].n"})
    told = {item.row: item.suggested for item in found}
    assert told == {1: 8, 2: "at most 4", 3: "at least 8"}


def test_bounds_that_the_column_has_anyway(tmp_path: Path) -> None:
    """Where checks leave all numbers that a column takes, nothing follows."""
    most = {"type": "integer", "constraints": {"required": True, "minimum": 0, "maximum": 50}}
    (suspect,) = suspected(tmp_path, {"t": Sheet("id,n a,3 b,x", {"n": most}, "id")}, {"r": "t[id=b].n <= 100"})
    assert (suspect.found, suspect.suggested) == ("x", None)


def test_numbers_that_are_conditions(tmp_path: Path) -> None:
    """A number by which rows are classed is told as it is, as another of its range may change what it is in."""
    sheets = {"t": Sheet("id,n,m a,3,1 b,2,2", {"n": COUNT, "m": COUNT}, "id")}
    (suspect,) = suspected(tmp_path, sheets, {"one": "t[id=a].n <= 2", "two": "t[n=2].m = 3"})
    assert (suspect.row, suspect.suggested) == (1, 2)


def test_decimals(tmp_path: Path) -> None:
    """Decimals are told as they are spelt."""
    sheets = {"t": Sheet("id,n a,3.5 b,5", {"n": {"type": "number"}}, "id")}
    (suspect,) = suspected(tmp_path, sheets, {"r": "2 * t[id=b].n = 9", "s": "2 * t.n = 16", "u": "2 * t[id=a].n = 7"})
    assert (suspect.found, suspect.suggested) == ("5", "4.5")
    assert suspect.reasons == (
        "Rule r. It reads 2 * 5 = 9 (r): asks for 4.5",
        "Rule s. It reads 2 * (3.5 + 5) = 16 (s): asks for 4.5",
    )


def test_a_cell_that_is_empty(tmp_path: Path) -> None:
    """A cell that should be filled is told with what stands there, as the file has it."""
    sheets = {"t": Sheet("id,n,c a,,x b,5,q", {"n": COUNT, "c": CODES}, "id")}
    found = suspected(tmp_path, sheets, {"r": "t.n = 8"})
    told = {item.column: (item.found, item.suggested, item.explains) for item in found}
    assert told["n"] == ("", 3, ("required_cell_is_present",))
    assert told["c"][::2] == ("q", ("cell_is_a_category",))


def test_a_cell_of_which_nothing_is_known(tmp_path: Path) -> None:
    """A number that cannot be read and of which no check speaks has no suggestion."""
    (suspect,) = suspected(tmp_path, {"t": Sheet("id,n a,x b,5", {"n": COUNT}, "id")}, {})
    assert (suspect.found, suspect.suggested, suspect.confidence) == ("x", None, 0.5)


def test_codes_in_words(tmp_path: Path) -> None:
    """Of codes that would do as well all are named; a single one is told as it is."""
    sheets = {"t": Sheet("id,c a,x b,x c,y", {"c": CODES}, "id")}
    rules = {"r": "t[c=x] = 1", "s": "t = 3", "a": "t[id=a,c=x] = 1"}
    (suspect,) = suspected(tmp_path, sheets, rules)
    assert (suspect.row, suspect.column, suspect.found, suspect.suggested) == (2, "c", "x", "one of y, z")
    (suspect,) = suspected(tmp_path, sheets, {**rules, "y": "t[c=y] = 2"})
    assert suspect.suggested == "y"
    (suspect,) = suspected(tmp_path, sheets, {**rules, "z": "t[c=z] <= 0"})
    assert suspect.suggested == "y"


def test_codes_behind_a_key(tmp_path: Path) -> None:
    """Codes that mean rows of one kind would do as well; a condition with a star tells each apart."""
    sheets = {
        "t": Sheet("id,p a,k1 b,k1", {"p": REQUIRED}, "id", refers("p", "u", "p")),
        "u": Sheet("p,c k1,x k2,y k3,y k4,z", {"c": CODES}, "p"),
    }
    rules = {"r": "t[p.c=x] = 1", "s": "t[p.c=y] = 1", "a": "t[id=a,p=k1] = 1"}
    (suspect,) = suspected(tmp_path, sheets, rules)
    assert (suspect.row, suspect.suggested) == (2, "one of k2, k3")
    (suspect,) = suspected(tmp_path, sheets, {**rules, "each": "t[p=*] <= 2"})
    assert (suspect.row, suspect.suggested) in {(2, "k2"), (2, "k3")}
    (suspect,) = suspected(tmp_path, sheets, {**rules, "each": "t[p.c=*] <= 2"})
    assert (suspect.row, suspect.suggested) in {(2, "k2"), (2, "k3")}


@pytest.mark.parametrize(
    ("rules", "suggested"),
    [
        ({"r": "t[d>=2009-06-01] = 0"}, "one of 2009-04-05, 2009-05-01, 2009-03-07, 2009-02-07"),
        ({"r": "t[d<2009-06-01] = 5"}, "less than 2009-06-01"),
        ({"r": "t[d<=2009-07-01] = 5", "s": "t[d<=2009-06-01] = 5"}, "at most 2009-06-01"),
        ({"r": "t[d<=2009-06-01] = 5", "s": "t[d<=2009-07-01] = 5"}, "at most 2009-06-01"),
        (
            {"r": "t[d>=2009-02-01] = 5", "s": "t[d>=2009-02-05] = 5", "u": "t[d<=2009-07-01] = 5"},
            "at least 2009-02-05 and at most 2009-07-01",
        ),
        (
            {"r": "t[d>=2009-02-05] = 5", "s": "t[d>=2009-02-01] = 5", "u": "t[d<2009-07-01] = 5"},
            "at least 2009-02-05 and less than 2009-07-01",
        ),
        ({"r": "t[d>2009-02-06,d<2009-07-01] = 5"}, "more than 2009-02-06 and less than 2009-07-01"),
        ({"r": "t[d<=2009-06-01] = 5", "s": "t[d=2010-01-01] <= 9"}, "at most 2009-06-01"),
    ],
)
def test_codes_between_bounds(tmp_path: Path, rules: dict[str, str], suggested: object) -> None:
    """Where several dates would do as well, the nearest bounds are told that conditions set, or else the dates."""
    dates = "id,d a,2009-04-05 b,2010-01-01 c,2009-05-01 d,2009-03-07 e,2009-02-07"
    sheets = {"t": Sheet(dates, {"d": {"type": "date", "constraints": {"required": True}}}, "id")}
    found = suspected(tmp_path, sheets, rules)
    assert [(item.row, item.column, item.found, item.suggested) for item in found] == [
        (2, "d", "2010-01-01", suggested)
    ]


def test_confidence(tmp_path: Path) -> None:
    """Each check that fails once the change is undone speaks for it; one that holds either way does not."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id")}
    (suspect,) = suspected(tmp_path, sheets, {"one": "t[id=a].n = 3", "sum": "t.n = 9", "most": "t.n <= 99"})
    assert suspect.confidence == 0.5
    (suspect,) = suspected(
        tmp_path, sheets, {"one": "t[id=a].n = 3", "sum": "t.n = 9", "b": "t[id=b].n = 6", "c": "t.n >= 9"}
    )
    assert suspect.confidence == 0.75
    found = suspected(tmp_path, sheets, {"a": "t[id=a].n = 7", "sum": "t.n = 13", "b": "t[id=b].n = 6"})
    assert {item.row: item.confidence for item in found} == {1: 0.67, 2: 0.67}


def test_confidence_beside_what_is_set_aside(tmp_path: Path) -> None:
    """Each statement that is set aside with a change speaks against it."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id")}
    rules = {"one": "t[id=a].n = 3", "sum": "t.n = 9", "b": "2 * t[id=b].n = 12"}
    found = suspected(tmp_path, sheets, rules, "p 1,statistic,five,5,=,t[id=b].n,,")
    assert [(item.table, item.confidence) for item in found] == [("t", 0.5), ("mentions", 0.5)]
    rules["more"] = "4 * t[id=b].n = 24"
    mentions = ("p 1,statistic,five,5,=,t[id=b].n,,", "p 2,statistic,five,5,=,t[id=b].n,,")
    found = suspected(tmp_path, sheets, rules, *mentions)
    assert [(item.table, item.confidence) for item in found] == [("t", 0.5), ("mentions", 0.33), ("mentions", 0.33)]


def test_as_many_reasons_as_can_be_followed(tmp_path: Path) -> None:
    """Eight reasons are told, those of checks with the fewest rows first, and how many more there are."""
    sheets = {"t": Sheet("id,n,c a,3,x b,5,x", {"n": COUNT, "c": CODES}, "id")}
    rules = {"one": "t[id=a].n = 3", **{f"sum{number}": f"{number} * t.n = {9 * number}" for number in range(1, 9)}}
    (suspect,) = suspected(tmp_path, sheets, rules)
    assert suspect.reasons == (
        "Rule sum1. It reads 3 + 5 = 9 (sum1): asks for 6",
        *(
            f"Rule sum{number}. It reads {number} * (3 + 5) = {9 * number} (sum{number}): asks for 6"
            for number in range(2, 9)
        ),
    )
    (suspect,) = suspected(tmp_path, sheets, {**rules, "b": "t[id=b].n = 6", "sum9": "9 * t.n = 81"})
    assert suspect.reasons[0] == "Rule b. It reads 5 = 6 (b): asks for 6"
    assert (len(suspect.reasons), suspect.reasons[-1]) == (9, "… and 2 more checks that fail")


def test_what_a_change_explains(tmp_path: Path) -> None:
    """A change explains the failing checks that it has to do with, once each, and a wrong cell its own."""
    sheets = {"t": Sheet("id,n,m a,3,x b,5,2", {"n": COUNT, "m": COUNT}, "id")}
    found = suspected(tmp_path, sheets, {"one": "t[id=a].n = 3", "n": "t[id=*].n <= 4", "m": "t.m = 4"})
    assert {(item.row, item.column): item.explains for item in found} == {
        (1, "m"): ("cell_fits_type",), (2, "n"): ("n",),
    }  # fmt: skip


def test_rows_with_wrong_cells(tmp_path: Path) -> None:
    """A row that should go explains the wrong cells in it, and no others."""
    sheets = {"t": Sheet("id,n 1,3 2,x 3,5 3,y", {"id": INTEGER, "n": COUNT}, "id")}
    found = suspected(tmp_path, sheets, {"rows": "t = 3", "n": "t.n = 12"})
    assert {(item.row, item.action): item.explains for item in found} == {
        (2, "change"): ("cell_fits_type",),
        (4, "remove row"): ("rows", "primary_key_is_unique", "cell_fits_type"),
    }
