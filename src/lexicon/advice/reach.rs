//! Rules, or parts of rules, that can never fire.

use std::collections::BTreeSet;

use toml_edit::{Array, Item, TableLike, Value};

use super::RuleText;
use super::lists::{Entry, WordList, of_rule};
use crate::lexicon::diagnostic::{Code, Diagnostic};

pub(super) fn check(rule: &RuleText) -> Vec<Diagnostic> {
    let mut found = always_allowed(rule);
    windows(rule, rule.table, &mut found);
    found.extend(never_applies(rule));
    found
}

/// Terms that hold a word of the rule's own exception.
fn always_allowed(rule: &RuleText) -> Vec<Diagnostic> {
    let lists = of_rule(rule);
    let excepted: Vec<&String> = entries(&lists, "unless.terms").flat_map(|entry| &entry.words).collect();
    let mut found = Vec::new();
    for entry in entries(&lists, "terms") {
        let covered = |word: &String| excepted.iter().find(|other| word.contains(other.as_str()));
        let Some((word, other)) = entry.words.iter().find_map(|word| Some((word, covered(word)?))) else {
            continue;
        };
        let message = format!("`unless` takes every hit of `{word}` back: it holds `{other}`");
        let hint = "take one of the two out, or write a longer exception";
        found.push(rule.diagnose(Code::AlwaysAllowed, entry.span.clone(), message, hint));
    }
    found
}

fn entries<'a>(lists: &'a [WordList], path: &'a str) -> impl Iterator<Item = &'a Entry> {
    lists.iter().filter(move |list| list.path == path).flat_map(|list| &list.entries)
}

/// Windows that end before they begin.
fn windows(rule: &RuleText, table: &dyn TableLike, found: &mut Vec<Diagnostic>) {
    for (from, to) in [("from_s", "to_s"), ("from_percent", "to_percent")] {
        let (Some(start), Some(end)) = (number(table.get(from)), number(table.get(to))) else { continue };
        if start >= end {
            let place = table.get(to).and_then(Item::span).unwrap_or(0..0);
            let message = format!("no moment lies between `{from} = {start}` and `{to} = {end}`");
            found.push(rule.diagnose(
                Code::EmptyWindow,
                place,
                message,
                "let the window end after it begins",
            ));
        }
    }
    for (_, item) in table.iter() {
        match item {
            Item::Value(Value::Array(array)) => windows_in(rule, array, found),
            _ => {
                if let Some(inner) = item.as_table_like() {
                    windows(rule, inner, found);
                }
            }
        }
    }
}

fn windows_in(rule: &RuleText, array: &Array, found: &mut Vec<Diagnostic>) {
    for value in array {
        match value {
            Value::InlineTable(inner) => windows(rule, inner, found),
            Value::Array(inner) => windows_in(rule, inner, found),
            _ => {}
        }
    }
}

fn number(item: Option<&Item>) -> Option<f64> {
    let item = item?;
    item.as_float().or_else(|| item.as_integer().map(|whole| whole as f64))
}

/// `when` asks for calls that a condition inside `match` rules out.
fn never_applies(rule: &RuleText) -> Vec<Diagnostic> {
    let Some(when) = rule.table.get("when").and_then(Item::as_table_like) else { return Vec::new() };
    let mut found = Vec::new();
    for call in conditions(rule) {
        for key in ["contact", "product", "direction"] {
            let (Some(outer), Some(inner)) = (strings(when.get(key)), strings(call.get(key))) else {
                continue;
            };
            if outer.is_disjoint(&inner) {
                let place = call.get(key).and_then(Item::span).unwrap_or(0..0);
                let message = format!("no call has the {key} that `when` and this ask for");
                found.push(rule.diagnose(Code::NeverApplies, place, message, "ask for it in one place"));
            }
        }
    }
    found
}

/// The `call = { … }` without which `match` cannot hold: at its top, or a part of an `all` there.
fn conditions<'a>(rule: &RuleText<'a>) -> Vec<&'a dyn TableLike> {
    let Some(tree) = rule.table.get("match").and_then(Item::as_table_like) else { return Vec::new() };
    let parts = tree.get("all").and_then(Item::as_array);
    let inner =
        parts.into_iter().flatten().filter_map(Value::as_inline_table).map(|part| part as &dyn TableLike);
    let all = std::iter::once(tree).chain(inner);
    all.filter_map(|part| part.get("call").and_then(Item::as_table_like)).collect()
}

fn strings(item: Option<&Item>) -> Option<BTreeSet<&str>> {
    let values: BTreeSet<&str> = item?.as_array()?.iter().filter_map(Value::as_str).collect();
    (!values.is_empty()).then_some(values)
}
