"""RO-Crate: the validator of its community accepts the crate, its library reads it, and nothing is fetched."""

from __future__ import annotations

import importlib.resources
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
import requests
import urllib3
from requests_cache import CachedSession
from rocrate.rocrate import ROCrate

from scrdata.metadata.ro_crate import FILE_NAME, SPECIFICATION, describe_crate
from tests.metadata.publications import describe_fully, publish, write_release

if TYPE_CHECKING:
    from conftest import PackageFolder

# rdflib warns of a class that it uses itself when it reads JSON-LD.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
ROOT = Path(__file__).parents[2]
CONTEXT = importlib.resources.files("rocrate").joinpath("data/ro-crate.jsonld")
# What RO-Crate recommends of an author and what is not known of a group without page and address.
NOT_KNOWN = {
    "At least one author or publisher Person/Organization SHOULD have a contactPoint property",
    "An Organization's contactPoint SHOULD reference a ContactPoint contextual entity",
    "An Organization entity SHOULD have a ROR identifier as its @id (e.g., https://ror.org/03f0f6041)",
    "The organization SHOULD have a URL.",
}


class _Shipped(requests.adapters.BaseAdapter):
    """Answers every request with the context of RO-Crate that its library ships."""

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:  # type: ignore[override]
        """Return the context."""
        kind = {"Content-Type": "application/ld+json"}
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.headers.update(kind)
        response.raw = urllib3.HTTPResponse(io.BytesIO(CONTEXT.read_bytes()), kind, 200, preload_content=False)
        return response

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache for the validator that holds the context of RO-Crate and nothing else."""
    place = tmp_path_factory.mktemp("cache") / "pages"
    with CachedSession(cache_name=str(place), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", _Shipped())
        session.get(f"{SPECIFICATION}/context")
    return place


def objections(crate: Path, cache: Path) -> set[tuple[str, str]]:
    """Return severity and words of what the validator objects to, down to recommendations; it may fetch nothing."""
    report = cache.parent / "report.json"
    program = str(Path(sys.executable).with_name("rocrate-validator"))
    options = ["--offline", "--cache-path", str(cache), "--requirement-severity", "recommended"]
    options += ["--profile-identifier", "ro-crate-1.3", "--output-format", "json", "--output-file", str(report)]
    command = [program, "--no-interactive", "--disable-color", "validate", *options, str(crate)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    answer = json.loads(report.read_text(encoding="utf-8"))
    assert done.returncode == (0 if answer["passed"] else 1), done.stdout + done.stderr
    return {(issue["severity"], issue["message"]) for issue in answer["issues"]}


def make_crate(package: Path | PackageFolder, place: Path) -> Path:
    """Write a release with its description as a crate."""
    publication = publish(package)
    return write_release(publication, place, **{FILE_NAME: describe_crate(publication)})


@pytest.mark.slow
def test_validator_accepts_the_shipped_package(tmp_path: Path, cache: Path) -> None:
    """The validator misses nothing that RO-Crate demands, and of what it recommends only what nobody knows."""
    assert objections(make_crate(ROOT, tmp_path), cache) == {("RECOMMENDED", words) for words in NOT_KNOWN}


@pytest.mark.slow
def test_validator_accepts_whatever_is_stated(tmp_path: Path, small_package: PackageFolder, cache: Path) -> None:
    """Where a descriptor states all it can, RO-Crate misses nothing but what a descriptor cannot state."""
    describe_fully(small_package)
    found = objections(make_crate(small_package, tmp_path), cache)
    unknown = ("affiliation", "ROR", "contactPoint", "URL", "Not Cached")
    assert [words for _, words in found if not any(word in words for word in unknown)] == []
    assert {severity for severity, _ in found} == {"RECOMMENDED"}


@pytest.mark.slow
def test_validator_can_object(tmp_path: Path, cache: Path) -> None:
    """The validator is really asked: without date and with a file that is not there, the crate is refused."""
    crate = make_crate(ROOT, tmp_path)
    document = json.loads((crate / FILE_NAME).read_text(encoding="utf-8"))
    del document["@graph"][1]["datePublished"]
    (crate / FILE_NAME).write_text(json.dumps(document), encoding="utf-8")
    (crate / "data" / "boards.csv").unlink()
    words = " ".join(words for severity, words in objections(crate, cache) if severity == "REQUIRED")
    assert "datePublished" in words
    assert "boards.csv" in words


def test_library_reads_the_crate(tmp_path: Path, small_package: PackageFolder) -> None:
    """The library of RO-Crate finds files, people, licence and sources, each connected with what refers to it."""
    describe_fully(small_package)
    crate = ROCrate(make_crate(small_package, tmp_path))
    root = crate.root_dataset
    assert (crate.name, str(crate.datePublished)[:10]) == ("Loans & visits: 100% of {both_kinds}", "2024-03-05")
    assert [(author["name"], author.type) for author in root["author"]] == [
        ("Jürgen O'Neill", "Person"), ("Readers and Writers", "Organization")
    ]  # fmt: skip
    assert root["author"][0].id == "https://orcid.org/0000-0002-1825-0097"
    assert root["author"][0]["contactPoint"]["email"] == "loans@library.example"
    assert root["publisher"]["name"] == "The Town"
    assert (root["identifier"]["value"], root["identifier"]["url"]) == (
        "doi:10.1234/loans_1", "https://doi.org/10.1234/loans_1"
    )  # fmt: skip
    assert root["license"].id == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert [source["name"] for source in root["isBasedOn"]] == ["Leaflet", "The Town: Annual report (1950)"]
    assert (root["isBasedOn"][1]["identifier"], root["isBasedOn"][1]["datePublished"]) == ("7", "1950")
    assert (root["temporalCoverage"], root["spatialCoverage"]["name"]) == ("1950/1962-11-05", "Town")
    publication = publish(small_package)
    files = {item.id: (item["contentSize"], item["sha256"], item["encodingFormat"]) for item in root["hasPart"]}
    assert files == {file.path: (str(file.size), file.sha256, file.media_type) for file in publication.files}


def test_other_identifiers_are_of_no_kind(small_package: PackageFolder) -> None:
    """An identifier that is no DOI is said as it is."""
    small_package.edit("datapackage.json", "id", to="urn:uuid:b03ec84d")
    things: Any = {thing["@id"]: thing for thing in describe_crate(publish(small_package))["@graph"]}  # type: ignore[attr-defined]
    value = "urn:uuid:b03ec84d"
    assert things["#identifier"] == {"@id": "#identifier", "@type": "PropertyValue", "name": value, "value": value}


def test_publisher_who_is_an_author_stands_once(tmp_path: Path) -> None:
    """A contributor with two roles is one thing with two references to it."""
    root = ROCrate(make_crate(ROOT, tmp_path)).root_dataset
    assert root["publisher"].id == root["author"].id


def test_all_terms_are_in_the_context(small_package: PackageFolder) -> None:
    """Every property reaches a reader of RDF: the context of RO-Crate, as its library ships it, knows each."""
    describe_fully(small_package)
    document: Any = describe_crate(publish(small_package))
    context = json.loads(CONTEXT.read_text(encoding="utf-8"))
    assert document["@context"] == context["@id"] == f"{SPECIFICATION}/context"
    used = {name for thing in document["@graph"] for name in thing if name[0] != "@"}
    assert used - context["@context"].keys() == set()
    text = json.dumps({**document, "@context": context["@context"]})
    graph = rdflib.Graph().parse(data=text, format="json-ld", publicID="https://example.org/")
    emails = graph.objects(None, rdflib.URIRef("http://schema.org/email"))
    assert [str(email) for email in emails] == ["loans@library.example"]


def test_nothing_is_invented(small_package: PackageFolder) -> None:
    """What the descriptor does not state is not said: no date of today, no author, no licence but the stated."""
    document: Any = describe_crate(publish(small_package))
    assert list(document["@graph"][1]) == ["@id", "@type", "name", "version", "license", "hasPart"]
    assert document["@graph"][1]["license"] == {"@id": "#licence-1"}
    assert document["@graph"][-1] == {
        "@id": "#licence-1", "@type": "CreativeWork", "name": "CC0-1.0", "description": "CC0-1.0",
        "identifier": "CC0-1.0",
    }  # fmt: skip


def test_things_have_names_of_their_own(small_package: PackageFolder) -> None:
    """No two things of a crate have the same `@id`, and every reference leads to one."""
    describe_fully(small_package)
    graph: Any = describe_crate(publish(small_package))["@graph"]
    names = [thing["@id"] for thing in graph]
    assert len(set(names)) == len(names)
    referred = {part["@id"] for thing in graph for value in thing.values() for part in _references(value)}
    assert referred - {*names, SPECIFICATION} == set()


def _references(value: Any) -> list[dict[str, str]]:  # noqa: ANN401  (whatever JSON holds)
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]
