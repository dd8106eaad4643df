"""`index.html`: the page, made of what `page_data` and `highlights` give and of the template beside this module."""

from __future__ import annotations

import base64
import hashlib
import json
import os

from scrdata.citation import make_citation
from scrdata.explorer.highlights import draw_charts, draw_timeline, list_headlines
from scrdata.explorer.page_data import PageData
from scrdata.rules import evaluate
from scrdata.totals import NotSummableError
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.explorer.page_data import Entry
    from scrdata.metadata.publication import Publication
    from scrdata.rules import Rule
    from scrdata.validation import Contents

HERE = os.path.dirname(os.path.abspath(__file__))
SUMMARY = 150
LONGEST_TITLE = 70


def write_page(publication: Publication) -> str:
    """Return the page of a release as one HTML document that asks for nothing from elsewhere.

    Args:
        publication: the package, valid, with rules, mentions and register read, and the files of the release so far.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    style, script = _part("page.css"), _part("page.js")
    data = PageData(publication)
    shown = draw_charts(data)
    along = draw_timeline(data)

    def number(entry: Entry) -> Markup:
        return Markup('<a class="n" href="#{}" data-reference="{}">{}</a>').format(
            entry.anchor, entry.trace.reference, entry.value
        )

    parts = {
        "number": number,
        "headlines": list_headlines(data),
        "charts": [chart.changed(svg=Markup(chart.svg)) for chart in shown],  # noqa: S704 (drawn by charts)
        "timeline": along.changed(svg=Markup(along.svg)) if along is not None else None,  # noqa: S704
        "dots": Markup(json.dumps(along.dots).replace("<", "\\u003c")) if along is not None else "",  # noqa: S704
        "all_reviews": data.add("reviews") if along is not None else None,
        "findings": list(_findings(data)),
        "counted": list(_counted(data)),
        "tables": list(_tables(data)),
        "rules": list(_rules(data.contents)),
        "entries": [_shown(entry) for entry in data.entries.values()],
        "style": Markup(style),  # noqa: S704 (our own)
        "script": Markup(script),  # noqa: S704
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    parts |= {**_about(publication), "contents": _menu(parts)}
    return environment.from_string(_part("page.html")).render(parts)


def _part(name: str) -> str:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    """Return what a content security policy calls an inline style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _about(publication: Publication) -> dict[str, object]:
    """Return what the descriptor says of the package."""
    description = publication.text("description") or ""
    return {
        "title": publication.title,
        "short_title": publication.title.partition(": ")[0][:LONGEST_TITLE],
        "description": description,
        "summary": description[:SUMMARY] or publication.title,
        "version": publication.text("version"),
        "released": publication.released,
        "licences": [item for item in publication.objects("licenses") if "path" in item],
        "citation": make_citation(publication.contents, None).text,
        "whole": [file for file in publication.files if file.role == "package" or file.path == "data-dictionary.md"],
    }


def _menu(parts: dict[str, object]) -> list[tuple[str, str]]:
    """Return the contents of the page: anchors and words of the sections that it has."""
    sections = (
        *(("headlines", "At a glance"), ("charts", "Charts"), ("findings", "Contradictions"), ("counted", "Counts")),
        *(("tables", "Tables"), ("rules", "Rules"), ("entries", "Figures")),
    )
    return [("figures" if name == "entries" else name, words) for name, words in sections if parts[name]]


def _shown(entry: Entry) -> dict[str, object]:
    """Return a figure as the template shows it."""
    trace = entry.trace
    return {
        "anchor": entry.anchor,
        "label": entry.label,
        "value": entry.value,
        "trace": trace,
        "standing": trace.status,
        "printed": list(dict.fromkeys((mention.locator, mention.printed) for mention in trace.mentions)),
        "rules": [{"name": rule.rule_id, "filled": rule.filled, "state": rule.verdict} for rule in trace.rules],
        "discrepancies": [item["discrepancy_id"] for item in trace.discrepancies],
    }


def _findings(data: PageData) -> Iterator[dict[str, str]]:
    """Yield the registered contradictions, told as findings."""
    register = data.contents.register
    table = register.table if register is not None else None
    for row in range(len(table) if table is not None else 0):
        assert table is not None
        texts = {name: to_text(cells[row]) for name, cells in table.columns.items()}
        left, right = texts.get("left_value", ""), texts.get("right_value", "")
        yield {
            "name": texts["discrepancy_id"],
            "summary": f"{texts['discrepancy_id'].replace('-', ' ').capitalize()}: {left} against {right}",
            "places": texts.get("locators", ""),
            "explanation": texts.get("explanation", ""),
            "resolution": texts.get("resolution", ""),
        }


COUNTED = (
    ("Lessons by kind", "lessons", "kind"),
    ("Lessons by section of the report", "lessons", "section_id"),
    ("Cases by outcome", "cases", "outcome"),
    ("Cases by age", "cases", "age_group"),
    ("Cases by factor named in them", "case_factors", "factor"),
    ("Cases by agency named in them", "case_agencies", "agency"),
)


def _counted(data: PageData) -> Iterator[tuple[str, list[tuple[str, Entry]]]]:
    """Yield counts of lessons and cases by their codes."""
    for heading, name, column in COUNTED:
        if not data.has(f"{name}[{column}=*]"):
            continue
        labels = _labels(data, name, column)
        found = data.totals.values(data.totals.reference(f"{name}[{column}=*]"))
        codes = [code for code in labels if (code,) in found] or [code for (code,) in found]
        yield heading, [(labels.get(code, code), data.add(f"{name}[{column}={code}]")) for code in codes]


def _labels(data: PageData, name: str, column: str) -> dict[str, str]:
    """Return the words for the values of a column: labels of codes, or titles of the rows that they refer to."""
    schema = data.contents.tables[name].schema
    if schema.columns[column].categories:
        return {to_text(code.value): code.label for code in schema.columns[column].categories}
    for key in schema.foreign_keys:
        target = data.contents.tables[key.table or name]
        if key.fields == (column,) and "title" in target.columns:
            titles = map(to_text, target.columns["title"])
            return dict(zip(map(to_text, target.columns[key.columns[0]]), titles, strict=True))
    return {}


def _tables(data: PageData) -> Iterator[dict[str, object]]:
    """Yield every table with its columns, rows and files."""
    for name, table in data.contents.tables.items():
        resource = data.contents.descriptor.resources[name]
        yield {
            "name": name,
            "title": resource.title,
            "description": resource.description,
            "fields": table.schema.fields,
            "rows": data.rows(table),
            "files": data.publication.of_table(name),
        }


def _rules(contents: Contents) -> Iterator[dict[str, object]]:
    """Yield every rule with the states of its instances."""
    for rule in contents.rules:
        states: dict[str, int] = {}
        for state in _states(rule, contents):
            states[state] = states.get(state, 0) + 1
        yield {
            "name": rule.rule_id,
            "statement": rule.statement,
            "equation": str(rule.equation),
            "states": list(states.items()),
        }


def _states(rule: Rule, contents: Contents) -> Iterator[str]:
    register = contents.register
    try:
        for outcome in evaluate(rule, contents.totals):
            if outcome.holds is not None and not outcome.holds:
                accepted = register is not None and register.accepts(outcome)
                yield "fails as registered" if accepted else "fails"
            else:
                yield "holds" if outcome.holds else "open: a number is missing"
    except NotSummableError:
        yield "has no number"
