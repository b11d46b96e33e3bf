#!/usr/bin/env python3
"""Audits debt-collection calls on Apache Spark: the engine schedules, retries and shuffles, `callaudit worker` audits.

    spark-submit callaudit_spark.py --recordings hdfs:///calls/2026-11-23 --carry --calls 'hdfs:///records/*.csv' \
        --out hdfs:///audit -- --policy mainland --policy house-a

Every machine needs the program, its models and pyarrow. What stands after `--` are settings of `callaudit worker`
(policies, rules, time zone, --no-semantic, …). Variables CALLAUDIT_… of the driver hold on the executors.

    records ─► worker records ─┬─► by debtor ─► worker timing ─┐
                               └─► by number ─► worker timing ─┤ what other calls show
    recordings | transcripts | records that name a recording ──┴─► lines ─► rounds of tasks ─► worker ─► OUT

OUT/reports   a row a call, Parquet by day: the columns of `callaudit audit --format parquet`
OUT/findings  a row a finding, likewise
OUT/timing    a row a finding from call records alone, likewise
OUT/problems  what became no call, with the reason
OUT/runs      what each run came to, JSON

A run that is repeated audits what is missing; --retry audits again what failed. One run at a time writes to an OUT.
A call is joined with its record by the name of the recording's file (transcripts: by call id), where that is unique on
both sides. Exit status: 0 nothing grave found, 1 grave findings, 2 some call could not be audited or some row not read.
"""

import argparse
import fcntl
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from functools import partial
from queue import Queue

from pyspark import SparkConf
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

# Seconds of work, of one core of the machine that the figures of callaudit's README were measured on. Only ratios matter.
WORK_PER_AUDIO_S = 0.1
WORK_PER_TRANSCRIPT_BYTE = 6e-7
# Bytes of a second of telephone audio (A-law, two channels), where no record tells the length.
BYTES_PER_AUDIO_S = 16_000

# Kinds of the program's columns.
TYPES = {
    "text": "string", "real": "double", "whole": "bigint", "truth": "boolean", "day": "date", "texts": "array<string>",
    "json": "string",
}
# What is handed to Spark at once.
BATCH_BYTES = 4 << 20
PIPE_BYTES = 1 << 20
# Batches that wait for Spark while the worker works on.
AHEAD = 2
# Recordings carried at once.
CARRIED = 8
# Files that a day may have, and the size below which more are too small to be left as they are.
FILES_PER_DAY, SMALL_FILE_BYTES = 16, 64 << 20

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


# How work is cut.


class Numbers:
    """The functions that `Plan` needs, on numbers; `Columns` has them on columns of Spark."""

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
        """The task of a place on the line within its round, from 0; no task is larger than the one before."""
        at = position - self.round_of(position, over) * self.round_s
        left = over.greatest(self.round_s - at, self.rest_s)
        tapered = self.flat + over.floor(over.log(left / self.tapered_s) / math.log(self.keep))
        rest = self.flat + self.tapered + over.floor((at - (self.round_s - self.rest_s)) / self.smallest_s)
        cut = over.when(at >= self.round_s - self.rest_s, rest, tapered)
        task = over.when(at < self.flat * self.task_s, over.floor(at / self.task_s), cut)
        return over.greatest(over.least(task, self.tasks - 1), 0)


# What runs on executors.


class Process:
    """The program at work: lines go in by a thread, so that neither side waits for the other."""

    def __init__(self, command, environment):
        self.command = command
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
        self.process = subprocess.Popen(command, env={**os.environ, **environment}, **pipes)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def feed(self, lines, is_last):
        def write():
            try:
                for line in lines:
                    self.process.stdin.write(line + b"\n")
                if is_last:
                    self.process.stdin.close()
            except BrokenPipeError:
                pass  # It ended; whoever reads its answers notices.

        threading.Thread(target=write, daemon=True).start()

    def answers(self, count=None):
        """Its lines, some megabytes at a time: so many, or all to its end."""
        held, size, rest = [], 0, b""
        while count is None or count > 0:
            data = self.process.stdout.read(PIPE_BYTES)
            if not data:
                self.check_end(count)
                break
            whole, end, after = data.rpartition(b"\n")
            if end:
                held += [rest, whole, end]
                size += len(rest) + len(whole)
                rest = b""
                count = None if count is None else count - whole.count(b"\n") - 1
            rest += after
            if size > BATCH_BYTES:
                yield b"".join(held)
                held, size = [], 0
        if held:
            yield b"".join(held)

    def check_end(self, count):
        status = self.process.wait()
        if status or count is not None:
            raise RuntimeError(f"{' '.join(self.command)} ended with status {status}; see the executor's stderr")


def texts(lines):
    """Lines as an array of Arrow; they are known to be UTF-8, which is not looked at again."""
    import pyarrow

    array = pyarrow.array(lines, pyarrow.binary())
    return pyarrow.Array.from_buffers(pyarrow.string(), len(array), array.buffers())


def through(command, environment, parts):
    """Lines through a process of their own a partition."""
    import pyarrow

    lines = [line.as_py().encode() for part in parts for line in part.column(0)]
    if lines:
        process = Process(command, environment)
        process.feed(lines, is_last=True)
        for text in process.answers():
            yield pyarrow.RecordBatch.from_pydict({"value": texts(text[:-1].split(b"\n"))})


KEPT = {}


def audited(command, environment, columns, parts):
    """Lines through a worker that is kept from task to task, with rules and model loaded; a row of `columns` a line."""
    key = json.dumps(command)
    # One that fails a task is not kept: it may owe answers.
    process = KEPT.pop(key, None) or Process(command, environment)
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="callaudit-") as folder:
            lines = [with_sound(*cells, folder) for cells in zip(*(column.to_pylist() for column in part.columns))]
            process.feed(lines, is_last=False)
            yield from ahead(rows_of(text, columns) for text in process.answers(len(lines)))
    KEPT[key] = process


def rows_of(text, columns):
    """Answers as a table: each is its row as JSON, a tab, and the report."""
    import pyarrow
    import pyarrow.json

    halves = [line.split(b"\t", 1) for line in text[:-1].split(b"\n")]
    rows = b"\n".join(row for row, _ in halves)
    kinds = [(column["name"], arrow_type(column["kind"])) for column in columns if column["path"]]
    parse = pyarrow.json.ParseOptions(explicit_schema=pyarrow.schema(kinds), unexpected_field_behavior="error")
    read = pyarrow.json.ReadOptions(use_threads=False, block_size=len(rows) + 1)
    table = pyarrow.json.read_json(pyarrow.py_buffer(rows), read, parse)
    arrays = {name: table.column(name).combine_chunks() for name in table.column_names}
    days = [column["name"] for column in columns if column["kind"] == "day"]
    arrays.update({name: arrays[name].cast(pyarrow.date32()) for name in days})
    arrays["report"] = texts([report for _, report in halves])
    return pyarrow.RecordBatch.from_pydict({column["name"]: arrays[column["name"]] for column in columns})


def arrow_type(kind):
    """As what a kind is read from JSON: days as text."""
    import pyarrow

    types = {"real": pyarrow.float64(), "whole": pyarrow.int64(), "truth": pyarrow.bool_()}
    types["texts"] = pyarrow.list_(pyarrow.string())
    return types.get(kind, pyarrow.string())


def ahead(made):
    """The same, made by a thread while what was made before is used."""
    queue, end = Queue(AHEAD), object()

    def make():
        try:
            for one in made:
                queue.put(one)
            queue.put(end)
        except Exception as error:  # Raised where it is noticed.
            queue.put(error)

    threading.Thread(target=make, daemon=True).start()
    while (one := queue.get()) is not end:
        if isinstance(one, Exception):
            raise one
        yield one


def with_sound(line, sound, path, folder):
    """The line whole; a recording that was carried lies in the folder, for this user alone, until it is audited."""
    if sound is not None:
        handle, audio = tempfile.mkstemp(suffix=os.path.splitext(path)[1], dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(sound)
        line += f',"audio":{json.dumps(audio)}'
    return line.encode() + b"}"


# OUT, on whatever file system.


class Folder:
    def __init__(self, session, path, schemas):
        self.session, self.path, self.schemas = session, path.rstrip("/"), schemas
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
        """A table; none where there is no file yet."""
        return self.session.read.schema(self.schemas[name]).parquet(f"{self.path}/{name}") if self.list(name) else None

    def write(self, frame, name, mode="append"):
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
        self.tables = json.loads(subprocess.check_output([args.callaudit, "worker", "columns"]))
        calls, findings = schema_of(self.tables["calls"]), schema_of(self.tables["findings"])
        schemas = {"reports": calls, "rounds": calls, "findings": findings, "timing": findings}
        self.out = Folder(session, args.out, schemas)
        self.environment = {name: value for name, value in os.environ.items() if name.startswith("CALLAUDIT_")}
        self.problems, self.started = [], time.time()

    def run(self):
        self.out.mend()
        if self.args.retry:
            self.forget_failed()
        records = self.records().persist() if self.args.calls else None
        calls = self.missing(self.calls(records))
        calls, classes = self.each_once(calls)
        count = sum(row["calls"] for row in classes)
        self.say(f"{count} calls to audit")
        if count:
            self.audit(calls, classes)
        self.say("settling")
        self.settle()
        if records is not None:
            self.say("judging times")
            self.judge_times(records)
        self.say("counting")
        return self.summary(count)

    # What there is to audit.

    def records(self):
        """The call records as the worker takes them, each name once: the first row counts."""
        lines = union([self.read_lines(path) for path in self.args.calls])
        columns = ["--columns", self.args.columns] if self.args.columns else []
        rows = self.piped(lines, "records", *columns)
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
            lines = union([self.session.read.text(path) for path in self.args.transcripts])
            lines = lines.select(F.get_json_object("value", "$.call_id").alias("id"), F.trim("value").alias("line"))
            unnamed = lines.where("id IS NULL AND line != ''")
            self.problem("transcripts", unnamed.select(F.concat(F.lit("a line names no call: "), F.left("line", F.lit(80))).alias("cause")))
            size = F.octet_length("line").alias("bytes")
            return lines.where("id IS NOT NULL").select("id", F.col("id").alias("key"), nothing.alias("path"), size, "line")
        if self.args.recordings:
            files = self.recordings()
            files = files.where(F.lower(F.regexp_extract("path", r"\.([^.]*)$", 1)).isin(self.tables["audio_endings"]))
            return files.select(stem("path").alias("id"), stem("path").alias("key"), "path", F.col("length").alias("bytes"), nothing.alias("line"))
        named = records.where("recording IS NOT NULL")
        call_id, path = F.coalesce("call_id", stem("recording")), F.col("recording").alias("path")
        return named.select(call_id.alias("id"), F.col("name").alias("key"), path, F.lit(0).alias("bytes"), nothing.alias("line"))

    def recordings(self):
        """path, length and content of all files; paths of this machine's own file system as it writes them."""
        files = self.session.read.format("binaryFile").option("recursiveFileLookup", "true").load(self.args.recordings)
        return files.withColumn("path", F.regexp_replace("path", "^file:/+", "/"))

    def calls(self, records):
        """call_id, work_s, path and line of every call; the line lacks its end, and the sound that is carried."""
        found, known = self.found(records), self.known(records)
        if known is None:
            calls = found.withColumns({name: F.lit(None).cast("string") for name in ("record", "timing", "call_id")})
            calls = calls.withColumn("duration_s", F.lit(None).cast("double"))
        else:
            calls = alone(found).join(known, ["key", "is_alone"], "left")
        call_id = F.coalesce("call_id", "id").alias("call_id")
        seconds = F.coalesce("duration_s", F.col("bytes") / BYTES_PER_AUDIO_S)
        of_transcript = F.col("bytes") * WORK_PER_TRANSCRIPT_BYTE
        work_s = F.when(F.col("line").isNull(), seconds * WORK_PER_AUDIO_S).otherwise(of_transcript).alias("work_s")
        start = F.concat(F.lit('{"call_id":'), quoted(call_id), F.lit(',"recording":'), quoted(F.col("path")))
        start = F.coalesce(F.expr("substring(line, 1, length(line) - 1)"), start)
        record = F.concat(F.lit(',"record":'), "record", F.lit(',"timing":['), F.coalesce("timing", F.lit("")), F.lit("]"))
        line = F.concat(start, F.coalesce(record, F.lit(""))).alias("line")
        return calls.select(call_id, work_s, "path", line)

    def known(self, records):
        """What is known of calls by their key, where it names one call."""
        if records is None:
            return None
        by_file = F.coalesce(stem("recording"), "call_id")
        key = F.col("call_id") if self.args.transcripts else by_file if self.args.recordings else F.col("name")
        known = records.join(self.shown_by_others(records), "name", "left").withColumn("key", key)
        return alone(known).where("is_alone").select("key", "is_alone", "record", "timing", "call_id", "duration_s")

    def each_once(self, calls):
        """Of calls of one id the first by path and line, the others are problems; and how many of about equal length there are
        and what work they make, the longest first."""
        ids = calls.groupBy("call_id").agg(F.max("work_s").alias("work_s"), F.count("*").alias("times"))
        classes = ids.groupBy(class_of("work_s")).agg(
            F.count("*").alias("calls"), F.sum("work_s").alias("work_s"), F.max("times").alias("times")
        )
        classes = classes.orderBy(F.desc("class")).collect()
        if all(row["times"] == 1 for row in classes):
            return calls, classes
        calls = calls.withColumn("nth", F.row_number().over(Window.partitionBy("call_id").orderBy("path", "line")))
        cause = F.concat(F.coalesce("path", "call_id"), F.lit(": call_id "), "call_id", F.lit(" is taken by another call"))
        self.problem("calls", calls.where("nth > 1").select(cause.alias("cause")))
        return self.each_once(calls.where("nth = 1").drop("nth"))

    def shown_by_others(self, records):
        """name, and what the records of other calls show about it: a list without its brackets."""
        start = ',"timing":'
        of_line = F.expr(f"substring(value, instr(value, '{start}') + {len(start)}, length(value))")
        shares = [self.piped(self.side_by_side(records, by), "timing", "--by", by, *self.args.settings) for by in ("debtor", "number")]
        shares = union(shares).select(F.get_json_object("value", "$.call_id").alias("name"), of_line.alias("timing"))
        shares = shares.withColumn("timing", F.expr("substring(timing, 1, length(timing) - 1)"))
        return shares.groupBy("name").agg(F.concat_ws(",", F.collect_list("timing")).alias("timing"))

    def side_by_side(self, records, by):
        """Lines for `worker timing`: the records of a debtor, or to a number, in one partition."""
        key = {"debtor": F.col("debtor_id"), "number": F.col("number"), "call": F.lit(None)}[by]
        end = F.when(F.col("refused"), ',"refused":true}').otherwise("}") if "refused" in records.columns else F.lit("}")
        rows = records.select(F.coalesce(key, F.col("name")).alias("key"), F.concat(F.lit('{"record":'), "record", end).alias("line"))
        return rows.repartition(2 * self.slots, "key").select("line")

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
        failed = reports.where("verdict = 'failed'").select("call_id", "day").persist() if reports else None
        for row in failed.select("day").distinct().collect() if failed else []:
            day = f"day={row['day'] or '__HIVE_DEFAULT_PARTITION__'}"
            for table in ("findings", "reports"):
                if self.out.has(f"{table}/{day}"):
                    rest = lambda rows: rows.join(failed, "call_id", "left_anti").select(rows.columns)
                    self.out.rewrite(table, day, rest)

    # The audit.

    @property
    def slots(self):
        """Tasks at once, as far as executors are there by now."""
        return self.args.slots or self.session.sparkContext.defaultParallelism

    def audit(self, calls, classes):
        plan = Plan(sum(row["work_s"] for row in classes), self.slots, self.args.task_seconds, self.args.round_seconds)
        starts, at = [], 0.0
        for row in classes:
            starts.append((row["class"], at, row["work_s"]))
            at += row["work_s"]
        starts = F.broadcast(self.session.createDataFrame(starts, "class long, start_s double, length_s double"))
        # Calls of a class stand in any order, but always in the same.
        chance = F.pmod(F.xxhash64("call_id"), F.lit(1 << 30)) / (1 << 30)
        placed = calls.withColumn("class", class_of("work_s")).join(starts, "class")
        placed = placed.withColumn("position", F.col("start_s") + chance * F.col("length_s"))
        placed = placed.withColumn("round", plan.round_of(F.col("position"), Columns))
        placed = placed.withColumn("task", plan.task_of(F.col("position"), Columns).cast("int"))
        worker = [self.args.callaudit, "worker", "--rows", "--jobs", self.session.conf.get("spark.task.cpus", "1")]
        worker += ["--time-limit", str(self.args.time_limit), *self.args.settings]
        run = partial(audited, worker, self.environment, self.tables["calls"])
        for number in range(plan.rounds):
            self.say(f"round {number + 1} of {plan.rounds}: {plan.tasks} tasks on {plan.slots} slots")
            lines = self.with_sound(placed.where(F.col("round") == number)).repartitionById(plan.tasks, "task")
            lines = lines.sortWithinPartitions(F.desc("work_s"), "call_id").select("line", "sound", "path")
            self.out.write(lines.mapInArrow(run, schema_of(self.tables["calls"])), "rounds")

    def with_sound(self, calls):
        if not self.args.carry:
            return calls.withColumn("sound", F.lit(None).cast("binary"))
        self.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", CARRIED)
        return calls.join(self.recordings().select("path", F.col("content").alias("sound")), "path")

    # What came out.

    def settle(self):
        """Brings the rounds, of this run and of one that broke off, into the tables; what is there already is left out."""
        rounds, reports, findings = (self.out.read(table) for table in ("rounds", "reports", "findings"))
        if rounds is None:
            return
        new = self.findings_of(rounds)
        self.out.write(without(new, findings).coalesce(FILES_PER_DAY), "findings")
        if reports is None or rounds.join(reports.select("call_id"), "call_id").isEmpty():
            for day, _ in self.out.list("rounds"):
                for file, _ in self.out.list(f"rounds/{day}"):
                    self.out.move(f"rounds/{day}/{file}", f"reports/{day}/{file}")
        else:
            self.out.write(without(rounds, reports), "reports")
        self.out.delete("rounds")
        for table in ("reports", "findings"):
            for day, _ in self.out.list(table):
                sizes = [size for _, size in self.out.list(f"{table}/{day}")]
                if len(sizes) > FILES_PER_DAY and sum(sizes) < len(sizes) * SMALL_FILE_BYTES:
                    self.out.rewrite(table, day)

    def findings_of(self, reports):
        columns = self.tables["findings"]
        own = schema_of({**column, "name": column["path"]} for column in columns if column["of"] == "finding")
        each = F.explode(F.from_json("findings", f"array<struct<{own}>>")).alias("finding")
        rows = reports.select(*[column["name"] for column in columns if column["of"] == "call"], each)
        place = lambda column: f"finding.{column['path']}" if column["of"] == "finding" else column["name"]
        return rows.select(*[F.col(place(column)).alias(column["name"]) for column in columns])

    def judge_times(self, records):
        """All call records once more, now that it is known who refused further calls."""
        reports = self.out.read("reports")
        if reports is not None:
            refused = reports.where(F.array_contains("marks", self.tables["refused_mark"])).select(F.col("call_id").alias("name"))
            records = records.join(refused.distinct().withColumn("refused", F.lit(True)), "name", "left")
        by = ("call", "debtor", "number")
        shares = [self.piped(self.side_by_side(records, one), "timing", "--findings", "--by", one, *self.args.settings) for one in by]
        rows = union(shares).select(F.from_json("value", schema_of(self.tables["findings"])).alias("row")).select("row.*")
        self.out.write(rows.coalesce(FILES_PER_DAY), "timing", "overwrite")

    def summary(self, listed):
        reports, findings = self.out.read("reports"), self.out.read("findings")
        counted = reports.groupBy("verdict").count().collect() if reports else []
        counted = {row["verdict"] or "unread": row["count"] for row in counted}
        problems = union(self.problems).persist() if self.problems else None
        told = {
            "started_at": datetime.fromtimestamp(self.started, timezone.utc).isoformat(timespec="seconds"),
            "duration_s": round(time.time() - self.started, 1),
            "slots": self.slots,
            "audited": listed,
            "reports": dict(sorted(counted.items())),
            "grave_findings": findings.where("severity IN ('major', 'critical')").count() if findings else 0,
            "problems": problems.count() if problems else 0,
        }
        if told["problems"]:
            problems.write.mode("overwrite").json(f"{self.args.out}/problems")
        self.out.write_text(f"runs/{told['started_at'].replace(':', '')}.json", json.dumps(told, indent=2) + "\n")
        print(json.dumps(told))
        is_whole = not (counted.get("failed") or counted.get("unread") or told["problems"])
        return 2 if not is_whole else 1 if told["grave_findings"] else 0

    # Small things.

    def piped(self, lines, *command):
        run = partial(through, [self.args.callaudit, "worker", *command], self.environment)
        return lines.mapInArrow(run, "value string")

    def problem(self, what, causes):
        self.problems.append(causes.select(F.lit(what).alias("what"), "cause"))

    def say(self, text):
        print(f"{time.time() - self.started:8.1f} s  {text}", file=sys.stderr, flush=True)


def union(frames):
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole


def without(rows, there):
    """The rows of calls that a table has not."""
    return rows if there is None else rows.join(there.select("call_id").distinct(), "call_id", "left_anti").select(rows.columns)


def alone(rows):
    """With `is_alone`: whether no other row has the key."""
    return rows.withColumn("is_alone", F.count("*").over(Window.partitionBy("key")) == 1)


def class_of(work_s):
    return F.ceil(F.col(work_s) * 10).alias("class")


def schema_of(columns):
    return ", ".join(f"`{column['name']}` {TYPES[column['kind']]}" for column in columns)


def stem(path):
    """A file's name without folders and ending."""
    return F.regexp_replace(F.regexp_extract(path, r"([^/\\]*)$", 1), r"\.[^.]*$", "")


def quoted(text):
    """A text as JSON writes it."""
    return F.regexp_replace(F.to_json(F.array(text)), r"^\[|\]$", "")


def arguments():
    given, settings = sys.argv[1:], []
    if "--" in given:
        given, settings = given[: given.index("--")], given[given.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--recordings", nargs="+", metavar="PATH", help="folders of recordings")
    what.add_argument("--transcripts", nargs="+", metavar="PATH", help="saved transcripts, a call a line")
    add = parser.add_argument
    add("--calls", nargs="+", default=[], metavar="PATH", help="call records: .csv, .tsv, .parquet, else JSONL; without "
        "recordings and transcripts the recordings they name are audited")
    add("--out", required=True, metavar="PATH", help="folder of the tables")
    add("--callaudit", default="callaudit", metavar="PATH", help="the program, as all machines find it [callaudit]")
    add("--columns", metavar="FILE", help="names of columns, as for callaudit audit; a file that all machines have")
    add("--encoding", default="UTF-8", help="of CSV, such as GB18030 [UTF-8]")
    add("--carry", action="store_true", help="recordings go through Spark: where executors cannot open their paths")
    add("--retry", action="store_true", help="audit again what failed")
    add("--time-limit", type=int, default=1800, metavar="SECONDS", help="longest that a call may take [1800]")
    add("--task-seconds", type=float, default=120, metavar="S", help="work in a task, in seconds of one core [120]")
    add("--round-seconds", type=float, default=3600, metavar="S", help="work of a slot between two savings [3600]")
    add("--slots", type=int, metavar="N", help="tasks at once [as many as executors have when the job starts]")
    args = parser.parse_args(given)
    if not (args.recordings or args.transcripts or args.calls):
        parser.error("name --recordings, --transcripts or --calls")
    if args.carry and not args.recordings:
        parser.error("--carry needs --recordings")
    return argparse.Namespace(**vars(args), settings=settings)


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
    status = Job(session, args).run()
    session.stop()
    sys.exit(status)


if __name__ == "__main__":
    # As a module of its own: executors then know its functions by name, and keep what it keeps.
    import callaudit_spark

    callaudit_spark.main()
