"""The data dictionary: complete, and rendered by a parser of Markdown with nothing taken for markup."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from scrdata.metadata.dictionary import write_dictionary
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from conftest import PackageFolder

ROOT = Path(__file__).parents[2]
MARKDOWN = MarkdownIt("commonmark").enable("table")


def rendered(text: str) -> str:
    """Return the page as HTML."""
    page: str = MARKDOWN.render(text)
    return page


def plain(page: str) -> str:
    """Return the words of a page of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "\t", page))


def cells(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page, each as the texts of its cells."""
    rows = re.findall(r"<tr>\n(.*?)</tr>", page, re.DOTALL)
    found = [re.findall(r"<t[dh]>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"</?(?:code|a)[^>]*>", "", cell)) for cell in row] for row in found]


def test_committed_page_is_that_of_the_package() -> None:
    """`docs/data-dictionary.md` is what `scrdata tables --format markdown` prints, to the letter."""
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert text == write_dictionary(publish(ROOT))


def test_every_column_and_code_is_explained() -> None:
    """Each table has its rows counted, each column its type and description, each code its label and meaning."""
    publication = publish(ROOT)
    rows = cells(rendered(write_dictionary(publication)))
    for table in publication.contents.descriptor.tables.values():
        assert [table.name, table.title, str(len(publication.contents.tables[table.name]))] in rows
        assert table.schema
        for field in table.schema.fields:
            (found,) = [row for row in rows if row[:2] == [field.name, field.type] and field.description in row[2]][:1]
            assert ("required" in found[3], "unique" in found[3]) == (field.required, field.unique)
            for item in field.categories:
                assert [str(item.value), item.label, item.description or ""] in rows


def test_links_lead_to_headings() -> None:
    """Every link leads to the heading of a table, and no two headings are the same."""
    text = write_dictionary(publish(ROOT))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert len(set(headings)) == len(headings)
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= set(headings)
    assert "`board_id` leads to a row of [boards](#boards)" in text


SMALL = """\
# Data dictionary: small

- Version: 1.0.0
- Licence: CC0-1.0
- [rules](#rules) holds the rules: equations that the numbers must fulfil
- [discrepancies](#discrepancies) holds the discrepancies: where the source is known to differ from itself

## Tables

| table | title | rows |
| --- | --- | --- |
| [branches](#branches) | branches | 3 |
| [loans](#loans) | loans | 6 |
| [rules](#rules) | rules | 7 |
| [discrepancies](#discrepancies) | discrepancies | 2 |

## branches

- File: `data/branches.csv`, 3 rows
- Key of a row: `branch_id`
- `parent_id` leads to a row of [branches](#branches), where the same stands in `branch_id`

| column | type | what it holds | limits |
| --- | --- | --- | --- |
| `branch_id` | string |  | required; matches `[a-z]+` |
| `name` | string |  | required; length at least `1` |
| `opened` | date |  |  |
| `parent_id` | string |  |  |

## loans

- File: `data/loans.csv`, 6 rows
- Key of a row: `branch_id`, `kind`
- No two rows have the same `loans`, `visits`
- `branch_id` leads to a row of [branches](#branches)

| column | type | what it holds | limits |
| --- | --- | --- | --- |
| `branch_id` | string |  | required |
| `kind` | string |  | a code from the list below |
| `loans` | integer |  | required; at least `0`; at most `100` |
| `visits` | integer |  |  |
| `population` | string |  |  |

Codes of `kind`, in their order:

| code | label | meaning |
| --- | --- | --- |
| `child` | Child |  |
| `adult` | Adult |  |
"""


def test_small_package(small_package: PackageFolder) -> None:
    """A package that states little has a page with just that."""
    assert write_dictionary(publish(small_package)).startswith(SMALL)


HOSTILE = [
    *(
        "a | b",
        "`code` and ``more``",
        "<b>bold</b> & <!-- gone",
        "*stars* _under_ __two__ ~~gone~~",
        "[link](http://a)",
    ),
    *("# no heading", "- no item", "1. no item", "+ 1", "---", "===", "a\\|b", "\\", "a_b_c", "&amp; &#35;", "![x](y)"),
    *("> no quote", "two  \nlines", "<https://a.example>", "`", "$x$"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_taken_for_markup(small_package: PackageFolder, text: str) -> None:
    """A reader sees every text as it is written, in running text, in cells, in labels and in code."""
    spoken = " ".join(text.split())
    small_package.edit("datapackage.json", "description", to=text)
    small_package.edit("datapackage.json", "resources", 1, "description", to=text)
    small_package.edit("schemas/loans.json", "fields", 3, "description", to=text)
    small_package.edit("schemas/loans.json", "fields", 1, "categories", 0, "label", to=text)
    small_package.edit("schemas/loans.json", "missingValues", to=["", text])
    page = rendered(write_dictionary(publish(small_package)))
    words = plain(page)
    assert words.count(f"\t{spoken}\t") >= 3, page
    assert ["child", spoken, ""] in cells(page)
    assert ["visits", "integer", spoken, ""] in cells(page)
    assert not re.search("<(em|strong|del|img|b|h[3-6]|blockquote|hr|ol)\\b", page)
    assert re.findall('href="(.*?)"', page)
    assert all(address[0] == "#" for address in re.findall('href="(.*?)"', page))


@pytest.mark.parametrize("pattern", ["a|b", r"a\|b", "`", "``x`", r"\|", "<b>|`"])
def test_patterns_are_shown_as_they_are(small_package: PackageFolder, pattern: str) -> None:
    """A pattern with marks of Markdown in it reaches the reader unchanged, within a table."""
    field = {"type": "string", "constraints": {"enum": [pattern]}}
    small_package.add_column(field, pattern)
    small_package.repair()
    text = write_dictionary(publish(small_package))
    assert ["cell", "string", "", f"one of {pattern}"] in cells(rendered(text))
    # GitHub reads an escaped backslash first, and takes `|` after it for the end of the cell.
    assert not re.search(r"(?<!\\)(?:\\\\)+\|", text)


def test_names_that_look_alike_have_anchors_of_their_own(small_package: PackageFolder) -> None:
    """Where names differ in marks alone, or are that of a heading, anchors are numbered as GitHub does it."""
    small_package.edit("datapackage.json", "resources", 1, "name", to="Tables")
    small_package.add_column({"type": "string"}, "x")
    small_package.edit("datapackage.json", "resources", 4, "name", to="branches.")
    small_package.edit("datapackage.json", "scrdata:rules", to="discrepancies")
    text = write_dictionary(publish(small_package))
    assert "[Tables](#tables-1)" in text
    assert "[branches.](#branches-1)" in text


def test_facts_are_listed(small_package: PackageFolder) -> None:
    """Version, day, licence and sources stand at the top."""
    describe_fully(small_package)
    top = write_dictionary(publish(small_package)).partition("## Tables")[0]
    for line in ("Version: 1.0.0", "Released: 2024-03-05", "Licence: CC0-1.0", "Made from: Leaflet"):
        assert f"- {line}\n" in top
