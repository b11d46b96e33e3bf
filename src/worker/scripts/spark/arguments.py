#!/usr/bin/env python3
"""Audits debt-collection calls on Apache Spark: it schedules, retries and shuffles, `callaudit worker` audits.

    spark-submit callaudit_spark.py --recordings hdfs:///calls/2026-11-23 --carry \\
        --calls 'hdfs:///records/*.csv' --out hdfs:///audit -- --policy mainland --policy house-a

Every machine needs the program, its models, and pyarrow for Python. What stands after `--` are settings of
`callaudit worker` (policies, rules, time zone, --no-semantic, …). Variables CALLAUDIT_… of the driver hold on the
executors. `callaudit worker script spark` prints this script.

    records ─► worker records ─┬─► by debtor ─► worker timing ─┐
                               └─► by number ─► worker timing ─┤ what other calls show
    recordings | transcripts | records that name a recording ──┴─► lines ─► rounds of tasks ─► worker ─► OUT

OUT/reports   a row a call, Parquet by day: the columns of `callaudit audit --format parquet`
OUT/findings  a row a finding, likewise
OUT/timing    a row a finding from call records alone, likewise
OUT/problems  what became no call, with the reason
OUT/runs      what each run came to, JSON; also the last line of what the job says

A run that is repeated audits what is missing; --retry audits again what failed. One run at a time writes to an
OUT. A call is joined with its record by the name of the recording's file (transcripts: by call id), where that is
unique on both sides. Exit status: 0 nothing grave found, 1 grave findings, 2 some call could not be audited or some
row not read.
"""

import argparse
import sys


def arguments():
    given, settings = sys.argv[1:], []
    if "--" in given:
        given, settings = given[: given.index("--")], given[given.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--recordings", nargs="+", metavar="PATH", help="folders of recordings")
    what.add_argument("--transcripts", nargs="+", metavar="PATH", help="saved transcripts, a call a line")

    def add(name, text, metavar=None, **more):
        parser.add_argument(name, help=text, **({"metavar": metavar} if metavar else {}), **more)

    add("--calls", "call records: .csv, .tsv, .parquet, else JSONL; without recordings and transcripts the "
        "recordings that they name are audited", "PATH", nargs="+", default=[])
    add("--out", "folder of the tables", "PATH", required=True)
    add("--callaudit", "the program, as all machines find it [callaudit]", "PATH", default="callaudit")
    add("--columns", "names of columns, as for callaudit audit; a file that all machines have", "FILE")
    add("--encoding", "of CSV, such as GB18030 [UTF-8]", default="UTF-8")
    add("--carry", "recordings go through Spark: where executors cannot open their paths", action="store_true")
    add("--retry", "audit again what failed", action="store_true")
    add("--time-limit", "longest that a call may take [1800]", "SECONDS", type=int, default=1800)
    add("--task-seconds", "work in a task, in seconds of one core [120]", "S", type=float, default=120)
    add("--round-seconds", "work of a slot between two savings [3600]", "S", type=float, default=3600)
    add("--slots", "tasks at once [as many as executors have when the job starts]", "N", type=int)
    args = parser.parse_args(given)
    if not (args.recordings or args.transcripts or args.calls):
        parser.error("name --recordings, --transcripts or --calls")
    if args.carry and args.transcripts:
        parser.error("--carry is for recordings")
    return argparse.Namespace(**vars(args), settings=settings)
