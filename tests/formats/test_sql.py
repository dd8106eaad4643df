"""The database computes what the notation says, of any package, whatever its tables and columns are called."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import scrdata
from scrdata.errors import InvalidPackageError, ScrdataError
from scrdata.formats import sqlite as sqlite_format
from scrdata.formats.sql_names import quoted_name
from scrdata.formats.sqlite import write_sqlite
from tests import areas
from tests.formats.conftest import make_contents
from tests.strategies import LAW, area_references, area_rows, area_stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.validation import Contents

RULES: dict[str, object] = {"fields": [{"name": "rule_id"}, {"name": "equation"}]}


def with_rules(
    tables: dict[str, tuple[dict[str, object], Sequence[Sequence[str]]]], *references: object, relation: str = ">= 0"
) -> Contents:
    """Return a package that names these totals in rules."""
    rows = [[f"rule_{number}", f"{reference} {relation}"] for number, reference in enumerate(references)]
    return make_contents({**tables, "rules": (RULES, rows)}, **{"scrdata:rules": "rules"})


def opened(contents: Contents) -> sqlite3.Connection:
    """Return the database of a package, after every check that SQLite has, and after asking every view."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for (view,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
        connection.execute(f"SELECT * FROM {quoted_name(view)}").fetchall()
    return connection


def totals_of(contents: Contents) -> dict[str, object]:
    """Return the view of totals; there is none where no total can be computed."""
    connection = opened(contents)
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'totals'").fetchall():
        return {}
    return dict(connection.execute("SELECT reference, value FROM totals").fetchall())


@LAW
@given(st.data())
def test_the_database_computes_as_the_notation_says(data: st.DataObject) -> None:
    """Every total along keys, codes in their order, dates, numbers and missing cells is that of the evaluator."""
    rows = data.draw(area_rows())
    ids = [str(row[0]) for row in rows["areas"]]
    plain = data.draw(st.lists(area_references(ids), min_size=1, max_size=4))
    starred = data.draw(st.lists(area_stars().flatmap(lambda stars: area_references(ids, stars)), max_size=2))
    cells = {name: [[cell or "" for cell in row] for row in rows[name]] for name in rows}
    tables = {name: (areas.SCHEMAS[name], cells[name]) for name in areas.SCHEMAS}
    try:
        contents = with_rules(tables, *plain, *starred)
    except InvalidPackageError:
        reject()
    found = totals_of(contents)
    assert set(found) == {str(reference) for reference in plain}
    for reference in plain:
        value = contents.totals.value(reference)
        assert found[str(reference)] == (None if value is None else pytest.approx(float(value))), reference


AREAS = ({"fields": [{"name": "area_id"}, {"name": "region"}], "primaryKey": ["area_id"]}, [["a", "N"], ["b", "S"]])


def in_areas(*more: dict[str, object]) -> dict[str, object]:
    """Return a schema whose column `area_id` leads to `AREAS`."""
    key = {"fields": ["area_id"], "reference": {"resource": "areas", "fields": ["area_id"]}}
    return {"fields": [{"name": "id"}, {"name": "area_id"}, *more], "foreignKeys": [key]}


@pytest.mark.parametrize("name", ["t", "u", "row", "ROW", "own", "m", "base", "codes of area_id", 'the "x"'])
def test_no_table_is_taken_for_another(name: str) -> None:
    """A table may have any name, also one that the queries have for something else."""
    tables = {"areas": AREAS, name: (in_areas(), [["1", "b"], ["2", "b"], ["3", "a"]])}
    reference = f"{name}[area_id.region=S]"
    if not name.isalpha():
        connection = opened(make_contents(tables))
        found = connection.execute(f"SELECT * FROM {quoted_name(f'{name}_labelled')}").fetchall()
        assert found[0] == ("1", "b", "S")
        return
    assert totals_of(with_rules(tables, reference)) == {reference: 2}


CELLS: dict[str, object] = {
    "fields": [
        {"name": "text", "missingValues": ["NA"]},
        {"name": "number", "type": "number"},
        {"name": "flag", "type": "boolean"},
        {"name": "when", "type": "datetime"},
        {"name": "whole", "type": "integer"},
    ],
}
ROWS = [
    ["NA", "INF", "true", "2010-01-01T00:00:00+01:00", str(2**62)],
    ["", "-INF", "false", "2009-12-31T23:00:00Z", str(2**62)],
    ["it's", "1", "true", "", "0"],
]


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("cells[text=NA]", 1),
        ('cells[text=""]', 1),
        ('cells[text="it\'s"|NA]', 2),
        ("cells[number=INF]", 1),
        ("cells[number<1]", 1),
        ("cells[flag=true]", 2),
        ("cells[flag=0|1]", 3),
        ("cells[whole=0].whole", 0),
    ],
)
def test_every_value_is_found(reference: str, value: int) -> None:
    """Conditions on missing cells, flags, infinity and quotation marks match what they match in the notation."""
    contents = with_rules({"cells": (CELLS, ROWS)}, "cells", *[reference][: ".whole" not in reference])
    assert contents.totals.value(contents.totals.reference(reference)) == value
    expected = {"cells": 3} if ".whole" in reference else {"cells": 3, reference: value}
    assert totals_of(contents) == expected


@pytest.mark.parametrize(
    "reference",
    [
        'cells[when="2010-01-01T00:00:00+01:00"]',
        "cells[whole<99999999999999999999]",
        "cells[number<0.12345678901234567890]",
        "cells.whole",
    ],
)
def test_what_a_database_would_compute_otherwise_is_left_out(reference: str) -> None:
    """A total of more than 64 bits, or by values that a database tells apart otherwise, is not offered at all."""
    assert totals_of(with_rules({"cells": (CELLS, ROWS)}, "cells", reference)) == {"cells": 3}


def test_one_value_in_two_spellings_breaks_no_key() -> None:
    """A foreign key whose two sides spell one value in two ways is not declared, since a database compares text."""
    points: dict[str, object] = {"fields": [{"name": "place", "type": "geopoint"}], "primaryKey": ["place"]}
    visits: dict[str, object] = {
        "fields": [{"name": "place", "type": "geopoint"}],
        "foreignKeys": [{"fields": ["place"], "reference": {"resource": "points", "fields": ["place"]}}],
    }
    tables = {"points": (points, [["1, 2"]]), "visits": (visits, [["1.0, 2"]])}
    assert opened(make_contents(tables)).execute("SELECT place FROM visits").fetchall() == [("1.0, 2",)]


def test_one_instant_in_two_zones_is_not_grouped_apart() -> None:
    """A view that would put one value into two groups is not made."""
    fields = [{"name": "when", "type": "datetime"}, {"name": "id"}]
    schema: dict[str, object] = {"fields": fields, "primaryKey": ["when", "id"]}
    rows = [["2010-01-01T00:00:00+01:00", "a"], ["2009-12-31T23:00:00Z", "b"], ["2010-01-02T00:00:00Z", "b"]]
    contents = with_rules({"visits": (schema, rows)}, "visits[when=*]", "visits[id=*]")
    found = opened(contents).execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall()
    assert found == [("visits_by_id",)]


def test_rows_keep_their_order() -> None:
    """A table comes back in the order of the package, whatever its key."""
    for kind in ("integer", "year", "string"):
        schema: dict[str, object] = {"fields": [{"name": "key", "type": kind}], "primaryKey": ["key"]}
        found = opened(make_contents({"rows": (schema, [["2010"], ["2001"], ["2005"]])})).execute("SELECT * FROM rows")
        assert [str(key) for (key,) in found] == ["2010", "2001", "2005"]


def test_many_coded_columns_have_their_labels() -> None:
    """A table with more codes than a database can join has its labels too."""
    codes = [{"value": "u", "label": "Up"}]
    fields = [{"name": f"c{number}", "categories": codes} for number in range(100)]
    found = opened(make_contents({"wide": ({"fields": fields}, [["u"] * 100])})).execute("SELECT * FROM wide_labelled")
    assert found.fetchall() == [("u", "Up") * 100]


def test_more_columns_than_a_database_has_are_refused() -> None:
    """A table of more than 2,000 columns is refused; one whose labels would be too many has no such view."""
    wide = {"fields": [{"name": f"c{number}"} for number in range(2001)]}
    with pytest.raises(ScrdataError, match="too many columns on wide"):
        write_sqlite(make_contents({"wide": (wide, [["u"] * 2001])}))
    coded = {"fields": [{"name": f"c{number}", "categories": ["u"]} for number in range(1001)]}
    views = opened(make_contents({"wide": (coded, [["u"] * 1001])})).execute("SELECT * FROM pragma_table_list()")
    assert "wide_labelled" not in [row[1] for row in views]


BOUNDED = [
    ({"type": "integer", "constraints": {"minimum": 1, "maximum": 9}}, ["1", "9", ""], [0, 10]),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 1, "exclusiveMaximum": 9}}, ["2", "8"], [1, 9]),
    ({"type": "number", "constraints": {"minimum": "0.5"}}, ["0.5", "INF"], [0.25]),
    ({"type": "date", "constraints": {"maximum": "2010-03-31"}}, ["2010-03-31"], ["2010-04-01", "2010-3-1", "x"]),
    ({"type": "yearmonth", "constraints": {"minimum": "2010-03"}}, ["2010-03"], ["2010-02"]),
    ({"constraints": {"enum": ["it's", "b"]}}, ["it's", ""], ["c", ""]),
    ({"type": "integer", "constraints": {"enum": [1, 99999999999999999999]}}, ["1"], [2]),
    ({"type": "number", "constraints": {"enum": ["0.12345678901234567890"]}}, [""], []),
    ({"constraints": {"minLength": 2, "maxLength": 3}}, ["é😀", "abc"], ["a", "abcd"]),
    ({"type": "boolean"}, ["true", "false", ""], [2]),
]


@pytest.mark.parametrize(("field", "allowed", "refused"), BOUNDED)
def test_a_database_holds_the_constraints(field: dict[str, object], allowed: list[str], refused: list[object]) -> None:
    """What the schema allows is held, and what it forbids cannot be written, by the same bounds."""
    rows = [[str(number), cell] for number, cell in enumerate(allowed)]
    schema: dict[str, object] = {"fields": [{"name": "id"}, {"name": "cell", **field}]}
    connection = opened(make_contents({"cells": (schema, rows)}))
    assert connection.execute("SELECT count(*) FROM cells").fetchone() == (len(allowed),)
    for value in refused:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO cells VALUES ('new', ?)", (value,))


def test_a_bound_that_a_database_cannot_hold_exactly_is_left_out() -> None:
    """A bound with more digits than a double would be another bound, so it is not declared."""
    field = {"name": "cell", "type": "number", "constraints": {"minimum": "0.12345678901234567890"}}
    opened(make_contents({"cells": ({"fields": [field]}, [["0.125"]])})).execute("INSERT INTO cells VALUES (0.0)")


def test_the_package_is_described() -> None:
    """The database says what it was made from, under which licence, by whom and when."""
    package = scrdata.open_package()
    connection = opened(package.contents)
    found = dict(connection.execute("SELECT property, value FROM about_package").fetchall())
    properties = package.contents.descriptor.properties
    assert found.keys() == properties.keys() - {"resources"}
    assert [name for name, value in properties.items() if isinstance(value, str) and found[name] != value] == []
    (licence,) = json.loads(json.dumps(properties["licenses"]))
    assert found["licenses"] == f"{licence['title']} ({licence['path']})"
    assert "The scrdata contributors" in found["contributors"]


def test_many_rules_take_no_longer_each() -> None:
    """Four times as many rows and rules take about four times as long, not sixteen."""
    schema: dict[str, object] = {
        "fields": [{"name": "id"}, {"name": "n", "type": "integer"}],
        "primaryKey": ["id"],
    }
    seconds = []
    for number in (1500, 6000):
        ids = [f"k{position}" for position in range(number)]
        contents = with_rules({"things": (schema, [[name, "1"] for name in ids])}, *(f"things[id={i}].n" for i in ids))
        start = time.process_time()
        write_sqlite(contents)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 9 * seconds[0]


def test_an_old_sqlite_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python whose SQLite has no STRICT tables is told which version is needed."""
    monkeypatch.setattr(sqlite_format.sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(ScrdataError, match=r"SQLite 3\.37 or later is needed"):
        write_sqlite(make_contents({"areas": AREAS}))
