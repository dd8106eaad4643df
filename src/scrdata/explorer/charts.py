"""Charts of a release, drawn as SVG when it is built, after the guidance of the Government Analysis Function.

The colours are its palette for categories (https://analysisfunction.civilservice.gov.uk/policy-store/
data-visualisation-colours-in-charts/), in its order; text stays text. A chart is drawn of a table of numbers, each of
which names the total that it is, so that table and chart cannot differ.
"""

from __future__ import annotations

import re

from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25")
WIDTH = 620
BAR = 26
FONT = "Arial, Helvetica, sans-serif"


class Bar(Record):
    """One number of a chart: its row, its series if there are several, its value, and the address of the figure."""

    row: str
    series: str
    value: int
    link: str


class Dot(Record):
    """One thing of a chart of single things: its name, its place on both axes, and its series."""

    name: str
    day: str
    height: int
    series: str


def draw_bars(bars: Sequence[Bar], title: str, axis: str) -> str:
    """Return horizontal bars as SVG: stacked by series if there are several.

    Args:
        bars: in the order in which rows and series are shown.
        title: of the chart, for those who cannot see it.
        axis: what the numbers count.
    """
    import altair as alt

    rows = list(dict.fromkeys(bar.row for bar in bars))
    series = list(dict.fromkeys(bar.series for bar in bars))
    data = alt.InlineData(
        values=[
            {
                "row": bar.row,
                "series": bar.series,
                "value": bar.value,
                "order": series.index(bar.series),
                "link": bar.link,
                "name": ", ".join((bar.row, *([bar.series] if len(series) > 1 else []), str(bar.value))),
            }
            for bar in bars
        ]
    )
    base = alt.Chart(data).encode(
        y=alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False)),
        x=alt.X("value:Q", title=axis, stack="zero", axis=alt.Axis(tickCount=6, format="d")),
        order="order:Q",
    )
    marks = base.mark_bar(height=BAR).encode(color=_colours(series), href="link:N", description="name:N")
    labels = base.mark_text(align="left", dx=5, fontSize=14, aria=False).encode(text="value:Q")
    chart = marks + labels if len(series) == 1 else marks
    return _as_svg(chart.properties(width=WIDTH, height=alt.Step(BAR + 12)), title)


def _colours(series: Sequence[str]) -> altair.Color:
    import altair as alt

    scale = alt.Scale(domain=list(series), range=list(PALETTE[: len(series)]))
    legend = None if len(series) == 1 else alt.Legend(title=None, orient="top", labelFontSize=14, symbolType="square")
    return alt.Color("series:N", scale=scale, legend=legend)


def draw_dots(dots: Sequence[Dot], title: str, series: Sequence[str]) -> str:
    """Return one dot for each thing along the days of a year, a row for each series, as SVG.

    The name of each dot stands in its `aria-label`.
    """
    import altair as alt

    data = alt.InlineData(
        values=[{"name": dot.name, "day": dot.day, "height": dot.height, "series": dot.series} for dot in dots]
    )
    highest = max((dot.height for dot in dots), default=1)
    header = alt.Header(labelAngle=0, labelAlign="left")
    chart = (
        alt.Chart(data)
        .mark_circle(size=70, opacity=1)
        .encode(
            # By the clock of Greenwich: else the machine's time zone would move the dots.
            x=alt.X(
                "day:T",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%b %Y", tickCount="month", labelAngle=-45),
            ),
            y=alt.Y("height:Q", title=None, axis=None, scale=alt.Scale(domain=[0, highest + 1])),
            color=alt.Color(
                "series:N", scale=alt.Scale(domain=list(series), range=list(PALETTE[: len(series)])), legend=None
            ),
            description="name:N",
        )
        .properties(width=WIDTH - 60, height=110)
        .facet(row=alt.Row("series:N", sort=list(series), title=None, header=header))
    )
    return _as_svg(chart, title)


def _as_svg(chart: altair.Chart | altair.LayerChart | altair.FacetChart, title: str) -> str:
    """Return a chart as SVG that scales with the page, has a title, and no colour behind it."""
    import vl_convert

    styled = chart.configure(font=FONT, background="transparent").configure_view(stroke=None)
    styled = styled.configure_header(labelFontSize=14, labelColor="#000").configure_axis(
        labelFontSize=14,
        titleFontSize=14,
        titleFontWeight="normal",
        labelColor="#000",
        titleColor="#000",
        gridColor="#ccc",
    )
    svg: str = vl_convert.vegalite_to_svg(styled.to_json(indent=None, sort_keys=True))
    size = re.search(r'width="([0-9.]+)" height="([0-9.]+)"', svg)
    assert size is not None
    name = title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    head = f'<svg class="chart" viewBox="0 0 {size[1]} {size[2]}" role="group" aria-label="{name}">'
    drawn = re.sub(r"([0-9]\.[0-9])[0-9]+", r"\1", svg.partition(">")[2])
    # The library sets links that it takes for addresses of files below a base of its own.
    return head + re.sub(r'xlink:href="[^"#]*#', 'href="#', drawn)
