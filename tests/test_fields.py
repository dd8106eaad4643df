"""Columns: what a cell may say, what it then means, and which promises about a column cannot be kept."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.fields import CONSTRAINTS, Category, Field, Problem, build_field, labelled_values, native, rank
from scrdata.limits import Limits
from scrdata.values import grammar
from tests.strategies import LAW, cells_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Reports = list[tuple[str, str, tuple[str | int, ...]]]


BOUNDS = "cell_is_within_bounds"
IMPLEMENTED = "property_is_implemented"
WELL_FORMED = "constraint_is_well_formed"


def build(properties: Mapping[str, Any], missing: tuple[str, ...] = ("",)) -> tuple[Field | None, Reports]:
    """Build a field called `x`; return it with everything that was reported."""
    reports: Reports = []
    # Descriptors are read with decimals in the place of floating-point numbers.
    read = json.loads(json.dumps({"name": "x", **properties}), parse_float=Decimal)
    return build_field(read, frozenset(missing), lambda *report: reports.append(report)), reports


def field(properties: Mapping[str, Any], missing: tuple[str, ...] = ("",)) -> Field:
    """Build a field of which nothing may be reported."""
    built, reports = build(properties, missing)
    assert reports == []
    assert built is not None
    return built


_CONSTRAINED: list[dict[str, Any]] = [
    {},
    {"constraints": {"required": True, "minLength": 1, "maxLength": 2, "pattern": "[0-9-]+"}},
    {"constraints": {"pattern": "(0|00)*"}},
    {"type": "any", "constraints": {"enum": ["0", "10", "x"]}},
    {"type": "integer", "constraints": {"minimum": 0, "exclusiveMaximum": 9}},
    {"type": "integer", "constraints": {"exclusiveMinimum": 0, "maximum": 9}},
    {"type": "integer", "categories": [0, 1, 2]},
    {"type": "number", "constraints": {"minimum": 0.5, "maximum": 1e3}},
    {"type": "date", "constraints": {"minimum": "2000-01-01"}},
    {"type": "array", "constraints": {"enum": ['["a"]']}},
    {"type": "year"},
]


@pytest.mark.parametrize("properties", _CONSTRAINED)
@LAW
@given(st.data())
def test_many_cells_are_parsed_as_each_of_them(properties: dict[str, Any], data: st.DataObject) -> None:
    """What is accepted at once has the values that it has one by one, and nothing is wrong with any of it."""
    built = field(properties, missing=("", "-"))
    kind = str(properties.get("type", "string"))
    texts = data.draw(st.lists(cells_of(kind) | st.sampled_from(["", "-", "0", "10"]), min_size=1, max_size=3))
    together = built.parse_together(texts)
    if together is not None:
        assert [(value, None) for value in together] == [built.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("properties", "texts"),
    [
        (_CONSTRAINED[0], ["", "x", "-"]),
        (_CONSTRAINED[1], ["0", "1-"]),
        (_CONSTRAINED[3], ["", "0", "x"]),
        (_CONSTRAINED[4], ["0", "", "8"]),
        (_CONSTRAINED[5], ["1", "9"]),
        (_CONSTRAINED[6], ["2", "0", "-"]),
        (_CONSTRAINED[7], ["0.5", "1e3"]),
        (_CONSTRAINED[8], ["2000-01-01", ""]),
    ],
)
def test_cells_in_order_are_parsed_at_once(properties: dict[str, Any], texts: list[str]) -> None:
    """Cells within their constraints, missing ones among them, need not be looked at one by one."""
    built = field(properties, missing=("", "-"))
    assert built.parse_together(texts) == [built.parse(text)[0] for text in texts]


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        (_CONSTRAINED[1], ""),
        (_CONSTRAINED[1], "000"),
        (_CONSTRAINED[1], "x"),
        (_CONSTRAINED[3], "1"),
        (_CONSTRAINED[4], "-1"),
        (_CONSTRAINED[4], "9"),
        (_CONSTRAINED[5], "0"),
        (_CONSTRAINED[5], "10"),
        (_CONSTRAINED[6], "3"),
        (_CONSTRAINED[7], "0.4"),
        (_CONSTRAINED[7], "1001"),
        (_CONSTRAINED[8], "1999-12-31"),
        (_CONSTRAINED[8], "2000-02-30"),
    ],
)
def test_one_wrong_cell_is_enough_to_look_at_each(properties: dict[str, Any], text: str) -> None:
    """A cell that breaks a constraint is never accepted among others that do not."""
    built = field(properties)
    good = {"integer": ["1", "2"], "number": ["1", "2"], "date": ["2001-01-01"]}.get(built.type, ["0", "10"])
    assert built.parse_together(good) is not None
    assert built.parse_together([*good, text]) is None
    assert built.parse(text)[1] is not None


@pytest.mark.parametrize(
    ("properties", "accepted", "refused", "rule"),
    [
        ({"type": "integer"}, ["0", "-7"], ["x", "1.0"], "cell_fits_type"),
        ({"constraints": {"required": True}}, ["x"], [""], "required_cell_is_present"),
        ({"type": "integer", "constraints": {"minimum": 0}}, ["0", "1"], ["-1"], BOUNDS),
        ({"type": "integer", "constraints": {"maximum": 9}}, ["9"], ["10"], BOUNDS),
        ({"type": "integer", "constraints": {"exclusiveMinimum": 0}}, ["1"], ["0"], BOUNDS),
        ({"type": "integer", "constraints": {"exclusiveMaximum": 9}}, ["8"], ["9"], BOUNDS),
        ({"type": "number", "constraints": {"minimum": 0.5}}, ["0.5", "5e-1"], ["0.49", "NaN"], BOUNDS),
        ({"type": "number", "constraints": {"maximum": 3}}, ["3.0", "-INF"], ["3.01", "INF"], BOUNDS),
        (
            {"type": "date", "constraints": {"minimum": "2009-04-01", "maximum": "2010-03-31"}},
            ["2009-04-01", "2010-03-31"],
            ["2009-03-31", "2010-04-01"],
            BOUNDS,
        ),
        ({"type": "yearmonth", "constraints": {"minimum": "2009-12"}}, ["2010-01"], ["2009-11"], BOUNDS),
        ({"type": "time", "constraints": {"minimum": "09:00:00"}}, ["09:00:00"], ["09:00:00Z"], BOUNDS),
        ({"constraints": {"minLength": 2}}, ["ab", "éé"], ["a"], "cell_has_allowed_length"),
        ({"constraints": {"maxLength": 2}}, ["ab", "😀😀"], ["abc"], "cell_has_allowed_length"),
        ({"constraints": {"minLength": 0, "maxLength": 1}}, ["a"], ["ab"], "cell_has_allowed_length"),
        ({"type": "any", "constraints": {"maxLength": 2}}, ["ab"], ["abc"], "cell_has_allowed_length"),
        ({"type": "duration", "constraints": {"maxLength": 3}}, ["P1Y"], ["P10Y"], "cell_has_allowed_length"),
        ({"type": "any", "constraints": {"pattern": "a+"}}, ["aa"], ["b"], "cell_matches_pattern"),
        ({"type": "boolean", "constraints": {"enum": [False]}}, ["false", "0"], ["true"], "cell_is_in_enum"),
        ({"type": "array", "constraints": {"minLength": 1}}, ["[1]"], ["[]"], "cell_has_allowed_length"),
        ({"constraints": {"pattern": "R[0-9]{3}"}}, ["R001"], ["R1", "xR001", "R0011"], "cell_matches_pattern"),
        ({"constraints": {"pattern": "a|bc"}}, ["a", "bc"], ["ac", "ab"], "cell_matches_pattern"),
        ({"constraints": {"enum": ["a", "b"]}}, ["a"], ["A", "c"], "cell_is_in_enum"),
        ({"type": "integer", "constraints": {"enum": [1, "2"]}}, ["1", "2"], ["3"], "cell_is_in_enum"),
        ({"type": "number", "constraints": {"enum": [1.5]}}, ["1.5", "1.50"], ["15"], "cell_is_in_enum"),
        ({"categories": ["a", "b"]}, ["a"], ["c"], "cell_is_a_category"),
        ({"categories": [{"value": "a", "label": "A"}]}, ["a"], ["A"], "cell_is_a_category"),
        ({"type": "integer", "categories": [{"value": 1, "label": "One"}]}, ["1"], ["2"], "cell_is_a_category"),
    ],
)
def test_cells_are_held_to_type_and_constraints(
    properties: dict[str, Any], accepted: list[str], refused: list[str], rule: str
) -> None:
    """A cell within all constraints has no problem; one outside names the broken rule and what was expected."""
    built = field(properties)
    assert [built.parse(text)[1] for text in accepted] == [None] * len(accepted)
    for text in refused:
        problem = built.parse(text)[1]
        assert isinstance(problem, Problem)
        assert (problem.rule, problem.severity) == (rule, "error")
        assert problem.expected


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ({"minimum": 5}, "at least 5"),
        ({"maximum": 5}, "at most 5"),
        ({"exclusiveMinimum": 5}, "more than 5"),
        ({"exclusiveMaximum": 5}, "less than 5"),
        ({"enum": [5, 7]}, "one of 5, 7"),
        ({"enum": [5, *range(10_000, 20_000)]}, "10001 values"),
        ({"required": True}, "a value"),
    ],
)
def test_a_problem_says_what_was_expected(constraint: dict[str, Any], words: str) -> None:
    """What a constraint asks for is said in words."""
    built = field({"type": "integer", "constraints": constraint})
    problems = [built.parse(text)[1] for text in ("", "-1000", "1000", "5")]
    assert [problem for problem in problems if problem]
    assert all(words in problem.expected for problem in problems if problem)


def test_a_missing_cell_is_no_value_and_breaks_no_constraint() -> None:
    """What the schema calls missing is `None`; everything else is a value, the empty text too."""
    built = field({"constraints": {"minLength": 3, "pattern": "[a-z]+"}}, ("", "n/a"))
    assert built.parse("n/a") == built.parse("") == (None, None)
    assert field({}, ("-",)).parse("") == ("", None)
    assert field({}, ("-",)).parse("NA") == ("NA", None)
    assert field({"missingValues": ["NA"]}, ("",)).parse("NA") == (None, None)
    assert field({"missingValues": ["NA"]}, ("",)).parse("") == ("", None)
    assert field({"missingValues": [{"value": "x", "label": "lost"}]}).parse("x") == (None, None)


def test_missing_values_may_have_labels() -> None:
    """Texts and labelled texts are read alike."""
    assert labelled_values(["", {"value": "-", "label": "not known"}]) == frozenset({"", "-"})


@pytest.mark.parametrize(
    ("kind", "constraints", "path"),
    [
        ("string", {"minimum": "a"}, "minimum"),
        ("boolean", {"maximum": True}, "maximum"),
        ("duration", {"minimum": "P1Y"}, "minimum"),
        ("integer", {"minimum": "ten"}, "minimum"),
        ("integer", {"minimum": 1.5}, "minimum"),
        ("integer", {"minimum": True}, "minimum"),
        ("integer", {"maximum": None}, "maximum"),
        ("date", {"minimum": 2009}, "minimum"),
        ("date", {"minimum": "2009-02-30"}, "minimum"),
        ("integer", {"minLength": 1}, "minLength"),
        ("string", {"minLength": -1}, "minLength"),
        ("string", {"maxLength": "3"}, "maxLength"),
        ("string", {"maxLength": True}, "maxLength"),
        ("integer", {"pattern": "1"}, "pattern"),
        ("string", {"pattern": 1}, "pattern"),
        ("string", {"pattern": "(a"}, "pattern"),
        ("string", {"pattern": "(?=a)"}, "pattern"),
        ("string", {"enum": []}, "enum"),
        ("string", {"enum": ["a", "b", "a"]}, "enum"),
        ("integer", {"enum": [1, "1"]}, "enum"),
        ("string", {"enum": "a"}, "enum"),
        ("integer", {"enum": ["a"]}, "enum"),
        ("string", {"enum": [None]}, "enum"),
        ("string", {"required": "yes"}, "required"),
        ("string", {"required": 1}, "required"),
        ("string", {"unique": "yes"}, "unique"),
        *((kind, {"unique": True}, "unique") for kind in ("array", "object", "geojson")),
    ],
)
def test_a_constraint_that_cannot_be_applied_is_reported(kind: str, constraints: dict[str, Any], path: str) -> None:
    """A constraint with a senseless argument, or on the wrong type, is a finding at its place, never skipped."""
    _, reports = build({"type": kind, "constraints": constraints})
    assert [(rule, where) for rule, _, where in reports] == [("constraint_is_well_formed", ("constraints", path))]


@pytest.mark.parametrize(
    ("kind", "constraint", "argument", "problem"),
    [
        ("string", "required", "yes", "it is neither true nor false"),
        ("array", "unique", True, "it is not implemented for type 'array'"),
        ("string", "enum", "a", "it is not a list of values"),
        ("string", "pattern", 1, "a pattern is a text, and for string fields"),
        ("string", "maxLength", -1, "it is not a natural number"),
        ("integer", "minLength", 1, "a value of type 'integer' has no length"),
        ("boolean", "maximum", True, "values of type 'boolean' have no order"),
        ("integer", "minimum", "ten", "the bound is not an integer such as 147"),
        ("integer", "enum", ["a"], "an integer such as 147"),
        ("string", "enum", [None], "a text or a number"),
    ],
)
def test_what_is_wrong_with_a_constraint_is_said(kind: str, constraint: str, argument: object, problem: str) -> None:
    """The sentence names the constraint, the field and what is wrong; the field is read without that constraint."""
    built, reports = build({"type": kind, "constraints": {constraint: argument}})
    sentence = f"the constraint '{constraint}' of field 'x' cannot be applied: {problem}"
    assert [message for _, message, _ in reports][:1] == [sentence]
    assert built is not None
    assert built.tests == ()


def test_constraints_beside_a_wrong_one_are_held() -> None:
    """A constraint that cannot be applied, or is unknown, takes none of those after it with it."""
    built, reports = build({"constraints": {"minLength": -1, "regex": "a", "maxLength": 2}})
    assert [where for _, _, where in reports] == [("constraints", "minLength"), ("constraints", "regex")]
    assert built is not None
    assert built.parse("abc")[1] == Problem("cell_has_allowed_length", "at most 2 long")


@pytest.mark.parametrize("name", ["Required", "min", "jsonSchema", "regex", "minimun", ""])
def test_an_unknown_constraint_is_reported(name: str) -> None:
    """A constraint that this version does not know is a finding."""
    assert name not in CONSTRAINTS
    _, reports = build({"constraints": {name: 1}})
    sentence = f"the constraint '{name}' of 'x' is unknown; known are {', '.join(CONSTRAINTS)}"
    assert reports == [("constraint_is_implemented", sentence, ("constraints", name))]


@pytest.mark.parametrize(
    ("properties", "report"),
    [
        ({"type": "list"}, (IMPLEMENTED, "the type 'list' of field 'x' is not implemented", ())),
        ({"format": "phone"}, (IMPLEMENTED, "the format 'phone' of type 'string' of field 'x' is not implemented", ())),
        (
            {"type": "number", "categories": [1]},
            (IMPLEMENTED, "categories belong to string and integer fields only", ("categories",)),
        ),
        (
            {"type": "integer", "categories": ["x", 1]},
            (WELL_FORMED, "a category is not an integer such as 147", ("categories", 0)),
        ),
        ({"categories": [{"label": "A"}]}, (WELL_FORMED, "a category is not a text or a number", ("categories", 0))),
        ({"categories": ["a", "b", "a"]}, (WELL_FORMED, "the category 'a' occurs twice", ("categories", 2))),
        (
            {"categoriesOrdered": True},
            (IMPLEMENTED, "categoriesOrdered of field 'x' has no categories to order", ()),
        ),
    ],
)
def test_a_declaration_that_cannot_be_kept_is_reported(
    properties: dict[str, Any], report: tuple[str, str, tuple[str | int, ...]]
) -> None:
    """Types, formats and categories that are not implemented or senseless are findings."""
    assert build(properties)[1] == [report]


def test_codes_beside_a_wrong_one_are_kept() -> None:
    """A code that cannot be read takes none of those after it with it; a number has no codes at all."""
    built, _ = build({"type": "integer", "categories": ["x", 7], "categoriesOrdered": True})
    assert built is not None
    assert ([code.value for code in built.categories], built.ordered, built.ranks) == ([7], True, {7: 0})
    built, _ = build({"type": "number", "categories": [1]})
    assert built is not None
    assert (built.categories, built.tests) == ((), ())


def test_codes_without_a_declared_order_have_none() -> None:
    """Codes are ordered where the field says so in as many words, and there are codes."""
    assert not field({"categories": ["a", "b"]}).ordered
    assert not field({"categories": ["a", "b"], "categoriesOrdered": False}).ordered
    unordered, _ = build({"categoriesOrdered": True})
    assert unordered is not None
    assert not unordered.ordered


def test_lists_of_values_are_held_to_an_enumeration() -> None:
    """Values without a hash are compared one by one, and the codes are named in JSON."""
    built = field({"type": "array", "constraints": {"enum": ["[1, 2]"]}})
    assert built.parse("[1,2]") == ([1, 2], None)
    assert built.parse("[2, 1]")[1] == Problem("cell_is_in_enum", "one of [1, 2]")


def test_fifty_codes_are_named_and_the_rest_counted() -> None:
    """A list of codes is named whole up to a limit; beyond it, the rest is counted."""
    codes = [f"c{number}" for number in range(51)]
    assert field({"categories": codes[:50]}).tests[0][2] == f"one of {', '.join(codes[:50])}"
    assert field({"categories": codes}).tests[0][2] == f"one of {', '.join(codes[:50])}, … (51 values)"


@pytest.mark.parametrize(
    ("properties", "cell", "problem"),
    [
        ({"type": "integer"}, "x", Problem("cell_fits_type", "an integer such as 147")),
        ({"constraints": {"required": True}}, "", Problem("required_cell_is_present", "a value")),
        ({"constraints": {"pattern": "a+"}}, "b", Problem("cell_matches_pattern", "a text that matches a+")),
        ({"constraints": {"minLength": 2}}, "b", Problem("cell_has_allowed_length", "at least 2 long")),
        ({"constraints": {"maxLength": 2}}, "bcd", Problem("cell_has_allowed_length", "at most 2 long")),
    ],
)
def test_a_problem_is_said_in_full(properties: dict[str, Any], cell: str, problem: Problem) -> None:
    """The broken rule and what was expected are these, word by word."""
    assert field(properties).parse(cell)[1] == problem


def test_a_field_without_a_readable_type_is_no_field() -> None:
    """Where cells cannot be read, there is nothing to read them with."""
    assert build({"type": "list"})[0] is None


def test_categories_keep_order_label_and_description() -> None:
    """Codes stand in the declared order; the label of a bare code is the code."""
    codes = ["b", {"value": "a", "label": "A", "description": "first"}]
    built = field({"categories": codes, "categoriesOrdered": True})
    assert [(code.value, code.label, code.description) for code in built.categories] == [
        ("b", "b", None),
        ("a", "A", "first"),
    ]
    assert sorted(["a", "b"], key=built.sort_key) == ["b", "a"]


def test_a_code_needs_no_description() -> None:
    """Without a definition, a code has none."""
    assert Category("a", "A").description is None


def test_values_without_declared_order_sort_as_themselves() -> None:
    """Categories that are not ordered have no order of their own."""
    assert field({"categories": ["b", "a"]}).sort_key("a") == "a"


def test_title_and_description_have_defaults() -> None:
    """A field without a title goes by its name."""
    assert (field({}).title, field({}).description, field({}).type) == ("x", "", "string")
    named = field({"title": "T", "description": "D", "type": "date"})
    assert (named.title, named.description, named.type) == ("T", "D", "date")


def test_uniqueness_is_a_property_of_the_column() -> None:
    """Whether values may repeat is known of a field, and never breaks a single cell."""
    assert [field({"constraints": c}).unique for c in ({}, {"unique": False}, {"unique": True})] == [False, False, True]
    assert field({"constraints": {"unique": True}}).parse("x") == ("x", None)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("integer", 5, 5),
        ("integer", "5", 5),
        ("integer", Decimal("1e2"), 100),
        ("number", Decimal("1e2"), Decimal(100)),
        ("boolean", True, True),
        ("date", "2010-03-31", date(2010, 3, 31)),
        ("string", "a", "a"),
    ],
)
def test_values_of_the_descriptor_become_values_of_the_field(kind: str, value: object, expected: object) -> None:
    """Numbers and texts of a descriptor are read by the field's grammar."""
    assert native(value, grammar(kind, {})) == expected


@pytest.mark.parametrize("value", [None, [], {}, "x"])
def test_other_values_of_the_descriptor_are_refused(value: object) -> None:
    """What is neither a text nor a number, and a text outside the grammar, has no value."""
    with pytest.raises(ValueError, match="a"):
        native(value, grammar("integer", {}))


def test_a_pattern_that_takes_too_long_on_a_cell_is_a_problem_of_the_constraint() -> None:
    """Where the steps run out while cells are matched, the cell keeps its value and the pattern is at fault."""
    properties = {"name": "x", "constraints": {"pattern": "(a|b)*c"}}
    built = build_field(properties, frozenset(), lambda *_: None, Limits(pattern_steps=2))
    assert built is not None
    expected = (
        "a simpler pattern: the pattern takes more than 2 steps; scrdata validate --max-pattern-steps allows more"
    )
    assert built.parse("abac") == ("abac", Problem("constraint_is_implemented", expected))


@LAW
@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(-5, 5))
def test_bounds_accept_exactly_what_lies_between(low: int, high: int, value: int) -> None:
    """Inclusive and exclusive bounds agree with comparison."""
    inclusive = field({"type": "integer", "constraints": {"minimum": low, "maximum": high}})
    exclusive = field({"type": "integer", "constraints": {"exclusiveMinimum": low, "exclusiveMaximum": high}})
    assert (inclusive.parse(str(value))[1] is None) is (low <= value <= high)
    assert (exclusive.parse(str(value))[1] is None) is (low < value < high)


@LAW
@given(st.one_of(st.tuples(st.integers(), st.integers()), st.tuples(st.dates(), st.dates())))
def test_rank_orders_values(pair: tuple[Any, Any]) -> None:
    """`rank` says which of two values is larger."""
    assert rank(*pair) == (pair[0] > pair[1]) - (pair[0] < pair[1])
    assert rank(pair[0], pair[0]) == 0


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("number", "NaN", "1"),
        ("number", "1", "NaN"),
        ("time", "09:00:00", "09:00:00Z"),
        ("datetime", "2010-01-01T00:00:00+01:00", "2010-01-01T00:00:00"),
    ],
)
def test_some_values_have_no_order(kind: str, left: str, right: str) -> None:
    """NaN, and times with and without a zone, are neither above nor below."""
    read = grammar(kind, {})
    assert rank(read(left), read(right)) is None


@pytest.mark.parametrize("declared", ["enum", "categories"])
def test_long_code_lists_are_searched_in_linear_time(declared: str) -> None:
    """Twenty thousand codes and as many cells are settled in well under a second."""
    codes = [f"code-{number}" for number in range(20_000)]
    start = time.process_time()
    built = field({"constraints": {"enum": codes}} if declared == "enum" else {"categories": codes})
    assert all(built.parse(code)[1] is None for code in codes)
    assert time.process_time() - start < 0.7
