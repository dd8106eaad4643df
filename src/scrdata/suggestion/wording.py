"""A rule in words: the phrase that is its identifier, and its sentence."""

from __future__ import annotations

import re

from scrdata.findings import shown
from scrdata.references import name_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scrdata.references import Equation, Reference, Sum

LONGEST_ID = 100
_IN_ID = {"=": "equal", "<=": "do_not_exceed"}
_IN_SENTENCE = {"=": "equals", "<=": "does not exceed"}
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def rule_id_of(equation: Equation, taken: Collection[str]) -> str:
    """Return an identifier that is a phrase true of good data, and that no other rule has."""
    left, right = (_side_id(side) for side in (equation.left, equation.right))
    stars = _stars(equation)
    each = f"_for_each_{'_and_'.join(map(_slug, stars))}" if stars else ""
    name = f"{left}_{_IN_ID[equation.relation]}_{right}{each}"[:LONGEST_ID].rstrip("_")
    number = 1
    while name in taken:
        number += 1
        name = f"{name.removesuffix(f'_{number - 1}')}_{number}"
    return name


def _slug(text: str) -> str:
    """Return a text as words of small ASCII letters and digits with underscores between them."""
    return re.sub("[_-]+", "_", name_from(text))


def _stars(equation: Equation) -> Sequence[str]:
    return next(([path[-1] for path in item.stars] for item in equation.references if item.stars), [])


def _side_id(side: Sum) -> str:
    words = []
    for term in side.terms:
        factor = f"{term.factor}_times_" if term.factor != 1 else ""
        words.append(factor + (_reference_id(term.reference) if term.reference else "number"))
    return "_and_".join(words)


def _reference_id(reference: Reference) -> str:
    """Return the words of a total: what is counted, and in which part of which table."""
    what = [reference.table] if reference.column is None else [reference.table, reference.column]
    values = [value for condition in reference.conditions if not condition.starred for value in condition.values]
    part = "_or_".join(values[:3]) if len(values) <= 3 else f"{len(values)}_parts"
    if len(reference.conditions) > 1 and values:
        part = "_".join(values[:3])
    return _slug("_".join([*what, *(["of", part] if part else [])]))


def sentence_of(equation: Equation) -> str:
    """Return the equation as one plain sentence."""
    left, right = (_side_words(side) for side in (equation.left, equation.right))
    stars = " and ".join(_plain(star) for star in _stars(equation))
    sentence = f"{left} {_IN_SENTENCE[equation.relation]} {right}."
    sentence = f"for each {stars}, {sentence}" if stars else sentence
    return shown(sentence[0].upper() + sentence[1:], 1000)


def _side_words(side: Sum) -> str:
    words = []
    for term in side.terms:
        factor = ""
        if term.factor != 1:
            factor = f"{_NUMBERS[term.factor] if term.factor < len(_NUMBERS) else term.factor} times "
        words.append(factor + (_reference_words(term.reference) if term.reference else str(term.factor)))
    return " plus ".join(words)


def _reference_words(reference: Reference) -> str:
    table = _plain(reference.table)
    words = f"the number of rows of {table}"
    if reference.column is not None:
        words = f"the sum of {_plain(reference.column)} in {table}"
    fixed = [condition for condition in reference.conditions if not condition.starred]
    conditions = [
        f"{' of '.join(_plain(name) for name in reversed(condition.path))} is {_alternatives(condition.values)}"
        for condition in fixed
    ]
    return f"{words} where {' and '.join(conditions)}" if conditions else words


def _alternatives(values: Sequence[str]) -> str:
    plain = [value.replace("_", " ") or "missing" for value in values]
    return plain[0] if len(plain) == 1 else f"{', '.join(plain[:-1])} or {plain[-1]}"


def _plain(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")
