"""schema.org: every word is one of the vocabulary, in its place, and readers of pages and of RDF find it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import extruct
import pytest
import rdflib
from pyld import jsonld
from schema_org import registry

from scrdata.metadata.croissant import describe_croissant
from scrdata.metadata.schema_org import describe_dataset
from tests.metadata.publications import describe_fully, publish, publish_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import PackageFolder

    from scrdata.metadata.publication import Publication

# rdflib warns of a class that it uses itself when it reads JSON-LD.
pytestmark = [
    pytest.mark.usefixtures("offline"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
]
ROOT = Path(__file__).parents[2]
# The JSON types that stand for the data types of schema.org.
LITERALS = {
    str: {"Text", "URL", "Date", "DateTime"},
    bool: {"Boolean"},
    int: {"Integer", "Number"},
    float: {"Float", "Number"},
}


def ranges_of(name: str) -> set[str]:
    """Return the types that values of a property may have."""
    return set(registry.PROPERTY_BY_SCHEMA[name].ranges)


def objections(thing: dict[str, Any], place: str = "") -> Iterator[str]:
    """Yield each word of a thing that is not in the vocabulary, or stands where the vocabulary does not want it."""
    kind = thing["@type"]
    if kind not in registry.CLASS_METADATA or registry.CLASS_METADATA[kind].superseded_by:
        yield f"{place}: there is no type {kind}"
        return
    kinds = {kind, *registry.ancestry(kind)}
    for name, value in thing.items():
        if name.startswith("@"):
            continue
        here = f"{place}/{name}"
        known = registry.PROPERTY_BY_SCHEMA.get(name)
        if known is None or known.superseded_by:
            yield f"{here}: there is no such property"
        elif kinds.isdisjoint(known.domains):
            yield f"{here}: no property of {kind}"
        else:
            for item in value if isinstance(value, list) else [value]:
                yield from _objections_to_value(name, item, here)


def _objections_to_value(name: str, value: object, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        if ranges_of(name).isdisjoint({value["@type"], *registry.ancestry(value["@type"])}):
            yield f"{place}: no {value['@type']} expected"
        yield from objections(value, place)
    elif ranges_of(name).isdisjoint(LITERALS[type(value)]):
        yield f"{place}: no {type(value).__name__} expected"


def test_every_word_is_of_the_vocabulary(small_package: PackageFolder) -> None:
    """Each type exists, each property exists and belongs to its type, and each value is of a type in its range."""
    assert list(objections(describe_dataset(publish(ROOT)))) == []
    describe_fully(small_package)
    assert list(objections(describe_dataset(publish(small_package)))) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"@type": "DataSet"},
        {"titel": "a"},
        {"contentUrl": "a"},
        {"license": 3},
        {"creator": {"@type": "Place", "name": "a"}},
        {"distribution": [{"@type": "DataDownload", "sha-256": "a"}]},
        {"catalog": {"@type": "DataCatalog", "name": "superseded by includedInDataCatalog"}},
    ],
    ids=str,
)
def test_vocabulary_objects(spoilt: dict[str, object]) -> None:
    """A misspelt type or property, one of another type, and a value of another type are objected to."""
    assert list(objections({**describe_dataset(publish(ROOT)), **spoilt})) != []


def test_search_engines_have_what_they_ask_for(tmp_path: Path) -> None:
    """Name and description are as long as Google wants, what it recommends is there, and files have addresses."""
    publication = publish_tables(ROOT, tmp_path)
    found: Any = describe_dataset(publication)
    assert found["name"]
    assert 50 <= len(found["description"]) <= 5000
    recommended = {"creator", "license", "version", "distribution", "isAccessibleForFree", "keywords", "url"}
    recommended |= {"temporalCoverage", "spatialCoverage", "variableMeasured", "isBasedOn", "datePublished"}
    assert recommended <= set(found)
    paths = [file.path for file in publication.files if file.role == "table"]
    assert len(paths) == 46
    assert [item["contentUrl"] for item in found["distribution"]] == [publication.base_url + path for path in paths]
    assert found["isBasedOn"][0] == {
        "@type": "Report",
        "name": "Ofsted: Learning lessons from serious case reviews 2009–2010 (reference 100087, October 2010)",
        "author": {"@type": "Organization", "name": "Ofsted"},
        "reportNumber": "100087",
        "datePublished": "2010-10",
    }


def test_variables_are_the_numbers_that_are_no_keys(small_package: PackageFolder) -> None:
    """What is measured are columns of numbers that are neither part of a key nor different in every row."""
    small_package.add_column({"type": "integer", "constraints": {"unique": True}}, "1", "2")
    found: Any = describe_dataset(publish(small_package))
    assert [item["propertyID"] for item in found["variableMeasured"]] == ["loans.loans", "loans.visits", "cells.row"]
    shipped: Any = describe_dataset(publish(ROOT))
    names = {item["propertyID"] for item in shipped["variableMeasured"]}
    assert {"judgements.reviews", "causes_of_death.children", "cases.children"} <= names
    assert "reviews.annex_position" not in names


def test_people_and_groups_are_told_apart(small_package: PackageFolder) -> None:
    """Who has a family name is a person, everybody else an organisation; a publisher is none of the creators."""
    describe_fully(small_package)
    found: Any = describe_dataset(publish(small_package))
    person, group = found["creator"]
    assert person == {
        "@type": "Person",
        "name": "Jürgen O'Neill",
        "givenName": "Jürgen",
        "familyName": "O'Neill",
        "url": "https://orcid.org/0000-0002-1825-0097",
        "email": "loans@library.example",
    }
    assert group == {"@type": "Organization", "name": "Readers and Writers"}
    assert found["publisher"] == [{"@type": "Organization", "name": "The Town"}]


def test_nothing_is_invented(small_package: PackageFolder) -> None:
    """What a package does not state is left out."""
    small_package.remove("datapackage.json", "licenses")
    small_package.remove("datapackage.json", "version")
    found = describe_dataset(publish(small_package))
    assert set(found) == {"@context", "@type", "@id", "name", "url", "distribution", "variableMeasured"}
    assert found["@context"] == {"@vocab": "https://schema.org/"}


def refuse(address: str, _: object = None) -> None:
    """Refuse to load a document."""
    raise AssertionError(f"a reader wants to load {address}")


@pytest.mark.parametrize("describe", [describe_dataset, describe_croissant], ids=lambda describe: describe.__name__)
def test_readers_of_rdf_need_no_network(describe: Callable[[Publication], dict[str, object]]) -> None:
    """Both rdflib and PyLD read the same statements, with the context that the file brings and no other document."""
    document = describe(publish(ROOT))
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld", publicID="https://example.org/scrdata/")
    options = {"documentLoader": refuse, "base": "https://example.org/scrdata/", "format": "application/n-quads"}
    other = rdflib.Graph().parse(data=jsonld.to_rdf(document, options), format="nt")
    title = document["name"]
    assert {str(text) for text in graph.objects(None, rdflib.URIRef("https://schema.org/name"))} >= {title}
    assert len(graph) == len(other) > 200
    predicates = set(graph.predicates())
    assert predicates == set(other.predicates())
    assert not [name for name in predicates if not str(name).startswith(("http://", "https://"))]


def test_pages_can_embed_it() -> None:
    """The description is found in a page by extruct, word for word."""
    document = describe_dataset(publish(ROOT))
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")
    page = f'<html><head><script type="application/ld+json">{text}</script></head><body></body></html>'
    assert extruct.extract(page, syntaxes=["json-ld"])["json-ld"] == [document]
