"""Repairs side by side: which are alike, which is the most certain, and what has changed places."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from scrdata.localisation.candidates import are_near
from scrdata.localisation.suspects import ADD, REMOVE, Suspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Repair = tuple[Suspect, ...]


def ranked(repairs: Sequence[Repair]) -> list[tuple[int, Repair]]:
    """Make one of repairs that change the same in different rows, and put the most certain first.

    Args:
        repairs: of one problem.

    Returns:
        The repairs, each with the position of the first of those that it was made of.
    """
    alike: dict[object, list[int]] = {}
    for number, repair in enumerate(repairs):
        alike.setdefault(_pattern(repair) or number, []).append(number)
    whole = [(numbers[0], _joined([repairs[number] for number in numbers])) for numbers in alike.values()]
    near = [repair for _, repair in whole if _is_near(repair)]
    spots = Counter(_spot(item) for _, repair in whole for item in repair)
    shared = [(number, repair if near == [repair] else _shared(repair, len(whole), spots)) for number, repair in whole]
    return sorted(shared, key=lambda item: _doubtfulness(item[1]))


def _spot(item: Suspect) -> tuple[object, ...]:
    """Return what two repairs have in common that change the same cell."""
    return item.table, item.action, item.row, item.column


def _exchanged(repair: Repair) -> list[tuple[str, str]]:
    """Return the texts that a repair exchanges: what is found, and what is suggested."""
    words = [(item.found, item.suggested) for item in repair if item.column is not None]
    return [(found, wanted) for found, wanted in words if isinstance(found, str) and isinstance(wanted, str)]


def _is_near(repair: Repair) -> bool:
    """Say whether a repair only puts right how something is spelt."""
    pairs = _exchanged(repair)
    return len(pairs) == len(repair) and all(are_near(*pair) for pair in pairs)


def _nearness(repair: Repair) -> float:
    """Return how much alike the texts are that a repair exchanges, from 0 to 1."""
    pairs = _exchanged(repair)
    return sum(SequenceMatcher(None, *pair).ratio() for pair in pairs) / max(len(pairs), 1)


def _pattern(repair: Repair) -> object:
    """Return what repairs have in common that differ only in the row; `None` where the row itself matters."""
    if any(isinstance(item.found, int) or isinstance(item.suggested, int) for item in repair):
        return None
    return tuple(sorted(str((item.table, item.action, item.column, item.suggested)) for item in repair))


def _joined(group: Sequence[Repair]) -> Repair:
    """Return one repair for several: what they have in common, and the rows that may be meant."""
    joined = []
    for items in zip(*group, strict=True):
        first = items[0]
        rows = tuple(sorted({item.row for item in items if item.row is not None}))
        if len(rows) < 2:
            joined.append(first)
            continue
        if first.action == REMOVE and all(item.found == first.found for item in items):
            # The same row twice: the second is the one too many.
            joined += [item.changed(candidates=rows) for item in items if item.row == rows[-1]]
            continue
        found = first.found if all(item.found == first.found for item in items) else _common(items)
        confidence = max(item.confidence for item in items)
        joined.append(first.changed(row=None, key={}, found=found, candidates=rows, confidence=confidence, line=None))
    return tuple(joined)


def _common(items: Sequence[Suspect]) -> object:
    """Return the cells that all rows have in common."""
    rows = [item.found for item in items]
    if not all(isinstance(row, dict) for row in rows):
        return None
    first = rows[0]
    assert isinstance(first, dict)
    return {name: cell for name, cell in first.items() if all(row[name] == cell for row in rows)}  # type: ignore[index]


def _shared(repair: Repair, number: int, spots: Mapping[tuple[object, ...], int]) -> Repair:
    """Return a repair whose confidence is divided among all that would do as well, but for what several change."""
    return tuple(item.changed(confidence=round(item.confidence * spots[_spot(item)] / number, 2)) for item in repair)


def _doubtfulness(repair: Repair) -> tuple[object, ...]:
    """Order repairs: the more sure first, then the nearer to what is written; rows of which nothing speaks last."""
    sure = min(item.confidence for item in repair)
    is_addition = any(item.action == ADD for item in repair)
    return is_addition, -sure, -_nearness(repair), sum(len(item.candidates) for item in repair), repair[0].row or 0


def swapped(suspects: Sequence[Suspect]) -> list[Suspect]:
    """Note of each two cells of one column that are each as the other should be, that they changed places."""
    told = list(suspects)
    places: dict[tuple[object, ...], int] = {}
    for number, item in enumerate(suspects):
        if item.column is None or item.row is None:
            continue
        other = places.pop((item.table, item.column, item.suggested, item.found), None)
        if other is None:
            places[item.table, item.column, item.found, item.suggested] = number
        else:
            told[number], told[other] = _with_partner(item, suspects[other]), _with_partner(suspects[other], item)
    return told


def _with_partner(suspect: Suspect, partner: Suspect) -> Suspect:
    key = ", ".join(f"{name}={value}" for name, value in partner.key.items())
    reason = f"it has changed places with data row {partner.row} ({key})"
    return suspect.changed(swapped_with=partner.row, reasons=(reason, *suspect.reasons))
