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
        "archive_is_allowed": "A zip archive is sound, reads alike for all, and unpacks to no more than the limits.",
        "archive_members_are_unique": "No two members of a zip archive have names that clash where they are unpacked.",
        "path_stays_in_package": "Paths are plain, relative and downward, and lead through no symbolic link.",
        "file_exists": "Every file that the descriptor names is a regular file of the package that can be read.",
        "file_size_is_allowed": "No file is larger than the limit.",
    },
    "descriptor": {
        "json_is_well_formed": "JSON files keep to RFC 8259 and the limits: no repeated key, no NaN, no huge number.",
        "property_has_right_type": "Every property has the JSON type that the standard gives it.",
        "property_has_right_form": "Addresses, times and identifiers are written as the standard demands.",
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
        "table_size_is_allowed": "The tables have no more cells than the limit.",
        "row_is_within_limits": "No row is longer, and none has more or longer cells, than the limits allow.",
        "quotation_marks_are_paired": "Quotation marks stand around whole cells, and are doubled within them.",
    },
    "cells": {
        "column_fits_type": "A column of a DataFrame has a type that holds what its field holds.",
        "missing_cell_is_null": "A missing cell of a DataFrame is null, not a text that stands for it in files.",
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
# What to do where a check fails: in the data if they are wrong, in what describes them if that is.
REMEDIES = {
    "package_can_be_opened": "Name a folder, a descriptor or a `.zip` that exists; `scrdata init` makes a descriptor.",
    NOT_CHECKED: "Mend what kept it from being run: an earlier finding, or the limit that the reason names.",
    "archive_is_allowed": "Pack it anew without a password, or raise the limit that is named if you trust it.",
    "archive_members_are_unique": "Pack it anew from a folder.",
    "path_stays_in_package": "Put the file itself into the package's folder, and name it from there.",
    "file_exists": "Add the file, or mend the path in the descriptor; capitals count.",
    "file_size_is_allowed": "Split the file, or raise the limit that is named.",
    "json_is_well_formed": "Mend the JSON file at the line and column that are named.",
    "property_has_right_type": "Write the property as the Data Package standard says.",
    "property_has_right_form": "Write the value in the form that the message names.",
    "property_is_implemented": "Leave the property out if the data can be read without it, or publish UTF-8 CSV.",
    "property_is_spelt_right": "Spell the property as the message does; one of your own has a name with a colon.",
    "required_property_is_present": "Add the property.",
    "resource_name_is_unique": "Rename one of the resources.",
    "field_name_is_unique": "Rename one of the columns, in the schema and in the header.",
    "declared_table_exists": "Add the table or the column, or take the declaration out.",
    "key_names_known_columns": "Name a column of the schema.",
    "foreign_key_names_known_table": 'Name a resource of the package, or `""` for the table itself.',
    "foreign_key_types_agree": "Give both columns one type.",
    "constraint_is_implemented": "Take a constraint of the standard; a pattern may have to be simpler.",
    "constraint_is_well_formed": "Write the constraint as the standard says for this type.",
    "byte_count_is_as_declared": "Restore the file; if it was meant to change, `python -m scrdata.sealing FOLDER`.",
    "hash_is_as_declared": "Restore the file; if it was meant to change, `python -m scrdata.sealing FOLDER`.",
    "row_count_is_as_declared": "Look for rows lost or doubled; if they are right, `python -m scrdata.sealing FOLDER`.",
    "file_has_no_byte_order_mark": "Save the file as UTF-8 without a byte order mark.",
    "file_is_utf8": "Save the file as UTF-8.",
    "file_has_no_nul": "Look where the file was cut or mixed with another, and make it anew.",
    "line_ends_agree": "Save the file with LF alone.",
    "header_is_as_declared": "Mend the header, or the names and the order of the fields in the schema.",
    "header_names_are_unique": "Rename one of the columns, in the header and in the schema.",
    "line_is_not_blank": "Take the line out.",
    "row_has_all_cells": "Look for a comma that is missing, or stands in a cell without quotation marks.",
    "table_size_is_allowed": "Read it with `--engine duckdb`, or raise the limit that is named.",
    "row_is_within_limits": "Look for a quotation mark that is not closed, or raise the limit that is named.",
    "quotation_marks_are_paired": "Put the whole cell into quotation marks, and double those within it.",
    "column_fits_type": "Convert the column to a type that the message names.",
    "missing_cell_is_null": "Put null in the place of the text.",
    "cell_fits_type": "Write the cell as the message expects, or give the column another type.",
    "required_cell_is_present": "Fill the cell, or do not require it.",
    "cell_is_in_enum": "Correct the cell, or add the value to the list.",
    "cell_is_a_category": "Correct the cell, or add the category with its label.",
    "cell_matches_pattern": "Correct the cell, or the pattern.",
    "cell_has_allowed_length": "Correct the cell, or the length that is allowed.",
    "cell_is_within_bounds": "Correct the cell, or the bound.",
    "text_is_clean": "Type the text anew without what the message names.",
    "primary_key_is_present": "Fill the cell, or choose other columns for the key.",
    "primary_key_is_unique": "Take one of the rows out, correct its key, or add a column to the key.",
    "unique_key_is_unique": "Take one of the rows out, or correct its key.",
    "cell_is_unique": "Take one of the rows out, or correct the cell.",
    "foreign_key_exists": "Correct the cell, or add the row that it refers to.",
    "reference_can_be_read": "Correct the reference at the character that is named; `scrdata total` tries one.",
    "part_does_not_exceed_whole": "Correct the number, or the reference to its whole.",
    "rule_id_is_unique": "Give the rule an id of its own.",
    "equation_can_be_read": "Correct the equation at the character that is named; `scrdata total` tries each side.",
    "mention_id_is_unique": "Give the mention an id of its own.",
    "printed_words_say_the_value": "Correct the words or the value, whichever is not as printed.",
    "mention_states_a_total": "Name the total, or take relation and base out.",
    "mention_has_a_relation": "Say how the value relates to the total, such as `=`.",
    "mention_has_a_number": "State the value as a number, or take the total out.",
    "share_has_a_base": "Name what it is a share of, or correct the unit.",
    "statistic_has_total_or_note": "Name the total, or say in a note why no table holds it.",
    "registered_discrepancy_stands": "Register what is found now, or take the entry out where the check holds.",
    "registered_check_exists": "Name a rule or a mention of the package, or take the entry out.",
    "discrepancy_is_registered_once": "Take one of the entries out.",
    "pandera_agrees": "Report it: one of the two is wrong.",
    "frictionless_agrees": "Report it: one of the two is wrong.",
    "passage_is_there": "Take the text of the report that the package is about.",
    "printed_total_is_sum_of_parts": "Register the contradiction, if the text was read right.",
    "cell_is_as_printed": "Correct the cell, unless the text was read wrong.",
    "printed_row_is_in_table": "Add the row.",
    "row_is_printed": "Take the row out, or find where the text prints it.",
    "row_is_numbered_by_place": "Number the row by its place.",
    "number_is_mentioned": "Add a mention for it.",
    "number_is_as_mentioned": "Correct the mention.",
    "mention_is_printed": "Correct the words of the mention, or its place.",
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
        rows = "".join(f"| `{check}` | {sentence} | {REMEDIES[check]} |\n" for check, sentence in checks.items())
        phrase = STAGES[stage][0].upper() + STAGES[stage][1:]
        parts.append(f"## {stage.capitalize()}\n\n{phrase}.\n\n{_COLUMNS}{rows}")
    return "\n".join(parts)


_COLUMNS = "| check | what must be true | where it is not |\n| --- | --- | --- |\n"
_HEAD = """\
# The built-in checks

Every finding of `scrdata validate` names what should be true: a rule or a mention of the package, by its own id, or
one of these. They are listed by stage, in the order in which they are reached; what a later stage needs and does not
get, because an earlier one failed, is listed as not checked. This page is written by a program:

    python -c "from scrdata.catalogue import describe_checks; print(describe_checks(), end='')" > docs/checks.md
"""
