"""Zip archives: what is no sound archive of one package is refused, within bounded memory."""

from __future__ import annotations

import io
import random
import stat
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder, Verdict

    Judge = Callable[[Path], Verdict]

CSV = "data/loans.csv"
OVERLAP = "archive_is_allowed"
Member = tuple[str, bytes]


def members(package: PackageFolder, prefix: str = "") -> list[Member]:
    """Return names and bytes of all files of the package."""
    files = sorted(path for path in package.folder.rglob("*") if path.is_file())
    return [(prefix + path.relative_to(package.folder).as_posix(), path.read_bytes()) for path in files]


def pack(content: list[Member] | list[tuple[zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive; what the library warns of is wanted here."""
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in content:
            archive.writestr(name, data)
    return memory.getvalue()


def named(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    """Return a member of that very name and mode."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.create_system = 3
    info.external_attr = mode << 16
    return info


# What is added to a sound archive: a member, and the rule that refuses it.
ADDED: list[tuple[str, zipfile.ZipInfo, str]] = [
    ("parent", named("../outside.csv"), "path_stays_in_package"),
    ("parent_inside", named("data/../x.csv"), "path_stays_in_package"),
    ("dot", named("./x.csv"), "path_stays_in_package"),
    ("absolute", named("/etc/x.csv"), "path_stays_in_package"),
    ("drive", named("C:/x.csv"), "path_stays_in_package"),
    ("backslash", named("data\\x.csv"), "path_stays_in_package"),
    ("two_slashes", named("data//x.csv"), "path_stays_in_package"),
    ("parent_folder", named("../x/", stat.S_IFDIR | 0o755), "path_stays_in_package"),
    ("control_character", named("x\x1b[31m.csv"), "path_stays_in_package"),
    ("right_to_left", named("x\u202egnp.csv"), "path_stays_in_package"),
    ("link", named("x.csv", stat.S_IFLNK | 0o777), "path_stays_in_package"),
    ("link_to_folder", named("more", stat.S_IFLNK | 0o777), "path_stays_in_package"),
    ("device", named("x.csv", stat.S_IFCHR | 0o600), "path_stays_in_package"),
    ("pipe", named("x.csv", stat.S_IFIFO | 0o600), "path_stays_in_package"),
    ("duplicate", named(CSV), "archive_members_are_unique"),
    ("case_collision", named("DATA/Loans.csv"), "archive_members_are_unique"),
    ("folder_that_is_a_file", named("data"), "archive_members_are_unique"),
    ("file_that_is_a_folder", named(f"{CSV}/x"), "archive_members_are_unique"),
    ("duplicate_descriptor", named("datapackage.json"), "archive_members_are_unique"),
]


@pytest.mark.parametrize(("member", "rule"), [pytest.param(*case[1:], id=case[0]) for case in ADDED])
def test_added_members(
    small_package: PackageFolder, judge: Judge, tmp_path: Path, member: zipfile.ZipInfo, rule: str
) -> None:
    """A member whose name or kind is not allowed makes the archive invalid, although nothing names it."""
    content = [(named(name), data) for name, data in members(small_package)]
    place = tmp_path / "p.zip"
    place.write_bytes(pack([*content, (member, b"/etc/hostname")]))
    verdict = judge(place)
    assert verdict.code == 1, verdict.text
    assert rule in [place[0] for place in verdict.places]
    assert all(place[1] for place in verdict.places), "a finding names no file"


UNOPENED: list[tuple[str, Callable[[PackageFolder], bytes]]] = [
    ("empty_file", lambda _: b""),
    ("empty_archive", lambda _: pack([])),
    ("text", lambda p: p.read(CSV)),
    ("json", lambda p: p.read("datapackage.json")),
    ("gzip", lambda _: b"\x1f\x8b\x08\0" + bytes(40)),
    ("truncated", lambda p: pack(members(p))[:-30]),
    ("truncated_early", lambda p: pack(members(p))[:100]),
    ("only_the_directory", lambda p: pack(members(p))[-400:]),
    ("no_descriptor", lambda p: pack(members(p)[:-1] if members(p)[-1][0] == "datapackage.json" else members(p)[:4])),
    ("descriptor_too_deep", lambda p: pack(members(p, "a/b/"))),
    ("descriptor_in_two_folders", lambda p: pack(members(p, "a/") + members(p, "b/"))),
    ("descriptor_is_a_folder", lambda _: pack([("datapackage.json/", b"")])),
    ("descriptor_capitalised", lambda _: pack([("Datapackage.json", b"{}")])),
    ("descriptor_is_a_link", lambda _: pack([(named("datapackage.json", stat.S_IFLNK), b"x.json")])),
    ("descriptor_below_parent", lambda _: pack([(named("../datapackage.json"), b"{}")])),
]


@pytest.mark.parametrize("make", [pytest.param(case[1], id=case[0]) for case in UNOPENED])
def test_unopened(
    small_package: PackageFolder, judge: Judge, tmp_path: Path, make: Callable[[PackageFolder], bytes]
) -> None:
    """What is no archive, or holds no descriptor of its own, cannot be opened: exit code 2."""
    place = tmp_path / "p.zip"
    place.write_bytes(make(small_package))
    verdict = judge(place)
    assert verdict.code == 2
    assert [found[0] for found in verdict.places] == ["package_can_be_opened"]


def _set(data: bytes, marker: bytes, offset: int, new: bytes, name: str) -> bytes:
    """Overwrite bytes at an offset of the local (PK34) or central (PK12) header of a member."""
    at = -1
    while True:
        at = data.index(marker, at + 1)
        start = at + (46 if marker == b"PK\x01\x02" else 30)
        if data[start : start + len(name)] == name.encode():
            return data[: at + offset] + new + data[at + offset + len(new) :]


def _change(data: bytes, *, central: int, local: int, new: bytes) -> bytes:
    return _set(_set(data, b"PK\x01\x02", central, new, CSV), b"PK\x03\x04", local, new, CSV)


# How the headers of one member are spoilt, and the rule that then fails.
HEADERS: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("encrypted", lambda z: _change(z, central=8, local=6, new=b"\x01\x00"), "archive_is_allowed"),
    ("strongly_encrypted", lambda z: _change(z, central=8, local=6, new=b"\x41\x00"), "archive_is_allowed"),
    ("wrong_crc", lambda z: _change(z, central=16, local=14, new=b"\0\0\0\0"), "file_exists"),
    ("unknown_method", lambda z: _change(z, central=10, local=8, new=b"\x63\x00"), "file_exists"),
    ("other_method", lambda z: _change(z, central=10, local=8, new=b"\x0e\x00"), "file_exists"),
    ("bzip2_that_is_none", lambda z: _change(z, central=10, local=8, new=b"\x0c\x00"), "file_exists"),
    ("size_too_small", lambda z: _change(z, central=24, local=22, new=b"\x05\0\0\0"), "file_exists"),
    ("size_too_large", lambda z: _change(z, central=24, local=22, new=b"\xff\xff\xff\x00"), "file_exists"),
    ("packed_size_too_large", lambda z: _change(z, central=20, local=18, new=b"\xff\xff\xff\x00"), OVERLAP),
    ("packed_size_none", lambda z: _change(z, central=20, local=18, new=b"\0\0\0\0"), "file_exists"),
    ("offset_beyond", lambda z: _set(z, b"PK\x01\x02", 42, b"\xff\xff\xff\x00", CSV), "file_exists"),
    ("offset_of_another", lambda z: _set(z, b"PK\x01\x02", 42, b"\0\0\0\0", CSV), "file_exists"),
    ("local_name_differs", lambda z: _set(z, b"PK\x03\x04", 30, b"atad", CSV), "file_exists"),
]


def _end(data: bytes, offset: int, new: bytes) -> bytes:
    """Overwrite bytes of the record at the end of an archive."""
    at = data.rindex(b"PK\x05\x06") + offset
    return data[:at] + new + data[at + len(new) :]


def _last(data: bytes, offset: int, new: bytes) -> bytes:
    """Overwrite bytes of the last entry of the directory of an archive, which holds one file that nothing names."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        sound = [(name, opened.read(name)) for name in opened.namelist()]
    data = pack([*sound, ("notes", b"")])
    at = data.rindex(b"PK\x01\x02") + offset
    return data[:at] + new + data[at + len(new) :]


def _forget(data: bytes) -> bytes:
    """Take the last entry out of the directory of an archive; its member stays."""
    end, last = data.rindex(b"PK\x05\x06"), data.rindex(b"PK\x01\x02")
    first = data.index(b"PK\x01\x02")
    count = (int.from_bytes(data[end + 8 : end + 10], "little") - 1).to_bytes(2, "little")
    tail = data[end : end + 8] + count + count + (last - first).to_bytes(4, "little") + data[end + 16 :]
    return data[:last] + tail


HEADERS += [
    ("checksum_of_the_header_differs", lambda z: _set(z, b"PK\x03\x04", 14, b"\0\0\0\0", CSV), "archive_is_allowed"),
    ("size_of_the_header_differs", lambda z: _set(z, b"PK\x03\x04", 22, b"\x05\0\0\0", CSV), "archive_is_allowed"),
    ("bytes_before", lambda z: b"#!/bin/sh\n" + z, "archive_is_allowed"),
    ("bytes_behind", lambda z: z + b"more", "archive_is_allowed"),
    ("another_archive_before", lambda z: pack([("datapackage.json", b"{}")]) + z, "archive_is_allowed"),
    ("fewer_members_announced", lambda z: _end(z, 8, b"\x01\0\x01\0"), "archive_is_allowed"),
    ("comment_longer_than_announced", lambda z: _end(z, 20, b"\x01\0") + b"ab", "archive_is_allowed"),
    ("directory_lost_a_member", _forget, "archive_is_allowed"),
    ("name_longer_than_the_directory", lambda z: _last(z, 28, b"\xff\0"), "archive_is_allowed"),
    ("extra_longer_than_the_directory", lambda z: _last(z, 30, b"\1\0"), "archive_is_allowed"),
    ("comment_longer_than_the_directory", lambda z: _last(z, 32, b"\1\0"), "archive_is_allowed"),
    ("disk_that_is_not_the_first", lambda z: _end(z, 4, b"\x01\0"), "archive_is_allowed"),
    ("directory_on_another_disk", lambda z: _end(z, 6, b"\x01\0"), "archive_is_allowed"),
    ("fewer_members_on_this_disk", lambda z: _end(z, 8, b"\x01\0"), "archive_is_allowed"),
    ("mark_of_the_last_record_as_its_disks", lambda z: _end(z, 4, b"PK\5\6"), "archive_is_allowed"),
    ("mark_of_the_last_record_as_its_counts", lambda z: _end(z, 8, b"PK\5\6"), "archive_is_allowed"),
]


@pytest.mark.parametrize(("change", "rule"), [pytest.param(*case[1:], id=case[0]) for case in HEADERS])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_headers(
    small_package: PackageFolder,
    judge: Judge,
    tmp_path: Path,
    method: int,
    change: Callable[[bytes], bytes],
    rule: str,
) -> None:
    """Headers that lie are findings, whatever they say."""
    place = tmp_path / "p.zip"
    place.write_bytes(change(pack(members(small_package), method)))
    verdict = judge(place)
    assert verdict.code == 1, verdict.text
    assert rule in [found[0] for found in verdict.places], verdict.places


def test_name_that_is_no_text(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """A local name that is not UTF-8, although the directory says so, is a finding."""
    small_package.write("data/größe.csv", small_package.read(CSV))  # a name that needs UTF-8
    small_package.edit("datapackage.json", "resources", 0, "path", to="data/größe.csv")
    data = pack(members(small_package))
    place = tmp_path / "p.zip"
    place.write_bytes(data.replace("größe".encode(), b"gr\xff\xff\xfe\xfee", 1))
    verdict = judge(place)
    assert verdict.code == 1
    assert "file_exists" in [found[0] for found in verdict.places]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_other_methods(small_package: PackageFolder, judge: Judge, tmp_path: Path, method: int) -> None:
    """A member packed by a method whose memory cannot be bounded is refused, however small it is."""
    place = tmp_path / "p.zip"
    place.write_bytes(pack(members(small_package), method))
    verdict = judge(place)
    assert verdict.code == 1
    assert "file_exists" in [found[0] for found in verdict.places]


def test_bombs(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """A member that unpacks to far more than it takes is refused before it is unpacked."""
    content = [(name, b"x" * 50_000_000 if name == CSV else data) for name, data in members(small_package)]
    place = tmp_path / "p.zip"
    place.write_bytes(pack(content))
    verdict = judge(place)
    assert verdict.code == 1
    assert "archive_is_allowed" in [found[0] for found in verdict.places]


def test_a_bomb_that_nothing_names(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """A member that unpacks to very much is a finding even where no resource is there."""
    place = tmp_path / "p.zip"
    place.write_bytes(pack([*members(small_package), ("bomb.bin", bytes(1 << 24))]))
    verdict = judge(place)
    assert verdict.places == [("archive_is_allowed", "bomb.bin", None)]


def test_accents_that_collide(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """Two members whose names differ only in how an accent is written cannot stand beside one another everywhere."""
    place = tmp_path / "p.zip"
    place.write_bytes(pack([*members(small_package), ("e\u0301", b""), ("\u00e9", b"")]))
    verdict = judge(place)
    assert verdict.places == [("archive_members_are_unique", "\u00e9", None)]


def test_sizes_that_follow_are_read(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """An archive that was written to a pipe, with the sizes behind each member, and with a comment, is sound."""

    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"Loans"
        for name, data in members(small_package):
            archive.writestr(name, data)
    place = tmp_path / "p.zip"
    place.write_bytes(pipe.written)
    assert judge(place).code == 0


def test_many_members(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """An archive of more members than are allowed is refused."""
    place = tmp_path / "p.zip"
    place.write_bytes(pack([*members(small_package), *((f"x/{i}", b"") for i in range(10_001))], zipfile.ZIP_STORED))
    verdict = judge(place)
    assert verdict.code == 1
    assert "archive_is_allowed" in [found[0] for found in verdict.places]


def test_finding_inside(small_package: PackageFolder, judge: Judge, tmp_path: Path) -> None:
    """What is wrong inside an archive is located as in a folder."""
    small_package.spoil("data/loans.csv", "30,400", "31,400")
    small_package.repair()
    place = tmp_path / "p.zip"
    place.write_bytes(pack(members(small_package, "small/")))
    verdict = judge(place)
    assert verdict.code == 1
    assert ("adult_loans_are_63", "data/loans.csv", 2) in verdict.places


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids="{}".format
)
def test_random_damage(small_package: PackageFolder, judge: Judge, tmp_path: Path, method: int) -> None:
    """Whatever bytes of an archive are damaged, the answer is a verdict, never a traceback."""
    chance = random.Random(method)  # noqa: S311
    small_package.write("data/größe.csv", "x")
    good = pack(members(small_package), method)
    place = tmp_path / "p.zip"
    for _ in range(120):
        data = bytearray(good)
        at = chance.randrange(len(data) - 8)
        kind = chance.randrange(3)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at : at + 4] = struct.pack("<I", chance.choice([0, 1, 0xFF, 0xFFFFFFFF, 0x7FFFFFFF]))
        else:
            del data[at : at + chance.randrange(1, 9)]
        place.write_bytes(data)
        assert judge(place).code in (0, 1, 2)
