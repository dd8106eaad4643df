"""The libraries whose tables are judged: which one a table is of, and tables of a package as tables of that library.

Nothing is imported for a table of another library: a library is known by the name of the module that
defines the class of the table. pandas tables are read by way of Arrow, which knows a missing cell
from every value.
"""

from __future__ import annotations

from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.frames import columnar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import duckdb
    import pyarrow

    from scrdata.reading import Table

KINDS = ("pandas", "polars", "pyarrow", "duckdb", "pyspark")
_CLASSES = ("DataFrame", "LazyFrame", "Table", "DuckDBPyRelation")
_MODULES = {**dict(zip(KINDS, KINDS, strict=True)), "_duckdb": "duckdb"}


def kind_of(frame: object, name: str) -> str:
    """Return the library that a table is of.

    Raises:
        ScrdataError: it is of no library that is known here.
    """
    module, _, _ = type(frame).__module__.partition(".")
    kind = _MODULES.get(module)
    if kind is None or type(frame).__name__ not in _CLASSES:
        what = shown(f"{type(frame).__module__}.{type(frame).__qualname__}")
        expected = "a pandas or polars DataFrame, a pyarrow Table, a DuckDB relation or a Spark DataFrame"
        raise ScrdataError(f"for the table {name!r} {expected} was expected, not a {what}")
    return kind


def column_names(frame: Any, kind: str) -> list[object]:  # noqa: ANN401  (tables of libraries that need not be installed)
    """Return the names of the columns, in their order, also where one occurs twice."""
    if kind == "polars":
        return list(frame.collect_schema().names())
    return list(frame.column_names if kind == "pyarrow" else frame.columns)


def to_native(table: Table, like: Any, kind: str) -> Any:  # noqa: ANN401
    """Return a table of a package as a table of the same library as `like`, which can be joined to it."""
    return _arrow_to_native(columnar.to_plain_arrow(table), like, kind)


def texts_like(columns: Mapping[str, list[str]], like: Any, kind: str) -> Any:  # noqa: ANN401
    """Return columns of texts as a table of the same library as `like`, which can be joined to it."""
    import pyarrow as pa

    return _arrow_to_native(
        pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}), like, kind
    )


def _arrow_to_native(arrow: pyarrow.Table, like: Any, kind: str) -> Any:  # noqa: ANN401
    if kind == "polars":
        import polars as pl

        frame = pl.DataFrame(pl.from_arrow(arrow))
        return frame.lazy() if isinstance(like, pl.LazyFrame) else frame
    if kind == "duckdb":
        # The name is found among the variables of this function; so the table joins the caller's connection.
        return like.query("scrdata_unused", "select * from arrow")
    return like.sparkSession.createDataFrame(arrow) if kind == "pyspark" else columnar.unite_types(arrow)


def to_duckdb(table: Table) -> duckdb.DuckDBPyRelation:
    """Return a table as a DuckDB relation of the default connection, so that `duckdb.sql` can join it with others.

    Raises:
        ScrdataError: duckdb is not installed, or an integer has more than 64 bits.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise ScrdataError("duckdb is not installed; `pip install scrdata[duckdb]` installs it") from None
    return duckdb.from_arrow(columnar.to_arrow(table))
