"""SQL by which DuckDB reads a file: nothing is sniffed, each cell is its value, and its text where it has none."""

from __future__ import annotations

from scrdata.frames.queries import identifier
from scrdata.frames.spellings import LONGEST_NUMBER, MOMENT, NUMBER, ZONE, is_told, text_name, truth_values
from scrdata.frames.suspicions import codes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.scanning import Scan
    from scrdata.table_schema import TableSchema

OPTIONS = (
    "auto_detect=false, header=true, quote='\"', escape='\"', null_padding=false, strict_mode=true, "
    "ignore_errors=false, nullstr='', allow_quoted_nulls=true, comment='', skip=0, encoding='utf-8', "
    "compression='none', hive_partitioning=false, filename=false"
)
# Lines that are no longer than this go into the buffers that DuckDB has by default.
LONGEST_LINE = 2_000_000


def reading_query(name: str, place: str, resource: Resource, scan: Scan, zoned: Collection[str]) -> str:
    """Return SQL that makes a table of a file.

    Args:
        name: of the table.
        place: of the file, absolute.
        resource: its description.
        scan: what was found in its bytes.
        zoned: the columns whose times have a zone.
    """
    schema = resource.schema
    assert schema is not None
    types = ", ".join(f"{literal(field.name)}: 'VARCHAR'" for field in schema.fields)
    # Told that lines end with CRLF, DuckDB finds no line at all when it is strict; untold it sees the first.
    line_end = ", new_line='\\n'" if scan.line_end == "\n" else ""
    longer = f", max_line_size={scan.longest}, buffer_size={2 * scan.longest}" if scan.longest > LONGEST_LINE else ""
    source = (
        f"read_csv({literal(without_wildcards(place))}, columns={{{types}}}, "
        f"delim={literal(resource.delimiter)}{line_end}, {OPTIONS}{longer})"
    )
    columns = [_Column(field, i, schema, zoned=field.name in zoned) for i, field in enumerate(schema.fields)]
    if scan.line_end == "\r\n" and not scan.lines_are_rows:
        # A line end within a cell is LF, as in `delimited`.
        lines = (f"replace({identifier(n)}, '\r\n', '\n') as {identifier(n)}" for n in schema.columns)
        source = f"(select {', '.join(lines)} from {source})"  # noqa: S608  (all is quoted)
    for parts in ([c.text for c in columns], [c.near for c in columns], [c.value for c in columns]):
        source = f"(select {', '.join(parts)} from {source})"  # noqa: S608  (all is quoted)
    kept = ", ".join(column.kept for column in columns)
    return f"create table {identifier(name)} as select {kept} from {source}"  # noqa: S608


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def without_wildcards(place: str) -> str:
    """Return a path in which the characters that DuckDB takes for wildcards stand for themselves."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in place)


class _Column:
    """A column on its way from text to value, as SQL of the parts of four queries, each of which reads the one before.

    Attributes:
        text: its texts, missing where they mean so.
        near: beside these the nearest values, of whatever DuckDB takes for a spelling of one.
        value: beside these the values of texts that are spelt just so.
        kept: the values, and of the texts those that no value tells.
    """

    def __init__(self, field: Field, position: int, schema: TableSchema, *, zoned: bool) -> None:
        name, text, near = (identifier(n) for n in (field.name, text_name(position), f"{text_name(position)}near"))
        typed = _typed(field, text, near, schema, zoned=zoned)
        self.text = f"{_present(field, name)} as {text if typed else name}"
        self.near = self.value = self.kept = name
        if typed:
            self.near = f"{text}, {typed[0]} as {near}"
            self.value = f"{text}, case when {typed[1]} then {near} end as {name}"
            told = f"case when {name} is null then {text} end as {text}"
            self.kept = f"{name}, {told if is_told(field, schema) else text}"


def _present(field: Field, text: str) -> str:
    """Return SQL for the text of a cell, missing if the text means so."""
    if "" not in field.missing_values:
        text = f"coalesce({text}, '')"
    missing = ", ".join(map(literal, sorted(field.missing_values - {""})))
    return f"case when {text} not in ({missing}) then {text} end" if missing else text


def _typed(field: Field, text: str, near: str, schema: TableSchema, *, zoned: bool) -> tuple[str, str] | None:
    """Return SQL for the value next to a text, and for whether the text is a spelling of it.

    `None` where the text is the value. Of times with a zone the value is the instant, in UTC; of codes it is the code,
    in less room than its text.
    """
    codes = codes_of(field, clean=schema.clean)
    if codes is not None:
        return f"try_cast({text} as enum({', '.join(map(literal, codes))}))", "true"
    form = str(field.properties.get("format", "default"))
    if field.type == "date" and form != "default":
        return f"cast(try_strptime({text}, {literal(form)}) as date)", f"strftime({near}, {literal(form)}) = {text}"
    if field.type == "boolean":
        true, false = (", ".join(map(literal, words)) for words in truth_values(field))
        return f"case when {text} in ({true}) then true when {text} in ({false}) then false end", "true"
    if field.type == "datetime":
        # A cast to a timestamp without a zone would leave out the offset.
        instant = f"make_timestamp(epoch_us(try_cast({text} as timestamptz)))"
        test = f"regexp_full_match({text}, '{MOMENT}{ZONE if zoned else ''}')"
        return f"case when {test} then {instant if zoned else f'try_cast({text} as timestamp)'} end", "true"
    tests = {
        "integer": ("bigint", f"cast({near} as varchar) = {text}"),
        "date": ("date", f"length({text}) = 10 and cast({near} as varchar) = {text}"),
        "year": ("bigint", f"regexp_full_match({text}, '[0-9]{{4}}')"),
        "number": ("double", f"length({text}) <= {LONGEST_NUMBER} and regexp_full_match({text}, '{NUMBER}')"),
    }
    if field.type not in tests:
        return None
    kind, test = tests[field.type]
    return f"try_cast({text} as {kind})", test
