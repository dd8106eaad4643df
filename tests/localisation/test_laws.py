"""Laws of repairs, on small tables that do not add up: they mend everything, and nothing lighter would."""

from __future__ import annotations

import json
import tempfile
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given

import scrdata
from benchmarks.suspects import generate
from tests import strategies
from tests.strategies import FEW, Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from scrdata.localisation.suspects import Suspect

    Key = tuple[str, str]

LARGEST = 4


def write(folder: Path, numbers: Mapping[Key, int], rules: tuple[str, ...]) -> None:
    """Write a grid as a package whose rules are definitions, so that none of them is doubted itself."""
    lines = "".join(f"{row},{column},{number}\n" for (row, column), number in numbers.items())
    (folder / "grid.csv").write_text("row,column,n\n" + lines, encoding="utf-8")
    stated = "".join(f'rule_{number},"{rule}",definition\n' for number, rule in enumerate(rules))
    (folder / "rules.csv").write_text("rule_id,equation,basis\n" + stated, encoding="utf-8")
    texts = [{"name": name, "type": "string"} for name in ("rule_id", "equation", "basis")]
    grid = [
        {"name": "row", "type": "string"},
        {"name": "column", "type": "string"},
        {"name": "n", "type": "integer", "constraints": {"required": True, "minimum": 0, "maximum": LARGEST}},
    ]
    schemas = {"grid": {"fields": grid, "primaryKey": ["row", "column"]}, "rules": {"fields": texts}}
    resources = [
        {"name": table, "type": "table", "path": f"{table}.csv", "schema": schema} for table, schema in schemas.items()
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "grids",
        "scrdata:rules": "rules",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def mended(numbers: Mapping[Key, int], suspects: tuple[Suspect, ...]) -> dict[Key, int]:
    """Return the numbers after what suspects suggest."""
    new = dict(numbers)
    for suspect in suspects:
        assert suspect.column == "n"
        key = (str(suspect.key["row"]), str(suspect.key["column"]))
        assert new[key] == suspect.found
        new[key] = least(suspect.suggested)
    return new


def least(suggested: object) -> int:
    """Return a suggested number, or of a range one that is in it."""
    if isinstance(suggested, int):
        return suggested
    words = str(suggested).split()
    return int(words[-1]) if words[0] == "at" else int(words[1])


def holds(numbers: Mapping[Key, int], rule: str) -> bool:
    """Say whether a rule of a grid holds, by reading it anew."""
    reference, relation, number = rule.rsplit(" ", 2)
    inside = reference.removeprefix("grid").removesuffix(".n").strip("[]")
    wanted = dict(part.split("=") for part in inside.split(",") if part)
    total = sum(n for (row, column), n in numbers.items()
                if wanted.get("row", row) == row and wanted.get("column", column) == column)  # fmt: skip
    return total == int(number) if relation == "=" else total <= int(number)


def repairs(grid: Grid, size: int) -> Iterator[dict[Key, int]]:
    """Yield all ways to make every rule true by other numbers in just so many cells."""
    for keys in combinations(grid.numbers, size):
        for values in product(range(LARGEST + 1), repeat=size):
            numbers = {**grid.numbers, **dict(zip(keys, values, strict=True))}
            differs = all(numbers[key] != grid.numbers[key] for key in keys)
            if differs and all(holds(numbers, rule) for rule in grid.rules):
                yield numbers


@FEW
@given(strategies.grids())
def test_repairs_mend_everything_with_as_few_changes_as_can_be(grid: Grid) -> None:
    """What is suggested makes every rule true, and no smaller number of changed cells would: all were tried."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), grid.numbers, grid.rules)
        found = scrdata.suspects(name)
    fewest = next(size for size in range(grid.changed + 1) if any(repairs(grid, size)))
    assert found.optimal
    assert (len(found.suspects), found.unresolved) == (fewest, ())
    assert all(holds(mended(grid.numbers, found.suspects), rule) for rule in grid.rules)


@FEW
@given(strategies.grids(most_changed=1))
def test_all_repairs_of_one_cell_are_listed(grid: Grid) -> None:
    """Where one changed cell is enough, every cell that would do is among the suspects or the alternatives."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), grid.numbers, grid.rules)
        found = scrdata.suspects(name)
    if all(holds(grid.numbers, rule) for rule in grid.rules):
        assert (found.failing, found.suspects, found.alternatives) == (0, (), ())
        return
    expected = {key for numbers in repairs(grid, 1) for key in numbers if numbers[key] != grid.numbers[key]}
    listed = [*([found.suspects] if not found.alternatives else []), *found.alternatives]
    assert {(repair[0].key["row"], repair[0].key["column"]) for repair in listed} == expected
    assert all(len(repair) == 1 for repair in listed)


def test_the_same_answer_at_each_call(tmp_path: Path) -> None:
    """The same package gives the same suspects in the same order."""
    numbers = {("r0", "c0"): 1, ("r0", "c1"): 2, ("r1", "c0"): 3, ("r1", "c1"): 4}
    write(tmp_path, numbers, ("grid[row=r0].n = 4", "grid[column=c1].n = 7"))
    assert scrdata.suspects(tmp_path).to_dict() == scrdata.suspects(tmp_path).to_dict()


def test_planted_errors_of_a_large_package(tmp_path: Path) -> None:
    """In 10,000 cells and 2,000 rules all five changed cells are named with what they were, and certainly so."""
    planted = generate(tmp_path, seed=7)
    found = scrdata.suspects(tmp_path)
    assert {(item.table, item.row, item.suggested) for item in found.suspects} == set(planted)
    assert found.optimal


def test_more_errors_than_the_search_can_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search gives up, changes that mend several checks are made first, or the solver finds a repair."""
    planted = generate(tmp_path, seed=8)
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 1)
    found = scrdata.suspects(tmp_path)
    assert {(item.table, item.row, item.suggested) for item in found.suspects} == set(planted)
    assert not found.complete


def test_repair_by_the_solver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver alone finds a lightest repair of numbers that are wrong together."""
    numbers = {("r0", "c0"): 1, ("r0", "c1"): 2, ("r1", "c0"): 3, ("r1", "c1"): 4}
    write(tmp_path, numbers, ("grid[row=r0].n = 4", "grid[column=c0].n = 5", "grid[row=r1].n = 7"))
    monkeypatch.setattr("scrdata.localisation.search.MOST_STATES", 0)
    monkeypatch.setattr("scrdata.localisation.search.Search.peeled", lambda _, start: start)
    found = scrdata.suspects(tmp_path)
    assert [(dict(item.key), item.suggested) for item in found.suspects] == [({"row": "r0", "column": "c0"}, 2)]
    assert found.optimal
    assert not found.complete
