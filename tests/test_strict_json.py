"""Strict JSON: what is accepted means what `json.loads` says; the rest is refused with line and column."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrdata.limits import DEFAULT
from scrdata.strict_json import DIGITS, JsonProblem, read_json
from tests.published_grammars import plain_json
from tests.strategies import LAW, json_bytes


@LAW
@given(json_bytes())
@example(b"[0e9999999999999999999]")
@example(b"0.0e-9999999999999999999")
@example(b"[1e400]")
@example(b"1e-400")
@example(b"-0.0")
@example(b'{"\\ud800": 1}')
@example(b'"\\ud83d\\ude00"')
@example(b'{"a": 1, "\\u0061": 1}')
@example(b"[" * DEFAULT.nesting + b"]" * DEFAULT.nesting)
@example(b"[" * DEFAULT.nesting + b"{}" + b"]" * DEFAULT.nesting)
@example(b"[" * 100_000)
@example(b"1" * DIGITS)
@example(b"-" + b"1" * DIGITS)
@example(b"\xef\xbb\xbf{}")
@example(b"\xed\xa0\x80")
def test_exactly_json_without_the_documented_refusals_is_accepted(data: bytes) -> None:
    """Any bytes are read as the standard library reads them, or refused for a documented reason."""
    try:
        expected = plain_json(data)
    except (ValueError, RecursionError):
        with pytest.raises(JsonProblem) as caught:
            read_json(data)
        lines = data.split(b"\n")
        assert 1 <= caught.value.line <= len(lines)
        assert 1 <= caught.value.column <= len(lines[caught.value.line - 1]) + 1
        assert caught.value.problem
    else:
        assert read_json(data).value == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("", 1, 1, "a value is missing"),
        ("\n\n ", 3, 2, "a value is missing"),
        ("[1,\n 2,]", 2, 4, "no JSON value starts here"),
        ('{"a": 1,\n  "a": 2}', 2, 3, "'a' occurs twice"),
        ('{"a": 1\n "b": 2}', 2, 2, "a comma or } is missing"),
        ("[1 2]", 1, 4, "a comma or ] is missing"),
        ('{"a" 1}', 1, 6, "a colon is missing"),
        ("{a: 1}", 1, 2, "a key in quotation marks is missing"),
        ('{"a": 1,}', 1, 9, "a key in quotation marks is missing"),
        ('{"a": NaN}', 1, 7, "no JSON value starts here"),
        ("[-Infinity]", 1, 2, "no JSON value starts here"),
        ("[\n1e400]", 2, 1, "too large or too small"),
        ("[true, false, null, -1.5e3, 01]", 1, 30, "a comma or ] is missing"),
        ("[tru]", 1, 2, "no JSON value starts here"),
        ("[\n-1e-400]", 2, 1, "too large or too small"),
        ("[01]", 1, 3, "a comma or ] is missing"),
        ("[+1]", 1, 2, "no JSON value starts here"),
        ("[.5]", 1, 2, "no JSON value starts here"),
        ('"a\nb"', 1, 1, "control character"),
        ('["\\x"]', 1, 2, "wrong escape"),
        ('["\\ud800"]', 1, 2, "half of a surrogate pair"),
        ('["open', 1, 2, "unclosed"),
        ("{} {}", 1, 4, "text follows the end"),
        ("// no\n1", 1, 1, "no JSON value starts here"),
        ("[\n" * 65, 65, 1, "nested in more than 64 levels"),
        ("1" * 1001, 1, 1, "more than 1000 digits"),
        ("\ufeff{}", 1, 1, "byte order mark"),
    ],
)
def test_a_refusal_names_line_column_and_reason(text: str, line: int, column: int, problem: str) -> None:
    """What is refused is pointed at, counted from 1."""
    with pytest.raises(JsonProblem) as caught:
        read_json(text.encode())
    assert (caught.value.line, caught.value.column) == (line, column)
    assert problem in caught.value.problem


@pytest.mark.parametrize("data", [b'{\n"a": "\xff"}', '{\n"a": "\u00e9"}'.encode("latin-1")])
def test_bytes_that_are_not_utf8_are_located(data: bytes) -> None:
    """The line and the byte of the first wrong byte are named."""
    with pytest.raises(JsonProblem) as caught:
        read_json(data)
    assert (caught.value.line, caught.value.column, caught.value.problem) == (2, 7, "the text is not UTF-8")


def test_numbers_keep_their_digits() -> None:
    """Integers become `int`, other numbers `Decimal`: nothing passes through a double."""
    value = read_json(b"[12345678901234567890, 0.10, 1e2]").value
    assert value == [12345678901234567890, Decimal("0.10"), Decimal("1e2")]
    assert [type(item) for item in value] == [int, Decimal, Decimal]  # type: ignore[attr-defined]
    assert str(value[1]) == "0.10"  # type: ignore[index]


def test_every_part_knows_its_line() -> None:
    """A path gives the line of its value; a path that leads nowhere, the line of the nearest parent."""
    text = '{\n  "a": [\n    1,\n    {"b":\n      null}\n  ],\n\n  "c": {}, "d": [true,\n-0.5e1,\n"\\u00e9"]}'
    document = read_json(text.encode())
    lines = {
        (): 1,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "b"): 5,
        ("c",): 8,
        ("c", "nothing"): 8,
        ("d", 0): 8,
        ("d", 1): 9,
        ("d", 2): 10,
        ("a", 7): 2,
        ("nothing", 3): 1,
    }
    assert {path: document.line(path) for path in lines} == lines


@LAW
@given(st.recursive(st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10))
def test_lines_are_right_in_any_text(value: object) -> None:
    """In a text with one part on each line, the parts stand on the lines that reading finds."""
    text = json.dumps(value, indent=1)
    document = read_json(text.encode())
    rows = text.split("\n")
    for path, part in _parts(value):
        key = f"{json.dumps(path[-1])}: " if path and isinstance(path[-1], str) else ""
        start = json.dumps(part)[0] if isinstance(part, (list, dict)) else json.dumps(part)
        assert rows[document.line(path) - 1].strip().startswith(key + start)


def _parts(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [(path, value), *(found for key, part in inside for found in _parts(part, (*path, key)))]
