"""Clean text: what is not seen or not meant is named; ordinary text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata import tidiness
from scrdata.tidiness import all_tidy
from tests.memory import csv_text, read
from tests.strategies import LAW


def untidiness(text: str) -> str | None:
    """Read a text as a cell of a table without promises; return what its warning says, if there is one."""
    _, findings = read({"fields": [{"name": "a"}]}, csv_text(("a",), (text,)))
    assert {(finding.rule, finding.severity) for finding in findings} <= {("text_is_clean", "warning")}
    return str(findings[0].expected) if findings else None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, "space") for text in (" a", "a ", "a  b", " ")),
        *((text, "formula") for text in ("=1+1", "+44", "-x", "@a", "--", "==", "--1", "-1-1", "\uff1d1", "\uff201")),
        *((f"a{c}b", f"U+{ord(c):04X}") for c in "\t\n\x01\x1b\x7f\x85\u00a0\u00ad\u200b\u200d\u2028\u202e\ufeff"),
        *((f"a{c}b", f"U+{ord(c):04X}") for c in "\u2800\u3164\ufffd\ufffc\ue000\ufe0f\u3000\u2066\U000e0041"),
        *((f"a{c}b", f"U+{ord(c):04X}") for c in "\ufe00\U000e0100\U000e01ef"),
        ("e\u0301", "NFC"),
        ("\u212b", "NFC"),
    ],
)
def test_untidy_text_is_named(text: str, reason: str) -> None:
    """Stray characters, spaces, formulas and text that is not composed are told apart."""
    assert reason in str(untidiness(text))


@LAW
@given(st.lists(st.text("a =+-@1\t\n\u0301\u00e9\u2800", max_size=4), max_size=4), st.booleans())
def test_many_texts_are_tidy_where_each_is(texts: list[str], free: bool) -> None:  # noqa: FBT001  (drawn)
    """Many texts are found tidy at once exactly where nothing is wrong with any of them."""
    assert all_tidy(texts, free=free) is all(tidiness.untidiness(text, free=free) is None for text in texts)


TIDY = [
    *("", "=", "-", "+", "@"),
    *("a", "a b", "£5", "5–6", "a’s", "-5", "-0.5", "0", "a=b", "1+1", "a@b", "東京", "Ãngelo", "naïve café"),
]


@pytest.mark.parametrize("text", TIDY)
def test_tidy_text_is_left_alone(text: str) -> None:
    """Ordinary text in any script, and negative numbers, are clean."""
    assert untidiness(text) is None


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "-1e5"), ("number", "-INF"), ("geopoint", "-0.1, 51.5"), ("duration", "-P1Y")]
)
def test_values_with_a_grammar_are_no_formulas(kind: str, text: str) -> None:
    """Only text that may be anything can be a formula."""
    assert read({"fields": [{"name": "a", "type": kind}], "scrdata:text": "clean"}, csv_text(("a",), (text,)))[1] == []


WESTERN = [chr(point) for point in range(0xC0, 0x100)] + list("£©°½’“”–—…€™ŒœŠšŽž")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("character", WESTERN)
def test_text_that_was_decoded_wrongly_is_named(character: str, encoding: str) -> None:
    """Letters and signs of Western Europe are recognised after their UTF-8 was read in another encoding."""
    # A byte that Windows-1252 does not have is usually passed on as it is.
    broken = "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in character.encode())
    assert untidiness(f"Caf{broken} x") is not None


def test_cells_of_any_type_can_be_formulas() -> None:
    """A column of type `any` is text, too."""
    assert read({"fields": [{"name": "a", "type": "any"}]}, "a\n=1\n")[1] != []
