"""Sealing: a descriptor says again what its files are, and nothing else in it changes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.errors import ScrdataError
from scrdata.sealing import seal
from scrdata.strict_json import read_json

if TYPE_CHECKING:
    from tests.conftest import PackageFolder


def test_a_sealed_package_is_left_alone(small_package: PackageFolder) -> None:
    """Where everything is true, not a byte changes."""
    before = small_package.read("datapackage.json")
    assert seal(str(small_package.folder)) == []
    assert small_package.read("datapackage.json") == before


def test_sealing_follows_a_correction(small_package: PackageFolder) -> None:
    """After rows were added, bytes, hash and number of rows are those of the file, and the package is valid again."""
    small_package.spoil("data/branches.csv", 'quay,"Quay, Old",,south\n', 'quay,"Quay, Old",,south\npier,Pier,,\n')
    small_package.spoil("data/rules.csv", "branches = 3,There are three", "branches = 4,There are four")
    small_package.spoil("data/rules.csv", "kinds,loans[branch_id=*] =", "kinds,loans[branch_id=*] <=")
    assert not scrdata.validate(small_package.folder).valid
    assert seal(str(small_package.folder)) == ["data/branches.csv", "data/rules.csv"]
    data = small_package.read("data/branches.csv")
    resource = small_package.json()["resources"][0]
    assert (resource["bytes"], resource["scrdata:rows"]) == (len(data), 4)
    assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
    assert scrdata.validate(small_package.folder).valid


def test_a_descriptor_is_written_in_the_layout_of_the_project(small_package: PackageFolder) -> None:
    """Two spaces, letters as they are, a final line end; a descriptor that is right keeps any layout."""
    small_package.edit("datapackage.json", "title", to="Büchereien – 東京")
    before = small_package.read("datapackage.json")
    small_package.write("datapackage.json", json.dumps(json.loads(before)))
    compact = small_package.read("datapackage.json")
    assert seal(str(small_package.folder)) == []
    assert small_package.read("datapackage.json") == compact
    small_package.edit("datapackage.json", "resources", 0, "bytes", to=1)
    seal(str(small_package.folder))
    assert small_package.read("datapackage.json") == before


def test_files_that_are_no_tables_are_sealed_too(small_package: PackageFolder) -> None:
    """A plain file has bytes and a hash, and no rows."""
    small_package.write("notes.txt", "x\n")
    small_package.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt", "bytes": 9})
    assert seal(str(small_package.folder)) == ["notes.txt"]
    assert small_package.json()["resources"][4] == {"name": "notes", "path": "notes.txt", "bytes": 2}


def test_only_what_is_stated_is_set(small_package: PackageFolder) -> None:
    """A resource that states no hash gets none."""
    for name in ("hash", "bytes", "scrdata:rows"):
        small_package.remove("datapackage.json", "resources", 0, name)
    small_package.edit("datapackage.json", "resources", 1, "bytes", to=1)
    assert seal(str(small_package.folder)) == ["data/loans.csv"]
    assert not {"hash", "bytes", "scrdata:rows"} & small_package.json()["resources"][0].keys()


def test_the_rest_of_the_descriptor_keeps_its_values(small_package: PackageFolder) -> None:
    """Texts in any script, fractions, large numbers and the order of properties survive."""
    small_package.edit("datapackage.json", "note", to={"é": [0.1, 12345678901234567890, None, "東京"], "a": 1e-7})
    before = read_json(small_package.read("datapackage.json")).value
    small_package.edit("datapackage.json", "resources", 0, "bytes", to=1)
    assert seal(str(small_package.folder)) == ["data/branches.csv"]
    after = read_json(small_package.read("datapackage.json")).value
    assert after == before
    assert list(after) == list(before)  # type: ignore[call-overload]
    assert after["note"]["é"][0] == Decimal("0.1")  # type: ignore[index]


def test_a_table_that_cannot_be_read_keeps_its_number_of_rows(small_package: PackageFolder) -> None:
    """Bytes and hash are set for any file; rows only where there are rows."""
    small_package.write("data/loans.csv", "broken")
    seal(str(small_package.folder))
    resource = small_package.json()["resources"][1]
    assert (resource["bytes"], resource["scrdata:rows"]) == (6, 6)
    assert not scrdata.validate(small_package.folder).valid


@pytest.mark.parametrize("content", ["{", "", '{"a": NaN}', '{"resources": [{"name": "x", "path": "no.csv"}]}'])
def test_what_cannot_be_read_is_an_error(small_package: PackageFolder, content: str) -> None:
    """A descriptor that is no JSON, or a file that is not there, is told and nothing is written."""
    small_package.write("datapackage.json", content)
    with pytest.raises(ScrdataError, match="cannot be sealed"):
        seal(str(small_package.folder))
    assert small_package.read("datapackage.json") == content.encode()


def test_the_command_names_what_changed(small_package: PackageFolder) -> None:
    """`python -m scrdata.sealing FOLDER` prints a line for each file, and nothing the second time."""
    small_package.edit("datapackage.json", "resources", 2, "bytes", to=1)
    command = [sys.executable, "-m", "scrdata.sealing", str(small_package.folder)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)]
    assert [run.stdout for run in runs] == ["described anew: data/rules.csv\n", ""]


def test_the_command_means_the_current_folder(small_package: PackageFolder) -> None:
    """Without an argument, the package of the current folder is sealed."""
    small_package.edit("datapackage.json", "resources", 2, "bytes", to=1)
    command = [sys.executable, "-m", "scrdata.sealing"]
    run = subprocess.run(command, cwd=small_package.folder, capture_output=True, text=True, check=True)
    assert run.stdout == "described anew: data/rules.csv\n"


def test_a_schema_that_cannot_be_read_is_said(small_package: PackageFolder) -> None:
    """Where the rows of a table cannot be counted, nothing is written, and the file is named."""
    small_package.spoil("data/branches.csv", "North", "Northern")
    (small_package.folder / "schemas/branches.json").unlink()
    before = small_package.read("datapackage.json")
    with pytest.raises(ScrdataError, match=r"cannot be sealed: 'schemas/branches.json' cannot be read"):
        seal(str(small_package.folder))
    assert small_package.read("datapackage.json") == before
