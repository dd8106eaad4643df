"""Rules: their instances, their verdicts, the sentence about a failing one, and where to look first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scrdata.rules import Outcome, Rule, at_instance, evaluate, evaluate_exceptions, narrowest
from scrdata.totals import NotSummableError, Totals
from tests.memory import csv_text, totals_of

if TYPE_CHECKING:
    from scrdata.totals import Amount

PARTS: dict[str, Any] = {"fields": [{"name": "group"}, {"name": "year"}, {"name": "n", "type": "integer"}]}
WHOLES: dict[str, Any] = {"fields": [{"name": "group"}, {"name": "n", "type": "integer"}]}


@pytest.fixture(scope="module")
def totals() -> Totals:
    """Return parts of two groups in two years, one of them missing, and a whole for each of three groups."""
    parts = [("group", "year", "n"), ("a", "1", 2), ("a", "2", 3), ("b", "1", 4), ("b", "2", None), (None, "2", 9)]
    wholes = [("group", "n"), ("a", 5), ("b", 8), ("c", 1)]
    return totals_of({"parts": (PARTS, csv_text(*parts)), "wholes": (WHOLES, csv_text(*wholes))})


def outcomes(totals: Totals, equation: str, statement: str = "So it is.") -> list[Outcome]:
    """Evaluate a rule called `so_it_is`."""
    return list(evaluate(Rule("so_it_is", totals.equation(equation), statement, 0), totals))


@pytest.mark.parametrize(
    ("equation", "left", "right", "holds"),
    [
        ("parts = 5", 5, 5, True),
        ("parts = 4", 5, 4, False),
        ("parts[group=a].n = wholes[group=a].n", 5, 5, True),
        ("parts[group=a].n < wholes[group=a].n", 5, 5, False),
        ("parts[group=a].n <= 5", 5, 5, True),
        ("parts[group=a].n >= 6", 5, 6, False),
        ("parts[group=a].n > 4", 5, 4, True),
        ("parts[group=a].n > 5", 5, 5, False),
        ("2 * parts[group=a].n - 3 = 7", 7, 7, True),
        ("0 - parts[group=a].n < 0", -5, 0, True),
        ("parts[group=b].n <= 8", None, 8, None),
        ("8 >= parts[group=b].n + parts[group=a].n", 8, None, None),
        ("parts[group=b].n = parts[group=b].n", None, None, None),
        ("1 = 1", 1, 1, True),
    ],
)
def test_a_rule_holds_fails_or_stays_open(
    totals: Totals,
    equation: str,
    left: Amount | None,
    right: Amount | None,
    holds: bool | None,  # noqa: FBT001
) -> None:
    """Both sides are exact; a side that needs a missing cell leaves the rule open, whatever the other says."""
    (outcome,) = outcomes(totals, equation)
    assert (outcome.left, outcome.right, outcome.holds) == (left, right, holds)
    assert (outcome.values, outcome.instance, outcome.name) == ((), "", "so_it_is")


def test_a_starred_rule_has_an_instance_for_each_value(totals: Totals) -> None:
    """Values of either side are instances; a side without the value is 0, and missing values belong to none."""
    found = outcomes(totals, "parts[group=*].n = wholes[group=*].n")
    assert [(o.instance, o.left, o.right, o.holds) for o in found] == [
        ("group=a", 5, 5, True),
        ("group=b", None, 8, None),
        ("group=c", 0, 1, False),
    ]
    assert found[2].name == "so_it_is[group=c]"


def test_references_without_a_star_are_repeated(totals: Totals) -> None:
    """In a starred rule, a reference without a star and a constant are the same in every instance."""
    found = outcomes(totals, "wholes[group=*].n <= parts[group=a].n + 1")
    assert [(o.instance, o.right, o.holds) for o in found] == [
        ("group=a", 6, True),
        ("group=b", 6, False),
        ("group=c", 6, True),
    ]


def test_two_stars_make_pairs(totals: Totals) -> None:
    """An instance of two starred columns is named by both, in the order of their names."""
    found = outcomes(totals, "parts[year=*,group=*].n >= 3")
    assert [(o.instance, o.holds) for o in found] == [
        ("group=a,year=1", False),
        ("group=a,year=2", True),
        ("group=b,year=1", True),
        ("group=b,year=2", None),
    ]


@pytest.mark.parametrize(
    ("equation", "index", "sentence"),
    [
        (
            "parts[group=a].n + 2 * wholes[group=c] = 9 - parts",
            0,
            "So it is. It does not hold: parts[group=a].n + 2 * wholes[group=c] = 9 - parts reads 5 + 2 * 1 = 9 - 5.",
        ),
        (
            "parts[group=*].n = wholes[group=*].n",
            2,
            "So it is. It does not hold: parts[group=c].n = wholes[group=c].n reads 0 = 1.",
        ),
    ],
)
def test_the_sentence_puts_numbers_in_the_place_of_references(
    totals: Totals, equation: str, index: int, sentence: str
) -> None:
    """What does not hold is said with the statement, the equation of the instance, and its numbers."""
    assert outcomes(totals, equation)[index].sentence(totals) == sentence


@pytest.mark.parametrize(
    ("relation", "expected"),
    [("=", "5"), ("<=", "at most 5"), (">=", "at least 5"), ("<", "less than 5"), (">", "more than 5")],
)
def test_what_was_expected_of_the_left_side(totals: Totals, relation: str, expected: str) -> None:
    """The right side is said as a demand on the left one."""
    assert outcomes(totals, f"parts {relation} wholes[group=a].n")[0].expected == expected


def test_an_instance_puts_values_in_the_place_of_stars(totals: Totals) -> None:
    """The equation of an instance has no stars, and quotes values where that is needed."""
    equation = totals.equation("parts[group=*,year=*].n - 1 = wholes")
    assert str(at_instance(equation, ("a b", "2"))) == 'parts[group="a b",year=2].n - 1 = wholes'
    plain = totals.equation("parts = 5")
    assert at_instance(plain, ()) is plain


@pytest.mark.parametrize(
    ("equation", "text", "rows"),
    [
        ("parts[group=a].n = wholes[group=a].n", "wholes[group=a].n", [0]),
        ("parts[group=a,year=1].n = wholes.n", "parts[group=a,year=1].n", [0]),
        ("parts[group=a,year=9].n = wholes.n", "wholes.n", [0, 1, 2]),
    ],
)
def test_the_reference_with_fewest_rows_is_the_first_to_look_at(
    totals: Totals, equation: str, text: str, rows: list[int]
) -> None:
    """The place of a failing rule is the reference that fewest rows enter, but some."""
    found = narrowest(totals.equation(equation).references, totals)
    assert found is not None
    assert (str(found), list(totals.rows(found))) == (text, rows)


def test_an_equation_without_rows_has_no_place(totals: Totals) -> None:
    """Where no row enters, there is nothing to look at."""
    assert narrowest(totals.equation("parts[year=9].n = 1").references, totals) is None


def test_what_is_no_number_is_refused() -> None:
    """A rule over NaN has no verdict."""
    schema = {"fields": [{"name": "x", "type": "number"}]}
    with pytest.raises(NotSummableError):
        outcomes(totals_of({"t": (schema, "x\nNaN\n")}), "t.x = 1")


@pytest.mark.parametrize(
    ("field", "cells", "number"),
    [
        ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no"], 3),
        ({"type": "date", "format": "%d/%m/%Y"}, ["01/02/2010", "02/02/2010"], 3),
        ({"type": "year"}, ["0950", "2010"], 3),
        ({"type": "number"}, ["123e999", "1"], 3),
        ({"missingValues": ["-"]}, ["", "x"], 3),
    ],
    ids=["words of a boolean", "date pattern", "early year", "large number", "empty text that is not missing"],
)
def test_the_sentence_about_an_instance_has_the_numbers_of_the_instance(
    field: dict[str, Any], cells: list[str], number: int
) -> None:
    """However the values of a starred column are spelt, sentence and place are about the rows that failed."""
    schema = {"fields": [{"name": "x", **field}, {"name": "n", "type": "integer"}]}
    rows = [(cell, 2**row) for row, cell in enumerate([*cells, "-" if "missingValues" in field else None])]
    totals = totals_of({"t": (schema, csv_text(("x", "n"), *rows))})
    found = outcomes(totals, "t[x=*].n = 9")
    assert sum(int(outcome.left or 0) for outcome in found) == number
    for outcome in found:
        assert f"reads {outcome.left} = 9." in outcome.sentence(totals)
        place = narrowest(outcome.references, totals, outcome.values)
        assert place is not None
        rows = list(totals.groups(place)[outcome.values])
        assert [2**row for row in rows] == [outcome.left]


def test_an_unknown_side_is_called_so(totals: Totals) -> None:
    """A side that needs a missing cell has no number, whichever side it is."""
    (outcome,) = outcomes(totals, "parts[group=a].n = parts[group=b].n")
    assert outcome.sides == ("5", "unknown")
    (outcome,) = outcomes(totals, "parts[group=b].n = parts[group=a].n")
    assert outcome.sides == ("unknown", "5")


def test_a_reference_without_star_can_be_the_narrowest(totals: Totals) -> None:
    """In one instance of a starred rule, references without a star are looked at with all their rows."""
    references = totals.equation("parts[group=*] <= wholes[group=c]").references
    found = narrowest(references, totals, ("a",))
    assert found is not None
    assert (str(found), list(totals.rows(found))) == ("wholes[group=c]", [2])


@pytest.mark.parametrize(
    ("equation", "holding", "exceptions"),
    [
        ("wholes[group=*].n <= parts[group=*].n", 1, [("group=b", 8, None), ("group=c", 1, 0)]),
        ("parts[group=*].n >= wholes[group=*].n", 1, [("group=b", None, 8), ("group=c", 0, 1)]),
        ("parts[group=*].n < parts[group=*].n", 0, [("group=a", 5, 5), ("group=b", None, None)]),
        ("wholes[group=*].n <= 5", 2, [("group=b", 8, 5)]),
        ("wholes[group=*].n > 0", 3, []),
        ("parts = 5", 1, []),
        ("parts[group=a].n = parts[group=b].n", 0, [("", 5, None)]),
    ],
)
def test_exceptions_are_what_does_not_hold(
    totals: Totals, equation: str, holding: int, exceptions: list[tuple[str, Amount | None, Amount | None]]
) -> None:
    """Instances that hold are counted; those that fail or stay open are returned with both sides."""
    found = evaluate_exceptions(Rule("so_it_is", totals.equation(equation), "So it is.", 0), totals)
    assert found == (holding, [outcome for outcome in outcomes(totals, equation) if outcome.holds is not True])
    assert [(outcome.instance, outcome.left, outcome.right) for outcome in found[1]] == exceptions


def test_exceptions_stand_in_the_order_of_instances() -> None:
    """However rows are ordered in the file, exceptions are sorted by the values of their instances."""
    totals = totals_of({"wholes": (WHOLES, csv_text(("group", "n"), ("c", 1), ("a", 2), ("d", 9), ("b", 3)))})
    holding, exceptions = evaluate_exceptions(Rule("r", totals.equation("wholes[group=*].n > 5"), "So.", 0), totals)
    assert (holding, [outcome.instance for outcome in exceptions]) == (1, ["group=a", "group=b", "group=c"])
