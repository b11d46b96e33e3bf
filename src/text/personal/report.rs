//! Identity, bank-card and phone numbers and addresses taken out of a report before anything is written.

use std::collections::BTreeSet;

use super::{masked, masked_turns, personal_data_in_turns};
use crate::domain::{CallReport, Finding, Segment};

/// Shortest part of a number that is looked for in other texts of the report, in characters.
const SECRET_CHARS: usize = 4;

/// Masks every text of the report that repeats what was said. Byte lengths are kept, so spans stay true.
pub fn mask_report(report: &mut CallReport) {
    let heard = report.transcript.clone();
    let secrets = secrets(&heard);
    let spelled = masked_as(&heard, |segment| segment.spelled.as_ref());
    let heard_again = masked_as(&heard, |segment| segment.heard_again.as_ref());
    let others = spelled.into_iter().zip(heard_again);
    for ((segment, text), (spelled, heard_again)) in
        report.transcript.iter_mut().zip(masked_turns(&heard)).zip(others)
    {
        // Where one hearing holds a number, the same number told otherwise may look like none.
        let is_personal = text != segment.text;
        segment.spelled = spelled.filter(|_| !is_personal);
        segment.heard_again = heard_again.filter(|_| !is_personal);
        segment.text = text;
    }
    for good in &mut report.good_conduct {
        hide(&mut good.quote, &secrets);
    }
    for mark in &mut report.marks {
        hide(&mut mark.quote, &secrets);
    }
    let suppressed = report.suppressed.iter_mut();
    let suppressed = suppressed.map(|suppressed| {
        hide(&mut suppressed.reason, &secrets);
        &mut suppressed.finding
    });
    for finding in report.findings.iter_mut().chain(suppressed) {
        finding.quote = masked_quote(finding, &heard, &report.transcript);
        for text in [&mut finding.quote, &mut finding.meant, &mut finding.explanation] {
            hide(text, &secrets);
        }
    }
    let remarks = report.measures.iter_mut().flat_map(|measures| &mut measures.remarks);
    let remarks = remarks.map(|remark| &mut remark.explanation);
    report.not_judged.iter_mut().chain(remarks).for_each(|text| hide(text, &secrets));
}

/// Another text of each segment that has one, masked in the course of the call.
fn masked_as(heard: &[Segment], other: impl Fn(&Segment) -> Option<&String>) -> Vec<Option<String>> {
    let text = |segment: &Segment| other(segment).unwrap_or(&segment.text).clone();
    let told: Vec<Segment> =
        heard.iter().map(|segment| Segment { text: text(segment), ..segment.clone() }).collect();
    let masked = masked_turns(&told).into_iter().zip(heard);
    masked.map(|(text, segment)| other(segment).map(|_| text)).collect()
}

/// Parts of numbers as they were said: a quote may show one of them alone, and then it looks like no number.
fn secrets(heard: &[Segment]) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for span in personal_data_in_turns(heard) {
        let text = &heard[span.segment].text;
        let mut run = 0..0;
        for range in span.hidden {
            run = if range.start == run.end { run.start..range.end } else { range };
            let secret = &text[run.clone()];
            if secret.chars().count() >= SECRET_CHARS {
                secrets.insert(secret.to_owned());
            }
        }
    }
    secrets
}

/// Masks what is personal by itself, and what is known to be.
fn hide(text: &mut String, secrets: &BTreeSet<String>) {
    *text = masked(text);
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        if text.contains(secret.as_str()) {
            let stars: String = secret.chars().map(|char| if char.is_ascii() { '*' } else { '＊' }).collect();
            *text = text.replace(secret.as_str(), &stars);
        }
    }
}

/// The quote as its segments show it: it is made of pieces of them, in order, and may end in the middle of a number.
fn masked_quote(finding: &Finding, heard: &[Segment], shown: &[Segment]) -> String {
    let indices: BTreeSet<usize> = finding.spans.iter().map(|(index, ..)| *index).collect();
    let mut rest = finding.quote.as_str();
    let mut masked_quote = String::new();
    for (heard, shown) in indices.iter().filter_map(|&index| Some((heard.get(index)?, shown.get(index)?))) {
        let Some((start, length)) = longest_piece(rest, &heard.text) else { continue };
        masked_quote += shown.text.get(start..start + length).unwrap_or_default();
        rest = &rest[length..];
    }
    masked_quote + &masked(rest)
}

/// The longest beginning of `rest` that `text` holds: where, and how many bytes.
fn longest_piece(rest: &str, text: &str) -> Option<(usize, usize)> {
    let lengths = rest.char_indices().map(|(at, char)| at + char.len_utf8());
    let found = |length: usize| Some((text.find(&rest[..length])?, length));
    // What holds a long piece holds the shorter ones, too.
    lengths.map_while(found).last()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        CallId, Category, Grade, Measures, Provenance, Remark, SCHEMA, Severity, Speaker, Suppressed,
        Suppressor, Tier, Verdict,
    };

    fn segment(text: &str) -> Segment {
        Segment {
            spelled: Some(text.to_owned()),
            heard_again: Some(text.to_owned()),
            ..Segment::said(Speaker::Agent, 0.0, 1.0, text)
        }
    }

    fn finding(quote: &str) -> Finding {
        Finding {
            id: String::new(),
            rule: "privacy_leak.recite".to_owned(),
            also: Vec::new(),
            category: Category::PrivacyLeak,
            severity: Severity::Major,
            tier: Tier::Review,
            grade: Grade::Exact,
            confidence: 0.9,
            heard_again: None,
            speaker: Speaker::Agent,
            start_s: Some(0.0),
            end_s: Some(1.0),
            quote: quote.to_owned(),
            meant: String::new(),
            explanation: String::new(),
            basis: Vec::new(),
            spans: vec![(0, 0, quote.len())],
            calls: Vec::new(),
        }
    }

    #[test]
    fn a_quote_that_ends_inside_a_number_shows_none_of_it() {
        let heard = [segment("您的手机号是13812345678对吗")];
        let shown = [segment(&masked(&heard[0].text))];
        let quote = masked_quote(&finding("手机号是1381234"), &heard, &shown);
        assert_eq!(quote, "手机号是138****");
    }

    #[test]
    fn a_quote_over_several_segments_is_masked_piece_by_piece() {
        let heard = [segment("您记一下138"), segment("嗯"), segment("1234"), segment("5678")];
        let shown: Vec<Segment> = masked_turns(&heard).iter().map(|text| segment(text)).collect();
        let finding = Finding { spans: vec![(0, 0, 3), (2, 0, 4)], ..finding("记一下1381234") };
        assert_eq!(masked_quote(&finding, &heard, &shown), "记一下138****");
    }

    #[test]
    fn a_quote_from_elsewhere_is_masked_by_itself() {
        let quote = masked_quote(&finding("卡号13812345678"), &[], &[]);
        assert!(!quote.contains("13812345678"), "{quote}");
    }

    /// A report whose every text repeats a part of the call.
    fn report(transcript: Vec<Segment>, part: &str) -> CallReport {
        let text = || format!("听到{part}。");
        let finding = Finding { meant: text(), explanation: text(), ..finding(part) };
        let remark = Remark { rule: String::new(), explanation: text(), start_s: 0.0, end_s: 1.0 };
        let none = String::new;
        CallReport {
            schema: SCHEMA.to_owned(),
            call_id: CallId("T".to_owned()),
            recording: None,
            record: None,
            day: None,
            verdict: Verdict::Clean,
            score: 100,
            error: None,
            suppressed: vec![Suppressed { finding: finding.clone(), by: Suppressor::Allow, reason: text() }],
            findings: vec![finding],
            not_judged: vec![text()],
            score_items: Vec::new(),
            good_conduct: Vec::new(),
            marks: Vec::new(),
            checklist: Vec::new(),
            script: None,
            measures: Some(Measures { remarks: vec![remark], ..Measures::default() }),
            transcript,
            provenance: Provenance {
                tool: none(),
                model: None,
                semantics: None,
                lexicons: none(),
                policies: none(),
                settings: none(),
            },
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_part_of_a_number_is_left_in_any_text(tail in "[3-9][0-9]{9}", hum in "(嗯|好的|对)", spoken: bool) {
            let say = |digit: char| if spoken { "洞幺两三四五六拐八勾".chars().nth(digit as usize - 48).unwrap() } else { digit };
            let number: Vec<char> = format!("1{tail}").chars().map(say).collect();
            let part = |range: std::ops::Range<usize>| number[range].iter().collect::<String>();
            let customer = |text: &str| Segment { speaker: Speaker::Customer, ..segment(text) };
            let middle = part(3..7);
            let transcript = vec![
                segment(&part(0..3)), customer(&hum), segment(&middle), customer(&middle), segment(&part(7..11)),
            ];
            let mut report = report(transcript, &middle);
            mask_report(&mut report);
            // The outer digits are shown: they may happen to repeat the inner ones.
            let outer = [part(0..3), part(7..11)].concat();
            prop_assume!(!outer.contains(&middle));
            let json = serde_json::to_string(&report).unwrap();
            prop_assert!(!json.contains(&middle), "{middle} in {json}");
        }
    }
}
