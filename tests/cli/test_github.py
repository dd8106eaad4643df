"""The workflow commands of GitHub Actions: one annotation for each thing that makes a package invalid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrdata
from scrdata.cli.github import SHOWN_BY_GITHUB

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


def test_annotations_and_verdict(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each finding is an annotation at its line; the verdict and the first suspect follow as in the text."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    small_package.repair()
    monkeypatch.chdir(small_package.folder)
    code, out, errors = run("validate", "--format", "github")
    assert (code, errors) == (1, "")
    assert (
        "::error file=data/loans.csv,line=7,title=adults_borrow_more::Adults borrow more. It does not hold: "
        "loans[branch_id=quay,kind=child].loans <= loans[branch_id=quay,kind=adult].loans reads 9 <= 8. "
        "Found 9, expected at most 8.\n"
    ) in out
    text = run("validate")[1]
    assert out.splitlines()[-3:] == text.splitlines()[-3:]
    assert out.splitlines()[-1].startswith("first suspect: data/loans.csv, line 7")


def test_valid_package_has_no_annotation(run: Run, small_package: PackageFolder) -> None:
    """A valid package gets the lines of the text and no command."""
    assert run("validate", "--format", "github", small_package.folder) == run("validate", small_package.folder)


def test_warnings_and_unchecked(run: Run, small_package: PackageFolder) -> None:
    """Warnings are warnings, and what was not checked is an error."""
    small_package.add_column({"type": "string"}, "two  spaces")
    small_package.write("data/branches.csv", "branch_id,name\n")
    code, out, _ = run("validate", "--format", "github", small_package.folder)
    assert code == 1
    assert "::warning file=" in out
    wanted = "::error title=not checked::branches_are_three was not checked: the table 'branches' was not accepted\n"
    assert wanted in out


def test_many_findings_get_a_notice(run: Run, small_package: PackageFolder) -> None:
    """All findings are printed; where GitHub shows only the first, a notice says so."""
    small_package.add_column({"type": "integer"}, *["x"] * SHOWN_BY_GITHUB)
    out = run("validate", "--format", "github", small_package.folder)[1]
    assert out.count("::error ") == scrdata.validate(small_package).errors == SHOWN_BY_GITHUB
    assert "::notice::" not in out
    small_package.add_column({"type": "integer"}, *["x"] * (SHOWN_BY_GITHUB + 1))
    out = run("validate", "--format", "github", small_package.folder)[1]
    assert out.count("::error ") > SHOWN_BY_GITHUB
    assert "::notice::GitHub shows the first 10 errors and warnings" in out


def test_unopenable_package_is_annotated(run: Run, tmp_path: Path) -> None:
    """What cannot be opened is an error without a file, since there is none to mark."""
    code, out, _ = run("validate", "--format", "github", tmp_path / "no,where")
    assert code == 2
    first = f"::error title=package_can_be_opened::{tmp_path}/no,where cannot be opened: No such file or directory\n"
    assert out.startswith(first)
