"""CITATION.cff: cffconvert accepts the file, and the one of this repository is made of its package."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import scrdata
from scrdata.metadata.citation_file import write_citation
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).parents[2]
CFFCONVERT = ROOT / ".venv-clients" / "bin" / "cffconvert"


def test_committed_file_is_that_of_the_package() -> None:
    """The file of the repository is what `scrdata cite --format cff` prints, to the letter."""
    assert (ROOT / "CITATION.cff").read_text(encoding="utf-8") == scrdata.cite().cff


def read(package: PackageFolder) -> dict[str, Any]:
    """Return what YAML reads in the file of a package."""
    document: dict[str, Any] = yaml.safe_load(write_citation(publish(package)))
    return document


def convert(text: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Ask cffconvert whether a file is valid; skip the test where it is not installed."""
    if not CFFCONVERT.is_file():
        pytest.skip("cffconvert is missing: python3 dev.py system")
    (place / "CITATION.cff").write_text(text, encoding="utf-8")
    command = [str(CFFCONVERT), "--validate", "--infile", str(place / "CITATION.cff")]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_cffconvert_accepts_the_file(tmp_path: Path, small_package: PackageFolder) -> None:
    """The program cffconvert finds the file of the shipped package valid, and that of one that states all it can."""
    describe_fully(small_package)
    for package in (ROOT, small_package):
        done = convert(write_citation(publish(package)), tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("old", ["title: ", "date-released: ", "license: ", "type: "])
def test_cffconvert_can_object(tmp_path: Path, old: str) -> None:
    """The program cffconvert is really asked: it objects to a property that is missing or wrong."""
    lines = write_citation(publish(ROOT)).splitlines(keepends=True)
    spoilt = "".join(f'{old}"x y"\n' if line.startswith(old) and old != "title: " else line for line in lines)
    if old == "title: ":
        spoilt = "".join(line for line in lines if not line.startswith(old))
    assert convert(spoilt, tmp_path).returncode != 0


def test_all_that_is_stated_is_said(small_package: PackageFolder) -> None:
    """Persons and groups, identifier, licence, version and date, and sources whose parts are known."""
    describe_fully(small_package)
    document = read(small_package)
    assert document["title"] == "Loans & visits: 100% of {both_kinds}"
    person = {"family-names": "O'Neill", "given-names": "Jürgen", "orcid": "https://orcid.org/0000-0002-1825-0097"}
    assert document["authors"] == [{**person, "email": "loans@library.example"}, {"name": "Readers and Writers"}]
    assert (document["version"], document["date-released"]) == ("1.0.0", "2024-03-05")
    assert (document["doi"], document["url"]) == ("10.1234/loans_1", "https://library.example/loans")
    assert (document["license"], document["keywords"]) == ("CC0-1.0", ["loans", "visits"])
    town = {"name": "The Town"}
    report = {"type": "report", "title": "Annual report", "authors": [town], "institution": town}
    assert document["references"] == [{**report, "number": "7", "year": 1950}]


def test_nothing_is_invented(small_package: PackageFolder) -> None:
    """What the descriptor does not state is not said."""
    assert list(read(small_package)) == ["cff-version", "message", "type", "title", "version", "license"]


@pytest.mark.parametrize(
    ("licences", "said"),
    [
        ([{"name": "CC0-1.0"}, {"name": "MIT"}], {"license": ["CC0-1.0", "MIT"]}),
        ([{"name": "House-1.0", "path": "https://a.example/house"}], {"license-url": "https://a.example/house"}),
        ([{"name": "House-1.0"}], {}),
        ([{"name": "House-1.0", "path": "https://a.example/house"}, {"name": "MIT"}], {}),
    ],
)
def test_licences(small_package: PackageFolder, licences: list[dict[str, str]], said: dict[str, object]) -> None:
    """Names that SPDX knows are named; a single other licence by its address; else nothing is said."""
    small_package.edit("datapackage.json", "licenses", to=licences)
    document = read(small_package)
    assert {name: value for name, value in document.items() if name.startswith("license")} == said


@pytest.mark.parametrize("text", ["no: yes", "a #b", "'", '"quoted"', "- dash", "0.10", "\\", "null", "é – 本", "{a}"])
def test_texts_are_texts(small_package: PackageFolder, text: str) -> None:
    """No text is taken for markup, a number or nothing by a reader of YAML."""
    small_package.edit("datapackage.json", "title", to=text)
    small_package.edit("datapackage.json", "version", to="1.0")
    document = read(small_package)
    assert (document["title"], document["version"]) == (text, "1.0")


def test_identifier_without_a_resolver(small_package: PackageFolder) -> None:
    """An identifier that is no DOI is named as one of another kind."""
    small_package.edit("datapackage.json", "id", to="urn:uuid:b03ec84d")
    assert read(small_package)["identifiers"] == [{"type": "other", "value": "urn:uuid:b03ec84d"}]
