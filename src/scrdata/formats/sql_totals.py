"""References of the notation as SQL, so that a database computes the totals that the package speaks of."""

from __future__ import annotations

from itertools import pairwise

from scrdata.formats.sql_names import FreeNames, quoted_name
from scrdata.formats.sql_tables import SORTED_ALIKE, SPELT_APART, literal_of, target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scrdata.formats.sql_tables import Codes
    from scrdata.reading import Table
    from scrdata.references import Condition, Reference
    from scrdata.totals import Totals

    Paths = tuple[tuple[str, ...], ...]

MOST_COLUMNS = 2000


def total_query(reference: Reference, totals: Totals, codes: Codes) -> str | None:
    """Return the query that computes a total; `None` where a database does not compare as the notation does.

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
    row = quoted_name(FreeNames(totals.schemas).take("row"))
    for column, after in pairwise(path):
        name, key = totals.target(table, column, after)
        there = quoted_name(name)
        condition = f"{row}.{quoted_name(key)} = {expression}"
        expression = f"(SELECT {row}.{quoted_name(after)} FROM {there} AS {row} WHERE {condition})"
        table = name
    return expression


def _condition(table: str, condition: Condition, totals: Totals, codes: Codes) -> str | None:
    field = totals.end_field(table, condition.path)
    value = end_of(table, condition.path, totals)
    cells = [field.parse(text)[0] if text else None for text in condition.values]
    literals = [literal_of(field, cell) for cell in cells if cell is not None]
    if field.type in SPELT_APART or None in literals:
        return None
    if condition.operator == "=":
        parts = [f"{value} IN ({', '.join(filter(None, literals))})"] if literals else []
        if None in cells:
            parts.append(f"{value} IS NULL")
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"
    (limit,) = literals
    if field.ordered:
        name = quoted_name(codes[_owner(table, condition.path, totals), condition.path[-1]])
        place = f'(SELECT "position" FROM {name} WHERE "code" = {{}})'
        return f"{place.format(value)} {condition.operator} {place.format(limit)}"
    return f"{value} {condition.operator} {limit}" if field.type in SORTED_ALIKE else None


def _owner(table: str, path: tuple[str, ...], totals: Totals) -> str:
    for column, after in pairwise(path):
        table, _ = totals.target(table, column, after)
    return table


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
    one_each: set[tuple[str, Paths]] = set()
    for reference in references:
        name, conditions = reference.table, totals.canonical(reference).conditions
        paths = tuple(condition.path for condition in conditions)
        if not paths or name in leave_out or any(condition.operator != "=" for condition in conditions):
            continue
        if (name, paths) in one_each or not all(_groups(name, path, totals) for path in paths):
            continue
        if (name, paths) not in found:
            cells = [totals.column(name, path) for path in paths]
            if len(set(zip(*cells, strict=True))) == len(totals.tables[name]):
                one_each.add((name, paths))
                continue
        columns = found.setdefault((name, paths), [])
        if reference.column not in columns:
            columns.append(reference.column)
    return {key: [column for column in columns if column is not None] or [None] for key, columns in found.items()}


def _groups(table: str, path: tuple[str, ...], totals: Totals) -> bool:
    """Say whether the values at the end of a path are codes, or part of a key."""
    owner = _owner(table, path, totals)
    schema, field = totals.schemas[owner], totals.end_field(table, path)
    if field.type in SPELT_APART:
        return False
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
    """Return the query for a table with the label of each code, and what each key leads to, beside it.

    `None` where there is neither, or where this would be more columns than a database has.
    """
    free = FreeNames(table.columns)
    columns = []
    for name in table.columns:
        columns.append(f"t.{quoted_name(name)}")
        if (table.name, name) in codes:
            columns.append(_looked_up(name, codes[table.name, name], "code", "label", free.take(f"{name}_label")))
        for key in table.schema.foreign_keys:
            target = target_of(key, table, tables)
            if target is None or target is table or key.fields != (name,):
                continue
            others = [column for column in target.columns if column not in key.columns]
            columns += [
                _looked_up(name, target.name, key.columns[0], other, free.take(f"{name}_{other}")) for other in others
            ]
    if not len(table.columns) < len(columns) <= MOST_COLUMNS:
        return None
    return f"SELECT {', '.join(columns)} FROM {quoted_name(table.name)} AS t"


def _looked_up(name: str, table: str, key: str, column: str, result: str) -> str:
    """Return the expression for what stands in another table beside the value of a column.

    A join would do as well, but a database joins no more than 64 tables.
    """
    source = f"{quoted_name(table)} AS u WHERE u.{quoted_name(key)} = t.{quoted_name(name)}"
    return f"(SELECT u.{quoted_name(column)} FROM {source}) AS {quoted_name(result)}"
