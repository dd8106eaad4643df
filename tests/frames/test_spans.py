"""Dates and times that no file can hold are findings about their rows, in every engine that can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import scrdata
from tests.engine_frames import KINDS, frames_of
from tests.memory import package

if TYPE_CHECKING:
    from pathlib import Path

DAY, YEAR = 86_400, 31_556_952
# Seconds since 1970 to the first and the last day of what files hold.
FIRST, LAST = -719_162 * DAY, 2_932_896 * DAY
# What stands in each row, and the end of the calendar beyond which it is.
CELLS = (
    *((FIRST - DAY, "before the year 0001"), (FIRST, None), (FIRST - 100 * YEAR, "before the year 0001")),
    *((0, None), (None, None), (LAST, None), (LAST + DAY, "after the year 9999"), (LAST, None)),
    (LAST + 10_000 * YEAR // DAY * DAY, "after the year 9999"),
)
LIMITS = {"date": "9999-12-30", "datetime": "9999-12-30T00:00:00"}
FORMS = (pa.date32(), pa.timestamp("s"), pa.timestamp("us"))
WANTED = [(row, how) for row, (_, how) in enumerate(CELLS) if how]


def write(folder: Path, kind: str, **constraints: str) -> Path:
    """Write a package of one empty table, whose key is a number, with a column of a type."""
    fields = [{"name": "row", "type": "integer"}, {"name": "cell", "type": kind, "constraints": constraints}]
    storage = package({"t": ({"fields": fields, "primaryKey": ["row"]}, "row,cell\n")})
    folder.mkdir()
    for file, data in storage.files.items():
        (folder / file).write_bytes(data)
    return folder


def found_in(frame: Any, location: Path) -> list[tuple[str, str | None, Any, Any]]:  # noqa: ANN401
    """Return what is found in a frame: the rule, the column, the row by its key, and what stands there."""
    report = scrdata.check({"t": frame}, location)
    return [(f.rule, f.column, dict(f.key or {}).get("row"), f.found) for f in report.findings]


def wanted(at_last: str) -> list[tuple[str, str | None, Any, Any]]:
    """Return what is to be found: what is beyond the calendar, and what is beyond the limit of the column."""
    rows = [("cell_fits_type", "cell", row, how) for row, how in WANTED]
    rows += [("cell_is_within_bounds", "cell", row, at_last) for row, (cell, _) in enumerate(CELLS) if cell == LAST]
    return sorted(rows, key=lambda item: item[2])


@pytest.mark.parametrize(
    ("library", "form"),
    # pandas has no type of dates without a time; it holds them as Python does.
    [(library, form) for library in KINDS for form in FORMS if library != "pandas" or form != pa.date32()],
    ids=str,
)
def test_what_is_beyond_the_calendar_is_found(tmp_path: Path, library: str, form: pa.DataType) -> None:
    """Each such cell is a finding at its row; cells within are judged as ever."""
    kind = "date" if form == pa.date32() else "datetime"
    unit = {"date32[day]": 1, "timestamp[s]": 1, "timestamp[us]": 10**6}[str(form)]
    cells = [None if cell is None else cell // DAY if kind == "date" else cell * unit for cell, _ in CELLS]
    column = pa.array(cells, pa.int32() if kind == "date" else pa.int64()).cast(form)
    table = pa.table({"row": range(len(cells)), "cell": column})
    location = write(tmp_path / "p", kind, maximum=LIMITS[kind])
    found = found_in(frames_of({"t": table}, library)["t"], location)
    assert found == wanted("9999-12-31" if kind == "date" else "9999-12-31T00:00:00")


@pytest.mark.parametrize("text", ["infinity", "-infinity"])
@pytest.mark.parametrize("form", ["date", "timestamp", "timestamptz"])
def test_infinite_times_are_found(tmp_path: Path, form: str, text: str) -> None:
    """The infinite dates and times of DuckDB, which become its last day in Python, are findings."""
    duckdb = pytest.importorskip("duckdb")
    frame = duckdb.sql(
        f"select range as row, if(range = 1, {form} '{text}', {form} '2010-01-01') as cell from range(3)"
    )
    found = found_in(frame, write(tmp_path / "p", "date" if form == "date" else "datetime"))
    assert found == [("cell_fits_type", "cell", 1, "beyond any year")]


def test_what_is_beyond_the_calendar_is_found_by_spark(tmp_path: Path, spark: Any) -> None:  # noqa: ANN401
    """Spark holds such dates too."""
    frame = spark.sql("select explode(sequence(0, 2)) as row").selectExpr(
        "row",
        "case row when 0 then date '+20000-01-01' when 1 then date '2010-01-01' else date '-0005-01-01' end as cell",
    )
    found = found_in(frame, write(tmp_path / "p", "date"))
    assert found == [
        ("cell_fits_type", "cell", 0, "after the year 9999"),
        ("cell_fits_type", "cell", 2, "before the year 0001"),
    ]


def test_what_is_beyond_the_calendar_can_be_a_key(tmp_path: Path) -> None:
    """A row whose key is such a date is a finding, without the key; the rows are counted."""
    duckdb = pytest.importorskip("duckdb")
    storage = package({"t": ({"fields": [{"name": "day", "type": "date"}], "primaryKey": ["day"]}, "day\n")})
    (tmp_path / "p").mkdir()
    for file, data in storage.files.items():
        (tmp_path / "p" / file).write_bytes(data)
    frame = duckdb.sql("select date '20000-01-01' as day from range(5000)")
    report = scrdata.check({"t": frame}, tmp_path / "p")
    assert {(f.rule, dict(f.key or {})["day"]) for f in report.findings} == {("cell_fits_type", None)}
    assert report.errors == 5000
