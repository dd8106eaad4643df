"""Small packages of two tables with every type, constraint, key and kind of rule; most are sound, and many are not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.conftest import PROFILES, PackageFolder
from tests.faults.cells import GOOD, STRAYS
from tests.faults.keys import ALIKE
from tests.memory import RULES, csv_text, package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[[st.SearchStrategy[Any]], Any]

SPELLINGS = {**GOOD, "string": ["a", "b", "ab"], "any": ["a", "1", "x y"]}
KEYS = ("string", "integer", "number", "boolean", "date", "year", "yearmonth", "time", "datetime", "duration")
CONSTRAINTS: dict[str, tuple[dict[str, Any], ...]] = {
    "string": ({"minLength": 2}, {"maxLength": 1}, {"pattern": "[ab]+"}, {"enum": ["a", "b"]}),
    "any": ({"maxLength": 2},),
    "integer": ({"minimum": 0}, {"exclusiveMaximum": 147}, {"enum": [0, 147]}),
    "number": ({"maximum": 1.5}, {"exclusiveMinimum": 0}, {"enum": [0, 1.5]}),
    "date": ({"minimum": "2010-01-01"}, {"exclusiveMaximum": "2010-03-31"}),
    "datetime": ({"minimum": "2010-03-31T12:00:00"},),
    "time": ({"maximum": "12:30:15.5"},),
    "year": ({"minimum": 2009}, {"enum": [2009, 2010]}),
    "yearmonth": ({"exclusiveMinimum": "2009-04"},),
    "array": ({"minLength": 1},),
    "object": ({"maxLength": 0},),
    "boolean": ({"enum": [True]},),
}
EQUATIONS = (
    *("children.n = {total}", "children.n <= {total}", "children.weight >= 0", "children = {rows}"),
    *("children[row=*].n >= 0", "parents[id=*].size >= children[parent.id=*].n", "children[parent.size=1|2] <= 2"),
    *("children[parent.size=*].n <= 2 * parents[size=*]", "children[n>1].n >= 2 * children[n>1]"),
    *("parents[id=*] = children[parent.id=*]", "children[parent={key}].n < 9", "parents.size - children.n <= 5"),
)
# Times with a zone and times without one in a column are not compared by an engine, which is tested elsewhere.
_ZONED = len("2010-03-31T12:00:00Z")


@dataclass(frozen=True)
class TwoTables:
    """A package to be written: two Table Schemas, their rows as texts, and equations.

    Attributes:
        kind, key: the types of the cells and of the key.
    """

    kind: str
    key: str
    schemas: dict[str, dict[str, Any]]
    rows: dict[str, list[tuple[str, ...]]]
    equations: tuple[str, ...]

    def write(self, folder: Path, *, evidence: bool = True) -> Path:
        """Write the package, with its rules or without."""
        tables = {name: (schema, self.text(name)) for name, schema in self.schemas.items()}
        if evidence and self.equations:
            numbered = [(f"rule_{n}", equation, "x") for n, equation in enumerate(self.equations)]
            tables["rules"] = (RULES, csv_text(("rule_id", "equation", "statement"), *numbered))
        copy = PackageFolder(folder)
        for file, data in package(tables, **{"$schema": f"{PROFILES}datapackage.json"}).files.items():
            copy.write(file, data)
        return folder

    def text(self, name: str) -> str:
        """Return a table as CSV."""
        return csv_text([field["name"] for field in self.schemas[name]["fields"]], *self.rows[name])


@st.composite
def cells(draw: Draw, kind: str) -> str:
    """Return a cell of a type: most often a good one, or else missing, another spelling, or spoilt."""
    alike = [text for pair in ALIKE.get(kind, ()) for text in pair if kind != "datetime" or len(text) < _ZONED]
    good = draw(st.sampled_from([*SPELLINGS[kind], *alike]))
    how = draw(st.integers(0, 19))
    if how < 16:
        return str(good)
    if how == 16:
        return ""
    if how == 17:
        return str(draw(st.sampled_from(SPELLINGS[draw(st.sampled_from(sorted(SPELLINGS)))])))
    at = draw(st.integers(0, len(good)))
    return str(good[:at] + draw(st.sampled_from(sorted(STRAYS.values()))) + good[at:])


@st.composite
def two_tables(draw: Draw) -> TwoTables:
    """Return parents with a key of some type, and children that refer to them, with cells of any type."""
    key, kind = draw(st.sampled_from(KEYS)), draw(st.sampled_from(sorted(SPELLINGS)))
    constraints: dict[str, Any] = dict(draw(st.sampled_from([{}, *CONSTRAINTS.get(kind, ())])))
    constraints |= draw(st.sampled_from([{}, {}, {"required": True}, {"unique": True}]))
    ids = draw(st.lists(st.sampled_from(SPELLINGS[key]), min_size=1, max_size=3, unique=True))
    referred = st.sampled_from([*ids, *ids, *ids, "", draw(cells(key))])
    number = st.sampled_from(["0", "1", "2", "3", "1", ""])
    rows = [
        (
            str(row),
            draw(referred),
            draw(cells(kind)),
            draw(number),
            draw(st.sampled_from(["0.5", "1.25", "2", "1e1", ""])),
        )
        for row in range(draw(st.integers(1, 4)))
    ]
    if draw(st.integers(0, 9)) == 0:
        rows.append(draw(st.sampled_from(rows)))
    parents = {"fields": [{"name": "id", "type": key}, {"name": "size", "type": "integer"}], "primaryKey": ["id"]}
    children = {
        "fields": [
            {"name": "row", "type": "integer"},
            {"name": "parent", "type": key},
            {"name": "cell", "type": kind, "constraints": constraints},
            {"name": "n", "type": "integer"},
            {"name": "weight", "type": "number"},
        ],
        "primaryKey": ["row"],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "parents", "fields": ["id"]}}],
    }
    if draw(st.integers(0, 4)) == 0:
        children["missingValues"] = ["", "x y"]
    if draw(st.integers(0, 4)) == 0:
        children["uniqueKeys"] = [["n", "weight"]]
    if draw(st.booleans()):
        children["scrdata:text"] = "clean"
    known = {"total": sum(int(row[3] or 0) for row in rows), "rows": len(rows), "key": json.dumps(ids[0])}
    chosen = draw(st.lists(st.sampled_from(EQUATIONS), max_size=4, unique=True))
    return TwoTables(
        kind=kind,
        key=key,
        schemas={"parents": parents, "children": children},
        rows={"parents": [(name, str(draw(st.integers(1, 3)))) for name in ids], "children": rows},
        equations=tuple(equation.format(**known) for equation in chosen),
    )
