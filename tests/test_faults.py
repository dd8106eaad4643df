"""A slice of the broken packages of `tests/faults/`: each is refused, where it is broken, within its time."""

from __future__ import annotations

import os
import time
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import shapes
from tests.conftest import PackageFolder, call
from tests.faults import evidence, judging, racing
from tests.faults.descriptors import SITES
from tests.faults.fault import ANYWHERE, DESCRIPTOR, Fault, Wanted
from tests.faults.racing import CLASSES, race

if TYPE_CHECKING:
    from pathlib import Path

# How many faults of a class are tried here; `python3 dev.py faults` tries them all.
TRIED = 60


def outcomes(faults: list[Fault]) -> dict[str, tuple[str, str]]:
    """Return what became of each fault."""
    return {faults[position].name: (outcome, details) for position, outcome, details in race(faults, workers=1)}


@pytest.mark.parametrize("name", CLASSES)
def test_a_slice_is_located(name: str) -> None:
    """Faults taken evenly from the class are all reported, by their rule and at their line."""
    faults = [*CLASSES[name]()]
    found = outcomes([*islice(faults, 0, None, max(1, len(faults) // TRIED))])
    assert len(found) >= TRIED
    assert {fault: found[fault] for fault in found if found[fault][0] != judging.LOCATED} == {}


def test_what_is_spoilt_is_sound(small_package: PackageFolder) -> None:
    """The small package is valid, and so it is with the mentions that are added to be spoilt."""
    for prepare in (lambda _: None, evidence._add_mentions):
        prepare(small_package)
        assert scrdata.validate(small_package).findings == ()


def test_there_are_thousands() -> None:
    """There are many faults, and no two of a class have one name."""
    names = {name: [fault.name for fault in faults()] for name, faults in CLASSES.items()}
    assert sum(map(len, names.values())) > 10_000
    for name, found in names.items():
        assert [fault for fault, count in Counter(found).items() if count > 1] == [], name


def test_every_property_is_spoilt() -> None:
    """Each shape that a descriptor is held to stands at a site where its properties are spoilt."""
    known = [
        *(shapes.PACKAGE, shapes.RESOURCE, shapes.SCHEMA, shapes.FIELD, shapes.FOREIGN_KEY, shapes.REFERENCE),
        *(shapes.DIALECT, shapes.CATEGORY, shapes.MISSING_VALUE),
        *(shape.items.properties for shape in shapes.PACKAGE.values() if shape.items and shape.items.properties),
    ]
    assert [shape for shape in known if shape not in [site.known for site in SITES]] == []


# Every other command that opens a package: its arguments, with the place of the package, and one to write to.
COMMANDS = (
    *("tables {package}", "coverage {package}", "suggest {package}", "suspects {package}", "diff {package} {package}"),
    *("show loans --package {package}", "total loans.loans --package {package}", "cite --package {package}"),
    *("trace loans.loans --package {package}", "bounds --package {package}", "build {out} --package {package}"),
    *(f"export --all --package {{package}} --output {{out}}.{ending}" for ending in ("json", "sqlite", "xlsx")),
    *("export loans --package {package} --output {out}.csv", "export loans --package {package} --output {out}.parquet"),
)


@pytest.mark.parametrize("name", CLASSES)
def test_no_command_breaks(name: str, tmp_path: Path) -> None:
    """Whatever is broken, each command does its work, or says in one way or the other why it does not."""
    files, faults = racing.pristine(), [*CLASSES[name]()]
    for number, fault in enumerate(islice(faults, 0, None, len(faults) // 4)):
        package = PackageFolder(tmp_path / f"{number}" / "small")
        for file, content in files.items():
            package.write(file, content)
        place = fault.spoil(package).package or package.folder
        for command in COMMANDS:
            words = [word.format(package=place, out=tmp_path / f"{number}" / "out") for word in command.split()]
            code, _, errors = call(*words)
            assert (code in (0, 1, 2), "Traceback" in errors, "usage: " in errors) == (True, False, False), errors


def _harmless(package: PackageFolder) -> Wanted:
    package.edit(DESCRIPTOR, "title", to="Library")
    return Wanted((), ANYWHERE)


def _elsewhere(package: PackageFolder) -> Wanted:
    package.edit(DESCRIPTOR, "name", to=5)
    return Wanted(("property_has_right_type",), DESCRIPTOR, [999])


def _ending(_: PackageFolder) -> Wanted:
    os._exit(9)


def _hanging(_: PackageFolder) -> Wanted:
    time.sleep(600)
    return Wanted((), ANYWHERE)


def test_each_outcome_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is valid is missed; a wrong place, a dead and a hanging process are told apart, and the next ones go on."""
    monkeypatch.setattr(racing, "SECONDS", 3)
    spoilt = {
        judging.MISSED: _harmless,
        judging.DETECTED: _elsewhere,
        judging.CRASHED: _ending,
        judging.HUNG: _hanging,
    }
    found = outcomes([*(Fault(name, spoil) for name, spoil in spoilt.items()), Fault("last", _elsewhere)])
    assert {name: outcome for name, (outcome, _) in found.items()} == {
        **{n: n for n in spoilt},
        "last": judging.DETECTED,
    }


def test_reading_outside_is_noticed(tmp_path: Path) -> None:
    """A file that is opened outside the package's folder is an escape."""
    watch = judging.Watch()
    (tmp_path / "outside").touch()
    watch.allowed = str(tmp_path / "inside")
    (tmp_path / "outside").read_bytes()
    watch.allowed = None
    assert watch.escapes == [f"open {tmp_path / 'outside'}"]
