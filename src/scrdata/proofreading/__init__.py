"""The report's own text, held against the package: what Annex B and Tables 1 to 3 print, read anew.

The text is not part of the package. Whoever holds it can rebuild `reviews`, `judgements`,
`durations`, `causes_of_death` and the names of `boards`, and see that they equal the published tables:

    python -m scrdata.proofreading SOURCE

- `source` reads the text into lines that know their number.
- `labels` says which printed word stands for which code.
- `printed` is what a table of the report says, row by row.
- `annex_b` and `report_tables` read those tables, and refuse what they do not expect.
- `rebuilding` writes them as CSV and compares them with a package.

Nothing else in `scrdata` imports this package; `scrdata validate` never needs the text.
"""
