//! A finding: what was said or done, which rule it breaks, how sure we are, and why.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CallId, Speaker};

/// The prohibited conduct a finding belongs to. The ids are part of the report's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Threat,
    Insult,
    FalseLegalClaim,
    Impersonation,
    PrivacyLeak,
    ThirdParty,
    FalsePromise,
    Harassment,
    ImproperPayment,
    ComplaintObstruction,
    MissingIdentity,
    MissingRecordingNotice,
    MissingAmount,
    OutsideHours,
    TooFrequent,
    ShortInterval,
    Holiday,
    ThirdPartyFrequency,
    ContactAfterRefusal,
    Interruption,
    LongSilence,
    FastSpeech,
    RaisedVoice,
}

impl Category {
    /// Every category, in the order reports list them.
    pub const ALL: [Self; 23] = [
        Self::Threat,
        Self::Insult,
        Self::FalseLegalClaim,
        Self::Impersonation,
        Self::PrivacyLeak,
        Self::ThirdParty,
        Self::FalsePromise,
        Self::Harassment,
        Self::ImproperPayment,
        Self::ComplaintObstruction,
        Self::MissingIdentity,
        Self::MissingRecordingNotice,
        Self::MissingAmount,
        Self::OutsideHours,
        Self::TooFrequent,
        Self::ShortInterval,
        Self::Holiday,
        Self::ThirdPartyFrequency,
        Self::ContactAfterRefusal,
        Self::Interruption,
        Self::LongSilence,
        Self::FastSpeech,
        Self::RaisedVoice,
    ];

    /// The stable id, as in `"category":"threat"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Threat => "threat",
            Self::Insult => "insult",
            Self::FalseLegalClaim => "false_legal_claim",
            Self::Impersonation => "impersonation",
            Self::PrivacyLeak => "privacy_leak",
            Self::ThirdParty => "third_party",
            Self::FalsePromise => "false_promise",
            Self::Harassment => "harassment",
            Self::ImproperPayment => "improper_payment",
            Self::ComplaintObstruction => "complaint_obstruction",
            Self::MissingIdentity => "missing_identity",
            Self::MissingRecordingNotice => "missing_recording_notice",
            Self::MissingAmount => "missing_amount",
            Self::OutsideHours => "outside_hours",
            Self::TooFrequent => "too_frequent",
            Self::ShortInterval => "short_interval",
            Self::Holiday => "holiday",
            Self::ThirdPartyFrequency => "third_party_frequency",
            Self::ContactAfterRefusal => "contact_after_refusal",
            Self::Interruption => "interruption",
            Self::LongSilence => "long_silence",
            Self::FastSpeech => "fast_speech",
            Self::RaisedVoice => "raised_voice",
        }
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Threat => "威胁恐吓",
            Self::Insult => "侮辱辱骂",
            Self::FalseLegalClaim => "虚假或夸大法律后果",
            Self::Impersonation => "冒充公检法/律师/政府",
            Self::PrivacyLeak => "泄露或扬言泄露隐私",
            Self::ThirdParty => "向无关第三人催收",
            Self::FalsePromise => "虚构减免/虚假承诺",
            Self::Harassment => "骚扰轰炸",
            Self::ImproperPayment => "不当还款方式",
            Self::ComplaintObstruction => "阻碍投诉",
            Self::MissingIdentity => "未表明身份",
            Self::MissingRecordingNotice => "未告知录音",
            Self::MissingAmount => "未说明欠款金额",
            Self::OutsideHours => "禁止时段拨打",
            Self::TooFrequent => "拨打过于频繁",
            Self::ShortInterval => "拨打间隔过短",
            Self::Holiday => "节假日拨打",
            Self::ThirdPartyFrequency => "第三人拨打过频",
            Self::ContactAfterRefusal => "拒绝后继续联系",
            Self::Interruption => "打断客户",
            Self::LongSilence => "长时间静默",
            Self::FastSpeech => "语速过快",
            Self::RaisedVoice => "音量过高",
        }
    }
}

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

/// The force of the text a rule rests on. Only the first two are law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    Law,
    DepartmentRule,
    RecommendedStandard,
    SelfRegulation,
    HousePolicy,
}

impl Force {
    /// How a breach is worded; never «违法» for what is not law.
    #[must_use]
    pub fn breach_zh(self) -> &'static str {
        match self {
            Self::Law => "涉嫌违反法律",
            Self::DepartmentRule => "涉嫌违反部门规章",
            Self::RecommendedStandard => "不符合推荐性国家标准",
            Self::SelfRegulation => "不符合行业自律规范",
            Self::HousePolicy => "不符合机构内部规范",
        }
    }
}

/// How surely the text of a basis is known to say what we cite it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// General knowledge, not checked.
    Memory,
    /// One secondary source.
    Single,
    /// At least two independent summaries agree.
    Press,
    /// The article itself was read.
    Text,
}

/// A text that a rule rests on, in force for a span of dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Full name of the instrument, with its number.
    pub instrument: String,
    /// Article or clause; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    pub force: Force,
    pub verified: Certainty,
    /// First day in force, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day in force, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Basis {
    /// One line for a report: instrument, article, force, and how sure we are.
    #[must_use]
    pub fn cite(&self) -> String {
        let article = self.article.as_deref().map(|article| format!(" {article}")).unwrap_or_default();
        let force = match self.force {
            Force::Law => "法律",
            Force::DepartmentRule => "部门规章",
            Force::RecommendedStandard => "推荐性国家标准",
            Force::SelfRegulation => "行业自律",
            Force::HousePolicy => "机构内部规范",
        };
        let certainty = match self.verified {
            Certainty::Text => "已核对原文",
            Certainty::Press => "据公开报道",
            Certainty::Single => "据单一来源",
            Certainty::Memory => "未经核对",
        };
        format!("{}{article}（{force}，{certainty}）", self.instrument)
    }
}

/// One breach, with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Made from content, so that a review survives a second audit.
    pub id: String,
    /// Id of the rule or of the policy's limit, e.g. `threat.family`.
    pub rule: String,
    pub category: Category,
    pub severity: Severity,
    pub tier: Tier,
    pub grade: Grade,
    /// Probability in 0..=1 that a listener would agree.
    pub confidence: f64,
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
}

impl Finding {
    /// Fills in the id from the call, the rule, the moment (to 0.1 s) and the words: equal content, equal id.
    #[must_use]
    pub fn identified(mut self, call: &CallId) -> Self {
        let moment = self.start_s.map_or(-1, |start| (start * 10.0).round() as i64);
        let content = format!("{call}\u{1f}{}\u{1f}{moment}\u{1f}{}", self.rule, self.quote);
        self.id = hex(&Sha256::digest(content.as_bytes())[..6]);
        self
    }
}

/// Bytes in lowercase hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
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
