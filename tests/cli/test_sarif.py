"""The SARIF report: valid by its JSON Schema, one alert for each finding, and none for what is no finding."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import scrdata
from scrdata import findings
from scrdata.catalogue import NOT_CHECKED, SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

LIBRARY = Path(__file__).resolve().parent.parent / "javascript" / "node_modules" / "@microsoft" / "jest-sarif"
FINGERPRINT = "primaryLocationLineHash"


def read_sarif(run: Run, package: object, code: int = 1, *options: str) -> dict[str, Any]:
    """Validate a package; return the one run of the SARIF document."""
    answer = run("validate", "--format", "sarif", *options, package)
    assert (answer[0], answer[2]) == (code, "")
    (ran,) = json.loads(answer[1])["runs"]
    assert ran["invocations"][0]["exitCode"] == code
    return dict(ran)


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    """Return the JSON Schema of SARIF 2.1.0, as a library of its editors ships it."""
    if not LIBRARY.is_dir():
        pytest.skip("the schema of SARIF is missing: python3 dev.py system")
    (place,) = (LIBRARY / "lib" / "schemas").glob("sarif-2.1.0*.json")
    document = json.loads(place.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator.check_schema(document)
    return jsonschema.Draft4Validator(document)


def test_schema_can_object(schema: jsonschema.Draft4Validator) -> None:
    """The JSON Schema is really applied: a level that does not exist is objected to."""
    result = {"message": {"text": "x"}, "level": "fatal"}
    document = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [result]}]}
    assert [error.message for error in schema.iter_errors(document)] == [
        "'fatal' is not one of ['none', 'note', 'warning', 'error']"
    ]


@pytest.mark.parametrize("case", ["shipped", "valid", "cell", "rules", "descriptor", "table", "warning", "missing"])
def test_sarif_is_valid(run: Run, schema: jsonschema.Draft4Validator, small_package: PackageFolder, case: str) -> None:
    """The document is valid by the JSON Schema for valid packages, invalid ones and what cannot be opened."""
    place: object = small_package.folder
    if case == "cell":
        small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    elif case == "rules":
        small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    elif case == "descriptor":
        small_package.write("datapackage.json", "{")
    elif case == "table":
        small_package.write("data/branches.csv", "")
    elif case == "warning":
        small_package.add_column({"type": "string"}, "two  spaces")
    elif case in ("shipped", "missing"):
        place = scrdata.open_package().location if case == "shipped" else "no where"
    _, out, _ = run("validate", "--format", "sarif", place)
    assert [error.message for error in schema.iter_errors(json.loads(out))] == []


def test_result_has_all_parts(run: Run, small_package: PackageFolder) -> None:
    """A failing rule is a result at its cell, with the rule's statement and equation as help."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    ran = read_sarif(run, small_package.folder)
    (result,) = [item for item in ran["results"] if item["ruleId"] == "adults_borrow_more"]
    assert result["level"] == "error"
    assert result["message"]["text"].startswith("Adults borrow more. It does not hold: ")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    key = {"branch_id": "quay", "kind": "child"}
    cell = {"row": 6, "column": "loans", "found": 9, "expected": "at most 8"}
    assert result["properties"] == {"key": key, **cell}
    rule = ran["tool"]["driver"]["rules"][result["ruleIndex"]]
    equation = "loans[branch_id=*,kind=child].loans <= loans[branch_id=*,kind=adult].loans"
    assert rule["shortDescription"]["text"] == "Adults borrow more."
    assert rule["fullDescription"]["text"] == "Adults borrow more."
    assert rule["help"]["text"] == f"Adults borrow more.\nIt must hold: {equation}"
    assert rule["help"]["markdown"] == f"Adults borrow more.\n\nIt must hold: `{equation}`"


def test_tool_is_named(run: Run, small_package: PackageFolder) -> None:
    """The tool has its name and version; each rule occurs once, and those built in have the catalogue's sentence."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    small_package.spoil("data/loans.csv", "south,child,15", "south,child,y")
    driver = read_sarif(run, small_package.folder)["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("scrdata", scrdata.__version__)
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in driver["rules"]), "more GitHub refuses"
    (rule,) = [rule for rule in driver["rules"] if rule["id"] == "cell_fits_type"]
    assert rule["fullDescription"]["text"] == SENTENCES["cell_fits_type"]


def test_what_is_not_checked_is_a_result(run: Run, small_package: PackageFolder) -> None:
    """A check that was not run is an alert at the line that declares it, since it makes the package invalid."""
    small_package.write("data/branches.csv", "branch_id,name\n")
    ran = read_sarif(run, small_package.folder)
    unrun = [item for item in ran["results"] if item["ruleId"] == NOT_CHECKED]
    assert len(unrun) == len(scrdata.validate(small_package).not_checked)
    (rule,) = [item for item in unrun if item["properties"]["key"] == {"check": "branches_are_three"}]
    assert rule["level"] == "error"
    place = rule["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("/data/rules.csv")
    assert place["region"] == {"startLine": 2}


def test_open_and_registered_are_no_results(run: Run, small_package: PackageFolder) -> None:
    """What is open or registered raises no alert: it is a note of the run."""
    ran = read_sarif(run, small_package.folder, 0)
    assert ran["results"] == []
    notes = [(item["level"], item["descriptor"]["id"]) for item in ran["invocations"][0]["toolExecutionNotifications"]]
    assert notes == [("note", "registered_discrepancy"), ("note", "open_check")]


def test_unopenable_package_is_a_failed_run(run: Run, tmp_path: Path) -> None:
    """What cannot be opened has no result: the run failed, and a notification says why."""
    ran = read_sarif(run, tmp_path / "nowhere", 2)
    (invocation,) = ran["invocations"]
    assert (ran["results"], invocation["executionSuccessful"]) == ([], False)
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert "No such file or directory" in notification["message"]["text"]


def test_every_result_has_a_place(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding about the package as a whole is placed at its descriptor: GitHub refuses results without a place."""
    finding = findings.Finding("frictionless_agrees", "it does not")
    report = scrdata.validate(small_package).changed(findings=(finding,), errors=1)
    monkeypatch.setattr(scrdata.Package, "validate", lambda *_, **__: report)
    (result,) = read_sarif(run, small_package.folder)["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("/datapackage.json")
    assert "region" not in place


def fingerprints(run: Run, package: PackageFolder) -> list[str]:
    """Return the fingerprints of all results."""
    return [item["partialFingerprints"][FINGERPRINT] for item in read_sarif(run, package.folder)["results"]]


def test_fingerprints_survive_moved_lines(run: Run, small_package: PackageFolder) -> None:
    """Each result has a fingerprint of its own, which stays when a row is put before, and changes with the row."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    small_package.repair()
    before = fingerprints(run, small_package)
    assert len(set(before)) == len(before) > 1
    small_package.spoil("data/loans.csv", "north,adult,30", "east,adult,1,1,\nnorth,adult,30")
    small_package.repair()
    assert set(before) <= set(fingerprints(run, small_package))
    small_package.spoil("data/loans.csv", "quay,child,x", "quay,adult,x")
    small_package.repair()
    assert not set(before) <= set(fingerprints(run, small_package))


def test_findings_left_out_are_a_warning(run: Run, small_package: PackageFolder) -> None:
    """Of very many findings the first are results, and a notification counts the rest: GitHub takes 25,000."""
    assert scrdata.Limits().findings <= 25_000
    small_package.add_column({"type": "integer"}, *"abcdef")
    ran = read_sarif(run, small_package.folder, 1, "--max-findings", "2")
    (item,) = [i for i in ran["invocations"][0]["toolExecutionNotifications"] if i["level"] == "warning"]
    assert item["message"]["text"] == "4 more findings are counted and not listed."


def test_addresses_are_percent_encoded(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are addresses: blanks and other marks are encoded, and what is not below has an absolute one."""
    small_package.write("datapackage.json", "{")
    moved = small_package.folder.rename(small_package.folder.parent / "a b#é:[1]")
    monkeypatch.chdir(moved.parent)
    (result,) = read_sarif(run, moved.name)["results"]
    (location,) = result["locations"]
    address = {"uri": "a%20b%23%C3%A9%3A%5B1%5D/datapackage.json", "uriBaseId": "%SRCROOT%"}
    assert location["physicalLocation"]["artifactLocation"] == address
    (moved / "data").mkdir(exist_ok=True)
    monkeypatch.chdir(moved / "data")
    (result,) = read_sarif(run, moved)["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert re.fullmatch("file:///.*/a%20b%23%C3%A9%3A%5B1%5D/datapackage.json", artifact["uri"])
    assert "uriBaseId" not in artifact
