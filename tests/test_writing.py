"""Writing: whatever fails, the old file or folder stands there, or the new one, and nothing else is left."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

from scrdata import writing
from scrdata.writing import write_file, write_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """A new file holds the bytes, an old one is replaced, and no temporary file stays."""
    path = tmp_path / "a.json"
    for data in (b"first\n", b"", b"\x00\r\n"):
        write_file(str(path), data)
        assert path.read_bytes() == data
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_name_without_a_folder_is_in_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is written where one stands."""
    monkeypatch.chdir(tmp_path)
    write_file("a.json", b"x")
    assert (tmp_path / "a.json").read_bytes() == b"x"


def test_a_file_that_cannot_be_created_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If not even the temporary file can be made, that is the error."""

    def refuse(*_: object) -> NoReturn:
        raise PermissionError

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(PermissionError):
        write_file(str(tmp_path / "a.json"), b"x")


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt()])
def test_a_fault_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: BaseException
) -> None:
    """If writing fails at any call, the old file stands unchanged and nothing lies beside it."""

    def fail(*_: object) -> NoReturn:
        raise fault

    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(type(fault)):
        write_file(str(path), b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_the_new_file_is_complete_before_it_takes_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the name changes hands, all bytes are written and have been sent to the disk."""
    path, steps = tmp_path / "a.json", []
    fsync, replace = os.fsync, os.replace

    def noting_fsync(descriptor: int) -> None:
        steps.append(("fsync", os.fstat(descriptor).st_size))
        fsync(descriptor)

    def noting_replace(old: str, new: str) -> None:
        steps.append(("replace", os.path.getsize(old)))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "replace", noting_replace)
    write_file(str(path), b"12345")
    assert steps == [("fsync", 5), ("replace", 5)]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """Nothing is created on the way."""
    with pytest.raises(FileNotFoundError):
        write_file(str(tmp_path / "nowhere" / "a.json"), b"x")
    assert os.listdir(tmp_path) == []


OLD = {"a.txt": b"old", "below/b.txt": b"old too"}
NEW = {"a.txt": b"new", "below/deep/c.txt": b"", "d.txt": b"\x00\r\n"}


def read_all(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder and the folders below, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["exchanged in one step", "moved aside"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write folders with and without a system that can exchange two of them."""
    name = str(request.param)
    if name == "moved aside":
        monkeypatch.setattr(writing, "_exchange", lambda *_: False)
    return name


def test_a_folder_is_written_whole(tmp_path: Path, way: str) -> None:
    """A new folder holds the files, an old one is replaced with all it held, and nothing lies beside it."""
    assert way
    folder = tmp_path / "above" / "release"
    for files in (OLD, NEW, {}, OLD):
        write_folder(str(folder), files)
        assert read_all(folder) == files
        assert os.listdir(folder.parent) == ["release"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/x", "a//x", "..", ".", "", "a/"])
def test_no_file_is_written_outside_the_folder(tmp_path: Path, path: str) -> None:
    """A path that leads out of the folder is refused before anything is written."""
    with pytest.raises(ValueError, match="is no path within a folder"):
        write_folder(str(tmp_path / "folder"), {"a.json": b"{}", path: b"x"})
    assert os.listdir(tmp_path) == []


def test_the_system_exchanges_two_folders(tmp_path: Path) -> None:
    """On Linux two folders change places in one step; elsewhere nothing is done, and said."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchanged = writing._exchange(str(tmp_path / "one"), str(tmp_path / "other"))
    assert exchanged == sys.platform.startswith("linux")
    assert os.listdir(tmp_path / "one") == ["other" if exchanged else "one"]
    assert not writing._exchange(str(tmp_path / "one"), str(tmp_path / "nowhere"))


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    """Where the name is a link, the folder that it leads to is written."""
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write_folder(str(tmp_path / "there"), OLD)
    write_folder(str(tmp_path / "link"), NEW)
    assert (tmp_path / "link").is_symlink()
    assert read_all(tmp_path / "there") == NEW


def calls_of(monkeypatch: pytest.MonkeyPatch, fail_at: int) -> list[str]:
    """Count the calls that reach the disk; let the one of that number, counted from 1, fail."""
    made: list[str] = []

    def call(real: Callable[..., object], *arguments: object, **named: object) -> object:
        made.append(real.__name__)
        if len(made) == fail_at:
            raise OSError(28, "No space left on device")
        return real(*arguments, **named)

    for name in ("mkdir", "open", "fsync", "rename", "rmdir"):
        monkeypatch.setattr(os, name, functools.partial(call, getattr(os, name)))
    return made


def test_a_fault_at_any_call_leaves_the_old_folder_or_the_new_one(tmp_path: Path, way: str) -> None:
    """Whichever call fails, the folder is the old one or the new one, and a second try succeeds."""
    assert way
    seen = set()
    for fail_at in range(1, 1000):
        folder = tmp_path / str(fail_at) / "release"
        write_folder(str(folder), OLD)
        with pytest.MonkeyPatch.context() as patch:
            made = calls_of(patch, fail_at)
            with contextlib.suppress(OSError):
                write_folder(str(folder), NEW)
        assert read_all(folder) in (OLD, NEW)
        seen.add("old" if read_all(folder) == OLD else "new")
        write_folder(str(folder), NEW)
        assert read_all(folder) == NEW
        if len(made) < fail_at:
            break
    assert fail_at > 10
    assert seen == {"old", "new"}


PROGRAM = """
import os, sys
from scrdata.writing import write_folder
big = {f"{i}.bin": bytes([int(sys.argv[2])]) * 20000 for i in range(50)}
print("ready", flush=True)
write_folder(sys.argv[1], big)
print("done", flush=True)
"""


@pytest.mark.parametrize("after", [0.0, 0.005, 0.01, 0.02, 0.04, 0.08])
def test_a_kill_leaves_the_old_folder_or_the_new_one(tmp_path: Path, after: float) -> None:
    """A process that is killed while it writes leaves one of the two, and the next call clears what else it left."""
    folder = tmp_path / "release"
    for number in ("1", "2"):
        command = [sys.executable, "-c", PROGRAM, str(folder), number]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if number == "2":
                time.sleep(after)
                process.kill()
    contents = read_all(folder)
    assert len(contents) == 50
    assert len(set(contents.values())) == 1
    write_folder(str(folder), NEW)
    assert read_all(folder) == NEW
    assert os.listdir(tmp_path) == ["release"]


def test_what_others_are_writing_is_left_alone(tmp_path: Path) -> None:
    """Remains of a process that still runs, and files of like names, are not touched; an old folder is put back."""
    (tmp_path / f".release.{os.getppid()}.part").mkdir()
    (tmp_path / ".release.words.part").mkdir()
    (tmp_path / ".release.99999999.part").touch()
    (tmp_path / ".release.4194305.old").mkdir()
    (tmp_path / ".release.4194305.old" / "a.txt").touch()
    left = set(os.listdir(tmp_path))
    writing._clear_remains(str(tmp_path / "release"))
    assert set(os.listdir(tmp_path)) == left - {".release.4194305.old"} | {"release"}
    assert read_all(tmp_path / "release") == {"a.txt": b""}
