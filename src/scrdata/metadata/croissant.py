"""Croissant: the release as loaders of machine learning read it, with every table as a record set.

By the Croissant specification 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html) and its
vocabulary of responsible use, 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html). The context is
the one of the specification, inline.

Croissant cannot say how a cell of a CSV file is read: its reader guesses types, and takes `080112` for a number and
`NA` for nothing. So the records come from the Parquet file of a table where the release has one. References between
tables are stated as `dct:references`: what Croissant has for them, `cr:references`, makes the reader join the tables,
and mlcroissant 1.1.1 then returns no rows when the same table is read a second time.
"""

from __future__ import annotations

from urllib.parse import quote

from scrdata.metadata.bibliography import write_bibtex
from scrdata.metadata.json_ld import drop_absent
from scrdata.metadata.schema_org import data_files, describe_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.metadata.publication import Publication, PublishedFile

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
RESPONSIBLE = "http://mlcommons.org/croissant/RAI/1.0"
PARQUET = "application/vnd.apache.parquet"
# The name that Parquet went by before it was registered, and that readers of Croissant look for.
_PARQUET_BEFORE = "application/x-parquet"
# The number of records, by the example of the specification.
_CARDINALITY = "http://www.wikidata.org/entity/Q4049983"
# The terms of Croissant that its context abbreviates.
_TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject"),
    *("fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator"),
    *("source", "subField", "transform"),
)
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "time": "sc:Time",
    "datetime": "sc:DateTime",
    "year": "sc:Integer",
}


def describe_croissant(publication: Publication) -> dict[str, object]:
    """Return the Croissant metadata of a release, to be written as `croissant.json` at its root.

    The addresses of the files are relative, so that a folder is loaded without a network.

    Args:
        publication: the package, valid, and its files.

    Returns:
        A JSON-LD object. `recordSet` has each table under its name, its fields as `table/column`, then each code
        list as an enumeration `table/column/codes`.
    """
    tables = publication.contents.descriptor.tables.values()
    responsible = _responsible_use(publication)
    references = _references(publication)
    return {
        "@context": _context(publication.text("scrdata:language")),
        "@type": "sc:Dataset",
        "conformsTo": [CONFORMS_TO, RESPONSIBLE] if responsible else CONFORMS_TO,
        **describe_work(publication),
        "citeAs": write_bibtex(publication, "").rstrip(),
        "isLiveDataset": False,
        **responsible,
        "distribution": [_file_object(file) for file in data_files(publication)],
        "recordSet": [
            *(_record_set(publication, table, references) for table in tables),
            *(_enumeration(table, field) for table in tables for field in _coded_fields(table)),
        ],
    }


def _context(language: str | None) -> dict[str, object]:
    """Return the context that the specification prescribes, in the language of the package."""
    return {
        "@language": language,
        "@vocab": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "dct": "http://purl.org/dc/terms/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "sc": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "description": {"@container": "@language"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "name": {"@container": "@language"},
        **{term: f"cr:{term}" for term in _TERMS},
    }


def _responsible_use(publication: Publication) -> dict[str, object]:
    return drop_absent(
        {
            "rai:dataLimitations": publication.text("scrdata:limitations"),
            "rai:personalSensitiveInformation": publication.text("scrdata:personalInformation"),
        }
    )


def _file_object(file: PublishedFile) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": quote(file.path),
        "name": file.path.rpartition("/")[2],
        "description": file.title,
        "contentUrl": quote(file.path),
        "contentSize": f"{file.size} B",
        "encodingFormat": [PARQUET, _PARQUET_BEFORE] if file.media_type == PARQUET else file.media_type,
        "sha256": file.sha256,
    }


def _source_file(publication: Publication, table: Resource) -> PublishedFile | None:
    """Return the file that the records of a table are read from."""
    files = {file.media_type: file for file in reversed(publication.of_table(table.name))}
    return files.get(PARQUET) or files.get("text/csv")


def _field_id(table: Resource, name: str) -> str:
    return f"{quote(table.name, safe='')}/{quote(name, safe='')}"


def _record_set(publication: Publication, table: Resource, references: Mapping[str, list[str]]) -> dict[str, object]:
    schema = table.schema
    assert schema
    file = _source_file(publication, table)
    return drop_absent(
        {
            "@type": "cr:RecordSet",
            "@id": quote(table.name, safe=""),
            "name": table.name,
            "description": ". ".join(filter(None, (table.title, table.description))),
            "key": [{"@id": _field_id(table, name)} for name in schema.primary_key],
            "field": [_field(table, field, file, references) for field in schema.fields],
            "cr:annotation": {
                "@type": "cr:Field",
                "@id": f"{quote(table.name, safe='')}#rows",
                "name": "rows",
                "dataType": _CARDINALITY,
                "value": len(publication.contents.tables[table.name]),
            },
        }
    )


def _field(
    table: Resource, field: Field, file: PublishedFile | None, references: Mapping[str, list[str]]
) -> dict[str, object]:
    name = _field_id(table, field.name)
    source = {"fileObject": {"@id": quote(file.path)}, "extract": {"column": field.name}} if file else None
    return drop_absent(
        {
            "@type": "cr:Field",
            "@id": name,
            "name": field.name,
            "description": ". ".join(filter(None, (field.title, field.description))),
            "dataType": _data_type(field),
            "source": source,
            "dct:references": [{"@id": target} for target in references.get(name, ())],
        }
    )


def _data_type(field: Field) -> str:
    if field.type == "string" and field.properties.get("format") == "uri":
        return "sc:URL"
    return _TYPES.get(field.type, "sc:Text")


def _references(publication: Publication) -> dict[str, list[str]]:
    """Return the fields that each field refers to: codes, and keys of one column; others Croissant cannot say.

    A reference that would close a circle is left out: mlcroissant 1.1.1 never comes back from one.
    """
    tables = publication.contents.descriptor.tables
    found: dict[str, list[str]] = {}
    for table in tables.values():
        assert table.schema
        for field in _coded_fields(table):
            name = _field_id(table, field.name)
            found.setdefault(name, []).append(f"{name}/codes/code")
        for key in table.schema.foreign_keys:
            name, target = _field_id(table, key.fields[0]), _field_id(tables[key.table or table.name], key.columns[0])
            if len(key.fields) == 1 and not _reaches(found, target, name):
                found.setdefault(name, []).append(target)
    return found


def _reaches(references: Mapping[str, list[str]], start: str, goal: str) -> bool:
    return start == goal or any(_reaches(references, following, goal) for following in references.get(start, ()))


def _coded_fields(table: Resource) -> list[Field]:
    assert table.schema
    return [field for field in table.schema.fields if field.categories]


def _enumeration(table: Resource, field: Field) -> dict[str, object]:
    """Return the codes of a column with their labels and definitions."""
    name = f"{_field_id(table, field.name)}/codes"
    parts: dict[str, list[object]] = {
        "code": [category.value for category in field.categories],
        "name": [category.label for category in field.categories],
    }
    if any(category.description for category in field.categories):
        parts["description"] = [category.description for category in field.categories]
    types = {"code": _data_type(field)}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": f"{table.name}/{field.name}/codes",
        "description": f"The codes of {table.name}.{field.name}",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{name}/code"},
        "field": [
            {"@type": "cr:Field", "@id": f"{name}/{part}", "name": part, "dataType": types.get(part, "sc:Text")}
            for part in parts
        ],
        "data": [
            dict(zip((f"{name}/{part}" for part in parts), row, strict=True))
            for row in zip(*parts.values(), strict=True)
        ],
    }
