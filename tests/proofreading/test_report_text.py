"""The shipped package against the real text of the report, where its path is in SCRDATA_SOURCE."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scrdata.cli import main
from scrdata.package import Package, shipped_location
from scrdata.proofreading.rebuilding import WRITTEN, compare, rebuild
from scrdata.proofreading.source import read_source

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = os.environ.get("SCRDATA_SOURCE", "")
pytestmark = pytest.mark.skipif(
    not SOURCE, reason="SCRDATA_SOURCE does not name the report's text, which is not shipped"
)


def test_package_says_what_the_report_prints() -> None:
    """Annex B and Tables 1, 2 and 3 of the report equal the tables of the shipped package."""
    package = Package()
    tables = rebuild(read_source(SOURCE))
    assert [finding for table in tables.values() for finding in compare(table, package)] == []
    assert {name: len(table.rows) for name, table in tables.items()} == {
        "boards": 87,
        "reviews": 147,
        "judgements": 12,
        "durations": 12,
        "causes_of_death": 15,
    }


def test_rebuilt_files_are_the_shipped_ones(tmp_path: Path) -> None:
    """The CSV files that are rebuilt from the text equal the shipped ones byte for byte."""
    shipped = shipped_location()
    assert main(["proofread", SOURCE, "--package", shipped, "--write", str(tmp_path)]) == 0
    for name in WRITTEN:
        with open(os.path.join(shipped, "data", f"{name}.csv"), "rb") as file:
            assert (tmp_path / f"{name}.csv").read_bytes() == file.read(), name
