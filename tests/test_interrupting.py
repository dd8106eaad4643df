"""Commands that are interrupted, or cannot read or write: old or new stands there, and the message says why."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import interrupting
from tests.conftest import CHECKOUT, PackageFolder, call
from tests.interrupting import SCENARIOS, silently

if TYPE_CHECKING:
    from collections.abc import Iterator

# One fault in so many is tried here, of each kind in turn; `python3 dev.py interrupt` tries them all.
ONE_IN = 37


@pytest.mark.slow
def test_whatever_fails_the_old_or_the_new_stands_there() -> None:
    """A slice of all calls that can fail: each ends with a message and a code, and a rerun makes what it should."""
    command = [sys.executable, "-m", "tests.interrupting", "--one-in", str(ONE_IN)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.rstrip().splitlines()[1:]
    rows = {line[:24].rstrip(): [int(cell) for cell in line[24:].split()] for line in lines}
    assert rows.keys() == SCENARIOS.keys()
    assert min(calls for calls, *_ in rows.values()) > 15
    assert sum(faults for _, faults, *_ in rows.values()) > 80


def test_a_file_written_in_place_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If files were written where they stand, the fault between opening and writing would show."""

    def write_in_place(path: str, data: bytes) -> None:
        with open(path, "wb") as file:
            file.write(data)

    monkeypatch.setattr("scrdata.formats.exporting.write_file", write_in_place)
    outcome = interrupting.interrupt(SCENARIOS["export over a file"])
    assert outcome.writes
    assert [problem for problem in outcome.wrong if "neither old nor new" in problem]


def folder_for(name: str, small_package: PackageFolder) -> Path:
    """Prepare the folder of a scenario beside the small package."""
    here = small_package.folder.parent
    assert small_package.folder.name == "small"
    SCENARIOS[name].prepare(here)
    return here


WRITING = [name for name in SCENARIOS if name != "validate"]


@pytest.mark.parametrize("name", WRITING)
def test_a_disk_that_is_full_leaves_what_stood_there(name: str, small_package: PackageFolder) -> None:
    """Where no file may hold more than a few bytes, as on a full disk, the message says so and nothing has changed."""
    here = folder_for(name, small_package)
    before = interrupting.state_of(here)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))
    try:
        code, errors = silently(SCENARIOS[name].arguments, here)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (code, errors.rstrip().endswith("File too large")) == (2, True), errors
    assert interrupting.state_of(here) == before
    assert [*here.rglob("*.part")] == []


NOBODY = 65534


@contextlib.contextmanager
def read_only(here: Path) -> Iterator[None]:
    """Let no file be made in a folder or below, not even by root, who becomes somebody else for that time."""
    folders = [here, *(path for path in here.rglob("*") if path.is_dir())]
    owner = os.geteuid()
    for folder in folders:
        folder.chmod(0o555)
    if owner == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(owner)
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize("name", WRITING)
def test_a_folder_that_may_not_be_written_to_stays_as_it_is(name: str) -> None:
    """In a folder that is read-only, the message says so and nothing has changed."""
    with tempfile.TemporaryDirectory() as place:  # where anybody may look, which is not so below that of pytest
        here = Path(place)
        interrupting.begin(SCENARIOS[name], here)
        silently(("tables", "--package", "small"), here)  # whoever reads these files need not be able to read ours
        before = interrupting.state_of(here)
        with read_only(here):
            code, errors = silently(SCENARIOS[name].arguments, here)
        assert (code, errors.rstrip().endswith("Permission denied")) == (2, True), errors
        assert interrupting.state_of(here) == before


TARGETS = {
    "no folder": "nowhere/file",
    "a file in place of a folder": "small/datapackage.json/file",
    "a name too long": "n" * 300,
    "a null character": "a\0b",
    "a surrogate": "a\udc80/b",
    "a folder of the system": "/proc/file",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "loans", "--package", "small", "--format", "csv", "--output"),
        ("export", "--all", "--package", "small", "--format", "sqlite", "--output"),
        ("diff", "small", "newer", "--output"),
    ],
    ids=["export a table", "export all", "diff"],
)
def test_a_target_that_cannot_be_written_is_named(
    target: str, arguments: tuple[str, ...], small_package: PackageFolder
) -> None:
    """Wherever a file cannot be made, the message names the place, and nothing is left anywhere."""
    here = folder_for("diff to a file", small_package)
    before = interrupting.state_of(here)
    code, errors = silently((*arguments, target), here)
    assert code == 2
    assert "cannot be written: " in errors
    assert all(line.isprintable() for line in errors.splitlines())
    assert interrupting.state_of(here) == before


@pytest.mark.parametrize("target", ["a\0b", "n" * 300, "small/datapackage.json", "small/datapackage.json/x", "/proc/x"])
@pytest.mark.parametrize("command", ["build", "init"])
def test_a_folder_that_cannot_be_made_is_named(command: str, target: str, small_package: PackageFolder) -> None:
    """Wherever a release or a package cannot be made, the message names the place, and nothing is left anywhere."""
    here = small_package.folder.parent
    before = interrupting.state_of(here)
    package = ("--package", "small") if command == "build" else ()
    code, errors = silently((command, target, *package), here)
    assert code == 2
    assert errors.startswith(f"scrdata {command}: ")
    assert all(line.isprintable() for line in errors.splitlines())
    assert interrupting.state_of(here) == before


PROGRAM = (sys.executable, "-m", "scrdata")
SAYING = (
    ("validate",),
    ("validate", "--format", "sarif"),
    ("tables",),
    ("show", "loans"),
    ("export", "loans", "--format", "csv"),
)
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")


@FULL
@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_what_cannot_be_said_is_a_failure(arguments: tuple[str, ...], small_package: PackageFolder) -> None:
    """Where standard output goes to a full disk, the exit code is 2 and the reason is on standard error."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments], cwd=small_package.folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert done.stderr.endswith(b"the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_a_reader_who_goes_away_is_no_failure(arguments: tuple[str, ...], small_package: PackageFolder) -> None:
    """Into a pipe that nobody reads, as `head` leaves it, nothing is said and the exit code is that of the command."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=small_package.folder, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@FULL
@pytest.mark.parametrize("arguments", [("validate", "/nowhere"), ("nonsense",)], ids=" ".join)
def test_a_complaint_that_cannot_be_made_keeps_its_code(arguments: tuple[str, ...]) -> None:
    """Where not even standard error can be written to, or is closed, misuse still ends with 2, and prints nothing."""
    with open("/dev/full", "wb") as full:
        code = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=full, check=False).returncode
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *PROGRAM, *arguments], stdout=subprocess.PIPE, check=False
    )
    assert (code, closed.returncode, closed.stdout) == (2, 2, b"")


def test_an_endless_text_is_not_read_to_its_end(small_package: PackageFolder) -> None:
    """A text without end is refused for its size instead of filling the memory."""
    code, _, errors = call("proofread", "/dev/zero", "--package", str(small_package.folder))
    assert code == 2
    assert errors == "scrdata proofread: /dev/zero is larger than 67,108,864 bytes; the text of a report is not\n"
