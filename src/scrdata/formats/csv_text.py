"""CSV: UTF-8, a header row, commas, LF, quotation marks only where they are needed."""

from __future__ import annotations

import csv
import io

from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.fields import Field
    from scrdata.reading import Table


def write_csv(table: Table) -> bytes:
    """Return a table as CSV, each value in the one spelling that `scrdata.values` has for it.

    Missing cells are empty, unless the schema takes an empty cell for a text and has another sign for missing ones.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    columns = []
    for field in table.schema.fields:
        missing = _missing_sign(field)
        columns.append([missing if cell is None else to_text(cell) for cell in table.columns[field.name]])
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def _missing_sign(field: Field) -> str:
    return "" if "" in field.missing_values else min(field.missing_values, default="")
