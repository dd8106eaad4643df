"""A `Table` to a pyarrow table or a polars DataFrame, with the same types as the pandas one.

Codes become dictionaries (polars: `Enum`), dates `date32` (polars: `Date`), integers 64 bits wide; all
columns can hold missing values, as both libraries do. Numbers become the nearest double. Datetimes with
a zone are the same instants in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from scrdata.errors import ScrdataError
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas
    import polars
    import pyarrow

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.table_schema import TableSchema

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Values of geopoints, objects, arrays and times; Arrow would leave out the zone of a time.
_UNKNOWN = (tuple, dict, list, time)
_TEXT = ("string", "any", "duration", "yearmonth", "time", "geopoint", "object", "array", "geojson")


def to_arrow(table: Table) -> pyarrow.Table:
    """Return the table as a `pyarrow.Table`.

    Raises:
        ScrdataError: an integer has more than 64 bits, or some times have a zone and others none.
    """
    import pyarrow as pa

    names = {"integer": pa.int64(), "year": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    names |= {"date": pa.date32(), "datetime": pa.timestamp("us")}
    columns = {}
    for field in table.schema.fields:
        cells = _cells(table, field)
        if _is_zoned(cells):
            array = pa.array([_microseconds(cell) for cell in cells], type=pa.int64()).cast(pa.timestamp("us", "UTC"))
        else:
            array = pa.array(cells, type=names.get(field.type, pa.string()))
        if field.categories:
            codes = pa.array([category.value for category in field.categories], type=array.type)
            indices = pa.array(_positions(table, field), type=pa.int32())
            array = pa.DictionaryArray.from_arrays(indices, codes, ordered=field.ordered)
        columns[field.name] = array
    return pa.table(columns)


def to_plain_arrow(table: Table) -> pyarrow.Table:
    """Return the table as a `pyarrow.Table` in which codes are written out.

    Raises:
        ScrdataError: an integer has more than 64 bits.
    """
    return decode_codes(to_arrow(table))


def decode_codes(table: pyarrow.Table) -> pyarrow.Table:
    """Return an Arrow table in which dictionaries of codes are columns of their values."""
    import pyarrow as pa

    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        columns[name] = column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column
    return pa.table(columns)


def type_missing(table: pyarrow.Table, schema: TableSchema) -> pyarrow.Table:
    """Return an Arrow table in which columns of missing cells alone, which tell no type, are of that of their field."""
    import pyarrow as pa

    kinds = {"integer": pa.int64(), "year": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    kinds |= {"date": pa.date32(), "datetime": pa.timestamp("us")}
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        is_missing = pa.types.is_null(column.type) and name in schema.columns
        columns[name] = column.cast(kinds.get(schema.columns[name].type, pa.large_string())) if is_missing else column
    return pa.table(columns)


def unite_types(table: pyarrow.Table) -> pyarrow.Table:
    """Return an Arrow table in which codes are written out, and texts, dates and times are of one type each.

    Arrow joins no others. Times are cut to the microsecond, as in Python and in files.
    """
    import pyarrow as pa

    decoded = decode_codes(table)
    columns = {}
    for name, column in zip(decoded.column_names, decoded.columns, strict=True):
        kind = column.type
        if kind in (pa.string(), pa.string_view()):
            kind = pa.large_string()
        elif kind == pa.date64():
            kind = pa.date32()
        elif pa.types.is_timestamp(kind):
            kind = pa.timestamp("us", kind.tz)
        columns[name] = column.cast(kind, safe=False)
    return pa.table(columns)


def pandas_to_arrow(frame: pandas.DataFrame) -> tuple[pyarrow.Table, dict[str, str]]:
    """Return a pandas DataFrame as an Arrow table; NaN, NaT and `pd.NA` are missing cells.

    Returns:
        The columns that Arrow has a type for, codes written out; and the dtypes of all others, by name.
    """
    import pyarrow as pa

    columns, refused = {}, {}
    for name in frame.columns:
        if frame[name].dtype == object and is_zoned_in_part(frame[name]):
            refused[name] = "object of times with a zone and times without one"
            continue
        try:
            columns[name] = pa.array(_written_out(frame[name]), from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            refused[name] = f"{frame[name].dtype} of several types"
    return unite_types(pa.table(columns)), refused


def _written_out(column: pandas.Series) -> pandas.Series:
    """Return a column of Python values that `load` makes of types that Arrow has not, as their texts."""
    if column.dtype != object or not any(isinstance(cell, _UNKNOWN) for cell in column):
        return column
    return column.map(lambda cell: to_text(cell) if isinstance(cell, _UNKNOWN) else cell)


def to_polars(table: Table) -> polars.DataFrame:
    """Return the table as a polars DataFrame.

    Raises:
        ScrdataError: polars is not installed, an integer has more than 64 bits, or some times have a zone
            and others none.
    """
    try:
        import polars as pl
    except ModuleNotFoundError:
        raise ScrdataError("polars is not installed; `pip install scrdata[polars]` installs it") from None
    fields = table.schema.fields
    types = {field.name: polars_type(field, table.columns[field.name]) for field in fields}
    return pl.DataFrame([pl.Series(field.name, _cells(table, field), dtype=types[field.name]) for field in fields])


def polars_type(field: Field, cells: Sequence[object]) -> type[polars.DataType] | polars.DataType:
    """Return the polars type of a column that holds some values."""
    import polars as pl

    if field.type == "datetime" and _is_zoned(cells):
        return pl.Datetime("us", "UTC")
    if field.categories and field.type == "string":
        return pl.Enum([str(category.value) for category in field.categories])
    names: dict[str, type[pl.DataType] | pl.DataType] = {"integer": pl.Int64, "year": pl.Int64, "number": pl.Float64}
    names |= {"boolean": pl.Boolean, "date": pl.Date, "datetime": pl.Datetime("us")}
    return names.get(field.type, pl.String)


def _cells(table: Table, field: Field) -> list[object]:
    """Return the values of a column; types that neither library has are written as text."""
    cells = table.columns[field.name]
    if field.type == "integer" and any(isinstance(cell, int) and not -(2**63) <= cell < 2**63 for cell in cells):
        raise ScrdataError(f"'{field.name}' holds an integer of more than 64 bits; only pandas can hold it")
    if field.type == "datetime" and is_zoned_in_part(cells):
        message = f"'{field.name}' holds times with a zone and times without one; only pandas can hold both"
        raise ScrdataError(message)
    if field.type == "number":
        return [None if cell is None else float(cell) for cell in cells]  # type: ignore[arg-type]
    if field.type in _TEXT:
        return [None if cell is None else to_text(cell) for cell in cells]
    return list(cells)


def is_zoned_in_part(cells: Iterable[object]) -> bool:
    """Say whether some datetimes of a column have a zone and others none, so that no typed column holds them."""
    # Only what pandas takes for a missing time is not equal to itself.
    return len({cell.tzinfo is None for cell in cells if isinstance(cell, datetime) and cell == cell}) > 1  # noqa: PLR0124


def _is_zoned(cells: Sequence[object]) -> bool:
    """Say whether any of these is a datetime with a zone."""
    return any(isinstance(cell, datetime) and cell.tzinfo is not None for cell in cells)


def _microseconds(cell: object) -> int | None:
    """Return an instant as microseconds since 1970 in UTC.

    Left to pyarrow, the offset of a time would be lost once pandera has been imported.
    """
    return (cell - _EPOCH) // timedelta(microseconds=1) if isinstance(cell, datetime) else None


def _positions(table: Table, field: Field) -> list[int | None]:
    position = {category.value: index for index, category in enumerate(field.categories)}
    return [None if cell is None else position[cell] for cell in table.columns[field.name]]
