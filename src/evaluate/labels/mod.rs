//! What people say of calls: which turns break which rule.

mod jsonl;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use crate::domain::{CallError, CallId, Category, Contact, Segment, Speaker, Transcript};

/// Seconds that a character takes where nobody measured, at the pace of a calm agent; silence between turns.
const CHAR_S: f64 = 1.0 / 4.5;
const PAUSE_S: f64 = 0.5;
const SHORTEST_TURN_S: f64 = 1.0;

/// One call with its labels.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledCall {
    pub call_id: CallId,
    /// Whom the call reached, where the labels say so.
    pub contact: Option<Contact>,
    /// In order of their start.
    pub turns: Vec<LabelledTurn>,
    /// What is wrong with the call as a whole; absent where nobody judged that.
    pub call_labels: Option<BTreeSet<Category>>,
}

/// One turn with its labels. Times are seconds from the start of the recording.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledTurn {
    pub speaker: Speaker,
    pub start_s: f64,
    pub end_s: f64,
    /// What was really said.
    pub text: String,
    pub labels: BTreeSet<Category>,
}

impl LabelledCall {
    /// What was really said, as a transcript to audit.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        let segment = |turn: &LabelledTurn| Segment::said(turn.speaker, turn.start_s, turn.end_s, &turn.text);
        Transcript { call_id: self.call_id.clone(), segments: self.turns.iter().map(segment).collect() }
    }

    /// A call of which only the words are known: turn after turn at an even pace.
    fn unheard(call_id: String, turns: Vec<(Speaker, String, BTreeSet<Category>)>) -> Self {
        let mut start_s = 0.0;
        let mut timed = Vec::new();
        for (speaker, text, labels) in turns {
            let end_s = start_s + (text.chars().count() as f64 * CHAR_S).max(SHORTEST_TURN_S);
            timed.push(LabelledTurn { speaker, start_s, end_s, text, labels });
            start_s = end_s + PAUSE_S;
        }
        Self { call_id: CallId(call_id), contact: None, turns: timed, call_labels: None }
    }
}

/// Reads the text of one file of labels: `*.tsv` is a table, everything else JSON lines.
///
/// # Errors
/// The first line that is not understood: a measure over part of the labels would mislead.
pub fn parse(path: &Path, text: &str) -> Result<Vec<LabelledCall>, CallError> {
    let is_table = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let says_nothing = |line: &str| line.is_empty() || is_table && line.starts_with('#');
    lines
        .filter(|(_, line)| !says_nothing(line))
        .map(|(number, line)| {
            let name = format!("{stem}:{number}");
            let call = if is_table { table::call(name, line) } else { jsonl::call(name, line) };
            call.map_err(|mistake| mistake.at(path, number))
        })
        .collect()
}

/// Refuses calls that share an id: findings could not be told apart.
///
/// # Errors
/// The first id that is there twice.
pub fn check_ids(path: &Path, calls: &[LabelledCall]) -> Result<(), CallError> {
    let mut seen = BTreeSet::new();
    for call in calls {
        if !seen.insert(&call.call_id) {
            let cause = format!("call {} is labelled twice", call.call_id);
            return Err(CallError::new(path, cause, "keep one line a call id over all files"));
        }
    }
    Ok(())
}

/// What is wrong with a line.
#[derive(Debug, PartialEq)]
struct Mistake {
    cause: String,
    hint: &'static str,
}

impl Mistake {
    fn at(self, path: &Path, line: usize) -> CallError {
        CallError::new(path, format!("line {line}: {}", self.cause), self.hint)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<LabelledCall>, String> {
        parse(Path::new(name), text).map_err(|error| error.to_string())
    }

    /// `speaker start-end labels text` of every turn.
    fn shown(call: &LabelledCall) -> Vec<String> {
        let turn = |turn: &LabelledTurn| {
            let labels: Vec<&str> = turn.labels.iter().map(|label| label.id()).collect();
            let LabelledTurn { speaker, start_s, end_s, text, .. } = turn;
            format!("{speaker:?} {start_s:.1}-{end_s:.1} [{}] {text}", labels.join(","))
        };
        call.turns.iter().map(turn).collect()
    }

    #[test]
    fn calls_utterances_and_tables_are_read() {
        let call = r#"{"call_id":"C1","contact":"family","turns":[{"speaker":"agent","start":1,"end":2.5,"text":"您好","labels":["threat"]}],"call_labels":["missing_amount"],"voice":"any"}"#;
        for (name, text, id, turns) in [
            ("a.jsonl", call, "C1", vec!["Agent 1.0-2.5 [threat] 您好"]),
            ("a.jsonl", r#"{"text":"您好","labels":["insult"]}"#, "a:1", vec!["Agent 0.0-1.0 [insult] 您好"]),
            ("a.tsv", "# 注\nclean\t您好", "a:2", vec!["Agent 0.0-1.0 [] 您好"]),
            ("a.tsv", "threat, insult\t你好", "a:1", vec!["Agent 0.0-1.0 [threat,insult] 你好"]),
            (
                "a.tsv",
                "threat\t坐席：喂｜客户：谁｜坐席：小心点",
                "a:1",
                vec!["Agent 0.0-1.0 [] 喂", "Customer 1.5-2.5 [] 谁", "Agent 3.0-4.0 [threat] 小心点"],
            ),
        ] {
            let calls = read(name, text).unwrap();
            assert_eq!(
                (calls[0].call_id.0.as_str(), shown(&calls[0])),
                (id, turns.iter().map(ToString::to_string).collect())
            );
        }
        let call = &read("a.jsonl", call).unwrap()[0];
        assert_eq!(call.contact, Some(Contact::Family));
        assert_eq!(call.call_labels, Some(BTreeSet::from([Category::MissingAmount])));
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        for (name, text, cause) in [
            ("a.tsv", "clean\t好\nclean 好", "a.tsv: line 2: no tab between labels and text"),
            ("a.tsv", "menace\t好", "a.tsv: line 1: unknown label `menace`"),
            ("a.tsv", "clean,threat\t好", "a.tsv: line 1: `clean` beside other labels"),
            ("a.tsv", "threat\t坐席：好｜你好", "a.tsv: line 1: turn `你好` names no speaker"),
            ("a.tsv", "threat\t坐席：好｜客户：你好", "a.tsv: line 1: the last turn is not the agent's"),
            ("a.tsv", "threat\t ", "a.tsv: line 1: no tab between labels and text"),
            ("a.jsonl", "{}", "a.jsonl: line 1: neither `turns` nor `text`"),
            ("a.jsonl", "[1]", "a.jsonl: line 1: neither `turns` nor `text`"),
            ("a.jsonl", "{", "a.jsonl: line 1: not JSON: EOF while parsing an object at line 1 column 1"),
            ("a.jsonl", r#"{"text":"好"}"#, "a.jsonl: line 1: missing field `labels`"),
        ] {
            assert_eq!(read(name, text).unwrap_err(), cause);
        }
        let backwards =
            r#"{"call_id":"C1","turns":[{"speaker":"agent","start":3,"end":2,"text":"好","labels":[]}]}"#;
        assert!(read("a.jsonl", backwards).unwrap_err().contains("ends before it begins"));
    }

    #[test]
    fn an_id_stands_for_one_call() {
        let calls = read("a.tsv", "clean\t好").unwrap();
        assert!(check_ids(Path::new("a.tsv"), &calls).is_ok());
        assert!(check_ids(Path::new("a.tsv"), &[calls.clone(), calls].concat()).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), table in any::<bool>()) {
            let _ = read(if table { "a.tsv" } else { "a.jsonl" }, &text);
        }

        #[test]
        fn a_spoilt_line_never_panics(place in 0_usize..90, put in "[\\[\\]{}\",:0-9\\-\\t｜：]{0,3}") {
            let mut line: Vec<char> =
                r#"{"call_id":"C1","turns":[{"speaker":"agent","start":1,"end":2,"text":"好","labels":[]}]}"#.chars().collect();
            let place = place.min(line.len());
            line.splice(place..(place + 2).min(line.len()), put.chars());
            let _ = read("a.jsonl", &line.into_iter().collect::<String>());
        }
    }
}
