"""From what a caller names to the storage that holds it."""

from __future__ import annotations

import os
import stat

from scrdata.errors import PackageError
from scrdata.findings import shown
from scrdata.limits import DEFAULT, Limits
from scrdata.storage import DESCRIPTOR, Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from scrdata.archive import Archive
    from scrdata.snapshots import Snapshot

    Storage: TypeAlias = "Folder | Archive | Snapshot"


def open_storage(location: str | os.PathLike[str], limits: Limits = DEFAULT) -> Storage:
    """Open a folder, a descriptor file or a zip archive.

    Raises:
        PackageError: nothing is there, or it is none of the three.
    """
    path = os.fspath(location)
    name = shown(path)
    if "\0" in path:
        raise PackageError(f"{name}: a path cannot hold a NUL character")
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        # A descriptor that is a dangling link is a link all the same: the folder says so.
        if not os.path.islink(path):
            raise PackageError(f"{name} cannot be opened: {error.strerror or error}") from None
        mode = stat.S_IFREG
    if stat.S_ISDIR(mode):
        return _folder(path, path, DESCRIPTOR, limits)
    if path.lower().endswith(".json"):
        return _folder(path, os.path.dirname(path) or ".", os.path.basename(path), limits)
    if path.lower().endswith(".zip") and stat.S_ISREG(mode):
        from scrdata.archive import Archive

        return Archive(path, limits)
    raise PackageError(f"{name} is neither a folder, nor a .json descriptor, nor a .zip archive")


def _folder(name: str, root: str, descriptor: str, limits: Limits) -> Folder:
    if not os.path.lexists(os.path.join(root, descriptor)):
        raise PackageError(f"{shown(root)} holds no {descriptor}; 'scrdata init' makes one for a folder of CSV files")
    return Folder(name, root, descriptor, limits)
