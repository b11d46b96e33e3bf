//! The same words under two rules that judge them differently.

use std::collections::BTreeMap;
use std::ops::Range;

use super::RuleText;
use super::lists::of_rule;
use crate::lexicon::diagnostic::{Code, Diagnostic};

/// Reports at the later of two rules each term that stands for another category or severity in the earlier one.
pub(super) fn check(rules: &[RuleText]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &RuleText> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in rules {
        for (word, written, span) in terms(rule) {
            match first.get(&word) {
                Some(other) if judges_differently(other, rule) => {
                    let message =
                        format!("`{written}` is a term of `{}` too, {}", other.id, judgement(other));
                    let hint = "keep it in one of the two, or give the rules different calls with `when`";
                    found.push(rule.diagnose(Code::ConflictingRules, span, message, hint));
                }
                Some(_) => {}
                None => {
                    first.insert(word, rule);
                }
            }
        }
    }
    found
}

/// Each term in the normal form, as written, and where.
fn terms(rule: &RuleText) -> Vec<(String, String, Range<usize>)> {
    let mut terms = Vec::new();
    for list in of_rule(rule).into_iter().filter(|list| list.path == "terms") {
        for entry in list.entries {
            terms.extend(entry.words.into_iter().map(|word| (word, entry.text.clone(), entry.span.clone())));
        }
    }
    terms
}

/// Rules about other speakers or other calls do not meet.
fn judges_differently(a: &RuleText, b: &RuleText) -> bool {
    let same = |key: &str| a.text(key) == b.text(key);
    let when = |rule: &RuleText| rule.table.get("when").map(ToString::to_string);
    a.id != b.id && same("speaker") && when(a) == when(b) && !(same("category") && same("severity"))
}

fn judgement(rule: &RuleText) -> String {
    format!("{} {}", rule.text("severity").unwrap_or_default(), rule.text("category").unwrap_or_default())
}
