"""Packages that nobody thought of are judged alike by the strict reader, by DuckDB, by pandas and by polars."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings

import scrdata
from tests.conftest import PackageFolder
from tests.engine_packages import TwoTables, two_tables
from tests.faults.agreeing import NOT_ASKED, SAME, agree_on_files, agree_on_frames
from tests.opinions import ACCEPTED, _ask_frictionless
from tests.strategies import LAW

if TYPE_CHECKING:
    from scrdata import Finding

# What frictionless accepts and this project refuses, by rule and type of the column (`*`: any), and why.
_ALPHABET = "`int` and `Decimal` of Python take signs, spaces and digits of other scripts, which the standard has not"
LENIENT: dict[tuple[str, str], str] = {
    ("unique_key_is_unique", "*"): "frictionless 5 knows primary keys and `unique`, and passes over `uniqueKeys`",
    ("cell_fits_type", "integer"): _ALPHABET,
    ("cell_fits_type", "number"): _ALPHABET,
}
# What frictionless refuses, or breaks over, and this project accepts, by type, and why.
_UNHASHABLE = "frictionless breaks off with a TypeError where cells that are lists or objects have to be unique"
STRICTER: dict[str, str] = {
    "array": _UNHASHABLE,
    "object": _UNHASHABLE,
    "geojson": "frictionless holds the object to GeoJSON, of which this project demands only that it is an object",
}


@settings(LAW, max_examples=60)
@given(two_tables())
def test_each_engine_gives_the_verdict_of_the_files(drawn: TwoTables) -> None:
    """Files through DuckDB give the very report of the strict reader, and frames give its findings."""
    with tempfile.TemporaryDirectory() as folder:
        location = drawn.write(Path(folder))
        strict = scrdata.validate(location)
        assert agree_on_files(location, strict) == (SAME, "")
        for library in ("pandas", "polars"):
            answer, details = agree_on_frames(library, location, strict)
            assert answer in (SAME, NOT_ASKED), details


@settings(LAW, max_examples=60)
@given(two_tables())
def test_frictionless_is_of_the_same_opinion(drawn: TwoTables) -> None:
    """On types, constraints and keys frictionless agrees, but for what is listed with its reason."""
    for schema in drawn.schemas.values():
        schema.pop("scrdata:text", None)
    with tempfile.TemporaryDirectory() as folder:
        location = drawn.write(Path(folder), evidence=False)
        strict = scrdata.validate(location)
        other = _ask_frictionless(PackageFolder(location))
    if strict.valid and other != ACCEPTED:
        assert {drawn.kind, drawn.key} & STRICTER.keys(), other
    if other == ACCEPTED and not strict.valid:
        assert all(is_lenient(finding, drawn) for finding in strict.findings if finding.severity == "error")


def is_lenient(finding: Finding, drawn: TwoTables) -> bool:
    """Say whether a finding is of a kind that frictionless passes over."""
    kind = drawn.key if finding.column in ("parent", "id") else drawn.kind
    return (finding.rule, kind) in LENIENT or (finding.rule, "*") in LENIENT
