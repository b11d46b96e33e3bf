"""Call timing beside the same limits written as SQL for DuckDB, on the same records, in turn; medians.

    python3 tests/bench/timing_sql.py FOLDER [--runs 3] [--threads 2]

FOLDER holds records.csv and planted.csv from the example make_records. Both sides read the CSV, find every breach of
the policies mainland, house-a and house-b, and write a line a breach with the calls before it. What they find is
compared with the planted breaches. Needs duckdb from PyPI.
"""

import argparse
import collections
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SQL = """
SET threads = {threads};
SET memory_limit = '{memory}';
CREATE TEMP TABLE holidays(day DATE, kind VARCHAR);
INSERT INTO holidays VALUES
  ('2026-04-05','statutory'),('2026-04-04','day_off'),('2026-04-06','day_off'),
  ('2026-05-01','statutory'),('2026-05-02','statutory'),('2026-05-03','day_off'),('2026-05-04','day_off'),('2026-05-05','day_off'),
  ('2026-06-19','statutory'),('2026-06-20','day_off'),('2026-06-21','day_off');
CREATE TEMP TABLE calls AS
  SELECT call_id, started_at, started_at::DATE AS day, started_at::TIME AS clock, duration_s, debtor_id, contact, number, answered,
         consent_window IS NOT NULL AND started_at::TIME >= split_part(consent_window, '-', 1)::TIME
           AND started_at::TIME < split_part(consent_window, '-', 2)::TIME AS agreed,
         consent_window, lender
  FROM read_csv('{records}', header = true, types = {{'started_at': 'TIMESTAMP', 'answered': 'BOOLEAN', 'duration_s': 'DOUBLE'}})
  WHERE direction <> 'inbound';
COPY (
  WITH hours AS (
    SELECT call_id, policy || '.hours' AS rule, NULL AS others FROM calls, (VALUES
      ('mainland', TIME '08:00', TIME '22:00'), ('house-a', TIME '07:00', TIME '21:00')) AS p(policy, opens, closes)
    WHERE NOT agreed AND (clock < opens OR clock >= closes
      OR (answered AND duration_s > 0 AND consent_window IS NULL AND started_at + to_microseconds((duration_s * 1e6)::BIGINT) > day + closes))
  ), holiday AS (
    SELECT call_id, policy || '.holiday' AS rule, NULL AS others FROM calls JOIN holidays USING (day),
      (VALUES ('house-a'), ('house-b')) AS p(policy)
  ), effective AS (
    SELECT call_id, 'mainland.daily_answered' AS rule, array_to_string(list(call_id) OVER w, ',') AS others, count(*) OVER w AS n
    FROM calls WHERE contact = 'self' AND answered AND duration_s >= 30
    WINDOW w AS (PARTITION BY debtor_id, day ORDER BY started_at, call_id)
  ), unanswered AS (
    SELECT call_id, 'mainland.daily_unanswered' AS rule, array_to_string(list(call_id) OVER w, ',') AS others, count(*) OVER w AS n
    FROM calls WHERE NOT answered WINDOW w AS (PARTITION BY number, day ORDER BY started_at, call_id)
  ), storm AS (
    SELECT call_id, 'mainland.storm' AS rule, array_to_string(list(call_id) OVER w, ',') AS others, count(*) OVER w AS n
    FROM calls WINDOW w AS (PARTITION BY number ORDER BY started_at
      RANGE BETWEEN INTERVAL '59 minutes 59 seconds' PRECEDING AND CURRENT ROW)
  ), daily AS (
    SELECT call_id, 'house-b.daily' AS rule, array_to_string(list(call_id) OVER w, ',') AS others, count(*) OVER w AS n
    FROM calls WHERE contact = 'self' WINDOW w AS (PARTITION BY debtor_id, day ORDER BY started_at, call_id)
  ), gap AS (
    SELECT call_id, 'house-b.interval' AS rule, lag(call_id) OVER w AS others, started_at - lag(started_at) OVER w AS gap
    FROM calls WHERE contact = 'self' WINDOW w AS (PARTITION BY debtor_id ORDER BY started_at, call_id)
  ), reached AS (
    SELECT *, max(CASE WHEN contact = 'self' AND answered THEN started_at END) OVER (PARTITION BY debtor_id ORDER BY started_at, call_id) AS last_reached
    FROM calls WHERE contact <> 'guarantor'
  ), third AS (
    SELECT t.call_id, 'mainland.third_party' AS rule, NULL AS others,
      count(*) FILTER (d.day < t.day AND NOT d.answered AND (t.last_reached IS NULL OR d.started_at > t.last_reached)) AS failed, count(d.call_id) AS earlier
    FROM reached t LEFT JOIN calls d ON d.debtor_id = t.debtor_id AND d.contact = 'self' AND d.started_at < t.started_at
    WHERE t.contact IN ('family', 'employer', 'other') GROUP BY ALL
  )
  SELECT call_id, rule, others FROM hours
  UNION ALL SELECT * FROM holiday
  UNION ALL SELECT call_id, rule, others FROM effective WHERE n > 3
  UNION ALL SELECT call_id, rule, others FROM unanswered WHERE n > 6
  UNION ALL SELECT call_id, rule, others FROM storm WHERE n > 5
  UNION ALL SELECT call_id, rule, others FROM daily WHERE n > 3
  UNION ALL SELECT call_id, rule, others FROM gap WHERE gap < INTERVAL 2 HOURS
  UNION ALL SELECT call_id, rule, others FROM third WHERE failed < 3 AND earlier > 0
) TO '{out}' (HEADER);
"""

CALLAUDIT = "target/release/callaudit"


def measured(command, environment=None):
    """Seconds of wall clock and peak memory in MB of a command."""
    before = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return time.monotonic() - before, usage.ru_maxrss / 1024


def by_callaudit(records, out, threads):
    policies = [word for policy in ("mainland", "house-a", "house-b") for word in ("--policy", policy)]
    command = [CALLAUDIT, "timing", "--calls", records, "--out", out, "--quiet", *policies]
    figures = measured(command, os.environ | {"RAYON_NUM_THREADS": str(threads)})
    with open(f"{out}/timing.jsonl") as lines:
        found = collections.Counter((line["call_id"], line["rule"]) for line in map(json.loads, lines))
    return figures, found


def by_duckdb(records, out, threads, memory):
    sql = SQL.format(records=records, out=out, threads=threads, memory=memory)
    figures = measured([sys.executable, "-c", "import duckdb, sys; duckdb.execute(sys.argv[1])", sql])
    with open(out) as rows:
        found = collections.Counter((row["call_id"], row["rule"]) for row in csv.DictReader(rows))
    return figures, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="12GB", help="what DuckDB may use")
    args = parser.parse_args()
    records = os.path.join(args.folder, "records.csv")
    with open(os.path.join(args.folder, "planted.csv")) as rows:
        planted = collections.Counter((row["call_id"], row["rule"]) for row in csv.DictReader(rows))
    results = {"callaudit": [], "duckdb": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(args.runs):
            for name, run in (
                ("callaudit", lambda: by_callaudit(records, f"{folder}/out", args.threads)),
                ("duckdb", lambda: by_duckdb(records, f"{folder}/out.csv", args.threads, args.memory)),
            ):
                figures, found = run()
                results[name].append(figures)
                missed, extra = sum((planted - found).values()), sum((found - planted).values())
                print(f"{name:10} {figures[0]:7.2f} s {figures[1]:8.0f} MB  missed {missed}, beyond {extra}", flush=True)
    median = {name: statistics.median(seconds for seconds, _ in figures) for name, figures in results.items()}
    print(f"{sum(planted.values())} planted; median callaudit {median['callaudit']:.2f} s, duckdb {median['duckdb']:.2f} s, ratio {median['duckdb'] / median['callaudit']:.2f}")


if __name__ == "__main__":
    main()
