"""Faults of zip archives: members of every kind and name, damage byte by byte, and what is spoilt inside one."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.faults import cells, descriptors, evidence, keys, structure
from tests.faults.fault import ANYWHERE, Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import PackageFolder

STAYS = "path_stays_in_package"
KINDS = {
    "link": stat.S_IFLNK,
    "character device": stat.S_IFCHR,
    "block device": stat.S_IFBLK,
    "pipe": stat.S_IFIFO,
    "socket": stat.S_IFSOCK,
    "folder": stat.S_IFDIR,
}
NAMES = (
    *(
        "../x",
        "../../etc/passwd",
        "data/../../x",
        "/x",
        "/etc/passwd",
        "//server/share/x",
        "C:/x",
        "c:\\x",
        "..\\x",
        "data\\x",
    ),
    *(
        "./x",
        "data/./x",
        "data//x",
        "~/x",
        "~root/x",
        "x\x1b[2J",
        "x\n",
        "x\u202ecsv",
        "x\u200b",
        "x\x7f",
        "http://example.org/x",
    ),
    *("file:///etc/passwd", "x:stream", "data/..", "..", ".", "x" * 1001, "\ufeffx"),
)
MEMBERS = (
    "datapackage.json",
    "schemas/branches.json",
    "schemas/loans.json",
    "data/branches.csv",
    "data/loans.csv",
    "data/rules.csv",
    "data/discrepancies.csv",
)
# One in so many faults of the other classes is also put into an archive.
ONE_IN = 12


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    yield from _strange_members()
    for name in MEMBERS:
        yield from _of_member(name)
    for part in range(1, 40):
        yield Fault(f"cut at {part} of 40", partial(_cut, part))
    for seed in range(250):
        yield Fault(f"damage {seed}", partial(_damaged, seed))
    yield from _of_other_classes()


def _strange_members() -> Iterator[Fault]:
    for name in NAMES:
        yield Fault(f"member called {name!a}", partial(_added, name, 0o100644, (STAYS,)))
    for kind, mode in KINDS.items():
        yield Fault(f"member is a {kind}", partial(_added, "more", mode | 0o600, (STAYS,)))


def _of_member(name: str) -> Iterator[Fault]:
    for kind, mode in KINDS.items():
        yield Fault(f"{name} is a {kind}", partial(_of_kind, name, mode))
    yield Fault(f"{name} twice", partial(_added, name, 0o100644, ("archive_members_are_unique",)))
    yield Fault(f"{name} encrypted", partial(_flagged, name))
    yield Fault(f"{name} not there", partial(_dropped, name))
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield Fault(f"{name} packed by method {method}", partial(_packed, name, method))
    yield Fault(f"{name} a bomb", partial(_bomb, name))


def _of_other_classes() -> Iterator[Fault]:
    for module in (descriptors, structure, cells, keys, evidence):
        for number, fault in enumerate(module.faults()):
            if number % ONE_IN == 0:
                yield Fault(f"packed: {module.__name__.rpartition('.')[2]}: {fault.name}", partial(_inside, fault))


def contents(package: PackageFolder) -> dict[str, bytes]:
    """Return the files of a package by their paths."""
    files = sorted(path for path in package.folder.rglob(ANYWHERE) if path.is_file())
    return {path.relative_to(package.folder).as_posix(): path.read_bytes() for path in files}


def member(name: str, mode: int = 0o100644, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Return a member of that very name, mode and method."""
    info = zipfile.ZipInfo("x")
    info.filename, info.create_system, info.external_attr, info.compress_type = name, 3, mode << 16, method
    return info


def pack(content: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """Return a zip archive; what the library warns of is wanted here."""
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for info, data in content:
            archive.writestr(info, data)
    return memory.getvalue()


def _sound(package: PackageFolder) -> list[tuple[zipfile.ZipInfo, bytes]]:
    return [(member(name), data) for name, data in contents(package).items()]


def _save(package: PackageFolder, data: bytes) -> Path:
    place = package.folder.parent / "package.zip"
    place.write_bytes(data)
    return place


def _added(name: str, mode: int, rules: tuple[str, ...], package: PackageFolder) -> Wanted:
    place = _save(package, pack([*_sound(package), (member(name, mode), b"/etc/passwd")]))
    return Wanted(rules, ANYWHERE, package=place)


def _of_kind(name: str, mode: int, package: PackageFolder) -> Wanted:
    content = [(member(n, mode | 0o600) if n == name else member(n), data) for n, data in contents(package).items()]
    place = _save(package, pack(content))
    if name == "datapackage.json":
        return Wanted((), None, package=place, code=2)
    return Wanted((STAYS, "file_exists"), ANYWHERE, package=place)


def _flagged(name: str, package: PackageFolder) -> Wanted:
    data = pack(_sound(package))
    for mark, flags, length in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            if data[at + length :].startswith(name.encode()):
                data = data[: at + flags] + bytes([data[at + flags] | 1]) + data[at + flags + 1 :]
    place = _save(package, data)
    if name == "datapackage.json":
        return Wanted((), None, package=place, code=2)
    return Wanted(("archive_is_allowed",), name, package=place)


def _dropped(name: str, package: PackageFolder) -> Wanted:
    place = _save(package, pack([(info, data) for info, data in _sound(package) if info.filename != name]))
    if name == "datapackage.json":
        return Wanted((), None, package=place, code=2)
    return Wanted(("file_exists",), ANYWHERE, package=place)


def _packed(name: str, method: int, package: PackageFolder) -> Wanted:
    content = [(member(n, method=method if n == name else 8), data) for n, data in contents(package).items()]
    return Wanted(("file_exists",), ANYWHERE, package=_save(package, pack(content)))


def _bomb(name: str, package: PackageFolder) -> Wanted:
    content = [(info, b" " * 30_000_000 if info.filename == name else data) for info, data in _sound(package)]
    return Wanted(("archive_is_allowed",), ANYWHERE, package=_save(package, pack(content)))


def _cut(part: int, package: PackageFolder) -> Wanted:
    data = pack(_sound(package))
    return Wanted((), None, package=_save(package, data[: len(data) * part // 40]), code=2)


def _damaged(seed: int, package: PackageFolder) -> Wanted:
    """Change a byte of what a table or a schema is packed to: whatever it is, the file is not the one any more."""
    random = Random(seed)  # noqa: S311
    content = [(info, data) for info, data in _sound(package) if info.filename.endswith(".csv")]
    rest = [(info, data) for info, data in _sound(package) if not info.filename.endswith(".csv")]
    data = bytearray(pack([*content, *rest]))
    name = content[random.randrange(len(content))][0].filename
    start = data.index(name.encode()) + len(name)
    end = data.index(b"PK\x03\x04", start)
    data[random.randrange(start, end)] ^= random.randrange(1, 256)
    return Wanted((), ANYWHERE, package=_save(package, bytes(data)))


def _inside(fault: Fault, package: PackageFolder) -> Wanted:
    wanted = fault.spoil(package)
    return wanted._replace(package=_save(package, pack(_sound(package))))
