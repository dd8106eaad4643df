"""`scrdata coverage [PACKAGE]`: how well rules and mentions guard the numbers of a package."""

from __future__ import annotations

import json
import re
from argparse import ArgumentTypeError
from fractions import Fraction

from scrdata.cli import INVALID, VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.guarding import Coverage, GuardedCell

DESCRIPTION = (
    "Say of every number whether rules, mentions and constraints notice any change of it alone, and any change "
    "together with one other that cancels it. Exit code: 0, or 1 where fewer cells are guarded alone than wanted."
)
HEADINGS = ("table", "cells", "alone", "in pairs", "percent")


def run(given: list[str]) -> int:
    """Measure the coverage of a package, and print it."""
    parser = make_parser("coverage", DESCRIPTION, ("text", "json"))
    parser.add_argument("package", metavar="PACKAGE", nargs="?", help=PACKAGE_HELP)
    parser.add_argument(
        "--at-least", metavar="PERCENT", type=_percent, help="exit with 1 if a smaller share of cells is guarded alone"
    )
    parser.add_argument(
        "--column", metavar="TABLE.COLUMN", action="append", default=[],
        help="a column to look at, in the place of all counts and the values of mentions; can be repeated",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list guarded cells too, with the checks that guard them")
    arguments = parser.parse_args(given)
    found = find_package(arguments.package).coverage(columns=arguments.column, every=arguments.all)
    if arguments.format == "json":
        emit(json.dumps(found.to_dict(), indent=2))
    else:
        emit("\n".join(shown(line, len(line)) for line in _lines(found, every=arguments.all)))
    wanted: Fraction | None = arguments.at_least
    return INVALID if wanted is not None and 100 * found.share < wanted else VALID


def _percent(text: str) -> Fraction:
    """Read a percentage from 0 to 100, exactly."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,50})?", text) or Fraction(text) > 100:
        raise ArgumentTypeError(f"{text!r} is no percentage from 0 to 100, such as 99.5")
    return Fraction(text)


def _lines(found: Coverage, *, every: bool) -> list[str]:
    rows = [(table.name, table.cells, table.alone, table.in_pairs) for table in found.tables]
    total = ("all", *(sum(row[place] for row in rows) for place in (1, 2, 3)))  # type: ignore[misc]
    table = [HEADINGS, *((*map(str, row), _share(row[2], row[1])) for row in (*rows, total))]  # type: ignore[arg-type]
    width = max(len(row[0]) for row in table)
    lines = [f"{row[0]:<{width}}" + "".join(f"  {cell:>8}" for cell in row[1:]) for row in table]
    if found.unguarded:
        lines += ["", "not guarded:", *(f"  {_place(cell)}: {_passing(cell)}" for cell in found.unguarded)]
    if found.unpaired:
        lines += ["", "guarded alone, not in pairs:"]
        lines += [f"  {_place(cell)}: {_together(cell)}" for cell in found.unpaired]
    if every:
        guarded = [cell for cell in found.cells if cell.in_pairs]
        lines += ["", "guarded:", *(f"  {_place(cell)}: {', '.join(cell.guards)}" for cell in guarded)]
    return [*lines, "", f"package: {found.package}"]


def _share(part: int, whole: int) -> str:
    """Return a percentage, cut off after one decimal, so that less than all is never 100."""
    tenths = 1000 * part // whole if whole else 1000
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def _place(cell: GuardedCell) -> str:
    key = ",".join(f"{name}={value}" for name, value in cell.key.items()) or f"row {cell.row}"
    return f"{cell.table}[{key}].{cell.column} = {cell.value}"


def _passing(cell: GuardedCell) -> str:
    least, greatest = cell.least, cell.greatest
    if least is None and greatest is None:
        ends = "any number"
    elif least == greatest:
        ends = f"{least}"
    else:
        ends = " ".join([*([f"from {least}"] if least is not None else []),
                         *([f"to {greatest}"] if greatest is not None else [])])  # fmt: skip
    checks = f"; noticed in part by {', '.join(cell.guards)}" if cell.guards else "; no check sees it"
    return f"{ends} would pass unnoticed{checks}"


def _together(cell: GuardedCell) -> str:
    if cell.partner is None:
        return "whether another cell can hide a change could not be told"
    return f"a change together with {cell.partner} can pass unnoticed"
