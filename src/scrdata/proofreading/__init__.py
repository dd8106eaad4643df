"""The report's own text, held against the package: its tables read anew, and every number accounted for.

The text is not part of the package. Whoever holds it can see that the published tables are those that
it prints, and that each of its numbers, in digits or words, is claimed by exactly one mention:

    scrdata proofread SOURCE

- `source` reads the text into lines that know their number.
- `labels` says which printed word stands for which code.
- `printed` is what a table of the report says, row by row.
- `annex_b` and `report_tables` read those tables, and refuse what they do not expect.
- `rebuilding` writes them as CSV and compares them with a package.
- `passages` cuts the text into paragraphs, key findings, footnotes, tables, captions and annexes.
- `numbers` finds the numbers in a passage, and names those that are left out.
- `accounting` holds them against the mentions of a package.
- `proof` is all of this in one call.

`scrdata validate` never needs the text.
"""
