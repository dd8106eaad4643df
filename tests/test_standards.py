"""Readers and standards that others wrote accept the package: JSON Schemas, frictionless and the JavaScript library."""

from __future__ import annotations

import importlib.resources
import json
import shutil
import subprocess
from pathlib import Path

import frictionless
import jsonschema
import pytest

import scrdata

ROOT = Path(__file__).resolve().parent.parent
JAVASCRIPT = ROOT / "tests" / "javascript"
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))


def problems(profile: str, document: dict[str, object]) -> list[str]:
    """Return what a JSON Schema of Data Package 2.0, as dplib-py ships it, objects to."""
    text = importlib.resources.files("dplib").joinpath(f"profiles/2.0/{profile}.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return [error.message for error in validator(schema).iter_errors(document)]


def read(path: Path) -> dict[str, object]:
    """Return a JSON document."""
    document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_descriptor_follows_the_standard() -> None:
    """The descriptor is valid by the JSON Schema of Data Package 2.0."""
    assert problems("datapackage", read(ROOT / "datapackage.json")) == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schema_follows_the_standard(path: Path) -> None:
    """Each schema is valid by the JSON Schema of Table Schema 2.0."""
    assert problems("tableschema", read(path)) == []


@pytest.mark.parametrize(
    ("profile", "document"),
    [
        ("datapackage", {"name": "spoiled", "resources": []}),
        ("tableschema", {"fields": [{"name": "reviews", "type": "wholenumber"}]}),
    ],
    ids=["no resources", "unknown type"],
)
def test_standard_can_object(profile: str, document: dict[str, object]) -> None:
    """The JSON Schemas are really applied: a document that breaks them is objected to."""
    assert problems(profile, document)


def test_every_schema_is_used() -> None:
    """The descriptor refers to each file of `schemas/`, and to no other."""
    resources = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert sorted(resource["schema"] for resource in resources) == [f"schemas/{path.name}" for path in SCHEMAS]


def test_frictionless_accepts_the_package() -> None:
    """frictionless-py finds nothing wrong, and as many rows in each table as we do."""
    report = frictionless.Package(str(ROOT / "datapackage.json")).validate()
    assert report.flatten(["type", "message"]) == []
    assert {task.name: task.stats["rows"] for task in report.tasks} == {t.name: t.rows for t in scrdata.tables()}


def read_in_javascript(descriptor: Path) -> dict[str, object]:
    """Return what the JavaScript library objects to and finds; skip the test where it is not installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is missing: python3 dev.py system")
    if not (JAVASCRIPT / "node_modules" / "datapackage").is_dir():
        pytest.skip("the JavaScript library datapackage is missing: python3 dev.py system")
    command = [node, str(JAVASCRIPT / "read_package.js"), str(descriptor)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_javascript_library_accepts_the_package() -> None:
    """The JavaScript library finds nothing wrong, follows every foreign key, and finds as many rows as we do."""
    tables = {table.name: {"rows": table.rows, "errors": []} for table in scrdata.tables()}
    assert read_in_javascript(ROOT / "datapackage.json") == {"errors": [], "tables": tables}


def test_javascript_library_can_object(tmp_path: Path) -> None:
    """The JavaScript library is really asked: it objects to a review of a Board that does not exist."""
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    reviews = tmp_path / "data" / "reviews.csv"
    text = reviews.read_text(encoding="utf-8")
    reviews.write_text(text.replace(",barnet,", ",nowhere,"), encoding="utf-8", newline="")
    tables = read_in_javascript(tmp_path / "datapackage.json")["tables"]
    assert isinstance(tables, dict)
    assert [name for name, table in tables.items() if table["errors"]] == ["reviews"]
