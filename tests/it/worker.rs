//! The worker: the same reports as the audit, whatever shares the calls out and whatever calls do to it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::{callaudit, root, run, samples, weights_or_skip};

/// Calls to three debtors, some too often; one call without a record, one without a transcript.
struct Calls(tempfile::TempDir);

const SAID: [&str; 5] = [
    "您好，请问是周女士本人吗？",
    "再不还钱我就找人砍死你全家，你等着",
    "你就是个老赖，不要脸",
    "法院明天就来抓你坐牢",
    "我们不会上门，您放心",
];

impl Calls {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut transcripts = Vec::new();
        let mut records = vec!["通话编号,开始时间,时长,债务人,联系对象,号码,接通,方向".to_owned()];
        for call in 0..40 {
            let segments =
                json!([{"speaker": "agent", "start_s": 0.5, "end_s": 3.0, "text": SAID[call % 5]}]);
            transcripts.push(json!({"call_id": format!("C{call:02}"), "segments": segments}).to_string());
            let contact = if call % 7 == 0 { "母亲" } else { "本人" };
            let (day, hour, debtor, number) = (1 + call % 4, 7 + call % 16, call % 3, call % 5);
            records.push(format!(
                "C{call:02},2026-03-0{day} {hour:02}:10:00,60,K{debtor},{contact},N{number},是,呼出"
            ));
        }
        transcripts.push(r#"{"call_id":"X","segments":[]}"#.to_owned());
        records.push("Y,2026-03-01 09:00:00,5,K1,本人,N1,否,呼出".to_owned());
        fs::write(folder.path().join("t.jsonl"), transcripts.join("\n")).unwrap();
        fs::write(folder.path().join("calls.csv"), records.join("\n")).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What the audit writes, line by line.
    fn audited(&self, jobs: &str) -> Vec<String> {
        let out = self.path("out");
        let mut command = callaudit();
        command.arg("audit").arg(self.path("t.jsonl")).arg("--calls").arg(self.path("calls.csv"));
        command.args(["--format", "jsonl", "--quiet", "--jobs", jobs, "--out"]).arg(&out);
        assert_eq!(run(&mut command).status, 1);
        sorted(&fs::read_to_string(out.join("report.jsonl")).unwrap())
    }

    fn listed(&self) -> String {
        let mut command = callaudit();
        command.args(["worker", "list"]).arg(self.path("t.jsonl")).arg("--calls").arg(self.path("calls.csv"));
        let run = run(&mut command);
        assert_eq!(run.status, 0, "{run:?}");
        run.stdout
    }
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// What a command answers to an input.
fn fed(command: &mut Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn answers(more: &[&str], input: &str) -> Vec<String> {
    let output = fed(callaudit().arg("worker").args(more), input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    sorted(&String::from_utf8(output.stdout).unwrap())
}

#[test]
fn one_process_eight_jobs_and_shards_answer_what_the_audit_writes() {
    let calls = Calls::new();
    let (expected, lines) = (calls.audited("1"), calls.listed());
    assert_eq!(expected.len(), 41);
    assert!(expected.iter().any(|line| line.contains("mainland.daily_answered")), "other calls count");
    assert_eq!(calls.audited("8"), expected);
    for jobs in ["1", "2", "8"] {
        assert_eq!(answers(&["--jobs", jobs], &lines), expected, "{jobs} jobs");
    }
    for of in [1, 2, 5] {
        let shards = (1..=of).flat_map(|shard| answers(&["--shard", &format!("{shard}/{of}")], &lines));
        let mut together: Vec<_> = shards.collect();
        together.sort();
        assert_eq!(together, expected, "{of} shards");
    }
}

#[test]
fn a_poisoned_line_is_answered_and_the_others_go_on() {
    let transcript =
        r#"{"call_id":"C1","segments":[{"speaker":"agent","start_s":0,"end_s":1,"text":"你这个老赖"}]}"#;
    let input = format!(
        "garbage\n\n{{\"recording\":\"a.wav\"}}\n{transcript}\n{{\"call_id\":\"C2\",\"segment\":[]}}\n"
    );
    let answered = answers(&[], &input);
    let answered: Vec<Value> = answered.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<String> = answered
        .iter()
        .map(|answer| {
            format!(
                "{} {} {} {}",
                answer["call_id"], answer["line"], answer["verdict"], answer["error"]["cause"]
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    null 1 null "is no request: expected value, column 1"
    null 3 null "is no request: missing field `call_id`, column 21"
    "C1" null "violation" null
    "C2" null "failed" "is no request: unknown field `segment`, expected one of `protocol`, `call_id`, `recording`, `audio`, `segments`, `record`, `timing`, `error`, column 25"
    "#);
}

#[test]
fn rows_stand_before_answers() {
    let calls = Calls::new();
    for answer in answers(&["--rows"], &calls.listed()) {
        let (row, report) = answer.split_once('\t').unwrap();
        let [row, report]: [Value; 2] = [row, report].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!((&row["call_id"], &row["day"]), (&report["call_id"], &report["day"]));
        assert_eq!(
            serde_json::from_str::<Value>(row["findings"].as_str().unwrap()).unwrap(),
            report["findings"]
        );
    }
}

/// A call as an engine hands it out.
fn recording(id: &str, path: &Path) -> String {
    format!("{}\n", json!({"call_id": id, "recording": path}))
}

fn verdicts(output: &Output) -> BTreeMap<String, String> {
    let answers = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers = answers.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = |report: Value| {
        let cause = report["error"]["cause"].as_str().unwrap_or("heard").to_owned();
        (report["call_id"].as_str().unwrap_or_default().to_owned(), cause)
    };
    answers.map(told).collect()
}

/// A named pipe that nobody writes to is a recording that hangs whoever opens it; an ffmpeg that kills who called it is a
/// decoder that crashes.
#[cfg(unix)]
#[test]
fn a_recording_that_hangs_or_kills_the_process_costs_itself_alone() {
    if !weights_or_skip("a_recording_that_hangs_or_kills_the_process_costs_itself_alone") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(path("hangs.wav")).status().unwrap().success());
    fs::write(path("kills.amr"), b"#!AMR\nxxxxxxxxxxxxxxxx").unwrap();
    fs::create_dir(path("bin")).unwrap();
    crash_in_place_of_ffmpeg(&path("bin/ffmpeg"));
    let mut input = recording("kills", &path("kills.amr")) + &recording("hangs", &path("hangs.wav"));
    for call in 0..4 {
        input += &recording(&format!("good{call}"), &samples().join("S01-clean.wav"));
    }
    let search = format!("{}:{}", path("bin").display(), std::env::var("PATH").unwrap());
    let mut command = callaudit();
    command.env("PATH", search).args(["worker", "--jobs", "2", "--time-limit", "60"]);
    let output = fed(&mut command, input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Whether a core was dumped is the machine's affair.
    let told = verdicts(&output).into_iter();
    let told =
        told.map(|(id, cause)| format!("{id}: {}", cause.split(" (signal: 11 (SIGSEGV)").next().unwrap()));
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [
            "good0: heard",
            "good1: heard",
            "good2: heard",
            "good3: heard",
            "hangs: was not audited within 60 s",
            "kills: the program died on it, twice",
        ]
    );
}

/// The first signal is taken for an overflow of the stack and let pass.
#[cfg(unix)]
fn crash_in_place_of_ffmpeg(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, "#!/bin/sh\nfor nth in 1 2 3; do kill -SEGV $PPID; sleep 0.1; done\nsleep 5\n").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_machine_without_a_model_says_so_instead_of_failing_calls() {
    let mut command = callaudit();
    command.env("CALLAUDIT_MODELS", "/nowhere").args(["worker", "--jobs", "1"]);
    let output = fed(&mut command, recording("C1", &samples().join("S01-clean.wav")).as_bytes());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("callaudit model fetch") && told.contains("the worker cannot work here"), "{told}");
}

/// The shares of `worker timing` hold what `callaudit timing` finds.
#[test]
fn timing_by_shares_finds_what_all_records_at_once_show() {
    let calls = Calls::new();
    let mut command = callaudit();
    command.args(["timing", "--format", "jsonl", "--calls"]).arg(calls.path("calls.csv"));
    assert_eq!(run(command.arg("--out").arg(calls.path("timing"))).status, 1);
    let whole = fs::read_to_string(calls.path("timing/timing.jsonl")).unwrap();
    let id = |line: &str, key: &str| {
        serde_json::from_str::<Value>(line).unwrap()[key].as_str().unwrap().to_owned()
    };
    let mut expected: Vec<_> = whole.lines().map(|line| id(line, "id")).collect();
    let records = fs::read(calls.path("calls.csv")).unwrap();
    let records = fed(callaudit().args(["worker", "records"]), &records).stdout;
    let records = String::from_utf8(records).unwrap();
    let rows: Vec<_> = records.lines().map(|line| format!("{{\"record\":{line}}}")).collect();
    let rows = rows.join("\n");
    let mut found = Vec::new();
    for by in ["call", "debtor", "number"] {
        let output = fed(callaudit().args(["worker", "timing", "--findings", "--by", by]), rows.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        found.extend(String::from_utf8(output.stdout).unwrap().lines().map(|line| id(line, "finding_id")));
    }
    expected.sort();
    found.sort();
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}

#[test]
fn records_of_any_spelling_are_rewritten_and_problems_told() {
    let rows = "{\"通话编号\":\"C1\",\"时长\":\"00:01:05\",\"接通\":\"是\",\"备注\":1}\n{\"债务人\":\"K\"}\n{\"call_id\":\"C2\",\"answered\":\"perhaps\"}\n";
    let output = fed(callaudit().args(["worker", "records"]), rows.as_bytes());
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r#"
    {"call_id":"C1","recording":null,"started_at":null,"duration_s":65.0,"agent_id":null,"debtor_id":null,"contact":null,"number":null,"direction":null,"answered":true,"timezone":null,"consent_window":null,"lender":null,"product":null}
    {"call_id":"C2","recording":null,"started_at":null,"duration_s":null,"agent_id":null,"debtor_id":null,"contact":null,"number":null,"direction":null,"answered":null,"timezone":null,"consent_window":null,"lender":null,"product":null}
    {"line":2,"problem":"has neither call_id nor recording; the row is left out","lost":true}
    {"line":3,"problem":"answered \"perhaps\" is not true or false (是, 否); it is left empty","lost":false}
    "#);
    assert_eq!(fed(callaudit().args(["worker", "records"]), b"").stdout, b"");
}

#[test]
fn scripts_are_those_of_this_version() {
    let scripts = root().join("src/worker/scripts");
    for (engine, file) in [
        ("kubernetes", "callaudit-job.yaml"),
        ("kafka", "callaudit_kafka.py"),
        ("parallel", "callaudit-parallel.sh"),
    ] {
        let printed = run(callaudit().args(["worker", "script", engine])).stdout;
        assert_eq!(printed, fs::read_to_string(scripts.join(file)).unwrap(), "{engine}");
    }
    // The job is one file of several modules, each there to its last line.
    let job = run(callaudit().args(["worker", "script", "spark"])).stdout;
    for module in fs::read_dir(scripts.join("spark")).unwrap() {
        let module = fs::read_to_string(module.unwrap().path()).unwrap();
        let lines = module.lines().filter(|line| !line.starts_with("from ."));
        assert!(job.contains(&lines.collect::<Vec<_>>().join("\n")), "{module}");
    }
}
