"""Pandera schemas for polars, of the same parts as those for pandas: `schemas` says what each part means."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from scrdata.frames.columnar import polars_type
from scrdata.frames.loading import is_required
from scrdata.frames.schemas import EvidenceCheck, holds_for_cell, not_carried_over, own_mentions, own_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.validation import Contents
    from scrdata.values import Value

    Check = Callable[[pa.PolarsData], pl.LazyFrame]


def build_polars_schema(table: Table, contents: Contents) -> pa.DataFrameSchema:
    """Return the pandera schema of a table for polars DataFrames, eager or collected.

    Columns of codes are accepted as `Enum` or as plain text that consists of codes. Of a `LazyFrame`
    pandera judges no values unless its validation depth is set so.
    """
    schema = table.schema
    checks = [_evidence(EvidenceCheck(rule, table, contents)) for rule in own_rules(table.name, contents)]
    checks += [_evidence(EvidenceCheck(item, table, contents)) for item in own_mentions(table.name, contents)]
    checks += [pa.Check(_is_unique(key), name=f"unique_key_is_unique: {', '.join(key)}") for key in schema.unique_keys]
    resource = contents.descriptor.resources[table.name]
    return pa.DataFrameSchema(
        {field.name: _column(field, table) for field in schema.fields},
        checks=checks,
        unique=list(schema.primary_key) or None,
        strict=True,
        ordered=True,
        name=table.name,
        title=resource.title,
        description=resource.description or None,
        metadata={"not_carried_over": not_carried_over(table, contents)},
    )


def _column(field: Field, table: Table) -> pa.Column:
    required = is_required(field, table.schema)
    checks = [
        pa.Check(_holds(field, test), name=rule, error=f"{rule}: expected {expected}")
        for rule, test, expected in field.tests
        if rule != "cell_is_a_category"
    ]
    return pa.Column(
        polars_type(field),
        checks=checks,
        nullable=not required,
        unique=field.unique,
        coerce=bool(field.categories),
        title=field.title,
        description=field.description or None,
    )


def _holds(field: Field, test: Callable[[Value], bool]) -> Check:
    """Return a constraint of single cells as pandera calls it: with a frame and the name of the column."""
    holds = holds_for_cell(field, test)

    def judge(cells: pl.Series) -> pl.Series:
        return pl.Series(cells.name, [holds(cell) for cell in cells], dtype=pl.Boolean)

    return lambda data: data.lazyframe.select(pl.col(data.key).map_batches(judge, return_dtype=pl.Boolean))


def _is_unique(key: tuple[str, ...]) -> Check:
    """Return a check that no two rows agree in a key; rows with a missing part agree with none."""
    missing = pl.any_horizontal(pl.col(key).is_null())
    return lambda data: data.lazyframe.select(~pl.struct(*key).is_duplicated() | missing)


def _evidence(evidence: EvidenceCheck) -> pa.Check:
    """Return a rule or mention as a check of the whole frame.

    Pandera wants the answer as a column: a single row, so that also a frame without rows can fail.
    """

    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        columns = data.lazyframe.collect().to_dict(as_series=False)
        return pl.LazyFrame({"holds": [evidence.holds_of(columns)]})

    check = pa.Check(
        holds, name=evidence.check.name, error=evidence.check.error, description=evidence.check.description
    )
    evidence.check = check
    return check
