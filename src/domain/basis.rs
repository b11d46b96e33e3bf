//! The texts that rules rest on, with their force and how surely they are known.

use serde::{Deserialize, Serialize};

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
