"""Which change calls for which version number: the one table of all kinds of change.

The numbers are those of Semantic Versioning 2.0.0 (https://semver.org): what may break somebody's use of
the data is major, what adds to them or corrects a figure is minor, what only words or writes them
otherwise is a patch. `docs/versions.md` gives the reasons.
"""

from __future__ import annotations

from types import MappingProxyType

from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NONE, PATCH, MINOR, MAJOR = "none", "patch", "minor", "major"
LEVELS = (NONE, PATCH, MINOR, MAJOR)


class Kind(Record):
    """A kind of change: the level that it calls for, and what it is."""

    level: str
    meaning: str


KINDS = MappingProxyType(
    {
        "package_renamed": Kind(MAJOR, "the `name` or `id` of the package is another"),
        "licence_changed": Kind(MAJOR, "the package, or a table, names other licences"),
        "declaration_removed": Kind(MAJOR, "a table of rules, mentions or discrepancies is named no more, or another"),
        "declaration_added": Kind(MINOR, "a table of rules, mentions or discrepancies is named"),
        "metadata_changed": Kind(PATCH, "another property of the package, a table or a schema, such as a title"),
        "file_removed": Kind(MAJOR, "a file that is no table is gone"),
        "file_added": Kind(MINOR, "a file that is no table is new"),
        "file_changed": Kind(MINOR, "a file that is no table has other bytes"),
        "table_removed": Kind(MAJOR, "a table is gone, or has another name"),
        "table_added": Kind(MINOR, "a table is new"),
        "table_moved": Kind(MAJOR, "the file of a table or a resource has another path"),
        "delimiter_changed": Kind(MAJOR, "another character separates the cells"),
        "tables_reordered": Kind(PATCH, "the descriptor lists the same tables in another order"),
        "column_removed": Kind(MAJOR, "a column is gone, or has another name"),
        "column_added": Kind(MINOR, "a column is new"),
        "column_retyped": Kind(MAJOR, "the type of a column, its format, or its words for true and false"),
        "missing_values_changed": Kind(MAJOR, "other texts mean that a cell is missing"),
        "column_reworded": Kind(PATCH, "the title, description or another property of a column"),
        "columns_reordered": Kind(PATCH, "the same columns stand in another order"),
        "constraint_tightened": Kind(MAJOR, "a constraint is new or stricter"),
        "constraint_loosened": Kind(MINOR, "a constraint is gone or less strict"),
        "pattern_changed": Kind(MAJOR, "a pattern is another: whether it is stricter cannot be told"),
        "code_removed": Kind(MAJOR, "a code is gone from the list"),
        "code_added": Kind(MINOR, "a code is new in the list"),
        "code_relabelled": Kind(PATCH, "the label or description of a code"),
        "codes_ranked": Kind(MINOR, "the codes have an order of rank now"),
        "code_ranks_changed": Kind(MAJOR, "the order of ranked codes is another, or they have none any more"),
        "codes_reordered": Kind(PATCH, "codes without an order of rank are listed in another order"),
        "primary_key_changed": Kind(MAJOR, "the primary key has other columns, is new or is gone"),
        "key_added": Kind(MAJOR, "a unique or foreign key is new"),
        "key_removed": Kind(MAJOR, "a unique or foreign key is gone"),
        "rule_removed": Kind(MAJOR, "a rule is gone, or has another id"),
        "rule_added": Kind(MINOR, "a rule is new"),
        "rule_changed": Kind(MINOR, "the equation of a rule is another"),
        "row_removed": Kind(MAJOR, "a row is gone, or has another key"),
        "row_added": Kind(MINOR, "a row is new"),
        "value_changed": Kind(MINOR, "a figure, date, code or reference is another"),
        "text_changed": Kind(PATCH, "free text is worded otherwise"),
        "value_respelled": Kind(PATCH, "the same value is spelt otherwise, as `1.0` for `1`"),
        "rows_reordered": Kind(PATCH, "the same rows stand in another order"),
        "table_rewritten": Kind(PATCH, "the same cells in other bytes: quotation marks, line ends"),
    },
)


def largest(levels: Iterable[str]) -> str:
    """Return the largest of some levels, `none` if there are none."""
    return max(levels, key=LEVELS.index, default=NONE)
