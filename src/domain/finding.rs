//! A finding: what was said or done, which rule it breaks, how sure we are, and why.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CallId, Category, Speaker, hex};

/// How grave a breach is, whatever our certainty that it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Minor,
    Major,
    Critical,
}

impl Severity {
    /// The gravest last.
    pub const ALL: [Self; 4] = [Self::Info, Self::Minor, Self::Major, Self::Critical];

    /// The severity of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.id() == id)
    }

    /// The stable id, as in `"severity":"major"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Info => "提示",
            Self::Minor => "一般",
            Self::Major => "严重",
            Self::Critical => "红线",
        }
    }
}

/// Whether a finding stands by itself or asks for a human ear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Review,
    Violation,
}

impl Tier {
    /// The stable id, as in `"tier":"review"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Violation => "violation",
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Review => "待复核",
            Self::Violation => "违规",
        }
    }
}

/// By what kind of evidence a finding was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// The words themselves.
    Exact,
    /// The same or nearly the same sound.
    Phonetic,
    /// The same sense in other words.
    Semantic,
    /// Something that had to be said was not.
    Absent,
    /// Call records.
    Timing,
    /// How it was spoken.
    Conduct,
}

impl Grade {
    /// The stable id, as in `"grade":"exact"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Phonetic => "phonetic",
            Self::Semantic => "semantic",
            Self::Absent => "absent",
            Self::Timing => "timing",
            Self::Conduct => "conduct",
        }
    }

    /// True for what was told by words that were said.
    #[must_use]
    pub fn is_of_words(self) -> bool {
        matches!(self, Self::Exact | Self::Phonetic | Self::Semantic)
    }
}

/// Another rule that a finding's words break.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Also {
    pub rule: String,
    /// What its own finding would have been.
    pub tier: Tier,
}

/// One breach, with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Made from content, so that a review survives a second audit.
    pub id: String,
    /// Id of the rule or of the policy's limit, e.g. `threat.family`.
    pub rule: String,
    /// Other rules of the category that found the same words, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    pub category: Category,
    pub severity: Severity,
    pub tier: Tier,
    pub grade: Grade,
    /// Probability in 0..=1 that a listener would agree.
    pub confidence: f64,
    /// Whether a second listening heard a breach of the category here; absent where nobody listened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_again: Option<bool>,
    pub speaker: Speaker,
    /// Seconds from the start of the recording; absent for findings that have no moment.
    pub start_s: Option<f64>,
    pub end_s: Option<f64>,
    /// What was heard.
    pub quote: String,
    /// What it matched.
    pub meant: String,
    /// Why this is a finding, in Chinese.
    pub explanation: String,
    /// Legal basis, one line each, with force and certainty.
    pub basis: Vec<String>,
    /// Where the words are in the transcript: `(segment index, byte start, byte end)` of each segment's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(usize, usize, usize)>,
    /// All calls that make up the breach, where it takes more than one: the first hundred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallId>,
}

impl Finding {
    /// How surely a rule was broken here; `None` where the finding is not of that rule.
    #[must_use]
    pub fn tier_by(&self, rule: &str) -> Option<Tier> {
        let also = || self.also.iter().find(|also| also.rule == rule).map(|also| also.tier);
        if self.rule == rule { Some(self.tier) } else { also() }
    }

    /// Fills in the id from the call, the rule, the moment (to 0.1 s) and the words: equal content, equal id.
    #[must_use]
    pub fn identified(mut self, call: &CallId) -> Self {
        let moment = self.start_s.map_or(-1, |start| (start * 10.0).round() as i64);
        let content = format!("{call}\u{1f}{}\u{1f}{moment}\u{1f}{}", self.rule, self.quote);
        self.id = hex(&Sha256::digest(content.as_bytes())[..6]);
        self
    }
}

/// What took a hit back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suppressor {
    /// 不会、绝不、没有 …
    Negation,
    /// The words of somebody else, told.
    Quotation,
    Question,
    /// The hit cuts through a word (路口交通).
    Boundary,
    /// The rule's own `unless`.
    Allow,
    /// Said by somebody the rule is not about.
    Speaker,
    /// The span is a suspected hallucination.
    Hallucination,
}

impl Suppressor {
    /// The stable id, as in `"by":"negation"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Negation => "negation",
            Self::Quotation => "quotation",
            Self::Question => "question",
            Self::Boundary => "boundary",
            Self::Allow => "allow",
            Self::Speaker => "speaker",
            Self::Hallucination => "hallucination",
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Negation => "否定表述",
            Self::Quotation => "转述他人",
            Self::Question => "询问语气",
            Self::Boundary => "跨词误命中",
            Self::Allow => "规则例外",
            Self::Speaker => "非坐席所说",
            Self::Hallucination => "疑似识别幻觉",
        }
    }
}

/// A hit that was taken back: kept and counted, never dropped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppressed {
    #[serde(flatten)]
    pub finding: Finding,
    pub by: Suppressor,
    /// The words or the rule that took it back, in Chinese.
    pub reason: String,
}
