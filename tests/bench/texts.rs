//! What the benchmarks read: innocent talk, the same with violations in it, and packs of generated terms.

use callaudit::domain::{CallId, Segment, Speaker, Transcript};
use callaudit::lexicon::{RuleSet, check_texts};
use callaudit::text::NormalText;
use divan::counter::BytesCount;

/// Lines of ordinary phone talk, service and collection.
const INNOCENT: &str = include_str!("innocent.txt");
/// The project's own labelled lines: innocent ones, and two categories of violations.
const CLEAN: &str = include_str!("../corpus/clean.tsv");
const VIOLATIONS: [&str; 2] = [include_str!("../corpus/threat.tsv"), include_str!("../corpus/insult.tsv")];
const DIALOGUES: &str = include_str!("../samples/dialogues.toml");

/// Sentences of one text, and of one call.
const SENTENCES: usize = 2_000;
const SENTENCES_A_CALL: usize = 40;
/// One sentence in so many is a violation.
const VIOLATION_EVERY: usize = 50;

/// Kinds of text by name.
pub const KINDS: [&str; 3] = ["clean", "one_in_fifty", "dense"];

/// The next of a sequence of numbers that looks random and is always the same (splitmix64).
pub fn next(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) as usize
}

/// The sentences of a kind of text.
pub fn sentences(kind: &str) -> Vec<String> {
    match kind {
        "dense" => dialogues(),
        "clean" => mixed(usize::MAX),
        _ => mixed(VIOLATION_EVERY),
    }
}

/// What the speakers of the sample calls say.
fn dialogues() -> Vec<String> {
    let file: toml::Table = DIALOGUES.parse().expect("the dialogues are TOML");
    let calls = file["call"].as_array().expect("a list of calls");
    let turns = calls.iter().flat_map(|call| call["turns"].as_array().expect("turns").clone());
    turns.map(|turn| turn[1].as_str().expect("words").to_owned()).collect()
}

/// Innocent sentences, half of them of two lines, with a violation in every so many.
fn mixed(violation_every: usize) -> Vec<String> {
    let innocent: Vec<&str> = INNOCENT.lines().chain(labelled(CLEAN, |label| label == "clean")).collect();
    let violations: Vec<&str> =
        VIOLATIONS.iter().flat_map(|file| labelled(file, |label| label != "clean")).collect();
    let mut state = 1;
    let mut pick = |lines: &[&str]| lines[next(&mut state) % lines.len()].to_owned();
    let sentence = |number: usize| match number {
        n if n % violation_every == violation_every - 1 => pick(&violations),
        n if n % 2 == 0 => pick(&innocent),
        _ => format!("{}，{}", pick(&innocent), pick(&innocent)),
    };
    (0..SENTENCES).map(sentence).collect()
}

/// Single utterances of a labelled file.
fn labelled(file: &'static str, wanted: fn(&str) -> bool) -> impl Iterator<Item = &'static str> {
    let rows = file.lines().filter_map(|line| line.split_once('\t'));
    rows.filter(move |(label, text)| wanted(label) && !text.contains('｜')).map(|(_, text)| text)
}

/// The sentences as calls, agent and customer in turn, one every five seconds.
pub fn calls(sentences: &[String]) -> Vec<Transcript> {
    let segment = |(index, text): (usize, &String)| {
        let speaker = if index % 2 == 0 { Speaker::Agent } else { Speaker::Customer };
        let start_s = index as f64 * 5.0;
        Segment { confidence: Some(0.9), ..Segment::said(speaker, start_s, start_s + 4.0, text) }
    };
    let call = |sentences: &[String]| Transcript {
        call_id: CallId("bench".to_owned()),
        segments: sentences.iter().enumerate().map(segment).collect(),
    };
    sentences.chunks(SENTENCES_A_CALL).map(call).collect()
}

pub fn bytes(sentences: &[String]) -> BytesCount {
    BytesCount::new(sentences.iter().map(String::len).sum::<usize>())
}

/// So many different terms of two to six characters, in the characters of the innocent text, none of which stands in it:
/// otherwise it were not clean. By their sound many do.
pub fn terms(count: usize) -> Vec<String> {
    let characters: Vec<char> = INNOCENT.chars().filter(|char| char.is_alphabetic()).collect();
    let normal = |sentence: &String| NormalText::new(sentence).as_str().to_owned();
    let said: Vec<String> = sentences("clean").iter().map(normal).collect();
    let said = said.concat();
    let mut state = 2;
    let mut terms = std::collections::BTreeSet::new();
    while terms.len() < count {
        let length = 2 + next(&mut state) % 5;
        let term: String = (0..length).map(|_| characters[next(&mut state) % characters.len()]).collect();
        if !said.contains(&term) {
            terms.insert(term);
        }
    }
    terms.into_iter().collect()
}

/// A rule set of one rule with so many terms, and no other.
pub fn generated_rules(count: usize) -> RuleSet {
    let terms = terms(count);
    let listed: Vec<String> = terms.iter().map(|term| format!("{term:?}")).collect();
    let pack = format!(
        "[pack]\nid = \"generated\"\ntitle = \"生成\"\nversion = 1\n[[rule]]\nid = \"generated.terms\"\ntitle = \"生成\"\n\
         category = \"threat\"\nseverity = \"minor\"\nterms = [{}]\nwhy = \"…\"\nhit = [{:?}]\nmiss = [\"a\"]\n",
        listed.join(", "),
        terms[0]
    );
    let checked = check_texts(&[("generated.toml", &pack)]);
    checked.rules.unwrap_or_else(|| panic!("generated terms load: {:?}", checked.diagnostics))
}
