"""What queries of every engine are made of, and what is asked by them."""

from __future__ import annotations

import datetime

import narwhals as nw

from scrdata.errors import ScrdataError
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import duckdb

    Row = tuple[Any, ...]

# Names that stand for no column of a table.
COUNT, PLACE = "__scrdata_count", "__scrdata_"
_ONE = nw.lit(1).cast(nw.Int64)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_ZONED = "TIMESTAMP WITH TIME ZONE"


class NotInEngineError(ScrdataError):
    """What an engine cannot evaluate, or not exactly, and is therefore not checked there."""


def counted(mask: nw.Expr) -> nw.Expr:
    """Return the number of rows of which something is true."""
    return nw.when(mask).then(_ONE).count()


def identifier(name: str) -> str:
    """Return a name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def rows_of(frame: nw.LazyFrame[Any]) -> list[Row]:
    """Ask the engine for the rows of a frame.

    Raises:
        NotInEngineError: the engine could not answer.
    """
    try:
        if frame.implementation.is_duckdb():
            return _fetched(frame.to_native())
        return [tuple(row) for row in frame.collect().rows()]
    except nw.exceptions.NarwhalsError as problem:
        raise NotInEngineError(f"the engine refused a query: {shown(str(problem))}") from None


def _fetched(relation: duckdb.DuckDBPyRelation) -> list[Row]:
    """Return the rows of a relation, straight to Python, without the detour by way of Arrow that `collect` takes.

    Instants are in UTC, whatever zone the connection shows them in.
    """
    import duckdb

    try:
        zoned = [position for position, kind in enumerate(relation.types) if str(kind) == _ZONED]
        if not zoned:
            return list(relation.fetchall())
        names = map(identifier, relation.columns)
        parts = [f"epoch_us({name})" if position in zoned else name for position, name in enumerate(names)]
        rows = relation.project(", ".join(parts)).fetchall()
    except duckdb.Error as problem:
        raise NotInEngineError(f"DuckDB refused a query: {shown(str(problem))}") from None
    return [tuple(_instant(cell) if i in zoned else cell for i, cell in enumerate(row)) for row in rows]


def _instant(microseconds: int | None) -> datetime.datetime | None:
    """Return the instant so many microseconds after the beginning of 1970."""
    return None if microseconds is None else _EPOCH + datetime.timedelta(microseconds=microseconds)


def first_row(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    """Ask the engine for a frame of one row; return its cells by name."""
    return dict(zip(frame.collect_schema().names(), rows_of(frame)[0], strict=True))
