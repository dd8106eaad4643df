"""Zip archives: read in memory within limits; odd members are noted and do not exist."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.archive import Archive
from scrdata.errors import PackageError
from scrdata.limits import Limits
from scrdata.opening import open_storage
from scrdata.package import Package
from scrdata.release.packing import pack_files
from scrdata.storage import Refusal
from tests.strategies import FEW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import PackageFolder

DESCRIPTOR = ("datapackage.json", b"{}")


def write_zip(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive of members, which may have any name and may occur twice."""
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def member(name: str, mode: int = 0) -> zipfile.ZipInfo:
    """Return the description of a member with a Unix mode."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize("top", ["", "package-1.0/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_from_the_top_or_the_one_folder(tmp_path: Path, top: str, method: int) -> None:
    """The descriptor stands at the top or in the single folder; paths are relative to it."""
    members = [(top + "datapackage.json", b"{}"), (top + "data/a.csv", b"a\n1\n")]
    storage = open_storage(write_zip(tmp_path / "a.zip", *members, method=method))
    assert isinstance(storage, Archive)
    assert (storage.read("datapackage.json"), storage.read("data/a.csv"), storage.problems) == (b"{}", b"a\n1\n", [])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_packing_are_refused(tmp_path: Path, method: int) -> None:
    """Only members that are stored or deflated are unpacked."""
    storage = open_storage(write_zip(tmp_path / "a.zip", DESCRIPTOR, method=method))
    with pytest.raises(Refusal) as caught:
        storage.read("datapackage.json")
    assert caught.value.rule == "file_exists"


@pytest.mark.parametrize("names", [["a.csv"], ["a/datapackage.json", "b/datapackage.json"], ["a/b/datapackage.json"]])
def test_an_archive_without_one_descriptor_cannot_be_opened(tmp_path: Path, names: list[str]) -> None:
    """No descriptor, or two in different folders, is an error of the caller."""
    path = write_zip(tmp_path / "a.zip", *((name, b"{}") for name in names))
    with pytest.raises(PackageError, match="holds no"):
        open_storage(path)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + b"\xff" * 18, b"PK\x03\x04" * 20, b"PK\x06\x06" + b"\0" * 60],
)
def test_what_is_no_archive_cannot_be_opened(tmp_path: Path, data: bytes) -> None:
    """A file that only is called `.zip` is an error of the caller."""
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(PackageError, match="archive"):
        open_storage(path)


@pytest.mark.parametrize(
    ("odd", "rule"),
    [
        (("../a.csv", b""), "path_stays_in_package"),
        (("/a.csv", b""), "path_stays_in_package"),
        (("data/../../a.csv", b""), "path_stays_in_package"),
        (("data\\a.csv", b""), "path_stays_in_package"),
        (("C:/a.csv", b""), "path_stays_in_package"),
        (("data//a.csv", b""), "path_stays_in_package"),
        (("../up/", b""), "path_stays_in_package"),
        (("a\nb.csv", b""), "path_stays_in_package"),
        ((member("a.csv", stat.S_IFLNK | 0o777), b"/etc/passwd"), "path_stays_in_package"),
        ((member("a.csv", stat.S_IFIFO | 0o644), b""), "path_stays_in_package"),
        (DESCRIPTOR, "archive_members_are_unique"),
    ],
)
def test_odd_members_are_noted_and_not_read(
    tmp_path: Path, odd: tuple[str | zipfile.ZipInfo, bytes], rule: str
) -> None:
    """A member with a wrong name or kind is a problem of the archive, needed or not."""
    storage = open_storage(write_zip(tmp_path / "a.zip", DESCRIPTOR, odd))
    assert [problem.rule for problem in storage.problems] == [rule]
    assert storage.read("datapackage.json") == b"{}"
    with pytest.raises(Refusal):
        storage.read("a.csv")


def test_an_encrypted_member_is_noted(tmp_path: Path) -> None:
    """A member that needs a password is never asked for."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"a"))
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + offset] |= 1
    path.write_bytes(data)
    assert [problem.rule for problem in open_storage(path).problems] == ["archive_is_allowed"]


def test_an_archive_with_too_many_members_is_noted(tmp_path: Path) -> None:
    """Members beyond the limit do not exist."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a", b""), ("b", b""))
    assert open_storage(path, Limits(archive_members=3)).problems == []
    (problem,) = open_storage(path, Limits(archive_members=2)).problems
    assert problem.rule == "archive_is_allowed"


@pytest.mark.parametrize(("limit", "value"), [("archive_size", 1 << 20), ("archive_ratio", 2)])
def test_a_member_that_unpacks_to_too_much_is_refused(tmp_path: Path, limit: str, value: int) -> None:
    """Neither the size nor the ratio of what is unpacked exceeds its limit."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"0" * (3 << 20)))
    storage = open_storage(path, Limits(**{limit: value}))
    with pytest.raises(Refusal) as caught:
        storage.read("a.csv")
    assert caught.value.rule == "archive_is_allowed"


def test_a_small_member_may_compress_as_well_as_it_can(tmp_path: Path) -> None:
    """A table of a few hundred kilobytes that repeats itself is no bomb."""
    data = b"a,b\n" + b"0,0\n" * 200_000
    storage = open_storage(write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", data)))
    assert storage.read("a.csv") == data


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    """A member whose bytes are not those that were packed is not read."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"a\n1\n"), method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"a\n1\n", b"a\n2\n"))
    with pytest.raises(Refusal) as caught:
        open_storage(path).read("a.csv")
    assert caught.value.rule == "file_exists"


@pytest.mark.parametrize(("path", "rule"), [("b.csv", "file_exists"), ("../a.csv", "path_stays_in_package")])
def test_what_is_no_member_is_not_read(tmp_path: Path, path: str, rule: str) -> None:
    """A member that does not exist, and a path that leads out, are refused."""
    with pytest.raises(Refusal) as caught:
        open_storage(write_zip(tmp_path / "a.zip", DESCRIPTOR)).read(path)
    assert caught.value.rule == rule


def test_the_limit_on_what_is_unpacked_is_exact(tmp_path: Path) -> None:
    """As many bytes as are allowed are read, one more is not."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"0" * 5000))
    assert len(open_storage(path, Limits(archive_size=5000)).read("a.csv")) == 5000
    with pytest.raises(Refusal, match="more than 4,999 bytes; scrdata validate --max-archive-size allows more"):
        open_storage(path, Limits(archive_size=4999)).read("a.csv")


def test_an_archive_that_is_too_large_cannot_be_opened(tmp_path: Path) -> None:
    """The archive itself is held to the limit before it is read."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR)
    size = path.stat().st_size
    assert open_storage(path, Limits(archive_size=size)).read("datapackage.json") == b"{}"
    with pytest.raises(PackageError, match=f"more than {size - 1} bytes; .*--max-archive-size allows more"):
        open_storage(path, Limits(archive_size=size - 1))


def patched(path: Path, mark: bytes, offset: int, value: int) -> Path:
    """Set four bytes behind the last occurrence of a mark in an archive."""
    data = bytearray(path.read_bytes())
    at = data.rindex(mark) + offset
    data[at : at + 4] = value.to_bytes(4, "little")
    path.write_bytes(data)
    return path


def test_members_that_overlap_are_noted(tmp_path: Path) -> None:
    """Two names for the same bytes, by which small archives unpack to very much, are a problem of the archive."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"a\n1\n"), ("b.csv", b"a\n1\n"))
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("a.csv").header_offset
    storage = open_storage(patched(path, b"PK\x01\x02", 42, offset))
    problems = {problem.message for problem in storage.problems if problem.rule == "archive_is_allowed"}
    assert "the member 'a.csv' overlaps with what follows it" in problems


def test_a_member_shorter_than_announced_is_refused(tmp_path: Path) -> None:
    """A member that unpacks to fewer bytes than the archive says is not read."""
    path = write_zip(tmp_path / "a.zip", DESCRIPTOR, ("a.csv", b"a\n1\n"))
    with pytest.raises(Refusal, match="says 5"):
        open_storage(patched(path, b"PK\x01\x02", 24, 5)).read("a.csv")


@FEW
@given(st.data())
def test_damaged_archives_are_refused_and_never_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever bytes of an archive are changed or cut off, opening and reading end in bytes or a refusal."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", b'{"name": "x"}' * 5)
        archive.writestr("data/a.csv", b"a\n1\n")
    damaged = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(damaged[: data.draw(st.sampled_from([len(damaged), len(damaged) - 10, 100]))])
    try:
        storage = open_storage(path)
        for name in ("datapackage.json", "data/a.csv"):
            assert isinstance(storage.read(name), bytes)
    except (PackageError, Refusal) as refusal:
        assert "damaged.zip" in str(refusal) or isinstance(refusal, Refusal)  # noqa: PT017


def test_an_archive_can_be_judged_again_and_again(tmp_path: Path, small_package: PackageFolder) -> None:
    """The limit is on what one reading unpacks: a package that was valid stays valid however often one asks."""
    files = [path for path in sorted(small_package.folder.rglob("*")) if path.is_file()]
    members = [(str(path.relative_to(small_package.folder)), path.read_bytes()) for path in files]
    limits = Limits(archive_size=2 * sum(len(data) for _, data in members))
    package = Package(write_zip(tmp_path / "a.zip", *members), limits=limits)
    assert [package.validate().valid for _ in range(4)] == [True] * 4


@FEW
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,3}(/[a-z]{1,3}){0,2}\.csv", fullmatch=True), st.binary(max_size=2_000), max_size=6
    )
)
def test_what_is_packed_is_read_back(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    """The archive of a release has no problem, and each member is the file that was packed, whatever it holds."""
    path = tmp_path_factory.getbasetemp() / "packed.zip"
    path.write_bytes(pack_files(dict([DESCRIPTOR], **files)))
    storage = open_storage(path)
    assert storage.problems == []
    assert {name: storage.read(name) for name in files} == files
