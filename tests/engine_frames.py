"""Tables of CSV text as frames of every library: what the tests of engines judge beside the files themselves."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import scrdata
from scrdata.descriptor import read_descriptor
from scrdata.findings import Ledger
from scrdata.frames.columnar import decode_codes
from scrdata.storage import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    from scrdata.fields import Field
    from scrdata.opening import Storage

KINDS = ("pandas", "polars", "lazy polars", "pyarrow", "duckdb")
# Settings with which Spark does not compile what runs for a moment, which would take longer than to interpret it.
IN_A_HURRY = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
HAS_SPARK = shutil.which("java") is not None
ARROW = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "boolean": pa.bool_()}
TYPED = {**ARROW, "year": pa.int64(), "datetime": pa.timestamp("us")}
READ: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": float,
    "date": datetime.date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def arrow_table(package: PackageFolder, name: str) -> pa.Table:
    """Return a table of a package as the library of Arrow would hold it, read by nothing of this project."""
    opened = scrdata.open_package(package).contents.descriptor.tables[name]
    rows = list(csv.reader(io.StringIO(package.read(opened.path).decode(), newline="")))
    assert opened.schema is not None
    columns = {}
    for position, column in enumerate(rows[0]):
        kind = opened.schema.columns[column].type if column in opened.schema.columns else "string"
        read = READ.get(kind, str)
        cells = [read(row[position]) if row[position] else None for row in rows[1:]]
        columns[column] = pa.array(cells, type=ARROW.get(kind, pa.string()))
    return pa.table(columns)


class NoFrameError(Exception):
    """A table holds values that no typed column holds exactly, or is no table at all."""


def typed_tables(storage: Storage) -> tuple[dict[str, pa.Table], set[tuple[str, str]]]:
    """Return all tables of a package with typed columns, and the columns that some cells are not of the type of.

    Such a column is one of texts, as somebody has it who reads the file without knowing the type.

    Raises:
        NoFrameError: a file cannot be read, or no typed column holds its values exactly.
    """
    tables, mistyped = {}, set()
    for name, resource in read_descriptor(storage, Ledger()).tables.items():
        try:
            rows = list(csv.reader(io.StringIO(storage.read(resource.path).decode(), newline=""), strict=True))
        except (Refusal, csv.Error, UnicodeDecodeError) as problem:
            raise NoFrameError(str(problem)) from None
        if resource.schema is None or not rows or rows[0] != list(resource.schema.columns):
            raise NoFrameError(name)
        columns = {}
        for position, field in enumerate(resource.schema.fields):
            cells = [None if row[position] in field.missing_values else row[position] for row in rows[1:]]
            try:
                columns[field.name] = typed_column(field, cells)
            except ValueError:
                columns[field.name] = pa.array(cells, pa.string())
                mistyped.add((name, field.name))
        tables[name] = pa.table(columns)
    return tables, mistyped


def typed_column(field: Field, cells: list[str | None]) -> pa.Array:
    """Return a column in the type of Arrow for its field.

    Raises:
        ValueError: a cell is not of the type.
        NoFrameError: values do not fit into one column.
    """
    kind = TYPED.get(field.type)
    if kind is None:
        return pa.array(cells, pa.string())
    values: list[Any] = [None if cell is None else field.read(cell) for cell in cells]
    present = [value for value in values if value is not None]
    if field.type == "number":
        if any(value.is_finite() and Decimal(repr(float(value))) != value for value in present):
            raise NoFrameError("a number is no double")
        values = [None if value is None else float(value) for value in values]
    if field.type == "integer" and not all(-(2**63) <= value < 2**63 for value in present):
        raise NoFrameError("an integer is too large")
    if field.type == "datetime" and any(value.tzinfo for value in present):
        if not all(value.tzinfo for value in present):
            raise NoFrameError("some times have a zone, and some have none")
        kind = pa.timestamp("us", "UTC")
        values = [None if value is None else value.astimezone(datetime.UTC) for value in values]
    return pa.array(values, kind)


def frames_of(tables: dict[str, pa.Table], kind: str, spark: Any = None) -> dict[str, Any]:  # noqa: ANN401
    """Return tables of Arrow as those of another library."""
    if kind == "pandas":
        types = {pa.int64(): "Int64"}
        import pandas as pd

        return {
            name: table.to_pandas(types_mapper={k: pd.Int64Dtype() for k in types}.get)
            for name, table in tables.items()
        }
    if kind in ("polars", "lazy polars"):
        import polars as pl

        made = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
        return {name: frame.lazy() for name, frame in made.items()} if kind == "lazy polars" else made
    if kind == "duckdb":
        import duckdb

        return {name: duckdb.from_arrow(table) for name, table in tables.items()}
    if kind == "spark":
        return {name: spark.createDataFrame(decode_codes(table)) for name, table in tables.items()}
    return tables
