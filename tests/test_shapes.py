"""Properties of descriptors: right JSON types, required ones, misspelt ones, unknown ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from scrdata import shapes
from tests.strategies import LAW, misspellings

VALUES: dict[str, list[object]] = {
    "text": ["", "a"],
    "flag": [True, False],
    "whole": [0, 7],
    "list": [[], ["a"], [1]],
    "object": [{}, {"a": 1}],
    "null": [None],
}


def check(value: dict[str, Any], known: Any, needs: tuple[str, ...] = ()) -> tuple[bool, list[tuple[Any, Any]]]:  # noqa: ANN401
    """Check the shape of a value; return the verdict, and rule and path of what was reported."""
    reports: list[tuple[Any, Any]] = []
    sound = shapes.check_shape(value, known, (), lambda rule, _, path: reports.append((rule, path)), needs)
    return sound, reports


WRONG = "property_has_right_type"


@pytest.mark.parametrize(
    ("shape", "right"),
    [
        (shapes.TEXT, ["text"]),
        (shapes.FLAG, ["flag"]),
        (shapes.WHOLE, ["whole"]),
        (shapes.OBJECT, ["object"]),
        (shapes.VALUES, ["list"]),
        (shapes.ANYTHING, ["text", "flag", "whole", "list", "object"]),
    ],
)
def test_a_value_is_of_its_json_type(shape: shapes.Shape, right: list[str]) -> None:
    """Each JSON type is told from the others: `true` is no number, `1` is no flag, `null` is nothing."""
    for kind, values in VALUES.items():
        for value in values:
            expected = (True, []) if kind in right else (False, [(WRONG, ("p",))])
            assert check({"p": value}, {"p": shape}) == expected, value


@pytest.mark.parametrize(
    ("shape", "value", "path"),
    [
        (shapes.FILLED_TEXT, "", ("p",)),
        (shapes.FILLED_TEXTS, [], ("p",)),
        (shapes.FILLED_TEXTS, ["a", 1], ("p", 1)),
        (shapes.FILLED_TEXTS, ["a", None, 2], ("p", 1)),
        (shapes.NAMES, "", ("p",)),
        (shapes.NAMES, [], ("p",)),
        (shapes.NAMES, ["a", ""], ("p", 1)),
        (shapes.NAMES, {"a": 1}, ("p",)),
    ],
)
def test_wrong_items_are_reported_where_they_stand(shape: shapes.Shape, value: object, path: tuple[Any, ...]) -> None:
    """Empty values where something is needed, and items of the wrong type, are reported at their path."""
    sound, reports = check({"p": value}, {"p": shape})
    assert not sound
    assert reports[0] == (WRONG, path)


@pytest.mark.parametrize(
    ("known", "value", "report"),
    [
        (shapes.PACKAGE, {"resources": []}, (WRONG, ("resources",))),
        (shapes.PACKAGE, {"resources": ["a"]}, (WRONG, ("resources", 0))),
        (shapes.PACKAGE, {"licenses": [{"name": 1}]}, (WRONG, ("licenses", 0, "name"))),
        (shapes.PACKAGE, {"contributors": [{"roles": "author"}]}, (WRONG, ("contributors", 0, "roles"))),
        (shapes.PACKAGE, {"scrdata:rules": ""}, (WRONG, ("scrdata:rules",))),
        (shapes.PACKAGE, {"scrdata:rule": "rules"}, ("property_is_implemented", ("scrdata:rule",))),
        (shapes.RESOURCE, {"bytes": "12"}, (WRONG, ("bytes",))),
        (shapes.RESOURCE, {"scrdata:rows": 1.5}, (WRONG, ("scrdata:rows",))),
        (shapes.RESOURCE, {"schema": ["a.json"]}, (WRONG, ("schema",))),
        (shapes.SCHEMA, {"fields": {}}, (WRONG, ("fields",))),
        (shapes.SCHEMA, {"primaryKey": []}, (WRONG, ("primaryKey",))),
        (shapes.SCHEMA, {"uniqueKeys": [[]]}, (WRONG, ("uniqueKeys", 0))),
        (shapes.FIELD, {"constraints": []}, (WRONG, ("constraints",))),
        (shapes.FIELD, {"categoriesOrdered": "true"}, (WRONG, ("categoriesOrdered",))),
        (shapes.FIELD, {"trueValues": []}, (WRONG, ("trueValues",))),
        (shapes.FIELD, {"scrdata:unit": "children"}, ("property_is_implemented", ("scrdata:unit",))),
        (shapes.DIALECT, {"header": 1}, (WRONG, ("header",))),
    ],
)
def test_known_properties_are_checked(known: Any, value: dict[str, Any], report: tuple[str, Any]) -> None:  # noqa: ANN401
    """Properties of the standard have the types that it gives them; the name space of this project is closed."""
    sound, reports = check(value, known)
    assert not sound
    assert report in reports


_TEXTS = {
    "PACKAGE": "$schema title description homepage profile name id version created image scrdata:rules",
    "RESOURCE": "$schema title description homepage profile name type format mediatype encoding hash scrdata:text",
    "SCHEMA": "$schema name title description scrdata:text",
    "FIELD": "name type format title description rdfType decimalChar groupChar scrdata:wholeOf",
    "DIALECT": "$schema delimiter lineTerminator quoteChar escapeChar nullSequence commentChar headerJoin",
    "CATEGORY": "label description",
    "MISSING_VALUE": "value label",
    "REFERENCE": "resource",
}
_LISTS = {
    "PACKAGE": "licenses sources contributors keywords resources",
    "RESOURCE": "licenses sources",
    "SCHEMA": "fields missingValues uniqueKeys foreignKeys",
    "FIELD": "categories missingValues trueValues falseValues",
    "DIALECT": "headerRows commentRows",
}
_FLAGS = {
    "FIELD": "categoriesOrdered bareNumber scrdata:reference",
    "DIALECT": "doubleQuote skipInitialSpace header caseSensitiveHeader",
}
_PROPERTIES = [
    (getattr(shapes, known), name, wrong)
    for names, wrong in ((_TEXTS, 1), (_TEXTS, ["a"]), (_LISTS, "a"), (_LISTS, {}), (_FLAGS, "true"), (_FLAGS, 1))
    for known, text in names.items()
    for name in text.split()
]


@pytest.mark.parametrize(("known", "name", "wrong"), _PROPERTIES)
def test_every_property_of_the_standard_is_known(known: Any, name: str, wrong: object) -> None:  # noqa: ANN401
    """Each property that the standard, or this project, defines is held to its type."""
    assert check({name: wrong}, known) == (False, [(WRONG, (name,))])


@pytest.mark.parametrize(
    ("name", "part"),
    [
        *(("licenses", part) for part in ("name", "path", "title")),
        *(("sources", part) for part in ("title", "path", "email", "version")),
        *(("contributors", part) for part in ("title", "path", "email", "role", "organization")),
        *(("contributors", part) for part in ("givenName", "familyName")),
    ],
)
def test_every_property_of_a_listed_object_is_known(name: str, part: str) -> None:
    """Licences, sources and contributors are looked into."""
    assert (WRONG, (name, 0, part)) in check({name: [{part: 1}]}, shapes.PACKAGE)[1]


def test_a_needed_property_is_missed() -> None:
    """What is needed and not there is reported at the object."""
    assert check({}, shapes.FIELD, ("name",)) == (False, [("required_property_is_present", ())])


@pytest.mark.parametrize("known", [shapes.PACKAGE, shapes.RESOURCE, shapes.SCHEMA, shapes.FIELD, shapes.DIALECT])
@pytest.mark.parametrize("name", ["x", "dc:title", "created_by", "http://x.org/y", "_", "note", "", "patch", "cash"])
def test_custom_properties_are_free(known: Any, name: str) -> None:  # noqa: ANN401
    """A property that the standard does not know, and that resembles none, may be anything."""
    assert check({name: None}, known) == (True, [])


@LAW
@given(misspellings())
def test_a_misspelt_property_is_noticed(case: tuple[Any, str]) -> None:
    """One letter too many, too few, wrong or swapped, another case or number: the property that was meant is named."""
    known, name = case
    if name in known:
        return
    sound, reports = check({name: []}, known)
    assert not sound
    assert reports == [("property_is_spelt_right", (name,))]


@pytest.mark.parametrize(
    ("known", "name"),
    [
        (shapes.SCHEMA, "primary_key"),
        (shapes.SCHEMA, "primary-key"),
        (shapes.SCHEMA, "foreignkey"),
        (shapes.SCHEMA, "missing_values"),
        (shapes.FIELD, "category"),
        (shapes.FIELD, "categorie"),
        (shapes.FIELD, "categores"),
        (shapes.FIELD, "categoreis"),
        (shapes.FIELD, "constraint"),
        (shapes.RESOURCE, "Path"),
        (shapes.RESOURCE, "HASH"),
        (shapes.RESOURCE, "Type"),
        (shapes.RESOURCE, "btyes"),
        (shapes.SCHEMA, "fieldsmatch"),
        (shapes.REFERENCE, "Resource"),
    ],
)
def test_likely_misspellings_are_noticed(known: Any, name: str) -> None:  # noqa: ANN401
    """Names with underscores, hyphens, other letters, number or slips are taken for what they mean."""
    assert check({name: "a"}, known)[1] == [("property_is_spelt_right", (name,))]


@pytest.mark.parametrize("name", ["typ", "typ3", "tape", "ttype"])
def test_a_field_without_a_type_is_asked_for_it(name: str) -> None:
    """What is nearly `type` is an error in a field that has no type, and free beside one."""
    assert check({"name": "n", name: "integer"}, shapes.FIELD)[1] == [("property_is_spelt_right", (name,))]
    assert check({"name": "n", "type": "integer", name: "integer"}, shapes.FIELD) == (True, [])


@pytest.mark.parametrize("name", ["scrdta:text", "scr4ata:text", "scrdata:text ", "scrdata.text"])
def test_names_of_our_own_are_spelt_right(name: str) -> None:
    """A slip in the prefix of our own properties is an error: the property would do nothing."""
    assert [
        rule
        for rule, _ in check({"fields": [], name: "clean"}, {"scrdata:text": shapes.TEXT, "fields": shapes.VALUES})[1]
    ] != []


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (
            shapes.INSTANT,
            ["2009-02-03T10:00:00Z", "2016-12-31T23:59:60.5+01:00"],
            ["2009-02-03", "2009-02-30T10:00:00Z"],
        ),
        (shapes.ADDRESS, ["https://example.org/", "http://localhost:80/a?b#c"], ["example.org", "javascript:alert(1)"]),
        (shapes.PLACE, ["docs/a b.md", "https://example.org/"], ["../a", "/a", "~/a", "file:///a", "a/../b"]),
        (shapes.EMAIL, ["ada@example.org"], ["nobody", "a b@c"]),
        (shapes.LICENCE_NAME, ["OGL-UK-3.0"], ["Open Government"]),
    ],
)
def test_texts_have_their_form(shape: shapes.Shape, good: list[str], bad: list[str]) -> None:
    """What is written otherwise than the standard demands is reported, and keeps nothing else from being checked."""
    for text in good:
        assert check({"p": text}, {"p": shape}) == (True, [])
    for text in bad:
        assert check({"p": text}, {"p": shape}) == (True, [("property_has_right_form", ("p",))])
