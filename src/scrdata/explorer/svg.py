"""Drawings of Vega reduced to what a page of HTML needs.

Text stays text and takes the font of the page; colours become classes, to which the style sheet of the page gives a
colour, another in the dark; and all marks of one figure become one link.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

# While Vega draws, colours that nobody would choose stand for the classes.
CLASSES = {"track": "#000001", "bar": "#000002", "value": "#000003", "dot": "#000004", "group": "#000005"}
_NAMES = {colour: name for name, colour in CLASSES.items()}
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_KEPT = ("d", "font-size", "font-weight", "text-anchor", "transform", "x1", "x2", "y1", "y2")
_CIRCLE = re.compile(r"M([0-9.]+),0A")
_MARK = re.compile(r'<(path|text) ([^>]*?) data-name="([^"]*)">(.*?)</\1>')


def reduce_svg(drawn: str) -> str:
    """Return a drawing without styles by attributes, empty groups, roles, and more than one decimal.

    A mark with a description keeps it as `data-name`, a circle as `data-review`.
    """
    root = ElementTree.fromstring(drawn)  # noqa: S314  (as above)
    return f'<svg viewBox="{root.get("viewBox")}">{"".join(map(_reduced, root))}</svg>'


def _reduced(element: Element) -> str:
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag == "rect" or element.get("display") == "none" or element.get("class") in ("background", "foreground"):
        return ""
    inside = "".join(map(_reduced, element))
    if tag == "g":
        moved = _short(element.get("transform", ""))
        return f'<g transform="{moved}">{inside}</g>' if inside and moved not in ("", "translate(0,0)") else inside
    name = element.get("aria-label", "")
    circle = _CIRCLE.match(element.get("d", ""))
    if circle is not None:
        x, y = _short(element.get("transform", "")).removeprefix("translate(").removesuffix(")").split(",")
        return f'<circle class="dot" cx="{x}" cy="{y}" r="{_short(circle[1])}" data-review="{escape(name)}"></circle>'
    kind = "axis" if tag == "line" else _NAMES[element.get("fill", "")]
    attributes = [f'class="{kind}"', *(f'{key}="{_short(element.get(key, ""))}"' for key in _KEPT if element.get(key))]
    if name and kind != "group":
        attributes.append(f'data-name="{escape(name)}"')
    return f"<{tag} {' '.join(attributes)}>{escape(element.text or '')}{inside}</{tag}>"


def _short(text: str) -> str:
    """Return the value of an attribute with at most one decimal in each number, and without the unit."""
    short = re.sub(r"-?[0-9]+\.[0-9]+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text)
    return short.removesuffix("px")


def link_marks(drawing: str, link: Callable[[str], str]) -> str:
    """Return a drawing in which all marks with one name are one link.

    Args:
        drawing: as `reduce_svg` returns it.
        link: returns the start tag of the link for a name.

    >>> marks = '<path class="bar" data-name="a"></path><text class="value" data-name="a">7</text>'
    >>> link_marks(marks, lambda name: f'<a href="#{name}">')
    '<a href="#a"><path class="bar"></path><text class="value">7</text></a>'
    """
    marks: dict[str, list[str]] = {}
    for tag, attributes, name, text in _MARK.findall(drawing):
        marks.setdefault(name, []).append(f"<{tag} {attributes}>{text}</{tag}>")

    def linked(found: re.Match[str]) -> str:
        # The first of them stands for all.
        name = found[3]
        return f"{link(name)}{''.join(marks.pop(name))}</a>" if name in marks else ""

    return _MARK.sub(linked, drawing)
