//! All stored calls once more by the rules of today, without listening.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{BatchError, Clock, Law, Shared};
use crate::audit::{Auditor, Interrupt};
use crate::domain::{CallId, CallReport, Verdict};
use crate::store::{AuditedCall, Changes, RunId, StoredCall};

/// Calls judged at once.
const ROUND: usize = 128;

/// What another audit of all calls came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reaudit {
    pub calls: u64,
    /// Calls with any change.
    pub changed: u64,
    /// Findings that are new, gone, or of another tier or severity, by rule.
    pub rules: BTreeMap<String, RuleChanges>,
    /// How many calls went from one verdict to another: `clean>violation`.
    pub verdicts: BTreeMap<String, u64>,
    pub interrupted: bool,
}

/// Findings of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleChanges {
    pub appeared: u64,
    pub vanished: u64,
    pub regraded: u64,
}

/// Judges every stored call again; `tell` hears of each call that changed, in order of the store.
///
/// # Errors
/// When the store cannot be written; calls done before that are kept.
pub fn reaudit(
    store: &Shared,
    run: RunId,
    auditor: &Auditor,
    law: Law,
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(&CallId, &Changes, u64),
) -> Result<Reaudit, BatchError> {
    let clock = Clock::judge(&mut store.get(), law)?;
    let mut done = Reaudit::default();
    let mut after = 0;
    loop {
        let calls = store.get().calls_after(after, ROUND)?;
        let Some(last) = calls.last() else { return Ok(done) };
        after = last.id;
        if interrupt.is_raised() {
            done.interrupted = true;
            return Ok(done);
        }
        let again: Vec<CallReport> = calls.par_iter().map(|call| judged(call, auditor, &clock)).collect();
        store.get().transaction(|store| {
            for (call, report) in calls.iter().zip(&again) {
                let timed = clock.timed_report(report);
                let written = AuditedCall { report, levels: None, content: None, timed: timed.as_ref() };
                let changes = store.put_call(run, written)?;
                done.count(call, report, &changes);
                tell(&call.call_id, &changes, done.calls);
            }
            Ok::<_, BatchError>(())
        })?;
    }
}

fn judged(call: &StoredCall, auditor: &Auditor, clock: &Clock) -> CallReport {
    let timing = clock.outcome(&call.call_id).cloned();
    let record = call.report.record.clone();
    match (&call.content, record, timing) {
        (None, Some(record), Some(timing)) => auditor.by_record(call.call_id.clone(), record, timing),
        (_, record, timing) => auditor.audit_again(call.report.clone(), call.levels.as_ref(), timing, record),
    }
}

impl Reaudit {
    fn count(&mut self, before: &StoredCall, after: &CallReport, changes: &Changes) {
        self.calls += 1;
        let verdicts: (Verdict, Verdict) = (before.report.verdict, after.verdict);
        self.changed += u64::from(!changes.is_empty() || verdicts.0 != verdicts.1);
        if verdicts.0 != verdicts.1 {
            *self.verdicts.entry(format!("{}>{}", verdicts.0.id(), verdicts.1.id())).or_default() += 1;
        }
        for id in &changes.appeared {
            self.rule(after, id).appeared += 1;
        }
        for id in &changes.vanished {
            self.rule(&before.report, id).vanished += 1;
        }
        for id in &changes.regraded {
            self.rule(after, id).regraded += 1;
        }
    }

    fn rule(&mut self, report: &CallReport, finding: &str) -> &mut RuleChanges {
        let rule = report.findings.iter().find(|known| known.id == finding).map(|known| known.rule.clone());
        self.rules.entry(rule.unwrap_or_default()).or_default()
    }
}
