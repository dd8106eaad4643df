"""Pandera schemas for pandas, generated from what `demands` says of a table; `crosscheck` too imports pandera."""

from __future__ import annotations

import pandera.pandas as pa

from scrdata.frames.demands import describe_table
from scrdata.frames.loading import to_series

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    import pandas as pd

    from scrdata.frames.demands import ColumnDemand, Evidence
    from scrdata.reading import Table
    from scrdata.validation import Contents


def build_schema(table: Table, contents: Contents) -> pa.DataFrameSchema:
    """Return the pandera schema of a table: columns, keys, and the rules and mentions that concern it alone.

    Columns of codes are accepted as categoricals or as plain text that consists of codes.
    """
    demand = describe_table(table, contents)
    checks = [evidence_check(evidence, _columns_of, bool) for evidence in demand.evidence]
    checks += [pa.Check(_is_unique(key.columns), name=key.name) for key in demand.keys]
    columns = {column.field.name: _build_column(column, table) for column in demand.columns}
    return pa.DataFrameSchema(columns, checks=checks, **demand.options)


def _build_column(demand: ColumnDemand, table: Table) -> pa.Column:
    """Return the pandera column of a field, in the type in which it is loaded; that of codes holds no others."""
    field = demand.field
    checks = [
        pa.Check(check.holds, element_wise=True, name=check.name, error=check.error)
        for check in demand.checks_but("cell_is_a_category")
    ]
    dtype = to_series(field, table.columns[field.name], required=demand.required).dtype
    return pa.Column(dtype, checks=checks, coerce=bool(field.categories), **demand.options)


def _columns_of(frame: pd.DataFrame) -> Mapping[str, Sequence[object]]:
    return {column: frame[column].tolist() for column in frame.columns}


def _is_unique(key: tuple[str, ...]) -> Callable[[pd.DataFrame], pd.Series]:
    """Return a check that no two rows agree in a key; rows with a missing part agree with none."""

    def is_unique(frame: pd.DataFrame) -> pd.Series:
        part = frame[list(key)]
        return ~part.duplicated(keep=False) | part.isna().any(axis=1)

    return is_unique


def evidence_check(
    evidence: Evidence,
    columns_of: Callable[[Any], Mapping[str, Sequence[object]]],
    answer: Callable[[bool], object],
) -> pa.Check:
    """Return a rule or mention as a check of whole frames, for pandera of any library.

    Pandera takes the text of a check's error when the check has failed, not before; so the numbers
    that were found are put into it at that moment.

    Args:
        evidence: the rule or mention.
        columns_of: returns the columns of what pandera calls the check with.
        answer: makes of a verdict what pandera takes for one.
    """

    def holds(frame: object) -> object:
        fault = evidence.fault(columns_of(frame))
        check.error = fault or evidence.name
        return answer(fault is None)

    check = pa.Check(holds, name=evidence.name, error=evidence.name, description=evidence.words)
    return check
