"""Charts as SVG, drawn by Vega-Lite when the page is built.

This alone uses `vl_convert`, which is Vega-Lite without a browser. The charts follow the guidance of the Government
Analysis Function (https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-charts/): horizontal
bars, labels beside what they name, every value written out, no grid, and one colour where nothing is told by colour,
so that they survive print and colour-blindness.
"""

from __future__ import annotations

from math import pi

from scrdata.explorer.svg import CLASSES, reduce_svg

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Spec = dict[str, Any]

# For desks, and for phones: text has one size on both.
WIDE, NARROW = 640, 300
# So much room is left beside the bars for `119 of 194`.
_BESIDE = 80
_LONGEST_LABEL = 330
_TITLE = {"anchor": "start", "frame": "bounds", "fontSize": 15, "fontWeight": "bold", "color": CLASSES["group"]}
_TEXT = {"type": "text", "baseline": "middle", "fontSize": 14, "color": CLASSES["value"]}


def draw_bars(rows: Sequence[Mapping[str, object]], width: int) -> str:
    """Return a chart of horizontal bars, each on a track that stands for its whole.

    Args:
        rows: `label`, `group` (its heading, or empty), `share` (from 0 to 1), `text` (beside the bar) and `name`, of
            which `svg.link_marks` makes a link.
        width: in pixels; where it is narrow, labels stand above the bars.
    """
    left = 0 if width < WIDE else min(20 + 8 * max(len(str(row["label"])) for row in rows), _LONGEST_LABEL)
    spec: Spec = {
        "width": width - left - _BESIDE,
        "height": {"step": 30 if left else 44},
        "encoding": {"y": {"field": "order", "type": "ordinal", "axis": None, "scale": {"padding": 0}}},
        "layer": _layers(left, width),
    }
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    parts = [{**spec, **_only(group)} for group in groups] if groups != [""] else [spec]
    return _draw([{**row, "order": at, "one": 1} for at, row in enumerate(rows)], parts, spacing=20)


def _layers(left: int, width: int) -> list[Spec]:
    """Return tracks, bars, values beside them, and labels: left of the bars, or above if there is no room."""
    raised, lowered = (0, 0) if left else (-9, 9)
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    named = {"description": {"field": "name", "type": "nominal"}}
    bar = {"type": "bar", "height": 18 if left else 12, "yOffset": lowered}
    value = {**_TEXT, "align": "right", "x": width - left, "yOffset": lowered}
    label = {**_TEXT, "align": "left", "x": -left, "yOffset": raised, "limit": left or width, "aria": False}
    return [
        {
            "mark": {**bar, "color": CLASSES["track"], "aria": False},
            "encoding": {"x": {"field": "one", **share}},
        },
        {"mark": {**bar, "color": CLASSES["bar"]}, "encoding": {"x": {"field": "share", **share}, **named}},
        {"mark": value, "encoding": {"text": {"field": "text"}, **named}},
        {"mark": label, "encoding": {"text": {"field": "label"}}},
    ]


def draw_dots(rows: Sequence[Mapping[str, object]], months: Sequence[tuple[int, str]], days: int, width: int) -> str:
    """Return a chart of dots along a year, stacked where they fall into the same week.

    Args:
        rows: `group`, `day` (from 0), `level` (in the stack, from 0) and `name`.
        months: the day on which each month begins, and its name.
        days: in the year.
        width: in pixels; where it is narrow, months have their first letters only.
    """
    week = (width - 20) * 7 / days
    names = ", ".join(f"'{day}': '{name[:1] if width < WIDE else name}'" for day, name in months)
    axis = {
        "values": [day for day, _ in months],
        "labelExpr": f"{{{names}}}[datum.value]",
        "title": None,
        "grid": False,
        "labelAlign": "left",
        "labelFontSize": 13,
        "labelOverlap": False,
        "labelColor": CLASSES["value"],
    }
    along = {"field": "day", "type": "quantitative", "scale": {"domain": [0, days], "nice": False}, "axis": axis}
    parts = []
    for group in dict.fromkeys(str(row["group"]) for row in rows):
        levels = 1 + max(int(str(row["level"])) for row in rows if row["group"] == group)
        above = {"field": "level", "type": "quantitative", "axis": None, "scale": {"domain": [-1, levels]}}
        part = {
            "width": width - 20,
            "height": round(week * (levels + 1)),
            "mark": {"type": "circle", "size": pi * (week * 0.45) ** 2, "opacity": 1, "color": CLASSES["dot"]},
            "encoding": {"x": along, "y": above, "description": {"field": "name", "type": "nominal"}},
        }
        parts.append({**part, **_only(group)})
    return _draw(rows, parts, spacing=12)


def _only(group: str) -> Spec:
    """Return what limits a chart to a group, and gives it its heading."""
    return {"title": {**_TITLE, "text": group}, "transform": [{"filter": {"field": "group", "equal": group}}]}


def _draw(rows: Sequence[Mapping[str, object]], parts: Sequence[Spec], *, spacing: int) -> str:
    """Return charts of the same data, one below the other."""
    import vl_convert

    config = {"view": {"stroke": None}, "background": None, "padding": 0}
    spec = {"data": {"values": list(rows)}, "vconcat": list(parts), "spacing": spacing, "config": config}
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version="5.20")
    return reduce_svg(drawn)
