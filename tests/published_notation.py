"""The grammar of the notation a second time, read from `docs/profile.md`: which texts it derives, and how.

Nothing here uses the code that is tested. The grammar is in the notation of XML 1.0, section 6.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PAGE = (Path(__file__).parent.parent / "docs" / "profile.md").read_text(encoding="utf-8")
# What characters of a class are drawn from.
CHARACTERS = [*map(chr, range(0x100)), "\u2028", "\u0660", "\uff1d", "\U0001f4d6"]
TOKEN = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|\[((?:[^\]])+)\]|([A-Za-z]+)|([()|?*+-]))""")


class Expression(NamedTuple):
    """A part of the grammar: `kind` is text, class, name, all, any, but or repeat."""

    kind: str
    text: str = ""
    parts: tuple[Expression, ...] = ()


def read_grammar(text: str) -> dict[str, Expression]:
    """Return the productions of a grammar, by name."""
    rules = dict(line.split("::=") for line in text.strip().splitlines())
    return {name.strip(): _Reader(body).choice() for name, body in rules.items()}


class _Reader:
    """Reads the right side of one production."""

    def __init__(self, body: str) -> None:
        self.tokens = [match.groups() for match in TOKEN.finditer(body.strip())]
        assert "".join(TOKEN.split(body.strip())[::6]) == "", body

    def sign(self) -> str | None:
        return self.tokens[0][4] if self.tokens else ")"

    def choice(self) -> Expression:
        options = [self.sequence()]
        while self.tokens and self.sign() == "|":
            del self.tokens[0]
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Expression("any", parts=tuple(options))

    def sequence(self) -> Expression:
        parts: list[Expression] = []
        while self.sign() not in ("|", ")"):
            part = self.repeated()
            if self.sign() == "-":
                del self.tokens[0]
                part = Expression("but", parts=(part, self.repeated()))
            parts.append(part)
        return parts[0] if len(parts) == 1 else Expression("all", parts=tuple(parts))

    def repeated(self) -> Expression:
        part = self.one()
        while self.tokens and self.sign() in ("?", "*", "+"):
            part = Expression("repeat", str(self.sign()), (part,))
            del self.tokens[0]
        return part

    def one(self) -> Expression:
        double, single, characters, name, sign = self.tokens.pop(0)
        if sign == "(":
            inner = self.choice()
            assert self.tokens.pop(0)[4] == ")"
            return inner
        if name is not None:
            return Expression("name", name)
        if characters is not None:
            return Expression("class", characters)
        return Expression("text", single if double is None else double)


GRAMMAR = read_grammar(re.findall(r"```ebnf\n(.*?)```", PAGE, re.DOTALL)[0])


class Derivations:
    """All ways to derive parts of one text: for a part of the grammar and a start, the ends and how often each is met.

    More than one way means that the grammar is ambiguous.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[tuple[Expression, int], dict[int, int]] = {}

    def count(self, name: str) -> int:
        """Return the number of ways in which a production derives the whole text."""
        return self.ends(Expression("name", name), 0).get(len(self.text), 0)

    def ends(self, part: Expression, start: int) -> dict[int, int]:
        """Return the places at which what `part` derives from `start` on can end, with the number of ways."""
        if (part, start) not in self._known:
            self._known[part, start] = getattr(self, f"_{part.kind}")(part, start)
        return self._known[part, start]

    def _text(self, part: Expression, start: int) -> dict[int, int]:
        return {start + len(part.text): 1} if self.text.startswith(part.text, start) else {}

    def _class(self, part: Expression, start: int) -> dict[int, int]:
        return {start + 1: 1} if re.match(f"(?s:[{part.text}])", self.text[start : start + 1]) else {}

    def _name(self, part: Expression, start: int) -> dict[int, int]:
        return self.ends(GRAMMAR[part.text], start)

    def _any(self, part: Expression, start: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for option in part.parts:
            _add(found, self.ends(option, start), 1)
        return found

    def _all(self, part: Expression, start: int) -> dict[int, int]:
        found = {start: 1}
        for piece in part.parts:
            found = self._then(found, piece)
        return found

    def _then(self, places: dict[int, int], piece: Expression) -> dict[int, int]:
        found: dict[int, int] = {}
        for place, ways in places.items():
            _add(found, self.ends(piece, place), ways)
        return found

    def _but(self, part: Expression, start: int) -> dict[int, int]:
        kept, left_out = part.parts
        without = self.ends(left_out, start)
        return {end: ways for end, ways in self.ends(kept, start).items() if end not in without}

    def _repeat(self, part: Expression, start: int) -> dict[int, int]:
        (piece,) = part.parts
        found = {} if part.text == "+" else {start: 1}
        places = {start: 1}
        while places:
            places = self._then(places, piece)
            _add(found, places, 1)
            if part.text == "?":
                break
        return found


def _add(found: dict[int, int], more: dict[int, int], times: int) -> None:
    for end, ways in more.items():
        found[end] = found.get(end, 0) + ways * times


def texts(name: str) -> SearchStrategy[str]:
    """Return a strategy for texts that a production derives."""
    return _texts(Expression("name", name))


_STRATEGIES: dict[Expression, SearchStrategy[str]] = {}


def _texts(part: Expression) -> SearchStrategy[str]:
    if part not in _STRATEGIES:
        _STRATEGIES[part] = st.deferred(lambda: _made(part))
    return _STRATEGIES[part]


def _made(part: Expression) -> SearchStrategy[str]:
    parts = [_texts(piece) for piece in part.parts]
    if part.kind == "text":
        return st.just(part.text)
    if part.kind == "class":
        return st.sampled_from([character for character in CHARACTERS if re.match(f"[{part.text}]", character)])
    if part.kind == "name":
        return _texts(GRAMMAR[part.text])
    if part.kind == "any":
        return st.one_of(parts)
    if part.kind == "all":
        return st.tuples(*parts).map("".join)
    if part.kind == "but":
        left_out = part.parts[1]
        return parts[0].filter(lambda text: len(text) not in Derivations(text).ends(left_out, 0))
    least, most = {"?": (0, 1), "*": (0, 2), "+": (1, 3)}[part.text]
    return st.lists(parts[0], min_size=least, max_size=most).map("".join)
