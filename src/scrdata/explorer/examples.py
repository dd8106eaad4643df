"""Lessons and cases, countable: by section and kind, by factor and agency."""

from __future__ import annotations

from scrdata.explorer.charts import is_known
from scrdata.explorer.tables import label_of
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.explorer.dossiers import Dossiers
    from scrdata.validation import Contents

_NEEDED = ("cases[case_id=*]", "case_factors[factor=*]", "case_agencies[agency=*]", "lessons[section_id=*,kind=*]")


def describe_examples(contents: Contents, dossiers: Dossiers) -> dict[str, object] | None:
    """Return the cases, their number by factor and agency, and the number of lessons by section and kind."""
    if not all(is_known(text, contents) for text in _NEEDED):
        return None
    return {
        "factors": _counts(contents, "case_factors", "factor", dossiers),
        "agencies": _counts(contents, "case_agencies", "agency", dossiers),
        "cases": _cases(contents),
        "lessons": _lessons(contents, dossiers),
    }


def _counts(contents: Contents, table: str, column: str, dossiers: Dossiers) -> list[dict[str, str]]:
    """Return each code of a column with its label and the reference to its number of rows, most frequent first."""
    categories = contents.tables[table].schema.columns[column].categories
    counts = [
        {"code": to_text(item.value), "label": item.label, "reference": f"{table}[{column}={to_text(item.value)}]"}
        for item in categories
    ]
    return sorted(counts, key=lambda item: -int(dossiers.value(item["reference"])))


def _cases(contents: Contents) -> list[dict[str, object]]:
    """Return each case with its paragraphs, what was learnt, its factors and its agencies."""
    columns = contents.tables["cases"].columns
    named: dict[str, dict[str, list[str]]] = {}
    for table, column in (("case_factors", "factor"), ("case_agencies", "agency")):
        rows = contents.tables[table].columns
        for case, code in zip(rows["case_id"], rows[column], strict=True):
            named.setdefault(to_text(case), {}).setdefault(column, []).append(to_text(code))
    return [
        {
            "paragraphs": to_text(paragraphs),
            "lesson": to_text(lesson),
            "factors": named.get(to_text(case), {}).get("factor", []),
            "agencies": named.get(to_text(case), {}).get("agency", []),
        }
        for case, paragraphs, lesson in zip(columns["case_id"], columns["paragraphs"], columns["lesson"], strict=True)
    ]


def _lessons(contents: Contents, dossiers: Dossiers) -> dict[str, object]:
    """Return the number of lessons of each kind in each section that has any."""
    table = contents.tables["lessons"]
    field = table.schema.columns["kind"]
    sections = contents.tables["sections"].columns
    titles = dict(zip(map(to_text, sections["section_id"]), map(to_text, sections["title"]), strict=True))
    kinds = [item.value for item in field.categories]
    rows = []
    for section in dict.fromkeys(map(to_text, table.columns["section_id"])):
        references = [f"lessons[section_id={section},kind={to_text(kind)}]" for kind in kinds]
        for reference in references:
            dossiers.trace(reference)
        rows.append({"label": titles[section], "references": references})
    return {"kinds": [label_of(field, kind) for kind in kinds], "rows": rows}
