"""`scrdata validate [PACKAGE]`: is every number consistent?"""

from __future__ import annotations

import json

from scrdata.cli import INVALID, MISUSE, VALID, emit, show_progress
from scrdata.cli.arguments import PACKAGE_HELP, add_limits, limits_of, make_parser
from scrdata.cli.suspects import place, verdict
from scrdata.cli.text import as_text
from scrdata.errors import PackageError
from scrdata.findings import shown, unopened
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.findings import Report
    from scrdata.package import Package

DESCRIPTION = (
    "Check the bytes, the descriptor, every cell, key, rule and registered discrepancy of a package. "
    "Exit code: 0 valid, 1 invalid, 2 cannot be opened, 3 a bug of scrdata."
)
FORMATS = ("text", "json", "junit", "sarif", "github")
# For one line beside the report, the search stays short.
MOST_CELLS = 100_000
MOST_ERRORS = 500
TIME_LIMIT = 2
LONGEST = 1_000


def run(given: list[str]) -> int:
    """Validate a package and print the report."""
    parser = make_parser("validate", DESCRIPTION, FORMATS)
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument(
        "--cross-check",
        action="store_true",
        help="once the package is accepted, ask pandera and frictionless too, and report where they disagree",
    )
    parser.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        help="read files of a megabyte or more through this engine, for data larger than comfort; same verdict",
    )
    add_limits(parser)
    arguments = parser.parse_args(given)
    limits = limits_of(arguments)
    try:
        package = find_package(arguments.package, limits=limits)
        report = package.validate(
            cross_check=arguments.cross_check,
            engine=arguments.engine,
            progress=lambda tables: show_progress(tables, "reading", "table"),
        )
    except PackageError as error:
        if arguments.format == "text":
            raise
        emit(format_report(arguments.format, unopened(arguments.package or ".", str(error)), None, MISUSE))
        return MISUSE
    code = VALID if report.valid else INVALID
    emit(format_report(arguments.format, report, package, code))
    return code


def format_report(form: str, report: Report, package: Package | None, code: int) -> str:
    """Return the report in a format; what only one format needs is loaded for that one.

    Args:
        form: one of `FORMATS`.
        report: on a package, or on what could not be opened.
        package: `None` if it could not be opened; there is no text then.
        code: the exit code.
    """
    if form == "json":
        return as_json(report)
    if form == "junit":
        from scrdata.cli.junit import as_junit

        return as_junit(report, package.outline() if package else None)
    if form == "sarif":
        from scrdata.cli.sarif import as_sarif

        return as_sarif(report, package.outline() if package else None, code)
    if form == "github":
        from scrdata.cli.github import as_github, printed

        suspect = [printed(first_suspect(package, report))] if package and not report.valid else []
        return "\n".join([as_github(report), *suspect])
    assert package is not None
    return as_text(report) if report.valid else f"{as_text(report)}\n{first_suspect(package, report)}"


def first_suspect(package: Package, report: Report) -> str:
    """Return one line that names the first number to doubt, and how to see the rest."""
    command = f"scrdata suspects {shown(package.location)}"
    if report.checked["cells"] > MOST_CELLS or report.errors > MOST_ERRORS:
        return f"first suspect: not looked for in a package of so many cells or errors; '{command}' does"
    none = f"first suspect: none; '{command}' says what it could not explain"
    if not report.checked["cells"]:
        return none
    found = package.suspects(time_limit=TIME_LIMIT, alternatives=1)
    if found.suspects:
        first = found.suspects[0]
        return shown(f"first suspect: {place(first)}: {verdict(first)}; '{command}' says why, and what else", LONGEST)
    if found.alternatives:
        return f"first suspect: undetermined, since several changes would do as well; '{command}' lists them"
    return none


def as_json(report: Report) -> str:
    """Return the report as one JSON object; everything outside ASCII is escaped."""
    return json.dumps(report.to_dict(), indent=2)
