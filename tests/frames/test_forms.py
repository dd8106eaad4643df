"""Whatever form a library holds a type in, a column of it is compared as the cells of a file are."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import scrdata
from tests.engine_frames import KINDS, frames_of
from tests.memory import RULES, package

if TYPE_CHECKING:
    from pathlib import Path

UNITS = tuple(map(pa.timestamp, ("s", "ms", "us", "ns")))
DAYS = (datetime.date(2010, 1, 1), datetime.date(2010, 1, 2))
NOON = (datetime.datetime(2010, 1, 1), datetime.datetime(2010, 1, 2, 1, 2, 3))  # noqa: DTZ001
ZONED = tuple(time.replace(tzinfo=datetime.UTC) for time in NOON)
CLOCK = (datetime.time(1, 2, 3), datetime.time(2, 3, 4, 500_000))
# The type, two cells as files spell them, their values, and the Arrow types that hold them.
FORMS: list[tuple[str, tuple[str, str], tuple[Any, Any], tuple[pa.DataType, ...]]] = [
    ("string", ("a", "b"), ("a", "b"), (pa.string(), pa.large_string())),
    ("string", ("a", "b"), ("a", "b"), (pa.dictionary(pa.int32(), pa.string()),)),
    ("string", ("a", "b"), ("a", "b"), (pa.dictionary(pa.int8(), pa.large_string()),)),
    ("integer", ("1", "2"), (1, 2), (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32())),
    ("integer", ("1", "2"), (1, 2), (pa.dictionary(pa.int8(), pa.int32()),)),
    ("year", ("2010", "2011"), (2010, 2011), (pa.int16(), pa.int64())),
    ("number", ("1.5", "2"), (1.5, 2.0), (pa.float32(), pa.float64())),
    ("boolean", ("true", "false"), (True, False), (pa.bool_(),)),
    ("date", ("2010-01-01", "2010-01-02"), DAYS, (pa.date32(), pa.date64())),
    ("date", ("2010-01-01", "2010-01-02"), DAYS, UNITS),
    ("datetime", ("2010-01-01T00:00:00", "2010-01-02T01:02:03"), NOON, UNITS),
    ("time", ("01:02:03", "02:03:04.500000"), ("01:02:03", "02:03:04.500000"), (pa.string(),)),
]
# What an engine does not compare exactly with what a file holds; the checks are listed, and nothing is guessed.
UNCOMPARED: list[tuple[str, tuple[str, str], tuple[Any, Any], pa.DataType]] = [
    ("number", ("1.5", "2"), (Decimal("1.5"), Decimal(2)), pa.decimal128(5, 1)),
    ("number", ("1", "2"), (1, 2), pa.int64()),
    ("datetime", ("2010-01-01T00:00:00Z", "2010-01-02T01:02:03Z"), ZONED, pa.timestamp("us", "UTC")),
    ("datetime", ("2010-01-01T00:00:00Z", "2010-01-02T01:02:03Z"), ZONED, pa.timestamp("us", "Europe/London")),
    ("time", ("01:02:03", "02:03:04.5"), CLOCK, pa.time64("us")),
]
CASES = [(kind, cells, values, form) for kind, cells, values, forms in FORMS for form in forms]


def family(folder: Path, kind: str, cells: tuple[str, str], total: int) -> Path:
    """Write a package of parents and children, whose keys are of one type, with rules along the key."""
    first, second = (json.dumps(cell) for cell in cells)
    key = {"fields": ["parent"], "reference": {"resource": "parents", "fields": ["id"]}}
    children = {"fields": [{"name": "n", "type": "integer"}, {"name": "parent", "type": kind}], "foreignKeys": [key]}
    rules = (
        "rule_id,equation,statement\n"
        "each_has_one,parents[id=*] = children[parent.id=*],x\n"
        f"first,children[parent={cells[0]}].n = {total},x\n"
        f"first_by_key,children[parent.id={cells[0]}].n = 1,x\n"
    )
    storage = package(
        {
            "parents": ({"fields": [{"name": "id", "type": kind}], "primaryKey": ["id"]}, f"id\n{first}\n{second}\n"),
            "children": (children, f"n,parent\n1,{first}\n2,{second}\n"),
            "rules": (RULES, rules),
        }
    )
    folder.mkdir()
    for file, data in storage.files.items():
        (folder / file).write_bytes(data)
    return folder


def column(values: tuple[Any, Any], form: pa.DataType) -> pa.Array:
    """Return two values as a column of an Arrow type."""
    if pa.types.is_dictionary(form):
        return pa.array(values).cast(form.value_type).dictionary_encode().cast(form)
    return pa.array(values).cast(form)


def reports_on(location: Path, keys: pa.Array) -> dict[str, scrdata.Report]:
    """Judge the tables of a family as frames of each library: one of them, the other, and both."""
    tables = {"children": pa.table({"n": [1, 2], "parent": keys}), "parents": pa.table({"id": keys})}
    given = (["children"], ["parents"], ["children", "parents"])
    return {
        f"{library}: {names}": scrdata.check(frames_of({name: tables[name] for name in names}, library), location)
        for library in KINDS
        for names in given
    }


@pytest.mark.parametrize(("kind", "cells", "values", "form"), CASES, ids=lambda part: str(part)[:20])
@pytest.mark.parametrize("total", [1, 5])
def test_each_form_is_compared_with_files(
    tmp_path: Path, kind: str, cells: tuple[str, str], values: tuple[Any, Any], form: pa.DataType, total: int
) -> None:
    """Keys and conditions join a column of each form with a file, and a rule that fails is reported by its numbers."""
    location = family(tmp_path / "p", kind, cells, total)
    strict = scrdata.validate(location)
    assert strict.valid == (total == 1)
    found = {
        name: (report.valid, [(f.rule, f.found, f.expected) for f in report.findings])
        for name, report in reports_on(location, column(values, form)).items()
    }
    wanted = (strict.valid, [(f.rule, f.found, f.expected) for f in strict.findings])
    assert {name: answer for name, answer in found.items() if answer != wanted} == {}


@pytest.mark.parametrize(("kind", "cells", "values", "form"), UNCOMPARED, ids=lambda part: str(part)[:20])
def test_what_is_not_compared_is_listed(
    tmp_path: Path, kind: str, cells: tuple[str, str], values: tuple[Any, Any], form: pa.DataType
) -> None:
    """A form that an engine does not compare exactly leaves checks unmade, with the reason, and no false finding."""
    location = family(tmp_path / "p", kind, cells, 1)
    for name, report in reports_on(location, column(values, form)).items():
        assert report.findings == (), name
        assert all(item.reason for item in report.not_checked), name
        # Two pandas columns of times become texts alike, and texts are compared.
        assert report.valid == (not report.not_checked), name
    assert any(report.not_checked for report in reports_on(location, column(values, form)).values())


@pytest.mark.parametrize("library", KINDS)
def test_a_column_of_another_type_is_one_finding(tmp_path: Path, library: str) -> None:
    """A table of which no column has the type of its field is refused column by column."""
    location = family(tmp_path / "p", "date", ("2010-01-01", "2010-01-02"), 1)
    wrong = {"children": pa.table({"n": ["x", "y"], "parent": [True, False]})}
    report = scrdata.check(frames_of(wrong, library), location)
    assert [(f.rule, f.column) for f in report.findings] == [("column_fits_type", "n"), ("column_fits_type", "parent")]


@pytest.mark.parametrize("kind", ["time", "geopoint", "object", "array", "geojson", "yearmonth", "duration"])
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow", "duckdb"])
def test_what_load_returns_is_accepted(tmp_path: Path, kind: str, backend: str) -> None:
    """A table of any type that `load` returns is judged as its file, also where a library has no such type."""
    cells = {
        "time": ("01:02:03", "02:03:04.5+01:00"),
        "geopoint": ("1.5, 2", "0,0"),
        "object": ('{"a": 1}', "{}"),
        "array": ("[1.50]", "[]"),
        "geojson": ('{"type": "Point", "coordinates": [0, 51]}', "{}"),
        "yearmonth": ("2010-01", "2010-02"),
        "duration": ("P1Y", "PT2H"),
    }[kind]
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "cell", "type": kind}], "primaryKey": ["n"]}
    rows = "".join(f'{n},"{cell.replace(chr(34), chr(34) * 2)}"\n' for n, cell in enumerate(("", *cells)))
    storage = package({"t": (schema, f"n,cell\n{rows}")})
    for file, data in storage.files.items():
        (tmp_path / file).write_bytes(data)
    frame = scrdata.open_package(tmp_path).load("t", backend=backend)
    report = scrdata.check({"t": frame}, tmp_path)
    assert (report.findings, report.not_checked, report.checked["rows"]) == ((), (), 3)


@pytest.mark.parametrize("library", ["pandas", "pyarrow"])
@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "date", "datetime", "time"])
def test_a_column_without_a_value_is_of_any_type(tmp_path: Path, library: str, kind: str) -> None:
    """A column in which every cell is missing, so that the library knows no type of it, is one of missing cells."""
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "cell", "type": kind}]}
    for file, data in package({"t": (schema, "n,cell\n1,\n2,\n")}).files.items():
        (tmp_path / file).write_bytes(data)
    table = pa.table({"n": [1, 2], "cell": pa.nulls(2)})
    report = scrdata.check(frames_of({"t": table}, library), tmp_path)
    assert (report.findings, report.not_checked) == ((), ())


def test_views_of_texts_are_compared_where_an_engine_can(tmp_path: Path) -> None:
    """DuckDB before 2.0 leaves comparisons of these to pyarrow, which refuses them; then checks are left unmade."""
    location = family(tmp_path / "p", "string", ("a", "b"), 1)
    for name, report in reports_on(location, pa.array(("a", "b"), pa.string_view())).items():
        assert report.findings == (), name
        assert report.valid == (not report.not_checked), name
        assert report.valid or name.startswith("duckdb"), name
        assert all("string_view" in str(item.reason) for item in report.not_checked), name
