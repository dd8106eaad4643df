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
from scrdata.pattern_syntax import PatternProblem, parse_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.pattern_syntax import Node, Ranges

CACHED_SETS = 2_000
# A step of the machine: ranges of code points, or "^", "$", "" for moves that consume nothing.
Step = tuple["Ranges | str", int]


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
        self._final = self._build(parse_pattern(text, limits), self._first)
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

    def _build(self, node: Node, start: int) -> int:
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

    def _repeat(self, node: Node, start: int) -> int:
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
