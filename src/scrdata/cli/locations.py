"""Where a finding stands as seen from the current folder, which is the top of the repository in a CI job."""

from __future__ import annotations

import os

from scrdata.records import Record
from scrdata.storage import DESCRIPTOR


class Location(Record):
    """A file outside or below the current folder, and what inside of it is meant.

    Attributes:
        path: relative to the current folder and with `/`, or absolute where it does not lie below.
        member: the file within a zip archive; `None` where `path` is the file itself.
    """

    path: str
    member: str | None


def locate(package: str, file: str | None) -> Location:
    """Return where a file of a package is.

    Args:
        package: where the package was read from: a folder, a descriptor or a zip archive.
        file: path within the package; the descriptor is meant if it is `None`.
    """
    if os.path.isdir(package):
        return Location(_from_here(os.path.join(package, file or DESCRIPTOR)), None)
    if file is None:
        return Location(_from_here(package), None)
    if package.lower().endswith(".zip"):
        return Location(_from_here(package), file)
    return Location(_from_here(os.path.join(os.path.dirname(package), file)), None)


def _from_here(path: str) -> str:
    full = os.path.abspath(path)
    here = os.path.join(os.getcwd(), "")
    return (full.removeprefix(here) if full.startswith(here) else full).replace(os.sep, "/")
