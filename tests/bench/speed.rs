//! How fast text is read and calls are audited: `make bench`.
//!
//! Text is innocent talk (`clean`), the same with one violation in fifty sentences, and the sample dialogues, in which
//! nearly every sentence is one (`dense`). `bare_aho_corasick` is what there is to compare with: the crate as it comes, with
//! the same words, over the same raw text. The rows of `growth` have packs of so many generated terms and no others. The
//! audit is of real sound with the real model, and is left out, aloud, where the weights are not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot start should stop"
)]

mod texts;

use aho_corasick::AhoCorasick;
use callaudit::detect::{CallFacts, Senses, detect};
use callaudit::domain::{CallId, Transcript};
use callaudit::ingest::{DecodeOptions, decode};
use callaudit::lexicon::{self, RuleSet, labelled_turns, spoken_turns};
use callaudit::semantics::encoder::Encoder;
use callaudit::text::NormalText;
use callaudit::transcribe::{Listener, Tuning, WhisperListener};
use callaudit::weights::{self, DEFAULT_ENCODER};
use divan::Bencher;
use divan::counter::ItemsCount;

use texts::{KINDS, bytes, calls, generated_rules, sentences};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/S02-threats.wav");

fn main() {
    divan::main();
}

fn rules() -> RuleSet {
    lexicon::load(&[]).unwrap_or_else(|_| unreachable!("the built-in packs load: lexicon check says so"))
}

fn bare(rules: &RuleSet) -> AhoCorasick {
    AhoCorasick::new(rules.words().iter().map(|word| &word.text)).expect("the words fit")
}

fn normal(sentences: &[String]) -> Vec<String> {
    sentences.iter().map(|sentence| NormalText::new(sentence).as_str().to_owned()).collect()
}

/// The crate's own search with its defaults, overlapping, over the raw text.
#[divan::bench(args = KINDS)]
fn bare_aho_corasick(bencher: Bencher, kind: &str) {
    let (sentences, bare) = (sentences(kind), bare(&rules()));
    let count = |sentence: &String| bare.find_overlapping_iter(sentence).count();
    bencher.counter(bytes(&sentences)).bench(|| sentences.iter().map(count).sum::<usize>());
}

#[divan::bench(args = KINDS)]
fn normalise(bencher: Bencher, kind: &str) {
    let sentences = sentences(kind);
    // The tables are made on first use.
    divan::black_box(normal(&sentences));
    let length = |sentence: &String| NormalText::new(sentence).as_str().len();
    bencher.counter(bytes(&sentences)).bench(|| sentences.iter().map(length).sum::<usize>());
}

/// Every word of the built-in packs, as written and by sound, nothing else.
#[divan::bench(args = KINDS)]
fn find_words(bencher: Bencher, kind: &str) {
    let (sentences, rules) = (sentences(kind), rules());
    let texts = normal(&sentences);
    let count = |text: &String| rules.find(text).len();
    bencher.counter(bytes(&sentences)).bench(|| texts.iter().map(count).sum::<usize>());
}

/// Normalising, matching, context: all that a transcript goes through.
#[divan::bench(args = KINDS)]
fn detect_all(bencher: Bencher, kind: &str) {
    let (sentences, rules) = (sentences(kind), rules());
    run(bencher, &sentences, &rules);
}

fn run(bencher: Bencher, sentences: &[String], rules: &RuleSet) {
    let calls = calls(sentences);
    let findings =
        |call: &Transcript| detect(call, &CallFacts::default(), Senses::default(), rules).findings.len();
    bencher.counter(bytes(sentences)).bench(|| calls.iter().map(findings).sum::<usize>());
}

/// What more terms cost, over the clean text.
mod growth {
    use super::{Bencher, bare, bytes, generated_rules, normal, run, sentences};

    const TERMS: [usize; 3] = [1_000, 10_000, 65_000];

    #[divan::bench(args = TERMS, sample_count = 20)]
    fn bare_aho_corasick(bencher: Bencher, terms: usize) {
        let (sentences, bare) = (sentences("clean"), bare(&generated_rules(terms)));
        let count = |sentence: &String| bare.find_overlapping_iter(sentence).count();
        bencher.counter(bytes(&sentences)).bench(|| sentences.iter().map(count).sum::<usize>());
    }

    #[divan::bench(args = TERMS, sample_count = 20)]
    fn find_words(bencher: Bencher, terms: usize) {
        let (sentences, rules) = (sentences("clean"), generated_rules(terms));
        let texts = normal(&sentences);
        bencher
            .counter(bytes(&sentences))
            .bench(|| texts.iter().map(|text| rules.find(text).len()).sum::<usize>());
    }

    #[divan::bench(args = TERMS, sample_count = 20)]
    fn detect_all(bencher: Bencher, terms: usize) {
        run(bencher, &sentences("clean"), &generated_rules(terms));
    }
}

/// Utterances to vectors, on all threads; every twentieth turn of the project's own.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn encode_utterances(bencher: Bencher) {
    let Ok(Some(opened)) = weights::open_encoder(DEFAULT_ENCODER, &weights::default_directory()) else {
        return eprintln!("left out: no sentence encoder; callaudit model fetch {DEFAULT_ENCODER}");
    };
    let encoder = Encoder::open(&opened.path).expect("the encoder loads");
    let turns = labelled_turns();
    let texts: Vec<&str> = turns.iter().step_by(20).map(|turn| turn.text).collect();
    bencher.counter(ItemsCount::new(texts.len())).bench(|| encoder.encode(&texts).expect("texts encode"));
}

/// One call of 49 s from file to findings on one thread: decoding, listening, detecting.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn audit_one_call(bencher: Bencher) {
    let model = match weights::open(weights::DEFAULT_MODEL, &weights::default_directory()) {
        Ok(model) => model,
        Err(error) => return eprintln!("left out: {error}; {}", error.hint),
    };
    let listener = WhisperListener::load(&model.path, model.identity, 1, spoken_turns(), Tuning::default())
        .expect("the model loads");
    let rules = rules();
    bencher.bench(|| {
        let decoded = decode(SAMPLE.as_ref(), &DecodeOptions::default()).expect("the sample decodes");
        let segments = listener.listen(&decoded.audio).expect("the model listens");
        let transcript = Transcript { call_id: CallId("bench".to_owned()), segments };
        detect(&transcript, &CallFacts::default(), Senses::default(), &rules)
    });
}
