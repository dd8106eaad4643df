"""The generated pandera schemas: they accept what `load` returns, and name the rule that a changed frame breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pandera.errors
import pytest

import scrdata
from scrdata.frames.loading import dtype_of, is_required

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]
RULES = SHIPPED.load("rules").set_index("rule_id")["equation"].to_dict()
QUOTED = re.compile(r'"(?:[^"]|"")*"')

MENTIONS = {
    row["mention_id"]: f"{row['total']} {row['share_of']}"
    for row in SHIPPED.load("mentions").astype("str").where(SHIPPED.load("mentions").notna(), "").to_dict("records")
    if row["total"]
}


def tables_of(equation: str) -> set[str]:
    """Return the tables that an equation reads: those it names, and those that a path leads to."""
    words = QUOTED.sub("", equation)
    bare = re.sub(r"\[[^]]*\]", "", words)
    named = {name for name in NAMES if re.search(rf"(?<![\w.-]){name}(?![\w-])", bare)}
    for table in list(named):
        for key in SHIPPED.table(table).schema.foreign_keys:
            if key.table and re.search(rf"[\[,]{key.fields[0]}\.", words):
                named.add(key.table)
    return named


def own_rules(table: str) -> set[str]:
    """Return the rules and mentions that read one table alone."""
    return {name for name, text in (RULES | MENTIONS).items() if tables_of(text) == {table}}


REGISTERED = [
    (entry["check_id"], int(entry["left_value"]), int(entry["right_value"]))
    for entry in SHIPPED.load("discrepancies").dropna(subset=["check_id"]).to_dict("records")
    if entry["check_id"] in RULES and len(tables_of(RULES[entry["check_id"]])) == 1
]


def failures(frame: pd.DataFrame, schema: object) -> list[str]:
    """Return what a schema says about each failing check."""
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)  # type: ignore[attr-defined]
    return [str(check) for check in caught.value.failure_cases["check"]]


def named(messages: list[str]) -> set[str]:
    """Return the names at the beginning of the messages."""
    return {re.split(r"[\[:]", message)[0] for message in messages}


@pytest.mark.parametrize("name", NAMES)
def test_loaded_tables_are_accepted(name: str) -> None:
    """What `load` returns is accepted, and comes back unchanged."""
    frame = SHIPPED.load(name)
    pd.testing.assert_frame_equal(SHIPPED.schema(name).validate(frame, lazy=True), frame)


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_about_one_table_is_a_named_check(name: str) -> None:
    """The checks of a schema are the rules that read this table alone, each under its own id, and the unique keys."""
    checks = {check.name for check in SHIPPED.schema(name).checks}
    keys = {f"unique_key_is_unique: {', '.join(key)}" for key in SHIPPED.table(name).schema.unique_keys}
    assert checks == own_rules(name) | keys


def test_most_rules_are_found_in_some_schema() -> None:
    """Every rule reads some table, and the rules that stand in no schema are those that read several."""
    assert all(tables_of(equation) for equation in RULES.values())
    held = {check.name for name in NAMES for check in SHIPPED.schema(name).checks}
    assert RULES.keys() - held == {name for name, equation in RULES.items() if len(tables_of(equation)) > 1}


@pytest.mark.parametrize("name", NAMES)
def test_schema_describes_the_table(name: str) -> None:
    """A schema has title and description of the table, of each column, and the primary key."""
    schema = SHIPPED.schema(name)
    table = SHIPPED.table(name)
    info = next(table for table in SHIPPED.tables() if table.name == name)
    assert (schema.name, schema.title, schema.description) == (name, info.title, info.description)
    assert list(schema.columns) == list(table.columns)
    assert tuple(schema.unique) == table.schema.primary_key
    for field in table.schema.fields:
        column = schema.columns[field.name]
        assert (column.title, column.description) == (field.title, field.description)
        assert column.nullable is (not field.required and field.name not in table.schema.primary_key)


@pytest.mark.parametrize("row", range(len(SHIPPED.table("causes_of_death"))))
def test_one_cause_off_by_one_is_named_with_both_numbers(row: int) -> None:
    """One more death of any cause: the rule on the whole fails by name, with the number found and the right one."""
    frame = SHIPPED.load("causes_of_death")
    whole = int(frame["children"].sum())
    frame.loc[row, "children"] += 1
    messages = failures(frame, SHIPPED.schema("causes_of_death"))
    constant = next(name for name, equation in RULES.items() if equation == f"causes_of_death.children = {whole}")
    assert [message for message in messages if message.startswith(f"{constant}: found {whole + 1}, expected {whole}. ")]
    assert named(messages) <= own_rules("causes_of_death")
    with pytest.raises(pandera.errors.SchemaError, match=f"{constant}: found {whole + 1}, expected {whole}"):
        SHIPPED.schema("causes_of_death").validate(frame)


def test_starred_rule_names_its_instance(small_package: PackageFolder) -> None:
    """A starred rule that fails names the instance, and what the left side should be."""
    package = scrdata.open_package(small_package)
    frame = package.load("loans")
    frame.loc[frame["branch_id"] == "quay", "loans"] = [7, 9]
    (message,) = [text for text in failures(frame, package.schema("loans")) if "more" in text]
    assert message == "adults_borrow_more[branch_id=quay]: found 9, expected at most 7. Adults borrow more."


def test_messages_are_of_the_frame_that_was_judged() -> None:
    """The numbers in a message are those of the frame at hand, however often the schema was used before."""
    schema = SHIPPED.schema("causes_of_death")
    frame = SHIPPED.load("causes_of_death")
    whole = int(frame["children"].sum())
    for more in (1, 2):
        changed = frame.assign(children=frame["children"].where(frame.index != 0, frame["children"] + more))
        assert any(f"found {whole + more}, expected {whole}" in message for message in failures(changed, schema))
        schema.validate(frame)


@pytest.mark.parametrize(("rule", "left", "right"), REGISTERED)
def test_registered_discrepancy_is_exact(rule: str, left: int, right: int) -> None:
    """A registered discrepancy is accepted as it stands, and refused when it is cured or grows."""
    (name,) = tables_of(RULES[rule])
    column = RULES[rule].partition(" = ")[0].rpartition(".")[2]
    condition = dict(part.split("=") for part in re.findall(r"\[(.*?)\]", RULES[rule])[0].split(","))
    frame = SHIPPED.load(name)
    row = frame.index[(frame[list(condition)].astype("str") == pd.Series(condition)).all(axis=1)][0]
    SHIPPED.schema(name).validate(frame)
    for change in (right - left, -1):
        changed = frame.copy()
        changed.loc[row, column] += change
        words = f"{rule}: found {left + change} against {right}, expected the registered {left} against {right}"
        assert any(message.startswith(words) for message in failures(changed, SHIPPED.schema(name)))


@pytest.mark.parametrize("name", NAMES)
def test_frames_of_read_csv_are_accepted(name: str) -> None:
    """A frame that pandas read with the right types is accepted, with codes as plain text."""
    table = SHIPPED.table(name)
    dates = [field.name for field in table.schema.fields if field.type == "date"]
    types = {
        field.name: "str" if field.categories else dtype_of(field, required=is_required(field, table.schema))
        for field in table.schema.fields
        if field.name not in dates
    }
    frame = pd.read_csv(f"{SHIPPED.location}/{table.file}", dtype=types, parse_dates=dates)  # type: ignore[call-overload]
    pd.testing.assert_frame_equal(SHIPPED.schema(name).validate(frame, lazy=True), SHIPPED.load(name))


@pytest.mark.parametrize("name", ["judgements", "durations", "causes_of_death", "looked_after_deaths"])
def test_plain_read_csv_is_enough_where_nothing_is_missing(name: str) -> None:
    """Tables of codes and counts without gaps are accepted as `read_csv` guesses them."""
    frame = pd.read_csv(f"{SHIPPED.location}/{SHIPPED.table(name).file}")
    SHIPPED.schema(name).validate(frame, lazy=True)


def test_counts_that_became_doubles_are_refused() -> None:
    """Integers that `read_csv` turned into doubles beside a missing cell are refused, not turned back."""
    frame = pd.read_csv(f"{SHIPPED.location}/{SHIPPED.table('child_circumstances').file}")
    assert "dtype('Int64')" in failures(frame, SHIPPED.schema("child_circumstances"))


SPOILT: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "other order of columns": (lambda frame: frame[["judgement", "period_id", "reviews"]], "column_ordered"),
    "further column": (lambda frame: frame.assign(note="x"), "column_in_schema"),
    "missing column": (lambda frame: frame.drop(columns="reviews"), "column_in_dataframe"),
    "text in the place of a number": (lambda frame: frame.astype({"reviews": "str"}), "dtype('int64')"),
    "double in the place of an integer": (lambda frame: frame.astype({"reviews": "float64"}), "dtype('int64')"),
    "flag in the place of a number": (lambda frame: frame.astype({"reviews": "bool"}), "dtype('int64')"),
    "missing code": (lambda frame: frame.assign(judgement=frame["judgement"].where(frame.index != 3)), "not_nullable"),
    "unknown code": (
        lambda frame: frame.assign(judgement=frame["judgement"].astype("str").replace("good", "Good")),
        "coerce_dtype('category')",
    ),
    "row twice": (lambda frame: pd.concat([frame, frame[:1]], ignore_index=True), "multiple_fields_uniqueness"),
    "negative count": (
        lambda frame: frame.assign(reviews=frame["reviews"].where(frame.index != 0, -1)),
        "cell_is_within_bounds: expected at least 0",
    ),
    "text against the pattern": (
        lambda frame: frame.assign(period_id=frame["period_id"].replace("2007-08", "2007/08")),
        "cell_matches_pattern: expected a text that matches 20[0-9]{2}-[0-9]{2}",
    ),
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_spoilt_frames_are_refused(spoil: str) -> None:
    """Wrong columns, types, codes, keys and cells are refused, each by the check that it breaks."""
    change, check = SPOILT[spoil]
    frame = change(SHIPPED.load("judgements"))
    assert check in failures(frame, SHIPPED.schema("judgements"))


def test_duplicate_unique_key_is_refused(small_package: PackageFolder) -> None:
    """Rows that agree in a unique key are refused; rows with a missing part of it are not."""
    package = scrdata.open_package(small_package)
    frame = package.load("loans")
    frame.loc[[1, 5], ["loans", "visits"]] = [[9, pd.NA], [9, pd.NA]]
    key = "unique_key_is_unique: loans, visits"
    assert key not in failures(frame, package.schema("loans"))
    frame.loc[[1, 5], "visits"] = 20
    assert key in failures(frame, package.schema("loans"))


def test_unique_column_is_held(small_package: PackageFolder) -> None:
    """A column that the schema calls unique is refused with two equal cells."""
    small_package.add_column({"type": "string", "constraints": {"unique": True}}, "a", "b")
    package = scrdata.open_package(small_package)
    frame = package.load("cells")
    package.schema("cells").validate(frame)
    assert "field_uniqueness" in failures(frame.assign(cell="a"), package.schema("cells"))


def test_unknown_code_is_refused_in_a_column_with_gaps(small_package: PackageFolder) -> None:
    """A code that does not exist is refused also where a cell may be missing; it is never taken for missing."""
    small_package.add_column({"type": "string", "categories": ["a", "b"]}, "a", "")
    package = scrdata.open_package(small_package)
    frame = package.load("cells").astype({"cell": "str"})
    pd.testing.assert_frame_equal(package.schema("cells").validate(frame), package.load("cells"))
    frame.loc[0, "cell"] = "c"
    assert "coerce_dtype('category')" in failures(frame, package.schema("cells"))


@pytest.mark.parametrize(
    ("kind", "cells", "equation"),
    [
        ("number", ("0.1", "0.2"), "10 * cells.cell = 3"),
        ("integer", ("2", "3", ""), 'cells[cell=""] = 1'),
        ("boolean", ("true", "false"), "cells[cell=true] = 1"),
        ("date", ("2010-02-28", "2010-03-01"), "cells[cell<=2010-02-28] = 1"),
        ("datetime", ("2010-02-28T01:02:03", ""), "cells[cell>=2010-01-01T00:00:00] = 1"),
        ("datetime", ("2010-02-28T01:02:03Z", ""), "cells[cell>=2010-01-01T00:00:00Z] = 1"),
        ("year", ("2009", "2010"), "cells[cell>2009] = 1"),
        ("yearmonth", ("2010-02", "2010-03"), "cells[cell<2010-03] = 1"),
        ("time", ("01:02:03", "11:00:00"), "cells[cell<10:00:00] = 1"),
        ("duration", ("P1Y", "P2Y"), "cells[cell=P1Y] = 1"),
        ("string", ("NA", ""), "cells[cell=NA] = 1"),
        ("integer", (str(2**63), "1"), f"cells.cell = {2**63 + 1}"),
    ],
)
def test_rules_read_every_type(small_package: PackageFolder, kind: str, cells: tuple[str, ...], equation: str) -> None:
    """A rule that holds for a table holds for its DataFrame, whatever the type of the column."""
    small_package.add_column({"type": kind}, *cells)
    rules = small_package.read("data/rules.csv").decode()
    small_package.write("data/rules.csv", rules + 'about_cells,"' + equation.replace('"', '""') + '",It holds.\n')
    small_package.repair()
    package = scrdata.open_package(small_package)
    assert package.validate().valid
    schema = package.schema("cells")
    assert [check.name for check in schema.checks] == ["about_cells"]
    schema.validate(package.load("cells"), lazy=True)


@pytest.mark.parametrize(
    ("kind", "cells", "constraints"),
    [
        ("string", ("ab", ""), {"minLength": 2, "maxLength": 2, "pattern": "[a-z]+", "enum": ["ab"]}),
        ("integer", ("5", ""), {"minimum": 5, "maximum": 5, "enum": [5]}),
        ("number", ("0.1", "0.3"), {"minimum": "0.1", "maximum": "0.3", "enum": ["0.1", "0.3"]}),
        ("boolean", ("true", ""), {"enum": [True]}),
        ("date", ("2010-02-28", ""), {"minimum": "2010-02-28", "exclusiveMaximum": "2010-03-01"}),
        ("datetime", ("2010-02-28T01:02:03", ""), {"minimum": "2010-02-28T01:02:03", "enum": ["2010-02-28T01:02:03"]}),
        ("time", ("01:02:03", ""), {"maximum": "01:02:03"}),
        ("year", ("2010", ""), {"minimum": "2010"}),
        ("yearmonth", ("2010-02", ""), {"minimum": "2010-02", "enum": ["2010-02"]}),
        ("duration", ("P1Y", ""), {"enum": ["P1Y"]}),
        ("array", ("[1]", ""), {"minLength": 1}),
    ],
)
def test_constraints_read_every_type(
    small_package: PackageFolder, kind: str, cells: tuple[str, ...], constraints: dict[str, object]
) -> None:
    """Cells that just fulfil the constraints of a column fulfil them in its DataFrame, whatever the type."""
    small_package.add_column({"type": kind, "constraints": constraints}, *cells)
    package = scrdata.open_package(small_package)
    assert package.validate().valid
    frame = package.load("cells")
    pd.testing.assert_frame_equal(package.schema("cells").validate(frame, lazy=True), frame)


@pytest.mark.parametrize(
    ("kind", "good", "bad", "constraint", "check"),
    [
        ("number", "0.1", "0.2", {"maximum": "0.1"}, "cell_is_within_bounds: expected at most 0.1"),
        ("date", "2010-02-28", "2010-03-01", {"maximum": "2010-02-28"}, "cell_is_within_bounds"),
        (
            "datetime",
            "2010-02-28T01:02:03",
            "2010-02-28T01:02:04",
            {"maximum": "2010-02-28T01:02:03"},
            "cell_is_within_bounds",
        ),
        ("yearmonth", "2010-02", "2010-03", {"maximum": "2010-02"}, "cell_is_within_bounds: expected at most 2010-02"),
        ("string", "ab", "b", {"minLength": 2}, "cell_has_allowed_length: expected at least 2 long"),
        ("duration", "P1Y", "P2Y", {"enum": ["P1Y"]}, "cell_is_in_enum: expected one of P1Y"),
    ],
)
def test_constraints_are_held_for_every_type(
    small_package: PackageFolder, kind: str, good: str, bad: str, constraint: dict[str, object], check: str
) -> None:
    """A cell that just breaks a constraint is refused in a DataFrame too, by a check named after the constraint."""
    position = small_package.add_column({"type": kind}, good, bad)
    frame = scrdata.open_package(small_package).load("cells")
    small_package.edit("datapackage.json", "resources", position, "schema", "fields", 1, "constraints", to=constraint)
    small_package.write("data/cells.csv", f"row,cell\n1,{good}\n")
    messages = failures(frame, scrdata.open_package(small_package).schema("cells"))
    assert len(messages) == 1
    assert messages[0].startswith(check)


def test_rule_over_a_broken_frame_fails_with_a_reason() -> None:
    """Where a frame lacks what a rule reads, the rule fails and says why, and nothing is raised but by pandera."""
    messages = failures(SHIPPED.load("durations").drop(columns="reviews"), SHIPPED.schema("durations"))
    assert "durations_sum_to_147 cannot be evaluated: there is no column 'reviews'" in messages
    frame = SHIPPED.load("durations").astype({"reviews": "float64"})
    frame.loc[0, "reviews"] = 30.5
    messages = failures(frame, SHIPPED.schema("durations"))
    reason = "cannot be evaluated: 'reviews' holds 30.5, which is no integer"
    assert any(message.endswith(reason) for message in messages)
