"""All descriptions of a release say the same: what its descriptor says, each as far as its standard can say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from scrdata.metadata.croissant import describe_croissant
from scrdata.metadata.csvw import describe_csvw
from scrdata.metadata.dcat import describe_dcat
from scrdata.metadata.json_ld import encode_json
from scrdata.metadata.ro_crate import describe_crate
from scrdata.metadata.schema_org import describe_dataset
from scrdata.release.products import _metadata
from tests.metadata.publications import describe_fully, publish_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    from scrdata.metadata.publication import Publication

    Facts = dict[str, object]

ROOT = Path(__file__).parents[2]
WHOLE = {"title", "description", "version", "released", "licences", "creators", "keywords", "sources"}
TABLES = {"columns", "types", "keys"}
FILES = {"files"}
# What types are called in the descriptor, in CSVW and in Croissant, as far as the packages below have them.
CSVW_TYPES = {"string": "string", "integer": "integer", "date": "date"}
CROISSANT_TYPES = {"sc:Text": "string", "sc:Integer": "integer", "sc:Date": "date"}


def stated(publication: Publication) -> Facts:
    """Return what the descriptor and the files say, read as plain JSON."""
    storage = publication.contents.descriptor.storage
    package = json.loads(storage.read("datapackage.json"))
    schemas = {
        item["name"]: json.loads(storage.read(item["schema"])) if isinstance(item["schema"], str) else item["schema"]
        for item in package["resources"]
    }
    authors = [item["title"] for item in package["contributors"] if {"creator", "author"} & set(item["roles"])]
    return {
        "title": package["title"],
        "description": package["description"],
        "version": package["version"],
        "released": package["created"][:10],
        "licences": [item["path"] for item in package["licenses"]],
        "creators": authors,
        "keywords": package["keywords"],
        "sources": [item["title"] for item in package["sources"]],
        "columns": {name: [field["name"] for field in schema["fields"]] for name, schema in schemas.items()},
        "types": {name: [field["type"] for field in schema["fields"]] for name, schema in schemas.items()},
        "keys": {name: schema.get("primaryKey", []) for name, schema in schemas.items()},
        "rows": {item["name"]: item["scrdata:rows"] for item in package["resources"]},
        "files": {file.path: (file.size, file.sha256) for file in publication.files if file.role == "table"},
    }


def said_by_csvw(publication: Publication) -> Facts:
    """Return what CSVW says."""
    found = read(describe_csvw(publication))
    schemas = {table["dc:identifier"]: table["tableSchema"] for table in found["tables"]}
    bases = {
        name: [item["datatype"] if isinstance(item["datatype"], str) else item["datatype"]["base"] for item in columns]
        for name, columns in ((name, schema["columns"]) for name, schema in schemas.items())
    }
    return {
        "title": found["dc:title"],
        "description": found["dc:description"],
        "version": found["schema:version"],
        "released": found["dc:issued"]["@value"],
        "licences": [item["@id"] for item in found["dc:license"]],
        "creators": found["dc:creator"],
        "keywords": found["dcat:keyword"],
        "sources": found["dc:source"],
        "columns": {name: [item["titles"] for item in schema["columns"]] for name, schema in schemas.items()},
        "types": {name: [CSVW_TYPES[base] for base in found] for name, found in bases.items()},
        "keys": {name: schema.get("primaryKey", []) for name, schema in schemas.items()},
    }


def said_by_schema_org(publication: Publication) -> Facts:
    """Return what schema.org says."""
    found = read(describe_dataset(publication))
    prefix = len(publication.base_url)
    files = {unquote(item["contentUrl"][prefix:]): _of_file(item) for item in found["distribution"]}
    return {**_of_dataset(found), "files": files}


def said_by_croissant(publication: Publication) -> Facts:
    """Return what Croissant says."""
    found = read(describe_croissant(publication))
    tables = {item["name"]: item for item in found["recordSet"] if item.get("dataType") != "sc:Enumeration"}
    fields = {name: table["field"] for name, table in tables.items()}
    keys = {name: [key["@id"].removeprefix(f"{name}/") for key in item.get("key", [])] for name, item in tables.items()}
    return {
        **_of_dataset(found),
        "columns": {name: [field["source"]["extract"]["column"] for field in items] for name, items in fields.items()},
        "types": {name: [CROISSANT_TYPES[field["dataType"]] for field in items] for name, items in fields.items()},
        "keys": keys,
        "rows": {name: table["cr:annotation"]["value"] for name, table in tables.items()},
        "files": {unquote(item["contentUrl"]): _of_file(item) for item in found["distribution"]},
    }


def said_by_dcat(publication: Publication) -> Facts:
    """Return what DCAT-AP says."""
    found = read(describe_dcat(publication))
    prefix = len(publication.base_url)
    files = {
        unquote(item["dcat:downloadURL"]["@id"][prefix:]): (
            int(item["dcat:byteSize"]["@value"]),
            item["spdx:checksum"]["spdx:checksumValue"]["@value"],
        )
        for item in found["dcat:distribution"]
    }
    return {
        "title": _text(found["dct:title"]),
        "description": _text(found["dct:description"]),
        "version": found["dcat:version"],
        "released": found["dct:issued"]["@value"],
        "licences": sorted({item["dct:license"]["@id"] for item in found["dcat:distribution"]}),
        "creators": [item["foaf:name"] for item in found["dct:creator"]],
        "keywords": list(map(_text, found["dcat:keyword"])),
        "sources": [_text(item["dct:title"]) for item in found["prov:wasDerivedFrom"]],
        "files": files,
    }


def said_by_crate(publication: Publication) -> Facts:
    """Return what RO-Crate says; a crate lists all files, of which those that hold one table are compared."""
    things = {thing["@id"]: thing for thing in read(describe_crate(publication))["@graph"]}
    root = things["./"]
    tables = {file.path for file in publication.files if file.role == "table"}

    def named(name: str) -> list[str]:
        several = root[name] if isinstance(root[name], list) else [root[name]]
        return [things[item["@id"]]["name"] for item in several]

    return {
        "title": root["name"],
        "description": root["description"],
        "version": root["version"],
        "released": root["datePublished"],
        "licences": [root["license"]["@id"]],
        "creators": named("author"),
        "keywords": root["keywords"],
        "sources": named("isBasedOn"),
        "files": {path: _of_file(things[path]) for path in map(unquote, things) if path in tables},
    }


def read(document: dict[str, object]) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """Return a description as it is read from its file."""
    return json.loads(encode_json(document))


def _of_dataset(found: dict[str, Any]) -> Facts:
    return {
        "title": found["name"],
        "description": found["description"],
        "version": found["version"],
        "released": found["datePublished"],
        "licences": found["license"],
        "creators": [item["name"] for item in found["creator"]],
        "keywords": found["keywords"],
        "sources": [item["name"] for item in found["isBasedOn"]],
    }


def _of_file(found: dict[str, str]) -> tuple[int, str]:
    return int(found["contentSize"].removesuffix(" B")), found["sha256"]


def _text(value: Any) -> str:  # noqa: ANN401  (a text with or without its language)
    return str(value["@value"] if isinstance(value, dict) else value)


# Each standard, with what it can say: a further one is one more line.
STANDARDS: dict[Callable[[Publication], Facts], set[str]] = {
    said_by_csvw: WHOLE | TABLES,
    said_by_schema_org: WHOLE | FILES,
    said_by_croissant: WHOLE | TABLES | FILES | {"rows"},
    said_by_dcat: WHOLE | FILES,
    said_by_crate: WHOLE | FILES,
}


@pytest.mark.parametrize("said", STANDARDS, ids=lambda said: said.__name__)
def test_all_say_the_same(small_package: PackageFolder, tmp_path: Path, said: Callable[[Publication], Facts]) -> None:
    """Of the shipped package, and of one that states all it can, each standard says what the descriptor says."""
    describe_fully(small_package)
    for position, package in enumerate((ROOT, small_package)):
        publication = publish_tables(package, tmp_path / str(position))
        expected, found = stated(publication), said(publication)
        assert set(found) == STANDARDS[said]
        for name, fact in found.items():
            assert fact == expected[name], name


def test_page_lists_every_standard() -> None:
    """The page on descriptions lists each file of a release that is one."""
    page = (ROOT / "docs" / "metadata.md").read_text(encoding="utf-8")
    assert [product.path for product in _metadata() if f"| `{product.path}` |" not in page] == []
