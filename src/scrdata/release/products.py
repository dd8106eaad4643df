"""What a release consists of: one `Product` for each file, which makes the file when it is asked to.

Each is made with the knowledge of those before it: first the data and the texts; then, of these, the
metadata; last the crate, which lists all.
"""

from __future__ import annotations

import re
from functools import partial

from scrdata.checksums import sha256_of
from scrdata.formats.naming import name_files
from scrdata.metadata.json_ld import encode_json
from scrdata.metadata.publication import Publication, PublishedFile
from scrdata.records import Record
from scrdata.release.packing import pack_files
from scrdata.storage import DESCRIPTOR, Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrdata.opening import Storage
    from scrdata.snapshots import Snapshot
    from scrdata.validation import Contents

CSV = "text/csv"
HTML = "text/html"
JSON = "application/json"
JSON_LD = "application/ld+json"
MARKDOWN = "text/markdown"
PARQUET = "application/vnd.apache.parquet"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SQLITE = "application/vnd.sqlite3"
YAML = "application/yaml"
ZIP = "application/zip"
CHANGELOG = "CHANGELOG.md"
LICENCE = "LICENSE"
CHECKSUMS = "SHA256SUMS"


class Product(Record):
    """One file of a release, and the function that makes it.

    Attributes:
        path, title, media_type, role, table: as of a `PublishedFile`.
        make: is given the publication of all files made before, and returns the bytes.
    """

    path: str
    title: str
    media_type: str
    role: str
    make: Callable[[Publication], bytes]
    table: str | None = None

    def published(self, data: bytes) -> PublishedFile:
        """Return the description of the file with these bytes."""
        return PublishedFile(self.path, self.title, self.media_type, len(data), sha256_of(data), self.table, self.role)


def plan_release(storage: Storage, snapshot: Snapshot, contents: Contents) -> list[Product]:
    """Return every file of a release but its list of checksums, in the order in which they are made.

    Args:
        storage: where the package stands, and perhaps a changelog and a licence beside it.
        snapshot: the files of the package.
        contents: what they say, with rules, mentions and register read.
    """
    return [
        *_package(snapshot, contents),
        *_formats(contents),
        *_texts(storage, contents.descriptor.version),
        *_metadata(),
    ]


def _package(snapshot: Snapshot, contents: Contents) -> Iterator[Product]:
    """Yield the files of the package itself, and the archive of them."""
    by_path = {resource.path: resource for resource in contents.descriptor.resources.values()}
    for path in snapshot.files:
        copy = partial(_copy, snapshot, path)
        resource = by_path.get(path)
        if resource is not None and resource.schema is not None:
            yield Product(path, resource.title, CSV, "table", copy, resource.name)
        elif resource is not None:
            media_type = str(resource.properties.get("mediatype", "application/octet-stream"))
            yield Product(path, resource.title, media_type, "text", copy)
        else:
            title = "Descriptor of the package" if path == DESCRIPTOR else "Part of the descriptor"
            yield Product(path, title, JSON, "descriptor", copy)
    name, version = name_of(contents), contents.descriptor.version
    path = file_name(f"{name}-{version}" if version else name) + ".zip"
    yield Product(path, "The package as one archive", ZIP, "package", lambda _: pack_files(snapshot.files))


def _copy(snapshot: Snapshot, path: str, _: Publication) -> bytes:
    return snapshot.read(path)


def _formats(contents: Contents) -> Iterator[Product]:
    """Yield the tables in the other formats."""
    from scrdata.formats.sqlite import write_sqlite
    from scrdata.formats.workbook import write_workbook

    tables = contents.descriptor.tables
    for (name, resource), stem in zip(tables.items(), name_files(tables), strict=True):
        path = f"parquet/{stem}.parquet"
        yield Product(path, resource.title, PARQUET, "table", partial(_parquet, name), name)
    stem = file_name(name_of(contents))
    yield Product(f"{stem}.sqlite", "All tables as a database", SQLITE, "package", lambda _: write_sqlite(contents))
    yield Product(
        f"{stem}.xlsx", "All tables as a workbook", SPREADSHEET, "package", lambda _: write_workbook(contents)
    )


def _parquet(name: str, publication: Publication) -> bytes:
    from scrdata.formats.parquet import write_parquet

    contents = publication.contents
    return write_parquet(contents.tables[name], contents.descriptor)


def _texts(storage: Storage, version: str | None) -> Iterator[Product]:
    """Yield what is for people to read: the dictionary, the citation, and what stands beside the package."""
    from scrdata.explorer.page import write_page
    from scrdata.metadata.citation_file import write_citation
    from scrdata.metadata.dictionary import write_dictionary

    yield Product("data-dictionary.md", "Data dictionary", MARKDOWN, "text", lambda it: write_dictionary(it).encode())
    yield Product("CITATION.cff", "How to cite the package", YAML, "text", lambda it: write_citation(it).encode())
    changes = changes_of(version or "", _beside(storage, CHANGELOG) or b"")
    if changes is not None:
        yield Product(CHANGELOG, "What changed in this version", MARKDOWN, "text", lambda _: changes)
    licence = _beside(storage, LICENCE)
    if licence is not None:
        yield Product(LICENCE, "Licence", "text/plain", "text", lambda _: licence)
    yield Product("index.html", "The figures as a page", HTML, "text", lambda it: write_page(it).encode())


def _metadata() -> Iterator[Product]:
    """Yield the descriptions of the release by other standards; the crate, which lists all other files, is the last."""
    from scrdata.metadata.croissant import describe_croissant
    from scrdata.metadata.csvw import describe_csvw
    from scrdata.metadata.dcat import describe_dcat
    from scrdata.metadata.ro_crate import describe_crate
    from scrdata.metadata.schema_org import describe_dataset

    described = (
        ("csv-metadata.json", "Description by CSV on the Web", describe_csvw),
        ("croissant.json", "Description by Croissant", describe_croissant),
        ("dcat-ap.jsonld", "Description by DCAT-AP", describe_dcat),
        ("schema-org.jsonld", "Description by schema.org", describe_dataset),
        ("ro-crate-metadata.json", "Description by RO-Crate", describe_crate),
    )
    for path, title, describe in described:
        yield Product(path, title, JSON_LD, "metadata", partial(_as_json, describe))


def _as_json(describe: Callable[[Publication], dict[str, object]], publication: Publication) -> bytes:
    return encode_json(describe(publication))


def changes_of(version: str, changelog: bytes) -> bytes | None:
    """Return what a changelog says of a version, under the title of the whole; `None` if it does not name it.

    The form is that of Keep a Changelog (https://keepachangelog.com/en/1.1.0/): a heading of the second level for
    each version, which stands in square brackets.
    """
    heading = rf"^## \[{re.escape(version)}\].*?(?=^## |^\[|\Z)"
    section = re.search(heading.encode(), changelog, re.MULTILINE | re.DOTALL)
    title = re.match(rb"# .*\n", changelog)
    if section is None:
        return None
    return (title[0] + b"\n" if title else b"") + section[0].rstrip() + b"\n"


def name_of(contents: Contents) -> str:
    """Return the name of a package; `package` for one without a name."""
    return Publication(contents, "", ()).name


def file_name(text: str) -> str:
    """Return a text with `-` for each run of characters that not every system takes in the name of a file."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "package"


def _beside(storage: Storage, name: str) -> bytes | None:
    """Return a file that stands beside the descriptor; `None` if there is none."""
    try:
        return storage.read(name)
    except Refusal:
        return None
