"""The report in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS), for code scanning.

A result is what makes a package invalid, or a warning. Open checks and registered discrepancies are
notifications of the run, not results of a kind of their own: GitHub raises an alert for every result,
of whatever kind and suppressed or not. It also refuses a file with a result that has no place, so one
about the whole package is placed at its descriptor.
"""

from __future__ import annotations

import hashlib
import json
import os
from urllib.parse import quote

from scrdata import __version__
from scrdata.catalogue import NOT_CHECKED, SENTENCES, STAGE_OF
from scrdata.cli.locations import locate
from scrdata.cli.text import code_span, findings_left_out, sentence
from scrdata.findings import Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.findings import Report
    from scrdata.outline import DeclaredCheck, Outline

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Stands for the folder that a program which shows the results knows: the top of the repository.
BASE = "%SRCROOT%"
# The name of the fingerprint that GitHub compares.
FINGERPRINT = "primaryLocationLineHash"
NOTIFICATIONS = {
    "package_can_be_opened": SENTENCES["package_can_be_opened"],
    "findings_left_out": "Of very many findings only the first are listed.",
    "registered_discrepancy": "A check fails just as the package registers.",
    "open_check": "A check needs a cell that is missing; it neither holds nor fails.",
}


def as_sarif(report: Report, outline: Outline | None, code: int) -> str:
    """Return the report as one SARIF document in ASCII.

    Args:
        report: on a package, or on what could not be opened.
        outline: of the package, for the statements of its rules; `None` if it could not be opened.
        code: the exit code.
    """
    declared = outline.checks if outline is not None else {}
    findings = [*_findings(report, declared)] if outline is not None else []
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    driver = {
        "name": "scrdata",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, declared.get(rule)) for rule in rules],
        "notifications": [
            {"id": name, "shortDescription": {"text": sentence}} for name, sentence in NOTIFICATIONS.items()
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": outline is not None,
                "exitCode": code,
                "toolExecutionNotifications": [*_notifications(report, is_opened=outline is not None)],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": _results(findings, rules, report.package),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _findings(report: Report, declared: Mapping[str, DeclaredCheck]) -> Iterator[Finding]:
    """Yield the findings, and one for each check that was not run."""
    yield from report.findings
    for item in report.not_checked:
        message = f"{item.check} was not checked: {item.reason}."
        check = declared.get(item.check)
        file, line = (check.file, check.line) if check else (None, None)
        yield Finding(NOT_CHECKED, message, file=file, line=line, key={"check": item.check})


def _rule(rule: str, check: DeclaredCheck | None) -> dict[str, object]:
    """Return what is said of a check in general."""
    phrase = _safe(rule).replace("_", " ")
    phrase = f"{phrase[:1].upper()}{phrase[1:]}."
    statement = _safe(check.statement) if check else SENTENCES.get(rule, phrase)
    text, markdown = statement, _in_markdown(statement)
    if check and check.equation:
        equation = _safe(check.equation)
        text, markdown = f"{text}\nIt must hold: {equation}", f"{markdown}\n\nIt must hold: {code_span(equation)}"
    tags = ["data", check.kind if check else STAGE_OF.get(rule, "rule")]
    return {
        "id": shown(rule, len(rule)),
        "shortDescription": {"text": statement if check and check.kind == "mention" else phrase},
        "fullDescription": {"text": statement},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": tags},
    }


def _results(findings: list[Finding], rules: list[str], package: str) -> list[dict[str, object]]:
    index = {rule: position for position, rule in enumerate(rules)}
    seen: dict[str, int] = {}
    results: list[dict[str, object]] = []
    for finding in findings:
        identity = _identity(finding)
        seen[identity] = seen.get(identity, 0) + 1
        results.append(
            {
                "ruleId": shown(finding.rule, len(finding.rule)),
                "ruleIndex": index[finding.rule],
                "level": finding.severity,
                "message": {"text": _safe(sentence(finding))},
                "locations": [_location(package, finding)],
                "partialFingerprints": {FINGERPRINT: f"{identity}:{seen[identity]}"},
                "properties": _properties(finding),
            }
        )
    return results


def _identity(finding: Finding) -> str:
    """Return what stays the same when lines are moved: a hash of check, file, key and column."""
    parts = [finding.rule, finding.file, sorted(finding.key.items()), finding.column]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _properties(finding: Finding) -> dict[str, object]:
    parts = finding.to_dict()
    named = {name: parts[name] for name in ("key", "row", "column", "found", "expected")}
    return {name: part for name, part in named.items() if part not in (None, {})}


def _location(package: str, finding: Finding) -> dict[str, object]:
    """Return the place of a finding; of an archive its own file, with the member as the logical place."""
    location = locate(package, finding.file)
    physical: dict[str, object] = {"artifactLocation": _artifact(location.path)}
    if location.member is None:
        if finding.line is not None:
            physical["region"] = {"startLine": finding.line}
        return {"physicalLocation": physical}
    inner = {"fullyQualifiedName": shown(location.member, len(location.member)), "kind": "resource"}
    return {
        "physicalLocation": physical,
        "logicalLocations": [inner],
        "message": {"text": _safe(f"In the archive: {finding.place}")},
    }


def _artifact(path: str) -> dict[str, str]:
    """Return a file below the current folder by its relative address, any other one by its absolute one.

    >>> _artifact("data/a b.csv")
    {'uri': 'data/a%20b.csv', 'uriBaseId': '%SRCROOT%'}
    """
    address = quote(os.fsencode(path))
    if not os.path.isabs(path):
        return {"uri": address, "uriBaseId": BASE}
    return {"uri": f"file://{'' if address.startswith('/') else '/'}{address}"}


def _notifications(report: Report, *, is_opened: bool) -> Iterator[dict[str, object]]:
    """Yield what is to be known of the run and is no result."""
    if not is_opened:
        for finding in report.findings:
            yield _notification("error", finding.rule, finding.message)
    left_out = findings_left_out(report)
    if left_out:
        yield _notification("warning", "findings_left_out", f"{left_out} more findings are counted and not listed.")
    for known in report.known_discrepancies:
        values = f"{known['left']} against {known['right']}"
        text = f"{known['check']} fails as registered, with {values}. {known['explanation'] or ''}"
        yield _notification("note", "registered_discrepancy", text.strip())
    for item in report.open:
        yield _notification("note", "open_check", f"{item.check} is open: {item.reason}.")


def _notification(level: str, name: str, text: str) -> dict[str, object]:
    return {"level": level, "descriptor": {"id": name}, "message": {"text": _safe(text)}}


def _safe(text: str) -> str:
    r"""Return text without control characters, and without what SARIF takes for a link.

    >>> _safe("[here](http://example.org)")
    '\\[here](http://example.org)'
    """
    text = shown(text, len(text))
    return text.replace("[", "\\[") if "](" in text else text


def _in_markdown(text: str) -> str:
    """Return text as Markdown that shows it as it is."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>()#+-!|~&" else character for character in text)
