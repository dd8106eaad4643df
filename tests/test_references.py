"""The notation: texts that can be read, texts that cannot, and how both are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.errors import NotationError
from scrdata.references import (
    CONDITIONS,
    Condition,
    Equation,
    Reference,
    canonical,
    is_name,
    name_from,
    parse_equation,
    parse_reference,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("reviews", Reference("reviews")),
        ("causes_of_death.children", Reference("causes_of_death", (), "children")),
        ("2010.children", Reference("2010", (), "children")),
        ("t[a=b]", Reference("t", (Condition(("a",), "=", ("b",)),))),
        ("t[a=b|c].n", Reference("t", (Condition(("a",), "=", ("b", "c")),), "n")),
        ("t[a=*]", Reference("t", (Condition(("a",), "=", (), starred=True),))),
        ('t[a="*"]', Reference("t", (Condition(("a",), "=", ("*",)),))),
        ('t[a=""]', Reference("t", (Condition(("a",), "=", ("",)),))),
        ('t[a=""""]', Reference("t", (Condition(("a",), "=", ('"',)),))),
        ('t[a="x, ]|y"]', Reference("t", (Condition(("a",), "=", ("x, ]|y",)),))),
        ("t[a>=2009-10-01]", Reference("t", (Condition(("a",), ">=", ("2009-10-01",)),))),
        ("t[a<x]", Reference("t", (Condition(("a",), "<", ("x",)),))),
        ("t[a.b.c=d]", Reference("t", (Condition(("a", "b", "c"), "=", ("d",)),))),
        ("  t[ a = b , c <= d ] ", Reference("t", (Condition(("a",), "=", ("b",)), Condition(("c",), "<=", ("d",))))),
    ],
)
def test_a_reference_is_read_as_the_grammar_says(text: str, reference: Reference) -> None:
    """Each form of the grammar has one meaning."""
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("[a=b]", 0),
        ("t[", 2),
        ("t[]", 2),
        ("t[a]", 3),
        ("t[a=]", 4),
        ("t[a=b", 5),
        ("t[a=b,]", 6),
        ("t[a=b|]", 6),
        ("t[a=b|*]", 6),
        ("t[a=*|b]", 5),
        ("t[a<*]", 4),
        ("t[a<b|c]", 5),
        ("t[a==b]", 4),
        ("t[a!=b]", 3),
        ('t[a="b]', 4),
        ("t[a=é]", 4),
        ("t [a=b]", 2),
        ("t.", 2),
        ("t.n.m", 3),
        ("t..n", 2),
        ("t[a=b]n", 6),
        ("t[.a=b]", 2),
        ("t[a.=b]", 4),
        ("t + t", 2),
        ("t\n", 1),
        ("t[a=*,b.a=*]", 0),
    ],
)
def test_a_broken_reference_is_refused_at_its_first_wrong_character(text: str, position: int) -> None:
    """The error points at the character where reading stopped."""
    with pytest.raises(NotationError) as caught:
        parse_reference(text)
    assert (caught.value.text, caught.value.position) == (text, position)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("t", 1),
        ("t = ", 4),
        ("= 1", 0),
        ("t = 1 = 1", 6),
        ("t => 1", 3),
        ("t = *", 4),
        ("t = 1 2", 6),
        ("t + = 1", 4),
        ("2 * = 6", 4),
        ("t * 2 = 6", 2),
        ("t[a=*] = u[b=*]", 9),
        ("1 = t[a=*] + u[a=*,b=*]", 13),
    ],
)
def test_a_broken_equation_is_refused_at_its_first_wrong_character(text: str, position: int) -> None:
    """The error points at the character; stars that cannot be paired point at the second reference."""
    with pytest.raises(NotationError) as caught:
        parse_equation(text)
    assert (caught.value.text, caught.value.position) == (text, position)


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "the name of a table is missing"),
        ("?", 0, "the name of a table was expected"),
        ("t[", 2, "the name of a column is missing"),
        ("t[a.", 4, "the name of a column is missing"),
        ("t[=b]", 2, "the name of a column was expected"),
        ("t[a.?=b]", 4, "the name of a column was expected"),
        ("t.", 2, "the name of a column is missing"),
        ("t[a", 3, "=, <=, >=, < or > is missing"),
        ("t[a!b]", 3, "=, <=, >=, < or > was expected"),
        ("t[a=", 4, "a value is missing"),
        ("t[a=?]", 4, "a value was expected"),
        ("t[a=b;c]", 5, "a comma or a closing bracket was expected"),
        ("t u", 2, "nothing more was expected"),
        ("t[a=*,b.a=*]", 0, "two starred columns have the same name"),
    ],
)
def test_a_refusal_says_what_was_expected(text: str, position: int, problem: str) -> None:
    """The problem tells a text that ends too early from one that goes wrong, and names what belongs there."""
    with pytest.raises(NotationError) as caught:
        parse_reference(text)
    assert (caught.value.text, caught.value.position, caught.value.problem) == (text, position, problem)


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("t", 1, "a relation (=, <=, >=, < or >) is missing"),
        ("t ! u", 2, "a relation (=, <=, >=, < or >) was expected"),
        ("t[a=*,c=*] = u[b=*,c=*]", 13, "stars b, c where an earlier reference stars a, c"),
        ("  t[a=*] = 1 + u[b=*]", 15, "stars b where an earlier reference stars a"),
    ],
)
def test_a_refused_equation_says_what_was_expected(text: str, position: int, problem: str) -> None:
    """The problem of an equation stands at the reference or sign that is wrong."""
    with pytest.raises(NotationError) as caught:
        parse_equation(text)
    assert (caught.value.position, caught.value.problem) == (position, problem)


def test_an_equation_keeps_signs_factors_and_order() -> None:
    """Nothing is simplified: `1 *` alone is left out in print."""
    text = "t.n - 2 * u[a=*] + 0 <= 10 + 1 * t - 3"
    equation = parse_equation(text)
    assert [(term.sign, term.factor, term.reference is None) for term in equation.left.terms] == [
        (1, 1, False),
        (-1, 2, False),
        (1, 0, True),
    ]
    assert str(equation) == "t.n - 2 * u[a=*] + 0 <= 10 + t - 3"
    assert [str(reference) for reference in equation.references] == ["t.n", "u[a=*]", "t"]


@pytest.mark.parametrize("text", ["1 * 7 = 7", "t = 1 * 2010[a=b].n - 7", "1 * 0.n <= 010 - 2 * 7", "7a = 1-1"])
def test_a_table_that_is_called_a_number_stays_a_table(text: str) -> None:
    """`1 *` stays before a name that would be the number, so that print reads the same; not before others."""
    assert str(parse_equation(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2009-10", "2009-10"),
        ("a.b:c/d_e", "a.b:c/d_e"),
        ("", '""'),
        ("a b", '"a b"'),
        ("*", '"*"'),
        ('say "x"', '"say ""x"""'),
        ("é", '"é"'),
    ],
)
def test_only_values_that_need_it_are_quoted(value: str, text: str) -> None:
    """A value is bare where the grammar allows it, and quoted everywhere else."""
    assert value_text(value) == text


def test_stars_are_sorted_by_the_name_of_their_column() -> None:
    """Starred paths are paired by their last column, so they are kept in its order."""
    reference = parse_reference("t[z=*,b=1,x.a=*]")
    assert reference.stars == (("x", "a"), ("z",))


def test_stars_are_sorted_by_the_last_column_of_their_path() -> None:
    """It is the end of a path that pairs two starred references, whatever leads there."""
    assert parse_reference("t[a.y=*,b.x=*,c=d]").stars == (("b", "x"), ("a", "y"))
    assert parse_reference("t[c=d]").stars == ()


def test_a_condition_is_starred_or_is_not() -> None:
    """A condition without a star is equal to one of which that is said."""
    assert parse_reference("t[a.b=c]").conditions == (Condition(("a", "b"), "=", ("c",), starred=False),)


def test_canonical_conditions_stand_in_the_order_of_the_fields() -> None:
    """Conditions are sorted by field, then path, then operator; doing it twice changes nothing."""
    order = ["a", "b", "c"]

    def position(_: str, column: str) -> int:
        return order.index(column)

    reference = parse_reference("t[c=1,b.z=2,b<=9,a=*,b.c=3].n")
    once = canonical(reference, position)
    assert str(once) == "t[a=*,b<=9,b.c=3,b.z=2,c=1].n"
    assert canonical(once, position) == once


class Refusing:
    """Refuses one kind of name, and notes everything it was asked about."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.asked: list[tuple[object, ...]] = []

    def _answer(self, kind: str, *what: object) -> str | None:
        self.asked.append((kind, *what))
        return f"no {kind} today" if kind == self.kind else None

    def table(self, table: str) -> str | None:
        """Judge a table."""
        return self._answer("table", table)

    def path(self, table: str, path: tuple[str, ...]) -> str | None:
        """Judge a path."""
        return self._answer("path", table, path)

    def value(self, table: str, path: tuple[str, ...], operator: str, value: str) -> str | None:
        """Judge a value."""
        return self._answer("value", table, path, operator, value)

    def column(self, table: str, column: str) -> str | None:
        """Judge a column."""
        return self._answer("column", table, column)


@pytest.mark.parametrize(("kind", "position"), [("table", 1), ("path", 3), ("value", 8), ("column", 11)])
def test_a_judge_refuses_names_where_they_stand(kind: str, position: int) -> None:
    """What the judge refuses becomes an error at the first character of the name or value."""
    with pytest.raises(NotationError) as caught:
        parse_reference(" t[a.b<=v].n", Refusing(kind))
    assert (caught.value.position, caught.value.problem) == (position, f"no {kind} today")


def test_a_judge_is_told_of_everything_once() -> None:
    """Every table, path, value and column is judged, in the order of the text."""
    judge = Refusing("nothing")
    parse_equation("t[a=x|y,b=*].n = u", judge)
    assert judge.asked == [
        ("table", "t"),
        ("path", "t", ("a",)),
        ("value", "t", ("a",), "=", "x"),
        ("value", "t", ("a",), "=", "y"),
        ("path", "t", ("b",)),
        ("column", "t", "n"),
        ("table", "u"),
    ]


@pytest.mark.parametrize("parse", [parse_reference, parse_equation])
def test_long_texts_are_read_without_recursion(parse: Callable[[str], Reference | Equation]) -> None:
    """A thousand conditions, and thousands of values and terms, are no deeper than one."""
    reference = "t[" + ",".join(f"a{n}=" + "|".join(["v"] * 5) for n in range(CONDITIONS)) + "]"
    text = reference if parse is parse_reference else " + ".join(["t"] * 20_000) + f" = {reference}"
    assert str(parse(text)) == text


def test_the_error_shows_the_place_in_a_long_text() -> None:
    """However long the text is, the message shows the wrong character, and escapes what cannot be printed."""
    with pytest.raises(NotationError) as caught:
        parse_reference("t" * 500 + "\x1b" + "u" * 500)
    message = str(caught.value)
    assert "(character 501)" in message
    shown, pointer = message.splitlines()[1:]
    assert shown[pointer.index("^")] == "?"
    assert len(shown) < 130


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("reviews", True), ("a-B_9", True), ("2010", True), ("", False), ("a b", False), ("\u00e9", False)],
)
def test_what_can_be_named(text: str, is_one: bool) -> None:  # noqa: FBT001  (a value of the parametrisation)
    """A name consists of ASCII letters, digits, underscores and hyphens."""
    assert is_name(text) is is_one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Loans by Branch (2010)", "loans_by_branch_2010"),
        ("caf\u00e9-Stra\u00dfe", "cafe-strae"),
        ("_a__b-", "a__b"),
        ("\u672c", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_a_name(text: str, name: str) -> None:
    """Letters lose case and accents, and everything else becomes an underscore; nothing may be left."""
    assert name_from(text) == name
    assert not name or is_name(name)


def test_a_reference_has_a_thousand_conditions_at_most() -> None:
    """As many conditions as the limit are read; one more is refused where it stands."""
    text = "t[" + ",".join(["a=b"] * CONDITIONS) + "]"
    assert len(parse_reference(text).conditions) == CONDITIONS == 1000
    with pytest.raises(NotationError, match="a reference has at most 1,000 conditions"):
        parse_reference(text.replace("]", ",a=b]"))
    with pytest.raises(NotationError, match="at most 1,000 conditions") as caught:
        parse_reference(text.replace("]", ",a=b]"))
    assert caught.value.position == len(text)


def test_whole_numbers_have_a_thousand_digits_at_most() -> None:
    """The number in an equation may be as long as an integer of a table; what is longer would be a name."""
    assert parse_equation(f"t = {'9' * 1000}").right.terms[0].factor == 10**1000 - 1
    assert parse_equation(f"t = {'9' * 1001}").right.terms[0].reference == Reference("9" * 1001)
    assert parse_equation("t = 2 * 2x").right.terms[0].reference == Reference("2x")
