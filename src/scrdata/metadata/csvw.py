"""CSV on the Web: the CSV files of a release and their columns, in the words of the W3C.

By the recommendations *Metadata Vocabulary for Tabular Data* (https://www.w3.org/TR/tabular-metadata/) and
*Model for Tabular Data* (https://www.w3.org/TR/tabular-data-model/). A validator of that standard refuses what
`scrdata validate` refuses, as far as the standard can say it; `docs/metadata.md` lists what it cannot.
"""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote

from scrdata.fields import native
from scrdata.metadata.json_ld import drop_absent
from scrdata.reading import read_undescribed
from scrdata.values import STRING_FORMATS, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.metadata.publication import Publication
    from scrdata.table_schema import ForeignKey, TableSchema

CONTEXT = "http://www.w3.org/ns/csvw"
_BASES = {
    "string": "string",
    "any": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "time": "time",
    "datetime": "dateTime",
    "year": "gYear",
    "yearmonth": "gYearMonth",
    "duration": "duration",
    "geopoint": "string",
    "object": "json",
    "array": "json",
    "geojson": "json",
}
_TEXT_BASES = {"uri": "anyURI", "binary": "base64Binary"}
# The standard has bounds for these alone; gYear and gYearMonth are texts to its readers.
_BOUNDED = ("integer", "number", "date", "time", "dateTime")
_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "minExclusive",
    "exclusiveMaximum": "maxExclusive",
}
# The date formats with years of four digits and days and months of two that the standard lists.
_DATE_FORMATS = (
    *("yyyy-MM-dd", "yyyyMMdd", "dd-MM-yyyy", "MM-dd-yyyy"),
    *("dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "MM.dd.yyyy"),
)
# Flags without a format, by the standard.
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_SPECIAL = re.compile(r"[\\^$.|?*+(){}\[\]/-]")


def describe_csvw(publication: Publication) -> dict[str, object]:
    """Return the CSVW metadata of a release: a table group, to be written as `csv-metadata.json` at its root.

    The addresses of the tables are relative, so that a folder is read without a network.

    Args:
        publication: the package, valid, and its files.

    Returns:
        A JSON object; `tables` are in the order of the descriptor, `columns` in that of the files.
    """
    tables = publication.contents.descriptor.tables
    language = publication.text("scrdata:language")
    released = publication.released
    return drop_absent(
        {
            "@context": [CONTEXT, {"@language": language}] if language else CONTEXT,
            "@type": "TableGroup",
            "dc:title": publication.title,
            "dc:identifier": publication.name,
            "dc:description": publication.text("description"),
            "schema:version": publication.text("version"),
            "dc:issued": {"@value": released, "@type": "xsd:date"} if released else None,
            "dc:license": [{"@id": address} for address in publication.licence_addresses()],
            "dc:creator": publication.creators(),
            "dc:publisher": [publisher.name for publisher in publication.publishers()],
            "dc:source": [source.text for source in publication.sources()],
            "dc:temporal": publication.text("scrdata:temporalCoverage"),
            "dc:spatial": publication.text("scrdata:spatialCoverage"),
            "dcat:keyword": publication.keywords,
            "lang": language,
            "dialect": _dialect(","),
            "tables": [_table(publication, table) for table in tables.values()],
        }
    )


def _dialect(delimiter: str) -> dict[str, object]:
    """State how the files are written, also where that is the default: readers differ on `trim`."""
    return {
        "encoding": "utf-8",
        "delimiter": delimiter,
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
        "headerRowCount": 1,
        "lineTerminators": ["\r\n", "\n"],
        "skipBlankRows": False,
        "trim": False,
    }


def _own_dialect(publication: Publication, table: Resource) -> dict[str, object] | None:
    """Return the dialect of a table that has one of its own.

    By the standard a line that begins with `#` is a comment, and no dialect can say that there are none. So where a
    line may begin so, comments begin with a character that no CSV file of a package has.
    """
    assert table.schema
    first = table.schema.fields[0]
    cells = publication.contents.tables[table.name].columns[first.name]
    texts = (first.name, *first.missing_values, *(cell for cell in cells if isinstance(cell, str)))
    if any(text.startswith("#") for text in texts):
        return {**_dialect(table.delimiter), "commentPrefix": "\0"}
    return _dialect(table.delimiter) if table.delimiter != "," else None


def _table(publication: Publication, table: Resource) -> dict[str, object]:
    schema = table.schema
    assert schema
    flags = _flag_texts(publication, table)
    return drop_absent(
        {
            "@type": "Table",
            "url": quote(table.path),
            "dc:title": table.title,
            "dc:identifier": table.name,
            "dc:description": table.description,
            "dialect": _own_dialect(publication, table),
            "tableSchema": drop_absent(
                {
                    "@type": "Schema",
                    "columns": [_column(field, flags.get(field.name, set())) for field in schema.fields],
                    "primaryKey": [column_name(name) for name in schema.primary_key],
                    "foreignKeys": [
                        _foreign_key(publication, table, key)
                        for key in schema.foreign_keys
                        if _always_leads_to_one_row(publication, table, key)
                    ],
                }
            ),
        }
    )


def _flag_texts(publication: Publication, table: Resource) -> dict[str, set[str]]:
    """Return the texts that stand in each column of flags, since CSVW knows one spelling of each flag alone."""
    assert table.schema
    names = [field.name for field in table.schema.fields if field.type == "boolean"]
    if not names:
        return {}
    data = publication.contents.descriptor.storage.read(table.path)
    texts = read_undescribed(table.path, data, table.delimiter)
    return {name: set(texts[name]) for name in names}


def column_name(name: str) -> str:
    """Return what CSVW calls a column: a name that may stand in a URI template.

    By section 5.6 of the metadata vocabulary: letters, digits and `_`, which is not the first character; everything
    else is percent-encoded.

    >>> column_name("review_id"), column_name("_note-2")
    ('review_id', '%5Fnote%2D2')
    """
    encoded = "".join(
        character if re.fullmatch("[A-Za-z0-9_]", character) else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in name
    )
    return f"%5F{encoded[1:]}" if encoded.startswith("_") else encoded


def _column(field: Field, flag_texts: set[str]) -> dict[str, object]:
    missing = sorted(field.missing_values)
    column = drop_absent(
        {
            "@type": "Column",
            "name": column_name(field.name),
            "titles": field.name,
            "dc:title": field.title if field.title != field.name else None,
            "dc:description": field.description,
            "datatype": describe_datatype(field, flag_texts),
            "required": field.required or None,
            "qb:codeList": _code_list(field),
        }
    )
    # An empty list says that nothing means missing, where the standard would take the empty text.
    return column if missing == [""] else {**column, "null": missing[0] if len(missing) == 1 else missing}


def describe_datatype(field: Field, flag_texts: Iterable[str] = ()) -> str | dict[str, object]:
    """Return the CSVW datatype of a column: its base alone where nothing more is said of it.

    Args:
        field: the column.
        flag_texts: for a column of flags, the texts that stand in it.

    Returns:
        The name of a base type, or an object with `base`, `format`, lengths and bounds.
    """
    if field.type == "boolean":
        return _flags(field, set(flag_texts) - field.missing_values)
    constraints = _constraints(field)
    lengths = {name: constraints[name] for name in ("minLength", "maxLength") if name in constraints}
    form = str(field.properties.get("format", "default"))
    base = _BASES[field.type]
    if field.type == "string" and not lengths:
        base = _TEXT_BASES.get(form, base)
    date_format = _date_format(form) if field.type == "date" else None
    if field.type == "date" and date_format is None:
        base = "string"
    datatype = {
        "base": base,
        "format": date_format or (_text_format(field) if base in ("string", "anyURI", "base64Binary") else None),
        **(lengths if base == "string" and field.type != "date" else {}),
        **(_bounds(field, constraints) if base in _BOUNDED else {}),
    }
    said = drop_absent(datatype)
    return base if list(said) == ["base"] else said


def _constraints(field: Field) -> Mapping[str, object]:
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    return constraints


def _bounds(field: Field, constraints: Mapping[str, object]) -> dict[str, object]:
    return {_BOUNDS[name]: _bound(field, constraints[name]) for name in _BOUNDS if name in constraints}


def _bound(field: Field, stated: object) -> object:
    """Return a bound: a number of JSON where that is exact, else the text of the descriptor."""
    value = native(stated, field.read)
    if isinstance(value, Decimal) and value.is_finite() and Decimal(repr(float(value))) == value:
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, int) and field.type == "integer" else to_text(stated)  # type: ignore[arg-type]


def _date_format(form: str) -> str | None:
    """Return the format of a date as Unicode writes it; `None` for one that the standard does not list."""
    if form == "default":
        return "yyyy-MM-dd"
    words = form.replace("%Y", "yyyy").replace("%m", "MM").replace("%d", "dd")
    return words if words in _DATE_FORMATS else None


def _text_format(field: Field) -> str | None:
    """Return the regular expression of a column of texts: of its codes where it has some, else of its pattern."""
    constraints = _constraints(field)
    listed = constraints.get("enum")
    codes = [category.value for category in field.categories] or (listed if isinstance(listed, list) else [])
    texts = [str(code) for code in codes if field.parse(str(code))[1] is None]
    if texts and field.type in ("string", "any"):
        return _any_of(texts)
    of_format, _ = STRING_FORMATS.get(str(field.properties.get("format")), (None, None))
    pattern = constraints.get("pattern", of_format)
    return f"^(?:{pattern})$" if pattern else None


def _any_of(texts: Iterable[str]) -> str:
    """Return a regular expression of exactly these texts; it is not anchored by the standard."""
    return "^(?:" + "|".join(_SPECIAL.sub(r"\\\g<0>", text) for text in texts) + ")$"


def _flags(field: Field, texts: set[str]) -> str | dict[str, object]:
    """Return the datatype of a column of flags: a boolean with one spelling of each or those of XML, else text."""
    yes = [text for text in sorted(texts) if field.read(text)] or _declared(field, "trueValues")
    no = [text for text in sorted(texts) if not field.read(text)] or _declared(field, "falseValues")
    if len(yes) == len(no) == 1 and "|" not in yes[0] + no[0]:
        return {"base": "boolean", "format": f"{yes[0]}|{no[0]}"}
    if all(_FLAGS.get(text) is field.read(text) for text in (*yes, *no)):
        return "boolean"
    return {"base": "string", "format": _any_of([*yes, *no])}


def _declared(field: Field, name: str) -> list[str]:
    """Return a spelling of a flag that the column does not use."""
    spellings = field.properties.get(name)
    return [str(spellings[0])] if isinstance(spellings, list) else [name.removesuffix("Values")]


def _code_list(field: Field) -> dict[str, object] | None:
    """Return the codes with their labels and definitions, as a concept scheme of SKOS."""
    concepts = [
        drop_absent(
            {
                "@type": "skos:Concept",
                "skos:notation": to_text(category.value),
                "skos:prefLabel": category.label,
                "skos:definition": category.description,
                "schema:position": position if field.ordered else None,
            }
        )
        for position, category in enumerate(field.categories, 1)
    ]
    return {"@type": "skos:ConceptScheme", "skos:hasTopConcept": concepts} if concepts else None


def _target(publication: Publication, table: Resource, key: ForeignKey) -> Resource:
    return publication.contents.descriptor.tables[key.table or table.name]


def _always_leads_to_one_row(publication: Publication, table: Resource, key: ForeignKey) -> bool:
    """Say whether each row has a value that refers to one row: a validator of CSVW takes a missing one for wrong."""
    columns = publication.contents.tables[table.name].columns
    schema = _target(publication, table, key).schema
    assert schema
    return is_key(schema, key.columns) and not any(cell is None for name in key.fields for cell in columns[name])


def is_key(schema: TableSchema, columns: tuple[str, ...]) -> bool:
    """Say whether no two rows of a table can be equal in some columns."""
    keys = [schema.primary_key, *schema.unique_keys, *((field.name,) for field in schema.fields if field.unique)]
    return any(key and set(key) <= set(columns) for key in keys)


def _foreign_key(publication: Publication, table: Resource, key: ForeignKey) -> dict[str, object]:
    return {
        "columnReference": [column_name(name) for name in key.fields],
        "reference": {
            "resource": quote(_target(publication, table, key).path),
            "columnReference": [column_name(name) for name in key.columns],
        },
    }
