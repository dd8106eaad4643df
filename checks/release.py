"""Is the changelog right, and is the version number large enough? `python3 dev.py release-check`.

Compares the package in the working tree with that of the last release, which is found in the history of the
repository, and prints a sentence for each thing that is wrong. Exit code: 0 nothing is, 1 something is, 2 the
last release cannot be found.

While lines stand under Unreleased, these are held against what changed since the last release, and no number is
asked for yet. Once a version has taken them over, its section is held against what changed since the version
before, and the number against the larger of what the data and the code call for.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import scrdata
from checks.changelog import CODE, DATA, UNRELEASED, Changelog, Section, check_data_entries, read_changelog
from scrdata.comparison.levels import largest
from scrdata.comparison.versions import is_sufficient, required_version

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = "CHANGELOG.md"
PACKAGE_FILES = ("datapackage.json", "data", "schemas")
NEXT_STEP = "fetch the whole history and its tags: git fetch --unshallow --tags"


class HistoryError(Exception):
    """The history of the repository does not show what is needed."""


class Verdict(NamedTuple):
    """What was compared, in one sentence, and a sentence for each thing that is wrong."""

    compared: str
    problems: tuple[str, ...]


def main() -> int:
    """Check this checkout; print what is wrong."""
    try:
        verdict = check_release(ROOT)
    except (HistoryError, scrdata.ScrdataError) as error:
        print(f"release-check: {error}", file=sys.stderr)
        return 2
    for problem in verdict.problems:
        print(f"wrong: {problem}")
    print(verdict.compared)
    return 1 if verdict.problems else 0


def check_release(root: Path) -> Verdict:
    """Hold the changelog and the version of a checkout against what changed since the last release.

    Raises:
        HistoryError: the release to compare with is not in the history.
        ScrdataError: one of the two packages cannot be read.
    """
    changelog = read_changelog((root / CHANGELOG).read_text(encoding="utf-8"))
    problems = [f"{CHANGELOG}, {problem}" for problem in (*changelog.problems, *_check_tags(root, changelog))]
    if not changelog.released:
        return Verdict("nothing was ever released", tuple(problems))
    newest = changelog.released[0]
    problems += check_stated_versions(root, newest)
    if changelog.unreleased:
        section, before = Section(UNRELEASED, None, changelog.unreleased), newest.version
    elif len(changelog.released) > 1:
        section, before = newest, changelog.released[1].version
    else:
        return Verdict(f"{newest.version} is the first release", tuple(problems))
    diff = compare_with_release(root, before)
    rows = {table.name: table.rows for table in scrdata.open_package(root).tables()}
    problems += [f"{CHANGELOG}, {found}" for found in check_data_entries(section.of(DATA), diff, rows)]
    level = largest((diff.level, section.code_level))
    if section is newest and not is_sufficient(before, newest.version, level):
        problems.append(f"{newest.version} is too small: {_reasons(diff, section)}")
    return Verdict(f"[{section.version}] compared with {before}: {_reasons(diff, section)}", tuple(problems))


def _reasons(diff: scrdata.Diff, section: Section) -> str:
    """Return in one line what data and code call for."""
    level = largest((diff.level, section.code_level))
    data = f"the data call for {diff.level}" if diff.changes else "the data are the same"
    code = f"the code calls for {section.code_level}" if section.of(CODE) else "the code is not named"
    return f"{data}, {code}, so the version must be {required_version(diff.old_version, level)} or larger"


def check_stated_versions(root: Path, newest: Section) -> Iterator[str]:
    """Yield a sentence for each file that states another version, or another day, than the newest in the changelog."""
    for file, version in _stated_versions(root):
        if version != newest.version:
            yield f"{file} states the version {version}, the changelog {newest.version}"
    citation = root / "CITATION.cff"
    if citation.exists():
        day = _found(r'^date-released: "?([^"\n]*)', citation)
        if day != newest.date:
            yield f"CITATION.cff states the day {day}, the changelog {newest.date}"


def _stated_versions(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that states the version, as far as it exists, with what it states."""
    for file in ("datapackage.json", ".zenodo.json", "codemeta.json"):
        if (root / file).exists():
            yield file, str(json.loads((root / file).read_text(encoding="utf-8")).get("version"))
    project = root / "pyproject.toml"
    if project.exists():
        yield project.name, tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    for file, pattern in (
        ("src/scrdata/__init__.py", r'^__version__ = "(.*)"$'),
        ("CITATION.cff", r'^version: "?([^"\n]*)'),
    ):
        if (root / file).exists():
            yield file, _found(pattern, root / file)


def _found(pattern: str, file: Path) -> str:
    match = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else "none"


def compare_with_release(root: Path, version: str) -> scrdata.Diff:
    """Return what changed in the package since a release."""
    commit = find_release(root, version)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{version}.zip"
        _git(root, "archive", "--format=zip", f"--output={archive}", commit, "--", *PACKAGE_FILES)
        return scrdata.diff(archive, root)


def find_release(root: Path, version: str) -> str:
    """Return the commit of a release.

    That is its tag, `vX.Y.Z`; if it has none, the last commit that touched the changelog and left it with this
    version as the newest and with nothing unreleased.

    Raises:
        HistoryError: there is no such commit in the history of the present one.
    """
    if f"v{version}" in _tags(root):
        return f"refs/tags/v{version}"
    for commit in _git(root, "log", "--topo-order", "--format=%H", "--", CHANGELOG).split():
        changelog = read_changelog(_git(root, "show", f"{commit}:{CHANGELOG}"))
        if not changelog.unreleased and changelog.released and changelog.released[0].version == version:
            return commit
    raise HistoryError(f"no commit of the release {version} was found; {NEXT_STEP}")


def _check_tags(root: Path, changelog: Changelog) -> Iterator[str]:
    """Yield a sentence for each release that has a tag and no section."""
    known = {section.version for section in changelog.released}
    yield from (f"no section for the tag {tag}" for tag in _tags(root) if tag.removeprefix("v") not in known)


def _tags(root: Path) -> list[str]:
    """Return the tags of releases that the present commit descends from."""
    return _git(root, "tag", "--list", "v[0-9]*", "--merged", "HEAD").split()


def _git(root: Path, *arguments: str) -> str:
    """Run git in a checkout that is trusted, as its code is running already; return what it prints."""
    command = ["git", "-C", str(root), "-c", f"safe.directory={root}", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    except FileNotFoundError:
        raise HistoryError("git is needed to find the last release") from None
    if done.returncode:
        raise HistoryError(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
