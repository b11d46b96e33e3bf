"""Made-up transcripts of calls, for load tests: the same seed gives the same bytes.

    make_transcripts.py COUNT SEED FILE [TURNS]

What is said comes from lexicons/speech; each call takes TURNS turns [24] of one of its calls, or of several. Calls are
named as make_records names them, so that its records belong to them.
"""

import glob
import json
import os
import random
import sys

SPEECH = os.path.join(os.path.dirname(__file__), "../../lexicons/speech/*.txt")
SPEAKERS = {"A": "agent", "C": "customer"}
CHARACTERS_A_SECOND = 4.5


def dialogues():
    """Lists of (speaker, text)."""
    found = []
    for path in sorted(glob.glob(SPEECH)):
        with open(path, encoding="utf-8") as file:
            for block in file.read().split("# call")[1:]:
                turns = [line.split("\t") for line in block.splitlines()[1:]]
                found.append([(SPEAKERS[turn[0]], turn[2]) for turn in turns if len(turn) == 3 and turn[0] in SPEAKERS])
    return [turns for turns in found if turns]


def call(number, turns):
    at, segments = 0.4, []
    for speaker, text in turns:
        end = round(at + len(text) / CHARACTERS_A_SECOND, 2)
        segments.append({"speaker": speaker, "start_s": round(at, 2), "end_s": end, "text": text})
        at = end + 0.3
    return {"call_id": f"C{number:09}", "segments": segments}


def main(count, seed, path, length=24):
    chance, known = random.Random(seed), dialogues()
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            turns = []
            while len(turns) < length:
                turns += chance.choice(known)
            file.write(json.dumps(call(number, turns[:length]), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
