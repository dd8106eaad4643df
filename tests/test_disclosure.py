"""Nothing in the package may help to identify a child: the shipped tables pass every check, and spoiled ones fail."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import disclosure
from tests.disclosure import CHECKS, TABLES, Package, Table

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = disclosure.read_package(ROOT)
PAGE = " ".join((ROOT / "docs" / "disclosure.md").read_text(encoding="utf-8").split())
BY_NAME = {check.__name__.removeprefix("breached_"): check for check in CHECKS}


def fresh_copy() -> Package:
    """Return a copy of the shipped tables, to be spoilt."""
    return {name: Table([*map(dict, table.rows)], copy.deepcopy(table.schema)) for name, table in SHIPPED.items()}


def add_column(package: Package, table: str, name: str, values: list[str], kind: str = "string") -> None:
    """Give a table a column, with values for its first rows."""
    package[table].schema["fields"].append({"name": name, "type": kind})
    for position, row in enumerate(package[table].rows):
        row[name] = values[position] if position < len(values) else ""


def add_table(package: Package, name: str, columns: dict[str, str], *rows: tuple[str, ...]) -> None:
    """Give a package a table, whose columns have these types."""
    schema = {"fields": [{"name": column, "type": kind} for column, kind in columns.items()]}
    package[name] = Table([dict(zip(columns, row, strict=True)) for row in rows], schema)


def add_row(package: Package, table: str, **cells: str) -> None:
    """Give a table a row; the cells that are not named are empty."""
    package[table].rows.append(dict.fromkeys(package[table].columns, "") | cells)


def put(package: Package, table: str, key: str, column: str, text: str) -> None:
    """Replace one cell of the row whose first column is `key`."""
    (row,) = [row for row in package[table].rows if next(iter(row.values())) == key]
    row[column] = text


def field(package: Package, table: str, name: str) -> dict[str, Any]:
    """Return the description of a column."""
    (found,) = [item for item in package[table].schema["fields"] if item["name"] == name]
    return found


def add_key(package: Package, table: str, column: str, target: str) -> None:
    """Give a table a foreign key."""
    key = {"fields": [column], "reference": {"resource": target, "fields": [column]}}
    package[table].schema.setdefault("foreignKeys", []).append(key)


@pytest.mark.parametrize("check", CHECKS, ids=list(BY_NAME))
def test_shipped_package_discloses_nothing(check: Callable[[Package], list[str]]) -> None:
    """The shipped tables pass each check."""
    assert check(SHIPPED) == []


def test_shipped_package_holds_these_tables_and_nothing_else() -> None:
    """Every table that may exist does, with every column that it may have, and the descriptor names no other file."""
    assert SHIPPED.keys() == TABLES.keys()
    for name, table in SHIPPED.items():
        assert table.columns == list(disclosure._columns(name)), name
    resources = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert sorted(resource["path"] for resource in resources) == sorted(f"data/{name}.csv" for name in SHIPPED)


SPOILED: dict[str, tuple[str, Callable[[Package], object]]] = {
    "date of birth": ("columns", lambda p: add_column(p, "cases", "date_of_birth", ["2009-04-01"], "date")),
    "date of birth by its type": ("types", lambda p: add_column(p, "cases", "born", [], "date")),
    "year in a table of deaths": ("types", lambda p: add_column(p, "causes_of_death", "year", [], "year")),
    "date in a column of text": ("details", lambda p: add_column(p, "causes_of_death", "when", ["2009-11-17"])),
    "month in a column of text": ("details", lambda p: add_column(p, "case_factors", "when", ["March"])),
    "age in weeks": ("details", lambda p: add_column(p, "cases", "age", ["three weeks"])),
    "initials": ("columns", lambda p: add_column(p, "cases", "initials", ["A B"])),
    "name": ("words", lambda p: add_column(p, "cases", "name", ["Rosalind"])),
    "Board of a case": ("links", lambda p: add_column(p, "cases", "board_id", ["barnet"])),
    "region of a case": ("links", lambda p: add_column(p, "case_agencies", "region", ["London"])),
    "Board of a case under another name": ("areas", lambda p: add_column(p, "cases", "place", ["Barnet"])),
    "review of a case": ("links", lambda p: put(p, "case_factors", "case-98", "factor", "R001")),
    "table that joins cases and reviews": (
        "links",
        lambda p: add_table(p, "case_reviews", {"case_id": "string", "review_id": "string"}, ("case-24", "R001")),
    ),
    "further table": ("tables", lambda p: add_table(p, "siblings", {"sibling": "string"}, ("one",))),
    "keys from cases to reviews": ("links", lambda p: add_key(p, "case_factors", "review_id", "reviews")),
    "keys over another table": ("links", lambda p: add_key(p, "boards", "section_id", "sections")),
    "case in a note on a Board": ("links", lambda p: put(p, "boards", "barnet", "note", "compare case-24")),
    "equation between cases and reviews": (
        "links",
        lambda p: add_row(p, "rules", rule_id="r", equation="cases[case_id=case-24] = reviews[board_id=barnet]"),
    ),
    "mention of cases among reviews": (
        "links",
        lambda p: add_row(p, "mentions", mention_id="m", total="case_factors[factor=neglect]", share_of="reviews"),
    ),
    "rule on cases that names an area": (
        "areas",
        lambda p: put(p, "rules", "cases_of_one_child_are_31", "statement", "All but one lived in Kent."),
    ),
    "discrepancy that names an area": (
        "areas",
        lambda p: put(p, "discrepancies", "reviews-149-or-147", "explanation", "One is from North Somerset."),
    ),
    "Board in the lesson of a case": (
        "areas",
        lambda p: put(p, "cases", "case-24", "lesson", "Workers in Tower Hamlets did not see the baby"),
    ),
    "Board in a lesson": ("areas", lambda p: put(p, "lessons", "flagging_systems", "label", "Barnet had no warnings")),
    "authority in a key finding": ("areas", lambda p: put(p, "key_findings", "1", "label", "Age in County Durham")),
    "Board as a code": ("areas", lambda p: put(p, "case_factors", "case-98", "factor", "tower-hamlets")),
    "ward of a Board": ("areas", lambda p: put(p, "boards", "barnet", "note", "E05000040")),
    "area code in a lesson": ("areas", lambda p: put(p, "lessons", "flagging_systems", "label", "see E09000003")),
    "postcode": ("areas", lambda p: put(p, "boards", "barnet", "note", "near N12 0AB")),
    "age that is not printed": ("numbers", lambda p: put(p, "cases", "case-24", "youngest_age", "1")),
    "age that is not the printed one": ("numbers", lambda p: put(p, "cases", "case-49", "youngest_age", "14")),
    "two ages of one child": ("numbers", lambda p: put(p, "cases", "case-49", "oldest_age", "16")),
    "age with decimals": ("numbers", lambda p: put(p, "cases", "case-49", "youngest_age", "15.5")),
    "age of the printed number of weeks": ("numbers", lambda p: put(p, "mentions", "para_49_1", "unit", "weeks")),
    "number of children that is not printed": ("numbers", lambda p: put(p, "cases", "case-24", "children", "2")),
    "number of another paragraph": ("numbers", lambda p: put(p, "cases", "case-78", "paragraphs", "79")),
    "finer ages": ("codes", lambda p: put(p, "cases", "case-24", "age_group", "newborn")),
    "finer ages of all": ("codes", lambda p: p["child_characteristics"].rows[2].update(category="under_3_months")),
    "group by two characteristics": (
        "codes",
        lambda p: field(p, "child_characteristics", "category")["categories"].append({"value": "girl_under_1"}),
    ),
    "code that only a constraint declares": (
        "codes",
        lambda p: field(p, "cases", "outcome")["constraints"]["enum"].append("died_in_hospital"),
    ),
    "table by two characteristics": (
        "columns",
        lambda p: p["child_characteristics"].schema.update(primaryKey=["characteristic", "category", "sex"]),
    ),
    "deaths by sex": ("columns", lambda p: add_column(p, "causes_of_death", "sex", ["girl"])),
    "children by Board": ("small_counts", lambda p: add_column(p, "boards", "children", ["2"], "integer")),
    "reviews by region": (
        "small_counts",
        lambda p: add_table(p, "regions", {"region": "string", "reviews": "integer"}, ("London", "3")),
    ),
    "children by review": ("small_counts", lambda p: add_column(p, "reviews", "children", ["1"], "integer")),
    "name within a lesson": (
        "words",
        lambda p: put(p, "cases", "case-24", "lesson", "What Marguerite said was not written down"),
    ),
    "name that begins a lesson": (
        "words",
        lambda p: put(p, "lessons", "flagging_systems", "label", "Benedict was not seen"),
    ),
    "name in a note": ("words", lambda p: put(p, "mentions", "para_30_4", "note", "The brothers of Josephine.")),
    "name in a schema": ("words", lambda p: field(p, "cases", "sex").update(description="As of Tobias.")),
    "small place in an explanation": (
        "words",
        lambda p: put(p, "discrepancies", "reviews-149-or-147", "explanation", "The other is from Ambleside."),
    ),
    "age in the lesson of a case": (
        "details",
        lambda p: put(p, "cases", "case-24", "lesson", "A baby of three weeks needs more visits"),
    ),
    "month in the lesson of a case": (
        "details",
        lambda p: put(p, "cases", "case-24", "lesson", "Warnings in October were not heard"),
    ),
    "age in a lesson": (
        "details",
        lambda p: put(p, "lessons", "flagging_systems", "label", "Warnings on a boy aged nine"),
    ),
}


@pytest.mark.parametrize(("check", "spoil"), SPOILED.values(), ids=SPOILED)
def test_spoiled_package_is_caught(check: str, spoil: Callable[[Package], object]) -> None:
    """Each detail that a contributor could add is caught by the check that is meant to."""
    package = fresh_copy()
    spoil(package)
    assert BY_NAME[check](package) != []


def test_every_check_can_fail() -> None:
    """No check passes everything: each has a spoiled package."""
    assert {check for check, _ in SPOILED.values()} == BY_NAME.keys()


HARMLESS: dict[str, Callable[[Package], object]] = {
    "other words": lambda p: put(p, "cases", "case-24", "lesson", "Help is needed also where no risk is known"),
    "number that is taken away": lambda p: put(p, "cases", "case-78", "children", ""),
    "further example": lambda p: add_row(
        p, "cases", case_id="case-139", section_id="family_involvement", paragraphs="139", kind="process",
        lesson="Relatives can be asked by letter",
    ),
    "rule on a Board": lambda p: add_row(
        p, "rules", rule_id="r", equation="boards[board_id=kent] = 1", statement="Kent is one of the Boards.",
    ),
    "discrepancy about a Board": lambda p: (
        put(p, "discrepancies", "reviews-149-or-147", "explanation", "Annex B prints Kent in two ways."),
        p["discrepancy_totals"].rows.__setitem__(
            slice(None), [{"discrepancy_id": "reviews-149-or-147", "total": "boards[board_id=kent]"}]
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_harmless_package_is_not_caught(change: Callable[[Package], object]) -> None:
    """What tells nothing about a child passes all checks."""
    package = fresh_copy()
    change(package)
    assert [breach for check in CHECKS for breach in check(package)] == []


def test_page_says_what_is_checked() -> None:
    """The page on disclosure names each table about children, and each check."""
    assert all(f"`{name}`" in PAGE for name in (*disclosure.CASE_TABLES, *disclosure.CHILD_COUNTS))
    assert all(f"`{check.__name__}`" in PAGE for check in CHECKS)
