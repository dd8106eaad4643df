"""One fault before the validator: by the command line and by the interface, watched for what it opens."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import scrdata
from scrdata.catalogue import SENTENCES
from tests.conftest import PackageFolder, call
from tests.faults.fault import ANYWHERE

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.faults.fault import Fault, Wanted

LOCATED, DETECTED, MISSED, CRASHED, HUNG, ESCAPED = "located", "detected", "missed", "crashed", "hung", "escaped"
FORMATS = ("text", "junit", "sarif", "github")


class Watch:
    """Notes what is opened outside a folder, and every use of the network, while it is on.

    The interpreter reads modules, and a name has to be looked up to see that it is a link: what counts
    is the opening of files.
    """

    def __init__(self) -> None:
        self.allowed: str | None = None
        self.escapes: list[str] = []
        libraries = {os.path.realpath(place) for place in (*sys.path, sys.prefix, sys.base_prefix) if place}
        self._libraries = (*libraries, os.path.dirname(scrdata.__file__))
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.allowed is None:
            return
        if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "ctypes.dlopen")):
            self.escapes.append(f"{event} {arguments!r:.200}")
        elif event == "open" and isinstance(arguments[0], str):
            place = os.path.abspath(arguments[0])
            writing = bool(arguments[2] & (os.O_WRONLY | os.O_RDWR)) if isinstance(arguments[2], int) else False
            if writing or not place.startswith((self.allowed, *self._libraries)):
                self.escapes.append(f"open {place}")


def judge(fault: Fault, pristine: dict[str, bytes], folder: Path, watch: Watch) -> tuple[str, str]:
    """Spoil a fresh package in `folder` and validate it; return what became of it, and details."""
    package = PackageFolder(folder / "small")
    for file, content in pristine.items():
        package.write(file, content)
    wanted = fault.spoil(package)
    watch.escapes.clear()
    watch.allowed = str(folder)
    try:
        outcome = _verdict(str(wanted.package or package.folder), wanted)
    finally:
        watch.allowed = None
    if watch.escapes:
        return ESCAPED, watch.escapes[0]
    return outcome


def _verdict(location: str, wanted: Wanted) -> tuple[str, str]:
    code, out, errors = call("validate", "--format", "json", location)
    if code == 3 or "Traceback" in errors:
        return CRASHED, errors[-600:]
    report = json.loads(out)
    places = [(item["rule"], item["file"], item["line"]) for item in report["findings"] if item["severity"] == "error"]
    if code == 0:
        return MISSED, f"valid; wanted {wanted.rules} at {wanted.file}, lines {wanted.lines}"
    problem = _disagreement(location, code, report)
    if problem:
        return CRASHED, problem
    if is_located(places, wanted) and code == wanted.code:
        return LOCATED, ""
    others = [item["check"] for item in report["not_checked"]]
    return DETECTED, f"wanted {wanted.rules} at {wanted.file}, lines {wanted.lines}; found {places[:4]}, {others[:3]}"


def is_located(places: list[tuple[str, str | None, int | None]], wanted: Wanted) -> bool:
    """Say whether a finding is one of those that are wanted, where it is wanted."""
    if wanted.code != 1:
        return True
    return any(
        (rule in wanted.rules or not wanted.rules)
        and (file == wanted.file or (wanted.file == ANYWHERE and file is not None))
        and (wanted.lines is None or line in wanted.lines)
        for rule, file, line in places
    )


def _disagreement(location: str, code: int, report: dict[str, Any]) -> str:
    """Return how another way of asking gives another answer, or how a report breaks its own rules."""
    try:
        again = scrdata.validate(location).to_dict()
    except scrdata.PackageError:
        again = None
    if (again is None) != (code == 2) or (again is not None and again != report):
        return f"the interface says {str(again)[:300]}, the command line {code} {str(report)[:300]}"
    for form in FORMATS:
        other, out, errors = call("validate", "--format", form, location)
        if other != code or "Traceback" in errors:
            return f"--format {form}: exit code {other}, not {code}: {errors[-500:]}"
        if form == "text" and not all(line.isprintable() for line in (out + errors).splitlines()):
            return "a character that is not printable in the report"
    strange = {item["rule"] for item in report["findings"]} - SENTENCES.keys()
    if strange and again is not None and not strange <= scrdata.open_package(location).outline().checks.keys():
        return f"rules that nobody knows: {strange}"
    return ""
