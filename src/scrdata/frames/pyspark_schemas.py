"""Pandera schemas for Spark, generated from what `demands` says of a table; Spark itself evaluates them.

Of cells only those leave Spark that `suspicions` suspects, each different one once; of rules only totals.
"""

from __future__ import annotations

import narwhals as nw
import pandera.pyspark as pa
import pyspark.sql.types as spark

from scrdata.findings import Ledger
from scrdata.frames.demands import describe_table
from scrdata.frames.engine_totals import EngineTotals
from scrdata.frames.engines import EngineTable
from scrdata.frames.suspicions import suspicion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import DataFrame

    from scrdata.fields import Field
    from scrdata.frames.demands import CellCheck, ColumnDemand, Evidence
    from scrdata.reading import Table
    from scrdata.validation import Contents


def build_pyspark_schema(table: Table, contents: Contents) -> pa.DataFrameSchema:
    """Return the pandera schema of a table for Spark DataFrames; pandera lists what it finds as `frame.pandera.errors`.

    Codes are texts there.
    """
    demand = describe_table(table, contents)
    totals = _FrameTotals(table, contents)
    checks = [_evidence_check(evidence, totals) for evidence in demand.evidence]
    checks += [pa.Check(_is_unique(key.columns), name=key.name, error=key.name) for key in demand.keys]
    unique = [column.field.name for column in demand.columns if column.field.unique]
    checks += [pa.Check(_is_unique((n,)), name=f"cell_is_unique: {n}", error=f"cell_is_unique: {n}") for n in unique]
    columns = {column.field.name: _build_column(column, clean=table.schema.clean) for column in demand.columns}
    # Pandera's own check of the order compares with a set of the names, whose order is anything.
    checks.append(pa.Check(lambda frame: frame.columns == list(columns), name="column_ordered", error="column_ordered"))
    return pa.DataFrameSchema(columns, checks=checks, **{**demand.options, "ordered": False})


def spark_type(field: Field) -> type[spark.DataType]:
    """Return the type of Spark in which a column is held."""
    names: dict[str, type[spark.DataType]] = {"integer": spark.LongType, "year": spark.LongType}
    names |= {"number": spark.DoubleType, "boolean": spark.BooleanType, "date": spark.DateType}
    names["datetime"] = spark.TimestampNTZType
    return names.get(field.type, spark.StringType)


def _build_column(demand: ColumnDemand, *, clean: bool) -> pa.Column:
    """Return the pandera column of a field; that cells are unique is a check of the frame, since columns have none."""
    field = demand.field
    checks = [
        pa.Check(_holds_for(field, check, clean=clean), name=check.name, error=check.error) for check in demand.checks
    ]
    options = {name: value for name, value in demand.options.items() if name != "unique"}
    return pa.Column(spark_type(field), checks=checks, **options)


def _holds_for(field: Field, check: CellCheck, *, clean: bool) -> Callable[[DataFrame], bool]:
    """Return a check of the cells of one column."""

    def holds(frame: DataFrame) -> bool:
        opened = nw.from_native(frame)
        column = nw.col(field.name)
        dtype = opened.collect_schema()[field.name]
        doubt = suspicion(field, dtype, column.is_null(), clean=clean, zoned=False)
        if doubt is None:
            return True
        suspected = opened.filter(doubt).select(field.name).unique().to_native()
        return all(check.holds(row[0]) for row in suspected.toLocalIterator())

    return holds


def _is_unique(key: Sequence[str]) -> Callable[[DataFrame], bool]:
    """Return a check that no two rows agree in a key; rows with a missing part agree with none."""

    def is_unique(frame: DataFrame) -> bool:
        groups = frame.select(*key).dropna().groupBy(*key).count()
        return groups.filter("count > 1").isEmpty()

    return is_unique


def _evidence_check(evidence: Evidence, totals: _FrameTotals) -> pa.Check:
    """Return a rule or mention as a check of whole frames, whose error has the numbers that were found."""

    def holds(frame: DataFrame) -> bool:
        fault = evidence.fault_in(totals.over(frame))
        check.error = fault or evidence.name
        return fault is None

    check = pa.Check(holds, name=evidence.name, error=evidence.name, description=evidence.words)
    return check


class _FrameTotals:
    """The totals of a DataFrame that is judged, made once for all its rules."""

    def __init__(self, table: Table, contents: Contents) -> None:
        self.table = table
        self.contents = contents
        self.frame: DataFrame | None = None
        self.totals: EngineTotals | None = None

    def over(self, frame: DataFrame) -> EngineTotals:
        """Return the totals over a frame; nothing is asked of Spark before they are needed."""
        if self.totals is None or self.frame is not frame:
            opened = EngineTable(self.table.name, frame, self.table.schema)
            quiet = Ledger()
            opened.check_columns(quiet)
            opened.check_cells(quiet)
            self.frame = frame
            self.totals = EngineTotals({}, self.contents.totals.schemas, {opened.name: opened}, lambda _: opened)
        return self.totals
