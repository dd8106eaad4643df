"""schema.org: the release as a `Dataset`, as search engines for data read it.

By https://schema.org/Dataset and what Google asks for in its guide to structured data of data sets
(https://developers.google.com/search/docs/appearance/structured-data/dataset). The context is inline: nobody has to
fetch one to read the file.
"""

from __future__ import annotations

from urllib.parse import urljoin

from scrdata.fields import SUMMABLE
from scrdata.metadata.json_ld import drop_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.metadata.publication import Contributor, Publication, PublishedFile, Source

CONTEXT = "https://schema.org/"


def describe_dataset(publication: Publication) -> dict[str, object]:
    """Return the release as a schema.org `Dataset`, to be written as `schema-org.jsonld` or into a page.

    Args:
        publication: the package, valid, and its files.

    Returns:
        A JSON-LD object. `distribution` has the files that hold tables, with addresses below the base of the
        publication; `variableMeasured` has the columns of numbers that are counts or measures, not keys.
    """
    language = publication.text("scrdata:language")
    context = drop_absent({"@language": language, "@vocab": CONTEXT})
    return {
        "@context": context,
        "@type": "Dataset",
        "@id": publication.base_url,
        **describe_work(publication),
        # The standard wants the identifier of an open licence as a name, and open data are free of charge.
        **drop_absent({"isAccessibleForFree": any("name" in item for item in publication.objects("licenses")) or None}),
        "distribution": [_download(publication, file) for file in data_files(publication)],
        "variableMeasured": list(_variables(publication)),
    }


def describe_work(publication: Publication) -> dict[str, object]:
    """Return what Croissant and schema.org say of a release in the same words, without what is not known.

    Args:
        publication: the package and its files.

    Returns:
        Properties of `https://schema.org/CreativeWork` and `Dataset`.
    """
    return drop_absent(
        {
            "name": publication.title,
            "alternateName": publication.name if publication.name != publication.title else None,
            "description": publication.text("description"),
            "url": publication.text("homepage") or publication.base_url,
            "identifier": publication.text("id"),
            "version": publication.text("version"),
            "datePublished": publication.released,
            "inLanguage": publication.text("scrdata:language"),
            "keywords": publication.keywords,
            "license": _licences(publication),
            "creator": [_agent(person) for person in publication.authors()],
            "publisher": [_agent(person) for person in publication.publishers()],
            "isBasedOn": [_source(publication, source) for source in publication.sources()],
            "temporalCoverage": publication.text("scrdata:temporalCoverage"),
            "spatialCoverage": _place(publication),
        }
    )


def data_files(publication: Publication) -> list[PublishedFile]:
    """Return the files that hold tables, each one or all of them; what merely describes them is no distribution."""
    return [file for file in publication.files if file.role in ("table", "package")]


def _licences(publication: Publication) -> list[object]:
    """Return the addresses of the licences; a licence without one is an object with its name."""
    addresses = iter(publication.licence_addresses())
    return [
        next(addresses) if item.get("path") else {"@type": "CreativeWork", "name": item["name"]}
        for item in publication.objects("licenses")
    ]


def _agent(person: Contributor) -> dict[str, object]:
    """Return a person where the descriptor gives a family name, else an organisation."""
    return drop_absent(
        {
            "@type": "Person" if person.family else "Organization",
            "name": person.name,
            "givenName": person.given,
            "familyName": person.family,
            "url": person.address,
            "email": person.email,
        }
    )


def _source(publication: Publication, source: Source) -> dict[str, object]:
    return drop_absent(
        {
            "@type": "Report" if source.kind == "report" else "CreativeWork",
            "name": source.text,
            "author": {"@type": "Organization", "name": source.author} if source.author else None,
            "reportNumber": source.number if source.kind == "report" else None,
            "datePublished": source.issued,
            "version": source.version,
            "url": urljoin(publication.base_url, source.address) if source.address else None,
        }
    )


def _place(publication: Publication) -> dict[str, object] | None:
    place = publication.text("scrdata:spatialCoverage")
    return {"@type": "Place", "name": place} if place else None


def _download(publication: Publication, file: PublishedFile) -> dict[str, object]:
    return {
        "@type": "DataDownload",
        "name": file.title,
        "contentUrl": publication.url(file.path),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _variables(publication: Publication) -> Iterator[dict[str, object]]:
    for table in publication.contents.descriptor.tables.values():
        schema = table.schema
        assert schema
        keys = {*schema.primary_key, *(name for key in schema.foreign_keys for name in key.fields)}
        for field in schema.fields:
            if field.type in SUMMABLE and field.name not in keys and not field.unique:
                yield _variable(table, field)


def _variable(table: Resource, field: Field) -> dict[str, object]:
    return drop_absent(
        {
            "@type": "PropertyValue",
            "name": f"{table.title}: {field.title}",
            "propertyID": f"{table.name}.{field.name}",
            "description": field.description,
        }
    )
