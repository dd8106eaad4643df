"""`scrdata suggest [PACKAGE]`: rules that the data of a package seem to obey, for its author to judge."""

from __future__ import annotations

import csv
import io
import json
from argparse import ArgumentTypeError

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import AT_LEAST, find_package
from scrdata.values import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.suggestion.proposals import Suggestion, Suggestions

DESCRIPTION = (
    "Look for rules that the data of a package obey and that it does not state: totals that agree, parts that add up "
    "to a whole, subsets, numbers of rows. Each comes with its numbers, and with a bound on the probability that "
    "numbers without any connection would agree as well. Nothing is accepted, and nothing is written. Exit code: 0, "
    "1 the package is not valid, 2 it cannot be opened."
)
COLUMNS = ("rule_id", "equation", "statement", "basis", "locators")
LAST_WORDS = (
    "Nothing has been accepted. Where one must hold by what the columns mean, add its row to the table of rules",
    "(--format csv prints the rows), describe the table anew by python -m scrdata.sealing, and validate.",
)


def run(given: list[str]) -> int:
    """Print the rules that a package might state."""
    parser = make_parser("suggest", DESCRIPTION, ("text", "csv", "json"))
    parser.add_argument("package", nargs="?", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument(
        "--at-least",
        metavar="BITS",
        type=_bits,
        default=AT_LEAST,
        help=f"suggest nothing less surprising than this; 10 bits are 1 in 1,000; default: {AT_LEAST:g}",
    )
    arguments = parser.parse_args(given)
    found = find_package(arguments.package).suggest(at_least=arguments.at_least)
    write = {"text": as_text, "csv": as_csv, "json": as_json}[arguments.format]
    emit(write(found))
    return VALID


def _bits(text: str) -> float:
    try:
        value = float(number(text))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError("a number of bits from 0, such as 2.5, was expected")
    return value


def as_json(found: Suggestions) -> str:
    """Return the suggestions as one JSON object; everything outside ASCII is escaped."""
    return json.dumps(found.to_dict(), indent=2)


def as_csv(found: Suggestions) -> str:
    """Return rows for a table of rules, below their header, as CSV with LF line ends, without the last one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = ((rule.rule_id, rule.equation, rule.statement, rule.basis, "") for rule in found.rules)
    writer.writerows([COLUMNS, *rows])
    return text.getvalue().removesuffix("\n")


def as_text(found: Suggestions) -> str:
    """Return the suggestions for a person, each with its numbers and its surprise in words."""
    lines = [line for rule in found.rules for line in (*_rule(rule), "")]
    lines += [f"not tried: {note}" for note in found.not_tried]
    count = len(found.rules)
    number = "1 rule" if count == 1 else f"{count:,} rules"
    lines += [f"package: {found.package}", f"{number} suggested, of {found.tried:,} candidates tried", *LAST_WORDS]
    return "\n".join(shown(line, len(line)) for line in lines)


def _rule(rule: Suggestion) -> list[str]:
    more = rule.instances - len(rule.evidence)
    evidence = "; ".join(rule.evidence) + (f"; and {more:,} more" if more > 0 else "")
    return [
        rule.rule_id,
        f"  {rule.equation}",
        f"  {evidence}",
        f"  {rule.statement}",
        f"  by chance: at most {rule.chance} ({rule.bits:g} bits)",
        f"  candidates tried: {rule.tried:,} ({rule.candidates})",
    ]
