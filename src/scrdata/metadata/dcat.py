"""DCAT-AP: the release as a `dcat:Dataset`, as European data portals harvest it.

By DCAT-AP 3.0 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), whose shapes want every thing that is named by an
address to say of what class it is. The context is inline: nobody has to fetch one to read the file.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

from scrdata.metadata.json_ld import drop_absent
from scrdata.metadata.schema_org import data_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.metadata.publication import Contributor, Publication, PublishedFile, Source

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
# The vocabulary of file types of the European Union, as far as releases have them; it has no SQLite.
_FILE_TYPE_OF = {
    "text/csv": "CSV",
    "application/vnd.apache.parquet": "PARQUET",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/zip": "ZIP",
}
_DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"


def describe_dcat(publication: Publication) -> dict[str, object]:
    """Return the release as a DCAT-AP dataset, to be written as `dcat-ap.jsonld`.

    Args:
        publication: the package, valid, and its files.

    Returns:
        A JSON-LD object. Its distributions are the files that hold tables, each with licence, size and checksum. What
        the package is made of is named by `prov:wasDerivedFrom`: `dct:source` is for data sets alone. There is no
        theme, which is a code of a European vocabulary that no descriptor states.
    """
    homepage = publication.text("homepage")
    standard = publication.text("$schema")
    return {
        "@context": dict(CONTEXT),
        "@id": publication.base_url,
        "@type": "dcat:Dataset",
        **drop_absent(
            {
                "dct:identifier": publication.text("id"),
                "dct:title": _text(publication, publication.title),
                "dct:description": _text(publication, publication.text("description") or ""),
                "dcat:version": publication.text("version"),
                "dct:issued": _date(publication.released) if publication.released else None,
                "dct:creator": [_agent(person) for person in publication.authors()],
                "dct:publisher": [_agent(person) for person in publication.publishers()[:1]],
                "dcat:contactPoint": [_contact(person) for person in publication.authors() if person.email],
                "dcat:keyword": [_text(publication, word) for word in publication.keywords],
                "dcat:landingPage": {"@id": homepage, "@type": "foaf:Document"} if homepage else None,
                "dct:temporal": _period(publication.text("scrdata:temporalCoverage") or ""),
                "dct:spatial": _place(publication),
                "dct:conformsTo": {"@id": standard, "@type": "dct:Standard"} if standard else None,
                "prov:wasDerivedFrom": [_source(publication, source) for source in publication.sources()],
                "dcat:distribution": [_distribution(publication, file) for file in data_files(publication)],
            }
        ),
    }


def _text(publication: Publication, text: str) -> object:
    """Return a text for people, with its language where the package states one."""
    language = publication.text("scrdata:language")
    return {"@value": text, "@language": language} if language and text else text


def _date(text: str) -> dict[str, object]:
    return {"@value": text, "@type": _DATE_TYPES[len(text)]}


def _agent(person: Contributor) -> dict[str, object]:
    return drop_absent({"@id": person.address, "@type": "foaf:Agent", "foaf:name": person.name})


def _contact(person: Contributor) -> dict[str, object]:
    address = {"@id": f"mailto:{person.email}"}
    return {"@type": "vcard:Kind", "vcard:fn": person.name, "vcard:hasEmail": address}


def _period(interval: str) -> dict[str, object] | None:
    """Return the period between two dates by ISO 8601, of which one may be `..`; nothing for any other text."""
    match = re.fullmatch(rf"({_DATE}|\.\.)/({_DATE}|\.\.)", interval)
    if not match:
        return None
    ends = {name: _date(end) for name, end in zip(("startDate", "endDate"), match.groups(), strict=True) if end != ".."}
    return {"@type": "dct:PeriodOfTime", **{f"dcat:{name}": end for name, end in ends.items()}}


def _place(publication: Publication) -> dict[str, object] | None:
    place = publication.text("scrdata:spatialCoverage")
    return {"@type": "dct:Location", "skos:prefLabel": _text(publication, place)} if place else None


def _source(publication: Publication, source: Source) -> dict[str, object]:
    return drop_absent(
        {
            "@id": urljoin(publication.base_url, source.address) if source.address else None,
            "@type": "prov:Entity",
            "dct:title": _text(publication, source.text),
            "dcat:version": source.version,
        }
    )


def _distribution(publication: Publication, file: PublishedFile) -> dict[str, object]:
    address = {"@id": publication.url(file.path), "@type": "rdfs:Resource"}
    kind = _FILE_TYPE_OF.get(file.media_type)
    return drop_absent(
        {
            "@id": f"{publication.base_url}#{quote(file.path)}",
            "@type": "dcat:Distribution",
            "dct:title": _text(publication, file.title),
            "dct:description": _text(publication, publication.description(file)),
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dcat:mediaType": {"@id": _MEDIA_TYPES + file.media_type, "@type": "dct:MediaType"},
            "dct:format": {"@id": _FILE_TYPES + kind, "@type": "dct:MediaTypeOrExtent"} if kind else None,
            "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
                "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
            },
            **_rights(publication),
        }
    )


def _rights(publication: Publication) -> dict[str, object]:
    """Return the licence; of several, of which a distribution can have but one, a statement that names them all."""
    licences = publication.objects("licenses")
    names = [item.get("title") or item.get("name") or item["path"] for item in licences]
    if len(licences) == 1:
        address = dict(zip(["@id"], publication.licence_addresses(), strict=False))
        return {"dct:license": {**address, "@type": "dct:LicenseDocument", "dct:title": names[0]}}
    return {"dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": "; ".join(names)} if names else None}
