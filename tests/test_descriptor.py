"""Descriptors below the command line: what is made of one, and what is said of a part that cannot be applied."""

from __future__ import annotations

import json

import pytest

from scrdata.descriptor import Descriptor, read_descriptor
from scrdata.findings import Ledger
from scrdata.storage import Refusal
from tests.memory import MemoryStorage


def described(properties: object, *problems: Refusal) -> tuple[Descriptor, list[tuple[str, str, str | None]]]:
    """Read a descriptor; return it, and rule, sentence and file of each finding."""
    storage, ledger = MemoryStorage({"datapackage.json": json.dumps(properties).encode()}), Ledger()
    storage.problems.extend(problems)
    descriptor = read_descriptor(storage, ledger)
    return descriptor, [(finding.rule, finding.message, finding.file) for finding in ledger.findings]


def test_what_is_wrong_with_the_storage_is_told() -> None:
    """What was refused when the package was opened stands in the report, with its file."""
    _, findings = described({"resources": [{"name": "a", "path": "a.txt"}]}, Refusal("archive_is_allowed", "no", "a.z"))
    assert findings == [("archive_is_allowed", "no", "a.z")]


@pytest.mark.parametrize("resources", ["a", {"a": 1}, 3, [], [1], ["a.csv"]])
def test_resources_that_are_no_list_of_objects_are_none(resources: object) -> None:
    """A descriptor whose resources cannot be read has none, and is refused."""
    descriptor, findings = described({"resources": resources})
    assert descriptor.resources == {}
    assert {rule for rule, _, _ in findings} == {"property_has_right_type"}


@pytest.mark.parametrize(("version", "known"), [("1.0.0", "1.0.0"), (2, None), (None, None)])
def test_the_version_is_a_text(version: object, known: str | None) -> None:
    """A version that is no text is no version."""
    assert described({"resources": [{"name": "a", "path": "a.txt"}], "version": version})[0].version == known
