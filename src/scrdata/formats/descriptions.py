"""What a file says of the package that it was made from, in single lines of text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def describe_package(properties: Mapping[str, object]) -> dict[str, str]:
    """Return the properties of a package but its resources, each as one text: lists with semicolons.

    Args:
        properties: the top level of the descriptor.

    >>> describe_package({"name": "x", "licenses": [{"name": "CC0-1.0", "path": "https://example.org/"}]})
    {'name': 'x', 'licenses': 'CC0-1.0 (https://example.org/)'}
    """
    return {name: _line(value) for name, value in properties.items() if name != "resources"}


def title_of(item: Mapping[str, object]) -> str:
    """Return what a source, a licence or a contributor is called."""
    named = (item.get("title") or item.get("name"), item.get("givenName"), item.get("familyName"))
    return " ".join(str(part) for part in named if part) or str(item.get("path", ""))


def _line(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_line, value))
    if isinstance(value, dict) and title_of(value):
        path = value.get("path")
        return f"{title_of(value)} ({path})" if path and path != title_of(value) else title_of(value)
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
