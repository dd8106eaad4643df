"""Keys: rows that repeat one, lack a part of one, or refer to a row that does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.findings import Ledger
from scrdata.keys import check_foreign_keys, check_keys
from tests.memory import csv_text, table_of
from tests.strategies import LAW

AB: dict[str, Any] = {"fields": [{"name": "a"}, {"name": "b"}]}


def key_findings(schema: dict[str, Any], *rows: tuple[object, ...]) -> list[tuple[str, int | None]]:
    """Check the keys of a table; return rule and row of each finding."""
    names = tuple(field["name"] for field in schema["fields"])
    ledger = Ledger()
    check_keys(table_of(schema, csv_text(names, *rows)), ledger)
    return [(finding.rule, finding.row) for finding in ledger.findings]


@LAW
@given(st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.sampled_from(["1", "2", None])), max_size=6))
def test_each_repeated_key_is_reported_once(rows: list[tuple[str | None, str | None]]) -> None:
    """A row is reported exactly when an earlier row has the same complete key; missing parts only in primary keys."""
    seen: list[tuple[str | None, str | None]] = []
    repeated = []
    for number, row in enumerate(rows, 1):
        if None not in row and row in seen:
            repeated.append(number)
        seen.append(row)
    unique = key_findings({**AB, "uniqueKeys": [["a", "b"]]}, *rows)
    assert unique == [("unique_key_is_unique", number) for number in repeated]
    primary = key_findings({**AB, "primaryKey": ["a", "b"]}, *rows)
    missing = [(n, part) for part in (0, 1) for n, row in enumerate(rows, 1) if row[part] is None]
    assert sorted(primary) == sorted(
        [("primary_key_is_unique", n) for n in repeated] + [("primary_key_is_present", n) for n, _ in missing]
    )


def test_unique_columns_compare_values() -> None:
    """Two spellings of one number are one value; missing cells are never equal."""
    schema = {"fields": [{"name": "a", "type": "number", "constraints": {"unique": True}}]}
    assert key_findings(schema, ("1.0",), ("1.00",), (None,), (None,)) == [("cell_is_unique", 2)]


@pytest.mark.parametrize(
    ("rows", "dangling"),
    [
        ([("x", "1")], []),
        ([("x", "2")], [1]),
        ([(None, None)], []),
        ([("y", "1"), ("x", "1"), ("X", "1")], [1, 3]),
    ],
)
def test_foreign_keys_lead_to_rows(rows: list[tuple[object, ...]], dangling: list[int]) -> None:
    """A complete key that no row of the other table has is reported; a missing one refers to nothing."""
    target = table_of(AB, csv_text(("a", "b"), ("x", "1"), ("z", "9")))
    key = {"fields": ["c", "d"], "reference": {"resource": "", "fields": ["c", "d"]}}
    table = table_of({"fields": [{"name": "c"}, {"name": "d"}], "foreignKeys": [key]}, csv_text(("c", "d"), *rows))
    schema = table.schema
    there = schema.foreign_keys[0].changed(table="other", columns=("a", "b"))
    ledger = Ledger()
    check_foreign_keys(table.changed(schema=schema.changed(foreign_keys=(there,))), {"other": target}, ledger)
    assert [(f.rule, f.row) for f in ledger.findings] == [("foreign_key_exists", row) for row in dangling]


def test_a_broken_key_is_named_with_the_row_that_has_it() -> None:
    """The finding has the column, where there is one, the value, and the line of the earlier row."""
    schema = {**AB, "primaryKey": ["a"], "uniqueKeys": [["a", "b"]]}
    ledger = Ledger()
    check_keys(table_of(schema, csv_text(("a", "b"), ("x", "1"), ("y", "1"), ("x", "1"))), ledger)
    first, second = ledger.findings
    assert (first.column, first.found, first.line) == ("a", "x", 4)
    assert first.message == "a 'x' already stands on line 2"
    assert (second.column, second.found) == (None, "x, 1")
    assert second.message == "a 'x', b '1' already stands on line 2"
    assert ledger.checked == {"keys": 2}


def test_a_dangling_key_is_named_with_the_table_it_refers_to() -> None:
    """The finding has the value, and what would have been right; a table that was not accepted is passed over."""
    key = {"fields": ["b"], "reference": {"resource": "", "fields": ["a"]}}
    table = table_of({**AB, "foreignKeys": [key]}, csv_text(("a", "b"), ("x", "x"), ("y", "z")))
    ledger = Ledger()
    check_foreign_keys(table, {}, ledger)
    assert (ledger.findings, ledger.checked) == ([], {})
    check_foreign_keys(table, {"t": table}, ledger)
    (finding,) = ledger.findings
    assert (finding.column, finding.found, finding.expected) == ("b", "z", "a value of t.a")
    assert finding.message == "b is 'z', which no row of 't' has"
    assert ledger.checked == {"foreign_keys": 1}


def test_a_missing_part_of_a_primary_key_is_named() -> None:
    """The finding has the column whose cell is missing; the number of a repeated key stays a number."""
    schema = {"fields": [{"name": "a", "type": "integer"}], "primaryKey": ["a"]}
    ledger = Ledger()
    check_keys(table_of(schema, csv_text(("a",), (5,), (None,), (5,))), ledger)
    missing, repeated = ledger.findings
    assert (missing.rule, missing.row, missing.column) == ("primary_key_is_present", 2, "a")
    assert missing.message == "'a' is part of the primary key and is missing"
    assert (repeated.rule, repeated.row, repeated.found) == ("primary_key_is_unique", 3, 5)


def test_every_foreign_key_is_checked() -> None:
    """A key to a table that was not accepted, or that holds, keeps none of those after it from being checked."""
    sound = {"fields": ["a"], "reference": {"resource": "", "fields": ["a"]}}
    wrong = {"fields": ["b", "a"], "reference": {"resource": "", "fields": ["a", "b"]}}
    table = table_of({**AB, "foreignKeys": [sound, wrong]}, csv_text(("a", "b"), ("x", "y")))
    first = table.schema.foreign_keys[0].changed(table="other")
    keys = (first, *table.schema.foreign_keys)
    ledger = Ledger()
    check_foreign_keys(table.changed(schema=table.schema.changed(foreign_keys=keys)), {"t": table}, ledger)
    (finding,) = ledger.findings
    assert (finding.column, finding.found, finding.expected) == ("b", "y, x", "a value of t.a,b")
    assert finding.message == "b, a is 'y, x', which no row of 't' has"
    assert ledger.checked == {"foreign_keys": 2}


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_a_missing_cell_refers_to_nothing(kind: str) -> None:
    """A cell that is missing is no dangling key, also where another one is, and where no row has a missing value."""
    key = {"fields": ["b"], "reference": {"resource": "", "fields": ["a"]}}
    schema = {"fields": [{"name": "a", "type": kind}, {"name": "b", "type": kind}], "foreignKeys": [key]}
    ledger = Ledger()
    table = table_of(schema, csv_text(("a", "b"), (1, 1), (2, None), (3, 4), (5, None)))
    check_foreign_keys(table, {"t": table}, ledger)
    assert [(finding.row, finding.column, finding.found) for finding in ledger.findings] == [(3, "b", "4")]
