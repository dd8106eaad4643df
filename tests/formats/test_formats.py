"""All formats hold the same values, whoever reads them; what a format cannot hold is refused."""

from __future__ import annotations

import datetime
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import scrdata
from scrdata.contents import open_contents, with_evidence
from scrdata.errors import ScrdataError
from scrdata.formats.csv_text import write_csv
from scrdata.formats.json_text import write_json, write_json_tables
from scrdata.formats.parquet import write_parquet
from scrdata.formats.sqlite import write_sqlite
from scrdata.snapshots import Snapshot
from scrdata.values import to_text
from tests.formats.conftest import make_contents
from tests.strategies import CELLS, LAW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrdata.fields import Field
    from scrdata.reading import Table
    from scrdata.validation import Contents

ROOT = Path(__file__).resolve().parent.parent.parent
JAVASCRIPT = ROOT / "tests" / "javascript"
SHIPPED = scrdata.open_package(ROOT)
TABLES = {table.name: SHIPPED.table(table.name) for table in SHIPPED.tables()}


def texts_of(table: Table) -> dict[str, list[str | None]]:
    """Return the cells of a table as text, `None` for missing ones: what all readers are held to."""
    return {name: [None if cell is None else to_text(cell) for cell in cells] for name, cells in table.columns.items()}


def as_text(value: object) -> str | None:
    """Return a value of a reader as the package spells it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


def as_texts(columns: Mapping[str, Sequence[object]]) -> dict[str, list[str | None]]:
    """Return the columns of a reader as text."""
    return {name: [as_text(value) for value in values] for name, values in columns.items()}


def turned(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all tables in every format of this module."""
    folder = tmp_path_factory.mktemp("formats")
    for file_format in ("csv", "parquet", "sqlite", "json"):
        SHIPPED.export(None, folder, file_format=file_format)
    return folder


def by_polars_from_csv(path: Path, name: str) -> dict[str, list[object]]:
    """Read a CSV file with polars, every cell as text."""
    return pl.read_csv(path / f"{name}.csv", infer_schema=False).to_dict(as_series=False)


def by_json(path: Path, name: str) -> dict[str, list[object]]:
    """Read the JSON file of all tables."""
    return turned(json.loads((path / "scrdata.json").read_bytes())[name])


def by_pyarrow(path: Path, name: str) -> dict[str, list[object]]:
    """Read a Parquet file with pyarrow."""
    columns: dict[str, list[object]] = pq.read_table(path / f"{name}.parquet").to_pydict()
    return columns


def by_polars(path: Path, name: str) -> dict[str, list[object]]:
    """Read a Parquet file with polars."""
    return pl.read_parquet(path / f"{name}.parquet").to_dict(as_series=False)


def by_duckdb(path: Path, name: str) -> dict[str, list[object]]:
    """Read a Parquet file with DuckDB."""
    found = duckdb.connect().execute(f"FROM '{path / name}.parquet'")
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, map(list, zip(*found.fetchall(), strict=True)), strict=True))


def by_sqlite(path: Path, name: str) -> dict[str, list[object]]:
    """Read a table of the database."""
    with sqlite3.connect(path / "scrdata.sqlite") as connection:
        found = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
        names = [column[0] for column in found.description]
        return dict(zip(names, map(list, zip(*found.fetchall(), strict=True)), strict=True))


READERS = (by_polars_from_csv, by_json, by_pyarrow, by_polars, by_duckdb, by_sqlite)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("read", READERS)
def test_every_reader_finds_the_same_values(
    files: Path, read: Callable[[Path, str], dict[str, list[object]]], name: str
) -> None:
    """Every cell of every table is the one that validation read, in its place."""
    assert as_texts(read(files, name)) == texts_of(TABLES[name])


def test_javascript_finds_the_same_values(files: Path) -> None:
    """A JavaScript reader of Parquet finds every cell of every table."""
    node = shutil.which("node")
    if node is None or not (JAVASCRIPT / "node_modules" / "hyparquet").is_dir():
        pytest.skip("Node.js or the JavaScript library hyparquet is missing: python3 dev.py system")
    paths = {name: str(files / f"{name}.parquet") for name in TABLES}
    command = [node, str(JAVASCRIPT / "read_parquet.mjs"), *paths.values()]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)
    for name, path in paths.items():
        columns = turned(found[path])
        for field in TABLES[name].schema.fields:
            if field.type == "date":
                columns[field.name] = [value and str(value)[:10] for value in columns[field.name]]
        assert as_texts(columns) == texts_of(TABLES[name]), name


R_PROGRAM = """
database <- DBI::dbConnect(RSQLite::SQLite(), commandArgs(TRUE)[1])
read <- function(name) lapply(as.list(DBI::dbReadTable(database, name, check.names = FALSE)), as.character)
names <- commandArgs(TRUE)[-1]
cat(jsonlite::toJSON(setNames(lapply(names, read), names), na = "null", null = "null"))
"""


def test_r_finds_the_same_values(files: Path) -> None:
    """R reads every cell of every table from the database."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is missing: python3 dev.py system")
    command = [program, "--vanilla", "-e", R_PROGRAM, str(files / "scrdata.sqlite"), *TABLES]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)
    for name, table in TABLES.items():
        assert found[name] == texts_of(table), name


# Parquet -------------------------------------------------------------------------------------


def test_parquet_has_types_and_descriptions(files: Path) -> None:
    """Columns have the types of their fields, say what they are, and hold nothing about pandas."""
    schema = pq.read_schema(files / "reviews.parquet")
    assert [str(column.type).partition("<")[0] for column in schema] == [
        *("string", "int64", "string", "dictionary", "date32[day]"),
    ]
    table = TABLES["reviews"]
    for field, column in zip(table.schema.fields, schema, strict=True):
        assert column.metadata == {b"title": field.title.encode(), b"description": field.description.encode()}
        assert column.nullable != field.required
    assert schema.metadata[b"name"] == b"reviews"
    assert schema.metadata[b"title"] == SHIPPED.contents.descriptor.resources["reviews"].title.encode()
    assert b"pandas" not in schema.metadata


def test_parquet_says_where_it_is_from(files: Path) -> None:
    """A single file names its package, the version, the day and the licence."""
    metadata = pq.read_schema(files / "reviews.parquet").metadata
    properties = SHIPPED.contents.descriptor.properties
    for name in ("name", "title", "version", "created"):
        assert metadata[f"package_{name}".encode()].decode() == properties[name]
    (licence,) = properties["licenses"]  # type: ignore[misc]
    assert metadata[b"package_licenses"].decode() == f"{licence['title']} ({licence['path']})"


# SQLite --------------------------------------------------------------------------------------


@pytest.fixture
def database(files: Path) -> sqlite3.Connection:
    """Return the database, with foreign keys enforced."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize((files / "scrdata.sqlite").read_bytes())
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def test_database_is_sound(database: sqlite3.Connection) -> None:
    """SQLite finds the file intact, every foreign key kept, and every table STRICT."""
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = database.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
    assert [name for name, strict in tables.fetchall() if not strict and not name.startswith("sqlite_")] == []


@pytest.mark.parametrize("name", TABLES)
def test_database_has_the_keys(database: sqlite3.Connection, name: str) -> None:
    """Primary and foreign keys, codes and required columns are those of the schema."""
    schema = TABLES[name].schema
    columns = database.execute(f"SELECT name, \"notnull\", pk FROM pragma_table_info('{name}')").fetchall()
    keyed = sorted((place, column) for column, _, place in columns if place)
    assert tuple(column for _, column in keyed) == schema.primary_key
    needed = {column for column, required, _ in columns if required}
    assert needed == {field.name for field in schema.fields if field.required} | set(schema.primary_key)
    found = database.execute(f'SELECT "from", "table", "to" FROM pragma_foreign_key_list(\'{name}\')').fetchall()
    wanted = {
        (here, key.table or name, there)
        for key in schema.foreign_keys
        for here, there in zip(key.fields, key.columns, strict=True)
    }
    wanted |= {(field.name, f"codes_{name}_{field.name}", "code") for field in schema.fields if field.categories}
    assert set(found) == wanted


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews SET judgement = 'excellent' WHERE review_id = 'R001'",
        "UPDATE reviews SET board_id = 'nowhere' WHERE review_id = 'R001'",
        "UPDATE reviews SET evaluation_date = '2010-02-30' WHERE review_id = 'R001'",
        "UPDATE reviews SET evaluation_date = NULL WHERE review_id = 'R001'",
        "UPDATE reviews SET review_id = 'R002' WHERE review_id = 'R001'",
        "UPDATE judgements SET reviews = 'many'",
        "DELETE FROM boards WHERE board_id = 'barnet'",
    ],
)
def test_database_refuses_what_breaks_it(database: sqlite3.Connection, change: str) -> None:
    """A code, key, date or type that the schema does not allow cannot be written."""
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(change)


def test_database_lists_the_codes(database: sqlite3.Connection) -> None:
    """Each list of codes is a table, in order, with labels and descriptions."""
    found = database.execute("SELECT code, label, description FROM codes_reviews_judgement ORDER BY position")
    field = TABLES["reviews"].schema.columns["judgement"]
    assert found.fetchall() == [(code.value, code.label, code.description) for code in field.categories]


def test_database_computes_the_totals(database: sqlite3.Connection) -> None:
    """Every total that mentions and rules name is a row of a view, computed as the notation says."""
    found = database.execute("SELECT reference, value FROM totals").fetchall()
    assert len(found) > 200
    assert [(reference, value) for reference, value in found if SHIPPED.total(reference) != value] == []
    before = dict(found)["reviews[judgement=good]"]
    database.execute("UPDATE reviews SET judgement = 'good' WHERE review_id = 'R001'")
    after = database.execute("SELECT value FROM totals WHERE reference = 'reviews[judgement=good]'").fetchone()
    assert after == (before + 1,)


def test_database_shows_what_is_printed(database: sqlite3.Connection) -> None:
    """Every mention that states a total stands beside that total; the equal ones are equal but for the registered."""
    found = database.execute("SELECT mention_id, relation, value, total_value, share_of FROM printed_totals").fetchall()
    contents = with_evidence(SHIPPED.contents)
    assert len(found) == sum(mention.total is not None for mention in contents.mentions)
    unequal = [
        name for name, relation, value, total, base in found if relation == "=" and not base and value != str(total)
    ]
    assert unequal == ["para_122_3"]


def test_database_groups_as_the_package_does(database: sqlite3.Connection) -> None:
    """Views add up what the package adds up, and put labels and names beside codes and keys."""
    groups = dict(database.execute("SELECT cause_group, children FROM causes_of_death_by_cause_group").fetchall())
    assert groups == SHIPPED.total("causes_of_death[cause_group=*].children")
    assert dict(database.execute("SELECT * FROM reviews_by_judgement").fetchall()) == SHIPPED.total(
        "reviews[judgement=*]"
    )
    views = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    assert "child_circumstances_by_kind" not in views, "overlapping groups are not added up"
    regions = database.execute("SELECT board_id_region, count(*) FROM reviews_labelled GROUP BY 1").fetchall()
    assert dict(regions) == SHIPPED.total("reviews[board_id.region=*]")


def test_a_sum_over_a_missing_cell_is_missing(database: sqlite3.Connection) -> None:
    """Where the report prints no number the database has none either, also not for what would contain it."""
    unknown = [name for name, value in database.execute("SELECT * FROM totals") if value is None]
    assert unknown
    assert [name for name in unknown if SHIPPED.total(name) is not None] == []


def test_database_of_one_table_holds_those_it_refers_to(tmp_path: Path) -> None:
    """A single table brings along the tables that its foreign keys lead to, so that none leads nowhere."""
    SHIPPED.export("reviews", tmp_path / "reviews.sqlite")
    with sqlite3.connect(tmp_path / "reviews.sqlite") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert tables & TABLES.keys() == {"reviews", "boards"}


# All types of field ---------------------------------------------------------------------------


def expected_of(field: Field, cell: object) -> object:
    """Return a value as Parquet, by polars, and a database hold it: text where neither has the type."""
    if cell is None or field.type in ("integer", "year", "boolean"):
        return cell
    return float(cell) if isinstance(cell, Decimal) else to_text(cell)  # type: ignore[arg-type]


def read_again(contents: Contents, name: str) -> Table:
    """Return a table read from the CSV that it is exported as, by its own schema."""
    resource = contents.descriptor.resources[name]
    files = {
        resource.path: write_csv(contents.tables[name]),
        "datapackage.json": contents.descriptor.storage.read("datapackage.json"),
    }
    return open_contents(Snapshot("again", files)).tables[name]


@LAW
@given(st.data(), st.sampled_from(sorted(CELLS)), st.sampled_from([[""], ["NA"], ["-", ""], ["n/a", "-"]]))
def test_values_of_every_type_survive(data: st.DataObject, kind: str, missing: list[str]) -> None:
    """What is written is read back as the same value, for every type; what cannot be held is refused."""
    cells = data.draw(st.lists(st.one_of(st.sampled_from([*missing, ""]), CELLS[kind]), min_size=1, max_size=4))
    field = {"name": "cell", "type": kind}
    rows = [[str(number), cell] for number, cell in enumerate(cells)]
    schema: dict[str, object] = {"fields": [{"name": "row", "type": "integer"}, field], "missingValues": missing}
    try:
        contents = make_contents({"cells": (schema, rows)})
        table = contents.tables["cells"]
    except ScrdataError:
        reject()
    assert texts_of(read_again(contents, "cells")) == texts_of(table)
    values = table.columns["cell"]
    assert [row["cell"] for row in json.loads(write_json(table))] == [
        value if value is None or isinstance(value, (bool, int)) else to_text(value) for value in values
    ]
    cell = table.schema.columns["cell"]
    exact = all(not isinstance(v, Decimal) or (v.is_finite() and Decimal(repr(float(v))) == v) for v in values)
    if kind == "number" and not exact:
        return
    wanted = [expected_of(cell, value) for value in values]
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    found = [row[0] for row in connection.execute('SELECT "cell" FROM cells ORDER BY "row"')]
    assert found == wanted
    times = [value for value in values if isinstance(value, datetime.datetime)]
    if len({time.tzinfo is None for time in times}) > 1:
        with pytest.raises(ScrdataError, match="'cell' holds times with a zone and times without one"):
            write_parquet(table, contents.descriptor)
        return
    parquet = pl.read_parquet(io.BytesIO(write_parquet(table, contents.descriptor)))["cell"].to_list()
    assert parquet == (list(values) if kind in ("date", "datetime") else wanted)


def test_times_keep_their_instant_in_parquet() -> None:
    """Times with a zone are the same instants in UTC, and known as such; times without one stay without."""
    kinds = {"2010-01-01T00:00:00+01:00": "timestamp[us, tz=UTC]", "2010-01-01T00:00:00": "timestamp[us]"}
    for cell, kind in kinds.items():
        contents = make_contents({"cells": ({"fields": [{"name": "cell", "type": "datetime"}]}, [[cell], [""]])})
        found = pq.read_table(io.BytesIO(write_parquet(contents.tables["cells"], contents.descriptor)))["cell"]
        assert str(found.type) == kind
        assert found.to_pylist() == [datetime.datetime.fromisoformat(cell), None]


def test_missing_is_not_empty() -> None:
    """Where the schema tells a missing cell from an empty text, every format does."""
    schema: dict[str, object] = {"fields": [{"name": "cell"}], "missingValues": ["NA", "-"]}
    contents = make_contents({"cells": (schema, [[""], ["NA"], ["x"]])})
    table = contents.tables["cells"]
    values = ["", None, "x"]
    assert write_csv(table) == b'cell\n""\n-\nx\n'
    assert texts_of(read_again(contents, "cells")) == {"cell": values}
    assert [row["cell"] for row in json.loads(write_json(table))] == values
    parquet = io.BytesIO(write_parquet(table, contents.descriptor))
    assert pq.read_table(parquet)["cell"].to_pylist() == values
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    assert [cell for (cell,) in connection.execute("SELECT cell FROM cells")] == values


@pytest.mark.parametrize(
    ("kind", "cell"), [("integer", str(2**63)), ("number", "0.12345678901234567890"), ("number", "123e400")]
)
def test_what_cannot_be_held_is_refused(kind: str, cell: str) -> None:
    """An integer of more than 64 bits and a number of more digits than a double are refused, never changed."""
    contents = make_contents({"cells": ({"fields": [{"name": "cell", "type": kind}]}, [[cell]])})
    for write in (write_sqlite, lambda given: write_parquet(given.tables["cells"], given.descriptor)):
        with pytest.raises(ScrdataError, match="'cell' holds"):
            write(contents)  # type: ignore[operator]


def test_a_database_has_no_nan() -> None:
    """What is no number would become a missing value, so it is refused."""
    contents = make_contents({"cells": ({"fields": [{"name": "cell", "type": "number"}]}, [["NaN"]])})
    with pytest.raises(ScrdataError, match="'cell' holds NaN"):
        write_sqlite(contents)


TEXT: dict[str, object] = {"fields": [{"name": "cell", "type": "string"}]}


@pytest.mark.parametrize("names", [("Loans", "loans"), ("sqlite_x",)])
def test_names_that_a_database_cannot_hold_are_refused(names: tuple[str, ...]) -> None:
    """Names that differ in capitals alone, and the system's own, are refused."""
    contents = make_contents({name: (TEXT, [["x"]]) for name in names})
    with pytest.raises(ScrdataError, match=r"differ in capitals alone|rename it"):
        write_sqlite(contents)


def test_odd_names_are_quoted() -> None:
    """Tables and columns with quotation marks, spaces and reserved words are held under their own names."""
    schema: dict[str, object] = {"fields": [{"name": "a \"b\" 'c'", "type": "string"}, {"name": "select"}]}
    contents = make_contents({"order": (schema, [["x; DROP TABLE", "='y'"]])})
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    assert connection.execute('SELECT "a ""b"" \'c\'", "select" FROM "order"').fetchall() == [("x; DROP TABLE", "='y'")]


def test_names_of_tables_come_before_ours() -> None:
    """A table that is called like one of ours keeps its name; ours gets another."""
    contents = make_contents({name: (TEXT, [["x"]]) for name in ("about_tables", "about_tables_", "totals")})
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    assert connection.execute("SELECT * FROM about_tables").fetchall() == [("x",)]
    assert len(connection.execute("SELECT * FROM about_tables__").fetchall()) == 3


def test_order_of_codes_and_dates_is_that_of_the_notation() -> None:
    """Totals with bounds are computed by the order of codes, dates and numbers, not by spelling."""
    grades = [{"value": "low", "label": "Low"}, {"value": "high", "label": "High"}]
    schema: dict[str, object] = {
        "fields": [
            {"name": "grade", "type": "string", "categories": grades, "categoriesOrdered": True},
            {"name": "day", "type": "date"},
            {"name": "size", "type": "integer"},
            {"name": "part", "type": "number"},
        ],
    }
    rows = [["low", "2010-01-01", "9", "0.1"], ["high", "2010-01-10", "10", "0.2"], ["", "", "", ""]]
    rules = {"fields": [{"name": "rule_id"}, {"name": "equation"}]}
    references = [
        *("things[grade>low]", "things[grade<=low]", "things[day>=2010-01-02]", "things[size>9]", 'things[grade=""]'),
        *('things[grade=""|low]', "things[size<100].size", "things.size", "things[part>0.1].part", "things[size=10|9]"),
    ]
    equations = [[f"r{number}", f"{reference} = 1"] for number, reference in enumerate(references)]
    contents = make_contents({"things": (schema, rows), "rules": (rules, equations)}, **{"scrdata:rules": "rules"})
    connection = sqlite3.connect(":memory:")
    connection.deserialize(write_sqlite(contents))
    found = dict(connection.execute("SELECT reference, value FROM totals").fetchall())
    wanted = [1, 1, 1, 1, 1, 2, 19, None, 0.2, 2]
    assert [found[reference] for reference in references] == wanted
    computed = [contents.totals.value(contents.totals.reference(reference)) for reference in references]
    assert [None if value is None else float(value) for value in computed] == [
        v if v is None else float(v) for v in wanted
    ]


def test_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    """In another process, time zone, language and order of hashing, every file has the same bytes."""
    for number, seed in enumerate(("1", "2")):
        folder = tmp_path / seed
        settings = {**os.environ, "PYTHONHASHSEED": seed, "TZ": ("UTC", "Asia/Tokyo")[number], "LC_ALL": "C"}
        for file_format in ("csv", "parquet", "sqlite", "json"):
            command = [sys.executable, "-m", "scrdata", "export", "--all", "--format", file_format, "--output", folder]
            subprocess.run([str(part) for part in command], cwd=ROOT, env=settings, check=True, capture_output=True)
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert first == second
    assert len(first) == 2 * len(TABLES) + 2


def test_json_of_all_tables_is_that_of_each() -> None:
    """The object of all tables holds the list of each."""
    whole = json.loads(write_json_tables(TABLES))
    assert whole == {name: json.loads(write_json(table)) for name, table in TABLES.items()}
