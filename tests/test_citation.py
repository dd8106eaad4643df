"""Citations of a package and of its figures: what is said, and what is not known and so not said."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from tests.broken.test_mentions import add_mentions
from tests.metadata.publications import describe_fully

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).parent.parent


def hash_of(folder: Path) -> str:
    """Return the content hash of a package as `sha256sum` computes it: of the list of the checksums of its files."""
    files = sorted([folder / "datapackage.json", *folder.glob("data/*.csv"), *folder.glob("schemas/*.json")])
    names = sorted((path.relative_to(folder).as_posix(), path) for path in files)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in names]
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def test_package(small_package: PackageFolder) -> None:
    """The text names people, year, title, version and address, then every source and the content hash."""
    describe_fully(small_package)
    citation = scrdata.open_package(small_package).cite()
    people, title = "Jürgen O'Neill, Readers and Writers (2024)", "Loans & visits: 100% of {both_kinds}"
    assert citation.text.split("\n") == [
        f"{people}. {title}. Version 1.0.0. Data set. https://doi.org/10.1234/loans_1",
        "Based on: Leaflet",
        "Based on: The Town: Annual report (1950)",
        f"Content hash: {hash_of(small_package.folder)}",
    ]
    assert citation.creators == ("Jürgen O'Neill", "Readers and Writers")
    assert (citation.released, citation.version) == ("2024-03-05", "1.0.0")
    assert citation.sources == ("Leaflet", "The Town: Annual report (1950)")
    assert citation.figure is None


def test_little_is_said_of_a_package_that_states_little(small_package: PackageFolder) -> None:
    """Without people, date and version, none is made up."""
    small_package.remove("datapackage.json", "version")
    citation = scrdata.open_package(small_package).cite()
    assert citation.text == f"small. Data set\nContent hash: {hash_of(small_package.folder)}"
    assert (citation.creators, citation.released, citation.version, citation.sources) == ((), None, None, ())


def test_homepage_is_an_address(small_package: PackageFolder) -> None:
    """Where there is no DOI, the home page says where the package is, or an identifier that is a web address."""
    small_package.edit("datapackage.json", "id", to="https://library.example/loans/1")
    assert "Data set. https://library.example/loans/1\n" in scrdata.open_package(small_package).cite().text
    small_package.edit("datapackage.json", "homepage", to="https://library.example/")
    assert "Data set. https://library.example/\n" in scrdata.open_package(small_package).cite().text


def test_shipped_package() -> None:
    """The shipped package is cited with its version, the report and its content hash, in every form."""
    citation = scrdata.cite()
    assert citation.content_hash == hash_of(ROOT)
    assert f"Version {scrdata.__version__}." in citation.text
    for text in (citation.text, citation.bibtex, str(citation.csl)):
        assert "Learning lessons from serious case reviews 2009–2010" in text
        assert citation.content_hash in text
    assert citation.cff is not None


def test_hash_is_of_the_content(small_package: PackageFolder) -> None:
    """One changed cell changes the content hash."""
    before = scrdata.open_package(small_package).cite().content_hash
    small_package.spoil("data/loans.csv", "400", "401")
    assert scrdata.open_package(small_package).cite().content_hash != before


def test_figure(small_package: PackageFolder) -> None:
    """A figure is cited with value, what it counts, every place that prints it, and the discrepancy that touches it."""
    plain = [f"para {n},statistic,{word},94,=,loans.loans,," for n, word in ((1, "94"), (2, "Ninety-four"), (3, "94"))]
    add_mentions(small_package, *plain)
    citation = scrdata.open_package(small_package).cite("loans.loans")
    figure, work = citation.text.split("\n\n")
    assert figure.split("\n") == [
        "loans.loans: 94",
        "what it counts: the sum of 'loans' over all 6 rows of 'loans'",
        "the report prints '94': para 1; para 3",
        "the report prints 'Ninety-four': para 2",
        "registered discrepancy: leaflet: The leaflet counts one loan twice.",
    ]
    assert work == scrdata.open_package(small_package).cite().text
    assert citation.figure == scrdata.open_package(small_package).trace("loans.loans")
    assert citation.cff is None


def test_figure_is_in_every_form(small_package: PackageFolder) -> None:
    """BibTeX and CSL-JSON carry the figure in a note, which says what the text says."""
    package = scrdata.open_package(small_package)
    citation = package.cite("loans[kind=adult].loans")
    assert "Figure: loans[kind=adult].loans: 63; what it counts: " in citation.bibtex
    assert "Figure: loans[kind=adult].loans: 63; what it counts: " in str(citation.csl[0]["note"])
    assert citation.to_dict()["figure"] == package.trace("loans[kind=adult].loans").to_dict()


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("loans[kind=child].loans: 31", "not printed; follows from 31 + 63 = 94"),
        ("loans[branch_id=quay].visits: 95", "not printed; counted from the rows"),
        ("loans.visits: no value", "not printed, and does not follow from what is: a cell is missing"),
    ],
)
def test_figure_that_is_not_printed(small_package: PackageFolder, reference: str, said: str) -> None:
    """Of a figure that is printed nowhere the citation says what gives it, and of an unknown one that there is none."""
    lines = scrdata.open_package(small_package).cite(reference.partition(":")[0]).text.split("\n")
    assert (lines[0], lines[2]) == (reference, said)


def test_nothing_is_estimated() -> None:
    """A circumstance that the report names without a count has no value in any form."""
    citation = scrdata.cite("child_circumstances[circumstance=self_harm].children")
    assert citation.figure is not None
    assert citation.figure.value is None
    assert "self_harm].children: no value\n" in citation.text
