"""Publications of packages in folders, and folders of what is published: what tests of metadata start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrdata
from scrdata.checksums import sha256_of
from scrdata.formats.parquet import write_parquet
from scrdata.metadata.json_ld import encode_json
from scrdata.metadata.publication import PLACEHOLDER, Publication, PublishedFile
from scrdata.snapshots import take_snapshot

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from conftest import PackageFolder

    from scrdata.descriptor import Resource


def publish(folder: str | os.PathLike[str]) -> Publication:
    """Return the publication of a package whose release consists of its own files."""
    contents = scrdata.open_package(folder).contents
    tables = {resource.path: resource for resource in contents.descriptor.resources.values()}
    files = take_snapshot(contents.descriptor.storage).files
    return Publication(
        contents, PLACEHOLDER, tuple(_published(path, files[path], tables.get(path)) for path in sorted(files))
    )


def _published(path: str, data: bytes, table: Resource | None) -> PublishedFile:
    kind = ("text/csv", "table") if table else ("application/json", "descriptor")
    name, title = (table.name, table.title) if table else (None, "Part of the descriptor")
    return PublishedFile(path, title, kind[0], len(data), sha256_of(data), name, kind[1])


def publish_tables(package: str | os.PathLike[str], place: Path, *, parquet: bool = True) -> Publication:
    """Write the files of a package into a folder, its tables as Parquet too; return their publication."""
    publication = publish(package)
    write_release(publication, place)
    if not parquet:
        return publication
    made = []
    for name, table in publication.contents.tables.items():
        resource = publication.contents.descriptor.tables[name]
        data, path = write_parquet(table, publication.contents.descriptor), f"parquet/{name}.parquet"
        (place / "parquet").mkdir(exist_ok=True)
        (place / path).write_bytes(data)
        media_type = "application/vnd.apache.parquet"
        made.append(PublishedFile(path, resource.title, media_type, len(data), sha256_of(data), name, "table"))
    return publication.changed(files=tuple(sorted((*publication.files, *made), key=lambda file: file.path)))


def write_release(publication: Publication, place: Path, **documents: dict[str, object]) -> Path:
    """Write the files of a publication into a folder, and JSON documents beside them; return the folder."""
    files = take_snapshot(publication.contents.descriptor.storage).files
    for path, data in [*files.items(), *((name, encode_json(value)) for name, value in documents.items())]:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place


def describe_fully(package: PackageFolder) -> None:
    """State in a descriptor all that metadata can tell of a package."""
    stated = {
        "title": "Loans & visits: 100% of {both_kinds}",
        "description": "Loans of three *branches*.",
        "id": "https://doi.org/10.1234/loans_1",
        "homepage": "https://library.example/loans",
        "created": "2024-03-05T10:00:00Z",
        "keywords": ["loans", "visits"],
        "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
        "contributors": [
            {
                "title": "Jürgen O'Neill",
                "givenName": "Jürgen",
                "familyName": "O'Neill",
                "path": "https://orcid.org/0000-0002-1825-0097",
                "email": "loans@library.example",
                "roles": ["creator"],
            },
            {"title": "Readers and Writers", "roles": ["author"]},
            {"title": "The Town", "roles": ["publisher"]},
            {"title": "A typist", "roles": ["data entry"]},
        ],
        "sources": [
            {"title": "Leaflet", "path": "https://library.example/leaflet", "version": "2"},
            {
                "title": "The Town: Annual report (1950)",
                "scrdata:citation": {
                    "type": "report",
                    "title": "Annual report",
                    "author": "The Town",
                    "number": "7",
                    "issued": "1950",
                },
            },
        ],
        "scrdata:temporalCoverage": "1950/1962-11-05",
        "scrdata:spatialCoverage": "Town",
        "scrdata:language": "en",
    }
    for name, value in stated.items():
        package.edit("datapackage.json", name, to=value)


# A column of each type, and of each format that changes how it is read, with cells; the last one is missing.
KINDS: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "text": ({"type": "string"}, ("NA", "#1", " a ", "007", "")),
    "code": ({"type": "string", "categories": [{"value": "a|b", "label": "Either"}, "c"]}, ("a|b", "c", "c", "c", "")),
    "rank": ({"type": "integer", "categories": [1, 2], "categoriesOrdered": True}, ("2", "1", "1", "1", "")),
    "email": ({"type": "string", "format": "email"}, ("a@b.example",) * 4 + ("",)),
    "uri": ({"type": "string", "format": "uri"}, ("https://library.example/a",) * 4 + ("",)),
    "uuid": ({"type": "string", "format": "uuid"}, ("01234567-89ab-cdef-0123-456789abcdef",) * 4 + ("",)),
    "binary": ({"type": "string", "format": "binary"}, ("YWJj", "YQ==", "YWI=", "YWJj", "")),
    "any": ({"type": "any"}, ("NaN", "1", "x", "None", "")),
    "integer": ({"type": "integer", "constraints": {"minimum": -7}}, ("5", "-7", "0", "2147483648", "")),
    "number": ({"type": "number", "constraints": {"exclusiveMaximum": 2e9}}, ("0.1", "-2", "1e9", "1.50", "")),
    "boolean": ({"type": "boolean"}, ("true", "false", "false", "true", "")),
    "answer": ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ("yes", "no", "no", "no", "")),
    "several": ({"type": "boolean", "trueValues": ["yes", "y"], "falseValues": ["no"]}, ("yes", "y", "no", "y", "")),
    "date": ({"type": "date", "constraints": {"maximum": "2010-03-31"}}, ("2010-02-28",) * 4 + ("",)),
    "british": ({"type": "date", "format": "%d/%m/%Y"}, ("28/02/2010",) * 4 + ("",)),
    "odd": ({"type": "date", "format": "%Y_%d_%m"}, ("2010_28_02",) * 4 + ("",)),
    "datetime": ({"type": "datetime"}, ("2010-02-28T01:02:03",) * 4 + ("",)),
    "time": ({"type": "time"}, ("01:02:03",) * 4 + ("",)),
    "year": ({"type": "year", "constraints": {"minimum": "1900"}}, ("2010", "2009", "1999", "1900", "")),
    "yearmonth": ({"type": "yearmonth"}, ("2010-02",) * 4 + ("",)),
    "duration": ({"type": "duration"}, ("P1Y2M", "PT5S", "P3D", "P1Y", "")),
    "geopoint": ({"type": "geopoint"}, ("1.50, -2",) * 4 + ("",)),
    "object": ({"type": "object"}, ('{"a": [1]}',) * 4 + ("",)),
    "array": ({"type": "array"}, ("[1, null]",) * 4 + ("",)),
    "geojson": ({"type": "geojson"}, ('{"type": "Point"}',) * 4 + ("",)),
}


def add_kinds(package: PackageFolder, *without: str) -> None:
    """Add a table with a column of each kind to a package, but without some."""
    kinds = {name: kind for name, kind in KINDS.items() if name not in without}
    fields = [{"name": name, **field} for name, (field, _) in kinds.items()]
    rows = zip(*(cells for _, cells in kinds.values()), strict=True)
    lines = [",".join(map(quoted, row)) for row in [tuple(kinds), *rows]]
    package.write("data/kinds.csv", "".join(f"{line}\n" for line in lines))
    resource = {"name": "kinds", "type": "table", "path": "data/kinds.csv", "schema": {"fields": fields}}
    package.edit("datapackage.json", "resources", len(package.json()["resources"]), to=resource)


def quoted(cell: str) -> str:
    """Return a cell as RFC 4180 writes it."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"') else cell
