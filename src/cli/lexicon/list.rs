//! `callaudit lexicon list`: the rules, a line each.

use std::io::{self, Write};

use clap::Args;
use comfy_table::{Table, presets};

use super::{Layers, lower};
use crate::cli::rules;
use crate::domain::{Category, Severity, Tier};
use crate::lexicon::{ConductRule, Rule, RuleSet};

/// Which rules to list, and how.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    layers: Layers,

    /// Only rules of this category, e.g. threat
    #[arg(long, value_name = "ID", value_parser = category)]
    category: Option<Category>,

    /// Only rules of this severity
    #[arg(long, value_parser = ["info", "minor", "major", "critical"])]
    severity: Option<String>,

    /// Only rules of this pack, e.g. threat
    #[arg(long, value_name = "ID")]
    pack: Option<String>,

    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

fn category(id: &str) -> Result<Category, String> {
    Category::ALL.into_iter().find(|category| category.id() == id).ok_or_else(|| {
        let ids: Vec<&str> = Category::ALL.iter().map(|category| category.id()).collect();
        format!("no such category; there are {}", ids.join(", "))
    })
}

/// Prints the rules asked for.
pub(super) fn run(args: &ListArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let rules = rules::load(&args.layers.directories)?;
    let all = rules.rules().iter().map(Row::said).chain(rules.conduct().iter().map(Row::conduct));
    let all: Vec<Row> = all.collect();
    let asked: Vec<&Row> = all.iter().filter(|row| args.asks_for(row)).collect();
    if args.json {
        json(&asked, out)?;
    } else {
        table(&asked, all.len(), &rules, out)?;
    }
    Ok(true)
}

/// What the list tells of a rule, whatever it is about.
struct Row<'a> {
    id: &'a str,
    pack: &'a str,
    title: &'a str,
    /// Absent for what is only remarked on.
    category: Option<Category>,
    severity: Severity,
    tier: Tier,
    /// Absent for what is measured.
    speaker: Option<String>,
    why: &'a str,
}

impl<'a> Row<'a> {
    fn said(rule: &'a Rule) -> Self {
        let Rule { id, pack, title, why, .. } = rule;
        let (category, speaker) = (Some(rule.category), Some(lower(rule.speaker)));
        Self { id, pack, title, category, severity: rule.severity, tier: rule.tier, speaker, why }
    }

    fn conduct(rule: &'a ConductRule) -> Self {
        let ConductRule { id, pack, title, why, .. } = rule;
        let category = rule.measure.category();
        Self { id, pack, title, category, severity: rule.severity, tier: rule.tier, speaker: None, why }
    }
}

impl ListArgs {
    fn asks_for(&self, row: &Row) -> bool {
        self.category.is_none_or(|category| row.category == Some(category))
            && self.severity.as_ref().is_none_or(|severity| lower(row.severity) == *severity)
            && self.pack.as_ref().is_none_or(|pack| row.pack == *pack)
    }
}

fn table(asked: &[&Row], all: usize, rules: &RuleSet, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["rule", "category", "severity", "tier", "title"]);
    for row in asked {
        let category = row.category.map_or("-", Category::id);
        table.add_row([row.id, category, &lower(row.severity), &lower(row.tier), row.title]);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "{} of {all} rules, digest {}", asked.len(), rules.digest())
}

fn json(asked: &[&Row], out: &mut impl Write) -> io::Result<()> {
    let row = |row: &&Row| {
        serde_json::json!({
            "id": row.id,
            "pack": row.pack,
            "title": row.title,
            "category": row.category,
            "severity": row.severity,
            "tier": row.tier,
            "speaker": row.speaker,
            "why": row.why,
        })
    };
    serde_json::to_writer_pretty(&mut *out, &asked.iter().map(row).collect::<Vec<_>>())?;
    writeln!(out)
}
