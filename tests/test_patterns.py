"""Patterns: the same verdicts as a backtracking engine, in linear time; what is not supported is refused."""

from __future__ import annotations

import contextlib
import re
import time
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrdata.pattern_syntax import PatternProblem
from scrdata.pattern_translation import quick_match
from scrdata.patterns import Pattern, compile_pattern
from tests.strategies import LAW, PATTERN_CHARACTERS, PatternText, patterns


@LAW
@given(patterns(), st.lists(st.text(PATTERN_CHARACTERS, max_size=5), min_size=1, max_size=12))
@example(PatternText("^a|b$", r"^a|b\Z"), ["a", "b", "ab", "ax", "xb", ""])
@example(PatternText("(^|a)b", "(^|a)b"), ["b", "ab", "bb", ""])
@example(PatternText("a$", r"a\Z"), ["a", "a\n", "a\n\n"])
@example(PatternText("(a$)*", r"(a\Z)*"), ["", "a", "aa"])
@example(PatternText("(a|b)*a(a|b)(a|b)", "(a|b)*a(a|b)(a|b)"), ["abb", "bbaab", "bbb"])
def test_verdicts_agree_with_a_backtracking_engine(pattern: PatternText, values: list[str]) -> None:
    """A whole value matches exactly when `re.fullmatch` says so, with classes that are ASCII."""
    ours, theirs = Pattern(pattern.ours), re.compile(pattern.theirs, re.ASCII)
    for value in values:
        assert ours.matches(value) is (theirs.fullmatch(value) is not None), (pattern.ours, value)


@LAW
@given(patterns(), st.lists(st.text(PATTERN_CHARACTERS, max_size=5), min_size=1, max_size=12))
@example(PatternText("^a{2,}$", r"^a{2,}\Z"), ["a", "aa", "aaa"])
@example(PatternText("(ab?){1,3}", "(ab?){1,3}"), ["ab", "aab", "aaaa", "abb"])
@example(PatternText("a{0}b|", "a{0}b|"), ["", "b", "ab"])
def test_a_quick_form_means_the_same(pattern: PatternText, values: list[str]) -> None:
    """Where there is a quick form of a pattern, the same values match."""
    quick, exact = quick_match(pattern.ours), Pattern(pattern.ours)
    for value in values if quick is not None else ():
        assert (quick(value) is not None) is exact.matches(value), (pattern.ours, value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("[a-z0-9]+(-[a-z0-9]+)*", "a-" * 50_000),
        ("^R[0-9]{8}$", "R" + "0" * 100_000),
        ("(a(b(c)*)*)*", "abcbccb" * 20_000 + "!"),
        ("([a-c]+[d-f]+)+", "abcdef" * 20_000 + "!"),
        ("a?b?c?d?e?f?g?h?i?j?", "z"),
        ("(ab){2,}", "ab" * 50_000 + "a"),
        ("[^,]*,[^,]*", "x" * 100_000),
        (r"\d{4}(-\d{2}(-\d{2})?)?", "2010-03-3"),
        ("(|a)b", "a" * 100_000),
        ("", "a"),
    ],
)
def test_a_pattern_whose_ways_differ_is_quick(pattern: str, value: str) -> None:
    """Patterns of which no two ways begin alike have a quick form, which is done at once with a value that fails."""
    quick = quick_match(pattern)
    assert quick is not None
    start = time.process_time()
    assert quick(value) is None
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a*)*", "(a|a)*", "(a|ab)c", "a?a", "(a?b?)*", "(a?|b?)c", "(a?)?", ".*x", "(a{1,2}){2}", "a*[a-c]"),
        *("^a|b", "(a$)", "a^b", r"[^\s\S]", "a{501}", "(a?){2}", "(a|b?)?"),
    ],
)
def test_a_pattern_that_may_explode_has_no_quick_form(pattern: str) -> None:
    """Where two ways may begin alike, or the empty text is taken in two ways, one character after another is read."""
    assert quick_match(pattern) is None


_PIECES = [*"ab]()|*+?{},.-0", "\\d", "\\-", "\\[", "[", "[^", "{1,2}"]


@LAW
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_what_this_engine_reads_the_other_reads_alike(text: str) -> None:
    """Any text is refused, or matches what `re` matches: nothing malformed is accepted in silence."""
    with contextlib.suppress(PatternProblem):
        pattern = Pattern(text)
        with warnings.catch_warnings(action="ignore", category=FutureWarning):
            theirs = re.compile(text, re.ASCII)
        for value in ("", "a", "b", "0", "d", "-", "ab", "aab", ".", "a-", "]", "[", "\\", "*", "^", "{", ","):
            assert pattern.matches(value) is (theirs.fullmatch(value) is not None), value


@pytest.mark.parametrize(
    "text",
    [
        *("(", ")", "a)", "(a", "[", "[a", "[]", "[^]", "[b-a]", "[a-", "a{", "a{,2}", "a{2,1}", "a{x}", "a{1,2,3}"),
        *("*", "+a", "?", "|*", "(*a)", "{2}", "a**", "a+*", "a{2}{3}", "a*+", "a?+", "a+?+", "a???", "a*?*"),
        *("}", "]", "a}", "\\", "\\b", "\\B", "\\A", "\\Z", "\\1", "\\p{L}", "\\x41", "\\u0041", "\\i", "\\e", "[\\b]"),
        *("(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?P<n>a)", "(?i)a", "(?i:a)", "(?#x)", "(?>a)", "(?", "(?:"),
        *("[a-z-[aeiou]]", "[[:alpha:]]", "[a-[b]]", "[\\d-z]", "[!-\\d]", "[\\w-\\d]", "[a-\\s]"),
        *("a{100000}", "a{5001}", "(a{100}){100}", "(" * 60 + ")" * 60, "a" * 6000),
    ],
)
def test_what_is_not_supported_is_refused(text: str) -> None:
    """A pattern that is malformed, that is not regular, or that needs too many states is refused, never guessed."""
    with pytest.raises(PatternProblem):
        Pattern(text)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("(a+)+", "a" * 20_000 + "b"),
        ("(a*)*b", "a" * 20_000),
        ("((a|a)*)*", "a" * 20_000 + "b"),
        ("(a|aa)+", "a" * 20_000 + "b"),
        ("((a?){20}a{20})*", "a" * 20_000 + "b"),
        ("(.*)*(.*)*x", "ab" * 10_000),
        ("([a-z]+.)*x", "word " * 4_000),
        ("(a|b)*a(a|b){15}", "ab" * 2_000 + "b" * 20),
    ],
)
def test_no_pattern_explodes(pattern: str, value: str) -> None:
    """Patterns on which backtracking takes for ever are settled at once on values of twenty thousand characters."""
    start = time.process_time()
    assert Pattern(pattern).matches(value) is False
    assert time.process_time() - start < 2


def test_time_is_linear_in_the_value() -> None:
    """Eight times the characters take about eight times as long, not sixty-four times."""

    def seconds(length: int) -> float:
        pattern, value = Pattern("((a|b)*(b|a)*)*c"), "ab" * length
        start = time.process_time()
        pattern.matches(value)
        return time.process_time() - start

    seconds(1_000)
    short = min(seconds(10_000) for _ in range(5))
    long = min(seconds(80_000) for _ in range(3))
    assert long < 24 * short + 0.02


@pytest.mark.parametrize("pattern", ["((){3000}){3000}", "((){0,900}){900}", "((){9000}){3000}", "(^{9}){999}"])
def test_compiling_is_bounded(pattern: str) -> None:
    """Repetitions of nothing cost no more than others: they are compiled at once, or refused."""
    start = time.process_time()
    with contextlib.suppress(PatternProblem):
        assert Pattern(pattern).matches("") is True
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("R[0-9]{3}", ["R001", "R147"], ["R1", "R0011", "xR001", "R001\n", "R\u0661\u0661\u0661"]),
        (r"\d+", ["0", "123"], ["", "\uff11", "\u0663", "1 "]),
        (r"\w", ["a", "Z", "_", "5"], ["é", "-", "ª"]),
        (r"\s", [" ", "\t", "\n", "\r"], ["\u00a0", "\v", "\u2003", ""]),
        (r"\D\W\S", ["x-x", "é¡é"], ["1-x", "xxx", "x- "]),
        (".", ["a", "é", "😀", "\u2028"], ["\n", "\r", "", "ab"]),
        ("", [""], ["a", "\n"]),
        ("a|", ["a", ""], ["b"]),
        ("x{0}", [""], ["x"]),
        (r"[\]\-\\]", ["]", "-", "\\"], ["a"]),
        (r"\$\^", ["$^"], [""]),
    ],
)
def test_patterns_mean_what_the_documentation_says(pattern: str, matching: list[str], other: list[str]) -> None:
    """The whole value has to match, and classes are ASCII."""
    assert [value for value in [*matching, *other] if Pattern(pattern).matches(value)] == matching


@pytest.mark.parametrize(
    ("pattern", "members"),
    [
        (r"\d", "0123456789"),
        (r"\w", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
        (r"\s", "\t\n\r "),
        ("[b-y]", "bcdefghijklmnopqrstuvwxy"),
        (r"[+\-*/]", "*+-/"),
    ],
)
def test_classes_hold_exactly_their_characters(pattern: str, members: str) -> None:
    """A class is known to the last character, and its negation holds all others."""
    characters = [*map(chr, range(0x180)), "\u0663", "\uff11", "\U0010ffff"]
    assert "".join(c for c in characters if Pattern(pattern).matches(c)) == members
    negation = f"[^{pattern.strip('[]')}]"
    assert [c for c in characters if Pattern(negation).matches(c)] == [c for c in characters if c not in members]
    assert [c for c in characters if not Pattern(".").matches(c)] == ["\n", "\r"]


def test_limits_leave_room_for_honest_patterns() -> None:
    """Thousands of states and tens of nested groups are compiled."""
    assert Pattern("[a-z]{4000}").matches("q" * 4000)
    assert not Pattern("[a-z]{4000}").matches("q" * 3999)
    assert Pattern("(" * 50 + "a" + ")" * 50).matches("a")


def test_a_pattern_forgets_its_cache_without_forgetting_its_meaning() -> None:
    """With more sets of states than are kept, verdicts stay right."""
    pattern, length = Pattern("[ab]*a[ab]{12}"), 9_000
    value = "".join("ab"[(number * number // 7 + number // 3) % 2] for number in range(length))
    for end in range(length - 30, length):
        assert pattern.matches(value[:end]) is (value[end - 13] == "a")


def test_the_same_text_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling is remembered; what one pattern has seen is not known to the next of the same text."""
    first = compile_pattern("a[b-d]?")
    monkeypatch.setattr("scrdata.patterns.Pattern", None)
    second = compile_pattern("a[b-d]?")
    assert second is not first
    assert [second.matches(value) for value in ("a", "ad", "ae")] == [True, True, False]
