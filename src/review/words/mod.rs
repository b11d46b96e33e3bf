//! What the pages say, in both languages.

mod table;

use std::collections::BTreeMap;

use self::table::WORDS;
use crate::domain::{Category, Severity, Speaker, Tier};
use crate::oversight::Subject;
use crate::store::{
    ComplaintKind, ComplaintSource, ComplaintState, DrawMethod, FindingState, Rejection, Role,
};

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Chinese,
    English,
}

impl Language {
    /// As in `<html lang>`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    fn pick(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// All words by key, for templates.
    pub(super) fn words(self) -> BTreeMap<&'static str, &'static str> {
        WORDS.iter().map(|(key, chinese, english)| (*key, self.pick(chinese, english))).collect()
    }

    pub(super) fn state(self, state: FindingState) -> &'static str {
        let english = match state {
            FindingState::Open => "Open",
            FindingState::Confirmed => "Confirmed",
            FindingState::Rejected => "Rejected",
            FindingState::Appealed => "Appealed",
            FindingState::Upheld => "Upheld",
            FindingState::Overturned => "Overturned",
        };
        self.pick(state.name_zh(), english)
    }

    pub(super) fn reason(self, reason: Rejection) -> &'static str {
        let english = match reason {
            Rejection::NotSaid => "Misheard",
            Rejection::NotMeant => "Said, not meant so",
            Rejection::WrongSpeaker => "Said by somebody else",
            Rejection::Allowed => "Allowed here",
            Rejection::Other => "Other",
        };
        self.pick(reason.name_zh(), english)
    }

    pub(super) fn role(self, role: Role) -> &'static str {
        match role {
            Role::Qa => self.pick("质检员", "QA"),
            Role::Supervisor => self.pick("主管", "Supervisor"),
            Role::Compliance => self.pick("合规", "Compliance"),
            Role::Viewer => self.pick("只读", "Viewer"),
        }
    }

    pub(super) fn severity(self, severity: Severity) -> &'static str {
        self.pick(severity.name_zh(), severity.id())
    }

    pub(super) fn speaker(self, speaker: Speaker) -> &'static str {
        match speaker {
            Speaker::Agent => self.pick("坐席", "agent"),
            Speaker::Customer => self.pick("客户", "customer"),
            Speaker::Unknown => self.pick("未知", "unknown"),
        }
    }

    pub(super) fn tier(self, tier: Tier) -> &'static str {
        self.pick(tier.name_zh(), tier.id())
    }

    pub(super) fn complaint_kind(self, kind: ComplaintKind) -> &'static str {
        let english = match kind {
            ComplaintKind::Violence => "Violence",
            ComplaintKind::Leak => "Leak of personal data",
            ComplaintKind::Harassment => "Harassment",
            ComplaintKind::Deception => "Deception",
            ComplaintKind::Payment => "Payment",
            ComplaintKind::Other => "Other",
        };
        self.pick(kind.name_zh(), english)
    }

    pub(super) fn complaint_source(self, source: ComplaintSource) -> &'static str {
        let english = match source {
            ComplaintSource::Debtor => "Debtor",
            ComplaintSource::ThirdParty => "Third party",
            ComplaintSource::Regulator => "Regulator",
            ComplaintSource::Platform => "Platform",
            ComplaintSource::Lender => "Lender",
            ComplaintSource::Other => "Other",
        };
        self.pick(source.name_zh(), english)
    }

    pub(super) fn complaint_state(self, state: ComplaintState) -> &'static str {
        let english = match state {
            ComplaintState::Registered => "Registered",
            ComplaintState::Opened => "Opened",
            ComplaintState::Founded => "Founded",
            ComplaintState::Unfounded => "Unfounded",
        };
        self.pick(state.name_zh(), english)
    }

    pub(super) fn subject(self, subject: Subject) -> &'static str {
        match subject {
            Subject::Agent => self.pick("坐席", "Agent"),
            Subject::Team => self.pick("班组", "Team"),
            Subject::Rule => self.pick("规则", "Rule"),
        }
    }

    pub(super) fn draw_method(self, method: DrawMethod) -> &'static str {
        match method {
            DrawMethod::Random => self.pick("随机", "random"),
            DrawMethod::Doubtful => self.pick("存疑优先", "doubtful"),
        }
    }

    pub(super) fn category(self, category: Category) -> &'static str {
        self.pick(category.name_zh(), category.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_once_in_both_languages() {
        assert_eq!(Language::Chinese.words().len(), WORDS.len());
        assert!(WORDS.iter().all(|(_, chinese, english)| !chinese.is_empty() && !english.is_empty()));
    }

    #[test]
    fn every_word_is_used() {
        let folder = format!("{}/src/review/templates", env!("CARGO_MANIFEST_DIR"));
        let templates: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        let unused: Vec<_> = WORDS
            .iter()
            .map(|(key, ..)| *key)
            // What was done stands in the history by its key.
            .filter(|key| !key.ends_with("_by"))
            .filter(|key| !templates.iter().any(|text| text.contains(&format!("t.{key}"))))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
