"""What `SECURITY.md` promises: each promise names tests that exist, and the broadest ones are tested here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
# Validates the package of the current folder in every format, and prints what else it did to the system on the way.
WATCHED = """
import contextlib, io, json, os, sys
import importlib, argparse, xml.etree.ElementTree, zipfile
from scrdata.cli import main, github, junit, sarif, validate
from scrdata import localisation, outline, programming, archive
here, seen = os.getcwd(), []
system = tuple({os.path.realpath(place) for place in (*sys.path, sys.prefix, sys.base_prefix) if place})

def note(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove",
                         "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate")):
        seen.append([event, str(arguments)])
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        place = os.path.abspath(os.fsdecode(arguments[0]))
        writes = (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or not place.startswith((here, *system)):
            seen.append([event, place])

sys.addaudithook(note)
codes = []
for form in ("text", "json", "junit", "sarif", "github"):
    with contextlib.redirect_stdout(io.StringIO()):
        codes.append(main(["validate", "--format", form, sys.argv[1]]))
if len(sys.argv) > 2:
    with contextlib.suppress(OSError), open("written", "w"):
        pass
print(json.dumps([codes, seen]))
"""


def watch(package: PackageFolder, *arguments: str) -> tuple[list[int], list[list[str]]]:
    """Validate a package in a process that notes what it does; return the exit codes and what was noted."""
    command = [sys.executable, "-B", "-P", "-c", WATCHED, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(scrdata.__file__).parent.parent)}
    done = subprocess.run(command, cwd=package.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    codes, seen = json.loads(done.stdout)
    return codes, seen


@pytest.mark.parametrize("broken", [False, True], ids=["valid", "broken"])
def test_validating_does_nothing_but_read(small_package: PackageFolder, *, broken: bool) -> None:
    """Whatever the format and the verdict, nothing is opened but the package, nothing written, sent or started."""
    if broken:
        small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
        small_package.edit("datapackage.json", "resources", 0, "path", to="https://example.org/branches.csv")
    assert watch(small_package, ".") == ([int(broken)] * 5, [])


def test_watch_sees_what_is_written(small_package: PackageFolder) -> None:
    """The watch of the test above does see a file that is written."""
    assert [event for event, _ in watch(small_package, ".", "write")[1]] == ["open"]


def test_package_runs_no_code(small_package: PackageFolder) -> None:
    """Modules and settings of Python in the package's folder are data, and stay so."""
    for name in ("json", "scrdata", "hashlib", "sitecustomize", "usercustomize", "conftest", "setup"):
        small_package.write(f"{name}.py", "open('stolen', 'w')\nraise SystemExit('stolen')\n")
    assert watch(small_package, ".")[0] == [0] * 5
    assert not (small_package.folder / "stolen").exists()


def test_every_promise_names_a_test() -> None:
    """Each row of a table ends with tests, and each of them exists."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not re.match(r"\| (promise|---)", line)]
    assert len(rows) > 10
    assert [row for row in rows if not re.search(r"::\w+` \|$", row)] == []
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).is_file()
        or not re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_links_lead_somewhere() -> None:
    """Each link of the page is a file of the repository; no address of a person or a site is made up."""
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert not re.search(r"https?://|@\w+\.\w", PAGE)
    assert "private vulnerability reporting" in PAGE.replace("\n", " ")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_page_can_be_found(page: str) -> None:
    """Readers and contributors are led to the page, and the source distribution has it."""
    assert "(SECURITY.md)" in (ROOT / page).read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "/SECURITY.md" in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
