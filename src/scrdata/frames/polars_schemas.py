"""Pandera schemas for polars, generated from what `demands` says of a table, as those for pandas."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from scrdata.frames.columnar import polars_type
from scrdata.frames.demands import describe_table
from scrdata.frames.schemas import evidence_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrdata.frames.demands import CellCheck, ColumnDemand
    from scrdata.reading import Table
    from scrdata.validation import Contents

    Check = Callable[[pa.PolarsData], pl.LazyFrame]


def build_polars_schema(table: Table, contents: Contents) -> pa.DataFrameSchema:
    """Return the pandera schema of a table for polars DataFrames, eager or collected.

    Columns of codes are accepted as `Enum` or as plain text that consists of codes. Of a `LazyFrame`
    pandera judges no values unless its validation depth is set so.
    """
    demand = describe_table(table, contents)
    checks = [evidence_check(evidence, _columns_of, _answer) for evidence in demand.evidence]
    checks += [pa.Check(_is_unique(key.columns), name=key.name) for key in demand.keys]
    columns = {column.field.name: _build_column(column, table) for column in demand.columns}
    return pa.DataFrameSchema(columns, checks=checks, **demand.options)


def _build_column(demand: ColumnDemand, table: Table) -> pa.Column:
    """Return the pandera column of a field, in the type in which it is loaded; an `Enum` holds no other codes."""
    dtype = polars_type(demand.field, table.columns[demand.field.name])
    is_enum = isinstance(dtype, pl.Enum)
    checks = [
        pa.Check(_judged(check), name=check.name, error=check.error)
        for check in demand.checks_but(*(["cell_is_a_category"] if is_enum else []))
    ]
    return pa.Column(dtype, checks=checks, coerce=is_enum, **demand.options)


def _judged(check: CellCheck) -> Check:
    """Return a check of single cells as pandera calls it: with a frame and the name of the column."""

    def judge(cells: pl.Series) -> pl.Series:
        return pl.Series(cells.name, [check.holds(cell) for cell in cells], dtype=pl.Boolean)

    return lambda data: data.lazyframe.select(pl.col(data.key).map_batches(judge, return_dtype=pl.Boolean))


def _is_unique(key: tuple[str, ...]) -> Check:
    """Return a check that no two rows agree in a key; rows with a missing part agree with none."""
    missing = pl.any_horizontal(pl.col(key).is_null())
    return lambda data: data.lazyframe.select(~pl.struct(*key).is_duplicated() | missing)


def _columns_of(data: pa.PolarsData) -> Mapping[str, Sequence[object]]:
    return data.lazyframe.collect().to_dict(as_series=False)


def _answer(verdict: bool) -> pl.LazyFrame:  # noqa: FBT001  (as pandera's checks do)
    """Return a verdict as pandera wants it, a column: of a single row, so that also a frame without rows can fail."""
    return pl.LazyFrame({"holds": [verdict]})
