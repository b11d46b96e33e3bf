//! Every call against every limit: what is broken, and what cannot be told. Numbers only; [`super::verdict`] finds the words.
//!
//! ```text
//!  policies ─► plan ─┐
//!  log ──────────────┼─► hours, holiday                          one call alone
//!  order ────────────┼─► frequency, interval, conversation,
//!                    │   third_party                              the calls of one debtor, or to one number
//!  refusals ─────────┴─► refusal                                  calls to a number after it was refused
//! ```

mod breach;
mod conversation;
mod counted;
mod frequency;
mod holiday;
mod hours;
mod interval;
mod plan;
mod refusal;
mod third_party;

pub(super) use breach::{Breach, Doubts, Evidence, Gap, Reason};
pub(super) use counted::{Counted, Group, belongs};
pub(super) use plan::{LimitNumber, Plan, Planned};

use rayon::prelude::*;

use super::log::{Call, Log, Order, Standing};
use super::{Check, Refusals, Together};
use breach::Sink;

/// What came out for all calls.
#[derive(Debug)]
pub(super) struct Outcome {
    /// By call, then by limit.
    pub breaches: Vec<Breach>,
    /// By call, then by limit; empty unless asked for.
    pub gaps: Vec<Gap>,
    /// How often each limit could not be judged for each reason.
    pub gap_counts: Vec<[u64; Reason::COUNT]>,
    pub by_debtor: Order,
    pub by_number: Order,
}

/// Calls that a thread takes at once.
const SHARE_CALLS: usize = 1 << 15;

/// Judges a closed log by the limits of `share`, or by all. With `each_gap` every limit that could not be judged is kept
/// by call, else only counted.
pub(super) fn check(
    log: &Log,
    plan: &Plan,
    refusals: &Refusals,
    each_gap: bool,
    share: Option<Together>,
) -> Outcome {
    let is_asked = |together| share.is_none_or(|share| share == together);
    let (by_debtor, by_number) =
        rayon::join(|| Order::by(log, |call| call.debtor), || Order::by(log, |call| call.number));
    let sink = || Sink::new(plan.limits.len(), each_gap);
    let mut sinks = Vec::new();
    if is_asked(Together::Nobody) {
        sinks.extend(check_each(log, plan, &sink));
    }
    if is_asked(Together::Debtor) {
        sinks.extend(check_groups(log, plan, &by_debtor, Together::Debtor, &sink));
    }
    if is_asked(Together::Number) {
        sinks.extend(check_groups(log, plan, &by_number, Together::Number, &sink));
        let mut refused = sink();
        refusal::check(log, plan, &by_number, refusals, &mut refused);
        sinks.push(refused);
    }
    let (breaches, gaps, gap_counts) = breach::gather(sinks, plan.limits.len());
    Outcome { breaches, gaps, gap_counts, by_debtor, by_number }
}

fn check_each(log: &Log, plan: &Plan, sink: &(impl Fn() -> Sink + Sync)) -> Vec<Sink> {
    let shares = log.calls().par_chunks(SHARE_CALLS).enumerate();
    let judged = shares.map(|(share, calls)| {
        let mut sink = sink();
        check_alone(log, plan, (share * SHARE_CALLS) as u32, calls, &mut sink);
        sink
    });
    judged.collect()
}

fn check_alone(log: &Log, plan: &Plan, first: u32, calls: &[Call], sink: &mut Sink) {
    for (place, call) in (first..).zip(calls) {
        if call.standing != Standing::Timed || !call.is_outbound() {
            continue;
        }
        for planned in &plan.limits {
            if !planned.notes_zone(place, call, sink) {
                continue;
            }
            match &planned.limit.check {
                Check::Hours(rule) => hours::check(log, plan, planned, *rule, (place, call), sink),
                Check::Holiday(rule) => holiday::check(plan, planned, rule, (place, call), sink),
                Check::TextOnly(_) => sink.gap(place, planned.number, Reason::TextOnly),
                _ => {}
            }
        }
    }
}

fn check_groups<'a>(
    log: &'a Log,
    plan: &'a Plan,
    order: &'a Order,
    together: Together,
    sink: &(impl Fn() -> Sink + Sync),
) -> Vec<Sink> {
    let limits: Vec<&Planned> =
        plan.limits.iter().filter(|planned| planned.limit.check.together() == together).collect();
    if limits.is_empty() {
        return Vec::new();
    }
    let key = |place: u32| match together {
        Together::Number => log.call(place).number,
        Together::Nobody | Together::Debtor => log.call(place).debtor,
    };
    let same = |a: u32, b: u32| key(a) == key(b);
    let mut sinks: Vec<Sink> = order
        .shares(same)
        .into_par_iter()
        .map(|share| {
            let mut sink = sink();
            let mut scratch = Vec::new();
            for places in share.chunk_by(|a, b| same(*a, *b)) {
                let group = Group { log, places };
                for planned in &limits {
                    check_group(&group, planned, &mut scratch, &mut sink);
                }
            }
            sink
        })
        .collect();
    let mut lonely = sink();
    for place in order.without_key() {
        let group = Group { log, places: std::slice::from_ref(place) };
        for planned in &limits {
            check_group(&group, planned, &mut Vec::new(), &mut lonely);
        }
    }
    sinks.push(lonely);
    sinks
}

fn check_group(group: &Group, planned: &Planned, scratch: &mut Vec<Counted>, sink: &mut Sink) {
    match &planned.limit.check {
        Check::Frequency(rule) => frequency::check(group, planned, rule, scratch, sink),
        Check::Interval(rule) => interval::check(group, planned, rule, scratch, sink),
        Check::AfterConversation(rule) => conversation::check(group, planned, rule, sink),
        Check::ThirdParty(rule) => third_party::check(group, planned, *rule, sink),
        Check::Hours(_) | Check::Holiday(_) | Check::Refusal(_) | Check::TextOnly(_) => {}
    }
}
