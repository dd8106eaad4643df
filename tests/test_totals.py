"""The meaning of references: matching rows, sums, stars, missing cells, and names that do not exist."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

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


def test_an_empty_text_in_a_condition_means_missing() -> None:
    """Nothing between quotation marks is a missing cell, also where an empty cell is a text."""
    totals = _one_column({"type": "string"}, "a", "NA", "", missingValues=["NA"])
    reference = totals.reference('t[x=""].n')
    assert totals.value(reference) == 2
    test = totals.test("t", reference.conditions[0])
    assert [test(value) for value in (None, "", "a")] == [True, False, False]


@pytest.mark.parametrize("text", ["nothing = 1", "1 = t.x", "t[x=b] = 1 - t[y=a]"])
def test_equations_are_of_what_exists(text: str) -> None:
    """Every name in an equation has to exist, on either side."""
    totals = _one_column({"type": "string"}, "b")
    with pytest.raises(NotationError):
        totals.equation(text)


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("counts", [0, 1, 2, 3, 4]),
        ("counts[kind=a]", [0, 2]),
        ('counts[kind=""|b]', [1, 3]),
        ("counts[children>10]", [1, 2]),
        ("counts[children>10,kind=*]", [1, 2]),
        ("counts[kind=a,size=medium]", [2]),
        ("counts[size=small,kind=a|b]", [0]),
        ("counts[day<2009-12-31]", []),
    ],
)
def test_rows_are_those_that_fulfil_all_conditions(totals: Totals, text: str, rows: list[int]) -> None:
    """Stars aside, a row enters a reference exactly when each condition is true of it."""
    reference = totals.reference(text)
    assert sorted(totals.rows(reference)) == rows
    if not reference.stars:
        assert totals.size(reference) == len(rows)


@pytest.mark.parametrize(
    ("text", "accepted", "refused"),
    [
        ("counts[kind=a|b]", ["a", "b"], ["a b", None]),
        ('counts[kind=""|b]', ["b", None], ["a"]),
        ("counts[children<10]", [9, -1], [10, 11, None]),
        ("counts[children<=10]", [9, 10], [11, None]),
        ("counts[children>10]", [11], [9, 10, None]),
        ("counts[children>=10]", [10, 11], [9, None]),
        ("counts[size>small]", ["medium", "large"], ["small", None]),
        ("counts[area_id.size<=medium]", ["small", "medium"], ["large", None]),
        ("counts[weight<1]", [Decimal("0.9")], [Decimal(1), Decimal("NaN"), None]),
    ],
)
def test_a_condition_is_a_test_of_values(totals: Totals, text: str, accepted: list[Any], refused: list[Any]) -> None:
    """What a condition says of rows, it says of a single value that stands at the end of its path."""
    test = totals.test("counts", totals.reference(text).conditions[0])
    assert [test(value) for value in (*accepted, *refused)] == [True] * len(accepted) + [False] * len(refused)


def test_each_instance_has_its_rows_and_total(totals: Totals) -> None:
    """Rows, their number and their total are known for each instance; an instance without rows has the total 0."""
    children = totals.reference("counts[area_id=*].children")
    assert totals.groups(children) == {("north",): [0, 1], ("south",): [2], ('the "east"',): [3]}
    assert [totals.size(children, (name,)) for name in ("north", "south", "west")] == [2, 1, 0]
    instances = [("south",), ("west",), ("north",), ('the "east"',)]
    assert totals.at_each(children, instances) == [30, 0, 30, None]
    assert [totals.at(children, instance) for instance in instances] == [30, 0, 30, None]
    plain = totals.reference("counts[kind=a].children")
    assert (totals.at(plain, ("south",)), totals.at_each(plain, instances)) == (40, [40] * 4)
    weights = totals.groups(totals.reference("counts[weight=*]"))
    assert weights == {("0.1",): [0], ("0.2",): [1], ("-3",): [2], ("1000",): [3], ("7",): [4]}


def test_spellings_of_a_number_are_one_instance() -> None:
    """Values that are printed alike are one instance, of which all rows and their sum are known."""
    totals = _one_column({"type": "number"}, "1.0", "1.00", "2", "1", "0.0", "-0")
    starred = totals.reference("t[x=*].n")
    assert totals.values(starred) == {("1",): 11, ("2",): 4, ("0",): 48}
    assert totals.groups(starred) == {("1",): [0, 1, 3], ("2",): [2], ("0",): [4, 5]}
    assert totals.values(totals.reference("t[x=*]")) == {("1",): 3, ("2",): 1, ("0",): 2}
    # Two of them, which are not equal: as in a table that was not read from a file.
    table = totals.tables["t"].changed(
        columns={"n": [1, 2, 4], "x": [Decimal("NaN"), Decimal(1), Decimal("NaN")]}, lines=[0, 0, 0]
    )
    unequal = Totals({"t": table}, totals.schemas)
    starred = unequal.reference("t[x=*].n")
    assert unequal.values(starred) == {("NaN",): 5, ("1",): 2}
    assert unequal.groups(starred) == {("NaN",): [0, 2], ("1",): [1]}
    assert unequal.values(unequal.reference("t[x=*]")) == {("NaN",): 2, ("1",): 1}


@pytest.mark.parametrize(
    ("field", "cells", "labels"),
    [
        ({"type": "any"}, ["b", "a"], ["b", "a"]),
        ({"type": "duration"}, ["P1Y", "P12M"], ["P1Y", "P12M"]),
        ({"type": "boolean"}, ["TRUE", "0"], ["true", "false"]),
        ({"type": "year"}, ["0950"], ["0950"]),
        ({"type": "yearmonth"}, ["2010-03"], ["2010-03"]),
        ({"type": "date", "format": "%d/%m/%Y"}, ["31/03/2010"], ["2010-03-31"]),
        ({"type": "number"}, ["1e3", "0.50", "INF", "NaN"], ["1000", "0.5", "INF", "NaN"]),
        ({"type": "number"}, ["-0.0"], ["0"]),
        ({"type": "number"}, ["0." + "123456789" * 9 + "0"], ["0." + "123456789" * 9]),
        ({"type": "geopoint"}, ["1,2"], ["1, 2"]),
    ],
)
def test_instances_are_named_by_values(field: dict[str, object], cells: list[str], labels: list[str]) -> None:
    """A value names its instance in its one spelling, whatever its type."""
    totals = _one_column(field, *cells)
    assert list(totals.values(totals.reference("t[x=*].n"))) == [(name,) for name in labels]


def test_a_finding_tells_the_row_or_the_first_line(totals: Totals) -> None:
    """A finding about one row names it; one about several names the first line of theirs, and no row."""
    one = totals.finding("rule", "Sentence.", totals.reference("counts[kind=b].children"), found=5)
    assert (one.rule, one.message, one.file) == ("rule", "Sentence.", "counts.csv")
    assert (one.line, one.row, one.column, one.found) == (3, 2, "children", 5)
    several = totals.finding("rule", "Sentence.", totals.reference("counts[children>10].children"), found=5)
    assert (several.rule, several.message, several.file) == ("rule", "Sentence.", "counts.csv")
    assert (several.line, several.row, several.column, several.found) == (3, None, "children", 5)
    starred = totals.reference("counts[area_id=*]")
    assert totals.finding("rule", "Sentence.", starred, ("north",)).line == 2
    assert totals.finding("rule", "Sentence.", starred, ("south",)).row == 3
    tables = {name: table.changed(lines=[0] * len(table)) for name, table in totals.tables.items()}
    without = Totals(tables, totals.schemas)
    assert without.finding("rule", "Sentence.", without.reference("counts")).line is None


def test_a_table_that_was_not_accepted_is_named(totals: Totals) -> None:
    """Totals that need a table which was refused are not looked for; the first such table is told."""
    some = Totals({"counts": totals.tables["counts"]}, totals.schemas)
    none = Totals({}, totals.schemas)
    plain, beyond = (totals.reference(text) for text in ("counts[kind=a]", "counts[area_id.size=small]"))
    assert (totals.refusal([plain, beyond]), some.refusal([plain]), some.refusal([])) == (None, None, None)
    assert some.refusal([plain, beyond]) == "the table 'areas' was not accepted"
    assert none.refusal([plain, beyond]) == "the table 'areas' was not accepted"
    assert none.refusal([plain]) == "the table 'counts' was not accepted"
    assert [totals.holds("areas"), some.holds("areas"), some.holds("counts")] == [True, False, True]


def test_no_instance_is_left_out(totals: Totals) -> None:
    """All instances of either side are found, whatever the equation; what has no rows on a side is 0 there."""
    equation = totals.equation("areas[size=large,area_id=*] + 2 > 3 * areas[area_id=*] - 5")
    assert totals.left_out(equation) == (0, 0, 0)
    found = totals.found_instances(equation)
    assert found == [("south",), ("north",), ('the "east"',)]
    assert totals.instances(equation) == [("north",), ("south",), ('the "east"',)]
    assert (totals.sums(equation.left, found), totals.sums(equation.right, found)) == ([3, 2, 2], [-2, -2, -2])


def test_keys_and_rows_of_unread_tables_are_taken_for_sound(totals: Totals) -> None:
    """Of a table that was not read nothing is refused; of one that was, repeated and absent values are."""
    assert [totals.is_key("areas", "area_id"), totals.is_key("counts", "kind")] == [True, False]
    assert [totals.has_row("counts", "kind", kind) for kind in ("a", "c")] == [True, False]
    unread = Totals({}, totals.schemas)
    assert (unread.is_key("counts", "kind"), unread.has_row("counts", "kind", "c")) == (True, True)


@pytest.mark.parametrize(
    ("table", "path", "name"),
    [
        ("counts", "kind", "kind"),
        ("counts", "area_id", "area_id"),
        ("counts", "area_id.size", "size"),
        ("counts", "area_id.parent_id.people", "people"),
    ],
)
def test_paths_end_at_a_column(totals: Totals, table: str, path: str, name: str) -> None:
    """The column at the end of a path is found along foreign keys."""
    assert totals.end_field(table, tuple(path.split("."))).name == name


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("nothing", "nothing"),
        ("nothing.size", "nothing"),
        ("kind.size", "kind"),
        ("area_id.nothing", "area_id"),
        ("area_id.size.people", "size"),
    ],
)
def test_paths_that_lead_nowhere_have_no_end(totals: Totals, path: str, column: str) -> None:
    """A step that no foreign key makes, or a column that there is not, ends the search, and is named."""
    with pytest.raises(KeyError) as caught:
        totals.end_field("counts", tuple(path.split(".")))
    assert caught.value.args == (column,)


def test_the_key_that_leads_on_is_followed() -> None:
    """Of several foreign keys of a column, the one whose table has the next column is followed, if it is known."""
    keys = [
        {"fields": ["at", "size"], "reference": {"resource": "codes", "fields": ["code", "size"]}},
        {"fields": ["at"], "reference": {"resource": "names", "fields": ["name"]}},
        {"fields": ["at"], "reference": {"resource": "codes", "fields": ["code"]}},
    ]
    cells = {"fields": [{"name": "at"}, {"name": "size"}], "foreignKeys": keys}
    codes = {"fields": [{"name": "code"}, {"name": "size"}]}
    names = {"fields": [{"name": "name"}, {"name": "word"}]}
    totals = totals_of({
        "codes": (codes, "code,size\na,small\nb,large\n"),
        "names": (names, "name,word\na,x\nb,y\n"),
        "cells": (cells, "at,size\na,small\nb,large\na,small\n"),
    })  # fmt: skip
    assert totals.target("cells", "at", "size") == ("codes", "code")
    assert totals.target("cells", "at", "word") == ("names", "name")
    assert totals.value(totals.reference("cells[at.size=small]")) == 2
    assert totals.value(totals.reference("cells[at.word=y]")) == 1
    fewer = Totals(totals.tables, {name: totals.schemas[name] for name in ("codes", "cells")})
    assert fewer.target("cells", "at", "size") == ("codes", "code")
    with pytest.raises(KeyError):
        fewer.target("cells", "at", "word")


def test_what_was_looked_up_is_remembered(totals: Totals) -> None:
    """At first nothing is known; the same text is the same reference, and that has the same rows by value."""
    assert Totals({}, {}).figures == {}
    assert totals.reference("counts[kind=a]") is totals.reference("counts[kind=a]")
    reference = totals.reference("counts[area_id.size=*].children")
    assert totals.values(reference) is totals.values(reference)
    assert totals.groups(reference) is totals.groups(reference)
    path = ("area_id", "size")
    assert totals.index("counts", path) is totals.index("counts", path)
    assert totals.column("counts", path) is totals.column("counts", path)
    assert totals.column("counts", path) == ["small", "small", "large", None, None]
    assert totals.index("counts", path) == {"small": [0, 1], "large": [2], None: [3, 4]}


def test_sums_tell_integers_from_decimals() -> None:
    """Whole numbers stay whole, whatever they are multiplied by; NaN is named where it cannot be summed."""
    assert [add([]), add([1, -3]), multiply(2, 5)] == [0, -2, 10]
    assert [type(add([1, 2])), type(multiply(3, 4))] == [int, int]
    assert (add([1, Decimal("0.5")]), multiply(-2, Decimal("0.25"))) == (Decimal("1.5"), Decimal("-0.5"))
    with pytest.raises(NotSummableError) as caught:
        add([Decimal("-Infinity")])
    assert str(caught.value) == "-INF cannot be summed"


@pytest.mark.parametrize(
    ("side", "value"),
    [
        ("counts[kind=a] + areas.people - 1", None),
        ("areas.people - areas.people", None),
        ("3 * counts[kind=b].children - 2 * counts[kind=a].children + 1", -19),
        ("5 - counts", 0),
        ("2 * areas.people", None),
        ("0 - counts.weight", Decimal("-1004.3")),
    ],
)
def test_sides_are_sums_of_terms(totals: Totals, side: str, value: Amount | None) -> None:
    """Each term enters with its sign and factor; one that is unknown makes the side unknown."""
    assert totals.sums(totals.equation(f"{side} = 0").left, [()]) == [value]
