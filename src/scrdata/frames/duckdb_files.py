"""Large files of a package as tables of DuckDB."""

from __future__ import annotations

import tempfile

import narwhals as nw

from scrdata.errors import ScrdataError
from scrdata.frames.duckdb_queries import reading_query
from scrdata.frames.queries import PLACE, identifier
from scrdata.frames.spellings import ROW, cell_name, is_told, text_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self

    import duckdb

    from scrdata.descriptor import Resource
    from scrdata.frames.engines import Row
    from scrdata.scanning import Scan

MEMORY = "1GB"
# Up to so many bytes a second thread saves less than a second, and takes a third more processor time.
ONE_THREAD_BYTES = 1 << 27
FETCHED = 10_000
# So many rows are looked at first, since most files that are not in order show it soon.
_SAMPLE = 1_000
_KEY = f"{PLACE}key"


class DuckDB:
    """A database of its own for the time of one verdict; what does not fit its memory goes to a temporary folder.

    Args:
        size: of all files that it is to read, in bytes.
    """

    title = "DuckDB"

    def __init__(self, size: int) -> None:
        try:
            import duckdb
        except ModuleNotFoundError:
            raise ScrdataError("duckdb is not installed; `pip install scrdata[duckdb]` installs it") from None
        self.folder = tempfile.TemporaryDirectory(prefix="scrdata-")
        settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": self.folder.name}
        settings |= dict.fromkeys(("autoinstall_known_extensions", "autoload_known_extensions"), "false")
        settings["preserve_insertion_order"] = "true"
        if size <= ONE_THREAD_BYTES:
            settings["threads"] = 1
        self.connection = duckdb.connect(config=settings)
        self.broken: tuple[type[Exception], ...] = (duckdb.Error,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.folder.cleanup()

    def stream(self, frame: nw.LazyFrame[Any]) -> Iterator[Row]:
        """Yield the rows of a frame over tables of this database, a part at a time."""
        result = self.connection.cursor().execute(frame.to_native().sql_query())
        while rows := result.fetchmany(FETCHED):
            yield from rows

    def read(
        self, place: str, resource: Resource, scan: Scan, zoned: frozenset[str]
    ) -> tuple[duckdb.DuckDBPyRelation, int]:
        """Read a file into the database; see `files.FileEngine`."""
        schema = resource.schema
        assert schema is not None
        name = f"table {resource.name}"
        made = self.connection.execute(reading_query(name, place, resource, scan, zoned))
        rows = made.fetchall()[0][0]
        parts = ["*", f"rowid as {identifier(ROW)}"]
        for i, field in enumerate(schema.fields):
            if is_told(field, schema):
                cell = f"coalesce({identifier(text_name(i))}, cast({identifier(field.name)} as varchar))"
                parts.append(f"{cell} as {identifier(cell_name(i))}")
        return self.connection.table(identifier(name)).select(", ".join(parts)), rows

    def is_ascending(self, keys: nw.LazyFrame[Any], rows: int) -> bool:
        """Say whether each row has a larger key than the one before: many files are in order, others show it soon.

        Texts are in order also as numbered names are, `site-9` before `site-10`: by their lengths first.
        """
        name, dtype = next(iter(keys.collect_schema().items()))
        native = keys.select(**{_KEY: nw.col(name)}).to_native()
        orders = [f"{_KEY} > earlier"]
        if dtype == nw.String:
            longer = f"strlen({_KEY}) > strlen(earlier)"
            orders.append(f"{longer} or (strlen({_KEY}) = strlen(earlier) and {_KEY} > earlier)")
        return any(
            _count_ascents(native.limit(_SAMPLE), order) == min(_SAMPLE, rows) - 1
            and _count_ascents(native, order) == rows - 1
            for order in orders
        )

    @staticmethod
    def reason(problem: Exception) -> str:
        """Return the first line of what DuckDB says of a problem."""
        return str(problem).splitlines()[0]


def _count_ascents(keys: duckdb.DuckDBPyRelation, order: str) -> int:
    """Return how many rows stand in an order after the row before: all but one only if no two are equal."""
    pairs = keys.select(f"{_KEY}, lag({_KEY}) over () as earlier")
    return int(pairs.aggregate(f"count(*) filter ({order})").fetchall()[0][0])
