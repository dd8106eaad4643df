"""`scrdata export`: one table or all, to standard output, a file or a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrdata.formats.exporting import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

BINARY = ("parquet", "xlsx", "sqlite")


def start(*arguments: object, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a program of its own."""
    command = [sys.executable, "-m", "scrdata", "export", *map(str, arguments)]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False)


def options(package: PackageFolder, *more: object) -> tuple[object, ...]:
    """Return the option that names the package, and further arguments."""
    return ("--package", package.folder, *more)


@pytest.mark.parametrize("file_format", FORMATS)
def test_standard_output_has_the_bytes_of_the_file(
    small_package: PackageFolder, tmp_path: Path, file_format: str
) -> None:
    """What goes to standard output is the file, byte for byte; nothing else is said."""
    path = tmp_path / f"x.{file_format}"
    done = start("loans", "--format", file_format, *options(small_package))
    assert (done.returncode, done.stderr) == (0, b"")
    written = start("loans", "--output", path, *options(small_package))
    assert (written.returncode, written.stdout.decode()) == (0, f"{path}\n")
    assert path.read_bytes() == done.stdout


def test_files_of_a_folder_are_listed(run: Run, small_package: PackageFolder, tmp_path: Path) -> None:
    """All tables go to a folder, which is made with those above it; every path is printed."""
    folder = tmp_path / "new" / "folder"
    code, out, errors = run("export", "--all", "--format", "csv", "--output", folder, *options(small_package))
    names = ("branches", "loans", "rules", "discrepancies")
    assert (code, errors) == (0, "")
    assert out.splitlines() == [str(folder / f"{name}.csv") for name in names]
    assert {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {
        name: run("show", name, "--format", "csv", *options(small_package))[1] for name in names
    }


def test_all_tables_are_one_object(run: Run, small_package: PackageFolder) -> None:
    """All tables as JSON are one object by their names."""
    code, out, _ = run("export", "--all", "--format", "json", *options(small_package))
    assert code == 0
    assert list(json.loads(out)) == ["branches", "loans", "rules", "discrepancies"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "either the name of a TABLE or --all is needed"),
        (("loans", "--all", "--format", "csv"), "either the name of a TABLE or --all is needed"),
        (("loans",), "the format is not said; expected one of csv, json, parquet, xlsx, sqlite"),
        (("loans", "--output", "loans.txt"), "the format is not said"),
        (("loans", "--output", "loans.csv", "--format", "json"), "ends like a csv file, and the format is json"),
        (("loans", "--format", "pdf"), "invalid choice: 'pdf'"),
        (("--all", "--format", "csv"), "name a folder by --output"),
        (("--all", "--format", "parquet"), "name a folder by --output"),
        (("loan", "--format", "csv"), "no table is called 'loan'; did you mean 'loans'?"),
        (("loans", "--output", "nowhere/loans.csv"), "nowhere/loans.csv cannot be written: No such file or directory"),
        (("loans", "--output", "datapackage.json/x.csv"), "cannot be written: Not a directory"),
        (("--all", "--output", "datapackage.json", "--format", "csv"), "ends like a json file"),
        (("--all", "--output", "LICENCE", "--format", "csv"), "LICENCE cannot be written: File exists"),
    ],
)
def test_misuse_is_told(
    run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """What cannot be done ends with 2, says what was expected, and leaves no file."""
    monkeypatch.chdir(small_package.folder)
    small_package.write("LICENCE", "a file")
    before = sorted(small_package.folder.rglob("*"))
    code, out, errors = run("export", *arguments)
    assert (code, out) == (2, "")
    assert words in errors
    assert sorted(small_package.folder.rglob("*")) == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_spoilt_table_is_not_exported(
    run: Run, small_package: PackageFolder, tmp_path: Path, file_format: str
) -> None:
    """A table with a wrong cell ends with 1 and its place, and the old file stays as it is."""
    small_package.spoil("data/loans.csv", "south,child,15", "south,child,many")
    small_package.repair()
    path = tmp_path / f"loans.{file_format}"
    path.write_bytes(b"old")
    code, out, errors = run("export", "loans", "--output", path, *options(small_package))
    assert (code, out) == (1, "")
    assert "data/loans.csv, line 5, column loans" in errors
    assert path.read_bytes() == b"old"
    assert run("export", "branches", "--format", "csv", *options(small_package))[0] == 0


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_terminal_gets_no_binary_file(small_package: PackageFolder, file_format: str) -> None:
    """On a terminal text is printed, and a file that is no text is refused with the way out."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    try:
        done = start("branches", "--format", file_format, *options(small_package), stdout=theirs)
        os.set_blocking(ours, False)
        if file_format in BINARY:
            assert done.returncode == 2
            assert f"a {file_format} file is not for a terminal: name a file by --output".encode() in done.stderr
            with pytest.raises(BlockingIOError):
                os.read(ours, 1)
        else:
            assert done.returncode == 0
            assert b"Quay, Old" in os.read(ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("file_format", ["csv", "sqlite"])
def test_a_full_disk_is_told(small_package: PackageFolder, file_format: str) -> None:
    """Where nothing can be written the command says so and ends with 2."""
    with open("/dev/full", "wb") as full:
        done = start("loans", "--format", file_format, *options(small_package), stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr.decode() == "scrdata export: the output cannot be written: No space left on device\n"


def test_a_reader_may_go_away(small_package: PackageFolder) -> None:
    """A reader that has seen enough, as `head` has, is no failure."""
    cells = [f"{'x' * 1000}{number}" for number in range(1000)]
    small_package.add_column({"type": "string"}, *cells)
    command = [sys.executable, "-m", "scrdata", "export", "cells", "--format", "csv", "--package"]
    with subprocess.Popen(
        [*command, str(small_package.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(8) == b"row,cell"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_stop_leaves_the_old_file(
    run: Run, small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk fails in the middle, the old file stands unchanged and nothing lies beside it."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "out" / "loans.csv"
    path.parent.mkdir()
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    code, out, errors = run("export", "loans", "--output", path, *options(small_package))
    assert (code, out) == (2, "")
    assert errors == f"scrdata export: {path} cannot be written: No space left on device\n"
    assert path.read_bytes() == b"old"
    assert os.listdir(path.parent) == ["loans.csv"]
