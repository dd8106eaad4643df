"""The data dictionary: every table, column and code of the package, as one page of Markdown.

In GitHub's dialect (https://github.github.com/gfm/): tables, and headings that can be linked to. Nothing that a
descriptor says is taken for markup.
"""

from __future__ import annotations

import re
from html import escape

from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.metadata.publication import Publication
    from scrdata.table_schema import ForeignKey, TableSchema

_EVIDENCE = {
    "scrdata:rules": "rules: equations that the numbers must fulfil",
    "scrdata:mentions": "mentions: places where a number is printed",
    "scrdata:discrepancies": "discrepancies: where the source is known to differ from itself",
}
_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "pattern": "matches {}",
    "minLength": "length at least {}",
    "maxLength": "length at most {}",
    "enum": "one of {}",
}


def write_dictionary(publication: Publication) -> str:
    """Return the data dictionary of a package, to be written as `data-dictionary.md`.

    Args:
        publication: the package, valid.

    Returns:
        Markdown: what the package is, a list of its tables, and for each table its keys, columns and codes.
    """
    tables = list(publication.contents.descriptor.tables.values())
    title = f"Data dictionary: {publication.title}"
    anchors = _anchors([title, "Tables", *(table.name for table in tables)])
    parts = [
        f"# {_words(title)}",
        _words(publication.text("description") or ""),
        _bullets(_facts(publication, anchors)),
        "## Tables",
        _grid(
            ("table", "title", "rows"),
            [(_link(table.name, anchors), _words(table.title), str(_rows(publication, table))) for table in tables],
        ),
        *(part for table in tables for part in _table(publication, table, anchors)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(publication: Publication, anchors: Mapping[str, str]) -> Iterator[str]:
    version = publication.text("version")
    if version:
        yield f"Version: {_words(version)}"
    if publication.released:
        yield f"Released: {_words(publication.released)}"
    names = [item.get("title") or item.get("name") or item["path"] for item in publication.objects("licenses")]
    if names:
        yield f"Licence: {'; '.join(map(_words, names))}"
    for source in publication.sources():
        yield f"Made from: {_words(source.text)}"
    for name, words in _EVIDENCE.items():
        table = publication.text(name)
        if table is not None and table in anchors:
            yield f"{_link(table, anchors)} holds the {words}"


def _table(publication: Publication, table: Resource, anchors: Mapping[str, str]) -> Iterator[str]:
    schema = table.schema
    assert schema
    yield f"## {_words(table.name)}"
    title = "" if table.title in ("", table.name) else f"**{_words(table.title)}.**"
    yield " ".join(part for part in (title, _words(table.description)) if part)
    yield _bullets([f"File: {_code(table.path)}, {_rows(publication, table)} rows", *_keys(table, schema, anchors)])
    yield _grid(("column", "type", "what it holds", "limits"), [_column(field) for field in schema.fields])
    for field in schema.fields:
        if field.categories:
            yield f"Codes of {_code(field.name)}{', in their order' if field.ordered else ''}:"
            yield _grid(
                ("code", "label", "meaning"),
                [
                    (_code(to_text(item.value)), _words(item.label), _words(item.description or ""))
                    for item in field.categories
                ],
            )


def _rows(publication: Publication, table: Resource) -> int:
    return len(publication.contents.tables[table.name])


def _keys(table: Resource, schema: TableSchema, anchors: Mapping[str, str]) -> Iterator[str]:
    if schema.primary_key:
        yield f"Key of a row: {_names(schema.primary_key)}"
    for key in schema.unique_keys:
        yield f"No two rows have the same {_names(key)}"
    for foreign in schema.foreign_keys:
        yield _foreign(table, foreign, anchors)
    missing = sorted({text for field in schema.fields for text in field.missing_values} - {""})
    if missing:
        yield f"Cells that mean a missing value: {_names(missing)}"


def _foreign(table: Resource, key: ForeignKey, anchors: Mapping[str, str]) -> str:
    target = key.table or table.name
    columns = "" if key.fields == key.columns else f", where the same stands in {_names(key.columns)}"
    return f"{_names(key.fields)} leads to a row of {_link(target, anchors)}{columns}"


def _column(field: Field) -> tuple[str, ...]:
    title = "" if field.title in ("", field.name) else f"{_words(field.title)}. "
    form = field.properties.get("format", "default")
    kind = field.type if form == "default" else f"{field.type} ({_code(str(form))})"
    return _code(field.name), kind, (title + _words(field.description)).strip(), "; ".join(_limits(field))


def _limits(field: Field) -> Iterator[str]:
    if field.required:
        yield "required"
    if field.unique:
        yield "unique"
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    if field.categories:
        yield "a code from the list below"
    for name, words in _LIMITS.items():
        if name not in constraints or (name == "enum" and field.categories):
            continue
        values = constraints[name] if isinstance(constraints[name], list) else [constraints[name]]
        yield words.format(_names(map(str, values)))


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def _link(name: str, anchors: Mapping[str, str]) -> str:
    return f"[{_words(name)}](#{anchors[name]})"


def _anchors(headings: Sequence[str]) -> dict[str, str]:
    """Return the anchor that GitHub gives each heading: small letters, no marks, `-` for a space, numbered if taken."""
    anchors: dict[str, str] = {}
    for heading in headings:
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        taken = sum(1 for other in anchors.values() if re.fullmatch(re.escape(plain) + r"(-[0-9]+)?", other))
        anchors[heading] = f"{plain}-{taken}" if taken else plain
    return anchors


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _words(text: str) -> str:
    """Return a text on one line in which no character is markup; an underscore before a letter cannot end any."""
    line = " ".join(text.split())
    line = re.sub(r"([\\`*\[\]<>~&$#])", r"\\\1", line)
    line = re.sub(r"_(?![0-9A-Za-z])", r"\\_", line)
    return re.sub(r"^([0-9]*)([+.)]|[-=]+)(?=\s|$)", r"\1\\\2", line)


def _code(text: str) -> str:
    """Return a text as code: between more backticks than it has itself in one place.

    Within a table, a backslash before `|` cannot stand in such code; the element of HTML can say it.
    """
    line = " ".join(text.split())
    if "\\|" in line:
        return f"<code>{escape(line).replace(chr(92), '&#92;').replace('|', '&#124;').replace('`', '&#96;')}</code>"
    marks = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{marks}{space}{line}{space}{marks}" if line else "(empty)"
