"""Fuzzing: the seeds hold for every target, a wrong reader would be noticed, and a short exploration finds nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import targets
from fuzz.targets import SEEDS, TARGETS
from scrdata.strict_json import JsonProblem, read_json

ROOT = Path(__file__).parent.parent
SECONDS = 20


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold(name: str) -> None:
    """What is promised of any bytes is true of each seed, whole and cut in half."""
    seeds = sorted(path for path in (SEEDS / name).rglob("*") if path.is_file())
    assert len(seeds) >= 5
    for seed in seeds:
        data = seed.read_bytes()
        TARGETS[name](data)
        TARGETS[name](data[: len(data) // 2])


def test_every_folder_of_seeds_is_thrown() -> None:
    """There is a target for each folder of seeds."""
    assert {path.name for path in SEEDS.iterdir() if path.is_dir()} == TARGETS.keys()


def test_a_wrong_reader_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that takes what is to be refused, or refuses what is to be taken, fails its target."""
    monkeypatch.setattr(targets, "read_json", lambda _: read_json(b"1"))
    with pytest.raises(ValueError, match="Extra data"):
        targets.read_strict_json(b"1 1")

    def refuse(_: bytes) -> None:
        raise JsonProblem("no", 1, 1)

    monkeypatch.setattr(targets, "read_json", refuse)
    with pytest.raises(AssertionError, match="refused"):
        targets.read_strict_json(b"[1]")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_a_short_exploration_finds_nothing() -> None:
    """Some seconds of coverage-guided fuzzing of each reader, the same ones each time, find no input that fails."""
    command = [sys.executable, "-m", "fuzz.explore", "--seconds", str(SECONDS), "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.count("number_of_executed_units") + done.stderr.count("number_of_executed_units") == len(TARGETS)
