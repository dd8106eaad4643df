"""`scrdata suspects [PACKAGE]`: checks fail: which number is wrong, and what should it be?"""

from __future__ import annotations

import json
from argparse import ArgumentTypeError

from scrdata.cli import INVALID, VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrdata.localisation.suspects import Suspect, Suspects

DESCRIPTION = (
    "Find the smallest set of cells, rows or printed numbers to change so that every check holds, with the value "
    "that each should have. Exit code: 0 nothing fails, 1 something does, 2 cannot be opened, 3 a bug of scrdata."
)
SHOWN_CANDIDATES = 12


def run(given: list[str]) -> int:
    """Print what is to be doubted in a package."""
    parser = make_parser("suspects", DESCRIPTION, ("text", "json"))
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument(
        "--set-aside-register",
        action="store_true",
        help="diagnose registered discrepancies too, as if they were not known",
    )
    parser.add_argument("--time-limit", type=_seconds, default=30.0, metavar="SECONDS", help="default: 30")
    parser.add_argument(
        "--alternatives", type=_number, default=20, metavar="N", help="of repairs that do as well, list N; default: 20"
    )
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    found = package.suspects(
        register=not arguments.set_aside_register,
        time_limit=arguments.time_limit,
        alternatives=arguments.alternatives,
    )
    if arguments.format == "json":
        emit(json.dumps(found.to_dict(), indent=2))
    else:
        emit("\n".join(shown(line, len(line)) for line in as_text(found)))
    return INVALID if found.failing or found.unresolved else VALID


def _seconds(text: str) -> float:
    """Return a number of seconds; raise what argparse turns into a message."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value < 1e9:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        raise ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def as_text(found: Suspects) -> list[str]:
    """Return the suspects for a person: each with its place, what it should be, and why."""
    lines = []
    for suspect in found.suspects:
        lines += [f"suspect: {place(suspect)}", f"  {verdict(suspect)} (confidence {suspect.confidence:.2f})"]
        lines += [f"  - {reason}" for reason in suspect.reasons]
        lines.append("")
    for problem in sorted({repair[0].problem for repair in found.alternatives}):
        lines += _alternatives(found, problem)
    for item in found.unresolved:
        where = f"{item.place}: " if item.place else ""
        lines += [f"unresolved: {item.check}", f"  {where}{item.reason}", ""]
    lines += [f"package: {found.package}", _summary(found)]
    return lines


def place(suspect: Suspect) -> str:
    """Return where a suspect stands, with its key."""
    parts = [suspect.file or suspect.table]
    if suspect.line is not None:
        parts.append(f"line {suspect.line}")
    if suspect.column is not None:
        parts.append(f"column {suspect.column}")
    key = _cells(suspect.key)
    if not suspect.candidates or suspect.row is not None:
        return ", ".join(parts) + (f" ({key})" if key else "")
    rows = ", ".join(str(row) for row in suspect.candidates[:SHOWN_CANDIDATES])
    more = len(suspect.candidates) - SHOWN_CANDIDATES
    rest = f" … and {more} more" if more > 0 else ""
    return f"{', '.join(parts)}, in one of the data rows {rows}{rest}, which are alike in all that is checked"


def _cells(cells: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={'?' if value is None else value}" for name, value in cells.items())


def verdict(suspect: Suspect) -> str:
    """Return what should be done about a suspect."""
    if suspect.action == "add row":
        row = f" as data row {suspect.row}" if suspect.row is not None else ""
        assert isinstance(suspect.suggested, dict)
        return f"a row seems to be left out{row}: {_cells(suspect.suggested)}"
    if suspect.action == "remove row":
        twin = next((row for row in suspect.candidates if row != suspect.row), None)
        if suspect.row is not None and twin is not None:
            return f"data row {suspect.row} repeats data row {twin} and should go"
        return "the row should go" if suspect.row is not None else "one row is too many"
    found = "missing" if suspect.found is None else suspect.found
    if suspect.column == "equation":
        _, _, states = str(suspect.found).rpartition(" = ")
        _, _, should = str(suspect.suggested).rpartition(" = ")
        found = f"… = {states}"
        return f"states {found}, should state … = {should}" if suspect.suggested is not None else f"states {found}"
    if suspect.suggested is None:
        return f"is {found}; what it should be does not follow from other numbers"
    return f"is {found}, should be {suspect.suggested}"


def _alternatives(found: Suspects, problem: int) -> list[str]:
    """Return the repairs of one group of checks that are as light."""
    repairs = [repair for repair in found.alternatives if repair[0].problem == problem]
    is_determined = any(suspect.problem == problem for suspect in found.suspects)
    number = len(repairs)
    lines = [f"any of these {number} would do:" if is_determined else f"undetermined; any of these {number} would do:"]
    for repair in repairs:
        first, *rest = (f"{place(suspect)}: {verdict(suspect)}" for suspect in repair)
        lines += [f"  * {first}", *(f"    with {line}" for line in rest)]
    return [*lines, ""]


def _summary(found: Suspects) -> str:
    if not found.failing and not found.unresolved:
        return "nothing fails, so nothing is suspected"
    checks = f"{found.failing} {'check fails' if found.failing == 1 else 'checks fail'}"
    words = [checks, _count(found.suspects, "suspect", "suspects")]
    if found.unresolved:
        words.append(f"{len(found.unresolved)} unresolved")
    if not found.optimal:
        words.append("the time ran out before it was certain that no smaller change would do")
    elif not found.complete:
        words.append("more changes than are listed would do as well")
    return "; ".join(words)


def _count(items: Iterable[object], one: str, many: str) -> str:
    number = sum(1 for _ in items)
    return f"{number} {one if number == 1 else many}"
