//! What was said where a finding is: its whole segments, out of a report that is masked already.

use std::collections::BTreeSet;

use crate::domain::{CallRecord, CallReport, Contact, Direction, Finding, Segment, Speaker};
use crate::text::to_simplified;

/// A stretch of a call as an example of a rule tells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Utterance {
    /// A line a segment; `客户：` before the customer's.
    pub text: String,
    pub contact: Option<Contact>,
    /// The id.
    pub direction: Option<&'static str>,
    pub product: Option<String>,
}

impl Utterance {
    /// The segments of a finding; none where it rests on no words.
    pub(super) fn new(report: &CallReport, finding: &Finding, by: Option<Speaker>) -> Option<Self> {
        let lines: Vec<String> = segments(report, finding)
            .into_iter()
            .map(|segment| line(by.unwrap_or(segment.speaker), &words(segment)))
            .collect();
        let record = report.record.as_ref();
        let of = |field: fn(&CallRecord) -> Option<String>| record.and_then(field);
        (!lines.is_empty()).then(|| Self {
            text: lines.join("\n"),
            contact: record.and_then(|record| record.contact),
            direction: record.and_then(|record| record.direction).map(Direction::id),
            product: of(|record| record.product.clone()),
        })
    }
}

/// The agent's words of a finding in one line; none where it rests on no words of the agent's.
pub(super) fn spoken_by_agent(report: &CallReport, finding: &Finding) -> Option<String> {
    let segments = segments(report, finding);
    let agents = segments.into_iter().filter(|segment| segment.speaker != Speaker::Customer);
    let lines: Vec<String> = agents.map(words).collect();
    (!lines.is_empty()).then(|| lines.join("，"))
}

fn segments<'a>(report: &'a CallReport, finding: &Finding) -> Vec<&'a Segment> {
    let places: BTreeSet<usize> = finding.spans.iter().map(|(segment, ..)| *segment).collect();
    let found = places.into_iter().filter_map(|place| report.transcript.get(place));
    found.filter(|_| finding.grade.is_of_words()).filter(|segment| !words(segment).is_empty()).collect()
}

/// The text of a segment on one line.
fn words(segment: &Segment) -> String {
    let shown = |character: char| if character.is_control() { ' ' } else { character };
    to_simplified(&segment.text).chars().map(shown).collect::<String>().trim().to_owned()
}

/// A line without a speaker is the agent's, unless it looks as if it named one.
fn line(speaker: Speaker, words: &str) -> String {
    let names_one = ["坐席", "客户"].iter().any(|name| words.starts_with(name));
    match speaker {
        Speaker::Customer => format!("客户：{words}"),
        _ if names_one => format!("坐席：{words}"),
        _ => words.to_owned(),
    }
}
