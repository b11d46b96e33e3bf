//! The way through: every call against every limit of every policy.

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::check::{self, Breach, Gap, Outcome, Plan, Reason};
use super::log::{Field, Log, Standing, date_of};
use super::outcome::{TimingOutcome, local_date};
use super::{Calendar, Policy, Refusals, verdict};
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
    judge_with(log, law, false)
}

fn judge_with<'a>(log: &'a Log, law: Law<'a>, each_gap: bool) -> Judged<'a> {
    let plan = Plan::new(log, law.policies, law.calendar);
    let outcome = check::check(log, &plan, law.refusals, each_gap);
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
    let judged = judge_with(log, law, true);
    let mut outcomes: Vec<TimingOutcome> = log.calls().iter().map(TimingOutcome::of_start).collect();
    for ((outcome, call), fault) in outcomes.iter_mut().zip(log.calls()).zip(faults) {
        let repeated = (call.standing == Standing::Repeated).then(|| "call_id was given before".to_owned());
        if let (Some(reason), true) = (fault.clone().or(repeated), call.is_outbound()) {
            let lines = law.policies.iter().map(|policy| format!("timing.{}: {reason}", policy.id));
            outcome.not_judged.extend(lines);
        }
    }
    for breach in judged.breaches() {
        outcomes[breach.call as usize].findings.push(verdict::finding(&judged, breach));
    }
    for gap in &judged.outcome.gaps {
        outcomes[gap.call as usize].not_judged.push(judged.gap_line(*gap));
    }
    outcomes
}
