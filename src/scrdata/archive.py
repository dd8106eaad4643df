"""A package in a zip archive, read in memory and never extracted."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib

from scrdata.errors import PackageError
from scrdata.findings import shown
from scrdata.members import find_clashes, find_misfits
from scrdata.storage import DESCRIPTOR, Refusal, components

ARCHIVE_BYTES = 1 << 30
MEMBERS = 10_000
# A member may unpack to so many times its packed size, and to the first mebibyte in any case.
RATIO = 200
FREE_BYTES = 1 << 20
_ENCRYPTED = 0x41
# What the standard library raises on damaged archives.
_DAMAGE = (
    *(OSError, ValueError, EOFError, RuntimeError, NotImplementedError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)


class Archive:
    """A zip archive with the descriptor at its top, or in the one folder that it holds.

    Every member is judged when the archive is opened, needed or not; what is wrong with one stands in
    `problems`, and that member does not exist.

    Raises:
        PackageError: it is no zip archive, or holds no descriptor.
    """

    def __init__(self, path: str) -> None:
        self.name = path
        self.problems: list[Refusal] = []
        self.descriptor = DESCRIPTOR
        self._unpacked: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._zip = _open(path)
        for info in self._zip.infolist():
            self._admit(info)
        data = self._zip.fp
        assert isinstance(data, io.BytesIO)
        self.problems += find_misfits(path, data.getbuffer(), self._zip)
        self.problems += find_clashes(self._members)
        folders = [name for name in self._members if name.count("/") == 1 and name.endswith(f"/{DESCRIPTOR}")]
        if DESCRIPTOR in self._members:
            self._root = ""
        elif len(folders) == 1:
            self._root = folders[0].removesuffix(DESCRIPTOR)
        else:
            raise PackageError(f"{shown(path)} holds no {DESCRIPTOR}")

    def _admit(self, info: zipfile.ZipInfo) -> None:
        """Take a member into the directory, or note why not."""
        name = info.orig_filename
        try:
            components(name.removesuffix("/"))
            self._judge(info)
        except Refusal as refusal:
            self.problems.append(Refusal(refusal.rule, refusal.message, shown(name)))
            return
        if not name.endswith("/"):
            self._members[name] = info
            if info.file_size > max(FREE_BYTES, info.compress_size * RATIO):
                message = f"the member '{name}' unpacks to too many bytes, by what the archive says"
                self.problems.append(Refusal("archive_is_allowed", message, name))

    def _judge(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        if len(self._members) >= MEMBERS:
            raise Refusal("archive_is_allowed", f"the archive has more than {MEMBERS} members")
        if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
            raise Refusal("path_stays_in_package", f"the member '{name}' is a link or a device")
        if info.flag_bits & _ENCRYPTED:
            raise Refusal("archive_is_allowed", f"the member '{name}' is encrypted")
        if name in self._members:
            raise Refusal("archive_members_are_unique", f"the member '{name}' occurs twice")

    def read(self, path: str) -> bytes:
        """Return the bytes of a member, within the limits on real size and on the ratio."""
        components(path)
        info = self._members.get(self._root + path)
        if info is None:
            raise Refusal("file_exists", f"the archive has no member '{path}'")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("file_exists", f"the member '{path}' is packed by a method other than stored and deflated")
        others = sum(size for member, size in self._unpacked.items() if member != path)
        allowed = min(ARCHIVE_BYTES - others, max(FREE_BYTES, info.compress_size * RATIO))
        try:
            with self._zip.open(info) as member:
                data = member.read(allowed + 1)
        except _DAMAGE as error:
            raise Refusal("file_exists", f"the member '{path}' cannot be unpacked: {shown(str(error))}") from None
        if len(data) > allowed:
            raise Refusal("archive_is_allowed", f"the member '{path}' unpacks to too many bytes")
        if len(data) != info.file_size:
            message = f"the member '{path}' unpacks to {len(data)} bytes, the archive says {info.file_size}"
            raise Refusal("file_exists", message)
        self._unpacked[path] = len(data)
        return data


def _open(path: str) -> zipfile.ZipFile:
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size > ARCHIVE_BYTES:
                raise PackageError(f"{shown(path)} is larger than {ARCHIVE_BYTES} bytes")
            return zipfile.ZipFile(io.BytesIO(file.read()))
    except _DAMAGE as error:
        raise PackageError(f"{shown(path)} cannot be opened as a zip archive: {shown(str(error))}") from None
