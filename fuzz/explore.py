"""`python3 dev.py fuzz [SECONDS] [TARGET …]`: coverage-guided fuzzing of the readers, by atheris.

Each target explores for its share of the seconds (60 each, if none are given), from the seeds in
`fuzz/seeds/` and from what earlier explorations found, which stays in `.fuzz/`. An input that fails is
kept in `.fuzz/failures/`: what it shows belongs to the tests, and the input to the seeds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / ".fuzz"
SECONDS = 60
# A target that takes more seconds for one input, or more megabytes, has failed.
LONGEST, MEMORY = 10, 2048
LARGEST_INPUT = 4096


def main(given: list[str]) -> int:
    """Explore targets one after the other, each in a process of its own; return 1 if one fails."""
    from fuzz.targets import TARGETS

    arguments = list(given)
    total = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else None
    names = arguments or [*TARGETS]
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        print(f"there is no target {unknown[0]!r}; there are {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    seconds = SECONDS if total is None else max(1, total // len(names))
    failed = [name for name in names if not is_sound(name, seconds)]
    print(f"failed: {', '.join(failed)}; the inputs are in {FOUND / 'failures'}" if failed else "nothing failed")
    return 1 if failed else 0


def is_sound(name: str, seconds: int) -> bool:
    """Explore a target for so many seconds; say whether no input failed."""
    from fuzz.targets import SEEDS

    found, failures = FOUND / name, FOUND / "failures"
    for folder in (found, failures):
        folder.mkdir(parents=True, exist_ok=True)
    options = {
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
    command = [sys.executable, "-m", "fuzz.explore", "--target", name, *flags, str(found), str(SEEDS / name)]
    return subprocess.call(command, cwd=ROOT) == 0


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
        sys.exit(main(sys.argv[1:]))
