"""What the GitHub Action runs: one validation, told to the log, the summary of the job, its outputs and a SARIF file.

`scrdata validate` itself writes nothing, so what has to be written is written here. The settings come
as `SCRDATA_…` in the environment, never as a part of a shell script.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from scrdata import PackageError, open_package
from scrdata.cli import BUG, INVALID, MISUSE, VALID
from scrdata.cli.github import workflow_command
from scrdata.cli.text import closing_lines, code_span, sentence
from scrdata.cli.validate import first_suspect, format_report
from scrdata.findings import shown, unopened
from scrdata.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrdata import Package, Report

# A summary may have a mebibyte; the log and the SARIF file have the rest.
SUMMARISED = 50


def main() -> int:
    """Validate, and tell everyone; return the exit code of `scrdata validate`."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    location = os.environ.get("SCRDATA_PACKAGE") or "."
    crossed = os.environ.get("SCRDATA_CROSS_CHECK") or "false"
    if crossed not in ("true", "false"):
        print(workflow_command("error", {"title": "cross-check"}, f"true or false was expected, not {crossed}"))
        return MISUSE
    package: Package | None = None
    try:
        package = open_package(location)
        report = package.validate(cross_check=crossed == "true")
        code = VALID if report.valid else INVALID
    except PackageError as error:
        report, code = unopened(location, str(error)), MISUSE
    print(format_report("github", report, package, code), flush=True)
    _append("GITHUB_STEP_SUMMARY", summary(report, package))
    _append("GITHUB_OUTPUT", [f"valid={str(report.valid).lower()}", f"errors={report.errors}"])
    sarif_file = os.environ.get("SCRDATA_SARIF_FILE")
    try:
        if sarif_file:
            write_file(sarif_file, f"{format_report('sarif', report, package, code)}\n".encode())
    except OSError as error:
        message = f"{sarif_file} cannot be written: {error.strerror or error}"
        print(workflow_command("error", {"title": "sarif-file"}, message))
        return MISUSE
    return code


def summary(report: Report, package: Package | None) -> Iterator[str]:
    """Yield the lines of the summary in Markdown; whatever comes from the package is a piece of code."""
    *_, name, verdict = closing_lines(report)
    yield f"## Data package: {'valid' if report.valid else 'not valid'}"
    yield from ("", _code(name), "", f"**{shown(verdict, len(verdict))}**", "")
    if report.findings:
        yield "| where | what | check |"
        yield "| --- | --- | --- |"
    for item in report.findings[:SUMMARISED]:
        yield f"| {_code(item.place)} | {_code(sentence(item))} | {_code(item.rule)} |"
    left_out = report.errors + report.warnings - len(report.findings[:SUMMARISED])
    if left_out:
        yield from ("", f"… and {left_out} more; the log lists them.")
    if report.not_checked:
        yield from ("", "Not checked:", "")
        yield from (f"- {_code(f'{item.check}: {item.reason}')}" for item in report.not_checked[:SUMMARISED])
    if len(report.not_checked) > SUMMARISED:
        yield f"- … and {len(report.not_checked) - SUMMARISED} more; the log lists them."
    if package is not None and not report.valid:
        yield from ("", _code(first_suspect(package, report)))


def _code(text: str) -> str:
    """Return text as a piece of code, also within a table."""
    return code_span(shown(text, 1_000)).replace("|", "\\|")


def _append(variable: str, lines: Iterable[str]) -> None:
    """Add lines to the file that a variable of the runner names, if there is one."""
    place = os.environ.get(variable)
    if place:
        with open(place, "a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:  # noqa: BLE001  (a bug of ours has its own exit code here, too)
        traceback.print_exc()
        print(workflow_command("error", {}, "this is a bug in scrdata, not a finding about the package"))
        sys.exit(BUG)
