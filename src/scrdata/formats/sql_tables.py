"""Tables of a package as STRICT tables of SQLite: types, keys, constraints, and a table for each list of codes.

| field | column |
| --- | --- |
| integer, year | `INTEGER` |
| number | `REAL`, the nearest double |
| boolean | `INTEGER`, 0 or 1 |
| everything else | `TEXT`, spelt as in `scrdata.values`; dates are those that SQLite reads |

Bounds, lengths and lists of allowed values are constraints too, where a database compares as the schema does.
"""

from __future__ import annotations

import math
from decimal import Decimal

from scrdata.errors import ScrdataError
from scrdata.fields import UNHASHABLE, native
from scrdata.findings import shown
from scrdata.formats.sql_names import column_list, quoted_name, quoted_text
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.table_schema import ForeignKey, TableSchema
    from scrdata.values import Value

    Codes = Mapping[tuple[str, str], str]

_TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_LARGEST = 2**63
# Types of which two texts can be one value, as one instant in two zones is: a database would tell them apart.
SPELT_APART = ("time", "datetime", "geopoint", *UNHASHABLE)
# Types whose values a database puts in the order that the schema means.
SORTED_ALIKE = ("integer", "number", "date", "year", "yearmonth")
_BOUNDS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_LENGTHS = {"minLength": ">=", "maxLength": "<="}


def column_type(field: Field) -> str:
    """Return the type of a column."""
    return _TYPES.get(field.type, "TEXT")


def _key_type(field: Field) -> str:
    """Return the type of a column that is the whole key: as INTEGER it would put the rows in its own order."""
    return column_type(field).replace("INTEGER", "INT")


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
        target = target_of(key, table, tables)
        if target is not None:
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
    words = [name, _key_type(field) if schema.primary_key == (field.name,) else column_type(field)]
    if field.required or field.name in schema.primary_key:
        words.append("NOT NULL")
    if field.unique and schema.primary_key != (field.name,):
        words.append("UNIQUE")
    if field.type == "boolean":
        words.append(f"CHECK ({name} IN (0, 1))")
    if field.type == "date":
        # Without the modifier SQLite takes 30 February as it is.
        words.append(f"CHECK ({name} = date({name}, '+0 days'))")
    words += [f"CHECK ({check})" for check in _checks(field, name)]
    return " ".join(words)


def _checks(field: Field, name: str) -> Iterator[str]:
    """Yield the conditions that a schema sets to the single values of a column, other than by its codes."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    for word, argument in constraints.items():
        if word in _BOUNDS and field.type in SORTED_ALIKE:
            limit = literal_of(field, native(argument, field.read))
            if limit is not None:
                yield f"{name} {_BOUNDS[word]} {limit}"
        elif word in _LENGTHS and field.type not in UNHASHABLE:
            yield f"length({name}) {_LENGTHS[word]} {argument}"
        elif word == "enum" and not field.categories and field.type not in SPELT_APART:
            allowed = [literal_of(field, native(item, field.read)) for item in argument]
            held = [item for item in allowed if item is not None]
            # Where none is held no cell has a value, and an empty list would not let it be missing either.
            if held:
                yield f"{name} IN ({', '.join(held)})"


def target_of(key: ForeignKey, table: Table, tables: Mapping[str, Table]) -> Table | None:
    """Return the table that a foreign key leads to, where a database can hold the key."""
    target = tables.get(key.table or table.name)
    if target is None or not names_rows(target.schema, key.columns):
        return None
    return None if any(target.schema.columns[name].type in SPELT_APART for name in key.columns) else target


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


def literal_of(field: Field, value: Value) -> str | None:
    """Return a value as SQL writes it; `None` where a database cannot hold it."""
    try:
        held = encode_cell(field, value)
    except ScrdataError:
        return None
    if isinstance(held, str):
        return quoted_text(held)
    if isinstance(held, float) and math.isinf(held):
        return "9e999" if held > 0 else "-9e999"
    return str(int(held)) if isinstance(held, bool) else repr(held)


def create_codes(name: str, field: Field) -> tuple[str, list[tuple[object, ...]]]:
    """Return the statement that creates the table of a column's codes, and its rows."""
    statement = (
        f"CREATE TABLE {quoted_name(name)} (\n"
        f'  "code" {_key_type(field)} NOT NULL PRIMARY KEY,\n'
        '  "label" TEXT NOT NULL,\n  "description" TEXT,\n  "position" INTEGER NOT NULL UNIQUE\n) STRICT'
    )
    rows: list[tuple[object, ...]] = [
        (encode_cell(field, code.value), code.label, code.description, position)
        for position, code in enumerate(field.categories, 1)
    ]
    return statement, rows
