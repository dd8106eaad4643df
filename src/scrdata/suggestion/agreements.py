"""Totals that agree: between tables, between parts of a table, and with a single cell elsewhere."""

from __future__ import annotations

import re
from itertools import combinations

from scrdata.records import Record
from scrdata.suggestion.hunting import ALIKE, CELL, NAMED_CELL, UNLIKE, WHOLES, equation
from scrdata.suggestion.series import pair_bits, star, where
from scrdata.suggestion.surprise import choice_bits, equality_bits
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scrdata.reading import Table
    from scrdata.references import Condition
    from scrdata.suggestion.hunting import Hunt
    from scrdata.suggestion.series import Series, Subjects
    from scrdata.totals import Amount

    Path = tuple[str, ...]

MOST_CELLS = 2_000
# Words shorter than this stand in every description.
_LEAST_LETTERS = 4
_LEAST_INSTANCES = 2


def find_agreeing_series(hunt: Hunt) -> None:
    """Find starred totals that agree value by value: `a[x=*].n = b[x=*].n`."""
    groups: dict[Path, list[Series]] = {}
    for series in starred_series(hunt.subjects):
        # That ones agree with ones is no more than that two tables have the same keys.
        if not series.missing and any(not -1 <= total <= 1 for total in series.totals.values()):
            groups.setdefault(series.stars, []).append(series)
    for group in groups.values():
        units = [series.measure.unit for series in group]
        alike = sum(units.count(unit) * (units.count(unit) - 1) // 2 for unit in dict.fromkeys(units))
        hunt.count(ALIKE, alike)
        hunt.count(UNLIKE, len(group) * (len(group) - 1) // 2 - alike)
        same: dict[frozenset[object], list[Series]] = {}
        for series in group:
            filled = frozenset((instance, amount) for instance, amount in series.totals.items() if amount)
            if len(filled) >= _LEAST_INSTANCES:
                same.setdefault(filled, []).append(series)
        for members in same.values():
            _tie_together(hunt, members)


def starred_series(subjects: Subjects) -> Iterator[Series]:
    """Yield the totals of every table by one column and by two, whole before cut into parts by another."""
    counted = [(table, measure) for table in subjects.tables for measure in subjects.measures(table)]
    for table, measure in counted:
        for path in subjects.dimensions(table):
            yield from _present(subjects.series(measure, star(path)))
    for table, measure in counted:
        for one, other in combinations(subjects.keys(table), 2):
            if one[-1] != other[-1]:
                yield from _present(subjects.series(measure, star(one), star(other)))
        for part in _parts(subjects, table):
            for path in subjects.dimensions(table):
                if path[0] != part.path[0]:
                    yield from _present(subjects.series(measure, part, star(path)))


def _parts(subjects: Subjects, table: Table) -> Iterator[Condition]:
    """Yield the conditions by which a table is cut into parts."""
    for path in subjects.keys(table):
        yield from (where(path, value) for value in subjects.slices(table, path))


def _present(series: Series | None) -> tuple[Series, ...]:
    return () if series is None else (series,)


def _plainness(series: Series) -> tuple[int, bool, int]:
    """Order totals that agree: the one with the fewest conditions, and a count of rows, is what others agree with."""
    return len(series.reference.conditions), series.measure.column is not None, -sum(series.rows.values())


def _tie_together(hunt: Hunt, members: list[Series]) -> None:
    """Propose that each of some totals agrees with the plainest of them, of the same name if there is one."""
    members = sorted(members, key=_plainness)
    for place, series in enumerate(members):
        before = members[:place]
        partner = next((one for one in before if one.measure.unit == series.measure.unit), None)
        partner = partner or next(iter(before), None)
        if partner is None or _overlap(partner, series):
            continue
        form = ALIKE if partner.measure.unit == series.measure.unit else UNLIKE
        instances = sorted(instance for instance, amount in series.totals.items() if amount)
        bits = equality_bits((series.totals[instance], pair_bits(partner, series, instance)) for instance in instances)
        hunt.add(form, equation([partner.reference], "=", [series.reference]), bits)


def _overlap(one: Series, other: Series) -> bool:
    """Say whether two totals of one column share cells, so that they agree where the rest is nothing but zeros."""
    if (one.measure.table, one.measure.column) != (other.measure.table, other.measure.column):
        return False
    fixed = [
        {condition.path: condition.values for condition in series.reference.conditions if not condition.starred}
        for series in (one, other)
    ]
    return not any(path in fixed[1] and fixed[1][path] != values for path, values in fixed[0].items())


class Whole(Record):
    """The sum of a whole table, or what several groups of its rows sum to alike."""

    series: Series
    alike: int = 1

    @property
    def total(self) -> Amount:
        """The sum."""
        return self.series.totals[()]


def find_agreeing_wholes(hunt: Hunt, cliques: Sequence[Whole]) -> None:
    """Find whole tables that sum to the same, and cells elsewhere that they sum to.

    Args:
        hunt: takes what is found.
        cliques: what several groups of rows of one column sum to; such a column is no whole.
    """
    wholes = [*_wholes(hunt.subjects, cliques), *cliques]
    for unit in dict.fromkeys(whole.series.measure.unit for whole in wholes):
        own = [whole for whole in wholes if whole.series.measure.unit == unit]
        values: dict[Amount, list[Whole]] = {}
        for whole in own:
            values.setdefault(whole.total, []).append(whole)
        hunt.count(WHOLES, len(own) * (len(own) - 1) // 2)
        for value, members in values.items():
            if value and len({whole.series.measure.table for whole in members}) > 1:
                _tie_wholes(hunt, members, len(own))
        _find_cells(hunt, unit, own)


def _wholes(subjects: Subjects, cliques: Sequence[Whole]) -> Iterator[Whole]:
    counted = {measure.unit for table in subjects.tables for measure in subjects.measures(table) if measure.column}
    divided = {(whole.series.measure.table, whole.series.measure.column) for whole in cliques}
    for table in subjects.tables:
        for measure in subjects.measures(table):
            named = measure.column is not None or measure.unit in counted
            if len(table) >= _LEAST_INSTANCES and named and (table.name, measure.column) not in divided:
                yield from (Whole(series) for series in _present(subjects.series(measure)))


def _tie_wholes(hunt: Hunt, members: list[Whole], among: int) -> None:
    members = sorted(members, key=lambda whole: _plainness(whole.series))
    anchor, *others = members
    alone = min(pair_bits(anchor.series, other.series, ()) for other in others)
    # Pairs are counted as candidates; of three or more that agree there are more choices than pairs.
    bits = len(others) * alone - choice_bits(len(members), among) + choice_bits(2, among)
    for other in others:
        if not _overlap(anchor.series, other.series):
            hunt.add(WHOLES, equation([anchor.series.reference], "=", [other.series.reference]), bits)


def _find_cells(hunt: Hunt, unit: str, wholes: Sequence[Whole]) -> None:
    """Find single cells that the sum of another table equals: the table divides what the cell counts."""
    cells = [cell for table in hunt.subjects.tables for cell in _cells(hunt.subjects, table, unit)]
    if len(cells) > MOST_CELLS:
        hunt.subjects.note(f"single cells of columns called {unit}, of which there are more than {MOST_CELLS:,}")
        return
    for whole in wholes:
        measure = whole.series.measure
        if measure.column is not None and whole.alike == 1 and whole.total:
            elsewhere = (item for item in cells if item[0].measure.table != measure.table)
            _try_cells(hunt, whole, elsewhere)


def _try_cells(hunt: Hunt, whole: Whole, cells: Iterable[tuple[Series, set[str]]]) -> None:
    measure = whole.series.measure
    words = _words(f"{measure.table} {hunt.subjects.descriptions.get(measure.table, '')}")
    parts: list[Amount] = hunt.subjects.totals.tables[measure.table].columns[str(measure.column)]  # type: ignore[assignment]
    # A sum of parts none of which is below zero is no less than the largest: smaller cells are no candidates.
    least = max(parts) if min(parts) >= 0 else None
    for cell, named in cells:
        value = cell.totals[()]
        if least is not None and value < least:
            continue
        form = NAMED_CELL if words & named else CELL
        hunt.count(form)
        if value == whole.total:
            tie = equation([whole.series.reference], "=", [cell.reference])
            hunt.add(form, tie, pair_bits(whole.series, cell, ()))


def _cells(subjects: Subjects, table: Table, unit: str) -> Iterator[tuple[Series, set[str]]]:
    """Yield each cell of the columns of one name, by the key of its row, with the words of its codes."""
    keys = table.schema.primary_key
    if not keys or not {(key,) for key in keys} <= set(subjects.dimensions(table)):
        return
    for measure in subjects.measures(table):
        if measure.column is None or measure.unit != unit or len(table) > MOST_CELLS:
            continue
        for row in range(len(table)):
            values = [to_text(table.columns[key][row]) for key in keys]
            conditions = (where((key,), value) for key, value in zip(keys, values, strict=True))
            yield from ((cell, _words(" ".join(values))) for cell in _present(subjects.series(measure, *conditions)))


def _words(text: str) -> set[str]:
    """Return the words of a name or a sentence, in lower case and without a plural."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    return {word.removesuffix("s") for word in found if len(word) >= _LEAST_LETTERS}
