"""Sentences with figures in them: each number is computed, never typed.

In a sentence, a reference in braces stands for its value: `{reviews[judgement=good]} of the {reviews} reviews`.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.explorer.dossiers import Dossiers

_FIGURE = re.compile(r"\{([^{}]+)\}")


def split_sentence(sentence: str, dossiers: Dossiers) -> Iterator[dict[str, str]]:
    """Yield the parts of a sentence: words as they are, figures by their values, with their references."""
    for position, part in enumerate(_FIGURE.split(sentence)):
        if position % 2:
            yield {"text": dossiers.value(part), "reference": part}
        elif part:
            yield {"text": part}


def plain_sentence(sentence: str, dossiers: Dossiers) -> str:
    """Return a sentence as text."""
    return "".join(part["text"] for part in split_sentence(sentence, dossiers))


def references_in(sentence: str) -> list[str]:
    """Return the references of a sentence."""
    return _FIGURE.findall(sentence)
