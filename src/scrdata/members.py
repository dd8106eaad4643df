"""How the members of a zip archive lie in it: one after the other from the first byte on, under names that differ.

The directory at its end is what readers with random access go by, the headers before the members what
readers of a stream go by, and what stands outside of both is seen by neither. Where these do not agree,
an archive says one thing to one reader and another to the next.
"""

from __future__ import annotations

import struct

from scrdata.findings import shown
from scrdata.storage import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable, Iterator

_LOCAL = struct.Struct("<4s2xH6xIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_LENGTHS = struct.Struct("<28x3H12x")
_LOCAL_MARK, _END_MARK, _LONG_END_MARK = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06"
_SIZES_FOLLOW = 0x08
# With or without its mark, with sizes of four bytes or of eight.
_DESCRIPTOR_BYTES = (12, 16, 20, 24)
# What stands in place of a number that needs eight bytes.
_ELSEWHERE_SHORT, _ELSEWHERE_LONG = 0xFFFF, 0xFFFFFFFF


def find_misfits(archive: str, data: memoryview, directory: zipfile.ZipFile) -> Iterator[Refusal]:
    """Yield what lies before, between, over or after the members, and headers that say other than the directory.

    Args:
        archive: its path, for what concerns no single member.
        data: all its bytes.
        directory: the archive as it was read by its directory.
    """
    infos = sorted(directory.infolist(), key=lambda info: info.header_offset)
    if infos and infos[0].header_offset > 0:
        message = f"{infos[0].header_offset} bytes stand before the first member"
        yield Refusal("archive_is_allowed", message, shown(archive))
    starts = [*(info.header_offset for info in infos), directory.start_dir][1:]
    for info, start in zip(infos, starts, strict=True):
        problem = _misfit(data, info, start)
        if problem:
            name = shown(info.orig_filename)
            yield Refusal("archive_is_allowed", f"the member '{name}' {problem}", name)
    problems = [*_directory(data, directory.start_dir, len(infos)), *_end(data, len(infos))]
    yield from (Refusal("archive_is_allowed", message, shown(archive)) for message in problems)


def _misfit(data: memoryview, info: zipfile.ZipInfo, next_start: int) -> str:
    """Return how a member does not fit to its header or its neighbour, or an empty text."""
    header = data[info.header_offset : info.header_offset + _LOCAL.size]
    if len(header) < _LOCAL.size or header[:4] != _LOCAL_MARK:
        return "has no header where the archive says"
    _, flags, checksum, packed, size, name, extra = _LOCAL.unpack(header)
    gap = next_start - (info.header_offset + _LOCAL.size + name + extra + info.compress_size)
    if gap < 0:
        return "overlaps with what follows it"
    if gap > 0 and not (flags & _SIZES_FOLLOW and gap in _DESCRIPTOR_BYTES):
        return f"is followed by {gap} bytes that belong to no member"
    if not flags & _SIZES_FOLLOW:
        for told, known in ((checksum, info.CRC), (packed, info.compress_size), (size, info.file_size)):
            if told not in (known, _ELSEWHERE_LONG):
                return "has another size or checksum in its header than in the directory"
    return ""


def _directory(data: memoryview, at: int, members: int) -> Iterator[str]:
    """Yield that the entries of the directory, which begins at a byte, do not end where the last record begins."""
    for _ in range(members):
        at += _LENGTHS.size + sum(_LENGTHS.unpack_from(data, at))
    if bytes(data[at : at + len(_END_MARK)]) not in (_END_MARK, _LONG_END_MARK):
        yield "the directory of the archive ends elsewhere than the lengths in it say"


def _end(data: memoryview, members: int) -> Iterator[str]:
    """Yield what is wrong with the last record, behind which nothing may stand but the comment that it announces."""
    tail = bytes(data[-_END.size - _ELSEWHERE_SHORT :])
    # The last mark with room for a record behind it: what looks like a mark within the record is a number of it.
    at = tail.rfind(_END_MARK, 0, len(tail) - _END.size + len(_END_MARK))
    _, disk, first_disk, here, count, _, _, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        yield "bytes stand behind the end of the archive"
    if not {disk, first_disk} <= {0, _ELSEWHERE_SHORT} or here != count:
        yield "the archive says that it is one part of several; pack it as one"
    if count not in (members, _ELSEWHERE_SHORT):
        yield f"the archive says that it has {count} members, and it has {members}"


def find_clashes(names: Iterable[str]) -> Iterator[Refusal]:
    """Yield the names of members that many file systems cannot keep beside one another.

    >>> [clash.file for clash in find_clashes(["data/a.csv", "data/A.csv", "b", "b/c.csv"])]
    ['data/A.csv', 'b/c.csv']
    """
    taken: dict[str, str] = {}
    for name in names:
        other = taken.setdefault(_folded(name), name)
        if other != name:
            message = (
                f"the members '{shown(other)}' and '{shown(name)}' differ only in case, or in how accents are written"
            )
            yield Refusal("archive_members_are_unique", message, shown(name))
    for name in taken.values():
        parts = _folded(name).split("/")
        folders = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        above = next((taken[folder] for folder in folders if folder in taken), None)
        if above is not None:
            message = f"'{shown(above)}' is a member, and the folder of the member '{shown(name)}'"
            yield Refusal("archive_members_are_unique", message, shown(name))


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", normalize("NFC", name).casefold())
