"""What stands first on the page: the headline figures, and the charts with their tables.

Each is shown if the package has the figures that it is made of. The titles state findings; those that hold for these
figures alone are tested against them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date

from scrdata.explorer.charts import Bar, Dot, draw_bars, draw_dots
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrdata.explorer.page_data import Entry, PageData
    from scrdata.reading import Table

_AGE = "child_characteristics[characteristic=age,category={}].children"
_SEX = "child_characteristics[characteristic=sex,category={}].children"
_OUTCOME = "child_characteristics[characteristic=outcome,category={}].children"
HEADLINES = (
    ("reviews evaluated in the year", "reviews"),
    ("of these reviews were about children", "review_characteristics[characteristic=focus,category=children].reviews"),
    ("children in these reviews", "child_characteristics[characteristic=outcome].children"),
    ("of these children died", _OUTCOME.format("died")),
    ("children were in other serious incidents", _OUTCOME.format("serious_incident")),
    ("children were known to social care", "child_circumstances[circumstance=known_to_social_care].children"),
    ("reviews were judged inadequate", "reviews[judgement=inadequate]"),
)


class Plan(Record):
    """A chart to be drawn.

    Attributes:
        name: of the chart, for addresses and files.
        heading: what it shows; a reference in braces stands for its number.
        note: what a reader has to know.
        table, column: where the numbers stand, and the column that has them.
        row: the column whose codes are the rows of the chart.
        series: the column whose codes are told apart by colour; empty for none.
        only: a column and its codes, to which the rows are limited.
    """

    name: str
    heading: str
    note: str
    table: str
    column: str
    row: str
    series: str = ""
    only: tuple[str, tuple[str, ...]] | None = None


class Chart(Record):
    """A chart as the page shows it, with its table as entries and the same table as CSV; `None` has no entry."""

    name: str
    heading: tuple[str | Entry, ...]
    svg: str
    source: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Entry | None, ...]], ...]
    csv: str


_YEAR = "judgements[period_id=2009-10,judgement={}].reviews"
_FAST = "durations[judgement={},duration=under_6_months].reviews"
_CHILDREN = "{child_characteristics[characteristic=outcome].children}"
_CIRCUMSTANCE = "child_circumstances[circumstance={}].children"
PLANS = (
    Plan(
        "judgements-by-year",
        f"Of the reviews of 2009–10 Ofsted judged {{{_YEAR.format('good')}}} good, "
        f"{{{_YEAR.format('adequate')}}} adequate and {{{_YEAR.format('inadequate')}}} inadequate",
        "The years run from April to March. No review was judged outstanding in any of them.",
        *("judgements", "reviews", "period_id", "judgement"),
    ),
    Plan(
        "durations",
        f"{{{_FAST.format('good')}}} of {{reviews[judgement=good]}} good reviews took less than six months, and "
        f"{{{_FAST.format('inadequate')}}} of {{reviews[judgement=inadequate]}} inadequate ones",
        "",
        *("durations", "reviews", "judgement", "duration"),
    ),
    Plan(
        "causes-of-death",
        "Of the {child_characteristics[characteristic=outcome,category=died].children} children who died, "
        "{causes_of_death[cause_group=undetermined].children} died of causes that were not determined and "
        "{causes_of_death[cause_group=homicide].children} by homicide",
        "",
        *("causes_of_death", "children", "cause_group"),
    ),
    Plan(
        "age",
        f"{{{_AGE.format('under_1')}}} of the {_CHILDREN} children were babies of less than one year",
        "The number of the oldest is not printed; it is what the others leave.",
        *("child_characteristics", "children", "category"),
        only=("characteristic", ("age",)),
    ),
    Plan(
        "sex",
        f"{{{_SEX.format('girl')}}} of the {_CHILDREN} children were girls and {{{_SEX.format('boy')}}} boys",
        "",
        *("child_characteristics", "children", "category"),
        only=("characteristic", ("sex",)),
    ),
    Plan(
        "circumstances",
        f"{{{_CIRCUMSTANCE.format('known_to_social_care')}}} of the {_CHILDREN} children were known to "
        "children’s social care",
        "The groups overlap and must not be added up.",
        *("child_circumstances", "children", "circumstance"),
        only=("kind", ("service", "child")),
    ),
    Plan(
        "family-factors",
        f"Domestic violence is counted for {{{_CIRCUMSTANCE.format('domestic_violence')}}} of the {_CHILDREN} children",
        "The groups overlap: a child can be in several, and they must not be added up. For some factors the report "
        "prints no number; that is not zero.",
        *("child_circumstances", "children", "circumstance"),
        only=("kind", ("family",)),
    ),
)


def list_headlines(data: PageData) -> list[tuple[str, Entry]]:
    """Return the headline figures that the package has, each with the words that follow its number."""
    return [(words, data.add(reference)) for words, reference in HEADLINES if data.has(reference)]


def draw_charts(data: PageData) -> list[Chart]:
    """Return the charts whose figures the package has."""
    return [_chart(plan, data) for plan in PLANS if data.has(*references_in(plan.heading))]


def references_in(text: str) -> list[str]:
    """Return the references that stand in braces in a text."""
    return re.findall(r"\{(.*?)\}", text)


def fill(text: str, data: PageData) -> tuple[str | Entry, ...]:
    """Return a text in parts, with an entry in the place of each reference in braces."""
    parts = re.split(r"\{(.*?)\}", text)
    return tuple(data.add(part) if position % 2 else part for position, part in enumerate(parts) if part)


def _chart(plan: Plan, data: PageData) -> Chart:
    table = data.contents.tables[plan.table]
    columns = table.schema.columns
    kept = range(len(table))
    if plan.only is not None:
        name, codes = plan.only
        kept = [row for row in kept if to_text(table.columns[name][row]) in codes]  # type: ignore[assignment]
    rows = _codes(table, plan.row, kept)
    series = _codes(table, plan.series, kept) if plan.series else {"": columns[plan.column].title}
    keyed = plan.only is not None and plan.only[0] in table.schema.primary_key
    fixed = {plan.only[0]: plan.only[1][0]} if keyed and plan.only is not None else {}
    body = []
    bars = []
    for code, label in rows.items():
        entries = []
        for other, name in series.items():
            chosen = {**fixed, plan.row: code, **({plan.series: other} if plan.series else {})}
            conditions = ",".join(f"{column}={value}" for column, value in chosen.items())
            entry = data.add(f"{plan.table}[{conditions}].{plan.column}")
            entries.append(entry)
            if entry.trace.value is not None:
                bars.append(Bar(label, name, int(entry.trace.value), f"#{entry.anchor}"))
        body.append((label, tuple(entries)))
    heading = fill(plan.heading, data)
    title = "".join(part if isinstance(part, str) else part.value for part in heading)
    names = (columns[plan.row].title, *series.values())
    numbers = ((label, *("" if e.trace.value is None else e.value for e in entries)) for label, entries in body)
    lines = [names, *numbers]
    svg = draw_bars([bar for bar in bars if bar.value], title, columns[plan.column].title)
    places = dict.fromkeys(m.locator for _, entries in body for entry in entries for m in entry.trace.mentions)
    return Chart(plan.name, heading, svg, "; ".join(places), plan.note, names, tuple(body), _as_csv(lines))


def _codes(table: Table, column: str, rows: Iterable[int]) -> dict[str, str]:
    """Return the values of a column in the order of its codes, else of the rows, with their labels."""
    field = table.schema.columns[column]
    labels = {to_text(code.value): code.label for code in field.categories}
    found = [to_text(table.columns[column][row]) for row in rows]
    ordered = [code for code in labels if code in found] or list(dict.fromkeys(found))
    return {code: labels.get(code, code) for code in ordered}


def _as_csv(lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


class Timeline(Record):
    """The evaluations along the year: the chart, and for each dot the values by which it can be chosen."""

    svg: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    dots: dict[str, tuple[str, str, str]]


def draw_timeline(data: PageData) -> Timeline | None:
    """Return the reviews as dots along the days, by judgement, if the package has them with Boards and regions."""
    if not data.has("reviews[board_id.region=*]", "reviews[judgement=*]", "boards"):
        return None
    table = data.contents.tables["reviews"]
    days = [to_text(day) for day in table.columns["evaluation_date"]]
    judgements = _codes(table, "judgement", range(len(table)))
    names, regions = (data.totals.column("reviews", ("board_id", column)) for column in ("name", "region"))
    heights: Counter[tuple[str, int]] = Counter()
    dots, values = [], {}
    for row in sorted(range(len(table)), key=lambda row: (days[row], row)):
        judgement = judgements[to_text(table.columns["judgement"][row])]
        week = (date.fromisoformat(days[row]).toordinal(), judgement)
        heights[judgement, week[0] // 7] += 1
        name = to_text(table.columns["review_id"][row])
        dots.append(Dot(name, days[row], heights[judgement, week[0] // 7], judgement))
        values[name] = (to_text(names[row]), to_text(regions[row]), judgement)
    title = "Evaluations by day of the letter and judgement"
    svg = draw_dots(dots, title, list(judgements.values()))
    filters = tuple(
        (label, tuple(sorted({value[place] for value in values.values()})))
        for place, label in ((1, "Region"), (0, "Board"))
    )
    return Timeline(svg, filters, values)
