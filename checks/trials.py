"""Which mutants do tests notice? Each is tried in a copy of a process, where it can do no harm.

Where it can, a mutant is tried in a process that has imported everything and run all tests once: the
code of the mistaken function, or the constants of the module, are exchanged, and those tests run that
execute the mistaken line. That takes milliseconds. A mutant that lives is tried again in a process
that imports the mutant in the place of the module: only who survives that is a survivor.

mutmut exchanges functions too, yet cannot try what stands at module level or under a decorator;
cosmic-ray starts a new interpreter and all tests for each mutant, which takes hours.
"""

from __future__ import annotations

import ast
import gc
import importlib.abc
import importlib.util
import json
import mmap
import os
import resource
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, NamedTuple

import coverage
import pytest

from checks.mutants import Mutant, module_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec

    Functions = dict[tuple[str, int], list[FunctionType]]

OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "tmp_path_retention_policy=none")
# A mistake may make a loop endless or a list grow: what is allowed beyond what the tests need.
SECONDS = 6
BYTES = 3 << 30
# So many of the tests that noticed other mutants last are tried first.
LATELY = 8
LIVES, NOTICED, TESTS_FAIL, BROKEN = 0, 1, 4, 99


class TrialError(Exception):
    """The tests fail, or cannot be run, without any mistake."""


def list_survivors(module: str, mutants: Sequence[Mutant], tests: Sequence[str]) -> list[Mutant]:
    """Return the mutants of a module that no test notices.

    Args:
        module: its name without `scrdata.`.
        mutants: those to be tried.
        tests: files and names of tests, as pytest takes them.

    Raises:
        TrialError: a test fails without any mistake.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os._exit(_guarded(partial(_run_session, _Session(module, mutants), tests, writer)))
    os.close(writer)
    with os.fdopen(reader) as given:
        text = given.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise TrialError(f"the tests of {module} fail without any mistake, or there are none: {' '.join(tests)}")
    noticed = set(json.loads(text))
    return [m for m in mutants if m.name not in noticed and not is_noticed_afresh(module, m, tests)]


def is_noticed_afresh(module: str, mutant: Mutant, tests: Sequence[str]) -> bool:
    """Say whether tests notice a mutant that is imported in the place of its module."""

    def work() -> int:
        sys.meta_path.insert(0, _Finder(module, mutant.source))
        with _Quiet():
            return int(pytest.main([*OPTIONS, *tests], plugins=[_Unshrunk()]))

    code = _forked(work, 20 * SECONDS)
    if code > pytest.ExitCode.INTERRUPTED:
        raise TrialError(f"the tests of {module} cannot be run: {' '.join(tests)}")
    return code != LIVES


def _guarded(work: Callable[[], int]) -> int:
    """Do something in a process that ends with it; say whether it could be done."""
    try:
        return work()
    except BaseException:  # noqa: BLE001  (whatever it is, this copy of the process must end here)
        traceback.print_exc()
        return BROKEN


def _forked(work: Callable[[], int], seconds: float) -> int:
    """Do something in a copy of this process; return its exit code, negative if it was stopped for its greed."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        _allow(seconds)
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + BYTES, used + BYTES))
        os._exit(_guarded(work))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _allow(seconds: float) -> None:
    """Have this process end after so many seconds."""
    # Time that it computes, not time that passes: a busy machine must not make a mistake look noticed.
    signal.setitimer(signal.ITIMER_PROF, seconds)


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


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module: the mutant."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if fullname != f"scrdata.{self.module}":
            return None
        return importlib.util.spec_from_file_location(fullname, module_file(self.module), loader=self)

    def create_module(self, _spec: object) -> None:
        """Let a module be made as usual."""

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(module_file(self.module)), "exec"), module.__dict__)  # noqa: S102


class _Session:
    """Runs the tests of one module once, then on each mutant."""

    def __init__(self, module: str, mutants: Sequence[Mutant]) -> None:
        self.module, self.mutants = module, mutants
        self.durations: dict[str, float] = {}
        self.noticed: list[str] = []
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
        reaching = self._run_all(session.items)
        if self.failed:
            return True
        items = {item.nodeid: item for item in session.items}
        original = _Original(self.module)
        for mutant in self.mutants:
            names = {name for line in mutant.lines for name in reaching.get(line, [])}
            # What runs when the module is imported can matter to any test.
            chosen = [items[name] for name in self._ordered(names or set(items))]
            if _forked(partial(self._try, mutant, chosen, original), SECONDS) not in (LIVES, BROKEN):
                self.noticed.append(mutant.name)
        return True

    def _run_all(self, items: Sequence[pytest.Item]) -> dict[int, list[str]]:
        """Run every test; return by line of the module which of them execute it."""
        file = str(module_file(self.module))
        measured = coverage.Coverage(data_file=None, config_file=False, include=[file])
        measured.start()
        for item, after in _with_next(items):
            measured.switch_context(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        measured.stop()
        lines = measured.get_data().contexts_by_lineno(file)
        return {line: [name for name in names if name] for line, names in lines.items()}

    def _ordered(self, names: Iterable[str]) -> list[str]:
        """Return tests in the order in which they are tried: what noticed the last mutants, then the quickest."""
        last = self.told[: self.told.find(b"\0")].decode()
        if last:
            self.noticing = [last, *(name for name in self.noticing if name != last)][:LATELY]
            self.told[:1] = b"\0"
        rank = {name: position for position, name in enumerate(self.noticing)}
        return sorted(names, key=lambda name: (rank.get(name, LATELY), self.durations[name], name))

    def _try(self, mutant: Mutant, items: Sequence[pytest.Item], original: _Original) -> int:
        if not original.exchange(mutant):
            return LIVES
        for item, after in _with_next(items):
            # Anew for each test: what is endless is mostly so in a quick one.
            _allow(SECONDS + 5 * self.durations[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                name = item.nodeid.encode()[: len(self.told) - 1] + b"\0"
                self.told[: len(name)] = name
                return NOTICED
        return LIVES


def _run_session(session: _Session, tests: Sequence[str], writer: int) -> int:
    with _Quiet():
        pytest.main([*OPTIONS, *tests], plugins=[session, _Unshrunk()])
    with os.fdopen(writer, "w") as out:
        json.dump(session.noticed, out)
    return TESTS_FAIL if session.failed or not session.durations else 0


def _with_next(items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


class _Source(NamedTuple):
    """What a module is made of: the code of its functions by place, and the statements that give constants values."""

    codes: dict[tuple[str, int], CodeType]
    constants: ast.Module


class _Original:
    """A module that was imported, whose parts can be exchanged for those of a mutant."""

    def __init__(self, module: str) -> None:
        self.name, self.file = f"scrdata.{module}", str(module_file(module))
        self.source = self._read(module_file(module).read_text(encoding="utf-8"))
        places = {code: place for place, code in self.source.codes.items()}
        # Every function that there is now, be it the product of another or kept in a table.
        self.functions: Functions = {}
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__module__ == self.name and thing.__code__ in places:
                self.functions.setdefault(places[thing.__code__], []).append(thing)

    def _read(self, text: str) -> _Source:
        constants = [part for part in ast.parse(text).body if _gives_value(part)]
        return _Source(dict(_codes(compile(text, self.file, "exec"))), ast.Module(constants, []))

    def exchange(self, mutant: Mutant) -> bool:
        """Give the functions and constants of the module those of a mutant; say whether any changed."""
        mistaken = self._read(mutant.source)
        changed = False
        for place, code in mistaken.codes.items():
            if code != self.source.codes.get(place):
                for function in self.functions.get(place, []):
                    if len(function.__code__.co_freevars) == len(code.co_freevars):
                        function.__code__ = code
                        changed = True
        if ast.dump(mistaken.constants) != ast.dump(self.source.constants):
            self._bind(mistaken.constants)
            changed = True
        return changed

    def _bind(self, constants: ast.Module) -> None:
        """Give the constants of the module their values anew, wherever they were imported."""
        space = sys.modules[self.name].__dict__
        before = dict(space)
        exec(compile(constants, self.file, "exec"), space)  # noqa: S102
        renewed = [name for name in before if before[name] is not space[name]]
        for other in [vars(part) for part in list(sys.modules.values()) if isinstance(part, ModuleType)]:
            for name in renewed:
                if other.get(name) is before[name]:
                    other[name] = space[name]


def _gives_value(statement: ast.stmt) -> bool:
    """Say whether a statement gives a constant its value, or tells how the others are to be read."""
    is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return is_future or isinstance(statement, (ast.Assign, ast.AnnAssign))


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the code of every function within, with its qualified name and its number among those of that name."""
    numbers: dict[str, int] = {}
    waiting = [code]
    while waiting:
        code = waiting.pop()
        number = numbers[code.co_qualname] = numbers.get(code.co_qualname, 0) + 1
        yield (code.co_qualname, number), code
        waiting.extend(part for part in code.co_consts if isinstance(part, CodeType))
