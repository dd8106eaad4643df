"""The evaluations along the year: one dot for each review, a table by month, and counts for every Board and region."""

from __future__ import annotations

from calendar import month_abbr, month_name, monthrange
from datetime import date

from scrdata.explorer.charts import is_known
from scrdata.explorer.drawing import NARROW, WIDE, draw_dots
from scrdata.references import value_text
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.explorer.dossiers import Dossiers
    from scrdata.validation import Contents

NEEDED = "reviews[judgement=good,evaluation_date>=2009-04-01,board_id.region=*]"


def describe_timeline(contents: Contents, dossiers: Dossiers) -> dict[str, object] | None:
    """Return what the page shows of the evaluations along the year; `None` for a package without dated reviews."""
    if not is_known(NEEDED, contents):
        return None
    judgements = _judgements(contents)
    months = list(_months(contents))
    dots = list(_dots(contents, dict(judgements), months[0]))
    starts = [((first - months[0]).days, month_abbr[first.month]) for first in months]
    days = (_last_of(months[-1]) - months[0]).days + 1
    rows = [
        {
            "label": f"{month_name[first.month]} {first.year}",
            "references": [_reference(first, code) for code in ("", *(code for code, _ in judgements))],
        }
        for first in months
    ]
    for row in rows:
        for reference in row["references"]:
            dossiers.trace(reference)
    return {
        "wide": draw_dots(dots, starts, days, WIDE),
        "narrow": draw_dots(dots, starts, days, NARROW),
        "judgements": [label for _, label in judgements],
        "rows": rows,
        "reviews": _reviews(contents),
        "choices": _choices(contents, judgements, dossiers),
        "totals": [_filtered("", code) for code in ("", *(code for code, _ in judgements))],
    }


def _judgements(contents: Contents) -> list[tuple[str, str]]:
    """Return code and label of the judgements that occur, in their order."""
    table = contents.tables["reviews"]
    used = set(table.columns["judgement"])
    return [
        (to_text(item.value), item.label) for item in table.schema.columns["judgement"].categories if item.value in used
    ]


def _months(contents: Contents) -> Iterator[date]:
    """Yield the first day of each month from the first evaluation to the last."""
    days = [day for day in contents.tables["reviews"].columns["evaluation_date"] if isinstance(day, date)]
    first = min(days).replace(day=1)
    while first <= max(days):
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _last_of(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _dots(contents: Contents, labels: dict[str, str], start: date) -> Iterator[dict[str, object]]:
    """Yield one dot for each review, on the first day of its week, above the dots that are there already."""
    columns = contents.tables["reviews"].columns
    level: dict[tuple[str, int], int] = {}
    rows = zip(columns["evaluation_date"], columns["judgement"], columns["review_id"], strict=True)
    order = list(labels)
    found = [(day, to_text(code), to_text(name)) for day, code, name in rows if isinstance(day, date)]
    for day, code, name in sorted(found, key=lambda item: (order.index(item[1]), item[0], item[2])):
        week = (day - start).days // 7
        at = level[code, week] = level.get((code, week), -1) + 1
        yield {"group": labels[code], "day": week * 7 + 3, "level": at, "name": name}


def _reference(first: date, judgement: str) -> str:
    chosen = f"judgement={judgement}," if judgement else ""
    return f"reviews[{chosen}evaluation_date>={first},evaluation_date<={_last_of(first)}]"


def _filtered(condition: str, judgement: str) -> str:
    """Return the reference to the reviews of a Board or a region, or of all, with one judgement or any."""
    conditions = [part for part in (condition, f"judgement={judgement}" if judgement else "") if part]
    return f"reviews[{','.join(conditions)}]" if conditions else "reviews"


def _reviews(contents: Contents) -> list[list[str]]:
    """Return identifier, Board and region of each review."""
    totals = contents.totals
    columns = contents.tables["reviews"].columns
    regions = totals.column("reviews", ("board_id", "region"))
    rows = zip(columns["review_id"], columns["board_id"], regions, strict=True)
    return [[to_text(cell) for cell in row] for row in rows]


def _choices(
    contents: Contents, judgements: Sequence[tuple[str, str]], dossiers: Dossiers
) -> dict[str, list[dict[str, object]]]:
    """Return the regions and the Boards that one can choose, each with references to its counts."""
    boards = contents.tables["boards"].columns
    names = dict(zip(map(to_text, boards["board_id"]), map(to_text, boards["name"]), strict=True))
    regions = sorted({to_text(region) for region in boards["region"]} - {""})
    groups = {
        "region": [(region, region, f"board_id.region={value_text(region)}") for region in regions],
        "board": [(code, name, f"board_id={value_text(code)}") for code, name in names.items()],
    }
    codes = ["", *(code for code, _ in judgements)]
    found: dict[str, list[dict[str, object]]] = {}
    for kind, items in groups.items():
        for value, label, condition in items:
            references = [_filtered(condition, code) for code in codes]
            values = [dossiers.value(reference) for reference in references]
            item: dict[str, object] = {"value": value, "label": label, "references": references, "values": values}
            found.setdefault(kind, []).append(item)
    return found
