"""Patterns for other engines: what they are given, and when they are given nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.limits import Limits
from scrdata.pattern_syntax import PatternProblem
from scrdata.pattern_translation import (
    MOST_POSITIONS,
    PORTABLE_COPIES,
    quick_match,
    translate_pattern,
)
from scrdata.patterns import Pattern
from tests.strategies import LAW, PATTERN_CHARACTERS, PatternText, patterns

A, B = r"[\x{61}-\x{61}]", r"[\x{62}-\x{62}]"


@pytest.mark.parametrize(
    ("pattern", "source", "ranges"),
    [
        ("", "", ()),
        ("ab", A + B, ((97, 97), (98, 98))),
        ("ba", B + A, ((97, 97), (98, 98))),
        ("aa", A + A, ((97, 97),)),
        ("a|b|", f"(?:{A}|{B}|)", ((97, 97), (98, 98))),
        ("^a$", rf"\A{A}\z", ((97, 97),)),
        ("a*", f"(?:{A}){{0,}}", ((97, 97),)),
        ("a+?", f"(?:{A}){{1,}}", ((97, 97),)),
        ("a?", f"(?:{A}){{0,1}}", ((97, 97),)),
        ("(ab){0}", f"(?:{A}{B}){{0,0}}", ((97, 97), (98, 98))),
        ("a{2}", f"(?:{A}){{2,2}}", ((97, 97),)),
        ("[b-dx]", r"[\x{62}-\x{64}\x{78}-\x{78}]", ((98, 100), (120, 120))),
        (r"[^\s\S]a", rf"\z.\A{A}", ((97, 97),)),
        ("[^b-\U0010fffe]", r"[\x{0}-\x{61}\x{10ffff}-\x{10ffff}]", ((0, 97), (0x10FFFF, 0x10FFFF))),
    ],
)
def test_engines_are_given_code_points(pattern: str, source: str, ranges: tuple[tuple[int, int], ...]) -> None:
    """What engines read differently is written in one way, from end to end, with the characters that it takes."""
    assert translate_pattern(pattern) == (rf"\A(?:{source})\z", ranges)


@LAW
@given(patterns(), st.lists(st.text(PATTERN_CHARACTERS, max_size=5), min_size=1, max_size=12))
def test_engines_are_given_what_means_the_same(pattern: PatternText, values: list[str]) -> None:
    """The pattern that engines are given takes the same values; `re` spells code points and the end in another way."""
    translated = translate_pattern(pattern.ours)
    assert translated is not None
    source = re.sub(r"\\x\{([0-9a-f]+)\}", lambda match: f"\\U{match[1]:0>8}", translated[0]).replace(r"\z", r"\Z")
    for value in values:
        assert (re.search(source, value) is not None) is Pattern(pattern.ours).matches(value)


@pytest.mark.parametrize(
    ("pattern", "accepted"),
    [
        (f"a{{{PORTABLE_COPIES}}}", True),
        (f"a{{{PORTABLE_COPIES + 1}}}", False),
        (f"a{{0,{PORTABLE_COPIES + 1}}}", False),
        (f"a{{{PORTABLE_COPIES + 1},}}", False),
        (f"(a{{{PORTABLE_COPIES // 2}}}){{2}}", True),
        (f"(a{{{PORTABLE_COPIES // 2}}}){{2,3}}", False),
        (f"(a{{{PORTABLE_COPIES // 2}}}b)*", True),
        (f"(x{{0}}a{{{PORTABLE_COPIES}}}){{0}}", True),
        (f"(a{{{PORTABLE_COPIES + 1}}}){{0}}", False),
        (f"(a{{{PORTABLE_COPIES}}}b){{0,1}}", True),
        ("(a{300})*", True),
        ("(a{300}){0}", True),
        ("(a{300}){0,2}", False),
        (f"b|a{{{PORTABLE_COPIES + 1}}}|c", False),
        (f"a{{{PORTABLE_COPIES}}}a{{{PORTABLE_COPIES}}}", True),
    ],
)
def test_engines_are_given_no_more_copies_than_they_take(pattern: str, accepted: bool) -> None:  # noqa: FBT001  (parametrised)
    """A pattern whose counts are written out too often, one within the other, is kept from engines."""
    assert (translate_pattern(pattern) is not None) is accepted


def test_engines_are_given_no_longer_patterns_than_they_take() -> None:
    """A pattern that is longer than 5,000 signs when it is translated is kept from engines."""
    # Fifteen signs for each `a`, and seventeen for the other letter.
    translated = translate_pattern("a" * 322 + "\u0100" * 10)
    assert translated is not None
    assert len(translated[0].removeprefix(r"\A(?:").removesuffix(r")\z")) == 5_000
    assert translate_pattern("a" * 330 + "\u0100" * 3) is None


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        (f"a{{{MOST_POSITIONS}}}", True),
        (f"a{{{MOST_POSITIONS + 1}}}", False),
        (f"(ab){{{MOST_POSITIONS // 2}}}", True),
        (f"(ab){{{MOST_POSITIONS // 2}}}c", False),
        (f"a{{{MOST_POSITIONS},}}", True),
        (f"(a{{{MOST_POSITIONS}}})*", True),
        (f"a{{{MOST_POSITIONS + 1},}}", False),
    ],
)
def test_a_quick_form_has_so_many_positions(pattern: str, quick: bool) -> None:  # noqa: FBT001  (parametrised)
    """Counts written out, a pattern that is read quickly has no more characters than can be looked through."""
    assert (quick_match(pattern) is not None) is quick


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("", [""], ["a", "\n"]),
        ("^$", [""], ["a", "\n"]),
        ("^ab$", ["ab"], ["ab\n", "a", "xab", "abx"]),
        ("^", [""], ["^"]),
        ("abb", ["abb"], ["ab", "bb"]),
        ("(ab){2}a", ["ababa"], ["aba", "abab"]),
        ("$", [""], ["$"]),
        ("a|b", ["a", "b"], ["", "ab", "a|b"]),
        ("a|bc|", ["a", "bc", ""], ["b", "c"]),
        ("(a|b)c", ["ac", "bc"], ["a", "b", "c"]),
        ("(a|b)*", ["", "a", "abba"], ["c"]),
        ("(ab)*c", ["c", "abc", "ababc"], ["ab", "aabc"]),
        ("(ab)+", ["ab", "abab"], ["", "aba"]),
        ("(ab)?c?", ["", "ab", "c", "abc"], ["ac", "abab", "cc"]),
        ("a{0}", [""], ["a"]),
        ("a{0}b", ["b"], ["ab"]),
        ("(ab){2,3}", ["abab", "ababab"], ["ab", "abababab"]),
        ("(ab?c){2}d", ["acacd", "abcacd"], ["acd", "acacacd"]),
        ("a{2,}b", ["aab", "aaab"], ["ab", "b", "aa"]),
        ("(ab){1,2}c", ["abc", "ababc"], ["c", "abababc"]),
        ("[a-c]x[d\U0001f600]", ["axd", "cx\U0001f600"], ["dxd", "axe", "axX"]),
        (r"\d+(\.\d+)?", ["1", "12.30"], ["1.", ".5", "\u0661"]),
    ],
)
def test_quick_forms_match_whole_values(pattern: str, matching: list[str], other: list[str]) -> None:
    """These patterns have a quick form, and it takes exactly the values that it should."""
    quick = quick_match(pattern)
    assert quick is not None
    assert [value for value in [*matching, *other] if quick(value)] == matching


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "a|a",
            "a|ab",
            "[a-c]|[c-e]",
            "(a|b)*b",
            "(a|b)*bc",
            "(a|b)+b",
            "a*a",
            "a?a",
            "a?b?a",
            "(ab?)*b",
            "(ab?)+b",
            "a+a",
        ),
        *("a{1,2}a", "(ab?){2}b", "(ab?){2,}b", "(b?a){0,2}b", "|a?", "(a?|b)|", "a?|b?", "(a*)+", "(|a)*", "(){2}"),
        *("b|^a", "a$b", "(^a)", "^^a", "a$$", "[^\\s\\S]", "a?(b?a)", "(a?b?)a", "(ab|c)*ca", "a{0,2}a", "()?"),
    ],
)
def test_patterns_with_two_ways_have_no_quick_form(pattern: str) -> None:
    """Where one character can be taken in two ways, or nothing is repeated, no quick form is promised."""
    assert quick_match(pattern) is None


def test_quick_forms_keep_to_the_limits() -> None:
    """A pattern that is too long is refused here as it is elsewhere."""
    assert quick_match("abc", Limits(pattern_length=3)) is not None
    with pytest.raises(PatternProblem, match="more than 2 characters"):
        quick_match("abc", Limits(pattern_length=2))
