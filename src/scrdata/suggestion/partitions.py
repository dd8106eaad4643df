"""Parts and wholes within one table: columns that add up to a column, rows to a row, groups of rows to one sum."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from scrdata.errors import NotationError
from scrdata.suggestion.agreements import Whole
from scrdata.suggestion.hunting import COLUMNS, GROUPS, NAMED_TOTAL, NAMED_WHOLE, TOTAL, equation
from scrdata.suggestion.series import star, where
from scrdata.suggestion.surprise import choice_bits, equality_bits, hits_bits
from scrdata.totals import NotSummableError, add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.suggestion.hunting import Hunt
    from scrdata.suggestion.series import Measure, Series
    from scrdata.totals import Amount, Instance

    Path = tuple[str, ...]

TOTAL_WORDS = {"total", "totals", "all", "sum", "overall", "both", "whole", "any", "everyone", "everything", "together"}
# So many codes are written out in a rule; beyond, twice the total is held against the whole column.
MOST_PARTS = 12
MOST_PAIRED_COLUMNS = 8
_LEAST_INSTANCES = 2
_LEAST_GROUPS = 3


def find_columns_that_add_up(hunt: Hunt) -> None:
    """Find columns that are the sum of others in every row: of columns beside them, of two, or of all others."""
    for table in hunt.subjects.tables:
        stars = row_stars(hunt, table)
        measures = [measure for measure in hunt.subjects.measures(table) if measure.column]
        if not stars and len(measures) > 1:
            hunt.subjects.note("columns of a table without a key of codes or names", table.name)
        for place, whole in enumerate(measures if stars else ()):
            for parts in _runs(measures, place):
                hunt.count(COLUMNS)
                _try_columns(hunt, table, whole, parts)


def row_stars(hunt: Hunt, table: Table) -> list[Path]:
    """Return the columns of the key, over which a rule can be starred to hold row by row; none if they are no codes."""
    paths: list[Path] = [(key,) for key in table.schema.primary_key]
    return paths if set(paths) <= set(hunt.subjects.dimensions(table)) else []


def _runs(measures: list[Measure], place: int) -> Iterator[list[Measure]]:
    """Yield the columns that a column may be the sum of."""
    seen = []
    runs = [measures[place - length : place] for length in range(1, place + 1)]
    runs += [measures[place + 1 : place + 1 + length] for length in range(1, len(measures) - place)]
    others = measures[:place] + measures[place + 1 :]
    if len(others) <= MOST_PAIRED_COLUMNS:
        runs += [list(pair) for pair in combinations(others, 2)]
    for run in (*runs, others):
        ordered = sorted(run, key=measures.index)
        # Two equal columns are one rule, whichever stands first.
        if ordered and ordered not in seen and (len(ordered) > 1 or measures.index(ordered[0]) < place):
            seen.append(ordered)
            yield ordered


def _try_columns(hunt: Hunt, table: Table, whole: Measure, parts: list[Measure]) -> None:
    names = [str(measure.column) for measure in (whole, *parts)]
    columns = [table.columns[name] for name in names]
    filled = 0
    values = []
    for first, *rest in zip(*columns, strict=True):
        if first is None or None in rest:
            continue
        if add(rest) != first:
            return
        filled += 1
        if first:
            values.append((first, whole.bits(first, 1, whole.decimals)))
    used = all(any(column) for column in columns)
    if not used or len(values) < _LEAST_INSTANCES or 2 * filled < len(table):
        return
    if all(cell >= 0 for column in columns[1:] for cell in column if cell is not None):  # type: ignore[operator]
        hunt.parts.update((part, whole) for part in parts)
    stars = [star(path) for path in row_stars(hunt, table)]
    references = [hunt.subjects.reference(measure, *stars) for measure in (whole, *parts)]
    hunt.add(COLUMNS, equation(references[:1], "=", references[1:]), equality_bits(values))


def find_rows_that_add_up(hunt: Hunt) -> None:
    """Find rows of which one is the sum of the others, for each value of the rest of the key."""
    for table in hunt.subjects.tables:
        keys = hunt.subjects.keys(table)
        for key in keys:
            rest = [path for path in keys if path != key and path in row_stars(hunt, table)]
            for measure in hunt.subjects.measures(table):
                if measure.column is not None:
                    _try_total_rows(hunt, table, measure, key, rest)


def _try_total_rows(hunt: Hunt, table: Table, measure: Measure, key: Path, rest: list[Path]) -> None:
    stars = [star(path) for path in rest]
    everything = hunt.subjects.series(measure, *stars)
    single = hunt.subjects.series(measure, star(key), *stars)
    if everything is None or single is None or everything.missing:
        return
    values = hunt.subjects.values(table, key)
    by_value: dict[str, dict[Instance, Amount]] = {value: {} for value in values}
    place = single.stars.index(key[-1])
    filled: dict[Instance, int] = {}
    for instance, total in sorted(single.totals.items()):
        others = instance[:place] + instance[place + 1 :]
        by_value[instance[place]][others] = total
        filled[others] = filled.get(others, 0) + bool(total)
    if max(filled.values()) <= _LEAST_INSTANCES:
        return
    for value, totals in by_value.items():
        form = NAMED_TOTAL if TOTAL_WORDS & set(re.findall("[a-z]+", value.lower())) else TOTAL
        hunt.count(form)
        if any(totals.values()) and _is_half(totals, everything):
            whole = hunt.subjects.reference(measure, where(key, value), *stars)
            bits = equality_bits((total, measure.bits(total, 1, measure.decimals)) for total in totals.values())
            if len(values) <= MOST_PARTS:
                others_of = where(key, *(other for other in values if other != value))
                parts = hunt.subjects.reference(measure, others_of, *stars)
                hunt.add(form, equation([whole], "=", [parts]), bits)
            else:
                hunt.add(form, equation([everything.reference], "=", [whole], 2), bits)


def _is_half(whole: Mapping[Instance, Amount], everything: Series) -> bool:
    """Say whether a row is the sum of the others in every instance."""
    return all(2 * whole.get(instance, 0) == total for instance, total in everything.totals.items())


def find_groups_that_agree(hunt: Hunt) -> list[Whole]:
    """Find groups of rows of one column that sum to the same: each divides one whole in its own way.

    Returns:
        What at least three groups sum to, each time by the first of them.
    """
    cliques: list[Whole] = []
    for table in hunt.subjects.tables:
        for key in hunt.subjects.keys(table):
            for measure in hunt.subjects.measures(table):
                series = hunt.subjects.series(measure, star(key)) if measure.column else None
                if series is not None:
                    cliques += _try_groups(hunt, table, series, key)
    return cliques


def _try_groups(hunt: Hunt, table: Table, series: Series, key: Path) -> Iterator[Whole]:
    """Propose that groups agree; yield what three or more of them sum to."""
    pool: dict[Amount, list[Instance]] = {}
    for value in hunt.subjects.values(table, key):
        if (value,) in series.totals and series.rows[value,] >= _LEAST_INSTANCES and series.totals[value,]:
            pool.setdefault(series.totals[value,], []).append((value,))
    number = sum(map(len, pool.values()))
    hunt.count(GROUPS, len(pool))
    for members in pool.values():
        if len(members) < _LEAST_INSTANCES:
            continue
        measure = series.measure
        alone = min(series.bits(instance, measure.decimals) for instance in members)
        bits = hits_bits(len(members) - 1, number - 1, alone)
        references = [hunt.subjects.reference(measure, where(key, instance[0])) for instance in members]
        if len(members) == len(series.totals) and not series.missing and len(members) >= _LEAST_GROUPS:
            hunt.add(GROUPS, equation([series.reference], "=", references[:1]), bits)
        else:
            for reference in references[1:]:
                hunt.add(GROUPS, equation(references[:1], "=", [reference]), bits)
        whole = hunt.subjects.series(measure, where(key, members[0][0]))
        if whole is not None and len(members) >= _LEAST_GROUPS:
            yield Whole(whole, len(members))


def find_named_wholes(hunt: Hunt) -> None:
    """Find groups of rows that sum to the whole which each of them names (`scrdata:wholeOf`)."""
    for table in hunt.subjects.tables:
        for field in table.schema.fields:
            column = field.properties.get("scrdata:wholeOf")
            for measure in hunt.subjects.measures(table):
                if column is not None and measure.column == column:
                    for key in hunt.subjects.keys(table):
                        _try_named_wholes(hunt, table, measure, key, field.name)


def _try_named_wholes(hunt: Hunt, table: Table, measure: Measure, key: Path, column: str) -> None:
    groups = hunt.subjects.series(measure, star(key))
    if groups is None:
        return
    hunt.count(NAMED_WHOLE)
    tried, ties = 0, []
    for value, rows in hunt.subjects.rows_by_value(table, key).items():
        named = {table.columns[column][row] for row in rows}
        whole = _named_whole(hunt, str(named.pop())) if len(named) == 1 and None not in named else None
        own = hunt.subjects.reference(measure, where(key, value))
        if whole is None or whole[0] == own or len(rows) < _LEAST_INSTANCES or (value,) not in groups.totals:
            continue
        tried += 1
        if groups.totals[value,] == whole[1]:
            ties.append((equation([own], "=", [whole[0]]), whole[1], groups.bits((value,), measure.decimals)))
    if tried:
        bits = equality_bits((value, alone) for _, value, alone in ties) - choice_bits(len(ties), tried)
        for tie, _, _ in ties:
            hunt.add(NAMED_WHOLE, tie, bits)


def _named_whole(hunt: Hunt, text: str) -> tuple[Reference, Amount] | None:
    """Return the total that a cell refers to, with its value, if it has one."""
    totals = hunt.subjects.totals
    try:
        reference = totals.canonical(totals.reference(text))
        value = None if reference.stars else totals.value(reference)
    except (NotationError, NotSummableError):
        return None
    return None if value is None else (reference, value)


def is_even(rows: Sequence[int]) -> bool:
    """Say whether all groups have equally many rows."""
    return all(one == other for one, other in pairwise(rows))
