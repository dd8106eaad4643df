"""`scrdata export TABLE|--all`: tables in another format."""

from __future__ import annotations

import sys

from scrdata.cli import VALID, emit, emit_bytes
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.formats.exporting import FORMATS, SINGLE, format_of
from scrdata.package import find_package

DESCRIPTION = (
    "Write one table or all in another format. Without --output the file goes to standard output. A table is checked "
    "as it is read; rules are not: scrdata validate does that. Exit code: 0, 1 the table cannot be read, 2 misuse."
)


def run(given: list[str]) -> int:
    """Export one table, or all."""
    parser = make_parser("export", DESCRIPTION, FORMATS, has_default=False)
    parser.add_argument("table", nargs="?", metavar="TABLE", help="the name of a table; scrdata tables lists them")
    parser.add_argument("--all", action="store_true", help="all tables: as one file, or as one each (csv, parquet)")
    parser.add_argument(
        "--output", metavar="PATH", help="the file; or a folder, in which each file is called after its table"
    )
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    if (arguments.table is None) != arguments.all:
        parser.error("either the name of a TABLE or --all is needed")
    wanted = format_of(arguments.output, arguments.format)
    if arguments.output is None and arguments.all and wanted in SINGLE:
        parser.error(f"--all as {wanted} is one file for each table: name a folder by --output")
    if arguments.output is None and wanted not in ("csv", "json") and sys.stdout is not None and sys.stdout.isatty():
        parser.error(f"a {wanted} file is not for a terminal: name a file by --output")
    package = find_package(arguments.package)
    if arguments.output is not None:
        for path in package.export(arguments.table, arguments.output, file_format=wanted):
            emit(shown(path, len(path)))
        return VALID
    (data,) = package.export_bytes(arguments.table, wanted).values()
    emit_bytes(data)
    return VALID
