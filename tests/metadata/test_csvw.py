"""CSVW: two validators that others wrote accept the files, and read every cell as `scrdata` reads it."""

from __future__ import annotations

import base64
import json
import math
import re
import warnings
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import csvw
import isodate
import pytest
from csvw_functions import csvw_functions
from hypothesis import assume, given

import scrdata
from scrdata.fields import build_field
from scrdata.metadata.csvw import describe_csvw, describe_datatype
from scrdata.metadata.json_ld import encode_json
from scrdata.values import TYPES, to_text
from tests.metadata.publications import KINDS, add_kinds, describe_fully, publish, publish_tables
from tests.strategies import CELLS, FEW

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    from scrdata.fields import Field

pytestmark = pytest.mark.usefixtures("offline")
ROOT = Path(__file__).parents[2]


def write_described(package: Path | PackageFolder, place: Path) -> Path:
    """Write the files of a package with their description into a folder; return the description's path."""
    publication = publish_tables(package, place, parquet=False)
    described = place / "csv-metadata.json"
    described.write_bytes(encode_json(describe_csvw(publication)))
    return described


def as_csvw(field: Field, value: object) -> object:
    """Return a value of the strict reader as the Python library of CSVW has it."""
    form = field.properties.get("format")
    if value is None or (field.type == "string" and form not in ("uri", "binary")):
        return value
    if field.type == "string":
        return csvw.Datatype.fromvalue("anyURI").read(value) if form == "uri" else base64.b64decode(str(value))
    if field.type == "number":
        return float(value)  # type: ignore[arg-type]
    if field.type == "duration":
        return isodate.parse_duration(str(value))
    if field.type in ("object", "array", "geojson"):
        return json.loads(to_text(value))  # type: ignore[arg-type]
    return value


def as_strict(field: Field, value: Any) -> object:  # noqa: ANN401  (whatever the library returns)
    """Return a value of the Python library of CSVW as the strict reader has it, where that has more types."""
    if field.type == "date" and not isinstance(value, str):
        return value and value.date()
    if field.type == "time":
        return value and value.timetz()
    texts = field.type in ("date", "year", "yearmonth", "geopoint", "boolean")
    return field.read(value) if texts and isinstance(value, str) else value


def assert_same_tables(described: Path, package: Path | PackageFolder) -> None:
    """Assert that the library reads every cell as the strict reader does."""
    tables = scrdata.open_package(package).contents.tables
    found = {table.common_props["dc:identifier"]: list(table) for table in csvw.TableGroup.from_file(described).tables}
    assert list(found) == list(tables)
    for name, table in tables.items():
        assert len(found[name]) == len(table), name
        for field in table.schema.fields:
            cells = [as_strict(field, row[field.name]) for row in found[name]]
            expected = [as_csvw(field, value) for value in table.columns[field.name]]
            assert cells == expected, f"{name}.{field.name}"
            assert [type(cell) for cell in cells if field.type == "integer"] == [
                type(cell) for cell in expected if field.type == "integer"
            ]


def objections(described: Path, serve: Callable[[Path], str]) -> list[str]:
    """Return what the two validators object to, each in its strictest setting, reading from this machine."""
    address = f"{serve(described.parent)}/{described.name}"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        group = csvw_functions.create_annotated_table_group(address)
    found = [f"csvw_functions: {item.message}" for item in caught if item.category is UserWarning]
    cells = (cell for table in group["tables"] for column in table["columns"] for cell in column["cells"])
    found += [f"csvw_functions: {error}" for cell in cells for error in cell["errors"]]
    return found + objections_of_csvw(address)


def objections_of_csvw(address: str) -> list[str]:
    """Return what the Python library of CSVW objects to."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        try:
            document = csvw.CSVW(address, validate=True)
            return [] if document.is_valid else [f"csvw: {item.message}" for item in document.warnings]
        except ValueError as problem:
            return [f"csvw: {problem}"]


def test_shipped_package_is_accepted_and_read(tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """Nobody objects to the shipped package, and all of its tables are read with the same values."""
    described = write_described(ROOT, tmp_path)
    assert objections(described, serve) == []
    assert_same_tables(described, ROOT)


def test_any_types_are_read(small_package: PackageFolder, tmp_path: Path) -> None:
    """A package with columns of every type, and with a line that begins like a comment, is read with its values."""
    add_kinds(small_package)
    small_package.edit("datapackage.json", "resources", 4, "schema", "missingValues", to=["", "-"])
    assert {field["type"] for field, _ in KINDS.values()} == set(TYPES)
    described = write_described(small_package, tmp_path)
    assert csvw.CSVW(str(described), validate=True).is_valid
    assert_same_tables(described, small_package)


def test_any_types_are_accepted(small_package: PackageFolder, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """Nobody objects to it; two types are left out that csvw_functions 0.0.0 fails to read at all."""
    add_kinds(small_package, "datetime", "duration")
    small_package.add_column({"type": "string"}, "a", "")
    described = write_described(small_package, tmp_path)
    assert objections(described, serve) == []
    group = csvw_functions.create_annotated_table_group(f"{serve(tmp_path)}/{described.name}")
    # A reader that knows comments takes none of the rows for one.
    assert [len(table["rows"]) for table in group["tables"]] == [
        len(table) for table in scrdata.open_package(small_package).contents.tables.values()
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/loans.csv", "30,400", "301,400"),
        ("data/loans.csv", "north,adult", "north,elder"),
        ("data/loans.csv", "quay,adult", "dock,adult"),
        ("data/loans.csv", "north,child", "north,adult"),
        ("data/loans.csv", "kind,loans", "kind,lent"),
        ("data/branches.csv", "1950-03-31", "1950-02-30"),
        ("data/branches.csv", "north,North", "North,North"),
        ("data/branches.csv", "South", ""),
    ],
    ids=["bound", "code", "foreign key", "primary key", "header", "date", "pattern", "missing"],
)
def test_validators_object_to_what_scrdata_refuses(
    small_package: PackageFolder, tmp_path: Path, serve: Callable[[Path], str], file: str, old: str, new: str
) -> None:
    """A cell that breaks what its column or its key promises is objected to: the description says so much."""
    described = write_described(small_package, tmp_path)
    assert objections(described, serve) == []
    data = (tmp_path / file).read_text(encoding="utf-8")
    assert data.count(old) == 1
    (tmp_path / file).write_text(data.replace(old, new), encoding="utf-8", newline="")
    found = objections(described, serve)
    assert {sentence.partition(":")[0] for sentence in found} >= {"csvw"}, found


def field_of(kind: str, **properties: object) -> Field:
    """Return a column of some type."""
    problems: list[str] = []
    field = build_field(
        {"name": "cell", "type": kind, **properties}, frozenset([""]), lambda _, sentence, __: problems.append(sentence)
    )
    assert problems == []
    assert field
    return field


DATATYPES = [
    ("string", {}, "string"),
    ("string", {"constraints": {"pattern": "a|b"}}, {"base": "string", "format": "^(?:a|b)$"}),
    ("string", {"constraints": {"enum": ["a.", "b"]}}, {"base": "string", "format": r"^(?:a\.|b)$"}),
    ("string", {"constraints": {"enum": ["a", "b"], "pattern": "[a]"}}, {"base": "string", "format": "^(?:a)$"}),
    ("string", {"categories": ["=", "<="]}, {"base": "string", "format": "^(?:=|<=)$"}),
    ("string", {"constraints": {"minLength": 1, "maxLength": 3}}, {"base": "string", "minLength": 1, "maxLength": 3}),
    ("string", {"format": "uri"}, None),
    ("integer", {}, "integer"),
    ("integer", {"constraints": {"minimum": 0, "maximum": "9"}}, {"base": "integer", "minimum": 0, "maximum": 9}),
    ("integer", {"constraints": {"exclusiveMinimum": 0}}, {"base": "integer", "minExclusive": 0}),
    ("number", {"constraints": {"exclusiveMaximum": 5}}, {"base": "number", "maxExclusive": 5}),
    ("number", {"constraints": {"minimum": Decimal("0.1")}}, {"base": "number", "minimum": 0.1}),
    ("date", {}, {"base": "date", "format": "yyyy-MM-dd"}),
    ("date", {"format": "%d.%m.%Y"}, {"base": "date", "format": "dd.MM.yyyy"}),
    ("date", {"format": "%m-%Y-%d", "constraints": {"minimum": "01-2010-01"}}, "string"),
    ("time", {}, "time"),
    ("datetime", {"constraints": {"maximum": "2010-01-01T00:00:00"}}, None),
    ("year", {"constraints": {"minimum": "1900"}}, "gYear"),
    ("yearmonth", {}, "gYearMonth"),
    ("duration", {"constraints": {"minLength": 3}}, "duration"),
    ("geopoint", {}, "string"),
    ("object", {"constraints": {"maxLength": 3}}, "json"),
    ("array", {}, "json"),
    ("geojson", {}, "json"),
    ("any", {"constraints": {"pattern": "a"}}, {"base": "string", "format": "^(?:a)$"}),
    ("boolean", {}, {"base": "boolean", "format": "true|false"}),
]


@pytest.mark.parametrize(("kind", "properties", "expected"), DATATYPES, ids=str)
def test_every_type_has_its_datatype(kind: str, properties: dict[str, object], expected: object) -> None:
    """Each type is mapped to a datatype that the library knows, with what the standard can say of its constraints."""
    found = describe_datatype(field_of(kind, **properties))
    assert expected is None or found == expected
    csvw.Datatype.fromvalue(found)


def test_every_type_is_mapped() -> None:
    """The list above leaves out no type."""
    assert {kind for kind, _, _ in DATATYPES} == set(TYPES)


@pytest.mark.parametrize(
    ("properties", "texts", "expected"),
    [
        ({}, ("true", "0"), {"base": "boolean", "format": "true|0"}),
        ({}, ("true", "1", "0"), "boolean"),
        ({}, ("True", "False"), {"base": "boolean", "format": "True|False"}),
        ({}, ("TRUE",), {"base": "boolean", "format": "TRUE|false"}),
        ({}, ("true", "TRUE"), {"base": "string", "format": "^(?:TRUE|true|false)$"}),
        ({"trueValues": ["0"], "falseValues": ["1"]}, ("0", "1"), {"base": "boolean", "format": "0|1"}),
        ({"trueValues": ["a|b"], "falseValues": ["c"]}, ("a|b",), {"base": "string", "format": r"^(?:a\|b|c)$"}),
    ],
    ids=str,
)
def test_flags_have_one_spelling_each(properties: dict[str, object], texts: tuple[str, ...], expected: object) -> None:
    """A column of flags is a boolean where it spells each in one way, else a text: the standard has no other way."""
    assert describe_datatype(field_of("boolean", **properties), [*texts, ""]) == expected


@pytest.mark.parametrize("kind", TYPES)
def test_texts_mean_the_same(kind: str) -> None:
    """Whatever text a cell of a type may have, the library reads the same value from it."""
    field = field_of(kind)

    # csvw 4.1 drops the fractions of times.
    texts = CELLS[kind].map(lambda text: re.sub(r"\.[0-9]+", "", text)) if kind == "time" else CELLS[kind]

    @FEW
    @given(texts)
    def law(text: str) -> None:
        value, problem = field.parse(text)
        assume(problem is None and text)
        datatype = csvw.Datatype.fromvalue(describe_datatype(field, {text}))
        found, expected = as_strict(field, datatype.read(text)), as_csvw(field, value)
        both_nan = isinstance(found, float) and math.isnan(found) and math.isnan(expected)  # type: ignore[arg-type]
        assert found == expected or both_nan

    law()


def test_columns_keys_and_codes(small_package: PackageFolder) -> None:
    """Headers, titles, keys, codes with labels and their order, and missing values are those of the schemas."""
    small_package.edit("schemas/loans.json", "missingValues", to=["", "-"])
    found: Any = describe_csvw(publish(small_package))
    branches, loans, *_ = found["tables"]
    assert [table["url"] for table in found["tables"]] == [
        "data/branches.csv", "data/loans.csv", "data/rules.csv", "data/discrepancies.csv"
    ]  # fmt: skip
    schema = loans["tableSchema"]
    assert [column["titles"] for column in schema["columns"]] == ["branch_id", "kind", "loans", "visits", "population"]
    assert schema["primaryKey"] == ["branch_id", "kind"]
    reference = {"resource": "data/branches.csv", "columnReference": ["branch_id"]}
    assert schema["foreignKeys"] == [{"columnReference": ["branch_id"], "reference": reference}]
    # Each branch but one has no parent, which no validator of CSVW would let pass.
    assert "foreignKeys" not in branches["tableSchema"]
    assert all(column["null"] == ["", "-"] for column in schema["columns"])
    assert schema["columns"][1]["qb:codeList"]["skos:hasTopConcept"] == [
        {"@type": "skos:Concept", "skos:notation": "child", "skos:prefLabel": "Child", "schema:position": 1},
        {"@type": "skos:Concept", "skos:notation": "adult", "skos:prefLabel": "Adult", "schema:position": 2},
    ]


def test_foreign_key_to_no_key_is_left_out(small_package: PackageFolder) -> None:
    """A foreign key to columns in which several rows may be equal is left out: CSVW has no such reference."""
    key = {"fields": ["kind"], "reference": {"resource": "loans", "fields": ["kind"]}}
    small_package.edit("schemas/loans.json", "foreignKeys", 1, to=key)
    found: Any = describe_csvw(publish(small_package))
    assert [key["columnReference"] for key in found["tables"][1]["tableSchema"]["foreignKeys"]] == [["branch_id"]]


def test_nothing_is_invented(small_package: PackageFolder) -> None:
    """A package that states little is described by little; one that states all, by all."""
    bare: Any = describe_csvw(publish(small_package))
    assert bare["@context"] == "http://www.w3.org/ns/csvw"
    assert set(bare) == {"@context", "@type", "dc:title", "dc:identifier", "schema:version", "dialect", "tables"}
    describe_fully(small_package)
    full: Any = describe_csvw(publish(small_package))
    assert full["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert full["dc:license"] == [{"@id": "https://creativecommons.org/publicdomain/zero/1.0/"}]
    assert full["dc:issued"] == {"@value": "2024-03-05", "@type": "xsd:date"}
    assert full["dc:creator"] == ["Jürgen O'Neill", "Readers and Writers"]
    assert full["dc:source"] == ["Leaflet", "The Town: Annual report (1950)"]


def test_other_delimiters_and_names(small_package: PackageFolder, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """A table with tabs, and columns and files with names that no address may have, is accepted.

    Only one validator is asked: csvw_functions 0.0.0 does not know that such names are percent-encoded.
    """
    fields = [{"name": name, "type": "string"} for name in ("a-b", "_c", "d é", "#e")]
    key = {"fields": ["_c"], "reference": {"resource": "", "fields": ["a-b"]}}
    resource = {
        "name": "odd",
        "type": "table",
        "path": "data/odd table.csv",
        "dialect": {"delimiter": "\t"},
        "schema": {"fields": fields, "primaryKey": ["a-b"], "foreignKeys": [key]},
    }
    small_package.write("data/odd table.csv", "a-b\t_c\td é\t#e\n1\t1\t3\t4\n")
    small_package.edit("datapackage.json", "resources", 4, to=resource)
    described = write_described(small_package, tmp_path)
    (table,) = json.loads(described.read_text(encoding="utf-8"))["tables"][4:]
    assert [column["name"] for column in table["tableSchema"]["columns"]] == ["a%2Db", "%5Fc", "d%20%C3%A9", "%23e"]
    assert table["url"] == "data/odd%20table.csv"
    (reference,) = table["tableSchema"]["foreignKeys"]
    assert reference["reference"] == {"resource": "data/odd%20table.csv", "columnReference": ["a%2Db"]}
    assert objections_of_csvw(f"{serve(tmp_path)}/{described.name}") == []
