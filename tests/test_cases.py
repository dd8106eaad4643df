"""What is promised of the cases: they hold what the report tells, in few codes, and lead to no Board or review."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import scrdata
from tests.memory import csv_text, read

ROOT = Path(scrdata.open_package().location)
CODEBOOK = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text(encoding="utf-8")
TABLES = ("cases", "case_factors", "case_agencies")
LAST_OF_INCIDENTS = 106
TEENS = 13


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file as plain text, read by the standard module and nothing of ours."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_schema(name: str) -> dict[str, Any]:
    """Return the schema of a table as its file has it."""
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.json").read_bytes())
    return schema


ROWS = {name: read_rows(name) for name in (*TABLES, "boards", "reviews", "sections", "lessons")}
SCHEMAS = {name: read_schema(name) for name in (*TABLES, "lessons")}
CASES = {row["case_id"]: row for row in ROWS["cases"]}
CELLS = [(name, column, text) for name in TABLES for row in ROWS[name] for column, text in row.items() if text]
CODED = [(name, field) for name, schema in SCHEMAS.items() for field in schema["fields"] if "categories" in field]
CODED_IDS = [f"{name}.{field['name']}" for name, field in CODED]


def paragraph_numbers(text: str) -> list[int]:
    """Return the numbers of the paragraphs in a text such as `42-43; 50`."""
    ranges = [part.partition("-") for part in text.split("; ") if part]
    return [number for first, _, last in ranges for number in range(int(first), int(last or first) + 1)]


def codes_in_codebook(place: str) -> list[tuple[str, str]]:
    """Return code and meaning of each row of the table that stands below the heading of a column."""
    _, _, rest = CODEBOOK.partition(f"\n### `{place}`\n")
    return re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", rest.partition("\n### ")[0], re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "key", "target"),
    [
        ("cases", ["case_id"], ("section_id", "sections")),
        ("case_factors", ["case_id", "factor"], ("case_id", "cases")),
        ("case_agencies", ["case_id", "agency"], ("case_id", "cases")),
    ],
)
def test_tables_refer_to_cases_and_sections_only(name: str, key: list[str], target: tuple[str, str]) -> None:
    """Each table has its key and one foreign key, to the sections or to the cases, and the rows obey both."""
    column, resource = target
    assert SCHEMAS[name]["primaryKey"] == key
    assert SCHEMAS[name]["foreignKeys"] == [
        {"fields": [column], "reference": {"resource": resource, "fields": [column]}}
    ]
    keys = [tuple(row[part] for part in key) for row in ROWS[name]]
    assert len(set(keys)) == len(keys) > 0
    assert {row[column] for row in ROWS[name]} <= {row[column] for row in ROWS[resource]}


@pytest.mark.parametrize("name", TABLES)
def test_no_field_is_about_a_board_a_review_or_a_date(name: str) -> None:
    """The fields are of text and integers, and none shares its name with one of the Boards or reviews."""
    fields = {field["name"]: field["type"] for field in SCHEMAS[name]["fields"]}
    assert set(fields.values()) <= {"string", "integer"}
    assert fields.keys() & (ROWS["boards"][0].keys() | ROWS["reviews"][0].keys()) == set()


def test_no_cell_names_a_board_or_a_review() -> None:
    """No cell has the name or the id of a Board, a local authority, a region, an area code or a review in it."""
    columns = ("board_id", "name", "local_authority", "gss_code", "region")
    names = {row[column] for row in ROWS["boards"] for column in columns}
    names |= {row["review_id"] for row in ROWS["reviews"]}
    naming = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names - {""})))
    assert [cell for cell in CELLS if naming.search(cell[2])] == []


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = re.compile(rf"\b(?:19|20)[0-9]{{2}}\b|[0-9]+[-/.][0-9]+[-/.][0-9]+|\b(?:{MONTHS})\b")


def test_no_cell_looks_like_a_date() -> None:
    """No cell holds a year, a day or the name of a month."""
    assert all(DATES.search(text) for text in ("in 2009", "1/4/09", "2010-03-17", "In March"))
    assert [cell for cell in CELLS if DATES.search(cell[2])] == []


def test_cases_are_named_by_their_first_paragraph() -> None:
    """Cases stand in the order of paragraphs, named by the first, and numbered on where several begin in it."""
    firsts = [paragraph_numbers(row["paragraphs"])[0] for row in ROWS["cases"]]
    assert firsts == sorted(firsts)
    earlier = [firsts[:position].count(first) for position, first in enumerate(firsts)]
    names = [f"case-{first}-{n + 1}" if n else f"case-{first}" for first, n in zip(firsts, earlier, strict=True)]
    assert list(CASES) == names


@pytest.mark.parametrize("name", TABLES[1:])
def test_codes_stand_in_the_order_of_cases_and_schema(name: str) -> None:
    """The rows of factors and agencies stand in the order of the cases, and within a case in that of the codes."""
    field = SCHEMAS[name]["fields"][1]
    order = [code["value"] for code in field["categories"]]
    places = [(list(CASES).index(row["case_id"]), order.index(row[field["name"]])) for row in ROWS[name]]
    assert places == sorted(places)


@pytest.mark.parametrize("name", CASES)
def test_paragraphs_lie_in_the_section(name: str) -> None:
    """The paragraphs of a case lie in its section, which has no subsections, and its kind is that of the chapter."""
    row = CASES[name]
    (section,) = [section for section in ROWS["sections"] if section["section_id"] == row["section_id"]]
    numbers = paragraph_numbers(row["paragraphs"])
    assert numbers == sorted(set(numbers))
    assert int(section["first_paragraph"]) <= numbers[0] <= numbers[-1] <= int(section["last_paragraph"])
    assert row["section_id"] not in {section["parent_id"] for section in ROWS["sections"]}
    assert row["kind"] == ("incident" if numbers[0] <= LAST_OF_INCIDENTS else "process")


def test_only_paragraphs_that_the_report_ties_are_one_case() -> None:
    """The cases of more than one paragraph are those that the codebook lists."""
    tied = [row["paragraphs"] for row in CASES.values() if len(paragraph_numbers(row["paragraphs"])) > 1]
    assert tied == ["42-43", "50-51", "59-60", "91-92", "100; 102-103"]
    assert "42-43, 50-51, 59-60, 91-92, and 100 with 102-103." in " ".join(CODEBOOK.split())


def test_examples_of_lessons_are_cases() -> None:
    """Each paragraph that a lesson names for its example tells of a case."""
    told = {number for row in CASES.values() for number in paragraph_numbers(row["paragraphs"])}
    named = {number for row in ROWS["lessons"] for number in paragraph_numbers(row["example_paragraphs"])}
    assert named
    assert sorted(named - told) == []


@pytest.mark.parametrize("name", [name for name, row in CASES.items() if row["youngest_age"] or row["oldest_age"]])
def test_ages_agree(name: str) -> None:
    """Ages stand in pairs, rise only where there are several children, and agree with the age group."""
    row = CASES[name]
    youngest, oldest, children = int(row["youngest_age"]), int(row["oldest_age"]), int(row["children"])
    assert youngest < oldest if children > 1 else youngest == oldest
    groups = {"young_person" if age >= TEENS else "child" for age in (youngest, oldest)}
    assert {row["age_group"]} == (groups if len(groups) == 1 else {"mixed"})


def test_outcomes_agree_with_the_number_of_children() -> None:
    """Where only some of the children died there are several, and a review's process has no outcome."""
    assert [name for name, row in CASES.items() if row["outcome"] == "some_died" and int(row["children"]) < 2] == []
    assert {row["outcome"] for row in CASES.values() if row["kind"] == "process"} == {""}


def test_children_of_two_generations_are_counted_together() -> None:
    """The one count that is a sum is of the three and the seven of paragraph 100, and no case has more children."""
    assert max(int(row["children"] or 0) for row in CASES.values()) == int(CASES["case-100"]["children"]) == 3 + 7


def test_lessons_of_cases_are_short_phrases() -> None:
    """The lesson of a case has at most 15 words, no figures and no full stop, and no two are alike."""
    lessons = [row["lesson"] for row in CASES.values()]
    assert len({lesson.casefold() for lesson in lessons}) == len(lessons)
    assert [lesson for lesson in lessons if len(lesson.split()) > 15 or re.search(r"[0-9.]", lesson)] == []


@pytest.mark.parametrize(("name", "field"), CODED, ids=CODED_IDS)
def test_codes_are_used(name: str, field: dict[str, Any]) -> None:
    """Each code is the enum's, is used at least once, and no other is."""
    codes = [code["value"] for code in field["categories"]]
    assert codes == field["constraints"]["enum"]
    assert {row[field["name"]] for row in ROWS[name]} - {""} == set(codes)


@pytest.mark.parametrize(("name", "field"), CODED, ids=CODED_IDS)
def test_codes_are_defined_in_the_codebook(name: str, field: dict[str, Any]) -> None:
    """The codebook lists the codes of each column, in the schema's order and words."""
    codes = [(code["value"], code["description"]) for code in field["categories"]]
    assert codes_in_codebook(f"{name}.{field['name']}") == codes


def test_codebook_defines_no_other_codes() -> None:
    """The codebook has a table for each coded column of these tables, and for no other."""
    assert re.findall(r"^### `(.+)`$", CODEBOOK, re.MULTILINE) == CODED_IDS


def findings_on(name: str, column: str, texts: list[str]) -> list[scrdata.Finding]:
    """Return the findings on a column of texts that is read by its field of the schema."""
    (field,) = [field for field in SCHEMAS[name]["fields"] if field["name"] == column]
    return read({"fields": [field]}, csv_text((column,), *((text,) for text in texts)))[1]


REFUSED = [
    *[("cases", "case_id", text) for text in ("case-9", "case-148", "case-23-1", "case-023", "23", "a-case-23")],
    *[("cases", "paragraphs", text) for text in ("para 23", "23,24", "148", "42–43", "22", "23;24")],
    *[("cases", "children", text) for text in ("0", "11", "two")],
    *[("cases", "youngest_age", text) for text in ("0", "18", "3 weeks")],
    *[("cases", "lesson", text) for text in ("A sentence.", "no capital", "At 15 months", "Two  spaces", "W" * 101)],
    ("case_factors", "factor", "unknown"),
    ("case_agencies", "agency", "board"),
]


@pytest.mark.parametrize(("name", "column", "text"), REFUSED)
def test_wrong_text_is_refused(name: str, column: str, text: str) -> None:
    """The schemas take the texts of the tables, and refuse what is no case, paragraph, count, age, phrase or code."""
    good = sorted({row[column] for row in ROWS[name]} - {""})
    assert findings_on(name, column, good) == []
    assert findings_on(name, column, [text]) != []
