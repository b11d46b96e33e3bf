//! A run in Prometheus' text form, for the node exporter's folder of text files.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::Summary;

/// The metrics of a run that ended at `now`; `quarantined` is how many recordings are left alone in all,
/// `untold` how many notices could not be told.
#[must_use]
pub fn metrics(summary: &Summary, quarantined: usize, untold: usize, now: Timestamp) -> String {
    let verdicts = [("clean", summary.clean), ("review", summary.review), ("violation", summary.violation)];
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, values: &[(&str, f64)]| {
        let _ = write!(text, "# HELP callaudit_batch_{name} {help}\n# TYPE callaudit_batch_{name} gauge\n");
        for (label, value) in values {
            let label = if label.is_empty() { String::new() } else { format!("{{verdict=\"{label}\"}}") };
            let _ = writeln!(text, "callaudit_batch_{name}{label} {value}");
        }
    };
    gauge("last_run_timestamp_seconds", "When the last run ended.", &[("", now.as_second() as f64)]);
    gauge("duration_seconds", "How long the last run took.", &[("", summary.duration_s)]);
    gauge(
        "success",
        "1 where the last run did everything there was to do.",
        &[("", f64::from(u8::from(summary.is_whole())))],
    );
    gauge(
        "taken_in",
        "Recordings and transcripts taken in by the last run.",
        &[("", summary.taken_in as f64)],
    );
    gauge(
        "calls",
        "Calls audited by the last run.",
        &verdicts.map(|(verdict, count)| (verdict, count as f64)),
    );
    gauge("findings", "Findings of the last run.", &[("", summary.findings as f64)]);
    gauge("audio_seconds", "Sound heard by the last run.", &[("", summary.audio_s)]);
    gauge("failed", "Attempts of the last run that failed.", &[("", summary.failed.len() as f64)]);
    gauge(
        "input_errors",
        "Inputs and files of records that could not be read.",
        &[("", summary.input_errors.len() as f64)],
    );
    gauge("quarantined", "Recordings left alone after failing too often.", &[("", quarantined as f64)]);
    gauge("notices_untold", "Notices that could not be told.", &[("", untold as f64)]);
    gauge(
        "retimed",
        "Calls whose times came to something else than before.",
        &[("", summary.retimed as f64)],
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_explained() {
        let summary = Summary { audited: 3, clean: 2, violation: 1, duration_s: 1.5, ..Summary::default() };
        let text = metrics(&summary, 4, 1, Timestamp::from_second(1_700_000_000).unwrap());
        let told: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        callaudit_batch_last_run_timestamp_seconds 1700000000
        callaudit_batch_duration_seconds 1.5
        callaudit_batch_success 1
        callaudit_batch_taken_in 0
        callaudit_batch_calls{verdict="clean"} 2
        callaudit_batch_calls{verdict="review"} 0
        callaudit_batch_calls{verdict="violation"} 1
        callaudit_batch_findings 0
        callaudit_batch_audio_seconds 0
        callaudit_batch_failed 0
        callaudit_batch_input_errors 0
        callaudit_batch_quarantined 4
        callaudit_batch_notices_untold 1
        callaudit_batch_retimed 0
        "#);
        assert_eq!(text.matches("# HELP").count(), text.matches("# TYPE").count());
    }
}
