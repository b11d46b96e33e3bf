"""What is in the tables of a job, or of an audit on one machine, in a form in which both can be compared.

    tables.py FOLDER           a list of lines for reports, findings and timing: reports as they stand, rows as JSON, sorted
    tables.py --plain FOLDER   the same of what `callaudit audit --format jsonl,parquet` wrote
    tables.py --count FOLDER   how many reports there are, and of how many calls
"""

import glob
import json
import os
import sys

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "../../target/python")))

import duckdb  # noqa: E402 — found by the line before.

PLAIN = {"reports": "reports.parquet", "findings": "findings.parquet", "timing": "timing/findings.parquet"}


def table(path):
    """All rows, columns by name: where they stand makes no difference."""
    if not glob.glob(path, recursive=True):
        return []
    found = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = true)")
    names = sorted(found.columns)
    rows = duckdb.sql(f"SELECT {', '.join(names)} FROM found").fetchall()
    return sorted(json.dumps(dict(zip(names, row)), ensure_ascii=False, default=str) for row in rows)


def main(how, folder):
    paths = {name: f"{folder}/{file}" for name, file in PLAIN.items()}
    if how != "--plain":
        paths = {name: f"{folder}/{name}/**/*.parquet" for name in PLAIN}
    if how == "--count":
        there = duckdb.read_parquet(paths["reports"]).aggregate("count(*), count(DISTINCT call_id)")
        counts = there.fetchall()[0]
        return dict(zip(("rows", "ids"), counts))
    tables = {name: table(path) for name, path in paths.items()}
    tables["calls"] = [without_report(row) for row in tables["reports"]]
    tables["reports"] = sorted(json.loads(row)["report"] for row in tables["reports"])
    if how == "--plain":
        with open(f"{folder}/report.jsonl", encoding="utf-8") as file:
            assert tables["reports"] == sorted(file.read().splitlines()), "the table holds other reports than the file"
    return tables


def without_report(row):
    cells = json.loads(row)
    del cells["report"]
    return json.dumps(cells, ensure_ascii=False)


if __name__ == "__main__":
    print(json.dumps(main("" if len(sys.argv) == 2 else sys.argv[1], sys.argv[-1]), ensure_ascii=False))
