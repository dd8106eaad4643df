"""Exports: which files a table or a whole package becomes in a format, and where they go."""

from __future__ import annotations

import os

from scrdata.contents import with_evidence
from scrdata.errors import ScrdataError, UnknownNameError
from scrdata.findings import shown
from scrdata.formats.naming import name_files
from scrdata.writing import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.validation import Contents

FORMATS = ("csv", "json", "parquet", "xlsx", "sqlite")
# Formats of which one file holds one table.
SINGLE = ("csv", "parquet")


def make_files(contents: Contents, table: str | None, file_format: str) -> dict[str, bytes]:
    """Return the files that an export consists of, by name.

    Only tables that stand in the files are read; those of rules and mentions too where a database of all tables
    computes what they speak of.

    Args:
        contents: the package, opened.
        table: the name of a table; all tables if `None`.
        file_format: one of `FORMATS`.

    Raises:
        UnknownNameError: there is no such table or format.
        InvalidPackageError: a table that is needed cannot be read.
        ScrdataError: the format cannot hold a value.
    """
    if file_format not in FORMATS:
        raise UnknownNameError("format", file_format, list(FORMATS))
    if table is not None and table not in contents.tables:
        raise UnknownNameError("table", table, list(contents.tables))
    stems = dict(zip(contents.tables, name_files(contents.tables), strict=True))
    if table is None and file_format not in SINGLE:
        name = contents.descriptor.properties.get("name")
        (stem,) = name_files([name if isinstance(name, str) and name else "package"])
        return {f"{stem}.{file_format}": _all(contents, file_format)}
    wanted = [table] if table is not None else list(contents.tables)
    return {f"{stems[name]}.{file_format}": _one(contents, name, file_format) for name in wanted}


def _one(contents: Contents, name: str, file_format: str) -> bytes:
    if file_format == "csv":
        from scrdata.formats.csv_text import write_csv

        return write_csv(contents.tables[name])
    if file_format == "json":
        from scrdata.formats.json_text import write_json

        return write_json(contents.tables[name])
    if file_format == "parquet":
        from scrdata.formats.parquet import write_parquet

        return write_parquet(contents.tables[name], contents.descriptor)
    if file_format == "xlsx":
        from scrdata.formats.workbook import write_workbook

        return write_workbook(contents, [name])
    from scrdata.formats.sqlite import write_sqlite

    return write_sqlite(contents, [name])


def _all(contents: Contents, file_format: str) -> bytes:
    if file_format == "json":
        from scrdata.formats.json_text import write_json_tables

        return write_json_tables(contents.tables)
    if file_format == "xlsx":
        from scrdata.formats.workbook import write_workbook

        return write_workbook(contents)
    from scrdata.formats.sqlite import write_sqlite

    return write_sqlite(with_evidence(contents))


def format_of(path: str | None, file_format: str | None) -> str:
    """Return the format that is asked for by name or by the end of a path.

    Raises:
        ScrdataError: neither says it, or the two say different ones.
    """
    known = f"one of {', '.join(FORMATS)}"
    ending = os.path.splitext(path or "")[1].removeprefix(".").lower()
    if file_format is None:
        if ending not in FORMATS or is_folder(path or ""):
            raise ScrdataError(f"the format is not said; expected {known}, by name or as the end of the file's name")
        return ending
    if ending in FORMATS and ending != file_format and not is_folder(path or ""):
        raise ScrdataError(f"{shown(path or '')} ends like a {ending} file, and the format is {file_format}")
    return file_format


def is_folder(path: str) -> bool:
    """Say whether a path is meant as that of a folder: it is one, or ends as only a folder's can."""
    return path.endswith(("/", os.sep)) or os.path.isdir(path)


def write_files(files: Mapping[str, bytes], path: str) -> list[str]:
    """Write the files of an export, each whole or not at all; return their paths.

    Args:
        files: bytes by name.
        path: of the file, if there is one file; or of a folder, which is made if it ends in `/` or is needed.

    Raises:
        ScrdataError: a file cannot be written.
    """
    in_folder = len(files) > 1 or is_folder(path)
    written = []
    try:
        if in_folder:
            os.makedirs(path, exist_ok=True)
        for name, data in files.items():
            place = os.path.join(path, name) if in_folder else path
            write_file(place, data)
            written.append(place)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ScrdataError(f"{shown(path)} cannot be written: {reason}") from None
    return written
