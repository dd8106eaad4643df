"""Writing: whatever fails, the old file or the new one stands there, and nothing else is left."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from scrdata.writing import write_file

if TYPE_CHECKING:
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
