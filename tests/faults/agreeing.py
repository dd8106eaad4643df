"""One fault before the strict reader and before an engine: whether both give the same verdict, for the same reasons.

Two ways lead to an engine. The files go through DuckDB as `validate --engine duckdb` reads large ones, here
whatever their size; the whole report has to be the same. Or the tables are given to `check` as frames of a library;
what a frame does not have, bytes, lines, the order of rows and more, is left out of the comparison: see `essence`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import scrdata
from scrdata.errors import InvalidPackageError, PackageError, ScrdataError
from scrdata.opening import open_storage
from tests.conftest import PackageFolder

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata import Finding, Report
    from tests.faults.fault import Fault
    from tests.faults.judging import Watch

SAME, DIFFERENT, OTHER_VERDICT, NOT_ASKED = "same", "different", "other verdict", "not asked"
FILES = "duckdb-files"
WAYS = (FILES, "pandas", "polars", "lazy-polars", "pyarrow", "duckdb")
# Not among the ways that tests take: Spark needs seconds for each package.
SPARK_FILES = "spark-files"
DUPLICATES = ("primary_key_is_unique", "unique_key_is_unique", "cell_is_unique")
# What is wrong with bytes or lines, so that there is no table that a frame could hold.
OF_FILES = frozenset(
    (
        *("byte_count_is_as_declared", "hash_is_as_declared", "row_count_is_as_declared", "file_exists"),
        *("file_size_is_allowed", "path_stays_in_package", "file_has_no_byte_order_mark", "file_is_utf8"),
        *("file_has_no_nul", "line_ends_agree", "header_is_as_declared", "header_names_are_unique"),
        *("line_is_not_blank", "row_has_all_cells", "row_is_within_limits", "quotation_marks_are_paired"),
        *("archive_is_allowed", "archive_members_are_unique"),
    )
)


def agree(way: str, fault: Fault, pristine: dict[str, bytes], folder: Path, _: Watch | None = None) -> tuple[str, str]:
    """Spoil a fresh package in `folder`, and judge it twice; return how the reports compare, and details."""
    package = PackageFolder(folder / "small")
    for file, content in pristine.items():
        package.write(file, content)
    location = fault.spoil(package).package or package.folder
    try:
        strict = scrdata.validate(location)
    except PackageError:
        return NOT_ASKED, "it cannot be opened"
    if way in (FILES, SPARK_FILES):
        return agree_on_files(location, strict, way.partition("-")[0])
    return agree_on_frames(way, location, strict)


def judge_files(location: str | os.PathLike[str], engine: str = "duckdb") -> Report:
    """Judge a package as `validate --engine` does if each of its files is large."""
    from scrdata.frames import checking

    return checking.judge_files(open_storage(os.fspath(location)), list, 0, engine=engine)


def agree_on_files(location: str | os.PathLike[str], strict: Report, engine: str = "duckdb") -> tuple[str, str]:
    """Say how the report on files that go through an engine compares with that of the strict reader."""
    try:
        report = judge_files(location, engine)
    except ScrdataError as refusal:
        # An archive has to be unpacked first.
        return NOT_ASKED, str(refusal)
    ours, theirs = strict.to_dict(), report.to_dict()
    different = [part for part in ours if ours[part] != theirs[part]]
    return compared(strict, report, [f"{part}: {ours[part]} / {theirs[part]}" for part in different])


def agree_on_frames(kind: str, location: str | os.PathLike[str], strict: Report, spark: Any = None) -> tuple[str, str]:  # noqa: ANN401
    """Say how the report on all tables as frames of a library compares with that on their files."""
    from tests.engine_frames import NoFrameError, frames_of, typed_tables

    if OF_FILES & {finding.rule for finding in strict.findings}:
        return NOT_ASKED, "the files are no tables"
    try:
        tables, mistyped = typed_tables(open_storage(os.fspath(location)))
        report = scrdata.check(frames_of(tables, kind.replace("-", " "), spark), os.fspath(location))
    except (NoFrameError, InvalidPackageError) as refusal:
        return NOT_ASKED, str(refusal)
    if mistyped:
        # A column with cells that are not of its type is a column of texts, which does not fit as a whole.
        found = {(f.file, f.column) for f in report.findings if f.rule == "column_fits_type"}
        missed = sorted(mistyped - {(str(file).removeprefix("table "), str(column)) for file, column in found})
        return compared(strict, report, [f"accepted as they are: {missed}"] if missed else [])
    return compared(strict, report, differences(strict, report))


def compared(strict: Report, report: Report, different: list[str]) -> tuple[str, str]:
    """Return the word for what differs, and the differences as text."""
    details = "\n    ".join(part[:1_500] for part in different)
    if report.valid != strict.valid:
        return OTHER_VERDICT, f"valid {strict.valid} / {report.valid}\n    {details}"
    return (DIFFERENT, details) if different else (SAME, "")


def essence(findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Return what findings about a file and about a frame have in common.

    A wrong cell of the key itself is shown in the key of a frame, where nothing else says which row it is. Keys in
    several rows are one finding of a frame for each key; numbers and flags are spelt as the library holds them.
    """
    parts: set[tuple[object, ...]] = set()
    for f in findings:
        key = tuple((name, cell) for name, cell in f.key.items() if name != f.column)
        rest = () if f.rule in DUPLICATES else (key, f.column, _as_value(f.found), f.expected)
        parts.add((f.rule, f.severity, *rest))
    return sorted(parts, key=str)


def _as_value(found: object) -> object:
    if not isinstance(found, str):
        return found
    if found.lower() in ("true", "false"):
        return float(found.lower() == "true")
    try:
        return float(found)
    except ValueError:
        return found


def differences(strict: Report, report: Report) -> list[str]:
    """Return in what a frame was judged otherwise than the file: findings, counts, and all that stays open."""
    pairs: dict[str, tuple[object, object]] = {
        "findings": (essence(strict.findings), essence(report.findings)),
        "errors": (strict.errors, report.errors),
        "warnings": (strict.warnings, report.warnings),
        "checked": tuple(
            {what: number for what, number in side.checked.items() if what != "hashes"} for side in (strict, report)
        ),  # type: ignore[dict-item]
        "not checked": tuple({item.check for item in side.not_checked} for side in (strict, report)),  # type: ignore[dict-item]
        "open": (sorted(i.check for i in strict.open), sorted(i.check for i in report.open)),
        "known": (strict.known_discrepancies, report.known_discrepancies),
    }
    return [f"{what}: {ours} / {theirs}" for what, (ours, theirs) in pairs.items() if ours != theirs]
