//! The night run: nothing lost, nothing twice, whatever ends it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use callaudit::domain::CallReport;
use callaudit::store::{Access, Place, Store};
use serde_json::Value;

use super::postgres_server::Server;
use super::support::{self, Run, run, samples};

/// A folder with an inbox and a store.
struct Night {
    folder: tempfile::TempDir,
}

impl Night {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inbox")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn place(&self) -> Place {
        Place::Sqlite(self.path("qa.sqlite"))
    }

    /// The command over the inbox.
    fn command(&self) -> Command {
        let mut command = support::callaudit();
        command.args(["batch", "--store"]).arg(self.path("qa.sqlite")).arg(self.path("inbox"));
        command
    }

    /// A run to its end; its summary.
    fn run(&self, more: &[&str]) -> (i32, Value) {
        let settle = if more.contains(&"--settle") { &[][..] } else { &["--settle", "0"] };
        let Run { status, stdout, stderr } = run(self.command().args(settle).args(more));
        let last = stdout.lines().last().unwrap_or_else(|| panic!("{stderr}"));
        (status, serde_json::from_str::<Value>(last).unwrap()["summary"].clone())
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }
}

fn transcript(id: &str, said: &str) -> String {
    format!(
        r#"{{"call_id":"{id}","segments":[{{"speaker":"agent","start_s":1.0,"end_s":4.0,"text":"{said}"}}]}}"#
    )
}

const THREAT: &str = "再不还钱我就找人砍死你全家";

/// All reports, by name.
fn reports(place: &Place) -> Vec<CallReport> {
    let mut store = Store::open(place, Access::Read).unwrap();
    let mut calls: Vec<_> =
        store.calls_after(0, 1_000_000).unwrap().into_iter().map(|call| call.report).collect();
    calls.sort_by(|a, b| a.call_id.cmp(&b.call_id));
    calls
}

fn names(place: &Place) -> Vec<String> {
    reports(place).into_iter().map(|report| report.call_id.0).collect()
}

/// The tables without what depends on the clock and on the order of work.
fn tables(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for sql in [
        "SELECT concat_ws('|', 'call', call_id, has_record, started_at, agent_id, day, hour, content, verdict, score, judged)
         FROM call ORDER BY call_id",
        "SELECT concat_ws('|', 'finding', call_id, finding_id, rule, severity, tier, grade, confidence, start_s, quote, present)
         FROM finding JOIN call ON call.id = finding.call ORDER BY call_id, finding_id",
        "SELECT concat_ws('|', 'suppressed', call_id, finding_id, rule, suppressor)
         FROM suppressed JOIN call ON call.id = suppressed.call ORDER BY call_id, finding_id, suppressor",
        "SELECT concat_ws('|', 'source', content, path, line, call_id, state) FROM source ORDER BY content",
        "SELECT concat_ws('|', 'file', path, bytes, modified_ns) FROM file ORDER BY path",
        "SELECT concat_ws('|', 'spoken', count(*)) FROM spoken_words WHERE spoken_words MATCH '你'",
        "SELECT concat_ws('|', 'spoken', count(*)) FROM spoken_sounds WHERE spoken_sounds MATCH 'x'",
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        rows.extend(statement.query_map([], |row| row.get(0)).unwrap().map(Result::<String, _>::unwrap));
    }
    rows
}

#[test]
fn a_recording_is_taken_once_under_whatever_name() {
    let night = Night::new();
    night.write("inbox/one.jsonl", &[transcript("A", "您好"), transcript("B", THREAT)].join("\n"));
    let (status, first) = night.run(&[]);
    assert_eq!((status, &first["taken_in"], &first["audited"]), (1, &2.into(), &2.into()));
    // Seen already, seen under another name, and one that is new.
    night.write("inbox/two.jsonl", &[transcript("B", THREAT), transcript("C", "再见")].join("\n"));
    let (status, second) = night.run(&[]);
    assert_eq!((status, &second["taken_in"], &second["duplicates"]), (0, &1.into(), &1.into()));
    let (status, third) = night.run(&[]);
    assert_eq!((status, &third["taken_in"], &third["duplicates"]), (0, &0.into(), &0.into()));
    assert_eq!(names(&night.place()), ["A", "B", "C"]);
}

#[test]
fn calls_of_one_name_and_other_content_are_kept_apart() {
    let night = Night::new();
    night.write("inbox/monday.jsonl", &transcript("0001", "您好"));
    night.run(&[]);
    night.write("inbox/tuesday.jsonl", &transcript("0001", "再见"));
    night.run(&[]);
    let names = names(&night.place());
    assert!(names.len() == 2 && names[0] == "0001" && names[1].starts_with("0001-"), "{names:?}");
}

#[test]
fn a_file_that_may_still_grow_is_left_for_later() {
    let night = Night::new();
    night.write("inbox/one.jsonl", &transcript("A", "您好"));
    let (_, early) = night.run(&["--settle", "3600"]);
    let (_, late) = night.run(&[]);
    assert_eq!((&early["unsettled"], &early["audited"], &late["audited"]), (&1.into(), &0.into(), &1.into()));
}

#[test]
fn what_fails_is_tried_again_and_then_left_alone() {
    let night = Night::new();
    night.write("inbox/broken.wav", "RIFF, and no more of a recording than that");
    night.write("inbox/t.txt", "ignored");
    if !support::weights_or_skip("what_fails_is_tried_again_and_then_left_alone") {
        return;
    }
    let outcome = |more: &[&str]| {
        let (status, summary) = night.run(more);
        let failed = summary["failed"].as_array().unwrap();
        let told = failed.first().map_or(String::new(), |failed| {
            format!("{} {} {}", failed["call_id"], failed["attempts"], failed["quarantined"])
        });
        format!("{status} {told}").trim_end().to_owned()
    };
    let outcomes = [&[][..], &["--attempts", "2"], &["--attempts", "2"], &["--retry"]].map(outcome);
    insta::assert_snapshot!(outcomes.join("\n"), @r#"
    2 "broken" 1 false
    2 "broken" 2 true
    0
    2 "broken" 1 false
    "#);
    // A whole file in its place is another recording: it starts afresh.
    fs::copy(samples().join("S01-clean.wav"), night.path("inbox/broken.wav")).unwrap();
    let (status, summary) = night.run(&[]);
    assert_eq!((status, &summary["audited"]), (0, &1.into()));
}

#[test]
fn records_that_come_late_are_joined_and_judged() {
    let night = Night::new();
    night.write("inbox/one.jsonl", &transcript("rec-7", "您好，我是某某公司的"));
    night.run(&[]);
    night.write("late.csv", "call_id,recording,started_at,duration_s,agent_id,debtor_id,number,answered\n\
                 C7,rec-7.wav,2026-03-02 23:10:00,40,A1,K1,N1,true\nC8,,2026-03-02 10:00:00,40,A1,K1,N1,true\n");
    let late = night.path("late.csv");
    let (status, summary) = night.run(&["--calls", late.to_str().unwrap()]);
    assert_eq!((status, &summary["records"]), (0, &2.into()));
    let reports = reports(&night.place());
    assert_eq!(reports.len(), 1, "the call without a recording has nothing to report");
    let rules: Vec<_> = reports[0].findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(rules.contains(&"mainland.hours"), "{rules:?}");
    assert_eq!(reports[0].record.as_ref().unwrap().agent_id.as_deref(), Some("A1"));
}

#[test]
fn a_call_without_a_recording_stands_for_its_times() {
    let night = Night::new();
    night.write(
        "calls.csv",
        "call_id,started_at,duration_s,debtor_id,number,answered\nN1,2026-03-02 23:10:00,40,K1,N1,true\n",
    );
    let calls = night.path("calls.csv");
    night.run(&["--calls", calls.to_str().unwrap()]);
    let reports = reports(&night.place());
    assert_eq!(reports[0].findings[0].rule, "mainland.hours");
    assert!(reports[0].not_judged.contains(&"speech: no recording".to_owned()));
}

#[test]
fn new_rules_judge_stored_calls_without_listening() {
    let night = Night::new();
    night.write(
        "inbox/one.jsonl",
        &[transcript("A", "我们这边蓝鲸已经上岸了"), transcript("B", THREAT)].join("\n"),
    );
    night.run(&[]);
    let (_, same) = night.run(&["--reaudit"]);
    assert_eq!((&same["calls"], &same["changed"]), (&2.into(), &0.into()));
    fs::create_dir(night.path("rules")).unwrap();
    night.write(
        "rules/whale.toml",
        r#"
[[rule]]
id = "threat.whale"
category = "threat"
severity = "major"
title = "暗语"
terms = ["蓝鲸已经上岸"]
why = "内部暗语。"
hit = ["蓝鲸已经上岸了"]
miss = ["蓝鲸是海里的动物"]
basis = ["civil-code-1024"]
"#,
    );
    let rules = night.path("rules");
    let checked = run(support::callaudit().args(["lexicon", "check", "--lexicons"]).arg(&rules));
    assert_eq!(checked.status, 0, "{}{}", checked.stdout, checked.stderr);
    let (status, changed) = night.run(&["--reaudit", "--lexicons", rules.to_str().unwrap()]);
    assert_eq!(
        (status, &changed["changed"], &changed["rules"]["threat.whale"]["appeared"]),
        (1, &1.into(), &1.into())
    );
    let (_, back) = night.run(&["--reaudit"]);
    assert_eq!(back["rules"]["threat.whale"]["vanished"], 1);
}

#[test]
fn one_run_at_a_time() {
    let night = Night::new();
    let _held = callaudit::store::lock(&night.place()).unwrap();
    let refused = run(&mut night.command());
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("another run is at work on this store"), "{}", refused.stderr);
}

#[test]
fn a_full_disk_ends_the_run_and_the_next_one_goes_on() {
    let night = Night::new();
    let lines: Vec<_> = (0..400)
        .map(|number| transcript(&format!("T{number:03}"), &format!("{THREAT}第{number}次")))
        .collect();
    night.write("inbox/many.jsonl", &lines.join("\n"));
    // Files of no more than 600 blocks: what the system answers to a write beyond is what it answers on a full disk.
    let mut limited = Command::new("bash");
    limited.args(["-c", "ulimit -f 600; trap '' XFSZ; exec \"$@\"", "-"]).arg(night.command().get_program());
    limited.args(night.command().args(["--settle", "0"]).get_args()).env("CALLAUDIT_NO_SEMANTIC", "true");
    let full = run(&mut limited);
    assert_eq!(full.status, 2, "{}", full.stderr);
    assert!(full.stderr.contains("hint: ") && full.stderr.contains("space"), "{}", full.stderr);
    assert!(names(&night.place()).len() < 400);
    night.run(&[]);
    assert_eq!(names(&night.place()).len(), 400);
}

#[test]
fn figures_for_prometheus_and_forgetting_by_age() {
    let night = Night::new();
    night.write("inbox/one.jsonl", &transcript("A", THREAT));
    night.write("calls.csv", "call_id,started_at\nA,2020-03-02 10:00:00\n");
    let (calls, metrics) = (night.path("calls.csv"), night.path("m.prom"));
    night.run(&["--calls", calls.to_str().unwrap(), "--metrics", metrics.to_str().unwrap()]);
    let text = fs::read_to_string(&metrics).unwrap();
    assert!(text.contains("callaudit_batch_calls{verdict=\"violation\"} 1\n"), "{text}");
    let (_, summary) = night.run(&["--retain", "30"]);
    assert_eq!((&summary["forgotten"], names(&night.place()).len()), (&1.into(), 0));
    let (_, again) = night.run(&["--retain", "30"]);
    assert_eq!((&again["taken_in"], &again["audited"]), (&0.into(), &0.into()), "what is forgotten stays so");
}

/// A sequence of numbers that looks random and is the same every time.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn killed_at_a_hundred_moments_nothing_is_lost_and_nothing_twice() {
    const KILLS: u32 = 100;
    let prepare = |night: &Night| {
        for file in 0..4 {
            let line = |number: i32| {
                transcript(&format!("T{file}-{number:03}"), &format!("{THREAT}，这是第{number}次打给你"))
            };
            night.write(&format!("inbox/{file}.jsonl"), &(0..150).map(line).collect::<Vec<_>>().join("\n"));
        }
        let row = |n: i32| {
            format!(
                "T{}-{:03},2026-03-{:02} {:02}:15:00,60,K{},true\n",
                n % 4,
                n / 4,
                1 + n % 28,
                n % 24,
                n % 9
            )
        };
        let rows: String = (0..600).map(row).collect();
        night.write("calls.csv", &format!("call_id,started_at,duration_s,debtor_id,answered\n{rows}"));
    };
    let undisturbed = Night::new();
    prepare(&undisturbed);
    let calls = undisturbed.path("calls.csv");
    let (status, _) = undisturbed.run(&["--calls", calls.to_str().unwrap()]);
    assert_eq!(status, 1);
    let strip = |night: &Night| -> Vec<String> {
        let folder = night.folder.path().to_str().unwrap();
        let times = |row: &String| !row.starts_with("file|");
        tables(&night.path("qa.sqlite"))
            .iter()
            .filter(|row| times(row))
            .map(|row| row.replace(folder, ""))
            .collect()
    };
    let (expected, expected_reports) = (strip(&undisturbed), reports(&undisturbed.place()));

    let (mut kills, mut nights, mut state) = (0, 0, 7_u64);
    while kills < KILLS {
        let night = Night::new();
        prepare(&night);
        let calls = night.path("calls.csv");
        loop {
            let mut child = night
                .command()
                .args(["--settle", "0", "--attempts", "1000000", "--calls"])
                .arg(&calls)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(next(&mut state) % 900));
            let is_done = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            kills += u32::from(!is_done);
            if is_done {
                break;
            }
        }
        nights += 1;
        assert!(strip(&night) == expected, "night {nights}, after {kills} kills");
        assert!(reports(&night.place()) == expected_reports, "night {nights}, after {kills} kills");
    }
    println!("{kills} kills in {nights} nights");
}

#[test]
fn a_server_holds_the_same_as_a_file() {
    let (night, server) = (Night::new(), Server::start());
    night.write(
        "inbox/one.jsonl",
        &[transcript("A", "您好，法院已经立案"), transcript("B", THREAT)].join("\n"),
    );
    night.write("calls.csv", "call_id,started_at,duration_s,debtor_id,answered,agent_id\nA,2026-03-02 23:10:00,40,K1,true,A1\nZ,2026-03-02 23:10:00,1,K,false,A1\n");
    let calls = night.path("calls.csv");
    let batch = |store: &str, more: &[&str]| {
        let mut command = support::callaudit();
        command
            .args(["batch", "--settle", "0", "--store", store])
            .arg(night.path("inbox"))
            .arg("--calls")
            .arg(&calls);
        run(command.args(more))
    };
    let file = night.path("qa.sqlite");
    for store in [file.to_str().unwrap(), &server.url()] {
        for more in [&[][..], &[], &["--reaudit"]] {
            let run = batch(store, more);
            assert!(run.status < 2, "{store}: {}", run.stderr);
        }
    }
    let place = server.url().parse().unwrap();
    let (by_file, by_server) = (reports(&night.place()), reports(&place));
    assert_eq!(by_file.len(), 3);
    assert_eq!(by_file, by_server);
    let found = |store: &str, query: &[&str]| {
        run(support::callaudit().args(["search", "--json", "--store", store]).args(query)).stdout
    };
    for query in [&["法院"][..], &["--sound", "法援"], &["法院 立案"], &["没有说过的话"], &["'\\ \"x\" & |"]]
    {
        let hits = found(file.to_str().unwrap(), query);
        assert_eq!(hits, found(&server.url(), query), "{query:?}");
        assert_eq!(hits.is_empty(), query[0].starts_with(['没', '\'']), "{query:?}: {hits}");
    }
    let held = callaudit::store::lock(&place).unwrap();
    assert_eq!(batch(&server.url(), &[]).status, 2);
    drop(held);
    assert!(batch(&server.url(), &[]).status < 2);
}
