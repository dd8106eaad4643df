"""Descriptors below the command line: what is made of one, and what is said of a part that cannot be applied."""

from __future__ import annotations

import json

import pytest

from scrdata.descriptor import Descriptor, read_descriptor
from scrdata.findings import Ledger
from scrdata.limits import Limits
from scrdata.storage import Refusal
from tests.conftest import as_json, line_of
from tests.memory import MemoryStorage


def described(properties: object, *problems: Refusal) -> tuple[Descriptor, list[tuple[str, str, str | None]]]:
    """Read a descriptor; return it, and rule, sentence and file of each finding."""
    storage, ledger = MemoryStorage({"datapackage.json": json.dumps(properties).encode()}), Ledger()
    storage.problems.extend(problems)
    descriptor = read_descriptor(storage, ledger)
    return descriptor, [(finding.rule, finding.message, finding.file) for finding in ledger.findings]


def test_what_is_wrong_with_the_storage_is_told() -> None:
    """What was refused when the package was opened stands in the report, with its file."""
    _, findings = described({"resources": [{"name": "a", "path": "a.txt"}]}, Refusal("archive_is_allowed", "no", "a.z"))
    assert findings == [("archive_is_allowed", "no", "a.z")]


@pytest.mark.parametrize("resources", ["a", {"a": 1}, 3, [], [1], ["a.csv"]])
def test_resources_that_are_no_list_of_objects_are_none(resources: object) -> None:
    """A descriptor whose resources cannot be read has none, and is refused."""
    descriptor, findings = described({"resources": resources})
    assert descriptor.resources == {}
    assert {rule for rule, _, _ in findings} == {"property_has_right_type"}


@pytest.mark.parametrize(("version", "known"), [("1.0.0", "1.0.0"), (2, None), (None, None)])
def test_the_version_is_a_text(version: object, known: str | None) -> None:
    """A version that is no text is no version."""
    assert described({"resources": [{"name": "a", "path": "a.txt"}], "version": version})[0].version == known


TABLE = {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "x"}]}}
IMPLEMENTED, TYPED, PRESENT = ("property_is_implemented", "property_has_right_type", "required_property_is_present")


@pytest.mark.parametrize(
    ("changes", "rule", "message"),
    [
        ({"path": None}, PRESENT, "a resource has either 'path' or 'data', and not both"),
        ({"data": []}, PRESENT, "a resource has either 'path' or 'data', and not both"),
        (
            {"path": None, "data": []},
            IMPLEMENTED,
            "inline 'data' is not implemented; write it to a file, and name that as 'path'",
        ),
        (
            {"path": ["a.csv", "b.csv"]},
            IMPLEMENTED,
            "a list of several paths is not implemented; make each file a resource",
        ),
        ({"type": "json"}, IMPLEMENTED, "'type' with 'json' is not implemented"),
        ({"encoding": "latin-1"}, IMPLEMENTED, "'encoding' with 'latin-1' is not implemented"),
        ({"format": "tsv"}, IMPLEMENTED, "'format' with 'tsv' is not implemented"),
        ({"mediatype": "text/plain"}, IMPLEMENTED, "'mediatype' with 'text/plain' is not implemented"),
        (
            {"mediatype": "text/csv; charset=latin-1"},
            IMPLEMENTED,
            "'mediatype' with 'text/csv; charset=latin-1' is not implemented",
        ),
        ({"scheme": "https"}, IMPLEMENTED, "'scheme' with 'https' is not implemented"),
        ({"compression": "gz"}, IMPLEMENTED, "'compression' with 'gz' is not implemented"),
        ({"extrapath": "b.csv"}, IMPLEMENTED, "'extrapath' with 'b.csv' is not implemented"),
        ({"extrapaths": []}, IMPLEMENTED, "'extrapaths' with this value is not implemented"),
        ({"schema": None}, PRESENT, "a table without a schema says nothing that could be checked; give it one"),
        ({"scrdata:text": "dirty"}, IMPLEMENTED, "'scrdata:text' can only be 'clean', not 'dirty'"),
        ({"dialect": {"quoteChar": "'"}}, IMPLEMENTED, "'quoteChar' of a dialect is not implemented with this value"),
        ({"dialect": {"header": False}}, IMPLEMENTED, "'header' of a dialect is not implemented with this value"),
        ({"dialect": {"headerRows": [2]}}, IMPLEMENTED, "'headerRows' of a dialect is not implemented with this value"),
        (
            {"dialect": {"commentChar": "#"}},
            IMPLEMENTED,
            "'commentChar' of a dialect is not implemented with this value",
        ),
        (
            {"dialect": {"lineTerminator": "\r"}},
            IMPLEMENTED,
            "'lineTerminator' of a dialect is not implemented with this value",
        ),
        ({"dialect": {"delimiter": ""}}, TYPED, "'delimiter' must be one character: a visible one, a space or a tab"),
        ({"dialect": {"delimiter": ";;"}}, TYPED, "'delimiter' must be one character: a visible one, a space or a tab"),
        ({"dialect": {"delimiter": '"'}}, TYPED, "'delimiter' must be one character: a visible one, a space or a tab"),
        ({"dialect": {"delimiter": "\n"}}, TYPED, "'delimiter' must be one character: a visible one, a space or a tab"),
        (
            {"dialect": {"delimiter": "\x01"}},
            TYPED,
            "'delimiter' must be one character: a visible one, a space or a tab",
        ),
    ],
)
def test_what_would_change_the_reading_is_said(changes: dict[str, object], rule: str, message: str) -> None:
    """Each property that is not implemented is named with its value, at the descriptor, and the table is not read."""
    item = {name: value for name, value in {**TABLE, **changes}.items() if value is not None}
    descriptor, findings = described({"resources": [item]})
    assert (rule, message, "datapackage.json") in findings
    assert len(findings) == 1
    assert (descriptor.resources["a"].schema is None) is (changes != {"scrdata:text": "dirty"})


@pytest.mark.parametrize(
    "changes",
    [
        {"path": ["a.csv"]},
        {"type": "table"},
        {"profile": "tabular-data-resource"},
        {"encoding": "UTF-8"},
        {"encoding": "utf8"},
        {"format": "csv"},
        {"scheme": "file"},
        {"mediatype": "text/csv"},
        {"mediatype": "Application/CSV; Charset=UTF-8"},
        {"mediatype": 'text/csv; charset="utf-8"'},
        {"mediatype": "text/csv;header=present"},
        {"mediatype": "text/csv; charset=utf8"},
        {"dialect": {}},
        {
            "dialect": {
                "csvddfVersion": 1.2,
                "delimiter": "\t",
                "doubleQuote": True,
                "quoteChar": '"',
                "skipInitialSpace": False,
                "header": True,
                "caseSensitiveHeader": True,
                "headerRows": [1],
                "headerJoin": " ",
                "commentRows": [],
                "lineTerminator": "\n",
            }
        },
        {"dialect": {"lineTerminator": "\r\n"}},
    ],
)
def test_what_changes_nothing_is_taken(changes: dict[str, object]) -> None:
    """A property that says what holds anyway is no finding."""
    descriptor, findings = described({"resources": [{**TABLE, **changes}]})
    assert findings == []
    assert descriptor.tables.keys() == {"a"}
    assert descriptor.tables["a"].path == "a.csv"
    assert descriptor.unreadable == set()


def test_a_resource_is_described() -> None:
    """Title and description of a resource have defaults; its delimiter is that of its dialect, or a comma."""
    named = {**TABLE, "name": "b", "title": "B", "description": "Beta", "dialect": {"delimiter": ";"}}
    descriptor, findings = described({"resources": [TABLE, named]})
    assert findings == []
    first, second = descriptor.resources.values()
    assert (first.title, first.description, first.delimiter, first.position) == ("a", "", ",", 0)
    assert (second.title, second.description, second.delimiter, second.position) == ("B", "Beta", ";", 1)
    assert (second.name, second.path, second.tabular) == ("b", "a.csv", True)


@pytest.mark.parametrize(
    ("changes", "tabular"),
    [
        ({}, False),
        ({"path": "a.csv"}, True),
        ({"path": "a.CSV"}, True),
        ({"path": ["a.csv"]}, True),
        ({"type": "table"}, True),
        ({"profile": "tabular-data-resource"}, True),
        ({"format": "csv"}, True),
        ({"mediatype": "TEXT/CSV"}, True),
        ({"mediatype": "application/csv; charset=utf-8"}, True),
        ({"dialect": {}}, True),
        ({"mediatype": "text/plain", "format": "txt", "encoding": "latin-1"}, False),
    ],
)
def test_what_makes_a_table_of_a_resource(changes: dict[str, object], tabular: bool) -> None:  # noqa: FBT001
    """Whatever calls a resource a table makes it one, which then needs a schema."""
    descriptor, findings = described({"resources": [{"name": "a", "path": "a.txt", **changes}]})
    assert descriptor.resources["a"].tabular is tabular
    assert descriptor.unreadable == ({"a"} if tabular else set())
    assert [message for _, message, _ in findings] == (
        ["a table without a schema says nothing that could be checked; give it one"] if tabular else []
    )


def test_a_schema_makes_a_table_of_a_resource() -> None:
    """A resource with a schema is a table, whatever its file is called."""
    descriptor, findings = described({"resources": [{**TABLE, "path": "a.dat"}]})
    assert (descriptor.tables.keys(), findings) == ({"a"}, [])


def test_a_resource_that_cannot_be_read() -> None:
    """Of a resource without a usable path the rest is known, with what stands for the path and the delimiter."""
    descriptor, _ = described({"resources": [{"name": "a", "path": "../a.csv"}]})
    resource = descriptor.resources["a"]
    assert (resource.path, resource.delimiter, resource.tabular, resource.schema) == ("", ",", False, None)


@pytest.mark.parametrize("name", ["scrdata:rows", "scrdata:text"])
def test_a_plain_file_promises_nothing_of_a_table(name: str) -> None:
    """What is said of rows and cells needs rows and cells."""
    value: object = 3 if name == "scrdata:rows" else "clean"
    _, findings = described({"resources": [{"name": "a", "path": "a.txt", name: value}]})
    assert findings == [(IMPLEMENTED, f"'{name}' belongs to tables", "datapackage.json")]


@pytest.mark.parametrize(("name", "rule"), [(None, PRESENT), ("", TYPED), (3, TYPED)])
def test_a_resource_without_a_name_is_none(name: object, rule: str) -> None:
    """A resource that cannot be named is told, and left out."""
    item = {"path": "a.txt", **({} if name is None else {"name": name})}
    descriptor, findings = described({"resources": [item, {"name": "b", "path": "b.txt"}]})
    assert (descriptor.resources.keys(), [found for found, _, _ in findings]) == ({"b"}, [rule])


def test_names_are_given_once() -> None:
    """Of two resources of one name, the first counts."""
    descriptor, findings = described({"resources": [TABLE, {"name": "a", "path": "b.txt"}]})
    assert findings == [("resource_name_is_unique", "two resources are called 'a'", "datapackage.json")]
    assert descriptor.resources["a"].path == "a.csv"


@pytest.mark.parametrize(
    ("key", "rule", "message"),
    [
        (
            {"fields": ["x"], "reference": {"resource": "c", "fields": ["x"]}},
            "foreign_key_names_known_table",
            "there is no table 'c'",
        ),
        (
            {"fields": ["x"], "reference": {"resource": "notes", "fields": ["x"]}},
            "foreign_key_names_known_table",
            "there is no table 'notes'",
        ),
        (
            {"fields": ["x"], "reference": {"resource": "b", "fields": ["z"]}},
            "key_names_known_columns",
            "the table 'b' has no column 'z'",
        ),
        (
            {"fields": ["x"], "reference": {"resource": "b", "fields": ["y"]}},
            "foreign_key_types_agree",
            "'x' is of type string, 'b.y' of type integer",
        ),
    ],
)
def test_a_foreign_key_leads_to_a_column_of_its_type(key: dict[str, object], rule: str, message: str) -> None:
    """A key that leads nowhere is a finding, and is left out; those beside it are kept."""
    sound = {"fields": ["x"], "reference": {"resource": "", "fields": ["x"]}}
    schema = {"fields": [{"name": "x"}], "primaryKey": ["x"], "foreignKeys": [key, sound]}
    other = {"name": "b", "path": "b.csv", "schema": {"fields": [{"name": "x"}, {"name": "y", "type": "integer"}]}}
    resources = [{**TABLE, "schema": schema}, other, {"name": "notes", "path": "notes.txt"}]
    descriptor, findings = described({"resources": resources})
    assert findings == [(rule, message, "datapackage.json")]
    (kept,) = descriptor.tables["a"].schema.foreign_keys  # type: ignore[union-attr]
    assert (kept.table, kept.columns) == ("", ("x",))


def test_a_key_to_a_table_that_cannot_be_read_is_kept() -> None:
    """What is wrong with the other table is told there; the key itself leads somewhere."""
    key = {"fields": ["x"], "reference": {"resource": "b", "fields": ["x"]}}
    schema = {"fields": [{"name": "x"}], "foreignKeys": [key]}
    resources = [{**TABLE, "schema": schema}, {"name": "b", "path": "b.csv"}]
    descriptor, findings = described({"resources": resources})
    assert [rule for rule, _, _ in findings] == [PRESENT]
    assert len(descriptor.tables["a"].schema.foreign_keys) == 1  # type: ignore[union-attr]


def read_with(files: dict[str, bytes], *items: dict[str, object]) -> tuple[Descriptor, list[tuple[object, ...]]]:
    """Read a descriptor of resources beside other files; return it, and rule, sentence, file and line of findings."""
    storage, ledger = MemoryStorage({"datapackage.json": json.dumps({"resources": items}).encode(), **files}), Ledger()
    descriptor = read_descriptor(storage, ledger)
    return descriptor, [(item.rule, item.message, item.file, item.line) for item in ledger.findings]


def test_a_schema_may_stand_in_a_file_of_its_own() -> None:
    """Two tables may share a schema and a dialect, each in its file."""
    files = {"s.json": b'{"fields": [{"name": "x"}]}', "d.json": b'{"delimiter": ";"}'}
    items = [{"name": name, "path": f"{name}.csv", "schema": "s.json", "dialect": "d.json"} for name in "ab"]
    descriptor, findings = read_with(files, *items)
    assert findings == []
    assert [(item.delimiter, item.schema.file if item.schema else "") for item in descriptor.resources.values()] == [
        (";", "s.json"),
        (";", "s.json"),
    ]
    assert descriptor.documents.keys() == {"datapackage.json", "s.json", "d.json"}


@pytest.mark.parametrize(
    ("name", "data", "finding"),
    [
        ("s.json", None, ("file_exists", "there is no 's.json'", "datapackage.json", 1)),
        ("s.json", b'{\n"fields": }', ("json_is_well_formed", "no JSON value starts here (column 11)", "s.json", 2)),
        ("s.json", b"[]", (TYPED, "the file must hold one JSON object", "s.json", 1)),
        ("s.json", b'{\n"fields": 3}', (TYPED, "'fields' must be a list of fields, not empty", "s.json", 2)),
        ("../s.json", b"{}", ("path_is_inside_the_package", "", "datapackage.json", 1)),
    ],
)
@pytest.mark.parametrize("part", ["schema", "dialect"])
def test_a_named_file_that_cannot_be_read_is_told(
    part: str, name: str, data: bytes | None, finding: tuple[str, str, str, int]
) -> None:
    """A schema or dialect that is no file, no JSON or no object gives one finding, and the table is not read."""
    if part == "dialect" and finding[1].startswith("'fields'"):
        finding = (TYPED, "'delimiter' must be a text", "s.json", 2)
        data = b'{\n"delimiter": 3}'
    item = {**TABLE, part: name}
    descriptor, findings = read_with({} if data is None else {name: data}, item)
    assert len(findings) == 1
    if finding[1]:
        assert findings == [finding]
    assert (findings[0][2], findings[0][3]) == finding[2:]
    assert descriptor.unreadable == {"a"}


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"[]", TYPED), (b"{", "json_is_well_formed"), (b"{}", PRESENT)],
)
def test_a_descriptor_that_cannot_be_read_has_no_resources(data: bytes, rule: str) -> None:
    """Where the descriptor is no object with resources, that is all that is said."""
    ledger = Ledger()
    descriptor = read_descriptor(MemoryStorage({"datapackage.json": data}), ledger)
    assert ([finding.rule for finding in ledger.findings], descriptor.resources) == ([rule], {})
    assert (descriptor.version, descriptor.properties) == (None, {})


KEY = {"fields": ["x"], "reference": {"resource": "", "fields": ["x"]}}


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"name": "b", "path": "b.txt", "scrdata:rows": 3}, ("scrdata:rows",)),
        ({**TABLE, "name": "b", "type": "json"}, ("type",)),
        ({**TABLE, "name": "b", "schema": {"fields": [{"name": "x"}], "foreignKeys": [KEY], "z": 1}}, ()),
        *(
            (
                {**TABLE, "name": "b", "schema": {"fields": [{"name": "x"}], "z": 1, "foreignKeys": [key]}},
                ("schema", "foreignKeys"),
            )
            for key in (
                {**KEY, "reference": {"resource": "c", "fields": ["x"]}},
                {**KEY, "reference": {"resource": "a", "fields": ["z"]}},
                {**KEY, "reference": {"resource": "n", "fields": ["x"]}},
            )
        ),
    ],
)
def test_the_line_of_what_is_wrong(item: dict[str, object], path: tuple[str, ...]) -> None:
    """A finding stands at the line of the property that it speaks of; only one is made of it."""
    numbers = {**TABLE, "name": "n", "schema": {"fields": [{"name": "x", "type": "integer"}]}}
    properties = {"resources": [TABLE, item, numbers]}
    ledger = Ledger()
    read_descriptor(MemoryStorage({"datapackage.json": as_json(properties).encode()}), ledger)
    lines = [finding.line for finding in ledger.findings]
    assert lines == ([line_of(properties, ("resources", 1, *path))] if path else [])


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"$schema": "https://a.example/p.json"}, "https://datapackage.org/profiles/2.0/datapackage.json"),
        (
            {"resources": [{**TABLE, "$schema": "https://a.example/p.json"}]},
            "https://datapackage.org/profiles/2.0/dataresource.json",
        ),
    ],
)
def test_profiles_that_are_not_known(properties: dict[str, object], message: str) -> None:
    """A profile that is not known is told beside the one that is."""
    _, findings = described({"resources": [TABLE], **properties})
    (told,) = [text for rule, text, _ in findings if rule == IMPLEMENTED]
    assert told == f"the profile 'https://a.example/p.json' is unknown; known is {message}"


@pytest.mark.parametrize("kind", ["datapackage", "dataresource"])
def test_profiles_that_are_known(kind: str) -> None:
    """A package and its resources may name the profiles of both versions of the standard."""
    for version in ("1.0", "2.0"):
        profile = {"$schema": f"https://datapackage.org/profiles/{version}/{kind}.json"}
        item = {**TABLE, **profile} if kind == "dataresource" else TABLE
        package = profile if kind == "datapackage" else {}
        assert described({"resources": [item], **package})[1] == []


def test_a_descriptor_is_read_within_limits() -> None:
    """Objects within objects are read as far as the limits of the package say."""
    properties = {"resources": [TABLE], "a": {"b": {"c": {"d": {"e": 1}}}}}
    files, ledger = {"datapackage.json": json.dumps(properties).encode()}, Ledger()
    assert read_descriptor(MemoryStorage(files, Limits(nesting=6)), ledger).resources.keys() == {"a"}
    assert read_descriptor(MemoryStorage(files, Limits(nesting=5)), ledger).resources == {}
    assert len(ledger.findings) == 1
