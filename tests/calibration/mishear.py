"""Speaks agent turns of lexicons/speech, hears them with callaudit, and writes lexicons/misheard.tsv.

    /tmp/voices/bin/python tests/calibration/mishear.py [TURNS]     # the voices of tests/samples/make_samples.py

Every line of the result is `labels, as heard, as written`: what the recogniser makes of a turn on a telephone, for
`model train-semantic` to learn from. Turns are picked evenly over the categories, veiled ones first; voices, speeds and
noise are seeded.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/samples"))
import make_samples  # noqa: E402
from make_samples import CALL_HZ, lay, speak, write  # noqa: E402

# Pauses at which the recogniser ends a segment, so that it is known whose words are whose.
make_samples.PAUSE_S = (2.0, 2.5)
TURNS = 1200
TURNS_A_CALL = 20
VOICES = [("FASTSPEECH2", speed) for speed in (1.0, 0.88, 1.1, 0.94, 1.18)]


def order(text):
    return hashlib.sha256(text.encode()).hexdigest()


def turns_by_kind():
    """Labelled agent turns by category and kind (veiled, plain, near, none), each in an order that texts decide."""
    kinds = defaultdict(list)
    for file in sorted((ROOT / "lexicons/speech").glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) == 3 and fields[0] == "A" and 8 <= len(fields[2]) <= 60:
                kinds[fields[1]].append((fields[1], fields[2]))
    return {kind: sorted(turns, key=lambda turn: order(turn[1])) for kind, turns in sorted(kinds.items())}


def chosen(count):
    """Every kind in turn until there are enough; half of all are clean."""
    kinds = turns_by_kind()
    guilty = [turns for kind, turns in kinds.items() if kind != "-" and not kind.startswith("!")]
    clean = [turns for kind, turns in kinds.items() if kind.startswith("!")] + [kinds["-"]]
    picked = take_in_turn(guilty, count * 3 // 5) + take_in_turn(clean, count * 2 // 5)
    return sorted(picked, key=lambda turn: order(turn[1]))


def take_in_turn(groups, count):
    picked = []
    for rank in range(max(map(len, groups))):
        picked += [turns[rank] for turns in groups if rank < len(turns)]
    return picked[:count]


def hear(calls, folder):
    """Text heard at each turn of each call: segments belong to the turn that they overlap most."""
    command = [ROOT / "target/release/callaudit", "audit", folder, "--out", folder / "out"]
    subprocess.run([*command, "--quiet", "--reveal", "--transcripts", "none", "--format", "jsonl"], check=False)
    heard = {}
    for line in (folder / "out/report.jsonl").read_text("utf-8").splitlines():
        report = json.loads(line)
        texts = defaultdict(str)
        for segment in report["transcript"]:
            spans = calls[report["call_id"]]
            overlap = [min(segment["end_s"], end) - max(segment["start_s"], start) for start, end, _ in spans]
            if segment["speaker"] == "agent" and max(overlap) > 0:
                texts[int(np.argmax(overlap))] += segment["text"]
        heard[report["call_id"]] = texts
    return heard


def main():
    turns = chosen(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS)
    voices, calls, lines = {}, {}, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, first in enumerate(range(0, len(turns), TURNS_A_CALL)):
            random = np.random.default_rng(number)
            group = turns[first : first + TURNS_A_CALL]
            spoken = [("agent", speak(voices, VOICES[number % len(VOICES)], text)) for _, text in group]
            call = lay(spoken, np.random.default_rng(number))
            time_s, spans = 0.5, []
            for (_, samples), turn in zip(spoken, group):
                spans.append((time_s, time_s + len(samples) / CALL_HZ, turn))
                time_s += len(samples) / CALL_HZ + random.uniform(*make_samples.PAUSE_S)
            calls[f"m{number:03d}"] = spans
            write(call, folder / f"m{number:03d}.wav", False)
        for call_id, texts in sorted(hear(calls, folder).items()):
            for index, (_, _, (labels, text)) in enumerate(calls[call_id]):
                if len(texts.get(index, "")) >= 4:
                    lines.append(f"{labels}\t{texts[index].strip()}\t{text}\n")
    (ROOT / "lexicons/misheard.tsv").write_text("".join(lines), "utf-8")
    print(len(lines), "turns heard")


if __name__ == "__main__":
    main()
