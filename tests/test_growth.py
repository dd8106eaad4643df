"""Time grows in proportion: each kind of input at three sizes, measured by the time of the processor."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import PackageFolder

# Four times the input takes four times as long where time is linear, and sixteen times where it is quadratic.
MOST = 6
# So much may come on top where the smallest size takes next to nothing.
SLACK = 0.02


def add_rows(package: PackageFolder, size: int) -> None:
    """Add a table of so many rows, with a key."""
    package.add_column({"type": "string"}, *[f"name {row}" for row in range(size * 5_000)], primaryKey=["row"])


def add_columns(package: PackageFolder, size: int) -> None:
    """Add a table of so many columns."""
    names = [f"c{number}" for number in range(size * 700)]
    text = ",".join(names) + "\n" + (",".join("5" for _ in names) + "\n") * 20
    fields = [{"name": name, "type": "integer"} for name in names]
    package.write("data/wide.csv", text)
    wide = {"name": "wide", "type": "table", "path": "data/wide.csv", "schema": {"fields": fields}}
    package.edit("datapackage.json", "resources", 4, to=wide)


def add_findings(package: PackageFolder, size: int) -> None:
    """Add a table with so many wrong cells, no two of them the same."""
    package.add_column({"type": "integer"}, *[f"x{row}" for row in range(size * 2_500)])


def add_json(package: PackageFolder, size: int) -> None:
    """Make the descriptor so long, and wrong at its end, so that the line has to be found."""
    package.write("datapackage.json", {**package.json(), "x": [{"y": [n]} for n in range(size * 2_500)], "version": 5})


def add_long_cell(package: PackageFolder, size: int) -> None:
    """Add a cell of so many characters, which a pattern goes through."""
    package.add_column({"type": "string", "constraints": {"pattern": "((a|b)*c?)*"}}, "ab" * (size * 80_000))


@pytest.mark.parametrize("add", [add_rows, add_columns, add_findings, add_json, add_long_cell])
def test_time_is_linear(small_package: PackageFolder, add: Callable[[PackageFolder, int], None]) -> None:
    """Twice and four times the input take about twice and four times as long."""
    packages = []
    for size in (1, 2, 4):
        package = small_package.copy(small_package.folder.parent / f"times{size}")
        add(package, size)
        packages.append(package)
    best = [float("inf")] * 3
    for _ in range(3):
        # One after the other, so that a busy moment of the machine is not all of one size.
        best = [min(known, seconds(package)) for known, package in zip(best, packages, strict=True)]
    assert best[1] < MOST / 2 * best[0] + SLACK, best
    assert best[2] < MOST * best[0] + SLACK, best


# The memory that the shipped limit on cells stands for.
MEMORY = 2_000_000_000


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_memory_is_bounded(small_package: PackageFolder, kind: str) -> None:
    """Short cells, no two alike and all in a key, take no more than their share of two gigabytes."""
    before = peak_memory(str(small_package.folder))
    # So many just do not fit into a smaller table of hashes.
    size = 1_300_000
    fields = [{"name": "row", "type": kind, "constraints": {"unique": True}}]
    small_package.write("data/cells.csv", "row\n" + "".join(f"{row}\n" for row in range(size)))
    cells = {"name": "cells", "type": "table", "path": "data/cells.csv", "schema": {"fields": fields}}
    small_package.edit("datapackage.json", "resources", 4, to=cells)
    assert peak_memory(str(small_package.folder)) - before <= MEMORY / Limits().cells * size


def peak_memory(package: str) -> int:
    """Return how many bytes a process takes that validates a package, which has to be valid."""
    code = "import resource, sys, scrdata; scrdata.validate(sys.argv[1]).raise_if_invalid()\n"
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code, package], capture_output=True, text=True, check=True)
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024)


def seconds(package: PackageFolder) -> float:
    """Return how long the processor takes to validate a package, every finding listed."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        scrdata.validate(package, limits=Limits(findings=1_000_000))
        return time.process_time() - start
    finally:
        gc.enable()
