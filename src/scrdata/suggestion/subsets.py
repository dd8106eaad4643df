"""What never exceeds something else, and how many rows belong to each row of another table."""

from __future__ import annotations

from itertools import permutations

from scrdata.suggestion.agreements import starred_series
from scrdata.suggestion.hunting import COLUMN_SUBSET, NESTED, ROWS, SUBSET, equation
from scrdata.suggestion.partitions import is_even, row_stars
from scrdata.suggestion.series import star
from scrdata.suggestion.surprise import even_bits, occupied_bits, order_bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.reading import Table
    from scrdata.suggestion.hunting import Form, Hunt
    from scrdata.suggestion.series import Measure, Series

MOST_PAIRS = 2_000
_LEAST_INSTANCES = 2


def find_columns_within_columns(hunt: Hunt) -> None:
    """Find columns that exceed another column of the table in no row."""
    for table in hunt.subjects.tables:
        stars = [star(path) for path in row_stars(hunt, table)]
        columns = [measure for measure in hunt.subjects.measures(table) if measure.column] if stars else []
        for part, whole in permutations(columns, 2):
            hunt.count(COLUMN_SUBSET)
            bits = None if (part, whole) in hunt.parts else _column_bits(table, part, whole)
            if bits is not None:
                references = [hunt.subjects.reference(measure, *stars) for measure in (part, whole)]
                hunt.add(COLUMN_SUBSET, equation(references[:1], "<=", references[1:]), bits)


def _column_bits(table: Table, part: Measure, whole: Measure) -> float | None:
    """Return the bits of one column that never exceeds another; `None` if it does, equals it, or mostly lacks cells."""
    pairs = []
    for one, other in zip(table.columns[str(part.column)], table.columns[str(whole.column)], strict=True):
        if one is not None and other is not None:
            if one > other:  # type: ignore[operator]
                return None
            pairs.append((one, other))
    if 2 * len(pairs) < len(table) or all(one == other for one, other in pairs):
        return None
    return order_bits(pairs)  # type: ignore[arg-type]


def find_totals_within_totals(hunt: Hunt) -> None:
    """Find totals that exceed those of the same name in another table for no value of a column that both have."""
    groups: dict[object, list[Series]] = {}
    for series in starred_series(hunt.subjects):
        plain = all(condition.starred for condition in series.reference.conditions)
        if plain and not series.missing and len(series.totals) >= _LEAST_INSTANCES:
            groups.setdefault((series.stars, series.measure.unit), []).append(series)
    pairs = [
        pair
        for group in groups.values()
        for pair in permutations(group, 2)
        if pair[0].measure.table != pair[1].measure.table
    ]
    if len(pairs) > MOST_PAIRS:
        hunt.subjects.note(f"pairs of totals in two tables, one within the other, after the first {MOST_PAIRS:,}")
    for part, whole in pairs[:MOST_PAIRS]:
        hunt.count(SUBSET)
        _try_subset(hunt, SUBSET, part, whole)


def _try_subset(hunt: Hunt, form: Form, part: Series, whole: Series) -> None:
    instances = sorted({*part.totals, *whole.totals})
    pairs = [(part.totals.get(instance, 0), whole.totals.get(instance, 0)) for instance in instances]
    if all(one <= other for one, other in pairs) and any(one != other for one, other in pairs):
        hunt.add(form, equation([part.reference], "<=", [whole.reference]), order_bits(pairs))


def find_children_within_parents(hunt: Hunt) -> None:
    """Find columns in which the rows with one parent never exceed that parent together."""
    for table in hunt.subjects.tables:
        for key in table.schema.foreign_keys:
            if key.table in ("", table.name) and key.columns == table.schema.primary_key and len(key.fields) == 1:
                for measure in hunt.subjects.measures(table):
                    parts = hunt.subjects.series(measure, star((key.fields[0], key.columns[0])))
                    wholes = hunt.subjects.series(measure, star(key.columns))
                    if measure.column is None or parts is None or wholes is None or parts.missing:
                        continue
                    hunt.count(NESTED)
                    _try_parents(hunt, parts, wholes)


def _try_parents(hunt: Hunt, parts: Series, wholes: Series) -> None:
    """Propose that children stay within their parents, judged by the rows that are parents."""
    if wholes.missing or any(total > wholes.totals.get(parent, 0) for parent, total in parts.totals.items()):
        return
    pairs = [(total, wholes.totals[parent]) for parent, total in parts.totals.items()]
    hunt.add(NESTED, equation([parts.reference], "<=", [wholes.reference]), order_bits(pairs))


def find_row_counts(hunt: Hunt) -> None:
    """Find foreign keys by which each row of a table has rows of another, or equally many."""
    for table in hunt.subjects.tables:
        for key in table.schema.foreign_keys:
            target = hunt.subjects.totals.tables.get(key.table or table.name)
            if len(key.fields) != 1 or target is None or target is table or key.columns != target.schema.primary_key:
                continue
            path = key.fields if key.fields == key.columns else (key.fields[0], key.columns[0])
            if key.columns not in hunt.subjects.dimensions(target):
                continue
            hunt.count(ROWS)
            there = hunt.subjects.series(hunt.subjects.measures(target)[0], star(key.columns))
            here = hunt.subjects.series(hunt.subjects.measures(table)[0], star(path))
            if here is not None and there is not None and there.totals.keys() <= here.totals.keys():
                _add_rows(hunt, here, there)


def _add_rows(hunt: Hunt, here: Series, there: Series) -> None:
    rows = list(here.rows.values())
    if is_even(rows):
        tie = equation([here.reference], "=", [there.reference], rows[0])
        hunt.add(ROWS, tie, even_bits(sum(rows), len(rows)))
    else:
        tie = equation([there.reference], "<=", [here.reference])
        hunt.add(ROWS, tie, occupied_bits(sum(rows), len(rows)))
