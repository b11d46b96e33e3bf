//! The words of the register of complaints: kinds, sources, states, and until when a case has to be opened.

/// Hours within which the case of a complaint of violence or a leak has to be opened: a rule of the house, not of law.
pub const URGENT_HOURS: i64 = 48;
/// Hours for every other complaint: a rule of the house, too.
pub const USUAL_HOURS: i64 = 15 * 24;

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintKind {
    /// Violence, or the threat of it.
    Violence,
    /// Personal data or the debt told to others.
    Leak,
    Harassment,
    /// False claims, false identities, promises not kept.
    Deception,
    /// Money asked for on other ways than the lender's.
    Payment,
    Other,
}

impl ComplaintKind {
    pub const ALL: [Self; 6] =
        [Self::Violence, Self::Leak, Self::Harassment, Self::Deception, Self::Payment, Self::Other];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Violence => "violence",
            Self::Leak => "leak",
            Self::Harassment => "harassment",
            Self::Deception => "deception",
            Self::Payment => "payment",
            Self::Other => "other",
        }
    }

    /// The kind of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Violence => "暴力或以暴力相威胁",
            Self::Leak => "泄露个人信息",
            Self::Harassment => "骚扰",
            Self::Deception => "虚假陈述",
            Self::Payment => "收款方式",
            Self::Other => "其他",
        }
    }

    /// True where the case has to be opened within [`URGENT_HOURS`].
    #[must_use]
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Violence | Self::Leak)
    }
}

/// Who complains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintSource {
    Debtor,
    ThirdParty,
    Regulator,
    Platform,
    Lender,
    Other,
}

impl ComplaintSource {
    pub const ALL: [Self; 6] =
        [Self::Debtor, Self::ThirdParty, Self::Regulator, Self::Platform, Self::Lender, Self::Other];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::ThirdParty => "third_party",
            Self::Regulator => "regulator",
            Self::Platform => "platform",
            Self::Lender => "lender",
            Self::Other => "other",
        }
    }

    /// The source of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.id() == id)
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Debtor => "债务人",
            Self::ThirdParty => "第三人",
            Self::Regulator => "监管部门",
            Self::Platform => "投诉平台",
            Self::Lender => "委托方",
            Self::Other => "其他",
        }
    }
}

/// How far a complaint has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComplaintState {
    Registered,
    /// Somebody looks into it.
    Opened,
    /// Closed: it was as they said.
    Founded,
    /// Closed: it was not.
    Unfounded,
}

impl ComplaintState {
    pub const ALL: [Self; 4] = [Self::Registered, Self::Opened, Self::Founded, Self::Unfounded];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Opened => "opened",
            Self::Founded => "founded",
            Self::Unfounded => "unfounded",
        }
    }

    /// The state of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Registered => "待立案",
            Self::Opened => "调查中",
            Self::Founded => "属实",
            Self::Unfounded => "不属实",
        }
    }
}
