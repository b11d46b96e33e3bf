//! What every number and path goes through on its way out of the program: the only place that rounds.

use std::path::PathBuf;

use crate::domain::{CallError, CallRecord, CallReport, Finding, Measures, Segment};

/// The report as it is printed: times to 0.01 s, confidences to 0.01, no number that JSON cannot hold, no path
/// that is not text. Equal findings then give equal bytes, whatever the last bits of a float were.
pub(super) fn printed(report: &CallReport) -> CallReport {
    let mut report = report.clone();
    if let Some(recording) = &mut report.recording {
        recording.duration_s = hundredths(recording.duration_s);
    }
    report.record = report.record.as_ref().map(printed_record);
    report.error = report.error.as_ref().map(printed_error);
    report.findings.iter_mut().for_each(print_finding);
    report.suppressed.iter_mut().for_each(|suppressed| print_finding(&mut suppressed.finding));
    for good in &mut report.good_conduct {
        good.start_s = good.start_s.map(hundredths);
        good.end_s = good.end_s.map(hundredths);
    }
    report.marks.iter_mut().for_each(|mark| mark.start_s = mark.start_s.map(hundredths));
    report.checklist.iter_mut().for_each(|item| item.at_s = item.at_s.map(hundredths));
    report.transcript.iter_mut().for_each(print_segment);
    report.measures.iter_mut().for_each(print_measures);
    report
}

/// A path that is not Unicode cannot be serialised; the error it belongs to must still be reported.
pub(super) fn printed_error(error: &CallError) -> CallError {
    CallError { path: PathBuf::from(error.path.to_string_lossy().into_owned()), ..error.clone() }
}

pub(super) fn printed_record(record: &CallRecord) -> CallRecord {
    CallRecord { duration_s: record.duration_s.map(hundredths), ..record.clone() }
}

fn print_finding(finding: &mut Finding) {
    finding.confidence = hundredths(finding.confidence);
    finding.start_s = finding.start_s.map(hundredths);
    finding.end_s = finding.end_s.map(hundredths);
}

fn print_segment(segment: &mut Segment) {
    segment.start_s = hundredths(segment.start_s);
    segment.end_s = hundredths(segment.end_s);
    segment.confidence = segment.confidence.map(hundredths);
}

fn print_measures(measures: &mut Measures) {
    let Measures {
        agent_speech_s,
        customer_speech_s,
        agent_share_percent,
        overlap_s,
        response_median_s,
        response_longest_s,
        silence_longest_s,
        agent_chars_per_s,
        agent_loudest_db,
        remarks,
    } = measures;
    let figures = [
        agent_speech_s,
        customer_speech_s,
        agent_share_percent,
        overlap_s,
        response_median_s,
        response_longest_s,
        silence_longest_s,
        agent_chars_per_s,
        agent_loudest_db,
    ];
    for figure in figures {
        *figure = figure.map(hundredths);
    }
    for remark in remarks {
        remark.start_s = hundredths(remark.start_s);
        remark.end_s = hundredths(remark.end_s);
    }
}

/// Rounds to two decimals; what is no number becomes 0, and so does minus nought.
pub(super) fn hundredths(value: f64) -> f64 {
    if value.is_finite() { (value * 100.0).round() / 100.0 + 0.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn rounds_to_what_is_printed() {
        for (value, text) in [
            (31.2 + 1e-12, "31.2"),
            (31.2 - 1e-12, "31.2"),
            (0.125, "0.13"),
            (-0.001, "0.0"),
            (f64::NAN, "0.0"),
            (f64::INFINITY, "0.0"),
            (10800.999, "10801.0"),
        ] {
            assert_eq!(serde_json::to_string(&hundredths(value)).unwrap(), text);
        }
    }
}
