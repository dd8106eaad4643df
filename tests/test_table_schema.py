"""Table Schemas below the command line: what is made of one, and exactly what is said of a part that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrdata.findings import Ledger
from scrdata.limits import DEFAULT, Limits
from scrdata.places import Place
from scrdata.strict_json import read_json
from scrdata.table_schema import ForeignKey, TableSchema, build_schema

XYZ: dict[str, Any] = {"fields": [{"name": "x"}, {"name": "y", "type": "integer"}, {"name": "z", "type": "array"}]}
IMPLEMENTED, TYPED, PRESENT = ("property_is_implemented", "property_has_right_type", "required_property_is_present")
KNOWN = "key_names_known_columns"


def built(
    schema: dict[str, Any], *, clean: bool = False, limits: Limits = DEFAULT
) -> tuple[TableSchema | None, list[tuple[str, str, object]]]:
    """Build a schema; return it, and rule, sentence and property of each finding."""
    document, ledger = read_json(json.dumps(schema).encode()), Ledger()
    properties: Any = document.value
    found = build_schema(properties, Place({"s.json": document}, ledger, "s.json"), clean=clean, limits=limits)
    assert {finding.file for finding in ledger.findings} <= {"s.json"}
    return found, [(finding.rule, finding.message, finding.column) for finding in ledger.findings]


def test_a_schema_holds_columns_and_keys() -> None:
    """Columns are found by name, in their order; a key of one column may be a text; the parts know their file."""
    keys = {"primaryKey": "x", "uniqueKeys": [["x", "y"], ["y"]]}
    foreign = [
        {"fields": "x", "reference": {"resource": "t", "fields": "a"}},
        {"fields": ["x", "y"], "reference": {"fields": ["y", "x"]}},
    ]
    found, findings = built({**XYZ, **keys, "foreignKeys": foreign}, clean=True)
    assert findings == []
    assert found is not None
    assert [field.name for field in found.fields] == list(found.columns) == ["x", "y", "z"]
    assert (found.field("y"), found.field("a")) == (found.fields[1], None)
    assert (found.primary_key, found.unique_keys) == (("x",), (("x", "y"), ("y",)))
    assert found.foreign_keys == (ForeignKey(("x",), "t", ("a",)), ForeignKey(("x", "y"), "", ("y", "x")))
    assert (found.clean, found.file) == (True, "s.json")


def test_limits_reach_the_fields() -> None:
    """How long the pattern of a column may be is as the caller says."""
    schema = {"fields": [{"name": "x", "constraints": {"pattern": "a{8}"}}]}
    assert built(schema, limits=Limits(pattern_length=10))[1] == []
    ((rule, message, _),) = built(schema, limits=Limits(pattern_length=9))[1]
    assert rule == "constraint_is_well_formed"
    assert "more than 9 characters" in message


def test_a_schema_without_keys_has_none() -> None:
    """Nothing is promised that is not declared; the empty cell is missing unless the schema says otherwise."""
    found, findings = built({**XYZ, "fieldsMatch": ["exact"]})
    assert findings == []
    assert found is not None
    assert (found.primary_key, found.unique_keys, found.foreign_keys, found.clean) == ((), (), (), False)
    assert {field.missing_values for field in found.fields} == {frozenset({""})}


def test_missing_values_are_those_of_the_schema_or_the_field() -> None:
    """A field without missing values of its own has those of the schema, labelled or not."""
    fields = [{"name": "x"}, {"name": "y", "missingValues": [{"value": "?", "label": "illegible"}, "-"]}]
    found, findings = built({"fields": fields, "missingValues": ["n/a", {"value": "", "label": "blank"}]})
    assert findings == []
    assert found is not None
    assert [field.missing_values for field in found.fields] == [frozenset({"n/a", ""}), frozenset({"?", "-"})]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            {"fieldsMatch": "subset"},
            (
                IMPLEMENTED,
                "'fieldsMatch' is implemented for 'exact' only; leave it out where the header is as the schema says",
                "fieldsMatch",
            ),
        ),
        (
            {"fieldsMatch": ["equal"]},
            (
                IMPLEMENTED,
                "'fieldsMatch' is implemented for 'exact' only; leave it out where the header is as the schema says",
                "fieldsMatch",
            ),
        ),
        ({"missingValues": ["", 0]}, (TYPED, "a missing value must be a text", "missingValues[1]")),
        ({"missingValues": [{"label": "l"}]}, (PRESENT, "the property 'value' is missing", "missingValues[0]")),
        ({"primaryKey": ["a"]}, (KNOWN, "there is no column 'a'", "primaryKey")),
        ({"uniqueKeys": [["x"], ["a"]]}, (KNOWN, "there is no column 'a'", "uniqueKeys")),
        ({"primaryKey": ["x", "x"]}, (KNOWN, "a column occurs twice in one key", "primaryKey")),
        ({"primaryKey": ["z"]}, (IMPLEMENTED, "keys of type array are not implemented", "primaryKey")),
        (
            {"fields": [{"name": "x"}, {"name": "x"}]},
            ("field_name_is_unique", "two fields are called 'x'", "fields[1].name"),
        ),
        ({"fields": [{"title": "X"}]}, (PRESENT, "the property 'name' is missing", "fields[0]")),
        (
            {"fields": [{"name": "x", "missingValues": [1]}]},
            (TYPED, "a missing value must be a text", "fields[0].missingValues[0]"),
        ),
        (
            {"fields": [{"name": "x", "categories": [{"label": "A"}]}]},
            (PRESENT, "the property 'value' is missing", "fields[0].categories[0]"),
        ),
        (
            {"fields": [{"name": "x", "type": "list"}]},
            (IMPLEMENTED, "the type 'list' of field 'x' is not implemented", "fields[0]"),
        ),
        (
            {"fields": [{"name": "w"}, {"name": "x", "scrdata:wholeOf": "w"}]},
            (KNOWN, "'x' is the whole of 'w' and not marked scrdata:reference", "fields[1].scrdata:wholeOf"),
        ),
        (
            {"fields": [{"name": "w"}, {"name": "x", "scrdata:reference": True, "scrdata:wholeOf": "w"}]},
            (KNOWN, "there is no column of numbers called 'w'", "fields[1].scrdata:wholeOf"),
        ),
        (
            {"fields": [{"name": "x", "scrdata:reference": True, "scrdata:wholeOf": "w"}]},
            (KNOWN, "there is no column of numbers called 'w'", "fields[0].scrdata:wholeOf"),
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(changes: dict[str, Any], finding: tuple[str, str, str]) -> None:
    """Each wrong part gives one finding at its property, and the table is not read."""
    found, findings = built({**XYZ, **changes})
    assert findings == [finding]
    assert found is None


@pytest.mark.parametrize(
    ("key", "finding"),
    [
        ({"fields": ["x"]}, (PRESENT, "the property 'reference' is missing", "foreignKeys[0]")),
        ({"fields": ["x"], "reference": {}}, (PRESENT, "the property 'fields' is missing", "foreignKeys[0].reference")),
        (
            {"fields": ["x"], "reference": {"package": "p", "resource": "t", "fields": ["x"]}},
            (
                IMPLEMENTED,
                "a foreign key to another package is not implemented",
                "foreignKeys[0].reference.package",
            ),
        ),
        ({"fields": ["a"], "reference": {"fields": ["x"]}}, (KNOWN, "there is no column 'a'", "foreignKeys[0]")),
        (
            {"fields": ["x"], "reference": {"fields": ["x", "y"]}},
            (KNOWN, "a foreign key has as many fields as the key it refers to", "foreignKeys[0]"),
        ),
    ],
)
def test_a_foreign_key_that_is_wrong_is_left_out(key: dict[str, Any], finding: tuple[str, str, str]) -> None:
    """A key that cannot be checked gives one finding at its property; the keys after it are kept."""
    sound = {"fields": ["y"], "reference": {"resource": "t", "fields": ["y"]}}
    found, findings = built({**XYZ, "foreignKeys": [key, sound]})
    assert findings == [finding]
    assert found is not None
    assert found.foreign_keys == (ForeignKey(("y",), "t", ("y",)),)


def test_every_field_is_looked_at() -> None:
    """What is wrong with one field keeps none of those after it from being checked."""
    fields = [
        {"title": "no name"},
        {"name": "m", "missingValues": [1]},
        {"name": "c", "categories": [{"label": "A"}, {"label": "B"}]},
        {"name": "l", "type": "list"},
        {"name": "w", "scrdata:wholeOf": 3},
    ]
    _, findings = built({"fields": fields})
    assert [place for _, _, place in findings] == [
        "fields[0]",
        "fields[1].missingValues[0]",
        "fields[2].categories[0]",
        "fields[3]",
        "fields[4].scrdata:wholeOf",
    ]


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_whole_is_a_column_of_numbers(kind: str) -> None:
    """A part may belong to a column of whole or of other numbers."""
    fields = [{"name": "w", "type": kind}, {"name": "x", "scrdata:reference": True, "scrdata:wholeOf": "w"}]
    found, findings = built({"fields": fields})
    assert findings == []
    assert found is not None


@pytest.mark.parametrize("kind", ["object", "array", "geojson"])
def test_values_without_a_hash_are_no_keys(kind: str) -> None:
    """Objects and lists cannot be looked up, and so are no keys."""
    _, findings = built({"fields": [{"name": "x", "type": kind}], "primaryKey": ["x"]})
    assert findings == [(IMPLEMENTED, f"keys of type {kind} are not implemented", "primaryKey")]


def test_a_schema_needs_fields() -> None:
    """Without fields, a schema describes nothing."""
    assert built({}) == (None, [(PRESENT, "the property 'fields' is missing", None)])


def test_a_missing_value_that_is_wrong_spoils_those_after_it() -> None:
    """One missing value that cannot be read is enough to refuse the schema."""
    missing = [{"label": "l"}, {"value": "a"}]
    finding = (PRESENT, "the property 'value' is missing", "missingValues[0]")
    assert built({**XYZ, "missingValues": missing}) == (None, [finding])


def test_a_key_of_one_column_may_be_its_name() -> None:
    """A text is one name, however many letters it has."""
    found, findings = built({"fields": [{"name": "name"}], "primaryKey": "name"})
    assert findings == []
    assert found is not None
    assert found.primary_key == ("name",)
