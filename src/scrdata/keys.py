"""Primary, unique and foreign keys: which rows break them."""

from __future__ import annotations

from itertools import compress

from scrdata.findings import quoted, shown
from scrdata.reading import scalar
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrdata.findings import Ledger
    from scrdata.reading import Table
    from scrdata.values import Value

    Cell = Value | None


def check_keys(table: Table, ledger: Ledger) -> None:
    """Report rows that share a primary key, a unique key, or a value of a unique column."""
    schema = table.schema
    ledger.count("keys", len(schema.unique_keys) + bool(schema.primary_key))
    if schema.primary_key:
        _check_primary_present(table, ledger)
        _check_unique(table, schema.primary_key, "primary_key_is_unique", ledger)
    for key in schema.unique_keys:
        _check_unique(table, key, "unique_key_is_unique", ledger)
    for field in schema.fields:
        if field.unique:
            _check_unique(table, (field.name,), "cell_is_unique", ledger)


def _check_primary_present(table: Table, ledger: Ledger) -> None:
    for name in table.schema.primary_key:
        for row in _missing(table.columns[name]):
            message = f"'{name}' is part of the primary key and is missing"
            ledger.add(table.finding("primary_key_is_present", message, row, name))


def _missing(values: Sequence[Cell]) -> list[int]:
    return [row for row, value in enumerate(values) if value is None] if None in values else []


def _check_unique(table: Table, names: tuple[str, ...], rule: str, ledger: Ledger) -> None:
    """Report every row whose key stands in an earlier row; a key with a missing part is never equal."""
    if len(set(_rows(table, names))) == len(table):
        return
    keys = zip(*(table.columns[name] for name in names), strict=True)
    first: dict[tuple[Cell, ...], int] = {}
    for row, key in enumerate(keys):
        if None in key:
            continue
        known = first.setdefault(key, row)
        if known != row:
            words = ", ".join(f"{name} {quoted(scalar(part))}" for name, part in zip(names, key, strict=True))
            message = f"{words} already stands on line {table.lines[known]}"
            value = scalar(key[0]) if len(key) == 1 else shown(", ".join(to_text(part) for part in key))
            ledger.add(table.finding(rule, message, row, names[0] if len(names) == 1 else None, found=value))


def _rows(table: Table, names: tuple[str, ...]) -> Sequence[object]:
    """Return the values of one column, or the combinations of values of several."""
    columns = [table.columns[name] for name in names]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def check_foreign_keys(table: Table, tables: Mapping[str, Table], ledger: Ledger) -> None:
    """Report cells that refer to a row which does not exist."""
    for key in table.schema.foreign_keys:
        target = tables.get(key.table or table.name)
        if target is None:
            continue
        ledger.count("foreign_keys")
        there, here = set(_rows(target, key.columns)), _rows(table, key.fields)
        if there.issuperset(here):
            continue
        empty = (None,) * len(key.fields) if len(key.fields) > 1 else None
        for row in compress(range(len(here)), (cells not in there and cells != empty for cells in here)):
            value = shown(", ".join(to_text(table.columns[name][row]) for name in key.fields))
            message = f"{', '.join(key.fields)} is {quoted(value)}, which no row of '{target.name}' has"
            column = key.fields[0]
            expected = f"a value of {target.name}.{','.join(key.columns)}"
            finding = table.finding("foreign_key_exists", message, row, column, found=value, expected=expected)
            ledger.add(finding)
