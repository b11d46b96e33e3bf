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
    let mut text = format!(
        "{}  通话 {}  {}\n{} · {} · 规则 {}\n原话：{}\n命中：{}\n理由：{}\n置信度：{:.2}\n",
        finding.id,
        report.call_id,
        moment,
        finding.category.name_zh(),
        finding.severity.name_zh(),
        finding.rule,
        finding.quote,
        finding.meant,
        finding.explanation,
        finding.confidence,
    );
    finding.basis.iter().for_each(|basis| text.push_str(&format!("依据：{basis}\n")));
    text.push_str(&format!("\n同一通话中被排除的命中：{}\n", report.suppressed.len()));
    report.suppressed.iter().for_each(|suppressed| text.push_str(&line(suppressed)));
    text
}

fn line(suppressed: &Suppressed) -> String {
    let Suppressed { finding, by, reason } = suppressed;
    format!("  {}「{}」— {}：{}\n", finding.rule, finding.quote, by.name_zh(), reason)
}
