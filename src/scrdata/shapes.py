"""Which properties a descriptor may have, and of which JSON type each is.

Taken from the prose of Data Package, Data Resource, Table Dialect and Table Schema 2.0
(https://datapackage.org/standard/) and their version 1. Properties that the standard does not know
are free, as it says, with two exceptions: a name that looks like a misspelt property which changes
what the data mean, and a property in the name space `scrdata:` that this version does not know.
"""

from __future__ import annotations

from functools import lru_cache

from scrdata import forms
from scrdata.findings import quoted
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Path = tuple[str | int, ...]
    Reporter = Callable[[str, str, Path], None]


class Shape(Record):
    """What a property must be: one of some JSON types, for texts of some form, and for lists what the items must be."""

    types: tuple[type, ...]
    words: str
    items: Shape | None = None
    properties: Mapping[str, Shape] | None = None
    needs_one_of: tuple[str, ...] = ()
    filled: bool = False
    form: Callable[[str], bool] | None = None


TEXT = Shape((str,), "a text")
FILLED_TEXT = Shape((str,), "a text that is not empty", filled=True)
FLAG = Shape((bool,), "true or false")
WHOLE = Shape((int,), "a whole number")
ANYTHING = Shape((str, int, bool, dict, list), "a value")
FILLED_TEXTS = Shape((list,), "a list of texts, not empty", items=TEXT, filled=True)
NAMES = Shape((str, list), "a name or a list of names", items=FILLED_TEXT, filled=True)
VALUES = Shape((list,), "a list")
FILLED_VALUES = Shape((list,), "a list, not empty", filled=True)
OBJECT = Shape((dict,), "an object")
INSTANT = Shape((str,), "a date and time with its offset, such as 2009-02-03T12:00:00Z", form=forms.is_instant)
ADDRESS = Shape((str,), "an address, such as https://example.org/", form=forms.is_address)
PLACE = Shape((str,), "an address, or a path below the package's folder", form=forms.is_place)
EMAIL = Shape((str,), "an address for mail", form=forms.is_email)
LICENCE_NAME = Shape((str,), "an identifier of letters, digits, '.', '_' and '-'", form=forms.is_licence_name)


def _objects(words: str, properties: Mapping[str, Shape], *needs_one_of: str, filled: bool = False) -> Shape:
    item = Shape((dict,), "an object", properties=properties, needs_one_of=needs_one_of, filled=True)
    return Shape((list,), words, items=item, filled=filled)


_PEOPLE = {
    **dict.fromkeys(("title", "givenName", "familyName", "organization", "role"), TEXT),
    "path": PLACE,
    "email": EMAIL,
    "roles": FILLED_TEXTS,
}
_LICENCE = {"name": LICENCE_NAME, "path": PLACE, "title": TEXT}
_CITATION = dict.fromkeys(("type", "title", "author", "number", "issued"), FILLED_TEXT)
_SOURCE = {
    **dict.fromkeys(("title", "version"), TEXT),
    "path": PLACE,
    "email": EMAIL,
    "scrdata:citation": Shape((dict,), "an object", properties=_CITATION),
}
_COMMON = {
    **dict.fromkeys(("$schema", "title", "description", "profile"), TEXT),
    "homepage": ADDRESS,
    "licenses": _objects("a list of licences", _LICENCE, "name", "path", filled=True),
    "sources": _objects("a list of sources", _SOURCE),
}
PACKAGE = {
    **_COMMON,
    **dict.fromkeys(("id", "version"), TEXT),
    "created": INSTANT,
    "image": PLACE,
    "name": FILLED_TEXT,
    "contributors": _objects("a list of contributors", _PEOPLE, filled=True),
    "keywords": FILLED_TEXTS,
    "resources": Shape((list,), "a list of resources, not empty", items=OBJECT, filled=True),
    **dict.fromkeys(("scrdata:rules", "scrdata:mentions", "scrdata:discrepancies"), FILLED_TEXT),
    **dict.fromkeys(("scrdata:temporalCoverage", "scrdata:spatialCoverage", "scrdata:language"), FILLED_TEXT),
    **dict.fromkeys(("scrdata:limitations", "scrdata:personalInformation"), FILLED_TEXT),
}
RESOURCE = {
    **_COMMON,
    "name": FILLED_TEXT,
    "path": Shape((str, list), "a path or a list of paths", items=FILLED_TEXT, filled=True),
    "data": ANYTHING,
    **dict.fromkeys(("type", "format", "mediatype", "encoding", "hash", "scheme"), TEXT),
    "bytes": WHOLE,
    "schema": Shape((str, dict), "a path or an object"),
    "dialect": Shape((str, dict), "a path or an object"),
    "scrdata:rows": WHOLE,
    "scrdata:text": TEXT,
}
SCHEMA = {
    **dict.fromkeys(("$schema", "name", "title", "description"), TEXT),
    "fields": Shape((list,), "a list of fields, not empty", items=OBJECT, filled=True),
    "fieldsMatch": Shape((str, list), "a text or a list of texts", items=TEXT),
    "missingValues": VALUES,
    "primaryKey": NAMES,
    "uniqueKeys": Shape((list,), "a list of lists of names", items=FILLED_TEXTS),
    "foreignKeys": Shape((list,), "a list of foreign keys", items=OBJECT),
    "scrdata:text": TEXT,
}
FOREIGN_KEY = {"fields": NAMES, "reference": OBJECT}
REFERENCE = {"resource": TEXT, "fields": NAMES}
# Constraints, for the field that states one beside `constraints`, where it would do nothing.
_CONSTRAINTS = {
    *("required", "unique", "enum", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
FIELD = {
    **dict.fromkeys(("type", "format", "title", "description", "rdfType"), TEXT),
    **dict.fromkeys(("decimalChar", "groupChar"), TEXT),
    "name": FILLED_TEXT,
    "example": ANYTHING,
    "constraints": OBJECT,
    "categories": FILLED_VALUES,
    "missingValues": VALUES,
    **dict.fromkeys(("trueValues", "falseValues"), FILLED_TEXTS),
    **dict.fromkeys(("categoriesOrdered", "bareNumber", "scrdata:reference"), FLAG),
    "scrdata:wholeOf": FILLED_TEXT,
}
DIALECT = {
    "$schema": TEXT,
    "headerJoin": TEXT,
    **dict.fromkeys(("headerRows", "commentRows"), VALUES),
    **dict.fromkeys(("delimiter", "lineTerminator", "quoteChar", "escapeChar", "nullSequence", "commentChar"), TEXT),
    **dict.fromkeys(("doubleQuote", "skipInitialSpace", "header", "caseSensitiveHeader"), FLAG),
}
CATEGORY = {"value": ANYTHING, "label": TEXT, "description": TEXT}
MISSING_VALUE = {"value": TEXT, "label": TEXT}

# Properties that change what the cells mean: a misspelt one would silently do nothing.
_MEANINGFUL = {
    *("resources", "path", "schema", "dialect", "encoding", "format", "hash", "bytes", "type"),
    *("fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys", "fieldsMatch"),
    *("constraints", "categories", "categoriesOrdered", "trueValues", "falseValues", "reference", "resource"),
}


def check_shape(
    value: Mapping[str, object],
    known: Mapping[str, Shape],
    path: Path,
    report: Reporter,
    needs: Iterable[str] = (),
) -> bool:
    """Report every property of `value` that is not of its type; say whether all are."""
    sound = True
    for name in needs:
        if name not in value:
            report("required_property_is_present", f"the property '{name}' is missing", path)
            sound = False
    for name, part in value.items():
        if name not in known:
            sound &= _check_unknown(name, value, known, (*path, name), report)
        else:
            sound &= _check_value(name, part, known[name], (*path, name), report)
    return sound


def _check_unknown(
    name: str, value: Mapping[str, object], known: Mapping[str, Shape], path: Path, report: Reporter
) -> bool:
    if name.startswith("scrdata:"):
        report("property_is_implemented", f"the property '{name}' is unknown to this version", path)
        return False
    if known is FIELD and name in _CONSTRAINTS:
        report("property_is_spelt_right", f"'{name}' stands beside 'constraints', not within", path)
        return False
    meant = _meant(name, known)
    if known is FIELD and "type" not in value and _one_edit_apart(name.lower(), "type"):
        meant = "type"  # else the cells would be texts
    if meant:
        report("property_is_spelt_right", f"'{name}' is no property; '{meant}' was probably meant", path)
    return not meant


def _meant(name: str, known: Mapping[str, Shape]) -> str | None:
    """Return the meaningful property that an unknown name probably misspells."""
    folded = _folded_words(tuple(known))
    plain = _folded(name)
    if plain in folded:
        return folded[plain]
    # A short word has many neighbours that mean something else; only a swap of letters is a slip there.
    near = (
        word
        for fold, word in folded.items()
        if (len(fold) > 4 and (_one_edit_apart(plain, fold) or _one_edit_apart(name.lower(), word.lower())))
        or (sorted(name) == sorted(word) and _one_edit_apart(name, word))
    )
    return next(near, None)


@lru_cache
def _folded_words(known: tuple[str, ...]) -> dict[str, str]:
    """Return the meaningful ones of some properties, by the form in which misspellings are looked for."""
    return {_folded(word): word for word in known if word in _MEANINGFUL or word.startswith("scrdata:")}


def _folded(name: str) -> str:
    """Return a name without case, separators and plural, in which misspellings are looked for."""
    plain = name.lower().replace("_", "").replace("-", "")
    return plain.removesuffix("ies") + "y" if plain.endswith("ies") else plain.rstrip("s")


def _one_edit_apart(left: str, right: str) -> bool:
    """Say whether one letter inserted, dropped, changed or swapped with its neighbour makes them equal."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    left, right = left[start:], right[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _check_value(name: str, value: object, shape: Shape, path: Path, report: Reporter) -> bool:
    right = isinstance(value, shape.types) and not (isinstance(value, bool) and bool not in shape.types)
    if not right or (shape.filled and not value):
        report("property_has_right_type", f"'{name}' must be {shape.words}", path)
        return False
    if shape.form is not None and not shape.form(str(value)):
        report("property_has_right_form", f"'{name}' is {quoted(str(value))}; it must be {shape.words}", path)
    sound = True
    if isinstance(value, list) and shape.items:
        for position, item in enumerate(value):
            sound &= _check_value(f"{name}[{position}]", item, shape.items, (*path, position), report)
    if isinstance(value, dict) and shape.properties is not None:
        sound = check_shape(value, shape.properties, path, report)
        if shape.needs_one_of and not any(part in value for part in shape.needs_one_of):
            words = " or ".join(f"'{part}'" for part in shape.needs_one_of)
            report("required_property_is_present", f"{words} is missing", path)
            sound = False
    return sound
