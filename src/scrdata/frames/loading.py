"""A `Table` to a pandas DataFrame with real types, and back. Nothing is guessed and nothing coerced.

| field | column |
| --- | --- |
| string or integer with categories | `category`, ordered where the codes are |
| string, duration, yearmonth | `str` |
| integer, year | `int64` where a value is required, else nullable `Int64` |
| number | `float64`, the nearest double |
| boolean | `bool` where a value is required, else nullable `boolean` |
| date, datetime | `datetime64[us]`; datetimes with a zone in UTC; those of which only some have one as Python values |
| everything else | Python values |
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd

from scrdata.frames.columnar import is_zoned_in_part
from scrdata.reading import Table
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrdata.fields import Field
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Cell = Value | None

_LARGEST = 2**63 - 1


def to_pandas(table: Table) -> pd.DataFrame:
    """Return one row for each row of the table, with the columns of its schema."""
    columns = {
        field.name: to_series(field, table.columns[field.name], required=is_required(field, table.schema))
        for field in table.schema.fields
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table)))


def is_required(field: Field, schema: TableSchema) -> bool:
    """Say whether no cell of a column may be missing."""
    return field.required or field.name in schema.primary_key


def dtype_of(field: Field, *, required: bool) -> object:
    """Return the pandas dtype of a column."""
    if field.categories:
        return pd.CategoricalDtype([category.value for category in field.categories], ordered=field.ordered)
    if field.type in ("integer", "year"):
        return np.dtype("int64") if required else pd.Int64Dtype()
    if field.type == "boolean":
        return np.dtype("bool") if required else pd.BooleanDtype()
    if field.type in ("date", "datetime"):
        return np.dtype("datetime64[us]")
    if field.type == "number":
        return np.dtype("float64")
    if field.type in ("string", "any", "duration", "yearmonth"):
        return pd.StringDtype(na_value=np.nan)
    return np.dtype("object")


def to_series(field: Field, cells: Sequence[Cell], *, required: bool) -> pd.Series:
    """Return the values of one column as a Series."""
    dtype = dtype_of(field, required=required)
    if field.type == "yearmonth":
        cells = [None if cell is None else to_text(cell) for cell in cells]
    if field.type == "integer" and any(isinstance(cell, int) and abs(cell) > _LARGEST for cell in cells):
        return pd.Series(list(cells), dtype="object")
    if field.type == "datetime" and is_zoned_in_part(cells):
        return pd.Series(list(cells), dtype="object")
    if field.type == "datetime" and any(isinstance(cell, datetime.datetime) and cell.tzinfo for cell in cells):
        return pd.Series(pd.to_datetime(list(cells), utc=True))  # type: ignore[arg-type]
    if field.type in ("date", "datetime"):
        return pd.Series(np.array(list(cells), dtype="datetime64[us]"))
    if field.type == "number":
        return pd.Series(np.array(list(cells), dtype="float64"))
    return pd.Series(list(cells), dtype=dtype)  # type: ignore[call-overload, no-any-return]


def from_pandas(frame: pd.DataFrame, name: str, schema: TableSchema) -> Table:
    """Return a DataFrame as a `Table`, so that rules can be evaluated over it.

    Raises:
        ValueError: a column is missing, or holds values that its type does not have.
    """
    return from_columns({column: frame[column].tolist() for column in frame.columns}, name, schema)


def from_columns(found: Mapping[str, Sequence[object]], name: str, schema: TableSchema) -> Table:
    """Return the columns of a DataFrame as a `Table`.

    Raises:
        ValueError: a column is missing, or holds values that its type does not have.
    """
    columns: dict[str, Sequence[Cell]] = {}
    for field in schema.fields:
        if field.name not in found:
            raise ValueError(f"there is no column '{field.name}'")
        columns[field.name] = [to_cell(field, value) for value in found[field.name]]
    rows = len(next(iter(columns.values()), ()))
    return Table(name, f"DataFrame {name}", schema, columns, range(1, rows + 1))


def to_cell(field: Field, value: object) -> Cell:
    """Return a value of a DataFrame as the value that reading a file would give.

    A float becomes the shortest decimal that rounds to it.

    Raises:
        ValueError: the type of the field has no such value.
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if field.type in ("integer", "year"):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
            raise ValueError(f"'{field.name}' holds {value!r}, which is no integer")
        return int(value)
    if field.type == "number" and isinstance(value, (int, float)):
        return Decimal(value) if isinstance(value, int) else Decimal(repr(float(value)))
    if isinstance(value, pd.Timestamp):
        return value.date() if field.type == "date" else value.to_pydatetime()
    if isinstance(value, str) and field.type not in ("string", "any"):
        return field.read(value)
    return value  # type: ignore[return-value]
