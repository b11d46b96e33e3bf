//! From entries to rules: groups expanded, bases looked up, examples asked for.

use crate::text::NormalText;

use super::super::diagnostic::{Code, Diagnostic};
use super::super::format::Text;
use super::super::groups::Scope;
use super::super::layers::Layered;
use super::{ConductEntry, ConductRule, PlacedConduct};

/// Compiles all rules of conduct, sorted by id; what is wrong with them goes to `problems`.
pub(in super::super) fn compile(layered: &Layered, problems: &mut Vec<Diagnostic>) -> Vec<ConductRule> {
    layered.conduct.values().map(|placed| rule(layered, placed, problems)).collect()
}

fn rule(layered: &Layered, placed: &PlacedConduct, problems: &mut Vec<Diagnostic>) -> ConductRule {
    let scope = Scope::new(layered, placed.file);
    let entry = &placed.entry;
    problems.extend(lacks_examples(scope, entry));
    problems.extend(has_unknown_basis(scope, layered, entry));
    ConductRule {
        id: entry.id.get_ref().clone(),
        pack: layered.sources[placed.file].stem().to_owned(),
        title: entry.title.clone(),
        measure: entry.measure,
        severity: entry.severity,
        tier: entry.tier,
        unless: entry.unless.iter().flat_map(|written| words(scope, written, problems)).collect(),
        why: entry.why.trim().to_owned(),
        basis: entry.basis.iter().filter_map(|id| layered.basis.get(id.get_ref())).cloned().collect(),
        hit: entry.hit.iter().map(|example| example.get_ref().clone()).collect(),
        miss: entry.miss.iter().map(|example| example.get_ref().clone()).collect(),
    }
}

/// A word or all words of a group, in the normal form.
fn words(scope: Scope, written: &Text, problems: &mut Vec<Diagnostic>) -> Vec<String> {
    let words = scope.words(written.get_ref(), &written.span()).unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    let normal = words.iter().map(|word| NormalText::new(word).as_str().to_owned());
    normal.filter(|word| !word.is_empty()).collect()
}

fn lacks_examples(scope: Scope, entry: &ConductEntry) -> Vec<Diagnostic> {
    let asked = [
        (
            entry.hit.is_empty(),
            Code::MissingHit,
            "hit",
            "add `hit = [{ turns = [[\"agent\", 0.0, 3.0, \"…\"]] }]`",
        ),
        (
            entry.miss.is_empty(),
            Code::MissingMiss,
            "miss",
            "add `miss`, a stretch that comes close and is fine",
        ),
    ];
    let missing = asked.into_iter().filter(|(is_missing, ..)| *is_missing);
    missing
        .map(|(_, code, key, hint)| {
            let message = format!("rule `{}` shows no `{key}`", entry.id.get_ref());
            scope.source().diagnose(code, entry.id.span(), message, hint)
        })
        .collect()
}

fn has_unknown_basis(scope: Scope, layered: &Layered, entry: &ConductEntry) -> Vec<Diagnostic> {
    let unknown = entry.basis.iter().filter(|id| !layered.basis.contains_key(id.get_ref()));
    unknown
        .map(|id| {
            let message = format!("unknown basis `{}`", id.get_ref());
            scope.source().diagnose(
                Code::UnknownBasis,
                id.span(),
                message,
                "define it as [basis.…] in basis.toml",
            )
        })
        .collect()
}
