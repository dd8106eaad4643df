"""What a package says, opened for use: each part is read and checked when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping

from scrdata.descriptor import read_descriptor
from scrdata.errors import InvalidPackageError
from scrdata.findings import Ledger, shown
from scrdata.validation import Contents, read_evidence, read_resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.descriptor import Descriptor
    from scrdata.opening import Storage
    from scrdata.reading import Table


class _Tables(Mapping[str, "Table"]):
    """The tables of a package by name; each is read and checked when it is first asked for."""

    def __init__(self, descriptor: Descriptor) -> None:
        self._descriptor = descriptor
        self._read: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._read:
            ledger = Ledger()
            table = read_resource(self._descriptor, self._descriptor.tables[name], ledger)
            _raise_first(f"the table {name!r}", ledger)
            assert table is not None
            self._read[name] = table
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._descriptor.tables)

    def __len__(self) -> int:
        return len(self._descriptor.tables)


def _raise_first(what: str, ledger: Ledger) -> None:
    """Raise `InvalidPackageError` if the ledger has an error; the text names the first."""
    first = next((finding for finding in ledger.findings if finding.severity == "error"), None)
    if first:
        raise InvalidPackageError(f"{shown(what)} cannot be used. {first.place}: {first.message}")


def open_contents(storage: Storage) -> Contents:
    """Return the descriptor of a package, with tables that are read when they are asked for.

    Raises:
        InvalidPackageError: the descriptor or a schema has findings.
    """
    ledger = Ledger()
    descriptor = read_descriptor(storage, ledger)
    _raise_first(storage.name, ledger)
    return Contents(descriptor, _Tables(descriptor), ledger)


def with_evidence(contents: Contents) -> Contents:
    """Return opened contents with rules, mentions and register read.

    Raises:
        InvalidPackageError: one of these tables has findings.
    """
    if contents.register is None:
        read_evidence(contents)
        _raise_first(contents.descriptor.storage.name, contents.ledger)
    return contents
