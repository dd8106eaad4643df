"""How metadata are written as JSON: what is absent is left out, and the order of keys is that of the description."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def drop_absent(properties: Mapping[str, object]) -> dict[str, object]:
    """Return the properties that have a value, in their order, so that nothing is said of what is not known.

    Args:
        properties: any names and JSON values; `None`, the empty text, list and object are absent.

    >>> drop_absent({"name": "reviews", "version": None, "keywords": [], "isLiveDataset": False, "minimum": 0})
    {'name': 'reviews', 'isLiveDataset': False, 'minimum': 0}
    """
    return {name: value for name, value in properties.items() if value is not None and value not in ("", [], {})}


def encode_json(document: Mapping[str, object]) -> bytes:
    r"""Return the bytes of a JSON file: two spaces for each level, UTF-8, a newline at the end.

    >>> encode_json({"title": "2009–10"})
    b'{\n  "title": "2009\xe2\x80\x9310"\n}\n'
    """
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
