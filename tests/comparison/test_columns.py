"""Changes of schemas: each kind is found, and called what it is, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.compared import compare, facts, tables

if TYPE_CHECKING:
    from tests.compared import Tables

FIELD = {name: position for position, name in enumerate(("plant_id", "kind", "height", "note", "parent_id"))}
LABELS = [{"value": "tree", "label": "Tree"}, {"value": "herb", "label": "Herb"}]
REVERSED = LABELS[::-1]
DEFINED = [LABELS[0], {**LABELS[1], "description": "No wood"}]


def with_field(column: str, **properties: object) -> Tables:
    """Return the tables with some properties of a column set, or taken away by `None`."""
    changed = tables()
    field: dict[str, Any] = changed["plants"][0]["fields"][FIELD[column]]
    field.update(properties)
    for name in [name for name, value in properties.items() if value is None]:
        del field[name]
    return changed


def with_schema(**properties: object) -> Tables:
    """Return the tables with some properties of a schema set, or taken away by `None`."""
    changed = tables()
    schema = changed["plants"][0]
    schema.update(properties)
    for name in [name for name, value in properties.items() if value is None]:
        del schema[name]
    return changed


def height(**constraints: object) -> Tables:
    """Return the tables with other constraints on a number."""
    return with_field("height", constraints=constraints)


def with_reference(**properties: object) -> Tables:
    """Return the tables with a reference in the place of all notes, and properties of that column."""
    changed = with_field("note", **properties)
    changed["plants"] = (changed["plants"][0], "plant_id,kind,height,note,parent_id\noak,tree,20,plants,\n")
    return changed


def note(**constraints: object) -> Tables:
    """Return the tables with constraints on a text."""
    return with_field("note", constraints=constraints)


TIGHT, LOOSE = "constraint_tightened", "constraint_loosened"
PLAIN = {"minimum": 1, "maximum": 50}
RANKED = {"categories": LABELS, "categoriesOrdered": True}
CASES = [
    ("minimum", height(**PLAIN), height(minimum=0, maximum=50), LOOSE, TIGHT, ("minimum", 1, 0)),
    ("maximum", height(**PLAIN), height(minimum=1, maximum=60), LOOSE, TIGHT, ("maximum", 50, 60)),
    ("no maximum", height(**PLAIN), height(minimum=1), LOOSE, TIGHT, ("maximum", 50, None)),
    ("exclusive", height(), height(exclusiveMinimum=0), TIGHT, LOOSE, ("exclusiveMinimum", None, 0)),
    ("required", height(), height(required=True), TIGHT, LOOSE, ("required", None, True)),
    ("length", note(maxLength=9), note(maxLength=12), LOOSE, TIGHT, ("maxLength", 9, 12)),
    ("at least", note(minLength=1), note(minLength=2), TIGHT, LOOSE, ("minLength", 1, 2)),
    ("a pattern", tables(), note(pattern=".*"), TIGHT, LOOSE, ("pattern", None, ".*")),
    (
        *("patterns", note(pattern=".*"), note(pattern="[A-Z].*")),
        *("pattern_changed", "pattern_changed", ("pattern", ".*", "[A-Z].*")),
    ),
    ("codes", tables(), with_field("kind", constraints=None), LOOSE, TIGHT, ("codes", "tree, herb", None)),
    (
        *("a code", tables(), with_field("kind", constraints={"enum": ["tree", "herb", "moss"]})),
        *("code_added", "code_removed", ("moss", None, "moss")),
    ),
    (
        *("order", tables(), with_field("kind", constraints={"enum": ["herb", "tree"]})),
        *("codes_reordered", "codes_reordered", (None, "tree, herb", "herb, tree")),
    ),
    (
        *("label", tables(), with_field("kind", categories=["tree", LABELS[1]])),
        *("code_relabelled", "code_relabelled", ("herb", "herb", "Herb")),
    ),
    (
        *("ranks", with_field("kind", **RANKED), with_field("kind", categories=REVERSED, categoriesOrdered=True)),
        *("code_ranks_changed", "code_ranks_changed", (None, "tree, herb", "herb, tree")),
    ),
    (
        *("ranked", with_field("kind", categories=LABELS), with_field("kind", **RANKED)),
        *("codes_ranked", "code_ranks_changed", (None, "tree, herb", "tree, herb")),
    ),
    ("title", tables(), with_field("note", title="Remark"), *["column_reworded"] * 2, ("title", None, "Remark")),
    ("example", tables(), with_field("note", example=5), *["column_reworded"] * 2, ("example", None, 5)),
    ("type", tables(), with_field("note", type="any"), *["column_retyped"] * 2, ("type", "string", "any")),
    (
        *("missing", tables(), with_field("note", missingValues=["", "-"])),
        *("missing_values_changed", "missing_values_changed", (None, "''", "'', '-'")),
    ),
    (
        *("unique key", tables(), with_schema(uniqueKeys=None)),
        *("key_removed", "key_added", ("uniqueKeys", "height, kind", None)),
    ),
    (
        *("foreign key", tables(), with_schema(foreignKeys=None)),
        *("key_removed", "key_added", ("foreignKeys", "parent_id = plants.plant_id", None)),
    ),
    (
        *("primary key", tables(), with_schema(primaryKey=["plant_id", "kind"])),
        *("primary_key_changed", "primary_key_changed", ("primaryKey", "plant_id", "plant_id, kind")),
    ),
    (
        *("key order", with_schema(primaryKey=["kind", "plant_id"]), with_schema(primaryKey=["plant_id", "kind"])),
        *("metadata_changed", "metadata_changed", ("primaryKey", "kind, plant_id", "plant_id, kind")),
    ),
    ("clean", tables(), with_schema(**{"scrdata:text": "clean"}), TIGHT, LOOSE, ("scrdata:text", None, "clean")),
    (
        *("reference", with_reference(), with_reference(**{"scrdata:reference": True})),
        *(TIGHT, LOOSE, ("scrdata:reference", None, True)),
    ),
    (
        *("definition", with_field("kind", categories=LABELS), with_field("kind", categories=DEFINED)),
        *("code_relabelled", "code_relabelled", ("herb", None, "No wood")),
    ),
    ("of a schema", tables(), with_schema(title="Plants"), *["metadata_changed"] * 2, ("title", None, "Plants")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "kind", "back", "parts"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_change_of_a_schema(old: Tables, new: Tables, kind: str, back: str, parts: tuple[object, ...]) -> None:
    """Each change of a schema is one change of its kind; back again it is the opposite one."""
    (change,) = compare(old, new).changes
    assert (change.kind, change.table) == (kind, "plants")
    assert (change.aspect, change.old, change.new) == parts
    (reverse,) = compare(new, old).changes
    assert (reverse.kind, reverse.aspect, reverse.old, reverse.new) == (back, parts[0], parts[2], parts[1])


def test_added_and_removed_column() -> None:
    """A column that is new or gone is one change, and its cells are none."""
    later = tables()
    later["plants"][0]["fields"].append({"name": "age", "type": "integer"})
    text = later["plants"][1].replace("\n", ",7\n").replace("parent_id,7", "parent_id,age")
    later["plants"] = (later["plants"][0], text)
    assert [facts(c) for c in compare(tables(), later).changes] == [
        ("column_added", "plants", "age", None, None, "integer")
    ]
    assert [facts(c) for c in compare(later, tables()).changes] == [
        ("column_removed", "plants", "age", None, "integer", None)
    ]


def test_renamed_column_is_said_to_be_one() -> None:
    """A column that is new and holds what one that is gone held may have been renamed."""
    later = tables()
    later["plants"][0]["fields"][FIELD["note"]]["name"] = "remark"
    later["plants"] = (later["plants"][0], later["plants"][1].replace("note", "remark"))
    removed, added = compare(tables(), later).changes
    assert (removed.kind, removed.column, added.kind, added.column) == (
        "column_removed",
        "note",
        "column_added",
        "remark",
    )
    assert added.explanation == "holds what 'note' held: renamed?"


def test_order_of_columns() -> None:
    """The same columns in another order are one patch, and no cell is otherwise."""
    later = tables()
    schema, text = later["plants"]
    schema["fields"] = [schema["fields"][position] for position in (1, 0, 2, 3, 4)]
    rows = [line.split(",") for line in text.splitlines()]
    later["plants"] = (schema, "".join(",".join([row[1], row[0], *row[2:]]) + "\n" for row in rows))
    found = compare(tables(), later)
    assert [change.kind for change in found.changes] == ["columns_reordered"]
    assert found.level == "patch"


def test_types_are_compared_by_value_or_by_spelling() -> None:
    """A column of another type has the same cells where they are the same numbers, or spelt the same."""
    whole = with_field("height", type="integer")
    assert [change.kind for change in compare(tables(), whole).changes] == ["column_retyped"]
    text = with_field("height", type="string", constraints={})
    assert {change.kind for change in compare(tables(), text).changes} == {"column_retyped", "constraint_loosened"}


def test_what_is_stated_and_does_nothing() -> None:
    """A constraint that is stated to be off is none, and codes that `enum` forbids are none."""
    assert compare(note(), note(required=False, unique=False)).changes == ()
    narrowed = with_field("kind", categories=["tree", "herb", "moss"])
    listed = with_field("kind", categories=["tree", "herb"])
    assert compare(narrowed, listed).changes == ()


def test_bound_of_another_type() -> None:
    """A bound that changes together with the type of its column cannot be compared, and counts as stricter."""
    later = with_field("height", type="integer", constraints={"minimum": 0, "maximum": 50})
    assert [change.kind for change in compare(tables(), later).changes] == ["column_retyped", "constraint_tightened"]


def test_order_of_the_columns_of_a_foreign_key() -> None:
    """A foreign key of several columns is the same in whatever order they are named."""

    def with_key(*names: str) -> Tables:
        key = {"fields": list(names), "reference": {"resource": "", "fields": list(names)}}
        return with_schema(foreignKeys=[key])

    assert compare(with_key("plant_id", "kind"), with_key("kind", "plant_id")).changes == ()
    assert len(compare(with_key("plant_id", "kind"), with_key("plant_id")).changes) == 2
