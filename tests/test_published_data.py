"""What is promised of the shipped data: it is valid, described, and no number in it can change unnoticed."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import operator
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import scrdata
from scrdata.totals import Totals
from scrdata.values import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import PackageFolder

    from scrdata.reading import Table

SHIPPED = scrdata.open_package()
ROOT = Path(SHIPPED.location)
DESCRIPTOR: dict[str, Any] = json.loads((ROOT / "datapackage.json").read_bytes())
RESOURCES: dict[str, dict[str, Any]] = {resource["name"]: resource for resource in DESCRIPTOR["resources"]}
SCHEMAS = {name: json.loads((ROOT / resource["schema"]).read_bytes()) for name, resource in RESOURCES.items()}
TABLES: dict[str, Table] = {name: SHIPPED.table(name) for name in RESOURCES}
COUNTS = ("reviews", "children", "children_who_died")
LAST_PARAGRAPH = 147


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file as plain text, read by the standard module and nothing of ours."""
    with (ROOT / RESOURCES[name]["path"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {name: read_rows(name) for name in RESOURCES}
RULES = {row["rule_id"]: row for row in ROWS["rules"]}
REGISTERED = {
    (row["check_id"], row["instance"], row["left_value"], row["right_value"])
    for row in ROWS["discrepancies"]
    if row["check_id"]
}


def fields(name: str) -> list[dict[str, Any]]:
    """Return the fields of a table as its schema writes them."""
    listed: list[dict[str, Any]] = SCHEMAS[name]["fields"]
    return listed


FIELDS = [(name, field) for name in RESOURCES for field in fields(name)]
FIELD_IDS = [f"{name}.{field['name']}" for name, field in FIELDS]


def totals_of(tables: dict[str, Table]) -> Totals:
    """Return totals over tables."""
    return Totals(tables, {name: table.schema for name, table in TABLES.items()})


TOTALS = totals_of(TABLES)
EQUATIONS = {name: TOTALS.equation(row["equation"]) for name, row in RULES.items()}
NEEDED = {
    name: {table for reference in equation.references for table in TOTALS.needed(reference)}
    for name, equation in EQUATIONS.items()
}
MENTIONS = {row["mention_id"]: row for row in ROWS["mentions"]}
NEEDED |= {
    name: {table for part in ("total", "share_of") if row[part] for table in TOTALS.needed(TOTALS.reference(row[part]))}
    for name, row in MENTIONS.items()
}
HOLDS = {"=": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


class Outcome(NamedTuple):
    """One instance of a rule, with both sides as the register writes them, and whether the rule holds there."""

    check: str
    instance: str
    left: str
    right: str
    holds: bool | None


def outcomes(totals: Totals, tables: set[str]) -> Iterator[Outcome]:
    """Yield what becomes of each mention, and of each instance of a rule, that reads one of these tables."""
    for name, equation in EQUATIONS.items():
        if not NEEDED[name] & tables:
            continue
        stars = next((reference.stars for reference in equation.references if reference.stars), ())
        instances = totals.instances(equation)
        sides = totals.sums(equation.left, instances), totals.sums(equation.right, instances)
        for values, left, right in zip(instances, *sides, strict=True):
            holds = None if left is None or right is None else HOLDS[equation.relation](left, right)
            instance = ",".join(f"{path[-1]}={value}" for path, value in zip(stars, values, strict=True))
            yield Outcome(name, instance, to_text(left), to_text(right), holds)
    for name in MENTIONS:
        if NEEDED[name] & tables:
            yield mention_outcome(name, totals)


def mention_outcome(name: str, totals: Totals) -> Outcome:
    """Compare the total, or the share, that a mention states with what it prints; percentages in whole ones."""
    row = MENTIONS[name]
    total, base = (totals.value(totals.reference(row[part])) if row[part] else 1 for part in ("total", "share_of"))
    if total is None or base is None:
        return Outcome(name, "", to_text(total), row["value"], None)
    printed = Fraction(row["value"].removesuffix("%")) / (100 if row["value"].endswith("%") else 1)
    share = Fraction(int(total), int(base))
    holds = HOLDS[row["relation"]](share, printed)
    if row["value"].endswith("%") and row["relation"] == "=":
        holds = abs(share - printed) <= Fraction(1, 200)
    return Outcome(name, "", to_text(total), row["value"], holds)


def named(check: str, instance: str) -> str:
    """Return the name of a check as reports print it."""
    return f"{check}[{instance}]" if instance else check


def test_package_is_valid_but_for_what_it_registers() -> None:
    """The shipped package is valid, and the checks that fail are exactly the registered ones, with their numbers."""
    report = SHIPPED.validate()
    assert report.valid
    assert report.findings == report.not_checked == ()
    known = {(str(item["check"]), str(item["left"]), str(item["right"])) for item in report.known_discrepancies}
    assert known == {(named(check, instance), left, right) for check, instance, left, right in REGISTERED}
    assert len(report.known_discrepancies) == len(REGISTERED) > 0
    assert report.checked["rules"] == len(RULES)


def test_open_checks_are_about_cells_that_are_not_printed() -> None:
    """Every open check needs a cell that the report does not print, and it is listed."""
    unknown = {named(found.check, found.instance) for found in outcomes(TOTALS, set(TABLES)) if found.holds is None}
    assert {item.check for item in SHIPPED.validate().open} == unknown


@pytest.mark.parametrize("name", RESOURCES)
def test_resource_is_described(name: str) -> None:
    """Each resource states title, description, the true bytes, hash and rows of its file, and a schema of its name."""
    resource = RESOURCES[name]
    assert (resource["path"], resource["schema"]) == (f"data/{name}.csv", f"schemas/{name}.json")
    data = (ROOT / resource["path"]).read_bytes()
    assert resource["title"]
    assert len(resource["description"].split()) > 3
    assert resource["bytes"] == len(data)
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert resource["scrdata:rows"] == len(ROWS[name])
    assert (resource["type"], resource["format"], resource["encoding"]) == ("table", "csv", "utf-8")


@pytest.mark.parametrize(("folder", "ending"), [("data", ".csv"), ("schemas", ".json")])
def test_no_file_is_left_over(folder: str, ending: str) -> None:
    """The folders of data and schemas hold the files of the resources and nothing else."""
    assert sorted(path.name for path in (ROOT / folder).iterdir()) == sorted(f"{name}{ending}" for name in RESOURCES)


@pytest.mark.parametrize("name", RESOURCES)
def test_bytes_are_plain(name: str) -> None:
    """Each file is UTF-8 with LF line ends, a final newline and the header of its schema."""
    data = (ROOT / RESOURCES[name]["path"]).read_bytes()
    assert data.decode("utf-8").endswith("\n")
    assert b"\r" not in data
    assert data.split(b"\n")[0].decode().split(",") == [field["name"] for field in fields(name)]


@pytest.mark.parametrize("name", RESOURCES)
def test_keys_are_declared(name: str) -> None:
    """Each table has a primary key of columns that it has, all of them required, and promises clean text."""
    schema = SCHEMAS[name]
    required = {field["name"] for field in fields(name) if field.get("constraints", {}).get("required")}
    assert isinstance(schema["primaryKey"], list)
    assert schema["primaryKey"]
    assert set(schema["primaryKey"]) <= required
    assert schema["scrdata:text"] == "clean"
    keys = [tuple(row[column] for column in schema["primaryKey"]) for row in ROWS[name]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("field", [field for _, field in FIELDS], ids=FIELD_IDS)
def test_field_is_described(field: dict[str, Any]) -> None:
    """Each field has a type, a title and a description that ends as a sentence does."""
    assert field["type"]
    assert field["title"]
    assert len(field["description"].split()) > 1
    assert field["description"].endswith(".")


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=FIELD_IDS)
def test_codes_are_labelled(name: str, field: dict[str, Any]) -> None:
    """Each code has a label of its own; the list of codes is also the enum, in the same order; each code is used."""
    codes = field.get("categories")
    enum = field.get("constraints", {}).get("enum")
    if codes is None:
        assert enum is None
        return
    assert [code["value"] for code in codes] == enum
    labels = [code["label"] for code in codes]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    used = {row[field["name"]] for row in ROWS[name]}
    assert used - {""} <= set(enum)


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name, field in FIELDS if field["name"] in COUNTS],
    ids=[place for place in FIELD_IDS if place.rpartition(".")[2] in COUNTS],
)
def test_counts_name_their_population(name: str, field: dict[str, Any]) -> None:
    """The description of each count says within which population it counts, and the count is a natural number."""
    assert re.search(r"\b(?:within|among)\b", field["description"]), (name, field["description"])
    assert field["type"] == "integer"
    assert field["constraints"]["minimum"] >= 0
    assert field["constraints"]["maximum"] >= max(int(row[field["name"]] or 0) for row in ROWS[name])


POPULATED = [name for name in RESOURCES if any(field.get("scrdata:wholeOf") for field in fields(name))]
HEADLINES = {
    "reviews": 10,
    "child_characteristics[characteristic=outcome].children": 7,
    "child_characteristics[characteristic=outcome,category=died].children": 4,
}
REFERENCES = [(name, field["name"]) for name, field in FIELDS if field.get("scrdata:reference")]


@pytest.mark.parametrize(("name", "column"), REFERENCES)
def test_references_are_canonical(name: str, column: str) -> None:
    """Each reference stands in its canonical spelling."""
    texts = [row[column] for row in ROWS[name] if row[column]]
    assert texts
    assert [str(TOTALS.canonical(TOTALS.reference(text))) for text in texts] == texts


def test_mentions_are_numbered_within_their_place() -> None:
    """A mention is called by its place and its number there; the rows of one place follow one another."""
    seen: dict[str, int] = {}
    for row in ROWS["mentions"]:
        place = row["locator"].replace(" ", "_")
        seen[place] = seen.get(place, 0) + 1
        assert row["mention_id"] == f"{place}_{seen[place]}"
    runs = [locator for locator, _ in itertools.groupby(row["locator"] for row in ROWS["mentions"])]
    assert len(runs) == len(set(runs))


def test_every_statistic_states_a_total_or_says_why_not() -> None:
    """A mention of kind statistic has a total, or a note; a total has a relation, and nothing else has one."""
    for row in ROWS["mentions"]:
        assert row["kind"] != "statistic" or row["total"] or row["note"], row
        assert bool(row["total"]) is bool(row["relation"]), row


def test_headline_figures_are_mentioned_wherever_they_are_printed() -> None:
    """The figures that the report repeats are separate mentions of one total each."""
    places = {total: [row["locator"] for row in ROWS["mentions"] if row["total"] == total] for total in HEADLINES}
    assert {total: len(found) >= HEADLINES[total] for total, found in places.items()} == dict.fromkeys(HEADLINES, True)


@pytest.mark.parametrize("name", POPULATED)
def test_populations_are_wholes(name: str) -> None:
    """Each population is a canonical reference to a total that is known, and no count exceeds it."""
    (field,) = [field for field in fields(name) if field.get("scrdata:wholeOf")]
    for row in ROWS[name]:
        reference = TOTALS.reference(row[field["name"]])
        whole = TOTALS.value(reference)
        assert isinstance(whole, int)
        assert int(row[field["scrdata:wholeOf"]] or 0) <= whole


@pytest.mark.parametrize("name", [name for name in RESOURCES if "value_status" in ROWS[name][0]])
def test_value_status_says_whether_there_is_a_number(name: str) -> None:
    """A count is empty exactly where its status says that nothing is printed."""
    column = "children" if "children" in ROWS[name][0] else "reviews"
    assert [row for row in ROWS[name] if (row["value_status"] == "not_printed") is not (row[column] == "")] == []


@pytest.mark.parametrize("name", RULES)
def test_equation_is_canonical(name: str) -> None:
    """Each equation reads as the notation prints it, with its conditions in the order of the schema."""
    references = EQUATIONS[name].references
    assert str(EQUATIONS[name]) == RULES[name]["equation"]
    assert [TOTALS.canonical(reference) for reference in references] == list(references)


def test_rules_are_named_after_what_is_true() -> None:
    """A rule has an id in lower case, a sentence, a known basis, and no equation stands twice."""
    assert [name for name in RULES if not re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)+", name)] == []
    assert [name for name, row in RULES.items() if not row["statement"].endswith(".")] == []
    assert {row["basis"] for row in RULES.values()} == {"printed", "definition", "derived"}
    equations = [row["equation"] for row in RULES.values()]
    assert sorted(equation for equation in set(equations) if equations.count(equation) > 1) == []


LOCATOR = re.compile(
    r"executive summary para [1-9]|key finding (?P<finding>[0-9]+)|para (?P<para>[0-9]+)|table (?P<table>[0-9]+)"
    r"|figure [1-9]|footnote [1-9]|annex [ab]"
)
LIMITS = {"finding": len(ROWS["key_findings"]), "para": LAST_PARAGRAPH, "table": 3}
LOCATED = [(name, column) for name in RESOURCES for column in ("locators", "cited_in") if column in ROWS[name][0]]


def test_locators_name_places_of_the_report() -> None:
    """Each locator is one of the documented forms, with a number that the report has, and fits the schema's pattern."""
    assert {name for name, _ in LOCATED} >= {"rules", "discrepancies", "publications"}
    for name, column in LOCATED:
        field = TABLES[name].schema.field(column)
        assert field
        assert "pattern" in field.properties["constraints"]
        assert field.parse("para 1; elsewhere")[1]
        for locator in [locator for row in ROWS[name] for locator in row[column].split("; ")]:
            match = LOCATOR.fullmatch(locator)
            assert match, (name, locator)
            numbers = {kind: int(number) for kind, number in match.groupdict().items() if number}
            assert all(1 <= number <= LIMITS[kind] for kind, number in numbers.items()), (name, locator)


def paragraph_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield first and last paragraph of each part of a text such as `42-43; 50`."""
    for part in text.split("; "):
        first, _, last = part.partition("-")
        yield int(first), int(last or first)


def test_paragraphs_are_those_of_the_report() -> None:
    """Lists of paragraphs rise from 1 to at most 147, without overlaps; ranges hold at least two."""
    lists = [row["paragraphs"] for name in RESOURCES for row in ROWS[name] if row.get("paragraphs")]
    assert lists
    for text in lists:
        assert re.fullmatch(r"[1-9][0-9]*(?:-[1-9][0-9]*)?(?:; [1-9][0-9]*(?:-[1-9][0-9]*)?)*", text)
        numbers = [number for first, last in paragraph_ranges(text) for number in range(first, last + 1)]
        assert numbers == sorted(set(numbers))
        assert 1 <= numbers[0] <= numbers[-1] <= LAST_PARAGRAPH
        assert not re.search(r"\b([0-9]+)-\1\b", text)


def test_sections_cover_every_paragraph_once() -> None:
    """The sections without subsections, and what their parents add, hold each paragraph from 1 to 147."""
    spans = {
        row["section_id"]: (int(row["first_paragraph"]), int(row["last_paragraph"]))
        for row in ROWS["sections"]
        if row["first_paragraph"]
    }
    parents = {row["section_id"]: row["parent_id"] for row in ROWS["sections"]}
    top = sorted(span for section, span in spans.items() if not parents[section])
    assert (top[0][0], top[-1][1]) == (1, LAST_PARAGRAPH)
    assert [later[0] for later in top[1:]] == [earlier[1] + 1 for earlier in top[:-1]]
    for section, (first, last) in spans.items():
        if parents[section]:
            assert spans[parents[section]][0] <= first <= last <= spans[parents[section]][1]


CASE_TABLES = ("cases", "case_factors", "case_agencies")


def test_no_table_links_a_case() -> None:
    """The cases refer to sections and to one another only, and nothing else has a key to a case, Board or review."""
    keys = {name: SCHEMAS[name].get("foreignKeys", []) for name in RESOURCES}
    referred = {(name, key["reference"]["resource"] or name) for name in RESOURCES for key in keys[name]}
    assert {pair for pair in referred if pair[0] in CASE_TABLES or pair[1] in CASE_TABLES} <= {
        ("cases", "sections"),
        ("case_factors", "cases"),
        ("case_agencies", "cases"),
    }
    assert {pair for pair in referred if pair[1] in ("boards", "reviews")} == {("reviews", "boards")}
    assert [place for place in FIELD_IDS if place.endswith(".case_id") and place.split(".")[0] not in CASE_TABLES] == []


def test_no_text_names_a_board_beside_its_table() -> None:
    """Outside of its own row no text names a Board, so that nothing said about children can be tied to one."""
    boards = {row["name"] for row in ROWS["boards"]} | {row["board_id"] for row in ROWS["boards"]}
    naming = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(board)}(?![A-Za-z])" for board in sorted(boards)))
    for name in RESOURCES.keys() - {"boards", "reviews"}:
        for row in ROWS[name]:
            about_boards = name == "rules" and NEEDED[row["rule_id"]] <= {"boards", "reviews"}
            texts = [text for text in row.values() if naming.search(text) and not about_boards]
            assert texts == [], (name, texts)


def mutations(columns: tuple[str, ...] | None = None) -> Iterator[tuple[str, str, int, int]]:
    """Yield table, column, row and new value for each integer cell raised and lowered by one."""
    for name, field in FIELDS:
        wanted = field["type"] == "integer" if columns is None else field["name"] in columns
        for row, cells in enumerate(ROWS[name]):
            if wanted and cells[field["name"]]:
                for change in (1, -1):
                    yield name, field["name"], row, int(cells[field["name"]]) + change


def changed_table(name: str, column: str, row: int, value: int) -> Table:
    """Return a table in which one cell has another value."""
    cells = list(TABLES[name].columns[column])
    cells[row] = value
    return TABLES[name].changed(columns={**TABLES[name].columns, column: cells})


def is_noticed(name: str, column: str, row: int, value: int) -> bool:
    """Say whether a changed cell breaks its constraints, its key, a rule, a registered discrepancy or a population."""
    field = TABLES[name].schema.field(column)
    assert field is not None
    if field.parse(str(value))[1]:
        return True
    table = changed_table(name, column, row, value)
    for key in (table.schema.primary_key, *table.schema.unique_keys, *([(column,)] if field.unique else [])):
        values = list(zip(*(table.columns[part] for part in key), strict=True))
        if len(set(values)) < len(values):
            return True
    totals = totals_of({**TABLES, name: table})
    failing = {found[:4] for found in outcomes(totals, {name}) if found.holds is False}
    if failing != {item for item in REGISTERED if name in NEEDED[item[0]]}:
        return True
    return any(
        int(cells[part["scrdata:wholeOf"]] or 0) > (totals.value(totals.reference(cells[part["name"]])) or 0)
        for populated in POPULATED
        for part in fields(populated)
        if part.get("scrdata:wholeOf")
        for cells in ROWS[populated]
    )


def test_unchanged_data_are_not_noticed() -> None:
    """The probe of the next test is quiet about each cell as it stands."""
    loud = [
        (name, column, row)
        for name, column, row, value in mutations(COUNTS)
        if is_noticed(name, column, row, value - 1 if value > int(ROWS[name][row][column]) else value + 1)
    ]
    assert loud == []


@pytest.mark.parametrize("name", sorted({name for name, field in FIELDS if field["type"] == "integer"}))
def test_no_integer_can_be_off_by_one(name: str) -> None:
    """Each integer of each table, raised or lowered by one, breaks a constraint, a key, a rule or a population."""
    unnoticed = [mutation for mutation in mutations() if mutation[0] == name and not is_noticed(*mutation)]
    assert unnoticed == []


SAMPLE = list(mutations(COUNTS))[::24]


@pytest.mark.parametrize(("name", "column", "row", "value"), SAMPLE)
def test_validator_notices_what_the_rules_notice(
    shipped_copy: PackageFolder, name: str, column: str, row: int, value: int
) -> None:
    """A count that is off by one in the file, with bytes and hash repaired, makes the package invalid by a rule."""
    rows = [*ROWS[name]]
    rows[row] = {**rows[row], column: str(value)}
    with (shipped_copy.folder / RESOURCES[name]["path"]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    shipped_copy.repair()
    report = scrdata.validate(shipped_copy)
    assert not report.valid
    broken = {finding.rule for finding in report.findings}
    built_in = {"registered_discrepancy_stands", "part_does_not_exceed_whole", "cell_is_within_bounds"}
    assert broken & (RULES.keys() | MENTIONS.keys() | built_in)
    assert not broken & {"hash_is_as_declared", "byte_count_is_as_declared", "row_count_is_as_declared"}


def test_coverage_in_time_is_that_of_the_periods() -> None:
    """The descriptor states the time from the first day of the first period to the last day of the last."""
    periods = scrdata.load("periods")
    first, last = periods["start_date"].min(), periods["end_date"].max()
    assert DESCRIPTOR["scrdata:temporalCoverage"] == f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"
