"""Do the tests notice small mistakes in the validator? `python3 dev.py mutate [MODULE …]`.

Makes every mutant of the modules that `[tool.mutation.tests]` in `pyproject.toml` lists, and tries on
each the tests named there. A mutant that none notices must stand in `tests/mutants/survivors.json`,
with the reason why it may live.

With `--slice N`, only N mutants, spread over all modules: the same as long as the code is the same.
Exit code: 0 every mutant is noticed or explained; 1 some are not, or an explanation is out of date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from checks.mutants import Mutant, list_mutants
from checks.trials import TrialError, is_noticed_afresh, list_survivors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "mutants" / "survivors.json"


def configured_tests() -> dict[str, list[str]]:
    """Return the tests of each module that is mutated."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tests: dict[str, list[str]] = project["tool"]["mutation"]["tests"]
    return tests


def explained_mutants(module: str) -> set[str]:
    """Return the names of the mutants of a module that may live."""
    entries = json.loads(SURVIVORS.read_text(encoding="utf-8"))
    return {name for entry in entries if entry["module"] == module for name in entry["mutants"]}


def choose_slice(mutants: Iterable[Mutant], count: int) -> list[Mutant]:
    """Return so many of the mutants, by a number that their names alone decide."""
    return sorted(mutants, key=lambda mutant: hashlib.sha256(mutant.name.encode()).digest())[:count]


def main(given: Sequence[str]) -> int:
    """Judge the mutants of some modules, or of all; print figures, and what is not noticed."""
    tests = configured_tests()
    options = _read_options(given, tests)
    modules = options.modules or list(tests)
    failing = 0
    for position, module in enumerate(modules):
        share = None
        if options.slice is not None:
            share = options.slice // len(modules) + (position < options.slice % len(modules))
        try:
            failing += _judge(module, tests[module], share)
        except TrialError as error:
            print(f"mutate: {error}", file=sys.stderr)
            return 1
    return 1 if failing else 0


def _read_options(given: Sequence[str], tests: dict[str, list[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py mutate", description="Do the tests notice small mistakes?")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"one of {', '.join(tests)}; default all")
    parser.add_argument("--slice", type=int, metavar="N", help="try only N mutants, spread over the modules")
    options = parser.parse_args(given)
    unknown = sorted(set(options.modules) - tests.keys())
    if unknown:
        parser.error(f"no tests are listed for {', '.join(unknown)}")
    return options


def _judge(module: str, tests: Sequence[str], share: int | None) -> int:
    """Try the mutants of a module, or so many of them; return how much is wrong."""
    began = time.monotonic()
    mutants = list_mutants(module)
    explained = explained_mutants(module)
    gone = sorted(explained - {mutant.name for mutant in mutants})
    if share is not None:
        mutants = choose_slice(mutants, share)
    doubtful = [mutant for mutant in mutants if mutant.name not in explained]
    if share is None:
        left = list_survivors(module, doubtful, tests)
    else:
        # Mostly the tests of the module itself notice: the others need not be imported then.
        stages = [part for part in (tests[:1], tests[1:]) if part]
        left = [m for m in doubtful if not any(is_noticed_afresh(module, m, stage) for stage in stages)]
    print(
        f"{module}: {len(mutants)} mutants, {len(doubtful) - len(left)} noticed, "
        f"{len(mutants) - len(doubtful)} explained, {len(left)} neither; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for mutant in left:
        print(f"  not noticed: {mutant.name}\n    line {mutant.lines[0]}: {mutant.text}", flush=True)
    for name in gone:
        print(f"  explained, and there is no such mutant: {name}", flush=True)
    return len(left) + len(gone)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
