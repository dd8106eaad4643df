"""Which numbers a cell could hold instead of its own, by its column alone: bounds, codes and keys.

Spans are pairs of ends. An end is a value and a mark: `(5, 0)` is 5 itself, `(5, 1)` just above and
`(5, -1)` just below, so that ends of both kinds are compared as tuples. Columns of integers have
spans from integer to integer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from math import ceil, floor, inf

from scrdata.fields import native
from scrdata.network import exact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from scrdata.fields import Field
    from scrdata.network import Exact
    from scrdata.reading import Table
    from scrdata.table_schema import ForeignKey

    End = tuple[Exact | float, int]
    Span = tuple[End, End]

EVERYTHING: Span = ((-inf, 0), (inf, 0))


def overlap(one: Span, other: Span) -> Span:
    """Return what two spans share; its ends are in the wrong order if that is nothing."""
    return max(one[0], other[0]), min(one[1], other[1])


def intersection(region: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Return what two lists of spans in ascending order share."""
    shared = []
    place = 0
    for span in region:
        while place < len(other) and other[place][1] < span[0]:
            place += 1
        following = place
        while following < len(other) and other[following][0] <= span[1]:
            shared.append(overlap(span, other[following]))
            following += 1
    return shared


def merged(region: Iterable[Span], *, is_whole: bool) -> list[Span]:
    """Return spans in ascending order with those made one between whose ends there is no value."""
    result: list[Span] = []
    for span in region:
        if result:
            (value, mark), (following, next_mark) = result[-1][1], span[0]
            touch = value + 1 == following if is_whole else value == following and mark + 1 == next_mark
            if touch:
                result[-1] = (result[-1][0], span[1])
                continue
        result.append(span)
    return result


def point(value: Exact) -> Span:
    """Return the span of one value."""
    return (value, 0), (value, 0)


def without_tens(number: int) -> int:
    """Return a whole number without its factors 2 and 5: a fraction over what is left of 1 is a decimal that ends."""
    for factor in (2, 5):
        while number % factor == 0:
            number //= factor
    return number


class Domain:
    """The values that the cells of one column of numbers can have.

    Args:
        table: the table.
        name: of the column.
        tables: all tables of the package.

    Attributes:
        span: within the bounds of the field.
        is_whole: the column holds integers.
    """

    def __init__(self, table: Table, name: str, tables: Mapping[str, Table]) -> None:
        field = table.schema.columns[name]
        self.table = table
        self.name = name
        self.cells = [exact(cell) for cell in table.columns[name]]
        self.is_whole = field.type == "integer"
        self.span = self.whole(_bounds(field))
        self._codes = _codes(field)
        self._uses = [key for key in table.schema.foreign_keys if name in key.fields]
        self._targets = [self._target(key, tables) for key in self._uses]
        self._fixed = self._referred(tables)
        keys: list[tuple[str, ...]] = [(name,)] if field.unique else []
        keys += [key for key in (table.schema.primary_key, *table.schema.unique_keys) if name in key]
        self._taken = [self._taken_by(tuple(part for part in key if part != name)) for key in keys]
        self.is_key = bool(keys or self._uses or self._fixed)

    def whole(self, span: Span) -> Span:
        """Return a span from integer to integer where the column holds integers."""
        if not self.is_whole:
            return span
        (low, above), (high, below) = span
        if low != -inf:
            low = floor(low) + 1 if above else ceil(low)
        if high != inf:
            high = ceil(high) - 1 if below else floor(high)
        return (low, 0), (high, 0)

    def _others(self, names: tuple[str, ...], row: int) -> tuple[object, ...]:
        return tuple(self.table.columns[name][row] for name in names)

    def _taken_by(self, others: tuple[str, ...]) -> tuple[tuple[str, ...], dict[object, dict[Exact, Exact]]]:
        """Return for each value of a key's other columns the values here, each with the last of its run."""
        groups: dict[object, set[Exact]] = {}
        for row, value in enumerate(self.cells):
            rest = self._others(others, row)
            if value is not None and None not in rest:
                groups.setdefault(rest, set()).add(value)
        runs: dict[object, dict[Exact, Exact]] = {}
        for others_there, values in groups.items():
            ends = runs.setdefault(others_there, {})
            for value in sorted(values, reverse=True):
                ends[value] = ends.get(value + 1, value)
        return others, runs

    def _target(self, key: ForeignKey, tables: Mapping[str, Table]) -> dict[object, list[Exact]] | None:
        """Return the values that a foreign key allows here, by the values of its other columns."""
        target = tables.get(key.table or self.table.name)
        if target is None:
            return None
        own = key.columns[key.fields.index(self.name)]
        others = [column for column in key.columns if column != own]
        allowed: dict[object, set[Exact]] = {}
        for row, cell in enumerate(target.columns[own]):
            value = exact(cell)
            if value is not None:
                allowed.setdefault(tuple(target.columns[name][row] for name in others), set()).add(value)
        return {rest: sorted(values) for rest, values in allowed.items()}

    def _referred(self, tables: Mapping[str, Table]) -> set[int]:
        """Return the rows whose value other rows refer to, and no other row has."""
        fixed: set[int] = set()
        for table in tables.values():
            for key in table.schema.foreign_keys:
                if (key.table or table.name) == self.table.name and self.name in key.columns:
                    used = set(zip(*(table.columns[name] for name in key.fields), strict=True))
                    here = list(zip(*(self.table.columns[name] for name in key.columns), strict=True))
                    times: Counter[object] = Counter(here)
                    fixed.update(row for row, cells in enumerate(here) if times[cells] == 1 and cells in used)
        return fixed

    def room(self, row: int) -> Exact | float:
        """Return how far a cell is from the nearer of its bounds."""
        value = self.cells[row]
        assert value is not None
        return min(value - self.span[0][0], self.span[1][0] - value)

    def may_be(self, row: int, value: Exact) -> bool:
        """Say whether a row could have a value by bounds and type alone, its keys and codes aside."""
        return self.span[0] <= (value, 0) <= self.span[1] and row not in self._fixed and self._is_number(value)

    def is_free(self, row: int, value: Exact, beside: int | None = None) -> bool:
        """Say whether a row could have a value, by the column alone.

        Args:
            row: from 0.
            value: any other than its own.
            beside: a row that gives its own value away at the same time.
        """
        if not self.may_be(row, value) or (self._codes is not None and value not in self._codes):
            return False
        given_up = None if beside is None else self.cells[beside]
        for others, runs in self._taken:
            rest = self._others(others, row)
            same = beside is not None and self._others(others, beside) == rest
            if value in runs.get(rest, ()) and not (same and value == given_up):
                return False
        return all(value in allowed for allowed in self._allowed(row))

    def _is_number(self, value: Exact) -> bool:
        """Say whether a value can be written as the column's type: decimals end, and integers have no fraction."""
        below = without_tens(Fraction(value).denominator) if not self.is_whole else Fraction(value).denominator
        return below == 1

    def _allowed(self, row: int) -> Iterator[Sequence[Exact]]:
        for key, target in zip(self._uses, self._targets, strict=True):
            if target is not None:
                others = tuple(name for name in key.fields if name != self.name)
                yield target.get(self._others(others, row), ())

    def least(self, row: int, region: Iterable[Span]) -> End | None:
        """Return the least value in a region, other than its own, that a row could have; `None` if there is none.

        The region is in ascending order.
        """
        if row in self._fixed:
            return None
        listed: list[Sequence[Exact]] = [*self._allowed(row)]
        if self._codes is not None:
            listed.append(self._codes)
        for span in region:
            if span[0] > span[1]:
                continue
            found = self._listed(row, span, min(listed, key=len)) if listed else self._least(row, span)
            if found is not None:
                return found
        return None

    def _listed(self, row: int, span: Span, values: Sequence[Exact]) -> End | None:
        """Return the first of some sorted values that a row could have, within a span."""
        first = 0 if span[0][0] == -inf else bisect_left(values, span[0][0])
        for value in values[first:]:
            if (value, 0) > span[1]:
                break
            if (value, 0) >= span[0] and value != self.cells[row] and self.is_free(row, value):
                return value, 0
        return None

    def _least(self, row: int, span: Span) -> End | None:
        """Return the least value of a span that a row could have, in steps over runs of taken values."""
        (low, mark), high = span
        if not self.is_whole:
            if span[0] != high:
                return span[0]
            value = low
            return (value, 0) if value != self.cells[row] and self.is_free(row, value) else None  # type: ignore[arg-type]
        if low == -inf:
            return low, mark
        own = self.cells[row]
        taken: list[Mapping[Exact, Exact]] = [runs.get(self._others(others, row), {}) for others, runs in self._taken]
        value = low
        while (value, 0) <= high:
            ends = [runs[value] for runs in taken if value in runs]  # type: ignore[index]
            if not ends and value != own:
                return value, 0
            value = max([value, *ends]) + 1
        return None

    def greatest(self, row: int, region: Sequence[Span]) -> End | None:
        """Return the greatest such value; see `least`. What keys take away is not left out at this end."""
        if self.least(row, region) is None:
            return None
        listed: list[Sequence[Exact]] = [*self._allowed(row)]
        if self._codes is not None:
            listed.append(self._codes)
        for low, high in reversed(region):
            if listed:
                values = min(listed, key=len)
                inside = [(value, 0) for value in values if low <= (value, 0) <= high and value != self.cells[row]]
                if inside:
                    return inside[-1]
            elif not self.is_whole or high != (self.cells[row], 0):
                return high
            elif low < high:
                return high[0] - 1, 0
        return None


def _bounds(field: Field) -> Span:
    """Return the span that the constraints of a field leave."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    span = EVERYTHING
    for name, limit in constraints.items():
        if name in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
            value = exact(native(limit, field.read))
            if value is None:
                continue
            mark = 1 if name.startswith("exclusive") else 0
            lower = name.endswith("inimum")
            span = overlap(span, ((value, mark), (inf, 0)) if lower else ((-inf, 0), (value, -mark)))
    return span


def _codes(field: Field) -> Sequence[Exact] | None:
    """Return the values that a field lists, in ascending order; `None` where it lists none."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    lists: list[Container[object]] = []
    known: list[object] = []
    enum = constraints.get("enum")
    if isinstance(enum, list):
        known = [native(item, field.read) for item in enum]
        lists.append(known)
    if field.categories:
        known = [category.value for category in field.categories]
        lists.append(known)
    if not lists:
        return None
    values = {exact(value) for value in known if all(value in allowed for allowed in lists)}  # type: ignore[arg-type]
    return sorted(value for value in values if value is not None)
