//! What can be said of a rule from its own lines, before groups are expanded.

use std::collections::BTreeSet;

use crate::domain::Category;

use super::diagnostic::{Code, Diagnostic};
use super::format::{MustSayEntry, Polarity, RuleEntry, Text};
use super::layers::Layered;
use super::source::SourceFile;

/// Checks one rule by itself.
pub(super) fn check(
    layered: &Layered,
    source: &SourceFile,
    rule: &RuleEntry,
    problems: &mut Vec<Diagnostic>,
) {
    problems.extend(about_category(source, rule));
    problems.extend(about_body(source, rule));
    problems.extend(about_examples(source, rule));
    problems.extend(about_basis(layered, source, rule));
    problems.extend(twice(source, &rule.terms));
}

/// Categories that words decide.
fn is_spoken(category: Category) -> bool {
    category <= Category::ComplaintObstruction || category == Category::ContactAfterRefusal
}

/// Categories that the lack of words decides.
fn is_required(category: Category) -> bool {
    matches!(category, Category::MissingIdentity | Category::MissingRecordingNotice | Category::MissingAmount)
}

fn about_category(source: &SourceFile, rule: &RuleEntry) -> Option<Diagnostic> {
    let category = *rule.category.get_ref();
    let fits = match (rule.polarity, &rule.must_say) {
        (Polarity::Good, _) => category == Category::GoodConduct,
        (Polarity::Bad, Some(_)) => is_required(category),
        (Polarity::Mark, Some(_)) => false,
        (Polarity::Bad | Polarity::Mark, None) => is_spoken(category),
    };
    (!fits).then(|| {
        let message = format!("category `{}` does not fit rule `{}`", category.id(), rule.id.get_ref());
        let hint = "words decide threat … complaint_obstruction and contact_after_refusal, `must_say` decides missing_…; \
                    timing and sound have rules of their own; good_conduct goes with `polarity = \"good\"`";
        source.diagnose(Code::CategoryNotSpoken, rule.category.span(), message, hint)
    })
}

fn about_body(source: &SourceFile, rule: &RuleEntry) -> Option<Diagnostic> {
    let says = !(rule.terms.is_empty() && rule.patterns.is_empty() && rule.near.is_empty())
        || rule.r#match.is_some()
        || rule.semantic
        || !rule.like.is_empty();
    let id = rule.id.get_ref();
    match &rule.must_say {
        Some(must_say) if says => {
            let message =
                format!("rule `{id}` has `must_say` and terms, patterns, near, match, like or semantic");
            let hint = "make two rules of it";
            Some(source.diagnose(Code::MixedRule, must_say.span(), message, hint))
        }
        Some(must_say) if asks_nothing(must_say.get_ref()) => {
            let message = format!("rule `{id}` asks for a statement but names no words");
            let hint = "give `must_say` terms, patterns or a match";
            Some(source.diagnose(Code::EmptyRule, must_say.span(), message, hint))
        }
        None if !says => {
            let hint = "give it terms, patterns, near, match, like or must_say";
            let message = format!("rule `{id}` matches nothing");
            Some(source.diagnose(Code::EmptyRule, rule.id.span(), message, hint))
        }
        _ => None,
    }
}

fn asks_nothing(must_say: &MustSayEntry) -> bool {
    must_say.terms.is_empty() && must_say.patterns.is_empty() && must_say.r#match.is_none()
}

fn about_examples(source: &SourceFile, rule: &RuleEntry) -> Vec<Diagnostic> {
    let id = rule.id.get_ref();
    let mut found = Vec::new();
    if rule.hit.is_empty() {
        let hint = "add `hit = [\"…\"]` with a sentence that breaks the rule";
        let message = format!("rule `{id}` shows no `hit`");
        found.push(source.diagnose(Code::MissingHit, rule.id.span(), message, hint));
    }
    if rule.miss.is_empty() {
        let hint = "add `miss = [\"…\"]` with an innocent sentence that comes close";
        let message = format!("rule `{id}` shows no `miss`");
        found.push(source.diagnose(Code::MissingMiss, rule.id.span(), message, hint));
    }
    found
}

fn about_basis(layered: &Layered, source: &SourceFile, rule: &RuleEntry) -> Vec<Diagnostic> {
    let unknown = rule.basis.iter().filter(|id| !layered.basis.contains_key(id.get_ref()));
    unknown
        .map(|id| {
            let message = format!("unknown basis `{}`", id.get_ref());
            let hint = "define it as [basis.…] in basis.toml";
            source.diagnose(Code::UnknownBasis, id.span(), message, hint)
        })
        .collect()
}

fn twice(source: &SourceFile, terms: &[Text]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let again = terms.iter().filter(|term| !seen.insert(term.get_ref()));
    again
        .map(|term| {
            let message = format!("term `{}` is there already", term.get_ref());
            source.diagnose(Code::DuplicateTerm, term.span(), message, "take one of them out")
        })
        .collect()
}
