"""The report on a package as text for a person, and the sentences that other formats take from it."""

from __future__ import annotations

from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.findings import Finding, Report

LISTED_OPEN = 10


def as_text(report: Report) -> str:
    """Return the report for a person: each finding with its place, then one line that sums up."""
    lines = [line for finding in report.findings for line in (*_finding(finding), "")]
    left_out = findings_left_out(report)
    if left_out:
        lines += [f"… and {left_out} more findings, counted and not listed", ""]
    lines += [f"not checked: {item.check}: {item.reason}" for item in report.not_checked]
    lines += closing_lines(report)
    return "\n".join(shown(line, len(line)) for line in lines)


def findings_left_out(report: Report) -> int:
    """Return how many findings were counted and are not listed."""
    return report.errors + report.warnings - len(report.findings)


def sentence(finding: Finding) -> str:
    """Return what a finding says on one line, with what was found and what was expected."""
    if finding.found is None or finding.expected is None:
        return finding.message
    return f"{finding.message.removesuffix('.')}. Found {finding.found}, expected {finding.expected}."


def code_span(text: str) -> str:
    """Return text as a piece of code in Markdown, in which nothing has a meaning, whatever quotation it holds.

    >>> code_span("a`b")
    '`` a`b ``'
    """
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if "`" in text or not text.strip() else ""
    return f"{fence}{space}{text}{space}{fence}"


def closing_lines(report: Report) -> list[str]:
    """Return what follows the list of findings: what is registered and what is open, the package, and the verdict."""
    lines = [
        f"registered discrepancy: {known['check']}: {known['left']} against {known['right']}"
        for known in report.known_discrepancies
    ]
    lines += [f"open: {item.check}: {item.reason}" for item in report.open[:LISTED_OPEN]]
    if len(report.open) > LISTED_OPEN:
        lines.append(f"open: … and {len(report.open) - LISTED_OPEN} more")
    version = f" {report.version}" if report.version else ""
    return [*lines, f"package: {report.package}{version}", _summary(report)]


def _finding(finding: Finding) -> list[str]:
    key = ", ".join(f"{name}={value}" for name, value in finding.key.items())
    lines = [f"{finding.severity}: {finding.place}" + (f" ({key})" if key else "")]
    lines.append(f"  {finding.message}")
    if finding.found is not None and finding.expected is not None:
        lines.append(f"  found {finding.found}, expected {finding.expected}")
    lines.append(f"  rule: {finding.rule}")
    return lines


def _summary(report: Report) -> str:
    count = report.checked.get
    checked = ", ".join(
        _number(count(what, 0), one, what)
        for what, one in (("tables", "table"), ("rows", "row"), ("cells", "cell"), ("rules", "rule"))
    )
    checked += f" ({_number(count('equations', 0), 'equation', 'equations')})"
    if "mentions" in report.checked:
        totals = _number(count("printed_totals", 0), "total", "totals")
        checked += f", {_number(report.checked['mentions'], 'mention', 'mentions')} ({totals})"
    if report.valid:
        rest = []
        if report.known_discrepancies:
            number = len(report.known_discrepancies)
            rest.append(_number(number, "registered discrepancy", "registered discrepancies"))
        if report.open:
            rest.append(_number(len(report.open), "open check", "open checks"))
        if report.warnings:
            rest.append(_number(report.warnings, "warning", "warnings"))
        return f"valid: {checked}" + (f"; {', '.join(rest)}" if rest else "")
    wrong = _number(report.errors, "error", "errors")
    if report.warnings:
        wrong += f", {_number(report.warnings, 'warning', 'warnings')}"
    if report.not_checked:
        wrong += f", {len(report.not_checked)} not checked"
    return f"NOT VALID: {wrong} in {checked}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
