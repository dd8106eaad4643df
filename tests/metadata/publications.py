"""Publications of packages in folders, and folders of what is published: what tests of metadata start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrdata
from scrdata.checksums import sha256_of
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
