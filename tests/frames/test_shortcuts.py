"""What an engine need not ask of a large file, since its order or another table tells it: the verdict is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.frames import engine_keys, files
from scrdata.frames.checking import judge_files
from scrdata.opening import open_storage

if TYPE_CHECKING:
    from conftest import PackageFolder

ROWS = 2_500
PADDED = [f"site-{number:05d}" for number in range(ROWS)]
NUMBERED = [f"site-{number}" for number in range(ROWS)]
KEYS = {
    "in order": (PADDED, True),
    "in order of their lengths first": (NUMBERED, True),
    "in no order": (NUMBERED[::-1], False),
    "in no order after the first": ([*PADDED[:2_000], *PADDED[:1_999:-1]], False),
    "one twice side by side": ([*PADDED[:2_000], PADDED[1_999], *PADDED[2_000:]], False),
    "one twice far apart": ([*PADDED, PADDED[3]], False),
    "one twice beside a missing one": ([*PADDED[:2_000], "", PADDED[1_999], *PADDED[2_000:]], False),
    "missing ones": ([*PADDED, "", ""], False),
    "a single one": (["a"], True),
}


@pytest.mark.parametrize("keys", KEYS)
def test_keys_in_order_need_no_comparison(
    small_package: PackageFolder, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that ascend from row to row are known to differ; in all others the same keys are found twice."""
    cells, ascends = KEYS[keys]
    small_package.add_column({"type": "string", "constraints": {"unique": True}}, *cells)
    known = {}
    ascending = files.FileTable.is_ascending

    def watched(table: files.FileTable, names: tuple[str, ...]) -> bool:
        known[table.name, names] = ascending(table, names)
        return known[table.name, names]

    monkeypatch.setattr(files.FileTable, "is_ascending", watched)
    report = judge_files(open_storage(str(small_package.folder)), list, 0)
    assert report.to_dict() == scrdata.validate(small_package).to_dict()
    assert known["cells", ("cell",)] is ascends


SITES = ["north", "south", "west"]
REFERRING = {
    "all are there": (SITES, ["north", "west", "", "north"], True),
    "one is not there": (SITES, ["north", "east"], False),
    "one is not there, and is wrong": (SITES, ["north", "East"], False),
    "one is wrong in both": ([*SITES, "East"], ["north", "East"], False),
    "one is not clean in both": ([*SITES, "x  y"], ["north", "x  y"], False),
}


@pytest.mark.parametrize("clean", [True, False])
@pytest.mark.parametrize("pattern", ["[a-z]+", "[a-z ]+", None])
@pytest.mark.parametrize("case", REFERRING)
def test_cells_that_another_table_has_are_judged_there(
    small_package: PackageFolder,
    case: str,
    pattern: str | None,
    clean: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cells of a foreign key are judged where they are referred to, if all are there, right and held to the same."""
    sites, cells, is_told = REFERRING[case]
    constraints = {"pattern": pattern} if pattern else {}
    schema = {
        "fields": [{"name": "site", "type": "string", "constraints": {**constraints, "required": True}}],
        "primaryKey": ["site"],
    }
    position = len(small_package.json()["resources"])
    resource = {"name": "sites", "type": "table", "path": "data/sites.csv", "schema": schema}
    small_package.write("data/sites.csv", "site\n" + "".join(f"{site}\n" for site in sites))
    small_package.edit("datapackage.json", "resources", position, to=resource)
    key = {"fields": ["cell"], "reference": {"resource": "sites", "fields": ["site"]}}
    small_package.add_column({"type": "string", "constraints": constraints}, *cells, foreignKeys=[key])
    if clean:
        for place in (position, position + 1):
            small_package.edit("datapackage.json", "resources", place, "scrdata:text", to="clean")
    borrowed = {}
    borrow = engine_keys.borrow_columns

    def watched(table: files.FileTable, accepted: dict[str, files.FileTable]) -> None:
        borrow(table, accepted)  # type: ignore[arg-type]
        borrowed[table.name] = set(table.borrowed)

    monkeypatch.setattr("scrdata.frames.checking.borrow_columns", watched)
    report = judge_files(open_storage(str(small_package.folder)), list, 0)
    assert report.to_dict() == scrdata.validate(small_package).to_dict()
    assert (borrowed["cells"] == {"cell"}) is is_told or pattern != "[a-z]+"


def test_cells_that_are_held_to_more_are_judged_themselves(small_package: PackageFolder) -> None:
    """A column of a foreign key that has a constraint of its own is held to it, though the other table has all."""
    schema = {"fields": [{"name": "site", "type": "string"}], "primaryKey": ["site"]}
    resource = {"name": "sites", "type": "table", "path": "data/sites.csv", "schema": schema}
    small_package.write("data/sites.csv", "site\nnorth\nsouth\n")
    small_package.edit("datapackage.json", "resources", len(small_package.json()["resources"]), to=resource)
    key = {"fields": ["cell"], "reference": {"resource": "sites", "fields": ["site"]}}
    field = {"type": "string", "constraints": {"pattern": "n.*"}}
    small_package.add_column(field, "north", "south", foreignKeys=[key])
    report = judge_files(open_storage(str(small_package.folder)), list, 0)
    assert [(finding.rule, finding.line) for finding in report.findings] == [("cell_matches_pattern", 3)]
    assert report.to_dict() == scrdata.validate(small_package).to_dict()
