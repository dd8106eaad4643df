"""`python3 dev.py faults [CLASS …] [--one-in N] [--show N]`: judge every fault; print a table per class."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from itertools import islice

from tests.faults.judging import CRASHED, DETECTED, ESCAPED, HUNG, LOCATED, MISSED
from tests.faults.racing import CLASSES, race

OUTCOMES = (LOCATED, DETECTED, MISSED, CRASHED, HUNG, ESCAPED)


def main(given: list[str]) -> int:
    """Judge the faults of the classes that are named, or of all; return 0 if each is found where it is."""
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("classes", nargs="*", metavar="CLASS", help=f"one of: {', '.join(CLASSES)}")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="take one of so many faults")
    parser.add_argument("--show", type=int, default=20, metavar="N", help="show so many of what is not as it should be")
    arguments = parser.parse_args(given)
    unknown = set(arguments.classes) - CLASSES.keys()
    if unknown:
        parser.error(f"there is no class {min(unknown)!r}; there are {', '.join(CLASSES)}")
    everything = Counter[str]()
    wrong: list[str] = []
    print(f"{'':<16}{'faults':>8}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES) + f"{'seconds':>10}")
    for name in arguments.classes or CLASSES:
        started = time.monotonic()
        faults = [*islice(CLASSES[name](), 0, None, arguments.one_in)]
        counts = Counter[str]()
        for position, outcome, details in race(faults):
            counts[outcome] += 1
            if outcome != LOCATED:
                wrong.append(f"{outcome}: {name}: {faults[position].name!a}\n    {details}")
        print(row(name, counts, time.monotonic() - started), flush=True)
        everything += counts
    print(row("all", everything, None))
    print("\n".join(wrong[: arguments.show]))
    return 0 if everything.keys() <= {LOCATED} else 1


def row(name: str, counts: Counter[str], seconds: float | None) -> str:
    """Return one line of the table. What is located is detected; the column `detected` counts what is only that."""
    took = "" if seconds is None else f"{seconds:>10.0f}"
    return f"{name:<16}{counts.total():>8}" + "".join(f"{counts[outcome]:>10}" for outcome in OUTCOMES) + took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
