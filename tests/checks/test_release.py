"""The check before a release: on this project, and on small repositories in which one thing is wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checks import release
from checks.release import HistoryError, check_release, find_release

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent.parent
OLD = "# Changelog\n\n## [1.0.0] - 2026-11-23\n\n### Added\n\n**Data**\n\n- `loans` (6 rows): all.\n"
COUNT = "### Changed\n\n**Data**\n\n- `loans`: a count is right now.\n"


def test_this_project() -> None:
    """The changelog of this project says what changed since its last release, and its number is large enough."""
    if not (ROOT / ".git").exists():
        pytest.skip("a source distribution has no history to compare with")
    assert check_release(ROOT).problems == ()


class Repository:
    """A repository of the small package with one release."""

    def __init__(self, package: PackageFolder) -> None:
        self.package = package
        self.root = package.folder
        package.write("CHANGELOG.md", OLD)
        package.write("CITATION.cff", 'version: 1.0.0\ndate-released: "2026-11-23"\n')
        package.write("pyproject.toml", '[project]\nversion = "1.0.0"\n')
        package.write("src/scrdata/__init__.py", '__version__ = "1.0.0"\n')
        self.git("init", "--quiet")
        self.commit()

    def git(self, *arguments: str) -> str:
        """Run git."""
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        command = ["git", *names, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, encoding="utf-8").stdout

    def commit(self) -> str:
        """Commit everything; return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A step")
        return self.git("rev-parse", "HEAD").strip()

    def correct(self) -> None:
        """Change a count."""
        self.package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
        self.package.repair()

    def state(self, version: str, day: str = "2026-11-25") -> None:
        """State a version everywhere."""
        self.package.edit("datapackage.json", "version", to=version)
        self.package.write("CITATION.cff", f'version: {version}\ndate-released: "{day}"\n')
        self.package.write("pyproject.toml", f'[project]\nversion = "{version}"\n')
        self.package.write("src/scrdata/__init__.py", f'__version__ = "{version}"\n')

    def describe(self, section: str, words: str) -> None:
        """Put a section on top of the changelog."""
        self.package.write("CHANGELOG.md", OLD.replace("## [1.0.0]", f"## [{section}\n\n{words}\n## [1.0.0]"))

    def problems(self) -> list[str]:
        """Return what the check finds wrong."""
        return [problem.removeprefix("CHANGELOG.md, ") for problem in check_release(self.root).problems]


@pytest.fixture
def repository(small_package: PackageFolder) -> Repository:
    """Return a repository with one release."""
    return Repository(small_package)


def test_first_release(repository: Repository) -> None:
    """Before there is a second release there is nothing to compare, but the version is one everywhere."""
    assert repository.problems() == []
    repository.package.write("pyproject.toml", '[project]\nversion = "1.0.1"\n')
    assert repository.problems() == ["pyproject.toml states the version 1.0.1, the changelog 1.0.0"]


def test_unreleased(repository: Repository) -> None:
    """Lines under Unreleased are held against what changed; no number is asked for."""
    repository.correct()
    repository.describe("Unreleased]", "### Added\n\n**Code**\n\n- A command.\n")
    assert repository.problems() == ["`loans` is not named under Changed: value changed"]
    repository.describe("Unreleased]", COUNT)
    verdict = check_release(repository.root)
    assert verdict.problems == ()
    assert verdict.compared.endswith(
        "the data call for minor, the code is not named, so the version must be 1.1.0 or larger"
    )


@pytest.mark.parametrize(
    ("version", "words", "problems"),
    [
        ("1.1.0", COUNT, 0),
        ("1.0.1", COUNT, 1),
        ("2.0.0", COUNT, 0),
        ("1.1.0", f"{COUNT}\n### Removed\n\n**Code**\n\n- A command.\n", 1),
        ("2.0.0", f"{COUNT}\n### Removed\n\n**Code**\n\n- A command.\n", 0),
    ],
)
def test_number(repository: Repository, version: str, words: str, problems: int) -> None:
    """A release needs a number that is at least what the larger of data and code calls for."""
    repository.correct()
    repository.state(version)
    repository.describe(f"{version}] - 2026-11-25", words)
    found = repository.problems()
    assert len(found) == problems
    assert all(problem.startswith(f"{version} is too small: the data call for minor, ") for problem in found)
    repository.commit()
    assert repository.problems() == found, "the same after the commit"


@pytest.mark.parametrize(
    "file", ["datapackage.json", "CITATION.cff", "pyproject.toml", "src/scrdata/__init__.py", ".zenodo.json"]
)
def test_versions_of_all_files(repository: Repository, file: str) -> None:
    """Each file that states the version must state that of the changelog."""
    repository.correct()
    repository.state("1.1.0")
    repository.package.write(".zenodo.json", {"version": "1.1.0"})
    repository.describe("1.1.0] - 2026-11-25", COUNT)
    assert repository.problems() == []
    text = repository.package.read(file).decode()
    assert text.count("1.1.0") == 1
    repository.package.write(file, text.replace("1.1.0", "1.0.9"))
    assert repository.problems() == [f"{file} states the version 1.0.9, the changelog 1.1.0"]


def test_day(repository: Repository) -> None:
    """The day of the release is the same in the changelog and the citation."""
    repository.package.write("CITATION.cff", 'version: 1.0.0\ndate-released: "2026-11-22"\n')
    assert repository.problems() == ["CITATION.cff states the day 2026-11-22, the changelog 2026-11-23"]


def test_release_is_found_without_tags(repository: Repository) -> None:
    """Without tags, a release is the last commit that left it the newest version, with nothing unreleased."""
    repository.package.write("CHANGELOG.md", OLD + "- `branches` (3 rows): all.\n")
    last = repository.commit()
    repository.correct()
    repository.commit()
    repository.describe("Unreleased]", COUNT)
    repository.commit()
    assert find_release(repository.root, "1.0.0") == last


def test_tag_is_the_release(repository: Repository) -> None:
    """With a tag, that is the release, whatever the changelog said then."""
    repository.correct()
    repository.commit()
    repository.git("tag", "v1.0.0")
    repository.describe("Unreleased]", COUNT)
    assert repository.problems() == ["line 9: `loans` is named, and nothing of it changed"]


def test_tag_without_section(repository: Repository) -> None:
    """A tag of a release that the changelog does not have is named."""
    repository.git("tag", "v0.9.0")
    assert repository.problems() == ["no section for the tag v0.9.0"]


def test_unknown_release(repository: Repository) -> None:
    """A release that the history does not show is an error that says what to do."""
    with pytest.raises(HistoryError, match=r"no commit of the release 0\.9\.0 was found; fetch the whole history"):
        find_release(repository.root, "0.9.0")


def test_no_repository(small_package: PackageFolder) -> None:
    """Without a history there is no verdict."""
    small_package.write("CHANGELOG.md", OLD)
    with pytest.raises(HistoryError, match=r"git tag failed: .*not a git repository"):
        check_release(small_package.folder)


@pytest.mark.parametrize(("code", "change"), [(0, False), (1, True)])
def test_program(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    code: int,
    change: bool,
) -> None:
    """The program prints what was compared and what is wrong, and ends with 1 if anything is."""
    monkeypatch.setattr(release, "ROOT", repository.root)
    if change:
        repository.package.edit("datapackage.json", "version", to="1.0.1")
    assert release.main() == code
    wrong = "wrong: datapackage.json states the version 1.0.1, the changelog 1.0.0\n" if change else ""
    assert capsys.readouterr().out == f"{wrong}1.0.0 is the first release\n"


def test_program_without_history(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the last release cannot be found the program ends with 2."""
    small_package.write("CHANGELOG.md", OLD)
    monkeypatch.setattr(release, "ROOT", small_package.folder)
    assert release.main() == 2
    assert capsys.readouterr().err.startswith("release-check: git tag failed: ")
