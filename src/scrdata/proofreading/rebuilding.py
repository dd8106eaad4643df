"""The tables that the text prints: as CSV, and compared with those of a package."""

from __future__ import annotations

import csv
import io
import os
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from scrdata.errors import UnknownNameError
from scrdata.findings import Finding, quoted, shown
from scrdata.proofreading.annex_b import read_annex_b
from scrdata.proofreading.report_tables import read_causes, read_durations, read_judgements
from scrdata.values import to_text
from scrdata.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.package import Package
    from scrdata.proofreading.printed import PrintedTable
    from scrdata.proofreading.source import Source
    from scrdata.reading import Table

# Of `boards` the text gives two columns only, so its file cannot be rebuilt.
WRITTEN = ("reviews", "judgements", "durations", "causes_of_death")


def rebuild(source: Source) -> dict[str, PrintedTable]:
    """Return every table that the text prints, by name.

    Raises:
        SourceError: a table is not there, or not as the report prints it.
    """
    boards, reviews = read_annex_b(source)
    tables = (boards, reviews, read_judgements(source), read_durations(source), read_causes(source))
    return {table.name: table for table in tables}


def as_csv(printed: PrintedTable) -> str:
    """Return a table as the text of its CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(printed.columns)
    writer.writerows(row.cells for row in printed.rows)
    return text.getvalue()


def write_tables(tables: dict[str, PrintedTable], folder: str | os.PathLike[str]) -> list[str]:
    """Write the tables that the text gives in full, one CSV file each; return the paths.

    The folder is made if it does not exist.

    Raises:
        OSError: a file cannot be written; a file that stood in its place still stands there whole.
    """
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, f"{name}.csv") for name in WRITTEN]
    for name, path in zip(WRITTEN, paths, strict=True):
        write_file(path, as_csv(tables[name]).encode())
    return paths


def compare(printed: PrintedTable, package: Package) -> list[Finding]:
    """Return every difference between a table that the text prints and the same table of a package.

    Rows are aligned by what they say, so that a row missing on one side is one difference. Columns
    that only number the rows are held against the place of the row in its own table.

    A finding's `found` is what stands in the package, `expected` what the text prints; a printed
    total that is not the sum of its parts is a finding about the text.

    Raises:
        UnknownNameError: the package has no such table or column.
        InvalidPackageError: the table cannot be read.
    """
    table = package.table(printed.name)
    rows = _rows(table, printed.columns)
    findings = [*printed.findings, *_misnumbered(printed, table, rows)]
    start = printed.numbering
    ours, theirs = [row.cells[start:] for row in printed.rows], [row[start:] for row in rows]
    for kind, a, a_end, b, b_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "replace" and a_end - a == b_end - b:
            for step in range(a_end - a):
                findings += _changed(printed, a + step, table, b + step, rows[b + step])
        elif kind != "equal":
            findings += (_not_in_package(printed, place, table) for place in range(a, a_end))
            findings += (_not_in_text(table, place, rows[place]) for place in range(b, b_end))
    return findings


def _rows(table: Table, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    for name in columns:
        if name not in table.columns:
            raise UnknownNameError(f"column of {table.name!r}", name, list(table.columns))
    texts = ([to_text(value) for value in table.columns[name]] for name in columns)
    return list(zip(*texts, strict=True))


def _misnumbered(printed: PrintedTable, table: Table, rows: list[tuple[str, ...]]) -> Iterator[Finding]:
    """Find rows of the package whose number is not that of their place."""
    for place, (row, expected) in enumerate(zip(rows, printed.rows, strict=False)):
        for name, cell, number in zip(printed.columns[: printed.numbering], row, expected.cells, strict=False):
            if cell != number:
                message = f"the package numbers the row {quoted(cell)}, by its place it is {quoted(number)}"
                yield table.finding("row_is_numbered_by_place", message, place, name, found=cell, expected=number)


def _changed(printed: PrintedTable, place: int, table: Table, row: int, cells: tuple[str, ...]) -> Iterator[Finding]:
    """Compare two rows that stand at the same place, cell by cell."""
    theirs = printed.rows[place]
    for column in range(printed.numbering, len(cells)):
        found, expected = cells[column], theirs.cells[column]
        if found != expected:
            message = f"the text prints {quoted(expected)} (line {theirs.line}), the package has {quoted(found)}"
            name = printed.columns[column]
            yield table.finding("cell_is_as_printed", message, row, name, found=found, expected=expected)


def _not_in_package(printed: PrintedTable, place: int, table: Table) -> Finding:
    row = printed.rows[place]
    cells = ", ".join(row.cells[printed.numbering :])
    message = f"the text prints {quoted(cells)} (line {row.line}, row {place + 1}), the package has no such row here"
    return table.finding("printed_row_is_in_table", message, expected=shown(cells))


def _not_in_text(table: Table, place: int, cells: tuple[str, ...]) -> Finding:
    row = ", ".join(cells)
    message = f"the package has {quoted(row)}, the text prints no such row here"
    return table.finding("row_is_printed", message, place, found=shown(row))
