"""A rule in words: the phrase that is its identifier, and its sentence."""

from __future__ import annotations

import re

from scrdata.findings import shown
from scrdata.references import name_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from scrdata.references import Equation, Reference, Sum
    from scrdata.table_schema import TableSchema

LONGEST_ID = 120
LISTED_VALUES = 3
_IN_ID = {"=": "equal", "<=": "do_not_exceed"}
_IN_SENTENCE = {"=": "equals", "<=": "does not exceed"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def rule_id_of(equation: Equation, taken: Collection[str]) -> str:
    """Return an identifier that is a phrase true of good data, and that no other rule has."""
    left, right = (_side_id(side) for side in (equation.left, equation.right))
    each = "".join(f"_for_each_{_slug(star)}" for star in _stars(equation))
    name = f"{left}_{_IN_ID[equation.relation]}_{right}{each}"
    if len(name) > LONGEST_ID:
        name = name[:LONGEST_ID].rpartition("_")[0]
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _slug(text: str) -> str:
    """Return a text as words of small ASCII letters and digits with underscores between them."""
    return re.sub("[_-]+", "_", name_from(text)) or "unnamed"


def _stars(equation: Equation) -> Sequence[str]:
    return next(([path[-1] for path in item.stars] for item in equation.references if item.stars), [])


def _side_id(side: Sum) -> str:
    words = []
    for term in side.terms:
        factor = f"{_number(term.factor)}_times_" if term.factor != 1 else ""
        words.append(factor + (_reference_id(term.reference) if term.reference else ""))
    return "_and_".join(words)


def _number(factor: int) -> str:
    return _NUMBERS[factor] if factor < len(_NUMBERS) else str(factor)


def _reference_id(reference: Reference) -> str:
    """Return the words of a total: what is counted, and in which part of which table."""
    what = reference.table if reference.column is None else f"{reference.table}_{reference.column}"
    parts = []
    for condition in reference.conditions:
        if len(condition.values) > LISTED_VALUES:
            parts.append(f"{_number(len(condition.values))}_of_{condition.path[-1]}")
        elif condition.values:
            parts.append("_or_".join(condition.values))
    return _slug("_".join([what, *(["of", *parts] if parts else [])]))


def sentence_of(equation: Equation, schemas: Mapping[str, TableSchema]) -> str:
    """Return the equation as one plain sentence.

    Args:
        equation: as it was found.
        schemas: of all tables; a total of a single row is no sum.
    """
    left, right = (_side_words(side, schemas) for side in (equation.left, equation.right))
    sentence = f"{left} {_IN_SENTENCE[equation.relation]} {right}."
    stars = " and ".join(_plain(star) for star in _stars(equation))
    if stars:
        sentence = f"for each {stars}, {sentence}"
    sentence = _rows_in_words(equation, schemas) or sentence
    return shown(sentence[0].upper() + sentence[1:], 1000)


def _rows_in_words(equation: Equation, schemas: Mapping[str, TableSchema]) -> str | None:
    """Return the sentence of a rule on how many rows belong to each row of another table, if it is one."""
    if len(equation.references) != 2 or any(part.column or len(part.stars) != 1 for part in equation.references):
        return None
    one, many = equation.references if equation.relation == "<=" else equation.references[::-1]
    if one.stars != (schemas[one.table].primary_key,) or len(one.conditions) + len(many.conditions) != 2:
        return None
    factor = equation.right.terms[0].factor
    number = "at least one row" if equation.relation == "<=" else f"{_number(factor)} row{'s' if factor > 1 else ''}"
    return f"each {_plain(one.stars[0][-1])} of {_plain(one.table)} has {number} in {_plain(many.table)}."


def _side_words(side: Sum, schemas: Mapping[str, TableSchema]) -> str:
    words = []
    for term in side.terms:
        factor = f"{_number(term.factor)} times " if term.factor != 1 else ""
        words.append(factor + (_reference_words(term.reference, schemas) if term.reference else ""))
    return " plus ".join(words)


def _reference_words(reference: Reference, schemas: Mapping[str, TableSchema]) -> str:
    words = f"the number of rows of {_plain(reference.table)}"
    if reference.column is not None:
        fixed = {item.path[0] for item in reference.conditions if len(item.path) == 1 and len(item.values) < 2}
        key = schemas[reference.table].primary_key
        of_one_row = bool(key) and fixed.issuperset(key)
        words = f"the {'' if of_one_row else 'sum of '}{_plain(reference.column)} in {_plain(reference.table)}"
    conditions = [
        f"{' of '.join(_plain(name) for name in reversed(condition.path))} is {_alternatives(condition.values)}"
        for condition in reference.conditions
        if not condition.starred
    ]
    return f"{words} where {' and '.join(conditions)}" if conditions else words


def _alternatives(values: Sequence[str]) -> str:
    plain = [_plain(value) for value in values]
    return plain[0] if len(plain) == 1 else f"{', '.join(plain[:-1])} or {plain[-1]}"


def _plain(name: str) -> str:
    return re.sub("[_ ]+", " ", name.removesuffix("_id")).strip() or name
