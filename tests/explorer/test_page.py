"""The page as it is written: complete, true to the package, small, and usable without a program."""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

import scrdata
from scrdata.explorer.charts import list_charts
from scrdata.tracing import Survey, trace_total
from scrdata.values import to_text
from tests.explorer.conftest import ROOT, page_of
from tests.metadata.publications import describe_fully, publish

if TYPE_CHECKING:
    from conftest import PackageFolder

    from scrdata.package import Package

NAMES = [table.name for table in scrdata.tables()]
FIGURE = re.compile(r'<a href="#([^"]*)" data-reference="([^"]*)">(.*?)</a>')


def words_of(markup: str) -> str:
    """Return a piece of HTML as text."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def section_of(text: str, name: str) -> str:
    """Return a section of the page."""
    start = text.index(f'<section id="{name}"')
    return text[start : text.index("</section>", start)]


def part_of(text: str, name: str) -> str:
    """Return the part of the page that shows a table."""
    table = text.index(f'<table data-table="{name}">')
    return text[text.rindex('<details class="data"', 0, table) : text.index("</table>", table)]


def test_page_is_small_and_loads_nothing(text: str) -> None:
    """The page has less than a megabyte, and nothing in it is fetched: no style, script, font or picture."""
    assert len(text.encode()) < 800_000
    assert re.findall(r'\ssrc="|@import|url\(', text) == []
    assert re.findall(r'<link [^>]*href="([^"]*)"', text) == ["data:,"]


def test_policy_allows_what_stands_in_the_page_alone(text: str) -> None:
    """The security policy names the hashes of the one style and the one program, and no other source of either."""
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in html.unescape(policy)
    assert html.unescape(policy).startswith("default-src 'none';")


def test_same_package_gives_the_same_page(text: str) -> None:
    """The page is made anew to the same letter."""
    assert page_of(ROOT) == text


def test_every_number_is_that_of_the_package(text: str, shipped: Package) -> None:
    """Each number that can be asked is the total that its reference stands for."""
    found = FIGURE.findall(text)
    assert len(found) > 500
    for _, reference, shown in found:
        value = shipped.total(html.unescape(reference))
        part = words_of(shown).partition(" of ")[0]
        assert part == ("not printed" if value is None else str(value)), reference


def test_every_whole_beside_a_bar_is_that_of_the_package(text: str, shipped: Package) -> None:
    """In `36 of 90` beside a bar, the second number is the whole that the table below the chart names."""
    charts = list_charts(publish(ROOT).contents)
    bars = {bar.part: bar.whole for chart in charts for bar in chart.bars}
    found = [(reference, words_of(shown)) for _, reference, shown in FIGURE.findall(text) if " of " in words_of(shown)]
    assert {html.unescape(reference) for reference, _ in found} == set(bars)
    for reference, shown in found:
        whole = bars[html.unescape(reference)]
        assert shown.partition(" of ")[2] == str(shipped.total(whole))


def test_bars_are_as_long_as_their_shares(text: str, shipped: Package) -> None:
    """A bar is drawn as long as its part of the whole, to a tenth of a pixel; its track is the whole."""
    for drawing in re.findall(r'<svg viewBox="0 0 [0-9.]+ [0-9.]+">.*?</svg>', text):
        root = ET.fromstring(drawing)  # noqa: S314  (our own page)
        tracks = [float(item.get("d", "").split("h")[1].split("v")[0]) for item in root.iter() if is_a(item, "track")]
        for link in root.iter("a"):
            (bar,) = (item for item in link if is_a(item, "bar"))
            part, _, whole = "".join(link.itertext()).partition(" of ")
            length = float(bar.get("d", "").split("h")[1].split("v")[0])
            assert length == pytest.approx(max(tracks) * int(part) / int(whole), abs=0.06)
    assert shipped.total("reviews")


def is_a(element: ET.Element, kind: str) -> bool:
    """Say whether a mark of a drawing is of a kind."""
    return element.get("class") == kind and element.tag == "path"


def test_there_is_a_dot_for_each_review(text: str, shipped: Package) -> None:
    """Both drawings of the year have each review once."""
    dots = re.findall(r'data-review="([^"]*)"', text)
    names = list(map(str, shipped.table("reviews").columns["review_id"]))
    assert sorted(dots) == sorted(names * 2)


def test_no_dot_hides_another(text: str) -> None:
    """Within a judgement, the dots of one week stand above one another."""
    groups = re.findall(r"(?:<circle [^>]*></circle>)+", text)
    assert len(groups) == 6
    for group in groups:
        places = re.findall(r'cx="([^"]*)" cy="([^"]*)"', group)
        assert len(set(places)) == len(places)


def test_charts_name_their_sources(text: str, shipped: Package) -> None:
    """A chart names every place that prints one of its numbers, in reading order, and no other."""
    order = list(map(str, shipped.table("mentions").columns["locator"]))
    for chart in list_charts(publish(ROOT).contents):
        mentions = [mention for bar in chart.bars for mention in shipped.trace(bar.part).mentions]
        places = {item.locator for item in mentions if item.relation == "=" and item.share_of is None}
        (named,) = re.findall(r'<p class="source">Source: (.*)\.</p>', section_of(text, chart.name))
        assert named.split("; ") == sorted(places, key=order.index)


def test_every_link_within_leads_somewhere(text: str) -> None:
    """Each link to a part of the page finds that part, and no part is named twice."""
    names = re.findall(r'\bid="([^"]*)"', text)
    assert len(set(names)) == len(names)
    assert set(re.findall(r'href="#([^"]*)"', text)) - set(names) == set()


def test_a_number_leads_to_where_it_is_printed(text: str, shipped: Package) -> None:
    """Without a program, a printed figure leads to the row of a mention that is among its places."""
    rows = dict(re.findall(r'<tr id="(m[0-9]+)"><td>(.*?)</td>', text))
    for anchor, reference, _ in FIGURE.findall(text)[:60]:
        trace = shipped.trace(html.unescape(reference))
        if trace.mentions:
            assert rows[anchor] in {mention.mention_id for mention in trace.mentions}


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_there_without_a_program(text: str, shipped: Package, name: str) -> None:
    """Each table stands in the page with all its rows and columns, the meaning of each, and links to its files."""
    part, table = part_of(text, name), shipped.table(name)
    rows = part.split("<tbody>")[1].count("<tr")
    assert rows == len(table)
    columns = re.findall(r'data-column="([^"]*)"', part)
    assert columns[: len(table.columns)] == list(table.columns)
    assert set(columns[len(table.columns) :]) == ({"numbers", "state"} if name == "rules" else set())
    assert f'href="data/{name}.csv"' in part
    for field in table.schema.fields:
        assert f"<dt>{html.escape(field.title)} <code>{field.name}</code></dt>" in part.replace("&#39;", "&#x27;")


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_that_of_the_package(text: str, shipped: Package, name: str) -> None:
    """Each cell says what the package has there: the label of a code, else the value; a reference has its value too."""
    table = shipped.table(name)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", part_of(text, name).split("<tbody>")[1])
    for row, markup in enumerate(rows):
        cells = list(map(words_of, re.findall(r"<td[^>]*>(.*?)</td>", markup)))
        for field, cell in zip(table.schema.fields, cells, strict=False):
            value = table.columns[field.name][row]
            expected = next((item.label for item in field.categories if item.value == value), to_text(value))
            if field.properties.get("scrdata:reference") and value is not None and "*" not in expected:
                expected = f"{expected} = {to_text(shipped.total(expected)) or 'not printed'}"  # type: ignore[arg-type]
            assert cell == expected or (cell, value) == ("not printed", None)


def test_every_figure_is_told_as_it_is_traced(text: str, shipped: Package) -> None:
    """What the program knows of a figure is its trace: value, places with their words, rules, and discrepancies."""
    (packed,) = re.findall(r'<template id="known">(.*?)</template>', text)
    known = json.loads(zlib.decompress(base64.b64decode(packed)))
    figures, survey = known["figures"], Survey(shipped.contents)
    assert len(figures) > 1000
    for figure in figures[::5]:
        trace = trace_total(figure["reference"], shipped.contents, survey)
        assert figure["value"] == (to_text(trace.value) or "not printed")
        assert [mention[:2] for mention in figure["mentions"]] == [[m.locator, m.printed] for m in trace.mentions]
        rules = [(known["rules"][at], instance, filled) for at, instance, filled, _ in figure["rules"]]
        assert rules == [([rule.rule_id, rule.statement], rule.instance, rule.filled) for rule in trace.rules]
        assert [known["discrepancies"][at] for at in figure["discrepancies"]] == list(trace.discrepancies)


def test_rules_are_there_with_their_states(text: str, shipped: Package) -> None:
    """Each rule has its numbers filled in and says whether it holds, fails as registered, or is open."""
    report = shipped.validate()
    states = re.findall(r"<td>([^<]*)</td></tr>", part_of(text, "rules"))
    assert set(states) >= {"holds", "fails, as registered", "open: a cell is missing"}
    failing = {item["check"] for item in report.known_discrepancies}
    assert states.count("fails, as registered") == len(failing & {rule.rule_id for rule in shipped.contents.rules})
    assert "15 + 17 + 13 + 36 + 9 = 90" in part_of(text, "rules")


def test_contradictions_are_told(text: str, shipped: Package) -> None:
    """Every registered discrepancy is told, with what is stored and where it stands."""
    told = section_of(text, "contradictions").replace("&#39;", "'")
    columns = shipped.table("discrepancies").columns
    assert told.count('<details class="finding">') == len(columns["discrepancy_id"])
    for name in ("explanation", "resolution", "locators"):
        assert [cell for cell in columns[name] if html.escape(str(cell), quote=False) not in told] == []


def test_titles_say_what_holds(shipped: Package) -> None:
    """What the titles and notes say in words, and not by a number, holds for the data."""
    groups = shipped.total("causes_of_death[cause_group=*].children")
    assert isinstance(groups, dict)
    assert max(groups, key=groups.__getitem__) == "undetermined"  # type: ignore[arg-type]
    factors = {row: amount for row, amount in family_factors(shipped).items() if amount is not None}
    assert max(factors, key=factors.__getitem__) == "domestic_violence"
    texts = " ".join(map(str, shipped.table("discrepancies").columns["explanation"]))
    assert "Paragraph 108 holds statistical comparison with earlier years to be out of place" in texts
    assert "sees no pattern in the figures" in texts


def family_factors(shipped: Package) -> dict[str, int | None]:
    """Return the family factors with their counts."""
    columns = shipped.table("child_circumstances").columns
    rows = zip(columns["kind"], columns["circumstance"], columns["children"], strict=True)
    return {str(name): amount for kind, name, amount in rows if kind == "family"}  # type: ignore[misc]


def test_titles_are_chosen_by_the_numbers(shipped_copy: PackageFolder) -> None:
    """Where two groups are largest together, the title does not call one of them the largest."""
    shipped_copy.spoil("data/causes_of_death.csv", "other_external_cause,suicide,11", "other_external_cause,suicide,30")
    shipped_copy.repair()
    titles = {chart.name: chart.title for chart in list_charts(scrdata.open_package(shipped_copy).contents)}
    assert "largest" not in titles["causes"]
    titles = {chart.name: chart.title for chart in list_charts(scrdata.open_package(ROOT).contents)}
    assert "Undetermined is the largest" in titles["causes"]


def test_factors_without_a_number_are_named(text: str, shipped: Package) -> None:
    """Family factors that the report names without a number are named as such, and the overlap is said."""
    family = section_of(text, "family")
    (named,) = re.findall(r"names these without a number: (.*?)\.</p>", family)
    assert len(named.split("; ")) == list(family_factors(shipped).values()).count(None) > 0
    assert "must not be added up" in family


def test_each_chart_offers_its_numbers(text: str, shipped: Package) -> None:
    """Each chart has a table, its places in the report, and its numbers to download, with their references."""
    for chart in list_charts(publish(ROOT).contents):
        part = section_of(text, chart.name)
        assert part.count("<tr>") == len(chart.bars) + 1
        assert "Source: " in part
        (address,) = re.findall(r'href="(data:text/csv[^"]*)"', part)
        lines = unquote(address.partition(",")[2]).splitlines()[1:]
        assert len(lines) == len(chart.bars)
        for line, bar in zip(lines, chart.bars, strict=True):
            assert f",{shipped.total(bar.part)},{shipped.total(bar.whole)}," in line


def test_any_package_has_a_page(small_package: PackageFolder) -> None:
    """A package of other tables has a page of its tables, rules and contradictions, without charts."""
    describe_fully(small_package)
    small_package.edit("datapackage.json", "title", to="Loans <&> more")
    small_package.spoil("data/branches.csv", "North", "<b>North</b> & “co”")
    small_package.repair()
    text = page_of(small_package)
    assert "<h1>Loans &lt;&amp;&gt; more</h1>" in text
    assert "&lt;b&gt;North&lt;/b&gt; &amp; “co”" in text
    assert "<svg" not in text
    assert part_of(text, "loans").count("<tr") == 7
    assert "\u201894\u2019 against \u201895\u2019" in text
    assert "The leaflet counts one loan twice." in text


def test_a_package_without_evidence_has_a_page(small_package: PackageFolder) -> None:
    """A package that declares no rules, mentions or register has a page of its tables."""
    for name in ("scrdata:rules", "scrdata:discrepancies"):
        small_package.remove("datapackage.json", name)
    text = page_of(small_package)
    assert 'id="contradictions"' not in text
    assert part_of(text, "rules").count("<tr") == 8


def test_long_titles_are_cut_for_tabs(small_package: PackageFolder) -> None:
    """A title of more than seventy characters is cut before a colon, else after a word."""
    cases = {"Loans: " + "of many books " * 6: "Loans", "many books " * 8: "many books " * 5 + "many books…"}
    for title, expected in cases.items():
        small_package.edit("datapackage.json", "title", to=title.strip())
        assert f"<title>{expected}</title>" in page_of(small_package)
