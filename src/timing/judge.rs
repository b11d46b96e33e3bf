//! The way through: every call against every limit of every policy.

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::check::{self, Breach, Gap, Outcome, Plan, Reason};
use super::log::{Field, Log, Standing, date_of};
use super::outcome::{TimingOutcome, local_date};
use super::{Calendar, Policy, Refusals, Together, verdict};
use crate::domain::{CallId, CallRecord, Severity, TimingFinding, Unjudged};

/// What calls are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub policies: &'a [Policy],
    pub calendar: &'a Calendar,
    pub refusals: &'a Refusals,
}

/// A log with everything found in it.
#[derive(Debug)]
pub struct Judged<'a> {
    pub(super) log: &'a Log,
    pub(super) plan: Plan<'a>,
    pub(super) outcome: Outcome,
}

/// Judges the calls of a closed log.
///
/// The order of the records has no influence on what is found. Inbound calls are never judged and never counted.
/// Times are judged in the debtor's time zone: the record's own, else the log's default. A log can prove a breach,
/// never compliance: what is not in the records is not counted.
#[must_use]
pub fn judge<'a>(log: &'a Log, law: Law<'a>) -> Judged<'a> {
    judge_with(log, law, false, None)
}

/// As [`judge()`], by the limits alone that look at the same calls together as `share` does.
///
/// What is found of a call needs no other calls in the log than those about its debtor, or to its number, whichever the
/// share is about: a log may be parted accordingly and its parts judged apart.
#[must_use]
pub fn judge_share<'a>(log: &'a Log, law: Law<'a>, share: Together) -> Judged<'a> {
    judge_with(log, law, false, Some(share))
}

fn judge_with<'a>(log: &'a Log, law: Law<'a>, each_gap: bool, share: Option<Together>) -> Judged<'a> {
    let plan = Plan::new(log, law.policies, law.calendar);
    let outcome = check::check(log, &plan, law.refusals, each_gap, share);
    Judged { log, plan, outcome }
}

impl Judged<'_> {
    /// By call, in the order of the log, then by limit, in the order of the policies.
    pub(super) fn breaches(&self) -> &[Breach] {
        &self.outcome.breaches
    }

    /// Number of findings.
    #[must_use]
    pub fn count(&self) -> usize {
        self.outcome.breaches.len()
    }

    /// A finding in words, by its place below [`count`](Self::count).
    #[must_use]
    pub fn finding(&self, place: usize) -> TimingFinding {
        let breach = &self.outcome.breaches[place];
        let call = self.log.call(breach.call);
        let text = |field, key| self.log.text(field, key).map(str::to_owned);
        let call_id = CallId(self.log.name(breach.call).unwrap_or_default().to_owned());
        TimingFinding {
            finding: verdict::finding(self, breach).identified(&call_id),
            call_id,
            day: local_date(call),
            debtor_id: text(Field::Debtor, call.debtor),
            agent_id: text(Field::Agent, call.agent),
            team: text(Field::Team, call.team),
            lender: text(Field::Lender, call.lender),
        }
    }

    /// The gravest severity found, in either tier.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let severity = |breach: &Breach| verdict::severity(self, breach);
        self.outcome.breaches.par_iter().map(severity).max()
    }

    /// What could not be judged, counted.
    #[must_use]
    pub fn unjudged(&self) -> Vec<Unjudged> {
        let limits = self.plan.limits.iter().zip(&self.outcome.gap_counts);
        let counts = limits.flat_map(|(planned, counts)| {
            Reason::ALL.map(|reason| (planned, reason, counts[reason as usize]))
        });
        counts
            .filter(|(_, _, calls)| *calls > 0)
            .map(|(planned, reason, calls)| Unjudged {
                rule: rule(planned, reason),
                reason: verdict::reason(reason, None),
                calls,
            })
            .collect()
    }

    fn gap_line(&self, gap: Gap) -> String {
        let planned = &self.plan.limits[usize::from(gap.limit.0)];
        let day = date_of(self.log.call(gap.call).day());
        format!("timing.{}: {}", rule(planned, gap.reason), verdict::reason(gap.reason, Some(day)))
    }
}

/// What a reason concerns: the whole policy, or one limit of it.
fn rule(planned: &check::Planned, reason: Reason) -> String {
    match reason {
        Reason::NoTimezone => planned.policy.id.clone(),
        _ => format!("{}.{}", planned.policy.id, planned.limit.id),
    }
}

/// Judges every record by every policy: one outcome a record, in the same order. See [`judge()`].
#[must_use]
pub fn check(records: &[CallRecord], law: Law, default_timezone: &TimeZone) -> Vec<TimingOutcome> {
    match Log::of(records, default_timezone) {
        Ok((log, faults)) => outcomes(&log, &faults, law),
        Err(_) => records.iter().map(|_| TimingOutcome::default()).collect(),
    }
}

/// Judges every call of a closed log: one outcome a call, in the same order. `faults` say of each why its start is not
/// known, where it is not. See [`judge()`].
#[must_use]
pub fn outcomes(log: &Log, faults: &[Option<String>], law: Law) -> Vec<TimingOutcome> {
    let judged = judge_with(log, law, true, None);
    let mut outcomes = of_calls_alone(log, faults, law);
    add(&judged, &mut outcomes);
    outcomes
}

/// The share of [`outcomes`] that the limits of one kind make up; [`TimingOutcome::joined`] puts the shares together.
#[must_use]
pub fn share_outcomes(log: &Log, faults: &[Option<String>], law: Law, share: Together) -> Vec<TimingOutcome> {
    let judged = judge_with(log, law, true, Some(share));
    let mut outcomes = match share {
        Together::Nobody => of_calls_alone(log, faults, law),
        Together::Debtor | Together::Number => vec![TimingOutcome::default(); log.len()],
    };
    add(&judged, &mut outcomes);
    outcomes
}

/// What each row tells without any limit: its day, or why it has none.
fn of_calls_alone(log: &Log, faults: &[Option<String>], law: Law) -> Vec<TimingOutcome> {
    let mut outcomes: Vec<TimingOutcome> = log.calls().iter().map(TimingOutcome::of_start).collect();
    for ((outcome, call), fault) in outcomes.iter_mut().zip(log.calls()).zip(faults) {
        let repeated = (call.standing == Standing::Repeated).then(|| "call_id was given before".to_owned());
        if let (Some(reason), true) = (fault.clone().or(repeated), call.is_outbound()) {
            let lines = law.policies.iter().map(|policy| format!("timing.{}: {reason}", policy.id));
            outcome.not_judged.extend(lines);
        }
    }
    outcomes
}

fn add(judged: &Judged, outcomes: &mut [TimingOutcome]) {
    for breach in judged.breaches() {
        outcomes[breach.call as usize].findings.push(verdict::finding(judged, breach));
    }
    for gap in &judged.outcome.gaps {
        outcomes[gap.call as usize].not_judged.push(judged.gap_line(*gap));
    }
}
