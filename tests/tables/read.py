"""Reads Parquet files with one engine, and prints what it sees in a form that is the same for all engines.

    read.py duckdb|polars|pandas|spark FILE...

One line of JSON a file: {"columns": [[name, kind], ...], "rows": [[cell, ...], ...]}. Kinds are those of the program:
text, real, whole, truth, day, texts. Days are YYYY-MM-DD, what is not there is null.
"""

import datetime
import json
import sys


def read_duckdb(path):
    import duckdb

    kinds = {"VARCHAR": "text", "DOUBLE": "real", "BIGINT": "whole", "BOOLEAN": "truth", "DATE": "day", "VARCHAR[]": "texts"}
    table = duckdb.read_parquet(path)
    return list(zip(table.columns, (kinds[str(kind)] for kind in table.types))), table.fetchall()


def read_polars(path):
    import polars

    kinds = {
        polars.String: "text",
        polars.Float64: "real",
        polars.Int64: "whole",
        polars.Boolean: "truth",
        polars.Date: "day",
        polars.List(polars.String): "texts",
    }
    table = polars.read_parquet(path)
    return [(name, kinds[kind]) for name, kind in table.schema.items()], table.rows()


def read_pandas(path):
    import pandas

    kinds = {
        "string": "text",
        "double": "real",
        "int64": "whole",
        "bool": "truth",
        "date32[day]": "day",
        "list<element: string>": "texts",
    }
    table = pandas.read_parquet(path, dtype_backend="pyarrow")
    columns = [(name, kinds[str(kind.pyarrow_dtype)]) for name, kind in table.dtypes.items()]
    cells = [table[name].array.__arrow_array__().to_pylist() for name in table.columns]
    return columns, zip(*cells)


def read_spark(path):
    from pyspark.sql import SparkSession

    kinds = {"string": "text", "double": "real", "bigint": "whole", "boolean": "truth", "date": "day", "array<string>": "texts"}
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    table = session.read.parquet(path)
    columns = [(field.name, kinds[field.dataType.simpleString()]) for field in table.schema.fields]
    return columns, [tuple(row) for row in table.collect()]


def canonical(cell):
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def main(engine, paths):
    read = {"duckdb": read_duckdb, "polars": read_polars, "pandas": read_pandas, "spark": read_spark}[engine]
    for path in paths:
        columns, rows = read(path)
        rows = [[canonical(cell) for cell in row] for row in rows]
        print(json.dumps({"columns": columns, "rows": rows}, ensure_ascii=False))


main(sys.argv[1], sys.argv[2:])
