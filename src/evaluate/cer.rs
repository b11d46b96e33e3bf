//! Character error rate: how much of what was said was recognised as something else.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;

use super::labels::LabelledCall;
use crate::domain::{CallId, CallReport, Segment, Speaker};
use crate::text::NormalText;

/// Characters to insert, delete or replace, of all characters said. Both sides in the normal form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CharacterErrors {
    pub errors: usize,
    pub characters: usize,
}

impl CharacterErrors {
    /// Errors a character; above 1 where more was made up than said. None where nothing was said.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.characters > 0).then(|| self.errors as f64 / self.characters as f64)
    }
}

impl AddAssign for CharacterErrors {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.characters += other.characters;
    }
}

/// Errors by call and over all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ErrorRates {
    pub calls: BTreeMap<CallId, CharacterErrors>,
    /// Recordings with a channel for each speaker, compared speaker by speaker.
    pub speakers_apart: CharacterErrors,
    /// Recordings of one channel, compared as a whole.
    pub one_channel: CharacterErrors,
}

impl ErrorRates {
    /// Adds a call, unless its words are not known or its report did not begin with a recording.
    pub(super) fn add(&mut self, call: &LabelledCall, report: &CallReport) {
        let Some(recording) = &report.recording else { return };
        if call.turns.iter().all(|turn| turn.text.is_empty()) {
            return;
        }
        let sum = if recording.channels == 1 { &mut self.one_channel } else { &mut self.speakers_apart };
        let errors = if recording.channels == 1 {
            compare(call, report, |_| true)
        } else {
            let mut errors = compare(call, report, |speaker| speaker == Speaker::Agent);
            errors += compare(call, report, |speaker| speaker == Speaker::Customer);
            errors
        };
        *sum += errors;
        self.calls.insert(call.call_id.clone(), errors);
    }
}

/// Compares everything that some speakers say in a call, in order of time.
fn compare(call: &LabelledCall, report: &CallReport, of: impl Fn(Speaker) -> bool) -> CharacterErrors {
    let turns = call.turns.iter().filter(|turn| of(turn.speaker));
    let said: String = turns.map(|turn| turn.text.as_str()).collect();
    let mut segments: Vec<&Segment> =
        report.transcript.iter().filter(|segment| of(segment.speaker)).collect();
    segments.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let heard: String = segments.into_iter().map(|segment| segment.text.as_str()).collect();
    let (said, heard) = (characters(&said), characters(&heard));
    CharacterErrors { errors: edits(&said, &heard), characters: said.len() }
}

fn characters(text: &str) -> Vec<char> {
    NormalText::new(text).as_str().chars().collect()
}

/// Levenshtein distance.
fn edits(said: &[char], heard: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (index, character) in said.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in heard.iter().enumerate() {
            let replaced = diagonal + usize::from(character != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[heard.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, without any table.
    fn naive(said: &[char], heard: &[char]) -> usize {
        match (said.split_first(), heard.split_first()) {
            (None, _) => heard.len(),
            (_, None) => said.len(),
            (Some((a, said_rest)), Some((b, heard_rest))) => {
                let replaced = naive(said_rest, heard_rest) + usize::from(a != b);
                replaced.min(naive(said_rest, heard) + 1).min(naive(said, heard_rest) + 1)
            }
        }
    }

    #[test]
    fn writing_does_not_count_as_an_error() {
        for (said, heard, errors) in [
            ("您好，欠款3000元。", "您好欠款三千元", 0),
            ("還錢", "还钱", 0),
            ("今天还", "今天不还", 1),
            ("今天还", "", 3),
            ("", "嗯", 1),
        ] {
            assert_eq!(edits(&characters(said), &characters(heard)), errors, "{said} {heard}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn edits_agree_with_the_definition(said in "[甲乙丙]{0,6}", heard in "[甲乙丙]{0,6}") {
            let (said, heard): (Vec<char>, Vec<char>) = (said.chars().collect(), heard.chars().collect());
            prop_assert_eq!(edits(&said, &heard), naive(&said, &heard));
        }
    }
}
