"""The tables of the page: cells by their labels, each count with its reference, and what every column means."""

from __future__ import annotations

from scrdata.references import Condition, Reference
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.descriptor import Resource
    from scrdata.explorer.dossiers import Dossiers
    from scrdata.fields import Field
    from scrdata.metadata.publication import Publication
    from scrdata.reading import Table
    from scrdata.totals import Totals
    from scrdata.values import Value

    Cell = dict[str, str]


def describe_table(resource: Resource, publication: Publication, dossiers: Dossiers) -> dict[str, object]:
    """Return what the page shows of a table: its columns, its rows, and the files that hold it.

    Args:
        resource: the table.
        publication: the package, with the files that are published of it.
        dossiers: the figures of the page, to which those of the cells are added.
    """
    table = publication.contents.tables[resource.name]
    columns = [_cells(table, field, publication.contents.totals) for field in table.schema.fields]
    return {
        "name": resource.name,
        "anchor": dossiers.table_anchor(resource.name),
        "title": resource.title or resource.name,
        "description": resource.description,
        "columns": [describe_column(field) for field in table.schema.fields],
        "rows": [{"anchor": "", "cells": list(cells)} for cells in zip(*columns, strict=True)],
        "files": [file.path for file in publication.of_table(table.name)],
    }


def describe_column(field: Field) -> dict[str, object]:
    """Return what the data dictionary says of a column."""
    return {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "type": field.type,
        "numeric": field.type in ("integer", "number"),
        "required": field.required,
        "codes": [
            {"code": to_text(item.value), "label": item.label, "description": item.description or ""}
            for item in field.categories
        ],
    }


def label_of(field: Field, value: Value | None) -> str:
    """Return a cell as the page shows it: the label of a code where no other code has the same, else the text."""
    labels = [item.label for item in field.categories]
    label = next((item.label for item in field.categories if item.value == value), "")
    return label if labels.count(label) == 1 else to_text(value)


def _cells(table: Table, field: Field, totals: Totals) -> list[Cell]:
    """Return the cells of a column, each with the reference to the figure that it is or names."""
    values = table.columns[field.name]
    cells: list[Cell] = [{"text": label_of(field, value)} for value in values]
    if field.properties.get("scrdata:reference") is True:
        for cell, value in zip(cells, values, strict=True):
            names_one = value is not None and not totals.reference(to_text(value)).stars
            cell.update({"reference": to_text(value), "names": "yes"} if names_one else {})
    elif field.type == "integer" and table.schema.primary_key and field.name not in table.schema.primary_key:
        for row, cell in enumerate(cells):
            # Of a missing number it is worth asking why, where the table states the status of its values.
            if values[row] is not None or "value_status" in table.columns:
                cell["reference"] = str(_reference(table, field, row))
    return cells


def _reference(table: Table, field: Field, row: int) -> Reference:
    """Return the reference to one cell, by the key of its row."""
    keys: Sequence[str] = table.schema.primary_key
    conditions = tuple(Condition((key,), "=", (to_text(table.columns[key][row]),)) for key in keys)
    return Reference(table.name, conditions, field.name)
