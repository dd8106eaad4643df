"""`scrdata init FOLDER`: make a package of a folder of CSV files."""

from __future__ import annotations

import json
import shlex

from scrdata import init_package
from scrdata.cli import VALID, emit
from scrdata.cli.arguments import make_parser
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.scaffolding import NewPackage, NewTable

DESCRIPTION = (
    "Make a package of the .csv and .tsv files of a folder and the folders below: datapackage.json, a schema for each "
    "file with types, codes and keys that its cells bear out, and an empty table of rules. No file is overwritten. "
    "Exit code: 0, 2 nothing was written."
)

LISTED_COLUMNS = 12


def run(given: list[str]) -> int:
    """Make a package, and print what was made."""
    parser = make_parser("init", DESCRIPTION, ("text", "json"))
    parser.add_argument("folder", metavar="FOLDER", help="the folder that holds the files")
    parser.add_argument("--name", metavar="NAME", help="of the package; made of the folder's if omitted")
    arguments = parser.parse_args(given)
    made = init_package(arguments.folder, arguments.name)
    emit(json.dumps(made.to_dict(), indent=2) if arguments.format == "json" else as_text(made))
    return VALID


def as_text(made: NewPackage) -> str:
    """Return what was made, for a person, and what to do next."""
    lines = [f"{table.name}: {table.rows:,} rows, {_columns(table)}" for table in made.tables]
    lines += [f"written: {file}" for file in made.files]
    lines += [f"note: {note}" for note in made.notes]
    folder = shlex.quote(made.folder)
    lines.append(f"next: read the schemas, then scrdata validate {folder} and scrdata suggest {folder}")
    return "\n".join(shown(line, len(line)) for line in lines)


def _columns(table: NewTable) -> str:
    more = len(table.columns) - LISTED_COLUMNS
    return ", ".join(table.columns[:LISTED_COLUMNS]) + (f" and {more} more" if more > 0 else "")
