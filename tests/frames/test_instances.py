"""Rules with very many instances are compared within the engine, and the report is that of the strict reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrdata.frames import engine_totals, instances
from scrdata.frames.checking import check_frames
from scrdata.validation import judge
from tests import areas
from tests.engine_frames import frames_of, typed_tables
from tests.faults.agreeing import differences
from tests.memory import MemoryStorage, csv_text, package, rules
from tests.strategies import LAW, area_equations, area_rows

if TYPE_CHECKING:
    from scrdata import Report

LIBRARIES = ("polars", "pyarrow", "duckdb")


def judged(storage: MemoryStorage, library: str) -> tuple[Report, Report]:
    """Judge a package by the strict reader, and its tables, but for those of evidence, as frames of a library."""
    tables, mistyped = typed_tables(storage)
    assert not mistyped
    data = {name: table for name, table in tables.items() if name not in ("rules", "discrepancies")}
    return judge(storage), check_frames(storage, frames_of(data, library))


@settings(LAW, max_examples=30)
@given(st.data(), st.sampled_from(LIBRARIES))
def test_each_rule_is_compared_as_in_files(data: Any, library: str) -> None:  # noqa: ANN401
    """Whatever a starred rule adds up and compares, it holds, fails and stays open for the same instances."""
    rows = data.draw(area_rows())
    ids = [row[0] for row in rows["areas"]]
    equations = data.draw(st.lists(area_equations(ids).map(str), min_size=1, max_size=4))
    storage = package({**areas.as_files(rows), "rules": rules(*equations)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_totals, "MOST_GROUPS", 0)
        strict, report = judged(storage, library)
    assert differences(strict, report) == [], equations


def counted_package(number: int, *equations: str) -> MemoryStorage:
    """Return a package with a row for each number: what is there of it, and what is wanted; every fifth is missing."""
    schema = {"fields": [{"name": "id"}, *({"name": name, "type": "integer"} for name in ("there", "wanted"))]}
    rows = [(f"i{i:04}", i, "" if i % 5 == 0 else i + (i % 3 == 0)) for i in range(number)]
    table = (schema | {"primaryKey": ["id"]}, csv_text(("id", "there", "wanted"), *rows))
    return package({"items": table, "rules": rules(*equations)})


@pytest.mark.parametrize("library", ["pandas", *LIBRARIES])
def test_many_instances_stay_in_the_engine(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """Beyond so many groups only instances that fail or are open leave the engine, and the report is the same."""
    compared = []
    compare = instances.compare_instances
    monkeypatch.setattr(engine_totals, "compare_instances", lambda *a: compared.append(compare(*a)) or compared[-1])
    monkeypatch.setattr(engine_totals, "MOST_GROUPS", 50)
    equation = "items[id=*].there = items[id=*].wanted"
    strict, report = judged(counted_package(51, equation), library)
    assert differences(strict, report) == []
    [found] = compared
    assert found is not None
    odd = strict.errors + len(strict.open)
    assert (found.holding, len(found.listed)) == (51 - odd, odd)
    assert judged(counted_package(50, equation), library)[1].errors > 0
    assert len(compared) == 1


@pytest.mark.parametrize("listed", [1, 7, 20])
def test_what_is_not_listed_is_counted(monkeypatch: pytest.MonkeyPatch, listed: int) -> None:
    """Of instances that fail or are open the first are listed, in their order, and the numbers of all are the same."""
    monkeypatch.setattr(engine_totals, "MOST_GROUPS", 10)
    monkeypatch.setattr(instances, "LISTED", listed)
    strict, report = judged(counted_package(60, "items[id=*].there = items[id=*].wanted"), "polars")
    assert (report.errors, report.checked) == (strict.errors, {**strict.checked, "hashes": report.checked["hashes"]})
    first = sorted(
        [*(str(f.key["id"]) for f in strict.findings), *(item.check.partition("id=")[2][:5] for item in strict.open)]
    )[:listed]
    assert [str(f.key["id"]) for f in report.findings] == [name for name in first if int(name[1:]) % 5]
    assert report.open[-1].reason == f"cells are missing in {12 - (len(report.open) - 1)} further instances"


@pytest.mark.parametrize(
    "equation",
    [
        "items[id=*].there + 1048577 * items[id=*].wanted >= 0",
        "items[id=*].weight = items[id=*].weight",
        "items.weight <= 3 * items[id=*].there",
    ],
)
def test_what_is_not_whole_is_compared_one_by_one(monkeypatch: pytest.MonkeyPatch, equation: str) -> None:
    """Large factors and numbers that are not whole are not added up in the engine, and come out the same."""
    monkeypatch.setattr(engine_totals, "MOST_GROUPS", 2)
    fields = [{"name": "id"}, {"name": "there", "type": "integer"}, {"name": "wanted", "type": "integer"}]
    fields.append({"name": "weight", "type": "number"})
    rows = [(f"i{i}", i, 2 * i, f"{i}.5") for i in range(9)]
    table = ({"fields": fields, "primaryKey": ["id"]}, csv_text([str(field["name"]) for field in fields], *rows))
    strict, report = judged(package({"items": table, "rules": rules(equation)}), "polars")
    assert differences(strict, report) == []
    assert strict.checked["equations"] == 9
