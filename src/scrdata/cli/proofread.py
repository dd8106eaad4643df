"""`scrdata proofread SOURCE`: does the package say what the report's text prints?"""

from __future__ import annotations

import json

from scrdata.cli import INVALID, VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.findings import Finding
    from scrdata.proofreading.proof import Proof

DESCRIPTION = (
    "Hold a package against the text of the report: Annex B, Tables 1, 2 and 3, and every number that the text prints, "
    "in digits and words. Exit code: 0 all equal and accounted for, 1 differences, 2 the text or the package cannot "
    "be read."
)


def run(given: list[str]) -> int:
    """Proofread a package, and print what differs."""
    parser = make_parser("proofread", DESCRIPTION, ("text", "json"))
    parser.add_argument("source", metavar="SOURCE", help="the text of the report, in UTF-8")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument("--write", metavar="FOLDER", help="also write the tables of the text into this folder, as CSV")
    arguments = parser.parse_args(given)
    from scrdata.proofreading.proof import proofread
    from scrdata.proofreading.rebuilding import write_tables

    proof = proofread(arguments.source, find_package(arguments.package))
    emit(json.dumps(proof.to_dict(), indent=2) if arguments.format == "json" else "\n".join(_lines(proof)))
    if arguments.write:
        try:
            paths = write_tables(proof.tables, arguments.write)
        except OSError as error:
            raise ScrdataError(f"{shown(arguments.write)} cannot be written: {error.strerror or error}") from None
        if arguments.format != "json":
            emit("\n".join(f"written: {shown(path)}" for path in paths))
    return INVALID if proof.findings else VALID


def _lines(proof: Proof) -> list[str]:
    lines = [line for name, found in proof.differences.items() for line in _table(proof, name, found)]
    account = proof.account
    if account is None:
        return [*lines, "numbers: not compared, the package declares no table of mentions"]
    rows = proof.dates_in_rows
    lines.append(
        f"numbers: {account.claimed + rows} of {account.numbers + rows} accounted for, "
        f"{account.claimed} by mentions, {rows} by rows of Annex B"
    )
    lines += [f"  left out: {count} {name}" for name, count in account.excluded.items()]
    return [*lines, *(_difference(finding) for finding in account.findings)]


def _table(proof: Proof, name: str, findings: list[Finding]) -> list[str]:
    """Return what is to be said about one table: that it is equal, or each difference with its place."""
    if not findings:
        return [f"{name}: equal ({len(proof.tables[name].rows)} rows)"]
    number = "1 difference" if len(findings) == 1 else f"{len(findings)} differences"
    return [f"{name}: {number}", *(_difference(finding) for finding in findings)]


def _difference(finding: Finding) -> str:
    key = ", ".join(f"{name}={value}" for name, value in finding.key.items())
    row = f", row {finding.row}" if finding.row else ""
    return f"  {finding.place}{row}{f' ({key})' if key else ''}: {finding.message}"
