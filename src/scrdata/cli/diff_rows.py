"""A difference as CSV: one row for each change, and nothing in it that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata import Diff

COLUMNS = ("table", "kind", "level", "key", "row", "column", "aspect", "old", "new", "explanation")
_MARKS = "=+-@\"'"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def as_csv(found: Diff) -> str:
    """Return the changes as CSV with LF line ends, without the last one.

    Keys, and rows that are new or gone, are JSON objects. A text that a spreadsheet would take for a formula, an
    empty text, and one that begins with a quotation mark are JSON strings; an empty cell is a missing value.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in found.changes:
        old, new = inert(change.old), inert(change.new)
        if change.cells:
            row = _object(change.cells)
            old, new = (row, "") if change.kind.endswith("_removed") else ("", row)
        place = (inert(change.table), change.kind, change.level, _object(change.key), inert(change.row))
        what = (inert(change.column), inert(change.aspect), old, new, inert(change.explanation or None))
        writer.writerow([*place, *what])
    return text.getvalue().removesuffix("\n")


def _object(cells: Mapping[str, object]) -> str:
    text = json.dumps(dict(cells), ensure_ascii=False) if cells else ""
    return text if text.isprintable() else json.dumps(dict(cells))


def inert(value: object) -> str:
    """Return a value as the text of a cell that no spreadsheet calculates."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    if not isinstance(value, str) or _NUMBER.fullmatch(text):
        return text
    is_plain = text.isprintable() and text[:1] not in ("", *_MARKS)
    return text if is_plain else json.dumps(text)
