"""The tests of the validator are tested: small mistakes in it are noticed, and every branch is measured."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from checks.mutants import Mutant, list_mutants, module_file
from checks.mutation import SURVIVORS, choose_slice, configured_tests, main

ROOT = Path(__file__).resolve().parent.parent.parent
ENTRIES: list[dict[str, Any]] = json.loads(SURVIVORS.read_text(encoding="utf-8"))
# In a process of its own, that has not imported the module to be mutated.
TRIAL = """\
from checks.mutants import list_mutants
from checks.trials import is_noticed_afresh, list_survivors
mutant = next(m for m in list_mutants("keys") if m.name == {name!r})
for tests in ["tests/test_numerals.py"], ["tests/test_keys.py"]:
    print(is_noticed_afresh("keys", mutant, tests), not list_survivors("keys", [mutant], tests))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_a_slice_of_all_mistakes_is_noticed() -> None:
    """Of one mistake in every module, always the same, each is noticed by a test, or explained."""
    done = run("-m", "checks.mutation", "--slice", str(len(configured_tests())))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 neither") == len(configured_tests())


def test_a_mistake_is_noticed_by_the_right_tests_alone() -> None:
    """Both ways to try a mutant say that it lives where the tests do not touch it, and that it does not elsewhere."""
    mutant = next(m for m in list_mutants("keys") if m.name == "keys._missing: is -> is not")
    assert run("-c", TRIAL.format(name=mutant.name)).stdout.split() == ["False", "False", "True", "True"]


@pytest.mark.parametrize("module", configured_tests())
def test_survivors_exist(module: str) -> None:
    """Every explanation speaks of mutants that there are, each has a reason, and no two mutants the same name."""
    names = [mutant.name for mutant in list_mutants(module)]
    explained = [name for entry in ENTRIES if entry["module"] == module for name in entry["mutants"]]
    assert len(set(names)) == len(names)
    assert len(set(explained)) == len(explained)
    assert set(explained) <= set(names)


def test_explanations_are_of_listed_modules() -> None:
    """Each explanation has a module that is mutated, at least one mutant, and a sentence."""
    for entry in ENTRIES:
        assert entry.keys() == {"module", "mutants", "reason"}
        assert entry["module"] in configured_tests()
        assert entry["mutants"]
        assert entry["reason"].endswith(".")


def test_mutants_are_python_and_differ() -> None:
    """Each mutant compiles, differs from the module, and leaves every other line at its number."""
    original = module_file("rules").read_text(encoding="utf-8")
    for mutant in list_mutants("rules"):
        compile(mutant.source, "rules.py", "exec")
        assert mutant.source != original
        assert mutant.source.splitlines()[mutant.lines[-1] :] == original.splitlines()[mutant.lines[-1] :]


def test_slices_are_the_same_in_any_order() -> None:
    """Which mutants are chosen depends on nothing but their names."""
    mutants = [Mutant(f"module: {number} -> {number + 1}", range(1, 2), "", "") for number in range(50)]
    assert choose_slice(mutants, 5) == choose_slice(reversed(mutants), 5)
    assert len(choose_slice(mutants, 5)) == 5


def test_unknown_modules_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A module for which no tests are listed is misuse."""
    with pytest.raises(SystemExit, match="2"):
        main(["nonsense"])
    assert "no tests are listed for nonsense" in capsys.readouterr().err


def test_what_is_mutated_is_measured() -> None:
    """The modules whose branches are counted are those that are mutated; all of their branches are demanded."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    files = {module_file(module).relative_to(ROOT).as_posix() for module in configured_tests()}
    assert set(tools["coverage"]["run"]["include"]) == files
    assert tools["coverage"]["run"]["branch"] is True
    assert tools["coverage"]["report"]["fail_under"] == 100
    assert tools["coverage"]["report"]["exclude_also"] == ["if TYPE_CHECKING:"]


@pytest.mark.parametrize("test", sorted({test for tests in configured_tests().values() for test in tests}))
def test_listed_tests_exist(test: str) -> None:
    """Each test that is listed for a module is a file here, or stands in one."""
    file, _, name = test.partition("::")
    assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8")
