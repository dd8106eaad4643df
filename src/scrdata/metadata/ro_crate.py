"""RO-Crate: the folder of the release as a crate of research data.

By RO-Crate 1.3 (https://w3id.org/ro/crate/1.3), which demands that its context be named by address; `rocrate` and other
readers know it without fetching it. The description is flat: each thing stands once and is referred to by its `@id`.
"""

from __future__ import annotations

from urllib.parse import quote, urljoin

from scrdata.metadata.bibliography import find_doi
from scrdata.metadata.json_ld import drop_absent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrdata.metadata.publication import Contributor, Publication, PublishedFile, Source

SPECIFICATION = "https://w3id.org/ro/crate/1.3"
FILE_NAME = "ro-crate-metadata.json"
_DOIS = "https://registry.identifiers.org/registry/doi"


def describe_crate(publication: Publication) -> dict[str, object]:
    """Return the release as an RO-Crate, to be written as `ro-crate-metadata.json`.

    Args:
        publication: the package, valid, and all files of the release but this description.

    Returns:
        A JSON-LD object with a list of things. RO-Crate demands a date, a description and a licence; where the package
        states none, none is stood in for it: such a crate can be read, and a strict validator objects.
    """
    authors = _people("author", publication.authors())
    by_name = {author["name"]: author for author in authors}
    publishers = [by_name.get(item["name"], item) for item in _people("publisher", publication.publishers())]
    contacts = _contact_points([*publication.authors(), *publication.publishers()])
    licences = _licences(publication)
    sources = [_source(publication, position, item) for position, item in enumerate(publication.sources(), 1)]
    place = publication.text("scrdata:spatialCoverage")
    places: list[dict[str, object]] = [{"@id": "#place", "@type": "Place", "name": place}] if place else []
    identifiers = _identifiers(publication.text("id"))
    files = [_file(publication, file) for file in publication.files]
    root = drop_absent(
        {
            "@id": "./",
            "@type": "Dataset",
            "name": publication.title,
            "description": publication.text("description"),
            "identifier": _references(identifiers),
            "url": publication.text("homepage"),
            "version": publication.text("version"),
            "datePublished": publication.released,
            "inLanguage": publication.text("scrdata:language"),
            "keywords": publication.keywords,
            "license": _references(licences),
            "author": _references(authors),
            "publisher": _references(publishers),
            "isBasedOn": _references(sources),
            "temporalCoverage": publication.text("scrdata:temporalCoverage"),
            "spatialCoverage": _references(places),
            "hasPart": [{"@id": file["@id"]} for file in files],
        }
    )
    others = [*identifiers, *licences, *authors, *publishers, *contacts, *sources, *places]
    once = {thing["@id"]: thing for thing in others}
    return {"@context": f"{SPECIFICATION}/context", "@graph": [_descriptor(), root, *files, *once.values()]}


def _descriptor() -> dict[str, object]:
    return {
        "@id": FILE_NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }


def _references(things: Iterable[dict[str, object]]) -> object:
    """Return references to things: one alone as it is, as readers of crates mostly expect it, several as a list."""
    found = [{"@id": thing["@id"]} for thing in things]
    return found[0] if len(found) == 1 else found


def _file(publication: Publication, file: PublishedFile) -> dict[str, object]:
    return {
        "@id": quote(file.path),
        "@type": "File",
        "name": file.title,
        "description": publication.description(file),
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _identifiers(identifier: str | None) -> list[dict[str, object]]:
    """Return the identifier as a value that says of which kind it is, if it is a DOI."""
    if identifier is None:
        return []
    doi = find_doi(identifier)
    kind = {"propertyID": _DOIS, "url": f"https://doi.org/{doi}"} if doi else {}
    value = f"doi:{doi}" if doi else identifier
    return [{"@id": "#identifier", "@type": "PropertyValue", "name": value, "value": value, **kind}]


def _people(kind: str, people: Iterable[Contributor]) -> list[dict[str, object]]:
    return [_person(f"#{kind}-{position}", person) for position, person in enumerate(people, 1)]


def _person(name: str, person: Contributor) -> dict[str, object]:
    return drop_absent(
        {
            "@id": person.address or name,
            "@type": "Person" if person.family else "Organization",
            "name": person.name,
            "givenName": person.given,
            "familyName": person.family,
            "url": person.address,
            "contactPoint": {"@id": f"mailto:{person.email}"} if person.email else None,
        }
    )


def _contact_points(people: Iterable[Contributor]) -> list[dict[str, object]]:
    return [
        {"@id": f"mailto:{person.email}", "@type": "ContactPoint", "name": person.name, "email": person.email}
        for person in people
        if person.email
    ]


def _licences(publication: Publication) -> list[dict[str, object]]:
    found = []
    for position, item in enumerate(publication.objects("licenses"), 1):
        address = urljoin(publication.base_url, item["path"]) if item.get("path") else f"#licence-{position}"
        name = item.get("title") or item.get("name")
        found.append(
            drop_absent(
                {
                    "@id": address,
                    "@type": "CreativeWork",
                    "name": name,
                    "description": name,
                    "identifier": item.get("name"),
                }
            )
        )
    return found


def _source(publication: Publication, position: int, source: Source) -> dict[str, object]:
    address = urljoin(publication.base_url, source.address) if source.address else f"#source-{position}"
    return drop_absent(
        {
            "@id": address,
            "@type": "CreativeWork",
            "name": source.text,
            "version": source.version,
            "identifier": source.number,
            "datePublished": source.issued,
        }
    )
