"""OUT, on whatever file system: tables of Parquet by day."""

from pyspark.sql import Window
from pyspark.sql import functions as F

# Kinds of the program's columns.
TYPES = {"text": "string", "json": "string", "texts": "array<string>", "day": "date"}
TYPES.update({"real": "double", "whole": "bigint", "truth": "boolean"})
# Files that a day may have, and the size below which more are too small to be left as they are.
FILES_PER_DAY, SMALL_FILE_BYTES = 16, 64 << 20


def schema_of(columns):
    return ", ".join(f"`{column['name']}` {TYPES[column['kind']]}" for column in columns)


def union(frames):
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole


def without(rows, there):
    """The rows of calls that a table has not."""
    if there is None:
        return rows
    return rows.join(there.select("call_id").distinct(), "call_id", "left_anti").select(rows.columns)


def alone(rows):
    """With `is_alone`: whether no other row has the key."""
    return rows.withColumn("is_alone", F.count("*").over(Window.partitionBy("key")) == 1)


class Folder:
    def __init__(self, session, path, columns):
        self.session, self.path = session, path.rstrip("/")
        calls, findings = schema_of(columns["calls"]), schema_of(columns["findings"])
        self.schemas = {"reports": calls, "rounds": calls, "findings": findings, "timing": findings}
        self.jvm = session._jvm
        self.files = self.at("").getFileSystem(session._jsc.hadoopConfiguration())

    def at(self, name):
        return self.jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}" if name else self.path)

    def has(self, name):
        return self.files.exists(self.at(name))

    def is_there(self, path):
        """Whether something is at a path of its own file system."""
        place = self.jvm.org.apache.hadoop.fs.Path(path)
        return place.getFileSystem(self.session._jsc.hadoopConfiguration()).exists(place)

    def list(self, name):
        """(name, bytes) of what is in a folder, hidden files left out."""
        found = self.files.listStatus(self.at(name)) if self.has(name) else []
        found = sorted((status.getPath().getName(), status.getLen()) for status in found)
        return [(file, size) for file, size in found if file[0] not in "._"]

    def read(self, name):
        """A table; none where there is no file yet."""
        if self.list(name):
            return self.session.read.schema(self.schemas[name]).parquet(f"{self.path}/{name}")

    def write(self, frame, name, mode="append"):
        frame.write.mode(mode).partitionBy("day").parquet(f"{self.path}/{name}")

    def write_text(self, name, text):
        stream = self.files.create(self.at(name), True)
        stream.write(bytearray(text.encode()))
        stream.close()

    def move(self, source, target):
        self.files.mkdirs(self.at(target).getParent())
        if not self.files.rename(self.at(source), self.at(target)):
            raise OSError(f"{self.path}: cannot rename {source} to {target}")

    def delete(self, name):
        self.files.delete(self.at(name), True)

    def bring(self, rounds, name):
        """Makes the files of rounds those of a table."""
        for day, _ in self.list(rounds):
            for file, _ in self.list(f"{rounds}/{day}"):
                self.move(f"{rounds}/{day}/{file}", f"{name}/{day}/{file}")

    def compact(self, table):
        """Writes days of many small files anew."""
        for day, _ in self.list(table):
            sizes = [size for _, size in self.list(f"{table}/{day}")]
            if len(sizes) > FILES_PER_DAY and sum(sizes) < len(sizes) * SMALL_FILE_BYTES:
                self.rewrite(table, day)

    def rewrite(self, table, day, change=lambda rows: rows):
        """Writes a day's rows of a table anew, into few files."""
        place = f"{table}/{day}"
        size = sum(length for _, length in self.list(place))
        rows = change(self.session.read.parquet(f"{self.path}/{place}"))
        files = max(1, round(size / (4 * SMALL_FILE_BYTES)))
        rows.coalesce(files).write.parquet(f"{self.path}/rewritten/{place}")
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
