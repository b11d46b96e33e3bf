//! What a breach is called. The ids are part of the report's contract.

use serde::{Deserialize, Serialize};

/// The prohibited conduct a finding belongs to. The ids are part of the report's contract.
///
/// `GoodConduct` is no breach: rules of good conduct have it and no finding does.
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
    GoodConduct,
}

impl Category {
    /// Every category that a finding can have, in the order reports list them.
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

    /// What an agent can say, in the order reports list them.
    pub const SPOKEN: [Self; 10] = [
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
    ];

    /// The category of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.id() == id)
    }

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
            Self::GoodConduct => "good_conduct",
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
            Self::GoodConduct => "良好行为",
        }
    }
}
