"""What the simulation of the Spark job must hold: `python3 tests/scale/test_simulate.py`."""

import unittest

import simulate  # It knows where numpy is installed.
from simulate import Cluster, Night, numpy, plan

import schedule

WORK_S = [7.0, 5.0, 5.0, 3.0, 2.0, 1.0, 1.0]


def row(*given, executors):
    args = simulate.arguments([*map(str, given)])
    night = Night(args.calls, args.seed, args.core_seconds_per_audio_second)
    return simulate.simulated(args, night, executors)


def even(executors, failures_per_hour=0.0, slow=()):
    """A cluster of executors of speed 1, but for those that are slow."""
    cluster = Cluster(executors, 1, failures_per_hour)
    cluster.speeds[:] = 1
    cluster.speeds[list(slow)] = schedule.SLOW_SPEED
    return cluster


class Cuts(unittest.TestCase):
    """The job's own plan."""

    def setUp(self):
        self.plans = [
            plan.Plan(total_s, slots, task_s, round_s)
            for total_s in (0, 3, 5e3, 2e6) for slots in (1, 2, 37, 1000) for task_s, round_s in ((1, 60), (120, 3600))
        ]

    def test_every_place_is_in_one_task_and_tasks_never_grow(self):
        for cut in self.plans:
            places = numpy.linspace(0, cut.total_s, 20_001)[:-1]
            rounds, tasks = cut.round_of(places, simulate.Arrays), cut.task_of(places, simulate.Arrays)
            order = rounds * cut.tasks + tasks
            self.assertTrue((numpy.diff(order) >= 0).all() and order[0] == 0 and order[-1] < cut.rounds * cut.tasks)
            sizes = numpy.bincount(tasks[rounds == 0].astype(int)) * cut.total_s / 20_000
            width = cut.total_s / 20_000
            self.assertTrue((numpy.diff(sizes) <= 2 * width + 1e-9).all(), (cut.total_s, cut.slots, sizes))
            self.assertLessEqual(sizes.max(), cut.task_s + 2 * width)

    def test_numbers_and_columns_of_numbers_are_cut_alike(self):
        for cut in self.plans:
            places = numpy.linspace(0, cut.total_s, 101)
            self.assertEqual([cut.task_of(place) for place in places], cut.task_of(places, simulate.Arrays).tolist())

    def test_smaller_tasks_at_the_end_save_time_where_one_executor_is_slow(self):
        cut = plan.Plan(36_000, 10, 120, 3600)
        edges = numpy.searchsorted(cut.task_of(numpy.arange(36_000) + 0.5, simulate.Arrays), range(cut.tasks + 1))
        tapered_s = numpy.diff(edges).astype(float)
        flat_s = numpy.full(cut.tasks, 36_000 / cut.tasks)
        tapered, flat = (even(10, slow=[3]).run(work_s, 0)[0] for work_s in (tapered_s, flat_s))
        self.assertLess(tapered, flat)


class Schedules(unittest.TestCase):
    def test_one_executor_takes_what_the_work_takes(self):
        end_s, _ = even(1).run(WORK_S, 0)
        self.assertAlmostEqual(end_s, sum(WORK_S) + 7 * schedule.TASK_S + schedule.WORKER_START_S, delta=0.01)

    def test_two_executors_take_the_longest_first(self):
        end_s, empty_s = even(2).run([4.0, 3.0, 2.0, 1.0], 100)
        self.assertAlmostEqual(end_s - 100, 5 + 2 * schedule.TASK_S + schedule.WORKER_START_S, delta=0.01)
        self.assertLess(empty_s, end_s)

    def test_a_slow_executor_has_its_last_task_taken_over(self):
        cluster = even(20)
        cluster.speeds[0] = 0.1
        end_s, _ = cluster.run([10.0] * 20, 0)
        self.assertEqual(cluster.copies, 1)
        self.assertAlmostEqual(end_s, 31, delta=0.5)

    def test_whatever_fails_all_work_is_done_once(self):
        chance = numpy.random.default_rng(5)
        for seed in range(40):
            work_s = numpy.sort(chance.exponential(60, 200))[::-1]
            cluster = Cluster(8, seed, failures_per_hour=20)
            one = schedule.Round(cluster, work_s, 0)
            end_s, empty_s = one.run()
            self.assertTrue(all(one.is_done) and len(one.durations) == 200 and not one.running)
            self.assertTrue(empty_s <= end_s and end_s >= work_s.sum() / cluster.speeds.sum())
            self.assertGreater(cluster.begun_anew, 0)

    def test_failures_cost_what_they_lose_and_no_more(self):
        work_s = [60.0] * 600
        calm, failing = even(10), even(10, failures_per_hour=2)
        calm_s, failing_s = (cluster.run(work_s, 0)[0] for cluster in (calm, failing))
        lost_s = failing.begun_anew * (60 + schedule.AWAY_S + 1)
        self.assertLess(calm_s, failing_s)
        self.assertLess(failing_s, calm_s + lost_s / 10 + 60 + schedule.AWAY_S)


class Nights(unittest.TestCase):
    def test_the_same_seed_gives_the_same_row(self):
        given = ["--calls", 20_000, "--seed", 3]
        self.assertEqual(row(*given, executors=50), row(*given, executors=50))
        self.assertNotEqual(row(*given, executors=50), row("--calls", 20_000, "--seed", 4, executors=50))

    def test_all_work_is_in_the_tasks(self):
        night = Night(30_000, 7, 0.1)
        _, total_s, by_class = night.totals()
        real_s = sum(part[2].sum() for part in night.parts())
        for slots in (1, 30, 3000):
            cut = plan.Plan(total_s, slots, 120, 3600)
            self.assertAlmostEqual(simulate.tasks_of(night, by_class, cut).sum(), real_s, delta=1e-3)

    def test_more_executors_never_make_the_night_longer(self):
        rows = [row("--calls", 50_000, executors=count) for count in (1, 2, 4, 16, 64, 256, 1024)]
        for fewer, more in zip(rows, rows[1:]):
            self.assertLess(more["wall_s"], 1.02 * fewer["wall_s"])
        for one in rows:
            self.assertLess(one["ideal_s"], one["wall_s"])
            self.assertLess(one["utilisation"], 1)

    def test_a_lender_has_the_cores_that_end_the_night_in_time(self):
        args = simulate.arguments([])
        need = simulate.lender(args, 200_000)
        self.assertLessEqual(need["wall_h"], 8)
        self.assertGreater(need["utilisation"], 0.9)


if __name__ == "__main__":
    unittest.main()
