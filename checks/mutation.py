"""Do the tests notice small mistakes in the validator? `python3 dev.py mutate [MODULE …]`.

Makes every mutant of the modules that `[tool.mutation.tests]` in `pyproject.toml` lists, and runs on
each the tests named there that execute the mistaken line, the quickest first, until one fails. A
mutant that none notices must be in `tests/mutants/survivors.json`, with the reason why it may live.

With `--slice N`, only N mutants, spread over all modules, always the same of the same code.
Exit code: 0 every mutant is noticed or explained; 1 some are not, or an explanation is out of date.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import hashlib
import importlib.abc
import importlib.util
import json
import mmap
import os
import resource
import signal
import sys
import time
import tomllib
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import coverage
import pytest

from checks.mutants import Mutant, list_mutants, module_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "mutants" / "survivors.json"
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "tmp_path_retention_policy=none", "-m", "not slow")
# A mistake may make a loop endless or a list grow: seconds, and bytes, beyond what the tests need.
PATIENCE = 20
ROOM = 3 << 30
LATELY = 8


T0=time.monotonic()
LOG=open("/tmp/mutlog.txt","w")
def configured() -> dict[str, list[str]]:
    """Return the tests of each module that is to be mutated."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tests: dict[str, list[str]] = project["tool"]["mutation"]["tests"]
    return tests


def explained(module: str) -> dict[str, str]:
    """Return the mutants of a module that may survive, and why."""
    entries = json.loads(SURVIVORS.read_text(encoding="utf-8"))
    return {name: entry["reason"] for entry in entries for name in entry["mutants"] if name.startswith(f"{module}")
            and name[len(module)] in ".:"}


def forked(work: Callable[[], int], seconds: float) -> int:
    """Do something in a copy of this process; return its exit code, negative if it had to be stopped."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 3
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class _Quiet:
    """Keeps what tests print from the terminal."""

    def __enter__(self) -> None:
        self.kept = [os.dup(1), os.dup(2)]
        nothing = os.open(os.devnull, os.O_WRONLY)
        for number in (1, 2):
            os.dup2(nothing, number)
        os.close(nothing)

    def __exit__(self, *_: object) -> None:
        for number, kept in zip((1, 2), self.kept, strict=True):
            os.dup2(kept, number)
            os.close(kept)


class _Unshrunk:
    """Has Hypothesis stop at the first example that fails, rather than look for a smaller one."""

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate])
        settings.load_profile("mutation")


# Afresh: a process that has not imported the module yet imports the mutant in its place ------------


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module: the mutant."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> Any:  # noqa: ANN401
        if fullname != f"scrdata.{self.module}":
            return None
        return importlib.util.spec_from_file_location(fullname, module_file(self.module), loader=self)

    def create_module(self, _spec: object) -> None:
        """Let a module be made as usual."""

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self.source, str(module_file(self.module)), "exec")
        exec(code, module.__dict__)  # noqa: S102


def notice_afresh(module: str, mutant: Mutant, tests: Sequence[str]) -> bool:
    """Say whether tests notice a mutant, in a process that imports everything anew."""

    def work() -> int:
        sys.meta_path.insert(0, _Finder(module, mutant.source))
        with _Quiet():
            return int(pytest.main([*OPTIONS, *tests], plugins=[_Unshrunk()]))

    code = forked(work, 60 + 10 * PATIENCE)
    if code > 2:
        raise SystemExit(f"mutation: the tests of {module} cannot be run: {' '.join(tests)}")
    return code != 0


# In place: in a process that has run all tests, the code of the mistaken function is exchanged -----


class Session:
    """Runs the tests of one module once, then on each mutant whose mistake stands within a function."""

    def __init__(self, module: str, mutants: Sequence[Mutant]) -> None:
        self.module, self.mutants = module, mutants
        self.durations: dict[str, float] = {}
        self.reaching: dict[int, list[str]] = {}
        self.noticed: dict[str, bool] = {}
        self.failed = False
        # A child tells here which test noticed its mutant; the next ones are mostly noticed by the same.
        self.told = mmap.mmap(-1, 4096)
        self.noticing: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how long a test takes, and whether it fails."""
        self.durations[report.nodeid] = self.durations.get(report.nodeid, 0) + report.duration
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test, then the mutants."""
        measured = coverage.Coverage(data_file=None, config_file=False, include=[str(module_file(self.module))])
        measured.start()
        for item, after in _with_next(session.items):
            measured.switch_context(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        measured.stop()
        if self.failed:
            return True
        lines = measured.get_data().contexts_by_lineno(str(module_file(self.module)))
        self.reaching = {line: [name for name in names if name] for line, names in lines.items()}
        items = {item.nodeid: item for item in session.items}
        places = _functions(self.module)
        for mutant in self.mutants:
            names = {name for line in mutant.lines for name in self.reaching.get(line, [])}
            # What runs when the module is imported can matter to any test.
            chosen = [items[name] for name in self._ordered(names or set(items))]
            seconds = PATIENCE + 5 * sum(self.durations[item.nodeid] for item in chosen)
            code = forked(partial(self._try, mutant, chosen, places), seconds)
            self.noticed[mutant.name] = code not in (0, 3)
            print(len(self.noticed), code, round(time.monotonic()-T0), len(chosen), mutant.name, file=LOG, flush=True)
        return True

    def _ordered(self, names: Iterable[str]) -> list[str]:
        """Return tests in the order in which they are tried: what noticed the last mutants, then the quickest."""
        last = self.told[: self.told.find(b"\0")].decode()
        if last:
            self.noticing = [last, *(name for name in self.noticing if name != last)]
            self.told[:1] = b"\0"
        rank = {name: position for position, name in enumerate(self.noticing[:LATELY])}
        return sorted(names, key=lambda name: (rank.get(name, LATELY), self.durations[name], name))

    def _try(self, mutant: Mutant, items: list[pytest.Item], places: dict[tuple[str, int], list[FunctionType]]) -> int:
        if not exchange(self.module, mutant, places):
            return 0
        self.failed = False
        for item, after in _with_next(items):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                name = item.nodeid.encode()[: len(self.told) - 1] + b"\0"
                self.told[: len(name)] = name
                return 1
        return 0


def _with_next(items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _functions(module: str) -> dict[tuple[str, int], list[FunctionType]]:
    """Return all functions of a module that there are now, by the place of their code in it."""
    places = {code: place for place, code in _codes(compile(module_file(module).read_text(encoding="utf-8"),
                                                            str(module_file(module)), "exec"))}
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__module__ == f"scrdata.{module}" and thing.__code__ in places:
            found.setdefault(places[thing.__code__], []).append(thing)
    return found


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the code of every function within, with its qualified name and its number among those of that name."""
    numbers: dict[str, int] = {}
    waiting = [code]
    while waiting:
        code = waiting.pop()
        number = numbers[code.co_qualname] = numbers.get(code.co_qualname, 0) + 1
        yield (code.co_qualname, number), code
        waiting.extend(part for part in code.co_consts if isinstance(part, CodeType))


def exchange(module: str, mutant: Mutant, places: dict[tuple[str, int], list[FunctionType]]) -> bool:
    """Give the functions and constants of a module those of a mutant; say whether any changed."""
    file = str(module_file(module))
    text = module_file(module).read_text(encoding="utf-8")
    old = dict(_codes(compile(text, file, "exec")))
    changed = False
    for place, code in _codes(compile(mutant.source, file, "exec")):
        if place in old and code != old[place]:
            for function in places.get(place, []):
                if len(function.__code__.co_freevars) == len(code.co_freevars):
                    function.__code__ = code
                    changed = True
    if ast.dump(_constants(text)) != ast.dump(_constants(mutant.source)):
        _bind(sys.modules[f"scrdata.{module}"].__dict__, _constants(mutant.source), file)
        changed = True
    return changed


def _constants(text: str) -> ast.Module:
    """Return the statements of a module that give values to its constants."""
    kept = (ast.Assign, ast.AnnAssign)
    body = [part for part in ast.parse(text).body if isinstance(part, kept) or _is_future(part)]
    return ast.Module(body, [])


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _bind(space: dict[str, object], constants: ast.Module, file: str) -> None:
    """Give the constants of a module their values anew, wherever they were imported."""
    before = dict(space)
    try:
        exec(compile(constants, file, "exec"), space)  # noqa: S102
    except Exception:
        os._exit(1)
    renewed = [name for name in before if before[name] is not space[name]]
    for other in [vars(part) for part in list(sys.modules.values()) if isinstance(part, ModuleType)]:
        for name in renewed:
            if other.get(name) is before[name]:
                other[name] = space[name]


def survivors_in_place(module: str, mutants: Sequence[Mutant], tests: Sequence[str]) -> list[Mutant]:
    """Return the mutants that are not noticed, or cannot be judged, by exchanging code."""
    reader, writer = os.pipe()

    def work() -> int:
        session = Session(module, mutants)
        with _Quiet():
            code = int(pytest.main([*OPTIONS, *tests], plugins=[session, _Unshrunk()]))
        with os.fdopen(writer, "w") as out:
            json.dump(session.noticed, out)
        return 1 if session.failed or not session.durations else min(code, 0)

    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 3
        with contextlib.suppress(BrokenPipeError):
            os.close(reader)
            try:
                code = work()
            finally:
                os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as given:
        text = given.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise SystemExit(f"mutation: the tests of {module} fail, or there are none: {' '.join(tests)}")
    noticed = json.loads(text)
    return [mutant for mutant in mutants if not noticed[mutant.name]]


# What is asked for ---------------------------------------------------------------------------------


def judge(module: str, mutants: Sequence[Mutant], tests: Sequence[str], *, alone: bool) -> list[Mutant]:
    """Return the mutants of a module that no test notices and nothing explains; print the figures."""
    began = time.monotonic()
    reasons = explained(module)
    doubtful = [mutant for mutant in mutants if mutant.name not in reasons]
    if not alone:
        doubtful = survivors_in_place(module, doubtful, tests)
    left = [mutant for mutant in doubtful if not notice_afresh(module, mutant, tests)]
    told = sum(mutant.name in reasons for mutant in mutants)
    print(
        f"{module}: {len(mutants)} mutants, {len(mutants) - told - len(left)} noticed, {told} explained, "
        f"{len(left)} neither; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for mutant in left:
        print(f"  {mutant.name}\n    line {mutant.lines[0]}: {mutant.text}", flush=True)
    return left


def chosen_slice(mutants: Iterable[Mutant], count: int) -> list[Mutant]:
    """Return so many of the mutants, by a number that their names alone decide."""
    return sorted(mutants, key=lambda mutant: hashlib.sha256(mutant.name.encode()).digest())[:count]


def main(given: Sequence[str]) -> int:
    """Judge the mutants of some modules, or of all."""
    tests = configured()
    parser = argparse.ArgumentParser(prog="dev.py mutate", description="Do the tests notice small mistakes?")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="one of those listed in pyproject.toml; default all")
    parser.add_argument("--slice", type=int, metavar="N", help="judge only N mutants, spread over the modules")
    parser.add_argument("--only", metavar="TEXT", help="judge only mutants whose name has this text")
    options = parser.parse_args(given)
    unknown = set(options.modules) - tests.keys()
    if unknown:
        parser.error(f"no tests are listed for {', '.join(sorted(unknown))}")
    modules = options.modules or list(tests)
    failing = 0
    for position, module in enumerate(modules):
        mutants = list_mutants(module)
        gone = explained(module).keys() - {mutant.name for mutant in mutants}
        for name in sorted(gone):
            print(f"  explained, but there is no such mutant: {name}")
        if options.only:
            mutants = [mutant for mutant in mutants if options.only in mutant.name]
        if options.slice:
            share = options.slice // len(modules) + (position < options.slice % len(modules))
            mutants = chosen_slice(mutants, share)
        failing += len(gone) + len(judge(module, mutants, tests[module], alone=bool(options.slice or options.only)))
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
