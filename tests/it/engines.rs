//! The scripts for other engines: whoever hands the calls out, the answers are those of the worker alone.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Run, callaudit, root, run, samples};

/// A folder of a test, with the lines of its calls.
struct Place(tempfile::TempDir);

impl Place {
    fn new(calls: usize) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("bin")).unwrap();
        let mut command = Command::new("python3");
        command.arg(root().join("tests/scale/make_transcripts.py")).args([calls.to_string().as_str(), "7"]);
        assert_eq!(run(command.arg(place.path("calls.jsonl")).arg("4")).status, 0);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A program that finds what stands in `bin` first, then the one that is tested.
    fn command(&self, program: &str) -> Command {
        let tested = Path::new(env!("CARGO_BIN_EXE_callaudit"));
        let (own, built) = (self.path("bin"), tested.parent().unwrap());
        let path = format!("{}:{}:{}", own.display(), built.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).env("HOME", self.0.path()).env("TESTED", tested);
        command.env("PYTHONPATH", root().join("target/python"));
        command.env("CALLAUDIT_MODELS", root().join("models")).env("CALLAUDIT_NO_SEMANTIC", "true");
        command.env("CALLAUDIT_TRANSCRIPTS", "none").current_dir(self.0.path());
        command
    }

    /// Puts a shell script in place of the program; that is there as `$TESTED`.
    fn in_place_of_callaudit(&self, script: &str) -> PathBuf {
        let path = self.path("bin/callaudit");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn add(&self, lines: &[&str]) {
        let path = self.path("calls.jsonl");
        let text = fs::read_to_string(&path).unwrap() + &lines.join("\n") + "\n";
        fs::write(path, text).unwrap();
    }

    /// What the worker alone answers.
    fn expected(&self) -> Vec<String> {
        let calls = File::open(self.path("calls.jsonl")).unwrap();
        let told = run(callaudit().arg("worker").stdin(calls));
        assert_eq!(told.status, 0, "{told:?}");
        sorted(&told.stdout)
    }
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn script(name: &str) -> PathBuf {
    root().join("src/worker/scripts").join(name)
}

/// A broker in memory, with four partitions to a topic, on a free port.
const BROKER: &str = r#"
import sys
from confluent_kafka import Producer

broker = Producer({"test.mock.num.brokers": 1})
topics = [broker.list_topics(topic, timeout=10) for topic in ("calls", "reports")]
print(",".join(f"{each.host}:{each.port}" for each in topics[0].brokers.values()), flush=True)
sys.stdin.read()
"#;

/// The calls of a place in Kafka. Topics `calls` and `reports`; gone with this value.
struct Kafka<'a> {
    place: &'a Place,
    process: Child,
    servers: String,
}

impl<'a> Kafka<'a> {
    fn start(place: &'a Place) -> Self {
        let mut command = place.command("python3");
        command.args(["-c", BROKER]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut servers = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut servers).unwrap();
        let kafka = Self { place, process, servers: servers.trim().to_owned() };
        assert!(!kafka.servers.is_empty(), "no broker: is confluent-kafka in target/python?");
        kafka.send("calls.jsonl");
        kafka
    }

    /// The lines of a file as messages, all over the partitions.
    fn send(&self, file: &str) {
        let mut command = self.kcat(&["-P", "-t", "calls", "-X", "sticky.partitioning.linger.ms=0", "-l"]);
        let sent = run(command.arg(self.place.path(file)));
        assert_eq!(sent.status, 0, "{sent:?}");
    }

    fn kcat(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command("kcat");
        command.args(["-q", "-b", self.servers.as_str()]).args(arguments);
        command
    }

    fn answers(&self) -> Vec<String> {
        let read = run(&mut self.kcat(&["-C", "-t", "reports", "-o", "beginning", "-e"]));
        assert_eq!(read.status, 0, "{read:?}");
        sorted(&read.stdout)
    }

    /// Waits until so many answers are there.
    fn wait_for(&self, answers: usize) {
        let mut command = self.place.command("timeout");
        command.args(["30", "kcat", "-q", "-b", self.servers.as_str()]);
        command.args(["-C", "-t", "reports", "-o", "beginning", "-u"]);
        let mut reader = Guard(command.stdout(Stdio::piped()).spawn().unwrap());
        let lines = BufReader::new(reader.0.stdout.take().unwrap()).lines();
        assert_eq!(lines.take(answers).count(), answers);
    }

    /// The script; members of its group that are killed are given up soon.
    fn script(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command("python3");
        command.arg("-B").arg(script("callaudit_kafka.py")).args(["--servers", self.servers.as_str()]);
        command.args(["--set", "session.timeout.ms=4000", "--set", "heartbeat.interval.ms=500"]);
        command.args(["--calls", "calls", "--reports", "reports"]).args(arguments);
        command
    }

    /// Answers what there is.
    fn run(&self) {
        let told = run(&mut self.script(&["--idle", "1"]));
        assert_eq!(told.status, 0, "{told:?}");
    }
}

impl Drop for Kafka<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A process that does not outlive its test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reports, and the causes told of lines that name no call: these are numbered as they come.
fn reports_and_causes(answers: &[String]) -> (Vec<&String>, Vec<String>) {
    let is_report = |line: &&String| !line.contains(r#""line":"#);
    let cause = |line: &String| {
        serde_json::from_str::<Value>(line).unwrap()["error"]["cause"].as_str().unwrap().to_owned()
    };
    let (reports, unread): (Vec<_>, Vec<_>) = answers.iter().partition(is_report);
    let mut causes: Vec<_> = unread.into_iter().map(cause).collect();
    causes.sort();
    (reports, causes)
}

/// Among them a blank line, one call twice, and lines that are none or that Python reads otherwise than Rust.
#[test]
fn kafka_calls_of_a_topic_are_answered_as_by_the_worker_alone_and_not_again() {
    let place = Place::new(200);
    let twice = r#"{"call_id":"C000000003","segments":[{"start_s":0,"end_s":1,"text":"你这个老赖"}]}"#;
    let odd = [r#"{"call_id":"\ud800"}"#, r#"{"call_id":"N","x":NaN}"#, r#"{"recording":"a.wav"}"#];
    place.add(&[twice, " ", "garbage", odd[0], odd[1], odd[2]]);
    let kafka = Kafka::start(&place);
    kafka.run();
    let (expected, answers) = (place.expected(), kafka.answers());
    assert_eq!(answers.len(), 205);
    assert_eq!(reports_and_causes(&answers), reports_and_causes(&expected));
    kafka.run();
    assert_eq!(kafka.answers().len(), 205, "a second run finds nothing to answer");
}

#[test]
fn kafka_after_a_kill_every_call_is_answered_and_those_answered_twice_alike() {
    let place = Place::new(600);
    let kafka = Kafka::start(&place);
    let mut process = Guard(kafka.script(&["--", "--jobs", "1"]).stderr(Stdio::null()).spawn().unwrap());
    kafka.wait_for(20);
    process.0.kill().unwrap();
    let before = kafka.answers().len();
    assert!((20..600).contains(&before), "{before} answers");
    kafka.run();
    let mut answers = kafka.answers();
    answers.dedup();
    assert!(answers == place.expected(), "{} different answers", answers.len());
}

#[test]
fn kafka_two_consumers_share_the_partitions() {
    let place = Place::new(300);
    let program = place.in_place_of_callaudit(r#"tee given.$$ | "$TESTED" "$@""#);
    let kafka = Kafka::start(&place);
    let consumer = || {
        let mut command = kafka.script(&["--idle", "1", "--callaudit"]);
        Guard(command.arg(&program).stderr(Stdio::null()).spawn().unwrap())
    };
    for mut process in [consumer(), consumer()] {
        assert!(process.0.wait().unwrap().success());
    }
    let given = fs::read_dir(place.0.path()).unwrap().map(|entry| entry.unwrap().path());
    let given = given.filter(|path| path.display().to_string().contains("/given."));
    let shares: Vec<_> = given.map(|path| fs::read_to_string(path).unwrap().lines().count()).collect();
    assert!(shares.len() == 2 && shares.iter().all(|share| *share > 0), "{shares:?}");
    assert!(kafka.answers() == place.expected(), "each call once");
}

#[test]
fn kafka_a_script_that_cannot_go_on_says_so_and_leaves_the_calls() {
    let place = Place::new(0);
    place.add(&[&json!({"call_id": "R", "recording": samples().join("S01-clean.wav")}).to_string()]);
    let kafka = Kafka::start(&place);
    let told = run(kafka.script(&[]).env("CALLAUDIT_MODELS", "/nowhere"));
    let last = "error: the worker ended with status 2; messages to be taken again: 1\n";
    assert!(told.status == 2 && told.stderr.ends_with(last), "{told:?}");
    assert!(kafka.answers().is_empty());
    let told = run(&mut kafka.script(&["--calls", "missing"]));
    assert!(told.status == 2 && told.stderr.contains("error: calls cannot be read: "), "{told:?}");
}

/// GNU parallel with blocks of ten calls; what it answered is in `reports.jsonl`.
fn parallel(place: &Place) -> Run {
    let records = "call_id,started_at,debtor_id\nC000000001,2026-03-01 23:00:00,K1\n";
    fs::write(place.path("calls.csv"), records).unwrap();
    let mut command = place.command("sh");
    command.arg(script("callaudit-parallel.sh")).args(["calls.jsonl", "calls.csv", "reports.jsonl"]);
    run(command.env("BLOCK", "10"))
}

/// What the worker alone answers to the lines that the script lists.
fn expected_with_records(place: &Place) -> Vec<String> {
    let mut command = callaudit();
    command
        .args(["worker", "list"])
        .arg(place.path("calls.jsonl"))
        .arg("--calls")
        .arg(place.path("calls.csv"));
    fs::write(place.path("calls.jsonl"), run(&mut command).stdout).unwrap();
    place.expected()
}

#[test]
fn parallel_a_block_that_fails_is_given_out_again_and_each_call_answered_once() {
    let place = Place::new(45);
    let fails_once = r#"[ "$2" = list ] || ! mkdir once 2>/dev/null || { head -n 3 | "$TESTED" "$@"; exit 2; }
exec "$TESTED" "$@""#;
    place.in_place_of_callaudit(fails_once);
    let told = parallel(&place);
    assert!(told.status == 0 && place.path("once").exists(), "{told:?}");
    let reports = sorted(&fs::read_to_string(place.path("reports.jsonl")).unwrap());
    let expected = expected_with_records(&place);
    assert!(expected[1].contains("mainland."), "records count: {}", expected[1]);
    assert!(reports == expected, "{} reports", reports.len());
}

#[test]
fn parallel_a_block_that_fails_every_time_is_told() {
    let place = Place::new(30);
    let fails = r#"[ "$2" = list ] || [ "$PARALLEL_SEQ" != 2 ] || { echo >>tries; exit 2; }
exec "$TESTED" "$@""#;
    place.in_place_of_callaudit(fails);
    assert_eq!(parallel(&place).status, 2);
    let lines = |name: &str| fs::read_to_string(place.path(name)).unwrap().lines().count();
    assert_eq!((lines("tries"), lines("reports.jsonl")), (3, 20));
    fs::remove_file(place.path("calls.jsonl")).unwrap();
    assert_eq!(parallel(&place).status, 2, "what cannot be listed is told, too");
}

/// What stands behind `key:` in the Job.
fn of_job<'a>(job: &'a str, key: &str) -> &'a str {
    let (_, rest) = job.split_once(&format!(" {key}: ")).unwrap();
    rest.lines().next().unwrap()
}

/// The shell that a pod of the Job runs, as a pod of three in the place runs it.
fn pod(place: &Place, index: usize) -> Run {
    let job = fs::read_to_string(script("callaudit-job.yaml")).unwrap();
    let (_, rest) = job.split_once("            - |\n").unwrap();
    let indent = " ".repeat(14);
    let lines: Vec<_> = rest.lines().map_while(|line| line.strip_prefix(&indent)).collect();
    assert_eq!(of_job(&job, "command"), "[/bin/sh, -euc]");
    let mut command = place.command("/bin/sh");
    command.args(["-euc", &lines.join("\n")]).env("HOSTNAME", format!("callaudit-{index}"));
    command.env("JOB_COMPLETION_INDEX", index.to_string()).env("SHARDS", "3").env("FOLDER", place.0.path());
    run(&mut command)
}

fn shares(place: &Place) -> Vec<String> {
    let texts =
        (1..=3).map(|shard| fs::read_to_string(place.path(&format!("reports-{shard}.jsonl"))).unwrap());
    sorted(&texts.collect::<String>())
}

#[test]
fn kubernetes_the_files_of_all_pods_together_are_what_one_worker_answers() {
    let place = Place::new(60);
    for index in 0..3 {
        let told = pod(&place, index);
        assert_eq!(told.status, 0, "{told:?}");
    }
    assert!(shares(&place) == place.expected(), "three shares");
}

#[test]
fn kubernetes_a_killed_pod_leaves_no_file_and_its_successor_a_whole_one() {
    let place = Place::new(60);
    let kills_pod = r#""$TESTED" "$@" | head -c 5000; kill -KILL $PPID"#;
    let program = place.in_place_of_callaudit(kills_pod);
    assert_eq!(pod(&place, 0).status, -1);
    assert!(
        place.path("reports-1.jsonl.callaudit-0.part").exists() && !place.path("reports-1.jsonl").exists()
    );
    fs::remove_file(program).unwrap();
    for index in 0..3 {
        assert_eq!(pod(&place, index).status, 0);
    }
    assert!(shares(&place) == place.expected(), "three shares");
}

#[test]
fn kubernetes_there_are_as_many_pods_as_shares() {
    let job = fs::read_to_string(script("callaudit-job.yaml")).unwrap();
    let completions = of_job(&job, "completions");
    assert!(job.contains(&format!("{{name: SHARDS, value: \"{completions}\"}}")), "SHARDS is {completions}");
    assert_eq!(of_job(&job, "completionMode"), "Indexed");
    assert_eq!(of_job(&job, "restartPolicy"), "Never");
    assert!(!job.contains('\t'), "YAML has no tabs");
}
