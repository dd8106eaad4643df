"""`scrdata show TABLE`: one table, as text, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package
from scrdata.reading import scalar
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.reading import Table

MOST_WIDTH = 60


def run(given: list[str]) -> int:
    """Print one table."""
    parser = make_parser("show", "Print one table of a package.", ("text", "csv", "json"))
    parser.add_argument("table", metavar="TABLE", help="the name of a table; scrdata tables lists them")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    table = find_package(arguments.package).table(arguments.table)
    write = {"text": as_text, "csv": as_csv, "json": as_json}[arguments.format]
    emit(write(table))
    return VALID


def _rows(table: Table) -> list[tuple[str, ...]]:
    columns = ([to_text(cell) for cell in cells] for cells in table.columns.values())
    return list(zip(*columns, strict=True))


def as_text(table: Table) -> str:
    """Return the table in aligned columns; cells longer than 60 characters are cut."""
    rows = [tuple(table.columns), *_rows(table)]
    cut = [[shown(cell) if len(cell) <= MOST_WIDTH else shown(cell[:MOST_WIDTH]) + "…" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    numeric = [field.type in ("integer", "number") for field in table.schema.fields]
    lines = []
    for row in cut:
        cells = zip(row, widths, numeric, strict=True)
        padded = (cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def as_csv(table: Table) -> str:
    """Return the table as CSV with LF line ends, without the last one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([tuple(table.columns), *_rows(table)])
    return text.getvalue().removesuffix("\n")


def as_json(table: Table) -> str:
    """Return the table as a list of objects; missing cells are null, dates are text."""
    names = list(table.columns)
    rows = zip(*table.columns.values(), strict=True)
    items = [{name: scalar(cell) for name, cell in zip(names, row, strict=True)} for row in rows]
    return json.dumps(items, indent=2)
