"""BibTeX and CSL-JSON: parsers that others wrote read back what the descriptor says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import citeproc
import jsonschema
import pybtex.database
import pytest
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from scrdata.metadata.bibliography import escape_latex, find_doi, list_csl, write_bibtex
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests" / "standards" / "csl-data.json").read_text(encoding="utf-8"))
NOTE = "Figure: loans[kind=adult].loans = 63; 67%"


def entries(text: str) -> dict[str, Any]:
    """Return the entries that pybtex reads in a text."""
    return dict(pybtex.database.parse_string(text, "bibtex").entries.items())


def test_bibtex_is_read_back(small_package: PackageFolder) -> None:
    """A parser of BibTeX finds two entries, with people apart, titles kept together, and nothing lost."""
    describe_fully(small_package)
    found = entries(write_bibtex(publish(small_package), NOTE))
    assert {key: entry.type for key, entry in found.items()} == {
        "small2024": "dataset", "small2024-source-1": "techreport"
    }  # fmt: skip
    package, report = found.values()
    assert [str(person) for person in package.persons["author"]] == ["O'Neill, Jürgen", "{Readers and Writers}"]
    assert dict(package.fields) == {
        "title": r"{Loans \& visits: 100\% of \textbraceleft{}both\_kinds\textbraceright{}}",
        "year": "2024",
        "month": "March",
        "version": "1.0.0",
        "doi": "10.1234/loans_1",
        "url": "https://library.example/loans",
        "note": r"Figure: loans[kind=adult].loans = 63; 67\%",
    }
    assert [str(person) for person in report.persons["author"]] == ["{The Town}"]
    assert dict(report.fields) == {
        "title": "{Annual report}", "institution": "{The Town}", "number": "7", "year": "1950"
    }  # fmt: skip


def test_bibtex_invents_nothing(small_package: PackageFolder) -> None:
    """Of a package that states little, little is said: no author, no year, no address."""
    ((key, entry),) = entries(write_bibtex(publish(small_package), "Data set")).items()
    assert (key, dict(entry.fields)) == ("small", {"title": "{small}", "version": "1.0.0", "note": "Data set"})
    assert not entry.persons


@given(st.text(alphabet="ab \\{}$&#%_~^\"@,'é–\n"))
def test_no_text_breaks_bibtex(text: str) -> None:
    """Whatever a text holds, braces stay in balance and no mark of LaTeX stands alone."""
    escaped = escape_latex(text)
    assert escaped.count("{") == escaped.count("}")
    read = entries(f"@misc{{key,\n  note = {{{escaped}}},\n  title = {{whole}},\n}}")["key"]
    assert read.fields["title"] == "whole"
    assert read.fields["note"] == escaped.strip()


def test_csl_follows_its_schema(small_package: PackageFolder) -> None:
    """The items are valid by the JSON Schema of CSL, whatever the package states."""
    validator = jsonschema.Draft7Validator(SCHEMA)
    assert list(validator.iter_errors(list_csl(publish(ROOT), NOTE))) == []
    assert list(validator.iter_errors(list_csl(publish(small_package), NOTE))) == []
    describe_fully(small_package)
    items = list_csl(publish(small_package), NOTE)
    assert list(validator.iter_errors(items)) == []
    assert list(validator.iter_errors([{**items[0], "invented": 1}]))
    assert list(validator.iter_errors([{**items[0], "type": "figures"}]))


def test_csl_says_what_is_stated(small_package: PackageFolder) -> None:
    """Persons and groups, date, identifier and the report are items and parts of their own."""
    describe_fully(small_package)
    package, report = list_csl(publish(small_package), NOTE)
    assert package["author"] == [{"family": "O'Neill", "given": "Jürgen"}, {"literal": "Readers and Writers"}]
    assert package["issued"] == {"date-parts": [[2024, 3, 5]]}
    assert (package["DOI"], package["URL"]) == ("10.1234/loans_1", "https://library.example/loans")
    assert (package["version"], package["language"], package["note"]) == ("1.0.0", "en", NOTE)
    assert (report["type"], report["number"], report["issued"]) == ("report", "7", {"date-parts": [[1950]]})


def test_unknown_kind_is_a_document(small_package: PackageFolder) -> None:
    """A source of a kind that CSL does not know is a document, and BibTeX files it under miscellaneous."""
    source = {"title": "T", "scrdata:citation": {"type": "leaflet", "title": "T", "author": "A", "issued": "1950-13"}}
    small_package.edit("datapackage.json", "sources", to=[source])
    publication = publish(small_package)
    assert list_csl(publication, NOTE)[1] == {
        "id": "small-source-1", "type": "document", "title": "T", "author": [{"literal": "A"}]
    }  # fmt: skip
    assert entries(write_bibtex(publication, NOTE))["small-source-1"].type == "misc"


@pytest.mark.parametrize("part", ["title", "author"])
def test_source_without_parts_is_no_entry(small_package: PackageFolder, part: str) -> None:
    """A source whose title or author is not said apart is no entry: reference lists could not sort it."""
    parts = {"type": "report", "title": "T", "author": "A"}
    del parts[part]
    small_package.edit("datapackage.json", "sources", to=[{"title": "A: T", "scrdata:citation": parts}])
    publication = publish(small_package)
    assert len(list_csl(publication, NOTE)) == len(entries(write_bibtex(publication, NOTE))) == 1


def render(items: list[dict[str, object]]) -> list[str]:
    """Return the reference list that citeproc makes of items in the style that it ships."""
    source = CiteProcJSON(items)
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
    for item in items:
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    return ["".join(map(str, entry)) for entry in bibliography.bibliography()]


def test_citeproc_renders_the_items() -> None:
    """A processor of citation styles sets the package and the report as references."""
    package, report = sorted(render(list_csl(publish(ROOT), "Data set")), reverse=True)
    for part in ("The scrdata contributors", "2026", "Serious case reviews in England"):
        assert part in package
    for part in ("Ofsted", "2010", "Learning lessons from serious case reviews"):
        assert part in report


@pytest.mark.parametrize(
    ("identifier", "doi"),
    [
        ("10.1234/a", "10.1234/a"),
        ("doi:10.1234/a", "10.1234/a"),
        ("https://doi.org/10.1234/a(b)", "10.1234/a(b)"),
        ("http://dx.doi.org/10.1234/a", "10.1234/a"),
        ("https://library.example/10.1234/a", None),
        ("10.1234", None),
        (None, None),
    ],
)
def test_dois_are_recognised(identifier: str | None, doi: str | None) -> None:
    """A DOI is known in each of its spellings, and nothing else is taken for one."""
    assert find_doi(identifier) == doi
