"""How every check speaks: `Finding`, `Report`, and the `Ledger` that collects while checks run."""

from __future__ import annotations

from types import MappingProxyType

from scrdata.errors import InvalidPackageError
from scrdata.limits import DEFAULT
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas

    Scalar = str | int | bool | None

SHOWN_CHARACTERS = 200
NOTHING_CHECKED = MappingProxyType(dict.fromkeys(("tables", "rows", "cells", "rules", "equations"), 0))


def shown(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """Return `text` fit for a terminal: unprintable characters escaped, its length bounded."""
    if len(text) > limit:
        text = f"{text[:limit]}… ({len(text)} characters)"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(value: object) -> str:
    """Return `value` as messages quote it: text in quotation marks, numbers and dates bare."""
    return f"'{shown(value)}'" if isinstance(value, str) else shown(str(value))


class Finding(Record):
    """One thing that is wrong, and where.

    Attributes:
        rule: what should be true, as a phrase: the id of a rule of the package, or of a built-in check.
        severity: `error` makes the package invalid, `warning` does not.
        file: path within the package, or `None` for the package as a whole.
        line: line of the file, from 1.
        row: data row of the table, from 1; the header is not counted.
        key: primary key of the row, column by column.
        column: name of the column.
        found: what stands there, as text or number.
        expected: what would be right.
        message: one sentence for a person.
    """

    rule: str
    message: str
    severity: str = "error"
    file: str | None = None
    line: int | None = None
    row: int | None = None
    key: Mapping[str, Scalar] = MappingProxyType({})
    column: str | None = None
    found: Scalar = None
    expected: Scalar = None

    def to_dict(self) -> dict[str, object]:
        """Return the finding as the object that `validate --format json` prints."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "row": self.row,
            "key": dict(self.key),
            "column": self.column,
            "found": self.found,
            "expected": self.expected,
            "message": self.message,
        }

    @property
    def place(self) -> str:
        """Where it is, for a person: `data/reviews.csv, line 3, column judgement`, or in a JSON file the property."""
        parts = [shown(self.file)] if self.file is not None else ["the package"]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            what = "property" if (self.file or "").endswith(".json") else "column"
            parts.append(f"{what} {shown(self.column)}")
        return ", ".join(parts)


class Unsettled(Record):
    """A check that neither passed nor failed, and why: an open one, or one that was not evaluated."""

    check: str
    reason: str

    def to_dict(self) -> dict[str, object]:
        """Return the object that `validate --format json` prints."""
        return {"check": self.check, "reason": self.reason}


class Ledger:
    """Collects what checks report. All findings are counted; so many as are to be listed are kept, errors first.

    Attributes:
        most: so many findings are listed.
        held: how many cells were read into memory.
    """

    def __init__(self, listed: int = DEFAULT.findings) -> None:
        self.most = listed
        self.held = 0
        self._listed_errors: list[Finding] = []
        self._listed_warnings: list[Finding] = []
        self.errors = 0
        self.warnings = 0
        self.open: list[Unsettled] = []
        self.not_checked: list[Unsettled] = []
        self.known_discrepancies: list[dict[str, Scalar]] = []
        self.checked: dict[str, int] = {}

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while there is room."""
        if finding.severity == "error":
            self.errors += 1
            listed = self._listed_errors
        else:
            self.warnings += 1
            listed = self._listed_warnings
        if len(listed) < self.most:
            listed.append(finding)

    def add_unlisted(self, number: int, severity: str = "error") -> None:
        """Count findings that nobody has to see, since many of their kind are listed."""
        if severity == "error":
            self.errors += number
        else:
            self.warnings += number

    @property
    def full(self) -> bool:
        """True when a further error would only be counted."""
        return len(self._listed_errors) >= self.most

    @property
    def findings(self) -> list[Finding]:
        """The findings that are kept: errors, and warnings as far as there is room."""
        return [*self._listed_errors, *self._listed_warnings][: self.most]

    def count(self, what: str, number: int = 1) -> None:
        """Add to the number of things of a kind that were checked."""
        self.checked[what] = self.checked.get(what, 0) + number


class Report(Record):
    """The verdict on one package.

    Attributes:
        package: where the package was read from, as the caller named it.
        version: its `version`, where it states one.
        checked: how many tables, rows, cells, rules, equations … were checked.
        open: checks that need a cell that is missing; they do not count against the package.
        not_checked: checks that were declared and not evaluated; each makes the package not valid.
        known_discrepancies: failing checks that the package registers, exactly as registered.
        findings: what is wrong, in the order of files and lines; at most as many as `Limits.findings` are listed.
        errors: the number of findings of severity `error`, listed or not.
        warnings: the number of findings of severity `warning`, listed or not.
    """

    package: str
    version: str | None
    checked: dict[str, int]
    open: tuple[Unsettled, ...]
    not_checked: tuple[Unsettled, ...]
    known_discrepancies: tuple[dict[str, Scalar], ...]
    findings: tuple[Finding, ...]
    errors: int
    warnings: int

    @property
    def valid(self) -> bool:
        """True when every declared check ran to its end and found no error."""
        return not self.errors and not self.not_checked

    def to_dict(self) -> dict[str, object]:
        """Return the object that `validate --format json` prints."""
        return {
            "package": self.package,
            "version": self.version,
            "valid": self.valid,
            "checked": dict(self.checked),
            "open": [item.to_dict() for item in self.open],
            "not_checked": [item.to_dict() for item in self.not_checked],
            "known_discrepancies": [dict(item) for item in self.known_discrepancies],
            "errors": self.errors,
            "warnings": self.warnings,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def to_frame(self) -> pandas.DataFrame:
        """Return the listed findings as a DataFrame, one row each, columns as in `Finding`."""
        import pandas as pd

        rows = [finding.to_dict() for finding in self.findings]
        columns = list(Finding("", "").to_dict())
        return pd.DataFrame(rows, columns=columns).astype({"line": "Int64", "row": "Int64"})

    def raise_if_invalid(self) -> None:
        """Raise `InvalidPackageError`, naming the first error, unless the package is valid."""
        if self.valid:
            return
        first = next((f"{f.place}: {f.message}" for f in self.findings if f.severity == "error"), None)
        if first is None:
            first = f"{self.not_checked[0].check}: {self.not_checked[0].reason}" if self.not_checked else ""
        first = f". First: {first}" if first else "; none is listed"
        message = f"{shown(self.package)} is not valid ({self.errors} errors){first}"
        raise InvalidPackageError(message, self)


def unopened(package: str, problem: str) -> Report:
    """Return the report on something that cannot be opened as a package."""
    finding = Finding("package_can_be_opened", problem, file=shown(package))
    return Report(shown(package), None, dict(NOTHING_CHECKED), (), (), (), (finding,), errors=1, warnings=0)
