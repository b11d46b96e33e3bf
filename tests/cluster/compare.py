"""The audit by the plain command and on a Spark cluster of this machine, in turn, on the same two cores.

    compare.py CALLAUDIT MAKE_RECORDS CALLS FOLDER [RUNS] [--records]

Makes CALLS transcripts where they are missing (--records: with call records, twice as many, of some days), starts a cluster
of a master and a worker, each a process of its own, and runs both RUNS times [1]. Prints how long each took, from the
command to its end, and whether the tables hold the same rows. Exits with 1 where they do not.
"""

import itertools
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import tables  # noqa: F401 — it knows where duckdb is installed.
import duckdb
from cluster import Cluster, command_and_environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORES = 2


def made(callaudit, make_records, calls, folder, with_records):
    """The transcripts, and the call records or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    transcripts, records = folder / f"transcripts-{calls}.jsonl", folder / f"records-{calls}.csv"
    if not transcripts.exists():
        part = transcripts.with_suffix(".part")
        subprocess.run([sys.executable, ROOT / "tests/scale/make_transcripts.py", str(calls), "7", part], check=True)
        part.rename(transcripts)
    if with_records and not records.exists():
        # They are in order of time: the first rows are those of a few days.
        subprocess.run([make_records, str(16 * calls), "7", folder], check=True)
        with open(folder / "records.csv") as rows, open(records, "w") as few:
            few.writelines(itertools.islice(rows, 1 + 2 * calls))
    return transcripts, records if with_records else None


def timed(command, log, environment=None):
    """Seconds until it ended. Both commands end with 1 where they found something."""
    started = time.monotonic()
    with open(log, "w") as told:
        status = subprocess.run(command, stdout=told, stderr=told, env=environment).returncode
    if status not in (0, 1):
        raise SystemExit(f"{command[0]} ended with status {status}; see {log}")
    return time.monotonic() - started


def plain(callaudit, transcripts, records, folder):
    out = folder / "plain"
    shutil.rmtree(out, ignore_errors=True)
    command = [callaudit, "audit", transcripts, "--out", out, "--jobs", str(CORES), "--no-semantic", "--quiet"]
    return timed([*command, "--format", "parquet", *(["--calls", records] if records else [])], folder / "plain.log")


def on_spark(cluster, callaudit, transcripts, records, folder):
    out = folder / "spark"
    shutil.rmtree(out, ignore_errors=True)
    arguments = ["--callaudit", callaudit, "--transcripts", str(transcripts), "--out", str(out)]
    arguments += [*(["--calls", str(records)] if records else []), "--", "--no-semantic"]
    settings = {"spark.executor.cores": str(CORES), "spark.executor.memory": "2g"}
    command, environment = command_and_environment(callaudit, cluster.folder, cluster.master, arguments, settings)
    return timed(command, folder / "spark.log", environment)


def digest(path):
    """How many rows, and the sum of what MD5 makes of each: the same for the same rows, however they are ordered."""
    if not tables.glob.glob(path, recursive=True):
        return 0, 0
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = true)")
    columns = ", ".join(sorted(rows.columns))
    row = f"to_json(struct_pack({', '.join(f'{name} := {name}' for name in sorted(rows.columns))}))"
    found = duckdb.sql(f"SELECT count(*), sum(md5_number_lower({row}::VARCHAR)) FROM (SELECT {columns} FROM rows)")
    return found.fetchall()[0]


def compared(folder):
    """A line for each table, and whether all are equal."""
    lines, are_equal = [], True
    for name, file in tables.PLAIN.items():
        one, other = digest(f"{folder}/plain/{file}"), digest(f"{folder}/spark/{name}/**/*.parquet")
        are_equal = are_equal and one == other
        told = f"{one[0]:,} rows, the same in both" if one == other else f"DIFFERENT: {one[0]:,} and {other[0]:,} rows"
        lines.append(f"  {name:10} {told}")
    return lines, are_equal


def main(callaudit, make_records, calls, folder, runs="1", *options):
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    folder = pathlib.Path(folder).resolve()
    callaudit = str(pathlib.Path(callaudit).resolve())
    os.environ.setdefault("CALLAUDIT_MODELS", str(ROOT / "models"))
    transcripts, records = made(callaudit, make_records, int(calls), folder, "--records" in options)
    cluster_folder = folder / "cluster"
    shutil.rmtree(cluster_folder, ignore_errors=True)
    cluster_folder.mkdir()
    print(f"{int(calls):,} transcripts{', with call records' if records else ''}; one executor of {CORES} cores")
    cluster = Cluster(str(cluster_folder), [{"cores": CORES}])
    print(f"cluster at {cluster.master}, its page at http://127.0.0.1:{cluster.page}", flush=True)
    times = {"plain": [], "spark": []}
    try:
        for run in range(int(runs)):
            times["plain"].append(plain(callaudit, transcripts, records, folder))
            times["spark"].append(on_spark(cluster, callaudit, transcripts, records, folder))
            print(f"run {run + 1}: plain {times['plain'][-1]:7.1f} s, Spark {times['spark'][-1]:7.1f} s", flush=True)
    finally:
        cluster.stop()
    one, other = (statistics.median(times[way]) for way in ("plain", "spark"))
    print(f"median: plain {one:7.1f} s, Spark {other:7.1f} s, Spark / plain {other / one:.2f}")
    lines, are_equal = compared(folder)
    print("\n".join(lines))
    print(f"tables: {folder}/plain and {folder}/spark")
    return 0 if are_equal else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
