"""`scrdata tables`: what is in a package."""

from __future__ import annotations

import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package


def run(given: list[str]) -> int:
    """Print name, number of rows and title of each table."""
    parser = make_parser("tables", "List the tables of a package with their numbers of rows.", ("text", "json"))
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    tables = package.tables()
    if arguments.format == "json":
        items = [{"name": t.name, "title": t.title, "description": t.description, "rows": t.rows} for t in tables]
        emit(json.dumps({"package": package.location, "version": package.version, "tables": items}, indent=2))
        return VALID
    width = max((len(table.name) for table in tables), default=0)
    lines = [f"{shown(table.name):<{width}}  {table.rows:>6,}  {shown(table.title)}" for table in tables]
    lines.append(f"package: {shown(package.location)} {shown(package.version or '')}".rstrip())
    emit("\n".join(lines))
    return VALID
