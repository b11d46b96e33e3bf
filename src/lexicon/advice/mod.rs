//! What is not wrong with a pack, but surely not meant: rules that cannot fire, words that change nothing.
//!
//! Works on the packs as written, so that it can point at the very word; nothing here is asked when packs are loaded.
//!
//! - `lists` — the lists of words that a rule holds, groups expanded.
//! - `words` — within a list: twice the same, a longer word that a shorter one finds already, a reference that is none.
//! - `reach` — rules that never apply: exceptions that take every hit back, windows without width, calls that cannot be.
//! - `conflicts` — the same words under two rules that judge them differently.
//! - `groups` — groups that nobody uses, members that stand twice.
//! - `examples` — the same example twice, or as `hit` and as `miss`.
//! - `classes` — classes of characters that the normal form never holds.

mod classes;
mod conflicts;
mod examples;
mod groups;
mod lists;
mod reach;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;
use std::path::PathBuf;

use toml_edit::{Document, Item, Table, Value};

use super::diagnostic::{Code, Diagnostic};
use super::groups::Scope;
use super::layers::{Layered, ParsedFile, layer};
use super::load::{parse, sources};
use super::source::SourceFile;
use crate::text::NormalText;

/// Advice on the built-in packs and the user's directories over them, in the order of files and lines. Empty where a
/// pack does not parse: [`super::check`] says why.
#[must_use]
pub fn advise(layers: &[PathBuf]) -> Vec<Diagnostic> {
    of_sources(sources(layers).0)
}

pub(super) fn of_sources(sources: Vec<SourceFile>) -> Vec<Diagnostic> {
    let parsed: Option<Vec<ParsedFile>> =
        sources.into_iter().map(|source| Some(ParsedFile { file: parse(&source).ok()?, source })).collect();
    let Some(files) = parsed else { return Vec::new() };
    let layered = layer(files, &mut Vec::new());
    let documents: Vec<Document<&str>> =
        layered.sources.iter().filter_map(|source| Document::parse(&*source.text).ok()).collect();
    let packs = Packs { layered: &layered, documents: &documents };
    let rules = packs.rules();
    let mut found = groups::check(&packs);
    for rule in &rules {
        found.extend(words::check(rule));
        found.extend(reach::check(rule));
        found.extend(examples::check(rule));
        found.extend(classes::check(rule));
    }
    found.extend(conflicts::check(&rules));
    found.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    found
}

/// All files, as merged and as written; documents and sources stand in the same order.
struct Packs<'a> {
    layered: &'a Layered,
    documents: &'a [Document<&'a str>],
}

/// One rule as written.
struct RuleText<'a> {
    scope: Scope<'a>,
    id: &'a str,
    table: &'a Table,
}

impl<'a> Packs<'a> {
    /// The rules in force: one that a later layer overrides or disables is nobody's business.
    fn rules(&self) -> Vec<RuleText<'a>> {
        let mut rules = Vec::new();
        for (file, document) in self.documents.iter().enumerate() {
            let tables = document.get("rule").and_then(Item::as_array_of_tables);
            for table in tables.into_iter().flatten() {
                let Some(id) = table.get("id").and_then(Item::as_str) else { continue };
                if self.layered.rules.get(id).is_some_and(|rule| rule.file == file) {
                    rules.push(RuleText { scope: Scope::new(self.layered, file), id, table });
                }
            }
        }
        rules
    }
}

impl RuleText<'_> {
    fn diagnose(&self, code: Code, span: Range<usize>, message: String, hint: &str) -> Diagnostic {
        self.scope.source().diagnose(code, span, message, hint)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.table.get(key).and_then(Item::as_str)
    }
}

fn normal(word: &str) -> String {
    NormalText::new(word).as_str().to_owned()
}

fn span(value: &Value) -> Range<usize> {
    value.span().unwrap_or(0..0)
}
