"""The built-in checks: the id of each, what must be true, and the stage at which it is looked at.

The rules and mentions of a package are checks of its own; they stand in its tables, see `outline`. Nothing
here is needed to validate: reports for other programs and `docs/checks.md` take their sentences from it.
"""

from __future__ import annotations

# A phrase that is true of good data, in the order in which the stages are reached.
STAGES = {
    "opening": "the package can be opened and names nothing but its own files",
    "descriptor": "the descriptor and the schemas follow the standard and can be applied",
    "checksums": "every file is the one that the descriptor describes",
    "file": "the file is clean delimited text with the declared header",
    "cells": "every cell fits its column",
    "keys": "keys are present and unique and refer to rows that exist",
    "references": "references can be read, and no part exceeds its whole",
    "rules": "rules can be read",
    "mentions": "mentions can be read and say what they print",
    "register": "the register says exactly what fails",
    "second opinions": "other libraries agree",
    "proofreading": "the package says what the text of the report says",
}
# Makes a package invalid without a finding: what a report lists as not checked.
NOT_CHECKED = "declared_check_is_run"
BUILT_IN = {
    "opening": {
        "package_can_be_opened": "There is a folder, a descriptor or a zip archive, and a descriptor in it.",
        NOT_CHECKED: "Every check that the package declares is run to its end; one that cannot be is not passed.",
        "archive_is_allowed": "A zip archive is not encrypted, not damaged, and unpacks to no more than the limits.",
        "archive_members_are_unique": "No two members of a zip archive have the same name.",
        "path_stays_in_package": "Paths are plain, relative and downward, and lead through no symbolic link.",
        "file_exists": "Every file that the descriptor names is a regular file of the package that can be read.",
        "file_size_is_allowed": "No file is larger than one gibibyte.",
    },
    "descriptor": {
        "json_is_well_formed": "JSON files follow RFC 8259: no repeated key, no NaN, no number out of range.",
        "property_has_right_type": "Every property has the JSON type that the standard gives it.",
        "property_is_implemented": "No property that would change the meaning of the data is unknown to this version.",
        "property_is_spelt_right": "No property is nearly, and not quite, one that would change the meaning.",
        "required_property_is_present": "Every property that the standard demands is there.",
        "resource_name_is_unique": "No two resources have the same name.",
        "field_name_is_unique": "No two fields of a schema have the same name.",
        "declared_table_exists": "Declared tables of rules, mentions or discrepancies exist and have their columns.",
        "key_names_known_columns": "Keys name columns that the schema has.",
        "foreign_key_names_known_table": "Foreign keys name a table that the package has.",
        "foreign_key_types_agree": "A foreign key and what it refers to are of one type.",
        "constraint_is_implemented": "Every constraint is one that this version can apply.",
        "constraint_is_well_formed": "Every constraint makes sense for the type of its field.",
    },
    "checksums": {
        "byte_count_is_as_declared": "A file has as many bytes as the descriptor says.",
        "hash_is_as_declared": "A file has the hash that the descriptor states.",
        "row_count_is_as_declared": "A table has as many rows as `scrdata:rows` says.",
    },
    "file": {
        "file_has_no_byte_order_mark": "A file does not begin with a byte order mark.",
        "file_is_utf8": "A file is UTF-8 throughout.",
        "file_has_no_nul": "A file holds no NUL character.",
        "line_ends_agree": "The line ends of a file are all LF or all CRLF.",
        "header_is_as_declared": "The header has the names of the schema, in its order.",
        "header_names_are_unique": "No name stands twice in a header.",
        "line_is_not_blank": "No line of a table is empty.",
        "row_has_all_cells": "Every row has as many cells as the header.",
        "quotation_marks_are_paired": "Quotation marks stand around whole cells, and are doubled within them.",
    },
    "cells": {
        "cell_fits_type": "A cell is written as the grammar of its type says.",
        "required_cell_is_present": "A cell of a required column is not missing.",
        "cell_is_in_enum": "A cell is one of the values that its column allows.",
        "cell_is_a_category": "A cell is one of the categories of its column.",
        "cell_matches_pattern": "A cell matches the pattern of its column as a whole.",
        "cell_has_allowed_length": "A cell is neither shorter nor longer than its column allows.",
        "cell_is_within_bounds": "A cell is neither below the minimum nor above the maximum of its column.",
        "text_is_clean": "Text has no invisible character, no stray space, and nothing that a spreadsheet would run.",
    },
    "keys": {
        "primary_key_is_present": "No part of a primary key is missing.",
        "primary_key_is_unique": "No two rows have the same primary key.",
        "unique_key_is_unique": "No two rows have the same unique key.",
        "cell_is_unique": "No two cells of a unique column are the same.",
        "foreign_key_exists": "A foreign key refers to a row that exists.",
    },
    "references": {
        "reference_can_be_read": "A reference names a table, columns and values that exist, and stands for one total.",
        "part_does_not_exceed_whole": "A number is not larger than the whole that its row says it belongs to.",
    },
    "rules": {
        "rule_id_is_unique": "Every rule has an id that no other check has.",
        "equation_can_be_read": "The equation of a rule names tables, columns and values that exist.",
    },
    "mentions": {
        "mention_id_is_unique": "Every mention has an id that no other check has.",
        "printed_words_say_the_value": "The printed words of a mention say the value that it states.",
        "mention_states_a_total": "A mention with a relation or a base has a total.",
        "mention_has_a_relation": "A mention with a total has a relation to it.",
        "mention_has_a_number": "The value of a mention with a total is a number.",
        "share_has_a_base": "Percentages and fractions have a base, and other numbers have none.",
        "statistic_has_total_or_note": "A statistic has a total, or a note that says why no table holds it.",
    },
    "register": {
        "registered_discrepancy_stands": "A registered discrepancy fails, and with just the two registered values.",
        "registered_check_exists": "A registered discrepancy names a check that exists.",
        "discrepancy_is_registered_once": "No check is registered twice.",
    },
    "second opinions": {
        "pandera_agrees": "pandera accepts what the strict check accepts.",
        "frictionless_agrees": "frictionless accepts what the strict check accepts, but for the explained differences.",
    },
    "proofreading": {
        "passage_is_there": "The text has every part of the report that the package speaks of.",
        "printed_total_is_sum_of_parts": "A total that the text prints is what its parts amount to.",
        "cell_is_as_printed": "A cell has the value that the text prints.",
        "printed_row_is_in_table": "A row that the text prints is in the table.",
        "row_is_printed": "A row of the table is printed by the text.",
        "row_is_numbered_by_place": "A row has the number of its place in the text.",
        "number_is_mentioned": "A number that the text prints is claimed by a mention.",
        "number_is_as_mentioned": "A number that the text prints is the one that its mention says.",
        "mention_is_printed": "The words of a mention stand in the text.",
    },
}
STAGE_OF = {check: stage for stage, checks in BUILT_IN.items() for check in checks}
SENTENCES = {check: sentence for checks in BUILT_IN.values() for check, sentence in checks.items()}


def describe_checks() -> str:
    """Return `docs/checks.md`: every built-in check by stage.

    >>> print(describe_checks()[:21])
    # The built-in checks
    """
    parts = [_HEAD]
    for stage, checks in BUILT_IN.items():
        rows = "".join(f"| `{check}` | {sentence} |\n" for check, sentence in checks.items())
        phrase = STAGES[stage][0].upper() + STAGES[stage][1:]
        parts.append(f"## {stage.capitalize()}\n\n{phrase}.\n\n| check | what must be true |\n| --- | --- |\n{rows}")
    return "\n".join(parts)


_HEAD = """\
# The built-in checks

Every finding of `scrdata validate` names what should be true: a rule or a mention of the package, by its own id, or
one of these. They are listed by stage, in the order in which they are reached; what a later stage needs and does not
get, because an earlier one failed, is listed as not checked. This page is written by a program:

    python -c "from scrdata.catalogue import describe_checks; print(describe_checks(), end='')" > docs/checks.md
"""
