"""`scrdata cite [REFERENCE]`: a citation of the package, or of one figure with its place in the report."""

from __future__ import annotations

import json

from scrdata.cli import VALID, emit
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.findings import shown
from scrdata.package import find_package

FORMATS = ("text", "bibtex", "csl-json", "cff", "json")
DESCRIPTION = (
    "Cite a package: who made it, its version, what it is made of, and one checksum for all its files. With a "
    "reference, cite one figure too: its value, what it counts, where the report prints it and in which words, and "
    "which registered discrepancy touches it."
)


def run(given: list[str]) -> int:
    """Print a citation."""
    parser = make_parser("cite", DESCRIPTION, FORMATS)
    parser.add_argument("reference", metavar="REFERENCE", nargs="?", help="a total, such as 'causes_of_death.children'")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    arguments = parser.parse_args(given)
    if arguments.format == "cff" and arguments.reference is not None:
        parser.error("CITATION.cff is about the package: --format cff takes no REFERENCE")
    package = find_package(arguments.package)
    citation = package.cite(arguments.reference)
    if arguments.format == "json":
        emit(json.dumps({"package": package.location, **citation.to_dict()}, indent=2))
    elif arguments.format == "csl-json":
        emit(json.dumps(list(citation.csl), indent=2))
    else:
        words = {"text": citation.text, "bibtex": citation.bibtex, "cff": (citation.cff or "").rstrip("\n")}
        emit("\n".join(shown(line, len(line)) for line in words[arguments.format].split("\n")))
    return VALID
