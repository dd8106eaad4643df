"""`python3 dev.py opinions`: what frictionless and pandera say of broken packages, beside scrdata.

Writes `docs/other-opinions.md`. Of each kind of `tests/kinds.py` some faults are tried, taken evenly.
frictionless is given the package as it is; pandera the schema that `scrdata.schema` makes of the sound
package, and each table as pandas reads it with the types of the schema and no words for missing cells but those
of the schema. Hostile packages and archives are left out: frictionless follows links and fetches addresses.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import scrdata
from scrdata.frames.loading import dtype_of, is_required
from tests.conftest import PackageFolder
from tests.faults.racing import CLASSES, pristine
from tests.kinds import KINDS

if TYPE_CHECKING:
    import pandera.pandas as pa

    from scrdata.package import Package
    from tests.faults.fault import Fault
    from tests.kinds import Kind

PAGE = Path(__file__).parent.parent / "docs" / "other-opinions.md"
TRIED = 4
CELLS = "data/cells.csv"
REFUSED, ACCEPTED, CRASHED, NOT_ASKED = "refused", "accepted", "crashed", "not asked"
# What frictionless raises in place of an answer, at one broken package or another.
_CRASHES = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
HEAD = """\
# What other validators say

Of each kind of broken package, some are put before `scrdata validate`, before frictionless, and before pandera. How
many each refuses, of those that it was asked about, is written by a program, and held by the tests:

    python3 dev.py opinions

All three accept the package before it is broken. frictionless gets the package as it is. pandera knows no packages: it
gets the schemas that `scrdata.schema` makes, and each table that was changed, read by pandas in the types of the
schema; it is not asked about what stands in descriptors alone. Hostile packages and archives are left out, since
frictionless follows links and fetches addresses. Promises are those of [promises.md](promises.md).
"""


class Opinions(NamedTuple):
    """What each says of one package: one of the four words above."""

    scrdata: str
    frictionless: str
    pandera: str


def ask(package: PackageFolder) -> Opinions:
    """Have a package judged by all three."""
    ours = ACCEPTED if scrdata.validate(package).valid else REFUSED
    return Opinions(ours, _ask_frictionless(package), _ask_pandera(package, _sound(package)))


def _ask_frictionless(package: PackageFolder) -> str:
    import frictionless

    try:
        answer = frictionless.validate(str(package.folder / "datapackage.json"))
    except _CRASHES:
        return CRASHED
    return ACCEPTED if answer.valid else REFUSED


def _sound(package: PackageFolder) -> Package | None:
    """Return the package that the tables of a broken one should be: the small one, with the table that was added."""
    with tempfile.TemporaryDirectory() as place:
        sound = PackageFolder(Path(place) / "small")
        for file, content in pristine().items():
            sound.write(file, content)
        if (package.folder / CELLS).exists():
            sound.write("datapackage.json", package.read("datapackage.json"))
            sound.write(CELLS, package.read(CELLS).partition(b"\n")[0] + b"\n")
            sound.repair()
        opened = scrdata.open_package(sound)
        if not opened.validate().valid:
            return None
        for name in opened.contents.tables:
            opened.table(name)
        return opened


def _ask_pandera(package: PackageFolder, sound: Package | None) -> str:
    """Return what it says of the tables that differ from those of the sound package, if any do."""
    if sound is None:
        return NOT_ASKED
    files = pristine()
    names = [name for name, table in sound.contents.tables.items() if package.read(table.file) != files.get(table.file)]
    if not names:
        return NOT_ASKED
    return REFUSED if any(_table_is_refused(package, sound, name) for name in names) else ACCEPTED


def _table_is_refused(package: PackageFolder, sound: Package, name: str) -> bool:
    import pandas as pd
    import pandera.errors

    table = sound.table(name)
    dates = [field.name for field in table.schema.fields if field.type == "date"]
    types = {
        field.name: "str" if field.categories else dtype_of(field, required=is_required(field, table.schema))
        for field in table.schema.fields
        if field.name not in dates
    }
    schema: pa.DataFrameSchema = sound.schema(name)
    try:
        frame = pd.read_csv(
            package.folder / table.file, dtype=types, parse_dates=dates, keep_default_na=False, na_values=[""]
        )
        schema.validate(frame, lazy=True)
    except (pandera.errors.SchemaErrors, ValueError, TypeError, LookupError, OverflowError):
        return True
    return False


def faults_of(kind: Kind) -> list[Fault]:
    """Return the faults of a kind that are tried, taken evenly from all of it."""
    faults = [fault for fault in CLASSES[kind.of]() if re.fullmatch(kind.pattern, fault.name, re.DOTALL)]
    return [*islice(faults, 0, None, max(1, len(faults) // TRIED))][:TRIED]


def count(kind: Kind) -> list[Counter[str]]:
    """Return how often each of the three said what of the faults of a kind."""
    counts = [Counter[str]() for _ in Opinions._fields]
    files = pristine()
    for fault in faults_of(kind):
        with tempfile.TemporaryDirectory() as place:
            package = PackageFolder(Path(place) / "small")
            for file, content in files.items():
                package.write(file, content)
            fault.spoil(package)
            for counter, said in zip(counts, ask(package), strict=True):
                counter[said] += 1
    return counts


def row(kind: Kind, counts: list[Counter[str]]) -> str:
    """Return the line of a kind; who is right is said where not all that were asked refuse all."""
    agree = all(counter[ACCEPTED] == counter[CRASHED] == 0 for counter in counts)
    return f"| {kind.title} | {' | '.join(map(_cell, counts))} | {'' if agree else f'scrdata: {kind.reason}'} |"


def _cell(counter: Counter[str]) -> str:
    asked = counter.total() - counter[NOT_ASKED]
    if not asked:
        return ""
    crashes = f", {counter[CRASHED]} crashed" if counter[CRASHED] else ""
    return f"{counter[REFUSED]} of {asked}{crashes}"


def write_page() -> str:
    """Return the page, with every kind tried anew."""
    lines = [HEAD]
    of = ""
    for kind in KINDS:
        if kind.of != of:
            of = kind.of
            title = of[0].upper() + of[1:]
            lines += [f"\n## {title}\n" if len(lines) > 1 else f"## {title}\n"]
            lines += [f"| kind | {' | '.join(Opinions._fields)} | who is right |", "| --- | --- | --- | --- | --- |"]
        lines.append(row(kind, count(kind)))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
