//! How the call was held, as the page says it.

use serde::Serialize;

use crate::domain::{Measures, Remark};

use super::super::words;

/// Figures with their labels, and remarks.
#[derive(Serialize)]
pub(super) struct MeasuresView<'a> {
    facts: Vec<(&'static str, String)>,
    remarks: Vec<RemarkView<'a>>,
}

#[derive(Serialize)]
struct RemarkView<'a> {
    rule: &'a str,
    explanation: &'a str,
    when: Option<String>,
}

impl<'a> MeasuresView<'a> {
    /// None where nothing could be measured.
    pub(super) fn new(measures: &'a Measures) -> Option<Self> {
        let facts = facts(measures);
        let remarks = measures.remarks.iter().map(RemarkView::new).collect();
        (!facts.is_empty()).then_some(Self { facts, remarks })
    }
}

impl<'a> RemarkView<'a> {
    fn new(remark: &'a Remark) -> Self {
        let when = words::span(Some(remark.start_s), Some(remark.end_s));
        Self { rule: &remark.rule, explanation: &remark.explanation, when }
    }
}

fn facts(measures: &Measures) -> Vec<(&'static str, String)> {
    let seconds = |value: f64| format!("{value:.1} 秒");
    let facts = [
        ("坐席说话", measures.agent_speech_s.map(seconds)),
        ("客户说话", measures.customer_speech_s.map(seconds)),
        ("坐席占比", measures.agent_share_percent.map(|percent| format!("{percent:.0}%"))),
        ("同时说话", measures.overlap_s.map(seconds)),
        ("坐席回应（中位）", measures.response_median_s.map(seconds)),
        ("坐席回应（最长）", measures.response_longest_s.map(seconds)),
        ("最长静默", measures.silence_longest_s.map(seconds)),
        ("坐席语速", measures.agent_chars_per_s.map(|rate| format!("每秒 {rate:.1} 字"))),
        ("坐席最响一句", measures.agent_loudest_db.map(|over_db| format!("比本人中位 {over_db:+.1} 分贝"))),
    ];
    facts.into_iter().filter_map(|(label, fact)| Some((label, fact?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_not_shown() {
        assert!(MeasuresView::new(&Measures::default()).is_none());
        let remark =
            Remark {
                rule: "conduct.x".into(), explanation: "回应慢。".into(), start_s: 61.0, end_s: 70.0
            };
        let measures =
            Measures { agent_loudest_db: Some(-2.04), remarks: vec![remark], ..Measures::default() };
        let view = MeasuresView::new(&measures).unwrap();
        assert_eq!(view.facts, [("坐席最响一句", "比本人中位 -2.0 分贝".to_owned())]);
        assert_eq!(view.remarks[0].when.as_deref(), words::span(Some(61.0), Some(70.0)).as_deref());
    }
}
