"""Everything that a checkout needs, by one command each: `python3 dev.py COMMAND [arguments]`.

Asks for Python 3.11 or later and nothing else. Each command creates the environment `.venv` beside
this file when it is missing, installs what the command needs, and starts at once the next time: the
versions that `locks/` pins, each file held against its hash. Arguments are handed to the first program
of the command, which is then the only one that runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
LOCKS = ROOT / "locks"
# The locks speak of no later Python than this; with one, the newest versions are taken.
LAST_LOCKED = (3, 14)
JAVASCRIPT = ROOT / "tests" / "javascript"
CLIENTS = ROOT / ".venv-clients"
FIRST_TABLE = """\
import scrdata
print(scrdata.load("judgements").pivot(index="judgement", columns="period_id", values="reviews"))
"""


class Command(NamedTuple):
    """What a command is for, what it needs, and the Python programs that it runs.

    Attributes:
        purpose: one line for the help.
        groups: the dependency groups, beside the package itself.
        programs: what is run, one after the other.
        suffix: of the name of its environment, where it needs one of its own.
        lock: the lock of the package itself; empty where nothing is to be pinned.
    """

    purpose: str
    groups: tuple[str, ...]
    programs: tuple[tuple[str, ...], ...]
    suffix: str = ""
    lock: str = "package"


# The tests in which other people's libraries do something.
ON_LIBRARIES = (
    *("tests/frames", "tests/formats", "tests/metadata", "tests/release", "tests/explorer"),
    *("tests/test_crosscheck.py", "tests/test_programming.py", "tests/test_deduction.py", "tests/test_findings.py"),
)
LIBRARY_TESTS = ("-m", "pytest", "--numprocesses=auto", "--dist=worksteal", *ON_LIBRARIES)
COMMANDS = {
    "validate": Command(
        "check every number of the package, then print a first table",
        (),
        (("-m", "scrdata", "validate"), ("-c", FIRST_TABLE)),
    ),
    "test": Command("run all tests", ("test",), (("-m", "pytest", "--numprocesses=auto", "--dist=worksteal"),)),
    "faults": Command(
        "break packages by the thousand, and print what is noticed", ("test",), (("-m", "tests.faults.table"),)
    ),
    "interrupt": Command(
        "let each call to the system fail, in each command that reads or writes",
        ("test",),
        (("-m", "tests.interrupting"),),
    ),
    "fuzz": Command("throw any bytes at each reader, for so many seconds in all", ("test",), (("-m", "fuzz.explore"),)),
    "opinions": Command(
        "write docs/other-opinions.md: what other validators say of broken packages",
        ("test",),
        (("-m", "tests.opinions"),),
    ),
    "oldest": Command(
        "test what libraries do with the oldest supported (Python 3.11)", (), (LIBRARY_TESTS,), "-oldest", "oldest"
    ),
    "newest": Command("test what libraries do with the newest there are", ("test",), (LIBRARY_TESTS,), "-newest", ""),
    "lock": Command("pin the newest versions of everything in locks/", ("lock",), (("-m", "checks.locks"),), "-lock"),
    "coverage": Command("demand that tests take each branch of the validator", ("test",), (("-m", "checks.branches"),)),
    "mutate": Command("demand that tests notice mistakes in the validator", ("test",), (("-m", "checks.mutation"),)),
    "lint": Command("check style and types", ("test", "lint"), (("-m", "ruff", "check", "."), ("-m", "mypy"))),
    "release-check": Command(
        "hold CHANGELOG.md and the version number against what changed since the last release",
        (),
        (("-m", "checks.release"),),
    ),
    "page-check": Command("have Lighthouse rate the page of a release", ("test",), (("-m", "checks.page"),)),
    "benchmark": Command(
        "time scrdata against other validators, and on planted errors",
        (),
        (("benchmarks/compare.py",), ("benchmarks/suspects.py",)),
    ),
}
SYSTEM = "install what tests need beside .venv: a browser, Java, a spreadsheet program, git, R, Node.js, clients"
# Programs that tests start, each with the Debian packages that bring it and what it needs.
PROGRAMS = {
    "chromium": ("chromium",),
    "java": ("default-jre-headless",),
    "git": ("git",),
    "node": ("nodejs",),
    "npm": ("npm",),
    "Rscript": ("r-base-core", "r-cran-jsonlite", "r-cran-readr", "r-cran-readxl", "r-cran-rsqlite"),
    "soffice": ("libreoffice-calc-nogui",),
}


def main(given: Sequence[str]) -> int:
    """Run one command; return the exit code of its last program."""
    name, arguments = (given[0], given[1:]) if given else ("--help", ())
    if name in ("-h", "--help"):
        print(usage())
        return 0 if given else 2
    if name == "system":
        return install_system_packages()
    if name not in COMMANDS:
        print(f"dev.py: there is no command {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"dev.py: needs Python 3.11 or later; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    command = COMMANDS[name]
    environment = ENVIRONMENT.with_name(ENVIRONMENT.name + command.suffix)
    for group in ("", *command.groups):
        lock = command.lock if sys.version_info[:2] <= LAST_LOCKED else ""
        code = install(group, environment, (group or lock) if lock else "")
        if code:
            return code
    return run(str(environment_python(environment)), name, arguments)


def usage() -> str:
    """Return the text of `dev.py --help`."""
    lines = [f"  {name:<15}{command.purpose}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 dev.py COMMAND [arguments]", "", *lines, f"  {'system':<15}{SYSTEM}"])


def run(python: str, name: str, arguments: Sequence[str] = ()) -> int:
    """Run the programs of a command with an interpreter, up to the first that fails; return its exit code."""
    programs = COMMANDS[name].programs
    for program in programs[:1] if arguments else programs:
        code = subprocess.call([python, *program, *arguments], cwd=ROOT)
        if code:
            return code
    return 0


def environment_python(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(group: str, environment: Path, lock: str) -> int:
    """Install a dependency group, or the package itself for the empty name, unless it is as its lock says."""
    state = (ROOT / "pyproject.toml").read_bytes() + ((LOCKS / f"{lock}.txt").read_bytes() if lock else b"")
    stamp = environment / f"installed-{group or 'package'}.txt"
    if lock and stamp.is_file() and stamp.read_bytes() == state:
        return 0
    what = f"what is needed to {group}" if group else "scrdata"
    print(f"dev.py: installing {what} into {environment.name} …", file=sys.stderr)
    steps = installation(group, environment, lock)
    if not group:
        steps = [[sys.executable, "-m", "venv", str(environment)], *steps]
    for step in steps:
        code = subprocess.call(step)
        if code:
            return code
    if not group:
        # Now, for all later starts: some environments forbid Python to keep what it compiles on the way.
        subprocess.call([str(environment_python(environment)), "-m", "compileall", "-q", str(ROOT / "src")])
    stamp.write_bytes(state)
    return 0


def installation(group: str, environment: Path, lock: str) -> list[list[str]]:
    """Return the calls of pip that install a dependency group, or the package itself for the empty name."""
    pip = [str(environment_python(environment)), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    if not lock:
        wanted = requirements((ROOT / "pyproject.toml").read_bytes(), group) if group else ["--editable", str(ROOT)]
        return [[*pip, "--upgrade", *wanted]]
    # Whatever a lock names it names with all that it needs in turn, so nothing is left to be looked for.
    pinned = [*pip, "--no-deps", "--require-hashes", "--requirement", str(LOCKS / f"{lock}.txt")]
    own = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    return [pinned] if group else [pinned, own]


def requirements(project: bytes, group: str) -> list[str]:
    """Return the requirements of a dependency group, which the pip of an older Python cannot read itself."""
    import tomllib

    found: list[str] = tomllib.loads(project.decode())["dependency-groups"][group]
    return found


def install_system_packages() -> int:
    """Install by apt the programs that are missing, then the JavaScript libraries that the tests use."""
    missing = [package for program, packages in PROGRAMS.items() if not shutil.which(program) for package in packages]
    if missing:
        if not shutil.which("apt-get"):
            programs = ", ".join(program for program in PROGRAMS if not shutil.which(program))
            print(f"dev.py: there is no apt-get here; install {programs}, then repeat this", file=sys.stderr)
            return 1
        if hasattr(os, "geteuid") and os.geteuid() != 0:
            wanted = " ".join(missing)
            print(f"dev.py: needs root; run `sudo apt-get install {wanted}`, then repeat this", file=sys.stderr)
            return 1
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
            code = subprocess.call(["apt-get", "--quiet", "--quiet", *step], env=quiet)
            if code:
                return code
    # What a library wants to stand beside it is not needed: only schemas are taken from it. Nothing that is
    # downloaded is run to install it.
    npm = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"]
    code = subprocess.call([*npm, "--loglevel=error"], cwd=JAVASCRIPT)
    return code or install_clients()


def install_clients() -> int:
    """Install the Python programs that tests start and that cannot share the environment, into one of their own."""
    code = subprocess.call([sys.executable, "-m", "venv", str(CLIENTS)])
    pip = [str(environment_python(CLIENTS)), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    locked = ["--no-deps", "--require-hashes", "--requirement", str(LOCKS / "clients.txt")]
    newest = ["--requirement", str(ROOT / "tests" / "clients" / "requirements.txt")]
    return code or subprocess.call([*pip, *(locked if sys.version_info[:2] <= LAST_LOCKED else newest)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
