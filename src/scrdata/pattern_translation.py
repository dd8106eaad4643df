r"""Patterns for other engines: the same values match, read by RE2, by Java, or by `re`.

`re` tries one way after another, which can take for ever. It does not where no two ways ever begin with the
same character: then each character of a value decides at once, and what was decided is never undone with
success. Such patterns are deterministic (A. Brüggemann-Klein and D. Wood, "One-unambiguous regular
languages", Information and Computation 142, 1998; here strongly so: neither is the number of rounds of a
loop ever in doubt). Most patterns for identifiers and codes are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from scrdata.limits import DEFAULT, Limits
from scrdata.pattern_syntax import Node, parse_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrdata.pattern_syntax import Ranges

# What RE2 and the others take at least.
PORTABLE_LENGTH = 5_000
PORTABLE_COPIES = 500
# With so many characters in a pattern, counts written out, it is left to `patterns`.
MOST_POSITIONS = 500


def translate_pattern(text: str) -> tuple[str, Ranges] | None:
    r"""Return a pattern for the engines RE2, Rust's regex and java.util.regex, and the characters that it can take.

    What these engines read differently is not used: every character is a range of code points, the ends
    are `\A` and `\z`. `None` where an engine would refuse the size of the pattern.

    Raises:
        PatternProblem: the pattern is malformed.
    """
    node = parse_pattern(text)
    ranges: list[tuple[int, int]] = []
    source = _source(node, ranges)
    if len(source) > PORTABLE_LENGTH or _copies(node) > PORTABLE_COPIES:
        return None
    return rf"\A(?:{source})\z", tuple(sorted(set(ranges)))


def _source(node: Node, ranges: list[tuple[int, int]]) -> str:
    parts = [_source(part, ranges) for part in node.nodes]
    if node.kind == "characters":
        ranges.extend(node.ranges)
        members = "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in node.ranges)
        # A set that excludes everything takes nothing; and no character stands behind the end.
        return f"[{members}]" if members else r"\z.\A"
    if node.kind == "sequence":
        return "".join(parts)
    if node.kind == "choice":
        return f"(?:{'|'.join(parts)})"
    if node.kind == "repeat":
        most = "" if node.most is None else node.most
        return f"(?:{parts[0]}){{{node.least},{most}}}"
    return {"^": r"\A", "$": r"\z"}[node.kind]


def _copies(node: Node) -> int:
    """Return how often a part is written out at most, when repetitions with counts are unrolled."""
    inside = max(map(_copies, node.nodes), default=1)
    return inside * max(node.least, node.most or 1)


@lru_cache
def quick_match(text: str, limits: Limits = DEFAULT) -> Callable[[str], object] | None:
    """Return what says, by `re` and in linear time, whether a whole value matches; `None` where that is not sure.

    Raises:
        PatternProblem: the pattern is malformed.
    """
    node = _without_anchors(parse_pattern(text, limits))
    try:
        _Positions(node)
    except _NotDeterministicError:
        return None
    return re.compile(_own_source(node)).fullmatch


def _without_anchors(node: Node) -> Node:
    """Leave out a `^` at the beginning and a `$` at the end, which say what is true of whole values."""
    parts = list(node.nodes)
    if node.kind == "sequence":
        if parts and parts[0].kind == "^":
            del parts[0]
        if parts and parts[-1].kind == "$":
            del parts[-1]
    return node.changed(nodes=tuple(parts))


def _own_source(node: Node) -> str:
    parts = [_own_source(part) for part in node.nodes]
    if node.kind == "characters":
        return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in node.ranges) + "]"
    if node.kind == "sequence":
        return "".join(parts)
    if node.kind == "choice":
        return f"(?:{'|'.join(parts)})"
    most = "" if node.most is None else node.most
    return f"(?:{parts[0]}){{{node.least},{most}}}"


class _NotDeterministicError(Exception):
    """There can be two ways to go on."""


class _Part:
    """What a part of a pattern can begin and end with, by position, and whether it takes the empty text."""

    __slots__ = ("empty", "first", "last")

    def __init__(self, *, empty: bool, first: Sequence[int] = (), last: Sequence[int] = ()) -> None:
        self.empty = empty
        self.first = list(first)
        self.last = list(last)


class _Positions:
    """The characters of a pattern, counts written out, and which can follow which (V. M. Glushkov, 1961).

    Args:
        node: the pattern.

    Raises:
        _NotDeterministicError: at some place two can follow that have a character in common, or the empty text is
            taken in two ways; or there are too many to find out.
    """

    def __init__(self, node: Node) -> None:
        self.ranges: list[Ranges] = []
        self.following: list[list[int]] = []
        self._require_apart(self._visit(node).first)
        for positions in self.following:
            self._require_apart(positions)

    def _require_apart(self, positions: list[int]) -> None:
        spans = sorted(span for position in positions for span in set(self.ranges[position]))
        if any(before[1] >= after[0] for before, after in pairwise(spans)):
            raise _NotDeterministicError

    def _visit(self, node: Node) -> _Part:
        if node.kind == "characters":
            return self._character(node.ranges)
        if node.kind == "sequence":
            return self._sequence(node.nodes)
        if node.kind == "choice":
            return self._choice(node.nodes)
        if node.kind == "repeat":
            return self._repeat(node)
        raise _NotDeterministicError  # an anchor amid the pattern

    def _character(self, ranges: Ranges) -> _Part:
        if not ranges or len(self.ranges) == MOST_POSITIONS:
            raise _NotDeterministicError
        self.ranges.append(ranges)
        self.following.append([])
        return _Part(empty=False, first=[len(self.ranges) - 1], last=[len(self.ranges) - 1])

    def _follow(self, last: list[int], first: list[int]) -> None:
        for position in last:
            self.following[position] += first

    def _sequence(self, nodes: Sequence[Node]) -> _Part:
        whole = _Part(empty=True)
        for node in nodes:
            part = self._visit(node)
            self._follow(whole.last, part.first)
            whole.first += part.first if whole.empty else ()
            whole.last = part.last + (whole.last if part.empty else [])
            whole.empty = whole.empty and part.empty
        return whole

    def _choice(self, nodes: Sequence[Node]) -> _Part:
        parts = [self._visit(node) for node in nodes]
        if sum(part.empty for part in parts) > 1:
            raise _NotDeterministicError
        firsts = [position for part in parts for position in part.first]
        lasts = [position for part in parts for position in part.last]
        return _Part(empty=any(part.empty for part in parts), first=firsts, last=lasts)

    def _repeat(self, node: Node) -> _Part:
        whole = _Part(empty=node.least == 0)
        before: list[int] = []
        for copy in range(max(node.least, 1) if node.most is None else node.most):
            part = self._visit(node.nodes[0])
            if part.empty:
                raise _NotDeterministicError
            self._follow(before, part.first)
            before = part.last
            whole.first = whole.first or part.first
            whole.last = part.last + (whole.last if copy >= node.least else [])
        if node.most is None:
            self._follow(before, part.first)
        return whole
