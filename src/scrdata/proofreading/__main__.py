"""`python -m scrdata.proofreading SOURCE`: does the package say what the report's text prints?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.package import find_package
from scrdata.proofreading.rebuilding import compare, rebuild, write_tables
from scrdata.proofreading.source import read_source

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from scrdata.findings import Finding

EQUAL, DIFFERENT, MISUSE = 0, 1, 2


def main(given: Sequence[str] | None = None) -> int:
    """Compare, print and write as the arguments say; return the exit code."""
    arguments = _parser().parse_args(given)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _proofread(arguments)
    except (ScrdataError, OSError) as error:
        print(f"proofreading: {error}", file=sys.stderr)
        return MISUSE


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m scrdata.proofreading",
        description="Rebuild Annex B and Tables 1, 2 and 3 from the report's text and compare them with a package. "
        "Exit code: 0 all equal, 1 differences, 2 the text or the package cannot be read.",
    )
    parser.add_argument("source", metavar="SOURCE", help="the text of the report, in UTF-8")
    parser.add_argument(
        "--package",
        metavar="PACKAGE",
        help="a folder, a datapackage.json or a .zip; without it, the datapackage.json of the current folder, "
        "else the package that ships with scrdata",
    )
    parser.add_argument("--write", metavar="FOLDER", help="also write the rebuilt tables into this folder, as CSV")
    return parser


def _proofread(arguments: Namespace) -> int:
    tables = rebuild(read_source(arguments.source))
    package = find_package(arguments.package)
    differences = {name: compare(printed, package) for name, printed in tables.items()}
    for name, findings in differences.items():
        print(_verdict(name, len(tables[name].rows), findings))
    if arguments.write:
        for path in write_tables(tables, arguments.write):
            print(f"written: {shown(path)}")
    return DIFFERENT if any(differences.values()) else EQUAL


def _verdict(name: str, rows: int, findings: list[Finding]) -> str:
    """Return what is to be said about one table: that it is equal, or each difference with its place."""
    if not findings:
        return f"{name}: equal ({rows} rows)"
    number = "1 difference" if len(findings) == 1 else f"{len(findings)} differences"
    return "\n".join([f"{name}: {number}", *(_difference(finding) for finding in findings)])


def _difference(finding: Finding) -> str:
    key = ", ".join(f"{name}={value}" for name, value in finding.key.items())
    row = f", row {finding.row}" if finding.row else ""
    return f"  {finding.place}{row}{f' ({key})' if key else ''}: {finding.message}"


if __name__ == "__main__":
    sys.exit(main())
