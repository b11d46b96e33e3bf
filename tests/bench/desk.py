"""How fast the review page answers over a large store: `desk.py CALLAUDIT MAKE_STORE CALLS FOLDER`.

Makes the store where it is missing (from the calls in lexicons/speech, audited), serves it, signs a user in, and asks with
wrk (Debian's package): pages of one kind after the other, then all mixed with a judgement in every tenth request, by 20
users who read for a second between pages, and by 20 who never rest. Prints a table of percentiles and the store's size.
"""

import http.client
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORT = 8479
USERS = 20
PAGES = {
    "queue": ["/", "/?state=confirmed", "/?category=threat", "/?severity=critical", "/?agent=A017", "/?order=doubt",
              "/?from=2026-06-01&to=2026-06-30"],
    "search": ["/search?q=" + urllib.parse.quote(text) for text in ["通讯录", "法院 起诉", "还款计划", "单位 领导", "微信转账"]],
    "dashboard": ["/dashboard", "/dashboard?days=7", "/dashboard?days=90", "/dashboard?days=365", "/dashboard?agent=A017",
                  "/dashboard?team=T03&days=90"],
    "call": [f"/call/{number}" for number in range(1_001, 900_000, 90_001)],
}


def transcripts(target):
    """The calls of lexicons/speech as transcripts."""
    lines, call = [], None
    for path in sorted((ROOT / "lexicons/speech").glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            if line.startswith("# call"):
                call = {"call_id": f"{path.stem}-{number}", "segments": []}
                lines.append(call)
            elif call and line.count("\t") >= 2:
                who, _, text = line.split("\t", 2)
                start = len(call["segments"]) * 4.0
                call["segments"].append({"speaker": {"A": "agent", "C": "customer"}.get(who, "unknown"),
                                         "start_s": start, "end_s": start + 3.8, "text": text})
    lines = [call for call in lines if call["segments"]]
    target.write_text("".join(json.dumps(call, ensure_ascii=False) + "\n" for call in lines), "utf-8")


def make(callaudit, make_store, calls, folder):
    store = folder / f"desk-{calls}.sqlite"
    if not store.exists():
        folder.mkdir(parents=True, exist_ok=True)
        transcripts(folder / "transcripts.jsonl")
        out = folder / "audit"
        subprocess.run([callaudit, "audit", folder / "transcripts.jsonl", "--out", out, "--format", "jsonl", "--quiet"])
        started = time.monotonic()
        subprocess.run([make_store, str(calls), "7", out / "report.jsonl", store], check=True)
        print(f"{calls} calls stored in {time.monotonic() - started:.0f} s")
    return store


def serve(callaudit, store):
    subprocess.run([callaudit, "review", "account", "add", "load", "--role", "supervisor", "--store", store],
                   input=b"password of load\n", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = subprocess.Popen([callaudit, "review", "serve", "--listen", f"127.0.0.1:{PORT}", "--store", store],
                              stdout=subprocess.PIPE)
    server.stdout.readline()
    return server


def sign_in():
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("POST", "/sign-in", "name=load&password=password+of+load",
                       {"Content-Type": "application/x-www-form-urlencoded"})
    return connection.getresponse().headers["set-cookie"].split(";")[0]


SCRIPT = """
local paths = {%s}
local findings = {%s}
local at = math.random(#paths)
local form = {["Content-Type"] = "application/x-www-form-urlencoded"}
for name, value in pairs(wrk.headers) do form[name] = value end
request = function()
  at = at + 1
  if #findings > 0 and at %% 10 == 0 then
    return wrk.format("POST", findings[at / 10 %% #findings + 1] .. "/review", form, "judgement=confirmed&csrf=%s")
  end
  return wrk.format("GET", paths[at %% #paths + 1])
end
delay = function() return %s end
done = function(summary, latency)
  local e = summary.errors
  print(string.format("P %%.1f %%.1f %%.1f %%d %%d", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, summary.requests, e.status + e.timeout + e.connect + e.read))
end
"""


def work(cookie):
    """The addresses of open findings, and what forms must carry."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    found, after = [], ""
    while len(found) < 500 and after is not None:
        connection.request("GET", "/?after=" + after, headers={"Cookie": cookie})
        page = connection.getresponse().read().decode()
        found += [f"/call/{call}/finding/{finding}" for call, finding in re.findall(r'"/call/(\d+)#f-(\w+)"', page)]
        following = re.search(r'rel="next" href="[^"]*after=([^"&]+)"', page)
        after = following and following[1]
    return found, re.search(r'name="csrf" value="([^"]+)"', page)[1]


def ask(folder, cookie, paths, rests, findings=(), csrf=""):
    script = folder / "ask.lua"
    pause = "500 + math.random(1000)" if rests else "0"
    listed = [", ".join(f'"{path}"' for path in listed) for listed in (paths, findings)]
    script.write_text(SCRIPT % (*listed, csrf, pause))
    for path in paths:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200, (path, answer.status)
        answer.read()
    told = subprocess.run(["wrk", "-t", "1", "-c", str(USERS), "-d", "20s", "-s", script, "-H", f"Cookie: {cookie}",
                           f"http://127.0.0.1:{PORT}"], capture_output=True, text=True, check=True).stdout
    return re.search(r"P (\S+) (\S+) (\S+) (\d+) (\d+)", told).groups()


def main():
    callaudit, make_store, calls, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4])
    store = make(callaudit, make_store, calls, folder)
    size = sum(path.stat().st_size for path in folder.glob(store.name + "*"))
    print(f"store: {size / 1e9:.2f} GB, {size / calls:.0f} bytes a call")
    server = serve(callaudit, store)
    try:
        cookie = sign_in()
        print("pages | users | p50 ms | p95 ms | p99 ms | requests | errors")
        at_work = work(cookie)
        for name, paths in [*PAGES.items(), ("all, judging", [path for paths in PAGES.values() for path in paths])]:
            more = at_work if name not in PAGES else ()
            paths = [path for path in paths if not path.startswith("/call/") or int(path.rsplit("/", 1)[1]) <= calls]
            for rests in (True, False):
                print(name, "reading" if rests else "restless", *ask(folder, cookie, paths, rests, *more), sep=" | ", flush=True)
    finally:
        server.terminate()
        server.wait()


main()
