"""Consistent packages of this shape with many reviews, and what it costs to check them.

    python3 benchmarks/scale.py generate FOLDER --reviews 1000000
    python3 benchmarks/scale.py measure [--reviews 100000 1000000 10000000] [--only NAME …]

A generated package has the tables `boards`, `reviews` and `judgements` of the shipped one, with its
schemas, Boards in proportion (87 for 147 reviews), and rules that tie the three together. The same
number of reviews gives the same bytes. `measure` runs each contestant as a process of its own and prints what it cost
with all that it starts, see `costs`, and by how much that grew from one number of reviews to the
next. One that takes too long or too much memory is stopped, and not asked about more reviews. Needs Linux.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import platform
import sys
import tempfile
from datetime import date, timedelta
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from costs import Cost, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = tuple[object, ...]

ROOT = Path(__file__).resolve().parent.parent
JUDGEMENTS = ("outstanding", "good", "adequate", "inadequate")
REGIONS = ("North East", "North West", "London", "South East", "South West", "East Midlands")
FIRST_DAY, DAYS = date(2009, 4, 1), 365
TITLES = {"rule_id": "string", "equation": "string", "statement": "string"}
LIBRARIES = ("duckdb", "frictionless", "narwhals", "pandas", "pandera", "polars", "pyarrow", "pyspark")


def boards_for(reviews: int) -> int:
    """Return the number of Boards that the shipped package has for so many reviews."""
    return max(1, reviews * 87 // 147)


def judgement_of(review: int) -> str:
    """Return the judgement of a review: the same every time, in no simple order."""
    return JUDGEMENTS[(review * 2654435761 >> 7) % 4]


def reviews_of(number: int) -> Iterator[Row]:
    """Yield the rows of the table of reviews."""
    boards = boards_for(number)
    for review in range(1, number + 1):
        day = FIRST_DAY + timedelta(days=review * 40503 % DAYS)
        yield f"R{review:08d}", review, f"board-{(review - 1) % boards}", judgement_of(review), day.isoformat()


def boards_of(number: int) -> Iterator[Row]:
    """Yield the rows of the table of Boards."""
    for board in range(boards_for(number)):
        yield f"board-{board}", f"Board {board}", REGIONS[board % len(REGIONS)]


def schemas() -> dict[str, dict[str, object]]:
    """Return the Table Schemas, by table."""
    board = {
        "name": "board_id",
        "type": "string",
        "constraints": {"required": True, "pattern": "[a-z0-9]+(-[a-z0-9]+)*"},
    }
    judgement = {"name": "judgement", "type": "string", "categories": list(JUDGEMENTS), "categoriesOrdered": True,
                 "constraints": {"required": True, "enum": list(JUDGEMENTS)}}  # fmt: skip
    days = {
        "required": True,
        "minimum": FIRST_DAY.isoformat(),
        "maximum": (FIRST_DAY + timedelta(DAYS - 1)).isoformat(),
    }
    text = {"required": True, "minLength": 1}
    count = {"required": True, "minimum": 0}
    return {
        "boards": {
            "fields": [
                {**board, "constraints": {**board["constraints"], "unique": True}},  # type: ignore[dict-item]
                {"name": "name", "type": "string", "constraints": {**text, "unique": True}},
                {"name": "region", "type": "string", "constraints": {"required": True, "enum": list(REGIONS)}},
            ],
            "primaryKey": ["board_id"],
        },
        "reviews": {
            "fields": [
                {"name": "review_id", "type": "string",
                 "constraints": {"required": True, "unique": True, "pattern": "R[0-9]{8}"}},
                {"name": "annex_position", "type": "integer", "constraints": {"required": True, "minimum": 1}},
                board,
                judgement,
                {"name": "evaluation_date", "type": "date", "constraints": days},
            ],
            "primaryKey": ["review_id"],
            "foreignKeys": [{"fields": ["board_id"], "reference": {"resource": "boards", "fields": ["board_id"]}}],
        },
        "judgements": {
            "fields": [judgement, {"name": "reviews", "type": "integer", "constraints": count}],
            "primaryKey": ["judgement"],
        },
        "rules": {"fields": [{"name": name, "type": kind} for name, kind in TITLES.items()], "primaryKey": ["rule_id"]},
    }  # fmt: skip


def rules_of(number: int) -> Iterator[Row]:
    """Yield the rows of the table of rules."""
    last = (FIRST_DAY + timedelta(DAYS - 1)).isoformat()
    dates = f"reviews[evaluation_date>={FIRST_DAY},evaluation_date<={last}] = reviews"
    yield "reviews_are_all", f"reviews = {number}", "All reviews are there."
    yield "judgements_match", "reviews[judgement=*] = judgements[judgement=*].reviews", "The judgements match."
    yield "judgements_sum_to_all_reviews", "judgements.reviews = reviews", "Each review has one judgement."
    yield "each_board_has_a_review", "boards[board_id=*] <= reviews[board_id=*]", "Each Board has a review."
    yield "reviews_fall_in_the_year", dates, "All reviews are of the year."
    yield "regions_have_reviews", "boards[region=*] <= reviews[board_id.region=*]", "Each region has reviews."


def generate(folder: Path, number: int) -> None:
    """Write a package with so many reviews."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(JUDGEMENTS, 0)
    for review in range(1, number + 1):
        counts[judgement_of(review)] += 1
    rows = {
        "boards": boards_of(number),
        "reviews": reviews_of(number),
        "judgements": iter(counts.items()),
        "rules": rules_of(number),
    }
    resources = []
    for name, schema in schemas().items():
        place = folder / "data" / f"{name}.csv"
        header = [field["name"] for field in schema["fields"]]  # type: ignore[attr-defined]
        with place.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows[name])
        with place.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        table_schema = {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            **schema,
            "missingValues": [""],
        }
        resources.append(
            {
                "name": name,
                "type": "table",
                "path": f"data/{name}.csv",
                "encoding": "utf-8",
                "schema": table_schema,
                "bytes": place.stat().st_size,
                "hash": f"sha256:{digest}",
                "scrdata:text": "clean",
            }
        )
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "scale",
        "resources": resources,
        "scrdata:rules": "rules",
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=1) + "\n", encoding="utf-8")


DUCKDB = """\
import duckdb, sys
con = duckdb.connect()
def columns(*names):
    return '{' + ', '.join(f"'{n}': 'VARCHAR'" for n in names) + '}'
def table(name, *names):
    text = f"read_csv('{sys.argv[1]}/data/{name}.csv', header=true, auto_detect=false, delim=',', quote='\\"', columns={columns(*names)})"
    con.execute(f"create table {name} as select * from {text}")
table('boards', 'board_id', 'name', 'region')
table('reviews', 'review_id', 'annex_position', 'board_id', 'judgement', 'evaluation_date')
table('judgements', 'judgement', 'reviews')
one = lambda sql: con.execute(sql).fetchall()[0]
assert not any(one(\"\"\"select
 count(*) filter (review_id is null or not regexp_full_match(review_id, 'R[0-9]{8}')),
 count(*) filter (try_cast(annex_position as bigint) is null or cast(annex_position as bigint) < 1),
 count(*) filter (board_id is null or not regexp_full_match(board_id, '[a-z0-9]+(-[a-z0-9]+)*')),
 count(*) filter (judgement is null or judgement not in ('outstanding', 'good', 'adequate', 'inadequate')),
 count(*) filter (try_cast(evaluation_date as date) is null or not try_cast(evaluation_date as date) between date '2009-04-01' and date '2010-03-31')
 from reviews\"\"\"))
assert not any(one(\"\"\"select
 count(*) filter (board_id is null or not regexp_full_match(board_id, '[a-z0-9]+(-[a-z0-9]+)*')),
 count(*) filter (name is null or length(name) < 1),
 count(*) filter (region is null or region not in ('North East', 'North West', 'London', 'South East', 'South West', 'East Midlands'))
 from boards\"\"\"))
for name, key in (('reviews', 'review_id'), ('boards', 'board_id'), ('boards', 'name'), ('judgements', 'judgement')):
    assert not con.execute(f'select {key} from {name} group by {key} having count(*) > 1').fetchall()
assert one('select count(*) from reviews anti join boards using (board_id)')[0] == 0
assert one('select (select sum(cast(reviews as bigint)) from judgements) = (select count(*) from reviews)')[0]
assert not con.execute('select * from (select judgement, count(*) n from reviews group by 1) full join judgements using (judgement) where coalesce(n, 0) <> cast(reviews as bigint)').fetchall()
assert not con.execute('select * from (select board_id, count(*) n from boards group by 1) b left join (select board_id, count(*) m from reviews group by 1) r using (board_id) where n > coalesce(m, 0)').fetchall()
assert not con.execute('select * from (select region, count(*) n from boards group by 1) b left join (select region, count(*) m from reviews join boards using (board_id) group by 1) r using (region) where n > coalesce(m, 0)').fetchall()
"""
POLARS = """\
import sys, polars as pl, scrdata
types = {'annex_position': pl.col('annex_position').cast(pl.Int64), 'reviews': pl.col('reviews').cast(pl.Int64), 'evaluation_date': pl.col('evaluation_date').str.to_date('%Y-%m-%d')}
frames = {}
for name in ('boards', 'reviews', 'judgements'):
    path = f'{sys.argv[1]}/data/{name}.csv'
    frames[name] = pl.scan_csv(path, infer_schema=False).with_columns(t for c, t in types.items() if c in open(path).readline().strip().split(','))
assert scrdata.check(frames, sys.argv[1]).valid
"""
PANDERA = """\
import sys, scrdata
package = scrdata.open_package(sys.argv[1])
for name in ('boards', 'reviews', 'judgements'):
    package.schema(name).validate(package.load(name))
"""
READ = """\
import sys
for name in ('boards', 'reviews', 'judgements', 'rules'):
    with open(f'{sys.argv[1]}/data/{name}.csv', 'rb') as file:
        while file.read(1 << 22):
            pass
"""
CONTESTANTS: dict[str, tuple[str, ...]] = {
    "read the bytes": ("-c", READ, "{}"),
    "hand-written DuckDB": ("-c", DUCKDB, "{}"),
    "scrdata validate --engine duckdb": ("-m", "scrdata", "validate", "--engine", "duckdb", "{}"),
    "scrdata validate --engine spark": ("-m", "scrdata", "validate", "--engine", "spark", "{}"),
    "scrdata.check, polars lazy": ("-c", POLARS, "{}"),
    "scrdata validate": ("-m", "scrdata", "validate", "--max-file-size", "4G", "--max-cells", "1G", "{}"),
    "pandera on pandas": ("-c", PANDERA, "{}"),
    "frictionless validate": ("-m", "frictionless", "validate", "{}/datapackage.json"),
}


def main() -> int:
    """Generate a package, or measure all contestants on generated ones."""
    parser = argparse.ArgumentParser(description="Check packages with many rows, and count the cost.")
    parser.add_argument("command", choices=("generate", "measure"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--reviews", type=int, nargs="+", default=[100_000])
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS))
    parser.add_argument("--most-seconds", type=float, default=1_200)
    parser.add_argument("--most-memory", type=float, default=12_288, help="in MiB")
    arguments = parser.parse_args()
    if arguments.command == "generate":
        if arguments.folder is None:
            parser.error("generate needs a folder")
        generate(arguments.folder, arguments.reviews[0])
        return 0
    found = ", ".join(f"{name} {version(name)}" for name in LIBRARIES if name in installed())
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {found}\n")
    costs: dict[str, dict[int, Cost]] = {name: {} for name in arguments.only}
    for number in sorted(arguments.reviews):
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), number)
            print(f"| {number:,} reviews | processor s | elapsed s | memory MiB |\n| --- | ---: | ---: | ---: |")
            for name in arguments.only:
                print(measured(name, number, Path(folder), costs[name], arguments), flush=True)
        print()
    print_growth(costs, sorted(arguments.reviews))
    return 0


def measured(name: str, number: int, folder: Path, costs: dict[int, Cost], limits: argparse.Namespace) -> str:
    """Measure one contestant, unless it was stopped before; return its line of the table."""
    before = next((f"{cost.stopped} with {reviews:,}" for reviews, cost in costs.items() if cost.stopped), "")
    if before:
        return f"| {name} (not asked: {before}) | | | |"
    words = [word if "\n" in word else word.replace("{}", str(folder)) for word in CONTESTANTS[name]]
    cost = costs[number] = measure(words, limits.most_seconds, limits.most_memory)
    if cost.stopped:
        return f"| {name} ({cost.stopped}) | | | |"
    note = "" if cost.code == 0 else f" (exit code {cost.code})"
    return f"| {name}{note} | {cost.processor:.2f} | {cost.elapsed:.2f} | {cost.memory:.0f} |"


def print_growth(costs: dict[str, dict[int, Cost]], numbers: list[int]) -> None:
    """Print by how much each cost grew from one number of reviews to the next."""
    for less, more in pairwise(numbers):
        print(f"| {less:,} to {more:,} reviews, times | processor | elapsed | memory |\n| --- | ---: | ---: | ---: |")
        for name, found in costs.items():
            if all(number in found and not found[number].stopped for number in (less, more)):
                growth = [after / before for before, after in zip(found[less][:3], found[more][:3], strict=True)]
                print(f"| {name} | {' | '.join(f'{times:.1f}' for times in growth)} |")
        print()


def installed() -> set[str]:
    """Return the names of the libraries that are installed here."""
    from importlib.metadata import distributions

    return {distribution.name for distribution in distributions()}


if __name__ == "__main__":
    sys.exit(main())
