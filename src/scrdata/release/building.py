"""Building a release: judge the package, make every file in memory, then write the folder in one step."""

from __future__ import annotations

import os
from importlib.util import find_spec
from urllib.parse import urlsplit

from scrdata.checksums import content_hash, list_checksums
from scrdata.comparison.difference import compare_contents
from scrdata.contents import open_contents, with_evidence
from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.metadata.publication import PLACEHOLDER, Publication, PublishedFile
from scrdata.records import Record
from scrdata.release import products
from scrdata.snapshots import take_snapshot
from scrdata.validation import judge
from scrdata.writing import write_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from scrdata.opening import Storage
    from scrdata.release.products import Product
    from scrdata.validation import Contents

    Progress: TypeAlias = Callable[[list[Product]], Iterable[Product]]


# The modules of the extra `release`.
EXTRA = ("jinja2", "tqdm", "vl_convert", "xlsxwriter")


class SmallVersionError(ScrdataError):
    """The version number does not say what changed since the previous release."""


class Release(Record):
    """A release that was built.

    Attributes:
        folder: where.
        package: the name of the package.
        version: of the package, if it states one.
        content_hash: SHA-256 of the list of checksums of the package's own files, in hexadecimal digits.
        files: one `PublishedFile` for each file, in order of path; `SHA256SUMS`, which lists them, is not among them.
    """

    folder: str
    package: str
    version: str | None
    content_hash: str
    files: tuple[PublishedFile, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `build --format json` prints."""
        files = [
            {"path": file.path, "bytes": file.size, "sha256": file.sha256, "table": file.table} for file in self.files
        ]
        return {
            "folder": self.folder,
            "package": self.package,
            "version": self.version,
            "content_hash": f"sha256:{self.content_hash}",
            "files": files,
        }


def build_folder(
    storage: Storage, folder: str, base_url: str | None, previous: Contents | None = None, progress: Progress = list
) -> Release:
    """Build a release of a package.

    Args:
        storage: the package.
        folder: to be written; it must not exist, be empty, or hold an earlier release and nothing else.
        base_url: where the files will stand; the placeholder if `None`.
        previous: the package as it was released before, if the number of this version is to be held against it.
        progress: is given the files that are to be made, and yields each when it is its turn.

    Raises:
        InvalidPackageError: the package is not valid; its `report` says why.
        SmallVersionError: the changes since the previous release call for a larger version number.
        ScrdataError: something is in the way, or the folder cannot be written to.
    """
    _check_extra()
    judge(storage).raise_if_invalid()
    if previous is not None:
        _check_version(previous, storage)
    check_target(folder)
    snapshot = take_snapshot(storage)
    judge(snapshot).raise_if_invalid()
    contents = with_evidence(open_contents(snapshot))
    made: dict[str, bytes] = {}
    publication = Publication(contents, _base(base_url), ())
    for product in progress(products.plan_release(storage, snapshot, contents)):
        _check_path(product.path, made)
        made[product.path] = product.make(publication)
        files = (*publication.files, product.published(made[product.path]))
        publication = publication.changed(files=tuple(sorted(files, key=lambda file: file.path)))
    _check_path(products.CHECKSUMS, made)
    made[products.CHECKSUMS] = list_checksums(made)
    try:
        write_folder(folder, made)
    except OSError as error:
        raise ScrdataError(f"{shown(folder)} cannot be written: {error.strerror or error}") from None
    whole = content_hash(snapshot.files)
    return Release(folder, publication.name, contents.descriptor.version, whole, publication.files)


def _check_extra() -> None:
    """Refuse to begin without the libraries that some files of a release are written with."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise ScrdataError(
            f"a release needs {', '.join(missing)}, not installed here; `pip install 'scrdata[release]'` brings them"
        )


def _check_version(previous: Contents, storage: Storage) -> None:
    """Refuse a version number that is smaller than what changed since the previous release calls for."""
    problems = compare_contents(previous, open_contents(storage)).version_problems
    if problems:
        raise SmallVersionError(" ".join(problems))


def _base(base_url: str | None) -> str:
    """Return the address of the release, ending in `/`; refuse what is none."""
    if base_url is None:
        return PLACEHOLDER
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ScrdataError(f"{shown(base_url)} is no address that files can stand below, such as {PLACEHOLDER}")
    return base_url if base_url.endswith("/") else f"{base_url}/"


def _check_path(path: str, made: dict[str, bytes]) -> None:
    """Refuse a path that another file has, or has but for capitals."""
    taken = next((other for other in made if other.casefold() == path.casefold()), None)
    if taken is not None:
        raise ScrdataError(
            f"the release would hold two files called {shown(path)} and {shown(taken)}; rename that of the package"
        )


def check_target(folder: str) -> None:
    """Refuse a folder that holds anything but an earlier release.

    Raises:
        ScrdataError: it is no folder, or holds files that its `SHA256SUMS` does not list.
    """
    place = shown(folder)
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise ScrdataError(f"{place} is no folder; name one that does not exist yet")
    try:
        found = {
            os.path.relpath(os.path.join(above, name), folder).replace(os.sep, "/")
            for above, _, names in os.walk(folder, onerror=_raise)
            for name in names
        }
        others = sorted(found - _listed(folder) - {products.CHECKSUMS})
    except OSError as error:
        raise ScrdataError(f"{place} cannot be read: {error.strerror or error}") from None
    if others:
        raise ScrdataError(
            f"{place} holds files of no earlier release, such as {shown(others[0])}; name a folder that does not exist"
        )


def _raise(error: OSError) -> None:
    raise error


def _listed(folder: str) -> set[str]:
    """Return the paths that the checksums of a release list."""
    place = os.path.join(folder, products.CHECKSUMS)
    if not os.path.exists(place):
        return set()
    with open(place, encoding="utf-8", errors="replace") as file:
        return {line.rstrip("\n").partition("  ")[2] for line in file}
