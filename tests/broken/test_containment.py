"""Nothing outside the package is read: paths, links, devices and addresses are refused, nothing hangs."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder, Verdict

PACKAGE = "datapackage.json"
OUTSIDE = "path_stays_in_package"
PATHS = [
    "/etc/hostname",
    "/data/branches.csv",
    "//server/share/branches.csv",
    "../outside.csv",
    "data/../data/branches.csv",
    "data/../../outside.csv",
    "..",
    ".",
    "./data/branches.csv",
    "data/./branches.csv",
    "data//branches.csv",
    "data/branches.csv/",
    "/",
    "\\data\\branches.csv",
    "data\\branches.csv",
    "..\\outside.csv",
    "\\\\server\\share\\branches.csv",
    "C:\\branches.csv",
    "C:branches.csv",
    "C:/branches.csv",
    "~/branches.csv",
    "~root/branches.csv",
    "http://example.org/branches.csv",
    "https://example.org/branches.csv",
    "HTTPS://example.org/branches.csv",
    "ftp://example.org/branches.csv",
    "s3://bucket/branches.csv",
    "file:///etc/hostname",
    "file:data/branches.csv",
    "FILE:data/branches.csv",
    "data:text/csv,branch_id",
    "zip://data.zip",
    "data/branches.csv::$DATA",
    "data/branches.csv\0.txt",
    "data/bran\nches.csv",
    "data/bran\u202eches.csv",
    "data/branches.csv\t",
    "x" * 2000,
]
ABSENT = [
    "data/nothing.csv",
    "data/BRANCHES.csv",
    "data/branches.csv ",
    "data/%62ranches.csv",
    "%2e%2e/outside.csv",
    "$HOME/branches.csv",
    "data/*.csv",
    "data/branches.csv?x=1",
    "data/branches.csv#x",
    "data",
    "data/branches.csv/x",
    "x" * 300,
]


@pytest.mark.parametrize("path", PATHS)
def test_paths(small_package: PackageFolder, path: str) -> None:
    """A path that is not plain, relative and downward is refused, even where it leads to the right file."""
    (small_package.folder.parent / "outside.csv").write_bytes(small_package.read("data/branches.csv"))
    line = small_package.edit(PACKAGE, "resources", 0, "path", to=path)
    small_package.assert_rejected(OUTSIDE, PACKAGE, line)


@pytest.mark.parametrize("path", ["../outside.json", "https://example.org/schema.json", "/etc/hostname", "", "~/x"])
@pytest.mark.parametrize("name", ["schema", "dialect"])
def test_paths_of_descriptions(small_package: PackageFolder, name: str, path: str) -> None:
    """The path of a schema or dialect is held to the same."""
    (small_package.folder.parent / "outside.json").write_bytes(small_package.read("schemas/branches.json"))
    line = small_package.edit(PACKAGE, "resources", 0, name, to=path)
    small_package.assert_rejected(OUTSIDE, PACKAGE, line)


@pytest.mark.parametrize("path", ABSENT)
@pytest.mark.parametrize("name", ["path", "schema", "dialect"])
def test_absent_files(small_package: PackageFolder, name: str, path: str) -> None:
    """A file that does not exist, or is a folder, is reported; a path means no pattern and no variable."""
    line = small_package.edit(PACKAGE, "resources", 0, name, to=path)
    small_package.assert_rejected("file_exists", PACKAGE, line)


@pytest.mark.parametrize("file", ["data/branches.csv", "schemas/branches.json", PACKAGE])
@pytest.mark.parametrize("inside", [True, False], ids=["to_inside", "to_outside"])
def test_linked_files(small_package: PackageFolder, file: str, *, inside: bool) -> None:
    """A symbolic link to a file is not followed, wherever it leads."""
    place = small_package.folder / file
    target = place.with_suffix(".real") if inside else small_package.folder.parent / "real"
    place.rename(target)
    place.symlink_to(target)
    small_package.assert_rejected(OUTSIDE, PACKAGE)


@pytest.mark.parametrize("folder", ["data", "schemas"])
def test_linked_folders(small_package: PackageFolder, folder: str) -> None:
    """A symbolic link to a folder is not followed."""
    real = small_package.folder.parent / "real"
    (small_package.folder / folder).rename(real)
    (small_package.folder / folder).symlink_to(real, target_is_directory=True)
    small_package.assert_rejected(OUTSIDE, PACKAGE)


@pytest.mark.parametrize("target", ["nothing", "branches.csv", "/dev/zero", "/dev/stdin", "/proc/self/environ"])
@pytest.mark.parametrize("file", ["data/branches.csv", "schemas/branches.json", PACKAGE])
def test_links_to_nothing_and_devices(small_package: PackageFolder, file: str, target: str) -> None:
    """A dangling link, a circle, a link to a device: refused as links."""
    place = small_package.folder / file
    place.unlink()
    place.symlink_to(target)
    small_package.assert_rejected(OUTSIDE, PACKAGE)


@pytest.mark.parametrize("file", ["data/branches.csv", "schemas/branches.json", PACKAGE])
@pytest.mark.parametrize("kind", ["pipe", "folder", "socket"])
def test_special_files(small_package: PackageFolder, file: str, kind: str) -> None:
    """A named pipe, folder or socket in the place of a file is refused at once."""
    place = small_package.folder / file
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        _make_socket(place)
    small_package.assert_rejected("file_exists", PACKAGE)


def _make_socket(place: Path) -> None:
    import socket

    here = os.getcwd()
    os.chdir(place.parent)  # the whole path is too long for the name of a socket
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(place.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("file", ["data/branches.csv", "schemas/branches.json"])
def test_deleted_files(small_package: PackageFolder, file: str) -> None:
    """A file that the descriptor names and that is gone is reported."""
    (small_package.folder / file).unlink()
    small_package.assert_rejected("file_exists", PACKAGE)


LOCATIONS: list[tuple[str, Callable[[Path], str]]] = [
    ("nothing", lambda folder: str(folder / "nothing")),
    ("nothing_json", lambda folder: str(folder / "nothing.json")),
    ("nothing_zip", lambda folder: str(folder / "nothing.zip")),
    ("empty_text", lambda _: ""),
    ("folder_without_descriptor", lambda folder: str(folder / "data")),
    ("table", lambda folder: str(folder / "data" / "branches.csv")),
    ("device", lambda _: "/dev/null"),
    ("endless_device", lambda _: "/dev/zero"),
    ("address", lambda _: "https://example.org/datapackage.json"),
    ("file_address", lambda folder: f"file://{folder}"),
    ("nul", lambda folder: f"{folder}\0"),
    ("control_characters", lambda _: "\x1b[31m\n"),
    ("bytes_that_are_no_text", lambda folder: f"{folder}/\udcff"),
    ("long", lambda _: "x/" * 5000),
    ("below_a_file", lambda folder: str(folder / "datapackage.json" / "x")),
]


@pytest.mark.parametrize("location", [pytest.param(case[1], id=case[0]) for case in LOCATIONS])
def test_locations(
    small_package: PackageFolder, judge: Callable[[str], Verdict], location: Callable[[Path], str]
) -> None:
    """What is no package cannot be opened: exit code 2, and a report that says so."""
    verdict = judge(location(small_package.folder))
    assert verdict.code == 2
    assert [place[0] for place in verdict.places] == ["package_can_be_opened"]


def test_pipe_as_package(small_package: PackageFolder, judge: Callable[[Path], Verdict]) -> None:
    """A named pipe in the place of a package is refused at once."""
    pipe = small_package.folder.parent / "pipe"
    os.mkfifo(pipe)
    assert judge(pipe).code == 2
    pipe.rename(pipe.with_suffix(".zip"))
    assert judge(pipe.with_suffix(".zip")).code == 2


def test_nothing_is_written(small_package: PackageFolder) -> None:
    """Validating leaves no file behind and changes none."""
    before = {path: path.stat().st_mtime_ns for path in sorted(small_package.folder.parent.rglob("*"))}
    small_package.assert_accepted()
    assert {path: path.stat().st_mtime_ns for path in sorted(small_package.folder.parent.rglob("*"))} == before


def test_descriptor_of_another_package(small_package: PackageFolder) -> None:
    """A package within a package reaches no file of the outer one."""
    shutil.copytree(small_package.folder, small_package.folder / "inner")
    shutil.rmtree(small_package.folder / "inner" / "data")
    inner = type(small_package)(small_package.folder / "inner")
    inner.edit(PACKAGE, "resources", 0, "path", to="../data/branches.csv")
    inner.assert_rejected(OUTSIDE, PACKAGE)
