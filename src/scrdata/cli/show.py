"""`scrdata show TABLE`: one table, as text, CSV or JSON."""

from __future__ import annotations

from scrdata.cli import VALID, emit, emit_bytes
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.formats.csv_text import write_csv
from scrdata.formats.json_text import write_json
from scrdata.package import find_package
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
    if arguments.format == "text":
        emit(as_text(table))
    else:
        emit_bytes(write_csv(table) if arguments.format == "csv" else write_json(table))
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
