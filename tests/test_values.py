"""One grammar per type: exactly what it says is read, everything else is refused, and printing reads back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrdata.values import TYPES, NotImplementedHere, grammar, grammar_together, integer, iso_date, number, to_text
from tests.published_grammars import ACCEPTED, MEANT
from tests.strategies import FEW, LAW, cells_of

REFUSED: dict[str, list[str]] = {
    "integer": [
        *("", " 5", "5 ", "5\n", "+5", "-0", "00", "05", "1_000", "1,000", "1.0", "1e3", "0x5", "\uff11", "\u0661"),
        *("²", "1" * 1001, "-" + "1" * 1001, "1" * 5000),
    ],
    "number": [
        *("", ".5", "5.", "+1.5", "1,5", "1e", "1e+", "1e1000", "nan", "inf", "Infinity", "+INF", "0x1p3", "1_0.0"),
        *("01.5", "1.5\n", "1" * 1001),
    ],
    "boolean": ["", "yes", "tRUE", "t", "T", "2", "-1", " true", "1.0", "on"],
    "date": [
        *("20090203", "2009-2-3", "2009-W05-1", "2009-02-30", "2009-034", "0000-01-01", "12009-01-01", "2009-13-01"),
        *("2009-02-03T00:00:00", "2009/02/03", "03/02/2009", "2009-02-03\n", "\u0662009-02-03"),
    ],
    "time": [
        *("1:02:03", "12:00", "24:00:00", "23:60:00", "23:59:60", "12:00:00.", "12:00:00.1234567", "12:00:00,5"),
        *("12:00:00+0100", "12:00:00+01", "12:00:00z", "12:00:00+24:00", "12:00:00+01:60", "T12:00:00"),
    ],
    "datetime": [
        *("2009-02-03 12:00:00", "2009-02-03T12:00", "2009-02-30T12:00:00", "2009-02-03T24:00:00", "2009-02-03"),
        "2009-02-03T12:00:00+01:60",
    ],
    "year": ["9", "950", "10000", "-950", "+2009", "2009 "],
    "yearmonth": ["2009-00", "2009-13", "2009-1", "200912", "2009-01-01"],
    "duration": ["", "P", "PT", "P1", "1Y", "P1M1Y", "P1YT", "PT1.5H", "P1.5Y", "P-1Y", "P1W", "p1y", "+P1Y"],
    "geopoint": ["1", "1,", "1,2,3", "1;2", "1,  2", " 1,2", "181,0", "0,91", "NaN,0", "1 ,2", "[1,2]"],
    "object": ["", "[]", "1", "null", '{"a": 1, "a": 1}', "{'a': 1}", '{"a": NaN}', "{"],
    "array": ["{}", "[1,]", "1,2", "[1e999]"],
}


def refusal() -> pytest.RaisesExc[ValueError]:
    """Return what expects a `ValueError` that says what was expected."""
    return pytest.raises(ValueError, check=lambda error: bool(str(error)))


TOGETHER = ("string", "any", "integer", "number", "date")


@pytest.mark.parametrize("kind", TOGETHER)
@LAW
@given(st.data())
def test_many_cells_are_read_as_each_of_them(kind: str, data: st.DataObject) -> None:
    """Cells that are read at once have the values that they have one by one; if one is refused, so are all."""
    read, read_together = grammar(kind, {}), grammar_together(kind, {})
    assert read_together is not None
    texts = data.draw(st.lists(cells_of(kind), min_size=1, max_size=3))
    try:
        values = read_together(texts)
    except ValueError:
        return
    expected = [read(text) for text in texts]
    assert [(type(value), str(value)) for value in values] == [(type(value), str(value)) for value in expected]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("string", ["", "a b"]),
        ("any", ["=1", "0"]),
        ("integer", ["0", "-7", "147", "9" * 1000]),
        ("number", ["0", "-0.10", "1e3", "123e999"]),
        ("date", ["2009-02-03", "0001-01-01", "9999-12-31"]),
    ],
)
def test_ordinary_cells_are_read_at_once(kind: str, texts: list[str]) -> None:
    """Texts spelled as nearly all are need not be read one by one."""
    read_together = grammar_together(kind, {})
    assert read_together is not None
    assert read_together(texts) == [grammar(kind, {})(text) for text in texts]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("integer", ["1", "1_0"]),
        ("integer", ["1", " 1"]),
        ("integer", ["1", "1" * 1001]),
        ("number", ["1", "NaN"]),
        ("number", ["1", "1" * 1001]),
        ("date", ["2009-02-03", "20090203"]),
        ("date", ["2009-02-03", "2009-02-30"]),
    ],
)
def test_another_spelling_is_not_read_at_once(kind: str, texts: list[str]) -> None:
    """Where one text is wrong, or spelled as few are, none is read at once."""
    read_together = grammar_together(kind, {})
    assert read_together is not None
    with pytest.raises(ValueError, match=r"."):
        read_together(texts)


def test_only_plain_types_are_read_at_once() -> None:
    """There is no quick way for types with options, formats or several spellings."""
    assert {kind for kind in TYPES if grammar_together(kind, {})} == set(TOGETHER)
    assert grammar_together("date", {"format": "%d.%m.%Y"}) is None
    assert grammar_together("string", {"format": "email"}) is None
    assert grammar_together("string", {"format": "default"}) is not None


def _same(left: object, right: object) -> bool:
    return str(left) == str(right) == "NaN" or (left == right and isinstance(left, type(right)))


@pytest.mark.parametrize("kind", TYPES)
@LAW
@given(st.data())
def test_exactly_the_published_grammar_is_read(kind: str, data: st.DataObject) -> None:
    """A text within the grammar has the value that it spells; any other is refused, never coerced."""
    text = data.draw(cells_of(kind))
    if ACCEPTED[kind](text):
        assert _same(grammar(kind, {})(text), MEANT[kind](text))
    else:
        with refusal():
            grammar(kind, {})(text)


@pytest.mark.parametrize("kind", TYPES)
@FEW
@given(st.data())
def test_printed_values_read_back(kind: str, data: st.DataObject) -> None:
    """For every type, the text of a value is within the grammar and means the same value."""
    text = data.draw(cells_of(kind).filter(ACCEPTED[kind]))
    read = grammar(kind, {})
    value = read(text)
    assert _same(read(to_text(value)), value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "123e999"),
        ("number", "0.01e-999"),
        ("number", "-0.0"),
        ("number", "1E5"),
        ("year", "0950"),
        ("yearmonth", "0001-02"),
        ("object", '{"share": 0.5}'),
        ("array", "[1.50, [2e3]]"),
        ("time", "12:00:00.5+01:00"),
        ("datetime", "2010-03-31T23:59:59-00:00"),
        ("geopoint", "1e-7, -0.5"),
    ],
)
def test_unusual_values_read_back(kind: str, text: str) -> None:
    """Spellings that differ from Python's are printed as this project reads them."""
    read = grammar(kind, {})
    assert _same(read(to_text(read(text))), read(text))


@LAW
@given(st.one_of(st.integers(), st.dates(), st.booleans(), st.text(min_size=1)))
@example(10**1000 - 1)
@example(1 - 10**1000)
def test_any_value_has_a_text(value: int | date | bool | str) -> None:  # noqa: FBT001  (a value is no switch)
    """Values that never were a text are printed so that the grammar reads them."""
    kind = {int: "integer", date: "date", bool: "boolean", str: "string"}[type(value)]
    assert _same(grammar(kind, {})(to_text(value)), value)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts])
def test_other_spellings_are_refused(kind: str, text: str) -> None:
    """What other readers take or repair is no value here."""
    with refusal():
        grammar(kind, {})(text)


@pytest.mark.parametrize(
    ("kind", "before", "digits", "after"),
    [
        ("integer", "", 1000, ""),
        ("integer", "-", 1000, ""),
        ("number", "", 1000, ""),
        ("number", "0.", 998, ""),
        ("number", "1e", 3, ""),
        ("number", "1E-", 3, ""),
        ("number", "1.5e+", 3, ""),
        ("time", "12:00:00.", 6, "+01:00"),
        ("datetime", "2010-03-31T12:00:00.", 6, "Z"),
        *(("duration", "P", 9, unit) for unit in "YMD"),
        *(("duration", "-PT", 9, unit) for unit in "HMS"),
        ("duration", "PT0.", 9, "S"),
    ],
)
def test_the_number_of_digits_is_limited(kind: str, before: str, digits: int, after: str) -> None:
    """As many digits as the grammar allows are read; one more is refused."""
    assert grammar(kind, {})(f"{before}{'1' * digits}{after}") is not None
    with refusal():
        grammar(kind, {})(f"{before}{'1' * (digits + 1)}{after}")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("integer", "x", "an integer such as 147"),
        ("integer", "-0", "an integer such as 147"),
        ("integer", "1" * 1001, "an integer of at most 1000 digits"),
        ("number", "x", "a number such as 1.5"),
        ("boolean", "x", "one of true, True, TRUE, 1, false, False, FALSE, 0"),
        ("date", "x", "a date such as 2010-03-31"),
        ("date", "2010-02-30", "a day that the calendar has"),
        ("time", "x", "a time such as 23:59:59"),
        ("time", "24:00:01", "a time that the clock has"),
        ("datetime", "x", "a date and time such as 2010-03-31T23:59:59"),
        ("datetime", "2010-02-30T00:00:00", "a date and time that the calendar has"),
        ("year", "x", "a year such as 2010"),
        ("yearmonth", "x", "a month such as 2010-03"),
        ("duration", "x", "a duration such as P1Y6M"),
        ("geopoint", "x", "a point such as -0.12, 51.5"),
        ("geopoint", "180.1, 0", "a longitude within 180 and a latitude within 90 degrees"),
        ("geopoint", "0, -90.1", "a longitude within 180 and a latitude within 90 degrees"),
        ("object", "[]", "a JSON object"),
        ("object", '{"a": 1, "a": 1}', "a JSON object; the key 'a' occurs twice in one object"),
        ("array", "{}", "a JSON array"),
        ("geojson", "[]", "a GeoJSON object"),
    ],
)
def test_a_refusal_says_what_was_expected(kind: str, text: str, expected: str) -> None:
    """The error of a grammar completes the sentence "expected …"."""
    with refusal() as caught:
        grammar(kind, {})(text)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("email", "x", "an e-mail address"),
        ("uri", "x", "a URI"),
        ("uuid", "x", "a UUID"),
        ("binary", "x", "base64 text"),
    ],
)
def test_a_refusal_names_the_format(form: str, text: str, expected: str) -> None:
    """The error of a format names it."""
    with pytest.raises(ValueError, match=f"^{expected}$"):
        grammar("string", {"format": form})(text)


def test_the_bounds_of_a_point_are_within() -> None:
    """180 degrees of longitude and 90 of latitude are read on either side; one space or none follows the comma."""
    read = grammar("geopoint", {})
    assert read("180, 90") == (Decimal(180), Decimal(90))
    assert read("-180,-90") == (Decimal(-180), Decimal(-90))


def test_a_date_pattern_is_named_in_its_refusals() -> None:
    """A date in another spelling, and a day that the calendar does not have, are told apart."""
    read = grammar("date", {"format": "%d/%m/%Y"})
    for text, expected in (("2010-03-31", "a date written as %d/%m/%Y"), ("30/02/2010", "a day that the calendar has")):
        with pytest.raises(ValueError, match=f"^{expected}$"):
            read(text)


@pytest.mark.parametrize(
    ("kind", "options", "what"),
    [
        ("list", {}, "the type 'list'"),
        ("string", {"format": "hostname"}, "the format 'hostname' of type 'string'"),
        ("integer", {"bareNumber": False}, "bareNumber: false"),
        ("integer", {"groupChar": ","}, "decimalChar and groupChar"),
        ("number", {"decimalChar": ","}, "decimalChar and groupChar"),
        ("date", {"format": "%Y-%m"}, "the date format '%Y-%m'"),
        ("boolean", {"falseValues": []}, "falseValues that is not a list of texts"),
        ("boolean", {"trueValues": "yes"}, "trueValues that is not a list of texts"),
        ("boolean", {"trueValues": [1]}, "trueValues that is not a list of texts"),
        ("boolean", {"trueValues": ["0"]}, "a text that is both true and false"),
    ],
)
def test_what_is_not_implemented_is_named(kind: str, options: dict[str, Any], what: str) -> None:
    """The error completes the sentence "… is not implemented"."""
    with pytest.raises(NotImplementedHere) as caught:
        grammar(kind, options)
    assert str(caught.value) == what


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("integer", {"bareNumber": True}),
        ("number", {"decimalChar": "."}),
        ("integer", {"format": "default"}),
        ("string", {"format": "default"}),
        ("date", {"format": "default"}),
    ],
)
def test_options_that_change_nothing_are_taken(kind: str, options: dict[str, Any]) -> None:
    """An option that states what holds anyway is no reason to refuse a field."""
    assert grammar(kind, options) is grammar(kind, {})


@pytest.mark.parametrize(
    ("form", "accepted", "refused"),
    [
        (
            "email",
            ["a@b.uk", "a.b+c@d-e.org", "a@b.c.uk"],
            ["a", "a@b", "a@b.", "a@bxuk", "a@.uk", "@b.uk", "a@", "a b@c.uk", "a@b.uk\n", "é@b.uk"],
        ),
        (
            "uri",
            ["https://x.org/a?b#c", "urn:isbn:1", "a:b", "a:!#$%&'()*+,./09:;=?@AZ[]_az~-"],
            ["x.org", "a:", "://x", "1a:b", "http://a b", "http://é.org"],
        ),
        (
            "uuid",
            ["123e4567-E89b-12d3-a456-426614174000"],
            [
                "123e4567e89b12d3a456426614174000",
                "{0}",
                "",
                "123e4567-e89b-12d3-a456-4266141740001",
                "123e4567-e89b-12d3-a456-42661417400",
                "123e45678-e89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-a456-426614174000",
                "123e4567-e89b1-12d3-a456-426614174000",
            ],
        ),
        (
            "binary",
            ["YQ==", "YWI=", "YWJj", "YWJjYWJj", "YWJjYQ==", ""],
            ["YQ=", "YWJjY", "YWJjYWI==", "Y===", "YQ", "Y Q==", "-_-_", "YQ==\n"],
        ),
    ],
)
def test_formats_of_texts(form: str, accepted: list[str], refused: list[str]) -> None:
    """Each format of a text takes the whole cell or refuses it."""
    read = grammar("string", {"format": form})
    assert [read(text) for text in accepted] == accepted
    for text in refused:
        with refusal():
            read(text)


@LAW
@given(st.dates(), st.sampled_from(["%d/%m/%Y", "%Y%m%d", "%m.%d.%Y", "%Y (%d-%m)"]))
def test_date_patterns_read_what_they_say(day: date, form: str) -> None:
    """A date in the declared spelling is read; in any other it is refused."""
    read = grammar("date", {"format": form})
    text = form.replace("%Y", f"{day.year:04d}").replace("%m", f"{day.month:02d}").replace("%d", f"{day.day:02d}")
    assert read(text) == day
    for other in (day.isoformat(), text + " ", text.replace("0", "\u0660") if "0" in text else "x"):
        with refusal():
            read(other)


def test_words_of_a_boolean_are_those_of_the_field() -> None:
    """Declared words replace the usual ones; letters count."""
    read = grammar("boolean", {"trueValues": ["yes", "y"], "falseValues": ["no"]})
    assert [read(word) for word in ("yes", "y", "no")] == [True, True, False]
    for word in ("true", "1", "Yes", "0"):
        with pytest.raises(ValueError, match="one of yes, y, no"):
            read(word)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("text", {}),
        ("list", {}),
        ("", {}),
        ("string", {"format": "hostname"}),
        ("string", {"format": "%Y"}),
        ("integer", {"format": "default2"}),
        ("integer", {"bareNumber": False}),
        ("integer", {"groupChar": ","}),
        ("number", {"decimalChar": ","}),
        ("number", {"groupChar": " "}),
        ("date", {"format": "any"}),
        ("date", {"format": "%d/%m/%y"}),
        ("date", {"format": "%Y-%m"}),
        ("date", {"format": "fmt:%d.%m.%Y"}),
        ("date", {"format": "%d.%m.%Y%"}),
        ("date", {"format": "%Y%Y-%m-%d"}),
        ("date", {"format": "%Y-%m-%d%%"}),
        ("time", {"format": "%H:%M"}),
        ("datetime", {"format": "any"}),
        ("geopoint", {"format": "array"}),
        ("geojson", {"format": "topojson"}),
        ("boolean", {"trueValues": ["yes"], "falseValues": ["yes"]}),
        ("boolean", {"trueValues": []}),
        ("boolean", {"trueValues": ["0"]}),
    ],
)
def test_what_would_change_the_reading_is_refused(kind: str, options: dict[str, Any]) -> None:
    """A type, format or option that is not implemented is said to be so, never ignored."""
    with pytest.raises(NotImplementedHere):
        grammar(kind, options)


def test_the_functions_for_single_types_are_the_grammars() -> None:
    """`integer`, `number` and `iso_date` read what the grammars of their types read."""
    assert (integer("-7"), number("1.50"), iso_date("2010-03-31")) == (-7, Decimal("1.50"), date(2010, 3, 31))


def test_missing_is_the_empty_text() -> None:
    """A missing value is printed as nothing."""
    assert to_text(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.50"), "1.50"),
        (Decimal(100), "100"),
        (Decimal("1e2"), "1E+2"),
        (Decimal("-0.0"), "-0.0"),
        (Decimal("NaN"), "NaN"),
        (Decimal("-Infinity"), "-INF"),
        (True, "true"),
        (False, "false"),
        (date(950, 1, 2), "0950-01-02"),
        ((2010, 3), "2010-03"),
        ((Decimal("-0.12"), Decimal(51)), "-0.12, 51"),
        (Decimal("Infinity"), "INF"),
        (Decimal("123e999"), "123e999"),
        (Decimal("1e-1001"), "0.01e-999"),
        ({"a": [], "é": True, "b": Decimal("1.50")}, '{"a": [], "é": true, "b": 1.50}'),
        (["é", 1], '["é", 1]'),
        (grammar("year", {})("0950"), "0950"),
        (grammar("time", {})("12:00:00+00:00"), "12:00:00Z"),
        ([1, {"a": None}], '[1, {"a": null}]'),
    ],
)
def test_values_have_one_text(value: Any, text: str) -> None:  # noqa: ANN401
    """Digits are kept, and each value is printed in one way."""
    assert to_text(value) == text
