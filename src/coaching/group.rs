//! Findings by category and rule, the gravest and most frequent first. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Category, Severity};
use crate::store::AgentFinding;

/// A category in so many calls recurs.
const RECURRING_CALLS: usize = 2;
/// Most examples of a rule.
const MOST_EXAMPLES: usize = 3;

/// The findings of one category.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CategoryGroup {
    pub category: Category,
    pub severity: Severity,
    pub calls: usize,
    pub findings: usize,
    pub rules: Vec<RuleGroup>,
}

/// The findings of one rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RuleGroup {
    pub rule: String,
    pub severity: Severity,
    pub calls: usize,
    pub findings: usize,
    pub examples: Vec<AgentFinding>,
}

impl CategoryGroup {
    /// True for what is no one-off, whichever of the category's rules it broke each time.
    pub fn recurs(&self) -> bool {
        self.calls >= RECURRING_CALLS
    }
}

/// Groups findings, which come the latest first.
pub(super) fn groups(findings: Vec<AgentFinding>) -> Vec<CategoryGroup> {
    let mut by_category: BTreeMap<Category, BTreeMap<String, Vec<AgentFinding>>> = BTreeMap::new();
    for finding in findings {
        let rules = by_category.entry(finding.category).or_default();
        rules.entry(finding.rule.clone()).or_default().push(finding);
    }
    let mut groups: Vec<_> =
        by_category.into_iter().map(|(category, rules)| category_group(category, rules)).collect();
    groups.sort_by_key(|group| Reverse((group.severity, group.calls, group.findings)));
    groups
}

fn category_group(category: Category, rules: BTreeMap<String, Vec<AgentFinding>>) -> CategoryGroup {
    let calls: BTreeSet<i64> = rules.values().flatten().map(|finding| finding.call).collect();
    let mut rules: Vec<_> = rules.into_iter().map(|(rule, findings)| rule_group(rule, findings)).collect();
    rules.sort_by_key(|group| Reverse((group.severity, group.calls, group.findings)));
    CategoryGroup {
        category,
        severity: rules.iter().map(|rule| rule.severity).max().unwrap_or(Severity::Info),
        calls: calls.len(),
        findings: rules.iter().map(|rule| rule.findings).sum(),
        rules,
    }
}

fn rule_group(rule: String, findings: Vec<AgentFinding>) -> RuleGroup {
    let (count, severity) = (findings.len(), findings.iter().map(|finding| finding.severity).max());
    let mut calls = BTreeSet::new();
    // One call shows a habit once.
    let mut examples: Vec<_> = findings.into_iter().filter(|finding| calls.insert(finding.call)).collect();
    examples.truncate(MOST_EXAMPLES);
    let severity = severity.unwrap_or(Severity::Info);
    RuleGroup { rule, severity, calls: calls.len(), findings: count, examples }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::FindingState;

    /// `call rule severity` a finding, the latest first.
    fn grouped(lines: &[&str]) -> Vec<String> {
        let finding = |(place, line): (usize, &&str)| {
            let [call, rule, severity] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let severities = [Severity::Info, Severity::Minor, Severity::Major, Severity::Critical];
            AgentFinding {
                call: call.parse().unwrap(),
                call_id: call.to_owned(),
                number: None,
                finding_id: format!("f{place}"),
                rule: rule.to_owned(),
                category: Category::from_id(rule.split('.').next().unwrap()).unwrap(),
                severity: severities.into_iter().find(|known| known.id() == severity).unwrap(),
                confidence: 0.9,
                start_s: None,
                quote: String::new(),
                day: "2026-10-01".to_owned(),
                state: FindingState::Open,
            }
        };
        let told = |group: &CategoryGroup| {
            let rule = |rule: &RuleGroup| {
                let examples: Vec<_> = rule.examples.iter().map(|one| one.finding_id.as_str()).collect();
                format!("{} {}/{} {}", rule.rule, rule.findings, rule.calls, examples.join("+"))
            };
            let rules: Vec<_> = group.rules.iter().map(rule).collect();
            let recurs = if group.recurs() { "recurs" } else { "once" };
            format!("{recurs} {}/{}: {}", group.findings, group.calls, rules.join(", "))
        };
        groups(lines.iter().enumerate().map(finding).collect()).iter().map(told).collect()
    }

    #[test]
    fn what_is_grave_and_frequent_comes_first() {
        for (findings, expected) in [
            (&[][..], &[][..]),
            (&["1 insult.a major"], &["once 1/1: insult.a 1/1 f0"]),
            // Twice in one call is no habit yet.
            (&["1 insult.a major", "1 insult.a major"], &["once 2/1: insult.a 2/1 f0"]),
            // Two rules of one kind, each once: the kind recurs.
            (&["2 insult.a major", "1 insult.b critical"], &["recurs 2/2: insult.b 1/1 f1, insult.a 1/1 f0"]),
            // Severity before frequency, frequency among equals.
            (
                &["3 insult.a major", "2 insult.a major", "1 threat.a critical", "3 harassment.a major"],
                &[
                    "once 1/1: threat.a 1/1 f2",
                    "recurs 2/2: insult.a 2/2 f0+f1",
                    "once 1/1: harassment.a 1/1 f3",
                ],
            ),
            // Three examples of as many calls, the latest.
            (
                &[
                    "5 insult.a major",
                    "5 insult.a major",
                    "4 insult.a major",
                    "3 insult.a major",
                    "2 insult.a major",
                ],
                &["recurs 5/4: insult.a 5/4 f0+f2+f3"],
            ),
        ] {
            assert_eq!(grouped(findings), expected, "{findings:?}");
        }
    }
}
