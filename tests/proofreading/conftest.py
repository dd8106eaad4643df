"""A made-up report with the layout of the real one, and the package that says the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrdata.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Proofread = Callable[..., tuple[int, str, str]]

# Leading spaces, blank lines, the broken name and the torn headings of Table 3 are as in the real text;
# Boards, sentences and numbers are made up.
TABLE_1 = """\
3. A sentence that leads to the first table. It counts 31 of something.

Table 1: Made-up numbers for the 50 children of this example

Homicide
Murder by parent/carer* 4
Other** 2
Total 6

Other external cause
Killing by another young person 3
Suicide 1
Other*** 7
Total 11

Accidents and adverse events
Concealed birth 0
Result of accident but neglect a factor 2
Overlay by parent/carer 4
Substance misuse 1
Other 6
Total 13

Undetermined
Unexplained cause 8
Unknown cause 2
Parent died in same event 0
Other 5
Total 15

Natural causes 5

Total 50

* A first note.
** A second note.
4. Running text, with 12 things and 7 others in one line.
"""
TABLE_2 = """\

Table 2: Made-up numbers by year
Period Outstanding Good Adequate Inadequate Total SCRs
"""
TABLE_2_ROWS = """\

April 07 - March 08 1 3 5 7 16

April 08 - March 09 0 20 31 4 55

April 09 - March 10 2 3 1 1 7

"""
TABLE_3 = """\
5. A paragraph that follows the second table,
on 2 lines.

Table 3: Made-up times

months year 1 to 2 years 2+ years

Good 2 0 1 0

Adequate 0 1 0 0

Inadequate 0 0 0 1

end of a sentence that was torn away, with 1 number,
and another line.

Under 6 6 months to 1 SCR evaluation

6. More text.
"""
# The real Annex B breaks its column headings in the same places.
ANNEX_B = (
    " Annex B: The 7 serious case reviews\n\n"
    "Local Safeguarding Children\nBoard\n\n"  # first column
    "Serious case review\nevaluation\n\n"  # second column
    "Date of\nevaluation letter\n\n"  # third column
)
REVIEWS = """
Applemere Good 03/04/2009

Applemere  Inadequate  28/02/2010

Brackwater & Dunmoor Outstanding 01/12/2009
 Great Fennings Good 15/06/2009

Royal Borough of Casterley and
Wendmere

Good 25/06/2009

St Ossian’s Outstanding 30/09/2009

Stoke-in-the-Vale Adequate 31/03/2010"""

EXPECTED = {
    "boards": """\
board_id,name
applemere,Applemere
brackwater-and-dunmoor,Brackwater & Dunmoor
great-fennings,Great Fennings
royal-borough-of-casterley-and-wendmere,Royal Borough of Casterley and Wendmere
st-ossians,St Ossian’s
stoke-in-the-vale,Stoke-in-the-Vale
""",
    "reviews": """\
review_id,annex_position,board_id,judgement,evaluation_date
R001,1,applemere,good,2009-04-03
R002,2,applemere,inadequate,2010-02-28
R003,3,brackwater-and-dunmoor,outstanding,2009-12-01
R004,4,great-fennings,good,2009-06-15
R005,5,royal-borough-of-casterley-and-wendmere,good,2009-06-25
R006,6,st-ossians,outstanding,2009-09-30
R007,7,stoke-in-the-vale,adequate,2010-03-31
""",
    "judgements": """\
period_id,judgement,reviews
2007-08,outstanding,1
2007-08,good,3
2007-08,adequate,5
2007-08,inadequate,7
2008-09,outstanding,0
2008-09,good,20
2008-09,adequate,31
2008-09,inadequate,4
2009-10,outstanding,2
2009-10,good,3
2009-10,adequate,1
2009-10,inadequate,1
""",
    "durations": """\
judgement,duration,reviews
good,under_6_months,2
good,6_to_12_months,0
good,1_to_2_years,1
good,over_2_years,0
adequate,under_6_months,0
adequate,6_to_12_months,1
adequate,1_to_2_years,0
adequate,over_2_years,0
inadequate,under_6_months,0
inadequate,6_to_12_months,0
inadequate,1_to_2_years,0
inadequate,over_2_years,1
""",
    "causes_of_death": """\
cause_group,cause,children
homicide,murder_by_parent_or_carer,4
homicide,other_homicide,2
other_external_cause,killing_by_young_person,3
other_external_cause,suicide,1
other_external_cause,other_external_cause,7
accident_or_adverse_event,concealed_birth,0
accident_or_adverse_event,accident_with_neglect,2
accident_or_adverse_event,overlay,4
accident_or_adverse_event,substance_misuse,1
accident_or_adverse_event,other_accident,6
undetermined,unexplained,8
undetermined,unknown,2
undetermined,parent_died_in_same_event,0
undetermined,other_undetermined,5
natural_causes,natural_causes,5
""",
}
TYPES = {"annex_position": "integer", "reviews": "integer", "children": "integer", "evaluation_date": "date"}


@pytest.fixture
def report_text() -> str:
    """Return the text of the made-up report."""
    return f"{TABLE_1}{TABLE_2}{TABLE_2_ROWS}{TABLE_3}{ANNEX_B}{REVIEWS}"


@pytest.fixture
def expected() -> dict[str, str]:
    """Return what the made-up report says, as the CSV text of each table."""
    return dict(EXPECTED)


def write_package(folder: Path, tables: dict[str, str]) -> Path:
    """Write a package of CSV texts into a folder, and return the folder."""
    folder.mkdir()
    resources = []
    for name, text in tables.items():
        (folder / f"{name}.csv").write_bytes(text.encode())
        header = text.partition("\n")[0].split(",")
        fields = [{"name": column, "type": TYPES.get(column, "string")} for column in header]
        schema = {"fields": fields, "primaryKey": [header[0]] if header[0].endswith("_id") else header[:2]}
        if name == "judgements":
            schema["primaryKey"] = header[:2]
        resources.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": schema})
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


@pytest.fixture
def make_package(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Return a function that writes a package of CSV texts."""
    return lambda tables: write_package(tmp_path / "package", tables)


@pytest.fixture
def proofread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Proofread:
    """Return a function that proofreads a text; it returns the exit code, what is printed, and the complaints.

    The text is held against a package that says what the made-up report says, unless another is given.
    """

    def run(text: str, *arguments: str, package: Path | None = None) -> tuple[int, str, str]:
        path = tmp_path / "report.txt"
        path.write_bytes(text.encode())
        package = package or write_package(tmp_path / "matching", EXPECTED)
        code = main(["proofread", str(path), "--package", str(package), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run
