"""Files and folders written whole or not at all."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FROM_HERE = -100  # AT_FDCWD of Linux: paths are meant from the current folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux


def write_file(path: str, data: bytes) -> None:
    """Write a file atomically: whatever fails, the old file or the new one stands there.

    The bytes go to a temporary file in the same folder, reach the disk, and then take the name.
    """
    folder, name = os.path.split(os.path.abspath(path))
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        _write_new(temporary, data)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def write_folder(path: str, files: Mapping[str, bytes]) -> None:
    """Write a folder atomically: whatever fails, the old folder or the new one stands there, with all its files.

    The files go to a temporary folder beside it, reach the disk, and the folders change places. Where
    the system cannot exchange two folders (Linux can), the old one is moved aside first: only a crash
    between these two steps leaves nothing of that name, and the next call puts the old one back. What
    calls that were killed have left beside the folder is removed.

    Args:
        path: of the folder; those above it are made where they are missing. Files that it holds are lost.
        files: bytes by path within the folder, with `/` between folders.

    Raises:
        ValueError: a path leads out of the folder; nothing is written.
    """
    for file in files:
        if any(part in ("", ".", "..") or os.sep in part for part in file.split("/")):
            raise ValueError(f"{file!r} is no path within a folder")
    target = os.path.realpath(path)
    parent, name = os.path.split(target)
    os.makedirs(parent, exist_ok=True)
    _clear_remains(target)
    temporary = os.path.join(parent, f".{name}.{os.getpid()}.part")
    try:
        os.mkdir(temporary)
        for file in sorted(files):
            place = os.path.join(temporary, *file.split("/"))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            _write_new(place, files[file])
        for folder, _, _ in os.walk(temporary):
            _reach_disk(folder)
        _put_in_place(temporary, target)
        _reach_disk(parent)
    finally:
        try:
            _remove_tree(temporary)
        except KeyboardInterrupt:
            _remove_tree(temporary)
            raise


def _write_new(path: str, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _reach_disk(folder: str) -> None:
    """Have the names in a folder reach the disk; systems that cannot open a folder do so by themselves."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(temporary: str, target: str) -> None:
    """Give a folder its name; what had that name before takes the temporary one, or is gone."""
    if os.path.isdir(target) and not os.listdir(target):
        os.rmdir(target)
    if not os.path.lexists(target):
        os.rename(temporary, target)
    elif not _exchange(temporary, target):
        aside = temporary.removesuffix(".part") + ".old"
        os.rename(target, aside)
        try:
            os.rename(temporary, target)
        except OSError:
            os.rename(aside, target)
            raise
        _remove_tree(aside)


def _exchange(one: str, other: str) -> bool:
    """Let two folders change places in one step; return whether the system and the disk can."""
    import ctypes
    import sys

    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_FROM_HERE, os.fsencode(one), _FROM_HERE, os.fsencode(other), _EXCHANGE) == 0)


def _clear_remains(target: str) -> None:
    """Remove what killed calls have left beside a folder; put it back if only its moved copy is there."""
    parent, name = os.path.split(target)
    pattern = re.compile(re.escape(f".{name}.") + r"([0-9]+)\.(part|old)")
    for entry in sorted(os.listdir(parent)):
        match = pattern.fullmatch(entry)
        if match is None or _is_running(int(match[1])):
            continue
        left = os.path.join(parent, entry)
        if match[2] == "old" and not os.path.lexists(target):
            os.rename(left, target)
        else:
            _remove_tree(left)


def _is_running(process: int) -> bool:
    """Say whether a process runs; where that cannot be asked without harm, it may."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return process != os.getpid()


def _remove_tree(folder: str) -> None:
    """Remove a folder with all it holds, if there is one."""
    import shutil

    if os.path.isdir(folder):
        shutil.rmtree(folder)
