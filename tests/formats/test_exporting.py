"""Exports: which files there are, what they are called, and which tables have to be readable for them."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.formats.exporting import FORMATS, format_of, make_files, write_files
from tests.formats.conftest import make_contents

if TYPE_CHECKING:
    from conftest import PackageFolder

TABLES = ("branches", "loans", "rules", "discrepancies")
ONE: tuple[dict[str, object], list[list[str]]] = ({"fields": [{"name": "cell"}]}, [["x"]])


@pytest.mark.parametrize("file_format", FORMATS)
def test_one_table_is_one_file(small_package: PackageFolder, tmp_path: Path, file_format: str) -> None:
    """One table is written to the path, or into the folder under its own name, with the same bytes."""
    path = tmp_path / f"x.{file_format}"
    assert scrdata.export("loans", path, small_package.folder) == [str(path)]
    folder = tmp_path / "folder"
    (written,) = scrdata.export("loans", f"{folder}/", small_package.folder, file_format=file_format)
    assert written == str(folder / f"loans.{file_format}")
    assert Path(written).read_bytes() == path.read_bytes()
    assert os.listdir(folder) == [f"loans.{file_format}"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_all_tables_are_one_file_or_one_each(small_package: PackageFolder, tmp_path: Path, file_format: str) -> None:
    """All tables are one file each as CSV and Parquet, and one file together in the other formats."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept")
    written = scrdata.export(None, tmp_path / "out", small_package.folder, file_format=file_format)
    names = TABLES if file_format in ("csv", "parquet") else ("small",)
    assert written == [str(tmp_path / "out" / f"{name}.{file_format}") for name in names]
    assert sorted(os.listdir(tmp_path / "out")) == sorted(["mine.txt", *map(os.path.basename, written)])


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_table_is_exported_beside_a_broken_one(small_package: PackageFolder, file_format: str) -> None:
    """Only tables that stand in the file have to be readable: a rule that cannot be read spoils no other table."""
    small_package.spoil("data/rules.csv", "branches_are_three", "branches_are_two")
    package = scrdata.open_package(small_package)
    assert list(package.export_bytes("branches", file_format)) == [f"branches.{file_format}"]
    for table in ("rules", None):
        with pytest.raises(scrdata.InvalidPackageError, match="rules"):
            package.export_bytes(table, file_format)


def test_a_broken_rule_or_mismatch_does_not_stop_an_export(small_package: PackageFolder) -> None:
    """Tables whose cells are right are exported though a rule fails: what must be true is for `validate` to say."""
    small_package.spoil("data/loans.csv", "quay,child,4,", "quay,child,5,")
    small_package.repair()
    assert not scrdata.validate(small_package.folder).valid
    data = scrdata.open_package(small_package).export_bytes(None, "sqlite")["small.sqlite"]
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    assert connection.execute("SELECT value FROM totals WHERE reference = 'loans.loans'").fetchone() == (95,)


@pytest.mark.parametrize("file_format", FORMATS)
def test_files_stay_in_their_folder(tmp_path: Path, file_format: str) -> None:
    """Whatever a package and its tables are called, no file is written outside the folder that is named."""
    names = ("../../evil", f"{tmp_path}/evil", "..", "a/b", "evil\0", "a\nb")
    for package in names:
        contents = make_contents({name: ONE for name in names if "\0" not in name}, name=package)
        for table in (None, "../../evil"):
            written = write_files(make_files(contents, table, file_format), str(tmp_path / "in" / "here") + "/")
            assert {Path(path).parent for path in written} == {tmp_path / "in" / "here"}
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "here"] == []


def test_tables_that_differ_in_capitals_have_files_of_their_own(tmp_path: Path) -> None:
    """Where capitals make no difference the second file would replace the first, so its name says more."""
    written = write_files(make_files(make_contents({"Loans": ONE, "loans": ONE}), None, "csv"), str(tmp_path))
    assert [os.path.basename(path) for path in written] == ["Loans.csv", "loans~2.csv"]


def test_the_ending_says_the_format(tmp_path: Path) -> None:
    """The format is that of the ending, whatever its capitals; of a folder it has to be said."""
    assert format_of("a/b.PARQUET", None) == "parquet"
    assert format_of("a/b.data", "csv") == "csv"
    (tmp_path / "folder.csv").mkdir()
    assert format_of(str(tmp_path / "folder.csv"), "json") == "json"
    for path in (str(tmp_path / "folder.csv"), "new.csv/", "data", None):
        with pytest.raises(scrdata.ScrdataError, match="the format is not said"):
            format_of(path, None)
    with pytest.raises(scrdata.ScrdataError, match="ends like a csv file, and the format is json"):
        format_of("a.csv", "json")


def test_a_path_that_no_file_can_have_is_told() -> None:
    """A path with a NUL character is misuse as any other path that cannot be written."""
    with pytest.raises(scrdata.ScrdataError, match="cannot be written: embedded null"):
        write_files({"a.csv": b""}, "a\0b.csv")


def test_unknown_names_are_told() -> None:
    """A table or a format that does not exist is named, with the nearest."""
    contents = make_contents({"loans": ONE})
    with pytest.raises(scrdata.UnknownNameError, match="did you mean 'loans'"):
        make_files(contents, "loan", "csv")
    with pytest.raises(scrdata.UnknownNameError, match="did you mean 'parquet'"):
        make_files(contents, "loans", "parket")
