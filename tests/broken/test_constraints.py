"""Each constraint is applied, and refused where its argument makes no sense."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

BOUNDS = "cell_is_within_bounds"
LENGTH = "cell_has_allowed_length"
ENUM = "cell_is_in_enum"
PATTERN = "cell_matches_pattern"

VIOLATED: list[tuple[str, dict[str, Any], str, str]] = [
    ("integer", {"minimum": 5}, "4", BOUNDS),
    ("integer", {"minimum": "5"}, "4", BOUNDS),
    ("integer", {"maximum": 5}, "6", BOUNDS),
    ("integer", {"maximum": 10**20}, "100000000000000000001", BOUNDS),
    ("integer", {"exclusiveMinimum": 5}, "5", BOUNDS),
    ("integer", {"exclusiveMaximum": 5}, "5", BOUNDS),
    ("integer", {"minimum": 0}, "-1", BOUNDS),
    ("integer", {"minimum": 6, "maximum": 5}, "5", BOUNDS),
    ("number", {"minimum": 0.1}, "0.09999999999999999999", BOUNDS),
    ("number", {"maximum": 9007199254740992}, "9007199254740993", BOUNDS),
    ("number", {"maximum": 1e300}, "INF", BOUNDS),
    ("number", {"minimum": 0}, "-INF", BOUNDS),
    ("number", {"minimum": 0}, "NaN", BOUNDS),
    ("number", {"exclusiveMaximum": 0.3}, "0.3", BOUNDS),
    ("date", {"minimum": "2009-04-01"}, "2009-03-31", BOUNDS),
    ("date", {"maximum": "2010-03-31"}, "2010-04-01", BOUNDS),
    ("date", {"exclusiveMaximum": "2010-03-31"}, "2010-03-31", BOUNDS),
    ("time", {"maximum": "12:00:00"}, "12:00:01", BOUNDS),
    ("time", {"maximum": "12:00:00"}, "11:00:00Z", BOUNDS),
    ("datetime", {"minimum": "2009-04-01T00:00:00Z"}, "2009-04-01T00:00:00+01:00", BOUNDS),
    ("datetime", {"minimum": "2009-04-01T00:00:00"}, "2010-04-01T00:00:00Z", BOUNDS),
    ("year", {"minimum": 2009}, "2008", BOUNDS),
    ("year", {"maximum": "2009"}, "2010", BOUNDS),
    ("yearmonth", {"exclusiveMinimum": "2009-04"}, "2009-04", BOUNDS),
    ("string", {"minLength": 2}, "x", LENGTH),
    ("string", {"maxLength": 2}, "xyz", LENGTH),
    ("string", {"maxLength": 0}, "x", LENGTH),
    ("string", {"maxLength": 1}, "e\u0301", LENGTH),
    ("any", {"maxLength": 1}, "xy", LENGTH),
    ("array", {"minLength": 2}, "[1]", LENGTH),
    ("object", {"maxLength": 1}, '{"a": 1, "b": 2}', LENGTH),
    ("string", {"enum": ["a", "b"]}, "c", ENUM),
    ("string", {"enum": ["a", "b"]}, "A", ENUM),
    ("string", {"enum": ["a", "b"]}, "a ", ENUM),
    ("string", {"enum": ["a", "b"]}, "ab", ENUM),
    ("integer", {"enum": [1, 2]}, "3", ENUM),
    ("integer", {"enum": ["1", "2"]}, "12", ENUM),
    ("number", {"enum": [0.1]}, "0.10000000000000001", ENUM),
    ("boolean", {"enum": [True]}, "false", ENUM),
    ("date", {"enum": ["2009-04-01"]}, "2009-04-02", ENUM),
    ("year", {"enum": [2009]}, "2010", ENUM),
    ("string", {"pattern": "[a-z]+"}, "a1", PATTERN),
    ("string", {"pattern": "[a-z]+"}, "1a", PATTERN),
    ("string", {"pattern": "[a-z]+"}, "a\n", PATTERN),
    ("string", {"pattern": "^[a-z]+$"}, "a\n", PATTERN),
    ("string", {"pattern": "^a|b$"}, "b\n", PATTERN),
    ("string", {"pattern": "\\d"}, "٣", PATTERN),
    ("string", {"pattern": "\\d+"}, "１", PATTERN),
    ("string", {"pattern": "\\w+"}, "é", PATTERN),
    ("string", {"pattern": "a\\sb"}, "a\u00a0b", PATTERN),
    ("string", {"pattern": "a.b"}, "a\nb", PATTERN),
    ("string", {"pattern": "[^a]"}, "a", PATTERN),
    ("string", {"pattern": "a{2,3}"}, "aaaa", PATTERN),
    ("string", {"pattern": "a{2,}"}, "a", PATTERN),
    ("string", {"pattern": "(a|b)*c"}, "abab", PATTERN),
    ("string", {"pattern": "(a+)+"}, "a" * 200 + "b", PATTERN),
    ("string", {"pattern": "(a|a)*"}, "a" * 200 + "b", PATTERN),
    ("string", {"pattern": "(a*)*b"}, "a" * 200, PATTERN),
    ("string", {"pattern": "(.*,){20}x"}, "," * 200, PATTERN),
    ("string", {"pattern": "a$b"}, "ab", PATTERN),
    ("string", {"pattern": ""}, "x", PATTERN),
]


@pytest.mark.parametrize(
    ("kind", "constraints", "cell", "rule"),
    [pytest.param(*case, id=f"{case[0]}-{case[1]}-{case[2][:12]}".replace("\n", "~")) for case in VIOLATED],
)
def test_violated(small_package: PackageFolder, kind: str, constraints: dict[str, Any], cell: str, rule: str) -> None:
    """A cell outside a constraint is refused at its line."""
    small_package.add_column({"type": kind, "constraints": constraints}, "", cell)
    small_package.assert_rejected(rule, "data/cells.csv", 3)


def test_unique(small_package: PackageFolder) -> None:
    """A value of a unique field that occurs twice is refused at the second place; missing ones are not equal."""
    small_package.add_column({"type": "number", "constraints": {"unique": True}}, "1.0", "", "", "1.00")
    small_package.assert_rejected("cell_is_unique", "data/cells.csv", 5)


WELL_FORMED = "constraint_is_well_formed"
NONSENSE: list[tuple[str, str, list[Any]]] = [
    ("string", "required", ["true", 1, 0, None, [], {}]),
    ("string", "unique", ["true", 1, None, []]),
    ("object", "unique", [True]),
    ("string", "enum", ["ab", 5, None, {}, [], [None], [[]], [{}]]),
    ("integer", "enum", [["one"], [1.5], [True], [" 1"], ["+1"], [None]]),
    ("date", "enum", [["2009-2-3"], [20090203]]),
    ("string", "minLength", [-1, 1.5, "1", True, None, []]),
    ("string", "maxLength", [-1, 1.5, "1", True, None, []]),
    ("integer", "minLength", [1]),
    ("date", "maxLength", [10]),
    ("integer", "minimum", ["one", 1.5, True, None, [], {}, "", "+1", "１"]),
    ("integer", "maximum", ["one", None, [1]]),
    ("integer", "exclusiveMinimum", ["one", None]),
    ("integer", "exclusiveMaximum", ["one", None]),
    ("number", "minimum", ["1,5", "", None, True]),
    ("date", "minimum", ["01/04/2009", "2009", 2009, None]),
    ("string", "minimum", ["a", 1]),
    ("boolean", "maximum", [True, "true"]),
    ("duration", "minimum", ["P1Y"]),
    ("geopoint", "maximum", ["1, 2"]),
    ("integer", "pattern", ["[0-9]+"]),
    ("date", "pattern", ["2009.*"]),
    ("string", "pattern", [5, None, True, [], {}, ["a"]]),
    (
        "string",
        "pattern",
        ["(", ")", "(()", "[", "[]", "[a", "[z-a]", "[\\d-z]", "*", "+a", "a**", "a{", "a{2", "a{x}"],
    ),
    ("string", "pattern", ["a{2,1}", "a{-1}", "a{999999}", "a{,5}", "\\", "a\\", "a{5000}{5000}", "(a{999}){999}"]),
    (
        "string",
        "pattern",
        ["(a)\\1", "(?=a)a", "(?!a)b", "(?<=a)b", "(?<!a)b", "(?i)a", "(?P<n>a)", "(?>a)", "a++", "a*+"],
    ),
    (
        "string",
        "pattern",
        ["\\p{L}", "\\bword\\b", "\\Aa\\Z", "\\x41", "\\u0041", "[[:alpha:]]", "\\k<n>", "(?#x)a", "[a-z&&[b]]"],
    ),
    ("string", "pattern", ["(" * 60 + "a" + ")" * 60, "a" * 6000]),
]


@pytest.mark.parametrize(
    ("kind", "constraint", "argument"),
    [
        pytest.param(kind, constraint, argument, id=f"{kind}-{constraint}-{str(argument)[:30]}")
        for kind, constraint, arguments in NONSENSE
        for argument in arguments
    ],
)
def test_nonsense(small_package: PackageFolder, kind: str, constraint: str, argument: object) -> None:
    """A constraint whose argument makes no sense, or does not fit the type, is refused, never ignored."""
    position = small_package.add_column({"type": kind, "constraints": {}})
    path = ("resources", position, "schema", "fields", 1, "constraints", constraint)
    line = small_package.edit("datapackage.json", *path, to=argument)
    small_package.assert_rejected(WELL_FORMED, "datapackage.json", line)


UNKNOWN = [
    *("Required", "min", "max", "minlength", "minLenght", "regex", "enumeration", "jsonSchema", "format", "default"),
    *("notNull", "scrdata:required", ""),
]


@pytest.mark.parametrize("constraint", UNKNOWN)
def test_unknown(small_package: PackageFolder, constraint: str) -> None:
    """A constraint that is not known is a finding, since it would silently do nothing."""
    position = small_package.add_column({"type": "string", "constraints": {}})
    path = ("resources", position, "schema", "fields", 1, "constraints", constraint)
    line = small_package.edit("datapackage.json", *path, to=True)
    small_package.assert_rejected("constraint_is_implemented", "datapackage.json", line)


@pytest.mark.parametrize("words", [{"trueValues": ["yes"], "falseValues": ["yes"]}, {"trueValues": ["false"]}])
def test_true_and_false_differ(small_package: PackageFolder, words: dict[str, list[str]]) -> None:
    """A text that would be both true and false is refused."""
    small_package.add_column({"type": "boolean", **words}, "yes")
    small_package.assert_rejected("property_is_implemented", "datapackage.json")
