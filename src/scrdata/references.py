"""The notation for totals and rules: its syntax tree, its parser and its printer.

    equation   = sum relation sum
    relation   = "=" | "<=" | ">=" | "<" | ">"
    sum        = term { ("+" | "-") term }
    term       = [ integer " * " ] reference | integer
    reference  = table [ "[" condition { "," condition } "]" ] [ "." column ]
    condition  = path "=" value { "|" value } | path "=*" | path ("<" | "<=" | ">" | ">=") value
    path       = column { "." column }
    value      = bare | '"' text '"'

Bare values are made of ASCII letters, digits and `- _ . : /`; anything else is quoted, with `""`
for a quotation mark. `""` alone means missing. What the parts mean is said in `totals`.
"""

from __future__ import annotations

import re
import unicodedata

from scrdata.errors import NotationError
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Judge(Protocol):
        """Accepts or refuses names and values while they are parsed: each answer is what is wrong, or `None`."""

        def table(self, table: str) -> str | None:
            """Judge the name of a table."""

        def path(self, table: str, path: tuple[str, ...]) -> str | None:
            """Judge a path of columns from a table."""

        def value(self, table: str, path: tuple[str, ...], operator: str, value: str) -> str | None:
            """Judge a value that the cells at a path are compared with."""

        def column(self, table: str, column: str) -> str | None:
            """Judge the column that is summed."""

    from typing import NoReturn

STAR = "*"
# More are nobody's question, and would take whoever looks for a wrong cell long.
CONDITIONS = 1000
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_BARE = re.compile(r"[A-Za-z0-9_.:/-]+")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,999})(?![A-Za-z0-9_-])")
# What most conditions look like: one column, one bare value, no space.
_PLAIN_CONDITION = re.compile(r"([A-Za-z0-9_-]+)=([A-Za-z0-9_.:/-]+)(?=[,\]])")
# On one path the lower bound stands before the upper one.
_ORDER = ("=", ">=", ">", "<=", "<")
_RELATION = re.compile(r"<=|>=|=|<|>")


class Condition(Record):
    """What a row must fulfil: `path operator values`; `starred` stands for each value in turn."""

    path: tuple[str, ...]
    operator: str
    values: tuple[str, ...]
    starred: bool = False

    def __str__(self) -> str:
        value = STAR if self.starred else "|".join(value_text(value) for value in self.values)
        return f"{'.'.join(self.path)}{self.operator}{value}"


class Reference(Record):
    """A total: the number of matching rows of a table, or the sum of one of its columns over them."""

    table: str
    conditions: tuple[Condition, ...] = ()
    column: str | None = None

    def __str__(self) -> str:
        conditions = f"[{','.join(map(str, self.conditions))}]" if self.conditions else ""
        column = f".{self.column}" if self.column is not None else ""
        return f"{self.table}{conditions}{column}"

    @property
    def stars(self) -> tuple[tuple[str, ...], ...]:
        """The starred paths, sorted by the name of their last column, by which they are paired."""
        starred = [condition.path for condition in self.conditions if condition.starred]
        return tuple(sorted(starred, key=lambda path: path[-1]))


class Term(Record):
    """A whole number, or a multiple of a total; `sign` is 1 or -1."""

    sign: int
    factor: int
    reference: Reference | None

    def __str__(self) -> str:
        if self.reference is None:
            return str(self.factor)
        text = str(self.reference)
        # A table may be called 7, which alone is the number.
        return text if self.factor == 1 and not _INTEGER.match(text) else f"{self.factor} * {text}"


class Sum(Record):
    """Terms, added up."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        first, *rest = self.terms
        return str(first) + "".join(f" {'+' if term.sign > 0 else '-'} {term}" for term in rest)


class Equation(Record):
    """Two sums and the relation that holds between them."""

    left: Sum
    relation: str
    right: Sum

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"

    @property
    def references(self) -> tuple[Reference, ...]:
        """All totals, from left to right."""
        terms = (*self.left.terms, *self.right.terms)
        return tuple(term.reference for term in terms if term.reference)


def is_name(text: str) -> bool:
    """Say whether the notation can name a table or a column of this name."""
    return _NAME.fullmatch(text) is not None


def name_from(text: str) -> str:
    """Return a name that the notation can write: what is no small letter, digit, `_` or `-` becomes `_`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9_-]+", "_", plain).strip("_-")


def value_text(value: str) -> str:
    """Return a value as the notation writes it: bare where that is possible, else quoted."""
    if _BARE.fullmatch(value):
        return value
    return '"' + value.replace('"', '""') + '"'


def parse_reference(text: str, judge: Judge | None = None) -> Reference:
    """Parse the text of one reference.

    Args:
        text: for example `reviews[judgement=good]`.
        judge: told of every name and value with its position, so that it can refuse it.

    Raises:
        NotationError: the text is no reference; it points at the character.
    """
    parser = _Parser(text, judge)
    reference = parser.reference()
    parser.end()
    parser.check_stars()
    return reference


def parse_equation(text: str, judge: Judge | None = None) -> Equation:
    """Parse the text of an equation, such as `durations.reviews = 147`; see `parse_reference`.

    Raises:
        NotationError: the text is no equation, or its starred references star different columns.
    """
    parser = _Parser(text, judge)
    left = parser.sum()
    relation = parser.relation()
    right = parser.sum()
    parser.end()
    parser.check_stars()
    return Equation(left, relation, right)


class _Parser:
    """A recursive-descent parser; its depth does not depend on the text."""

    def __init__(self, text: str, judge: Judge | None) -> None:
        self.text = text
        self.at = 0
        self.judge = judge
        self.starred: list[tuple[int, Reference]] = []

    def fail(self, problem: str, at: int | None = None) -> NoReturn:
        raise NotationError(self.text, self.at if at is None else at, problem)

    def check(self, problem: str | None, at: int) -> None:
        if problem:
            self.fail(problem, at)

    def space(self) -> None:
        while self.text.startswith(" ", self.at):
            self.at += 1

    def take(self, pattern: re.Pattern[str], what: str) -> str:
        match = pattern.match(self.text, self.at)
        if not match:
            self.fail(f"{what} is missing" if self.at >= len(self.text) else f"{what} was expected")
        self.at = match.end()
        return match.group()

    def skip(self, sign: str) -> bool:
        """Step over `sign` and the space around it, if it comes next."""
        mark = self.at
        self.space()
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            self.space()
            return True
        self.at = mark
        return False

    def end(self) -> None:
        self.space()
        if self.at < len(self.text):
            self.fail("nothing more was expected")

    def check_stars(self) -> None:
        """Refuse starred references that cannot be paired by the names of their starred columns."""
        names = [tuple(path[-1] for path in reference.stars) for _, reference in self.starred]
        for (at, _), starred in zip(self.starred, names, strict=True):
            if len(set(starred)) != len(starred):
                self.fail("two starred columns have the same name", at)
            if starred != names[0]:
                self.fail(f"stars {', '.join(starred)} where an earlier reference stars {', '.join(names[0])}", at)

    def relation(self) -> str:
        self.space()
        relation = self.take(_RELATION, "a relation (=, <=, >=, < or >)")
        self.space()
        return relation

    def sum(self) -> Sum:
        terms = [self.term(1)]
        while True:
            if self.skip("+"):
                terms.append(self.term(1))
            elif self.skip("-"):
                terms.append(self.term(-1))
            else:
                return Sum(tuple(terms))

    def term(self, sign: int) -> Term:
        self.space()
        match = _INTEGER.match(self.text, self.at)
        if not match:
            return Term(sign, 1, self.reference())
        self.at = match.end()
        if self.skip("*"):
            return Term(sign, int(match.group()), self.reference())
        return Term(sign, int(match.group()), None)

    def reference(self) -> Reference:
        self.space()
        start = self.at
        table = self.take(_NAME, "the name of a table")
        self.check(self.judge.table(table) if self.judge else None, start)
        conditions: list[Condition] = []
        if self.text.startswith("[", self.at):
            self.at += 1
            self.space()
            conditions.append(self.condition(table))
            while self.skip(","):
                if len(conditions) == CONDITIONS:
                    self.fail(f"a reference has at most {CONDITIONS:,} conditions")
                conditions.append(self.condition(table))
            self.space()
            if not self.text.startswith("]", self.at):
                self.fail("a comma or a closing bracket was expected")
            self.at += 1
        column = None
        if self.text.startswith(".", self.at):
            self.at += 1
            at = self.at
            column = self.take(_NAME, "the name of a column")
            self.check(self.judge.column(table, column) if self.judge else None, at)
        reference = Reference(table, tuple(conditions), column)
        if reference.stars:
            self.starred.append((start, reference))
        return reference

    def condition(self, table: str) -> Condition:
        at = self.at
        plain = _PLAIN_CONDITION.match(self.text, at)
        if plain:
            column, value = plain.groups()
            if self.judge:
                self.check(self.judge.path(table, (column,)), at)
                self.check(self.judge.value(table, (column,), "=", value), plain.start(2))
            self.at = plain.end()
            return Condition((column,), "=", (value,))
        path = [self.take(_NAME, "the name of a column")]
        while self.text.startswith(".", self.at):
            self.at += 1
            path.append(self.take(_NAME, "the name of a column"))
        names = tuple(path)
        self.check(self.judge.path(table, names) if self.judge else None, at)
        self.space()
        operator = self.take(_RELATION, "=, <=, >=, < or >")
        self.space()
        if operator == "=" and self.text.startswith(STAR, self.at):
            self.at += 1
            return Condition(names, operator, (), starred=True)
        values = [self.value(table, names, operator)]
        while operator == "=" and self.skip("|"):
            values.append(self.value(table, names, operator))
        return Condition(names, operator, tuple(values))

    def value(self, table: str, path: tuple[str, ...], operator: str) -> str:
        at = self.at
        match = _QUOTED.match(self.text, at)
        if match:
            self.at = match.end()
            value = match.group(1).replace('""', '"')
        else:
            value = self.take(_BARE, "a value")
        self.check(self.judge.value(table, path, operator, value) if self.judge else None, at)
        return value


def canonical(reference: Reference, position: Callable[[str, str], int]) -> Reference:
    """Return the reference with its conditions in the order of the schema's fields.

    Args:
        reference: any reference.
        position: the position of a column in the schema of a table.
    """
    ordered = sorted(
        reference.conditions,
        key=lambda condition: (
            position(reference.table, condition.path[0]),
            condition.path,
            _ORDER.index(condition.operator),
            condition.values,
        ),
    )
    return reference.changed(conditions=tuple(ordered))
