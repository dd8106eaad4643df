"""Numbers as a report prints them, in digits and in English words, read as values.

`readings("Sixty-two")` is `{("", "62")}`, `readings("just over a third")` is `{(">", "1/3")}`: the
relation that the words imply, if any, and the value in one canonical spelling:

| printed | value |
| --- | --- |
| `147`, `1,234`, `080112`, `Sixty-two`, `one hundred and three` | digits without separators |
| `first`, `twenty-third`, `second half` | the place in the order |
| `no`, `none`; `a`, `another`, `single`; `both`, `twins` | `0`, `1`, `2` |
| `84%`, `7.5 per cent` | `84%`, `7.5%` |
| `half`, `a third`, `two thirds`, `three quarters` | `1/2`, `1/3`, `2/3`, `3/4` |
| `most`, `a majority`; `a minority` | `1/2` with `>`; with `<` |
| `17 March 2010`, `17/03/2010`; `April 2009`, `April 09` | `2010-03-17`; `2009-04` |
| `2009`; `2009–10`, `2009/10`, `2007–2010` | `2009`; `2009/2010`, `2007/2010` |

Words with two meanings have two readings: `third` is `3` or `1/3`, `2009-10` two years or a month.
Words that bound nothing, such as `several`, have none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Reading = tuple[str, str]

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {word: number for number, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
ORDINALS = {
    _IRREGULAR.get(word) or (f"{word[:-1]}ieth" if word in _TENS else f"{word}th"): number
    for word, number in SMALL.items()
    if number
}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_OTHER = {
    **dict.fromkeys(("no", "none", "neither", "nil"), 0),
    **dict.fromkeys(("a", "an", "another", "single", "once"), 1),
    **dict.fromkeys(("both", "twins", "twice"), 2),
}
_QUALIFIERS = {
    **dict.fromkeys(("just over", "more than", "over", "above"), ">"),
    **dict.fromkeys(("just under", "less than", "fewer than", "under", "below", "nearly", "almost"), "<"),
    **dict.fromkeys(("at least", "no less than", "no fewer than"), ">="),
    **dict.fromkeys(("at most", "no more than", "up to"), "<="),
}
_BOUNDS = {**dict.fromkeys(("majority", "most"), (">", "1/2")), "minority": ("<", "1/2")}
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-"))


def readings(printed: str) -> frozenset[Reading]:
    """Return what the words can mean: pairs of the relation they imply, or `""`, and a canonical value."""
    text = printed.translate(_DASHES)
    return frozenset(_readings(text))


def _readings(text: str) -> Iterator[Reading]:
    lower = text.lower()
    for qualifier, relation in _QUALIFIERS.items():
        if lower.startswith(f"{qualifier} "):
            for implied, value in readings(text[len(qualifier) + 1 :]):
                if not implied:
                    yield relation, value
    words = lower.removeprefix("the ").removeprefix("a ").removeprefix("very ").removeprefix("large ").split(" ")
    if len(words) == 1 and words[0] in _BOUNDS:
        yield _BOUNDS[words[0]]
    for value in _values(text):
        yield "", value


def _values(text: str) -> Iterator[str]:
    if text[:1].isdigit():
        yield from _digits(text)
    yield from _dates(text)
    words = text.lower().replace("-", " ").split(" ")
    if words[0] in ("a", "an", "the") and len(words) > 1:
        words = words[1:]
    for suffix in (["per", "cent"], ["percent"]):
        if words[-len(suffix) :] == suffix:
            count = _cardinal(words[: -len(suffix)])
            if count is not None:
                yield f"{count}%"
    count = _OTHER.get(words[0]) if len(words) == 1 else None
    if count is None:
        count = _cardinal(words)
    if count is None:
        count = _ordinal(words[:-1] if words[-1] in PARTS and len(words) > 1 else words)
    if count is not None:
        yield str(count)
    yield from _fraction(words)


def _cardinal(words: list[str]) -> int | None:
    """Return the number that words such as `one hundred and three` say, below one million."""
    if "thousand" in words:
        place = words.index("thousand")
        high = _below_thousand(words[:place])
        rest = words[place + 1 :]
        low = _below_thousand(rest[1:] if rest[:1] == ["and"] else rest) if rest else 0
        return None if high is None or low is None else 1000 * high + low
    return _below_thousand(words)


def _below_thousand(words: list[str]) -> int | None:
    if len(words) > 1 and words[1] == "hundred":
        rest = words[2:]
        low = _below_hundred(rest[1:] if rest[:1] == ["and"] else rest) if rest else 0
        high = SMALL.get(words[0], 100)
        return None if low is None or not 0 < high < 10 else 100 * high + low
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    numbers = [SMALL.get(word) for word in words]
    if len(numbers) == 1:
        return numbers[0]
    if len(numbers) == 2 and numbers[0] and numbers[1] and numbers[0] >= 20 and numbers[1] < 10:
        return numbers[0] + numbers[1]
    return None


def _ordinal(words: list[str]) -> int | None:
    if not words or words[-1] not in ORDINALS:
        return None
    last = ORDINALS[words[-1]]
    if len(words) == 1:
        return last
    tens = SMALL.get(words[0], 0) if len(words) == 2 else 0
    return tens + last if tens >= 20 and last < 10 else None


def _fraction(words: list[str]) -> Iterator[str]:
    part = words[-1]
    parts = PARTS.get(part) or ORDINALS.get(part.removesuffix("s"), 0)
    count = _cardinal(words[:-1]) if len(words) > 1 else 1
    if count and parts > 1 and (count == 1) == (not part.endswith("s")):
        yield f"{count}/{parts}"


def _digits(text: str) -> Iterator[str]:
    body = text
    for suffix in ("%", " per cent", " percent"):
        if text.endswith(suffix):
            body = text.removesuffix(suffix)
    head, *groups = body.split(",")
    if groups and (not 0 < len(head) < 4 or any(len(group.partition(".")[0]) != 3 for group in groups)):
        return
    plain = "".join([head, *groups])
    whole, point, decimals = plain.partition(".")
    if is_digits(whole) and (is_digits(decimals) or not point):
        yield plain if body == text else f"{plain}%"


def _dates(text: str) -> Iterator[str]:
    """Yield the day, month, year or span of years that a text names; a year of two digits is of either century."""
    words = text.split(" ")
    months = [n for n, month in enumerate(MONTHS, start=1) if month in words]
    if len(months) == 1 and len(words) in (2, 3) and words[-2] == MONTHS[months[0] - 1]:
        day = words[0] if len(words) == 3 else ""
        for year in _years(words[-1]):
            if not day:
                yield f"{year}-{months[0]:02}"
            elif is_digits(day) and 0 < int(day) < 32:
                yield f"{year}-{months[0]:02}-{int(day):02}"
    parts = text.split("/")
    if len(parts) == 3 and [len(part) for part in parts] == [2, 2, 4] and all(map(is_digits, parts)):
        yield "-".join(reversed(parts))
    first, _, last = text.replace("/", "-").partition("-")
    if len(first) == 4 and is_digits(first) and is_digits(last):
        if len(last) == 4:
            yield f"{first}/{last}"
        if len(last) == 2:
            end = int(first[:2] + last)
            yield f"{first}/{end if end > int(first) else end + 100}"
            yield f"{first}-{last}"


def _years(text: str) -> tuple[str, ...]:
    if not is_digits(text):
        return ()
    return {4: (text,), 2: (f"20{text}", f"19{text}")}.get(len(text), ())


def is_digits(text: str) -> bool:
    """Say whether a text consists of ASCII digits, at least one."""
    return text.isascii() and text.isdigit()
