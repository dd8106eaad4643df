"""What a table is held to by itself is held alike by the schemas of each library, under the same names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandera.errors
import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context

import scrdata
from scrdata.frames.demands import describe_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import PackageFolder

BACKENDS = ("pandas", "polars")
SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]

Case = tuple[dict[str, Any], dict[str, Any], str, str, str]
BOUND = "cell_is_within_bounds"
LENGTH = "cell_has_allowed_length"
# The column as it is declared, as it is read for the frame, a good and a bad cell, and the check that says so.
BROKEN: dict[str, Case] = {
    "required": ({"type": "string", "constraints": {"required": True}}, {"type": "string"}, "a", "", "not_nullable"),
    "unique": ({"type": "string", "constraints": {"unique": True}}, {"type": "string"}, "a", "a", "field_uniqueness"),
    **{
        f"{name} of {kind}": ({"type": kind, "constraints": {name: value}}, {"type": kind}, good, bad, rule)
        for kind, name, value, good, bad, rule in [
            ("string", "minLength", 2, "ab", "a", LENGTH),
            ("string", "maxLength", 1, "a", "ab", LENGTH),
            ("array", "minLength", 1, "[1]", "[]", LENGTH),
            ("string", "pattern", "[a-z]+", "ab", "A1", "cell_matches_pattern"),
            ("string", "enum", ["a", "b"], "a", "c", "cell_is_in_enum"),
            ("integer", "enum", [1, 2], "1", "3", "cell_is_in_enum"),
            ("boolean", "enum", [True], "true", "false", "cell_is_in_enum"),
            ("duration", "enum", ["P1Y"], "P1Y", "P2Y", "cell_is_in_enum"),
            ("integer", "minimum", 2, "2", "1", BOUND),
            ("integer", "maximum", 2, "2", "3", BOUND),
            ("number", "exclusiveMinimum", "0.1", "0.2", "0.1", BOUND),
            ("number", "exclusiveMaximum", "0.2", "0.1", "0.2", BOUND),
            ("date", "minimum", "2010-02-28", "2010-02-28", "2010-02-27", BOUND),
            ("datetime", "maximum", "2010-02-28T01:02:03", "2010-02-28T01:02:03", "2010-02-28T01:02:04", BOUND),
            ("datetime", "exclusiveMaximum", "2010-02-28T01:02:03Z", "2010-02-28T02:02:02+01:00",
             "2010-02-28T02:02:03+01:00", BOUND),
            ("time", "maximum", "01:02:03", "01:02:03", "01:02:04", BOUND),
            ("year", "exclusiveMinimum", "2009", "2010", "2009", BOUND),
            ("yearmonth", "minimum", "2010-02", "2010-02", "2010-01", BOUND),
        ]
    },
    "codes that are numbers": (
        *({"type": "integer", "categories": [1, 2]}, {"type": "integer"}, "1", "3"),
        "cell_is_a_category|coerce_dtype",
    ),
    "codes that are texts": (
        *({"type": "string", "categories": ["a", "b"]}, {"type": "string"}, "a", "c"),
        "coerce_dtype",
    ),
    "text that is not clean": ({"type": "string"}, {"type": "string"}, "a b", "a  b", "text_is_clean"),
    "year of five digits": ({"type": "year"}, {"type": "integer"}, "2010", "20100", "cell_fits_type"),
    "text that is no duration": ({"type": "duration"}, {"type": "string"}, "P1Y", "1 year", "cell_fits_type"),
    "text that is no month": ({"type": "yearmonth"}, {"type": "string"}, "2010-02", "2010-13", "cell_fits_type"),
    "text that is no address": (
        *({"type": "string", "format": "email"}, {"type": "string"}, "a@example.org", "a at example.org"),
        "cell_fits_type: expected a value of type string and format email",
    ),
    "text that means a missing cell": (
        *({"type": "string", "missingValues": ["", "NA"]}, {"type": "string"}, "a", "NA", "missing_cell_is_null"),
    ),
}  # fmt: skip


def caught(schema: Any, frame: Any, *, lazy: bool) -> list[str]:  # noqa: ANN401
    """Return the names of the checks that refuse a frame, and what they say."""
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)) as refusal:
        schema.validate(frame, lazy=lazy)
    error = refusal.value
    if isinstance(error, pandera.errors.SchemaErrors):
        return [str(check) for check in error.failure_cases["check"]]
    return [str(getattr(error.check, "error", None) or getattr(error.check, "name", None) or error.check)]


def frames_of(package: PackageFolder, case: Case, backend: str) -> tuple[Any, Any, Any]:
    """Return the schema of a column, a frame with a good and a bad cell, and one with good ones."""
    declared, read, good, bad, _ = case
    position = package.add_column(read, good, bad)
    spoilt = scrdata.open_package(package).load("cells", backend=backend)  # type: ignore[call-overload]
    package.write("data/cells.csv", f"row,cell\n1,{good}\n")
    kept = {key: value for key, value in declared.items() if key != "missingValues"}
    package.edit("datapackage.json", "resources", position, "schema", "fields", 1, to={"name": "cell", **kept})
    package.edit("datapackage.json", "resources", position, "scrdata:text", to="clean")
    if "missingValues" in declared:
        package.edit("datapackage.json", "resources", position, "schema", "missingValues", to=declared["missingValues"])
    opened = scrdata.open_package(package)
    assert opened.validate().valid
    return opened.schema("cells", backend=backend), spoilt, opened.load("cells", backend=backend)  # type: ignore[call-overload]


@pytest.mark.parametrize("lazy", [False, True], ids=["eagerly", "lazily"])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", BROKEN)
def test_each_constraint_is_held_by_name(small_package: PackageFolder, name: str, backend: str, lazy: bool) -> None:  # noqa: FBT001
    """Cells that fulfil a constraint are accepted, one that does not is refused by a check of its name."""
    schema, spoilt, good = frames_of(small_package, BROKEN[name], backend)
    schema.validate(good, lazy=lazy)
    said = caught(schema, spoilt, lazy=lazy)
    assert any(re.match(BROKEN[name][-1], text) for text in said), said


@pytest.mark.parametrize("name", NAMES)
def test_valid_tables_pass_in_polars(name: str) -> None:
    """What `load` returns for polars is accepted, eagerly, lazily and as a lazy frame whose values are judged."""
    schema = SHIPPED.schema(name, backend="polars")
    frame = SHIPPED.load(name, backend="polars")
    assert schema.validate(frame).equals(frame)
    assert schema.validate(frame, lazy=True).equals(frame)
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        assert schema.validate(frame.lazy(), lazy=True).collect().equals(frame)


@pytest.mark.parametrize("name", NAMES)
def test_all_libraries_hold_the_same(name: str) -> None:
    """The schemas of all libraries have the same columns, checks, words and list of what they do not hold."""
    ours, theirs = (SHIPPED.schema(name, backend=backend) for backend in BACKENDS)  # type: ignore[call-overload]
    assert [check.name for check in ours.checks] == [check.name for check in theirs.checks]
    for part in ("name", "title", "description", "unique", "strict", "ordered", "metadata"):
        assert getattr(ours, part) == getattr(theirs, part)
    demand = describe_table(SHIPPED.table(name), SHIPPED.contents)
    assert list(ours.columns) == list(theirs.columns) == [column.field.name for column in demand.columns]
    for column in demand.columns:
        sides = [schema.columns[column.field.name] for schema in (ours, theirs)]
        held = [check.name for check in column.checks_but("cell_is_a_category")]
        for side in sides:
            assert [check.name for check in side.checks] == held
            assert (side.nullable, side.unique) == (not column.required, column.field.unique)
            assert (side.title, side.description) == (column.field.title, column.field.description or None)


@pytest.mark.parametrize("name", NAMES)
def test_each_demand_is_held_or_named(name: str) -> None:
    """Each rule and mention about a table, each of its foreign keys and its references are checks, or named as none."""
    schema = SHIPPED.schema(name, backend="polars")
    table = SHIPPED.table(name)
    named = schema.metadata["not_carried_over"]
    held = {check.name for check in schema.checks}
    contents = SHIPPED.contents
    about = {
        item_id
        for item_id, references in [
            *((rule.rule_id, rule.equation.references) for rule in contents.rules),
            *((mention.mention_id, mention.references) for mention in contents.mentions if mention.total),
        ]
        if any(name in contents.totals.needed(reference) for reference in references)
    }
    assert about <= held | set(named)
    assert held.isdisjoint(named)
    keys = [f"foreign_key_exists: {', '.join(key.fields)}" for key in table.schema.foreign_keys]
    assert [text for text in named if text.startswith("foreign_key")] == keys


SPOILT: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "other order of columns": (lambda frame: frame.select("judgement", "period_id", "reviews"), "column_ordered"),
    "further column": (lambda frame: frame.with_columns(note=pl.lit("x")), "column_in_schema"),
    "missing column": (lambda frame: frame.drop("reviews"), "column_in_dataframe"),
    "text in the place of a number": (lambda frame: frame.with_columns(pl.col("reviews").cast(pl.String)), "dtype"),
    "double in the place of an integer": (
        lambda frame: frame.with_columns(pl.col("reviews").cast(pl.Float64)),
        "dtype",
    ),
    "row twice": (lambda frame: pl.concat([frame, frame[:1]]), "multiple_fields_uniqueness"),
}


@pytest.mark.parametrize("lazy", [False, True], ids=["eagerly", "lazily"])
@pytest.mark.parametrize("spoil", SPOILT)
def test_spoilt_polars_frames_are_refused(spoil: str, lazy: bool) -> None:  # noqa: FBT001
    """Wrong columns, types and keys are refused in polars too, each by the check that it breaks."""
    change, check = SPOILT[spoil]
    frame = change(SHIPPED.load("judgements", backend="polars"))
    said = caught(SHIPPED.schema("judgements", backend="polars"), frame, lazy=lazy)
    assert any(check in text for text in said), said


def test_a_rule_is_named_with_both_numbers_in_polars() -> None:
    """One more death of any cause: the rule on the whole fails by name, with the number found and the right one."""
    frame = SHIPPED.load("causes_of_death", backend="polars")
    whole = int(frame["children"].sum())
    spoilt = frame.with_columns(children=pl.col("children") + (pl.int_range(pl.len()) == 0).cast(pl.Int64))
    schema = SHIPPED.schema("causes_of_death", backend="polars")
    for lazy in (False, True):
        assert any(f"found {whole + 1}, expected {whole}. " in text for text in caught(schema, spoilt, lazy=lazy))
    schema.validate(frame)


def test_a_rule_can_fail_of_a_polars_frame_without_rows() -> None:
    """A frame without rows is refused where a rule expects some."""
    schema = SHIPPED.schema("causes_of_death", backend="polars")
    assert any(
        "found 0, expected" in text
        for text in caught(schema, SHIPPED.load("causes_of_death", backend="polars")[:0], lazy=True)
    )


def test_a_unique_key_is_held_in_polars(small_package: PackageFolder) -> None:
    """Rows that agree in a unique key are refused; rows with a missing part of it are not."""
    package = scrdata.open_package(small_package)
    frame = package.load("loans", backend="polars")
    chosen = pl.int_range(pl.len()).is_in([1, 5])
    parts = {
        name: pl.when(chosen).then(value).otherwise(pl.col(name)) for name, value in (("loans", 9), ("visits", 20))
    }
    schema = package.schema("loans", backend="polars")
    key = "unique_key_is_unique: loans, visits"
    both = caught(schema, frame.with_columns(**parts), lazy=True)
    assert any(key in text for text in both)
    gap = parts | {"visits": pl.when(chosen).then(None).otherwise(pl.col("visits"))}
    assert not any(key in text for text in caught(schema, frame.with_columns(**gap), lazy=True))
