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
from scrdata.limits import DEFAULT, MEBIBYTE, Limits, reached
from scrdata.members import find_clashes, find_misfits
from scrdata.storage import DESCRIPTOR, Refusal, components

# Whatever the ratio, so much may be unpacked of a member: a small table that repeats itself is no attack.
FREE_BYTES = MEBIBYTE
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

    def __init__(self, path: str, limits: Limits = DEFAULT) -> None:
        self.name = path
        self.limits = limits
        self.problems: list[Refusal] = []
        self.descriptor = DESCRIPTOR
        self._unpacked: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._zip = _open(path, limits)
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
            if info.file_size > max(FREE_BYTES, info.compress_size * self.limits.archive_ratio):
                beyond = reached(self.limits, "archive_ratio")
                message = f"the member '{name}' unpacks, by what the archive says, to {beyond}"
                self.problems.append(Refusal("archive_is_allowed", message, name))

    def _judge(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        if len(self._members) >= self.limits.archive_members:
            raise Refusal("archive_is_allowed", f"the archive has {reached(self.limits, 'archive_members')}")
        if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
            raise Refusal("path_stays_in_package", f"the member '{name}' is a link or a device")
        if info.flag_bits & _ENCRYPTED:
            raise Refusal("archive_is_allowed", f"the member '{name}' is encrypted; pack it without a password")
        if name in self._members:
            raise Refusal("archive_members_are_unique", f"the member '{name}' occurs twice")

    def read(self, path: str) -> bytes:
        """Return the bytes of a member, within the limits on its real size, on that of all, and on the ratio."""
        components(path)
        info = self._members.get(self._root + path)
        if info is None:
            raise Refusal("file_exists", f"the archive has no member '{path}'")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            message = f"the member '{path}' is packed by a method other than stored and deflated; pack it anew"
            raise Refusal("file_exists", message)
        limit, allowed = self._allowed(path, info)
        try:
            with self._zip.open(info) as member:
                data = member.read(allowed + 1)
        except _DAMAGE as error:
            raise Refusal("file_exists", f"the member '{path}' cannot be unpacked: {shown(str(error))}") from None
        if len(data) > allowed:
            rule = "file_size_is_allowed" if limit == "file_size" else "archive_is_allowed"
            what = "the members read so far unpack" if limit == "archive_size" else f"the member '{path}' unpacks"
            raise Refusal(rule, f"{what} to {reached(self.limits, limit)}")
        if len(data) != info.file_size:
            message = f"the member '{path}' unpacks to {len(data)} bytes, the archive says {info.file_size}"
            raise Refusal("file_exists", message)
        self._unpacked[path] = len(data)
        return data

    def _allowed(self, path: str, info: zipfile.ZipInfo) -> tuple[str, int]:
        """Return which limit a member would reach first, and the number of bytes that it may unpack to."""
        others = sum(size for member, size in self._unpacked.items() if member != path)
        allowed = {
            "file_size": self.limits.file_size,
            "archive_size": self.limits.archive_size - others,
            "archive_ratio": max(FREE_BYTES, info.compress_size * self.limits.archive_ratio),
        }
        return min(allowed.items(), key=lambda item: item[1])


def _open(path: str, limits: Limits) -> zipfile.ZipFile:
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size > limits.archive_size:
                raise PackageError(f"{shown(path)} has {reached(limits, 'archive_size')}")
            return zipfile.ZipFile(io.BytesIO(file.read()))
    except _DAMAGE as error:
        raise PackageError(f"{shown(path)} cannot be opened as a zip archive: {shown(str(error))}") from None
