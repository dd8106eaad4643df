"""Small packages that exist in memory only, compared with one another."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from scrdata.comparison.difference import compare_contents
from scrdata.contents import open_contents
from tests.memory import RULES, package

if TYPE_CHECKING:
    from scrdata import Diff
    from scrdata.comparison.changes import Change

    Tables = dict[str, tuple[dict[str, Any], str]]

PLANTS: dict[str, Any] = {
    "fields": [
        {"name": "plant_id", "type": "string"},
        {"name": "kind", "type": "string", "constraints": {"enum": ["tree", "herb"]}},
        {"name": "height", "type": "number", "constraints": {"minimum": 1, "maximum": 50}},
        {"name": "note", "type": "string"},
        {"name": "parent_id", "type": "string"},
    ],
    "primaryKey": ["plant_id"],
    "uniqueKeys": [["kind", "height"]],
    "foreignKeys": [{"fields": ["parent_id"], "reference": {"resource": "", "fields": ["plant_id"]}}],
}
ROWS = "plant_id,kind,height,note,parent_id\noak,tree,20,Old,\nelm,tree,15,,oak\nmint,herb,1,Smells,\n"
EQUATIONS = "rule_id,equation,statement\nall_are_36,plants.height = 36,All add up.\n"


def tables() -> Tables:
    """Return two tables, one of them rules, that a test may change."""
    return {"plants": (copy.deepcopy(PLANTS), ROWS), "rules": (copy.deepcopy(RULES), EQUATIONS)}


def compare(
    old: Tables, new: Tables, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> Diff:
    """Compare two packages of these tables, with further properties of their descriptors."""
    storages = package(old, **(before or {})), package(new, **(after or {}))
    return compare_contents(*map(open_contents, storages))


def with_rows(text: str) -> Diff:
    """Compare the plain package with one in which the plants are others."""
    later = tables()
    later["plants"] = (later["plants"][0], text)
    return compare(tables(), later)


def facts(change: Change) -> tuple[object, ...]:
    """Return kind, table, column, aspect, and what stood and stands there."""
    return change.kind, change.table, change.column, change.aspect, change.old, change.new
