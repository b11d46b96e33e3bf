//! `callaudit lexicon explain`: everything about one rule.

use std::io::{self, Write};
use std::path::PathBuf;

use super::{conduct, lower, one_line};
use crate::cli::failure::Failure;
use crate::cli::rules;
use crate::domain::Basis;
use crate::lexicon::{self, Rule, WrittenRule};

/// Keys that are told in words of their own, or last.
const TOLD_APART: [&str; 11] =
    ["id", "title", "category", "severity", "speaker", "tier", "silence", "why", "basis", "hit", "miss"];

/// Prints the rule with this id.
pub(super) fn run(id: &str, layers: &[PathBuf], out: &mut impl Write) -> anyhow::Result<bool> {
    let rules = rules::load(layers)?;
    if let Some(rule) = rules.conduct().iter().find(|rule| rule.id == id) {
        conduct::print(rule, out)?;
        return Ok(true);
    }
    let rule = rules.rules().iter().find(|rule| rule.id == id);
    let (Some(rule), Some(written)) = (rule, lexicon::written(layers, id)) else {
        let cause = format!("no rule `{id}`");
        return Err(Failure::new(cause, "`callaudit lexicon list` prints all ids").into());
    };
    print(rule, &written, out)?;
    Ok(true)
}

pub(super) fn print(rule: &Rule, written: &WrittenRule, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} — {} ({}:{})", rule.id, rule.title, written.file, written.line)?;
    for (name, value) in about(rule) {
        line(name, &value, out)?;
    }
    let matching = written.keys.iter().filter(|(key, _)| !TOLD_APART.contains(&key.as_str()));
    for (key, values) in matching {
        values.iter().try_for_each(|value| line(key, value, out))?;
    }
    for (name, words) in &written.groups {
        line(&format!("@{name}"), &words.join(" "), out)?;
    }
    for (name, examples) in [("hit", &rule.hit), ("miss", &rule.miss)] {
        examples.iter().try_for_each(|example| line(name, &one_line(&example.text), out))?;
    }
    Ok(())
}

fn line(name: &str, value: &str, out: &mut impl Write) -> io::Result<()> {
    if value.is_empty() { Ok(()) } else { writeln!(out, "  {name:<10} {value}") }
}

/// What holds for the rule, defaults too.
fn about(rule: &Rule) -> [(&'static str, String); 7] {
    let basis: Vec<String> = rule.basis.iter().map(Basis::cite).collect();
    let silence: Vec<String> = rule.silence.iter().map(lower).collect();
    [
        ("category", format!("{} {}", rule.category.id(), rule.category.name_zh())),
        ("severity", lower(rule.severity)),
        ("tier", lower(rule.tier)),
        ("speaker", lower(rule.speaker)),
        ("why", rule.why.clone()),
        ("basis", basis.join("；")),
        ("silence", silence.join(", ")),
    ]
}
