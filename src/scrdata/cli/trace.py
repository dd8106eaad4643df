"""`scrdata trace REFERENCE`: where the report prints a figure, which rules bind it, whether it can be trusted."""

from __future__ import annotations

import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.numerals import is_digits
from scrdata.package import find_package
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.tracing import Trace, TracedMention, TracedRule, ValueTrace

DESCRIPTION = (
    "Say of a total what it is made of, where the report prints it, which rules bind it, and which registered "
    "discrepancy touches it; of a whole number, which totals and mentions have that value."
)
LISTED_RULES = 12
LISTED_SAME = 4


def run(given: list[str]) -> int:
    """Trace a total, or a value."""
    parser = make_parser("trace", DESCRIPTION, ("text", "json"))
    parser.add_argument("reference", metavar="REFERENCE", help="such as 'causes_of_death.children', or a number")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument("--all", action="store_true", help=f"list all rules, not only the first {LISTED_RULES}")
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    text: str = arguments.reference
    if is_digits(text):
        values = package.trace(int(text))
        lines, found = _value_lines(values), values.to_dict()
    else:
        trace = package.trace(text)
        lines, found = _lines(trace, None if arguments.all else LISTED_RULES), trace.to_dict()
    if arguments.format == "json":
        emit(json.dumps({"package": package.location, **found}, indent=2))
    else:
        emit("\n".join(shown(line, len(line)) for line in lines))
    return VALID


def _lines(trace: Trace, listed: int | None) -> list[str]:
    value = "unknown" if trace.value is None else to_text(trace.value)
    lines = [f"{trace.reference} = {value}", f"  {trace.definition}", f"  {trace.standing()}"]
    lines += [f"  the same figure: {other}" for other in trace.same[:LISTED_SAME]]
    if len(trace.same) > LISTED_SAME:
        lines.append(f"  the same figure: … and {len(trace.same) - LISTED_SAME} more")
    if trace.mentions:
        lines += ["", f"mentions: {_verdicts(trace.mentions)}", *(f"  {place}" for place in trace.places())]
    if trace.rules:
        lines += ["", f"rules: {_verdicts(trace.rules)}", *_rules(trace.rules[:listed])]
        if listed is not None and len(trace.rules) > listed:
            lines.append(f"  … and {len(trace.rules) - listed} more (--all lists them)")
    for item in trace.discrepancies:
        lines += ["", f"discrepancy: {item['discrepancy_id']} ({item.get('locators', '')})"]
        lines += [f"  {item[name]}" for name in ("explanation", "resolution") if item.get(name)]
    return lines


def _verdicts(items: Sequence[TracedMention | TracedRule]) -> str:
    """Return how many items there are, and how many of each verdict: `14, all agree`."""
    verdicts = [item.verdict for item in items]
    if set(verdicts) == {"agrees"}:
        return f"{len(verdicts)}, {'which agrees' if len(verdicts) == 1 else 'all agree'}"
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return f"{len(verdicts)} ({', '.join(f'{verdict}: {count}' for verdict, count in counts.items())})"


def _rules(rules: Sequence[TracedRule]) -> list[str]:
    width = min(44, max(len(rule.filled) for rule in rules))
    lines = []
    for rule in rules:
        name = f"{rule.rule_id}[{rule.instance}]" if rule.instance else rule.rule_id
        verdict = "" if rule.verdict == "agrees" else f" [{rule.verdict}]"
        lines.append(f"  {rule.filled:<{width}}  {name}{verdict}")
    return lines


def _value_lines(found: ValueTrace) -> list[str]:
    places: dict[str, list[str]] = {}
    for locator, printed in found.mentions:
        places.setdefault(printed, []).append(locator)
    lines = [f"{found.value}: {len(found.totals)} totals, {len(found.mentions)} mentions"]
    lines += [f"  total: {reference}" for reference in found.totals]
    lines += [f"  '{printed}': {'; '.join(dict.fromkeys(locators))}" for printed, locators in places.items()]
    return lines
