"""What there is to audit: calls with their records, as lines for the worker."""

from pyspark.sql import Window
from pyspark.sql import functions as F

from .plan import BYTES_PER_AUDIO_S, CLASSES_A_SECOND, WORK_PER_AUDIO_S, WORK_PER_TRANSCRIPT_BYTE
from .tables import alone, union
from .timing import shown_by_others

# Where nothing tells how long a recording is.
UNKNOWN_BYTES = 60 * BYTES_PER_AUDIO_S


def nothing():
    return F.lit(None).cast("string")


def class_of(work_s):
    return F.ceil(F.col(work_s) * CLASSES_A_SECOND).alias("class")


def stem(path):
    """A file's name without folders and ending."""
    return F.regexp_replace(F.regexp_extract(path, r"([^/\\]*)$", 1), r"\.[^.]*$", "")


def place_of(path):
    """A path without the name of its file system."""
    return F.regexp_replace(path, "^[A-Za-z0-9]+:(//[^/]*)?/*", "/")


def quoted(text):
    """A text as JSON writes it."""
    return F.regexp_replace(F.to_json(F.array(text)), r"^\[|\]$", "")


class Calls:
    def __init__(self, run):
        self.run, self.args, self.session = run, run.args, run.session
        self.records = self.call_records().persist() if self.args.calls else None

    def call_records(self):
        """The call records as the worker takes them, each name once: the first row counts."""
        lines = union([self.read_lines(path) for path in self.args.calls])
        columns = ["--columns", self.args.columns] if self.args.columns else []
        rows = self.run.piped(lines, "records", *columns)
        names = "call_id string, recording string, debtor_id string, number string, duration_s double, problem string"
        row = F.from_json("value", names).alias("row")
        rows = rows.select(F.monotonically_increasing_id().alias("place"), "value", row)
        rows = rows.select("place", F.col("value").alias("record"), "row.*").persist()
        self.run.problem("call records", rows.where("problem IS NOT NULL").select(F.col("problem").alias("cause")))
        rows = rows.where("problem IS NULL").drop("problem")
        rows = rows.withColumn("name", F.coalesce("call_id", "recording"))
        first = rows.groupBy("name").agg(F.min(F.struct(*rows.columns)).alias("row"))
        return first.select("row.*").drop("place")

    def read_lines(self, path):
        kind = path.lower().rsplit(".", 1)[-1]
        if kind == "parquet":
            rows = self.session.read.parquet(path)
        elif kind in ("csv", "tsv"):
            options = {"sep": "," if kind == "csv" else "\t", "escape": '"', "encoding": self.args.encoding}
            rows = self.session.read.csv(path, header=True, **options)
        else:
            return self.session.read.text(path)
        return rows.select(F.to_json(F.struct("*")).alias("value"))

    def found(self):
        """id, key by which a record is found, path, bytes, and the line of a transcript."""
        if self.args.transcripts:
            return self.found_transcripts()
        if self.args.recordings:
            ending = F.lower(F.regexp_extract("path", r"\.([^.]*)$", 1))
            files = self.recordings().where(ending.isin(self.run.columns["audio_endings"]))
            name, size = stem("path"), F.col("length").alias("bytes")
            return files.select(name.alias("id"), name.alias("key"), "path", size, nothing().alias("line"))
        named, path = self.records.where("recording IS NOT NULL"), F.col("recording").alias("path")
        name, key = F.coalesce("call_id", stem("recording")).alias("id"), F.col("name").alias("key")
        return named.select(name, key, path, F.lit(UNKNOWN_BYTES).alias("bytes"), nothing().alias("line"))

    def found_transcripts(self):
        lines = union([self.session.read.text(path) for path in self.args.transcripts])
        lines = lines.select(F.get_json_object("value", "$.call_id").alias("id"), F.trim("value").alias("line"))
        cause = F.concat(F.lit("a line names no call: "), F.left("line", F.lit(80))).alias("cause")
        self.run.problem("transcripts", lines.where("id IS NULL AND line != ''").select(cause))
        size = F.octet_length("line").alias("bytes")
        named = lines.where("id IS NOT NULL")
        return named.select("id", F.col("id").alias("key"), nothing().alias("path"), size, "line")

    def recordings(self):
        """path, length and content of all files; paths of this machine's own file system as it writes them."""
        reader = self.session.read.format("binaryFile").option("recursiveFileLookup", "true")
        files = reader.load(self.args.recordings or self.folders_named())
        return files.withColumn("path", F.regexp_replace("path", "^file:/+", "/"))

    def folders_named(self):
        """The folders that hold what call records name, none of them within another one."""
        folder = F.regexp_extract("recording", "^(.*)/", 1).alias("folder")
        found = []
        for row in self.records.where("recording IS NOT NULL").select(folder).distinct().orderBy("folder").collect():
            is_within = any(row["folder"].startswith(other + "/") for other in found)
            if not is_within and self.run.out.is_there(row["folder"]):
                found.append(row["folder"])
        return found

    def with_sound(self, calls):
        """With what the files hold, found by path whatever file system it names; none where there is no file."""
        files = self.recordings().select(place_of("path").alias("place"), F.col("content").alias("sound"))
        return calls.withColumn("place", place_of("path")).join(files, "place", "left")

    def listed(self):
        """call_id, work_s, path and line of each call; the line lacks its end, and the sound that is carried."""
        found, known = self.found(), self.known()
        if known is None:
            calls = found.withColumns({name: nothing() for name in ("record", "timing", "call_id")})
            calls = calls.withColumn("duration_s", F.lit(None).cast("double"))
        else:
            calls = alone(found).join(known, ["key", "is_alone"], "left")
        call_id = F.coalesce("call_id", "id").alias("call_id")
        heard_s = F.coalesce("duration_s", F.col("bytes") / BYTES_PER_AUDIO_S) * WORK_PER_AUDIO_S
        work_s = F.when(F.col("line").isNull(), heard_s).otherwise(F.col("bytes") * WORK_PER_TRANSCRIPT_BYTE)
        start = F.concat(F.lit('{"call_id":'), quoted(call_id), F.lit(',"recording":'), quoted(F.col("path")))
        start = F.coalesce(F.expr("substring(line, 1, length(line) - 1)"), start)
        timing = F.concat(F.lit(',"timing":['), F.coalesce("timing", F.lit("")), F.lit("]"))
        record = F.concat(F.lit(',"record":'), "record", timing)
        line = F.concat(start, F.coalesce(record, F.lit(""))).alias("line")
        return calls.select(call_id, work_s.alias("work_s"), "path", line)

    def known(self):
        """What is known of calls by their key, where it names one call."""
        if self.records is None:
            return None
        key = F.col("name")
        if self.args.transcripts:
            key = F.col("call_id")
        elif self.args.recordings:
            key = F.coalesce(stem("recording"), "call_id")
        known = self.records.join(shown_by_others(self.run, self.records), "name", "left").withColumn("key", key)
        known = alone(known).where("is_alone")
        return known.select("key", "is_alone", "record", "timing", "call_id", "duration_s")

    def missing(self):
        """The calls of which there is no report, each once, and how many of about equal work there are."""
        calls = self.listed()
        for table in ("reports", "rounds"):
            done = self.run.out.read(table)
            if done is not None:
                calls = calls.join(done.select("call_id"), "call_id", "left_anti")
        return self.each_once(calls)

    def each_once(self, calls):
        """Of calls of one id the first by path and line, the others are problems; classes with the most work first."""
        ids = calls.groupBy("call_id").agg(F.max("work_s").alias("work_s"), F.count("*").alias("times"))
        count, work = F.count("*").alias("calls"), F.sum("work_s").alias("work_s")
        classes = ids.groupBy(class_of("work_s")).agg(count, work, F.max("times").alias("times"))
        classes = classes.orderBy(F.desc("class")).collect()
        if all(row["times"] == 1 for row in classes):
            return calls, classes
        order = Window.partitionBy("call_id").orderBy("path", "line")
        calls = calls.withColumn("nth", F.row_number().over(order))
        place = F.coalesce("path", "call_id")
        cause = F.concat(place, F.lit(": call_id "), "call_id", F.lit(" is taken by another call")).alias("cause")
        self.run.problem("calls", calls.where("nth > 1").select(cause))
        return self.each_once(calls.where("nth = 1").drop("nth"))
