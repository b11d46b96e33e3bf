//! `callaudit lexicon list`: the rules, a line each.

use std::io::{self, Write};

use clap::Args;
use comfy_table::{Table, presets};

use super::{Layers, lower};
use crate::cli::rules;
use crate::domain::Category;
use crate::lexicon::{Rule, RuleSet};

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
    let asked: Vec<&Rule> = rules.rules().iter().filter(|rule| args.asks_for(rule)).collect();
    if args.json {
        json(&asked, out)?;
    } else {
        table(&asked, &rules, out)?;
    }
    Ok(true)
}

impl ListArgs {
    fn asks_for(&self, rule: &Rule) -> bool {
        self.category.is_none_or(|category| rule.category == category)
            && self.severity.as_ref().is_none_or(|severity| lower(rule.severity) == *severity)
            && self.pack.as_ref().is_none_or(|pack| rule.pack == *pack)
    }
}

fn table(asked: &[&Rule], rules: &RuleSet, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["rule", "category", "severity", "tier", "title"]);
    for rule in asked {
        let (severity, tier) = (lower(rule.severity), lower(rule.tier));
        table.add_row([rule.id.as_str(), rule.category.id(), &severity, &tier, &rule.title]);
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "{} of {} rules, digest {}", asked.len(), rules.rules().len(), rules.digest())
}

fn json(asked: &[&Rule], out: &mut impl Write) -> io::Result<()> {
    let row = |rule: &&Rule| {
        serde_json::json!({
            "id": rule.id,
            "pack": rule.pack,
            "title": rule.title,
            "category": rule.category,
            "severity": rule.severity,
            "tier": rule.tier,
            "speaker": lower(rule.speaker),
            "why": rule.why,
        })
    };
    serde_json::to_writer_pretty(&mut *out, &asked.iter().map(row).collect::<Vec<_>>())?;
    writeln!(out)
}
