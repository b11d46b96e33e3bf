"""How long a night's audit takes on Spark, from one core to 10,000 and more: simulated with the cuts that the job makes.

    simulate.py [--calls N] [--executors 1,10,100] [--seed N] [--json] …     a row a cluster
    simulate.py --lenders [--price-per-core-hour P] …                        what 1, 10 and 100 million calls a day need

Everything that is printed is computed. How calls are placed, cut into tasks and rounds, begun anew and copied is the
job's; how long calls are, how much machines differ and how often they fail is assumed, as the constants below say.
"""

import argparse
import dataclasses
import importlib.util
import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../../target/python")]

import numpy  # noqa: E402 — found by the line before.
from schedule import Cluster  # noqa: E402

SCRIPTS = os.path.join(HERE, "../../src/worker/scripts/spark")


def module_of_the_job(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(SCRIPTS, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


plan = module_of_the_job("plan")

# Assumed: of outbound calls so many are not answered, and their recordings hold some rings.
UNANSWERED, RINGS_S = 0.45, (10, 45)
# Assumed: answered calls, seconds: the median, the spread of their logarithm, the longest.
ANSWERED_MEDIAN_S, ANSWERED_SPREAD, LONGEST_S = 60, 1.0, 7200
# Assumed: two calls of one length differ in their work by what is said in them.
WORK_SPREAD = 0.3
CALLS_AT_ONCE = 2_000_000
# Recordings as telephone systems keep them, and what a night has.
BYTES_PER_AUDIO_S, NIGHT_S = plan.BYTES_PER_AUDIO_S, 8 * 3600


class Arrays:
    """What `Plan` needs, on arrays."""

    floor, log, least, greatest, when = numpy.floor, numpy.log, numpy.minimum, numpy.maximum, numpy.where


@dataclasses.dataclass
class Night:
    """Calls by their number, drawn anew whenever they are needed: 100 million would not fit into memory."""

    calls: int
    seed: int
    work_per_audio_s: float

    def parts(self):
        """Seconds of audio, of work as it is planned, and of work as it will be, some calls at a time."""
        for number, first in enumerate(range(0, self.calls, CALLS_AT_ONCE)):
            chance = numpy.random.default_rng((self.seed, number))
            count = min(CALLS_AT_ONCE, self.calls - first)
            rings_s = chance.uniform(*RINGS_S, count)
            answered_s = ANSWERED_MEDIAN_S * chance.lognormal(0, ANSWERED_SPREAD, count)
            audio_s = numpy.where(chance.random(count) < UNANSWERED, rings_s, numpy.minimum(answered_s, LONGEST_S))
            # The mean of the factor is 1.
            said = chance.lognormal(-(WORK_SPREAD**2) / 2, WORK_SPREAD, count)
            planned_s = audio_s * self.work_per_audio_s
            yield audio_s, planned_s, planned_s * said, chance.random(count)

    def totals(self):
        """Seconds of audio, of planned work, and of planned work by class."""
        audio_s, by_class = 0.0, numpy.zeros(0)
        for part_s, planned_s, _, _ in self.parts():
            audio_s += part_s.sum()
            found = numpy.bincount(classes_of(planned_s), weights=planned_s)
            wider = numpy.zeros(max(len(found), len(by_class)))
            wider[: len(by_class)] = by_class
            wider[: len(found)] += found
            by_class = wider
        return audio_s, by_class.sum(), by_class


def classes_of(planned_s):
    return numpy.ceil(planned_s * plan.CLASSES_A_SECOND).astype(numpy.int64)


def tasks_of(night, by_class, cut):
    """Seconds of work of each task, a row a round, as `Job.placed` places calls: the longest classes first."""
    starts = by_class.sum() - numpy.cumsum(by_class)
    work_s = numpy.zeros(cut.rounds * cut.tasks)
    for _, planned_s, real_s, chance in night.parts():
        classes = classes_of(planned_s)
        position = starts[classes] + chance * by_class[classes]
        place = cut.round_of(position, Arrays) * cut.tasks + cut.task_of(position, Arrays)
        work_s += numpy.bincount(place.astype(numpy.int64), weights=real_s, minlength=len(work_s))
    return work_s.reshape(cut.rounds, cut.tasks)


def simulated(args, night, executors):
    """A row of the table."""
    audio_s, total_s, by_class = night.totals()
    cut = plan.Plan(total_s, executors, args.task_seconds, args.round_seconds)
    work_s = tasks_of(night, by_class, cut)
    cluster = Cluster(executors, args.seed, args.failures_per_hour)
    at_s = args.start_seconds + args.core_seconds_per_call * night.calls / executors
    tail_s = 0.0
    for of_round in work_s:
        end_s, empty_s = cluster.run(of_round, at_s)
        tail_s += end_s - empty_s
        at_s = end_s + args.round_end_seconds
    ideal_s = work_s.sum() / cluster.speeds.sum()
    return {
        "executors": executors,
        "wall_s": round(at_s, 1),
        "ideal_s": round(ideal_s, 1),
        "utilisation": round(ideal_s / at_s, 3),
        "tail_share": round(tail_s / at_s, 3),
        "longest_task_s": round(float(work_s.max()), 1),
        "rounds": cut.rounds,
        "tasks": int(cut.tasks * cut.rounds),
        "begun_anew": cluster.begun_anew,
        "copies": cluster.copies,
        "work_core_s": round(float(work_s.sum()), 1),
        "audio_h": round(audio_s / 3600),
    }


def lender(args, calls):
    """What a lender needs: the cores with which the night ends in time, found in a few tries."""
    night = Night(calls, args.seed, args.core_seconds_per_audio_second)
    audio_s, total_s, _ = night.totals()
    cores = math.ceil(total_s / NIGHT_S)
    for _ in range(8):
        row = simulated(args, night, cores)
        if row["wall_s"] <= NIGHT_S:
            break
        cores = math.ceil(cores * max(1.005, row["wall_s"] / NIGHT_S))
    core_hours = cores * row["wall_s"] / 3600
    return {
        "calls_a_day": calls,
        "audio_h": round(audio_s / 3600),
        "core_hours": round(core_hours),
        "cores_for_8_h": cores,
        "wall_h": round(row["wall_s"] / 3600, 2),
        "utilisation": row["utilisation"],
        "recordings_tb_a_day": round(audio_s * BYTES_PER_AUDIO_S / 1e12, 2),
        "tables_gb_a_day": round(calls * args.table_bytes_per_call / 1e9, 1),
        "cost_a_day": None if args.price_per_core_hour is None else round(core_hours * args.price_per_core_hour),
    }


def printed(rows, as_json):
    if as_json:
        return "\n".join(json.dumps(row) for row in rows)
    rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + " --- |" * len(rows[0])]
    lines += ["| " + " | ".join(f"{value:,}" for value in row.values()) + " |" for row in rows]
    return "\n".join(["Computed, not measured:", "", *lines])


def arguments(given=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--calls", type=int, default=1_000_000)
    add("--executors", default="1,10,100,1000,10000", help="of one core each")
    add("--seed", type=int, default=7)
    add("--task-seconds", type=float, default=120)
    add("--round-seconds", type=float, default=3600)
    add("--core-seconds-per-audio-second", type=float, default=plan.WORK_PER_AUDIO_S)
    add("--failures-per-hour", type=float, default=0.01, help="of an executor, which is back a minute later")
    add("--start-seconds", type=float, default=8, help="until the first task")
    add("--core-seconds-per-call", type=float, default=5e-4, help="reading, joining, settling; measured")
    add("--round-end-seconds", type=float, default=3, help="writing a round down")
    add("--table-bytes-per-call", type=float, default=2200, help="as `make bench-cluster` leaves")
    add("--price-per-core-hour", type=float)
    add("--lenders", action="store_true")
    add("--json", action="store_true")
    return parser.parse_args(given)


def main(args):
    if args.lenders:
        return printed([lender(args, calls) for calls in (1_000_000, 10_000_000, 100_000_000)], args.json)
    night = Night(args.calls, args.seed, args.core_seconds_per_audio_second)
    return printed([simulated(args, night, int(count)) for count in args.executors.split(",")], args.json)


if __name__ == "__main__":
    print(main(arguments()))
