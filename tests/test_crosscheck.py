"""The second opinion: pandera and frictionless agree with the strict checks, and a disagreement is reported."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import frictionless
import pytest

import scrdata
from scrdata.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from conftest import PackageFolder

SHIPPED = scrdata.open_package()
# For each field type, cells in spellings that this project accepts.
CELLS = {
    "string": ("NA", "", "None"),
    "any": ("x", ""),
    "integer": ("5", "", "-7"),
    "number": ("1.50", "", "-2", "1e5", "NaN", "INF"),
    "boolean": ("true", "", "false", "1"),
    "date": ("2010-02-28", ""),
    "datetime": ("2010-02-28T01:02:03", ""),
    "time": ("01:02:03", ""),
    "year": ("2010", ""),
    "yearmonth": ("2010-02", ""),
    "duration": ("P1Y", ""),
    "object": ('{"a": 1}', ""),
    "array": ("[1]", ""),
    "geopoint": ("1.5, 2", ""),
}


def test_shipped_package_has_three_opinions() -> None:
    """Both pandera and frictionless find nothing wrong with the shipped package; the report is otherwise the same."""
    report = SHIPPED.validate()
    second = scrdata.validate(cross_check=True)
    assert second.valid
    assert second.checked == {**report.checked, "second_opinions": 2}
    assert second.changed(checked=report.checked) == report


@pytest.mark.parametrize("form", ["folder", "descriptor"])
def test_small_package_has_three_opinions(small_package: PackageFolder, form: str) -> None:
    """The others agree on a small package with an open rule and a registered discrepancy."""
    location = small_package.folder / ("datapackage.json" if form == "descriptor" else "")
    assert scrdata.validate(location, cross_check=True).to_dict()["findings"] == []


@pytest.mark.parametrize("kind", CELLS)
def test_every_type_has_three_opinions(small_package: PackageFolder, kind: str) -> None:
    """The others agree on accepted cells of every field type."""
    small_package.add_column({"type": kind}, *CELLS[kind])
    assert scrdata.validate(small_package, cross_check=True).to_dict()["findings"] == []


@pytest.mark.parametrize(
    ("kind", "cells"),
    [("datetime", ("2010-02-28T01:02:03Z", "2010-02-28T01:02:03+01:00")), ("integer", (str(2**63), "1"))],
)
def test_unusual_values_have_three_opinions(small_package: PackageFolder, kind: str, cells: tuple[str, ...]) -> None:
    """The others agree on datetimes with a zone and on integers that 64 bits cannot hold."""
    small_package.add_column({"type": kind}, *cells)
    assert scrdata.validate(small_package).valid
    assert scrdata.validate(small_package, cross_check=True).to_dict()["findings"] == []


def test_explained_difference_is_no_disagreement(small_package: PackageFolder) -> None:
    """Labelled missing values, which frictionless does not know, are an explained difference."""
    small_package.edit("schemas/loans.json", "missingValues", to=["", {"value": "-", "label": "not counted"}])
    assert not frictionless.validate(str(small_package.folder / "datapackage.json")).valid
    assert scrdata.validate(small_package, cross_check=True).valid


def test_disagreement_of_frictionless_is_reported(
    small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What frictionless alone refuses is an error that says who refuses what, with file and line."""
    other = tmp_path / "other"
    shutil.copytree(small_package.folder, other)
    spoilt = type(small_package)(other)
    spoilt.spoil("data/loans.csv", "south,child,15", "south,child,x5")
    ask = frictionless.validate
    monkeypatch.setattr(frictionless, "validate", lambda _: ask(str(other / "datapackage.json")))
    report = scrdata.validate(small_package, cross_check=True)
    places = {(f.rule, f.file, f.line, f.found) for f in report.findings}
    assert not report.valid
    assert ("frictionless_agrees", "data/loans.csv", 5, "type-error") in places
    assert report.errors == len(report.findings) == len([f for f in report.findings if f.rule == "frictionless_agrees"])
    assert all(f.message.startswith("frictionless refuses what the strict check accepts: ") for f in report.findings)


def test_disagreement_of_pandera_is_reported(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pandera alone refuses is an error that says who refuses what, with the file and, for a cell, the column."""
    load = Package.load

    def spoilt(package: Package, name: str) -> pd.DataFrame:
        frame = load(package, name)
        return frame.assign(loans=frame["loans"].where(frame.index != 0, 500)) if name == "loans" else frame

    monkeypatch.setattr(Package, "load", spoilt)
    report = scrdata.validate(small_package, cross_check=True)
    places = {(f.rule, f.file, f.column) for f in report.findings}
    assert not report.valid
    assert ("pandera_agrees", "data/loans.csv", "loans") in places
    assert {rule for rule, _, _ in places} == {"pandera_agrees"}
    assert any("loans_are_94: found 564, expected 94" in finding.message for finding in report.findings)
    assert report.errors == len(report.findings)
    with pytest.raises(scrdata.InvalidPackageError, match="pandera refuses what the strict check accepts"):
        report.raise_if_invalid()


def test_invalid_package_is_not_shown_to_frictionless(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since frictionless follows links and fetches addresses, it never sees a package that was not accepted."""
    asked: list[str] = []
    monkeypatch.setattr(frictionless, "validate", asked.append)
    small_package.edit("datapackage.json", "resources", 0, "path", to="https://example.org/data.csv")
    report = scrdata.validate(small_package, cross_check=True)
    assert not report.valid
    assert asked == []
    assert "second_opinions" not in report.checked
