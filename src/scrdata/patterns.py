r"""Regular expressions that cannot explode: the `pattern` constraint, matched in linear time.

Table Schema takes its patterns from XML Schema (https://www.w3.org/TR/xmlschema-2/#regexs): the
whole value has to match, and there are no back-references and no look-around. That subset is
regular, so it is run here as a set of states, one character after another: time grows with the
length of the value, whatever the pattern. `^` and `$`, which XML Schema does not have and many
published schemas use, mean the beginning and the end of the value.

Classes are ASCII: `\d` is 0-9, `\w` is letters, digits and `_`, `\s` is space, tab, LF and CR.
"""

from __future__ import annotations

from bisect import bisect_right

from scrdata.limits import DEFAULT, Limits, reached
from scrdata.records import Record

CACHED_SETS = 2_000
DEEPEST_GROUP = 50
# What RE2 and the others take at least.
PORTABLE_LENGTH = 5_000
PORTABLE_COPIES = 500

_DIGIT = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = ((9, 10), (13, 13), (32, 32))
_LAST = 0x10FFFF
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL_ESCAPES = set("\\|.?*+(){}-[]^$/#&~,:;<>=@!%'\"` _")

Ranges = tuple[tuple[int, int], ...]
# A step of the machine: ranges of code points, or "^", "$", "" for moves that consume nothing.
Step = tuple["Ranges | str", int]


class PatternProblem(ValueError):
    """The pattern uses something that this engine does not have, or is malformed."""


class _Node(Record):
    """A part of a pattern: characters, an anchor, a sequence, a choice or a repetition."""

    kind: str
    ranges: Ranges = ()
    nodes: tuple[_Node, ...] = ()
    least: int = 0
    most: int | None = None


class _Set:
    """States reached together, with the sets that follow by character."""

    __slots__ = ("accepting", "by_class", "following", "states")

    def __init__(self, states: frozenset[int], *, accepting: bool) -> None:
        self.states = states
        self.accepting = accepting
        self.following: dict[str, _Set] = {}
        self.by_class: dict[int, _Set] = {}


class Pattern:
    """A compiled pattern; `matches` says whether a whole value fits it."""

    def __init__(self, text: str, limits: Limits = DEFAULT) -> None:
        """Compile `text`; raise `PatternProblem` if it cannot be run in linear time here."""
        self._limits = limits
        self._steps: list[list[Step]] = []
        self._built = 0
        self._first = self._state()
        self._final = self._build(_Parser(text, limits).parse(), self._first)
        self._takes_nothing = self._final in self._reach({self._first}, "^$")
        self.forget()
        # Between two neighbouring bounds all characters lead to the same states: they are one class.
        ranges = [step for steps in self._steps for step, _ in steps if not isinstance(step, str)]
        self._bounds = sorted({bound for step in ranges for low, high in step for bound in (low, high + 1)})

    def forget(self) -> None:
        """Forget all values seen so far, and the steps that they took."""
        self._stepped = 0
        self._sets: dict[frozenset[int], _Set] = {}
        self._start = self._set(self._reach({self._first}, "^"))

    def matches(self, value: str) -> bool:
        """Say whether the whole of `value` matches; raise `PatternProblem` if that takes too many steps."""
        if not value:
            return self._takes_nothing
        current = self._start
        for character in value:
            following = current.following.get(character) or self._after(current, character)
            if not following.states:
                return False
            current = following
        return current.accepting

    def _set(self, states: frozenset[int]) -> _Set:
        known = self._sets.get(states)
        if known is None:
            known = _Set(states, accepting=self._final in self._reach(set(states), "$"))
            self._sets[states] = known
        return known

    def _after(self, current: _Set, character: str) -> _Set:
        """Return the set that follows, and remember it; forget all when there are too many."""
        point = ord(character)
        kind = bisect_right(self._bounds, point)
        following = current.by_class.get(kind)
        if following is None:
            # A step that is remembered costs nothing, and is not counted.
            self._stepped += len(current.states)
            if self._stepped > self._limits.pattern_steps:
                raise PatternProblem(f"the pattern takes {reached(self._limits, 'pattern_steps')}")
            moved = {
                target
                for state in current.states
                for step, target in self._steps[state]
                if not isinstance(step, str) and any(low <= point <= high for low, high in step)
            }
            if len(self._sets) >= CACHED_SETS:
                self._sets.clear()
                self._start = self._set(self._start.states)
            following = current.by_class[kind] = self._set(self._reach(moved, ""))
        if len(current.following) < CACHED_SETS:
            current.following[character] = following
        return following

    def _reach(self, states: set[int], anchors: str) -> frozenset[int]:
        """Return the states reached without consuming anything, through the anchors that hold."""
        todo = list(states)
        while todo:
            for step, target in self._steps[todo.pop()]:
                if isinstance(step, str) and step in anchors and target not in states:
                    states.add(target)
                    todo.append(target)
        return frozenset(states)

    def _state(self) -> int:
        if len(self._steps) >= self._limits.pattern_length:
            raise self._too_long()
        self._steps.append([])
        return len(self._steps) - 1

    def _build(self, node: _Node, start: int) -> int:
        """Add the states of `node` behind `start`; return the state in which it has matched."""
        self._built += 1
        if self._built > 10 * self._limits.pattern_length:
            raise self._too_long()
        if node.kind == "sequence":
            for part in node.nodes:
                start = self._build(part, start)
            return start
        if node.kind == "repeat":
            return self._repeat(node, start)
        end = self._state()
        if node.kind == "choice":
            for part in node.nodes:
                self._steps[self._build(part, start)].append(("", end))
        else:
            self._steps[start].append((node.ranges if node.kind == "characters" else node.kind, end))
        return end

    def _too_long(self) -> PatternProblem:
        return PatternProblem(f"the pattern with its counts written out has {reached(self._limits, 'pattern_length')}")

    def _repeat(self, node: _Node, start: int) -> int:
        part = node.nodes[0]
        for _ in range(node.least):
            start = self._build(part, start)
        end = self._state()
        if node.most is None:
            loop = self._state()
            self._steps[start].append(("", loop))
            self._steps[self._build(part, loop)].append(("", loop))
            self._steps[loop].append(("", end))
            return end
        for _ in range(node.most - node.least):
            self._steps[start].append(("", end))
            start = self._build(part, start)
        self._steps[start].append(("", end))
        return end


_compiled: dict[tuple[str, Limits], Pattern] = {}


def compile_pattern(text: str, limits: Limits = DEFAULT) -> Pattern:
    """Return a pattern that has seen no value yet; the same text is compiled once.

    Raises:
        PatternProblem: the pattern cannot be run in linear time here.
    """
    known = _compiled.get((text, limits))
    if known is None:
        if len(_compiled) >= CACHED_SETS:
            _compiled.clear()
        known = _compiled[text, limits] = Pattern(text, limits)
    fresh = object.__new__(type(known))
    vars(fresh).update(vars(known))
    fresh.forget()
    return fresh


def translate_pattern(text: str) -> tuple[str, Ranges] | None:
    r"""Return a pattern for the engines RE2, Rust's regex and java.util.regex, and the characters that it can take.

    What these engines read differently is not used: every character is a range of code points, the ends
    are `\A` and `\z`. `None` where an engine would refuse the size of the pattern.

    Raises:
        PatternProblem: the pattern is malformed.
    """
    node = _Parser(text, DEFAULT).parse()
    ranges: list[tuple[int, int]] = []
    source = _source(node, ranges)
    if len(source) > PORTABLE_LENGTH or _copies(node) > PORTABLE_COPIES:
        return None
    return rf"\A(?:{source})\z", tuple(sorted(set(ranges)))


def _source(node: _Node, ranges: list[tuple[int, int]]) -> str:
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


def _copies(node: _Node) -> int:
    """Return how often a part is written out at most, when repetitions with counts are unrolled."""
    inside = max(map(_copies, node.nodes), default=1)
    return inside * max(1, node.least, node.most or 0) if node.kind == "repeat" else inside


class _Parser:
    """Reads the text of a pattern into nodes."""

    def __init__(self, text: str, limits: Limits) -> None:
        if len(text) > limits.pattern_length:
            raise PatternProblem(f"the pattern has {reached(limits, 'pattern_length')}")
        self.text = text
        self.at = 0
        self.depth = 0

    def parse(self) -> _Node:
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

    def _choice(self) -> _Node:
        parts = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _Node("choice", nodes=tuple(parts))

    def _sequence(self) -> _Node:
        parts = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return _Node("sequence", nodes=tuple(parts))

    def _atom(self) -> _Node:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return _Node("characters", self._set())
        if character == ".":
            return _Node("characters", _without(((10, 10), (13, 13))))
        if character in "^$":
            return _Node(character)
        if character == "\\":
            return _Node("characters", self._escape())
        if character in "*+?{}]":
            raise PatternProblem(f"{character!r} at character {self.at} stands for nothing there")
        return _Node("characters", ((ord(character), ord(character)),))

    def _group(self) -> _Node:
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

    def _repeated(self, node: _Node) -> _Node:
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
            node = _Node("repeat", nodes=(node,), least=least, most=most)
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
