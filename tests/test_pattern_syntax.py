"""The text of a pattern to its tree, or to a sentence that says what cannot be read, and where."""

from __future__ import annotations

import pytest

from scrdata.limits import DEFAULT, Limits
from scrdata.pattern_syntax import DEEPEST_GROUP, Node, PatternProblem, parse_pattern

BACKWARDS = "a count in braces runs backwards"
COUNT = "a count in braces is malformed"
EARLY = "the pattern ends too early"
OPEN = "a group is not closed"
NOT_REGULAR = "look-around, flags and named groups are not implemented"
RANGE = "a range of characters is malformed"
REPEATED = "a repetition of a repetition is not implemented"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (")", "a closing bracket without an opening one at character 1"),
        ("ab)c", "a closing bracket without an opening one at character 3"),
        ("(", OPEN),
        ("(a", OPEN),
        ("[", EARLY),
        ("[a", EARLY),
        ("[]", EARLY),
        ("[^]", EARLY),
        ("[a-", EARLY),
        ("\\", EARLY),
        ("(?:a", OPEN),
        ("*", "'*' at character 1 stands for nothing there"),
        ("a|+", "'+' at character 3 stands for nothing there"),
        ("(?", NOT_REGULAR),
        ("(?)", NOT_REGULAR),
        ("(?=a)", NOT_REGULAR),
        ("(?i)a", NOT_REGULAR),
        ("a(?!?:)", NOT_REGULAR),
        ("(*a)", "'*' at character 2 stands for nothing there"),
        ("a}", "'}' at character 2 stands for nothing there"),
        ("]", "']' at character 1 stands for nothing there"),
        ("{2}", "'{' at character 1 stands for nothing there"),
        ("a**", REPEATED),
        ("a*+", REPEATED),
        ("a???", REPEATED),
        ("a*?*", REPEATED),
        ("a{", COUNT),
        ("a{}", COUNT),
        ("a{,2}", COUNT),
        ("a{1", COUNT),
        ("a{12", COUNT),
        ("a{12,", COUNT),
        ("a{x}", COUNT),
        ("a{1,x}", COUNT),
        ("a{1,2,3}", COUNT),
        ("a{\u0663}", COUNT),
        ("a{\u00b2}", COUNT),
        ("a{1,100000}", COUNT),
        ("a{2,1}", BACKWARDS),
        ("a{1,0}", BACKWARDS),
        ("(a|", OPEN),
        ("((a)", OPEN),
        ("\\X", "the escape \\X is not implemented"),
        ("\\b", "the escape \\b is not implemented"),
        ("a\\p{L}", "the escape \\p is not implemented"),
        ("[\\x]", "the escape \\x is not implemented"),
        ("[[:alpha:]]", "a set within a set is not implemented"),
        ("[a-z-[aeiou]]", "a set within a set is not implemented"),
        ("[b-a]", RANGE),
        ("[\\d-z]", RANGE),
        ("[!-\\d]", RANGE),
        ("[a-\\s]", RANGE),
        ("[\\d-\\w]", RANGE),
    ],
)
def test_malformed_patterns_are_explained(text: str, problem: str) -> None:
    """What is malformed, or not regular, is refused with a sentence that names it, and its place where that helps."""
    with pytest.raises(PatternProblem) as caught:
        parse_pattern(text)
    assert str(caught.value) == problem


def test_long_patterns_are_refused() -> None:
    """A pattern may have as many characters as its limit says, by default and by choice."""
    for limits in (DEFAULT, Limits(pattern_length=7)):
        assert parse_pattern("a" * limits.pattern_length, limits).kind == "sequence"
        with pytest.raises(PatternProblem, match=rf"^the pattern has more than {limits.pattern_length:,} .*; "):
            parse_pattern("a" * (limits.pattern_length + 1), limits)


def test_deep_groups_are_refused() -> None:
    """Groups are nested up to a depth; beside each other there can be any number of them."""
    deepest = "(" * DEEPEST_GROUP + ")" * DEEPEST_GROUP
    assert parse_pattern(deepest + deepest).kind == "sequence"
    for text in (f"({deepest})", f"()()({deepest})"):
        with pytest.raises(PatternProblem) as caught:
            parse_pattern(text)
        assert str(caught.value) == "groups are nested deeper than 50 levels"


def test_what_a_part_lacks_is_empty() -> None:
    """A part of a pattern without characters, parts or counts says so by empty values."""
    assert Node("^").parts() == ("^", (), (), 0, None)


def letters(*ranges: str) -> Node:
    """Return the characters of some ranges, each written as its two ends."""
    return Node("characters", tuple((ord(ends[0]), ord(ends[-1])) for ends in ranges))


def row(*nodes: Node) -> Node:
    """Return parts one after the other."""
    return Node("sequence", nodes=nodes)


LAST = "\U0010ffff"


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", row()),
        ("abX", row(letters("a"), letters("b"), letters("X"))),
        ("[a]b{2}c{3}", row(letters("a"), *(Node("repeat", (), (letters(c),), n, n) for c, n in (("b", 2), ("c", 3))))),
        ("a|b|", Node("choice", nodes=(row(letters("a")), row(letters("b")), row()))),
        ("(a)(?:b)", row(row(letters("a")), row(letters("b")))),
        ("^a$", row(Node("^"), letters("a"), Node("$"))),
        (".", row(letters("\0\t", "\v\f", f"\x0e{LAST}"))),
        ("a*", row(Node("repeat", nodes=(letters("a"),), least=0, most=None))),
        ("a+?", row(Node("repeat", nodes=(letters("a"),), least=1, most=None))),
        ("a?", row(Node("repeat", nodes=(letters("a"),), least=0, most=1))),
        ("a{2}b", row(Node("repeat", nodes=(letters("a"),), least=2, most=2), letters("b"))),
        ("a{2,}", row(Node("repeat", nodes=(letters("a"),), least=2, most=None))),
        ("a{0,99999}", row(Node("repeat", nodes=(letters("a"),), least=0, most=99_999))),
        ("a{3,3}", row(Node("repeat", nodes=(letters("a"),), least=3, most=3))),
        ("[a-cx]", row(letters("ac", "x"))),
        ("[]a]", row(letters("]", "a"))),
        ("[^]a]", row(letters("\0\\", "^`", f"b{LAST}"))),
        ("[a-]", row(letters("a", "-"))),
        ("[-a]", row(letters("-", "a"))),
        ("[a-a]", row(letters("a"))),
        (r"[\d-]", row(letters("09", "-"))),
        (r"[\-x]", row(letters("-", "x"))),
        (r"[!-\-]", row(letters("!-"))),
        (r"\n\r\t", row(letters("\n"), letters("\r"), letters("\t"))),
        (r"\d\w", row(letters("09"), letters("09", "AZ", "_", "az"))),
        (r"\s\S", row(letters("\t\n", "\r", " "), letters("\0\x08", "\v\f", "\x0e\x1f", f"!{LAST}"))),
        (r"\.\\", row(letters("."), letters("\\"))),
        ("[^\0-\U0010ffff]", row(letters())),
        ("[^b-da-c]", row(letters("\0`", f"e{LAST}"))),
        ("[^a-db-c]", row(letters("\0`", f"e{LAST}"))),
        ("[^\0-\U0010fffe]", row(letters(LAST))),
        ("[^\1-\U0010ffff]", row(letters("\0"))),
    ],
)
def test_patterns_are_read_as_trees(text: str, node: Node) -> None:
    """Every construct has its part of the tree, with the code points that it takes."""
    assert parse_pattern(text) == node


@pytest.mark.parametrize("character", "\\|.?*+(){}-[]^$/#&~,:;<>=@!%'\"` _")
def test_signs_are_escaped(character: str) -> None:
    """A sign behind a backslash means itself, within a set and outside."""
    assert parse_pattern(f"\\{character}") == parse_pattern(f"[\\{character}]") == row(letters(character))
