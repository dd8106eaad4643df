"""Packages of a few rows, written for one test each, and what localisation makes of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import scrdata
from scrdata.localisation.diagnosis import Diagnosis
from scrdata.opening import open_storage
from scrdata.validation import examine
from tests.conftest import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrdata.localisation.changes import Change
    from scrdata.localisation.states import State
    from scrdata.localisation.suspects import Suspects

MENTIONS = "mention_id,locator,kind,printed,value,relation,total,share_of,note"
PATIENCE = 600
INTEGER = {"type": "integer"}
COUNT = {"type": "integer", "constraints": {"required": True, "minimum": 0}}
REQUIRED = {"type": "string", "constraints": {"required": True}}


class Sheet(NamedTuple):
    """One table: lines of CSV, the header first, and what its schema says beside that all columns are text.

    Attributes:
        text: lines, separated by blanks.
        fields: properties of columns, by name.
        key: names of the primary key, separated by blanks.
        schema: further properties.
    """

    text: str
    fields: Mapping[str, Mapping[str, Any]] = {}
    key: str = ""
    schema: Mapping[str, Any] = {}

    def resource(self, name: str) -> dict[str, Any]:
        """Return the resource that describes the table."""
        names = self.text.split()[0].split(",")
        fields = [{"name": column, "type": "string", **self.fields.get(column, {})} for column in names]
        schema = {"fields": fields, **self.schema, **({"primaryKey": self.key.split()} if self.key else {})}
        return {"name": name, "type": "table", "path": f"{name}.csv", "schema": schema}


def refers(column: str, table: str, target: str) -> dict[str, Any]:
    """Return a schema with one foreign key of one column."""
    return {"foreignKeys": [{"fields": [column], "reference": {"resource": table, "fields": [target]}}]}


def write(
    folder: Path,
    sheets: Mapping[str, Sheet],
    rules: Mapping[str, str] | None,
    *,
    mentions: tuple[str, ...] = (),
    registered: tuple[str, ...] = (),
    definitions: tuple[str, ...] = (),
) -> Path:
    """Write a package; return its folder.

    Args:
        folder: where.
        sheets: tables by name.
        rules: equations by id, each with the statement `Rule <id>.`; `None` for no table of rules.
        mentions: lines of a table of mentions, without their ids, which are `m1`, `m2` and so on.
        registered: lines of a register: check, instance, left and right value.
        definitions: ids of the rules that cannot be wrong.
    """
    lines = [
        f"{name},{quoted(rule)},Rule {name}.,{'definition' if name in definitions else ''}"
        for name, rule in (rules or {}).items()
    ]
    texts = {} if rules is None else {"rules": ["rule_id,equation,statement,basis", *lines]}
    if mentions:
        texts["mentions"] = [MENTIONS, *(f"m{number},{line}" for number, line in enumerate(mentions, 1))]
    if registered:
        header = "discrepancy_id,check_id,instance,left_value,right_value,explanation"
        texts["discrepancies"] = [header, *(f"d{number},{line},Known." for number, line in enumerate(registered, 1))]
    resources = [sheet.resource(name) for name, sheet in sheets.items()]
    resources += [Sheet(lines[0], key=lines[0].split(",")[0]).resource(name) for name, lines in texts.items()]
    for name, sheet in sheets.items():
        texts[name] = sheet.text.split()
    for name, written in texts.items():
        (folder / f"{name}.csv").write_text("\n".join([*written, ""]), encoding="utf-8")
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    named = {f"scrdata:{name}": name for name in ("rules", "mentions", "discrepancies") if name in texts}
    descriptor = {"$schema": profile, "name": "written", **named, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def suspects(folder: Path, *, register: bool = True, time_limit: float = PATIENCE, alternatives: int = 20) -> Suspects:
    """Return the suspects of a package, with more time than a busy machine can take away."""
    return scrdata.suspects(folder, register=register, time_limit=time_limit, alternatives=alternatives)


def diagnosis(folder: Path, time_limit: float = PATIENCE) -> Diagnosis:
    """Return what looks for what is wrong in a package."""
    contents = examine(open_storage(folder), doubtful=True)
    return Diagnosis(contents, use_register=True, time_limit=time_limit)


def check(found: Diagnosis, name: str) -> int:
    """Return the position of the only check of a name."""
    (position,) = [place for place, item in enumerate(found.network.checks) if item.name == name]
    return position


def names(found: Diagnosis, failing: frozenset[int]) -> list[str]:
    """Return the names of checks, in their order."""
    return [found.network.checks[position].name for position in sorted(failing)]


def asked(found: Diagnosis, name: str, state: State | None = None) -> dict[object, int]:
    """Return what is tried to mend the check of a name, each shortly, with what it weighs."""
    start = found.assessment.start() if state is None else state
    return {brief(change): weight for change, weight in found.search.candidates.of(start, check(found, name))}


def brief(change: Change) -> object:
    """Return a change in short: `-2` for a row that is taken out, cells with the row from 1, or cells alone."""
    if change.removed:
        return f"-{change.table} {(change.row or 0) + 1}"
    place = "+" if change.row is None else str(change.row + 1)
    cells = ",".join(f"{name}={value}" for name, value in change.cells)
    return f"{change.table} {place}: {cells}"
