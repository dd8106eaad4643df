"""Large files of a package as tables of DuckDB, each read by one query."""

from __future__ import annotations

import os
import tempfile

from scrdata.errors import ScrdataError
from scrdata.frames.files import LONGEST_NUMBER, MOMENT, NUMBER, ROW, ZONE, text_name, truth_values
from scrdata.scanning import BLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self

    import duckdb
    import narwhals as nw

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.frames.engines import Row
    from scrdata.scanning import Scan

MEMORY = "1GB"
FETCHED = 10_000
OPTIONS = (
    "auto_detect=false, header=true, quote='\"', escape='\"', null_padding=false, strict_mode=true, "
    "ignore_errors=false, nullstr='', allow_quoted_nulls=true, comment='', skip=0, encoding='utf-8', "
    "compression='none', hive_partitioning=false, filename=false"
)


class DuckDB:
    """A database of its own for the time of one verdict; what does not fit its memory goes to a temporary folder."""

    title = "DuckDB"

    def __init__(self) -> None:
        try:
            import duckdb
        except ModuleNotFoundError:
            raise ScrdataError("duckdb is not installed; `pip install scrdata[duckdb]` installs it") from None
        self.folder = tempfile.TemporaryDirectory(prefix="scrdata-")
        settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": self.folder.name}
        settings |= dict.fromkeys(("autoinstall_known_extensions", "autoload_known_extensions"), "false")
        settings["preserve_insertion_order"] = "true"
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
        columns = ", ".join(f"{literal(field.name)}: 'VARCHAR'" for field in schema.fields)
        # Told of CRLF in strict mode, DuckDB 2.0 finds no rows at all; not told, it finds these line ends itself.
        line_end = "new_line='\\n', " if scan.line_end == "\n" else ""
        if not line_end and not scan.lines_are_rows:
            place = self._without_returns(place)
        source = (
            f"read_csv({literal(without_wildcards(place))}, columns={{{columns}}}, "
            f"delim={literal(resource.delimiter)}, {line_end}{OPTIONS})"
        )
        parts = [p for i, field in enumerate(schema.fields) for p in _parts(field, i, zoned=field.name in zoned)]
        name = identifier(f"table {resource.name}")
        made = self.connection.execute(f"create table {name} as select {', '.join(parts)} from {source}")  # noqa: S608  (all is quoted)
        rows = made.fetchall()[0][0]
        return self.connection.table(name).select(f"*, rowid as {identifier(ROW)}"), rows

    def _without_returns(self, place: str) -> str:
        """Copy a file in which cells span lines that end in CRLF: within cells too, a line end is read as LF."""
        copy = os.path.join(self.folder.name, "line-feeds.csv")
        with open(place, "rb") as file, open(copy, "wb") as written:
            while data := file.read(BLOCK):
                written.write(data.replace(b"\r", b""))
        return copy

    @staticmethod
    def reason(problem: Exception) -> str:
        """Return the first line of what DuckDB says of a problem."""
        return str(problem).splitlines()[0]


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def without_wildcards(place: str) -> str:
    """Return a path in which the characters that DuckDB takes for wildcards stand for themselves."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in place)


def identifier(name: str) -> str:
    """Return a name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def _parts(field: Field, position: int, *, zoned: bool) -> list[str]:
    """Return the SQL expressions of a field: its values, and its texts where these are something else."""
    name = identifier(field.name)
    text = name if "" in field.missing_values else f"coalesce({name}, '')"
    missing = sorted(field.missing_values - {""})
    if missing:
        text = f"case when {text} not in ({', '.join(map(literal, missing))}) then {text} end"
    value = typed(field, text, zoned=zoned)
    if value is None:
        return [f"{text} as {name}"]
    return [f"{value} as {name}", f"{text} as {identifier(text_name(position))}"]


def typed(field: Field, text: str, *, zoned: bool) -> str | None:  # noqa: PLR0911  (one for each type)
    """Return SQL for the value of a text, missing unless it is spelt just so; `None` where the text is the value.

    Of times with a zone the value is the instant, in UTC.
    """
    form = str(field.properties.get("format", "default"))
    if field.type == "integer":
        cast = f"try_cast({text} as bigint)"
        return f"case when cast({cast} as varchar) = {text} then {cast} end"
    if field.type == "date" and form == "default":
        cast = f"try_cast({text} as date)"
        return f"case when length({text}) = 10 and cast({cast} as varchar) = {text} then {cast} end"
    if field.type == "date":
        cast = f"cast(try_strptime({text}, {literal(form)}) as date)"
        return f"case when strftime({cast}, {literal(form)}) = {text} then {cast} end"
    if field.type == "datetime":
        fits = f"regexp_full_match({text}, '{MOMENT}{ZONE if zoned else ''}')"
        # A cast to a timestamp without a zone would leave out the offset.
        instant = f"make_timestamp(epoch_us(try_cast({text} as timestamptz)))"
        return f"case when {fits} then {instant if zoned else f'try_cast({text} as timestamp)'} end"
    if field.type == "year":
        return f"case when regexp_full_match({text}, '[0-9]{{4}}') then try_cast({text} as bigint) end"
    if field.type == "number":
        fits = f"length({text}) <= {LONGEST_NUMBER} and regexp_full_match({text}, '{NUMBER}')"
        return f"case when {fits} then try_cast({text} as double) end"
    if field.type == "boolean":
        true, false = (", ".join(map(literal, words)) for words in truth_values(field))
        return f"case when {text} in ({true}) then true when {text} in ({false}) then false end"
    return None
