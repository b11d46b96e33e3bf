//! How fast text is read and calls are audited: `make bench`.
//!
//! The text is the agent's side of the sample dialogues, repeated; the audit is of real sound with the real model, and
//! is left out, aloud, where the weights are not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot start should stop")]

use callaudit::detect::{CallFacts, detect};
use callaudit::domain::{CallId, Segment, Speaker, Transcript};
use callaudit::ingest::{DecodeOptions, decode};
use callaudit::lexicon::{self, RuleSet};
use callaudit::text::{NormalText, readings};
use callaudit::transcribe::{Listener, WhisperListener};
use callaudit::weights;
use divan::Bencher;
use divan::counter::BytesCount;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/S02-threats.wav");

fn main() {
    divan::main();
}

/// The lines that one speaker of the samples says.
fn lines() -> Vec<String> {
    let text = include_str!("../samples/dialogues.toml");
    let file: toml::Table = text.parse().expect("the dialogues are TOML");
    let calls = file["call"].as_array().expect("a list of calls");
    let turns = calls.iter().flat_map(|call| call["turns"].as_array().expect("turns").clone());
    turns.map(|turn| turn[1].as_str().expect("words").to_owned()).collect()
}

fn transcript(lines: &[String]) -> Transcript {
    let segment = |(index, text): (usize, &String)| Segment {
        speaker: if index % 2 == 0 { Speaker::Agent } else { Speaker::Customer },
        start_s: index as f64 * 5.0,
        end_s: index as f64 * 5.0 + 4.0,
        text: text.clone(),
        confidence: Some(0.9),
        suspicion: None,
    };
    Transcript {
        call_id: CallId("bench".to_owned()),
        segments: lines.iter().enumerate().map(segment).collect(),
    }
}

fn bytes(lines: &[String]) -> BytesCount {
    BytesCount::new(lines.iter().map(String::len).sum::<usize>())
}

fn rules() -> RuleSet {
    lexicon::load(&[]).unwrap_or_else(|_| unreachable!("the built-in packs load: lexicon check says so"))
}

#[divan::bench]
fn normalise(bencher: Bencher) {
    let lines = lines();
    bencher
        .counter(bytes(&lines))
        .bench(|| lines.iter().map(|line| NormalText::new(line)).collect::<Vec<_>>());
}

/// Every term of the built-in packs by letter, nothing else.
#[divan::bench]
fn match_exact(bencher: Bencher) {
    let (lines, rules) = (lines(), rules());
    let texts: Vec<_> = lines.iter().map(|line| NormalText::new(line)).collect();
    let count = |text: &NormalText| rules.exact().find_overlapping_iter(text.as_str()).count();
    bencher.counter(bytes(&lines)).bench(|| texts.iter().map(count).sum::<usize>());
}

/// Every term of the built-in packs by sound, nothing else.
#[divan::bench]
fn match_by_sound(bencher: Bencher) {
    let (lines, rules) = (lines(), rules());
    let texts: Vec<Vec<char>> =
        lines.iter().map(|line| NormalText::new(line).as_str().chars().collect()).collect();
    // The table of readings is made on first use.
    divan::black_box(readings('还'));
    bencher
        .counter(bytes(&lines))
        .bench(|| texts.iter().map(|text| rules.sound().hear(text).len()).sum::<usize>());
}

/// Normalising, matching, context: all that a transcript goes through.
#[divan::bench]
fn detect_all(bencher: Bencher) {
    let (lines, rules) = (lines(), rules());
    let transcript = transcript(&lines);
    bencher.counter(bytes(&lines)).bench(|| detect(&transcript, &CallFacts::default(), None, &rules));
}

/// One call of 49 s from file to findings on one thread: decoding, listening, detecting.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn audit_one_call(bencher: Bencher) {
    let model = match weights::open(weights::DEFAULT_MODEL, &weights::default_directory()) {
        Ok(model) => model,
        Err(error) => return eprintln!("left out: {error}; {}", error.hint),
    };
    let listener = WhisperListener::load(&model.path, model.identity, 1).expect("the model loads");
    let rules = rules();
    bencher.bench(|| {
        let decoded = decode(SAMPLE.as_ref(), &DecodeOptions::default()).expect("the sample decodes");
        let segments = listener.listen(&decoded.audio).expect("the model listens");
        let transcript = Transcript { call_id: CallId("bench".to_owned()), segments };
        detect(&transcript, &CallFacts::default(), None, &rules)
    });
}
