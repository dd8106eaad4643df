"""Times scrdata against other validators, as whole processes: `python3 dev.py benchmark [--runs N]`.

The contestants of a comparison run in turn (A B C A B C …), so that a busy moment of the machine
meets all of them alike. A first round warms the caches and is not counted. Printed are medians of
the processor time (user and system, as the kernel accounts it to each process) and of the elapsed
time, and the processor time as a multiple of the first contestant's. Needs a POSIX system.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FEWEST_RUNS = 5
PANDERA = """\
import scrdata
for table in scrdata.tables():
    scrdata.schema(table.name).validate(scrdata.load(table.name))
"""
COMPARISONS: dict[str, dict[str, tuple[str, ...]]] = {
    "check the package": {
        "scrdata validate": ("-m", "scrdata", "validate"),
        "frictionless validate": ("-m", "frictionless", "validate", "datapackage.json"),
        "pandera, every table": ("-c", PANDERA),
    },
    "find nothing to doubt": {
        "scrdata suspects": ("-m", "scrdata", "suspects"),
        "scrdata validate": ("-m", "scrdata", "validate"),
    },
    "import the library": {
        "bare interpreter": ("-c", "pass"),
        "import scrdata": ("-c", "import scrdata"),
    },
    "load one table": {
        "import pandas": ("-c", "import pandas"),
        'scrdata.load("reviews")': ("-c", 'import scrdata; scrdata.load("reviews")'),
    },
}


class Cost(NamedTuple):
    """What one process took, in seconds."""

    processor: float
    elapsed: float


def main() -> int:
    """Run all comparisons and print a table of each."""
    parser = argparse.ArgumentParser(description="Time scrdata against other validators.")
    parser.add_argument("--runs", type=int, default=7, help=f"counted runs, at least {FEWEST_RUNS} (default: 7)")
    runs = parser.parse_args().runs
    if runs < FEWEST_RUNS:
        parser.error(f"--runs must be at least {FEWEST_RUNS}")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, medians of {runs} runs, seconds")
    for title, contestants in COMPARISONS.items():
        costs = compare(contestants, runs)
        print(f"\n{title:<26}{'processor':>10}{'elapsed':>10}{'ratio':>8}")
        first = next(iter(costs.values())).processor
        for name, cost in costs.items():
            print(f"{name:<26}{cost.processor:>10.3f}{cost.elapsed:>10.3f}{cost.processor / first:>8.2f}")
    return 0


def compare(contestants: dict[str, tuple[str, ...]], runs: int) -> dict[str, Cost]:
    """Run the contestants in turn; return the median cost of each, the first round left out."""
    rounds = [{name: measure(program) for name, program in contestants.items()} for _ in range(runs + 1)]
    return {name: median([costs[name] for costs in rounds[1:]]) for name in contestants}


def measure(program: tuple[str, ...]) -> Cost:
    """Run the interpreter once on a program; return what the process took.

    Raises:
        RuntimeError: the program failed, so that its time means nothing.
    """
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begin = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, *program], os.environ, file_actions=silence)
    _, status, usage = os.wait4(process, 0)
    elapsed = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise RuntimeError(f"{program} ended with exit code {code}")
    return Cost(usage.ru_utime + usage.ru_stime, elapsed)


def median(costs: list[Cost]) -> Cost:
    """Return the medians of both columns."""
    return Cost(statistics.median(c.processor for c in costs), statistics.median(c.elapsed for c in costs))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
