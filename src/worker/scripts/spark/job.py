"""The job: rounds of tasks, the tables, and what it came to."""

import importlib
import json
import os
import sys
import time
from datetime import datetime, timezone
from functools import partial

from pyspark import SparkConf
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from .arguments import arguments
from .calls import Calls, class_of
from .executor import audited
from .plan import Plan
from .run import Run
from .tables import FILES_PER_DAY, schema_of, union, without
from .timing import judge_times

# Recordings carried at once.
CARRIED = 8

SETTINGS = {
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.parquet.compression.codec.zstd.level": "1",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    # Files of several days are written side by side instead of being sorted first.
    "spark.sql.maxConcurrentOutputFileWriters": "64",
    # A slow machine's last task is begun elsewhere, too; a machine on which tasks fail is left out.
    "spark.speculation": "true",
    "spark.speculation.quantile": "0.9",
    "spark.speculation.multiplier": "2",
    "spark.excludeOnFailure.enabled": "true",
    "spark.excludeOnFailure.task.maxTaskAttemptsPerNode": "6",
    "spark.task.maxFailures": "8",
}


class Columns:
    """What `Plan` needs, on columns."""

    floor, log = F.floor, F.ln

    @staticmethod
    def least(column, number):
        return F.least(column, F.lit(number))

    @staticmethod
    def greatest(column, number):
        return F.greatest(column, F.lit(number))

    @staticmethod
    def when(condition, yes, no):
        return F.when(condition, yes).otherwise(no)


class Job:
    def __init__(self, run):
        self.run, self.args, self.session, self.out = run, run.args, run.session, run.out

    def do(self):
        self.out.mend()
        if self.args.retry:
            self.forget_failed()
        self.calls = Calls(self.run)
        calls, classes = self.calls.missing()
        count = sum(row["calls"] for row in classes)
        self.run.say(f"{count} calls to audit")
        if count:
            self.audit(calls, classes)
        self.run.say("settling")
        self.settle()
        if self.calls.records is not None:
            self.run.say("judging times")
            found = judge_times(self.run, self.calls.records)
            self.out.write(found.coalesce(FILES_PER_DAY), "timing", "overwrite")
        self.run.say("counting")
        return self.told(count)

    def forget_failed(self):
        """Takes out what failed, findings too, so that it is audited again."""
        reports = self.out.read("reports")
        failed = reports.where("verdict = 'failed'").select("call_id", "day").persist() if reports else None
        for row in failed.select("day").distinct().collect() if failed else []:
            day = f"day={row['day'] or '__HIVE_DEFAULT_PARTITION__'}"
            for table in ("findings", "reports"):
                if self.out.has(f"{table}/{day}"):
                    self.out.rewrite(table, day, lambda rows: without(rows, failed))

    def audit(self, calls, classes):
        total_s = sum(row["work_s"] for row in classes)
        plan = Plan(total_s, self.run.slots, self.args.task_seconds, self.args.round_seconds)
        placed = self.placed(calls, classes, plan)
        columns = self.run.columns["calls"]
        worker = [self.args.callaudit, "worker", "--rows", "--jobs", self.session.conf.get("spark.task.cpus", "1")]
        worker += ["--time-limit", str(self.args.time_limit), *self.args.settings]
        audit = partial(audited, worker, self.run.environment, columns)
        for number in range(plan.rounds):
            self.run.say(f"round {number + 1} of {plan.rounds}: {plan.tasks} tasks on {plan.slots} slots")
            lines = self.with_sound(placed.where(F.col("round") == number)).repartitionById(plan.tasks, "task")
            lines = lines.sortWithinPartitions(F.desc("work_s"), "call_id").select("line", "sound", "path")
            self.out.write(lines.mapInArrow(audit, schema_of(columns)), "rounds")

    def placed(self, calls, classes, plan):
        """With the round and the task of each call: those of a class in any order, but always in the same."""
        starts, at = [], 0.0
        for row in classes:
            starts.append((row["class"], at, row["work_s"]))
            at += row["work_s"]
        starts = self.session.createDataFrame(starts, "class long, start_s double, length_s double")
        chance = F.pmod(F.xxhash64("call_id"), F.lit(1 << 30)) / (1 << 30)
        placed = calls.withColumn("class", class_of("work_s")).join(F.broadcast(starts), "class")
        placed = placed.withColumn("position", F.col("start_s") + chance * F.col("length_s"))
        placed = placed.withColumn("round", plan.round_of(F.col("position"), Columns))
        return placed.withColumn("task", plan.task_of(F.col("position"), Columns).cast("int"))

    def with_sound(self, calls):
        if not self.args.carry:
            return calls.withColumn("sound", F.lit(None).cast("binary"))
        self.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", CARRIED)
        return self.calls.with_sound(calls)

    def settle(self):
        """Brings the rounds, of this run and of one that broke off, into the tables; what is there is left out."""
        rounds, reports, findings = (self.out.read(table) for table in ("rounds", "reports", "findings"))
        if rounds is None:
            return
        new = self.findings_of(rounds)
        self.out.write(without(new, findings).coalesce(FILES_PER_DAY), "findings")
        if reports is None or rounds.join(reports.select("call_id"), "call_id").isEmpty():
            self.out.bring("rounds", "reports")
        else:
            self.out.write(without(rounds, reports), "reports")
        self.out.delete("rounds")
        self.out.compact("reports")
        self.out.compact("findings")

    def findings_of(self, reports):
        columns = self.run.columns["findings"]
        own = schema_of({**column, "name": column["path"]} for column in columns if column["of"] == "finding")
        each = F.explode(F.from_json("findings", f"array<struct<{own}>>")).alias("finding")
        rows = reports.select(*[column["name"] for column in columns if column["of"] == "call"], each)
        places = {"finding": lambda column: f"finding.{column['path']}", "call": lambda column: column["name"]}
        return rows.select(*[F.col(places[column["of"]](column)).alias(column["name"]) for column in columns])

    def told(self, audited_calls):
        """Counts what is there, writes it down and says it; the exit status."""
        reports, findings = self.out.read("reports"), self.out.read("findings")
        counted = reports.groupBy("verdict").count().collect() if reports else []
        counted = {row["verdict"] or "unread": row["count"] for row in counted}
        problems = union(self.run.problems).persist() if self.run.problems else None
        started, grave = self.run.started, "severity IN ('major', 'critical')"
        told = {
            "started_at": datetime.fromtimestamp(started, timezone.utc).isoformat(timespec="seconds"),
            "duration_s": round(time.time() - started, 1),
            "slots": self.run.slots,
            "audited": audited_calls,
            "reports": dict(sorted(counted.items())),
            "grave_findings": findings.where(grave).count() if findings else 0,
            "problems": problems.count() if problems else 0,
        }
        if told["problems"]:
            problems.write.mode("overwrite").json(f"{self.args.out}/problems")
        self.out.write_text(f"runs/{told['started_at'].replace(':', '')}.json", json.dumps(told, indent=2) + "\n")
        print(json.dumps(told))
        if counted.get("failed") or counted.get("unread") or told["problems"]:
            return 2
        return 1 if told["grave_findings"] else 0


def main():
    args = arguments()
    settings = SparkConf()
    for name, value in SETTINGS.items():
        settings.setIfMissing(name, value)
    session = SparkSession.builder.appName("callaudit").config(conf=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.addPyFile(os.path.abspath(__file__))
    if not settings.contains("spark.sql.shuffle.partitions"):
        session.conf.set("spark.sql.shuffle.partitions", 2 * session.sparkContext.defaultParallelism)
    status = Job(Run(session, args)).do()
    session.stop()
    sys.exit(status)


if __name__ == "__main__":
    # As a module of its own: executors then know its functions by name, and keep what it keeps.
    importlib.import_module(os.path.splitext(os.path.basename(__file__))[0]).main()
