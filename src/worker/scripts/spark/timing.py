"""Limits that are judged over several calls: records side by side by debtor or number, through the same program."""

from pyspark.sql import functions as F

from .tables import schema_of, union


def shown_by_others(run, records):
    """name, and what the records of other calls show about it: a list without its brackets."""
    start = ',"timing":'
    of_line = F.expr(f"substring(value, instr(value, '{start}') + {len(start)}, length(value))")
    shares = [run.piped(side_by_side(run, records, by), "timing", "--by", by, *run.args.settings)
              for by in ("debtor", "number")]
    shares = union(shares).select(F.get_json_object("value", "$.call_id").alias("name"), of_line.alias("timing"))
    shares = shares.withColumn("timing", F.expr("substring(timing, 1, length(timing) - 1)"))
    return shares.groupBy("name").agg(F.concat_ws(",", F.collect_list("timing")).alias("timing"))


def side_by_side(run, records, by):
    """Lines for `worker timing`: the records of a debtor, or to a number, in one partition."""
    key = {"debtor": F.col("debtor_id"), "number": F.col("number"), "call": F.lit(None)}[by]
    end = F.lit("}")
    if "refused" in records.columns:
        end = F.when(F.col("refused"), ',"refused":true}').otherwise(end)
    line = F.concat(F.lit('{"record":'), "record", end).alias("line")
    rows = records.select(F.coalesce(key, F.col("name")).alias("key"), line)
    return rows.repartition(2 * run.slots, "key").select("line")


def judge_times(run, records):
    """All call records once more, now that it is known who refused further calls."""
    reports = run.out.read("reports")
    if reports is not None:
        refused = reports.where(F.array_contains("marks", run.columns["refused_mark"]))
        refused = refused.select(F.col("call_id").alias("name")).distinct()
        records = records.join(refused.withColumn("refused", F.lit(True)), "name", "left")
    found = [run.piped(side_by_side(run, records, by), "timing", "--findings", "--by", by, *run.args.settings)
             for by in ("call", "debtor", "number")]
    row = F.from_json("value", schema_of(run.columns["findings"])).alias("row")
    return union(found).select(row).select("row.*")
