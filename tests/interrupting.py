"""`python3 dev.py interrupt [SCENARIO …] [--one-in N]`: commands in which one call to the system after another fails.

Each call that opens, reads, writes, flushes, syncs, renames, makes or removes something fails once: as
on a full disk, for want of permission, by the keyboard, and by the death of the process just before the
call. After each, what stands in the folder is compared with what stood there before and with what the
command makes when nothing fails; then the command is run again.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import errno
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import scrdata.cli
from tests.conftest import PackageFolder
from tests.faults.racing import pristine

if TYPE_CHECKING:
    from collections.abc import Callable

FULL, FORBIDDEN, KEYBOARD, KILLED = "disk is full", "no permission", "keyboard", "killed"
KINDS = (FULL, FORBIDDEN, KEYBOARD, KILLED)
CALLS = ("open", "fsync", "replace", "rename", "mkdir", "rmdir", "listdir", "scandir")
OLD, NEW, PARTLY = "old", "new", "partly new"
DEATH = 77
State = dict[str, bytes]


class Scenario(NamedTuple):
    """A command in a folder, which holds the package `small` and whatever else is prepared.

    Attributes:
        arguments: of the command line, with paths within the folder.
        prepare: what else stands there before.
        as_a_whole: what is written is old or new as a whole; else each file is.
        is_begun_once: where the process is killed, what it has written stays, and a rerun may say so and refuse.
        code: the exit code when nothing fails.
        fails: the exit codes when something does: 1 where a file of the package cannot be read.
    """

    arguments: tuple[str, ...]
    prepare: Callable[[Path], object] = lambda _: None
    as_a_whole: bool = True
    is_begun_once: bool = False
    code: int = 0
    fails: tuple[int, ...] = (1, 2)


def _run(*arguments: str) -> Callable[[Path], object]:
    """Return a preparation that runs a command."""
    return lambda here: silently(arguments, here)


def _stale_checksums(here: Path) -> None:
    descriptor = here / "small" / "datapackage.json"
    descriptor.write_text(descriptor.read_text("utf-8").replace("sha256:", "sha256:0", 1), "utf-8")


def _bare_tables(here: Path) -> None:
    (here / "tables").mkdir()
    for name in ("branches", "loans"):
        shutil.copy(here / "small" / "data" / f"{name}.csv", here / "tables")


def _newer(here: Path) -> None:
    newer = PackageFolder(here / "small").copy(here / "newer")
    newer.spoil("data/branches.csv", "North", "Northern")
    newer.repair()
    (here / "page.html").write_text("old", "utf-8")


SMALL = ("--package", "small")
SCENARIOS = {
    "export a table": Scenario(("export", "loans", *SMALL, "--output", "loans.csv")),
    "export over a file": Scenario(
        ("export", "loans", *SMALL, "--output", "loans.json"),
        lambda here: (here / "loans.json").write_text("old", "utf-8"),
    ),
    "export all to a folder": Scenario(
        ("export", "--all", *SMALL, "--format", "csv", "--output", "tables/"), as_a_whole=False
    ),
    "export a Parquet file": Scenario(("export", "loans", *SMALL, "--output", "loans.parquet")),
    "export all as JSON": Scenario(("export", "--all", *SMALL, "--output", "small.json")),
    "export a database": Scenario(("export", "--all", *SMALL, "--output", "small.sqlite")),
    "export a workbook": Scenario(("export", "--all", *SMALL, "--output", "small.xlsx")),
    "build": Scenario(("build", "release", *SMALL)),
    "build over a release": Scenario(
        ("build", "release", *SMALL, "--base-url", "https://example.org/other/"),
        _run("build", "release", *SMALL),
    ),
    "diff to a file": Scenario(("diff", "small", "newer", "--format", "html", "--output", "page.html"), _newer, code=1),
    "init": Scenario(("init", "tables"), _bare_tables, is_begun_once=True),
    "validate": Scenario(("validate", "small")),
    "seal": Scenario(("seal", "small"), _stale_checksums),
}


class Outcome(NamedTuple):
    """What became of a scenario: number of calls, whether it writes, what stood there afterwards, what was wrong."""

    calls: int
    writes: bool
    seen: Counter[str]
    wrong: list[str]


class Faulty:
    """Counts the calls to the system, and lets one of them fail.

    Args:
        at: the number of that call, from 1; none if 0.
        kind: one of `KINDS`.
    """

    def __init__(self, at: int, kind: str) -> None:
        self.at = at
        self.kind = kind
        self.made: list[str] = []

    def note(self, name: str) -> None:
        """Count a call; fail if it is the one."""
        self.made.append(name)
        if len(self.made) != self.at:
            return
        if self.kind == KILLED:
            os._exit(DEATH)
        if self.kind == KEYBOARD:
            raise KeyboardInterrupt
        number = errno.ENOSPC if self.kind == FULL else errno.EACCES
        raise OSError(number, os.strerror(number))

    def install(self) -> None:
        """Put the counting functions into the places of those of the system, for the rest of this process."""
        for name in CALLS:
            # That bytes have reached the disk cannot be seen from here, and to wait for it takes long.
            function = (lambda _: None) if name == "fsync" else getattr(os, name)
            setattr(os, name, self._counting(f"os.{name}", function))
        opened = self._counting("open", builtins.open)
        builtins.open = lambda *arguments, **named: _File(opened(*arguments, **named), self)  # type: ignore[assignment]

    def _counting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401  (whatever the function returns)
            self.note(name)
            return function(*arguments, **named)

        return call


class _File:
    """An open file whose reading and writing is counted."""

    def __init__(self, file: Any, faulty: Faulty) -> None:  # noqa: ANN401  (any kind of file)
        self._file = file
        self._faulty = faulty

    def __enter__(self) -> _File:  # noqa: PYI034  (not meant to be derived from)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> object:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a file has)
        value = getattr(self._file, name)
        return self._faulty._counting(name, value) if name in ("read", "write", "flush") else value


def silently(arguments: tuple[str, ...], here: Path) -> tuple[int, str]:
    """Run a command in a folder; return its exit code, and what it says of its failure."""
    errors = io.StringIO()
    with contextlib.chdir(here), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        code = seal(arguments[1]) if arguments[0] == "seal" else scrdata.cli.main(arguments)
    return code, errors.getvalue()


def seal(folder: str) -> int:
    """Refresh the checksums of a package, as `python -m scrdata.sealing` does."""
    from scrdata.sealing import main

    return main([folder])


def state_of(here: Path) -> State:
    """Return the files of a folder, by path, without what a killed process had begun."""
    return {
        path.relative_to(here).as_posix(): path.read_bytes()
        for path in sorted(here.rglob("*"))
        if path.is_file() and not any(part.endswith(".part") for part in path.relative_to(here).parts)
    }


def forked(scenario: Scenario, before: State, at: int, kind: str) -> tuple[Path, int, str, int]:
    """Run a scenario in a process and a folder of its own; return the folder, exit code, message, number of calls."""
    here = Path(tempfile.mkdtemp(prefix="scrdata-interrupted-"))
    _put(before, here)
    return here, *again(scenario, here, at, kind)


def again(scenario: Scenario, here: Path, at: int = 0, kind: str = FULL) -> tuple[int, str, int]:
    """Run a scenario in a process of its own, in a folder that stands; return exit code, message, number of calls."""
    answer = here.with_suffix(".answer")
    child = os.fork()
    if not child:
        faulty = Faulty(at, kind)
        write = answer.write_text
        faulty.install()
        code, errors = silently(scenario.arguments, here)
        faulty.at = 0
        write(json.dumps([code, errors, len(faulty.made)]), "utf-8")
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == DEATH:
        return DEATH, "", at
    code, errors, calls = json.loads(answer.read_text("utf-8"))
    answer.unlink()
    return code, errors, calls


def begin(scenario: Scenario, here: Path) -> None:
    """Put into a folder what a scenario begins with."""
    _put({f"small/{file}": data for file, data in pristine().items()}, here)
    scenario.prepare(here)


def _put(state: State, here: Path) -> None:
    for file, data in state.items():
        (here / file).parent.mkdir(parents=True, exist_ok=True)
        (here / file).write_bytes(data)


def interrupt(scenario: Scenario, one_in: int = 1) -> Outcome:
    """Let each call fail in each way, or one in so many of these."""
    start = Path(tempfile.mkdtemp(prefix="scrdata-interrupted-"))
    begin(scenario, start)
    before = state_of(start)
    warm = Path(tempfile.mkdtemp(prefix="scrdata-interrupted-"))
    _put(before, warm)
    silently(scenario.arguments, warm)  # so that libraries are loaded once, and their files are not counted
    done, code, errors, calls = forked(scenario, before, 0, FULL)
    after = state_of(done)
    wrong = [] if code == scenario.code else [f"without a fault: exit code {code}: {errors}"]
    seen = Counter[str]()
    for at, kind in islice(product(range(1, calls + 1), KINDS), 0, None, one_in):
        here, code, errors, _ = forked(scenario, before, at, kind)
        found = state_of(here)
        problem = _wrong(scenario, kind, (code, errors), (before, after, found))
        seen[OLD if found == before else NEW if found == after else PARTLY] += 1
        problem = problem or _wrong_again(scenario, here, found, after)
        if problem:
            wrong.append(f"{kind} at call {at} of {calls}: {problem}")
        shutil.rmtree(here)
    for folder in (start, warm, done):
        shutil.rmtree(folder)
    return Outcome(calls, before != after, seen, wrong)


def _wrong_again(scenario: Scenario, here: Path, found: State, after: State) -> str:
    """Run the command again, with no fault; return what is wrong then, or an empty text."""
    code, errors, _ = again(scenario, here)
    if scenario.is_begun_once and "exists already" in errors and state_of(here) == found:
        return ""
    if code != scenario.code or state_of(here) != after:
        return f"a rerun ends with {code}: {errors}"
    remains = [path.name for path in here.rglob("*.part")]
    return f"a rerun leaves {remains}" if remains else ""


def _wrong(scenario: Scenario, kind: str, answer: tuple[int, str], states: tuple[State, State, State]) -> str:
    """Return what is wrong after a fault, or an empty text."""
    code, errors = answer
    before, after, found = states
    if "Traceback" in errors or code == 3:
        return f"a bug: {errors[-700:]}"
    if kind != KILLED and code not in (scenario.code, *scenario.fails):
        return f"exit code {code}"
    if kind in (FULL, FORBIDDEN) and code == 2 and os.strerror(_number(kind)) not in errors:
        return f"the message does not say why: {errors!r}"
    if code == scenario.code and kind != KILLED and found != after:
        return "it says that all is well, and it is not"
    as_a_whole = scenario.as_a_whole and not (scenario.is_begun_once and kind == KILLED)
    if as_a_whole and found not in (before, after):
        return f"neither old nor new: {sorted(file for file in found if found[file] != before.get(file))}"
    if any(found.get(file) not in (before.get(file), after.get(file)) for file in {*before, *after, *found}):
        return "a file is neither the old one nor the new one"
    return ""


def _number(kind: str) -> int:
    return errno.ENOSPC if kind == FULL else errno.EACCES


def main(given: list[str]) -> int:
    """Interrupt the scenarios that are named, or all; print a table; return 0 if nothing is wrong."""
    parser = argparse.ArgumentParser(prog="dev.py interrupt", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"one of: {', '.join(SCENARIOS)}")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="take one of so many faults")
    arguments = parser.parse_args(given)
    unknown = set(arguments.scenarios) - SCENARIOS.keys()
    if unknown:
        parser.error(f"there is no scenario {min(unknown)!r}; there are {', '.join(SCENARIOS)}")
    problems: list[str] = []
    columns = ("calls", "faults", OLD, NEW, PARTLY, "wrong", "seconds")
    print(f"{'':<24}" + "".join(f"{column:>12}" for column in columns))
    for name in arguments.scenarios or SCENARIOS:
        started = time.monotonic()
        outcome = interrupt(SCENARIOS[name], arguments.one_in)
        problems += [f"{name}: {problem}" for problem in outcome.wrong]
        states = [outcome.seen[state] for state in (OLD, NEW, PARTLY)]
        numbers = [outcome.calls, outcome.seen.total(), *states, len(outcome.wrong)]
        cells = [*numbers, round(time.monotonic() - started)]
        print(f"{name:<24}" + "".join(f"{cell:>12}" for cell in cells), flush=True)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
