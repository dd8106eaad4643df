"""Small random packages in which cells are added up, decide what is counted, and are held by relations of all kinds."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[[st.SearchStrategy[Any]], Any]
    Rows = list[tuple[str, ...]]

HIGHEST = 4
KINDS = ("a", "b")
LINEAR = [f"[kind={kind}]" for kind in KINDS] + [f"[id=i{number}]" for number in range(4)] + [""]
DECIDING = [
    *("[x=1]", "[x>=2]", "[x=0|3]", "[x>1,x<=3]", "[y<2]", "[kind=a,x=2]", "[kind=b,y>=1]", "[x>=1,y>=1]", '[x=""]'),
]
STARRED = ["[kind=*]", "[kind=*,x>=2]", "[kind=*,x=1]", "[id=*]", "[id=*,y>=1]", "[kind=a,id=*]"]
ALWAYS = ["[x>=0]", "[x<=9,kind=a]"]
COLUMNS = ("", ".x", ".y")


def schema(*, unique: bool) -> dict[str, Any]:
    """Return the schema of the table of items."""
    bounds = {"minimum": 0, "maximum": HIGHEST}
    return {
        "fields": [
            {"name": "id", "type": "string", "constraints": {"required": True}},
            {"name": "kind", "type": "string", "constraints": {"enum": list(KINDS)}},
            {"name": "x", "type": "integer", "constraints": bounds},
            {"name": "y", "type": "integer", "constraints": bounds},
            {"name": "within", "type": "string", "scrdata:reference": True, "scrdata:wholeOf": "y"},
        ],
        "primaryKey": ["id"],
        **({"uniqueKeys": [["kind", "x"]]} if unique else {}),
    }


def write(folder: Path, items: Rows, equations: list[str], mentions: Rows, *, unique: bool = False) -> None:
    """Write a package of items, rules and mentions."""
    texts = {"items": ("id", "kind", "x", "y", "within"), "rules": ("rule_id", "equation"),
             "mentions": ("mention_id", "locator", "printed", "value", "relation", "total", "share_of")}  # fmt: skip
    rows = {"items": items, "rules": [(f"rule_{n}", text) for n, text in enumerate(equations)], "mentions": mentions}
    resources = []
    for name, columns in texts.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([columns, *rows[name]])
        (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        fields = {"fields": [{"name": column, "type": "string"} for column in columns]}
        own = schema(unique=unique) if name == "items" else {**fields, "primaryKey": [columns[0]]}
        resources.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": own})
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "guarded", "resources": resources,
        "scrdata:rules": "rules", "scrdata:mentions": "mentions",
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def draw_items(draw: Draw, *, missing: bool) -> Rows:
    """Draw the rows of the table of items."""
    number = st.integers(0, HIGHEST).map(str)
    cell = st.one_of(number, number, number, st.just("")) if missing else number
    whole = st.sampled_from(["", "", "items.x", "items[kind=a].y"])
    count = draw(st.integers(2, 4))
    return [(f"i{row}", draw(st.sampled_from(KINDS)), draw(cell), draw(cell), draw(whole)) for row in range(count)]


def stars(conditions: str) -> str:
    """Return the column that some conditions star; empty if none."""
    return next((name for name in ("kind", "id") if f"{name}=*" in conditions), "")


@st.composite
def equations(draw: Draw, conditions: list[str], ids: int, *, equal: bool) -> tuple[str, str, int]:
    """Draw what is left of the constant of an equation, its relation, and how far from it the constant is."""
    known = [text for text in conditions if not (text.startswith("[id=i") and int(text[5]) >= ids)]
    first = draw(st.sampled_from(known))
    fitting = [text for text in known if stars(text) == stars(first)]
    terms = []
    for position in range(draw(st.integers(1, 3))):
        condition = first if position == 0 else draw(st.sampled_from(fitting))
        factor = draw(st.sampled_from(["", "", "2 * "]))
        sign = "" if position == 0 else draw(st.sampled_from([" + ", " - "]))
        terms.append(f"{sign}{factor}items{condition}{draw(st.sampled_from(COLUMNS))}")
    relation = draw(st.sampled_from(["="] if equal else ["=", "=", "<=", ">=", "<", ">"]))
    return "".join(terms), relation, draw(st.integers(0, 2))


def completed(package: scrdata.Package, drawn: tuple[str, str, int]) -> str | None:
    """Return an equation that holds, with the constant that is left of it; `None` where it cannot hold."""
    left, relation, slack = drawn
    totals = package.contents.totals
    equation = totals.equation(f"{left} = 0")
    amounts = totals.sums(equation.left, totals.instances(equation))
    known = [amount for amount in amounts if amount is not None] or [0]
    shift = {"=": 0, "<=": slack, ">=": -slack, "<": slack + 1, ">": -slack - 1}[relation]
    constant = (max if relation in ("<", "<=") else min)(known) + shift
    if relation == "=" and len(set(known)) > 1:
        return None
    return f"{left} {relation} {constant}" if constant >= 0 else f"{left} + {-constant} {relation} 0"


@st.composite
def packages(draw: Draw, folder: Path, conditions: list[str], *, missing: bool = True) -> scrdata.Package:
    """Draw a valid package and write it into a folder."""
    items = draw_items(draw, missing=missing)
    write(folder, items, [], [])
    package = scrdata.open_package(folder)
    equal = draw(st.booleans())
    drawn = draw(st.lists(equations(conditions, len(items), equal=equal), min_size=1, max_size=5))
    texts = [text for part in drawn if (text := completed(package, part)) is not None]
    mentions: Rows = []
    total = package.total("items.x")
    if isinstance(total, int) and draw(st.booleans()):
        mentions.append(("m1", "here", str(total), str(total), "=", "items.x", ""))
    part = package.total("items[kind=a].y")
    base = package.total("items.y")
    if isinstance(part, int) and isinstance(base, int) and base and draw(st.booleans()):
        percent = f"{round(100 * part / base)}%"
        mentions.append(("m2", "here", percent, percent, "=", "items[kind=a].y", "items.y"))
    unique = draw(st.booleans()) and len({row[1:3] for row in items if row[2]}) == len([row for row in items if row[2]])
    write(folder, items, texts, mentions, unique=unique)
    return scrdata.open_package(folder)
