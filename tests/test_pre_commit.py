"""The hook for pre-commit, in a repository of its own, installed as anybody's would be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
PERSON = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
          "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip


def run(place: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with its caches in the folder beside."""
    environment = {**os.environ, **PERSON, "PRE_COMMIT_HOME": str(place.parent / "hooks")}
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=place, env=environment, capture_output=True, encoding="utf-8", check=False)


def commit_all(place: Path) -> str:
    """Make a repository of a folder; return its only commit."""
    for arguments in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "All")):
        done = run(place, "git", *arguments)
        assert done.returncode == 0, done.stderr
    return run(place, "git", "rev-parse", "HEAD").stdout.strip()


def test_manifest_is_valid() -> None:
    """The manifest is accepted by pre-commit; without arguments the top of the repository is judged, never ours."""
    done = run(ROOT, PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["entry"], hook["args"], hook["pass_filenames"]) == ("scrdata validate", ["."], False)


@pytest.mark.slow
def test_hook_judges_a_repository(tmp_path: Path, small_package: PackageFolder) -> None:
    """Installed by pre-commit, the hook passes a valid package, fails a broken one, and fails where there is none."""
    ours = tmp_path / "ours"
    left_out = shutil.ignore_patterns(".*cache", ".git", ".venv", "node_modules", "__pycache__", "dist*", ".hypothesis")
    shutil.copytree(ROOT, ours, ignore=left_out)
    hook = {"id": "scrdata-validate"}
    hooks = [{**hook, "alias": "top"}, {**hook, "alias": "below", "args": ["nowhere"]}]
    configuration = {"repos": [{"repo": str(ours), "rev": commit_all(ours), "hooks": hooks}]}
    small_package.write(".pre-commit-config.yaml", yaml.safe_dump(configuration))
    commit_all(small_package.folder)
    passed = run(small_package.folder, PRE_COMMIT, "run", "top", "--all-files")
    assert (passed.returncode, passed.stdout.splitlines()[-1][-6:]) == (0, "Passed"), passed.stdout + passed.stderr
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    failed = run(small_package.folder, PRE_COMMIT, "run", "top", "--files", "data/loans.csv")
    assert failed.returncode == 1
    assert "error: data/loans.csv, line 7, column loans (branch_id=quay, kind=child)" in failed.stdout
    missing = run(small_package.folder, PRE_COMMIT, "run", "below", "--all-files")
    assert missing.returncode == 1
    assert "nowhere cannot be opened" in missing.stdout
