"""The built distribution holds the package byte for byte, and works where no checkout is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent


def call(*arguments: str | Path, **settings: object) -> str:
    """Run a program to its end; return what it printed, or fail with what it complained about."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **settings)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend of `pyproject.toml`, in a temporary folder."""
    folder = tmp_path_factory.mktemp("wheel")
    call("-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution in a temporary folder."""
    folder = tmp_path_factory.mktemp("sdist")
    call("-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into an empty folder."""
    folder = tmp_path_factory.mktemp("installed")
    call("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[..., str]:
    """Return the function that runs Python in an empty folder, with the installed wheel before everything else."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}

    def start(*arguments: str) -> str:
        return call(*arguments, cwd=tmp_path, env=environment)

    return start


def published_files() -> dict[str, bytes]:
    """Return the package of the checkout, and what a release takes along beside it, by path."""
    single = [ROOT / name for name in ("datapackage.json", "CHANGELOG.md")]
    paths = [*single, *sorted((ROOT / "data").iterdir()), *sorted((ROOT / "schemas").iterdir())]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def test_wheel_holds_the_package(wheel: Path) -> None:
    """The wheel holds descriptor, data, schemas and changelog byte for byte, and nothing else beside them."""
    prefix = "scrdata/package/"
    with zipfile.ZipFile(wheel) as archive:
        held = {name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if name.startswith(prefix)}
    assert held == published_files()


def test_wheel_holds_every_module(wheel: Path) -> None:
    """Beside the package, the wheel holds the modules as they are, the licence, and no file that belongs elsewhere."""
    source = ROOT / "src"
    files = [path for path in (source / "scrdata").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    modules = {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    code = {name: data for name, data in held.items() if name.startswith("scrdata/") and "/package/" not in name}
    assert code == modules
    metadata = {name for name in held if not name.startswith("scrdata/")}
    assert all(name.startswith(f"scrdata-{scrdata.__version__}.dist-info/") for name in metadata)
    assert any(name.endswith("/licenses/LICENSE") for name in metadata)


def test_wheel_is_built_alike(wheel: Path, tmp_path: Path) -> None:
    """Building twice gives the same wheel, bit for bit."""
    call("-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path, cwd=ROOT)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_command_runs_from_the_wheel(run: Callable[..., str], installed: Path) -> None:
    """Away from the checkout, `validate` judges the package in the wheel and finds what it finds in the checkout."""
    report = json.loads(run("-m", "scrdata", "validate", "--format", "json"))
    assert report["package"] == str(installed / "scrdata" / "package")
    there = scrdata.validate(ROOT).to_dict()
    assert {**report, "package": None} == {**json.loads(json.dumps(there)), "package": None}
    assert run("-m", "scrdata", "--version") == f"scrdata {scrdata.__version__}\n"


def test_library_runs_from_the_wheel(run: Callable[..., str], installed: Path) -> None:
    """Away from the checkout, `load` gives the same reviews, from the modules and the data of the wheel."""
    program = "import scrdata; print(scrdata.__file__); print(scrdata.load('reviews').to_csv(index=False), end='')"
    place, _, text = run("-c", program).partition("\n")
    assert Path(place) == installed / "scrdata" / "__init__.py"
    assert text.encode() == (ROOT / "data" / "reviews.csv").read_bytes()


def test_command_is_installed(installed: Path) -> None:
    """The wheel installs the command `scrdata`, which is the `main` of the command line."""
    (points,) = installed.glob("scrdata-*.dist-info/entry_points.txt")
    assert points.read_text(encoding="utf-8") == "[console_scripts]\nscrdata = scrdata.cli:program\n"


def test_index_accepts_the_distributions(wheel: Path, sdist: Path) -> None:
    """Twine, as strict as it can be, finds nothing wrong with the metadata or the README of either."""
    call("-m", "twine", "check", "--strict", wheel, sdist)


def test_wheel_has_usual_contents(wheel: Path) -> None:
    """The wheel has no file twice, none outside the library, and nothing that only looks like a module."""
    call("-m", "check_wheel_contents", "--no-config", wheel)


def test_project_file_follows_the_standard() -> None:
    """`pyproject.toml` is valid by the schemas of the standards and of the tools that it speaks of."""
    call("-m", "validate_pyproject", ROOT / "pyproject.toml")


def test_metadata_lack_only_what_is_not_known(sdist: Path) -> None:
    """Pyroma misses an address to write to and one to visit, of which the project has neither, and nothing else."""
    command = [sys.executable, "-c", "import sys; from pyroma import main; sys.exit(main())", "--min", "8", str(sdist)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    missed = [line for line in done.stdout.splitlines() if line.startswith("Your package ")]
    assert [re.findall("author-email|'url' field", line) for line in missed] == [["author-email"], ["'url' field"]]


def test_sdist_holds_what_tests_and_jobs_need(sdist: Path) -> None:
    """The source distribution has the tests, the documents, and the hidden files that these speak of."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = (".ci/run", ".github/workflows/test.yml", ".pre-commit-hooks.yaml", ".zenodo.json", "action.yml")
    assert names >= {*wanted, "action/validate.py", "tests/conftest.py", "docs/checks.md", "dev.py"}
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]
