"""Single bytes of the shipped package changed, inserted or dropped: what alters a value is noticed.

Another reader decides what was altered: `csv` for the tables, `json` for the descriptor and the schemas.
"""

from __future__ import annotations

import csv
import io
import json
import string
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import scrdata

if TYPE_CHECKING:
    from tests.conftest import PackageFolder

CHECKOUT = Path(__file__).parent.parent.parent
TABLES = sorted(path.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.glob("data/*.csv"))
DOCUMENTS = [
    "datapackage.json",
    *sorted(path.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.glob("schemas/*.json")),
]
# What says which cells there are and what they mean. The rest describes, and no rule can know how a title should
# read; or it bounds, and a wider bound changes no cell.
MEANING = {
    *("resources", "fields", "primaryKey", "uniqueKeys", "foreignKeys", "reference", "resource", "missingValues"),
    *("schema", "path", "hash", "bytes", "type", "format", "encoding", "mediatype", "dialect", "delimiter"),
    *("categories", "categoriesOrdered", "value", "scrdata:reference", "scrdata:wholeOf", "scrdata:text"),
    *("scrdata:rules", "scrdata:mentions", "scrdata:discrepancies", "scrdata:rows"),
}
CHANGES = 1
Cells = list[list[str]]


def altered(data: bytes, random: Random) -> bytes:
    """Return data with one byte changed, inserted or dropped: often a digit, a letter or a mark, sometimes any."""
    at = random.randrange(len(data))
    byte = random.choice([*string.digits, *string.ascii_letters, *',"\n \r\0']).encode()
    new = random.choice([byte, byte, bytes([random.randrange(256)])])
    how = random.choice(("change", "insert", "drop"))
    if how == "insert":
        return data[:at] + new + data[at:]
    return data[:at] + (new if how == "change" else b"") + data[at + 1 :]


def cells_of(data: bytes) -> Cells | None:
    """Return what the table says to another reader; `None` where that cannot read it."""
    try:
        return list(csv.reader(io.StringIO(data.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None


def meaning_of(data: bytes) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """Return what a JSON file says of cells to another reader; `None` where that cannot read it."""

    def strip(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {name: strip(part) for name, part in value.items() if name in MEANING}
        return [strip(part) for part in value] if isinstance(value, list) else value

    try:
        return strip(json.loads(data))
    except ValueError:
        return None


def numbers_in(table: str, cells: Cells) -> list[list[str]]:
    """Return the cells of a table that are whole numbers by its schema."""
    schema = json.loads((CHECKOUT / "schemas" / Path(table).with_suffix(".json").name).read_text("utf-8"))
    wanted = [position for position, field in enumerate(schema["fields"]) if field["type"] == "integer"]
    return [[row[position] for position in wanted if position < len(row)] for row in cells[1:]]


@pytest.mark.parametrize("file", TABLES)
def test_a_changed_byte_of_a_table_is_noticed(shipped_copy: PackageFolder, file: str) -> None:
    """With the checksums as they were, no other byte passes; with true checksums, no other number passes."""
    random, good = Random(file), shipped_copy.read(file)  # noqa: S311  (not for secrets)
    cells = cells_of(good)
    assert cells is not None
    for _ in range(CHANGES):
        spoilt = altered(good, random)
        shipped_copy.write(file, spoilt)
        assert scrdata.validate(shipped_copy).valid == (spoilt == good), spoilt
        shipped_copy.repair()
        if scrdata.validate(shipped_copy).valid:
            found = cells_of(spoilt)
            assert found is not None
            assert numbers_in(file, found) == numbers_in(file, cells)
        shipped_copy.write(file, good)
        shipped_copy.repair()


@pytest.mark.parametrize("file", DOCUMENTS)
def test_a_changed_byte_of_a_description_is_noticed(shipped_copy: PackageFolder, file: str) -> None:
    """What a descriptor or a schema says of the values does not change unnoticed."""
    random, good = Random(file), shipped_copy.read(file)  # noqa: S311  (not for secrets)
    for _ in range(CHANGES):
        spoilt = altered(good, random)
        shipped_copy.write(file, spoilt)
        if scrdata.validate(shipped_copy).valid:
            assert meaning_of(spoilt) == meaning_of(good), spoilt
    assert meaning_of(good) is not None
