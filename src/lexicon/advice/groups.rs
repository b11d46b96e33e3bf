//! Groups that nobody uses, and members that stand twice.

use std::collections::BTreeSet;

use toml_edit::{Item, TableLike, Value};

use super::{Packs, normal, span};
use crate::lexicon::diagnostic::{Code, Diagnostic};
use crate::lexicon::groups::references;
use crate::lexicon::source::SourceFile;

/// Groups of this file are everybody's.
const SHARED: &str = "groups";

pub(super) fn check(packs: &Packs) -> Vec<Diagnostic> {
    let used: Vec<BTreeSet<String>> =
        packs.documents.iter().map(|document| named(document.as_table())).collect();
    let everywhere: BTreeSet<&String> = used.iter().flatten().collect();
    let mut found = Vec::new();
    for (file, document) in packs.documents.iter().enumerate() {
        let source = &packs.layered.sources[file];
        let Some(groups) = document.get("groups").and_then(Item::as_table_like) else { continue };
        for (name, members) in groups.iter() {
            let name_text = name.to_owned();
            let is_used = if source.stem() == SHARED {
                everywhere.contains(&name_text)
            } else {
                used[file].contains(name)
            };
            if !is_used {
                let place = groups.key(name).and_then(toml_edit::Key::span).unwrap_or(0..0);
                let hint = "take it out, or name it as \"@group\" in a list or <group> in a pattern";
                found.push(source.diagnose(
                    Code::UnusedGroup,
                    place,
                    format!("no rule uses group `{name}`"),
                    hint,
                ));
            }
            found.extend(twice(source, members));
        }
    }
    found
}

fn twice(source: &SourceFile, members: &Item) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let members = members.as_array().into_iter().flatten();
    let again = members.filter(|member| !seen.insert(member.as_str().map(key)));
    again
        .map(|member| {
            let message = format!("`{}` is in the group already", member.as_str().unwrap_or_default());
            source.diagnose(Code::RepeatedWord, span(member), message, "take one of them out")
        })
        .collect()
}

/// A group's name stands for itself, a word for its normal form.
fn key(member: &str) -> String {
    if member.starts_with('@') { member.to_owned() } else { normal(member) }
}

/// Every group that the strings of a table name.
fn named(table: &dyn TableLike) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, item) in table.iter() {
        collect_item(item, &mut names);
    }
    names
}

fn collect_item(item: &Item, names: &mut BTreeSet<String>) {
    match item {
        Item::Value(value) => collect(value, names),
        Item::Table(table) => names.extend(named(table)),
        Item::ArrayOfTables(tables) => tables.iter().for_each(|table| names.extend(named(table))),
        Item::None => {}
    }
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => names.extend(references(text.value())),
        Value::Array(array) => array.iter().for_each(|value| collect(value, names)),
        Value::InlineTable(table) => names.extend(named(table)),
        _ => {}
    }
}
