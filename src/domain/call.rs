//! A call and what the dialler's record says about it.

use std::borrow::Cow;
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
    /// The stable id, as in `"contact":"family"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Debtor => "self",
            Self::Family => "family",
            Self::Employer => "employer",
            Self::Guarantor => "guarantor",
            Self::Other => "other",
        }
    }

    /// The contact of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [Self::Debtor, Self::Family, Self::Employer, Self::Guarantor, Self::Other];
        all.into_iter().find(|contact| contact.id() == id)
    }

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

impl Direction {
    /// The stable id, as in `"direction":"inbound"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
        }
    }

    /// The direction of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Outbound, Self::Inbound].into_iter().find(|direction| direction.id() == id)
    }
}

/// Hours in which the debtor agreed to be called, in the debtor's local time, half-open `[from, until)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWindow {
    /// `HH:MM`
    pub from: String,
    /// `HH:MM`; earlier than `from` means past midnight.
    pub until: String,
}

impl ConsentWindow {
    /// `HH:MM-HH:MM`, the form in which rows carry it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}-{}", self.from, self.until)
    }

    /// The way back from [`text`](Self::text).
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let (from, until) = text.split_once('-').unwrap_or((text, ""));
        Self { from: from.to_owned(), until: until.to_owned() }
    }
}

/// One row of the call records, kept. What is absent cannot be judged, and the report says so.
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
    /// The agent's team, or the agency that employs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
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

/// One row of the call records as it passes by: the fields of [`CallRecord`], borrowed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallRow<'a> {
    pub call_id: Option<&'a str>,
    pub recording: Option<&'a str>,
    pub started_at: Option<&'a str>,
    pub duration_s: Option<f64>,
    pub agent_id: Option<&'a str>,
    pub team: Option<&'a str>,
    pub debtor_id: Option<&'a str>,
    pub contact: Option<Contact>,
    pub number: Option<&'a str>,
    pub direction: Option<Direction>,
    pub answered: Option<bool>,
    pub timezone: Option<&'a str>,
    /// As [`ConsentWindow::text`] writes it.
    pub consent_window: Option<Cow<'a, str>>,
    pub lender: Option<&'a str>,
    pub product: Option<&'a str>,
}

impl CallRow<'_> {
    /// What the call is named by: its id, else its recording.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.call_id.or(self.recording)
    }
}

impl<'a> From<&'a CallRecord> for CallRow<'a> {
    fn from(record: &'a CallRecord) -> Self {
        Self {
            call_id: record.call_id.as_ref().map(|id| id.0.as_str()),
            recording: record.recording.as_deref(),
            started_at: record.started_at.as_deref(),
            duration_s: record.duration_s,
            agent_id: record.agent_id.as_deref(),
            team: record.team.as_deref(),
            debtor_id: record.debtor_id.as_deref(),
            contact: record.contact,
            number: record.number.as_deref(),
            direction: record.direction,
            answered: record.answered,
            timezone: record.timezone.as_deref(),
            consent_window: record.consent_window.as_ref().map(|window| Cow::Owned(window.text())),
            lender: record.lender.as_deref(),
            product: record.product.as_deref(),
        }
    }
}

impl From<&CallRow<'_>> for CallRecord {
    fn from(row: &CallRow<'_>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            call_id: text(row.call_id).map(CallId),
            recording: text(row.recording),
            started_at: text(row.started_at),
            duration_s: row.duration_s,
            agent_id: text(row.agent_id),
            team: text(row.team),
            debtor_id: text(row.debtor_id),
            contact: row.contact,
            number: text(row.number),
            direction: row.direction,
            answered: row.answered,
            timezone: text(row.timezone),
            consent_window: row.consent_window.as_deref().map(ConsentWindow::of_text),
            lender: text(row.lender),
            product: text(row.product),
        }
    }
}
