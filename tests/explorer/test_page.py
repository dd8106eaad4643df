"""The page: what a visitor finds, asks, sorts and links, in a real browser; and that its numbers are the package's."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

import scrdata
from scrdata.explorer.page_data import anchor_of
from scrdata.values import to_text

if TYPE_CHECKING:
    from conftest import PackageFolder
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
JAVASCRIPT = ROOT / "tests" / "javascript"
SHIPPED = scrdata.open_package(ROOT)
KNOWN = "child_circumstances[circumstance=known_to_social_care].children"
QUESTION = "how many of the children were known to social care, and where does it say so?"


@pytest.fixture(scope="session")
def text(built: Path) -> str:
    """Return the page as it is written."""
    return (built / "index.html").read_text(encoding="utf-8")


# Without JavaScript --------------------------------------------------------------------------


def test_page_is_small_and_asks_for_nothing(text: str) -> None:
    """The page has less than one megabyte, and holds its style, script and charts itself."""
    assert len(text.encode()) < 1_000_000
    assert re.findall(r"""(?:src|href)=["'](?!#|data:|data/|parquet/|scrdata[.-]|data-dictionary)[^"']*""", text) == [
        'href="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
    ]


def test_every_number_is_that_of_the_package(text: str) -> None:
    """Each number that can be asked is the total that its reference stands for, and has its entry."""
    found = re.findall(r'<a class="n" href="#([^"]*)" data-reference="([^"]*)">([^<]*)</a>', text)
    assert len(found) > 100
    for anchor, reference, shown in found:
        value = SHIPPED.total(html.unescape(reference))
        assert shown == ("not printed" if value is None else str(value)), reference
        assert unquote(re.sub("_([0-9A-F]{2})", r"%\1", anchor)) == f"ref-{html.unescape(reference)}"
        assert f'<details id="{anchor}"' in text


def test_every_link_within_leads_somewhere(text: str) -> None:
    """Each link to a part of the page finds that part, and no part is named twice."""
    names = re.findall(r'\bid="([^"]*)"', text)
    assert len(set(names)) == len(names)
    assert set(re.findall(r'href="#([^"]*)"', text)) - set(names) == set()


@pytest.mark.parametrize("name", [table.name for table in SHIPPED.tables()])
def test_every_table_is_there_without_javascript(text: str, name: str) -> None:
    """Each table stands in the page, with all its rows and columns and links to its files."""
    part = text.split(f'<details id="table-{name}"')[1].split("</table>", maxsplit=1)[0]
    table = SHIPPED.table(name)
    assert part.count("<tr>") == len(table) + 1
    assert part.split("<thead>")[1].count('<th scope="col">') == len(table.columns)
    for path in (f"data/{name}.csv", f"parquet/{name}.parquet"):
        assert f'<a href="{path}">' in part


@pytest.mark.parametrize("name", [table.name for table in SHIPPED.tables()])
def test_every_cell_is_that_of_the_package(text: str, name: str) -> None:
    """Each cell of a table says what the package has there: the label of a code, else the value."""
    body = text.split(f'<details id="table-{name}"')[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    cells = [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall("<td[^>]*>(.*?)</td>", body, re.DOTALL)]
    table = SHIPPED.table(name)
    wanted = []
    for row in range(len(table)):
        for field in table.schema.fields:
            value = table.columns[field.name][row]
            labels = {code.value: code.label for code in field.categories}
            wanted.append("" if value is None else labels.get(value, to_text(value)))
    assert ["" if cell == "not printed" else cell for cell in cells] == wanted


def test_every_figure_has_its_value_and_places(text: str) -> None:
    """The entry of each figure states the total that its reference stands for, and every place that prints it."""
    entries = re.findall(
        r'class="entry"><summary>(.*?)</summary>\n<p><code>(.*?)</code>(.*?)</details>', text, re.DOTALL
    )
    assert len(entries) > 300
    for summary, reference, rest in entries:
        trace = SHIPPED.trace(html.unescape(reference))
        assert summary.endswith(": not printed" if trace.value is None else f": {trace.value}"), reference
        assert [m.locator for m in trace.mentions if f"{m.locator} (" not in html.unescape(rest)] == []
        assert [rule.rule_id for rule in trace.rules if f'href="#rule-{rule.rule_id}"' not in rest] == []


def test_statements_in_words_are_true() -> None:
    """What headings and notes say in words, and not by a number, holds for the data."""
    assert SHIPPED.total("judgements[judgement=outstanding].reviews") == 0
    groups = SHIPPED.total("causes_of_death[cause_group=*].children")
    assert isinstance(groups, dict)
    assert max(groups.values()) == groups["undetermined"]  # type: ignore[type-var]
    assert SHIPPED.trace("child_characteristics[characteristic=age,category=6_and_over].children").status == "derived"
    factors = SHIPPED.load("child_circumstances").query("kind == 'family'")
    assert factors.loc[factors["children"].idxmax(), "circumstance"] == "domestic_violence"
    assert factors["children"].isna().any()


# With JavaScript -----------------------------------------------------------------------------


def test_question_is_answered_by_search(page: Page) -> None:
    """Somebody who types the question finds the figure first, and what it says about its place."""
    page.fill("#query", QUESTION)
    first = page.locator("#results a").first
    assert "Known to children's social care: Children: 119" in first.inner_text()
    first.click()
    asked = page.locator("#asked").inner_text()
    assert "119" in asked
    assert "key finding 2" in asked
    assert "para 16" in asked
    assert "119 = 119" in asked
    assert SHIPPED.trace(KNOWN).rules[0].statement in asked


def test_search_finds_a_number_by_its_value(page: Page) -> None:
    """A number alone finds figures of that value first."""
    page.fill("#query", "119")
    assert page.locator("#results a").first.inner_text().endswith(": 119")
    page.fill("#query", "xyzzy")
    assert page.locator("#found").inner_text() == "0 figures found"
    page.fill("#query", "")
    assert page.locator("#found").inner_text() == ""


def test_a_number_is_asked_and_the_address_keeps_it(page: Page) -> None:
    """A click opens what is known; the address names the figure; Escape, the button and going back close it."""
    link = page.locator(f'.headlines a[data-reference="{KNOWN}"]')
    link.click()
    dialog = page.locator("#asked")
    assert dialog.is_visible()
    assert unquote(page.url).endswith(f"#ref={KNOWN}")
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert "#" not in page.url
    link.focus()
    page.keyboard.press("Enter")
    assert dialog.is_visible()
    page.go_back()
    assert dialog.is_hidden()
    page.go_forward()
    assert dialog.is_visible()
    page.click("#close")
    assert dialog.is_hidden()


def test_a_link_with_a_reference_opens_the_figure(browser: Browser, built: Path) -> None:
    """Whoever follows a link to a figure sees it at once, also without JavaScript: then in its place."""
    page_address = (built / "index.html").as_uri()
    named = f"{page_address}#{anchor_of(KNOWN)}"
    by_reference = f"{page_address}#ref={quote(KNOWN)}"
    for with_script, address in ((True, named), (True, by_reference), (False, named)):
        context = browser.new_context(java_script_enabled=with_script)
        page = context.new_page()
        page.goto(address)
        shown = page.locator("#asked" if with_script else ":target")
        assert shown.is_visible()
        assert "Known to children" in shown.inner_text()
        context.close()


def test_citation_is_copied(browser: Browser, built: Path) -> None:
    """The button copies the figure, its places, and the citation of the package."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((built / "index.html").as_uri())
    page.locator(f'.headlines a[data-reference="{KNOWN}"]').click()
    page.click("#copy")
    page.wait_for_function("document.querySelector('#copied').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText().catch(() => document.querySelector('#copied').textContent)")
    for part in ("119", "para 16", f"Version {scrdata.__version__}", "sha256:"):
        assert part in copied
    context.close()


def test_bars_can_be_asked(page: Page) -> None:
    """A bar of a chart is a link to its figure, also by keyboard."""
    bar = page.locator('#chart-causes-of-death svg a:has(path[aria-label="Homicide, 15"])')
    bar.focus()
    page.keyboard.press("Enter")
    assert "Homicide" in page.locator("#asked-title").inner_text()


def column_of(page: Page, table: str, place: int) -> list[str]:
    """Return the cells of one column of the rows that are shown."""
    cells = page.locator(f"#table-{table} table.data tbody tr:not([hidden]) td:nth-child({place})")
    return cells.all_inner_texts()


def test_tables_are_sorted_and_filtered(page: Page) -> None:
    """A heading sorts up, then down, numbers as numbers; a field below it keeps the rows that contain its text."""
    page.click("#table-judgements > summary")
    button = page.locator("#table-judgements thead button").nth(2)
    button.click()
    up = [int(cell) for cell in column_of(page, "judgements", 3)]
    assert up == sorted(up)
    button.click()
    assert [int(cell) for cell in column_of(page, "judgements", 3)] == sorted(up, reverse=True)
    page.fill("#table-judgements thead th:nth-child(2) input", "inad")
    assert set(column_of(page, "judgements", 2)) == {"Inadequate"}
    assert page.locator("#table-judgements p[role=status]").inner_text() == f"3 of {len(up)} rows"


def test_missing_numbers_sort_last_by_their_kind(page: Page) -> None:
    """A number that is not printed is told from zero and stands apart when a column is sorted."""
    page.click("#table-child_circumstances > summary")
    page.locator("#table-child_circumstances thead button").nth(2).click()
    cells = column_of(page, "child_circumstances", 3)
    numbers = [cell for cell in cells if cell != "not printed"]
    assert cells == sorted(numbers, key=int) + ["not printed"] * (len(cells) - len(numbers))


def test_dots_are_chosen_by_board_and_region(page: Page) -> None:
    """The evaluations of a region, and of a Board, are counted and shown among the others."""
    chosen = page.locator("#chosen")
    assert chosen.inner_text() == f"{SHIPPED.total('reviews')} of {SHIPPED.total('reviews')} evaluations"
    page.select_option("#choose select >> nth=0", "London")
    in_london = SHIPPED.total("reviews[board_id.region=London]")
    assert chosen.inner_text().startswith(f"{in_london} of ")
    assert (
        page.locator("#chart-timeline path[aria-label]:not(.faded)[aria-roledescription=circle]").count() == in_london
    )
    page.select_option("#choose select >> nth=1", "Barnet")
    assert chosen.inner_text().startswith(f"{SHIPPED.total('reviews[board_id=barnet]')} of ")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(browser: Browser, built: Path, width: int) -> None:
    """The page fits its width, with every table open; only tables scroll within themselves."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((built / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('details.table').forEach(part => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, built: Path, width: int, scheme: str) -> None:
    """The accessibility checker axe finds nothing, with a table, a finding and a figure open."""
    script = JAVASCRIPT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("the JavaScript library axe-core is missing: python3 dev.py system")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((built / "index.html").as_uri())
    page.evaluate(
        "document.querySelectorAll('#table-durations, #findings + p + details').forEach(p => { p.open = true })"
    )
    page.add_script_tag(path=script)
    for ask in (False, True):
        if ask:
            page.locator(".headlines a").first.click()
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [(item["id"], [node["html"][:200] for node in item["nodes"]][:3]) for item in found] == []
    context.close()


def test_html_is_valid(built: Path) -> None:
    """The W3C's checker and html-validate accept the page."""
    checker = JAVASCRIPT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    linter = JAVASCRIPT / "node_modules" / ".bin" / "html-validate"
    java = shutil.which("java")
    if java is None or not checker.is_file() or not linter.exists():
        pytest.skip("Java, or the JavaScript packages vnu-jar and html-validate, are missing: python3 dev.py system")
    page = str(built / "index.html")
    done = subprocess.run([java, "-jar", str(checker), "--format", "json", page], capture_output=True, check=False)
    assert [item["message"] for item in json.loads(done.stderr)["messages"] if item["type"] != "info"] == []
    command = [str(linter), "--config", str(JAVASCRIPT / "htmlvalidate.json"), page]
    done_too = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done_too.returncode == 0, done_too.stdout[:3000]


def test_any_package_has_a_page(small_package: PackageFolder, tmp_path: Path) -> None:
    """A package of other tables has a page of its tables, rules, contradictions and figures, without charts."""
    small_package.edit("datapackage.json", "title", to="Loans <&> more")
    small_package.spoil("data/branches.csv", "North", "<b>North</b> & “co”")
    small_package.repair()
    scrdata.build_release(tmp_path / "out", small_package.folder)
    text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<h1>Loans &lt;&amp;&gt; more</h1>" in text
    assert "&lt;b&gt;North&lt;/b&gt;" in text
    assert "<svg" not in text
    assert 'id="table-loans"' in text
    assert "Leaflet: 94 against 95" in text
