"""Rows and cells: what is free text, what is a value, how rows are matched, and what is only spelt otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata.errors import InvalidPackageError
from tests.compared import EQUATIONS, ROWS, compare, facts, tables, with_rows
from tests.memory import REGISTER

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder


def test_value_text_and_code() -> None:
    """Numbers, codes and references to rows are values, which are minor; free text is wording, a patch."""
    found = with_rows(ROWS.replace("elm,tree,15,,oak", "elm,herb,16,Young,"))
    assert [facts(change) for change in found.changes] == [
        ("value_changed", "plants", "kind", None, "tree", "herb"),
        ("value_changed", "plants", "height", None, "15", "16"),
        ("text_changed", "plants", "note", None, None, "Young"),
        ("value_changed", "plants", "parent_id", None, "oak", None),
    ]
    assert {(change.key["plant_id"], change.row) for change in found.changes} == {("elm", 2)}
    assert [change.level for change in found.changes] == ["minor", "minor", "patch", "minor"]


CODE = {"resource": "codes", "fields": ["code"]}
FREE: dict[str, Any] = {"name": "cell", "type": "string"}


@pytest.mark.parametrize(
    ("field", "schema", "kind"),
    [
        ({}, {}, "text_changed"),
        ({"constraints": {"unique": True, "minLength": 1}}, {}, "text_changed"),
        ({"constraints": {"pattern": "[ab]"}}, {}, "value_changed"),
        ({"constraints": {"enum": ["a", "b"]}}, {}, "value_changed"),
        ({"categories": ["a", "b"]}, {}, "value_changed"),
        ({"type": "any"}, {}, "value_changed"),
        ({"constraints": {"minLength": 1}, "format": "default"}, {}, "text_changed"),
        ({}, {"foreignKeys": [{"fields": ["cell"], "reference": CODE}]}, "value_changed"),
    ],
    ids=["free", "unique", "pattern", "enum", "categories", "any", "default", "foreign key"],
)  # fmt: skip
def test_free_text(field: dict[str, Any], schema: dict[str, Any], kind: str) -> None:
    """Only a string that nothing restricts or refers to is free text."""
    described = {"fields": [{"name": "id", "type": "integer"}, {**FREE, **field}], "primaryKey": ["id"], **schema}
    codes = ({"fields": [{"name": "code"}]}, "code\na\nb\n")
    old, new = ({"t": (described, f"id,cell\n1,{cell}\n"), "codes": codes} for cell in "ab")
    assert [change.kind for change in compare(old, new).changes] == [kind]


def test_referred_column_is_no_free_text() -> None:
    """A column that another table refers to is no free text, although nothing in its own schema says so."""
    key = {"fields": ["code"], "reference": {"resource": "t", "fields": ["cell"]}}
    codes = ({"fields": [{"name": "code"}], "foreignKeys": [key]}, "code\n")
    schema = {"fields": [{"name": "id", "type": "integer"}, FREE], "primaryKey": ["id"]}
    old, new = ({"t": (schema, f"id,cell\n1,{cell}\n"), "codes": codes} for cell in "ab")
    assert [change.kind for change in compare(old, new).changes] == ["value_changed"]


def test_column_that_its_own_table_refers_to() -> None:
    """The same holds where rows refer to others of their own table."""
    key = {"fields": ["twin"], "reference": {"resource": "", "fields": ["cell"]}}
    fields = [{"name": "id", "type": "integer"}, FREE, {"name": "twin"}]
    schema = {"fields": fields, "primaryKey": ["id"], "foreignKeys": [key]}
    old, new = ({"t": (schema, f"id,cell,twin\n1,{cell},\n")} for cell in "ab")
    assert [change.kind for change in compare(old, new).changes] == ["value_changed"]


def test_formats_are_no_free_text() -> None:
    """A string with a format is a value."""
    schema = {"fields": [{"name": "id", "type": "integer"}, {**FREE, "format": "email"}], "primaryKey": ["id"]}
    old, new = ({"t": (schema, f"id,cell\n1,{cell}@example.org\n")} for cell in "ab")
    assert [change.kind for change in compare(old, new).changes] == ["value_changed"]


@pytest.mark.parametrize(("column", "kind"), [("left_value", "value_changed"), ("explanation", "text_changed")])
def test_what_a_check_reads_is_no_free_text(column: str, kind: str) -> None:
    """The columns by which a package is checked are values, even if their schema leaves them free."""
    schema = {"fields": [*REGISTER["fields"], {"name": "explanation"}], "primaryKey": ["discrepancy_id"]}
    names = [field["name"] for field in schema["fields"]]
    lines = [",".join("x" if name == column and is_new else "a" for name in names) for is_new in (False, True)]
    old, new = ({"discrepancies": (schema, f"{','.join(names)}\n{line}\n")} for line in lines)
    assert [(change.kind, change.column) for change in compare(old, new).changes] == [(kind, column)]


@pytest.mark.parametrize(("later", "kind"), [("t[ id = 1 ]", "value_respelled"), ("t", "value_changed")])
def test_references(later: str, kind: str) -> None:
    """Another reference is another value; with other spaces it is the same one."""
    fields = [{"name": "id", "type": "integer"}, {**FREE, "scrdata:reference": True}]
    schema = {"fields": fields, "primaryKey": ["id"]}
    old, new = ({"t": (schema, f"id,cell\n1,{cell}\n")} for cell in ("t[id=1]", later))
    assert [change.kind for change in compare(old, new).changes] == [kind]


def test_other_words_for_missing() -> None:
    """The same bytes mean something else where other texts mean that a cell is missing."""
    later = tables()
    later["plants"][0]["missingValues"] = ["", "Old"]
    found = compare(tables(), later).changes
    assert [facts(change)[:3] for change in found][:1] == [("missing_values_changed", "plants", "plant_id")]
    assert facts(found[-1]) == ("text_changed", "plants", "note", None, "Old", None)


def test_missing_key_names_no_row() -> None:
    """A row of the later version without the earlier key is matched by no key."""
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}]
    keyed, plain = {"fields": fields, "primaryKey": ["a"]}, {"fields": fields}
    found = compare({"t": (keyed, "a,b\n1,1\n2,2\n")}, {"t": (plain, "a,b\n1,1\n,2\n")})
    assert [(change.kind, dict(change.key)) for change in found.changes] == [
        ("primary_key_changed", {}),
        ("row_removed", {}),
        ("row_added", {}),
    ]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("number", "1", "1.0"),
        ("number", "NaN", "NaN"),
        ("boolean", "true", "1"),
        ("datetime", "2010-01-01T12:00:00Z", "2010-01-01T13:00:00+01:00"),
        ("object", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ("array", "[1, 2]", "[1,2.0]"),
    ],
)
def test_same_value_spelt_otherwise(kind: str, old: str, new: str) -> None:
    """The same value in another spelling is a patch, which shows both spellings; the same spelling is nothing."""
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "cell", "type": kind}], "primaryKey": ["id"]}
    quoted = (text.replace('"', '""') for text in (old, new))
    earlier, later = ({"t": (schema, f'id,cell\n1,"{text}"\n')} for text in quoted)
    respelt = [("value_respelled", "t", "cell", None, old, new)]
    found = compare(earlier, later)
    assert [facts(change) for change in found.changes] == (respelt if old != new else [])


@pytest.mark.parametrize(("old", "new"), [("[1]", "[true]"), ('{"a": 1}', '{"a": true}'), ("[[1]]", "[[2]]")])
def test_other_json(old: str, new: str) -> None:
    """To JSON, true is not 1."""
    kind = "array" if old.startswith("[") else "object"
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "cell", "type": kind}], "primaryKey": ["id"]}
    quoted = (text.replace('"', '""') for text in (old, new))
    earlier, later = ({"t": (schema, f'id,cell\n1,"{text}"\n')} for text in quoted)
    assert [change.kind for change in compare(earlier, later).changes] == ["value_changed"]


def test_bytes_alone() -> None:
    """Other quotation marks and line ends are one patch of the table."""
    found = with_rows(ROWS.replace("Smells", '"Smells"').replace("\n", "\r\n"))
    assert [facts(change) for change in found.changes] == [("table_rewritten", "plants", None, None, None, None)]
    assert found.level == "patch"


def test_rows() -> None:
    """A new row is minor, one that is gone major; both are given with key, row and cells."""
    found = with_rows(ROWS.replace("elm,tree,15,,oak\n", "") + "moss,herb,2,,\n")
    gone, added = found.changes
    assert (gone.kind, dict(gone.key), gone.row, gone.level) == ("row_removed", {"plant_id": "elm"}, 2, "major")
    assert (added.kind, dict(added.key), added.row, added.level) == ("row_added", {"plant_id": "moss"}, 3, "minor")
    assert added.cells == {"plant_id": "moss", "kind": "herb", "height": "2", "note": None, "parent_id": None}


def test_moved_rows_are_counted() -> None:
    """It is said how many rows have to move."""
    lines = ROWS.splitlines(keepends=True)
    found = with_rows("".join([lines[0], lines[3], lines[1], lines[2]]))
    assert [(change.kind, change.explanation) for change in found.changes] == [("rows_reordered", "1 of 3 rows moved")]


def test_tables_without_key_are_multisets() -> None:
    """Without a primary key, a row with a changed cell is one removed and one added, equal rows are counted."""
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    old, new = ({"t": (schema, f"a\n{rows}")} for rows in ("1\n1\n2\n", "1\n2\n3\n"))
    found = [(change.kind, dict(change.cells), change.row) for change in compare(old, new).changes]
    assert found == [("row_removed", {"a": 1}, 2), ("row_added", {"a": 3}, 3)]


@pytest.mark.parametrize("key", [["plant_id", "kind"], ["height"], None])
def test_other_key(key: list[str] | None) -> None:
    """Where the primary key is another, rows are matched by the earlier one as long as it names each row."""
    later = tables()
    later["plants"][0]["primaryKey"] = key
    if key is None:
        del later["plants"][0]["primaryKey"]
    later["plants"] = (later["plants"][0], ROWS.replace("Old", "Ancient"))
    key_changed, text_changed = compare(tables(), later).changes
    assert key_changed.kind == "primary_key_changed"
    assert (text_changed.kind, dict(text_changed.key)) == ("text_changed", {"plant_id": "oak"})


def test_key_that_names_no_single_row_is_left_aside() -> None:
    """If the earlier key names a later row twice, the later key serves; if that fails too, whole rows."""
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}]
    one, other = ({"fields": fields, "primaryKey": [name]} for name in "ab")
    found = compare({"t": (one, "a,b\n1,1\n2,2\n")}, {"t": (other, "a,b\n1,1\n1,2\n")})
    assert [(change.kind, dict(change.key)) for change in found.changes] == [
        ("primary_key_changed", {}),
        ("value_changed", {"b": 2}),
    ]
    found = compare({"t": (one, "a,b\n1,1\n2,1\n")}, {"t": (other, "a,b\n1,1\n1,2\n")})
    assert [change.kind for change in found.changes] == ["primary_key_changed", "row_removed", "row_added"]


def with_keyed_rules(text: str) -> Any:  # noqa: ANN401  (tables as the helper makes them)
    """Return the tables with rules that have a primary key."""
    made = tables()
    made["rules"] = ({**made["rules"][0], "primaryKey": ["rule_id"]}, text)
    return made


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("plants.height = 36", "plants.height = 37", ["rule_changed"]),
        ("plants.height = 36", "plants.height=36", ["value_respelled"]),
        ("add up", "sum", ["text_changed"]),
        ("all_are_36,", "sum_is_36,", ["rule_removed", "rule_added"]),
        ("all_are_36,plants.height = 36,All add up.\n", "", ["rule_removed"]),
        ("All add up.\n", "All add up.\ntwo,plants > 2,More.\n", ["rule_added"]),
    ],
)
def test_changes_of_rules(old: str, new: str, kinds: list[str]) -> None:
    """The equation of a rule is what it says, however it is spelt; its statement is wording; its id is its name."""
    found = compare(with_keyed_rules(EQUATIONS), with_keyed_rules(EQUATIONS.replace(old, new)))
    assert [change.kind for change in found.changes] == kinds


def test_whole_tables() -> None:
    """A table that is new is minor and one that is gone major; of what is renamed, it is said what it held before."""
    later = tables()
    later["herbs"] = later.pop("plants")
    found = compare({"plants": tables()["plants"]}, {"herbs": later["herbs"]})
    gone, added = [change for change in found.changes if change.table]
    assert (gone.kind, gone.table, gone.level) == ("table_removed", "plants", "major")
    assert (added.kind, added.table, added.level) == ("table_added", "herbs", "minor")
    assert added.explanation == "holds what 'plants' held: renamed?"


def test_package() -> None:
    """Name, licence and declarations of a package are more than wording; its title is not; its version is no change."""
    before: dict[str, Any] = {"version": "1.0.0", "licenses": [{"name": "CC0-1.0"}], "title": "Plants"}
    after = {
        "version": "9.0.0",
        "licenses": [{"name": "MIT"}],
        "title": "All plants",
        "name": "flora",
        "created": "2026-01-01T00:00:00Z",
        "id": "x",
    }
    found = compare(tables(), tables(), before, after)
    assert [(change.kind, change.aspect, change.level) for change in found.changes] == [
        ("package_renamed", "name", "major"),
        ("package_renamed", "id", "major"),
        ("licence_changed", "licenses", "major"),
        ("metadata_changed", "title", "patch"),
    ]
    assert compare(tables(), tables(), {"version": "1.0.0"}, {"version": "1.0.0+2"}).changes == ()
    words = {"licenses": [{"name": "CC0-1.0", "title": "Free"}]}
    assert [change.kind for change in compare(tables(), tables(), before, {**before, **words}).changes] == [
        "metadata_changed"
    ]


def test_declarations() -> None:
    """A table of rules that is named is an addition; no longer named, its rules are none any more."""
    plain, named = tables(), tables()
    plain["sentences"] = plain.pop("rules")
    named["sentences"] = named.pop("rules")
    before: dict[str, Any] = {"scrdata:rules": "sentences"}
    assert [change.kind for change in compare(plain, named, {}, before).changes] == ["declaration_added"]
    assert [change.kind for change in compare(plain, named, before, {}).changes] == ["declaration_removed"]


def test_order_of_tables() -> None:
    """The same tables in another order are a patch."""
    later = dict(reversed(tables().items()))
    assert [(change.kind, change.level) for change in compare(tables(), later).changes] == [
        ("tables_reordered", "patch")
    ]


def test_dictionary_is_json() -> None:
    """The difference as a dictionary is plain JSON, and says of each change its level."""
    found = with_rows(ROWS.replace("elm,tree,15,,oak\n", "") + "moss,herb,2,,\n").to_dict()
    again = json.loads(json.dumps(found))
    assert again == found
    assert [change["level"] for change in again["changes"]] == ["major", "minor"]
    assert again["counts"] == {"row_removed": 1, "row_added": 1}
    assert (again["same"], again["level"], again["required_version"], again["sufficient"]) == (
        False,
        "major",
        None,
        None,
    )


@pytest.mark.parametrize("name", ["plants", "rules"])
def test_unreadable_table(name: str) -> None:
    """A table that does not fit its schema is not compared, even if only one package has it."""
    spoilt = tables()
    spoilt[name] = (spoilt[name][0], spoilt[name][1] + "one cell\n")
    rest = tables()
    del rest[name]
    for pair in ((spoilt, rest), (rest, spoilt), (tables(), spoilt)):
        with pytest.raises(InvalidPackageError, match=f"the table '{name}' cannot be used"):
            compare(*pair)


def test_licences_are_a_set() -> None:
    """Licences are known by name or address, in whatever order; those of a table count as those of a package."""
    one, other = {"name": "MIT"}, {"path": "https://example.org/licence"}
    assert compare(tables(), tables(), {"licenses": [one, other]}, {"licenses": [other, one]}).level == "patch"
    changes = compare(
        tables(), tables(), {"licenses": [other]}, {"licenses": [{"path": "https://example.org/"}]}
    ).changes
    assert [change.kind for change in changes] == ["licence_changed"]


def test_resources(small_package: PackageFolder, tmp_path: Path) -> None:
    """Path, delimiter and licence of a table are more than wording; the title in the file of a schema is wording."""
    later = small_package.copy(tmp_path / "later")
    later.write("data/all.csv", later.read("data/branches.csv"))
    later.edit("datapackage.json", "resources", 0, "path", to="data/all.csv")
    later.edit("datapackage.json", "resources", 1, "dialect", to={"delimiter": ";"})
    later.edit("datapackage.json", "resources", 1, "licenses", to=[{"name": "MIT"}])
    later.edit("schemas/loans.json", "title", to="Loans")
    later.write("data/loans.csv", later.read("data/loans.csv").replace(b",", b";").replace(b'"', b""))
    later.repair()
    assert [(change.kind, change.table, change.level) for change in scrdata.diff(small_package, later).changes] == [
        ("table_moved", "branches", "major"),
        ("delimiter_changed", "loans", "major"),
        ("licence_changed", "loans", "major"),
        ("metadata_changed", "loans", "patch"),
        ("table_rewritten", "loans", "patch"),
    ]


def test_files_that_are_no_tables(small_package: PackageFolder, tmp_path: Path) -> None:
    """Other files are compared by their bytes; one that becomes a table is a removed file and an added table."""
    small_package.write("notes.txt", "a")
    small_package.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt"})
    later = small_package.copy(tmp_path / "later")
    assert scrdata.diff(small_package, later).changes == ()
    later.write("notes.txt", "b")
    assert [change.kind for change in scrdata.diff(small_package, later).changes] == ["file_changed"]
    schema = {"fields": [{"name": "b"}]}
    later.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt", "schema": schema})
    assert [change.kind for change in scrdata.diff(small_package, later).changes] == ["file_removed", "table_added"]
    (later.folder / "notes.txt").unlink()
    later.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt"})
    with pytest.raises(InvalidPackageError, match=r"'notes' cannot be compared: 'notes\.txt' cannot be read"):
        scrdata.diff(small_package, later)
