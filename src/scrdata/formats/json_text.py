"""JSON: a table as a list of objects, a package as an object of tables."""

from __future__ import annotations

import json

from scrdata.reading import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.reading import Table


def write_json(table: Table) -> bytes:
    """Return a table as a list of one object for each row.

    Missing cells are null; integers and booleans are what they are, all other values text, so that
    no decimal is changed by a reader. Everything outside ASCII is escaped, so that it is safe on a terminal.
    """
    return _as_json(_objects(table))


def write_json_tables(tables: Mapping[str, Table]) -> bytes:
    """Return tables as one object, with the list of each under its name."""
    return _as_json({name: _objects(table) for name, table in tables.items()})


def _objects(table: Table) -> list[dict[str, object]]:
    names = list(table.columns)
    rows = zip(*table.columns.values(), strict=True)
    return [{name: scalar(cell) for name, cell in zip(names, row, strict=True)} for row in rows]


def _as_json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()
