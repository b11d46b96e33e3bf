//! What a row holds, once for all formats: names for people and for programs, and the cells of each.

use std::borrow::Cow;

use super::words::{self, Word};
use crate::domain::{Category, Verdict};
use crate::store::JudgedFinding;
use crate::text::{masked, to_simplified};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Real(f64),
    Whole(i64),
}

/// What all cells of a column are, where they are anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Real,
    Whole,
}

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Names in Chinese.
    Person,
    /// Ids.
    Program,
}

/// A column.
pub(super) struct Column {
    /// For programs.
    pub key: &'static str,
    /// For people.
    pub name_zh: &'static str,
    /// In characters of a spreadsheet, of which Chinese ones take two.
    pub width: u8,
    pub kind: Kind,
    pub cell: fn(&JudgedFinding, Reader) -> Cell<'_>,
}

pub(super) const CALL_ID: &str = "call_id";
pub(super) const FINDING_ID: &str = "finding_id";
pub(super) const SEVERITY: &str = "severity";
pub(super) const CONFIDENCE: &str = "confidence";
pub(super) const JUDGEMENT: &str = "judgement";
pub(super) const REASON: &str = "reason";
pub(super) const COMMENT: &str = "comment";
pub(super) const REVIEW_ID: &str = "review_id";

/// The cells that a reviewer fills in.
pub(super) const FILLED_IN: [&str; 3] = [JUDGEMENT, REASON, COMMENT];

const fn column(
    key: &'static str,
    name_zh: &'static str,
    width: u8,
    kind: Kind,
    cell: fn(&JudgedFinding, Reader) -> Cell<'_>,
) -> Column {
    Column { key, name_zh, width, kind, cell }
}

/// All columns, in order.
pub(super) const COLUMNS: [Column; 23] = [
    column(CALL_ID, "通话编号", 18, Kind::Text, |row, _| text(&row.call_id)),
    column("day", "日期", 12, Kind::Text, |row, _| text(&row.day)),
    column("agent_id", "坐席工号", 11, Kind::Text, |row, _| optional(row.agent_id.as_deref())),
    column("team", "团队", 12, Kind::Text, |row, _| optional(row.team.as_deref())),
    column("category_name", "类别", 20, Kind::Text, |row, _| {
        optional(Category::from_id(&row.category).map(Category::name_zh))
    }),
    column(SEVERITY, "严重程度", 10, Kind::Text, |row, reader| {
        said(reader, row.severity.name_zh(), row.severity.id())
    }),
    column("tier", "认定", 9, Kind::Text, |row, reader| said(reader, row.tier.name_zh(), row.tier.id())),
    column("quote", "原话", 48, Kind::Text, |row, _| Cell::Text(to_simplified(&row.quote).into())),
    column("start_s", "开始秒", 9, Kind::Real, |row, _| row.start_s.map_or(Cell::Nothing, Cell::Real)),
    column(CONFIDENCE, "置信度", 9, Kind::Real, |row, _| Cell::Real(row.confidence)),
    column("verdict", "通话结论", 10, Kind::Text, |row, reader| {
        row.verdict.map_or(Cell::Nothing, |verdict: Verdict| said(reader, verdict.name_zh(), verdict.id()))
    }),
    column("state", "状态", 12, Kind::Text, |row, reader| {
        said(reader, row.state.name_zh(), row.state.id())
    }),
    column(JUDGEMENT, "复核结论", 10, Kind::Text, |row, reader| {
        let word = row.last.as_ref().map(|last| Word::of(last.judgement));
        word.map_or(Cell::Nothing, |word| said(reader, word.name_zh(), word.id()))
    }),
    column(REASON, "驳回原因", 24, Kind::Text, |row, reader| {
        let reason = row.last.as_ref().and_then(|last| words::reason(last.judgement));
        reason.map_or(Cell::Nothing, |reason| said(reader, reason.name_zh(), reason.id()))
    }),
    column(COMMENT, "备注", 30, Kind::Text, |row, _| {
        row.last.as_ref().map_or(Cell::Nothing, |last| match masked(&last.comment) {
            comment if comment.is_empty() => Cell::Nothing,
            comment => Cell::Text(comment.into()),
        })
    }),
    column("reviewer", "复核人", 12, Kind::Text, |row, _| {
        optional(row.last.as_ref().map(|last| last.reviewer.as_str()))
    }),
    column("reviewed_at", "复核时间", 21, Kind::Text, |row, _| {
        optional(row.last.as_ref().map(|last| last.at.as_str()))
    }),
    column("appeal", "申诉", 10, Kind::Text, |row, reader| {
        let shown = |appeal| said(reader, words::appeal_zh(appeal), words::appeal_id(appeal));
        row.appeal.map_or(Cell::Nothing, shown)
    }),
    column("assigned_to", "分派给", 12, Kind::Text, |row, _| optional(row.assigned_to.as_deref())),
    column("rule", "规则", 30, Kind::Text, |row, _| text(&row.rule)),
    column("category", "类别代码", 20, Kind::Text, |row, _| text(&row.category)),
    column(FINDING_ID, "发现编号", 15, Kind::Text, |row, _| text(&row.finding_id)),
    column(REVIEW_ID, "复核编号", 10, Kind::Whole, |row, _| {
        row.last.as_ref().map_or(Cell::Nothing, |last| Cell::Whole(last.id))
    }),
];

fn text(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Nothing } else { Cell::Text(text.into()) }
}

fn optional(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Nothing, text)
}

fn said(reader: Reader, name_zh: &'static str, id: &'static str) -> Cell<'static> {
    Cell::Text(match reader {
        Reader::Person => name_zh.into(),
        Reader::Program => id.into(),
    })
}

/// Text as a spreadsheet's cell can hold it: no characters that XML has none of, no longer than Excel bears, and no white
/// space behind which the beginning of a formula hides.
pub(super) fn plain(text: &str) -> String {
    const LONGEST: usize = 32_000;
    let cannot_be = |character: char| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
    let shown =
        text.chars().take(LONGEST).map(|character| if cannot_be(character) { ' ' } else { character });
    shown.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_has_names_of_its_own() {
        for names in [COLUMNS.map(|column| column.key), COLUMNS.map(|column| column.name_zh)] {
            assert_eq!(BTreeSet::from(names).len(), COLUMNS.len());
        }
        assert!(FILLED_IN.iter().all(|key| COLUMNS.iter().any(|column| column.key == *key)));
    }

    #[test]
    fn cells_hold_what_xml_can() {
        assert_eq!(plain("一\u{0}二\u{1b}三\n四\u{ffff}"), "一 二 三 四");
        assert_eq!(plain("\t=1"), "=1");
        assert_eq!(plain(&"长".repeat(40_000)).chars().count(), 32_000);
    }
}
