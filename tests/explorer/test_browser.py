"""The page in a real browser: what a visitor finds, asks, links, sorts, filters and takes away."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from scrdata.citation import make_citation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from scrdata.package import Package

    Visit = Callable[..., Page]

ROOT = Path(__file__).parents[2]
JAVASCRIPT = ROOT / "tests" / "javascript"
KNOWN = "child_circumstances[circumstance=known_to_social_care].children"
QUESTION = "How many of the children were known to social care, and where does it say so?"


def headline(page: Page) -> Locator:
    """Return the link to one figure among those at a glance."""
    return page.locator(f'#glance a[data-reference="{KNOWN}"]')


# Asking a number -----------------------------------------------------------------------------


def test_a_number_is_asked_and_the_address_keeps_it(page: Page) -> None:
    """A click opens what is known and the address names the figure; Escape, the button and going back close it."""
    panel = page.locator("#panel")
    headline(page).click()
    panel.wait_for()
    assert unquote(page.url).endswith(f"#ref={KNOWN}")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert "#" not in page.url
    assert page.evaluate("document.activeElement.dataset.reference") == KNOWN
    page.keyboard.press("Enter")
    panel.wait_for()
    page.go_back()
    panel.wait_for(state="hidden")
    page.go_forward()
    panel.wait_for()
    panel.get_by_role("button", name="Close").click()
    panel.wait_for(state="hidden")
    assert "#" not in page.url


def test_all_that_is_known_is_told(page: Page, shipped: Package) -> None:
    """A figure tells value, definition, every place with its words, every rule with its numbers, and discrepancies."""
    headline(page).click()
    page.locator("#panel").wait_for()
    told = page.locator("#panel-content").text_content() or ""
    trace = shipped.trace(KNOWN)
    assert str(trace.value) in told
    assert trace.standing()[1:] in told
    assert trace.definition[1:] in told
    for mention in trace.mentions:
        assert f"{mention.locator}\u2018{mention.printed}\u2019" in told
    for rule in trace.rules:
        assert f"{rule.statement}{rule.filled}{rule.rule_id}" in told
    assert len(trace.discrepancies) > 0
    for item in trace.discrepancies:
        assert item["explanation"] in told


@pytest.mark.parametrize(
    "reference",
    [KNOWN, "reviews", "durations.reviews", 'reviews[board_id.region="West Midlands"]', "causes_of_death.children"],
)
def test_a_link_with_a_reference_opens_the_figure(visit: Visit, shipped: Package, reference: str) -> None:
    """Whoever follows a link sees the figure at once, and its citation is that of `scrdata cite`."""
    page = visit(f"#ref={quote(reference)}")
    page.locator("#panel").wait_for()
    assert page.locator("#panel .large").inner_text() == str(shipped.total(reference))
    cited = make_citation(shipped.contents, shipped.trace(reference).reference).text
    first, _, rest = page.input_value("#citation").partition(": ")
    assert first in (reference, *shipped.trace(reference).same)
    assert rest == cited.partition(": ")[2]


def test_an_unknown_reference_says_so(visit: Visit) -> None:
    """A link to a figure that the page does not have says so, and shows nothing of the address as markup."""
    for reference in ("reviews[judgement=<b>x</b>]", "constructor", "%E0%A4%A"):
        page = visit(f"#ref={reference}")
        page.locator("#panel").wait_for()
        assert "does not have that figure" in page.locator("#panel-title").inner_text()
        assert page.locator("#panel b").count() == 0


def test_a_figure_not_printed_says_so(page: Page) -> None:
    """A factor without a number tells that the report prints none."""
    page.goto(page.url.partition("#")[0] + "#ref=" + quote("child_circumstances[circumstance=self_harm].children"))
    page.locator("#panel").wait_for()
    assert page.locator("#panel .large").inner_text() == "not printed"


def test_citation_is_copied(visit: Visit) -> None:
    """The buttons copy the citation and the link."""
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    headline(page).click()
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_text("Citation copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("#citation")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Link copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_bars_can_be_asked_by_keyboard(page: Page) -> None:
    """A bar of a chart is a link to its figure."""
    reference = "causes_of_death[cause_group=homicide].children"
    page.locator(f'#causes .wide a[data-reference="{reference}"]').focus()
    page.keyboard.press("Enter")
    page.locator("#panel").wait_for()
    assert "Homicide" in page.locator("#panel-title").inner_text()


def test_every_number_in_the_page_is_that_of_the_package(page: Page, shipped: Package) -> None:
    """In the page as the program leaves it, each number that can be asked is its total, and is linked to itself."""
    found = page.evaluate(
        "[...document.querySelectorAll('a[data-reference]')]"
        ".map(link => [link.dataset.reference, link.textContent, link.getAttribute('href')])"
    )
    assert len(found) > 1000
    for reference, shown, address in found:
        value = shipped.total(reference)
        assert shown.partition(" of ")[0] == ("not printed" if value is None else str(value)), reference
        assert unquote(address) == f"#ref={reference}"


def test_every_number_can_be_asked(page: Page) -> None:
    """The program knows each figure that is linked anywhere in the page."""
    unknown = page.evaluate(
        "known().then(data => [...document.querySelectorAll('a[data-reference]')].map(link => link.dataset.reference)"
        ".filter(reference => !Object.hasOwn(data.aliases, reference)))"
    )
    assert unknown == []


# Finding -------------------------------------------------------------------------------------


def results(page: Page, query: str) -> list[str]:
    """Return what is found by a query."""
    page.fill("#query", query)
    page.wait_for_function("document.querySelector('#found-count').textContent !== ''")
    return page.locator("#found li").all_inner_texts()


def test_question_is_answered_by_search(page: Page) -> None:
    """Somebody who types the question sees at once the number and where the report says so; Enter and click go on."""
    first = " ".join(results(page, QUESTION)[0].split())
    assert first == "119 Children: Known to children's social care Printed in key finding 2; para 16"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('#found')")
    page.keyboard.press("Enter")
    page.locator("#panel").wait_for()
    assert unquote(page.url).endswith(f"#ref={KNOWN}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("how many children died", "90"),
        ("babies", "69"),
        ("domestic violence", "61"),
        ("reviews judged inadequate", "23"),
        ("homicide", "15"),
        ("194", "194"),
        ("how many reviews were there", "147"),
        ("girls", "91"),
        ("deaths by suicide", "11"),
        ("under six months", "60"),
    ],
)
def test_search_finds_figures(page: Page, query: str, expected: str) -> None:
    """Words and values that people would type find the figure among the first."""
    assert expected in [found.split()[0] for found in results(page, query)[:3]]


def test_search_says_when_it_finds_nothing(page: Page) -> None:
    """Words that no figure has find nothing and the page says so; an empty box says nothing."""
    assert results(page, "xyzzy") == []
    assert page.locator("#found-count").inner_text() == "No figure has these words or this value."
    page.fill("#query", "")
    page.wait_for_function("document.querySelector('#found-count').textContent === ''")


# Tables --------------------------------------------------------------------------------------


def open_table(page: Page, name: str) -> Locator:
    """Open a table; return its part of the page."""
    part = page.locator(f'details.data:has(table[data-table="{name}"])')
    part.locator("> summary").click()
    part.locator(".tools").wait_for()
    return part


def column(part: Locator, position: int) -> list[str]:
    """Return the cells of a column, counted from 1, of the rows that are shown."""
    return part.locator(f"tbody tr:not([hidden]) td:nth-child({position})").all_inner_texts()


def test_tables_are_sorted(page: Page) -> None:
    """A heading sorts up, then down, numbers as numbers, and says so to those who cannot see it."""
    part = open_table(page, "judgements")
    head = part.locator("thead th").nth(2)
    head.get_by_role("button").click()
    up = [int(cell) for cell in column(part, 3)]
    assert up == sorted(up)
    assert up[-1] == 74
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert [int(cell) for cell in column(part, 3)] == sorted(up, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"


def test_missing_numbers_stand_last(page: Page) -> None:
    """A number that is not printed stands after all others, in whichever direction."""
    part = open_table(page, "child_circumstances")
    for reverse in (False, True):
        part.locator("thead th").nth(2).get_by_role("button").click()
        cells = column(part, 3)
        numbers = [cell for cell in cells if cell != "not printed"]
        assert 0 < len(numbers) < len(cells)
        assert cells == sorted(numbers, key=int, reverse=reverse) + ["not printed"] * (len(cells) - len(numbers))


def test_tables_are_searched_and_filtered(page: Page, shipped: Package) -> None:
    """A table is searched as a whole and filtered by column: by a choice of few values, or by what a cell contains."""
    part = open_table(page, "reviews")
    part.get_by_label("Search this table").fill("barnet")
    assert set(column(part, 3)) == {"barnet"}
    part.get_by_label("Search this table").fill("")
    part.get_by_label("Filter by Judgement").select_option("Inadequate")
    assert len(column(part, 1)) == shipped.total("reviews[judgement=inadequate]")
    part.get_by_label("Filter by Date").fill("2010-03")
    march = "reviews[judgement=inadequate,evaluation_date>=2010-03-01]"
    assert part.get_by_role("status").inner_text() == f"{shipped.total(march)} of {shipped.total('reviews')} rows"


@pytest.mark.parametrize("name", ["reviews", "child_circumstances", "mentions", "case_agencies"])
def test_shown_rows_are_downloaded_as_the_package_has_them(page: Page, shipped: Package, name: str) -> None:
    """What is downloaded of a table has the codes, the numbers and the missing cells of the package."""
    part = open_table(page, name)
    with page.expect_download() as download:
        part.get_by_role("button", name="Download the rows shown (CSV)").click()
    assert download.value.suggested_filename == f"{name}.csv"
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert found == list(csv.reader(file))
    assert len(found) == len(shipped.table(name)) + 1


def test_chart_numbers_are_downloaded(page: Page) -> None:
    """The numbers of a chart are downloaded without any network."""
    with page.expect_download() as download:
        page.locator("#causes .download").click()
    assert download.value.suggested_filename == "causes.csv"
    assert (
        Path(download.value.path())
        .read_text(encoding="utf-8")
        .startswith("group,Group of causes,Children,of,reference")
    )


# Choosing ------------------------------------------------------------------------------------


def test_evaluations_are_chosen_by_region_and_board(page: Page, shipped: Package) -> None:
    """The evaluations of a region or a Board are counted by judgement, and shown among the others."""
    said = page.locator("#timeline-count")
    everything = said.inner_text()
    page.select_option("#region", "London")
    page.wait_for_function("document.querySelector('#timeline-count').textContent.startsWith('London')")
    for link in said.locator("a").all():
        assert link.inner_text() == str(shipped.total(str(link.get_attribute("data-reference"))))
    lit = page.locator("#timeline .wide circle:not(.dim)")
    assert lit.count() == shipped.total("reviews[board_id.region=London]")
    page.select_option("#board", "barnet")
    page.wait_for_function("document.querySelector('#timeline-count').textContent.startsWith('Barnet')")
    assert lit.count() == shipped.total("reviews[board_id=barnet]")
    assert page.input_value("#region") == ""
    page.select_option("#board", "")
    page.wait_for_function("document.querySelector('#timeline-count').textContent.startsWith('All')")
    assert said.inner_text() == everything


def test_cases_are_counted_by_factor_and_agency(page: Page, shipped: Package) -> None:
    """The cases in which a factor, an agency, or both are named are counted and listed."""
    page.select_option("#factor", "domestic_violence")
    number = shipped.total("case_factors[factor=domestic_violence]")
    page.wait_for_function("document.querySelector('#case-count').textContent !== ''")
    assert page.locator("#case-count").inner_text() == f"{number} of {shipped.total('cases')} cases"
    assert page.locator("#case-list li").count() == number
    page.select_option("#agency", "police")
    rows = [shipped.table(name).columns for name in ("case_factors", "case_agencies")]
    named = [set(zip(*table.values(), strict=True)) for table in rows]
    both = {case for case, factor in named[0] if factor == "domestic_violence" and (case, "police") in named[1]}
    page.wait_for_function(f"document.querySelector('#case-count').textContent.startsWith('{len(both)} ')")
    assert page.locator("#case-list li").count() == len(both)


# For everyone --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(visit: Visit, width: int) -> None:
    """The page fits its width, with everything open; only tables scroll, within themselves."""
    page = visit(width=width)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.wait_for_function("document.querySelectorAll('.tools').length === document.querySelectorAll('.data').length")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    headline(page).click()
    page.locator("#panel").wait_for()
    assert page.evaluate("document.querySelector('#panel').scrollWidth") <= width


def test_page_can_be_read_without_a_program(visit: Visit) -> None:
    """Without JavaScript nothing is offered that needs it, charts are there, and numbers lead to their rows."""
    page = visit(java_script_enabled=False)
    for name in ("#search", "#timeline-filter", "#case-filter", "#panel"):
        assert page.locator(name).is_hidden()
    assert page.locator("#causes .wide svg").is_visible()
    headline(page).click()
    row = page.locator("tr:target")
    assert row.is_visible()
    assert "119" in row.inner_text()


def test_print_shows_the_numbers_of_charts(visit: Visit) -> None:
    """On paper the tables of the charts are there, and what only a screen can do is not."""
    page = visit()
    page.emulate_media(media="print")
    for name in ("nav", "#search", "#timeline-filter", ".download", "details.data"):
        assert page.locator(name).first.is_hidden()
    assert page.locator("#causes table").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(visit: Visit, width: int, scheme: str) -> None:
    """The accessibility checker axe finds nothing: page, tables, findings, results of a search, a figure asked."""
    script = JAVASCRIPT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("the JavaScript library axe-core is missing: python3 dev.py system")
    page = visit(width=width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(script.read_text(encoding="utf-8"))
    open_table(page, "durations")
    page.evaluate("document.querySelectorAll('details:not(.data)').forEach(part => { part.open = true })")
    assert results(page, "children")
    for is_asked in (False, True):
        if is_asked:
            headline(page).click()
            page.locator("#panel").wait_for()
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [(item["id"], [node["html"][:200] for node in item["nodes"]][:3]) for item in found] == []


def test_html_is_valid(place: Path) -> None:
    """The W3C's checker finds nothing to say about HTML, SVG and CSS, and html-validate accepts the page."""
    checker = JAVASCRIPT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    linter = JAVASCRIPT / "node_modules" / ".bin" / "html-validate"
    java = shutil.which("java")
    if java is None or not checker.is_file() or not linter.exists():
        pytest.skip("Java, or the JavaScript packages vnu-jar and html-validate, are missing: python3 dev.py system")
    command = [java, "-jar", str(checker), "--format", "json", str(place)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert json.loads(done.stderr)["messages"] == []
    command = [str(linter), "--config", str(JAVASCRIPT / "htmlvalidate.json"), str(place)]
    linted = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert linted.returncode == 0, linted.stdout[:3000]
