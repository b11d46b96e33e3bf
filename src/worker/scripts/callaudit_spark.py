#!/usr/bin/env python3
"""Audits debt-collection calls on Apache Spark: the engine schedules, retries and shuffles, `callaudit worker` audits.

    spark-submit callaudit_spark.py --recordings hdfs:///calls/2026-11-23 --calls 'hdfs:///records/*.csv' \
        --out hdfs:///audit -- --policy mainland --policy house-a

Every machine needs the program and its models, the driver this file too; pyarrow and pandas are needed nowhere. What
stands after `--` are settings of `callaudit worker` (policies, rules, time zone, --no-semantic, …). Variables CALLAUDIT_…
of the driver hold on the executors.

    records ─► worker records ─┬─► by debtor ─► worker timing ─┐
                               └─► by number ─► worker timing ─┤ what other calls show
    recordings | transcripts | records that name a recording ──┴─► lines ─► rounds of tasks ─► worker ─► OUT

OUT/reports   a row a call, Parquet by day: the columns of `callaudit audit --format parquet`
OUT/findings  a row a finding, likewise
OUT/timing    a row a finding from call records alone, likewise
OUT/problems  what became no call, with the reason
OUT/runs      what each run came to, JSON

A run that is repeated audits what is missing; --retry audits again what failed. One run at a time writes to an OUT.
A call is joined with its record by the name of the recording's file (or, transcripts, by call id), where that is unique on
both sides.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from datetime import datetime, timezone

from pyspark import SparkConf
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

# Seconds of work, of one core of the machine that the figures of callaudit's README were measured on. Only ratios matter.
WORK_PER_AUDIO_S = 0.1
WORK_PER_TRANSCRIPT_BYTE = 6e-7
# Bytes of a second of telephone audio (A-law, two channels), where no record tells the length.
BYTES_PER_AUDIO_S = 16_000

TYPES = {"json": "string", "text": "string", "real": "double", "whole": "bigint", "truth": "boolean", "day": "date", "texts": "array<string>"}
# Files that a day may have, and the size below which they are too small to be left as they are.
FILES_PER_DAY, SMALL_FILE_BYTES = 16, 64 << 20

SETTINGS = {
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    # Files of several days are written side by side instead of being sorted first.
    "spark.sql.maxConcurrentOutputFileWriters": "64",
    # Tasks are large: they are cut when all executors are there.
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    # A slow machine's last task is begun elsewhere, too; a machine on which tasks fail is left out.
    "spark.speculation": "true",
    "spark.speculation.quantile": "0.9",
    "spark.speculation.multiplier": "2",
    "spark.excludeOnFailure.enabled": "true",
    "spark.excludeOnFailure.task.maxTaskAttemptsPerNode": "6",
    "spark.task.maxFailures": "8",
}


class Numbers:
    """The functions that `Plan.task` needs, on numbers; `Columns` has them on columns of Spark."""

    floor, log, least, greatest = math.floor, math.log, min, max

    @staticmethod
    def when(condition, yes, no):
        return yes if condition else no


class Columns:
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


class Plan:
    """How work is cut into tasks.

    Calls stand on a line of `total_s` seconds of work, the longest first. The line is cut into rounds of equal work, each
    written when it is done; a round into tasks of `task_s`, and near its end into ever smaller ones, each a share
    1 / (2 · slots) of what is left, so that all slots end at about the same time.
    """

    def __init__(self, total_s, slots, task_s, round_s):
        self.total_s, self.slots, self.task_s = max(total_s, 1e-6), slots, task_s
        self.rounds = max(1, math.ceil(self.total_s / (round_s * slots)))
        self.round_s = self.total_s / self.rounds
        self.smallest_s = min(task_s / 8, self.round_s / (2 * slots))
        self.flat = max(0, math.floor((self.round_s - 2 * slots * task_s) / task_s))
        self.tapered_s = self.round_s - self.flat * task_s
        self.keep = 1 - 1 / (2 * slots)
        share = 2 * slots * self.smallest_s / self.tapered_s
        self.tapered = max(0, math.ceil(math.log(share) / math.log(self.keep))) if share < 1 else 0
        self.rest_s = self.tapered_s * self.keep**self.tapered
        self.tasks = self.flat + self.tapered + max(1, math.ceil(self.rest_s / self.smallest_s))

    def round_of(self, position, over=Numbers):
        """The round of a place on the line, from 0."""
        return over.least(over.floor(position / self.round_s), self.rounds - 1)

    def task_of(self, position, over=Numbers):
        """The task of a place on the line within its round, from 0; the sizes of earlier tasks are never smaller."""
        at = position - self.round_of(position, over) * self.round_s
        left = over.greatest(self.round_s - at, self.rest_s)
        tapered = self.flat + over.floor(over.log(left / self.tapered_s) / math.log(self.keep))
        rest = self.flat + self.tapered + over.floor((at - (self.round_s - self.rest_s)) / self.smallest_s)
        cut = over.when(at >= self.round_s - self.rest_s, rest, tapered)
        task = over.when(at < self.flat * self.task_s, over.floor(at / self.task_s), cut)
        return over.greatest(over.least(task, self.tasks - 1), 0)


def pipe(lines, command):
    """The lines of a frame of one column through a process a partition, on executors that need no Python.

    The path through the JVM is Java's own `RDD.pipe`, which PySpark does not offer: its pipe and mapInArrow hand every line
    through a Python process besides.
    """
    session, jvm = lines.sparkSession, lines.sparkSession._jvm
    text = jvm.org.apache.spark.sql.Encoders.STRING()
    environment = {name: value for name, value in os.environ.items() if name.startswith("CALLAUDIT_")}
    given = getattr(lines._jdf, "as")(text).toJavaRDD()
    piped = given.pipe(command, environment, False, 1 << 16, "UTF-8")
    return DataFrame(session._jsparkSession.createDataset(piped.rdd(), text).toDF(), session)


def stem(path):
    """A file's name without folders and ending."""
    return F.regexp_replace(F.regexp_extract(path, r"([^/\\]*)$", 1), r"\.[^.]*$", "")


class Folder:
    """OUT, on whatever file system."""

    def __init__(self, session, path):
        self.session, self.path = session, path.rstrip("/")
        self.jvm = session._jvm
        self.files = self.at("").getFileSystem(session._jsc.hadoopConfiguration())

    def at(self, name):
        return self.jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}" if name else self.path)

    def has(self, name):
        return self.files.exists(self.at(name))

    def list(self, name):
        """(name, bytes) of what is in a folder, hidden files left out."""
        found = self.files.listStatus(self.at(name)) if self.has(name) else []
        return sorted((s.getPath().getName(), s.getLen()) for s in found if s.getPath().getName()[0] not in "._")

    def read(self, name):
        """A table with the columns of its folders; none where there is no file yet."""
        return self.session.read.parquet(f"{self.path}/{name}") if self.list(name) else None

    def append(self, frame, name, mode="append"):
        frame.write.mode(mode).partitionBy("day").parquet(f"{self.path}/{name}")

    def move(self, source, target):
        self.files.mkdirs(self.at(target).getParent())
        if not self.files.rename(self.at(source), self.at(target)):
            raise OSError(f"{self.path}: cannot rename {source} to {target}")

    def delete(self, name):
        self.files.delete(self.at(name), True)

    def write_text(self, name, text):
        stream = self.files.create(self.at(name), True)
        stream.write(bytearray(text.encode()))
        stream.close()

    def rewrite(self, table, day, change=lambda frame: frame):
        """Writes a day's rows of a table anew, into few files."""
        place = f"{table}/{day}"
        size = sum(length for _, length in self.list(place))
        frame = change(self.session.read.parquet(f"{self.path}/{place}"))
        frame.coalesce(max(1, round(size / (4 * SMALL_FILE_BYTES)))).write.parquet(f"{self.path}/rewritten/{place}")
        self.move(place, f"replaced/{place}")
        self.move(f"rewritten/{place}", place)
        self.delete("replaced")
        self.delete("rewritten")

    def mend(self):
        """Undoes what a run left half done while it rewrote a day."""
        for table, _ in self.list("replaced"):
            for day, _ in self.list(f"replaced/{table}"):
                if not self.has(f"{table}/{day}"):
                    self.move(f"replaced/{table}/{day}", f"{table}/{day}")
        self.delete("replaced")
        self.delete("rewritten")


class Job:
    def __init__(self, session, args):
        self.session, self.args = session, args
        self.out = Folder(session, args.out)
        self.slots = args.slots or session.sparkContext.defaultParallelism
        self.tables = json.loads(subprocess.check_output([args.callaudit, "worker", "columns"]))
        self.problems = []

    def run(self):
        started = time.time()
        self.out.mend()
        if self.args.retry:
            self.forget_failed()
        records = self.records().persist() if self.args.calls else None
        calls = self.missing(self.named_once(self.calls(records))).persist()
        classes = calls.groupBy(F.ceil(F.col("work_s") * 10).alias("class"))
        classes = classes.agg(F.count("*").alias("calls"), F.sum("work_s").alias("work_s")).orderBy(F.desc("class")).collect()
        if classes:
            self.audit(calls, classes)
        self.settle()
        if records is not None:
            self.judge_times(records)
        return self.summary(started, sum(row["calls"] for row in classes))

    # What there is to audit.

    def records(self):
        """The call records as the worker takes them, each name once: the first row counts."""
        lines = self.union([self.read_lines(path) for path in self.args.calls])
        columns = ["--columns", self.args.columns] if self.args.columns else []
        rows = pipe(lines, [self.args.callaudit, "worker", "records", *columns])
        names = "call_id string, recording string, debtor_id string, number string, duration_s double, problem string"
        rows = rows.select(F.monotonically_increasing_id().alias("place"), "value", F.from_json("value", names).alias("row"))
        rows = rows.select("place", F.col("value").alias("record"), "row.*").persist()
        self.problem("call records", rows.where("problem IS NOT NULL").select(F.col("problem").alias("cause")))
        rows = rows.where("problem IS NULL").drop("problem").withColumn("name", F.coalesce("call_id", "recording"))
        return rows.groupBy("name").agg(F.min(F.struct(*rows.columns)).alias("row")).select("row.*").drop("place")

    def read_lines(self, path):
        kind = path.lower().rsplit(".", 1)[-1]
        if kind == "parquet":
            frame = self.session.read.parquet(path)
        elif kind in ("csv", "tsv"):
            options = {"sep": "," if kind == "csv" else "\t", "escape": '"', "encoding": self.args.encoding}
            frame = self.session.read.csv(path, header=True, **options)
        else:
            return self.session.read.text(path)
        return frame.select(F.to_json(F.struct("*")).alias("value"))

    def found(self, records):
        """id, key by which a record is found, path, bytes, and the line of a transcript."""
        nothing = F.lit(None).cast("string")
        if self.args.transcripts:
            lines = self.union([self.session.read.text(path) for path in self.args.transcripts])
            lines = lines.select(F.get_json_object("value", "$.call_id").alias("id"), F.trim("value").alias("line"))
            self.problem("transcripts", lines.where("id IS NULL AND line != ''").select(F.lit("a line names no call").alias("cause")))
            lines = lines.where("id IS NOT NULL")
            return lines.select("id", F.col("id").alias("key"), nothing.alias("path"), F.length("line").alias("bytes"), "line")
        if self.args.recordings:
            files = self.session.read.format("binaryFile").option("recursiveFileLookup", "true").load(self.args.recordings)
            ending = F.lower(F.regexp_extract("path", r"\.([^.]*)$", 1))
            files = files.where(ending.isin(self.tables["audio_endings"])).select("path", "length")
            path = F.regexp_replace("path", "^file:/+", "/")
            return files.select(stem("path").alias("id"), stem("path").alias("key"), path.alias("path"), F.col("length").alias("bytes"), nothing.alias("line"))
        named = records.where("recording IS NOT NULL")
        return named.select(F.coalesce("call_id", stem("recording")).alias("id"), F.col("name").alias("key"), F.col("recording").alias("path"), F.lit(0).alias("bytes"), nothing.alias("line"))

    def calls(self, records):
        """call_id, work_s, path and the line of every call, but for the sound that has to be carried."""
        found = self.found(records).withColumn("times", F.count("*").over(Window.partitionBy("key")))
        if records is None:
            known = self.session.createDataFrame([], "key string, record string, timing string, call_id string, duration_s double")
        else:
            known = records.join(self.shown_by_others(records), "name", "left")
            by_file = F.coalesce(stem("recording"), "call_id")
            key = F.col("call_id") if self.args.transcripts else by_file if self.args.recordings else F.col("name")
            known = known.withColumn("key", key).withColumn("times", F.count("*").over(Window.partitionBy("key")))
            known = known.where("times = 1").select("key", "record", "timing", "call_id", "duration_s")
        calls = found.join(known, (found["key"] == known["key"]) & (found["times"] == 1), "left")
        call_id = F.coalesce("call_id", "id")
        seconds = F.coalesce("duration_s", F.col("bytes") / BYTES_PER_AUDIO_S)
        work_s = F.when(F.col("line").isNull(), seconds * WORK_PER_AUDIO_S).otherwise(F.col("bytes") * WORK_PER_TRANSCRIPT_BYTE)
        named = F.concat(F.lit('{"call_id":'), quoted(call_id), F.lit(',"recording":'), quoted(F.col("path")))
        body = F.coalesce(F.expr("substring(line, 1, length(line) - 1)"), named)
        record = F.concat(F.lit(',"record":'), "record", F.lit(',"timing":['), F.coalesce("timing", F.lit("")), F.lit("]"))
        line = F.concat(body, F.coalesce(record, F.lit("")))
        return calls.select(call_id.alias("call_id"), work_s.alias("work_s"), "path", line.alias("line"))

    def shown_by_others(self, records):
        """name and timing: what the records of other calls show about each, a list without its brackets."""
        start = F.instr("value", ',"timing":')
        shares = [
            pipe(self.side_by_side(records, by), self.timing(by)).select(
                F.from_json("value", "call_id string")["call_id"].alias("name"),
                F.expr("substring(value, instr(value, ',\"timing\":') + 10, length(value))").alias("timing"),
            )
            for by in ("debtor", "number")
        ]
        shares = self.union(shares).withColumn("timing", F.expr("substring(timing, 1, length(timing) - 1)"))
        return shares.groupBy("name").agg(F.concat_ws(",", F.collect_list("timing")).alias("timing"))

    def side_by_side(self, records, by, refused=None):
        """Lines for `worker timing`: the records of a debtor, or to a number, in one partition."""
        key = {"debtor": F.col("debtor_id"), "number": F.col("number"), "call": F.lit(None)}[by]
        line = F.concat(F.lit('{"record":'), "record", F.lit("}") if refused is None else F.when(refused, ',"refused":true}').otherwise("}"))
        rows = records.select(F.coalesce(key, F.col("name")).alias("key"), line.alias("line"))
        return rows.repartition(self.slots * 2, "key").select("line")

    def timing(self, by, *more):
        return [self.args.callaudit, "worker", "timing", "--by", by, *more, *self.args.settings]

    def named_once(self, calls):
        order = Window.partitionBy("call_id").orderBy("path", "line")
        calls = calls.withColumn("nth", F.row_number().over(order)).persist()
        again = calls.where("nth > 1")
        self.problem("calls", again.select(F.concat(F.coalesce("path", "call_id"), F.lit(": call_id "), "call_id", F.lit(" is taken by another call")).alias("cause")))
        return calls.where("nth = 1").drop("nth")

    def missing(self, calls):
        """The calls of which there is no report."""
        for table in ("reports", "rounds"):
            done = self.out.read(table)
            if done is not None:
                calls = calls.join(done.select("call_id"), "call_id", "left_anti")
        return calls

    def forget_failed(self):
        """Takes out what failed, findings too, so that it is audited again."""
        reports = self.out.read("reports")
        if reports is None:
            return
        failed = reports.where("verdict = 'failed'").select("call_id", "day").persist()
        days = [row["day"] for row in failed.select("day").distinct().collect()]
        for table in ("findings", "reports"):
            for day in (folder_of(day) for day in days):
                if self.out.has(f"{table}/{day}"):
                    self.out.rewrite(table, day, lambda rows: rows.join(failed, "call_id", "left_anti").select(rows.columns))

    # The audit.

    def audit(self, calls, classes):
        plan = Plan(sum(row["work_s"] for row in classes), self.slots, self.args.task_seconds, self.args.round_seconds)
        starts, at = [], 0.0
        for row in classes:
            starts.append((row["class"], at, row["work_s"]))
            at += row["work_s"]
        starts = F.broadcast(self.session.createDataFrame(starts, "class long, start_s double, length_s double"))
        chance = F.pmod(F.xxhash64("call_id"), F.lit(1 << 30)) / (1 << 30)
        position = F.col("start_s") + chance * F.col("length_s")
        placed = calls.withColumn("class", F.ceil(F.col("work_s") * 10)).join(starts, "class").withColumn("position", position)
        placed = placed.select("call_id", "work_s", "path", "line", plan.round_of(F.col("position"), Columns).alias("round"), plan.task_of(F.col("position"), Columns).alias("task"))
        for number in range(plan.rounds):
            self.say(f"round {number + 1} of {plan.rounds}: {plan.tasks} tasks on {self.slots} slots")
            lines = self.with_sound(placed.where(F.col("round") == number))
            lines = lines.repartitionById(plan.tasks, F.col("task").cast("int")).sortWithinPartitions(F.desc("work_s"), "call_id").select("line")
            command = [self.args.callaudit, "worker", "--rows", "--jobs", str(self.task_cpus()), "--time-limit", str(self.args.time_limit), *self.args.settings]
            answers = pipe(lines, command)
            calls_row = self.columns("calls", F.substring_index("value", "\t", 1))
            reports = answers.select(calls_row.alias("row"), F.substring_index("value", "\t", -1).alias("report")).select("row.*", "report")
            self.out.append(reports, "rounds")

    def with_sound(self, calls):
        """The lines whole: with the recordings themselves where executors cannot open them."""
        if not self.args.carry:
            return calls.withColumn("line", F.concat("line", F.lit("}")))
        files = self.session.read.format("binaryFile").option("recursiveFileLookup", "true").load(self.args.recordings)
        files = files.select(F.regexp_replace("path", "^file:/+", "/").alias("path"), F.base64("content").alias("sound"))
        return calls.join(files, "path").withColumn("line", F.concat("line", F.lit(',"sound":"'), "sound", F.lit('"}')))

    def columns(self, table, text):
        names = [column for column in self.tables[table] if column["name"] != "report"]
        return F.from_json(text, ", ".join(f"`{column['name']}` {TYPES[column['kind']]}" for column in names))

    def task_cpus(self):
        return int(self.session.conf.get("spark.task.cpus", "1"))

    # What came out.

    def settle(self):
        """Brings the rounds, of this run and of one that broke off, into the tables; what is there already is left out."""
        rounds = self.out.read("rounds")
        if rounds is None:
            return
        findings = self.findings_of(rounds)
        there = self.out.read("findings")
        if there is not None:
            findings = findings.join(there.select("call_id").distinct(), "call_id", "left_anti").select(findings.columns)
        self.out.append(findings.coalesce(FILES_PER_DAY), "findings")
        reports = self.out.read("reports")
        is_new = reports is None or rounds.join(reports.select("call_id"), "call_id").isEmpty()
        if not is_new:
            self.out.append(rounds.join(reports.select("call_id"), "call_id", "left_anti").select(rounds.columns), "reports")
        for day, _ in self.out.list("rounds") if is_new else []:
            for file, _ in self.out.list(f"rounds/{day}"):
                self.out.move(f"rounds/{day}/{file}", f"reports/{day}/{file}")
        self.out.delete("rounds")
        for table in ("reports", "findings"):
            self.compact(table)

    def compact(self, table):
        """Rewrites the days that lie in many small files."""
        for day, _ in self.out.list(table):
            sizes = [size for _, size in self.out.list(f"{table}/{day}")]
            if len(sizes) > FILES_PER_DAY and sum(sizes) < len(sizes) * SMALL_FILE_BYTES:
                self.out.rewrite(table, day)

    def findings_of(self, reports):
        columns = self.tables["findings"]
        own = [column for column in columns if column["of"] == "finding"]
        schema = ", ".join(f"`{column['path']}` {TYPES[column['kind']]}" for column in own)
        each = F.explode(F.from_json("findings", f"array<struct<{schema}>>")).alias("finding")
        rows = reports.select(*[column["name"] for column in columns if column["of"] == "call"], each)
        named = [F.col(f"finding.`{c['path']}`").alias(c["name"]) if c["of"] == "finding" else F.col(c["name"]) for c in columns]
        return rows.select(*named)

    def judge_times(self, records):
        """All call records once more, now that it is known who refused further calls."""
        reports = self.out.read("reports")
        if reports is not None:
            refused = F.array_contains("marks", self.tables["refused_mark"])
            refused = reports.where(refused).select(F.col("call_id").alias("name"), F.lit(True).alias("refused")).distinct()
            records = records.join(refused, "name", "left")
        else:
            records = records.withColumn("refused", F.lit(False))
        shares = [pipe(self.side_by_side(records, by, F.col("refused")), self.timing(by, "--findings")) for by in ("call", "debtor", "number")]
        rows = self.union(shares).select(self.columns("findings", F.col("value")).alias("row")).select("row.*")
        self.out.append(rows.coalesce(FILES_PER_DAY), "timing", "overwrite")

    def summary(self, started, listed):
        reports, findings = self.out.read("reports"), self.out.read("findings")
        counted = {} if reports is None else {row["verdict"]: row["count"] for row in reports.groupBy("verdict").count().collect()}
        grave = 0 if findings is None else findings.where(F.col("severity").isin("major", "critical")).count()
        problems = self.union(self.problems).persist() if self.problems else None
        told = {
            "started_at": datetime.fromtimestamp(started, timezone.utc).isoformat(timespec="seconds"),
            "duration_s": round(time.time() - started, 1),
            "slots": self.slots,
            "audited": listed,
            "reports": counted,
            "grave_findings": grave,
            "problems": problems.count() if problems else 0,
        }
        if told["problems"]:
            problems.write.mode("overwrite").json(f"{self.args.out}/problems")
        self.out.write_text(f"runs/{told['started_at'].replace(':', '')}.json", json.dumps(told, indent=2) + "\n")
        print(json.dumps(told))
        failed = counted.get("failed", 0) + told["problems"]
        return 2 if failed else 1 if grave else 0

    # Small things.

    def problem(self, what, causes):
        self.problems.append(causes.select(F.lit(what).alias("what"), "cause"))

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    @staticmethod
    def union(frames):
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame)
        return whole


def quoted(text):
    """A text as JSON writes it."""
    return F.expr("1") if text is None else F.regexp_replace(F.to_json(F.array(text)), r"^\[|\]$", "")


def folder_of(day):
    return f"day={day if day is not None else '__HIVE_DEFAULT_PARTITION__'}"


def arguments():
    given, settings = sys.argv[1:], []
    if "--" in given:
        given, settings = given[: given.index("--")], given[given.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--recordings", nargs="+", metavar="PATH", help="folders of recordings")
    what.add_argument("--transcripts", nargs="+", metavar="PATH", help="saved transcripts, a call a line")
    parser.add_argument("--calls", nargs="+", default=[], metavar="PATH", help="call records: .csv, .tsv, .parquet, else JSONL; without recordings and transcripts the recordings they name are audited")
    parser.add_argument("--out", required=True, metavar="PATH", help="folder of the tables")
    parser.add_argument("--callaudit", default="callaudit", metavar="PATH", help="the program, as all machines find it [callaudit]")
    parser.add_argument("--columns", metavar="FILE", help="names of columns, as for callaudit audit; a file that all machines have")
    parser.add_argument("--encoding", default="UTF-8", help="of CSV, e.g. GB18030 [UTF-8]")
    parser.add_argument("--carry", action="store_true", help="recordings go through Spark, as the executors cannot open their paths: HDFS, S3, …")
    parser.add_argument("--retry", action="store_true", help="audit again what failed")
    parser.add_argument("--time-limit", type=int, default=1800, metavar="SECONDS", help="longest that a call may take [1800]")
    parser.add_argument("--task-seconds", type=float, default=120, metavar="S", help="work in a task, in seconds of one core [120]")
    parser.add_argument("--round-seconds", type=float, default=3600, metavar="S", help="work of a slot between two savings [3600]")
    parser.add_argument("--slots", type=int, metavar="N", help="tasks at once [as many as the executors have when the job starts]")
    args = parser.parse_args(given)
    if not (args.recordings or args.transcripts or args.calls):
        parser.error("name --recordings, --transcripts or --calls")
    return argparse.Namespace(**vars(args), settings=settings)


def main():
    args = arguments()
    settings = SparkConf()
    for name, value in SETTINGS.items():
        settings.setIfMissing(name, value)
    session = SparkSession.builder.appName("callaudit").config(conf=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    status = Job(session, args).run()
    session.stop()
    sys.exit(status)


if __name__ == "__main__":
    main()
