"""`scrdata tables`: the list of tables, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


def test_text(run: Run, small_package: PackageFolder) -> None:
    """One line for each table, in order, with name, rows and title in columns; then the package and its version."""
    small_package.edit("datapackage.json", "resources", 1, "title", to="Loans by branch")
    text = (
        "branches            3  branches\n"
        "loans               6  Loans by branch\n"
        "rules               7  rules\n"
        "discrepancies       2  discrepancies\n"
        f"package: {small_package.folder} 1.0.0\n"
    )
    assert run("tables", small_package.folder) == (0, text, "")


def test_large_numbers_have_separators(run: Run, small_package: PackageFolder) -> None:
    """Numbers of rows are right-aligned, with commas between thousands."""
    small_package.add_column({"type": "integer"}, *map(str, range(1_234)))
    lines = run("tables", small_package.folder)[1].splitlines()
    assert [line[13:21] for line in lines[:5]] == ["       3", "       6", "       7", "       2", "   1,234"]


def test_package_without_a_version(run: Run, small_package: PackageFolder) -> None:
    """A package that states no version is named without one."""
    small_package.remove("datapackage.json", "version")
    assert run("tables", small_package.folder)[1].endswith(f"\npackage: {small_package.folder}\n")


def test_json(run: Run, small_package: PackageFolder) -> None:
    """The JSON list has for each table exactly what `Package.tables` returns."""
    code, out, _ = run("tables", small_package.folder, "--format", "json")
    answer = json.loads(out)
    package = scrdata.open_package(small_package)
    assert code == 0
    assert answer.keys() == {"package", "version", "tables"}
    assert (answer["package"], answer["version"]) == (package.location, package.version)
    assert [scrdata.TableInfo(**table) for table in answer["tables"]] == package.tables()


def test_shipped_tables_are_listed_by_default(
    run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside of any package, the shipped tables are listed."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    lines = run("tables")[1].splitlines()
    assert [(line.split()[0], line.split()[1]) for line in lines[:-1]] == [
        (table.name, f"{table.rows:,}") for table in scrdata.tables()
    ]
