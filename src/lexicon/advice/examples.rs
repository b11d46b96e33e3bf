//! Examples that show nothing new, or contradict each other.

use std::collections::BTreeMap;

use toml_edit::{Item, Value};

use super::{RuleText, span};
use crate::lexicon::diagnostic::{Code, Diagnostic};

pub(super) fn check(rule: &RuleText) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for kind in ["hit", "miss"] {
        let examples = rule.table.get(kind).and_then(Item::as_array);
        for example in examples.into_iter().flatten() {
            match seen.get(said(example).as_str()) {
                None => {
                    seen.insert(said(example), kind);
                }
                Some(earlier) => found.push(advice(rule, example, earlier == &kind)),
            }
        }
    }
    found
}

fn advice(rule: &RuleText, example: &Value, is_same_kind: bool) -> Diagnostic {
    if is_same_kind {
        let message = "the example stands there already".to_owned();
        return rule.diagnose(
            Code::RepeatedExample,
            span(example),
            message,
            "take it out, or show another case",
        );
    }
    let message = "the example is a `hit` and a `miss` of the rule".to_owned();
    rule.diagnose(Code::ContradictingExample, span(example), message, "decide which it is")
}

/// Words and facts of an example, whatever the spacing.
fn said(example: &Value) -> String {
    match example.as_str() {
        Some(text) => text.trim().to_owned(),
        None => example.to_string().split_whitespace().collect(),
    }
}
