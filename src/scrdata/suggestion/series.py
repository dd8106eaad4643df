"""The totals that are held against one another: what each table counts, by which of its columns, in which part.

Everything here is bounded: so many columns of a table, so many values of a column, and so many rows
visited in all. What is left out for that reason is noted.
"""

from __future__ import annotations

from decimal import Decimal

from scrdata.fields import SUMMABLE
from scrdata.records import Record
from scrdata.references import Condition, Reference, is_name
from scrdata.suggestion.surprise import in_units, point_bits, spread_of
from scrdata.totals import NotSummableError, add
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.totals import Amount, Instance, Totals

    Path = tuple[str, ...]

MOST_MEASURES = 12
MOST_DIMENSIONS = 8
MOST_SLICES = 40
ROWS_VISITED = 3_000_000
# So many tables or columns are named in a note.
LISTED = 8
_GROUPING = ("string", "integer", "boolean", "date", "year", "yearmonth", "any")


class Measure(Record):
    """What is added up: a column, or the rows themselves.

    Attributes:
        table, column: `None` as a column counts rows.
        unit: the name of what is counted: that of the column, or of the table whose rows are counted.
        decimals: decimal places in use.
        spread: between its smallest and its largest cell, in units; `None` where unknown.
        largest: the sum of all cells, without their signs, in units.
    """

    table: str
    column: str | None
    unit: str
    decimals: int
    spread: int | None
    largest: int

    def bits(self, amount: Amount, parts: int, decimals: int) -> float:
        """Return how many bits say that a total of so many cells is just this amount; see `surprise`."""
        more = 10 ** (decimals - self.decimals)
        spread = None if self.spread is None else self.spread * more
        return point_bits(in_units(amount, decimals), self.largest * more, spread, parts)


class Series(Record):
    """A reference with its totals: one for each instance of its stars, or the one of `()` without stars.

    Attributes:
        reference: in canonical spelling.
        measure: what it adds up.
        totals: by instance; those with a missing cell are left out.
        rows: by instance, the rows that enter, as often as the table has them.
        missing: the number of totals with a missing cell.
    """

    reference: Reference
    measure: Measure
    totals: Mapping[Instance, Amount]
    rows: Mapping[Instance, int]
    missing: int

    @property
    def stars(self) -> Path:
        """The names of the starred columns, by which series are paired."""
        return tuple(path[-1] for path in self.reference.stars)

    def bits(self, instance: Instance, decimals: int) -> float:
        """Return how many bits say that the total of one instance is what it is."""
        return self.measure.bits(self.totals[instance], self.rows.get(instance, 1), decimals)


def pair_bits(left: Series, right: Series, instance: Instance) -> float:
    """Return how many bits the agreement of two series in one instance has alone."""
    decimals = max(left.measure.decimals, right.measure.decimals)
    return max(side.bits(instance, decimals) for side in (left, right) if instance in side.totals)


class Subjects:
    """Makes series of the tables of a package, within a budget of rows to visit.

    Args:
        totals: the tables.
        left_out: names of tables that hold no data, such as that of the rules.
        descriptions: titles and descriptions of the tables.

    Attributes:
        visited: the number of rows that were visited so far.
    """

    def __init__(self, totals: Totals, left_out: set[str], descriptions: Mapping[str, str]) -> None:
        self.totals = totals
        self.descriptions = descriptions
        self.tables = [table for name, table in totals.tables.items() if name not in left_out and is_name(name)]
        self.visited = 0
        self._left_out: dict[str, dict[str, None]] = {}
        self._measures: dict[str, list[Measure]] = {}
        self._dimensions: dict[str, list[Path]] = {}
        self._series: dict[Reference, Series | None] = {}

    def note(self, kind: str, what: str = "") -> None:
        """Take note that something of a kind is not tried."""
        self._left_out.setdefault(kind, {})[what] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, each kind once, with the first of those that it concerns."""
        notes = []
        for kind, items in self._left_out.items():
            named = [item for item in items if item]
            more = f" and {len(named) - LISTED} more" if len(named) > LISTED else ""
            notes.append(kind + (f": {', '.join(named[:LISTED])}{more}" if named else ""))
        return tuple(notes)

    def measures(self, table: Table) -> list[Measure]:
        """Return what a table counts: its rows, and its columns of numbers that identify nothing."""
        if table.name not in self._measures:
            columns = [field for field in table.schema.fields if _is_measure(field, table)]
            if len(columns) > MOST_MEASURES:
                self.note(f"columns of numbers after the first {MOST_MEASURES} of a table", table.name)
            found = [_column_measure(table, field.name) for field in columns[:MOST_MEASURES]]
            rows = Measure(table.name, None, table.name, 0, None, len(table))
            self._measures[table.name] = [rows, *(measure for measure in found if measure)]
        return self._measures[table.name]

    def dimensions(self, table: Table) -> list[Path]:
        """Return the columns that group the rows of a table: keys, codes, and codes that a foreign key leads to."""
        if table.name not in self._dimensions:
            paths: list[Path] = [(field.name,) for field in table.schema.fields if _is_dimension(field, table)]
            paths += self._paths_beyond(table)
            if len(paths) > MOST_DIMENSIONS:
                self.note(f"columns that group rows after the first {MOST_DIMENSIONS} of a table", table.name)
            self._dimensions[table.name] = paths[:MOST_DIMENSIONS]
        return self._dimensions[table.name]

    def _paths_beyond(self, table: Table) -> Iterator[Path]:
        for key in table.schema.foreign_keys:
            target = self.totals.tables.get(key.table or table.name)
            if len(key.fields) != 1 or target is None or target.schema.primary_key != key.columns:
                continue
            if is_name(key.fields[0]):
                coded = (field.name for field in target.schema.fields if _is_coded(field) and is_name(field.name))
                yield from ((key.fields[0], name) for name in coded)

    def keys(self, table: Table) -> list[Path]:
        """Return those of the columns that group the rows which are part of the key, else all of them."""
        paths = self.dimensions(table)
        keys: list[Path] = [path for path in paths if path[0] in table.schema.primary_key and len(path) == 1]
        return keys or paths

    def values(self, table: Table, path: Path) -> list[str]:
        """Return the different values that stand at the end of a path, in their order, missing ones aside."""
        return list(self.rows_by_value(table, path))

    def slices(self, table: Table, path: Path) -> list[str]:
        """Return the values of a column by which the table can be cut into parts; none if there are too many."""
        values = self.values(table, path)
        if len(values) > MOST_SLICES:
            self.note(f"parts by a column of more than {MOST_SLICES} values", f"{table.name}.{'.'.join(path)}")
            return []
        return values

    def rows_by_value(self, table: Table, path: Path) -> dict[str, list[int]]:
        """Return the rows of each value that stands at the end of a path, missing ones aside."""
        index = self.totals.index(table.name, path)
        return {to_text(value): rows for value, rows in index.items() if value is not None}

    def reference(self, measure: Measure, *conditions: Condition) -> Reference:
        """Return the reference to a measure of the rows that fulfil some conditions, in canonical spelling."""
        return self.totals.canonical(Reference(measure.table, conditions, measure.column))

    def series(self, measure: Measure, *conditions: Condition) -> Series | None:
        """Return the totals of a measure; `None` where there are none, or where the budget is spent."""
        reference = self.reference(measure, *conditions)
        if reference not in self._series:
            self._series[reference] = self._evaluated(reference, measure)
        return self._series[reference]

    def _evaluated(self, reference: Reference, measure: Measure) -> Series | None:
        if self.visited > ROWS_VISITED:
            self.note(f"totals after {ROWS_VISITED:,} rows had been visited")
            return None
        totals = self.totals
        try:
            if reference.stars:
                amounts = totals.values(reference)
                rows = {instance: len(group) for instance, group in totals.groups(reference).items()}
            else:
                amounts = {(): totals.value(reference)}
                rows = {(): len(totals.rows(reference))}
        except NotSummableError:
            return None
        self.visited += sum(rows.values()) + 1
        known = {instance: amount for instance, amount in amounts.items() if amount is not None}
        if 2 * len(known) < len(amounts) or not known:
            return None
        return Series(reference, measure, known, rows, len(amounts) - len(known))


def star(path: Path) -> Condition:
    """Return the condition that stands for each value of a column in turn."""
    return Condition(path, "=", (), starred=True)


def where(path: Path, *values: str) -> Condition:
    """Return the condition that a column has one of some values."""
    return Condition(path, "=", values)


def _is_coded(field: Field) -> bool:
    has_codes = bool(field.categories) or "enum" in field.properties.get("constraints", {})  # type: ignore[operator]
    return (has_codes or field.type == "boolean") and field.type in _GROUPING


def _identifies(field: Field, table: Table) -> bool:
    """Say whether a column is part of a key, and so stands for something else."""
    schema = table.schema
    foreign = {name for key in schema.foreign_keys for name in key.fields}
    return field.name in schema.primary_key or field.name in foreign


def _is_dimension(field: Field, table: Table) -> bool:
    if field.type not in _GROUPING or not is_name(field.name) or field.properties.get("scrdata:reference") is True:
        return False
    return _identifies(field, table) or _is_coded(field)


def _is_measure(field: Field, table: Table) -> bool:
    named = field.type in SUMMABLE and is_name(field.name)
    return named and not field.unique and not field.categories and not _identifies(field, table)


def _column_measure(table: Table, column: str) -> Measure | None:
    """Return a column with the spread of its cells; `None` if it is empty or holds what is no number."""
    cells: list[Amount] = [cell for cell in table.columns[column] if isinstance(cell, (int, Decimal))]
    if not cells:
        return None
    try:
        add(cells)
    except NotSummableError:
        return None
    decimals = max((max(0, -int(cell.as_tuple().exponent)) for cell in cells if isinstance(cell, Decimal)), default=0)
    largest = sum(abs(in_units(cell, decimals)) for cell in cells)
    return Measure(table.name, column, column, decimals, spread_of(cells, decimals), largest)
