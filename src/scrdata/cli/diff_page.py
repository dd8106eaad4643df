"""A difference as one HTML page: without scripts, without anything from elsewhere, readable at any width."""

from __future__ import annotations

from html import escape

from scrdata.cli.differences import by_table, cells, labelled, summary, value_text
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata import Diff
    from scrdata.comparison.changes import Change

LONGEST = 2_000
_STYLE = """
:root { color-scheme: light dark; --line: #8a8a8a; --shade: #f0f0f0; }
@media (prefers-color-scheme: dark) { :root { --line: #909090; --shade: #2a2a2a; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 3px solid; }
table { border-collapse: collapse; width: 100%; min-width: 56rem; table-layout: fixed; }
caption { text-align: left; padding-bottom: .25rem; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
th, td { overflow-wrap: anywhere; }
thead th:nth-child(1) { width: 4rem; }
thead th:nth-child(2) { width: 8.5rem; }
thead th:nth-child(3) { width: 22%; }
thead th:nth-child(4), thead th:nth-child(5) { width: 14%; }
thead th { background: var(--shade); }
tbody th { font-weight: normal; }
.major { font-weight: bold; }
@media print { .wide { overflow: visible; } table { min-width: 0; } }
"""
_HEADS = ("Level", "Change", "Where", "Before", "After", "What explains it")


def as_html(found: Diff) -> str:
    """Return the difference as a page, without the last line end."""
    tables = by_table(found.changes)
    facts = [
        ("Before", labelled(found.old, found.old_version)),
        ("After", labelled(found.new, found.new_version)),
        ("Result", summary(found)),
        *(("Note", note) for note in found.notes),
    ]
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        "<title>What changed between two versions</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        "<h1>What changed between two versions</h1>",
        "<dl>",
        *(f"<dt>{name}</dt><dd>{_escaped(words)}</dd>" for name, words in facts),
        "</dl>",
    ]
    for number, (name, changes) in enumerate(tables.items(), 1):
        lines += _section(number, name, changes)
    return "\n".join([*lines, "</main>", "</body>", "</html>"])


def _section(number: int, name: str, changes: Sequence[Change]) -> list[str]:
    heading = f"Table {name}" if name else "The package"
    total = "1 change" if len(changes) == 1 else f"{len(changes):,} changes, the gravest first"
    return [
        f'<h2 id="part-{number}">{_escaped(heading)}</h2>',
        f'<section class="wide" aria-labelledby="part-{number}" tabindex="0">',
        "<table>",
        f"<caption>{total}</caption>",
        f"<thead><tr>{''.join(f'<th scope={_COLUMN}>{head}</th>' for head in _HEADS)}</tr></thead>",
        "<tbody>",
        *map(_row, changes),
        "</tbody>",
        "</table>",
        "</section>",
    ]


_COLUMN = '"col"'


def _row(change: Change) -> str:
    old, new = (None if value is None else value_text(value) for value in (change.old, change.new))
    if change.cells:
        row = cells({name: cell for name, cell in change.cells.items() if cell is not None})
        old, new = (row, None) if change.kind.endswith("_removed") else (None, row)
    where = ", ".join(
        part
        for part in (
            f"column {change.column}" if change.column is not None else "",
            cells(change.key) or (f"row {change.row}" if change.row is not None else ""),
            change.aspect or "",
        )
        if part
    )
    kind = change.kind.replace("_", " ")
    texts = (kind, where, old or "", new or "", change.explanation)
    rest = "".join(f"<td>{_escaped(text)}</td>" for text in texts)
    return f'<tr><th scope="row" class="{change.level}">{change.level}</th>{rest}</tr>'


def _escaped(text: str) -> str:
    return escape(shown(text, LONGEST), quote=False)
