//! Character classes of patterns that the normal form never holds: digits, capitals, punctuation.

use regex_syntax::hir::{Class, Hir, HirKind};
use toml_edit::{Item, Value};

use super::{RuleText, normal, span};
use crate::lexicon::diagnostic::{Code, Diagnostic};
use crate::lexicon::groups::without_references;

/// A class of more characters than this holds some that are said.
const MAX_CLASS: usize = 1000;

pub(super) fn check(rule: &RuleText) -> Vec<Diagnostic> {
    let patterns = rule.table.get("patterns").and_then(Item::as_array);
    let patterns = patterns.into_iter().flatten().filter_map(|value| Some((value.as_str()?, value)));
    patterns.filter_map(|(pattern, value)| check_pattern(rule, pattern, value)).collect()
}

fn check_pattern(rule: &RuleText, pattern: &str, value: &Value) -> Option<Diagnostic> {
    let tree = regex_syntax::parse(&without_references(pattern)).ok()?;
    let dead = dead_class(&tree)?;
    let message = format!("`{dead}` never stands in the text that patterns see, nor does its like");
    let hint = "punctuation and spaces are gone, letters are lower-case, digits are spelled in Chinese";
    Some(rule.diagnose(Code::NeverMatches, span(value), message, hint))
}

/// A character of a class none of whose characters is ever seen.
fn dead_class(tree: &Hir) -> Option<char> {
    match tree.kind() {
        HirKind::Class(class) => dead_character(class),
        HirKind::Repetition(repetition) => dead_class(&repetition.sub),
        HirKind::Capture(capture) => dead_class(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(dead_class),
        _ => None,
    }
}

fn dead_character(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let size: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    if size > MAX_CLASS {
        return None;
    }
    let characters: Vec<char> = class.iter().flat_map(|range| range.start()..=range.end()).collect();
    if characters.iter().any(|character| is_seen(*character)) { None } else { characters.first().copied() }
}

/// Letters that the normal form leaves as they are; digits of every script are spelled or of no use.
fn is_seen(character: char) -> bool {
    character.is_alphabetic() && normal(&character.to_string()) == character.to_string()
}
