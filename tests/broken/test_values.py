"""Each type has one ASCII spelling: every other is refused in its row, and no cell is coerced."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

SPACES = [" ", "\t", "\n", "\u00a0", "\u200b", "\ufeff"]
INTEGERS = [
    *("１２", "1_000", "+5", "007", "00", "-0", "--5", "- 5", " 5", "5 ", "5\n", "\u00a05", "5\u200b", "1e3", "1.0"),
    *("1,000", "1 000", "1'000", "0x1F", "0b1", "5%", "£5", "١٢", "१२", "Ⅻ", "²", "½", "true", "NaN", "NA", "-", "."),
    *("1-2", "(5)", "5-", "−5", "–5", "five", "O", "l", "1" * 1001, "1" * 5000, "𝟙", "①"),
]
NUMBERS = [
    *(
        "１.５",
        "1_0.5",
        "+5.0",
        "01.5",
        ".5",
        "5.",
        "1,5",
        "1 .5",
        " 1.5",
        "1.5 ",
        "1.5\n",
        "1e",
        "e5",
        "1e+",
        "1e1000",
    ),
    *("1.5.1", "0x1p3", "nan", "inf", "Infinity", "+INF", "-NaN", "sNaN", "1.5%", "1.5f", "1d5", "٫5", "1" * 1001),
]
DATES = [
    *("20090203", "2009-W05-1", "2009-034", "2009-2-3", "2009-02-30", "2009-13-01", "2009-00-10", "2009-01-00"),
    *("2009-02-29", "0000-01-01", "09-02-03", "12009-02-03", "-2009-02-03", "+2009-02-03", "2009/02/03", "03-02-2009"),
    *(
        "2009-02-03T00:00:00",
        "2009-02-03Z",
        " 2009-02-03",
        "2009-02-03 ",
        "2009-02-03\n",
        "２００９-02-03",
        "2009‑02‑03",
    ),
    *("2009-02", "2009", "3 February 2009", "39847", "today", "1900-02-29", "2009-2-03", "2009-02-3", "10000-01-01"),
]
TIMES = [
    *("24:00:00", "23:60:00", "23:59:60", "23:59", "235959", "T23:59:59", "3:04:05", "03:04:05 PM", "12:00:00 "),
    *("12:00:00.", "12:00:00.1234567", "12:00:00,5", "12:00:00+1", "12:00:00+25:00", "12:00:00z", "１２:00:00"),
]
DATETIMES = [
    *("2009-02-03", "2009-02-03 12:00:00", "2009-02-03t12:00:00", "20090203T120000", "2009-02-30T12:00:00"),
    *(
        "2009-02-03T25:00:00",
        "2009-02-03T12:00",
        "2009-W05-1T12:00:00",
        "2009-02-03T12:00:00 Z",
        "2009-02-03T12:00:00\n",
    ),
]
CELLS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("integer", {"type": "integer"}, INTEGERS),
    ("number", {"type": "number"}, NUMBERS),
    ("boolean", {"type": "boolean"}, ["yes", "no", "t", "f", "tRUE", "1.0", "01", "2", " true", "true\n", "wahr",
     "на"]),
    ("boolean_words", {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["true", "1", "Yes", "0",
     "n"]),
    ("date", {"type": "date"}, DATES),
    ("date_pattern", {"type": "date", "format": "%d/%m/%Y"}, ["2009-02-03", "3/2/2009", "03/02/09", "31/02/2009",
     "03/02/2009x", "x03/02/2009", "03/02/2009\n",
     "0３/02/2009"]),
    ("time", {"type": "time"}, TIMES),
    ("datetime", {"type": "datetime"}, DATETIMES),
    ("year", {"type": "year"}, ["09", "209", "20100", "-2009", "+2009", "２００９", "2009.0", "2009 ", "MMIX", "200a"]),
    ("yearmonth", {"type": "yearmonth"}, ["2009-13", "2009-00", "2009-1", "200901", "2009/01", "2009", "2009-01-01",
     "01-2009"]),
    ("duration", {"type": "duration"}, ["P", "PT", "1Y", "P1", "P1YT", "P-1Y", "P1.5Y", "P1H", "p1y", "P1Y ", "P1M1Y",
     "1 year"]),
    ("geopoint", {"type": "geopoint"}, ["51.5", "181, 0", "0, 91", "51.5;0", "1, 2, 3", "[1, 2]", "a, b", "1,  2",
     "１, 2", ","]),
    ("object", {"type": "object"}, ["[]", "1", "null", "{", "{'a': 1}", '{"a": 1,}', '{"a": NaN}', '{"a": 1, "a": 2}',
     "{}{}"]),
    ("array", {"type": "array"}, ["{}", "[1,]", "[NaN]", "[1e400]", "1", '"x"', "[" * 100, '["\\ud800"]',
     "[" + "1" * 5000 + "]"]),
    ("geojson", {"type": "geojson"}, ["[]", "null", "POINT(1 2)", "{"]),
    ("email", {"type": "string", "format": "email"}, ["x", "x@", "@x.org", "x@y", "x y@z.org", "x@y..org",
     "x@y.org\n", "x@y@z.org"]),
    ("uri", {"type": "string", "format": "uri"}, ["x", "//x.org", "http:", "http://x y", "1a:b", "http://x.org/é",
     "http://x\n"]),
    ("uuid", {"type": "string", "format": "uuid"}, ["x", "12345678-1234-1234-1234-12345678901",
     "{12345678-1234-1234-1234-123456789012}"]),
    ("binary", {"type": "string", "format": "binary"}, ["x", "abc", "====", "ab==cd==", "YQ==\n", "Y Q=", "é"]),
    ("integer_missing_by_habit", {"type": "integer"}, ["NA", "N/A", "null", "None", "nan", "-", "n/a", "NULL", "."]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "cell"),
    [pytest.param(field, cell, id=f"{name}-{cell[:24]!a}") for name, field, cells in CELLS for cell in cells],
)
def test_cells(small_package: PackageFolder, field: dict[str, Any], cell: str) -> None:
    """A cell that is not the one spelling of its type is refused at its line."""
    small_package.add_column(field, "", cell)
    small_package.assert_rejected("cell_fits_type", "data/cells.csv", 3)


TYPES = [
    "integer",
    "number",
    "boolean",
    "date",
    "time",
    "datetime",
    "year",
    "yearmonth",
    "duration",
    "geopoint",
    "object",
]


@pytest.mark.parametrize("space", SPACES, ids="{!a}".format)
@pytest.mark.parametrize("kind", TYPES)
def test_space_is_no_value(small_package: PackageFolder, kind: str, space: str) -> None:
    """A space of any kind is neither missing nor a value."""
    small_package.add_column({"type": kind}, space)
    small_package.assert_rejected("cell_fits_type", "data/cells.csv", 2)


@pytest.mark.parametrize("kind", TYPES)
def test_empty_without_missing_values(small_package: PackageFolder, kind: str) -> None:
    """Where the schema calls nothing missing, an empty cell is no value."""
    small_package.add_column({"type": kind}, "", missingValues=[])
    small_package.assert_rejected("cell_fits_type", "data/cells.csv", 2)


@pytest.mark.parametrize("missing", ["NA", "", "-"])
def test_required(small_package: PackageFolder, missing: str) -> None:
    """A missing cell of a required field is refused, however missing is written."""
    small_package.add_column(
        {"type": "string", "constraints": {"required": True}}, missing, missingValues=["NA", "", "-"]
    )
    small_package.assert_rejected("required_cell_is_present", "data/cells.csv", 2)


def test_other_missing_value(small_package: PackageFolder) -> None:
    """Missing values are compared exactly."""
    small_package.add_column({"type": "integer"}, "na", missingValues=["NA"])
    small_package.assert_rejected("cell_fits_type", "data/cells.csv", 2)


def test_field_missing_values_replace_those_of_the_schema(small_package: PackageFolder) -> None:
    """What a field calls missing stands in the place of what the schema calls missing."""
    small_package.add_column({"type": "integer", "missingValues": ["-"]}, "NA", missingValues=["NA", ""])
    small_package.assert_rejected("cell_fits_type", "data/cells.csv", 2)


def test_line_after_quoted_line_ends(small_package: PackageFolder) -> None:
    """A row is located by the line on which it starts, also behind cells of several lines."""
    position = small_package.add_column(
        {"type": "string", "constraints": {"maxLength": 8}}, "a\nb\nc", "x\ny", "far too long"
    )
    small_package.assert_rejected("cell_has_allowed_length", "data/cells.csv", 7)
    assert position == 4


def test_every_wrong_cell_is_listed(small_package: PackageFolder) -> None:
    """Each wrong cell is a finding of its own, with row, column, key, and what was expected."""
    small_package.add_column({"type": "integer"}, "x", "1", "y", "2", "z", primaryKey=["row"])
    findings = small_package.judge().report["findings"]
    assert [(f["line"], f["row"], f["column"], f["key"], f["found"]) for f in findings] == [
        (2, 1, "cell", {"row": 1}, "x"),
        (4, 3, "cell", {"row": 3}, "y"),
        (6, 5, "cell", {"row": 5}, "z"),
    ]
    assert {f["expected"] for f in findings} == {"an integer such as 147"}


def test_the_cap_does_not_change_the_verdict(small_package: PackageFolder) -> None:
    """Beyond a thousand findings the rest is counted, and the package stays invalid."""
    small_package.add_column({"type": "integer"}, *["x"] * 1500)
    report = small_package.judge().report
    assert (report["valid"], report["errors"], len(report["findings"])) == (False, 1500, 1000)


def test_warnings_do_not_push_errors_out(small_package: PackageFolder) -> None:
    """A thousand warnings before the first error leave the package invalid."""
    small_package.add_column({"type": "string", "constraints": {"maxLength": 9}}, *[" x"] * 1500, "far too long")
    report = small_package.judge().report
    assert (report["valid"], report["errors"], report["warnings"]) == (False, 1, 1500)
