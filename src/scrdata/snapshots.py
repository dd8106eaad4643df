"""All files of a package in memory: what is judged is what is then published."""

from __future__ import annotations

from scrdata.descriptor import read_descriptor
from scrdata.errors import InvalidPackageError
from scrdata.findings import Ledger, shown
from scrdata.limits import DEFAULT, Limits
from scrdata.storage import DESCRIPTOR, Refusal, components

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.opening import Storage


class Snapshot:
    """A package whose files are held in memory; its descriptor is called `datapackage.json`.

    Args:
        name: where the files were taken from.
        files: their bytes by path.
        limits: what was in force when they were read.
    """

    def __init__(self, name: str, files: Mapping[str, bytes], limits: Limits = DEFAULT) -> None:
        self.name = name
        self.limits = limits
        self.descriptor = DESCRIPTOR
        self.problems: list[Refusal] = []
        self.files = dict(sorted(files.items()))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of the package."""
        components(path)
        if path not in self.files:
            raise Refusal("file_exists", f"'{shown(path)}' is not in the package")
        return self.files[path]


def take_snapshot(storage: Storage) -> Snapshot:
    """Read all files of a package: its descriptor, and each file that this names.

    Raises:
        InvalidPackageError: a file cannot be read.
    """
    descriptor = read_descriptor(storage, Ledger())
    others = {*descriptor.documents, *(item.path for item in descriptor.resources.values())} - {storage.descriptor, ""}
    try:
        files = {path: storage.read(path) for path in sorted(others)}
        files[DESCRIPTOR] = storage.read(storage.descriptor)
    except Refusal as refusal:
        raise InvalidPackageError(f"{shown(storage.name)} cannot be used. {refusal.message}") from None
    return Snapshot(storage.name, files, storage.limits)
