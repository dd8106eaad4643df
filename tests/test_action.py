"""The GitHub Action: its steps are run under bash, with valid and broken packages, as the runner would run them."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

import scrdata
from scrdata import crosscheck, findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are started by bash")


class Outcome(NamedTuple):
    """What a run of the action left: exit code, log, summary, outputs."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]


def expand(text: str, inputs: dict[str, str]) -> str:
    """Replace the expressions that the action uses by their values, as the runner does."""
    values = {f"inputs.{name}": inputs.get(name, item["default"]) for name, item in ACTION["inputs"].items()}
    values |= {"github.action_path": str(ROOT), "steps.python.outputs.python-path": sys.executable}
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: values[match[1]], text)


def run_step(name: str, place: Path, folder: Path, **inputs: str) -> Outcome:
    """Run one step with bash in the folder of a repository; `place` is the folder of the runner."""
    step = STEPS[name]
    assert step["shell"] == "bash"
    environment = {key: expand(value, {k.replace("_", "-"): v for k, v in inputs.items()}) for key, value in
                   step["env"].items()}  # fmt: skip
    files = {"GITHUB_STEP_SUMMARY": place / "summary.md", "GITHUB_OUTPUT": place / "outputs.txt"}
    for file in files.values():
        file.write_text("", encoding="utf-8")
    script = place / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],  # noqa: S607
        cwd=folder,
        env={**os.environ, **environment, "RUNNER_TEMP": str(place), **{key: str(file) for key, file in files.items()}},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
    summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Outcome(done.returncode, done.stdout + done.stderr, summary, outputs)


@pytest.fixture
def act(tmp_path: Path) -> Callable[..., Outcome]:
    """Return the function that runs the step `Validate`, with the environment of the tests for the one installed."""
    place = tmp_path / "runner temp"
    (place / "scrdata" / "bin").mkdir(parents=True)
    python = place / "scrdata" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)

    def start(folder: Path, **inputs: str) -> Outcome:
        return run_step("Validate", place, folder, **inputs)

    return start


def test_valid_package_passes(act: Callable[..., Outcome], small_package: PackageFolder) -> None:
    """A valid package ends with 0; summary and outputs say so."""
    code, log, summary, outputs = act(small_package.folder)
    assert (code, outputs) == (0, {"valid": "true", "errors": "0"})
    assert "::error" not in log
    assert summary.startswith("## Data package: valid\n\n`package: . 1.0.0`\n\n**valid: 4 tables, ")


def test_broken_package_fails(act: Callable[..., Outcome], small_package: PackageFolder) -> None:
    """A broken package ends with 1: annotations at the lines, a table in the summary, and the first suspect."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    small_package.repair()
    code, log, summary, outputs = act(small_package.folder.parent, package="small")
    report = scrdata.validate(small_package)
    assert (code, outputs) == (1, {"valid": "false", "errors": str(report.errors)})
    assert "::error file=small/data/loans.csv,line=7,title=adults_borrow_more::Adults borrow more." in log
    rows = [line for line in summary.splitlines() if line.startswith("| `")]
    assert len(rows) == report.errors
    row = "| `data/loans.csv, line 7, column loans` | `Adults borrow more. It does not hold: "
    assert [line for line in rows if line.startswith(row) and line.endswith(" | `adults_borrow_more` |")]
    assert summary.splitlines()[-1].startswith("`first suspect: data/loans.csv, line 7, column loans ")


def test_sarif_is_written_where_asked(act: Callable[..., Outcome], small_package: PackageFolder) -> None:
    """With `sarif-file` the report for code scanning is written, for a broken package too, and else nothing is."""
    before = {path for path in small_package.folder.rglob("*") if path.is_file()}
    act(small_package.folder)
    assert {path for path in small_package.folder.rglob("*") if path.is_file()} == before
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    assert act(small_package.folder, sarif_file="a b.sarif").code == 1
    (ran,) = json.loads(small_package.read("a b.sarif"))["runs"]
    assert "data/loans.csv" in json.dumps(ran["results"])
    assert act(small_package.folder, sarif_file="no/such/folder.sarif").code == 2


def test_missing_package_ends_with_2(act: Callable[..., Outcome], tmp_path: Path) -> None:
    """Where there is no package, the step ends with 2 and says so everywhere."""
    code, log, summary, outputs = act(tmp_path, package="nowhere", sarif_file="out.sarif")
    assert (code, outputs["valid"]) == (2, "false")
    assert "::error title=package_can_be_opened::nowhere cannot be opened" in log
    assert "nowhere cannot be opened" in summary
    assert json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"] == []


def test_inputs_are_no_code(act: Callable[..., Outcome], tmp_path: Path) -> None:
    """Nothing that an input holds is run by the shell or taken for a command."""
    hostile = '"; touch stolen; echo "$(touch stolen)`touch stolen`\n::set-output name=valid::true'
    code, log, _, outputs = act(tmp_path, package=hostile)
    assert (code, outputs["valid"]) == (2, "false")
    assert not (tmp_path / "stolen").exists()
    assert not re.search("^::set-output", log, re.MULTILINE)
    assert act(tmp_path, cross_check=hostile).code == 2
    assert not (tmp_path / "stolen").exists()


def test_repository_runs_no_code(
    act: Callable[..., Outcome], small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules that the judged repository puts in Python's way are not loaded, even where the job sets the path so."""
    monkeypatch.setenv("PYTHONPATH", str(small_package.folder))
    for name in ("json", "scrdata", "hashlib", "sitecustomize"):
        small_package.write(f"{name}.py", "raise SystemExit('stolen')\n")
    assert act(small_package.folder).code == 0


def test_summary_shows_data_as_data(act: Callable[..., Outcome], small_package: PackageFolder) -> None:
    """Markup in the data stays a piece of code in the summary, and a table keeps its columns."""
    small_package.add_column({"type": "integer"}, "<img src=x>|`a`|\n# title", "[a](http://example.org)")
    summary = act(small_package.folder).summary
    rows = [line for line in summary.splitlines() if line.startswith("| `")]
    assert len(rows) == 2
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 4
    assert "`` '<img" not in summary.replace("``", "")
    assert not re.search("^# title", summary, re.MULTILINE)


def test_many_findings_are_cut_in_the_summary(act: Callable[..., Outcome], small_package: PackageFolder) -> None:
    """The summary lists the first findings and counts the rest, which the log lists."""
    small_package.add_column({"type": "integer"}, *["x"] * 60)
    code, log, summary, _ = act(small_package.folder)
    assert code == 1
    assert log.count("::error file=") == 60
    assert summary.count("\n| `") == 50
    assert "\n… and 10 more; the log lists them.\n" in summary


def test_cross_check_is_handed_on(
    act: Callable[..., Outcome],
    small_package: PackageFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`cross-check: true` asks the other libraries, and nothing but true and false is taken."""
    disagreement = findings.Finding("frictionless_agrees", "it does not")
    monkeypatch.setattr(crosscheck, "cross_check", lambda _, report: report.changed(findings=(disagreement,), errors=1))
    monkeypatch.setenv("SCRDATA_PACKAGE", str(small_package.folder))
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "SCRDATA_SARIF_FILE"):
        monkeypatch.delenv(name, raising=False)
    codes = []
    for value in ("false", "true"):
        monkeypatch.setenv("SCRDATA_CROSS_CHECK", value)
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
        codes.append(runpy.run_path(str(ROOT / "action" / "validate.py"))["main"]())
    assert codes == [0, 1]
    assert STEPS["Validate"]["env"]["SCRDATA_CROSS_CHECK"] == "${{ inputs.cross-check }}"
    assert act(small_package.folder, cross_check="yes").code == 2


def test_expressions_stay_out_of_scripts() -> None:
    """No `run` holds an expression: values reach scripts by the environment alone."""
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_described() -> None:
    """Each input has a description and a default, and reaches a step; each output comes from one."""
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, item in ACTION["inputs"].items():
        assert item.keys() == {"description", "required", "default"}
        assert f"${{{{ inputs.{name} }}}}" in text
    assert ACTION["outputs"].keys() == {"valid", "errors"}
    assert all(item["value"].startswith("${{ steps.validate.outputs.") for item in ACTION["outputs"].values())


@pytest.mark.slow
def test_install_step_installs_scrdata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The step that installs makes an environment in which `scrdata` runs; here from a wheel, without dependencies."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    monkeypatch.setenv("PIP_NO_DEPS", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setitem(STEPS["Install scrdata"]["env"], "SCRDATA_ACTION", str(wheel))
    outcome = run_step("Install scrdata", tmp_path, tmp_path)
    assert outcome.code == 0, outcome.log
    python = tmp_path / "scrdata" / "bin" / "python"
    said = subprocess.run([python, "-I", "-m", "scrdata", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"scrdata {scrdata.__version__}\n"
