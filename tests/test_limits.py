"""The limits on what is read: exact, each set by its option and by the interface, and listed in the documentation."""

from __future__ import annotations

import json
import math
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata import limits, pattern_syntax, references, storage, strict_json, values, vocabulary
from scrdata.limits import UNITS, Limits, option
from tests.conftest import call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import PackageFolder

PAGE = (Path(__file__).parent.parent / "docs" / "limits.md").read_text(encoding="utf-8")
# What each limit is a part of.
RULES = {
    **dict.fromkeys(("archive_members", "archive_ratio", "archive_size"), "archive_is_allowed"),
    **dict.fromkeys(("row_length", "cell_length", "columns"), "row_is_within_limits"),
    "cells": "table_size_is_allowed",
    "file_size": "file_size_is_allowed",
    "json_size": "json_is_well_formed",
    "nesting": "cell_fits_type",
    "pattern_length": "constraint_is_well_formed",
    "pattern_steps": "constraint_is_implemented",
}


def judge(place: object, name: str, value: int) -> tuple[int, list[dict[str, Any]]]:
    """Validate with one limit, by its option; return the exit code and the findings, which the interface has too."""
    code, out, _ = call("validate", "--format", "json", option(name), str(value), str(place))
    report = scrdata.validate(str(place), limits=Limits(**{name: value}))
    assert json.loads(out) == report.to_dict()
    return code, json.loads(out)["findings"]


def smallest(place: object, name: str) -> int:
    """Return the smallest value of a limit with which a package is valid."""
    low, high = 0, 1_000
    while high - low > 1:
        middle = (low + high) // 2
        if scrdata.validate(str(place), limits=Limits(**{name: middle})).valid:
            high = middle
        else:
            low = middle
    return high


def pack(package: PackageFolder, place: Path) -> Path:
    """Write the package as an archive; return its path."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(package.folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(package.folder))
    return place


def large_file(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the size of its largest file."""
    package.add_column({"type": "string"}, *["north"] * 3_000)
    return package.folder, len(package.read("data/cells.csv"))


def large_descriptor(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the size of its descriptor."""
    return package.folder, len(package.read("datapackage.json"))


def archive_of_some_size(package: PackageFolder) -> tuple[Path, int]:
    """Return an archive, and the size of all that is in it."""
    large_file(package)
    place = pack(package, package.folder.parent / "small.zip")
    size = sum(path.stat().st_size for path in package.folder.rglob("*") if path.is_file())
    assert place.stat().st_size < size - 1
    return place, size


def archive_of_members(package: PackageFolder) -> tuple[Path, int]:
    """Return an archive, and the number of its members."""
    return pack(package, package.folder.parent / "small.zip"), 7


def archive_packed_well(package: PackageFolder) -> tuple[Path, int]:
    """Return an archive, and the smallest ratio that its best packed member keeps to."""
    package.add_column({"type": "string"}, *["x" * 400] * 4_000)
    place = pack(package, package.folder.parent / "small.zip")
    with zipfile.ZipFile(place) as archive:
        info = archive.getinfo("data/cells.csv")
    assert info.file_size > 1 << 20
    return place, math.ceil(info.file_size / info.compress_size)


def long_row(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the length of its longest row."""
    package.add_column({"type": "string"}, "x" * 497, "a,b", "y" * 498)
    return package.folder, 500


def long_row_with_quotes(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the length of its longest row, with its quotation marks."""
    package.add_column({"type": "string"}, "x" * 200, "a,b" + "y" * 493)
    return package.folder, 500


def long_cell(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the length of its longest cell."""
    package.add_column({"type": "string"}, "x", "y" * 500)
    return package.folder, 500


def long_cell_with_quotes(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the length of its longest cell, without its quotation marks."""
    package.add_column({"type": "string"}, "x," + "y" * 498)
    return package.folder, 500


def many_columns(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the number of columns of its widest table."""
    names = [f"c{number}" for number in range(30)]
    package.write("data/wide.csv", ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    fields = [{"name": name, "type": "integer"} for name in names]
    wide = {"name": "wide", "type": "table", "path": "data/wide.csv", "schema": {"fields": fields}}
    package.edit("datapackage.json", "resources", 4, to=wide)
    return package.folder, 30


def many_cells(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the number of its cells."""
    package.add_column({"type": "string"}, *["north"] * 3_000)
    return package.folder, scrdata.validate(package).checked["cells"]


def nested_cell(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and how deeply the values of a cell are nested."""
    package.add_column({"type": "array"}, "[" * 20 + "]" * 20)
    return package.folder, 20


def long_pattern(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the smallest limit that the longest pattern keeps to."""
    package.add_column({"type": "string", "constraints": {"pattern": "a{80}"}}, "a" * 80)
    found = smallest(package.folder, "pattern_length")
    assert 80 <= found <= 82
    return package.folder, found


def costly_pattern(package: PackageFolder) -> tuple[Path, int]:
    """Return a package, and the smallest limit that the costliest pattern keeps to."""
    package.add_column({"type": "string", "constraints": {"pattern": "(a|b)*c(a|b){9}"}}, "abbabcabababbab")
    found = smallest(package.folder, "pattern_steps")
    assert found > 15
    return package.folder, found


CASES = [
    ("file_size", large_file),
    ("json_size", large_descriptor),
    ("archive_size", archive_of_some_size),
    ("archive_members", archive_of_members),
    ("archive_ratio", archive_packed_well),
    ("row_length", long_row),
    ("row_length", long_row_with_quotes),
    ("cell_length", long_cell),
    ("cell_length", long_cell_with_quotes),
    ("columns", many_columns),
    ("cells", many_cells),
    ("nesting", nested_cell),
    ("pattern_length", long_pattern),
    ("pattern_steps", costly_pattern),
]


@pytest.mark.parametrize(("name", "make"), CASES, ids=[make.__name__ for _, make in CASES])
def test_limit_is_exact(small_package: PackageFolder, name: str, make: Callable[..., tuple[Path, int]]) -> None:
    """At its limit a package is valid; one beyond is an error that says which option raises the limit."""
    place, amount = make(small_package)
    assert judge(place, name, amount) == (0, [])
    code, findings = judge(place, name, amount - 1)
    assert code == 1
    told = [item for item in findings if f"{option(name)} allows more" in item["message"]]
    assert {item["rule"] for item in told} == {RULES[name]}
    assert f"more than {amount - 1:,} {UNITS[name][0]}; " in told[0]["message"]


def test_every_limit_is_tested() -> None:
    """There is a test of each limit, and a rule for each but that on findings, which is no fault of a package."""
    assert {*RULES} == {name for name, _ in CASES} == UNITS.keys() - {"findings"}
    assert list(UNITS) == list(Limits._names)


def test_nesting_of_a_file_is_limited(small_package: PackageFolder) -> None:
    """Values of the descriptor are nested no deeper than the limit."""
    small_package.write("datapackage.json", {**small_package.json(), "x": json.loads("[" * 19 + "]" * 19)})
    assert judge(small_package.folder, "nesting", 20) == (0, [])
    code, (finding,) = judge(small_package.folder, "nesting", 19)
    assert (code, finding["rule"], finding["file"]) == (1, "json_is_well_formed", "datapackage.json")


def test_size_of_a_member_is_limited(small_package: PackageFolder) -> None:
    """A file in an archive may be no larger than one in a folder."""
    _, size = large_file(small_package)
    place = pack(small_package, small_package.folder.parent / "small.zip")
    assert judge(place, "file_size", size) == (0, [])
    assert [item["rule"] for item in judge(place, "file_size", size - 1)[1]] == ["file_size_is_allowed"]


@pytest.mark.parametrize("most", [0, 1, 5, 6, 7, 10_000])
def test_listed_findings_do_not_change_the_verdict(small_package: PackageFolder, most: int) -> None:
    """However many findings are listed, the verdict is the same and all are counted."""
    small_package.add_column({"type": "integer"}, *"abcdef")
    code, findings = judge(small_package.folder, "findings", most)
    assert (code, len(findings)) == (1, min(most, 6))
    report = scrdata.validate(small_package, limits=Limits(findings=most))
    assert (report.errors, report.valid) == (6, False)
    with pytest.raises(scrdata.InvalidPackageError, match=r"6 errors.*(First|none is listed)"):
        report.raise_if_invalid()


def test_opened_package_keeps_to_its_limits(small_package: PackageFolder) -> None:
    """What is asked of a package that was opened with limits is refused beyond them, as by `validate`."""
    place, amount = many_columns(small_package)
    assert scrdata.open_package(place, limits=Limits(columns=amount)).load("wide").shape == (1, amount)
    with pytest.raises(scrdata.InvalidPackageError, match="--max-columns allows more"):
        scrdata.open_package(place, limits=Limits(columns=amount - 1)).load("wide")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, value) for name in UNITS for value in (-1, True, 1.5, "5")],
        *[(name, 0) for name in UNITS if name != "findings"],
        *[("nesting", 201), ("pattern_length", 20_001)],
    ],
)
def test_impossible_limit_is_refused(name: str, value: object) -> None:
    """A limit that no package could keep to, or that nothing could be sure to bear, is misuse that is explained."""
    with pytest.raises(scrdata.ScrdataError, match=f"the limit {name} is a whole number, (at least|between)"):
        Limits(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "5x", "5ii", "5kk", "i", "B", "5 iB", "٣", "1" * 16, "0x10"])
def test_amounts_that_are_none_are_misuse(small_package: PackageFolder, text: str) -> None:
    """An option takes a whole number with a known unit, and says so."""
    code, out, errors = call("validate", f"--max-file-size={text}", str(small_package.folder))
    assert (code, out) == (2, "")
    assert "is not a whole number such as 500, 20k, 2GB or 512MiB" in errors


def test_deepest_nesting_that_can_be_allowed_is_read(small_package: PackageFolder) -> None:
    """At the largest value that the limit may have, nesting is read and refused without failing."""
    most = limits._MOST["nesting"]
    first = small_package.read("datapackage.json").decode()
    for depth, code in ((most, 0), (most + 1, 1)):
        nested = "[" * (depth - 1) + "]" * (depth - 1)
        small_package.write("datapackage.json", first[:-2] + f',"x": {nested}' + "}\n")
        assert judge(small_package.folder, "nesting", most)[0] == code


def test_page_lists_the_limits() -> None:
    """The table of the documentation is that of the code."""
    rows = [
        f"| `{option(name)}` | `{name}` | {getattr(Limits(), name):,} | {unit} {what} |"
        for name, (unit, what) in UNITS.items()
    ]
    assert re.findall(r"^\| `--.*$", PAGE, re.MULTILINE) == rows
    assert all(f"{most:,}" in PAGE for most in limits._MOST.values())


def test_page_lists_the_bounds() -> None:
    """The further bounds of the documentation are those of the code."""
    assert strict_json.DIGITS == values.DIGITS
    bounds = (
        *(storage.LONGEST_PATH, values.DIGITS, values.EXPONENT, pattern_syntax.DEEPEST_GROUP),
        *(vocabulary.MOST_STEPS, references.CONDITIONS),
    )
    assert re.findall(r"^\| [a-z].* \| ([\d,]+) \|$", PAGE, re.MULTILINE) == [f"{bound:,}" for bound in bounds]
