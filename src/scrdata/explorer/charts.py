"""The charts of the page: which figures each shows, under which title, and what is to be known with them.

A chart is made only of a package that has its tables. Every bar is a part of a whole that is known, and is drawn
as long as its share of it; the number beside it is the count, so that nothing is rounded. The titles say what the
numbers say and are chosen by them: where they would not hold, a title without a finding stands in their place.
"""

from __future__ import annotations

from scrdata.errors import NotationError
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrdata.fields import Field
    from scrdata.validation import Contents

CHILDREN = "child_characteristics[characteristic=outcome].children"
DEATHS = "child_characteristics[characteristic=outcome,category=died].children"


class Bar(Record):
    """One bar: a part of a whole.

    Attributes:
        label: what is counted.
        part, whole: references.
        group: the heading that it stands under; empty in a chart without groups.
    """

    label: str
    part: str
    whole: str
    group: str = ""


class Chart(Record):
    """One chart.

    Attributes:
        name: identifies it on the page.
        topic: what it is about, in a few words.
        title: a sentence as of `sentences`.
        unit: what is counted, for the head of the column of numbers.
        label: the head of the column of labels.
        bars: in the order in which they are drawn.
        notes: sentences that are needed to read it rightly.
        uncounted: what belongs to the chart and has no number.
    """

    name: str
    topic: str
    title: str
    unit: str
    label: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()


def list_charts(contents: Contents) -> list[Chart]:
    """Return the charts for which a package has the tables, in the order of the page."""
    return [make(contents) for needed, make in _CHARTS if all(is_known(text, contents) for text in needed)]


def is_known(reference: str, contents: Contents) -> bool:
    """Say whether a package has the tables, columns and codes that a reference names."""
    try:
        contents.totals.reference(reference)
    except NotationError:
        return False
    return True


def _labels(contents: Contents, table: str, column: str) -> Iterator[tuple[str, str]]:
    """Yield code and label of the codes that a column has, in the order of the schema."""
    field: Field = contents.descriptor.tables[table].schema.columns[column]  # type: ignore[union-attr]
    used = set(contents.tables[table].columns[column])
    yield from ((to_text(item.value), item.label) for item in field.categories if item.value in used)


def _amount(contents: Contents, reference: str) -> int:
    """Return a count; one that is not known is less than any other."""
    value = contents.totals.value(contents.totals.reference(reference))
    return int(value) if value is not None else -1


def _largest(contents: Contents, bars: list[Bar]) -> Bar | None:
    """Return the bar that is longer than all others, if there is one."""
    amounts = [_amount(contents, bar.part) for bar in bars]
    return bars[amounts.index(max(amounts))] if amounts.count(max(amounts)) == 1 else None


def _judgements(contents: Contents) -> Chart:
    periods = [to_text(value) for value in contents.tables["periods"].columns["period_id"]]
    bars = tuple(
        Bar(
            period.replace("-", "–"),
            f"judgements[period_id={period},judgement={code}].reviews",
            f"judgements[period_id={period}].reviews",
            label,
        )
        for code, label in _labels(contents, "judgements", "judgement")
        for period in periods
    )
    before, last = periods[-2:] if len(periods) > 1 else (periods[0], periods[0])
    good, every = "{{judgements[period_id={},judgement=good].reviews}}", "{{judgements[period_id={}].reviews}}"
    title = (
        f"{good.format(last)} of {every.format(last)} reviews were judged good in {last.replace('-', '–')}, "
        f"{good.format(before)} of {every.format(before)} the year before"
    )
    notes = (
        "The years differ in their number of reviews, so each bar shows a share of its year.",
        "The report itself holds statistical comparison with earlier years to be out of place.",
    )
    return Chart("judgements", "Judgements by year", title, "Reviews", "Year", bars, notes)


def _durations(contents: Contents) -> Chart:
    bars = tuple(
        Bar(
            label,
            f"durations[judgement={judgement},duration={code}].reviews",
            f"durations[duration={code}].reviews",
            duration,
        )
        for code, duration in _labels(contents, "durations", "duration")
        for judgement, label in _labels(contents, "durations", "judgement")
    )
    quick = "durations[duration=under_6_months].reviews"
    title = (
        f"{{{quick}}} of the {{durations.reviews}} reviews took less than six months; "
        "{durations[judgement=good,duration=under_6_months].reviews} of these were judged good"
    )
    notes = (
        "Each bar shows a share of the reviews that took so long. The last shares rest on few reviews.",
        "The report itself sees no significant pattern here.",
    )
    return Chart("durations", "Time taken", title, "Reviews", "Judgement", bars, notes)


def _causes(contents: Contents) -> Chart:
    bars = [
        Bar(label, f"causes_of_death[cause_group={code}].children", "causes_of_death.children")
        for code, label in _labels(contents, "causes_of_death", "cause_group")
    ]
    bars.sort(key=lambda bar: -_amount(contents, bar.part))
    title = "Causes of death of the {causes_of_death.children} children who died"
    largest = _largest(contents, bars)
    if largest is not None:
        title = f"{largest.label} is the largest group of causes: {{{largest.part}}} of the {{{largest.whole}}} deaths"
    notes = ("The groups are those of the report's Table 1. The table of causes has each cause of a group.",)
    return Chart("causes", "Causes of death", title, "Children", "Group of causes", tuple(bars), notes)


def _children(contents: Contents) -> Chart:
    parts = [item for item in _labels(contents, "child_characteristics", "characteristic") if item[0] in ("age", "sex")]
    table = contents.tables["child_characteristics"]
    field = table.schema.columns["category"]
    labels = {to_text(item.value): item.label for item in field.categories}
    bars = []
    for part, group in parts:
        for row, code in enumerate(map(to_text, table.columns["category"])):
            if to_text(table.columns["characteristic"][row]) == part:
                reference = f"child_characteristics[characteristic={part},category={code}].children"
                bars.append(Bar(labels[code], reference, CHILDREN, group))
    young = "child_characteristics[characteristic=age,category={}].children"
    title = (
        f"{{{young.format('under_1')}}} of the {{{CHILDREN}}} children were under one year old, "
        f"{{{young.format('1_to_5')}}} were aged one to five"
    )
    return Chart("children", "Age and sex", title, "Children", "Group", tuple(bars))


def _circumstances(contents: Contents, kinds: tuple[str, ...]) -> tuple[list[Bar], list[str]]:
    """Return circumstances counted among all children, the largest first, and the labels of those without a count."""
    table = contents.tables["child_circumstances"]
    field = table.schema.columns["circumstance"]
    labels = {to_text(item.value): item.label for item in field.categories}
    bars, uncounted = [], []
    for row, code in enumerate(map(to_text, table.columns["circumstance"])):
        if to_text(table.columns["kind"][row]) not in kinds or table.columns["population"][row] != CHILDREN:
            continue
        if table.columns["children"][row] is None:
            uncounted.append(labels[code])
        else:
            bars.append(Bar(labels[code], f"child_circumstances[circumstance={code}].children", CHILDREN))
    bars.sort(key=lambda bar: -_amount(contents, bar.part))
    return bars, uncounted


def _services(contents: Contents) -> Chart:
    bars, uncounted = _circumstances(contents, ("service", "child"))
    plan = "child_circumstances[circumstance=child_protection_plan].children"
    title = (
        "{child_circumstances[circumstance=known_to_social_care].children} of the "
        f"{{{CHILDREN}}} children were known to children's social care at the time of the incident"
    )
    notes = (
        "The groups overlap: a child can be counted in several, so they must not be added up.",
        f"{{{plan}}} of those in need were on a child protection plan.",
    )
    return Chart(
        "services",
        "Services and circumstances",
        title,
        "Children",
        "Circumstance",
        tuple(bars),
        notes,
        tuple(uncounted),
    )


def _family(contents: Contents) -> Chart:
    bars, uncounted = _circumstances(contents, ("family",))
    title = "Family factors that the report counts among the {" + CHILDREN + "} children"
    largest = _largest(contents, bars)
    if largest is not None:
        title = (
            f"{largest.label} is the family factor counted for most children: {{{largest.part}}} of {{{largest.whole}}}"
        )
    notes = (
        "The factors overlap: one child can be counted under several of them, so they must not be added up.",
        "A child who is not counted under a factor is not thereby known to be free of it.",
    )
    return Chart("family", "Family factors", title, "Children", "Factor", tuple(bars), notes, tuple(uncounted))


# Each chart with the totals that it cannot be made without.
_CHARTS: tuple[tuple[tuple[str, ...], Callable[[Contents], Chart]], ...] = (
    (("periods[period_id=*]", "judgements[period_id=*,judgement=good].reviews"), _judgements),
    (("durations[judgement=good,duration=under_6_months].reviews",), _durations),
    (("causes_of_death[cause_group=*].children",), _causes),
    ((CHILDREN, "child_characteristics[characteristic=age,category=under_1|1_to_5].children"), _children),
    ((CHILDREN, "child_circumstances[circumstance=known_to_social_care,kind=service|child].children"), _services),
    ((CHILDREN, "child_circumstances[circumstance=*,kind=family].children"), _family),
)
