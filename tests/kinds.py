"""Kinds of broken packages on which other validators are asked, and why who differs is right or wrong.

A kind names the faults of `tests/faults/` by a pattern; the reason is printed where opinions differ.
Numbers of promises are those of `docs/promises.md`.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind: the class of its faults, what it is called, the pattern that their names match, and the reason."""

    of: str
    title: str
    pattern: str
    reason: str


_TYPES = "The standard gives the property this JSON type."
_WHOLE = "The columns of every row are those of the schema (RFC 4180, 2.4); a reader who fills or cuts rows guesses."
_HEADER = "`fieldsMatch` is `exact` unless said otherwise: names and order are those of the schema."
_RECORD = "RFC 4180 has no such line; what it means is a guess (promise 3)."
_QUOTES = "RFC 4180, 2.5 and 2.7: a quotation mark stands around a whole field, or twice within one (promise 5)."
_UTF8 = "Files are UTF-8 unless declared otherwise; no byte of another encoding is one (promise 5)."
_ALPHABET = (
    "The grammar of the type is ASCII and the cell has to fit as a whole (promise 4); `int` and `strip` take more."
)
_KINDS = "The text fits no grammar of this type (promise 4)."
_BOUND = "The constraint is declared in the schema, and the cell breaks it."
_ENUM = "The cell is none of the codes that the schema lists."
_CONSTRAINT = (
    "A constraint that cannot apply to its type checks nothing; to be silent would say that it passed (promise 2)."
)
_KEY = "Two values that are equal in the type are one value, however they are spelt."
_COLUMN = "A key that names no column ties nothing (promise 2)."
_REFERS = "The cell is no key of the table that it refers to, letter by letter."
_RULES = (
    "Rules and mentions are properties of `scrdata`, which no other validator reads (promise 12); "
    "pandera knows those rules about one table that `scrdata.schema` puts into its schema."
)
_HASHED = "The file is not the one whose hash and size the descriptor states."
_NEEDED = "The standard demands the property."
_JSON = "RFC 8259 has no such text; `json.loads` and `yaml` take some of it (promise 6)."
_UNKNOWN = "A property of our name space that this version does not know would do nothing (promise 2)."
_SPELT = "The property means nothing to anybody as it is spelt; what it was to check is not checked (promise 2)."
_FORM = "The standard demands this form."
_READING = (
    "The property changes how the file is read, and is not implemented here (promise 2); "
    "frictionless implements some of it, and passes over the rest."
)
_TEXT = "The table promises clean text by `scrdata:text` (promise 5)."

KINDS = (
    Kind("descriptor", "property of another JSON type", r"type .*", _TYPES),
    Kind("descriptor", "text of another form", r"form .*", _FORM),
    Kind("descriptor", "needed property missing", r"missing .*", _NEEDED),
    Kind("descriptor", "misspelt property", r"misspelt .*", _SPELT),
    Kind("descriptor", "unknown property of our name space", r"unknown .*", _UNKNOWN),
    Kind("descriptor", "format that the type does not have", r"(format|categories of) .*", _READING),
    Kind("descriptor", "option that is not implemented", r"option .*", _READING),
    Kind("descriptor", "dialect that is not implemented", r"dialect .*", _READING),
    Kind("descriptor", "repeated key", r"repeated .*", _JSON),
    Kind("descriptor", "line that is no JSON", r"line .*", _JSON),
    Kind("descriptor", "cut short", r"cut .*", _JSON),
    Kind("descriptor", "other encoding", r"(encoding|bytes) .*", _JSON),
    Kind("CSV structure", "cell added or dropped", r"(cell (added|dropped)|comma (added|first)), .*", _WHOLE),
    Kind("CSV structure", "stray quotation mark", r"(quote|text after|space (before|after)) .*", _QUOTES),
    Kind("CSV structure", "blank line", r"blank .*", _RECORD),
    Kind("CSV structure", "NUL or carriage return", r"(NUL|carriage).*", _RECORD),
    Kind("CSV structure", "byte that is no UTF-8", r"byte (latin|overlong|surrogate|beyond|half|never), .*", _UTF8),
    Kind("CSV structure", "byte order mark", r"file is byte order mark.*", _UTF8),
    Kind(
        "CSV structure", "no header, or another column", r"file is (empty|one|upside|headless|index|twice).*", _HEADER
    ),
    Kind("CSV structure", "other line ends", r"file is (carriage|reversed).*", _RECORD),
    Kind("CSV structure", "line above the header", r"file is (title|comment|separator).*", _HEADER),
    Kind(
        "CSV structure",
        "another kind of file",
        r"file is (gzip|bzip2|xz|zip|spreadsheet|old|web|JSON|parquet|pointer|conflict).*",
        _UTF8,
    ),
    Kind("CSV structure", "other encoding", r"encoding .*", _UTF8),
    Kind(
        "CSV structure",
        "other delimiter",
        r"delimiter .*",
        "The delimiter is declared, or a comma; it is not sniffed (promise 3).",
    ),
    Kind("CSV structure", "header misspelt", r"header . (case|space|mark|accent|slip|empty|wide).*", _HEADER),
    Kind("CSV structure", "header repeated or swapped", r"header . (repeated|swapped).*", _HEADER),
    Kind("CSV structure", "byte changed, checksums not", r"byte [0-9]+ changed.*", _HASHED),
    Kind("cells", "stray character in a number", r"(integer|number) '.*' .*", _ALPHABET),
    Kind("cells", "stray character in a date or time", r"(date|time|datetime|year|yearmonth) '.*' .*", _ALPHABET),
    Kind(
        "cells",
        "stray character in another type",
        r"(boolean|duration|geopoint|object|array|geojson) '.*' .*",
        _ALPHABET,
    ),
    Kind(
        "cells",
        "word for what is missing",
        r"\w+ word .*",
        "Only the texts of `missingValues` say that a cell is missing (promise 13).",
    ),
    Kind("cells", "spelling of another type", r"\w+ as .*", _KINDS),
    Kind("cells", "bound exceeded", r"\w+ (minimum|maximum|exclusiveM\w+) .*", _BOUND),
    Kind("cells", "length exceeded", r"\w+ (minLength|maxLength) .*", _BOUND),
    Kind("cells", "code that is not listed", r"\w+ (enum|category)( .*)?", _ENUM),
    Kind("cells", "required cell missing", r"\w+ required|emptied .*", _BOUND),
    Kind("cells", "constraint that does not suit", r"constraint .*", _CONSTRAINT),
    Kind("cells", "untidy text", r"untidy .*", _TEXT),
    Kind("keys", "row repeated", r"row .* again .*", _KEY),
    Kind("keys", "row dropped", r"row .* dropped.*", "A rule or a foreign key needs the row (promise 12)."),
    Kind("keys", "equal keys", r"\w+ (primaryKey|uniqueKeys|unique) .*", _KEY),
    Kind("keys", "key missing", r"\w+ key missing", "A cell of a primary key is never missing."),
    Kind("keys", "key on no column", r"column .*", _COLUMN),
    Kind("keys", "key to no table", r"table .*", _COLUMN),
    Kind(
        "keys",
        "key to another type",
        r"key of type .*",
        "Values of two types are never equal, so the key could not hold.",
    ),
    Kind("keys", "reference to no row", r"data/.* refers to .*", _REFERS),
    Kind("keys", "unknown code", r"data/.* of kind .*", _ENUM),
    Kind("evidence", "count off", r"count .*", _RULES),
    Kind("evidence", "number of a rule off", r"number .*", _RULES),
    Kind("evidence", "rule that cannot be read", r"(name|mark) .*", _RULES),
    Kind("evidence", "reference that cannot be read", r"reference .*", _RULES),
    Kind("evidence", "register that is not true", r"register .*", _RULES),
    Kind("evidence", "mention that is not true", r"mention .*", _RULES),
    Kind("evidence", "table of evidence not as declared", r"scrdata:.*", _RULES),
)
