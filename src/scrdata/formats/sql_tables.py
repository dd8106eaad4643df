"""Tables of a package as STRICT tables of SQLite: types, keys, constraints, and a table for each list of codes.

| field | column |
| --- | --- |
| integer, year | `INTEGER` |
| number | `REAL`, the nearest double |
| boolean | `INTEGER`, 0 or 1 |
| everything else | `TEXT`, spelt as in `scrdata.values`; dates are those that SQLite reads |
"""

from __future__ import annotations

from decimal import Decimal

from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.formats.sql_names import column_list, quoted_name
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Codes = Mapping[tuple[str, str], str]

_TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_LARGEST = 2**63


def column_type(field: Field) -> str:
    """Return the type of a column."""
    return _TYPES.get(field.type, "TEXT")


def create_table(table: Table, tables: Mapping[str, Table], codes: Codes) -> str:
    """Return the statement that creates a table.

    Args:
        table: the table.
        tables: all tables of the database, for foreign keys.
        codes: the name of the table of codes for each coded column, by table and column.
    """
    schema = table.schema
    parts = [_column(field, schema) for field in schema.fields]
    if schema.primary_key:
        parts.append(f"PRIMARY KEY ({column_list(schema.primary_key)})")
    parts += [f"UNIQUE ({column_list(key)})" for key in schema.unique_keys]
    for key in schema.foreign_keys:
        target = tables.get(key.table or table.name)
        if target is not None and names_rows(target.schema, key.columns):
            there = f"{quoted_name(target.name)} ({column_list(key.columns)})"
            parts.append(f"FOREIGN KEY ({column_list(key.fields)}) REFERENCES {there}")
    for field in schema.fields:
        if field.categories:
            there = quoted_name(codes[table.name, field.name])
            parts.append(f'FOREIGN KEY ({quoted_name(field.name)}) REFERENCES {there} ("code")')
    lines = ",\n  ".join(parts)
    return f"CREATE TABLE {quoted_name(table.name)} (\n  {lines}\n) STRICT"


def _column(field: Field, schema: TableSchema) -> str:
    name = quoted_name(field.name)
    words = [name, column_type(field)]
    if field.required or field.name in schema.primary_key:
        words.append("NOT NULL")
    if field.unique and schema.primary_key != (field.name,):
        words.append("UNIQUE")
    if field.type == "boolean":
        words.append(f"CHECK ({name} IN (0, 1))")
    if field.type == "date":
        # Without the modifier SQLite takes 30 February as it is.
        words.append(f"CHECK ({name} = date({name}, '+0 days'))")
    return " ".join(words)


def names_rows(schema: TableSchema, columns: tuple[str, ...]) -> bool:
    """Say whether a schema promises that no two rows agree in some columns; a database demands that of a target."""
    field = schema.field(columns[0]) if len(columns) == 1 else None
    return columns == schema.primary_key or columns in schema.unique_keys or (field is not None and field.unique)


def rows_of(table: Table) -> Iterator[tuple[int | float | str | None, ...]]:
    """Yield the rows of a table as a database takes them.

    Raises:
        ScrdataError: an integer has more than 64 bits, or a number is not held exactly.
    """
    columns = ([encode_cell(field, cell) for cell in table.columns[field.name]] for field in table.schema.fields)
    yield from zip(*columns, strict=True)


def encode_cell(field: Field, cell: Value | None) -> int | float | str | None:
    """Return a value as a database takes it."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int):
        if not -_LARGEST <= cell < _LARGEST:
            raise ScrdataError(f"'{field.name}' holds an integer of more than 64 bits, which a database cannot hold")
        return int(cell)
    if isinstance(cell, Decimal) and field.type == "number":
        if cell.is_nan() or (cell.is_finite() and Decimal(repr(float(cell))) != cell):
            raise ScrdataError(f"'{field.name}' holds {shown(to_text(cell))}, which a database cannot hold exactly")
        return float(cell)
    return to_text(cell)


def create_codes(name: str, field: Field) -> tuple[str, list[tuple[object, ...]]]:
    """Return the statement that creates the table of a column's codes, and its rows."""
    statement = (
        f"CREATE TABLE {quoted_name(name)} (\n"
        f'  "code" {column_type(field)} NOT NULL PRIMARY KEY,\n'
        '  "label" TEXT NOT NULL,\n  "description" TEXT,\n  "position" INTEGER NOT NULL UNIQUE\n) STRICT'
    )
    rows: list[tuple[object, ...]] = [
        (encode_cell(field, code.value), code.label, code.description, position)
        for position, code in enumerate(field.categories, 1)
    ]
    return statement, rows
