"""Changes and what they do to totals: just what reading the changed tables anew would say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.changes import Change
from scrdata.network import Network
from tests.localisation.packages import COUNT, INTEGER, Sheet, diagnosis, names, refers, write

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis

SHEETS = {
    "t": Sheet(
        "id,c,n,m,p a,x,3,1,k1 b,x,5,,k2 c,y,2,2,k1 d,,4,1,", {"n": COUNT, "m": INTEGER}, "id", refers("p", "u", "p")
    ),
    "u": Sheet("p,c,w k1,north,10 k2,south,20 k3,south,30", {"w": COUNT}, "p"),
}
RULES = {
    "all": "t.n = 14",
    "rows": "t = 4",
    "x": "t[c=x].n = 8",
    "two": "t[c=x,n>=4].m = 1",
    "each": "t[c=*].n <= 9",
    "path": "t[p.c=south].n = 5",
    "paths": "t[p.c=*] <= 3",
    "both": "t[c=*,p.c=*].m <= 3",
    "none": 't[p.c=""] = 1',
    "weights": "u.w = 60",
}
CHANGES = {
    "a number": ("t", 0, (("n", 7),), False),
    "a number that is a condition": ("t", 0, (("n", 4),), False),
    "two numbers": ("t", 0, (("m", 9), ("n", 7)), False),
    "a missing number": ("t", 1, (("m", 6),), False),
    "a number that goes": ("t", 2, (("m", None),), False),
    "a code": ("t", 0, (("c", "y"),), False),
    "a code and a number": ("t", 1, (("c", "y"), ("m", 6)), False),
    "a code that nobody had": ("t", 0, (("c", "z"),), False),
    "a code that goes": ("t", 0, (("c", None),), False),
    "a code where none was": ("t", 3, (("c", "x"),), False),
    "a key": ("t", 0, (("p", "k2"),), False),
    "a key of the same kind": ("t", 1, (("p", "k3"),), False),
    "a key that goes": ("t", 1, (("p", None),), False),
    "a key where none was": ("t", 3, (("p", "k3"),), False),
    "a number that stays within a condition": ("t", 1, (("n", 6),), False),
    "the same number": ("t", 0, (("n", 3),), False),
    "a row that goes": ("t", 0, (), True),
    "a row with a missing number that goes": ("t", 1, (), True),
    "a row with missing codes that goes": ("t", 3, (), True),
    "a row": ("t", None, (("c", "x"), ("id", "e"), ("m", 2), ("n", 6), ("p", "k1")), False),
    "a row without numbers": ("t", None, (("c", "x"), ("id", "e"), ("m", None), ("n", 6), ("p", "k2")), False),
    "a row of a new kind": ("t", None, (("c", "z"), ("id", "e"), ("m", 2), ("n", 6), ("p", "k3")), False),
    "a weight": ("u", 0, (("w", 11),), False),
}


def renewed(folder: Path, change: Change) -> Diagnosis:
    """Return what is found in the package once a change is made in its files."""
    header, *rows = (line.split(",") for line in SHEETS[change.table].text.split())
    if change.removed:
        assert change.row is not None
        del rows[change.row]
    else:
        rows += [[""] * len(header)] if change.row is None else []
        row = rows[-1 if change.row is None else change.row]
        for name, value in change.cells:
            row[header.index(name)] = "" if value is None else str(value)
    text = " ".join(",".join(row) for row in [header, *rows])
    return diagnosis(write(folder, {**SHEETS, change.table: SHEETS[change.table]._replace(text=text)}, RULES))


def totals(network: Network) -> dict[tuple[str, object], tuple[object, int]]:
    """Return what each total that is not nothing comes to, and how many cells are missing in it."""
    told = {(str(node.reference), node.values): (node.known, node.missing) for node in network.nodes}
    return {key: amounts for key, amounts in told.items() if amounts != (0, 0)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shifts_totals_as_reading_anew_would(tmp_path: Path, name: str) -> None:
    """Totals and failing checks after a change are those of the package with the change made in its files."""
    change = Change(*CHANGES[name])
    found = diagnosis(write(tmp_path, SHEETS, RULES))
    state = found.assessment.apply(found.assessment.start(), change, 0)
    expected = renewed(tmp_path, change)
    shifted = Network(found.contents)
    for node in found.network.nodes[len(shifted.nodes) :]:
        assert node.reference is not None
        shifted.node(node.reference, node.values)
    for position, (known, missing) in state.shifts.items():
        shifted.nodes[position].known += known
        shifted.nodes[position].missing += missing
    assert totals(shifted) == totals(expected.network)
    assert names(found, state.failing) == names(expected, expected.assessment.start().failing)
    assert (0, 0) not in state.shifts.values()


def test_what_is_not_known_of_a_row_counts_for_nothing(tmp_path: Path) -> None:
    """A row to put in enters the totals of which it fulfils all conditions; numbers that are not known are missing."""
    found = diagnosis(write(tmp_path, SHEETS, RULES))
    shifts = found.assessment.effects.of(Change("t", None, (("c", "x"),)))
    told = {str(found.network.nodes[node].reference): shift for node, shift in shifts.items()}
    assert told == {"t.n": (0, 1), "t": (1, 0), "t[c=x].n": (0, 1), "t[c=*].n": (0, 1)}


def test_totals_of_a_new_kind_bring_their_checks(tmp_path: Path) -> None:
    """A code that no row had so far is held to the rules that speak of each code."""
    found = diagnosis(write(tmp_path, SHEETS, RULES))
    assert "each[c=z]" not in {check.name for check in found.network.checks}
    state = found.assessment.apply(found.assessment.start(), Change("t", 0, (("c", "z"), ("n", 10))), 0)
    assert names(found, state.failing) == ["all", "x", "each[c=z]"]
    checks = len(found.network.checks)
    found.assessment.apply(found.assessment.start(), Change("t", 1, (("c", "z"),)), 0)
    assert len(found.network.checks) == checks
    assert found.assessment.effects.of(Change("t", 0, (("c", "z"), ("n", 10)))) == dict(state.shifts)


def test_totals_that_a_new_kind_needs_elsewhere(tmp_path: Path) -> None:
    """A total that comes with a new kind is known to later changes, also those of other tables."""
    sheets = {"t": Sheet("id,c,n a,x,3", {"n": COUNT}), "v": Sheet("c,n x,3 z,4", {"n": COUNT})}
    found = diagnosis(write(tmp_path, sheets, {"each": "t[c=*].n = v[c=*].n", "more": "t[c=*] <= t[c=*].n"}))
    effects = found.assessment.effects
    effects.of(Change("t", 0, (("c", "y"),)))
    shifts = effects.of(Change("v", None, (("c", "y"), ("n", 9))))
    (position,) = shifts
    assert (str(found.network.nodes[position].reference), shifts[position]) == ("v[c=*].n", (9, 0))
    assert {str(reference) for reference in effects.references("t")} == {"t[c=*].n", "t[c=*]"}
    assert [str(reference) for reference in effects.references("v")] == ["v[c=*].n"]


def test_what_counts_and_conditions(tmp_path: Path) -> None:
    """Of a table its references are known, of a column those with a condition on it, each once, of a row its totals."""
    rules = {"x": "t[c=x,c=x|y].n = 8", "all": "t.n = 14", "again": "2 * t.n = 28"}
    effects = diagnosis(write(tmp_path, SHEETS, rules)).assessment.effects
    assert [str(reference) for reference in effects.references("t")] == ["t[c=x,c=x|y].n", "t.n"]
    assert [str(reference) for reference in effects.conditioned("t", "c")] == ["t[c=x,c=x|y].n"]
    assert effects.conditioned("t", "n") == effects.references("u") == []
    assert effects.members("t") == {0: [0, 1], 1: [0, 1], 2: [1], 3: [1]}
    assert effects.members("u") == {}
    assert effects.of(Change("u", 0, (("w", 3),))) == effects.of(Change("u", 0, removed=True)) == {}


def test_the_end_of_a_path(tmp_path: Path) -> None:
    """A path leads from a key to a cell of the row that it means, or nowhere."""
    sheets = {
        **SHEETS,
        "u": Sheet("p,c,w,q k1,north,10,q1 k2,south,20,", {"w": COUNT}, "p", refers("q", "v", "q")),
        "v": Sheet("q,z q1,east", {}, "q"),
    }
    effects = diagnosis(write(tmp_path, sheets, {})).assessment.effects
    assert effects.follow("t", ("p",), "k1") == "k1"
    assert effects.follow("t", ("p", "c"), "k2") == "south"
    assert effects.follow("t", ("p", "q", "z"), "k1") == "east"
    assert effects.follow("t", ("p", "q", "z"), "k2") is None
    assert effects.follow("t", ("p", "c"), "k9") is None


def test_changes_of_one_row_become_one() -> None:
    """Cells are put together, the later ones counting; a row that is taken out is gone whatever else was changed."""
    one, other = Change("t", 1, (("b", 1), ("c", 2))), Change("t", 1, (("a", 3), ("b", 4)))
    gone = Change("t", 1, removed=True)
    assert one.merged(other) == Change("t", 1, (("a", 3), ("b", 4), ("c", 2)))
    assert other.merged(one) == Change("t", 1, (("a", 3), ("b", 1), ("c", 2)))
    assert one.merged(gone) == gone.merged(one) == gone
    assert (one.removed, one.cells, Change("t", 1).cells) == (False, (("b", 1), ("c", 2)), ())
