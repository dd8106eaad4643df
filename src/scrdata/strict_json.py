"""One strict reader for JSON: what RFC 8259 leaves open is refused, with line and column.

Refused beyond malformed text: duplicate keys, NaN and Infinity, numbers that a double cannot hold,
integers of more than `DIGITS` digits, lone surrogates, a byte order mark, encodings other than
UTF-8, nesting deeper than the limit.

The standard library's parser reads well-formed text in a fraction of a millisecond but does not say
where a value stands. A second, slower parser below knows the place of everything; it runs only to
explain a refusal or to locate a finding.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

from scrdata.limits import DEFAULT, Limits, reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    Path = tuple[str | int, ...]

DIGITS = 1000

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(
    r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"',
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


class JsonProblem(ValueError):
    """Why a text is refused; `line` and `column` count from 1."""

    def __init__(self, problem: str, line: int, column: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


class Document:
    """A JSON text that was accepted: its value, and on demand the line of each part."""

    def __init__(self, text: str, value: object, limits: Limits) -> None:
        self.text = text
        self.value = value
        self._limits = limits
        self._lines: dict[Path, int] | None = None

    def line(self, path: Path) -> int:
        """Return the line of the value at `path` (keys and indices), or of its nearest parent."""
        if self._lines is None:
            self._lines = _Located(self.text, self._limits).places()
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def read_json(data: bytes, limits: Limits = DEFAULT) -> Document:
    """Read bytes as strict JSON; integers become `int`, other numbers `decimal.Decimal`.

    Raises:
        JsonProblem: the text is not JSON, or one of the things that this module refuses.
    """
    if len(data) > limits.json_size:
        raise JsonProblem(f"the file has {reached(limits, 'json_size')}", 1, 1)
    text = _decode(data)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_number,
            parse_int=_integer,
        )
        if _depth(value) <= limits.nesting and not ("\\u" in text and _has_surrogate(value)):
            return Document(text, value, limits)
    except (ValueError, RecursionError):
        pass
    _Located(text, limits).places()
    message = "the two JSON readers of this module disagree"
    raise AssertionError(message)


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise JsonProblem("the text is not UTF-8", line, column) from None
    if text.startswith("\ufeff"):
        raise JsonProblem("the text starts with a byte order mark", 1, 1)
    return text


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _number(text: str) -> Decimal:
    if not _fits_double(text):
        raise ValueError
    # Zero may be written with an exponent that no decimal has.
    return Decimal(text) if float(text) else Decimal(0)


def _fits_double(text: str) -> bool:
    """Say whether a double holds the number without turning into infinity or into zero."""
    value = float(text)
    if value == 0:
        return not re.search("[1-9]", re.split("[eE]", text)[0])
    return value - value == 0


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > DIGITS:
        raise ValueError
    return int(text)


def _depth(value: object) -> int:
    """Return how many containers are nested at most."""
    depth, level = 0, [value]
    while True:
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in ((item.values() if isinstance(item, dict) else item) or (None,))
        ]
        if not level:
            return depth
        depth += 1


def _has_surrogate(value: object) -> bool:
    """Say whether any key or text holds half of a surrogate pair."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            todo.extend(item)
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
        elif isinstance(item, str) and _SURROGATE.search(item):
            return True
    return False


class _Located:
    """A plain recursive-descent parser that notes the line of every value."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._counted = 0
        self._line = 1

    def places(self) -> dict[Path, int]:
        """Parse the whole text; return the line of each path, or raise `JsonProblem`."""
        self._value((), 0)
        self._space()
        if self.at < len(self.text):
            self._fail("text follows the end of the value")
        return self.lines

    def _fail(self, problem: str, at: int | None = None) -> NoReturn:
        at = self.at if at is None else at
        line = self.text.count("\n", 0, at) + 1
        raise JsonProblem(problem, line, at - self.text.rfind("\n", 0, at))

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _value(self, path: Path, depth: int) -> None:
        self._space()
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        self.lines[path] = self._line
        first = self.text[self.at : self.at + 1]
        if first == "{":
            self._members("}", path, depth, self._pair())
        elif first == "[":
            self._members("]", path, depth, self._item())
        elif first == '"':
            self._string()
        else:
            self._plain()

    def _members(self, end: str, path: Path, depth: int, name: Callable[[], str | int]) -> None:
        if depth == self.limits.nesting:
            self._fail(f"values are nested in {reached(self.limits, 'nesting')}")
        self.at += 1
        self._space()
        if self.text.startswith(end, self.at):
            self.at += 1
            return
        while True:
            self._space()
            self._value((*path, name()), depth + 1)
            self._space()
            if self.text.startswith(end, self.at):
                self.at += 1
                return
            if not self.text.startswith(",", self.at):
                self._fail(f"a comma or {end} is missing")
            self.at += 1

    def _pair(self) -> Callable[[], str | int]:
        seen: set[str] = set()

        def name() -> str:
            at = self.at
            if not self.text.startswith('"', at):
                self._fail("a key in quotation marks is missing")
            key = self._string()
            if key in seen:
                self._fail(f"the key {key!r} occurs twice in one object", at)
            seen.add(key)
            self._space()
            if not self.text.startswith(":", self.at):
                self._fail("a colon is missing")
            self.at += 1
            return key

        return name

    @staticmethod
    def _item() -> Callable[[], str | int]:
        return iter(range(1 << 62)).__next__

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if not match:
            self._fail("the text is unclosed, or holds a control character or a wrong escape")
        value: str = json.loads(match.group())
        if _SURROGATE.search(value):
            self._fail("the text holds half of a surrogate pair")
        self.at = match.end()
        return value

    def _plain(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        if match:
            number = match.group()
            if match.group(1) or match.group(2):
                if not _fits_double(number):
                    self._fail("the number is too large or too small for a double")
            elif len(number.lstrip("-")) > DIGITS:
                self._fail(f"the number has more than {DIGITS} digits")
            self.at = match.end()
            return
        for word in _WORDS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return
        self._fail("a value is missing" if self.at >= len(self.text) else "no JSON value starts here")
