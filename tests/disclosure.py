"""What the package may hold about children, and the checks that it holds no more; `docs/disclosure.md` says why.

Each check takes a package as plain text and returns what breaks it, as sentences. Nothing of scrdata is used, so that
a mistake there hides nothing here.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, str]
FOLDER = Path(__file__).parent


@dataclass
class Table:
    """A table as its files have it."""

    rows: list[Row]
    schema: dict[str, Any]

    @property
    def columns(self) -> list[str]:
        """The names of the columns, by the schema and by the file."""
        names = [field["name"] for field in self.schema["fields"]]
        return [*names, *(name for name in (self.rows[0] if self.rows else ()) if name not in names)]

    def types(self) -> dict[str, str]:
        """Return the type of each column of the schema."""
        return {field["name"]: field.get("type", "string") for field in self.schema["fields"]}

    def targets(self) -> set[str]:
        """Return the names of the tables that foreign keys lead to."""
        return {key["reference"].get("resource", "") for key in self.schema.get("foreignKeys", [])} - {""}


Package = dict[str, Table]


def read_package(folder: Path) -> Package:
    """Return all tables that lie in a package's folder, whether or not its descriptor names them."""
    tables = {}
    for path in sorted((folder / "data").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        schema = folder / "schemas" / f"{path.stem}.json"
        tables[path.name.removesuffix(".csv")] = Table(rows, json.loads(schema.read_bytes()))
    return tables


CASE_TABLES = ("cases", "case_factors", "case_agencies")
AREA_TABLES = ("boards", "reviews")
CHILD_COUNTS = (
    *("child_characteristics", "child_circumstances", "causes_of_death", "looked_after_deaths", "review_sizes"),
)
EVIDENCE = ("rules", "mentions", "discrepancies", "discrepancy_totals")
# What is allowed. `tables` are all that may exist: the primary key, and the level of detail of each column:
#   key       names the row              count     a number of reviews or children   area    a Board, or what holds it
#   code      one of a closed list       age       a whole number of years           date    a day
#   reference a total, or an equation    number    a place, a page, a year           place   where in the report
#   words     this package's own words   printed   number words of the report
# `codes` are those of columns that say something about children: what the report tells, and nothing finer. `added_up`
# are numbers of cases that the report prints in parts only. `words` may begin with a capital: what the report and the
# law name; `openings` may do so at the beginning of a sentence, and stand nowhere in small letters.
ALLOWED: dict[str, Any] = json.loads((FOLDER / "disclosure.json").read_text(encoding="utf-8"))
TABLES: dict[str, dict[str, Any]] = ALLOWED["tables"]
ADDED_UP = {(item["case_id"], item["column"]): item["value"] for item in ALLOWED["added_up"]}
VOCABULARY, OPENINGS = set(ALLOWED["words"]), set(ALLOWED["openings"])
OLDEST_CHILD = 17
MOST_CASE_CHILDREN = 10

_LOCAL_AUTHORITY = re.compile(r"E(?:06|08|09|10)[0-9]{6}")
_CODE_OF_AREA = re.compile(r"\b[EWSNKL][0-9]{8}\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:19|20)[0-9]{{2}}\b|[0-9]+[-/.][0-9]+[-/.][0-9]+|\b(?:{_MONTHS})\b")
_AGE = re.compile(r"\b(?:weeks?|months?|days?|years?|hours?|aged?|birthdays?|born)\b|-old\b|[0-9]")
_AGE_OF_A_PERSON = re.compile(r"\b(?:aged|birthdays?|born)\b|[- ]old\b|[0-9]")
_WORD = re.compile(r"[^\W\d_]+")


def _columns(table: str) -> dict[str, str]:
    """Return the allowed columns of a table, each with its level of detail."""
    columns: dict[str, str] = TABLES[table]["columns"] if table in TABLES else {}
    return columns


def _cells(package: Package, *levels: str) -> Iterator[tuple[str, str, Row, str]]:
    """Yield table, column, row and text of each cell of some levels; columns that are not allowed are words."""
    for name, table in package.items():
        known = _columns(name)
        for column in table.columns:
            if known.get(column, "words") in levels:
                yield from ((name, column, row, row[column]) for row in table.rows if row.get(column))


def breached_tables(package: Package) -> list[str]:
    """Return the tables that are not on the list."""
    return [f"the table {name} is not allowed" for name in sorted(package.keys() - TABLES.keys())]


def breached_columns(package: Package) -> list[str]:
    """Return columns that are not on the list, and keys that count by more or by other columns than the list says."""
    found = []
    for name in sorted(package.keys() & TABLES.keys()):
        table, key = package[name], TABLES[name]["key"]
        found += [f"{name}.{column} is not allowed" for column in table.columns if column not in _columns(name)]
        if table.schema.get("primaryKey") != key:
            found.append(f"the key of {name} is not {', '.join(key)}")
    return found


def breached_types(package: Package) -> list[str]:
    """Return columns of tables about children that are not of text or integers: a date would be a detail."""
    return [
        f"{name}.{column} is of type {kind}"
        for name, table in package.items()
        if _is_about_children(name, table)
        for column, kind in table.types().items()
        if kind not in ("string", "integer")
    ]


def _is_about_children(name: str, table: Table) -> bool:
    by_name = name in (*CASE_TABLES, *CHILD_COUNTS)
    return by_name or any(re.match("case_|child", column) for column in table.columns)


def breached_codes(package: Package) -> list[str]:
    """Return codes about children, used or only declared, that are not on the list: each is a finer group."""
    found = []
    for place, codes in ALLOWED["codes"].items():
        name, _, column = place.partition(".")
        used = {row.get(column, "") for row in package[name].rows} - {""}
        for field in package[name].schema["fields"]:
            if field["name"] == column:
                used |= {entry["value"] for entry in field.get("categories", [])}
                used |= set(field.get("constraints", {}).get("enum", []))
        found += [f"{place} has the code {code}" for code in sorted(used.difference(codes))]
    return found


def breached_links(package: Package) -> list[str]:
    """Return what leads from a case to a Board or a review: keys, columns, cells, or an equation about both."""
    found = [
        f"foreign keys lead from {name} to {area}"
        for name in package
        if name in CASE_TABLES or "case_id" in package[name].columns
        for area in sorted(_connected(package, name) & set(AREA_TABLES))
    ]
    area_columns = {column for name in AREA_TABLES for column in _columns(name)}
    for name, table in package.items():
        both = area_columns.intersection(table.columns)
        if both and (name in CASE_TABLES or "case_id" in table.columns):
            found.append(f"{name} has cases beside {', '.join(sorted(both))}")
    ids = {row["review_id"] for row in package["reviews"].rows} | {row["board_id"] for row in package["boards"].rows}
    for name, column, row, text in _all_cells(package):
        if name in CASE_TABLES and text in ids:
            found.append(f"{name}.{column} is {text}")
        if name not in (*CASE_TABLES, *EVIDENCE) and re.search(r"\bcase-[0-9]", text):
            found.append(f"{name}.{column} names {text}")
        if name in EVIDENCE and _names(row, CASE_TABLES) and _names(row, AREA_TABLES):
            found.append(f"{name}.{column} is about cases and Boards: {text}")
    return found


def _all_cells(package: Package) -> Iterator[tuple[str, str, Row, str]]:
    for name, table in package.items():
        for row in table.rows:
            yield from ((name, column, row, text) for column, text in row.items() if text)


def _connected(package: Package, start: str) -> set[str]:
    """Return the tables that foreign keys join with one, in either direction and over any number of steps."""
    reached, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        beside = package[name].targets() | {other for other, table in package.items() if name in table.targets()}
        waiting += sorted(beside & package.keys() - reached)
        reached |= beside & package.keys()
    return reached


def _names(row: Row, tables: tuple[str, ...]) -> bool:
    """Say whether a row of evidence refers to one of some tables."""
    text = " ".join(row.get(column) or "" for column in ("equation", "total", "share_of"))
    return re.search(rf"(?<![\w.=|-])(?:{'|'.join(tables)})(?=[\[. ]|$)", text) is not None


def breached_numbers(package: Package) -> list[str]:
    """Return numbers of cases that the report does not print: each age and count has its mention, in its paragraphs."""
    printed = {
        (match[1], match[2], row["value"]): row
        for row in package["mentions"].rows
        if (match := re.fullmatch(r"cases\[case_id=([^\]]+)\]\.([a-z_]+)", row["total"])) and row["relation"] == "="
    }
    found = []
    for row in package["cases"].rows:
        for column in ("children", "youngest_age", "oldest_age"):
            text = row[column]
            if text and not _is_printed(row, column, printed):
                found.append(f"cases.{column} of {row['case_id']} is {text}, which no number of the report prints")
    return found


def _is_printed(row: Row, column: str, printed: dict[tuple[str, str, str], Row]) -> bool:
    text, case = row[column], row["case_id"]
    most = MOST_CASE_CHILDREN if column == "children" else OLDEST_CHILD
    if not re.fullmatch("[1-9][0-9]?", text) or int(text) > most:
        return False
    if column == "oldest_age" and row["children"] == "1" and text == row["youngest_age"]:
        column = "youngest_age"
    if column == "children" and (text == "1" or ADDED_UP.get((case, column)) == text):
        return True
    mention = printed.get((case, column, text))
    if mention is None or mention["kind"] != "case_detail":
        return False
    paragraphs = [part.split("-") for part in row["paragraphs"].split("; ")]
    place = int(mention["locator"].removeprefix("para "))
    is_there = any(int(part[0]) <= place <= int(part[-1]) for part in paragraphs)
    return is_there and (column == "children" or mention["unit"] == "years")


def breached_areas(package: Package) -> list[str]:
    """Return cells that name a Board, its area or a smaller one, if the row is not about the list of Boards alone."""
    naming = _area_pattern(package)
    slugs = {row["board_id"] for row in package["boards"].rows}
    found = []
    for name, column, row, text in _all_cells(package):
        codes = [code for code in _CODE_OF_AREA.findall(text) if not _LOCAL_AUTHORITY.fullmatch(code)]
        if codes or _POSTCODE.search(text):
            found.append(f"{name}.{column} has the code of a small area: {text}")
        if name in AREA_TABLES:
            continue
        named = naming.search(text) or text in slugs or _CODE_OF_AREA.search(text)
        if named and not (name in EVIDENCE and _is_about_boards_alone(row, package)):
            found.append(f"{name}.{column} names an area: {text}")
    return found


def _area_pattern(package: Package) -> re.Pattern[str]:
    """Return what finds the names of Boards, authorities and regions in a text, the longest first."""
    columns = ("name", "local_authority", "region")
    names = {row[column] for row in package["boards"].rows for column in columns} - {""}
    in_order = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, in_order))})(?!\w)")


def _is_about_boards_alone(row: Row, package: Package) -> bool:
    """Say whether a row of evidence refers to Boards or reviews, itself or by its totals, and to no other table."""
    rows = [row]
    if "discrepancy_id" in row:
        totals = package["discrepancy_totals"].rows
        rows += [other for other in totals if other["discrepancy_id"] == row["discrepancy_id"]]
    others = tuple(package.keys() - set(AREA_TABLES))
    return any(_names(one, AREA_TABLES) for one in rows) and not any(_names(one, others) for one in rows)


def breached_small_counts(package: Package) -> list[str]:
    """Return numbers beside a Board or an area, other than the place in the report's list: small ones name people."""
    areas = set(_columns("boards")) - {"name", "note"}
    found = []
    for name, table in package.items():
        if not areas.intersection(table.columns) and not table.targets() & set(AREA_TABLES):
            continue
        allowed = {column for column, level in _columns(name).items() if level == "number"}
        for column, kind in table.types().items():
            if kind in ("integer", "number") and column not in allowed:
                small = sum(row.get(column) in ("1", "2", "3", "4") for row in table.rows)
                found.append(f"{name}.{column} is a number beside an area, {small} times from 1 to 4")
    return found


def breached_details(package: Package) -> list[str]:
    """Return cells about children that hold a day, a month, a year, or an age other than in the columns for ages."""
    found = [
        f"{name}.{column} tells of an age: {text}"
        for name, column, _, text in _cells(package, "words")
        if name in ("lessons", "key_findings") and _AGE_OF_A_PERSON.search(text)
    ]
    children = {name for name, table in package.items() if _is_about_children(name, table)}
    for name, column, _, text in _all_cells(package):
        if name not in children:
            continue
        level = _columns(name).get(column, "words")
        if level != "reference" and _DATE.search(text):
            found.append(f"{name}.{column} has a date: {text}")
        if level == "words" and _AGE.search(text):
            found.append(f"{name}.{column} tells of a time or an age: {text}")
    return found


def breached_words(package: Package) -> list[str]:
    """Return capitalised words that are not in the vocabulary and could be names, in texts of tables and schemas."""
    texts = [(f"{name}.{column}", text) for name, column, _, text in _cells(package, "words", "printed")]
    for name, table in package.items():
        texts += [(f"the schema of {name}", text) for text in _words_of(table.schema)]
    # Names of areas are judged by another check; without them, what is left of a text is judged here.
    areas = _area_pattern(package)
    texts = [(place, areas.sub("…", text)) for place, text in texts]
    small = {word for _, text in texts for word in _WORD.findall(text) if word.islower()}
    found = []
    for place, text in texts:
        for sentence in re.split(r"(?<=[.:;?!]) |\n", text):
            for position, word in enumerate(_WORD.findall(sentence)):
                is_opening = position == 0 and (word in OPENINGS or word.lower() in small)
                if word[0].isupper() and word not in VOCABULARY and not is_opening:
                    found.append(f"{place} has the word {word}: {text}")
    return found


def _words_of(value: object) -> Iterator[str]:
    """Yield the texts for people in a schema."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in ("title", "description", "label") and isinstance(part, str):
                yield part
            else:
                yield from _words_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words_of(part)


CHECKS = (
    breached_tables,
    breached_columns,
    breached_types,
    breached_codes,
    breached_links,
    breached_numbers,
    breached_areas,
    breached_small_counts,
    breached_details,
    breached_words,
)
