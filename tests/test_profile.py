"""The specification of rules, mentions and discrepancies: its JSON Schema, its grammar, and its list of rule ids."""

from __future__ import annotations

import ast
import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrdata import shapes
from scrdata.errors import NotationError
from scrdata.references import parse_equation, parse_reference
from tests.published_notation import GRAMMAR, PAGE, Derivations, texts
from tests.published_profile import CORE, PROFILE, objections

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))


def descriptor() -> dict[str, Any]:
    """Return the descriptor of the shipped package, with the schemas in their places."""
    document: dict[str, Any] = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    for resource in document["resources"]:
        resource["schema"] = json.loads((ROOT / resource["schema"]).read_text(encoding="utf-8"))
    return document


def test_profile_is_a_json_schema() -> None:
    """The profile is a JSON Schema of draft 7 that extends Data Package 2.0 and applies to a package that names it."""
    jsonschema.Draft7Validator.check_schema(PROFILE)
    assert PROFILE["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert {"$ref": CORE} in PROFILE["allOf"]


def test_shipped_package_is_valid_by_the_profile() -> None:
    """The descriptor is valid by the profile as it is, and with its schemas inline."""
    assert objections(json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))) == []
    assert objections(descriptor()) == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schemas_are_valid_by_the_profile(path: Path) -> None:
    """Each schema is valid by the part of the profile that is for schemas in files of their own."""
    assert objections(json.loads(path.read_text(encoding="utf-8")), "#/definitions/tableSchema") == []


SPOILED: list[tuple[tuple[str | int, ...], object]] = [
    (("resources",), []),
    (("scrdata:rules",), ""),
    (("scrdata:mentions",), ["mentions"]),
    (("scrdata:discrepancies",), None),
    (("scrdata:temporalCoverage",), 2010),
    (("scrdata:spatialCoverage",), ""),
    (("scrdata:rule",), "rules"),
    (("scrdata:rows",), 3),
    (("resources", 0, "scrdata:rows"), "3"),
    (("resources", 0, "scrdata:rows"), -3),
    (("resources", 0, "scrdata:text"), "tidy"),
    (("resources", 0, "scrdata:rules"), "rules"),
    (("resources", 0, "schema", "scrdata:text"), "tidy"),
    (("resources", 0, "schema", "scrdata:rows"), 3),
    (("resources", 0, "schema", "fields", 0, "scrdata:reference"), "true"),
    (("resources", 0, "schema", "fields", 0, "scrdata:wholeOf"), "reviews"),
    (("resources", 0, "schema", "fields", 0, "scrdata:whole"), "reviews"),
    (("resources", 0, "schema", "fields", 0, "type"), "wholenumber"),
]


@pytest.mark.parametrize(("path", "value"), SPOILED, ids=str)
def test_spoiled_descriptors_are_refused(path: tuple[str | int, ...], value: object) -> None:
    """One property of the wrong kind, in the wrong place or misspelt is objected to."""
    document = copy.deepcopy(descriptor())
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert objections(document) != []


def test_profile_and_validator_know_the_same_properties() -> None:
    """The page, the JSON Schema and the validator have the same properties at the same levels."""
    levels = {
        "package": shapes.PACKAGE,
        "resource": shapes.RESOURCE,
        "tableSchema": shapes.SCHEMA,
        "field": shapes.FIELD,
    }
    for name, known in levels.items():
        part = PROFILE["definitions"][name]
        own = {word for word in known if word.startswith("scrdata:")}
        assert {word for word in part["properties"] if word.startswith("scrdata:")} == own
        (pattern,) = part["patternProperties"]
        assert not any(re.search(pattern, word) for word in own)
        assert re.search(pattern, "scrdata:unknown")
    described = set(re.findall(r"^\| `(scrdata:\w+)` \|", PAGE, re.MULTILINE))
    assert described == {word for known in levels.values() for word in known if word.startswith("scrdata:")}


def test_package_may_name_the_profile(small_package: PackageFolder) -> None:
    """A package that names the profile as its `$schema` is judged like any other; its name is no other's."""
    small_package.edit("datapackage.json", "$schema", to=PROFILE["$id"])
    small_package.assert_accepted()
    small_package.edit("datapackage.json", "resources", 0, "$schema", to=PROFILE["$id"])
    small_package.assert_rejected("property_is_implemented", "datapackage.json")


def stars_can_be_paired(text: str) -> bool:
    """Say whether the stars of a text are as section 3.2 demands; `text` derives from the grammar."""
    plain = re.sub('"(?:[^"]|"")*"', "x", text)
    starred = [re.findall(r"([A-Za-z0-9_-]+) *= *\*", part) for part in re.findall(r"\[([^\]]*)\]", plain)]
    sets = [set(names) for names in starred if names]
    return all(len(set(names)) == len(names) for names in starred) and all(names == sets[0] for names in sets)


def is_read(parse: Callable[[str], object], text: str) -> bool:
    """Say whether the parser takes a text."""
    try:
        parse(text)
    except NotationError:
        return False
    return True


def agree(name: str, text: str) -> None:
    """Assert that the grammar derives a text in one way where the parser takes it, and in none where it does not."""
    parse = {"equation": parse_equation, "cell": parse_reference}[name]
    ways = Derivations(text).count(name)
    assert ways <= 1, f"{text!r} has {ways} derivations"
    assert (ways == 1 and stars_can_be_paired(text)) == is_read(parse, text), text


CHARACTERS = st.sampled_from([*"ab019_-.:/ []=<>*+,|\"'", "\n", "\u00e9", "\u00a0", "==", "<=", '""', " - "])


@st.composite
def altered(draw: st.DrawFn, name: str) -> str:
    """Return a text of the grammar in which one place was changed."""
    text = draw(texts(name))
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.just("") | CHARACTERS) + text[start + draw(st.integers(0, 2)) :]


@pytest.mark.parametrize("name", ["equation", "cell"])
def test_texts_of_the_grammar_are_read(name: str) -> None:
    """Whatever the page's grammar derives, in one way, the parser takes, if its stars can be paired."""

    @given(texts(name))
    @settings(max_examples=100, deadline=None)
    def check(text: str) -> None:
        assert Derivations(text).count(name) == 1
        agree(name, text)

    check()


@pytest.mark.parametrize("name", ["equation", "cell"])
def test_altered_texts_are_judged_alike(name: str) -> None:
    """A text near the grammar is taken by the parser if, and only if, the grammar derives it."""

    @given(altered(name))
    @settings(max_examples=150, deadline=None)
    def check(text: str) -> None:
        agree(name, text)

    check()


@given(st.lists(CHARACTERS, max_size=12).map("".join))
@settings(max_examples=500, deadline=None)
@example("a- b = 1")
@example("a --1 = 1")
@example("a -1=1")
@example("a[b=c]-1 = 5-a")
@example("2010.n = 3")
@example("2 * 2010.n = 3")
@example("007.n = 3")
@example("a = 1.5")
@example("5*5*a = 3")
@example('a[b="c""] = 1')
@example("a[b=c |d, e . f=g] = 1")
def test_any_texts_are_judged_alike(text: str) -> None:
    """Arbitrary texts of the notation's characters are equations, and references, to both or to neither."""
    agree("equation", text)
    agree("cell", text)


@pytest.mark.parametrize("text", ["a[b=c|d].e -1 = f", "a[b.c>=d,e=*] = 2"])
def test_every_character_is_judged_alike_at_every_place(text: str) -> None:
    """Each character, put into each place of an equation, is taken by both or by neither."""
    for place in range(len(text) + 1):
        for character in (*map(chr, range(0x80)), "\u00a0", "\u00e9", "\u2212", "\uff1d"):
            agree("equation", text[:place] + character + text[place:])


def test_integers_are_as_long_as_the_page_says() -> None:
    """A run of 1,000 digits is an integer; one more makes it a name."""
    assert "An integer has at most 1,000 digits; a longer run of digits is a name." in " ".join(PAGE.split())
    assert parse_equation(f"a = {'9' * 1000}").right.terms[0].reference is None
    assert parse_equation(f"a = {'9' * 1001}").right.terms[0].reference is not None


def test_grammar_is_complete() -> None:
    """Every production is used by another or is one of the two to start from, and every name has one."""

    def used(part: Any) -> set[str]:  # noqa: ANN401  (a part of the grammar, which holds parts)
        return {part.text} if part.kind == "name" else {name for piece in part.parts for name in used(piece)}

    names = {name for part in GRAMMAR.values() for name in used(part)}
    assert names | {"equation", "cell"} == set(GRAMMAR)


def phrases(module: str) -> set[str]:
    """Return the texts of a module that look like rule ids."""
    tree = ast.parse((ROOT / "src" / "scrdata" / f"{module}.py").read_text(encoding="utf-8"))
    constants = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in constants if re.fullmatch("[a-z]+(_[a-z]+){2,}", text)}


def test_page_lists_the_rule_ids() -> None:
    """The page lists the rule ids of the modules that check rules, mentions and the register, with their sections."""
    listed = dict(re.findall(r"^\| `([a-z]+(?:_[a-z]+)+)` \| ([0-9., ]+) \|$", PAGE, re.MULTILINE))
    assert (phrases("evidence") | phrases("register")) <= listed.keys()
    headings = set(re.findall(r"^##+ ([0-9.]+?)\.? ", PAGE, re.MULTILINE))
    assert {section for text in listed.values() for section in text.split(", ")} <= headings
    assert all(PAGE.count(f"`{name}`") > 1 for name in listed)
