"""`scrdata tables`: what is in a package."""

from __future__ import annotations

import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package

DESCRIPTION = (
    "List the tables of a package with their numbers of rows; as Markdown, the data dictionary: what every table, "
    "column and code means."
)


def run(given: list[str]) -> int:
    """Print name, number of rows and title of each table."""
    parser = make_parser("tables", DESCRIPTION, ("text", "markdown", "json"))
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    if arguments.format == "markdown":
        from scrdata.metadata.dictionary import write_dictionary
        from scrdata.metadata.publication import PLACEHOLDER, Publication

        page = write_dictionary(Publication(package.contents, PLACEHOLDER, ()))
        emit("\n".join(shown(line, len(line)) for line in page.rstrip("\n").split("\n")))
        return VALID
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
