//! The same audit on Spark: executors that are processes of their own, and all that can happen to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::records;
use crate::support::{callaudit, root, run, samples, weights_or_skip};

/// Clusters take memory: one at a time.
static TURN: Mutex<()> = Mutex::new(());

/// A master and workers on loopback, gone with this value.
struct Cluster {
    process: Child,
    folder: tempfile::TempDir,
    master: String,
    /// Their processes.
    workers: Vec<u64>,
    _turn: MutexGuard<'static, ()>,
}

impl Cluster {
    /// A worker for each of `workers`, its settings as `tests/cluster/cluster.py` reads them.
    fn start(workers: &[&str]) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let mut command = python("cluster.py");
        command.arg(folder.path()).args(workers);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no cluster: {line}"));
        let workers = told["workers"].as_array().unwrap().iter().map(|pid| pid.as_u64().unwrap()).collect();
        let master = told["master"].as_str().unwrap().to_owned();
        Self { process, folder, master, workers, _turn: turn }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The job on so many executors of a core each, into `out`.
    fn job(&self, executors: usize, out: &str, arguments: &[&str]) -> Command {
        let mut command = python("submit.py");
        command.arg(self.folder.path()).arg(&self.master).arg(executors.to_string());
        command.args(arguments).arg("--out").arg(self.path(out));
        command
    }

    /// What the job says at its end, and its exit status.
    fn run(&self, executors: usize, out: &str, arguments: &[&str]) -> (i32, Value) {
        let run = run(&mut self.job(executors, out, arguments));
        let last = run.stdout.lines().last().unwrap_or_default();
        let told = serde_json::from_str(last).unwrap_or_else(|_| panic!("{}\n{}", run.stdout, run.stderr));
        (run.status, told)
    }

    /// The tables of `out`, sorted: reports as lines, findings and those of times as rows.
    fn tables(&self, out: &str) -> BTreeMap<String, Vec<String>> {
        let mut command = python("tables.py");
        let run = run(command.arg(self.path(out)));
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A script of `tests/cluster`, with the program on its path.
fn python(script: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_callaudit")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("python3");
    command.env_clear().env("PATH", path).env("HOME", std::env::temp_dir());
    command.env("CALLAUDIT_MODELS", root().join("models")).env("CALLAUDIT_NO_SEMANTIC", "true");
    command.env("CALLAUDIT_TRANSCRIPTS", "none").arg(root().join("tests/cluster").join(script));
    command
}

/// What the audit on this machine alone comes to, as [`Cluster::tables`] gives it.
fn audited(folder: &Path, inputs: &[PathBuf], records: &Path) -> BTreeMap<String, Vec<String>> {
    let mut command = callaudit();
    command.arg("audit").args(inputs).arg("--calls").arg(records);
    command.args(["--format", "jsonl,parquet", "--quiet", "--out"]).arg(folder);
    let told = run(&mut command);
    assert!(told.status < 3, "{told:?}");
    let run = run(python("tables.py").arg("--plain").arg(folder));
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Made-up calls of a few days: transcripts of `count` calls, the records of these and of as many more.
fn made_up(folder: &Path, count: usize, turns: usize) -> (PathBuf, PathBuf) {
    let (transcripts, records) = (folder.join("transcripts.jsonl"), folder.join("records.csv"));
    let mut command = Command::new("python3");
    command.arg(root().join("tests/scale/make_transcripts.py")).args([count.to_string(), "7".to_owned()]);
    assert_eq!(run(command.arg(&transcripts).arg(turns.to_string())).status, 0);
    let (mut table, mut planted) = (Vec::new(), Vec::new());
    let made = records::make(48 * count as u64, 7);
    records::write(&made[..2 * count], &mut table, &mut planted).unwrap();
    fs::write(&records, table).unwrap();
    (transcripts, records)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn one_two_and_four_executors_come_to_what_one_process_does() {
    let cluster = Cluster::start(&["cores=1"; 4]);
    let (transcripts, records) = made_up(cluster.folder.path(), 3_000, 12);
    let expected = audited(&cluster.path("plain"), std::slice::from_ref(&transcripts), &records);
    assert_eq!(expected["reports"].len(), 3_000);
    assert!(!expected["timing"].is_empty() && !expected["findings"].is_empty());
    let inputs = ["--transcripts", text(&transcripts), "--calls", text(&records)];
    for executors in [1, 2, 4] {
        let out = format!("out{executors}");
        let cuts = ["--task-seconds", "1", "--round-seconds", if executors == 4 { "0.5" } else { "3600" }];
        let (status, told) = cluster.run(executors, &out, &[&inputs[..], &cuts].concat());
        assert_eq!((status, &told["audited"]), (1, &3_000.into()), "{told}");
        assert!(cluster.tables(&out) == expected, "{executors} executors");
    }
    // What is there is not audited again.
    let (_, told) = cluster.run(2, "out2", &inputs);
    assert_eq!((&told["audited"], &told["reports"]["violation"].is_u64()), (&0.into(), &true), "{told}");
    assert!(cluster.tables("out2") == expected, "a second run changes nothing");
}

#[test]
fn samples_are_heard_on_executors_as_here() {
    if !weights_or_skip("samples_are_heard_on_executors_as_here") {
        return;
    }
    let cluster = Cluster::start(&["cores=1"; 2]);
    let records = samples().join("calls.csv");
    let expected = audited(&cluster.path("plain"), &[samples()], &records);
    let folder = samples();
    let inputs = ["--recordings", text(&folder), "--calls", text(&records), "--task-seconds", "5"];
    let (status, told) = cluster.run(2, "out", &inputs);
    assert_eq!((status, &told["audited"]), (1, &8.into()), "{told}");
    assert!(cluster.tables("out") == expected, "recordings that executors open");
}

/// A driver killed after its first round; another one goes on.
#[test]
fn a_job_that_was_killed_is_taken_up() {
    let cluster = Cluster::start(&["cores=1"; 2]);
    let (transcripts, records) = made_up(cluster.folder.path(), 3_000, 12);
    let expected = audited(&cluster.path("plain"), std::slice::from_ref(&transcripts), &records);
    let inputs = ["--transcripts", text(&transcripts), "--calls", text(&records), "--round-seconds", "0.5"];
    let mut process = started_until("round 3 of", &mut cluster.job(2, "out", &inputs));
    process.kill().unwrap();
    process.wait().unwrap();
    let (status, told) = cluster.run(2, "out", &inputs);
    let audited = told["audited"].as_u64().unwrap();
    assert!(status == 1 && (1..2_900).contains(&audited), "{told}");
    assert!(cluster.tables("out") == expected, "{audited} calls were left");
}

/// Starts a job and reads what it says until it says `what`.
fn started_until(what: &str, job: &mut Command) -> Child {
    let mut process = job.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // What Python says on stderr, spark-submit says on stdout.
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    let mut told = Vec::new();
    while !told.last().is_some_and(|line: &String| line.contains(what)) {
        told.push(lines.next().unwrap_or_else(|| panic!("no {what}:\n{}", told.join("\n"))));
    }
    // The pipe is read on, or the job would wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    process
}

/// A worker with a full disk, a slow one, one whose executor is killed; a recording that kills the program, one that hangs
/// it and one that is gone: every call is accounted for, once.
#[test]
fn whatever_happens_every_call_is_accounted_for_once() {
    if !weights_or_skip("whatever_happens_every_call_is_accounted_for_once") {
        return;
    }
    let stage = tempfile::tempdir().unwrap();
    let (calls, decoder, slow) =
        (stage.path().join("calls"), stage.path().join("decoder"), stage.path().join("slow"));
    let manifest = manifest_of_recordings(&calls);
    executable(&decoder.join("ffmpeg"), DEADLY_DECODER);
    executable(&slow.join("ffmpeg"), DEADLY_DECODER);
    let program = env!("CARGO_BIN_EXE_callaudit");
    executable(&slow.join("callaudit"), &format!("#!/bin/sh\nsleep 8\nexec {program} \"$@\"\n"));
    let path = format!("path={}", decoder.display());
    let cluster =
        Cluster::start(&[&path, &path, &format!("{path},disk=64"), &format!("path={}", slow.display())]);
    let inputs = ["--calls", text(&manifest), "--carry", "--task-seconds", "1", "--time-limit", "30"];
    let mut process = started_until("tasks on", &mut cluster.job(4, "out", &inputs));
    std::thread::sleep(Duration::from_secs(12));
    kill_executor_of(cluster.workers[1]);
    assert_eq!(process.wait().unwrap().code(), Some(2));
    let log = run(Command::new("grep").args(["-rl", "No space left"]).arg(cluster.path("worker2")));
    assert_eq!(log.status, 0, "a disk was full");
    let reports = cluster.tables("out").remove("reports").unwrap();
    let told: Vec<(String, String)> = reports.iter().map(|line| verdict_and_cause(line)).collect();
    let ids: BTreeSet<_> = told.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!((told.len(), ids.len()), (GOOD + 3, GOOD + 3), "each once");
    for (id, cause) in told {
        match id.as_str() {
            "gone" => assert!(cause.starts_with("cannot be read: No such file"), "{cause}"),
            "kills" => assert!(cause.starts_with("the program died on it, twice"), "{cause}"),
            "hangs" => assert_eq!(cause, "was not audited within 30 s"),
            _ => assert_eq!(cause, "heard", "{id}"),
        }
    }
}

const GOOD: usize = 12;

/// Short calls, one that kills whoever decodes it and one that hangs; the records that name them, and one that is gone.
fn manifest_of_recordings(folder: &Path) -> PathBuf {
    fs::create_dir(folder).unwrap();
    let mut names: Vec<_> = (0..GOOD).map(|copy| format!("call{copy:02}.mp3")).collect();
    for name in &names {
        fs::copy(samples().join("S07-employer.mp3"), folder.join(name)).unwrap();
    }
    for (name, text) in [("kills.amr", "#!AMR\nKILLS"), ("hangs.amr", "#!AMR\nHANGS")] {
        fs::write(folder.join(name), text).unwrap();
        names.push(name.to_owned());
    }
    names.push("gone.wav".to_owned());
    let rows = names.iter().map(|name| format!("file://{}\n", folder.join(name).display()));
    let manifest = folder.join("manifest.csv");
    fs::write(&manifest, format!("recording\n{}", rows.collect::<String>())).unwrap();
    manifest
}

/// In place of ffmpeg, which decodes such files. The first signal is taken for an overflow of the stack and let pass.
const DEADLY_DECODER: &str = r#"#!/bin/sh
for argument; do grep -q HANGS "${argument#file:}" 2>/dev/null && exec sleep 600; done
for nth in 1 2 3; do kill -SEGV $PPID; sleep 0.1; done
sleep 5
"#;

fn executable(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The executor is the worker's only child.
fn kill_executor_of(worker: u64) {
    let status = Command::new("pkill").args(["-KILL", "-P", &worker.to_string()]).status().unwrap();
    assert!(status.success(), "an executor was killed");
}

fn verdict_and_cause(line: &str) -> (String, String) {
    let report: Value = serde_json::from_str(line).unwrap();
    let cause = report["error"]["cause"].as_str().unwrap_or("heard");
    (report["call_id"].as_str().unwrap().to_owned(), cause.to_owned())
}

/// 200,000 made-up transcripts: nothing is lost on the way, and nothing comes twice.
#[test]
fn two_hundred_thousand_transcripts() {
    let cluster = Cluster::start(&["cores=2"]);
    let (transcripts, _) = made_up(cluster.folder.path(), 200_000, 4);
    let mut command = cluster.job(2, "out", &["--transcripts", text(&transcripts)]);
    let run = run(&mut command);
    assert_eq!(run.status, 1, "{}\n{}", run.stdout, run.stderr);
    let mut counted = python("tables.py");
    let counts = crate::support::run(counted.arg("--count").arg(cluster.path("out")));
    let counts: Value = serde_json::from_str(&counts.stdout).unwrap();
    assert_eq!((&counts["rows"], &counts["ids"]), (&200_000.into(), &200_000.into()), "{counts}");
}
