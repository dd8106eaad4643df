"""Folders: only regular files below the package's folder are read, reached without a link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.errors import PackageError
from scrdata.limits import Limits
from scrdata.opening import open_storage
from scrdata.storage import Folder, Refusal, components
from tests.strategies import LAW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a package's folder that holds two files, beside a file that does not belong to it."""
    package = tmp_path / "package"
    (package / "data").mkdir(parents=True)
    (package / "datapackage.json").write_text("{}", encoding="utf-8")
    (package / "data" / "a.csv").write_bytes(b"a\n1\n")
    (tmp_path / "secret.csv").write_bytes(b"secret\n")
    return package


def refusal(storage: Folder, path: str) -> str:
    """Read a file that must be refused; return the broken rule."""
    with pytest.raises(Refusal) as caught:
        storage.read(path)
    return caught.value.rule


@pytest.mark.parametrize("name", ["", "datapackage.json"])
def test_a_folder_and_its_descriptor_open_the_same_package(folder: Path, name: str) -> None:
    """A package is named by its folder or by its descriptor."""
    storage = open_storage(folder / name if name else folder)
    assert (storage.descriptor, storage.problems) == ("datapackage.json", [])
    assert storage.read("data/a.csv") == b"a\n1\n"
    assert storage.read("datapackage.json") == b"{}"


def test_a_descriptor_of_the_current_folder_needs_no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name stands for the folder one is in."""
    monkeypatch.chdir(folder)
    assert open_storage("datapackage.json").read("data/a.csv") == b"a\n1\n"


def test_a_pipe_is_no_archive(folder: Path) -> None:
    """What is called `.zip` and is no regular file is refused without being opened."""
    os.mkfifo(folder / "a.zip")
    with pytest.raises(PackageError, match="neither a folder"):
        open_storage(folder / "a.zip")


def test_a_descriptor_may_have_another_name(folder: Path) -> None:
    """Any file that ends in `.json` can be the descriptor."""
    (folder / "other.json").write_bytes(b"[]")
    storage = open_storage(str(folder / "other.json"))
    assert storage.read(storage.descriptor) == b"[]"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nothing", "cannot be opened: No such file"),
        ("nothing.json", "cannot be opened: No such file"),
        ("nothing.zip", "cannot be opened: No such file"),
        ("data", "holds no datapackage.json"),
        ("data/a.csv", "is neither a folder, nor"),
        ("data/a.csv/x", "cannot be opened: Not a directory"),
        ("a\0b", "NUL"),
        ("x" * 5000, "cannot be opened: File name too long"),
    ],
)
def test_what_is_no_package_cannot_be_opened(folder: Path, name: str, problem: str) -> None:
    """A place without a descriptor is an error of the caller, which says why in printable characters."""
    with pytest.raises(PackageError) as caught:
        open_storage(os.path.join(folder, name))
    assert problem in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "..", "/", "/etc/passwd", "../secret.csv", "data/../../secret.csv", "data/../data/a.csv"),
        *("./data/a.csv", "data//a.csv", "data/", "data/.", "~/a.csv", "~root/a.csv", "data\\a.csv", "..\\secret.csv"),
        *("C:/a.csv", "file:///etc/passwd", "http://x.org/a.csv", "data:text/csv,a", "a\0b", "a\nb", "a\u202eb"),
        "a" * 1001,
    ],
)
def test_only_plain_paths_below_the_folder_are_followed(folder: Path, path: str) -> None:
    """A path that is absolute, goes up, is a URL or holds odd characters is refused before anything is read."""
    assert refusal(Folder("x", str(folder), "datapackage.json"), path) == "path_stays_in_package"


def test_long_paths_have_a_limit() -> None:
    """A path of a thousand characters is followed, a longer one is not."""
    assert components("a" * 1000) == ["a" * 1000]
    with pytest.raises(Refusal):
        components("a" * 1001)


@LAW
@given(st.text(st.sampled_from([*"ab./\\:~ \0", "é"]), max_size=8))
def test_accepted_paths_stay_below_any_folder(path: str) -> None:
    """Whatever path is accepted, normalising it neither changes it nor leads out."""
    try:
        parts = components(path)
    except Refusal:
        return
    assert "/".join(parts) == path == os.path.normpath(path)
    assert os.path.commonpath(["/package", os.path.normpath(os.path.join("/package", path))]) == "/package"


@pytest.mark.parametrize(
    ("make", "path", "rule"),
    [
        (lambda f: os.symlink(f.parent / "secret.csv", f / "data" / "b.csv"), "data/b.csv", "path_stays_in_package"),
        (lambda f: os.symlink(f / "data" / "a.csv", f / "data" / "b.csv"), "data/b.csv", "path_stays_in_package"),
        (lambda f: os.symlink("nowhere", f / "b.csv"), "b.csv", "path_stays_in_package"),
        (lambda f: os.symlink(f.parent, f / "up"), "up/secret.csv", "path_stays_in_package"),
        (lambda f: os.symlink(f / "data", f / "again"), "again/a.csv", "path_stays_in_package"),
        (lambda f: os.mkfifo(f / "b.csv"), "b.csv", "file_exists"),
        (lambda f: os.mkdir(f / "b.csv"), "b.csv", "file_exists"),
        (lambda _: None, "b.csv", "file_exists"),
        (lambda _: None, "data/a.csv/b.csv", "file_exists"),
        (lambda _: None, "b" * 900, "file_exists"),
    ],
)
def test_only_regular_files_are_read(folder: Path, make: Callable[[Path], None], path: str, rule: str) -> None:
    """Links, folders, pipes and what is not there are refused, and nothing hangs."""
    make(folder)
    assert refusal(Folder("x", str(folder), "datapackage.json"), path) == rule


def test_a_descriptor_that_is_a_link_is_refused(folder: Path) -> None:
    """Neither a link to a descriptor nor a dangling one is followed."""
    for name, target in (("link.json", "datapackage.json"), ("dangling.json", "nowhere")):
        os.symlink(target, folder / name)
        storage = open_storage(folder / name)
        with pytest.raises(Refusal) as caught:
            storage.read(storage.descriptor)
        assert caught.value.rule == "path_stays_in_package"


def test_a_file_that_is_too_large_is_refused(folder: Path) -> None:
    """A file is read up to the limit, and refused beyond it."""
    assert open_storage(folder, Limits(file_size=4)).read("data/a.csv") == b"a\n1\n"
    storage = Folder("x", str(folder), "datapackage.json", Limits(file_size=3))
    assert refusal(storage, "data/a.csv") == "file_size_is_allowed"
