"""Whatever is broken, an engine gives the verdict of the strict reader, for the same reasons.

`python3 dev.py faults --by WAY` tries all faults; here are some, taken evenly from each class.
"""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata import Finding
from tests.faults import agreeing
from tests.faults.agreeing import DIFFERENT, NOT_ASKED, OTHER_VERDICT, SAME
from tests.faults.racing import CLASSES, pristine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.conftest import PackageFolder
    from tests.faults.fault import Fault

# How many faults of a class go through the files path, how many through frames of one library or another, and how
# many of these leave tables that frames can hold.
TRIED = {
    "descriptor": (3, 0, 0),
    "CSV structure": (8, 0, 0),
    "cells": (14, 36, 28),
    "keys": (12, 24, 18),
    "evidence": (8, 18, 14),
    "hostile input": (6, 0, 0),
    "two at once": (8, 24, 2),
}
IN_SPARK = 2


def taken(name: str, number: int) -> list[Fault]:
    """Return so many faults of a class, taken evenly."""
    faults = [*CLASSES[name]()]
    return [*islice(faults, len(faults) // (2 * number), None, max(1, len(faults) // number))]


def outcomes(folder: Path, pairs: Iterable[tuple[str, Fault]]) -> dict[str, tuple[str, str]]:
    """Return how the reports on each fault compare, by way and name."""
    files = pristine()
    return {
        f"{way}: {fault.name}": agreeing.agree(way, fault, files, folder / str(number))
        for number, (way, fault) in enumerate(pairs)
    }


def assert_same(found: dict[str, tuple[str, str]], least: int) -> None:
    """Assert that nothing is judged otherwise, and that enough was judged at all."""
    assert {name: answer for name, answer in found.items() if answer[0] not in (SAME, NOT_ASKED)} == {}
    assert [answer for answer, _ in found.values()].count(SAME) >= least


@pytest.mark.parametrize("name", TRIED)
def test_files_are_judged_alike_by_an_engine(tmp_path: Path, name: str) -> None:
    """A fault in files that go through DuckDB gives the very report of the strict reader, to the last word."""
    number = TRIED[name][0]
    assert_same(outcomes(tmp_path, ((agreeing.FILES, fault) for fault in taken(name, number))), number)


@pytest.mark.parametrize("name", [name for name, (_, number, _) in TRIED.items() if number])
def test_frames_are_judged_alike(tmp_path: Path, name: str) -> None:
    """A fault that leaves tables is found in frames of each library as in the files."""
    _, number, least = TRIED[name]
    ways = cycle(agreeing.WAYS[1:])
    assert_same(outcomes(tmp_path, zip(ways, taken(name, number), strict=False)), least)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cells", "keys", "evidence"])
def test_spark_judges_alike(
    small_package: PackageFolder,
    tmp_path: Path,
    spark: Any,  # noqa: ANN401
    name: str,
) -> None:
    """A fault that leaves tables is found in DataFrames of Spark as in the files."""
    asked = 0
    for number, fault in enumerate(taken(name, 40)):
        copy = small_package.copy(tmp_path / f"{number}")
        location = fault.spoil(copy).package or copy.folder
        answer, details = agreeing.agree_on_frames("spark", location, scrdata.validate(location), spark)
        assert answer in (SAME, NOT_ASKED), (fault.name, details)
        asked += answer == SAME
        if asked == IN_SPARK:
            return
    raise AssertionError(f"only {asked} faults left tables")


def test_each_outcome_is_told_apart(small_package: PackageFolder) -> None:
    """Another finding is a difference, in files and in frames, and another verdict is one of its own."""
    strict = scrdata.validate(small_package)
    assert agreeing.agree_on_files(small_package, strict) == (SAME, "")
    warned = strict.changed(findings=(Finding("text_is_clean", "x", severity="warning"),), warnings=1)
    refused = strict.changed(errors=1)
    for way in agreeing.WAYS:
        for other, outcome in ((strict, SAME), (warned, DIFFERENT), (refused, OTHER_VERDICT)):
            is_files = way == agreeing.FILES
            judge = agreeing.agree_on_files if is_files else partial(agreeing.agree_on_frames, way)
            assert judge(small_package, other)[0] == outcome, (way, outcome)


def test_what_cannot_be_asked_is_said(small_package: PackageFolder, tmp_path: Path) -> None:
    """Archives, files that are no tables and broken descriptors are no frames, and so count as not asked."""
    small_package.spoil("data/loans.csv", "north,adult,30,400", "north,adult,30")
    report = scrdata.validate(small_package)
    assert agreeing.agree_on_frames("polars", small_package, report) == (NOT_ASKED, "the files are no tables")
    found = outcomes(tmp_path, [(agreeing.FILES, fault) for fault in taken("archives", 2)])
    assert {outcome for outcome, _ in found.values()} == {NOT_ASKED}
