//! Which calls a limit counts, and whose together.

use super::breach::{Doubts, Reason, Sink};
use super::plan::Planned;
use crate::domain::Contact;
use crate::timing::log::{Call, Key, Log};
use crate::timing::{Counting, Counts, Per};

/// The calls of one debtor, or to one number, by start.
pub struct Group<'a> {
    pub log: &'a Log,
    /// Places in the log.
    pub places: &'a [u32],
}

impl<'a> Group<'a> {
    /// The calls that a limit may look at, inbound ones too, each with its place.
    pub fn calls(&self, planned: &'a Planned) -> impl Iterator<Item = (u32, &'a Call)> {
        let log = self.log;
        let calls = self.places.iter().map(move |place| (*place, log.call(*place)));
        calls.filter(|(_, call)| planned.is_about(call))
    }
}

/// A call that a limit counts.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Calls of a group are counted together where this is equal.
    pub part: Part,
    pub place: u32,
    pub day: i32,
    pub start_s: i64,
    pub doubts: Doubts,
}

/// What divides the calls of a debtor further: agent, lender, debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(Key, Key);

/// Fills `counted` with the calls a limit counts, by part and then by start; what could not be told is noted.
pub fn count(
    group: &Group,
    planned: &Planned,
    counting: Counting,
    counted: &mut Vec<Counted>,
    sink: &mut Sink,
) {
    counted.clear();
    for (place, call) in group.calls(planned).filter(|(_, call)| call.is_outbound()) {
        match standing(call, counting) {
            Ok(Some(part)) => {
                let day = call.day();
                if planned.is_in_force(place, day, sink) {
                    let doubts = doubts(call, !counting.per.is_by_number());
                    counted.push(Counted { part, place, day, start_s: call.start_s, doubts });
                }
            }
            Ok(None) => {}
            Err(reason) => sink.gap(place, planned.number, reason),
        }
    }
    // Stable: within a part the order of time stays.
    counted.sort_by_key(|counted| counted.part);
}

/// The part under which an outbound call counts; `None` when it does not count, an error when the record does not tell.
fn standing(call: &Call, counting: Counting) -> Result<Option<Part>, Reason> {
    if !is_of(call, counting.per)? {
        return Ok(None);
    }
    let counts = match counting.counts {
        Counts::Attempts => true,
        Counts::Unanswered => !call.answered.ok_or(Reason::NoAnswered)?,
        Counts::Answered => call.answered.ok_or(Reason::NoAnswered)?,
        Counts::Effective => {
            call.answered.ok_or(Reason::NoAnswered)?;
            call.is_conversation(ms(counting.effective_min_s)).ok_or(Reason::NoDuration)?
        }
    };
    let part = part(call, counting.per);
    if counts { part.map(Some) } else { Ok(None) }
}

/// Whether the call went to the kind of person the limit is about.
fn is_of(call: &Call, per: Per) -> Result<bool, Reason> {
    match per {
        Per::Number => Ok(true),
        Per::ThirdPerson => call.contact.map(Contact::is_third_party).ok_or(Reason::NoContact),
        Per::Debtor | Per::Lender | Per::Debt | Per::Agent => Ok(call.is_to_debtor()),
    }
}

/// What the call is counted under, apart from its group.
pub fn part(call: &Call, per: Per) -> Result<Part, Reason> {
    let known = |key: Key, reason| if key.is_known() { Ok(key) } else { Err(reason) };
    let none = Key::NONE;
    let debtor = || known(call.debtor, Reason::NoDebtor);
    let lender = || known(call.lender, Reason::NoLender);
    Ok(match per {
        Per::Number | Per::ThirdPerson => {
            known(call.number, Reason::NoNumber)?;
            Part(none, none)
        }
        Per::Debtor => {
            debtor()?;
            Part(none, none)
        }
        Per::Lender => {
            debtor()?;
            Part(lender()?, none)
        }
        Per::Debt => {
            debtor()?;
            Part(lender()?, known(call.product, Reason::NoProduct)?)
        }
        Per::Agent => {
            debtor()?;
            Part(known(call.agent, Reason::NoAgent)?, none)
        }
    })
}

/// Whether the limit counts `other` together with `call`, which it counts.
pub fn belongs(planned: &Planned, counting: Counting, call: &Call, other: &Call) -> bool {
    let part_of = |call| standing(call, counting).ok().flatten();
    other.is_outbound()
        && planned.is_about(other)
        && part_of(other).is_some_and(|part| part_of(call) == Some(part))
}

/// What the record leaves open about a call.
pub fn doubts(call: &Call, counts_by_debtor: bool) -> Doubts {
    let direction = Doubts::DIRECTION.when(call.direction.is_none());
    direction.and(Doubts::CONTACT.when(counts_by_debtor && call.contact.is_none()))
}

/// Milliseconds; a limit says seconds.
pub fn ms(seconds: f64) -> u32 {
    (seconds * 1000.0).round() as u32
}

impl Planned<'_> {
    /// What the limit's own text leaves open.
    pub fn own_doubt(&self) -> Doubts {
        Doubts::LIMIT.when(self.limit.doubt.is_some())
    }
}
