//! A call and what the dialler's record says about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names one call in every output. Never empty; taken from the call record, else from the recording's file name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub String);

impl fmt::Display for CallId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whom the number belongs to, as the call record states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contact {
    /// The debtor (本人).
    #[serde(rename = "self")]
    Debtor,
    Family,
    Employer,
    Guarantor,
    Other,
}

impl Contact {
    /// True for people who owe nothing: not the debtor and not a guarantor.
    #[must_use]
    pub fn is_third_party(self) -> bool {
        matches!(self, Self::Family | Self::Employer | Self::Other)
    }
}

/// Who rang whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Outbound,
    Inbound,
}

/// Hours in which the debtor agreed to be called, in the debtor's local time, half-open `[from, until)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWindow {
    /// `HH:MM`
    pub from: String,
    /// `HH:MM`; earlier than `from` means past midnight.
    pub until: String,
}

/// One row of the call records. What is absent cannot be judged, and the report says so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallRecord {
    pub call_id: Option<CallId>,
    /// File name or path of the recording as the record gives it.
    pub recording: Option<String>,
    /// Start as written: RFC 3339, or local date and time that `timezone` completes.
    pub started_at: Option<String>,
    /// Length of the conversation in seconds.
    pub duration_s: Option<f64>,
    pub agent_id: Option<String>,
    pub debtor_id: Option<String>,
    pub contact: Option<Contact>,
    /// Hashed or masked number of the person called.
    pub number: Option<String>,
    pub direction: Option<Direction>,
    pub answered: Option<bool>,
    /// IANA name of the debtor's time zone, e.g. `Asia/Shanghai`.
    pub timezone: Option<String>,
    pub consent_window: Option<ConsentWindow>,
    pub lender: Option<String>,
    pub product: Option<String>,
}
