//! `callaudit explain`: why this finding, and what silenced the others.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::NOTHING_FOUND;
use super::failure::Failure;
use crate::domain::{CallReport, Finding, Suppressed};

/// Say why a finding was made, and what silenced the other hits of its call
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of the finding, as reports print it; its first characters are enough
    #[arg(value_name = "FINDING-ID")]
    id: String,

    /// Folder of the report
    #[arg(long, value_name = "DIR", default_value = "audit-out")]
    out: PathBuf,
}

/// Prints the explanation.
pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<u8> {
    let path = args.out.join("report.jsonl");
    let file = File::open(&path).map_err(|error| {
        let cause = format!("{}: cannot open the report: {error}", path.display());
        Failure::new(cause, "audit first, or name its folder with --out")
    })?;
    for line in BufReader::new(file).lines() {
        let report: CallReport = serde_json::from_str(&line?)
            .with_context(|| format!("{}: not a report of this version", path.display()))?;
        if let Some(finding) = report.findings.iter().find(|finding| finding.id.starts_with(&args.id)) {
            print!("{}", explanation(&report, finding));
            return Ok(NOTHING_FOUND);
        }
    }
    let cause = format!("{}: no finding {}", path.display(), args.id);
    Err(Failure::new(cause, "ids stand in findings.csv and on the pages").into())
}

fn explanation(report: &CallReport, finding: &Finding) -> String {
    let moment = match (finding.start_s, finding.end_s) {
        (Some(start), Some(end)) => format!("{start:.1}–{end:.1} 秒"),
        _ => "整通电话".to_owned(),
    };
    let (category, severity) = (finding.category.name_zh(), finding.severity.name_zh());
    let mut lines = vec![
        format!("{}  通话 {}  {moment}", finding.id, report.call_id),
        format!("{category} · {severity} · 规则 {}{}", finding.rule, also(finding)),
        format!("原话：{}", finding.quote),
        format!("命中：{}", finding.meant),
        format!("理由：{}", finding.explanation),
        format!("置信度：{:.2}", finding.confidence),
    ];
    lines.extend(
        finding
            .heard_again
            .map(|again| format!("再听：{}", if again { "仍听到同类内容" } else { "没有听到同类内容" })),
    );
    lines.extend(finding.basis.iter().map(|basis| format!("依据：{basis}")));
    lines.push(format!("\n同一通话中被排除的命中：{}", report.suppressed.len()));
    lines.extend(report.suppressed.iter().map(line));
    lines.join("\n") + "\n"
}

fn also(finding: &Finding) -> String {
    let rules: Vec<&str> = finding.also.iter().map(|also| also.rule.as_str()).collect();
    if rules.is_empty() { String::new() } else { format!("（同时命中 {}）", rules.join("、")) }
}

fn line(suppressed: &Suppressed) -> String {
    let Suppressed { finding, by, reason } = suppressed;
    format!("  {}「{}」— {}：{reason}", finding.rule, finding.quote, by.name_zh())
}
