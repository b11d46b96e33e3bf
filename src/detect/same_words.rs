//! Findings of several rules of one category on the same words become one: one reproach, one card, one deduction.

use std::cmp::Reverse;

use crate::domain::{Also, Finding, Severity, Tier};

/// Joins findings; the gravest and surest of each place speaks for the others, which it names.
pub(super) fn join(findings: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match joined.iter_mut().find(|earlier| are_one(earlier, &finding)) {
            Some(earlier) => take_in(earlier, finding),
            None => joined.push(finding),
        }
    }
    joined
}

fn are_one(earlier: &Finding, finding: &Finding) -> bool {
    let shares = |&(segment, start, end): &(usize, usize, usize)| {
        earlier.spans.iter().any(|&(other, from, to)| segment == other && start < to && from < end)
    };
    earlier.category == finding.category
        && earlier.rule != finding.rule
        && earlier.speaker == finding.speaker
        && finding.spans.iter().any(shares)
}

fn take_in(earlier: &mut Finding, mut finding: Finding) {
    if rank(&finding) > rank(earlier) {
        std::mem::swap(earlier, &mut finding);
    }
    earlier.also.append(&mut finding.also);
    earlier.also.push(Also { rule: finding.rule, tier: finding.tier });
    earlier.also.sort();
}

/// The better speaks: first of all the one that stands by itself.
fn rank(finding: &Finding) -> (Tier, Severity, u32, Reverse<&str>) {
    let percent = (finding.confidence * 100.0).round() as u32;
    (finding.tier, finding.severity, percent, Reverse(&finding.rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{CallFacts, Senses, detect, passage};
    use crate::domain::Speaker::Agent;
    use crate::lexicon::check_texts;

    const PACK: &str = r#"
[[rule]]
id = "a.short"
title = "短"
category = "insult"
severity = "minor"
terms = ["老赖"]
why = "短"
hit = ["老赖"]
miss = ["您好"]

[[rule]]
id = "b.long"
title = "长"
category = "insult"
severity = "major"
terms = ["你个老赖", "不要脸"]
why = "长"
hit = ["你个老赖"]
miss = ["您好"]

[[rule]]
id = "c.other"
title = "别的"
category = "threat"
severity = "critical"
terms = ["老赖"]
why = "别的"
hit = ["老赖"]
miss = ["您好"]
"#;

    #[test]
    fn the_gravest_rule_speaks_for_its_category() {
        let rules = check_texts(&[("lexicons/test.toml", PACK)]).rules.unwrap();
        for (text, expected) in [
            ("你个老赖", "b.long(a.short) c.other"),
            ("老赖", "a.short c.other"),
            ("你个老赖我跟你说清楚了啊不要脸", "b.long(a.short) c.other b.long"),
            ("不要脸", "b.long"),
        ] {
            let transcript = passage::tests::transcript(&[(Agent, 0.0, 4.0, text)]);
            let detection = detect(&transcript, &CallFacts::default(), Senses::default(), &rules);
            let line = |finding: &Finding| {
                let also: Vec<&str> = finding.also.iter().map(|also| also.rule.as_str()).collect();
                let also = if also.is_empty() { String::new() } else { format!("({})", also.join(" ")) };
                format!("{}{also}", finding.rule)
            };
            let lines: Vec<String> = detection.findings.iter().map(line).collect();
            assert_eq!(lines.join(" "), expected, "{text}");
            let failed = |rule: &str| {
                let item = detection.checklist.iter().find(|item| item.rule == rule);
                item.is_some_and(|item| item.outcome == crate::domain::CheckOutcome::Failed)
            };
            assert_eq!(failed("a.short"), text.contains("老赖"), "{text}");
        }
    }
}
