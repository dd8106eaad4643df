"""A second opinion: pandera and frictionless on a package that the strict core has accepted.

Neither decides the verdict. Where one of them refuses what this package accepts, that is reported as
a finding which names who says what, unless the difference stands in `EXPLAINED`. Nothing else
imports frictionless; it follows links and fetches addresses, so it never sees a package that was not
accepted first.
"""

from __future__ import annotations

import os

from scrdata.findings import Finding, Report, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.package import Package

# Errors of frictionless that are differences of reading, by its error type and a part of its note.
EXPLAINED: dict[tuple[str, str], str] = {
    ("schema-error", "missingValues"): "labelled missing values are Data Package 2; frictionless 5 knows texts only",
    ("package-error", "missingValues"): "labelled missing values are Data Package 2; frictionless 5 knows texts only",
    ("resource-error", "is not safe"): "an archive with the descriptor in a folder, which frictionless does not open",
}


def cross_check(package: Package, report: Report) -> Report:
    """Return the report on an accepted package, with every disagreement of the others added to it."""
    findings = [*_ask_pandera(package), *_ask_frictionless(package)]
    return Report(
        package=report.package,
        version=report.version,
        checked={**report.checked, "second_opinions": 2},
        open=report.open,
        not_checked=report.not_checked,
        known_discrepancies=report.known_discrepancies,
        findings=(*report.findings, *findings),
        errors=report.errors + len(findings),
        warnings=report.warnings,
    )


def _ask_pandera(package: Package) -> Iterator[Finding]:
    import pandera.errors

    for name, table in package.contents.tables.items():
        try:
            package.schema(name).validate(package.load(name), lazy=True)
        except pandera.errors.SchemaErrors as errors:
            for _, case in errors.failure_cases.iterrows():
                text = f"{case['check']} {case['failure_case']}"
                message = f"pandera refuses what the strict check accepts: {shown(text)}"
                yield Finding("pandera_agrees", message, file=table.file, column=_text(case["column"]))


def _ask_frictionless(package: Package) -> Iterator[Finding]:
    import frictionless

    location = package.location
    path = os.path.join(location, "datapackage.json") if os.path.isdir(location) else location
    answer = frictionless.validate(path)
    errors = [(None, error) for error in answer.errors]
    errors += [(task.place, error) for task in answer.tasks for error in task.errors]
    for place, error in errors:
        if any(error.type == kind and part in error.note for kind, part in EXPLAINED):
            continue
        message = f"frictionless refuses what the strict check accepts: {shown(error.message)}"
        line = getattr(error, "row_number", None)
        yield Finding("frictionless_agrees", message, file=_text(place), line=line, found=error.type)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
