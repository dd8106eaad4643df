"""The generated pandera schemas for Spark accept what was loaded, and name what is wrong; or say why there are none."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from tests.engine_frames import arrow_table, frames_of

if TYPE_CHECKING:
    from conftest import PackageFolder

LOANS = "data/loans.csv"
# What is done to the file of loans, at once since each query of Spark takes long, and the checks that then fail.
FAULTS: tuple[tuple[tuple[tuple[str, str], ...], tuple[str, ...]], ...] = (
    ((), ()),
    (
        (("north,adult,30", "north,adult,101"), ("north,child", "north,teen"), ("quay,child", '"quay ",child')),
        ("cell_is_within_bounds", "cell_is_a_category", "text_is_clean"),
    ),
    (
        (("south,adult,25,310", "south,adult,30,400"), ("north,child", "north,adult"), ("quay,child,4", "quay,child,")),
        ("unique_key_is_unique: loans, visits", "unique", "not_nullable"),
    ),
    ((("north,adult,30", "north,adult,31"),), ("loans_are_94: found 95, expected 94",)),
)


def why_not() -> str:
    """Return why pandera's module for Spark does not load; empty where it does."""
    try:
        importlib.import_module("pandera.pyspark")
    except ImportError as problem:
        return str(problem)
    return ""


@pytest.fixture
def loads() -> None:
    """Skip the test where pandera's module for Spark does not load."""
    if why_not():
        pytest.skip(f"pandera's schemas for Spark do not load: {why_not()}")


@pytest.mark.slow
@pytest.mark.usefixtures("loads")
def test_each_constraint_is_held(small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401
    """What is wrong in a Spark DataFrame is named by the check that fails; what is right is accepted."""
    schema = scrdata.open_package(small_package).schema("loans", backend="pyspark")
    for number, (spoils, expected) in enumerate(FAULTS):
        copy = small_package.copy(small_package.folder.parent / f"{number}")
        for old, new in spoils:
            copy.spoil(LOANS, old, new)
        frame = frames_of({"loans": arrow_table(copy, "loans")}, "spark", spark)["loans"]
        found = schema.validate(frame).pandera.errors
        failed = [str(item["check"]) for kind in found.values() for part in kind.values() for item in part]
        assert bool(failed) is bool(expected)
        assert [name for name in expected if not any(check.startswith(name) for check in failed)] == [], failed
    swapped = schema.validate(frame.select(*reversed(frame.columns))).pandera.errors
    assert "column_ordered" in str(swapped)


@pytest.mark.slow
@pytest.mark.usefixtures("loads")
def test_schema_says_what_it_does_not_hold(small_package: PackageFolder) -> None:
    """A schema for Spark is of the same parts as one for pandas, and names what needs other tables."""
    package = scrdata.open_package(small_package)
    ours, theirs = package.schema("loans", backend="pyspark"), package.schema("loans")
    assert list(ours.columns) == list(theirs.columns)
    assert ours.metadata == theirs.metadata
    assert "foreign_key_exists: branch_id" in ours.metadata["not_carried_over"]


def test_refusal_says_why_and_what_to_install(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pandera's module for Spark does not load, its own words are passed on, with what to install."""
    reason = why_not()
    if not reason:
        monkeypatch.setitem(importlib.sys.modules, "pandera.pyspark", None)  # type: ignore[attr-defined]
        monkeypatch.delitem(importlib.sys.modules, "scrdata.frames.pyspark_schemas", raising=False)  # type: ignore[attr-defined]
        reason = "pandera.pyspark"
    with pytest.raises(scrdata.ScrdataError) as refusal:
        scrdata.open_package(small_package).schema("loans", backend="pyspark")
    assert reason.split(" (")[0] in str(refusal.value)
    assert "pip install 'scrdata[spark]' 'pandas<3.1'" in str(refusal.value)
