"""`scrdata bounds [REFERENCE]`: between which values a figure lies that is not printed, and why."""

from __future__ import annotations

import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.deduction import Bounds
    from scrdata.reasons import Reason

DESCRIPTION = (
    "Say between which values a total lies, by what is printed and by the rules, and why: of a cell that is empty, or "
    "derived, or that no table has. Without a reference, list every further figure that follows from the package."
)
STATUS = {
    "printed": "stands in the tables",
    "counted": "the number of rows in the tables",
    "derived": "not printed; derived",
    "missing": "not printed; the cell is empty",
    "absent": "not printed; no table has this cell",
    "remainder": "not printed; a whole less its part",
}
LIMITS = {"minimum": "the column allows no less", "maximum": "the column allows no more"}
UNPROVEN = "whether narrower bounds follow was not settled within the time limit"


def run(given: list[str]) -> int:
    """Print the bounds of one total, or all that is implied."""
    parser = make_parser("bounds", DESCRIPTION, ("text", "markdown", "json"))
    parser.add_argument("reference", metavar="REFERENCE", nargs="?", help="such as 'review_sizes[size=one].reviews'")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument("--time-limit", metavar="SECONDS", type=float, default=10.0, help="default: 10")
    arguments = parser.parse_args(given)
    if arguments.reference is not None and arguments.format == "markdown":
        parser.error("--format markdown is for the list of all figures, without a reference")
    if not arguments.time_limit >= 0:
        parser.error("--time-limit is a number of seconds")
    package = find_package(arguments.package)
    if arguments.reference is None:
        found = package.implied(time_limit=arguments.time_limit)
        if arguments.format == "markdown":
            from scrdata.cli.markdown import write_page

            emit(write_page(found).rstrip("\n"))
            return VALID
        texts: dict[str, object] = {"package": package.location, "figures": [item.to_dict() for item in found]}
        lines = [line for item in found for line in (*_lines(item), "")][:-1]
    else:
        bounds = package.bounds(arguments.reference, time_limit=arguments.time_limit)
        texts = {"package": package.location, **bounds.to_dict()}
        lines = list(_lines(bounds))
    text = "\n".join(shown(line, len(line)) for line in lines)
    emit(json.dumps(texts, indent=2) if arguments.format == "json" else text)
    return VALID


def _lines(bounds: Bounds) -> Iterator[str]:
    yield f"{bounds.reference}{_verdict(bounds)}"
    yield f"  {STATUS[bounds.status]}"
    width = max((len(reason.arithmetic) for reason in bounds.reasons), default=0)
    for reason in bounds.reasons:
        if reason.about != bounds.reference:
            yield f"  {reason.about} {reason.conclusion}"
        elif not bounds.exact or not reason.conclusion.startswith("="):
            yield f"  {reason.conclusion.replace('>=', 'at least').replace('<=', 'at most')}"
        arithmetic = f"{reason.arithmetic:<{width}}  " if reason.arithmetic else ""
        yield f"    {arithmetic}{_grounds(reason)}"
    yield from (f"  inferred, not printed: {statement}" for statement in bounds.inferences)
    yield from (f"  touched by the discrepancy {name}" for name in bounds.discrepancies)
    if bounds.needed:
        yield f"  not exactly, since this is not known: {'; '.join(bounds.needed)}"
    elif not bounds.exact:
        yield "  not exactly, since no equation gives it"
    if not bounds.proven:
        yield f"  {UNPROVEN}"


def _verdict(bounds: Bounds) -> str:
    if bounds.exact:
        return f" = {bounds.least}, exactly"
    if bounds.least is None:
        return ": not bounded" if bounds.greatest is None else f": at most {bounds.greatest}"
    return f": at least {bounds.least}" if bounds.greatest is None else f": from {bounds.least} to {bounds.greatest}"


def _grounds(reason: Reason) -> str:
    """Return what a step rests on, with the places in the report."""
    names = " and ".join(LIMITS.get(ground.check_id, ground.name) for ground in reason.grounds)
    places = dict.fromkeys(place for ground in reason.grounds for place in ground.locators.split("; ") if place)
    return f"{names} ({'; '.join(places)})" if places else names
