"""What `docs/continuous-integration.md` says to copy: valid for its readers, of parts that exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import scrdata
from scrdata import cli
from scrdata.cli.validate import FORMATS

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEXT = (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")
# Each block by the name of the file that it is said to be.
BLOCKS = dict(re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
READERS = {
    ".github/workflows/data.yml": ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    ".github/workflows/scan.yml": ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    ".gitlab-ci.yml": ("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
    "azure-pipelines.yml": ("check-jsonschema", "--builtin-schema", "vendor.azure-pipelines"),
    ".pre-commit-config.yaml": ("pre-commit", "validate-config"),
}
ADDRESS = "https://example.org/OWNER/scrdata"


def table(heading: str) -> list[list[str]]:
    """Return the cells of the table with that first heading, without the marks of code."""
    rows = TEXT.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def test_every_block_is_known() -> None:
    """Every block to be copied has the name of its file, and is tested here."""
    assert TEXT.count("\n```\n") == len(BLOCKS)
    assert set(BLOCKS) == {*READERS, "Jenkinsfile"}


@pytest.mark.parametrize("file", READERS)
def test_readers_accept_the_blocks(file: str, tmp_path: Path) -> None:
    """The programs that the blocks are for, or their published schemas, accept them."""
    place = tmp_path / Path(file).name
    place.write_text(BLOCKS[file], encoding="utf-8")
    program, *options = READERS[file]
    command = [str(BIN / program), *options, str(place)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", [file for file in BLOCKS if file.startswith(".github")])
def test_workflows_use_the_action_as_it_is(file: str) -> None:
    """Workflows give the action inputs that it has, and have no right but those that they need."""
    document = yaml.safe_load(BLOCKS[file])
    (job,) = document["jobs"].values()
    rights = {**document["permissions"], **job.get("permissions", {})}
    assert rights == {"contents": "read", **({"security-events": "write"} if "scan" in file else {})}
    (step,) = [step for step in job["steps"] if step["uses"].startswith("OWNER/scrdata@")]
    assert step["uses"] == f"OWNER/scrdata@v{scrdata.__version__}"
    assert step["with"].keys() <= ACTION["inputs"].keys()


def test_hooks_exist() -> None:
    """The configuration of pre-commit names a hook that there is."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = yaml.safe_load(BLOCKS[".pre-commit-config.yaml"])["repos"]
    assert (repository["repo"], repository["rev"]) == (ADDRESS, f"v{scrdata.__version__}")
    assert {hook["id"] for hook in repository["hooks"]} <= {hook["id"] for hook in hooks}


def test_commands_run(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command line of scrdata in the blocks runs on a package at the place that it names."""
    place = small_package.folder.parent / "path" / "to"
    place.mkdir(parents=True)
    small_package.folder.rename(place / "package")
    monkeypatch.chdir(small_package.folder.parent)
    commands = re.findall(r"scrdata (validate [^>\n]*) > scrdata\.xml", "".join(BLOCKS.values()))
    assert len(commands) == 3
    for command in commands:
        assert cli.main(shlex.split(command)) == 0
        assert capsys.readouterr().out.startswith('<?xml version="1.0"?>')


def test_addresses_are_the_placeholder() -> None:
    """Addresses in the blocks are the placeholder that the page explains, with the version of the package."""
    found = re.findall(r"https?://[^\s\"@]+(?:@\S+)?", "".join(BLOCKS.values()))
    assert {address.rstrip('"') for address in found} == {ADDRESS, f"{ADDRESS}@v{scrdata.__version__}"}
    assert "`OWNER/scrdata` stands for the repository that holds it" in TEXT
    assert f"\n`v{scrdata.__version__}` for the version that you choose" in TEXT


def test_formats_are_those_of_the_command() -> None:
    """The page lists exactly the formats that `validate` has."""
    assert [row[0] for row in table("format")] == [*FORMATS[:2], "github", "sarif", "junit"]
    assert set(FORMATS) == {row[0] for row in table("format")}


def test_inputs_are_those_of_the_action() -> None:
    """The page lists exactly the inputs of the action, with their defaults, and its outputs."""
    listed = {name: "" if default == "none" else default for name, default, _ in table("input")}
    assert listed == {name: item["default"] for name, item in ACTION["inputs"].items()}
    for name in ACTION["outputs"]:
        assert f"`{name}`" in TEXT
