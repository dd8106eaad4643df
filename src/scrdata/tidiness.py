"""What makes the text of a cell unclean: what is not seen, and what is not meant."""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Characters that Python calls printable and that show nothing, or stand for lost text: fillers,
# variation selectors, blank braille, the object and the replacement character.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0\ufffc\ufffd")
_BLANKS |= frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# What UTF-8 text looks like after it was read as Latin-1 or Windows-1252 and written again.
_HIGH = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_MOJIBAKE = f"[\u00c2\u00c3\u00c5\u00ce\u00d0]{_HIGH}|\u00e2{_HIGH}{_HIGH}|\u00ef\u00bb\u00bf|\u00f0\u0178{_HIGH}"
# Types whose cells are any text; others cannot be mistaken for a formula.
FREE_TYPES = ("string", "any")
# The signs that start a formula, and their full-width forms.
_FORMULA_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
_PLAIN_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"


def untidiness(text: str, *, free: bool) -> str | None:
    """Return what is unclean about the text of a cell, or `None`; only free text can begin a formula."""
    if not text:
        return None
    if not text.isprintable() or not _BLANKS.isdisjoint(text):
        return f"character U+{ord(next(c for c in text if _is_stray(c))):04X}"
    if text[0] == " " or text[-1] == " " or "  " in text:
        return "surplus space"
    # A sign alone, such as the relation `=`, begins no formula.
    if free and text[0] in _FORMULA_SIGNS and len(text) > 1 and not re.fullmatch(_PLAIN_NUMBER, text):
        return "text that a spreadsheet would take for a formula"
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            return "text that is not in Unicode normal form NFC"
        if re.search(_MOJIBAKE, text):
            return "text that was decoded wrongly"
    return None


def all_tidy(texts: Sequence[str], *, free: bool) -> bool:
    """Say whether `untidiness` finds nothing in any of the texts; quick where all of them are plain ASCII."""
    lines = "\n".join(("", *texts, ""))
    signs = [f"\n{sign}" for sign in _FORMULA_SIGNS] if free else []
    doubtful = any(marks in lines for marks in ("  ", "\n ", " \n", *signs))
    if lines.isascii() and not doubtful and "".join(texts).isprintable():
        return True
    return not any(untidiness(text, free=free) for text in texts)


def _is_stray(character: str) -> bool:
    return not character.isprintable() or character in _BLANKS
