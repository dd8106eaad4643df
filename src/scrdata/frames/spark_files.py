"""Large files of a package as DataFrames of Spark, on this machine or on a cluster.

A session that is active is used, with settings of our own beside its own. Otherwise one is started as every
program of Spark starts it, so that `spark-submit`, `SPARK_REMOTE`, `MASTER` and `spark-defaults.conf` say where;
where they say nothing, it runs on all processors of this machine. What Spark then logs goes nowhere,
and the session is stopped at the end.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import warnings

from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.frames.files import UnreadableError
from scrdata.frames.queries import PLACE
from scrdata.frames.spellings import (
    DAY,
    LONGEST_NUMBER,
    MOMENT,
    NUMBER,
    ROW,
    ZONE,
    cell_name,
    is_told,
    text_name,
    truth_values,
)
from scrdata.frames.suspicions import codes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Self

    import narwhals as nw
    from pyspark.sql import Column, DataFrame, SparkSession

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.frames.engines import Row
    from scrdata.scanning import Scan
    from scrdata.table_schema import TableSchema

OPTIONS = {
    "header": "true",
    "enforceSchema": "true",
    "inferSchema": "false",
    "quote": '"',
    "escape": '"',
    "unescapedQuoteHandling": "RAISE_ERROR",
    "comment": "",
    "encoding": "UTF-8",
    "mode": "FAILFAST",
    "nullValue": "",
    "emptyValue": "",
    "ignoreLeadingWhiteSpace": "false",
    "ignoreTrailingWhiteSpace": "false",
    "maxCharsPerColumn": "-1",
    "columnPruning": "false",
    "ignoreCorruptFiles": "false",
    "ignoreMissingFiles": "false",
    "recursiveFileLookup": "true",
}
# Names of columns differ by case too; times have no zone but the one that they are written with.
SETTINGS = {"spark.sql.caseSensitive": "true", "spark.sql.session.timeZone": "UTC"}
_NUMBER, _BLOCK = f"{PLACE}number", f"{PLACE}block"
# Spark numbers rows within each partition, and keeps the number of the partition in the bits above.
_BITS = 33


class Spark:
    """Tables of Spark for the time of one verdict; other sessions of the same application do not see them."""

    title = "Spark"

    def __init__(self) -> None:
        self.given = _active_session()
        self.session: SparkSession | None = None
        self.kept: list[DataFrame] = []
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        self.broken: tuple[type[Exception], ...] = (PySparkException, Py4JError)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.session is not None and self.given is None:
            self.session.stop()
            return
        for frame in self.kept:
            frame.unpersist()

    def _opened_session(self) -> SparkSession:
        """Return the session that reads files, which is not started before there is one to read."""
        if self.session is None:
            self.session = _start_session() if self.given is None else _session_beside(self.given)
            for name, value in SETTINGS.items():
                self.session.conf.set(name, value)
        return self.session

    def read(self, place: str, resource: Resource, scan: Scan, zoned: frozenset[str]) -> tuple[DataFrame, int]:
        """Read a file, in several parts at once where no cell spans lines; see `files.FileEngine`.

        Line by line Spark leaves out a row of nothing but white space, which a row of tabs is too. So where
        rows are missing, the file is read once more as a whole.
        """
        _refuse_names(resource)
        lines = scan.lines_are_rows and scan.first_line == 2
        table, rows = self._numbered(self._opened(place, resource, scan, zoned, lines=lines))
        if lines and rows != scan.rows:
            table, rows = self._numbered(self._opened(place, resource, scan, zoned, lines=False))
        return table.select("*", *_told_cells(resource)), rows

    def _opened(self, place: str, resource: Resource, scan: Scan, zoned: frozenset[str], *, lines: bool) -> DataFrame:
        """Return the columns of a file, and where each row stands in it."""
        from pyspark.sql import functions as F  # noqa: N812  (so called everywhere)
        from pyspark.sql.types import StringType, StructField, StructType

        schema = resource.schema
        assert schema is not None
        reader = self._opened_session().read.format("csv").options(**OPTIONS, multiLine=str(not lines).lower())
        reader = reader.option("sep", "\\\\" if resource.delimiter == "\\" else resource.delimiter)
        reader = reader.option("maxColumns", str(len(schema.fields) + 1))
        if scan.line_end == "\n":
            reader = reader.option("lineSep", "\n")
        read = reader.schema(StructType([StructField(field.name, StringType()) for field in schema.fields]))
        frame = read.load(f"file://{without_wildcards(place)}")
        parts = [
            p for i, field in enumerate(schema.fields) for p in _parts(field, i, schema, zoned=field.name in zoned)
        ]
        number, block = F.monotonically_increasing_id(), F.col("_metadata.file_block_start")
        return frame.select(*parts, number.alias(_NUMBER), block.alias(_BLOCK))

    def _numbered(self, frame: DataFrame) -> tuple[DataFrame, int]:
        """Read a file into storage of Spark, and number its rows in the order of the parts that it was read in."""
        from pyspark.sql import functions as F  # noqa: N812

        kept = frame.persist()
        self.kept.append(kept)
        part = F.shiftright(F.col(_NUMBER), _BITS)
        groups = kept.groupBy(part.alias("part")).agg(F.min(_BLOCK).alias("block"), F.count("*").alias("rows"))
        counts = groups.collect()
        before, offsets = 0, [0] * (1 + max((row["part"] for row in counts), default=0))
        for row in sorted(counts, key=lambda row: row["block"]):
            offsets[row["part"]] = before
            before += row["rows"]
        offset = F.get(F.array(*(F.lit(start).cast("bigint") for start in offsets)), part.cast("int"))
        row_number = offset + F.col(_NUMBER).bitwiseAND((1 << _BITS) - 1)
        names = [name for name in kept.columns if name not in (_NUMBER, _BLOCK)]
        return kept.select(*names, row_number.alias(ROW)), before

    def is_ascending(self, keys: nw.LazyFrame[Any], rows: int) -> bool:  # noqa: ARG002
        """Return `False`: to compare rows with those before would bring all of them to one processor."""
        return False

    def stream(self, frame: nw.LazyFrame[Any]) -> Iterator[Row]:
        """Yield the rows of a frame over tables of this session, a part at a time."""
        yield from frame.to_native().toLocalIterator()

    @staticmethod
    def reason(problem: Exception) -> str:
        """Return what Spark says of a problem; what its Java says stands on the line after the name of the call."""
        lines = str(problem).splitlines()
        return next((line.removeprefix(": ") for line in lines if line.startswith(": ")), lines[0] if lines else "")


def _active_session() -> SparkSession | None:
    """Return the session that this program has, if it has one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas, which is not used here
            from pyspark.errors import PySparkRuntimeError
            from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise ScrdataError("pyspark is not installed; `pip install scrdata[spark]` installs it") from None
    try:
        return SparkSession.active()
    except PySparkRuntimeError:
        return None


def _start_session() -> SparkSession:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    with tempfile.TemporaryFile() as log:
        try:
            with _output_to(log.fileno()):
                return SparkSession.builder.appName("scrdata").config("spark.ui.enabled", "false").getOrCreate()
        except (PySparkException, OSError) as problem:
            log.seek(0)
            lines = log.read().decode(errors="replace").split("\n")
            said = next((line for line in reversed(lines) if line.strip()), str(problem))
            what = "it needs Java 17 or newer, on the PATH or in JAVA_HOME"
            raise ScrdataError(f"Spark did not start ({shown(said)}); {what}") from None


@contextlib.contextmanager
def _output_to(log: int) -> Iterator[None]:
    """Send what this process and those that it starts print to a file; the latter print there for ever."""
    kept = {number: os.dup(number) for number in (1, 2)}
    try:
        for number in kept:
            os.dup2(log, number)
        yield
    finally:
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)


def _session_beside(session: SparkSession) -> SparkSession:
    """Return a session of the same application, so that the settings of the one that is given stay as they are."""
    from pyspark.errors import PySparkAttributeError, PySparkNotImplementedError

    try:
        return session.newSession()
    except (PySparkAttributeError, PySparkNotImplementedError):
        raise ScrdataError("a session of Spark Connect needs pyspark 4.3 or newer to be used beside others") from None


def _refuse_names(resource: Resource) -> None:
    """Refuse what would be left out, or taken for something else, for its name.

    Raises:
        UnreadableError: the file is hidden to Spark, or a column cannot be named in queries.
    """
    assert resource.schema is not None
    if resource.path.rpartition("/")[2].startswith(("_", ".")):
        raise UnreadableError(f"Spark leaves out files like '{shown(resource.path)}', whose names begin with _ or .")
    odd = next((name for name in resource.schema.columns if "." in name or "`" in name), None)
    if odd is not None:
        raise UnreadableError(f"'{shown(odd)}' holds a dot or a back quote, by which Spark does not find a column")


def without_wildcards(place: str) -> str:
    """Return a path in which the characters that Spark takes for wildcards stand for themselves."""
    return re.sub(r"([*?\[\]{}\\])", r"\\\1", place)


def _parts(field: Field, position: int, schema: TableSchema, *, zoned: bool) -> list[Column]:
    """Return the columns of a field: its values, and its texts where these are something else."""
    from pyspark.sql import functions as F  # noqa: N812

    text = F.replace(F.col(field.name), F.lit("\r\n"), F.lit("\n"))
    if "" not in field.missing_values:
        text = F.coalesce(text, F.lit(""))
    missing = sorted(field.missing_values - {""})
    if missing:
        text = F.when(~text.isin(missing), text)
    codes = codes_of(field, clean=schema.clean)
    value = typed(field, text, zoned=zoned) if codes is None else F.when(text.isin(codes), text)
    if value is None:
        return [text.alias(field.name)]
    untold = F.when(value.isNull(), text) if is_told(field, schema) else text
    return [value.alias(field.name), untold.alias(text_name(position))]


def _told_cells(resource: Resource) -> list[Column]:
    """Return all cells, as they are written, of the fields whose texts are told by their values."""
    from pyspark.sql import functions as F  # noqa: N812

    schema = resource.schema
    assert schema is not None
    told = [(i, field.name) for i, field in enumerate(schema.fields) if is_told(field, schema)]
    return [F.coalesce(F.col(text_name(i)), F.col(name).cast("string")).alias(cell_name(i)) for i, name in told]


def typed(field: Field, text: Column, *, zoned: bool) -> Column | None:
    """Return the value of a text, missing unless it is spelt just so; `None` where the text is the value.

    Of times with a zone the value is the instant, in UTC. Dates of other forms are left to `fields`.
    """
    from pyspark.sql import functions as F  # noqa: N812

    if field.type == "integer":
        number = text.try_cast("bigint")
        return F.when(number.cast("string") == text, number)
    if field.type == "date":
        day = text.try_cast("date")
        is_plain = F.lit(field.properties.get("format", "default") == "default")
        return F.when(is_plain & _fits(text, DAY), day)
    if field.type == "datetime":
        instant = text.try_cast("timestamp" if zoned else "timestamp_ntz").cast("timestamp_ntz")
        return F.when(_fits(text, MOMENT + (ZONE if zoned else "")), instant)
    if field.type == "year":
        return F.when(_fits(text, "[0-9]{4}"), text.try_cast("bigint"))
    if field.type == "number":
        return F.when((F.length(text) <= LONGEST_NUMBER) & _fits(text, NUMBER), text.try_cast("double"))
    if field.type == "boolean":
        true, false = truth_values(field)
        return F.when(text.isin(true), F.lit(True)).when(text.isin(false), F.lit(False))  # noqa: FBT003
    return None


def _fits(text: Column, pattern: str) -> Column:
    r"""Say whether a pattern matches the whole of a text; `$` would leave out a line end."""
    return text.rlike(rf"\A(?:{pattern})\z")
