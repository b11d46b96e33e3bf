//! Findings and counts as rows for spreadsheets, in Chinese, and findings as lines of JSON.

use std::io;

use super::super::format::Format;
use super::super::table::{head, rows};
use super::super::tables::{Row, timing_row};
use super::super::words;
use crate::domain::{TimingFinding, TimingRule, TimingSummary, TimingTally};

const FINDINGS: [&str; 16] = [
    "通话编号",
    "类别",
    "严重程度",
    "认定",
    "起呼时间",
    "说明",
    "限制",
    "依据",
    "涉及通话",
    "坐席工号",
    "团队",
    "债务人",
    "委托机构",
    "规则",
    "类别代码",
    "发现编号",
];

const COUNTS: [&str; 8] =
    ["通话数", "外呼数", "接通数", "通话时长（分钟）", "有发现的通话", "占外呼比例（%）", "违规", "待复核"];

/// One finding, as it stands in each file; absent where there is no such file.
#[derive(Debug, Clone, PartialEq)]
pub struct TimingLines {
    /// With its end.
    pub json: Option<String>,
    pub csv: Option<Vec<u8>>,
    pub row: Option<Row>,
}

/// Puts a finding into lines for files of these formats.
///
/// # Errors
/// None that a finding can cause.
pub fn timing_lines(found: &TimingFinding, formats: &[Format]) -> io::Result<TimingLines> {
    let is_in = |format| formats.contains(&format);
    let (jsonl, parquet) = (is_in(Format::Jsonl), is_in(Format::Parquet));
    let json = (jsonl || parquet).then(|| serde_json::to_string(found)).transpose()?;
    Ok(TimingLines {
        csv: is_in(Format::Csv).then(|| csv_line(found)).transpose()?,
        row: json.as_deref().filter(|_| parquet).map(timing_row).transpose()?,
        json: json.filter(|_| jsonl).map(|line| line + "\n"),
    })
}

fn csv_line(found: &TimingFinding) -> io::Result<Vec<u8>> {
    let finding = &found.finding;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let row = [
        found.call_id.to_string(),
        finding.category.name_zh().to_owned(),
        finding.severity.name_zh().to_owned(),
        finding.tier.name_zh().to_owned(),
        finding.quote.clone(),
        finding.explanation.clone(),
        finding.meant.clone(),
        finding.basis.join("；"),
        finding.calls.iter().map(|call| call.0.as_str()).collect::<Vec<_>>().join("、"),
        text(&found.agent_id),
        text(&found.team),
        text(&found.debtor_id),
        text(&found.lender),
        finding.rule.clone(),
        finding.category.id().to_owned(),
        finding.id.clone(),
    ];
    rows([row.to_vec()])
}

pub(super) fn findings_head() -> io::Result<Vec<u8>> {
    head(FINDINGS.map(str::to_owned).to_vec())
}

pub(super) fn problems_head() -> io::Result<Vec<u8>> {
    head(["文件", "行", "原因"].map(str::to_owned).to_vec())
}

pub(super) fn problem_row(file: &str, line: usize, cause: &str) -> io::Result<Vec<u8>> {
    rows([vec![file.to_owned(), line.to_string(), cause.to_owned()]])
}

/// The tables of counts: file name and bytes.
pub(super) fn count_tables(summary: &TimingSummary) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let named = |groups: &[(String, TimingTally)]| -> Vec<(String, TimingTally)> {
        groups.iter().map(|(name, tally)| (words::name_or_unstated(name), tally.clone())).collect()
    };
    let hours = summary.hours.iter().enumerate();
    let hours = hours.map(|(hour, tally)| (format!("{hour:02}:00"), tally.clone())).collect();
    let days = summary.days.iter().map(|day| (day.date.clone(), day.tally.clone())).collect();
    let table = |first, groups: Vec<(String, TimingTally)>| count_table(first, &groups, &summary.rules);
    Ok(vec![
        ("agents.csv", table("坐席", named(&summary.agents))?),
        ("teams.csv", table("团队", named(&summary.teams))?),
        ("lenders.csv", table("委托机构", named(&summary.lenders))?),
        ("hours.csv", table("时", hours)?),
        ("days.csv", table("日期", days)?),
    ])
}

fn count_table(first: &str, groups: &[(String, TimingTally)], rules: &[TimingRule]) -> io::Result<Vec<u8>> {
    let columns = std::iter::once(first.to_owned())
        .chain(COUNTS.map(str::to_owned))
        .chain(rules.iter().map(|rule| format!("{}（{}）", rule.title, rule.id)));
    let mut bytes = head(columns.collect())?;
    bytes.extend(rows(groups.iter().map(|(name, tally)| {
        let counts = [
            tally.calls.to_string(),
            tally.outbound.to_string(),
            tally.answered.to_string(),
            (tally.talk_s / 60).to_string(),
            tally.flagged.to_string(),
            format!("{:.2}", tally.flagged_rate() * 100.0),
            tally.violations.to_string(),
            tally.reviews.to_string(),
        ];
        let by_rule = tally.by_rule.iter().map(u64::to_string);
        std::iter::once(name.clone()).chain(counts).chain(by_rule).collect()
    }))?);
    Ok(bytes)
}
