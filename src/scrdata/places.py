"""Where in which JSON file something is wrong: turns a path of keys into file, line and property."""

from __future__ import annotations

from scrdata.findings import Finding, Ledger, quoted, shown
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.shapes import Path
    from scrdata.strict_json import Document

PROFILES = "https://datapackage.org/profiles/"
# The extension that docs/profile.md specifies, by the `$id` of its JSON Schema.
EXTENSION = "https://example.org/scrdata/profile.json"
_PROFILE_NAMES = ("data-package", "tabular-data-package", "data-resource", "tabular-data-resource")


class Place(Record):
    """A JSON file, and a path in it, at which something is reported."""

    documents: Mapping[str, Document]
    ledger: Ledger
    file: str
    path: Path = ()

    def at(self, *path: str | int) -> Place:
        """Return a place further inside the same file."""
        return Place(self.documents, self.ledger, self.file, (*self.path, *path))

    def inside(self, file: str) -> Place:
        """Return the top of another file."""
        return Place(self.documents, self.ledger, file)

    def report(self, rule: str, message: str, path: Path = (), **values: object) -> None:
        """Add a finding about the value at `path`, seen from this place."""
        if self.ledger.full and values.get("severity") in (None, "error"):
            self.ledger.add_unlisted(1)
            return
        document = self.documents.get(self.file)
        full = (*self.path, *path)
        line = document.line(full) if document else None
        names = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in full)
        column = shown(names.lstrip(".")) or None
        self.ledger.add(Finding(rule, shown(message, 600), file=self.file, line=line, column=column, **values))  # type: ignore[arg-type]


def check_profile(properties: Mapping[str, object], kind: str, place: Place) -> None:
    """Report a `$schema` or `profile` that this version does not know."""
    profile = properties.get("$schema")
    known = {f"{PROFILES}{version}/{kind}.json" for version in ("1.0", "2.0")}
    if kind == "datapackage":
        known.add(EXTENSION)
    if isinstance(profile, str) and profile not in known:
        message = f"the profile {quoted(profile)} is unknown; known is {PROFILES}2.0/{kind}.json"
        place.report("property_is_implemented", message, ("$schema",))
    profile = properties.get("profile")
    if isinstance(profile, str) and profile not in _PROFILE_NAMES:
        message = f"the profile {quoted(profile)} is unknown; known are {', '.join(_PROFILE_NAMES)}"
        place.report("property_is_implemented", message, ("profile",))
