"""Title, people, version, day and sources are the same in every form in which the package is described or cited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import scrdata
from scrdata.metadata.citation_file import write_citation
from scrdata.metadata.dcat import describe_dcat
from scrdata.metadata.ro_crate import describe_crate
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from conftest import PackageFolder

    from scrdata.metadata.publication import Publication

    Said = tuple[str, list[str], str, str]

ROOT = Path(__file__).parents[2]


def said_by_dcat(publication: Publication) -> Said:
    """Return title, people, version and day as DCAT-AP has them."""
    found: Any = describe_dcat(publication)
    title = found["dct:title"]["@value"] if isinstance(found["dct:title"], dict) else found["dct:title"]
    people = [agent["foaf:name"] for agent in found["dct:creator"]]
    return title, people, found["dcat:version"], found["dct:issued"]["@value"]


def said_by_crate(publication: Publication) -> Said:
    """Return the same as RO-Crate has them."""
    things: Any = {thing["@id"]: thing for thing in describe_crate(publication)["@graph"]}  # type: ignore[attr-defined]
    root = things["./"]
    authors = root["author"] if isinstance(root["author"], list) else [root["author"]]
    return root["name"], [things[author["@id"]]["name"] for author in authors], root["version"], root["datePublished"]


def said_by_citation_file(publication: Publication) -> Said:
    """Return the same as CITATION.cff has them."""
    found = yaml.safe_load(write_citation(publication))
    people = [author.get("name") or f"{author['given-names']} {author['family-names']}" for author in found["authors"]]
    return found["title"], people, found["version"], found["date-released"]


def said_by_csl(publication: Publication) -> Said:
    """Return the same as CSL-JSON has them."""
    found: Any = scrdata.open_package(publication.contents.descriptor.storage.name).cite().csl[0]
    people = [author.get("literal") or f"{author['given']} {author['family']}" for author in found["author"]]
    year, month, day = found["issued"]["date-parts"][0]
    return found["title"], people, found["version"], f"{year}-{month:02}-{day:02}"


STANDARDS = [said_by_dcat, said_by_crate, said_by_citation_file, said_by_csl]


@pytest.mark.parametrize("said", STANDARDS, ids=lambda said: said.__name__)
def test_all_say_the_same(small_package: PackageFolder, said: Any) -> None:  # noqa: ANN401  (one of the above)
    """Each standard says of the shipped package, and of one that states all it can, what the publication says."""
    describe_fully(small_package)
    for package in (ROOT, small_package):
        publication = publish(package)
        stated = (publication.title, publication.creators(), publication.text("version"), publication.released)
        assert said(publication) == stated


DESCRIBE_ALL = """
import sys
import scrdata
from scrdata.metadata import bibliography, citation_file, croissant, csvw, dcat, dictionary, json_ld, ro_crate
from scrdata.metadata import schema_org
from tests.metadata.publications import publish
publication = publish(sys.argv[1])
described = (csvw.describe_csvw, croissant.describe_croissant, schema_org.describe_dataset)
for describe in (*described, dcat.describe_dcat, ro_crate.describe_crate):
    print(json_ld.encode_json(describe(publication)))
print(citation_file.write_citation(publication), dictionary.write_dictionary(publication))
print(scrdata.cite().text, scrdata.cite().bibtex, scrdata.cite().csl)
"""


def test_same_package_same_bytes() -> None:
    """Two processes, whose sets have other orders, describe and cite the same package in the same bytes."""
    said = set()
    for seed in ("1", "2"):
        settings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
        command = [sys.executable, "-c", DESCRIBE_ALL, str(ROOT)]
        said.add(subprocess.run(command, env=settings, capture_output=True, check=True).stdout)
    assert len(said) == 1
    assert len(said.pop()) > 50_000
