"""Which texts of a file stand for a value, for every engine that reads files, and how their columns are called."""

from __future__ import annotations

from scrdata.frames.queries import PLACE
from scrdata.frames.suspicions import codes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.fields import Field
    from scrdata.table_schema import TableSchema

# The column that numbers the rows of a file from 0.
ROW = f"{PLACE}row"
# A number of so many characters is the shortest decimal that rounds to its double.
LONGEST_NUMBER = 15
NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?"
_HOURS = "([01][0-9]|2[0-3])"
ZONE = f"(Z|[+-]{_HOURS}:[0-5][0-9])"
# Engines would take 24:00:00 for the next day, and a year 0000; a second has at most six decimals.
DAY = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-[0-9]{2}-[0-9]{2}"
MOMENT = f"{DAY}T{_HOURS}:[0-9]{{2}}:[0-9]{{2}}(\\.[0-9]{{1,6}})?"


def text_name(position: int) -> str:
    """Return the name of the column that holds the texts of a field, by its position."""
    return f"{PLACE}text{position}"


def cell_name(position: int) -> str:
    """Return the name of the column that holds all cells of a field whose texts are told by its values."""
    return f"{text_name(position)}cell"


def is_told(field: Field, schema: TableSchema) -> bool:
    """Say whether the text of a cell is told by its value: there is one spelling of it, which engines write too."""
    is_plain = field.properties.get("format", "default") == "default"
    is_code = codes_of(field, clean=schema.clean) is not None
    return is_code or field.type == "integer" or (field.type == "date" and is_plain)


def truth_values(field: Field) -> tuple[list[str], list[str]]:
    """Return the texts that a field of flags takes for true, and for false."""
    names = {"trueValues": ["true", "True", "TRUE", "1"], "falseValues": ["false", "False", "FALSE", "0"]}
    true, false = ([str(word) for word in field.properties.get(name, words)] for name, words in names.items())  # type: ignore[attr-defined]
    return true, false
