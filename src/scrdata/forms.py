"""How the texts that describe a package are written: addresses, times, names of licences.

Taken from the prose of Data Package 2.0 and version 1, which demand these forms
(https://datapackage.org/standard/data-package/).
"""

from __future__ import annotations

import re

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|[+-]([0-9]{2}:[0-9]{2}))"
)
_ADDRESS = re.compile(r"(?:http|ftp)s?://[^\s/<>\"{}|\\^`][^\s<>\"{}|\\^`]*", re.IGNORECASE)
_PATH = re.compile(r"(?![./~])[^\\:]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_LICENCE = re.compile(r"[A-Za-z0-9._-]+")


def is_instant(text: str) -> bool:
    """Say whether a text is a date and time of RFC 3339, with its offset from UTC.

    >>> is_instant("2009-02-03T10:00:00Z"), is_instant("2009-02-30T10:00:00Z"), is_instant("2009-02-03")
    (True, False, False)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    from datetime import date, time

    try:
        date.fromisoformat(match[1])
        # A minute can have a second 60, which the time of Python does not know.
        time.fromisoformat(match[2].removesuffix(":60"))
        time.fromisoformat(match[3] or "00:00")
    except ValueError:
        return False
    return True


def is_address(text: str) -> bool:
    """Say whether a text is the address of something on the web.

    >>> is_address("https://example.org/scrdata/"), is_address("example.org"), is_address("javascript:alert(1)")
    (True, False, False)
    """
    return text.isprintable() and _ADDRESS.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """Say whether a text is an address, or a relative path that does not lead upwards.

    >>> is_place("https://example.org/"), is_place("docs/LICENCE.md"), is_place("../LICENCE"), is_place("/etc")
    (True, True, False, False)
    """
    is_path = text.isprintable() and _PATH.fullmatch(text) is not None
    return is_address(text) or (is_path and ".." not in text.split("/"))


def is_email(text: str) -> bool:
    """Say whether a text is somebody at some host.

    >>> is_email("ada@example.org"), is_email("nobody")
    (True, False)
    """
    return text.isprintable() and _EMAIL.fullmatch(text) is not None


def is_licence_name(text: str) -> bool:
    """Say whether a text can be the identifier of a licence.

    >>> is_licence_name("CC-BY-4.0"), is_licence_name("do what you like")
    (True, False)
    """
    return _LICENCE.fullmatch(text) is not None
