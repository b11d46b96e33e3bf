//! The whole audit on real sound with the real model. Says when it was skipped for want of weights.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use callaudit::domain::{CallReport, Speaker, Verdict};

use crate::support::{callaudit, reports, run, samples, weights_or_skip};

/// Audits these files of the samples; at least one of them holds a violation and none fails.
fn audit(files: &[&str], out: &Path, jobs: &str) -> BTreeMap<String, CallReport> {
    let inputs = files.iter().map(|file| samples().join(file));
    let calls = samples().join("calls.csv");
    let mut command = callaudit();
    command.arg("audit").args(inputs).args(["--jobs", jobs, "--out"]).arg(out).arg("--calls").arg(calls);
    let run = run(&mut command);
    assert_eq!(run.status, 1, "{run:?}");
    reports(out)
}

/// Ids of the categories found in a call, of either tier.
fn categories(report: &CallReport) -> BTreeSet<&'static str> {
    report.findings.iter().map(|finding| finding.category.id()).collect()
}

#[test]
fn the_samples_are_heard_and_judged() {
    if !weights_or_skip("the_samples_are_heard_and_judged") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let reports = audit(&[""], folder.path(), "2");
    let rows: [(&str, Verdict, &[&str]); 8] = [
        ("S01", Verdict::Clean, &[]),
        ("S02", Verdict::Violation, &["threat", "insult", "harassment"]),
        ("S03", Verdict::Violation, &["false_legal_claim", "improper_payment"]),
        ("S04", Verdict::Violation, &["privacy_leak", "third_party"]),
        ("S05", Verdict::Clean, &[]),
        ("S06", Verdict::Violation, &["complaint_obstruction", "false_promise"]),
        ("S07", Verdict::Violation, &["privacy_leak"]),
        ("S08", Verdict::Violation, &["outside_hours"]),
    ];
    for (id, verdict, expected) in rows {
        let report = &reports[id];
        assert_eq!(report.verdict, verdict, "{id}: {:#?}", report.findings);
        let found = categories(report);
        assert!(expected.iter().all(|category| found.contains(category)), "{id}: {found:?}");
    }
    quotes_lie_in_the_call(&reports);
    voices_in_one_channel_are_told_apart(&reports["S06"]);
    pages_play(folder.path(), &reports["S02"]);
}

fn quotes_lie_in_the_call(reports: &BTreeMap<String, CallReport>) {
    for (id, report) in reports {
        let duration_s = report.recording.as_ref().unwrap().duration_s;
        for finding in &report.findings {
            let inside = finding.start_s.is_none_or(|start| start >= 0.0)
                && finding.end_s.is_none_or(|end| end <= duration_s + 0.01);
            assert!(inside, "{id}: {finding:?} beyond {duration_s} s");
            let words = |&(segment, from, to): &(usize, usize, usize)| {
                report.transcript[segment].text.get(from..to).is_some_and(|words| !words.is_empty())
            };
            assert!(finding.spans.iter().all(words), "{id}: {finding:?}");
        }
    }
}

fn voices_in_one_channel_are_told_apart(report: &CallReport) {
    let speaker_of = |words: &str| {
        let segment = report.transcript.iter().find(|segment| segment.text.contains(words)).unwrap();
        (segment.speaker, segment.speaker_confidence.is_some_and(|sure| sure >= 0.9))
    };
    for (words, speaker) in [
        ("录音", Speaker::Agent),
        ("没有那么多钱", Speaker::Customer),
        ("今天先还一半", Speaker::Agent),
        ("真的吗", Speaker::Customer),
        ("我说了算", Speaker::Agent),
        ("银保监会", Speaker::Customer),
        ("投诉也没有用", Speaker::Agent),
    ] {
        assert_eq!(speaker_of(words), (speaker, true), "{words}: {:#?}", report.transcript);
    }
    assert!(
        report.findings.iter().all(|finding| finding.speaker == Speaker::Agent),
        "{:#?}",
        report.findings
    );
    assert!(
        report.not_judged.iter().any(|line| line.contains("听不出两人同时说话")),
        "{:?}",
        report.not_judged
    );
}

fn pages_play(out: &Path, report: &CallReport) {
    let page = std::fs::read_to_string(out.join("calls/S02.html")).unwrap();
    let heard = report.findings.iter().filter(|finding| finding.start_s.is_some()).count();
    assert_eq!(page.matches("data:audio&#x2f;wav;base64,").count(), heard, "a clip a finding");
}

#[test]
fn the_text_of_a_call_is_the_same_for_every_number_of_jobs() {
    if !weights_or_skip("the_text_of_a_call_is_the_same_for_every_number_of_jobs") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bytes = ["1", "2"].map(|jobs| {
        let out = folder.path().join(jobs);
        audit(&["S06-mono.wav", "S07-employer.mp3", "S08-night.wav"], &out, jobs);
        std::fs::read(out.join("report.jsonl")).unwrap()
    });
    assert!(bytes[0] == bytes[1]);
}

#[test]
fn the_second_audit_of_a_recording_takes_the_saved_transcript() {
    if !weights_or_skip("the_second_audit_of_a_recording_takes_the_saved_transcript") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    let audit = |out: &str| {
        let out = folder.path().join(out);
        let mut command = callaudit();
        command
            .arg("audit")
            .arg(samples().join("S02-threats.wav"))
            .arg("--transcripts")
            .arg(&saved)
            .arg("--out")
            .arg(&out);
        assert_eq!(run(&mut command).status, 1);
        std::fs::read_to_string(out.join("report.jsonl")).unwrap()
    };
    let first = audit("first");
    assert_eq!(audit("second"), first);

    // Only what is read from the file can bring this back.
    let files: Vec<_> = std::fs::read_dir(&saved).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(file, text.replacen("\"text\":\"", "\"text\":\"已存", 1)).unwrap();
    assert!(audit("third").contains("\"text\":\"已存"));
}
