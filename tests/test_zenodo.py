"""The metadata for Zenodo: what it knows, and the same that the package and the citation file say."""

from __future__ import annotations

import html.parser
import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
ZENODO: dict[str, Any] = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
DESCRIPTOR: dict[str, Any] = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
# Those of the fields of Zenodo's deposits that a data set without a DOI, persons and grants can have.
FIELDS = {
    *("title", "upload_type", "description", "creators", "license", "access_right", "version", "language"),
    *("keywords", "references", "notes"),
}


class Reader(html.parser.HTMLParser):
    """Reads the little HTML that Zenodo shows; every element that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        assert attrs == []
        self.tags.add(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold the end of an element to its beginning."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Gather the text."""
        self.text += data


def test_zenodo_knows_the_fields() -> None:
    """Every field is one of Zenodo's, of its type; no identifier and no person is invented."""
    assert ZENODO.keys() == FIELDS
    assert (ZENODO["upload_type"], ZENODO["access_right"], ZENODO["language"]) == ("dataset", "open", "eng")
    assert ZENODO["creators"] == [{"name": author["name"]} for author in CITATION["authors"]]


def test_zenodo_says_what_the_package_says() -> None:
    """Title, version, keywords, licence and description are those of the descriptor and the citation file."""
    assert ZENODO["title"] == DESCRIPTOR["title"]
    assert ZENODO["version"] == DESCRIPTOR["version"] == str(CITATION["version"])
    assert ZENODO["keywords"] == DESCRIPTOR["keywords"]
    (licence,) = DESCRIPTOR["licenses"]
    assert ZENODO["license"] == licence["name"].lower(), "Zenodo spells the identifiers of SPDX in small letters"
    assert licence["name"] in CITATION["license"]
    sentences = Reader(ZENODO["description"]).text
    first, last = DESCRIPTOR["description"].rsplit(" Contains public", 1)
    assert sentences.startswith(first)
    assert sentences.endswith(f"Contains public{last}")


def test_zenodo_can_show_the_texts() -> None:
    """Descriptions are paragraphs of HTML with nothing but emphasis and code in them."""
    for field in ("description", "notes"):
        assert Reader(ZENODO[field]).tags <= {"p", "em", "code"}
    (report,) = CITATION["references"]
    assert report["title"] in ZENODO["references"][0]
    assert report["number"] in ZENODO["notes"]
