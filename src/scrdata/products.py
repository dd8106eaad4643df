"""What is made of a package, or into one.

These functions are the public interface `scrdata` itself, which loads them when they are first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from scrdata.release.building import Progress, Release
    from scrdata.scaffolding import NewPackage


def build_release(
    folder: str | os.PathLike[str],
    location: str | os.PathLike[str] | None = None,
    *,
    base_url: str | None = None,
    previous: str | os.PathLike[str] | None = None,
    progress: Progress = list,
) -> Release:
    """Build the release of a package: a folder with all formats, all metadata and all checksums.

    The folder holds the package itself, the same as one zip archive, every table as Parquet, all tables as one
    SQLite database and one workbook, a data dictionary, a citation, descriptions by CSV on the Web, Croissant,
    DCAT-AP, schema.org and RO-Crate, and `SHA256SUMS`. It is written in one step, and the same package gives
    the same bytes. Needs the extra `release`.

    Args:
        folder: to be written. It must not exist, be empty, or hold an earlier release and nothing else.
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        base_url: where the files will stand, for standards that ask for addresses;
            `https://example.org/scrdata/`, a placeholder, if omitted.
        previous: where the package of the previous release stands, if the version number is to be held against it.
        progress: is given the list of files to make and yields each in its turn, so that it can show how far it is.

    Returns:
        A `Release` with `folder`, `version`, `content_hash` (SHA-256, of the package's own files) and `files`, each
        with `path`, `size` in bytes and `sha256`.

    Raises:
        PackageError: there is no package at that place.
        InvalidPackageError: the package is not valid; its `report` holds the findings.
        ScrdataError: the version number is too small for what changed, something is in the way, the folder cannot be
            written to, or the extra is not installed.

    >>> build_release("README.md")
    Traceback (most recent call last):
    ...
    scrdata.errors.ScrdataError: README.md is no folder; name one that does not exist yet
    """
    from scrdata.package import Package

    return Package(location).build_release(folder, base_url=base_url, previous=previous, progress=progress)


def export(
    table: str | None,
    path: str | os.PathLike[str],
    location: str | os.PathLike[str] | None = None,
    *,
    file_format: str | None = None,
) -> list[str]:
    """Write a table, or all tables, in another format, for the tool that is to read them.

    Every format holds the values that `validate` reads; `docs/formats.md` says how. Each file is written whole or
    not at all. The table is checked as it is read; rules are not.

    Args:
        table: the name of a table; `None` for all, as one file (`json`, `xlsx`, `sqlite`) or one each (`csv`,
            `parquet`). A database has, beside a table, those that its foreign keys lead to.
        path: of the file; or of a folder, in which each file is called after its table.
        location: a folder, a `datapackage.json` or a `.zip`; the shipped package if omitted.
        file_format: `csv`, `json`, `parquet`, `xlsx` (needs the extra `release`) or `sqlite`; what `path` ends in if
            omitted.

    Returns:
        The paths of the files that were written.

    Raises:
        UnknownNameError: there is no such table or format; the text names the nearest.
        InvalidPackageError: the table cannot be read as its schema describes it.
        ScrdataError: the format is not said, cannot hold a value, or the file cannot be written.

    >>> export("reviews", "reviews.pdf")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    scrdata.errors.ScrdataError: the format is not said; expected one of csv, json, parquet, xlsx, sqlite, by name ...
    """
    from scrdata.package import Package

    return Package(location).export(table, path, file_format=file_format)


def init_package(folder: str | os.PathLike[str], name: str | None = None) -> NewPackage:
    """Make a package of a folder of CSV files: a descriptor, a schema for each file, and an empty table of rules.

    What a column is said to be, every cell of it is, by the grammars that `validate` reads with. No file is
    overwritten, and if anything is in the way nothing is written at all.

    Args:
        folder: that holds the `.csv` and `.tsv` files, itself or in folders below.
        name: of the package: small letters, digits, `.`, `_` and `-`; made of the folder's if omitted.

    Returns:
        A `NewPackage` with `name`, `files`, the files that were written, and `tables`; it is valid.

    Raises:
        ScrdataError: there is no such folder or no table in it, a file cannot be read strictly, a file
            would have to be overwritten, or the folder cannot be written to.

    >>> init_package("no/such/folder")
    Traceback (most recent call last):
    ...
    scrdata.errors.ScrdataError: no/such/folder is no folder
    """
    from scrdata.scaffolding import make_package

    return make_package(folder, name)
