"""Exports: which files a table or a whole package becomes in a format, and where they go."""

from __future__ import annotations

import os

from scrdata.errors import ScrdataError, UnknownNameError
from scrdata.findings import shown
from scrdata.writing import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.reading import Table
    from scrdata.validation import Contents

FORMATS = ("csv", "json", "parquet", "xlsx", "sqlite")
# Formats of which one file holds one table.
SINGLE = ("csv", "parquet")


def make_files(contents: Contents, table: str | None, file_format: str) -> dict[str, bytes]:
    """Return the files that an export consists of, by name.

    Args:
        contents: the package, with rules and mentions read.
        table: the name of a table; all tables if `None`.
        file_format: one of `FORMATS`.

    Raises:
        UnknownNameError: there is no such table or format.
        ScrdataError: the format cannot hold a value.
    """
    if file_format not in FORMATS:
        raise UnknownNameError("format", file_format, list(FORMATS))
    if table is not None and table not in contents.tables:
        raise UnknownNameError("table", table, list(contents.tables))
    if table is None and file_format in SINGLE:
        return {f"{name}.{file_format}": _one(contents, name, file_format) for name in contents.tables}
    if table is None:
        name = contents.descriptor.properties.get("name")
        stem = name if isinstance(name, str) and "/" not in name else "package"
        return {f"{stem}.{file_format}": _all(contents, file_format)}
    return {f"{table}.{file_format}": _one(contents, table, file_format)}


def _one(contents: Contents, name: str, file_format: str) -> bytes:
    table = contents.tables[name]
    if file_format == "csv":
        from scrdata.formats.csv_text import write_csv

        return write_csv(table)
    if file_format == "json":
        from scrdata.formats.json_text import write_json

        return write_json(table)
    if file_format == "parquet":
        from scrdata.formats.parquet import write_parquet

        resource = contents.descriptor.resources[name]
        return write_parquet(table, resource.title, resource.description)
    if file_format == "xlsx":
        from scrdata.formats.workbook import write_workbook

        return write_workbook(contents, [name])
    from scrdata.formats.sqlite import write_sqlite

    return write_sqlite(contents, [name])


def _all(contents: Contents, file_format: str) -> bytes:
    if file_format == "json":
        from scrdata.formats.json_text import write_json_tables

        tables: Mapping[str, Table] = contents.tables
        return write_json_tables(tables)
    if file_format == "xlsx":
        from scrdata.formats.workbook import write_workbook

        return write_workbook(contents)
    from scrdata.formats.sqlite import write_sqlite

    return write_sqlite(contents)


def format_of(path: str | None, file_format: str | None) -> str:
    """Return the format that is asked for by name or by the end of a path.

    Raises:
        ScrdataError: neither says it, or the two say different ones.
    """
    known = f"one of {', '.join(FORMATS)}"
    ending = os.path.splitext(path or "")[1].removeprefix(".").lower()
    if file_format is None:
        if ending not in FORMATS:
            raise ScrdataError(f"the format is not said; expected {known}, by name or as the end of the file's name")
        return ending
    if ending in FORMATS and ending != file_format and not os.path.isdir(path or ""):
        raise ScrdataError(f"{shown(path or '')} ends like a {ending} file, and the format is {file_format}")
    return file_format


def write_files(files: Mapping[str, bytes], path: str) -> list[str]:
    """Write the files of an export, each whole or not at all; return their paths.

    Args:
        files: bytes by name.
        path: of the file, if there is one file; or of a folder, which is made if it ends in `/` or is needed.

    Raises:
        ScrdataError: a file cannot be written.
    """
    in_folder = len(files) > 1 or path.endswith(("/", os.sep)) or os.path.isdir(path)
    written = []
    try:
        if in_folder:
            os.makedirs(path, exist_ok=True)
        for name, data in files.items():
            place = os.path.join(path, name) if in_folder else path
            write_file(place, data)
            written.append(place)
    except OSError as error:
        raise ScrdataError(f"{shown(path)} cannot be written: {error.strerror or error}") from None
    return written
