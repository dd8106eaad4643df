"""`scrdata validate [PACKAGE]`: is every number consistent?"""

from __future__ import annotations

import json

from scrdata.cli import INVALID, MISUSE, VALID, emit, show_progress
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.cli.suspects import place, verdict
from scrdata.errors import PackageError
from scrdata.findings import shown, unopened
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.findings import Finding, Report
    from scrdata.package import Package

DESCRIPTION = (
    "Check the bytes, the descriptor, every cell, key, rule and registered discrepancy of a package. "
    "Exit code: 0 valid, 1 invalid, 2 cannot be opened, 3 a bug of scrdata."
)
LISTED_OPEN = 10
# For one line beside the report, the search stays short.
MOST_CELLS = 100_000
MOST_ERRORS = 500
TIME_LIMIT = 2
LONGEST = 1_000


def run(given: list[str]) -> int:
    """Validate a package and print the report."""
    parser = make_parser("validate", DESCRIPTION, ("text", "json"))
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument(
        "--cross-check",
        action="store_true",
        help="once the package is accepted, ask pandera and frictionless too, and report where they disagree",
    )
    parser.add_argument(
        "--engine",
        choices=("duckdb",),
        help="read files of a megabyte or more through this engine, for data larger than comfort; same verdict",
    )
    arguments = parser.parse_args(given)
    try:
        package = find_package(arguments.package)
        report = package.validate(
            cross_check=arguments.cross_check,
            engine=arguments.engine,
            progress=lambda tables: show_progress(tables, "reading", "table"),
        )
    except PackageError as error:
        if arguments.format != "json":
            raise
        report = unopened(arguments.package or ".", str(error))
        emit(as_json(report))
        return MISUSE
    if arguments.format == "json":
        emit(as_json(report))
    else:
        emit(as_text(report) if report.valid or arguments.engine else f"{as_text(report)}\n{first_suspect(package, report)}")
    return VALID if report.valid else INVALID


def first_suspect(package: Package, report: Report) -> str:
    """Return one line that names the first number to doubt, and how to see the rest."""
    command = f"scrdata suspects {shown(package.location)}"
    if report.checked["cells"] > MOST_CELLS or report.errors > MOST_ERRORS:
        return f"first suspect: not looked for in a package of so many cells or errors; '{command}' does"
    found = package.suspects(time_limit=TIME_LIMIT, alternatives=1)
    if found.suspects:
        first = found.suspects[0]
        return shown(f"first suspect: {place(first)}: {verdict(first)}; '{command}' says why, and what else", LONGEST)
    if found.alternatives:
        return f"first suspect: undetermined, since several changes would do as well; '{command}' lists them"
    return f"first suspect: none; '{command}' says what it could not explain"


def as_json(report: Report) -> str:
    """Return the report as one JSON object; everything outside ASCII is escaped."""
    return json.dumps(report.to_dict(), indent=2)


def as_text(report: Report) -> str:
    """Return the report for a person: each finding with its place, then one line that sums up."""
    lines = [line for finding in report.findings for line in (*_finding(finding), "")]
    left_out = report.errors + report.warnings - len(report.findings)
    if left_out:
        lines += [f"… and {left_out} more findings, counted and not listed", ""]
    lines += [f"not checked: {item.check}: {item.reason}" for item in report.not_checked]
    for known in report.known_discrepancies:
        lines.append(f"registered discrepancy: {known['check']}: {known['left']} against {known['right']}")
    lines += [f"open: {item.check}: {item.reason}" for item in report.open[:LISTED_OPEN]]
    if len(report.open) > LISTED_OPEN:
        lines.append(f"open: … and {len(report.open) - LISTED_OPEN} more")
    version = f" {report.version}" if report.version else ""
    lines += [f"package: {report.package}{version}", _summary(report)]
    return "\n".join(shown(line, len(line)) for line in lines)


def _finding(finding: Finding) -> list[str]:
    key = ", ".join(f"{name}={value}" for name, value in finding.key.items())
    lines = [f"{finding.severity}: {finding.place}" + (f" ({key})" if key else "")]
    lines.append(f"  {finding.message}")
    if finding.found is not None and finding.expected is not None:
        lines.append(f"  found {finding.found}, expected {finding.expected}")
    lines.append(f"  rule: {finding.rule}")
    return lines


def _summary(report: Report) -> str:
    count = report.checked.get
    checked = ", ".join(
        _number(count(what, 0), one, what)
        for what, one in (("tables", "table"), ("rows", "row"), ("cells", "cell"), ("rules", "rule"))
    )
    checked += f" ({_number(count('equations', 0), 'equation', 'equations')})"
    if "mentions" in report.checked:
        totals = _number(count("printed_totals", 0), "total", "totals")
        checked += f", {_number(report.checked['mentions'], 'mention', 'mentions')} ({totals})"
    if report.valid:
        rest = []
        if report.known_discrepancies:
            number = len(report.known_discrepancies)
            rest.append(_number(number, "registered discrepancy", "registered discrepancies"))
        if report.open:
            rest.append(_number(len(report.open), "open check", "open checks"))
        if report.warnings:
            rest.append(_number(report.warnings, "warning", "warnings"))
        return f"valid: {checked}" + (f"; {', '.join(rest)}" if rest else "")
    wrong = _number(report.errors, "error", "errors")
    if report.warnings:
        wrong += f", {_number(report.warnings, 'warning', 'warnings')}"
    if report.not_checked:
        wrong += f", {len(report.not_checked)} not checked"
    return f"NOT VALID: {wrong} in {checked}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
