"""Suspects as objects: what JSON says of them."""

from __future__ import annotations

from types import MappingProxyType

from scrdata.localisation.suspects import ADD, CHANGE, REMOVE, Suspect, Suspects, Unresolved

CELL = Suspect("t", "change", 3, {"id": 7}, "n", 4, 5, 0.75, ("one", "two"), ("one says so",), file="t.csv", line=4)
TOLD = {
    "table": "t",
    "action": "change",
    "row": 3,
    "key": {"id": 7},
    "column": "n",
    "found": 4,
    "suggested": 5,
    "confidence": 0.75,
    "explains": ["one", "two"],
    "reasons": ["one says so"],
    "problem": 1,
    "candidates": [],
    "swapped_with": None,
    "file": "t.csv",
    "line": 4,
}


def test_a_suspect_as_an_object() -> None:
    """Every attribute stands under its name, with lists and objects as JSON knows them."""
    assert CELL.to_dict() == TOLD
    told = CELL.changed(key=MappingProxyType({"id": 7}), suggested=MappingProxyType({"n": 1}), candidates=(3, 4))
    assert told.to_dict() == {**TOLD, "suggested": {"n": 1}, "candidates": [3, 4]}
    assert {type(part) for part in told.to_dict().values()} <= {str, int, float, list, dict, type(None)}


def test_names_of_actions() -> None:
    """What is to be done has the names that `docs/suspects.md` and the command line use."""
    assert (CHANGE, REMOVE, ADD) == ("change", "remove row", "add row")


def test_what_is_not_said_of_a_suspect() -> None:
    """A suspect of which no more is known belongs to the first problem, and to no file."""
    bare = Suspect("t", "change", 3, {}, "n", 4, 5, 0.75, ())
    parts = (bare.reasons, bare.problem, bare.candidates, bare.swapped_with, bare.file, bare.line)
    assert parts == ((), 1, (), None, None, None)


def test_an_unresolved_check_as_an_object() -> None:
    """The check, the reason and the place are told; the place may be unknown."""
    assert Unresolved("c", "why", "here").to_dict() == {"check": "c", "reason": "why", "place": "here"}
    assert Unresolved("c", "why").to_dict() == {"check": "c", "reason": "why", "place": ""}


def test_all_of_it_as_an_object() -> None:
    """Suspects, alternatives and what is unresolved are objects within, beside what is said of the search."""
    found = Suspects("p", (CELL,), ((CELL, CELL),), (Unresolved("c", "why"),), optimal=True, complete=False, failing=3)
    assert found.to_dict() == {
        "package": "p",
        "failing": 3,
        "suspects": [TOLD],
        "alternatives": [[TOLD, TOLD]],
        "unresolved": [{"check": "c", "reason": "why", "place": ""}],
        "optimal": True,
        "complete": False,
    }
