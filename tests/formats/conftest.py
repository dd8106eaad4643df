"""Packages in memory, of any fields and cells."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from scrdata.contents import open_contents, with_evidence
from scrdata.snapshots import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrdata.validation import Contents

    Make = Callable[..., Contents]


def make_contents(tables: Mapping[str, tuple[dict[str, object], Sequence[Sequence[str]]]], **more: object) -> Contents:
    """Return an opened package whose tables have the given schemas and cells."""
    files = {}
    resources = []
    for position, (name, (schema, rows)) in enumerate(tables.items()):
        path = f"{position}.csv"  # a table may have a name that no file can have
        text = io.StringIO()
        fields: list[dict[str, object]] = schema["fields"]  # type: ignore[assignment]
        csv.writer(text, lineterminator="\n").writerows([[field["name"] for field in fields], *rows])
        files[path] = text.getvalue().encode()
        resources.append({"name": name, "type": "table", "path": path, "schema": schema})
    files["datapackage.json"] = json.dumps({"name": "memory", "resources": resources, **more}).encode()
    return with_evidence(open_contents(Snapshot("memory", files)))


@pytest.fixture(name="make_contents", scope="session")
def _make_contents() -> Make:
    """Return the function that makes a package in memory."""
    return make_contents
