"""Rows to tables: header, types, constraints and tidiness, each problem at its cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.errors import ScrdataError
from scrdata.findings import Ledger
from scrdata.reading import read_table, read_undescribed, scalar
from tests.memory import csv_text, read, resource_of, table_of
from tests.strategies import LAW

AB: dict[str, Any] = {"fields": [{"name": "a"}, {"name": "b"}]}


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("a", "header_is_as_declared"),
        ("b,a", "header_is_as_declared"),
        ("a,b,c", "header_is_as_declared"),
        ("A,b", "header_is_as_declared"),
        ("a, b", "header_is_as_declared"),
        ("a;b", "header_is_as_declared"),
        ("1,2", "header_is_as_declared"),
        ("a,a", "header_names_are_unique"),
        ("a,b,b", "header_names_are_unique"),
    ],
)
def test_the_header_is_exactly_the_fields(header: str, rule: str) -> None:
    """A header with other names, another order or another number of names is refused."""
    table, findings = read(AB, f"{header}\n")
    assert table is None
    assert [(finding.rule, finding.file, finding.line) for finding in findings] == [(rule, "t.csv", 1)]


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        ("", "header_is_as_declared", 1),
        ("a,b\n1,2\n3\n", "row_has_all_cells", 3),
        ('a,b\n1,"2\n', "quotation_marks_are_paired", 2),
    ],
)
def test_a_file_without_rows_and_columns_is_one_finding(data: str, rule: str, line: int) -> None:
    """What cannot be split into rows is reported once, at its line, and no cell is looked at."""
    table, findings = read(AB, data)
    assert table is None
    assert [(finding.rule, finding.file, finding.line) for finding in findings] == [(rule, "t.csv", line)]


def test_a_wrong_header_is_named_with_the_right_one() -> None:
    """The first column that differs is named, and both headers are told."""
    (finding,) = read(AB, "a,c\n")[1]
    assert finding.message == "column 2 is called 'c', the schema calls it 'b'"
    assert (finding.found, finding.expected) == ("a,c", "a,b")
    (finding,) = read(AB, "a,b,c\n")[1]
    assert finding.message == "the header has 3 columns, the schema 2"


def test_a_cell_is_quoted_or_called_missing() -> None:
    """The sentence about a cell shows it, or says that nothing is there."""
    schema = {"fields": [{"name": "n", "type": "integer", "constraints": {"required": True}}]}
    messages = [finding.message for finding in read(schema, 'n\n""\nx\n')[1]]
    assert messages == ["'n' is missing, expected a value", "'n' is 'x', expected an integer such as 147"]


def test_rows_and_cells_are_counted() -> None:
    """The ledger knows how much was read."""
    ledger = Ledger()
    read_table(resource_of(AB), b"a,b\n1,2\n3,4\n5,6\n", ledger)
    assert ledger.checked == {"rows": 3, "cells": 6}


def test_the_delimiter_is_the_declared_one() -> None:
    """Nothing is sniffed: semicolons separate cells only where the dialect says so."""
    table = table_of(AB, "a;b\n1,5;2\n", dialect={"delimiter": ";"})
    assert table.columns == {"a": ["1,5"], "b": ["2"]}


def test_cells_are_reported_by_line_row_key_and_column() -> None:
    """Each bad cell gives a finding with its place, what was found and what was expected; nothing is unprintable."""
    schema = {
        "fields": [{"name": "id"}, {"name": "n", "type": "integer"}, {"name": "day", "type": "date"}],
        "primaryKey": ["id"],
    }
    table, findings = read(schema, 'id,n,day\n"x\ny",1,2010-02-30\nz,1.5,\n')
    assert table is None
    places = [(f.rule, f.line, f.row, dict(f.key), f.column, f.found) for f in findings if f.severity == "error"]
    assert places == [
        ("cell_fits_type", 2, 1, {"id": "x\\ny"}, "day", "2010-02-30"),
        ("cell_fits_type", 4, 2, {"id": "z"}, "n", "1.5"),
    ]
    expected = [finding.expected for finding in findings if finding.severity == "error"]
    assert expected == ["a day that the calendar has", "an integer such as 147"]


def test_columns_hold_typed_values() -> None:
    """A table gives its cells as values of their types, with missing ones as `None`."""
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "day", "type": "date"}], "primaryKey": ["n"]}
    table = table_of(schema, "n,day\n5,2010-03-31\n6,\n")
    assert table.columns == {"n": [5, 6], "day": [date(2010, 3, 31), None]}
    assert (len(table), table.key(1), scalar(table.columns["day"][0])) == (2, {"n": 6}, "2010-03-31")


@pytest.mark.parametrize(("clean", "severity"), [(True, "error"), (False, "warning")])
def test_only_a_promise_makes_untidy_text_an_error(clean: bool, severity: str) -> None:  # noqa: FBT001  (parametrised)
    """A table that promises clean text is not accepted with a stray space; any other gets a warning."""
    table, findings = read({**AB, **({"scrdata:text": "clean"} if clean else {})}, "a,b\nx ,y\n")
    assert [(finding.rule, finding.severity, finding.column) for finding in findings] == [
        ("text_is_clean", severity, "a")
    ]
    assert (table is None) is clean


@LAW
@given(st.lists(st.tuples(st.sampled_from(["1", "2", "-1", "x", ""]), st.sampled_from(["a", "b ", "", "=c"]))))
def test_long_columns_are_read_as_short_ones(rows: list[tuple[str, str]]) -> None:
    """Values and findings do not depend on how many cells are read at once, nor on whether they are in order."""
    fields = [{"name": "n", "type": "integer", "constraints": {"minimum": 0}}, {"name": "s"}]
    text = csv_text(("n", "s"), *rows)

    def outcome() -> object:
        table, findings = read({"fields": fields}, text)
        return None if table is None else table.columns, findings

    found = outcome()
    for least, cells in ((1, 2), (1, 50_000), (10_000, 3)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scrdata.reading.LEAST_TOGETHER", least)
            patch.setattr("scrdata.delimited.CELLS", cells)
            patch.setattr("scrdata.delimited.PIECE", 7)
            assert outcome() == found


def test_an_undescribed_table_is_read_as_texts() -> None:
    """Without a schema every cell is the text that stands there, column by column, in the order of the header."""
    text = 'a;b\n1;"x;\n""y"""\n;\u00e9\n'
    assert read_undescribed("t.csv", text.encode(), ";") == {"a": ["1", ""], "b": ['x;\n"y"', "\u00e9"]}
    assert read_undescribed("t.csv", b"a,b\n", ",") == {"a": [], "b": []}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv, line 1: the file is empty, where a header was expected"),
        (b"a,b\n1\n", "t.csv, line 2: the row has 1 cells, the header 2"),
        (b"a,a\n1,2\n", "t.csv, line 1: the header names 'a' twice"),
        (b"a,\n1,2\n", "t.csv, line 1: the header names a column '', where a visible text was expected"),
        (b"a\x07\n1\n", "t.csv, line 1: the header names a column 'a\\x07', where a visible text was expected"),
    ],
)
def test_an_undescribed_table_is_read_strictly(data: bytes, message: str) -> None:
    """What cannot be read strictly, or has no usable header, is an error with file and line."""
    with pytest.raises(ScrdataError) as caught:
        read_undescribed("t.csv", data, ",")
    assert str(caught.value) == message
