"""`python3 dev.py fuzz [TARGET …] [--seconds N] [--seed N]`: coverage-guided fuzzing of the readers, by atheris.

Each target explores for its share of the seconds (60 each, if none are given), from the seeds in
`fuzz/seeds/` and from what earlier explorations found, which stays in `.fuzz/`. An input that fails is
kept in `.fuzz/failures/`: what it shows belongs to the tests, and the input to the seeds. With `--seed` a run starts
from `fuzz/seeds/` alone, and goes the same way each time, as far as the seconds reach.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / ".fuzz"
SECONDS = 60
# A target that takes more seconds for one input, or more megabytes, has failed.
LONGEST, MEMORY = 10, 2048
LARGEST_INPUT = 4096


def main(given: Sequence[str] | None = None) -> int:
    """Explore targets one after the other, each in a process of its own; return 1 if one fails.

    Args:
        given: the arguments; those of the process where none are given.
    """
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="dev.py fuzz", description="Throw any bytes at each reader.")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"{', '.join(TARGETS)}; all if none is given")
    parser.add_argument("--seconds", type=int, help=f"for all targets together; {SECONDS} for each if not given")
    parser.add_argument("--seed", type=int, default=0, help="a number above 0: go the way of every run with it")
    options = parser.parse_args(given)
    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {unknown[0]!r}; there are {', '.join(TARGETS)}")
    names = options.targets or [*TARGETS]
    seconds = SECONDS if options.seconds is None else max(1, options.seconds // len(names))
    failed = [name for name in names if not is_sound(name, seconds, options.seed)]
    print(f"failed: {', '.join(failed)}; the inputs are in {FOUND / 'failures'}" if failed else "nothing failed")
    return 1 if failed else 0


def is_sound(name: str, seconds: int, seed: int) -> bool:
    """Explore a target for so many seconds, by chance or as a seed above 0 has it; say whether no input failed."""
    from fuzz.targets import SEEDS

    found, failures = FOUND / name, FOUND / "failures"
    for folder in (found, failures):
        folder.mkdir(parents=True, exist_ok=True)
    options = {
        "seed": seed,
        "max_total_time": seconds,
        "timeout": LONGEST,
        "rss_limit_mb": MEMORY,
        "max_len": LARGEST_INPUT,
        "artifact_prefix": f"{failures}/{name}-",
        "dict": SEEDS / "words.dict",
        "verbosity": 0,
        "print_final_stats": 1,
    }
    flags = [f"-{option}={value}" for option, value in options.items()]
    print(f"{name}, {seconds} seconds:", flush=True)
    with tempfile.TemporaryDirectory(prefix="scrdata-fuzz-") as nothing:
        # What a seed finds is not to depend on what was found before, nor on how Python shuffles sets.
        known, shuffled = (nothing, {"PYTHONHASHSEED": "0"}) if seed else (str(found), {})
        command = [sys.executable, "-m", "fuzz.explore", "--target", name, *flags, known, str(SEEDS / name)]
        return subprocess.call(command, cwd=ROOT, env={**os.environ, **shuffled}) == 0


def explore(name: str, options: list[str]) -> None:
    """Explore one target until libFuzzer ends this process."""
    import atheris

    with atheris.instrument_imports(include=["scrdata"]):
        from fuzz.targets import TARGETS

    atheris.Setup([name, *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--target"]:
        explore(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
