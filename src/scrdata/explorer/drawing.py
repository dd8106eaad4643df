"""Charts as SVG: drawn by Vega-Lite when the page is built, then reduced to what a page of HTML needs.

Text stays text, colours are classes that the style sheet of the page gives a colour (another in the dark), and all
that belongs to one figure is one link. This alone uses `vl_convert`, which is Vega-Lite without a browser.
Bars and colours follow the guidance of the Government Analysis Function: horizontal bars with their labels beside
them, one colour where nothing is told by colour, no grid, every value written out.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree  # noqa: S405  (reads only what was drawn here)

from scrdata.errors import ScrdataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any
    from xml.etree.ElementTree import Element

    Spec = dict[str, Any]

WIDE, NARROW = 640, 300
# So much room is left beside the bars for `119 of 194`.
_RIGHT = 80
# Colours stand for classes while Vega-Lite draws.
_CLASSES = {"#000001": "track", "#000002": "bar", "#000003": "value", "#000004": "dot", "#000005": "group"}
_TRACK, _BAR, _VALUE, _DOT, _GROUP = _CLASSES
_SVG = "{http://www.w3.org/2000/svg}"
_KEPT = {"d", "transform", "text-anchor", "font-size", "font-weight", "x1", "x2", "y1", "y2"}


def draw_bars(rows: Sequence[Mapping[str, object]], width: int) -> str:
    """Return a chart of horizontal bars, each on a track that stands for its whole.

    Args:
        rows: `label`, `group`, `share` (from 0 to 1), `text` (beside the bar) and `name`, of which `link_marks` makes
            a link.
        width: in pixels; where it is narrow, labels stand above the bars.
    """
    is_narrow = width < WIDE
    data = [{**row, "order": at, "one": 1} for at, row in enumerate(rows)]
    band = {"field": "order", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
    named = {"field": "name", "type": "nominal"}
    longest = max(len(str(row["label"])) for row in rows)
    left = 0 if is_narrow else min(20 + 8 * longest, 330)
    plot = width - left - _RIGHT
    offset = 9 if is_narrow else 0
    thick = {"type": "bar", "height": 12 if is_narrow else 18, "yOffset": offset}
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    text = {"type": "text", "baseline": "middle", "fontSize": 14, "color": _VALUE}
    beside = {"align": "right", "x": plot + _RIGHT, "yOffset": offset}
    before = {"align": "left", "x": -left, "yOffset": -9 if is_narrow else 0, "limit": left or width}
    layers = [
        {"mark": {**thick, "color": _TRACK, "aria": False}, "encoding": {"x": {"field": "one", **share}}},
        {"mark": {**thick, "color": _BAR}, "encoding": {"x": {"field": "share", **share}, "description": named}},
        {"mark": {**text, **beside}, "encoding": {"text": {"field": "text"}, "description": named}},
        {"mark": {**text, **before, "aria": False}, "encoding": {"text": {"field": "label"}}},
    ]
    spec: Spec = {
        "data": {"values": data},
        "width": plot,
        "height": {"step": 44 if is_narrow else 30},
        "encoding": {"y": band},
        "layer": layers,
    }
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    if groups != [""]:
        spec = _in_groups(spec, groups)
    return reduce_svg(_draw(spec))


def _in_groups(spec: Spec, groups: list[str]) -> Spec:
    """Return the charts of the groups one below the other, each under its heading."""
    title = {"anchor": "start", "frame": "bounds", "fontSize": 15, "fontWeight": "bold", "color": _GROUP, "offset": 6}
    data = spec.pop("data")
    parts = [
        {**spec, "title": {**title, "text": group}, "transform": [{"filter": {"field": "group", "equal": group}}]}
        for group in groups
    ]
    return {"data": data, "vconcat": parts, "spacing": 20}


def draw_dots(rows: Sequence[Mapping[str, object]], months: Sequence[tuple[int, str]], days: int, width: int) -> str:
    """Return a chart of dots along a year, stacked where they fall into the same week.

    Args:
        rows: `group`, `day` (from 0), `level` (in the stack, from 0) and `name`.
        months: the day on which each month begins, and its name.
        days: in the year.
        width: in pixels.
    """
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    highest = {group: max(int(str(row["level"])) for row in rows if row["group"] == group) + 1 for group in groups}
    step = (width - 20) / 53
    size = 3.14 * (step * 0.45) ** 2
    shown = [(day, name[:1] if width < WIDE else name) for day, name in months]
    names = ", ".join(f"'{day}': '{name}'" for day, name in shown)
    axis = {
        "values": [day for day, _ in shown],
        "labelExpr": f"{{{names}}}[datum.value]",
        "title": None, "grid": False, "labelFontSize": 13, "labelAlign": "left", "tickColor": _TRACK,
        "domainColor": _TRACK, "labelColor": _VALUE, "tickSize": 6, "labelOverlap": False,
    }  # fmt: skip
    title = {"anchor": "start", "frame": "bounds", "fontSize": 15, "fontWeight": "bold", "color": _GROUP, "offset": 0}
    parts = [
        {
            "title": {**title, "text": group},
            "transform": [{"filter": {"field": "group", "equal": group}}],
            "width": width - 20,
            "height": round(step * (highest[group] + 1)),
            "mark": {"type": "circle", "size": size, "opacity": 1, "color": _DOT},
            "encoding": {
                "x": {"field": "day", "type": "quantitative", "scale": {"domain": [0, days], "nice": False}, "axis": axis},
                "y": {"field": "level", "type": "quantitative", "axis": None, "scale": {"domain": [-1, highest[group]]}},
                "description": {"field": "name", "type": "nominal"},
            },
        }
        for group in groups
    ]
    return reduce_svg(_draw({"data": {"values": list(rows)}, "vconcat": parts, "spacing": 12}))


def _draw(spec: Spec) -> str:
    try:
        import vl_convert
    except ImportError:
        raise ScrdataError("charts need vl-convert-python: pip install 'scrdata[release]'") from None
    config = {"view": {"stroke": None}, "background": None, "padding": 0}
    svg: str = vl_convert.vegalite_to_svg({**spec, "config": config}, vl_version="5.20")
    return svg


def reduce_svg(svg: str) -> str:
    """Return a drawing of Vega without what a page does not need: styles by attributes, empty groups, decimals."""
    root = ElementTree.fromstring(svg)  # noqa: S314  (was drawn here)
    box = root.get("viewBox", "")
    inner = "".join(_reduced(part) for part in root)
    return f'<svg viewBox="{box}">{inner}</svg>'


def _reduced(element: Element) -> str:
    tag = element.tag.removeprefix(_SVG)
    if element.get("display") == "none" or element.get("class") in ("background", "foreground"):
        return ""
    inner = "".join(_reduced(child) for child in element)
    if tag == "g":
        moved = element.get("transform", "")
        is_moved = moved not in ("", "translate(0,0)")
        return (f'<g transform="{_short(moved)}">{inner}</g>' if is_moved else inner) if inner else ""
    if tag == "rect":
        return ""
    circle = re.match(r"M([0-9.]+),0A", element.get("d", ""))
    if circle and element.get("aria-label"):
        place = element.get("transform", "").removeprefix("translate(").removesuffix(")").split(",")
        x, y, radius = (_short(number) for number in (*place, circle[1]))
        return f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}" data-review="{_escaped(element.get("aria-label", ""))}"></circle>'
    colour = element.get("fill", "none") if element.get("fill", "none") in _CLASSES else element.get("stroke", "")
    kind = "axis" if tag == "line" else _CLASSES.get(colour, "")
    attributes = [f'class="{kind}"'] if kind else []
    attributes += [f'{name}="{_short(element.get(name, ""))}"' for name in sorted(_KEPT.intersection(element.keys()))]
    name = element.get("aria-label", "")
    if name and element.get("role") == "graphics-symbol" and "role-title" not in name:
        attributes.append(f'data-name="{_escaped(name)}"')
    text = _escaped(element.text or "") + inner
    return f"<{tag} {' '.join(attributes)}>{text}</{tag}>"


def _short(text: str) -> str:
    """Return an attribute with at most one decimal in each number."""
    return re.sub(r"-?[0-9]+\.[0-9]+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text).replace("px", "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def link_marks(svg: str, link: Callable[[str], str]) -> str:
    """Return a drawing in which the marks with one name are one link.

    Args:
        svg: as `draw_bars` returns it.
        link: returns the start tag of the link for a name.
    """
    marks = re.compile(r'<(path|text) ([^>]*?) data-name="([^"]*)">(.*?)</\1>')
    parts: dict[str, list[str]] = {}
    for tag, attributes, name, text in marks.findall(svg):
        parts.setdefault(name, []).append(f"<{tag} {attributes}>{text}</{tag}>")

    def linked(found: re.Match[str]) -> str:
        name = found[3]
        marked = parts.pop(name, None)
        return f"{link(name)}{''.join(marked)}</a>" if marked else ""

    return marks.sub(linked, svg)
