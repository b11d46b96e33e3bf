#!/usr/bin/env python3
"""Audits calls from a topic of Kafka: lines of `callaudit worker` in one topic, its answers in another.

    callaudit_kafka.py --servers broker:9092 --calls calls --reports reports -- --policy mainland --jobs 4

Needs confluent-kafka. As many of these as the topic has partitions may run in one group. A call counts as
taken when its answer is in the other topic: whatever ends this script, the next one takes again what was not
answered, and a call may then be answered twice, in the same words. Exit status: 0 no call came for as long as
--idle says, 2 it cannot go on: the worker cannot work here, calls cannot be read, an answer is not taken.
"""

import argparse
import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from functools import partial

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

# Calls on their way at a time: more than a worker audits at once, or it would wait for deliveries.
WINDOW = 256
PRODUCER = {"enable.idempotence": True, "compression.type": "lz4", "message.max.bytes": 16 << 20}
# Kafka gives up members that do not ask for more in so long, and a worker may be busy for long.
CONSUMER = {"max.poll.interval.ms": 24 * 3600 * 1000, "partition.assignment.strategy": "cooperative-sticky"}
# Stored offsets are committed every second, before a partition goes to another member, and at the end.
CONSUMER |= {"auto.commit.interval.ms": 1000, "enable.auto.offset.store": False}


class Call:
    """A message of the topic of calls, until its answer is in the other one."""

    def __init__(self, message, line):
        self.partition, self.offset = (message.topic(), message.partition()), message.offset()
        # Lines that name no call share the empty name.
        self.is_done, self.name = False, ""
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            name = json.loads(line.decode("utf-8", "replace"))["call_id"]
            self.name = name if isinstance(name, str) and name.strip() else ""


class Script:
    def __init__(self, args):
        self.args = args
        given = {"bootstrap.servers": args.servers, **dict(pair.split("=", 1) for pair in args.set)}
        group = {"group.id": args.group, "auto.offset.reset": "earliest"}
        self.consumer = Consumer({**CONSUMER, **group, **given})
        self.producer = Producer({**PRODUCER, **given})
        command = [args.callaudit, "worker", *args.settings]
        self.worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines, self.worker_is_gone, self.failure = queue.SimpleQueue(), threading.Event(), None
        # Calls as they came, by partition; those that the worker has, by name and by number of its line.
        self.waiting, self.named, self.numbered, self.number = {}, {}, {}, 0
        # When something happened last: not before there are partitions, however long that takes.
        self.last = float("inf")

    def run(self):
        for work in (self.feed, self.listen):
            threading.Thread(target=work, daemon=True).start()
        self.consumer.subscribe([self.args.calls], on_assign=self.assigned, on_revoke=self.revoked)
        while self.goes_on():
            self.producer.poll(0)
            self.take(self.consumer.poll(0.1))
        self.lines.put(None)
        if self.failure:
            self.worker.terminate()
        status = self.worker.wait()
        # Answers still under way move offsets, and closing commits these.
        self.producer.flush(60)
        left = sum(map(len, self.waiting.values()))
        self.consumer.close()
        if not (self.failure or status or left):
            return 0
        why = self.failure or f"the worker ended with status {status}"
        print(f"error: {why}; messages to be taken again: {left}", file=sys.stderr)
        return 2

    def goes_on(self):
        is_quiet = not self.numbered and time.monotonic() - self.last > (self.args.idle or float("inf"))
        return not (is_quiet or self.failure or self.worker_is_gone.is_set())

    def take(self, message):
        if message is None:
            return
        if message.error() is not None:
            # Going on could pass over calls.
            if message.error().code() != KafkaError._PARTITION_EOF:
                self.failure = f"calls cannot be read: {message.error().str()}"
            return
        line = (message.value() or b"").replace(b"\n", b" ")
        call = Call(message, line)
        self.waiting.setdefault(call.partition, deque()).append(call)
        if not line.strip():
            return self.done(call)
        # Lines of one name go one after the other, so that it is known which one an answer is for.
        while len(self.numbered) >= WINDOW or call.name in self.named:
            self.producer.poll(0.1)
            if not self.goes_on():
                return
        self.number += 1
        self.named[call.name] = self.numbered[self.number] = (self.number, call)
        self.lines.put(line + b"\n")

    def delivered(self, name, number, error, _message):
        """An answer is in the topic of reports; one to a line that names no call has a number, not a name."""
        if error is not None:
            self.failure = f"an answer was not taken: {error.str()}"
            return
        number, call = self.numbered[number] if name is None else self.named.get(name) or self.named[""]
        del self.numbered[number], self.named[call.name]
        self.done(call)

    def done(self, call):
        """Answers come in any order: only what has nothing unanswered before it may be committed."""
        call.is_done, self.last = True, time.monotonic()
        waiting, moved = self.waiting.get(call.partition), None
        while waiting and waiting[0].is_done:
            moved = waiting.popleft()
        if moved:
            self.consumer.store_offsets(offsets=[TopicPartition(*moved.partition, moved.offset + 1)])

    def assigned(self, _consumer, _partitions):
        self.last = time.monotonic()

    def revoked(self, _consumer, partitions):
        # Whoever gets them takes what is not answered again, be it this one.
        for place in partitions:
            self.waiting.pop((place.topic, place.partition), None)

    def feed(self):
        with contextlib.suppress(BrokenPipeError), self.worker.stdin as stdin:
            for line in iter(self.lines.get, None):
                stdin.write(line)
                stdin.flush()

    def listen(self):
        try:
            for line in self.worker.stdout:
                answer = json.loads(line)
                name, number = answer.get("call_id"), answer.get("line")
                told = partial(self.delivered, name, number)
                self.producer.produce(self.args.reports, line.rstrip(b"\n"), name, on_delivery=told)
        except (BufferError, KafkaException, ValueError) as error:
            self.failure = f"an answer was not taken: {error}"
        finally:
            self.worker_is_gone.set()


if __name__ == "__main__":
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    add = parser.add_argument
    add("--servers", required=True, metavar="HOST:PORT,…")
    add("--calls", required=True, metavar="TOPIC", help="topic of calls, a line of the worker each")
    add("--reports", required=True, metavar="TOPIC", help="topic of answers")
    add("--group", default="callaudit", help="group of consumers that share the calls [callaudit]")
    add("--callaudit", default="callaudit", metavar="PATH", help="the program [callaudit]")
    add("--idle", type=float, metavar="SECONDS", help="end after so long without a call [never]")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="setting of librdkafka; repeatable")
    add("settings", nargs="*", metavar="-- SETTING", help="settings of callaudit worker")
    sys.exit(Script(parser.parse_args()).run())
