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


def told(value: dict[str, Any], kind: str) -> tuple[bool, list[tuple[str, str, Any]]]:
    """Check a value of a kind of object; return the verdict, and rule, sentence and path of what was reported."""
    reports: list[tuple[str, str, Any]] = []
    return shapes.check_shape(value, getattr(shapes, kind), (), lambda *report: reports.append(report)), reports


# What each property must be, by kind of object.
PROPERTIES = {
    "PACKAGE": {
        "a text": "$schema title description profile id version",
        "a text that is not empty": "name scrdata:rules scrdata:mentions scrdata:discrepancies scrdata:language "
        "scrdata:temporalCoverage scrdata:spatialCoverage scrdata:limitations scrdata:personalInformation",
        "an address, such as https://example.org/": "homepage",
        "an address, or a path below the package's folder": "image",
        "a date and time with its offset, such as 2009-02-03T12:00:00Z": "created",
        "a list of licences": "licenses",
        "a list of sources": "sources",
        "a list of contributors": "contributors",
        "a list of texts, not empty": "keywords",
        "a list of resources, not empty": "resources",
    },
    "RESOURCE": {
        "a text": "$schema title description profile type format mediatype encoding hash scheme scrdata:text",
        "a text that is not empty": "name",
        "an address, such as https://example.org/": "homepage",
        "a list of licences": "licenses",
        "a list of sources": "sources",
        "a path or a list of paths": "path",
        "a value": "data",
        "a whole number": "bytes scrdata:rows",
        "a path or an object": "schema dialect",
    },
    "SCHEMA": {
        "a text": "$schema name title description scrdata:text",
        "a list of fields, not empty": "fields",
        "a text or a list of texts": "fieldsMatch",
        "a list": "missingValues",
        "a name or a list of names": "primaryKey",
        "a list of lists of names": "uniqueKeys",
        "a list of foreign keys": "foreignKeys",
    },
    "FOREIGN_KEY": {"a name or a list of names": "fields", "an object": "reference"},
    "REFERENCE": {"a text": "resource", "a name or a list of names": "fields"},
    "FIELD": {
        "a text": "type format title description rdfType decimalChar groupChar",
        "a text that is not empty": "name scrdata:wholeOf",
        "a value": "example",
        "an object": "constraints",
        "a list, not empty": "categories",
        "a list": "missingValues",
        "a list of texts, not empty": "trueValues falseValues",
        "true or false": "categoriesOrdered bareNumber scrdata:reference",
    },
    "DIALECT": {
        "a text": "$schema headerJoin delimiter lineTerminator quoteChar escapeChar nullSequence commentChar",
        "a list": "headerRows commentRows",
        "true or false": "doubleQuote skipInitialSpace header caseSensitiveHeader",
    },
    "CATEGORY": {"a value": "value", "a text": "label description"},
    "MISSING_VALUE": {"a text": "value label"},
}
# Values that such a property takes, and values that it refuses, with the item that is refused and what that must be.
TAKEN: dict[str, list[Any]] = {
    "a text": ["", "a"],
    "a text that is not empty": ["a"],
    "true or false": [True, False],
    "a whole number": [0, 7],
    "a value": ["", "a", 0, 7, True, {}, {"a": 1}, [], [1]],
    "a list": [[], [1, "a"]],
    "a list, not empty": [[1], ["a"]],
    "a list of texts, not empty": [["a"], ["", "b"]],
    "a name or a list of names": ["a", ["a", "b"]],
    "an object": [{}, {"a": 1}],
    "a list of resources, not empty": [[{}], [{"a": 1}, {}]],
    "a list of fields, not empty": [[{}], [{"a": 1}, {}]],
    "a list of foreign keys": [[], [{}]],
    "a text or a list of texts": ["", "a", [], ["a", ""]],
    "a list of lists of names": [[], [["a"], ["b", ""]]],
    "a path or a list of paths": ["a", ["a", "b"]],
    "a path or an object": ["", "a", {}, {"a": 1}],
    "a list of sources": [[], [{"title": "a"}, {"version": "1"}]],
    "a list of licences": [[{"name": "A-1"}, {"path": "a.txt"}, {"name": "A", "path": "a", "title": "A"}]],
    "a list of contributors": [[{"title": "a"}, {"roles": ["b"], "email": "a@b.org"}]],
}
REFUSED: dict[str, list[tuple[Any, tuple[int, ...], str]]] = {
    "a list of texts, not empty": [([1, "a"], (0,), "a text")],
    "a name or a list of names": [
        (["", "a"], (0,), "a text that is not empty"),
        (["a", 1], (1,), "a text that is not empty"),
    ],
    "a list of resources, not empty": [(["a", {}], (0,), "an object")],
    "a list of fields, not empty": [([{}, "a"], (1,), "an object")],
    "a list of foreign keys": [([1, {}], (0,), "an object")],
    "a text or a list of texts": [(["a", 1, "b"], (1,), "a text")],
    "a list of lists of names": [([[], ["a"]], (0,), "a list of texts, not empty"), ([[1], ["a"]], (0, 0), "a text")],
    "a path or a list of paths": [(["", "a"], (0,), "a text that is not empty")],
    "a list of sources": [([{}, {"title": "a"}], (0,), "an object"), (["a"], (0,), "an object")],
    "a list of licences": [([{}, {"name": "A"}], (0,), "an object")],
    "a list of contributors": [([{}, {"title": "a"}], (0,), "an object")],
}
KINDS = [
    (kind, words, name) for kind, groups in PROPERTIES.items() for words in groups for name in groups[words].split()
]


@pytest.mark.parametrize(("kind", "words", "name"), KINDS)
def test_what_is_said_of_each_property(kind: str, words: str, name: str) -> None:
    """Each property takes what its kind of value takes, and what is refused is told with what it must be."""
    message = f"'{name}' must be {words}"
    refused: list[Any] = [1.5, None, *(value for values in TAKEN.values() for value in values)]
    for value in TAKEN.get(words, []):
        assert told({name: value}, kind) == (True, [])
    types = {type(value) for value in TAKEN.get(words, ["a"])}
    filled = "not empty" in words or words in ("a name or a list of names", "a path or a list of paths")
    filled |= words in ("a list of licences", "a list of contributors")
    for value in refused:
        if type(value) not in types or (filled and not value):
            assert told({name: value, "zzz": 1}, kind) == (False, [(WRONG, message, (name,))])
    for value, path, item in REFUSED.get(words, []):
        place = "".join(f"[{position}]" for position in path)
        assert told({name: value}, kind) == (False, [(WRONG, f"'{name}{place}' must be {item}", (name, *path))])


@pytest.mark.parametrize("kind", PROPERTIES)
def test_no_other_property_is_known(kind: str) -> None:
    """The properties above are all that there are."""
    assert getattr(shapes, kind).keys() == {name for words in PROPERTIES[kind].values() for name in words.split()}


@pytest.mark.parametrize(
    ("name", "parts", "words"),
    [
        ("licenses", "title", "a text"),
        ("licenses", "name", "an identifier of letters, digits, '.', '_' and '-'"),
        ("sources", "title version", "a text"),
        ("sources", "scrdata:citation", "an object"),
        ("contributors", "title givenName familyName organization role", "a text"),
        ("contributors", "roles", "a list of texts, not empty"),
        *(
            (name, "path", "an address, or a path below the package's folder")
            for name in ("licenses", "sources", "contributors")
        ),
        *((name, "email", "an address for mail") for name in ("sources", "contributors")),
    ],
)
def test_what_is_said_of_parts_of_listed_objects(name: str, parts: str, words: str) -> None:
    """What licences, sources and contributors have must be of its type, each at its place."""
    for part in parts.split():
        sound, reports = told({name: [{"name": "A", part: 1.5}]}, "PACKAGE")
        assert (sound, reports) == (False, [(WRONG, f"'{part}' must be {words}", (name, 0, part))])


def test_what_is_said_of_a_citation() -> None:
    """Each part of how a source is cited is a text that is not empty."""
    for part in ("type", "title", "author", "number", "issued"):
        sound, reports = told({"sources": [{"scrdata:citation": {part: ""}}]}, "PACKAGE")
        path = ("sources", 0, "scrdata:citation", part)
        assert (sound, reports) == (False, [(WRONG, f"'{part}' must be a text that is not empty", path)])
    assert told({"sources": [{"scrdata:citation": {}}]}, "PACKAGE") == (True, [])


def test_a_licence_has_a_name_or_a_path() -> None:
    """A licence with neither says nothing."""
    missing = ("required_property_is_present", "'name' or 'path' is missing", ("licenses", 0))
    assert told({"licenses": [{"title": "a"}]}, "PACKAGE") == (False, [missing])
    assert told({"sources": [{"path": "a"}]}, "PACKAGE") == (True, [])


@pytest.mark.parametrize("name", ["required", "unique", "enum", "pattern", "minLength", "maxLength", "minimum",
                                  "maximum", "exclusiveMinimum", "exclusiveMaximum"])  # fmt: skip
def test_constraints_beside_constraints(name: str) -> None:
    """A constraint that stands beside the others does nothing; elsewhere the word is free."""
    message = f"'{name}' stands beside 'constraints', not within"
    assert told({name: 1, "name": "n"}, "FIELD") == (False, [("property_is_spelt_right", message, (name,))])
    assert told({name: 1}, "SCHEMA") == (True, [])


@pytest.mark.parametrize(
    ("kind", "name", "meant"),
    [
        ("SCHEMA", "_primary_key_", "primaryKey"),
        ("SCHEMA", "-primary-key-", "primaryKey"),
        ("FIELD", "constraintsss", "constraints"),
        ("FIELD", "categorys", "categories"),
        ("FIELD", "falseValeus", "falseValues"),
        ("FIELD", "typ", "type"),
        ("FOREIGN_KEY", "referenc", "reference"),
        ("RESOURCE", "hsah", "hash"),
    ],
)
def test_what_was_probably_meant(kind: str, name: str, meant: str) -> None:
    """A misspelt property is told with the one that was meant."""
    message = f"'{name}' is no property; '{meant}' was probably meant"
    assert told({name: 1}, kind) == (False, [("property_is_spelt_right", message, (name,))])


@pytest.mark.parametrize("name", ["scxyma", "cshexa", "schemaxy", "xyschema", "shcmea"])
def test_two_slips_are_none(name: str) -> None:
    """A name with two slips is another name."""
    assert told({name: 1}, "RESOURCE") == (True, [])


def test_what_a_form_demands() -> None:
    """A text that is written otherwise is told as it is, with what it must be; that keeps nothing from being read."""
    message = "'homepage' is 'example.org'; it must be an address, such as https://example.org/"
    assert told({"homepage": "example.org"}, "PACKAGE") == (True, [("property_has_right_form", message, ("homepage",))])


def test_what_stands_within_objects_is_left_to_others() -> None:
    """An object of which no properties are known here may have any."""
    assert told({"constraints": {"scrdata:unit": 1}}, "FIELD") == (True, [])


def test_names_in_the_space_of_this_project() -> None:
    """A property in the name space of this project that this version does not know is told by its name."""
    message = "the property 'scrdata:unit' is unknown to this version"
    assert told({"scrdata:unit": 1}, "FIELD") == (False, [("property_is_implemented", message, ("scrdata:unit",))])


def test_everything_is_reported() -> None:
    """One wrong property conceals no other, and is not concealed by a right one."""
    value = {"zzz": 1, "bytes": "a", "name": "a", "hsah": "a", "title": 1, "x": 1}
    sound, reports = told(value, "RESOURCE")
    assert (sound, [path for _, _, path in reports]) == (False, [("bytes",), ("hsah",), ("title",)])
    message = "the property 'name' is missing"
    seen: list[tuple[str, str, Any]] = []
    assert not shapes.check_shape({"type": "string"}, shapes.FIELD, (), lambda *report: seen.append(report), ("name",))
    assert seen == [("required_property_is_present", message, ())]
