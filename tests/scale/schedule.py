"""A round of tasks on executors that differ, fail and come back, scheduled as Spark does."""

import heapq
from statistics import median

import numpy

# Assumed: how executors differ, as the spread of the logarithm of their speed; so many in a hundred work at a third.
SPEED_SPREAD, SLOW_SHARE, SLOW_SPEED = 0.1, 0.01, 1 / 3
# What a task costs beside its calls, and the start of a worker, of which each executor has one; measured on two cores.
TASK_S, WORKER_START_S = 0.2, 0.4
# Assumed: tasks that a driver hands out a second, and how long a lost executor is away.
LAUNCHES_A_SECOND, AWAY_S = 1000, 60
# The job's settings: copies of tasks are begun when so many are done, of those that take so much longer than others.
QUANTILE, MULTIPLIER = 0.9, 2


class Cluster:
    """Executors of one core. `run` may be called for one round after the other; times go on."""

    def __init__(self, executors, seed, failures_per_hour=0.0, speeds=None):
        self.chance = numpy.random.default_rng((seed, executors))
        speeds = self.chance.lognormal(0, SPEED_SPREAD, executors) if speeds is None else numpy.array(speeds)
        self.speeds = numpy.where(self.chance.random(executors) < SLOW_SHARE, speeds * SLOW_SPEED, speeds)
        self.rate = failures_per_hour / 3600
        self.fails_at = [self.next_failure(0.0) for _ in range(executors)]
        self.is_started = [False] * executors
        self.begun_anew = self.copies = 0
        self.back_at = [0.0] * executors

    def next_failure(self, now_s):
        return now_s + self.chance.exponential(1 / self.rate) if self.rate else float("inf")

    def run(self, work_s, start_s):
        """Seconds at which the round was done, and at which nothing was left to hand out."""
        return Round(self, work_s, start_s).run()


class Round:
    def __init__(self, cluster, work_s, start_s):
        self.cluster, self.work_s, self.launched_s = cluster, work_s, start_s
        # Tasks in the order of their numbers, which is that of their length; those begun anew go first.
        self.waiting = list(range(len(work_s) - 1, -1, -1))
        self.idle, self.events, self.number = list(range(len(cluster.speeds))), [], 0
        heapq.heapify(self.idle)
        # Attempts that run, by task: (executor, since when).
        self.running, self.is_done = {}, [False] * len(work_s)
        self.durations, self.wanted, self.usual_s = [], [], None
        self.empty_s = start_s

    def run(self):
        now_s, left = self.launched_s, len(self.work_s)
        self.hand_out(now_s)
        while left:
            now_s, _, kind, one = heapq.heappop(self.events)
            if kind == "end":
                left -= self.ended(now_s, *one)
            elif kind == "back":
                heapq.heappush(self.idle, one)
            elif not self.is_done[one] and len(self.running.get(one, ())) == 1:
                self.wanted.append(one)
            self.hand_out(now_s)
        return now_s, self.empty_s

    def event(self, at_s, kind, one):
        self.number += 1
        heapq.heappush(self.events, (at_s, self.number, kind, one))

    def hand_out(self, now_s):
        while self.idle and (self.waiting or self.wanted):
            task = self.waiting.pop() if self.waiting else self.wanted.pop()
            if not self.waiting:
                self.empty_s = max(self.empty_s, now_s)
            if self.is_done[task] or len(self.running.get(task, ())) > 1:
                continue
            self.cluster.copies += task in self.running
            self.begin(task, heapq.heappop(self.idle), now_s)

    def begin(self, task, executor, now_s):
        cluster = self.cluster
        self.launched_s = begun_s = max(now_s, self.launched_s + 1 / LAUNCHES_A_SECOND)
        begun_s = max(begun_s, cluster.back_at[executor])
        while cluster.fails_at[executor] < begun_s:
            # It was lost while it had nothing to do.
            begun_s = max(begun_s, cluster.fails_at[executor] + AWAY_S)
            cluster.fails_at[executor] = cluster.next_failure(begun_s)
            cluster.is_started[executor] = False
        start_s = 0 if cluster.is_started[executor] else WORKER_START_S
        cluster.is_started[executor] = True
        takes_s = (TASK_S + start_s + self.work_s[task]) / cluster.speeds[executor]
        is_lost = cluster.fails_at[executor] < begun_s + takes_s
        at_s = cluster.fails_at[executor] if is_lost else begun_s + takes_s
        self.event(at_s, "end", (task, executor, begun_s, is_lost))
        self.running.setdefault(task, []).append((executor, begun_s))
        if self.usual_s is not None:
            self.event(max(now_s, begun_s + MULTIPLIER * self.usual_s), "copy", task)

    def ended(self, now_s, task, executor, begun_s, is_lost):
        """1 if the task is done by this, else 0."""
        if (executor, begun_s) not in self.running.get(task, ()):
            return 0  # It was ended when the other one was faster.
        self.running[task].remove((executor, begun_s))
        if is_lost:
            self.lost(now_s, task, executor)
            return 0
        heapq.heappush(self.idle, executor)
        for other, _ in self.running.pop(task):
            heapq.heappush(self.idle, other)
        self.is_done[task] = True
        self.durations.append(now_s - begun_s)
        self.look_for_slow_ones(now_s)
        return 1

    def lost(self, now_s, task, executor):
        cluster = self.cluster
        cluster.back_at[executor] = now_s + AWAY_S
        cluster.fails_at[executor] = cluster.next_failure(now_s + AWAY_S)
        cluster.is_started[executor] = False
        self.event(now_s + AWAY_S, "back", executor)
        if not self.running[task]:
            del self.running[task]
            self.waiting.append(task)
            cluster.begun_anew += 1

    def look_for_slow_ones(self, now_s):
        if self.usual_s is None and len(self.durations) >= QUANTILE * len(self.work_s):
            self.usual_s = median(self.durations)
            for task, attempts in self.running.items():
                self.event(max(now_s, attempts[0][1] + MULTIPLIER * self.usual_s), "copy", task)
