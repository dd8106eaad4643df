"""The meaning of references: matching rows, sums, stars, missing cells, and names that do not exist."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.errors import NotationError
from scrdata.references import parse_reference
from scrdata.rules import Rule, evaluate, evaluate_exceptions
from scrdata.totals import NotSummableError, Totals, add, multiply
from tests import areas, strategies
from tests.memory import csv_text, totals_of
from tests.strategies import LAW

if TYPE_CHECKING:
    from scrdata.totals import Amount

ROWS: areas.Rows = {
    "areas": [
        ("north", "small", "2010-01-01", None, "5"),
        ("south", "large", "2009-12-31", "north", "7"),
        ('the "east"', None, None, "south", None),
    ],
    "counts": [
        ("north", "a", "small", "2010-01-01", "10", "0.1"),
        ("north", "b", "large", None, "20", "0.20"),
        ("south", "a", "medium", "2010-02-28", "30", "-3"),
        ('the "east"', None, None, "2009-12-31", None, "1e3"),
        (None, "a b", "small", "2009-12-31", "4", "7"),
    ],
}


@pytest.fixture(scope="module")
def totals() -> Totals:
    """Return the tables above, ready for questions."""
    return totals_of(areas.as_files(ROWS))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("counts", 5),
        ("areas.people", None),
        ("areas[people<=6].people", 5),
        ("counts[kind=a].children", 40),
        ("counts[kind=a|b].children", 60),
        ("counts[kind=a|a].children", 40),
        ('counts[kind="a b"].children', 4),
        ('counts[kind=""]', 1),
        ('counts[kind=""|a]', 3),
        ("counts.children", None),
        ('counts[area_id=""].children', 4),
        ("counts[day>=2010-01-01].children", 40),
        ("counts[day>2010-01-01,kind=a].children", 30),
        ("counts[day<2009-01-01].children", 0),
        ("counts[day<2009-01-01]", 0),
        ("counts[size<large].children", 44),
        ("counts[size>=medium].children", 50),
        ("counts[children>10]", 2),
        ("counts[children>10,children<=20]", 1),
        ("counts[area_id.size=small].children", 30),
        ("counts[area_id.parent_id=north].children", 30),
        ("counts[area_id.parent_id.size=large]", 1),
        ('counts[area_id.parent_id=""].children', 34),
        ("counts[area_id.people>5].children", 30),
        ("areas[parent_id.opened<=2010-01-01]", 2),
        ("counts[kind=a].weight", Decimal("-2.9")),
        ("counts.weight", Decimal("1004.3")),
    ],
)
def test_a_reference_has_the_value_that_its_rows_give(totals: Totals, text: str, value: Amount | None) -> None:
    """Rows are counted, columns summed exactly; a total over a missing cell is unknown; no row gives 0."""
    found = totals.value(totals.reference(text))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("counts[kind=*].children", {("a",): 40, ("b",): 20, ("a b",): 4}),
        ("counts[area_id=*]", {("north",): 2, ("south",): 1, ('the "east"',): 1}),
        ("counts[area_id=*].children", {("north",): 30, ("south",): 30, ('the "east"',): None}),
        ("counts[kind=a|b,area_id=*].children", {("north",): 30, ("south",): 30}),
        ("counts[area_id.parent_id=*]", {("north",): 1, ("south",): 1}),
        ("counts[size=*,day=*]", {("2010-01-01", "small"): 1, ("2010-02-28", "medium"): 1, ("2009-12-31", "small"): 1}),
        ("counts[kind=b,day=*]", {}),
    ],
)
def test_a_star_gives_one_total_for_each_value(totals: Totals, text: str, values: dict[object, object]) -> None:
    """Instances are those that occur; a row with a missing starred value belongs to none."""
    assert totals.values(totals.reference(text)) == values


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("nothing", 0, "there is no table 'nothing'"),
        ("Counts", 0, "there is no table 'Counts'"),
        ("counts.nothing", 7, "no column 'nothing'"),
        ("counts.kind", 7, "cannot be summed"),
        ("counts.day", 7, "cannot be summed"),
        ("counts[nothing=a]", 7, "no column 'nothing'"),
        ("counts[kind.size=a]", 7, "no foreign keys lead"),
        ("counts[area_id.nothing=a]", 7, "no foreign keys lead"),
        ("counts[kind.parent_id=a]", 7, "no foreign keys lead"),
        ("counts[nothing.size=a]", 7, "no foreign keys lead"),
        ("counts[size=tiny]", 12, "'tiny' does not occur in 'size'"),
        ("counts[size=Small]", 12, "'Small' does not occur"),
        ("counts[size<tiny]", 12, "'tiny' does not occur"),
        ("counts[day=2010-02-30]", 11, "'2010-02-30' does not occur"),
        ("counts[day>=2010]", 12, "'2010' does not occur"),
        ("counts[children=ten]", 16, "'ten' does not occur"),
        ("counts[children=010]", 16, "'010' does not occur"),
        ("counts[kind<a]", 12, "have no order"),
        ('counts[children<""]', 16, "missing"),
        ("counts[area_id=west]", 15, "'west' is in no row of 'areas'"),
        ("counts[area_id.parent_id=west]", 25, "'west' is in no row of 'areas'"),
    ],
)
def test_what_does_not_exist_is_an_error_at_its_character(
    totals: Totals, text: str, position: int, problem: str
) -> None:
    """An unknown table, column or value is never an empty sum."""
    with pytest.raises(NotationError) as caught:
        totals.reference(text)
    assert caught.value.position == position
    assert problem in caught.value.problem


@LAW
@given(st.data())
def test_totals_agree_with_loops_over_rows(data: st.DataObject) -> None:
    """On any rows, a reference has the value that plain loops find, starred or not."""
    rows = data.draw(strategies.area_rows())
    ids = [str(row[0]) for row in rows["areas"]]
    stars = data.draw(strategies.area_stars() | st.just(()))
    drawn = data.draw(strategies.area_references(ids, stars))
    evaluated, world = totals_of(areas.as_files(rows)), areas.as_world(rows)
    reference = evaluated.reference(str(drawn))
    assert evaluated.canonical(evaluated.canonical(reference)) == evaluated.canonical(reference)
    for same in (reference, evaluated.canonical(reference)):
        if stars:
            assert evaluated.values(same) == world.totals(drawn)
        else:
            assert evaluated.value(same) == world.total(drawn)


@LAW
@given(st.data())
def test_equations_agree_with_loops_over_rows(data: st.DataObject) -> None:
    """On any rows, an equation has the instances, and each of them the sides, that plain loops find."""
    rows = data.draw(strategies.area_rows())
    equation = data.draw(strategies.area_equations([str(row[0]) for row in rows["areas"]]))
    evaluated = totals_of(areas.as_files(rows))
    outcomes = list(evaluate(Rule("rule", evaluated.equation(str(equation)), "Sentence.", 0), evaluated))
    expected = areas.as_world(rows).outcomes(equation)
    holding, exceptions = evaluate_exceptions(outcomes[0].rule, evaluated) if outcomes else (0, [])
    assert exceptions == [outcome for outcome in outcomes if not outcome.holds]
    assert holding == len(outcomes) - len(exceptions)
    assert [outcome.values for outcome in outcomes] == sorted(expected)
    for outcome in outcomes:
        left, right = expected[outcome.values]
        assert (outcome.left, outcome.right) == (left, right)
        assert outcome.holds is _verdict(equation.relation, left, right)


def _verdict(relation: str, left: Fraction | None, right: Fraction | None) -> bool | None:
    if left is None or right is None:
        return None
    order = (left > right) - (left < right)
    return order in {"=": (0,), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[relation]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("areas", {"areas"}),
        ("counts[kind=a]", {"counts"}),
        ("counts[area_id.size=small]", {"counts", "areas"}),
        ("areas[parent_id.parent_id.size=*]", {"areas"}),
    ],
)
def test_the_tables_that_a_reference_needs_are_known(totals: Totals, text: str, tables: set[str]) -> None:
    """A path through a foreign key needs the table that it leads to."""
    assert totals.needed(totals.reference(text)) == tables


def test_canonical_text_follows_the_schema(totals: Totals) -> None:
    """Conditions stand in the order of the schema's fields."""
    reference = totals.canonical(totals.reference("counts[day=*,size=small,kind=a,area_id.size=large].children"))
    assert str(reference) == "counts[area_id.size=large,kind=a,size=small,day=*].children"


_WHOLE_NUMBERS = st.integers(-(10**30), 10**30)
_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=9)


@LAW
@given(st.lists(st.one_of(_WHOLE_NUMBERS, _DECIMALS)))
def test_sums_are_exact(amounts: list[int | Decimal]) -> None:
    """No digit is ever rounded, whatever is added up."""
    assert Fraction(add(amounts)) == sum(map(Fraction, amounts), Fraction(0))


@LAW
@given(_WHOLE_NUMBERS, _DECIMALS)
def test_products_are_exact(factor: int, amount: Decimal) -> None:
    """No digit of a multiple is ever rounded."""
    assert Fraction(multiply(factor, amount)) == factor * Fraction(amount)


def test_the_largest_and_the_smallest_number_add_up() -> None:
    """Numbers of any size that a cell can have lose nothing when added."""
    assert Fraction(add([Decimal("1e999"), Decimal("1e-999")])) == Fraction(10) ** 999 + Fraction(1, 10**999)


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_what_is_no_number_cannot_be_summed(amount: Decimal) -> None:
    """NaN and the infinities are refused, also beside whole numbers."""
    with pytest.raises(NotSummableError, match="cannot be summed"):
        add([1, amount])


def _one_column(field: dict[str, object], *cells: str, **schema: object) -> Totals:
    fields = [{"name": "n", "type": "integer"}, {"name": "x", **field}]
    rows = [(str(2**position), cell) for position, cell in enumerate(cells)]
    return totals_of({"t": ({"fields": fields, **schema}, csv_text(("n", "x"), *rows))})


@pytest.mark.parametrize(
    ("field", "cells", "text", "value"),
    [
        ({"type": "integer"}, ["9", "10", "100"], "t[x<10].n", 1),
        ({"type": "number"}, ["1.0", "1.00", "2"], "t[x=1].n", 3),
        ({"type": "number"}, ["NaN", "1", "INF"], "t[x>0].n", 6),
        ({"type": "year"}, ["0950", "2009", "2010"], "t[x>=0950].n", 7),
        ({"type": "yearmonth"}, ["2009-12", "2010-01"], "t[x>2009-12].n", 2),
        ({"type": "time"}, ["09:00:00", "10:00:00"], "t[x<=09:30:00].n", 1),
        ({"type": "boolean"}, ["true", "1", "FALSE"], "t[x=TRUE].n", 3),
        ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no"], "t[x=no].n", 2),
        ({"type": "date", "format": "%d/%m/%Y"}, ["01/02/2010", "02/01/2010"], "t[x>15/01/2010].n", 1),
        ({"categories": ["b", "a"], "categoriesOrdered": True}, ["a", "b"], "t[x<a].n", 2),
        ({"type": "integer", "constraints": {"maximum": 9}}, ["1", "9"], "t[x<=50].n", 3),
    ],
)
def test_values_are_compared_by_their_type(field: dict[str, object], cells: list[str], text: str, value: int) -> None:
    """Cells and values are read by the grammar of the column, then compared as what they mean."""
    totals = _one_column(field, *cells)
    assert totals.value(totals.reference(text)) == value


@pytest.mark.parametrize("text", ["t[x=*]", 't[x="[1]"]', "t[x<1]"], ids=["starred", "equal", "compared"])
@pytest.mark.parametrize("kind", ["array", "object", "geojson"])
def test_structured_cells_are_refused_in_conditions(kind: str, text: str) -> None:
    """Columns of lists and objects are neither compared nor starred."""
    totals = _one_column({"type": kind}, "[1]" if kind == "array" else "{}")
    with pytest.raises(NotationError):
        totals.reference(text)


def test_a_text_that_the_schema_calls_missing_means_missing() -> None:
    """Both spellings of a missing value match the missing cells."""
    totals = _one_column({"type": "integer"}, "1", "NA", missingValues=["NA"])
    assert [totals.value(totals.reference(text)) for text in ("t[x=NA].n", 't[x=""].n', "t[x=NA|1].n")] == [2, 2, 3]


def test_a_missing_cell_leads_to_no_row() -> None:
    """A missing cell is not the key of the row whose own key is missing."""
    codes = {"fields": [{"name": "code"}, {"name": "size"}]}
    cells = {"fields": [{"name": "code"}], "foreignKeys": [
        {"fields": "code", "reference": {"resource": "codes", "fields": "code"}}
    ]}  # fmt: skip
    totals = totals_of({"codes": (codes, "code,size\na,small\n,large\n"), "cells": (cells, 'code\na\n""\n')})
    asked = {size: totals.value(totals.reference(f'cells[code.size="{size}"]')) for size in ("small", "large", "")}
    assert asked == {"small": 1, "large": 0, "": 1}


def test_a_path_leads_to_one_row_and_not_too_far() -> None:
    """A foreign key to a column whose values repeat, and an endless path, are refused."""
    fields = [{"name": "id"}, {"name": "up"}, {"name": "size"}]
    key = {"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}
    schema = {"fields": fields, "foreignKeys": [key]}
    sound = totals_of({"t": (schema, "id,up,size\na,b,x\nb,a,y\n")})
    assert sound.value(sound.reference("t[up.up.up.size=x]")) == 1
    repeated = totals_of({"t": (schema, "id,up,size\na,a,x\na,a,y\n")})
    for totals, path in ((repeated, "up"), (sound, "up." * 500 + "up")):
        with pytest.raises(NotationError):
            totals.reference(f"t[{path}.size=x]")


@pytest.mark.parametrize("text", ["t[x<NA]", "t[x>=NA]"])
def test_nothing_is_above_or_below_a_missing_value(text: str) -> None:
    """A text that the schema calls missing has no place in an order."""
    totals = _one_column({"type": "integer"}, "1", missingValues=["NA"])
    with pytest.raises(NotationError, match="missing"):
        totals.reference(text)


def test_equal_numbers_are_one_instance_in_both_tables() -> None:
    """Stars pair values, not spellings: 1.0 in one table is 1.00 in the other."""
    schema = {"fields": [{"name": "x", "type": "number"}]}
    totals = totals_of({"t": (schema, "x\n1.0\n"), "u": (schema, "x\n1.00\n")})
    outcomes = list(evaluate(Rule("rule", totals.equation("t[x=*] = u[x=*]"), "Sentence.", 0), totals))
    assert [(outcome.left, outcome.right) for outcome in outcomes] == [(1, 1)]


def test_a_reference_without_a_judge_is_not_evaluated_by_accident(totals: Totals) -> None:
    """A tree that was parsed without the schema gives the same total as one that was parsed with it."""
    text = "counts[kind=a].children"
    assert totals.value(parse_reference(text)) == totals.value(totals.reference(text)) == 40
