"""What the parts of a run share."""

import json
import os
import subprocess
import sys
import time
from functools import partial

from pyspark.sql import functions as F

from .executor import through
from .tables import Folder


class Run:
    def __init__(self, session, args):
        self.session, self.args = session, args
        self.columns = json.loads(subprocess.check_output([args.callaudit, "worker", "columns"]))
        self.out = Folder(session, args.out, self.columns)
        self.environment = {name: os.environ[name] for name in os.environ if name.startswith("CALLAUDIT_")}
        self.problems, self.started = [], time.time()

    @property
    def slots(self):
        """Tasks at once, as far as executors are there by now."""
        return self.args.slots or self.session.sparkContext.defaultParallelism

    def piped(self, lines, *command):
        """The lines that `callaudit worker` makes of these, partition by partition."""
        run = partial(through, [self.args.callaudit, "worker", *command], self.environment)
        return lines.mapInArrow(run, "value string")

    def problem(self, what, causes):
        self.problems.append(causes.select(F.lit(what).alias("what"), "cause"))

    def say(self, text):
        print(f"{time.time() - self.started:8.1f} s  {text}", file=sys.stderr, flush=True)
