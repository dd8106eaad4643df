"""`scrdata diff OLD NEW`: what changed between two versions, and which version number that calls for."""

from __future__ import annotations

import json
import sys

from scrdata import InvalidPackageError, ScrdataError
from scrdata import diff as compare
from scrdata.cli import INVALID, MISUSE, VALID, emit
from scrdata.cli.arguments import make_parser
from scrdata.cli.differences import as_text
from scrdata.findings import shown
from scrdata.writing import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata import Diff

DESCRIPTION = (
    "Compare two versions of a package cell by cell, and say which version number the changes call for. Exit code: "
    "0 the same, 1 different, 2 one of them cannot be opened or read, 3 a bug of scrdata. With --check-version it "
    "speaks of the number alone: 0 large enough, 1 too small."
)
PACKAGE_HELP = "a folder, a datapackage.json or a .zip"


def run(given: list[str]) -> int:
    """Compare two packages and print what changed."""
    parser = make_parser("diff", DESCRIPTION, ("text", "json", "html", "csv"))
    parser.add_argument("old", metavar="OLD", help=f"the earlier version: {PACKAGE_HELP}")
    parser.add_argument("new", metavar="NEW", help=f"the later version: {PACKAGE_HELP}")
    parser.add_argument(
        "--check-version",
        action="store_true",
        help="end with 1 if the version that NEW states is smaller than the changes call for, else with 0",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    arguments = parser.parse_args(given)
    try:
        found = compare(arguments.old, arguments.new)
    except InvalidPackageError as error:
        # For this command, 1 says that the packages were compared and differ.
        print(f"scrdata diff: {error}", file=sys.stderr)
        return MISUSE
    text = write_diff(found, arguments.format)
    if arguments.output is None:
        emit(text)
    else:
        _write(arguments.output, text)
    if not arguments.check_version:
        return INVALID if found.changes else VALID
    for problem in found.version_problems:
        print(f"scrdata diff: {shown(problem, len(problem))}", file=sys.stderr)
    return INVALID if found.version_problems else VALID


def write_diff(found: Diff, form: str) -> str:
    """Return a difference as `text`, `json`, `html` or `csv`, without a line end."""
    if form == "json":
        return json.dumps(found.to_dict(), indent=2)
    if form == "html":
        from scrdata.cli.diff_page import as_html

        return as_html(found)
    if form == "csv":
        from scrdata.cli.diff_rows import as_csv

        return as_csv(found)
    return as_text(found)


def _write(path: str, text: str) -> None:
    try:
        write_file(path, f"{text}\n".encode())
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ScrdataError(f"{shown(path)} cannot be written: {reason}") from None
