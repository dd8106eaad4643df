"""SQL by which DuckDB reads a file: nothing is sniffed, each cell is its value, and its text where it has none."""

from __future__ import annotations

from scrdata.frames.engines import PLACE
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
# A number of so many characters is the shortest decimal that rounds to its double.
LONGEST_NUMBER = 15
# Lines that are no longer than this go into the buffers that DuckDB has by default.
LONGEST_LINE = 2_000_000
ZONE = "(Z|[+-][0-9]{2}:[0-5][0-9])"
# Hours, minutes, seconds and at most six decimals.
_CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?"


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
    columns = ", ".join(f"{literal(field.name)}: 'VARCHAR'" for field in schema.fields)
    line_end = {"\n": "\\n", "\r\n": "\\r\\n"}[scan.line_end]
    longer = f", max_line_size={scan.longest}, buffer_size={2 * scan.longest}" if scan.longest > LONGEST_LINE else ""
    source = (
        f"read_csv({literal(without_wildcards(place))}, columns={{{columns}}}, "
        f"delim={literal(resource.delimiter)}, new_line='{line_end}', {OPTIONS}{longer})"
    )
    cells = ", ".join(_cell(field, i, schema, zoned=field.name in zoned) for i, field in enumerate(schema.fields))
    kept = ", ".join(_kept(field, i, schema) for i, field in enumerate(schema.fields))
    return f"create table {identifier(name)} as select {kept} from (select {cells} from {source})"  # noqa: S608  (all is quoted)


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def without_wildcards(place: str) -> str:
    """Return a path in which the characters that DuckDB takes for wildcards stand for themselves."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in place)


def identifier(name: str) -> str:
    """Return a name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def text_name(position: int) -> str:
    """Return the name of the column that holds the texts of a field, by its position."""
    return f"{PLACE}text{position}"


def _cell(field: Field, position: int, schema: TableSchema, *, zoned: bool) -> str:
    """Return SQL for a cell of a file: its text, missing where it is, and its value where the two are not the same."""
    name = identifier(field.name)
    text = name if "" in field.missing_values else f"coalesce({name}, '')"
    missing = sorted(field.missing_values - {""})
    if missing:
        text = f"case when {text} not in ({', '.join(map(literal, missing))}) then {text} end"
    value = typed(field, text, schema, zoned=zoned)
    return f"{text} as {name}" if value is None else f"{value} as {name}, {text} as {identifier(text_name(position))}"


def _kept(field: Field, position: int, schema: TableSchema) -> str:
    """Return SQL for what is kept of a cell: of its text only what its value does not tell."""
    name, text = identifier(field.name), identifier(text_name(position))
    if typed(field, name, schema, zoned=False) is None:
        return name
    told = f"case when {name} is null then {text} end as {text}"
    return f"{name}, {told if is_told(field, schema) else text}"


def is_told(field: Field, schema: TableSchema) -> bool:
    """Say whether the text of a cell is told by its value: there is one spelling of it, which DuckDB writes too."""
    is_plain = field.properties.get("format", "default") == "default"
    is_code = codes_of(field, clean=schema.clean) is not None
    return is_code or field.type == "integer" or (field.type == "date" and is_plain)


def typed(  # noqa: PLR0911  (one for each type)
    field: Field, text: str, schema: TableSchema, *, zoned: bool
) -> str | None:
    """Return SQL for the value of a text, missing unless it is spelt just so; `None` where the text is the value.

    Of times with a zone the value is the instant, in UTC; of codes it is the code, in less room than its text.
    """
    codes = codes_of(field, clean=schema.clean)
    if codes is not None:
        return f"try_cast({text} as enum({', '.join(map(literal, codes))}))"
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
        fits = f"regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}{ZONE if zoned else ''}')"
        return f"case when {fits} then try_cast({text} as timestamp) end"
    if field.type == "year":
        return f"case when regexp_full_match({text}, '[0-9]{{4}}') then try_cast({text} as bigint) end"
    if field.type == "number":
        spelling = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?"
        fits = f"length({text}) <= {LONGEST_NUMBER} and regexp_full_match({text}, '{spelling}')"
        return f"case when {fits} then try_cast({text} as double) end"
    if field.type == "boolean":
        words = [field.properties.get("trueValues", ["true", "True", "TRUE", "1"])]
        words.append(field.properties.get("falseValues", ["false", "False", "FALSE", "0"]))
        true, false = (", ".join(literal(str(word)) for word in part) for part in words)  # type: ignore[attr-defined]
        return f"case when {text} in ({true}) then true when {text} in ({false}) then false end"
    return None
