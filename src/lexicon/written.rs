//! A rule as it stands in its file, for people to read: independent of what the compiler makes of it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use toml_edit::{Array, Document, Item, Table, Value};

use super::groups::{Scope, references};
use super::layers::{Layered, ParsedFile, layer};
use super::load::{parse, sources};
use super::source::SourceFile;

/// One rule's own lines.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenRule {
    pub file: Arc<str>,
    /// From 1: where the rule begins.
    pub line: usize,
    /// Every key in the order written, with one or more lines for its value.
    pub keys: Vec<(String, Vec<String>)>,
    /// The groups that it names, with all their words.
    pub groups: Vec<(String, Vec<String>)>,
}

/// The rule with this id as the last layer that has it writes it; none if no file that can be read has one.
#[must_use]
pub fn written(layers: &[PathBuf], id: &str) -> Option<WrittenRule> {
    from_sources(sources(layers).0, id)
}

pub(super) fn from_sources(sources: Vec<SourceFile>, id: &str) -> Option<WrittenRule> {
    let parsed =
        sources.into_iter().filter_map(|source| Some(ParsedFile { file: parse(&source).ok()?, source }));
    let layered = layer(parsed.collect(), &mut Vec::new());
    let file = layered.rules.get(id)?.file;
    let source = &layered.sources[file];
    let document = Document::parse(&*source.text).ok()?;
    let rules = document.get("rule")?.as_array_of_tables()?;
    let table = rules.iter().find(|table| table.get("id").and_then(Item::as_str) == Some(id))?;
    Some(WrittenRule {
        file: Arc::clone(&source.path),
        line: source.line(table.span()?.start),
        keys: table.iter().map(|(key, item)| (key.to_owned(), lines(key, item))).collect(),
        groups: groups(table, &layered, file),
    })
}

/// Keys whose values are long enough for a line each.
const LINE_EACH: [&str; 4] = ["patterns", "like", "hit", "miss"];

fn lines(key: &str, item: &Item) -> Vec<String> {
    match item {
        Item::Value(Value::Array(array)) => array_lines(array, LINE_EACH.contains(&key)),
        Item::Value(value) => vec![shown(value)],
        Item::Table(table) => vec![shown(&Value::InlineTable(table.clone().into_inline_table()))],
        Item::ArrayOfTables(tables) => {
            tables.iter().map(|table| shown(&Value::InlineTable(table.clone().into_inline_table()))).collect()
        }
        Item::None => Vec::new(),
    }
}

fn array_lines(array: &Array, line_each: bool) -> Vec<String> {
    let values: Vec<String> = array.iter().map(shown).collect();
    if line_each || array.iter().any(|value| !value.is_str()) { values } else { vec![values.join(" ")] }
}

/// A string without its quotes, anything else on one line without its comments.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        Value::Array(array) => format!("[{}]", array.iter().map(inner).collect::<Vec<_>>().join(", ")),
        Value::InlineTable(table) => {
            let entries = table.iter().map(|(key, value)| format!("{key} = {}", inner(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string().trim().to_owned(),
    }
}

fn inner(value: &Value) -> String {
    if value.is_str() { format!("\"{}\"", shown(value)) } else { shown(value) }
}

fn groups(table: &Table, layered: &Layered, file: usize) -> Vec<(String, Vec<String>)> {
    let mut names = BTreeSet::new();
    let examples = ["hit", "miss", "why", "title"];
    for (_, item) in table.iter().filter(|(key, _)| !examples.contains(key)) {
        if let Ok(value) = item.clone().into_value() {
            collect(&value, &mut names);
        }
    }
    let scope = Scope::new(layered, file);
    names
        .into_iter()
        .filter_map(|name| Some((scope.group(&name, &(0..0)).ok()?, name)))
        .map(|(w, n)| (n, w))
        .collect()
}

/// Names of the groups that the strings of a value refer to.
fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => names.extend(references(text.value())),
        Value::Array(array) => array.iter().for_each(|value| collect(value, names)),
        Value::InlineTable(table) => table.iter().for_each(|(_, value)| collect(value, names)),
        _ => {}
    }
}
