"""All that the page shows, as plain values: texts, references, and drawings.

What is only for one kind of package (charts, headlines, examples) is there if the package has the tables for it;
tables, dictionary, rules and register are there for every package.
"""

from __future__ import annotations

import csv
import io

from scrdata.citation import make_citation
from scrdata.explorer.charts import list_charts
from scrdata.explorer.checks import describe_rules, tell_discrepancies
from scrdata.explorer.drawing import NARROW, WIDE, draw_bars
from scrdata.explorer.examples import describe_examples
from scrdata.explorer.headlines import list_headlines
from scrdata.explorer.sentences import plain_sentence, split_sentence
from scrdata.explorer.tables import describe_table
from scrdata.explorer.timeline import describe_timeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from scrdata.explorer.charts import Bar, Chart
    from scrdata.explorer.dossiers import Dossiers
    from scrdata.metadata.publication import Publication

# Search engines cut what is longer.
_LONGEST_TITLE = 70


def describe_page(publication: Publication, dossiers: Dossiers) -> dict[str, object]:
    """Return all that the page shows.

    Args:
        publication: the package, with rules, mentions and register read, and the files that are published of it.
        dossiers: the figures of the page, to which all that it shows are added.
    """
    contents = publication.contents
    return {
        "title": publication.title,
        "short_title": _short_title(publication.title),
        "description": publication.text("description") or "",
        "version": publication.text("version"),
        "released": publication.released,
        "licences": [
            {"title": item.get("title") or item.get("name") or item["path"], "path": item.get("path", "")}
            for item in publication.objects("licenses")
        ],
        "sources": [source.text for source in publication.sources()],
        "citation": make_citation(contents, None).text,
        "headlines": [
            {"reference": item.figure, "sentence": list(split_sentence(item.sentence, dossiers))}
            for item in list_headlines(contents)
        ],
        "charts": [_chart(chart, dossiers) for chart in list_charts(contents)],
        "timeline": describe_timeline(contents, dossiers),
        "contradictions": tell_discrepancies(contents, dossiers),
        "examples": describe_examples(contents, dossiers),
        "tables": list(_tables(publication, dossiers)),
        "files": [
            {"path": file.path, "title": file.title, "size": _size(file.size)}
            for file in publication.files
            if file.role in ("package", "text")
        ],
    }


def describe_knowledge(page: Mapping[str, Any]) -> dict[str, object]:
    """Return what the page's program knows beside the figures, of what `describe_page` returned."""
    timeline, examples = page["timeline"], page["examples"]
    return {
        "citation": page["citation"],
        "codes": {
            table["name"]: {
                column["name"]: {item["label"]: item["code"] for item in column["codes"]}
                for column in table["columns"]
                if column["codes"]
            }
            for table in page["tables"]
        },
        "timeline": timeline and {name: timeline[name] for name in ("reviews", "choices", "judgements")},
        "cases": examples and examples["cases"],
    }


def _chart(chart: Chart, dossiers: Dossiers) -> dict[str, object]:
    rows = [_row(bar, dossiers) for bar in chart.bars]
    return {
        "name": chart.name,
        "topic": chart.topic,
        "title": list(split_sentence(chart.title, dossiers)),
        "plain_title": plain_sentence(chart.title, dossiers),
        "unit": chart.unit,
        "label": chart.label,
        "grouped": any(bar.group for bar in chart.bars),
        "rows": rows,
        "wide": draw_bars(rows, WIDE),
        "narrow": draw_bars(rows, NARROW),
        "notes": [list(split_sentence(note, dossiers)) for note in chart.notes],
        "uncounted": list(chart.uncounted),
        "places": dossiers.places(*(bar.part for bar in chart.bars)),
        "csv": _csv(
            ("group", chart.label, chart.unit, "of", "reference"),
            (
                (bar.group, bar.label, dossiers.value(bar.part), dossiers.value(bar.whole), bar.part)
                for bar in chart.bars
            ),
        ),
    }


def _row(bar: Bar, dossiers: Dossiers) -> dict[str, object]:
    part, whole = (dossiers.value(reference) for reference in (bar.part, bar.whole))
    return {
        "label": bar.label,
        "group": bar.group,
        "name": bar.part,
        "whole": bar.whole,
        "text": f"{part} of {whole}",
        "share": int(part) / int(whole) if int(whole) else 0,
        "places": dossiers.places(bar.part),
        "status": dossiers.trace(bar.part).status,
    }


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV, with the line ends of RFC 4180."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue()


def _tables(publication: Publication, dossiers: Dossiers) -> Iterable[dict[str, object]]:
    """Yield the tables; to the rows of rules are added their numbers and their state."""
    contents = publication.contents
    rule_table = contents.rule_table.name if contents.rule_table is not None else None
    mention_table = contents.mention_table.name if contents.mention_table is not None else None
    for resource in contents.descriptor.tables.values():
        described = describe_table(resource, publication, dossiers)
        if resource.name == rule_table:
            _add_states(described, describe_rules(contents), dossiers)
        if resource.name == mention_table:
            for row, mention in zip(described["rows"], contents.mentions, strict=True):  # type: ignore[call-overload]
                row["anchor"] = dossiers.row_anchor(mention.mention_id)
        yield described


def _add_states(described: dict[str, object], rules: list[dict[str, str]], dossiers: Dossiers) -> None:
    columns, rows = described["columns"], described["rows"]
    assert isinstance(columns, list)
    assert isinstance(rows, list)
    added = {
        "numbers": ("With its numbers", "The rule with numbers in the place of totals; added by this page."),
        "state": ("State", "Whether the rule holds; added by this page."),
    }
    for name, (title, description) in added.items():
        column = {"name": name, "title": title, "description": description, "type": "string", "codes": []}
        columns.append({**column, "numeric": False, "required": True, "added": True})
    for row, rule in zip(rows, rules, strict=True):
        row["anchor"] = dossiers.row_anchor(rule["rule_id"])
        row["cells"] += [{"text": rule["numbers"]}, {"text": rule["state"]}]


def _short_title(title: str) -> str:
    """Return a title as browsers show it on a tab: of a long one the part before a colon, else its first words."""
    if len(title) <= _LONGEST_TITLE:
        return title
    first = title.partition(": ")[0]
    return first if len(first) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rpartition(' ')[0]}…"


def _size(number: int) -> str:
    """Return a size of a file as people say it, in the units of 1,000 bytes."""
    return f"{number} bytes" if number < 1000 else f"{number // 1000:,} kB"
