"""A column as its Table Schema describes it: what a cell may say, and what it then means."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from scrdata.limits import DEFAULT, Limits
from scrdata.pattern_syntax import PatternProblem
from scrdata.pattern_translation import quick_match
from scrdata.patterns import compile_pattern
from scrdata.records import Record
from scrdata.values import NotImplementedHere, grammar, grammar_together, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrdata.values import Grammar, Value

    # The rule that a value breaks, whether it keeps it, and what is expected.
    Test = tuple[str, Callable[[Value], bool], str]
    # Whether all of some values pass a test: quicker than one by one. False may also mean that this is not known.
    TestTogether = Callable[[Sequence[Value]], bool]

SHOWN_CODES = 50
SUMMABLE = ("integer", "number")
ORDERED = ("integer", "number", "date", "time", "datetime", "year", "yearmonth")
UNHASHABLE = ("object", "array", "geojson")
_SIZED = ("string", "any", "duration", *UNHASHABLE)
CONSTRAINTS = (
    *("required", "unique", "enum", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
)


class Problem(Record):
    """Why a cell is refused: the broken rule, and what was expected in its place."""

    rule: str
    expected: str
    severity: str = "error"


class Category(Record):
    """One code of a column, with its label and, where there is one, its definition."""

    value: Value
    label: str
    description: str | None = None


class Field(Record):
    """One column.

    Attributes:
        name: as in the header of the file.
        type: the Table Schema type.
        title, description: for people.
        required: no cell may be missing.
        unique: no two cells may be equal (missing ones aside).
        categories: the codes, in their order; empty where the column is free.
        ranks: the position of each code, where the codes have an order; else empty.
        missing_values: the texts that mean "missing".
        tests: pairs of a test on values and what it expects, one for each further constraint.
        read_together, tests_together: `read` and `tests` for many cells of which all are in order.
        properties: the descriptor of the field, as written.
    """

    name: str
    type: str
    title: str
    description: str
    required: bool
    unique: bool
    categories: tuple[Category, ...]
    ranks: Mapping[Value, int]
    missing_values: frozenset[str]
    read: Grammar
    read_together: Callable[[Sequence[str]], list[Value]] | None
    tests: tuple[Test, ...]
    tests_together: tuple[TestTogether, ...]
    properties: Mapping[str, object]

    @property
    def ordered(self) -> bool:
        """Whether the codes of the column have an order."""
        return bool(self.ranks)

    def parse(self, text: str) -> tuple[Value | None, Problem | None]:
        """Return the value of a cell (`None` where missing), and what is wrong with it, if anything."""
        if text in self.missing_values:
            return None, Problem("required_cell_is_present", "a value") if self.required else None
        try:
            value = self.read(text)
        except ValueError as error:
            return None, Problem("cell_fits_type", str(error))
        try:
            for rule, test, expected in self.tests:
                if not test(value):
                    return value, Problem(rule, expected)
        except PatternProblem as problem:
            return value, Problem("constraint_is_implemented", f"a simpler pattern: {problem}")
        return value, None

    def parse_together(self, texts: Sequence[str]) -> list[Value | None] | None:
        """Return the values of many cells of which `parse` finds nothing wrong; `None` where that is not sure."""
        if self.read_together is None or not texts:
            return None
        if not self.missing_values.isdisjoint(texts):
            return self._parse_some_missing(texts)
        try:
            values = self.read_together(texts)
        except ValueError:
            return None
        return values if all(test(values) for test in self.tests_together) else None  # type: ignore[return-value]

    def _parse_some_missing(self, texts: Sequence[str]) -> list[Value | None] | None:
        present = [text for text in texts if text not in self.missing_values]
        values = None if self.required else self.parse_together(present)
        if values is None:
            return None
        found = dict(zip(present, values, strict=True))
        return [found.get(text) for text in texts]

    def sort_key(self, value: Value) -> object:
        """Return what orders a value: the position of an ordered code, else the value itself."""
        return self.ranks[value] if self.ordered else value


def build_field(
    properties: Mapping[str, object],
    missing_values: frozenset[str],
    report: Callable[[str, str, tuple[str | int, ...]], None],
    limits: Limits = DEFAULT,
) -> Field | None:
    """Make a `Field` of its descriptor.

    Args:
        properties: the descriptor, whose known properties have the right JSON types.
        missing_values: what the schema calls missing, unless the field says otherwise.
        report: called with rule, sentence and path for everything that is not implemented or wrong.
        limits: what a pattern may take, and how deeply JSON may be nested.

    Returns:
        The field, or `None` when its cells cannot be read.
    """
    name = str(properties["name"])
    kind = str(properties.get("type", "string"))
    constraints = properties.get("constraints", {})
    own_missing = properties.get("missingValues")
    try:
        read = grammar(kind, properties, limits)
    except NotImplementedHere as problem:
        report("property_is_implemented", f"{problem} of field '{name}' is not implemented", ())
        return None
    assert isinstance(constraints, dict)
    categories = _categories(properties, read, report)
    ordered = properties.get("categoriesOrdered") is True
    if ordered and not categories:
        report("property_is_implemented", f"categoriesOrdered of field '{name}' has no categories to order", ())
    tests = list(_tests(name, kind, constraints, read, report, limits))
    if categories:
        tests.append(_one_of("cell_is_a_category", [category.value for category in categories]))
    return Field(
        name=name,
        type=kind,
        title=str(properties.get("title", name)),
        description=str(properties.get("description", "")),
        required=constraints.get("required") is True,
        unique=constraints.get("unique") is True,
        categories=categories,
        ranks={category.value: rank for rank, category in enumerate(categories)} if ordered else {},
        missing_values=labelled_values(own_missing) if isinstance(own_missing, list) else missing_values,
        read=read,
        read_together=grammar_together(kind, properties),
        tests=tuple(test for test, _ in tests),
        tests_together=tuple(together for _, together in tests),
        properties=properties,
    )


def labelled_values(items: list[object]) -> frozenset[str]:
    """Return the texts of a `missingValues` list, whose items are texts or `{value, label}`."""
    return frozenset(str(item["value"]) if isinstance(item, dict) else str(item) for item in items)


def _categories(
    properties: Mapping[str, object],
    read: Grammar,
    report: Callable[[str, str, tuple[str | int, ...]], None],
) -> tuple[Category, ...]:
    items = properties.get("categories", [])
    assert isinstance(items, list)
    result: list[Category] = []
    seen: set[Value] = set()
    if items and properties.get("type", "string") not in {"string", "integer"}:
        report("property_is_implemented", "categories belong to string and integer fields only", ("categories",))
        return ()
    for position, item in enumerate(items):
        entry = item if isinstance(item, dict) else {"value": item}
        try:
            value = native(entry.get("value"), read)
        except ValueError as problem:
            report("constraint_is_well_formed", f"a category is not {problem}", ("categories", position))
            continue
        if value in seen:
            report("constraint_is_well_formed", f"the category '{value}' occurs twice", ("categories", position))
        seen.add(value)
        description = entry.get("description")
        label = str(entry.get("label", value))
        result.append(Category(value, label, None if description is None else str(description)))
    return tuple(result)


def native(value: object, read: Grammar) -> Value:
    """Return a value of the descriptor as a value of the field: texts are read, numbers printed and read."""
    if isinstance(value, bool):
        return read("true" if value else "false")
    if isinstance(value, int):
        return read(str(value))
    if isinstance(value, Decimal):
        return read(format(value, "f"))
    if isinstance(value, str):
        return read(value)
    raise ValueError("a text or a number")


def _one_of(rule: str, allowed: list[Value]) -> tuple[Test, TestTogether]:
    words = ", ".join(to_text(value) for value in allowed[:SHOWN_CODES])
    if len(allowed) > SHOWN_CODES:
        words += f", … ({len(allowed)} values)"
    expected = f"one of {words}"
    try:
        known = frozenset(allowed)
    except TypeError:  # JSON objects and lists have no hash
        return (rule, allowed.__contains__, expected), lambda values: all(value in allowed for value in values)
    return (rule, known.__contains__, expected), known.issuperset


def _tests(
    name: str,
    kind: str,
    constraints: Mapping[str, object],
    read: Grammar,
    report: Callable[[str, str, tuple[str | int, ...]], None],
    limits: Limits,
) -> list[tuple[Test, TestTogether]]:
    """Turn constraints into tests of values; the rest is reported."""
    tests = []
    for constraint, argument in constraints.items():
        path = ("constraints", constraint)
        if constraint not in CONSTRAINTS:
            message = f"the constraint '{constraint}' of '{name}' is unknown; known are {', '.join(CONSTRAINTS)}"
            report("constraint_is_implemented", message, path)
            continue
        try:
            test = _test(constraint, argument, kind, read, limits)
        except (ValueError, PatternProblem) as problem:
            message = f"the constraint '{constraint}' of field '{name}' cannot be applied: {problem}"
            report("constraint_is_well_formed", message, path)
            continue
        if test:
            tests.append(test)
    return tests


def _test(
    constraint: str,
    argument: object,
    kind: str,
    read: Grammar,
    limits: Limits,
) -> tuple[Test, TestTogether] | None:
    if constraint in ("required", "unique"):
        if not isinstance(argument, bool):
            raise ValueError("it is neither true nor false")
        if constraint == "unique" and kind in UNHASHABLE:
            raise ValueError(f"it is not implemented for type '{kind}'")
        return None
    if constraint == "enum":
        if not isinstance(argument, list) or not argument:
            raise ValueError("it is not a list of values")
        allowed = [native(item, read) for item in argument]
        texts = [to_text(value) for value in allowed]
        if len(set(texts)) < len(texts):
            twice = next(text for position, text in enumerate(texts) if text in texts[:position])
            raise ValueError(f"the value '{twice}' occurs twice")
        return _one_of("cell_is_in_enum", allowed)
    if constraint == "pattern":
        return _pattern(argument, kind, limits)
    if constraint in ("minLength", "maxLength"):
        return _length(constraint, argument, kind)
    return _bound(constraint, argument, kind, read)


def _pattern(argument: object, kind: str, limits: Limits) -> tuple[Test, TestTogether]:
    if not isinstance(argument, str) or kind not in ("string", "any"):
        raise ValueError("a pattern is a text, and for string fields")
    matches = compile_pattern(argument, limits).matches

    def all_match(values: Sequence[Value]) -> bool:
        quick = quick_match(argument, limits)
        return quick is not None and all(map(quick, values))  # type: ignore[arg-type]

    return ("cell_matches_pattern", lambda value: matches(str(value)), f"a text that matches {argument}"), all_match


def _length(constraint: str, argument: object, kind: str) -> tuple[Test, TestTogether]:
    if not isinstance(argument, int) or isinstance(argument, bool) or argument < 0:
        raise ValueError("it is not a natural number")
    if kind not in _SIZED:
        raise ValueError(f"a value of type '{kind}' has no length")
    limit = argument
    rule = "cell_has_allowed_length"
    if constraint == "minLength":
        least = (rule, lambda value: len(value) >= limit, f"at least {limit} long")
        return least, lambda values: min(map(len, values)) >= limit
    most = (rule, lambda value: len(value) <= limit, f"at most {limit} long")
    return most, lambda values: max(map(len, values)) <= limit


def _bound(
    constraint: str,
    argument: object,
    kind: str,
    read: Grammar,
) -> tuple[Test, TestTogether]:
    if kind not in ORDERED:
        raise ValueError(f"values of type '{kind}' have no order")
    try:
        limit = native(argument, read)
    except ValueError as problem:
        raise ValueError(f"the bound is not {problem}") from None
    compare, words = _COMPARISONS[constraint]
    nearest = min if "inimum" in constraint else max
    test = ("cell_is_within_bounds", lambda value: compare(value, limit), f"{words} {to_text(limit)}")
    return test, lambda values: compare(nearest(values), limit)


def _comparison(accept: Callable[[int], bool]) -> Callable[[object, object], bool]:
    def compare(value: object, limit: object) -> bool:
        order = rank(value, limit)
        return order is not None and accept(order)

    return compare


def rank(value: object, limit: object) -> int | None:
    """Return -1, 0 or 1 as `value` is below, at or above `limit`; `None` where they have no order."""
    if isinstance(value, Decimal) and isinstance(limit, Decimal) and (value.is_nan() or limit.is_nan()):
        return None
    timed = isinstance(value, (time, datetime)) and isinstance(limit, (time, datetime))
    if timed and (value.tzinfo is None) != (limit.tzinfo is None):  # type: ignore[attr-defined]
        # A time with a zone and a time without one cannot be compared.
        return None
    return (value > limit) - (value < limit)  # type: ignore[operator, no-any-return]


_COMPARISONS: dict[str, tuple[Callable[[object, object], bool], str]] = {
    "minimum": (_comparison(lambda order: order >= 0), "at least"),
    "maximum": (_comparison(lambda order: order <= 0), "at most"),
    "exclusiveMinimum": (_comparison(lambda order: order > 0), "more than"),
    "exclusiveMaximum": (_comparison(lambda order: order < 0), "less than"),
}
