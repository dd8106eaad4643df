"""Two tables that show everything the notation can speak about: keys, orders, dates, numbers, missing cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.brute_force import World
from tests.memory import csv_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rows = dict[str, Sequence[tuple[str | None, ...]]]

SIZES = ["small", "medium", "large"]
AREA_IDS = ["north", "south", "mid-west", "the isles", 'the "east"']
KINDS = ["a", "b", "a b", "*"]
DAYS = ["2009-12-31", "2010-01-01", "2010-02-28"]
_SIZE = {"name": "size", "categories": SIZES, "categoriesOrdered": True}
SCHEMAS: dict[str, dict[str, Any]] = {
    "areas": {
        "fields": [
            {"name": "area_id"},
            _SIZE,
            {"name": "opened", "type": "date"},
            {"name": "parent_id"},
            {"name": "people", "type": "integer"},
        ],
        "primaryKey": ["area_id"],
        "foreignKeys": [{"fields": ["parent_id"], "reference": {"resource": "", "fields": ["area_id"]}}],
    },
    "counts": {
        "fields": [
            {"name": "area_id"},
            {"name": "kind"},
            _SIZE,
            {"name": "day", "type": "date"},
            {"name": "children", "type": "integer"},
            {"name": "weight", "type": "number"},
        ],
        "foreignKeys": [{"fields": ["area_id"], "reference": {"resource": "areas", "fields": ["area_id"]}}],
    },
}
_READERS: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "integer": int, "number": Decimal}


def column_names(table: str) -> tuple[str, ...]:
    """Return the names of the columns of a table."""
    return tuple(field["name"] for field in SCHEMAS[table]["fields"])


def paths_from(table: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the paths by which a table reaches columns of each kind of value."""
    own = "area_id" if table == "counts" else "parent_id"
    beyond = [(own,), (own, "parent_id")]
    day, number = ("day", "children") if table == "counts" else ("opened", "people")
    return {
        "area": beyond if table == "counts" else [*beyond, ("area_id",)],
        "size": [("size",), *((*path, "size") for path in beyond)],
        "day": [(day,), *((*path, "opened") for path in beyond)],
        "kind": [("kind",)] if table == "counts" else [],
        "number": [(number,), (own, "people")],
    }


def starred_paths(table: str, star: str) -> list[tuple[str, ...]]:
    """Return the paths from a table that end in a column of this name."""
    return [path for paths in paths_from(table).values() for path in paths if path[-1] == star]


def as_files(rows: Rows) -> dict[str, tuple[dict[str, Any], str]]:
    """Return rows of texts as tables of a package."""
    return {name: (schema, csv_text(column_names(name), *rows[name])) for name, schema in SCHEMAS.items()}


def as_world(rows: Rows) -> World:
    """Return the same rows for the brute-force evaluator."""
    places = [(table, field) for table, schema in SCHEMAS.items() for field in schema["fields"]]
    readers = {(table, field["name"]): _READERS.get(field.get("type", ""), str) for table, field in places}
    tables = {
        table: [
            {
                name: None if text is None else readers[table, name](text)
                for name, text in zip(column_names(table), row, strict=True)
            }
            for row in rows[table]
        ]
        for table in SCHEMAS
    }
    orders = {(table, "size"): SIZES for table in SCHEMAS}
    return World(tables, readers, orders, dict.fromkeys(_LINKS, ("areas", "area_id")))


_LINKS = [("areas", "parent_id"), ("counts", "area_id")]
