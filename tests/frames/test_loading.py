"""`load` returns what `validate` checked: types, missing cells, and every value."""

from __future__ import annotations

import datetime
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import scrdata
from scrdata.frames.loading import from_pandas, to_cell

if TYPE_CHECKING:
    from conftest import PackageFolder

SHIPPED = scrdata.open_package()
NAMES = [table.name for table in SHIPPED.tables()]
LARGE = 2**63

# For each type: cells as text, the dtype of the pandas column, and its values.
TYPES: dict[str, tuple[tuple[str, ...], str, list[object]]] = {
    "string": (("NA", "", "None", "n/a", "007"), "str", ["NA", None, "None", "n/a", "007"]),
    "any": (("NaN", ""), "str", ["NaN", None]),
    "integer": (("5", "", "-7", str(LARGE - 1)), "Int64", [5, None, -7, LARGE - 1]),
    "number": (("0.1", "", "-2"), "float64", [0.1, None, -2.0]),
    "boolean": (("true", "", "false"), "boolean", [True, None, False]),
    "date": (("2010-02-28", "", "0001-01-01"), "datetime64[us]", [datetime.date(2010, 2, 28), None, datetime.date.min]),
    "datetime": (("2010-02-28T01:02:03", ""), "datetime64[us]", [datetime.datetime(2010, 2, 28, 1, 2, 3), None]),  # noqa: DTZ001
    "time": (("01:02:03", ""), "object", [datetime.time(1, 2, 3), None]),
    "year": (("2010", ""), "Int64", [2010, None]),
    "yearmonth": (("2010-02", ""), "str", ["2010-02", None]),
    "duration": (("P1Y2M", ""), "str", ["P1Y2M", None]),
    "object": (('{"a": [1]}', ""), "object", [{"a": [1]}, None]),
    "array": (("[1, null]", ""), "object", [[1, None], None]),
    "geopoint": (("1.50, -2", ""), "object", [(Decimal("1.50"), Decimal(-2)), None]),
}
REQUIRED = {"integer": "int64", "year": "int64", "boolean": "bool"}


def plain(series: pd.Series) -> list[object]:
    """Return the values of a column, with `None` for missing ones."""
    return [None if pd.api.types.is_scalar(value) and pd.isna(value) else value for value in series.tolist()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_every_cell_is_the_one_that_was_checked(name: str, backend: str) -> None:
    """Every cell of every shipped table, in each kind of DataFrame, is the value that the strict reading gave."""
    table = SHIPPED.table(name)
    frame = SHIPPED.load(name, backend=backend)  # type: ignore[call-overload]
    if backend == "pandas":
        columns = {column: plain(frame[column]) for column in frame.columns}
    else:
        columns = frame.to_pydict() if backend == "pyarrow" else frame.to_dict(as_series=False)
    assert list(columns) == list(table.columns)
    for column, cells in table.columns.items():
        values = [value.date() if isinstance(value, pd.Timestamp) else value for value in columns[column]]
        assert values == list(cells)
        assert [type(value) for value in values] == [type(cell) for cell in cells]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_dtypes_follow_the_schema(name: str) -> None:
    """Codes are categoricals in the order of the schema, dates dates, integers integers, and the rest is text."""
    frame = SHIPPED.load(name)
    assert list(frame.index) == list(range(len(SHIPPED.table(name))))
    for field in SHIPPED.table(name).schema.fields:
        dtype = frame[field.name].dtype
        if field.categories:
            assert list(dtype.categories) == [category.value for category in field.categories]
            assert dtype.ordered is (field.properties.get("categoriesOrdered") is True)
        else:
            required = field.required or field.name in SHIPPED.table(name).schema.primary_key
            integer = "int64" if required else "Int64"
            wanted = {"string": "str", "date": "datetime64[us]", "integer": integer, "year": integer}
            assert str(dtype) == wanted[field.type]


@pytest.mark.parametrize("kind", TYPES)
def test_each_type(small_package: PackageFolder, kind: str) -> None:
    """A column of each type has its documented dtype, keeps its values, and a missing cell is missing."""
    cells, dtype, values = TYPES[kind]
    small_package.add_column({"type": kind}, *cells)
    column = scrdata.open_package(small_package).load("cells")["cell"]
    assert str(column.dtype) == dtype
    found = plain(column)
    if kind == "date":
        found = [None if value is None else value.date() for value in found]  # type: ignore[attr-defined]
    assert found == values


@pytest.mark.parametrize("kind", TYPES)
def test_required_columns(small_package: PackageFolder, kind: str) -> None:
    """Where no cell can be missing, integers and flags need no nullable type; all others are as before."""
    cells, dtype, values = TYPES[kind]
    small_package.add_column({"type": kind, "constraints": {"required": True}}, *(cell for cell in cells if cell))
    column = scrdata.open_package(small_package).load("cells")["cell"]
    assert str(column.dtype) == REQUIRED.get(kind, dtype)
    assert len(column) == len([value for value in values if value is not None])
    assert column.notna().all()


def test_na_is_text(small_package: PackageFolder) -> None:
    """The texts that other readers take for missing stay text; only the declared ones are missing."""
    texts = ["NA", "N/A", "NULL", "None", "nan", "-", "#N/A", "null", "<NA>"]
    small_package.add_column({"type": "string"}, *texts, "-99", missingValues=["-99"])
    package = scrdata.open_package(small_package)
    for backend in ("pandas", "polars", "pyarrow"):
        frame = package.load("cells", backend=backend)  # type: ignore[call-overload]
        read = {"pandas": plain, "polars": list, "pyarrow": lambda column: column.to_pylist()}[backend]
        assert read(frame["cell"]) == [*texts, None]


def test_integers_stay_exact_beside_missing_cells(small_package: PackageFolder) -> None:
    """An integer beyond what a double can hold stays itself in a column with missing cells."""
    small_package.add_column({"type": "integer"}, str(2**53 + 1), "")
    assert plain(scrdata.open_package(small_package).load("cells")["cell"]) == [2**53 + 1, None]


@pytest.mark.parametrize("number", [LARGE, -LARGE - 1, 10**50])
def test_integers_of_any_size(small_package: PackageFolder, number: int) -> None:
    """An integer that 64 bits cannot hold is loaded exactly, as a Python integer."""
    small_package.add_column({"type": "integer"}, str(number), "")
    column = scrdata.open_package(small_package).load("cells")["cell"]
    assert (column.tolist(), str(column.dtype)) == ([number, None], "object")


@pytest.mark.parametrize("backend", ["polars", "pyarrow"])
def test_integers_that_a_library_cannot_hold(small_package: PackageFolder, backend: str) -> None:
    """Where a library has no type for an integer, that is refused by an error of ours, never rounded."""
    small_package.add_column({"type": "integer"}, str(LARGE))
    with pytest.raises(scrdata.ScrdataError, match="cell"):
        scrdata.open_package(small_package).load("cells", backend=backend)  # type: ignore[call-overload]


def test_datetimes_with_a_zone(small_package: PackageFolder) -> None:
    """Datetimes with a zone are loaded as the same instants, in UTC."""
    small_package.add_column({"type": "datetime"}, "2010-02-28T23:30:00-01:00", "")
    column = scrdata.open_package(small_package).load("cells")["cell"]
    assert str(column.dtype) == "datetime64[us, UTC]"
    assert plain(column) == [pd.Timestamp("2010-03-01T00:30:00Z"), None]


@pytest.mark.parametrize("first", ["pandas", "pandera"])
def test_what_is_imported_before_moves_no_instant(small_package: PackageFolder, first: str) -> None:
    """Whatever libraries a program has imported, a time with a zone is the same instant."""
    small_package.add_column({"type": "datetime"}, "2010-02-28T23:30:00-01:00")
    program = (
        f"import {first}, scrdata; column = scrdata.open_package({str(small_package.folder)!r})"
        ".load('cells', backend='pyarrow')['cell']; print(column.to_pylist()[0].isoformat())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "2010-03-01T00:30:00+00:00\n"


MIXED = ("2010-02-28T01:02:03+02:00", "2010-02-28T01:02:03", "", "2010-02-28T01:02:03Z")


def test_times_with_and_without_a_zone_are_loaded_as_they_are(small_package: PackageFolder) -> None:
    """Where only some times have a zone, pandas holds each as `validate` reads it, and gives none to the others."""
    small_package.add_column({"type": "datetime"}, *MIXED)
    package = scrdata.open_package(small_package)
    assert package.validate().valid
    cells = package.load("cells")["cell"]
    assert cells.dtype == object
    read = list(package.table("cells").columns["cell"])
    assert cells.tolist() == read
    assert [cell and cell.utcoffset() for cell in cells] == [cell and cell.utcoffset() for cell in read]
    assert cells[1].tzinfo is None
    package.schema("cells").validate(package.load("cells"), lazy=True)


@pytest.mark.parametrize("backend", ["polars", "pyarrow", "duckdb"])
def test_times_with_and_without_a_zone_are_refused_by_typed_columns(small_package: PackageFolder, backend: str) -> None:
    """No typed column holds times with a zone beside times without: it is said which column, and who can."""
    small_package.add_column({"type": "datetime"}, *MIXED)
    with pytest.raises(
        scrdata.ScrdataError, match=r"'cell' holds times with a zone and times without.*only pandas can"
    ):
        scrdata.open_package(small_package).load("cells", backend=backend)  # type: ignore[call-overload]


def test_times_with_and_without_a_zone_are_not_judged_as_of_one_kind(small_package: PackageFolder) -> None:
    """`check` refuses a column of both, instead of taking all times for times of UTC."""
    small_package.add_column({"type": "datetime"}, *MIXED)
    package = scrdata.open_package(small_package)
    report = package.check({"cells": package.load("cells")})
    assert [(f.rule, f.column, f.found) for f in report.findings] == [
        ("column_fits_type", "cell", "object of times with a zone and times without one")
    ]


@pytest.mark.parametrize("backend", ["polars", "pyarrow"])
def test_datetimes_with_a_zone_in_columns(small_package: PackageFolder, backend: str) -> None:
    """Other backends give the same instants, in UTC, and refuse to take a time without a zone for one."""
    small_package.add_column({"type": "datetime"}, "2010-02-28T23:30:00-01:00", "")
    frame = scrdata.open_package(small_package).load("cells", backend=backend)  # type: ignore[call-overload]
    wanted = [datetime.datetime(2010, 3, 1, 0, 30, tzinfo=datetime.UTC), None]
    assert (frame["cell"].to_list() if backend == "polars" else frame["cell"].to_pylist()) == wanted
    small_package.write("data/cells.csv", "row,cell\n1,2010-02-28T23:30:00Z\n2,2010-02-28T23:30:00\n")
    with pytest.raises(scrdata.ScrdataError, match="times with a zone and times without one"):
        scrdata.open_package(small_package).load("cells", backend=backend)  # type: ignore[call-overload]


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_codes_keep_their_order(small_package: PackageFolder, backend: str) -> None:
    """Ordered codes are ordered as the schema lists them, not by the alphabet."""
    frame = scrdata.open_package(small_package).load("loans", backend=backend)  # type: ignore[call-overload]
    if backend == "pyarrow":
        assert frame["kind"].type.ordered
        assert frame["kind"].chunk(0).dictionary.to_pylist() == ["child", "adult"]
    elif backend == "polars":
        assert frame.sort("kind")["kind"].to_list() == ["child"] * 3 + ["adult"] * 3
    else:
        assert (frame["kind"].min(), frame["kind"].max()) == ("child", "adult")
        assert frame.sort_values("kind")["kind"].tolist() == ["child"] * 3 + ["adult"] * 3


def test_table_without_rows(small_package: PackageFolder) -> None:
    """A table without rows is a DataFrame without rows, with its columns and their types."""
    small_package.add_column({"type": "date"})
    small_package.write("data/cells.csv", "row,cell\n")
    frame = scrdata.open_package(small_package).load("cells")
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {"row": "Int64", "cell": "datetime64[us]"}
    assert len(frame) == 0


def test_changing_a_frame_changes_nothing_else() -> None:
    """Every call gives a DataFrame of one's own: what is done to it is not seen by the next, nor by the totals."""
    frame = scrdata.load("causes_of_death")
    whole = scrdata.total("causes_of_death.children")
    frame.loc[:, "children"] = 0
    assert scrdata.load("causes_of_death")["children"].sum() == whole
    assert scrdata.total("causes_of_death.children") == whole


@pytest.mark.parametrize("name", NAMES)
def test_frames_lead_back_to_tables(name: str) -> None:
    """A table loaded and taken back is the same table, cell by cell."""
    table = SHIPPED.table(name)
    back = from_pandas(SHIPPED.load(name), name, table.schema)
    assert {column: list(cells) for column, cells in back.columns.items()} == {
        column: list(cells) for column, cells in table.columns.items()
    }


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in ("object", "array", "geopoint")])
def test_each_type_leads_back(small_package: PackageFolder, kind: str) -> None:
    """Cells of each type, loaded and taken back, are equal to what they were, so that rules read them alike."""
    cells, _, _ = TYPES[kind]
    small_package.add_column({"type": kind}, *cells)
    package = scrdata.open_package(small_package)
    table = package.table("cells")
    back = from_pandas(package.load("cells"), "cells", table.schema).columns["cell"]
    assert list(back) == list(table.columns["cell"])


def test_polars_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without polars, asking for it says how to install it."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(scrdata.ScrdataError, match=r"pip install scrdata\[polars\]"):
        scrdata.load("reviews", backend="polars")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 1.5, True, "1"])
def test_what_is_no_integer_is_refused(small_package: PackageFolder, value: object) -> None:
    """No value of a DataFrame becomes an integer that it is not, infinity included."""
    field = scrdata.open_package(small_package).table("loans").schema.columns["loans"]
    with pytest.raises(ValueError, match="no integer"):
        to_cell(field, value)


def test_numbers_of_other_libraries_keep_their_digits(small_package: PackageFolder) -> None:
    """A double of numpy becomes the decimal that a double of Python becomes."""
    small_package.add_column({"type": "number"}, "0.1")
    field = scrdata.open_package(small_package).table("cells").schema.columns["cell"]
    assert to_cell(field, np.float64(0.1)) == Decimal("0.1")
