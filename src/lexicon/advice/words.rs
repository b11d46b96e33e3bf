//! Words that change nothing in their list.

use super::RuleText;
use super::lists::{Entry, WordList, of_rule};
use crate::lexicon::diagnostic::{Code, Diagnostic};

/// Shorter words are found by their very characters only, longer ones by sound too: those find more.
const SHORTEST_BY_SOUND: usize = 3;

pub(super) fn check(rule: &RuleText) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for list in of_rule(rule) {
        for (index, entry) in list.entries.iter().enumerate().filter(|(_, entry)| !entry.is_group()) {
            let advice = stray(rule, entry)
                .or_else(|| repeated(rule, &list, index))
                .or_else(|| shadowed(rule, &list, entry));
            found.extend(advice);
        }
    }
    found
}

fn stray(rule: &RuleText, entry: &Entry) -> Option<Diagnostic> {
    if !entry.text.contains(['@', '<']) {
        return None;
    }
    let message = format!("`{}` is read as plain words", entry.text);
    let hint = "write \"@group\" alone, or a pattern with <group> in it";
    Some(rule.diagnose(Code::StrayReference, entry.span.clone(), message, hint))
}

fn repeated(rule: &RuleText, list: &WordList, index: usize) -> Option<Diagnostic> {
    let entry = &list.entries[index];
    let word = entry.words.first()?;
    let same = |(other, candidate): &(usize, &Entry)| {
        // Of two words the later one is too many; next to a group it is the word, wherever it stands.
        (*other < index || candidate.is_group()) && *other != index && candidate.words.contains(word)
    };
    let (_, other) = list.entries.iter().enumerate().find(same)?;
    if list.path == "terms" && other.text == entry.text {
        return None; // duplicate-term, which loading tells already
    }
    let message = format!("`{}` is there already, by `{}`", entry.text, other.text);
    Some(rule.diagnose(Code::RepeatedWord, entry.span.clone(), message, "take it out"))
}

fn shadowed(rule: &RuleText, list: &WordList, entry: &Entry) -> Option<Diagnostic> {
    if list.has_exceptions {
        return None;
    }
    let word = entry.words.first()?;
    let least = if list.exact_only { 1 } else { SHORTEST_BY_SOUND };
    let is_shorter = |other: &&String| {
        other.len() < word.len() && other.chars().count() >= least && word.contains(other.as_str())
    };
    let shorter = list.entries.iter().flat_map(|entry| &entry.words).find(is_shorter)?;
    let message = format!("wherever `{}` is said, `{shorter}` is found already", entry.text);
    let hint = "take the longer word out, or the shorter one if it says too much";
    Some(rule.diagnose(Code::ShadowedWord, entry.span.clone(), message, hint))
}
