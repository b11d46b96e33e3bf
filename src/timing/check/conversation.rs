//! Calls too soon after a conversation.

use super::breach::{Evidence, Reason, Sink};
use super::counted::{Group, Part, doubts, ms, part};
use super::plan::Planned;
use crate::timing::AfterConversation;

/// An outbound call to the debtor within `days` consecutive days of the last conversation, whose day is the first. The
/// debtor's own calls are conversations as well, but never breaches.
pub(super) fn check(group: &Group, planned: &Planned, rule: &AfterConversation, sink: &mut Sink) {
    let mut last: Vec<(Part, Conversation)> = Vec::new();
    for (place, call) in group.calls(planned).filter(|(_, call)| call.is_to_debtor()) {
        let part = match part(call, rule.per) {
            Ok(part) => part,
            Err(reason) => {
                if call.is_outbound() {
                    sink.gap(place, planned.number, reason);
                }
                continue;
            }
        };
        let day = call.day();
        let at = last.iter().position(|(known, _)| *known == part);
        let earlier = at.map(|at| &last[at].1);
        if call.is_outbound() && planned.is_in_force(place, day, sink) {
            let within = earlier.filter(|talk| i64::from(day) - i64::from(talk.day) < i64::from(rule.days));
            if let Some(talk) = within {
                let gap_s = (call.start_s - talk.start_s) as u32;
                let doubts = talk.doubts.and(doubts(call, true)).and(planned.own_doubt());
                sink.breach(place, planned.number, doubts, Evidence::Previous { call: talk.place, gap_s });
            }
        }
        match call.is_conversation(ms(rule.effective_min_s)) {
            None if call.is_outbound() => sink.gap(place, planned.number, unknown(call.answered)),
            None | Some(false) => {}
            Some(true) => {
                let talk = Conversation { place, day, start_s: call.start_s, doubts: doubts(call, true) };
                match at {
                    Some(at) => last[at].1 = talk,
                    None => last.push((part, talk)),
                }
            }
        }
    }
}

fn unknown(answered: Option<bool>) -> Reason {
    if answered.is_none() { Reason::NoAnswered } else { Reason::NoDuration }
}

/// The last time the debtor was spoken with.
struct Conversation {
    place: u32,
    day: i32,
    start_s: i64,
    doubts: super::Doubts,
}
