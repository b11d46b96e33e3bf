//! One thread's share of a log.

use jiff::tz::TimeZone;

use super::call::{Call, Key, Standing, Zone};
use super::clock::{Clock, Moment};
use super::keys::{Field, KeyTables};
use super::names::Names;
use crate::domain::CallRow;

/// Rows on their way into a [`Log`](super::Log).
#[derive(Debug, Clone)]
pub struct LogPart {
    pub(super) calls: Vec<Call>,
    pub(super) names: Names,
    pub(super) keys: KeyTables,
    pub(super) clock: Clock,
}

/// Why it is not known when a call started; such a call is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFault {
    Missing,
    NotUnderstood,
    UnknownZone,
}

impl StartFault {
    /// The reason, with the text at fault.
    #[must_use]
    pub fn reason(self, row: &CallRow) -> String {
        let text = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
        match self {
            Self::Missing => "no started_at".to_owned(),
            Self::NotUnderstood => format!("started_at `{}` is not understood", text(row.started_at)),
            Self::UnknownZone => format!("unknown timezone `{}`", text(row.timezone)),
        }
    }
}

/// A call may last a day; what is longer is no length.
const LONGEST_S: f64 = 86_400.0;

impl LogPart {
    pub(super) fn new(default_timezone: &TimeZone) -> Self {
        Self {
            calls: Vec::new(),
            names: Names::default(),
            keys: KeyTables::default(),
            clock: Clock::new(default_timezone),
        }
    }

    /// Takes a row in, also one whose start is not known.
    ///
    /// # Errors
    /// Why the call will not be judged.
    pub fn push(&mut self, row: &CallRow) -> Result<(), StartFault> {
        self.names.push(row.call_id, row.recording);
        let start = self.clock.start(row.started_at, row.timezone);
        let (Moment { start_s, offset_s }, zone) =
            start.unwrap_or((Moment { start_s: 0, offset_s: 0 }, Zone::UNSTATED));
        let mut key = |field, text| self.keys.key(field, text);
        self.calls.push(Call {
            start_s,
            offset_s,
            duration_ms: row.duration_s.map_or(Call::NO_DURATION, duration_ms),
            debtor: key(Field::Debtor, row.debtor_id),
            number: key(Field::Number, row.number),
            agent: key(Field::Agent, row.agent_id),
            team: key(Field::Team, row.team),
            lender: key(Field::Lender, row.lender),
            product: key(Field::Product, row.product),
            consent: row.consent_window.as_deref().map_or(Key::NONE, |text| key(Field::Consent, Some(text))),
            zone,
            contact: row.contact,
            direction: row.direction,
            answered: row.answered,
            standing: if start.is_ok() { Standing::Timed } else { Standing::Untimed },
        });
        start.map(drop)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }
}

fn duration_ms(seconds: f64) -> u32 {
    if (0.0..=LONGEST_S).contains(&seconds) { (seconds * 1000.0).round() as u32 } else { Call::NO_DURATION }
}
