"""SQLite: all tables of a package in one file, with keys that are enforced, code lists, and views.

Beside the tables, which keep their names, the database holds

- `about_package`, `about_tables`, `about_fields`: what the descriptor and the schemas say;
- `codes_TABLE_COLUMN`: one table for each list of codes, to which the coded column refers;
- `TABLE_labelled`: a view of each table with codes or foreign keys, with labels and what the keys lead to;
- `TABLE_by_COLUMN`: views of the totals that the package groups by;
- `totals`: a view of every total that mentions and rules name, computed from the tables;
- `printed_totals`: a view of the mentions that state a total, with that total beside the printed number.

A name that a table of the package has already gets a `_` behind it.
"""

from __future__ import annotations

import sqlite3

from scrdata.errors import ScrdataError
from scrdata.fields import SUMMABLE
from scrdata.formats.descriptions import describe_package
from scrdata.formats.sql_names import FreeNames, check_names, quoted_name, quoted_text
from scrdata.formats.sql_tables import create_codes, create_table, rows_of
from scrdata.formats.sql_totals import grouped_query, groupings, labelled_query, total_query
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.validation import Contents

# "scrd", so that a program can tell the file's kind.
APPLICATION_ID = 0x73637264
PAGE_SIZE = 4096
STRICT_SINCE = (3, 37)
LARGEST = 2**63 - 1
DECLARATIONS = ("scrdata:rules", "scrdata:mentions", "scrdata:discrepancies")


def write_sqlite(contents: Contents, names: Sequence[str] | None = None) -> bytes:
    """Return tables of a package as an SQLite database.

    Args:
        contents: the package; with rules and mentions read, for the views of what they speak of.
        names: of tables; those that their foreign keys lead to come along. All tables if omitted.

    Raises:
        ScrdataError: a name or a value that a database cannot hold.
    """
    if sqlite3.sqlite_version_info < STRICT_SINCE:
        raise ScrdataError(f"SQLite 3.37 or later is needed; the one of this Python is {sqlite3.sqlite_version}")
    tables = {name: contents.tables[name] for name in _reached(contents, names)}
    check_names(tables)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("BEGIN")
        _Writer(connection, contents, tables).write_all()
        connection.execute("COMMIT")
        return connection.serialize()
    except sqlite3.Error as error:
        raise ScrdataError(f"a database cannot hold the package: {error}") from None
    finally:
        connection.close()


def _reached(contents: Contents, names: Sequence[str] | None) -> list[str]:
    """Return the tables of some names and those that their foreign keys lead to, in the package's order."""
    if names is None:
        return list(contents.tables)
    waiting, reached = list(names), set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [key.table or name for key in contents.tables[name].schema.foreign_keys]
    return [name for name in contents.tables if name in reached]


class _Writer:
    """Writes one database."""

    def __init__(self, connection: sqlite3.Connection, contents: Contents, tables: Mapping[str, Table]) -> None:
        self.connection = connection
        self.contents = contents
        self.tables = tables
        self.free = FreeNames(tables)
        self.codes: dict[tuple[str, str], str] = {}

    def write_all(self) -> None:
        """Write tables first, then views of them."""
        for table in self.tables.values():
            for field in table.schema.fields:
                if field.categories:
                    name = self.codes[table.name, field.name] = self.free.take(f"codes_{table.name}_{field.name}")
                    self._fill(name, *create_codes(name, field))
        for name, table in self.tables.items():
            self._fill(name, create_table(table, self.tables, self.codes), rows_of(table))
        self._write_descriptions()
        self._write_labelled()
        if len(self.tables) == len(self.contents.tables):
            self._write_totals()

    def _fill(self, name: str, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self.connection.execute(statement)
        width = len(self.connection.execute(f"SELECT * FROM {quoted_name(name)}").description)
        places = ", ".join("?" * width)
        self.connection.executemany(f"INSERT INTO {quoted_name(name)} VALUES ({places})", rows)

    def _view(self, name: str, query: str) -> str:
        name = self.free.take(name)
        self.connection.execute(f"CREATE VIEW {quoted_name(name)} AS\n{query}")
        return name

    def _write_descriptions(self) -> None:
        """Write what the descriptor and the schemas say."""
        properties = self.contents.descriptor.properties
        self._describe("about_package", ("property", "value"), describe_package(properties).items())
        resources = self.contents.descriptor.resources
        about = [(name, resources[name].title, resources[name].description) for name in self.tables]
        self._describe("about_tables", ("table", "title", "description"), about)
        fields = [
            (name, str(position), field.name, field.title, field.type, field.description)
            for name, table in self.tables.items()
            for position, field in enumerate(table.schema.fields, 1)
        ]
        self._describe("about_fields", ("table", "position", "field", "title", "type", "description"), fields)

    def _describe(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        name = self.free.take(name)
        parts = [f'"{column}" {"INTEGER" if column == "position" else "TEXT"} NOT NULL' for column in columns]
        self._fill(name, f"CREATE TABLE {quoted_name(name)} ({', '.join(parts)}) STRICT", rows)

    def _write_labelled(self) -> None:
        for name, table in self.tables.items():
            query = labelled_query(table, self.tables, self.codes)
            if query is not None:
                self._view(f"{name}_labelled", query)

    def _write_totals(self) -> None:
        """Write the views that compute what the package says of its own numbers."""
        totals = self.contents.totals
        stated = self._references()
        about = {str(self.contents.descriptor.properties.get(name)) for name in DECLARATIONS}
        for (table, paths), columns in groupings(stated.values(), totals, about).items():
            self._view(*grouped_query(table, paths, columns, totals))
        queries = {
            text: total_query(reference, totals, self.codes)
            for text, reference in stated.items()
            if not reference.stars
        }
        rows = [f"({quoted_text(text)}, {query})" for text, query in queries.items() if query is not None]
        if not rows:
            return
        listed = ",\n".join(rows)
        name = self._view("totals", f"SELECT column1 AS reference, column2 AS value FROM (VALUES\n{listed})")
        mentions = self.contents.mention_table
        if mentions is not None:
            self._view(
                "printed_totals",
                'SELECT m."mention_id", m."locator", m."printed", m."relation", m."value", m."total", '
                'own.value AS total_value, m."share_of", base.value AS share_of_value '
                f'FROM {quoted_name(mentions.name)} AS m JOIN {quoted_name(name)} AS own ON own.reference = m."total" '
                f'LEFT JOIN {quoted_name(name)} AS base ON base.reference = m."share_of"',
            )

    def _references(self) -> dict[str, Reference]:
        """Return the totals that mentions and rules name, by their text: as a mention has it, else as it is printed."""
        found: dict[str, Reference] = {}
        table = self.contents.mention_table
        if table is not None:
            for mention in self.contents.mentions:
                for column, reference in (("total", mention.total), ("share_of", mention.share_of)):
                    if reference is not None:
                        found[to_text(table.columns[column][mention.row])] = reference
        for rule in self.contents.rules:
            found |= {str(reference): reference for reference in rule.equation.references}
        summable = self._summable()
        return {
            text: reference
            for text, reference in found.items()
            if reference.column is None or (reference.table, reference.column) in summable
        }

    def _summable(self) -> set[tuple[str, str]]:
        """Return the columns of which no sum has more than 64 bits: on such a one a query would fail as a whole."""
        return {
            (name, field.name)
            for name, table in self.tables.items()
            for field in table.schema.fields
            if field.type in SUMMABLE
            and (field.type == "number" or sum(abs(cell) for cell in table.columns[field.name] if cell) <= LARGEST)  # type: ignore[arg-type, misc]
        }
