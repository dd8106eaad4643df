"""Tables of CSV text as frames of every library: what the tests of engines judge beside the files themselves."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import scrdata
from scrdata.frames.columnar import decode_codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

KINDS = ("pandas", "polars", "lazy polars", "pyarrow", "duckdb")
HAS_SPARK = shutil.which("java") is not None
ARROW = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "boolean": pa.bool_()}
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

        connection = duckdb.connect()
        return {name: connection.from_arrow(table) for name, table in tables.items()}
    if kind == "spark":
        return {name: spark.createDataFrame(decode_codes(table)) for name, table in tables.items()}
    return tables
