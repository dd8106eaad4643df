"""The packages of `tests/conformance`, which every implementation of `docs/profile.md` can run: ours agrees."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

import scrdata
from scrdata.errors import NotationError
from scrdata.references import canonical, parse_equation, parse_reference
from tests.published_notation import PAGE
from tests.published_profile import objections

FOLDER = Path(__file__).parent / "conformance"
MANIFEST: list[dict[str, Any]] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
NOTATION: dict[str, Any] = json.loads((FOLDER / "notation.json").read_text(encoding="utf-8"))
NAMES = [entry["case"] for entry in MANIFEST]
EXPECTED: dict[str, dict[str, Any]] = {
    name: json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8")) for name in NAMES
}
# Sections that demand nothing of a verdict; what they say of texts is in notation.json.
WITHOUT_CASES = {"1", "9", "9.3", "10"}


def plain(value: object) -> object:
    """Return a value as the suite compares it: numbers by amount, everything else as text."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def comparable(finding: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a finding that the suite states in `like`."""
    parts = {name: finding[name] for name in ("rule", "severity", "file", "line", "column")}
    parts |= {name: plain(finding[name]) for name in ("found", "expected") if name in like}
    return {**parts, "key": {name: plain(value) for name, value in finding["key"].items()}}


def order(finding: dict[str, Any]) -> tuple[str, str, int]:
    """Return what findings are sorted by."""
    return finding["rule"], finding["file"], finding["line"]


@pytest.mark.parametrize("entry", MANIFEST, ids=NAMES)
def test_verdict(entry: dict[str, Any]) -> None:
    """The package gets the verdict, the findings and the lists that the suite expects, no more and no fewer."""
    expected = EXPECTED[entry["case"]]
    report = scrdata.validate(FOLDER / entry["case"]).to_dict()
    assert report["valid"] is expected["valid"] is entry["valid"]
    found = sorted(report["findings"], key=order)
    wanted = sorted(expected["findings"], key=order)
    assert [finding["rule"] for finding in found] == [finding["rule"] for finding in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert comparable(one, other) == comparable(other, other)
    for name in ("open", "not_checked"):
        assert sorted(item["check"] for item in report[name]) == sorted(expected[name])
    known = [{name: item[name] for name in ("discrepancy", "check", "left", "right")} for item in
             report["known_discrepancies"]]  # fmt: skip
    assert sorted(known, key=str) == sorted(expected["known_discrepancies"], key=str)


@pytest.mark.parametrize("entry", MANIFEST, ids=NAMES)
def test_descriptor_by_the_profile(entry: dict[str, Any]) -> None:
    """The JSON Schema takes or refuses the descriptor as the manifest says."""
    document = json.loads((FOLDER / entry["case"] / "datapackage.json").read_text(encoding="utf-8"))
    assert (objections(document) == []) is entry["descriptor_is_valid_by_profile"]


def test_manifest_lists_every_case() -> None:
    """Every folder stands in the manifest, once, with a title of its own, and holds nothing that is not needed."""
    assert sorted(NAMES) == sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    assert len({entry["title"] for entry in MANIFEST}) == len(MANIFEST)
    for name in NAMES:
        descriptor = json.loads((FOLDER / name / "datapackage.json").read_text(encoding="utf-8"))
        paths = {resource["path"] for resource in descriptor["resources"]}
        assert {path.name for path in (FOLDER / name).iterdir()} == {"datapackage.json", "expected.json", *paths}


def test_every_section_has_a_case() -> None:
    """Every section of the page that says what a verdict is has a case, and no case names another section."""
    headings = set(re.findall(r"^##+ ([0-9.]+?)\.? ", PAGE, re.MULTILINE))
    parents = {heading.partition(".")[0] for heading in headings if "." in heading}
    tested = {section for entry in MANIFEST for section in entry["sections"]}
    tested |= {entry["section"] for entry in [*NOTATION["canonical"], *NOTATION["refused"]]}
    assert tested <= headings
    assert headings - tested - WITHOUT_CASES <= parents


def test_every_rule_id_has_a_case() -> None:
    """Every rule id that the page lists occurs in a case, and every other finding is a check of the package."""
    listed = set(re.findall(r"^\| `([a-z]+(?:_[a-z]+)+)` \| [0-9]", PAGE, re.MULTILINE))
    found = {finding["rule"] for expected in EXPECTED.values() for finding in expected["findings"]}
    assert listed <= found
    assert all(re.fullmatch("(rule|mention)_[0-9]|loans_are_3", name) for name in found - listed)


def test_numbers_of_a_failing_check_are_stated() -> None:
    """A finding states what was found and expected wherever section 9.2 says what they are."""
    numbers = {"row_count_is_as_declared", "part_does_not_exceed_whole", "registered_discrepancy_stands"}
    texts = {"equation_can_be_read", "reference_can_be_read", "registered_check_exists", "printed_words_say_the_value"}
    for name, expected in EXPECTED.items():
        for finding in expected["findings"]:
            if finding["rule"] in numbers:
                assert finding.keys() >= {"found", "expected"}, name
            if finding["rule"] in texts:
                assert "found" in finding, name


@pytest.mark.parametrize("entry", NOTATION["canonical"], ids=lambda entry: entry["text"])
def test_canonical_text(entry: dict[str, str]) -> None:
    """A text of the notation has the canonical form that the suite states, which is its own."""
    fields: dict[str, list[str]] = NOTATION["fields"]

    def written(text: str) -> str:
        if entry["start"] == "cell":
            return str(canonical(parse_reference(text), lambda table, column: fields[table].index(column)))
        equation = parse_equation(text)
        sides = [
            side.changed(
                terms=tuple(
                    term.changed(reference=canonical(term.reference, lambda t, c: fields[t].index(c)))
                    if term.reference
                    else term
                    for term in side.terms
                )
            )
            for side in (equation.left, equation.right)
        ]
        return str(equation.changed(left=sides[0], right=sides[1]))

    assert written(entry["text"]) == written(entry["canonical"]) == entry["canonical"]


@pytest.mark.parametrize("entry", NOTATION["refused"], ids=lambda entry: f"{entry['start']} {entry['text']}")
def test_refused_text(entry: dict[str, str]) -> None:
    """A text that is not of the notation is refused."""
    parse = {"equation": parse_equation, "cell": parse_reference}[entry["start"]]
    with pytest.raises(NotationError):
        parse(entry["text"])
