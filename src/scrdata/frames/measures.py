"""Totals as expressions that an engine evaluates exactly: conditions, joins along paths, and sums.

What an engine cannot compare or add up exactly is refused by name, as `NotInEngineError`.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import and_

import narwhals as nw

from scrdata.frames.queries import PLACE, NotInEngineError, counted, first_row
from scrdata.frames.suspicions import TEXTUAL, canonical_text, comparable
from scrdata.totals import NotSummableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.frames.engines import EngineTable
    from scrdata.references import Condition, Reference
    from scrdata.totals import Amount, Totals
    from scrdata.values import Value

    Cell = Value | None

# Decimal places up to which a column of floating-point numbers is added up exactly, and the largest
# whole number of which every shorter one is the shortest spelling of its double.
MOST_PLACES = 9
LARGEST_EXACT = 10**15
_COMPARED = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def end_name(path: tuple[str, ...]) -> str:
    """Return what the column at the end of a path is called: without a dot, which is a step into a cell to Spark."""
    return path[0] if len(path) == 1 else PLACE + "/".join(path)


class Measure:
    """How a total is asked for: named expressions, and what makes a number of the answers."""

    def __init__(self, asked: Mapping[str, nw.Expr], read: Callable[[Mapping[str, Any]], Amount | None]) -> None:
        self.asked = asked
        self.read = read


class Measures:
    """Makes expressions of the references of a package.

    Args:
        totals: knows the schemas, and where paths lead.
        opened: returns a table of the package as one of the engine.
    """

    def __init__(self, totals: Totals, opened: Callable[[str], EngineTable]) -> None:
        self.totals = totals
        self.opened = opened
        self._scales: dict[tuple[str, str], int | None] = {}

    def joined(self, table: str, paths: Iterable[tuple[str, ...]]) -> nw.LazyFrame[Any]:
        """Return a table with a column for the end of each path, see `end_name`; rows stay as many as they are."""
        frame = self.opened(table).lazy()
        for path in sorted(path for path in paths if len(path) > 1):
            name, key = self.totals.target(table, path[0], path[1])
            there = self.joined(name, [path[1:]])
            there = there.filter(~nw.col(key).is_null())
            further = there.select(**{f"{PLACE}key": nw.col(key), end_name(path): nw.col(end_name(path[1:]))})
            names = [*frame.collect_schema().names(), end_name(path)]
            frame = frame.join(further, left_on=path[0], right_on=f"{PLACE}key", how="left").select(*names)
        return frame

    def _dtype(self, table: str, path: tuple[str, ...]) -> nw.dtypes.DType:
        """Return the type of the column at the end of a path; refuse what an engine does not compare as we do."""
        for column, after in pairwise(path):
            further, key = self.totals.target(table, column, after)
            types = (
                self.opened(table).lazy().collect_schema()[column],
                self.opened(further).lazy().collect_schema()[key],
            )
            if types[0] != types[1]:
                raise NotInEngineError(f"'{column}' and '{further}.{key}' are of different types in the engine")
            table = further
        if path[-1] in self.opened(table).zoned:
            raise NotInEngineError(f"'{path[-1]}' holds times with a zone, which the engine does not compare")
        return self.opened(table).lazy().collect_schema()[path[-1]]

    def mask(self, table: str, condition: Condition) -> nw.Expr:
        """Return what is true of the rows that fulfil a condition."""
        field, name = self.totals.end_field(table, condition.path), end_name(condition.path)
        dtype = self._dtype(table, condition.path)
        if condition.operator == "=":
            values = [None if value == "" else field.parse(value)[0] for value in condition.values]
            return self._one_of_type(dtype, field, name, values)
        if field.categories and field.ordered:
            test = self.totals.test(table, condition)
            values = [category.value for category in field.categories if test(category.value)]
            return self._one_of_type(dtype, field, name, values)
        if field.type == "time":
            raise NotInEngineError(f"'{field.name}' of type time is not put in order by an engine")
        limit = self._comparable(field, field.parse(condition.values[0])[0], dtype)
        mask: nw.Expr = getattr(nw.col(name), _COMPARED[condition.operator])(limit)
        return mask & ~nw.col(name).is_nan() if dtype.is_float() else mask

    def one_of(self, table: EngineTable, field: Field, path: tuple[str, ...], values: Sequence[Cell]) -> nw.Expr:
        """Return what is true of the rows that have one of some values in a column, or at the end of a path."""
        name = end_name(path)
        dtype = table.lazy().collect_schema().get(name) or self._dtype(table.name, path)
        return self._one_of_type(dtype, field, name, values)

    def _one_of_type(self, dtype: nw.dtypes.DType, field: Field, name: str, values: Sequence[Cell]) -> nw.Expr:
        texts = [self._comparable(field, value, dtype) for value in values if value is not None]
        column = nw.col(name)
        mask = column.is_in(texts) if texts else nw.lit(value=False)
        return nw.when(column.is_null()).then(nw.lit(None in values)).otherwise(mask)

    def _comparable(self, field: Field, value: Cell, dtype: nw.dtypes.DType) -> object:
        """Return a value as the engine compares it with a column of its field."""
        if field.type in TEXTUAL and dtype == nw.String and value is not None:
            return canonical_text(field, value)
        limit = comparable(value, dtype) if field.type not in TEXTUAL and not dtype.is_decimal() else None
        if limit is None:
            raise NotInEngineError(f"'{field.name}' of type {field.type} is not compared exactly in an engine")
        return limit

    def measure(self, reference: Reference, prefix: str) -> Measure:
        """Return how a total is asked for, under names that begin with a prefix.

        Raises:
            NotInEngineError: the engine would not compare or add up exactly.
        """
        for path in reference.stars:
            self._dtype(reference.table, path)
        parts = [self.mask(reference.table, part) for part in reference.conditions if not part.starred]
        first = nw.col(next(iter(self.totals.schemas[reference.table].columns)))
        # Without conditions too it is an expression over the rows, so that it can be added up.
        mask = reduce(and_, parts) if parts else first.is_null() | ~first.is_null()
        one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
        asked = {f"{prefix}rows": nw.when(mask).then(one).otherwise(none)}
        if reference.column is None:
            return Measure(asked, lambda answers: int(answers[f"{prefix}rows"]))
        column = nw.col(reference.column)
        asked[f"{prefix}missing"] = nw.when(mask & column.is_null()).then(one).otherwise(none)
        summed, read = self._summed(reference.table, reference.column)
        for name, expr in summed.items():
            asked[prefix + name] = nw.when(mask).then(expr)

        def total(answers: Mapping[str, Any]) -> Amount | None:
            if answers[f"{prefix}missing"]:
                return None
            return read({name: answers[prefix + name] or 0 for name in summed})

        return Measure(asked, total)

    def _summed(self, table: str, column: str) -> tuple[dict[str, nw.Expr], Callable[[Mapping[str, Any]], Amount]]:
        """Return what to add up of a column so that the sum is exact, and what makes the total of the sums."""
        opened = self.opened(table)
        dtype = opened.lazy().collect_schema()[column]
        if dtype.is_decimal():
            return {"sum": nw.col(column)}, lambda sums: Decimal(sums["sum"])
        if dtype.is_integer():
            largest = max(map(abs, opened.extremes.get(column, (0, 2**63))))
            if opened.kind != "duckdb" and largest * opened.rows >= 2**63:
                raise NotInEngineError(f"the sum of '{column}' may need more than 64 bits")
            if self.totals.schemas[table].columns[column].type == "number":
                return {"sum": nw.col(column)}, lambda sums: Decimal(int(sums["sum"]))
            return {"sum": nw.col(column)}, lambda sums: int(sums["sum"])
        return self._summed_floats(opened, column)

    def _summed_floats(
        self, opened: EngineTable, column: str
    ) -> tuple[dict[str, nw.Expr], Callable[[Mapping[str, Any]], Amount]]:
        places = self._places(opened, column)
        if places is None:
            raise NotInEngineError(f"'{column}' holds numbers of more than {MOST_PLACES} decimals, or too large ones")
        cell = nw.col(column)
        finite = cell.is_finite()
        one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
        whole = nw.when(finite).then((cell * 10**places).round()).otherwise(nw.lit(0.0)).cast(nw.Int64)
        asked = {"sum": whole, "strange": nw.when(finite).then(none).otherwise(one)}

        def read(sums: Mapping[str, Any]) -> Amount:
            if sums["strange"]:
                raise NotSummableError(f"'{column}' holds a number that cannot be summed")
            return Decimal(int(sums["sum"])).scaleb(-places)

        return asked, read

    def _places(self, opened: EngineTable, column: str) -> int | None:
        """Return to how many decimal places all numbers of a column are exact; `None` where more are needed."""
        key = opened.name, column
        if key not in self._scales:
            frame = opened.lazy().filter(nw.col(column).is_finite())
            cell, asked = nw.col(column), {}
            for places in range(MOST_PLACES + 1):
                scaled = (cell * 10**places).round()
                asked[f"{PLACE}{places}"] = counted((scaled / 10**places != cell) | (scaled.abs() > LARGEST_EXACT))
            misses = list(first_row(frame.select(**asked)).values())
            sound = [places for places, missed in enumerate(misses) if not missed]
            largest = LARGEST_EXACT if opened.rows < 2**63 // LARGEST_EXACT else 0
            self._scales[key] = sound[0] if sound and largest else None
        return self._scales[key]
