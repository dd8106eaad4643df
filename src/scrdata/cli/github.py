"""The report as workflow commands of GitHub Actions, which mark the lines that are wrong in a pull request.

Commands and their escapes are those that the runner reads: in a message `%`, CR and LF are escaped, in
a property `:` and `,` as well. Everything else is printed as in the text report.
"""

from __future__ import annotations

from scrdata.cli.locations import locate
from scrdata.cli.text import closing_lines, findings_left_out, sentence
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.findings import Finding, Report

# So many annotations of a kind GitHub shows for one step; the log has them all.
SHOWN_BY_GITHUB = 10


def as_github(report: Report) -> str:
    """Return one workflow command for each finding and each check that was not run, then a line that sums up."""
    return "\n".join([*_commands(report), *(printed(line) for line in closing_lines(report))])


def printed(line: str) -> str:
    """Return a line for the log that the runner takes for no command, whatever it holds.

    >>> printed("##[stop-commands]x")
    '## [stop-commands]x'
    """
    line = shown(line, len(line)).replace("##[", "## [")
    return f"- {line}" if line.lstrip().startswith("::") else line


def _commands(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield _annotation(report.package, finding)
    for item in report.not_checked:
        yield workflow_command("error", {"title": "not checked"}, f"{item.check} was not checked: {item.reason}")
    left_out = findings_left_out(report)
    if left_out:
        yield workflow_command("notice", {}, f"{left_out} more findings are counted and not listed")
    most = max(report.errors + len(report.not_checked), report.warnings)
    if most > SHOWN_BY_GITHUB:
        message = f"GitHub shows the first {SHOWN_BY_GITHUB} errors and warnings; the log of this step lists them all"
        yield workflow_command("notice", {}, message)


def _annotation(package: str, finding: Finding) -> str:
    properties: dict[str, str] = {}
    message = sentence(finding)
    if finding.rule != "package_can_be_opened":
        location = locate(package, finding.file)
        properties["file"] = location.path
        if location.member is None and finding.line is not None:
            properties["line"] = str(finding.line)
        if location.member is not None:
            message = f"{finding.place}: {message}"
    properties["title"] = finding.rule
    return workflow_command(finding.severity, properties, message)


def workflow_command(name: str, properties: dict[str, str], message: str) -> str:
    """Return one command for the runner, with its properties and message escaped.

    >>> workflow_command("error", {"file": "a,b.csv", "title": "1:2"}, "100%")
    '::error file=a%2Cb.csv,title=1%3A2::100%25'
    """
    given = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{name}{' ' if given else ''}{given}::{_escaped(message)}"


def _escaped(text: str, further: str = "") -> str:
    # Line ends are control characters, which are shown as such and need no escape of their own.
    text = shown(text, len(text)).replace("%", "%25")
    for character in further:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
