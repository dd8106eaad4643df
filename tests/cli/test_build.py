"""`scrdata build`: what it prints, and the bar that it shows."""

from __future__ import annotations

import io
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import InvalidPackageError
from scrdata.cli.build import with_bar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


class Terminal(io.StringIO):
    """What looks like a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_answer_counts_the_files(run: Run, small_package: PackageFolder, tmp_path: Path) -> None:
    """The answer says how many files of each kind there are, where, of which version, and the content hash."""
    code, out, errors = run("build", tmp_path / "out", "--package", small_package.folder)
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert lines[1].split() == ["8", "tables,", "as", "CSV", "and", "as", "Parquet"]
    total = sum(int(line.split()[0]) for line in lines[:5])
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert total == len(files) - 1
    assert lines[5].startswith(f"built {tmp_path / 'out'}: small 1.0.0, {total} files, ")
    assert len(lines[6].removeprefix("content: sha256:")) == 64


def test_an_invalid_package_is_refused(small_package: PackageFolder, tmp_path: Path, run: Run) -> None:
    """A package with a finding is not built: exit 1, the findings are printed, and nothing is written."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    small_package.repair()
    for wanted in ("text", "json"):
        code, out, errors = run("build", tmp_path / "out", "--package", small_package.folder, "--format", wanted)
        assert (code, errors) == (1, "")
        assert "loans_are_94" in out
    with pytest.raises(InvalidPackageError) as caught:
        scrdata.build_release(tmp_path / "out", small_package.folder)
    assert caught.value.report is not None
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(small_package: PackageFolder, run: Run) -> None:
    """Where no folder can be made, the command says so and ends with 2."""
    code, out, errors = run("build", "/dev/null/out", "--package", small_package.folder)
    assert (code, out) == (2, "")
    assert "/dev/null/out cannot be" in errors


def test_a_version_number_that_is_too_small_is_refused(run: Run, small_package: PackageFolder, tmp_path: Path) -> None:
    """Beside the previous release, the number must be large enough for what changed: else exit 1 and why."""
    before = tmp_path / "before"
    shutil.copytree(small_package.folder, before)
    small_package.spoil("data/loans.csv", "north,adult,30,400", "north,adult,30,401")
    small_package.repair()
    small_package.edit("datapackage.json", "version", to="1.0.1")
    command = ("build", tmp_path / "out", "--package", small_package.folder, "--previous", before)
    code, out, errors = run(*command)
    assert (code, out) == (1, "")
    assert "1.1.0" in errors
    assert not (tmp_path / "out").exists()
    small_package.edit("datapackage.json", "version", to="1.1.0")
    assert run(*command).code == 0  # type: ignore[attr-defined]


def test_bar_appears_after_a_second_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a build that takes longer than a second shows how far it is; elsewhere nothing is shown."""
    for stream, shows in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        seen = []
        for item in with_bar([1, 2, 3]):  # type: ignore[list-item]
            seen.append((item, stream.getvalue() != ""))
            time.sleep(0.6)
        assert [item for item, _ in seen] == [1, 2, 3]
        assert [shown for _, shown in seen][:2] == [False, False]
        assert ("building" in stream.getvalue()) == shows
