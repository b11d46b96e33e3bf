"""A Spark cluster on this machine: a master and workers, each a process of its own on loopback.

    cluster.py FOLDER WORKER...

A WORKER is settings with commas between them: cores=N, path=DIR (before PATH), disk=KIB (room for temporary files: a file
system of its own, of so many KiB). Prints {"master": URL, "workers": [pid, …]} when all are there; ends with its input.
"""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request

PYTHON = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../target/python"))
SPARK = os.path.join(PYTHON, "pyspark")


def environment(folder, **more):
    """What every process of Spark needs here, and nothing of the caller's but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "JAVA_HOME") if name in os.environ}
    kept.update({name: value for name, value in os.environ.items() if name.startswith("CALLAUDIT_")})
    own = {"PYTHONPATH": PYTHON, "SPARK_HOME": SPARK, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOG_DIR": folder}
    return {**kept, **own, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": folder, **more}


def free_port():
    with socket.socket() as open_socket:
        open_socket.bind(("127.0.0.1", 0))
        return open_socket.getsockname()[1]


class Cluster:
    def __init__(self, folder, workers):
        self.folder, self.processes = os.path.abspath(folder), []
        self.port, self.page = free_port(), free_port()
        self.master = f"spark://127.0.0.1:{self.port}"
        ports = ["--host", "127.0.0.1", "--port", str(self.port), "--webui-port", str(self.page)]
        self.start("master", "org.apache.spark.deploy.master.Master", ports)
        self.workers = [self.start_worker(number, settings) for number, settings in enumerate(workers)]
        self.wait_for(len(workers))

    def start_worker(self, number, settings):
        name = f"worker{number}"
        place = os.path.join(self.folder, name)
        more, before = {}, ""
        os.makedirs(os.path.join(place, "tmp"))
        more["TMPDIR"] = os.path.join(place, "tmp")
        if "path" in settings:
            more["PATH"] = settings["path"] + os.pathsep + os.environ["PATH"]
        if "disk" in settings:
            size = f"mount -t tmpfs -o size={settings['disk']}k,mode=1777 tmpfs {shlex.quote(more['TMPDIR'])}"
            before = f"unshare {'-m' if os.geteuid() == 0 else '-rm'} sh -c {shlex.quote(size + ' && exec ' + chr(34) + '$@' + chr(34))} sh "
        options = ["--host", "127.0.0.1", "--webui-port", "0", "--work-dir", place, "--memory", "2g"]
        options += ["--cores", str(settings.get("cores", 1)), self.master]
        return self.start(name, "org.apache.spark.deploy.worker.Worker", options, more, before)

    def start(self, name, main, options, more={}, before=""):
        log = open(os.path.join(self.folder, name + ".log"), "w")
        command = shlex.split(before) + [os.path.join(SPARK, "bin/spark-class"), main, *options]
        settings = environment(self.folder, SPARK_DAEMON_MEMORY="256m", **more)
        process = subprocess.Popen(command, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process.pid

    def wait_for(self, workers, seconds=90):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self.processes):
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5) as answer:
                    if json.load(answer)["aliveworkers"] == workers:
                        return
            except OSError:
                pass
            time.sleep(0.3)
        self.stop()
        raise SystemExit(f"the cluster did not start; see the logs in {self.folder}")

    def stop(self):
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def command_and_environment(callaudit, folder, master, arguments, settings={}):
    """What runs the job, as the program prints it, on the cluster."""
    script = os.path.join(folder, "callaudit_spark.py")
    with open(script, "w", encoding="utf-8") as file:
        subprocess.run([callaudit, "worker", "script", "spark"], stdout=file, check=True)
    usual = {
        "spark.executor.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        # A driver lives for a minute or two: what is compiled well is not worth its time there.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.executor.extraJavaOptions": "-XX:+UseParallelGC",
    }
    options = [f"--conf={name}={value}" for name, value in {**usual, **settings}.items()]
    command = [os.path.join(SPARK, "bin/spark-submit"), "--master", master, "--driver-memory", "1g"]
    return [*command, *options, script, *arguments], environment(folder)


def main(folder, *workers):
    pairs = [dict(setting.split("=", 1) for setting in worker.split(",") if setting) for worker in workers]
    cluster = Cluster(folder, pairs)
    print(json.dumps({"master": cluster.master, "workers": cluster.workers}), flush=True)
    sys.stdin.read()
    cluster.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
