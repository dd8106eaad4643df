"""Categories, primary, unique and foreign keys: violated, contradictory or dangling ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

BRANCHES = "data/branches.csv"
LOANS = "data/loans.csv"
BRANCHES_SCHEMA = "schemas/branches.json"
LOANS_SCHEMA = "schemas/loans.json"

# File, what is replaced, by what, rule, file and line of the finding.
ROWS: list[tuple[str, str, str, str, str, int, int]] = [
    ("primary_key_twice", BRANCHES, "quay,", "south,", "primary_key_is_unique", 4, 0),
    ("primary_key_missing", BRANCHES, "quay,", ",", "required_cell_is_present", 4, 0),
    ("composite_key_twice", LOANS, "south,child,15", "south,adult,15", "primary_key_is_unique", 5, 0),
    ("composite_key_part_missing", LOANS, "quay,child", "quay,", "primary_key_is_present", 7, 0),
    ("unique_key_twice", LOANS, "south,child,15,90", "south,child,8,75", "unique_key_is_unique", 6, 0),
    ("foreign_key_dangles", LOANS, "quay,child", "pier,child", "foreign_key_exists", 7, 0),
    ("foreign_key_capital", LOANS, "quay,child", "Quay,child", "foreign_key_exists", 7, 0),
    ("foreign_key_space", LOANS, "quay,child", "quay ,child", "text_is_clean", 7, 0),
    ("foreign_key_to_itself_dangles", BRANCHES, ",1962-11-05,north", ",1962-11-05,nor", "foreign_key_exists", 3, 0),
    ("referenced_row_gone", BRANCHES, "quay,", "pier,", "foreign_key_exists", 6, 1),
    ("category_unknown", LOANS, "north,child", "north,pupil", "cell_is_a_category", 3, 0),
    ("category_label", LOANS, "north,child", "north,Child", "cell_is_a_category", 3, 0),
    ("category_number", LOANS, "north,child", "north,0", "cell_is_a_category", 3, 0),
    ("category_joined", LOANS, "north,child", "north,child|adult", "cell_is_a_category", 3, 0),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "line", "elsewhere"), [pytest.param(*case[1:], id=case[0]) for case in ROWS]
)
def test_rows(
    small_package: PackageFolder, file: str, old: str, new: str, rule: str, line: int, elsewhere: int
) -> None:
    """A row that violates a key or names no category is refused at its line."""
    small_package.spoil(file, old, new)
    small_package.repair()
    small_package.assert_rejected(rule, LOANS if elsewhere else file, line)


KNOWN = "key_names_known_columns"
TYPED = "property_has_right_type"
SCHEMAS: list[tuple[str, str, tuple[str | int, ...], Any, str]] = [
    ("primary_key_unknown", BRANCHES_SCHEMA, ("primaryKey",), ["id"], KNOWN),
    ("primary_key_capital", BRANCHES_SCHEMA, ("primaryKey",), ["Branch_id"], KNOWN),
    ("primary_key_joined", BRANCHES_SCHEMA, ("primaryKey",), "branch_id,name", KNOWN),
    ("primary_key_column_twice", BRANCHES_SCHEMA, ("primaryKey",), ["name", "name"], KNOWN),
    ("unique_key_unknown", LOANS_SCHEMA, ("uniqueKeys",), [["loans", "visit"]], KNOWN),
    ("unique_key_column_twice", LOANS_SCHEMA, ("uniqueKeys",), [["loans", "loans"]], KNOWN),
    ("unique_key_empty", LOANS_SCHEMA, ("uniqueKeys",), [[]], TYPED),
    ("foreign_key_unknown_field", LOANS_SCHEMA, ("foreignKeys", 0, "fields"), ["branch"], KNOWN),
    ("foreign_key_unknown_column", LOANS_SCHEMA, ("foreignKeys", 0, "reference", "fields"), ["id"], KNOWN),
    ("foreign_key_unknown_own_column", BRANCHES_SCHEMA, ("foreignKeys", 0, "reference", "fields"), ["id"], KNOWN),
    ("foreign_key_other_length", LOANS_SCHEMA, ("foreignKeys", 0, "fields"), ["branch_id", "kind"], KNOWN),
    ("foreign_key_length_of_target", LOANS_SCHEMA, ("foreignKeys", 0, "reference", "fields"), ["branch_id", "name"],
     KNOWN),
    ("foreign_key_unknown_table", LOANS_SCHEMA, ("foreignKeys", 0, "reference", "resource"), "branch",
     "foreign_key_names_known_table"),
    ("foreign_key_path_for_table", LOANS_SCHEMA, ("foreignKeys", 0, "reference", "resource"), BRANCHES,
     "foreign_key_names_known_table"),
    ("foreign_key_other_type", LOANS_SCHEMA, ("foreignKeys", 0, "reference", "fields"), ["opened"],
     "foreign_key_types_agree"),
    ("category_twice", LOANS_SCHEMA, ("fields", 1, "categories"), ["child", "adult", "child"],
     "constraint_is_well_formed"),
    ("category_null", LOANS_SCHEMA, ("fields", 1, "categories"), ["child", "adult", None], "constraint_is_well_formed"),
    ("category_list", LOANS_SCHEMA, ("fields", 1, "categories"), ["child", "adult", []], "constraint_is_well_formed"),
    ("category_without_value", LOANS_SCHEMA, ("fields", 1, "categories"), [{"label": "Child"}],
     "required_property_is_present"),
    ("categories_none", LOANS_SCHEMA, ("fields", 1, "categories"), [], TYPED),
    ("category_of_another_type", LOANS_SCHEMA, ("fields", 2, "categories"), ["thirty"], "constraint_is_well_formed"),
    ("missing_value_without_value", LOANS_SCHEMA, ("missingValues",), [{"label": "x"}], "required_property_is_present"),
    ("key_of_objects", BRANCHES_SCHEMA, ("fields", 3, "type"), "object", "property_is_implemented"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "path", "value", "rule"), [pytest.param(*case[1:], id=case[0]) for case in SCHEMAS])
def test_schemas(
    small_package: PackageFolder, file: str, path: tuple[str | int, ...], value: object, rule: str
) -> None:
    """A key or code list that cannot be meant so is refused in the schema."""
    small_package.edit(file, *path, to=value)
    small_package.assert_rejected(rule, file)


def test_categories_and_enum_both_hold(small_package: PackageFolder) -> None:
    """Where categories and enum differ, a cell must be in both."""
    small_package.edit(LOANS_SCHEMA, "fields", 1, "constraints", to={"enum": ["adult", "pupil"]})
    small_package.assert_rejected("cell_is_in_enum", LOANS, 3)


def test_rejected_target_leaves_foreign_keys_unchecked(small_package: PackageFolder) -> None:
    """A foreign key into a table that was refused is listed as not checked, and never as passed."""
    small_package.spoil(BRANCHES, "1950-03-31", "1950-3-31")
    small_package.repair()
    report = small_package.judge().report
    assert any("loans.branch_id" in item["check"] for item in report["not_checked"]), report["not_checked"]


@pytest.mark.parametrize("cells", [("north", ""), ("", "adult"), ("north", "pupil")])
def test_composite_foreign_keys(small_package: PackageFolder, cells: tuple[str, str]) -> None:
    """A foreign key of two columns is wrong if only a part of it is missing or exists."""
    fields = [{"name": "branch_id", "type": "string"}, {"name": "kind", "type": "string"}]
    key = {"fields": ["branch_id", "kind"], "reference": {"resource": "loans", "fields": ["branch_id", "kind"]}}
    schema = {"fields": fields, "foreignKeys": [key]}
    small_package.write("data/more.csv", f"branch_id,kind\nnorth,adult\n{','.join(cells)}\n")
    more = {"name": "more", "type": "table", "path": "data/more.csv", "schema": schema}
    small_package.edit("datapackage.json", "resources", 4, to=more)
    small_package.assert_rejected("foreign_key_exists", "data/more.csv", 3)


def test_foreign_key_to_a_plain_file(small_package: PackageFolder) -> None:
    """A foreign key into a resource that is no table is refused."""
    small_package.write("notes.txt", "north\n")
    small_package.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt"})
    small_package.edit(LOANS_SCHEMA, "foreignKeys", 0, "reference", "resource", to="notes")
    small_package.assert_rejected("foreign_key_names_known_table", LOANS_SCHEMA)
