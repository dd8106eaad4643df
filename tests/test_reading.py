"""Rows to tables: header, types, constraints and tidiness, each problem at its cell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.errors import ScrdataError
from scrdata.findings import Ledger
from scrdata.limits import Limits
from scrdata.reading import Table, read_table, read_undescribed, scalar
from tests.memory import csv_text, read, resource_of, table_of
from tests.strategies import LAW

if TYPE_CHECKING:
    from scrdata.findings import Finding

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


def test_the_first_of_all_names_that_occur_twice_is_told() -> None:
    """A header with repeated names is refused with one of them, the same in every run."""
    (finding,) = read(AB, "c,b,c,b\n")[1]
    assert finding.message == "the header names 'b' twice"
    (finding,) = read(AB, f"a,a,{','.join(map(str, range(997)))}\n")[1]
    assert finding.message == "the header names 'a' twice"


def test_of_a_very_wide_header_the_beginning_is_told() -> None:
    """A header of a thousand names and more is compared with the right one, and shown in part."""
    names = [f"c{number}" for number in range(1_200)]
    schema = {"fields": [{"name": name} for name in names]}
    (finding,) = read(schema, f"{','.join(reversed(names))}\n")[1]
    assert finding.message == "column 1 is called 'c1199', the schema calls it 'c0'"
    length = len(",".join(names[:1_000]))
    assert str(finding.expected).startswith("c0,c1,c2,")
    assert str(finding.expected).endswith(f"… ({length} characters)")
    assert str(finding.found).startswith("c1199,c1198,")
    assert str(finding.found).endswith(f"… ({len(','.join(names[:-1_001:-1]))} characters)")
    (finding,) = read(AB, f"{'a,' * 999}b\n")[1]
    assert (finding.rule, finding.line) == ("header_is_as_declared", 1)


def test_keys_are_printed_as_numbers_and_flags_are() -> None:
    """Reports print numbers, flags and missing values as they are, all others as text."""
    values = [None, True, 7, "x", date(2010, 3, 31)]
    assert [scalar(value) for value in values] == [None, True, 7, "x", "2010-03-31"]
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "s"}], "primaryKey": ["n", "s"]}
    assert table_of(schema, 'n,s\n7,"a\tb"\n').key(0) == {"n": 7, "s": "a\\tb"}


def test_findings_tell_their_place_in_a_file_and_none_beside() -> None:
    """A finding about a row tells line, row and key; one about the table, or a table without a file, neither."""
    schema = {"fields": [{"name": "n"}, {"name": "s"}], "primaryKey": ["n"]}
    table = table_of(schema, 'n,s\na,"x\ny"\nb,z\n')
    row = table.finding("rule", "A sentence.", 1, "s", found="z", severity="warning")
    assert (row.file, row.line, row.row, row.key, row.column) == ("t.csv", 4, 2, {"n": "b"}, "s")
    assert (row.rule, row.message, row.found, row.severity) == ("rule", "A sentence.", "z", "warning")
    first = table.finding("rule", "A sentence.", 0)
    assert (first.line, first.row, first.key, first.column) == (2, 1, {"n": "a"}, None)
    whole = table.finding("rule", "A sentence.", column="s")
    assert (whole.file, whole.line, whole.row, whole.key, whole.column) == ("t.csv", None, None, {}, "s")
    frame = Table("t", "t", table.schema, table.columns, [0, 0]).finding("rule", "A sentence.", 1)
    assert (frame.line, frame.row, frame.key) == (None, None, {"n": "b"})


COUNTS: dict[str, Any] = {
    "fields": [
        {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "s", "constraints": {"maxLength": 3}},
    ]
}


def test_doubtful_tables_keep_numbers_alone() -> None:
    """On demand a table is returned in spite of its errors: its wrong cells are missing, numbers out of bounds not."""
    ledger = Ledger()
    table = read_table(resource_of(COUNTS), b"n,s\n-1,abcd\nx,a\n2,a \n", ledger, doubtful=True)
    assert table is not None
    assert table.columns == {"n": [-1, None, 2], "s": [None, "a", "a "]}
    assert (ledger.errors, ledger.warnings) == (3, 1)
    clean = resource_of({**COUNTS, "scrdata:text": "clean"})
    table = read_table(clean, b"n,s\n2,a \n", ledger, doubtful=True)
    assert table is not None
    assert table.columns == {"n": [2], "s": [None]}


def test_tables_are_judged_by_their_own_errors() -> None:
    """An error of an earlier table does not refuse this one."""
    ledger = Ledger()
    assert read_table(resource_of(COUNTS), b"n,s\nx,a\n", ledger) is None
    assert read_table(resource_of(COUNTS), b"n,s\n1,a\n", ledger) is not None
    assert ledger.errors == 1


@pytest.mark.parametrize("cells", [2, 50_000])
def test_problems_are_listed_in_the_order_of_cells(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many errors and warnings as can be listed are the first ones, row by row; all others are counted."""
    monkeypatch.setattr("scrdata.delimited.CELLS", cells)
    monkeypatch.setattr("scrdata.delimited.PIECE", cells)
    data = b"n,s\n1,a \n-1,b \nx,abcd\n-2,c \n-3,abcde\n"
    for most in range(8):
        ledger = Ledger(most)
        read_table(resource_of(COUNTS), data, ledger)
        errors = [(2, "n", "-1"), (3, "n", "x"), (3, "s", "abcd"), (4, "n", "-2"), (5, "n", "-3"), (5, "s", "abcde")]
        warnings = [(1, "s", "a "), (2, "s", "b "), (4, "s", "c ")]
        listed = [(finding.row, finding.column, finding.found) for finding in ledger.findings]
        assert listed == [*errors[:most], *warnings][:most]
        assert (ledger.errors, ledger.warnings) == (6, 3)


def test_errors_and_warnings_are_told_row_by_row() -> None:
    """Findings come to the ledger in the order of the file, whatever their severity."""

    class Noted(Ledger):
        """Keeps the rows of findings in the order in which they come."""

        def __init__(self) -> None:
            super().__init__()
            self.rows: list[tuple[int | None, str | None]] = []

        def add(self, finding: Finding) -> None:
            super().add(finding)
            self.rows.append((finding.row, finding.column))

    ledger = Noted()
    read_table(resource_of(COUNTS), b"n,s\n1,a \n-1,b \nx,abcd\n", ledger)
    assert ledger.rows == [(1, "s"), (2, "n"), (2, "s"), (3, "n"), (3, "s")]


@pytest.mark.parametrize("cells", [1, 50_000])
def test_a_package_has_room_for_so_many_cells(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of all tables are counted together; one too many is refused, with what else can be done."""
    monkeypatch.setattr("scrdata.delimited.CELLS", cells)
    ledger, limits = Ledger(), Limits(cells=6)
    assert read_table(resource_of(AB), b"a,b\n1,2\n3,4\n", ledger, limits) is not None
    assert read_table(resource_of(AB), b"a,b\n1,2\n", ledger, limits) is not None
    assert ledger.checked == {"rows": 3, "cells": 6}
    assert read_table(resource_of(AB), b'a,b\n"1",2\n', ledger, limits) is None
    assert read_table(resource_of(AB), b"a,b\n1,2\n3,4\n5,6\n", Ledger(), limits) is not None
    (finding,) = ledger.findings
    assert (finding.rule, finding.file, finding.line) == ("table_size_is_allowed", "t.csv", None)
    assert finding.message == (
        "the tables up to here have more than 6 cells; scrdata validate --max-cells allows more, "
        "or read large files with --engine duckdb"
    )


def test_rows_and_cells_are_held_to_their_limits() -> None:
    """What may be long in a table is what the limits say."""
    ledger = Ledger()
    assert read_table(resource_of(AB), b"a,b\n123,4\n", ledger, Limits(cell_length=3)) is not None
    assert read_table(resource_of(AB), b"a,b\n1234,4\n", ledger, Limits(cell_length=3)) is None
    assert [finding.rule for finding in ledger.findings] == ["row_is_within_limits"]


def test_the_finding_about_a_cell_can_be_printed() -> None:
    """What is found and expected is shown without control characters; a word for missing cells is called missing."""
    fields = [{"name": "s", "missingValues": ["", "NA"], "constraints": {"required": True, "enum": ["a\tb"]}}]
    found = [(f.found, f.expected, f.message) for f in read({"fields": fields}, 's\nNA\n"x\ty"\n')[1]]
    assert found == [
        ("NA", "a value", "'s' is missing, expected a value"),
        ("x\\ty", "one of a\\tb", "'s' is 'x\\ty', expected one of a\\tb"),
    ]


def test_warnings_say_what_is_untidy() -> None:
    """Untidy text is expected not to be so; the sentence says what is untidy about it."""
    (finding,) = read(AB, "a,b\nx ,y\n")[1]
    assert (finding.found, finding.expected) == ("x ", "no surplus space")
    assert finding.message == "'a' is 'x ', expected no surplus space"
    (finding,) = read(AB, "a,b\nx,-1e5\n")[1]
    assert finding.expected == "no text that a spreadsheet would take for a formula"
    assert read({"fields": [{"name": "n", "type": "number"}]}, "n\n-1e5\n")[1] == []


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
