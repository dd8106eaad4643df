"""A release: complete, true to the package, the same bytes each time, and whole or not there."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import ScrdataError
from scrdata.release import building
from scrdata.release.building import EXTRA
from scrdata.release.packing import pack_files
from scrdata.release.products import changes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

ROOT = Path(__file__).resolve().parent.parent.parent


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder and the folders below, by path."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release of the checkout's package."""
    folder = tmp_path_factory.mktemp("shipped") / "release"
    scrdata.build_release(folder, ROOT)
    return folder


def shell(command: str, place: Path) -> str:
    """Return what a command prints that ends well."""
    bash = ["/usr/bin/env", "bash", "-c", command]
    return subprocess.run(bash, cwd=place, capture_output=True, encoding="utf-8", check=True).stdout


def build_apart(folder: Path, place: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build a release of the checkout's package in a process of its own."""
    command = [sys.executable, "-m", "scrdata", "build", str(folder), "--package", str(ROOT), "--format", "json"]
    settings = {**os.environ, **environment}
    return subprocess.run(
        command, cwd=place, env=settings, capture_output=True, encoding="utf-8", check=True, umask=0o077
    )


def test_a_release_is_complete(shipped: Path) -> None:
    """The folder holds the package, the archive, each table as Parquet, the other formats, metadata and texts."""
    names = {path.removesuffix(".csv") for path in files_of(ROOT / "data")}
    expected = {
        "datapackage.json",
        *(f"data/{name}.csv" for name in names),
        *(f"schemas/{name}.json" for name in names),
        *(f"parquet/{name}.parquet" for name in names),
        *(f"scrdata-{scrdata.__version__}.zip", "scrdata.sqlite", "scrdata.xlsx"),
        *("csv-metadata.json", "croissant.json", "schema-org.jsonld", "dcat-ap.jsonld", "ro-crate-metadata.json"),
        *("CITATION.cff", "data-dictionary.md", "CHANGELOG.md", "LICENSE", "index.html", "SHA256SUMS"),
    }
    assert set(files_of(shipped)) == expected


def test_a_release_holds_the_package_itself(shipped: Path) -> None:
    """At its root stands the package, byte for byte and valid; the archive holds just these files and is valid too."""
    root = {path: data for path, data in files_of(ROOT).items() if path.startswith(("data/", "schemas/"))}
    root["datapackage.json"] = (ROOT / "datapackage.json").read_bytes()
    released = files_of(shipped)
    assert {path: released[path] for path in root} == root
    archive = shipped / f"scrdata-{scrdata.__version__}.zip"
    for location in (shipped, archive):
        assert scrdata.validate(location).valid
    unpacked = shipped.parent / "unpacked"
    shutil.unpack_archive(archive, unpacked)
    assert files_of(unpacked) == dict(sorted(root.items()))


def test_checksums_are_those_of_all_files(shipped: Path) -> None:
    """`sha256sum --check` accepts every file, and the list leaves out none but itself."""
    done = shell("sha256sum --check --strict SHA256SUMS", shipped)
    assert len(done.splitlines()) == len(files_of(shipped)) - 1


def test_content_hash_is_that_of_the_shell(shipped: Path, tmp_path: Path) -> None:
    """The content hash is what the documented command prints in the package's folder."""
    done = shell("sha256sum datapackage.json data/*.csv schemas/*.json | LC_ALL=C sort -k 2 | sha256sum", shipped)
    assert scrdata.build_release(tmp_path / "again", shipped).content_hash == done.split()[0]


def test_two_builds_are_the_same(shipped: Path, tmp_path: Path) -> None:
    """At another time, in another folder, time zone, language and order of hashing, every byte is the same."""
    time.sleep(1.1)
    done = build_apart(tmp_path / "there", tmp_path, TZ="Asia/Kathmandu", PYTHONHASHSEED="7", LC_ALL="C", HOME="/")
    different = [path for path, data in files_of(tmp_path / "there").items() if (shipped / path).read_bytes() != data]
    assert different == []
    assert set(files_of(tmp_path / "there")) == set(files_of(shipped))
    report = json.loads(done.stdout)
    assert report["version"] == scrdata.__version__
    assert {item["path"] for item in report["files"]} == set(files_of(shipped)) - {"SHA256SUMS"}


def test_a_release_of_a_release_is_the_same(shipped: Path, tmp_path: Path) -> None:
    """The package in a release, or in its archive with the texts beside it, gives that very release again."""
    scrdata.build_release(tmp_path / "again", shipped)
    assert files_of(tmp_path / "again") == files_of(shipped)


def test_an_archive_is_the_same_for_the_same_files() -> None:
    """The order in which files are given does not matter."""
    files = {f"{number}.txt": str(number).encode() for number in range(50)}
    shuffled = list(files.items())
    random.Random(1).shuffle(shuffled)  # noqa: S311  (any order will do)
    assert pack_files(dict(shuffled)) == pack_files(files)


def test_any_package_can_be_released(small_package: PackageFolder, tmp_path: Path) -> None:
    """A package without title, date, source or creator is released; what it does not say is left out."""
    release = scrdata.build_release(tmp_path / "out", small_package.folder)
    assert release.version == "1.0.0"
    assert {file.table for file in release.files} == {None, "branches", "loans", "rules", "discrepancies"}
    assert scrdata.validate(tmp_path / "out").valid
    for file in release.files:
        if file.media_type.endswith("json"):
            json.loads((tmp_path / "out" / file.path).read_bytes())


@pytest.mark.parametrize("name", ["../../../table", "{folder}/table", "a/b"])
def test_a_release_stays_in_its_folder(small_package: PackageFolder, tmp_path: Path, name: str) -> None:
    """Whatever a table is called, no file is written outside the release, and each table has a file of its own."""
    name = name.format(folder=tmp_path)
    small_package.add_column({"type": "string"}, "x")
    small_package.edit("datapackage.json", "resources", 4, "name", to=name)
    before = files_of(tmp_path)
    release = scrdata.build_release(tmp_path / "above" / "below" / "out", small_package.folder)
    new = files_of(tmp_path).keys() - before.keys()
    assert {path for path in new if not path.startswith("above/below/out/")} == set()
    assert len([file for file in release.files if file.path.endswith(".parquet")]) == 5
    assert len([file for file in release.files if file.table == name]) == 2


@pytest.mark.parametrize("name", EXTRA)
def test_a_missing_library_is_named(
    small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Without a library of the extra nothing is begun, and the message says what to install."""
    real = building.find_spec
    monkeypatch.setattr(building, "find_spec", lambda wanted: None if wanted == name else real(wanted))
    with pytest.raises(ScrdataError, match=rf"needs {name}, .*pip install 'scrdata\[release\]'"):
        scrdata.build_release(tmp_path / "out", small_package.folder)


def test_the_extra_is_what_is_asked_for() -> None:
    """The extra of the distribution brings just the libraries that a release asks for, and tests have them too."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = settings["project"]["optional-dependencies"]["release"]
    assert set(extra) <= set(settings["dependency-groups"]["test"])
    named = {re.split("[>=<]", item)[0] for item in extra}
    assert named == {{"vl_convert": "vl-convert-python"}.get(name, name) for name in EXTRA}


def test_an_earlier_release_is_replaced(small_package: PackageFolder, tmp_path: Path) -> None:
    """A folder that holds an earlier release, even of other files, holds the new one alone afterwards."""
    scrdata.build_release(tmp_path / "out", small_package.folder)
    first = files_of(tmp_path / "out")
    small_package.edit("datapackage.json", "name", to="tiny")
    scrdata.build_release(tmp_path / "out", small_package.folder)
    second = files_of(tmp_path / "out")
    assert set(first) - set(second) == {"small-1.0.0.zip", "small.sqlite", "small.xlsx"}
    assert os.listdir(tmp_path) in (["out", "small"], ["small", "out"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda out: out.write_text("mine"), "is no folder"),
        (lambda out: (out.mkdir(), (out / "mine.txt").touch()), "holds files of no earlier release, such as mine.txt"),
        (lambda out: (out / "deep").mkdir(parents=True) or (out / "deep" / "a").touch(), "such as deep/a"),
    ],
    ids=["a file", "a folder with files", "a folder with folders"],
)
def test_what_is_in_the_way_is_left_alone(
    small_package: PackageFolder, tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    """A folder that holds anything else is refused and stays as it is."""
    out = tmp_path / "out"
    make(out)
    before = files_of(tmp_path)
    with pytest.raises(ScrdataError, match=words):
        scrdata.build_release(out, small_package.folder)
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("path", ["SHA256SUMS", "CROISSANT.json", "small.sqlite", "parquet/loans.parquet"])
def test_two_files_of_one_name_are_refused(small_package: PackageFolder, tmp_path: Path, path: str) -> None:
    """A package that has a file called like one of the release is refused, whatever the capitals."""
    small_package.write(path, b"{}")
    position = len(small_package.json()["resources"])
    small_package.edit("datapackage.json", "resources", position, to={"name": "other", "path": path})
    with pytest.raises(ScrdataError, match="two files called"):
        scrdata.build_release(tmp_path / "out", small_package.folder)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["ftp://example.org/", "example.org", "https:///x", "https://example.org/?a=b", ""])
def test_an_address_must_be_one(small_package: PackageFolder, tmp_path: Path, address: str) -> None:
    """A base that no file can stand below is refused."""
    with pytest.raises(ScrdataError, match="no address that files can stand below"):
        scrdata.build_release(tmp_path / "out", small_package.folder, base_url=address)


@pytest.mark.parametrize("address", ["https://data.example/a", "https://data.example/a/"])
def test_the_address_stands_in_the_metadata(small_package: PackageFolder, tmp_path: Path, address: str) -> None:
    """The base, with or without its last slash, is where the metadata say that the files are."""
    scrdata.build_release(tmp_path / "out", small_package.folder, base_url=address)
    assert "https://data.example/a/data/loans.csv" in (tmp_path / "out" / "dcat-ap.jsonld").read_text(encoding="utf-8")


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_a_stop_in_the_middle_leaves_the_old_release(
    small_package: PackageFolder, shipped: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    """A build that is stopped leaves the earlier release as it was, or the new one whole; the next build succeeds."""
    out = tmp_path / "out"
    scrdata.build_release(out, small_package.folder)
    old, new = files_of(out), files_of(shipped)
    command = [sys.executable, "-m", "scrdata", "build", str(out), "--package", str(ROOT)]
    for after in (0.5, 1.0, 2.0):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(after)
            process.send_signal(sign)
        assert files_of(out) in (old, new)
    if sign != signal.SIGKILL:
        assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []
    scrdata.build_release(out, ROOT)
    assert files_of(out) == new
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


CHANGES = (
    b"# Changelog\n\nHow.\n\n## [Unreleased]\n\n- more\n\n## [1.1.0] - 2026-01-02\n\n- new\n\n## [1.0.0]\n\n- old\n"
)


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        ("1.1.0", b"# Changelog\n\n## [1.1.0] - 2026-01-02\n\n- new\n"),
        ("1.0.0", b"# Changelog\n\n## [1.0.0]\n\n- old\n"),
        ("1.0.1", None),
        ("1.1.", None),
    ],
)
def test_changes_are_those_of_the_version(version: str, changes: bytes | None) -> None:
    """Of a changelog a release takes the part about its own version, and nothing if there is none."""
    assert changes_of(version, CHANGES) == changes
