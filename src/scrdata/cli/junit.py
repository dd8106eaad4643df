"""The report as JUnit XML, which GitLab, Jenkins and Azure Pipelines show as tests.

One suite says whether the package could be opened and described, one for each table how far it was
read, one each for the rules and the mentions, with a case for every one of them. What fails is a
failure, what was not run an error; what is open, or was not reached, is skipped with the reason.
Nothing is timed, so that the same package gives the same bytes.
"""

from __future__ import annotations

from xml.etree import ElementTree

from scrdata.catalogue import STAGE_OF, STAGES
from scrdata.cli.text import findings_left_out, sentence
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.findings import Finding, Report
    from scrdata.outline import Outline

OF_THE_PACKAGE = ("opening", "descriptor", "checksums")
# In this order: the later ones need what the earlier ones accept.
OF_A_TABLE = ("file", "cells", "keys", "references")
# Findings of these stages on the line of a rule or a mention are about that check.
OF_A_CHECK = ("references", "rules", "mentions")
EVIDENCE = ("scrdata:rules", "scrdata:mentions", "scrdata:discrepancies")
PACKAGE, OTHERS = "package", "other checks"


class _Case:
    """One test: what was found, why it was not run, why it was skipped, and what else is to be said."""

    def __init__(self) -> None:
        self.failures: list[Finding] = []
        self.errors: list[str] = []
        self.skipped: list[str] = []
        self.notes: list[str] = []


def as_junit(report: Report, outline: Outline | None) -> str:
    """Return the report as one XML document in ASCII.

    Args:
        report: on a package, or on what could not be opened.
        outline: of the package; `None` if it could not be opened.
    """
    suites = _Suites(report, outline).suites
    root = ElementTree.Element("testsuites", name="scrdata")
    for name, cases in suites.items():
        root.append(_suite(shown(outline.name if outline else report.package), name, cases))
    for what in ("tests", "failures", "errors"):
        root.set(what, str(sum(int(suite.get(what, "0")) for suite in root)))
    ElementTree.indent(root)
    # ASCII is UTF-8, which XML is without a declaration; readers of text refuse one that names an encoding.
    text: bytes = ElementTree.tostring(root, encoding="us-ascii")
    return f'<?xml version="1.0"?>\n{text.decode("ascii")}'


class _Suites:
    """Sorts what a report says into suites of cases.

    Attributes:
        suites: by name, each with its cases by name; those of tables are called `table NAME`.
    """

    def __init__(self, report: Report, outline: Outline | None) -> None:
        self.suites: dict[str, dict[str, _Case]] = {}
        self.tables = {path: name for name, path, _ in outline.tables} if outline else {}
        self.checks = outline.checks if outline else {}
        self.lines = {(check.file, check.line): check for check in self.checks.values()}
        self._plan(report, is_opened=outline is not None)
        for finding in report.findings:
            self._add(finding)
        self._add_rest(report)
        for name, path, position in outline.tables if outline else ():
            self._skip_unreached(report, name, path, position)
        self._skip_unknown(report)

    def _plan(self, report: Report, *, is_opened: bool) -> None:
        """Make the cases that every report on this package has."""
        for stage in OF_THE_PACKAGE if is_opened else ("opening",):
            self._case(PACKAGE, STAGES[stage])
        if "second_opinions" in report.checked:
            self._case(PACKAGE, STAGES["second opinions"])
        for name in self.tables.values():
            for stage in OF_A_TABLE:
                self._case(f"table {name}", STAGES[stage])
        for check in self.checks.values():
            self._case(f"{check.kind}s", check.check_id)

    def _case(self, suite: str, name: str) -> _Case:
        return self.suites.setdefault(suite, {}).setdefault(name, _Case())

    def _of(self, check: str) -> _Case:
        """Return the case of a check as reports name it: a rule with its instance, a mention, a row of a table."""
        declared = self.checks.get(check) or self.checks.get(check.partition("[")[0])
        if declared is not None:
            return self._case(f"{declared.kind}s", declared.check_id)
        table = check.partition(" row ")[0]
        if table in self.tables.values():
            return self._case(f"table {table}", STAGES["references"])
        return self._case(OTHERS, check)

    def _add(self, finding: Finding) -> None:
        stage = STAGE_OF.get(finding.rule)
        declared = self.lines.get((finding.file or "", finding.line or 0))
        table = self.tables.get(finding.file or "")
        if stage is None:
            case = self._of(finding.rule)
        elif declared is not None and stage in OF_A_CHECK:
            case = self._of(declared.check_id)
        else:
            case = self._case(f"table {table}" if table else PACKAGE, STAGES[stage])
        if finding.rule == "package_can_be_opened":
            case.errors.append(finding.message)
        elif finding.severity == "error":
            case.failures.append(finding)
        else:
            case.notes.append(f"warning: {_placed(finding)}")

    def _add_rest(self, report: Report) -> None:
        """Add what is no finding."""
        for item in report.not_checked:
            self._of(item.check).errors.append(f"not checked: {item.reason}")
        for item in report.open:
            self._of(item.check).skipped.append(f"open: {item.check}: {item.reason}")
        for known in report.known_discrepancies:
            values = f"{known['left']} against {known['right']}. {known['explanation'] or ''}".rstrip()
            note = f"registered discrepancy: {known['check']}: {values}"
            self._of(str(known["check"])).notes.append(note)

    def _skip_unreached(self, report: Report, name: str, path: str, position: int) -> None:
        """Mark the stages of a table that come after one that failed: nothing is known of them."""
        cases = self.suites[f"table {name}"]
        is_unread = any(item.check == f"table {name}" for item in report.not_checked) or any(
            item.column == f"resources[{position}].path" for item in report.findings
        )
        for stage in OF_A_TABLE:
            case = cases[STAGES[stage]]
            if is_unread:
                case.skipped.append(f"not reached: {path} was not accepted")
            # A pattern that costs too much on a cell is a finding about the schema, in the file of the table.
            has_failed = bool(case.failures) or STAGES["descriptor"] in cases
            is_unread = is_unread or (has_failed and stage in ("file", "cells"))

    def _skip_unknown(self, report: Report) -> None:
        """Mark the cases that would look as if they had passed only since the report says nothing of them."""
        if any(item.check in EVIDENCE for item in report.not_checked) or any(
            finding.rule == "declared_table_exists" for finding in report.findings
        ):
            for kind in ("rules", "mentions"):
                for case in self.suites.get(kind, {}).values():
                    case.skipped.append("not reached: a table of rules, mentions or discrepancies was not accepted")
        left_out = findings_left_out(report)
        if left_out:
            for suite in self.suites.values():
                for case in suite.values():
                    case.skipped.append(f"unknown: {left_out} more findings are counted and not listed")


def _suite(package: str, name: str, cases: dict[str, _Case]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=shown(name))
    elements = [_element(f"{package}.{shown(name)}", case_name, case) for case_name, case in cases.items()]
    suite.extend(elements)
    suite.set("tests", str(len(elements)))
    for what, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(what, str(sum(element.find(kind) is not None for element in elements)))
    return suite


def _element(group: str, name: str, case: _Case) -> ElementTree.Element:
    """Return one test with at most one outcome, which is all that most readers show."""
    element = ElementTree.Element("testcase", classname=group, name=shown(name))
    if case.failures:
        first = case.failures[0]
        lines = [*map(_placed, case.failures), *case.errors, *case.skipped]
        outcome = ElementTree.SubElement(element, "failure", type=shown(first.rule), message=_shown(first.message))
        outcome.text = _shown(*lines)
    elif case.errors:
        outcome = ElementTree.SubElement(element, "error", type="not run", message=_shown(case.errors[0]))
        outcome.text = _shown(*case.errors, *case.skipped)
    elif case.skipped:
        ElementTree.SubElement(element, "skipped").text = _shown(*case.skipped)
    if case.notes:
        ElementTree.SubElement(element, "system-out").text = _shown(*case.notes)
    return element


def _placed(finding: Finding) -> str:
    key = ", ".join(f"{name}={value}" for name, value in finding.key.items())
    return f"{finding.place}{f' ({key})' if key else ''}: {sentence(finding)} [{finding.rule}]"


def _shown(*lines: str) -> str:
    """Return lines of which XML can hold every character; the noncharacters, too, are not printable."""
    return "\n".join(shown(line, len(line)) for line in lines)
