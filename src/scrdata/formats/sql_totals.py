"""References of the notation as SQL, so that a database computes the totals that the package speaks of."""

from __future__ import annotations

from itertools import pairwise

from scrdata.formats.sql_names import FreeNames, quoted_name, quoted_text
from scrdata.formats.sql_tables import encode_cell, names_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scrdata.fields import Field
    from scrdata.formats.sql_tables import Codes
    from scrdata.reading import Table
    from scrdata.references import Condition, Reference
    from scrdata.totals import Totals

    Paths = tuple[tuple[str, ...], ...]

# Types whose values a database puts in the order that the notation means.
_ORDERED = ("integer", "number", "date", "year", "yearmonth")


def total_query(reference: Reference, totals: Totals, codes: Codes) -> str | None:
    """Return the query that computes a total; `None` where the database has no such order of values.

    A total over a missing cell is NULL, as the notation says; SQL alone would leave the cell out.
    """
    conditions = [_condition(reference.table, item, totals, codes) for item in reference.conditions]
    if None in conditions:
        return None
    where = " AND ".join(filter(None, conditions))
    source = f"FROM {quoted_name(reference.table)}" + (f" WHERE {where}" if where else "")
    return f"(SELECT {sum_of(reference.column)} {source})"


def sum_of(column: str | None) -> str:
    """Return the expression that counts rows, or adds up a column whose cells are all there."""
    if column is None:
        return "count(*)"
    name = quoted_name(column)
    return f"CASE WHEN count(*) = count({name}) THEN coalesce(sum({name}), 0) END"


def end_of(table: str, path: tuple[str, ...], totals: Totals) -> str:
    """Return the expression for the value at the end of a path of foreign keys."""
    expression = f"{quoted_name(table)}.{quoted_name(path[0])}"
    for column, after in pairwise(path):
        name, key = totals.target(table, column, after)
        there = quoted_name(name)
        expression = f"(SELECT {quoted_name(after)} FROM {there} AS t WHERE t.{quoted_name(key)} = {expression})"
        table = name
    return expression


def _condition(table: str, condition: Condition, totals: Totals, codes: Codes) -> str | None:
    field = totals.end_field(table, condition.path)
    value = end_of(table, condition.path, totals)
    if condition.operator == "=":
        wanted = [text for text in condition.values if text != ""]
        parts = [f"{value} IN ({', '.join(_literal(field, text) for text in wanted)})"] if wanted else []
        if "" in condition.values:
            parts.append(f"{value} IS NULL")
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"
    limit = _literal(field, condition.values[0])
    if field.ordered:
        name = quoted_name(codes[_owner(table, condition.path, totals), condition.path[-1]])
        place = f'(SELECT "position" FROM {name} WHERE "code" = {{}})'
        return f"{place.format(value)} {condition.operator} {place.format(limit)}"
    return f"{value} {condition.operator} {limit}" if field.type in _ORDERED else None


def _owner(table: str, path: tuple[str, ...], totals: Totals) -> str:
    for column, after in pairwise(path):
        table, _ = totals.target(table, column, after)
    return table


def _literal(field: Field, text: str) -> str:
    value = encode_cell(field, field.parse(text)[0])
    return quoted_text(value) if isinstance(value, str) else repr(value)


def groupings(
    references: Iterable[Reference], totals: Totals, leave_out: Collection[str]
) -> dict[tuple[str, Paths], list[str | None]]:
    """Return by which codes and keys the totals of a package are grouped, where that puts several rows together.

    A grouping is one that a reference of the package states: whether rows may be added up at all, only
    its author knows.

    Args:
        references: that the package states.
        totals: of the package.
        leave_out: tables that are about the package itself.

    Returns:
        The columns that are added up, by table and paths; `None` where rows are counted.
    """
    found: dict[tuple[str, Paths], list[str | None]] = {}
    for reference in references:
        name, conditions = reference.table, totals.canonical(reference).conditions
        paths = tuple(condition.path for condition in conditions)
        if not paths or name in leave_out or any(condition.operator != "=" for condition in conditions):
            continue
        if not all(_groups(name, path, totals) for path in paths):
            continue
        cells = [totals.column(name, path) for path in paths]
        if len(set(zip(*cells, strict=True))) < len(totals.tables[name]):
            columns = found.setdefault((name, paths), [])
            if reference.column not in columns:
                columns.append(reference.column)
    return {key: [column for column in columns if column is not None] or [None] for key, columns in found.items()}


def _groups(table: str, path: tuple[str, ...], totals: Totals) -> bool:
    """Say whether the values at the end of a path are codes, or part of a key."""
    owner = _owner(table, path, totals)
    schema, field = totals.schemas[owner], totals.end_field(table, path)
    referring = any(path[-1] in key.fields for key in schema.foreign_keys)
    return bool(field.categories) or referring or path[-1] in schema.primary_key


def grouped_query(table: str, paths: Paths, columns: list[str | None], totals: Totals) -> tuple[str, str]:
    """Return a name and a query for the totals of one grouping."""
    keys = [f"{end_of(table, path, totals)} AS {quoted_name('_'.join(path))}" for path in paths]
    sums = [f"{sum_of(column)} AS {quoted_name(column or 'rows')}" for column in columns]
    numbers = ", ".join(str(position) for position in range(1, len(paths) + 1))
    name = f"{table}_by_{'_and_'.join('_'.join(path) for path in paths)}"
    return name, f"SELECT {', '.join(keys + sums)} FROM {quoted_name(table)} GROUP BY {numbers}"


def labelled_query(table: Table, tables: Mapping[str, Table], codes: Codes) -> str | None:
    """Return the query for a table with the label of each code, and what each key leads to, beside it."""
    free = FreeNames(table.columns)
    columns, joins = [], []
    for name in table.columns:
        columns.append(f"t.{quoted_name(name)}")
        here = f"t.{quoted_name(name)}"
        if (table.name, name) in codes:
            alias = quoted_name(f"codes of {name}")
            columns.append(f'{alias}."label" AS {quoted_name(free.take(f"{name}_label"))}')
            joins.append(f'LEFT JOIN {quoted_name(codes[table.name, name])} AS {alias} ON {alias}."code" = {here}')
        for key in table.schema.foreign_keys:
            target = tables.get(key.table)
            if target is None or key.fields != (name,) or not names_rows(target.schema, key.columns):
                continue
            alias = quoted_name(f"{key.table} of {name}")
            others = [column for column in target.columns if column not in key.columns]
            columns += [
                f"{alias}.{quoted_name(other)} AS {quoted_name(free.take(f'{name}_{other}'))}" for other in others
            ]
            there = f"{alias}.{quoted_name(key.columns[0])}"
            joins.append(f"LEFT JOIN {quoted_name(target.name)} AS {alias} ON {there} = {here}")
    if not joins:
        return None
    return f"SELECT {', '.join(columns)} FROM {quoted_name(table.name)} AS t {' '.join(joins)}"
