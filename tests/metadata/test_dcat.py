"""DCAT-AP: the shapes of the standard accept the description, and it says what the descriptor says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, SKOS, XSD

from scrdata.metadata.dcat import describe_dcat
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import PackageFolder

# rdflib warns of a class that it uses itself when it reads JSON-LD.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "tests" / "standards" / "dcat-ap-3.0.0-shacl.jsonld"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
VERSION = rdflib.URIRef("http://www.w3.org/ns/dcat#version")
DATASET = rdflib.URIRef("https://example.org/scrdata/")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection: the context is inline."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    """Return the shapes of DCAT-AP."""
    return rdflib.Graph().parse(SHAPES, format="json-ld")


def read(document: dict[str, object]) -> rdflib.Graph:
    """Return the statements of a JSON-LD document."""
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld")


def objections(document: dict[str, object], shapes: rdflib.Graph) -> list[str]:
    """Return which properties the shapes object to, as last parts of their names."""
    _, report, _ = pyshacl.validate(read(document), shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    paths = report.objects(None, rdflib.SH.resultPath)
    return sorted(str(path).replace("#", "/").rpartition("/")[2] for path in paths)


def test_shapes_accept_the_shipped_package(shapes: rdflib.Graph) -> None:
    """The shapes of DCAT-AP 3.0.0 object to nothing in the description of the shipped package."""
    assert objections(describe_dcat(publish(ROOT)), shapes) == []


def test_shapes_accept_whatever_is_stated(small_package: PackageFolder, shapes: rdflib.Graph) -> None:
    """The shapes object to nothing where a descriptor states all it can; where it states little, to what it lacks."""
    assert objections(describe_dcat(publish(small_package)), shapes) == ["description"]
    describe_fully(small_package)
    assert objections(describe_dcat(publish(small_package)), shapes) == []


def spoilt(document: dict[str, object]) -> Iterator[tuple[dict[str, object], str]]:
    """Yield copies of a description of which one part is wrong, each with the property that is."""
    for name in ("dct:title", "dct:description"):
        yield {key: value for key, value in document.items() if key != name}, name
    yield {**document, "dct:publisher": {"foaf:name": "no agent"}}, "dct:publisher"
    yield {**document, "dct:issued": ["2020-01-01", "2021-01-01"]}, "dct:issued"
    file = {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": "https://a.example/", "@type": "rdfs:Resource"}}
    yield {**document, "dcat:distribution": [{**file, "dcat:accessURL": []}]}, "dcat:accessURL"
    yield {**document, "dcat:distribution": [{**file, "dcat:mediaType": {"@id": "text/csv"}}]}, "dcat:mediaType"
    yield {**document, "dcat:distribution": [{**file, "spdx:checksum": {"@type": "spdx:Checksum"}}]}, "spdx:algorithm"


def test_shapes_can_object(shapes: rdflib.Graph) -> None:
    """The shapes are really applied: each of several wrong descriptions is objected to, for what is wrong in it."""
    for document, name in spoilt(describe_dcat(publish(ROOT))):
        assert name.partition(":")[2] in objections(document, shapes), name


def test_all_that_is_stated_is_said(small_package: PackageFolder) -> None:
    """Title, people, dates, place, licence, sources, addresses and checksums reach a reader of RDF, typed."""
    describe_fully(small_package)
    publication = publish(small_package)
    graph = read(describe_dcat(publication))
    assert graph.value(DATASET, DCTERMS.title) == rdflib.Literal("Loans & visits: 100% of {both_kinds}", lang="en")
    assert graph.value(DATASET, DCTERMS.identifier) == rdflib.Literal("https://doi.org/10.1234/loans_1")
    assert graph.value(DATASET, VERSION) == rdflib.Literal("1.0.0")
    assert graph.value(DATASET, DCTERMS.issued) == rdflib.Literal("2024-03-05", datatype=XSD.date)
    assert graph.value(DATASET, DCAT.landingPage) == rdflib.URIRef("https://library.example/loans")
    makers = {str(graph.value(person, FOAF.name)) for person in graph.objects(DATASET, DCTERMS.creator)}
    assert makers == {"Jürgen O'Neill", "Readers and Writers"}
    assert str(graph.value(graph.value(DATASET, DCTERMS.publisher), FOAF.name)) == "The Town"
    contact = graph.value(graph.value(DATASET, DCAT.contactPoint), VCARD.hasEmail)
    assert contact == rdflib.URIRef("mailto:loans@library.example")
    period = graph.value(DATASET, DCTERMS.temporal)
    assert graph.value(period, DCAT.startDate) == rdflib.Literal("1950", datatype=XSD.gYear)
    assert graph.value(period, DCAT.endDate) == rdflib.Literal("1962-11-05", datatype=XSD.date)
    assert str(graph.value(graph.value(DATASET, DCTERMS.spatial), SKOS.prefLabel)) == "Town"
    assert {str(graph.value(item, DCTERMS.title)) for item in graph.objects(DATASET, PROV.wasDerivedFrom)} == {
        "Leaflet", "The Town: Annual report (1950)"
    }  # fmt: skip


def test_distributions_are_the_files_with_tables() -> None:
    """Each file that holds a table is a distribution with address, kind, size, checksum, licence; no other is."""
    publication = publish(ROOT)
    graph = read(describe_dcat(publication))
    found = {}
    for item in graph.objects(DATASET, DCAT.distribution):
        checksum = graph.value(item, SPDX.checksum)
        assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        size = graph.value(item, DCAT.byteSize)
        assert isinstance(size, rdflib.Literal)
        assert size.datatype == XSD.nonNegativeInteger
        assert str(graph.value(item, DCAT.mediaType)).endswith("/media-types/text/csv")
        assert str(graph.value(item, DCTERMS["format"])).endswith("/file-type/CSV")
        assert "open-government-licence" in str(graph.value(item, DCTERMS.license))
        assert graph.value(item, DCAT.accessURL) == graph.value(item, DCAT.downloadURL)
        found[str(graph.value(item, DCAT.downloadURL))] = (int(size), str(graph.value(checksum, SPDX.checksumValue)))
    wanted = {publication.url(f.path): (f.size, f.sha256) for f in publication.files if f.role == "table"}
    assert found == wanted


@pytest.mark.parametrize("coverage", ["the fifties", "1950", "1950/", "1950-1/1951", "../x"])
def test_coverage_in_words_is_no_period(small_package: PackageFolder, coverage: str) -> None:
    """A coverage that is no interval between two dates is left out: a portal could not read it."""
    small_package.edit("datapackage.json", "scrdata:temporalCoverage", to=coverage)
    assert "dct:temporal" not in describe_dcat(publish(small_package))


def test_open_end(small_package: PackageFolder) -> None:
    """Of an interval with an open end, the other end is said."""
    small_package.edit("datapackage.json", "scrdata:temporalCoverage", to="1950-04/..")
    start = {"@value": "1950-04", "@type": "xsd:gYearMonth"}
    assert describe_dcat(publish(small_package))["dct:temporal"] == {
        "@type": "dct:PeriodOfTime", "dcat:startDate": start
    }  # fmt: skip


def test_one_publisher_is_named(small_package: PackageFolder) -> None:
    """A data set can have but one publisher: of several, the first is named."""
    people = [{"title": name, "roles": ["publisher"]} for name in ("The Town", "The County")]
    small_package.edit("datapackage.json", "contributors", to=people)
    publisher = {"@type": "foaf:Agent", "foaf:name": "The Town"}
    assert describe_dcat(publish(small_package))["dct:publisher"] == [publisher]


def test_several_licences_are_named(small_package: PackageFolder) -> None:
    """A distribution can have but one licence: of several, a statement of rights names them all."""
    small_package.edit("datapackage.json", "licenses", to=[{"name": "CC0-1.0"}, {"name": "MIT", "title": "The MIT"}])
    graph = read(describe_dcat(publish(small_package)))
    rights = {str(label) for label in graph.objects(None, rdflib.RDFS.label)}
    assert rights == {"CC0-1.0; The MIT"}
    assert not list(graph.subjects(RDF.type, DCTERMS.LicenseDocument))


def test_nothing_is_invented(small_package: PackageFolder) -> None:
    """What the descriptor does not state is not said."""
    document = describe_dcat(publish(small_package))
    assert list(document) == [
        "@context", "@id", "@type", "dct:title", "dcat:version", "dct:conformsTo", "dcat:distribution"
    ]  # fmt: skip
