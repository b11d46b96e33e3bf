//! What cells say of judgements and appeals, and what is understood of them.

use crate::store::{AppealState, Judgement, Rejection};

/// The judgements a reviewer chooses from.
pub(super) const JUDGEMENTS_ZH: [&str; 2] = ["确认", "驳回"];

/// A judgement without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Confirmed,
    Rejected,
}

impl Word {
    pub(super) fn of(judgement: Judgement) -> Self {
        match judgement {
            Judgement::Confirmed => Self::Confirmed,
            Judgement::Rejected(_) => Self::Rejected,
        }
    }

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }

    pub(super) fn name_zh(self) -> &'static str {
        JUDGEMENTS_ZH[usize::from(self == Self::Rejected)]
    }

    /// What somebody may have written for it.
    pub(super) fn read(written: &str) -> Option<Self> {
        match written.to_ascii_lowercase().as_str() {
            "确认" | "已确认" | "確認" | "confirmed" | "confirm" => Some(Self::Confirmed),
            "驳回" | "已驳回" | "駁回" | "rejected" | "reject" => Some(Self::Rejected),
            _ => None,
        }
    }
}

/// The reason that somebody wrote, by its name or its id.
pub(super) fn read_reason(written: &str) -> Option<Rejection> {
    let is_it =
        |reason: &Rejection| reason.name_zh() == written || reason.id() == written.to_ascii_lowercase();
    Rejection::ALL.into_iter().find(is_it)
}

pub(super) fn reason(judgement: Judgement) -> Option<Rejection> {
    match judgement {
        Judgement::Confirmed => None,
        Judgement::Rejected(reason) => Some(reason),
    }
}

pub(super) fn appeal_id(appeal: AppealState) -> &'static str {
    match appeal {
        AppealState::Pending => "pending",
        AppealState::Upheld => "upheld",
        AppealState::Overturned => "overturned",
    }
}

pub(super) fn appeal_zh(appeal: AppealState) -> &'static str {
    match appeal {
        AppealState::Pending => "待处理",
        AppealState::Upheld => "维持原判",
        AppealState::Overturned => "撤销该项",
    }
}
