#!/usr/bin/env python3
"""Audits calls from a topic of Kafka: lines of `callaudit worker` in one topic, its answers in another.

    callaudit_kafka.py --servers broker:9092 --calls calls --reports reports -- --policy mainland --jobs 4

Needs confluent-kafka. As many of these as the topic has partitions may run in one group. A call counts as taken when its
answer is in the other topic: whatever ends this script, what was not answered is taken again by the next one, and a call
may then be answered twice, in the same words. What stands after `--` are settings of `callaudit worker`.
"""

import argparse
import json
import subprocess
import sys
import threading
from collections import deque

from confluent_kafka import Consumer, Producer, TopicPartition

# Calls on their way through the worker.
WINDOW = 64


class Offsets:
    """Which messages are answered: answers come in any order, and only what has no gap before it may be committed."""

    def __init__(self):
        self.waiting, self.answered = {}, set()

    def take(self, message):
        self.waiting.setdefault((message.topic(), message.partition()), deque()).append(message.offset())

    def answer(self, place):
        """The offset to commit, if the answer moves it."""
        self.answered.add(place)
        (topic, partition), waiting, moved = place[:2], self.waiting[place[:2]], None
        while waiting and (topic, partition, waiting[0]) in self.answered:
            moved = waiting.popleft()
            self.answered.discard((topic, partition, moved))
        return None if moved is None else TopicPartition(topic, partition, moved + 1)


class Script:
    def __init__(self, args, settings):
        self.args = args
        group = {"bootstrap.servers": args.servers, "group.id": args.group, "enable.auto.commit": False}
        self.consumer = Consumer({**group, "auto.offset.reset": "earliest"})
        self.producer = Producer({"bootstrap.servers": args.servers, "enable.idempotence": True})
        command = [args.callaudit, "worker", *settings]
        self.worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.offsets, self.turn = Offsets(), threading.Condition()
        # Places of calls by id, those of equal ids in order; lines that name no call wait by their number.
        self.places, self.lines, self.open = {}, 0, 0

    def run(self):
        answering = threading.Thread(target=self.answer, daemon=True)
        answering.start()
        self.consumer.subscribe([self.args.calls])
        quiet = 0.0
        while self.args.idle is None or quiet < self.args.idle:
            message = self.consumer.poll(0.5)
            if message is None or message.error():
                quiet += 0.5
                continue
            quiet = 0.0
            self.give(message)
        self.worker.stdin.close()
        answering.join()
        self.consumer.close()
        return self.worker.wait()

    def give(self, message):
        line = b" ".join((message.value() or b"").split(b"\n"))
        with self.turn:
            self.turn.wait_for(lambda: self.open < WINDOW)
            self.offsets.take(message)
            place = (message.topic(), message.partition(), message.offset())
            if not line.strip():
                return self.commit(place)
            self.open += 1
            self.lines += 1
            self.places.setdefault(key_of(line, self.lines), deque()).append(place)
        self.worker.stdin.write(line + b"\n")
        self.worker.stdin.flush()

    def answer(self):
        for line in self.worker.stdout:
            answer = json.loads(line)
            with self.turn:
                places = self.places[answer.get("call_id") or answer["line"]]
                place = places.popleft()
            self.producer.produce(self.args.reports, line.rstrip(b"\n"), answer.get("call_id"))
            self.producer.flush()
            with self.turn:
                self.open -= 1
                self.commit(place)
                self.turn.notify()

    def commit(self, place):
        moved = self.offsets.answer(place)
        if moved is not None:
            self.consumer.commit(offsets=[moved], asynchronous=True)


def key_of(line, number):
    """What the answer will be known by."""
    try:
        call = json.loads(line)
    except ValueError:
        return number
    name = call.get("call_id") if isinstance(call, dict) else None
    return name if isinstance(name, str) and name.strip() else number


def main():
    given, settings = sys.argv[1:], []
    if "--" in given:
        given, settings = given[: given.index("--")], given[given.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", required=True, metavar="HOST:PORT,…")
    parser.add_argument("--calls", required=True, metavar="TOPIC", help="topic of calls, a line of the worker each")
    parser.add_argument("--reports", required=True, metavar="TOPIC", help="topic of answers")
    parser.add_argument("--group", default="callaudit", help="group of consumers that share the calls [callaudit]")
    parser.add_argument("--callaudit", default="callaudit", metavar="PATH", help="the program [callaudit]")
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="end after so long without a call [never]")
    sys.exit(Script(parser.parse_args(given), settings).run())


if __name__ == "__main__":
    main()
