"""CSV: UTF-8, a header row, commas, LF, quotation marks only where they are needed."""

from __future__ import annotations

import csv
import io

from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.reading import Table


def write_csv(table: Table) -> bytes:
    """Return a table as CSV in the one spelling that `scrdata.values` has for each value; missing cells are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*([to_text(cell) for cell in cells] for cells in table.columns.values()), strict=True))
    return text.getvalue().encode()
