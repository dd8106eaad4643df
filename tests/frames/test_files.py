"""Files that go through DuckDB are read as the strict reader reads them: names, dialects, spellings, lines, bounds."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata import scanning
from scrdata.frames import duckdb_files
from scrdata.frames.engines import LISTED
from tests.conftest import PackageFolder
from tests.faults.agreeing import SAME, agree_on_files, judge_files

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata import Report

INTEGERS = {"fields": [{"name": "n", "type": "integer"}, {"name": "text", "type": "string"}]}


def write(folder: Path, schema: dict[str, Any], data: str | bytes, path: str = "t.csv", **properties: object) -> Path:
    """Write a package of one table, without checksums."""
    resource = {"name": "t", "path": path, "schema": schema, **properties}
    descriptor = json.dumps({"name": "one", "resources": [resource]})
    copy = PackageFolder(folder)
    copy.write("datapackage.json", descriptor)
    copy.write(path, data)
    return folder


def judged_alike(location: Path) -> Report:
    """Return the report of the strict reader, which that of the engine has to be to the last word."""
    report = scrdata.validate(location)
    assert agree_on_files(location, report) == (SAME, "")
    return report


@pytest.mark.parametrize(
    "path",
    [
        *("a*b.csv", "a?b.csv", "a[x]b.csv", "[!q].csv", "a{x,y}b.csv", "**.csv", "year=2010/t.csv", "a=1/b=2/t.csv"),
        *(
            "t.csv.gz",
            "t.csv.zst",
            "t.parquet",
            "t.json",
            "it's.csv",
            'a"b.csv',
            "näh.csv",
            "with space.csv",
            "%41.csv",
        ),
        *("t*/u?.csv", "[0-9].csv", "a$b.csv", "-.csv", "t"),
    ],
)
def test_each_name_means_one_file(tmp_path: Path, path: str) -> None:
    """A file is read by its very name: wildcards, folders like partitions and endings mean nothing."""
    location = write(tmp_path, INTEGERS, "n,text\n1,a\nx,b\n", path)
    # What a name with wildcards would find beside the file.
    for other in ("axb.csv", "ayb.csv", "q.csv", "tt/uu.csv", "5.csv", "other.csv"):
        PackageFolder(tmp_path).write(other, "n,text\n7,z\n8,z\n9,z\n")
    report = judged_alike(location)
    assert [(f.rule, f.file, f.line) for f in report.findings] == [("cell_fits_type", path, 3)]
    assert report.checked["rows"] == 2


DATA: dict[str, tuple[str, list[int]]] = {
    "cells of several lines": ('n,text\n1,"a\nb"\nx,"c\n\nd"\n3,e\ny,"f\n"\n', [4, 8]),
    "a header of two lines": ('n,"te\nxt"\nx,a\n', [3]),
    "carriage returns": ("n,text\r\n1,a\r\nx,b\r\n3,c", [3]),
    "carriage returns in cells": ('n,text\r\n1,a\r\nx,"b\r\nc"\r\ny,d\r\n', [3, 5]),
    "no end of the last line": ("n,text\n1,a\nx,b", [3]),
    "no end of a quoted cell": ('n,text\n1,a\nx,"b"', [3]),
    "a header alone": ("n,text\n", []),
    "a header alone without an end": ("n,text", []),
    "quoted empty cells": ('n,text\n"",""\n"x",""\n', [3]),
    "quotation marks in quotes": ('n,text\n"1","a""b"\n"x",""""\n', [3]),
    "separators in quotes": ('n,text\n1,"a,b"\n"1,5",c\n', [3]),
    "words for null": ("n,text\n1,NULL\n2,NA\n3,null\nNULL,None\n", [5]),
    "marks of comments": ("n,text\n1,#a\n#2,b\n", [3]),
    "backslashes": ('n,text\n1,"a\\"\n2,\\N\n\\N,b\n', [4]),
    "spaces around": ("n,text\n 1,a\n2 ,b\n", [2, 3]),
    "other whitespace": ("n,text\n1,a\u2028b\nx\x0b,c\x85d\n", [3]),
}


@pytest.mark.parametrize("what", DATA)
def test_each_dialect_is_read_alike(tmp_path: Path, what: str) -> None:
    """Wrong cells are found on their lines, however the file is written."""
    data, lines = DATA[what]
    fields = [{"name": "n", "type": "integer"}, {"name": "te\nxt" if "te\nxt" in data else "text", "type": "string"}]
    report = judged_alike(write(tmp_path, {"fields": fields}, data))
    assert [f.line for f in report.findings if f.rule == "cell_fits_type"] == lines


def test_other_delimiters_are_read_alike(tmp_path: Path) -> None:
    """A delimiter that the dialect declares is one, also where it means something to a regular expression."""
    for number, mark in enumerate((";", "|", "\t", "^", "'", "\\", "*")):
        data = f'n{mark}text\n1{mark}a,b\nx{mark}"c{mark}d"\n'
        location = write(tmp_path / f"{number}", INTEGERS, data, dialect={"delimiter": mark})
        assert ("cell_fits_type", 3) in [(f.rule, f.line) for f in judged_alike(location).findings]


CELLS: dict[str, list[str]] = {
    "integer": ["-0", "+1", "01", "1.0", "1e3", "1_000", " 1", "9223372036854775807", "-9223372036854775808", "٣"],
    "number": [
        *("1e3", "1E-3", "-0", "-0.0", "0.10", "007", ".5", "5.", "+1", "NaN", "INF", "-INF", "inf", "Infinity"),
        *("nan", "1,5", "0.1e1", "123456789012345", "12345678901.2345", "0.000000000000001", "1e-9", "0x10"),
    ],
    "boolean": ["true", "True", "TRUE", "1", "0", "t", "yes", "tRUE", "False "],
    "date": ["2010-02-30", "2012-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2010-1-1", "20100101", "infinity"],
    "datetime": [
        *(
            "2010-03-31T24:00:00.",
            "2010-03-31T23:59:60",
            "2010-03-31 12:00:00",
            "2010-03-31T12:00",
            "0000-01-01T00:00:00",
        ),
        *("2010-03-31T12:00:00.1234567", "2010-03-31T12:00:00.5", "2010-02-30T00:00:00", "2010-03-31t12:00:00"),
        *("epoch", "infinity", "9999-12-31T23:59:59.999999", "2010-03-31T12:00:00,5"),
    ],
    "year": ["0000", "9999", "999", "10000", "-2010", "2010.0", "+2010", " 2010"],
    "time": ["24:00:00", "12:00:00Z", "12:00:00+01:00", "12:00", "12:00:00.1234567", "23:59:60"],
    "any": ["=1+1", "a\u00a0b", "\u200b", "+1", "-", "@x"],
}
ZONED = [
    *("2010-03-31T12:00:00Z", "2010-03-31T13:00:00+01:00", "2010-03-31T12:00:00-00:00", "2010-03-31T12:00:00+23:59"),
    *("2010-03-31T12:00:00+24:00", "2010-03-31T12:00:00+99:00", "2010-03-31T12:00:00+01", "2010-03-31T12:00:00 Z"),
    *("2010-03-31T12:00:00.5+05:30", "0000-01-01T00:00:00Z", "2010-03-31T12:00:00z", "2010-03-31T12:00:00+01:60"),
]


@pytest.mark.parametrize("kind", [*CELLS, "zoned"])
def test_each_spelling_is_read_alike(tmp_path: Path, kind: str) -> None:
    """A cell is a value or not, and is within its bounds or not, as for the strict reader; so is one that is equal."""
    cells = ZONED if kind == "zoned" else CELLS[kind]
    field: dict[str, Any] = {"name": "cell", "type": "datetime" if kind == "zoned" else kind}
    bound = {"zoned": "2010-03-31T12:30:00Z", "integer": "5", "number": "0.5", "date": "2000-01-01"}.get(kind)
    for number, constraints in enumerate(({}, {"unique": True}, {"minimum": bound}, {"exclusiveMaximum": bound})):
        if bound is None and number > 1:
            continue
        data = "row,cell\n" + "".join(f'{row},"{cell}"\n' for row, cell in enumerate(cells))
        schema = {"fields": [{"name": "row", "type": "integer"}, {**field, "constraints": constraints}]}
        judged_alike(write(tmp_path / f"{number}", schema, data))


def test_equal_instants_are_one_key(tmp_path: Path) -> None:
    """Two spellings of one instant stand for one value, and instants are ordered as such."""
    data = "at\n2010-03-31T12:00:00Z\n2010-03-31T13:00:00+01:00\n2010-03-31T12:30:00-05:00\n"
    field = {"name": "at", "type": "datetime", "constraints": {"maximum": "2010-03-31T12:30:00Z"}}
    report = judged_alike(write(tmp_path, {"fields": [field], "primaryKey": ["at"]}, data))
    assert [(f.rule, f.line) for f in report.findings] == [("cell_is_within_bounds", 4)]
    del field["constraints"]
    report = judged_alike(write(tmp_path, {"fields": [field], "primaryKey": ["at"]}, data))
    assert [(f.rule, f.line) for f in report.findings] == [("primary_key_is_unique", 3)]


@pytest.mark.parametrize("missing", [["", "-"], ["-"], ["NA", "0"], [""]])
def test_missing_cells_are_those_that_are_declared(tmp_path: Path, missing: list[str]) -> None:
    """Only the declared texts mean that a cell is missing; which of them stood there is not kept by the engine."""
    required = {"name": "n", "type": "integer", "constraints": {"required": True}}
    fields = [required, {"name": "text"}, {"name": "u", "type": "year"}]
    data = 'n,text,u\n-,-,-\n"","",""\nNA,NA,NA\n0,0,0\n1,a,2010\n'
    location = write(tmp_path, {"fields": fields, "missingValues": missing}, data)
    strict, report = ([f.to_dict() for f in r.findings] for r in (scrdata.validate(location), judge_files(location)))
    assert [(f["rule"], f["line"], f["column"]) for f in report] == [
        (f["rule"], f["line"], f["column"]) for f in strict
    ]
    others = [[f for f in side if f["rule"] != "required_cell_is_present"] for side in (report, strict)]
    assert others[0] == others[1]
    assert len(strict) - len(others[1]) == len(missing)


@pytest.mark.parametrize("number", [LISTED - 1, LISTED, LISTED + 1, 3 * LISTED])
def test_more_findings_than_are_listed_are_counted(tmp_path: Path, number: int) -> None:
    """Of very many wrong cells and repeated keys the first are listed, and all are counted."""
    rows = "".join(f"x{row},text\n" if row % 2 else f"{row // 4},text\n" for row in range(2 * number))
    fields = [
        {**INTEGERS["fields"][0], "constraints": {"unique": True}},
        {"name": "text", "constraints": {"unique": True}},
    ]
    report = judged_alike(write(tmp_path / "cells", {"fields": fields}, f"n,text\n{rows}"))
    assert (report.errors, len(report.findings)) == (number, min(number, LISTED))
    keys = "".join(f"{row // 2},text\n" for row in range(2 * number))
    report = judged_alike(write(tmp_path / "keys", {**INTEGERS, "primaryKey": ["n"]}, f"n,text\n{keys}"))
    assert (report.errors, len(report.findings)) == (number, min(number, LISTED))


def test_errors_are_listed_before_warnings(tmp_path: Path) -> None:
    """An error that follows on thousands of warnings in its column is listed all the same."""
    field = {"name": "text", "type": "string", "constraints": {"maxLength": 9}}
    data = "text\n" + " a\n" * (LISTED + 5) + "abcdefghij\n"
    location = write(tmp_path, {"fields": [field]}, data)
    report = judged_alike(location)
    assert (report.errors, report.warnings, report.findings[-1].rule) == (1, LISTED + 5, "cell_has_allowed_length")
    frame = scrdata.check({"t": pandas_texts(data)}, location)
    assert (frame.errors, frame.warnings) == (1, LISTED + 5)
    assert "cell_has_allowed_length" in {finding.rule for finding in frame.findings}


def pandas_texts(data: str) -> Any:  # noqa: ANN401
    """Return the lines of a table of one column as a DataFrame."""
    import pandas as pd

    name, *cells = data.splitlines()
    return pd.DataFrame({name: cells})


def test_what_stays_unread_is_listed(tmp_path: Path) -> None:
    """A right cell that the engine has no exact value for leaves the column unchecked, and the package not valid."""
    for number, (kind, cell) in enumerate((("number", "0.1234567890123456789"), ("integer", str(2**63)))):
        schema = {"fields": [{"name": "cell", "type": kind}]}
        location = write(tmp_path / f"{number}", schema, f"cell\n1\n{cell}\n")
        assert scrdata.validate(location).valid
        report = judge_files(location)
        assert (report.valid, report.findings) == (False, ())
        assert [item.check for item in report.not_checked] == ["t.cell"]
        assert cell in report.not_checked[0].reason


def test_zones_and_no_zones_in_one_column_are_not_compared(tmp_path: Path) -> None:
    """Times with a zone beside others without one, which no column holds, leave the column unchecked."""
    data = "at\n2010-03-31T12:00:00Z\n2010-03-31T12:00:00\n"
    location = write(tmp_path, {"fields": [{"name": "at", "type": "datetime"}]}, data)
    assert scrdata.validate(location).valid
    assert [item.check for item in judge_files(location).not_checked] == ["t.at"]


@pytest.mark.parametrize(
    "kind", ["string", "integer", "number", "boolean", "date", "datetime", "year", "time", "geopoint"]
)
def test_a_table_in_duckdb_has_the_values_of_the_file(tmp_path: Path, kind: str) -> None:
    """`load` with the backend DuckDB returns the values of the strict reader, column by column and row by row."""
    cells = {
        "string": ("a", "", "ä, \n'"),
        "integer": ("-7", "", str(2**62)),
        "number": ("0.1", "", "2e3", "NaN"),
        "boolean": ("true", "", "0"),
        "date": ("0001-01-01", "", "9999-12-31"),
        "datetime": ("2010-03-31T12:00:00.5", "", "1900-01-01T00:00:00"),
        "year": ("2010", "", "0000"),
        "time": ("12:00:00+01:00", "", "00:00:00.5"),
        "geopoint": ("1.50, 2", "", "0,0"),
    }[kind]
    schema = {"fields": [{"name": "row", "type": "integer"}, {"name": "cell", "type": kind}]}
    data = "row,cell\n" + "".join(f'{row},"{cell}"\n' for row, cell in enumerate(cells))
    opened = scrdata.open_package(write(tmp_path, schema, data))
    table = opened.table("t")
    found = [table.schema.columns["cell"].read(str(c)) if isinstance(c, str) and kind != "string" else c
             for _, c in opened.load("t", backend="duckdb").fetchall()]  # fmt: skip
    wanted = table.columns["cell"]
    if kind == "number":
        wanted = [None if cell is None else float(cell) for cell in wanted]  # type: ignore[arg-type]
    assert repr(found) == repr(list(wanted))


def test_shipped_tables_in_duckdb_have_the_values_of_the_files() -> None:
    """Each table of the shipped package is in DuckDB what the strict reader makes of its file."""
    shipped = scrdata.open_package()
    for name, table in shipped.contents.tables.items():
        relation = shipped.load(name, backend="duckdb")
        assert relation.columns == list(table.columns)
        wanted = zip(*table.columns.values(), strict=True)
        assert relation.fetchall() == [tuple(row) for row in wanted], name


def test_tables_in_duckdb_can_be_joined() -> None:
    """What `load` returns of several tables, queries of DuckDB join with one another."""
    duckdb = pytest.importorskip("duckdb")
    reviews, boards = (scrdata.load(name, backend="duckdb") for name in ("reviews", "boards"))
    found = duckdb.sql("select count(*) from reviews join boards using (board_id)").fetchall()
    assert found == [(len(scrdata.load("reviews")),)]
    assert found == reviews.join(boards, "board_id").count("*").fetchall()


def peak(location: Path) -> int:
    """Return how many bytes Python holds at most while a package is judged."""
    tracemalloc.start()
    try:
        judge_files(location)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cells are wrong, a part of them at a time leaves the engine."""
    monkeypatch.setattr(scanning, "BLOCK", 1 << 16)
    monkeypatch.setattr(duckdb_files, "FETCHED", 1_000)
    few, many = (  # each different, so that each has to be judged
        write(tmp_path / f"{number}", INTEGERS, "n,text\n" + "".join(f"x{row},=y{row}\n" for row in range(number)))
        for number in (10_000, 40_000)
    )
    peak(few)
    assert peak(many) < 1.5 * peak(few)


def test_a_wrong_cell_of_the_key_is_missing_in_the_key(tmp_path: Path) -> None:
    """A finding about a row with a wrong key names its line; a wrong text is no key, a number out of bounds is one."""
    fields = [
        {"name": "code", "type": "string", "constraints": {"pattern": "[a-z]+"}},
        {"name": "n", "type": "integer", "constraints": {"maximum": 5}},
    ]
    schema = {"fields": fields, "primaryKey": ["code", "n"], "scrdata:text": "clean"}
    report = judged_alike(write(tmp_path, schema, "code,n\nA,1\nb,9\n"))
    assert [dict(finding.key) for finding in report.findings] == [{"code": None, "n": 1}, {"code": "b", "n": 9}]
