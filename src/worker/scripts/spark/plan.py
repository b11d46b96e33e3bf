"""How work is cut into tasks."""

import math

# Seconds of work, of one core of the machine that the figures of callaudit's README were measured on. Where the
# machines are others, only the ratio matters.
WORK_PER_AUDIO_S = 0.06
WORK_PER_TRANSCRIPT_BYTE = 6e-7
# Bytes of a second of telephone audio (A-law, two channels), where no record tells the length.
BYTES_PER_AUDIO_S = 16_000
# Calls of about the same work are one class: so many classes a second of work.
CLASSES_A_SECOND = 10


class Numbers:
    """What `Plan` needs, on numbers; columns of a table have a class of the same methods."""

    floor, log, least, greatest = math.floor, math.log, min, max

    @staticmethod
    def when(condition, yes, no):
        return yes if condition else no


class Plan:
    """Calls stand on a line of `total_s` seconds of work, the longest first.

    The line is cut into rounds of equal work, each written when it is done; a round into tasks of `task_s`, and near
    its end into ever smaller ones, each a share 1 / (2 · slots) of what is left, so that all slots end at about the
    same time.
    """

    def __init__(self, total_s, slots, task_s, round_s):
        self.total_s, self.slots, self.task_s = max(total_s, 1e-6), slots, task_s
        self.rounds = max(1, math.ceil(self.total_s / (round_s * slots)))
        self.round_s = self.total_s / self.rounds
        self.smallest_s = min(task_s / 8, self.round_s / (2 * slots))
        self.flat = max(0, math.ceil(self.round_s / task_s - 2 * slots))
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
