"""`python3 dev.py faults [CLASS …] [--one-in N] [--show N] [--by WAY]`: judge every fault; print a table per class.

Without `--by` it says what the strict reader finds; with it, whether an engine finds the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from tests.faults import agreeing, judging
from tests.faults.agreeing import DIFFERENT, NOT_ASKED, OTHER_VERDICT, SAME
from tests.faults.judging import CRASHED, DETECTED, ESCAPED, HUNG, LOCATED, MISSED
from tests.faults.racing import CLASSES, race

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.racing import Judge

OUTCOMES = (LOCATED, DETECTED, MISSED, CRASHED, HUNG, ESCAPED)
AGREEMENT = (SAME, NOT_ASKED, DIFFERENT, OTHER_VERDICT, CRASHED, HUNG)


def main(given: list[str]) -> int:
    """Judge the faults of the classes that are named, or of all; return 0 if each is found where it is, or alike."""
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("classes", nargs="*", metavar="CLASS", help=f"one of: {', '.join(CLASSES)}")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="take one of so many faults")
    parser.add_argument("--show", type=int, default=20, metavar="N", help="show so many of what is not as it should be")
    ways = (*agreeing.WAYS, agreeing.SPARK_FILES)
    parser.add_argument("--by", choices=ways, help="compare what the strict reader says with this engine")
    arguments = parser.parse_args(given)
    unknown = set(arguments.classes) - CLASSES.keys()
    if unknown:
        parser.error(f"there is no class {min(unknown)!r}; there are {', '.join(CLASSES)}")
    judge: Judge = partial(agreeing.agree, arguments.by) if arguments.by else judging.judge
    outcomes, good = (AGREEMENT, {SAME, NOT_ASKED}) if arguments.by else (OUTCOMES, {LOCATED})
    everything = Counter[str]()
    wrong: list[str] = []
    print(f"{'':<16}{'faults':>8}" + "".join(f"{outcome:>15}" for outcome in outcomes) + f"{'seconds':>10}")
    for name in arguments.classes or CLASSES:
        started = time.monotonic()
        faults = [*islice(CLASSES[name](), 0, None, arguments.one_in)]
        counts = Counter[str]()
        for position, outcome, details in race(faults, judge=judge):
            counts[outcome] += 1
            if outcome not in good:
                wrong.append(f"{outcome}: {name}: {faults[position].name!a}\n    {details}")
        print(row(name, counts, outcomes, time.monotonic() - started), flush=True)
        everything += counts
    print(row("all", everything, outcomes, None))
    print("\n".join(wrong[: arguments.show]))
    return 0 if everything.keys() <= good else 1


def row(name: str, counts: Counter[str], outcomes: Sequence[str], seconds: float | None) -> str:
    """Return one line of the table. What is located is detected; the column `detected` counts what is only that."""
    took = "" if seconds is None else f"{seconds:>10.0f}"
    return f"{name:<16}{counts.total():>8}" + "".join(f"{counts[outcome]:>15}" for outcome in outcomes) + took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
