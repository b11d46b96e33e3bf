//! Each rule compiled by itself, to see what it costs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml_edit::{Document, Item, Value};

use super::compile::compile;
use super::diagnostic::Diagnostic;
use super::layers::{Layered, ParsedFile, PlacedRule, layer};
use super::load::{parse, sources};
use super::rule::RuleSet;

/// Rule sets of one rule each.
#[derive(Debug)]
pub struct Alone {
    /// By id. A rule that builds on others has those beside it.
    pub rules: BTreeMap<String, RuleSet>,
    pub without_rules: RuleSet,
}

/// Compiles every rule of the built-in packs and the user's directories by itself.
///
/// # Errors
/// The mistakes that keep a pack from use.
pub fn each_alone(layers: &[PathBuf]) -> Result<Alone, Vec<Diagnostic>> {
    let (sources, mut problems) = sources(layers);
    let mut files = Vec::new();
    for source in sources {
        match parse(&source) {
            Ok(file) => files.push(ParsedFile { source, file }),
            Err(broken) => problems.push(broken),
        }
    }
    let mut layered = layer(files, &mut problems);
    let builds_on = builds_on(&layered);
    let mut all = std::mem::take(&mut layered.rules);
    let without_rules = compile_only(&mut layered, &mut all, &BTreeSet::new(), &mut problems);
    let ids: Vec<String> = all.keys().cloned().collect();
    let mut rules = BTreeMap::new();
    for id in ids {
        let needed = closure(&id, &builds_on);
        rules.extend(compile_only(&mut layered, &mut all, &needed, &mut problems).map(|set| (id, set)));
    }
    match without_rules.filter(|_| !problems.iter().any(Diagnostic::is_error)) {
        Some(without_rules) => Ok(Alone { rules, without_rules }),
        None => Err(problems),
    }
}

/// Lends the rules of these ids to `layered` for one compilation.
fn compile_only(
    layered: &mut Layered,
    all: &mut BTreeMap<String, PlacedRule>,
    ids: &BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) -> Option<RuleSet> {
    layered.rules = ids.iter().filter_map(|id| all.remove_entry(id)).collect();
    let compiled = compile(layered, problems);
    all.append(&mut layered.rules);
    compiled
}

/// A rule and all that it builds on, however deep.
fn closure(id: &str, builds_on: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![id.to_owned()];
    while let Some(id) = open.pop() {
        open.extend(
            builds_on.get(&id).into_iter().flatten().filter(|other| !found.contains(*other)).cloned(),
        );
        found.insert(id);
    }
    found
}

/// The rules that each rule names as `{ rule = "…" }`.
fn builds_on(layered: &Layered) -> BTreeMap<String, BTreeSet<String>> {
    let mut named = BTreeMap::new();
    for source in &layered.sources {
        let Ok(document) = Document::parse(&*source.text) else { continue };
        let rules = document.get("rule").and_then(Item::as_array_of_tables);
        for table in rules.into_iter().flatten() {
            let Some(id) = table.get("id").and_then(Item::as_str) else { continue };
            let mut others = BTreeSet::new();
            for (_, item) in table {
                if let Ok(value) = item.clone().into_value() {
                    collect(&value, &mut others);
                }
            }
            named.insert(id.to_owned(), others);
        }
    }
    named
}

fn collect(value: &Value, others: &mut BTreeSet<String>) {
    match value {
        Value::Array(array) => array.iter().for_each(|value| collect(value, others)),
        Value::InlineTable(table) => {
            others.extend(table.get("rule").and_then(Value::as_str).map(str::to_owned));
            table.iter().for_each(|(_, value)| collect(value, others));
        }
        _ => {}
    }
}
