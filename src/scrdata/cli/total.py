"""`scrdata total REFERENCE`: one total."""

from __future__ import annotations

import json
from decimal import Decimal

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.totals import Amount

UNKNOWN = "unknown: a cell that it needs is missing"


def run(given: list[str]) -> int:
    """Print the total that a reference stands for, or one line for each value of a star."""
    parser = make_parser("total", "Compute one total of a package.", ("text", "json"))
    parser.add_argument("reference", metavar="REFERENCE", help="for example 'reviews[judgement=good]'")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    total = package.total(arguments.reference)
    if arguments.format == "json":
        value = [_item(key, part) for key, part in total.items()] if isinstance(total, dict) else _plain(total)
        result = {"package": package.location, "reference": arguments.reference, "total": value}
        emit(json.dumps(result, indent=2))
    elif isinstance(total, dict):
        words = ((key if isinstance(key, str) else ", ".join(key), _words(part)) for key, part in total.items())
        emit("\n".join(f"{shown(key)}\t{part}" for key, part in words))
    else:
        emit(_words(total))
    return VALID


def _words(total: Amount | None) -> str:
    return UNKNOWN if total is None else to_text(total)


def _plain(total: Amount | None) -> int | str | None:
    return to_text(total) if isinstance(total, Decimal) else total


def _item(key: str | tuple[str, ...], total: Amount | None) -> dict[str, object]:
    return {"values": [key] if isinstance(key, str) else list(key), "total": _plain(total)}
