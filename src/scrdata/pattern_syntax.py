"""The syntax of patterns: a text to the tree of its parts.

Table Schema takes its patterns from XML Schema (https://www.w3.org/TR/xmlschema-2/#regexs). Here is the
part of it that is regular, as `patterns` describes it.
"""

from __future__ import annotations

from scrdata.limits import DEFAULT, Limits, reached
from scrdata.records import Record

DEEPEST_GROUP = 50

_DIGIT = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = ((9, 10), (13, 13), (32, 32))
_LAST = 0x10FFFF
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL_ESCAPES = set("\\|.?*+(){}-[]^$/#&~,:;<>=@!%'\"` _")

Ranges = tuple[tuple[int, int], ...]


class PatternProblem(ValueError):
    """The pattern uses something that this engine does not have, or is malformed."""


class Node(Record):
    """A part of a pattern: characters, an anchor, a sequence, a choice or a repetition."""

    kind: str
    ranges: Ranges = ()
    nodes: tuple[Node, ...] = ()
    least: int = 0
    most: int | None = None


def parse_pattern(text: str, limits: Limits = DEFAULT) -> Node:
    """Return the tree of a pattern.

    Raises:
        PatternProblem: the pattern is malformed, too long, or uses what is not regular.
    """
    return _Parser(text, limits).parse()


class _Parser:
    """Reads the text of a pattern into nodes."""

    def __init__(self, text: str, limits: Limits) -> None:
        if len(text) > limits.pattern_length:
            raise PatternProblem(f"the pattern has {reached(limits, 'pattern_length')}")
        self.text = text
        self.at = 0
        self.depth = 0

    def parse(self) -> Node:
        node = self._choice()
        if self.at < len(self.text):
            raise PatternProblem(f"a closing bracket without an opening one at character {self.at + 1}")
        return node

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        if self.at >= len(self.text):
            raise PatternProblem("the pattern ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def _choice(self) -> Node:
        parts = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Node("choice", nodes=tuple(parts))

    def _sequence(self) -> Node:
        parts = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return Node("sequence", nodes=tuple(parts))

    def _atom(self) -> Node:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return Node("characters", self._set())
        if character == ".":
            return Node("characters", _without(((10, 10), (13, 13))))
        if character in "^$":
            return Node(character)
        if character == "\\":
            return Node("characters", self._escape())
        if character in "*+?{}]":
            raise PatternProblem(f"{character!r} at character {self.at} stands for nothing there")
        return Node("characters", ((ord(character), ord(character)),))

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST_GROUP:
            raise PatternProblem(f"groups are nested deeper than {DEEPEST_GROUP} levels")
        if self._next() == "?":
            if not self.text.startswith("?:", self.at):
                raise PatternProblem("look-around, flags and named groups are not implemented")
            self.at += 2
        node = self._choice()
        if self._take() != ")":
            raise PatternProblem("a group is not closed")
        self.depth -= 1
        return node

    def _repeated(self, node: Node) -> Node:
        counts = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        repeats = 0
        while self._next() in {"*", "+", "?", "{"}:
            sign = self._take()
            repeats += 1
            if repeats == 2 and sign == "?":
                # A lazy repetition takes the same values as a greedy one.
                continue
            if repeats > 1:
                raise PatternProblem("a repetition of a repetition is not implemented")
            least, most = self._bounds() if sign == "{" else counts[sign]
            node = Node("repeat", nodes=(node,), least=least, most=most)
        return node

    def _bounds(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        inside = self.text[self.at : end] if end >= 0 else ""
        low, comma, high = inside.partition(",")
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in (low, high or "0")):
            raise PatternProblem("a count in braces is malformed")
        self.at = end + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if most is not None and most < least:
            raise PatternProblem("a count in braces runs backwards")
        return least, most

    def _escape(self) -> Ranges:
        character = self._take()
        if character.lower() in _CLASSES:
            ranges = _CLASSES[character.lower()]
            return ranges if character.islower() else _without(ranges)
        character = _CONTROLS.get(character, character)
        if character not in _LITERAL_ESCAPES and character not in _CONTROLS.values():
            raise PatternProblem(f"the escape \\{character} is not implemented")
        return ((ord(character), ord(character)),)

    def _set(self) -> Ranges:
        negated = self._next() == "^"
        self.at += negated
        ranges: list[tuple[int, int]] = []
        while self._next() != "]" or not ranges:
            if self._next() == "[":
                raise PatternProblem("a set within a set is not implemented")
            ranges.extend(self._range())
        self.at += 1
        return _without(tuple(ranges)) if negated else tuple(ranges)

    def _range(self) -> Ranges:
        first = self._member()
        if self._next() != "-" or self.text.startswith("-]", self.at):
            return first
        self.at += 1
        last = self._member()
        ends = (*first, *last)
        if len(ends) != 2 or any(low != high for low, high in ends) or first > last:
            raise PatternProblem("a range of characters is malformed")
        return ((first[0][0], last[0][1]),)

    def _member(self) -> Ranges:
        character = self._take()
        return self._escape() if character == "\\" else ((ord(character), ord(character)),)


def _without(ranges: Ranges) -> Ranges:
    """Return all code points that are in none of the ranges."""
    rest = []
    low = 0
    for start, end in sorted(ranges):
        if start > low:
            rest.append((low, start - 1))
        low = max(low, end + 1)
    if low <= _LAST:
        rest.append((low, _LAST))
    return tuple(rest)
