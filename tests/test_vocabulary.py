"""Names and values that the notation may use: what the package does not have is refused, and said why."""

from __future__ import annotations

from typing import Any

import pytest

from scrdata.totals import Totals
from scrdata.vocabulary import SchemaJudge
from tests.memory import table_of, totals_of

_LINKED: dict[str, Any] = {
    "fields": [
        {"name": "id"},
        {"name": "up"},
        {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 9}},
        {"name": "x", "type": "number"},
        {"name": "size", "categories": ["small", "large"], "categoriesOrdered": True},
        {"name": "list", "type": "array"},
        {"name": "flag", "type": "boolean"},
    ],
    "missingValues": ["", "NA"],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}],
}
_LEAVES: dict[str, Any] = {
    "fields": [{"name": "at"}, {"name": "code"}, {"name": "one"}, {"name": "two"}],
    "missingValues": ["", "NA"],
    "foreignKeys": [
        {"fields": ["one", "two"], "reference": {"resource": "linked", "fields": ["id", "up"]}},
        {"fields": ["at"], "reference": {"resource": "linked", "fields": ["id"]}},
    ],
}
_TABLES = {
    "linked": (_LINKED, "id,up,n,x,size,list,flag\na,b,1,0.5,small,[1],true\nb,a,2,1.5,large,[2],false\n"),
    "leaves": (_LEAVES, "at,code,one,two\na,p,a,b\nb,p,b,a\n"),
}


@pytest.fixture(scope="module")
def judge() -> SchemaJudge:
    """Return who judges names and values of two tables that refer to each other."""
    return SchemaJudge(totals_of(_TABLES))


def test_tables_are_those_of_the_package(judge: SchemaJudge) -> None:
    """A table that there is passes, any other is named."""
    assert [judge.table("linked"), judge.table("leaves")] == [None, None]
    assert judge.table("Leaves") == "there is no table 'Leaves'"


@pytest.mark.parametrize(
    ("column", "refusal"),
    [
        ("n", None),
        ("x", None),
        ("size", "the column 'size' is of type string and cannot be summed"),
        ("flag", "the column 'flag' is of type boolean and cannot be summed"),
        ("m", "the table 'linked' has no column 'm'"),
    ],
)
def test_columns_of_numbers_are_summed(judge: SchemaJudge, column: str, refusal: str | None) -> None:
    """Whole and decimal numbers can be summed; other columns are refused with their type."""
    assert judge.column("linked", column) == refusal


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("id", None),
        ("up.up.size", None),
        ("up." * 15 + "size", None),
        ("up." * 16 + "size", "a path of more than 16 steps"),
        ("m", "the table 'linked' has no column 'm'"),
        ("up.m", "no foreign keys lead from 'linked' along 'up.m'"),
        ("size.n", "no foreign keys lead from 'linked' along 'size.n'"),
        ("list", "values of type array cannot be compared"),
        ("up.list", "values of type array cannot be compared"),
    ],
)
def test_paths_follow_foreign_keys(judge: SchemaJudge, path: str, refusal: str | None) -> None:
    """A path leads along foreign keys, not too far, to values that can be compared."""
    assert judge.path("linked", tuple(path.split("."))) == refusal


@pytest.mark.parametrize("file", ["id,up,size\na,a,x\na,a,y\n", "id,up,size\na,,x\n,,y\n,a,z\n"])
def test_paths_lead_to_one_row(file: str) -> None:
    """A step to a column in which values repeat, be it missing ones, is refused with column and table."""
    key = {"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}
    schema = {"fields": [{"name": name} for name in ("id", "up", "size")], "foreignKeys": [key]}
    judge = SchemaJudge(totals_of({"t": (schema, file)}))
    assert judge.path("t", ("up", "up", "size")) == "'up' can lead to several rows of 't'"
    assert judge.path("t", ("up",)) is None


def test_each_step_of_a_path_leads_to_one_row() -> None:
    """Values that repeat behind the first step are refused as well, in the table of that step."""
    middle = {
        "fields": [{"name": "id"}, {"name": "end"}],
        "foreignKeys": [{"fields": ["end"], "reference": {"resource": "ends", "fields": ["code"]}}],
    }
    first = {
        "fields": [{"name": "at"}],
        "foreignKeys": [{"fields": ["at"], "reference": {"resource": "middles", "fields": ["id"]}}],
    }
    ends = {"fields": [{"name": "code"}, {"name": "size"}]}
    tables = {"ends": (ends, "code,size\nx,1\nx,2\n"), "middles": (middle, "id,end\na,x\n"), "t": (first, "at\na\n")}
    judge = SchemaJudge(totals_of(tables))
    assert judge.path("t", ("at", "end", "size")) == "'end' can lead to several rows of 'ends'"
    assert judge.path("t", ("at", "end")) is None


NO_PLACE = "nothing is above or below a missing value"


@pytest.mark.parametrize(
    ("path", "operator", "value", "refusal"),
    [
        ("n", "=", "3", None),
        ("n", "<", "3", None),
        ("n", "<", "10", None),
        ("n", ">=", "-1", None),
        ("n", "=", "10", "'10' does not occur in 'n': expected at most 9"),
        ("n", ">", "ten", "'ten' does not occur in 'n': expected an integer such as 147"),
        ("x", "<=", "2", None),
        ("size", "<", "large", None),
        ("size", "<", "tiny", "'tiny' does not occur in 'size': expected one of small, large"),
        ("id", "=", "a", None),
        ("id", "<", "a", "the values of 'id' have no order"),
        ("up.id", ">", "a", "the values of 'id' have no order"),
        ("flag", "=", "true", None),
        ("flag", "<", "true", "the values of 'flag' have no order"),
        ("n", "=", "", None),
        ("n", "<", "", NO_PLACE),
        ("n", "=", "NA", None),
        ("n", ">=", "NA", NO_PLACE),
        ("up", "=", "a", None),
        ("up", "=", "NA", None),
        ("up", "=", "", None),
        ("up", "=", "c", "'c' is in no row of 'linked'"),
        ("up.up", "=", "c", "'c' is in no row of 'linked'"),
        ("up.size", "=", "large", None),
    ],
)
def test_values_are_such_as_the_column_can_have(
    judge: SchemaJudge, path: str, operator: str, value: str, refusal: str | None
) -> None:
    """A value has to be of the type of its column, and in an order where it is compared; bounds may lie beyond."""
    assert judge.value("linked", tuple(path.split(".")), operator, value) == refusal


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("at", "a", None),
        ("at", "z", "'z' is in no row of 'linked'"),
        ("at.up", "z", "'z' is in no row of 'linked'"),
        ("code", "z", None),
        ("one", "z", None),
        ("two", "z", None),
    ],
)
def test_values_of_foreign_keys_are_in_their_table(
    judge: SchemaJudge, path: str, value: str, refusal: str | None
) -> None:
    """A value of a foreign key of one column has a row; of a key of several, no single column can be asked that."""
    assert judge.value("leaves", tuple(path.split(".")), "=", value) == refusal


def test_tables_that_were_not_read_refuse_no_value() -> None:
    """Where the table that a key refers to was not accepted, nothing is said about its rows."""
    tables = {name: table_of(schema, text) for name, (schema, text) in _TABLES.items() if name == "linked"}
    schemas = {name: table.schema for name, table in tables.items()}
    assert SchemaJudge(Totals({}, schemas)).value("linked", ("up",), "=", "c") is None
    assert SchemaJudge(Totals({}, schemas)).path("linked", ("up", "size")) is None


@pytest.mark.parametrize(
    ("operator", "value", "refusal"),
    [
        ("=", "", None),
        ("=", "NA", None),
        (">", "", NO_PLACE),
        (">", "NA", NO_PLACE),
        ("=", "2", None),
        ("=", "3", "'3' is in no row of 't'"),
        ("<", "3", None),
    ],
)
def test_numbers_that_refer_to_rows_have_an_order(operator: str, value: str, refusal: str | None) -> None:
    """A limit of numbers need not be one of them; missing is written as nothing too, whatever the cells say."""
    key = {"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}
    fields = [{"name": "id", "type": "integer"}, {"name": "up", "type": "integer"}]
    schema = {"fields": fields, "missingValues": ["NA"], "foreignKeys": [key]}
    judge = SchemaJudge(totals_of({"t": (schema, "id,up\n1,2\n2,NA\n")}))
    assert judge.value("t", ("up",), operator, value) == refusal
