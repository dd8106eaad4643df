"""What an engine calls clean is clean: letter by letter, and in every pair of letters."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from scrdata.frames.suspicions import _CLEAN
from scrdata.tidiness import untidiness

# All that a cell of a file can hold: UTF-8 has no surrogates.
CHARACTERS = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
FIRST_HAN = "\u4e00"
# Where a character can stand in a text.
PLACES = ("{}", "{}a", "a{}", "a{}a", "a {}", "{} a", "a {} a")


def clean(texts: list[str], engine: str) -> list[str]:
    """Return the texts that the expression of an engine lets through unseen."""
    frame = pl.DataFrame({"text": texts})
    if engine == "polars":
        return frame.filter(pl.col("text").str.contains(_CLEAN))["text"].to_list()
    import duckdb

    relation = duckdb.from_arrow(frame.to_arrow())
    return [text for (text,) in relation.filter(f"regexp_matches(text, '{_CLEAN}')").fetchall()]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("place", PLACES)
def test_every_clean_character_is_tidy(engine: str, place: str) -> None:
    """No character of Unicode that is called clean where it stands is untidy there, and common letters are clean."""
    found = clean([place.format(character) for character in CHARACTERS], engine)
    assert [text for text in found if untidiness(text, free=True)] == []
    assert {place.format(letter) for letter in "aZ09_,;:()/%&?!'\"ÄÖÜäöüßéàçñŁŐж字"} <= set(found)


def test_every_clean_pair_is_tidy() -> None:
    """No two letters that are clean each, one after the other or beside a third, are untidy together."""
    letters = [text for text in clean(CHARACTERS, "polars") if text < FIRST_HAN and not text.isascii()]
    assert len(letters) > 600
    pairs = [first + second for first, second in product([*letters, "a", FIRST_HAN], repeat=2)]
    # Pairs are judged by the thousand, since spaces between them are clean and tell them apart.
    lines = [" ".join(pairs[start : start + 1_000]) for start in range(0, len(pairs), 1_000)]
    assert [line for line in lines if untidiness(line, free=True)] == []
    assert len(clean(lines, "polars")) == len(lines)


def test_what_is_wrongly_decoded_is_suspected() -> None:
    """Text that was decoded wrongly, decomposed or like a formula is never called clean."""
    texts = ["cafÃ©", "â€™", "so\u0308", "=1", "+x", "@x", "-a", " a", "a ", "a  b", "a\u00a0b", "a\nb", "\u200b"]
    assert clean(texts, "polars") == clean(texts, "duckdb") == []
