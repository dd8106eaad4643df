"""The checksums by which files, and a package as a whole, are known."""

from __future__ import annotations

import hashlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 checksum of a file in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def list_checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the checksums of files in the format that `sha256sum --check` reads, in order of path."""
    return "".join(f"{sha256_of(files[path])}  {path}\n" for path in sorted(files)).encode()


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return one checksum for all files of a package: the SHA-256 of the list of their checksums.

    In the folder of the shipped package this prints the same:
    `sha256sum datapackage.json data/*.csv schemas/*.json | LC_ALL=C sort -k 2 | sha256sum`.
    """
    return sha256_of(list_checksums(files))
