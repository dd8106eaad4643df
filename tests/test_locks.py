"""The locks in `locks/`: complete, hashed, within the bounds of `pyproject.toml`, and what `dev.py` installs."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import dev
import scrdata
from checks import locks

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = sorted((ROOT / "locks").glob("*.txt"))
PIN = re.compile(r"([\w.-]+)==(\S+)(?: ; (.*?))?((?: \\\n    --hash=\S+)+)\n")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
# Not imported yet in this part of the history: DataFrames of other engines are judged by it.
AWAITED: set[str] = set()


class Pin(NamedTuple):
    """One line of a lock: a distribution, its version, and where it is needed."""

    name: str
    version: str
    marker: str | None


def pins(name: str) -> list[Pin]:
    """Return what a lock pins."""
    text = (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8")
    return [Pin(canonicalize_name(match[1]), match[2], match[3]) for match in PIN.finditer(text)]


def wanted(name: str) -> list[Requirement]:
    """Return the requirements that a lock answers for."""
    if name == "clients":
        lines = locks.CLIENTS.read_text(encoding="utf-8").splitlines()
        return [Requirement(line) for line in lines if not line.startswith("#")]
    build = locks.build_requirements(PROJECT)
    own = {"package": [*locks.required(PROJECT), *build], "oldest": [*locks.oldest(PROJECT), *build]}.get(name, [])
    groups = ("test",) if name == "oldest" else locks.LOCKS[name]
    own += [text for group in groups for text in PROJECT["dependency-groups"][group]]
    return [Requirement(text) for text in own]


def test_locks_are_those_that_are_written() -> None:
    """There is a lock for each command, and none besides."""
    assert [path.stem for path in FILES] == sorted([*locks.LOCKS, locks.OLDEST, "clients"])
    assert {command.lock for command in dev.COMMANDS.values()} == {"package", "oldest", ""}
    assert {group for command in dev.COMMANDS.values() for group in command.groups} <= locks.LOCKS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_pin_has_hashes(path: Path) -> None:
    """A lock is pins with hashes and nothing else: no address, no option, no path, no pin without a hash."""
    text = path.read_text(encoding="utf-8").removeprefix(locks.HEAD)
    assert PIN.sub("", text) == ""
    hashes = re.findall(r"--\S+", text)
    assert [item for item in hashes if not HASH.fullmatch(item)] == []


def test_every_library_in_javascript_is_pinned() -> None:
    """The lock of npm has what the tests name, every file with its hash, and no address that it comes from."""
    folder = ROOT / "tests" / "javascript"
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    own = lock["packages"].pop("")
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert own["dependencies"] == wanted
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, item in lock["packages"].items() if "resolved" in item] == []
    hashes = [item.get("integrity", "") for item in lock["packages"].values()]
    assert [item for item in hashes if not re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", item)] == []


# Where the locks have to hold: each supported Python on each system.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLACES = [
    {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": system}
    for python in PYTHONS
    for system in ("linux", "darwin", "win32")
]


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_lock_satisfies_the_project(name: str) -> None:
    """Everything that is required has one pinned version on each Python and system, and that is an allowed one."""
    found = [(pin, Marker(pin.marker) if pin.marker else None) for pin in pins(name)]
    for place in PLACES:
        here: dict[str, list[str]] = {}
        for pin, marker in found:
            if marker is None or marker.evaluate(place):
                here.setdefault(pin.name, []).append(pin.version)
        assert [name for name, versions in here.items() if len(versions) > 1] == [], place
        for requirement in wanted(name):
            if requirement.marker is None or requirement.marker.evaluate(place):
                (version,) = here.get(canonicalize_name(requirement.name), ["missing: python3 dev.py lock"])
                assert version in requirement.specifier, (requirement.name, version, place)


def test_locks_hold_for_the_supported_pythons() -> None:
    """The first Python of the locks is the first that the project supports, the last the last that `dev.py` locks."""
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert ".".join(map(str, dev.LAST_LOCKED)) == PYTHONS[-1]


def test_locks_of_one_environment_agree() -> None:
    """What several locks pin for one environment they pin to the same version."""
    known: dict[tuple[str, str], set[str]] = {}
    for name in locks.LOCKS:
        if name != "lock":  # an environment of its own
            for pin in pins(name):
                known.setdefault((name, pin.name), set()).add(pin.version)
    both = {name for _, name in known}
    for distribution in both:
        versions = [known[lock, distribution] for lock in locks.LOCKS if (lock, distribution) in known]
        assert all(other == versions[0] for other in versions), distribution


def test_oldest_lock_has_the_bounds() -> None:
    """What scrdata requires is pinned in `oldest` to the very version that `pyproject.toml` names as the least."""
    extras = PROJECT["project"]["optional-dependencies"]
    optional = [text for name, items in extras.items() if name not in locks.LEFT_OUT for text in items]
    found = {pin.name: Version(pin.version) for pin in pins("oldest")}
    for text in [*PROJECT["project"]["dependencies"], *optional]:
        requirement = Requirement(text)
        (specifier,) = [part for part in requirement.specifier if part.operator != "!="]
        assert specifier.operator == ">="
        assert found[canonicalize_name(requirement.name)] == Version(specifier.version), text


def imported() -> set[str]:
    """Return the distributions that modules of scrdata import when they run."""
    names: set[str] = set()
    for path in Path(scrdata.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        hidden = {id(part) for node in ast.walk(tree) if isinstance(node, ast.If)
                  and ast.unparse(node.test) == "TYPE_CHECKING" for part in ast.walk(node)}  # fmt: skip
        for node in ast.walk(tree):
            if id(node) not in hidden and isinstance(node, (ast.Import, ast.ImportFrom)):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                names.update(module.partition(".")[0] for module in modules)
    homes = packages_distributions()
    others = names - set(sys.stdlib_module_names) - {"scrdata"}
    return {canonicalize_name(home) for name in others for home in homes[name]}


def test_required_distributions_are_needed() -> None:
    """Each required distribution is imported by a module, and each imported one is required or in an extra."""
    required = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    extras = PROJECT["project"]["optional-dependencies"].values()
    optional = {canonicalize_name(Requirement(text).name) for items in extras for text in items}
    assert required - imported() <= AWAITED
    brought = {"numpy", "markupsafe", "py4j"}
    assert imported() - required - optional <= brought, "what comes with pandas, jinja2 and pyspark"


def test_set_up_takes_nothing_without_its_hash(tmp_path: Path) -> None:
    """Whatever a lock stands for is installed with hashes; the checkout itself asks for nothing more."""
    for group, lock in (("", "package"), ("test", "test"), ("", "oldest")):
        steps = dev.installation(group, tmp_path, lock)
        assert {"--require-hashes", "--no-deps", str(ROOT / "locks" / f"{lock}.txt")} <= set(steps[0])
        assert all({"--no-deps", "--no-build-isolation", "--editable"} <= set(step) for step in steps[1:])
        assert len(steps) == (1 if group else 2)


def test_tests_on_libraries_exist() -> None:
    """What the oldest and the newest libraries are tried with is there."""
    assert [place for place in dev.ON_LIBRARIES if not (ROOT / place).exists()] == []


def test_continuous_integration_tries_both() -> None:
    """The oldest libraries are tried with the oldest Python, and the newest with the newest that is supported."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    tried = [(item["versions"], item["python"]) for item in jobs["libraries"]["strategy"]["matrix"]["include"]]
    supported = jobs["test"]["strategy"]["matrix"]["python"]
    assert tried == [("oldest", supported[0]), ("newest", supported[-1])]
    assert jobs["libraries"]["steps"][-1]["run"] == 'python3 dev.py "$VERSIONS"'
