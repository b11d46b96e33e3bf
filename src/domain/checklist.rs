//! The compliance checklist (合规检查清单): every rule of the packs, and how the call did by it.

use serde::{Deserialize, Serialize};

use super::{Category, Finding, Tier};

/// How a call did by one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// The rule was broken, or good conduct that was due was not shown.
    Failed,
    /// Something keeps the rule from being judged, or a human must listen first.
    NotJudged,
    /// The rule was kept, or good conduct was shown.
    Passed,
    /// The rule is not for a call like this one.
    NotApplicable,
}

impl CheckOutcome {
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Failed => "未通过",
            Self::NotJudged => "未判断",
            Self::Passed => "通过",
            Self::NotApplicable => "不适用",
        }
    }
}

/// A line of the checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckItem {
    /// Id of the rule, or of the policy's limit.
    pub rule: String,
    pub title: String,
    pub category: Category,
    pub outcome: CheckOutcome,
    /// When it was decided, in seconds from the start of the recording; absent where no moment decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
    /// Why, in Chinese; empty where the outcome says all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Ids of the findings that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

impl CheckItem {
    /// A rule that nothing speaks against.
    #[must_use]
    pub fn passed(rule: &str, title: &str, category: Category) -> Self {
        Self {
            rule: rule.to_owned(),
            title: title.to_owned(),
            category,
            outcome: CheckOutcome::Passed,
            at_s: None,
            reason: String::new(),
            findings: Vec::new(),
        }
    }

    /// The same line with another outcome, and why.
    #[must_use]
    pub fn with(self, outcome: CheckOutcome, reason: &str) -> Self {
        Self { outcome, reason: reason.to_owned(), ..self }
    }

    /// The line after a look at what was found and what could not be judged (`what: why` lines that begin with the
    /// rule's id).
    #[must_use]
    pub fn weighed(self, findings: &[Finding], not_judged: &[String]) -> Self {
        let own: Vec<(Tier, &Finding)> =
            findings.iter().filter_map(|finding| Some((finding.tier_by(&self.rule)?, finding))).collect();
        let first_s =
            |tier| own.iter().filter(|(own, _)| *own == tier).find_map(|(_, finding)| finding.start_s);
        if own.iter().any(|(tier, _)| *tier == Tier::Violation) {
            return Self { at_s: first_s(Tier::Violation), ..self.with(CheckOutcome::Failed, "") };
        }
        if !own.is_empty() {
            return Self {
                at_s: first_s(Tier::Review),
                ..self.with(CheckOutcome::NotJudged, "有命中待人工复核")
            };
        }
        let line = not_judged.iter().find_map(|line| line.strip_prefix(&self.rule)?.strip_prefix(": "));
        match line {
            Some(why) => self.with(CheckOutcome::NotJudged, why),
            None => self,
        }
    }

    /// Names the findings of the rule, which have ids by now.
    pub fn cite(&mut self, findings: &[Finding]) {
        let own = findings.iter().filter(|finding| finding.tier_by(&self.rule).is_some());
        self.findings = own.map(|finding| finding.id.clone()).collect();
    }
}
