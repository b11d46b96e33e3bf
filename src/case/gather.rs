//! What the store knows of a debtor, and how it is judged.

use jiff::tz::TimeZone;

use super::complaint::complaints;
use super::outcomes::outcomes;
use super::{Case, CaseCall, CaseError, RulesInUse};
use crate::domain::{CallId, CallReport, Judgement, Provenance, SCHEMA, judge};
use crate::ingest::DecodeOptions;
use crate::lexicon::RuleSet;
use crate::report::waveforms_of;
use crate::store::{Store, StoredCall, StoredRecord};
use crate::timing::{self, Calendar, Check, Law, Policy, Refusals, TimingOutcome};

/// Nobody is called more often; a record without a debtor may name one that stands for all such.
pub(super) const MOST_CALLS: usize = 10_000;

/// What is judged by today, and how recordings are read.
pub struct Judging<'a> {
    pub rules: &'a RuleSet,
    pub policies: &'a [Policy],
    pub calendar: &'a Calendar,
    /// Time zone of records that name none.
    pub zone: &'a TimeZone,
    pub decode: DecodeOptions,
    /// Of reports that are made of records alone.
    pub provenance: Provenance,
}

/// Gathers all calls to a debtor. To be called within a snapshot, lest a run at work changes half of it.
///
/// Calls that were audited stand as they were judged then, for that is what people reviewed. The records of all calls are
/// judged together by the policies of today for those calls of which the record alone is known.
///
/// # Errors
/// When the store cannot be read, no call names the debtor, or so many do that it is none.
pub fn gather(store: &mut Store, debtor: &str, judging: &Judging) -> Result<Case, CaseError> {
    let records = store.records_of_debtor(debtor, MOST_CALLS + 1)?;
    if records.is_empty() {
        return Err(CaseError::UnknownDebtor(debtor.to_owned()));
    }
    if records.len() > MOST_CALLS {
        return Err(CaseError::TooManyCalls(debtor.to_owned()));
    }
    let timed = timed(store, &records, judging)?;
    let mut calls = Vec::with_capacity(records.len());
    for (record, timing) in records.into_iter().zip(timed) {
        calls.push(case_call(store, record, timing, judging)?);
    }
    calls.sort_by_cached_key(|call| (call.day.clone(), call.hour, call.record.started_at.clone()));
    let rules = RulesInUse {
        lexicons: judging.provenance.lexicons.clone(),
        policies: judging.provenance.policies.clone(),
    };
    Ok(Case {
        debtor: debtor.to_owned(),
        outcomes: outcomes(&calls, judging.rules, judging.policies),
        open_hours: open_hours(judging.policies),
        has_other_rules: calls.iter().any(|call| is_of_others(&call.report, &rules)),
        rules,
        calls,
        complaints: complaints(store, debtor)?,
        last_action: store.last_action()?,
        decode: judging.decode,
    })
}

/// One outcome a record, over all of them together.
fn timed(
    store: &mut Store,
    records: &[StoredRecord],
    judging: &Judging,
) -> Result<Vec<TimingOutcome>, CaseError> {
    let refusals = Refusals::of(store.refused_calls()?);
    let law = Law { policies: judging.policies, calendar: judging.calendar, refusals: &refusals };
    let rows: Vec<_> = records.iter().map(|stored| stored.record.clone()).collect();
    Ok(timing::check(&rows, law, judging.zone))
}

fn case_call(
    store: &mut Store,
    stored: StoredRecord,
    timing: TimingOutcome,
    judging: &Judging,
) -> Result<CaseCall, CaseError> {
    let (day, hour) = (timing.local_date.clone(), timing.local_hour);
    let (report, content, levels) = match store.stored_call(stored.id)? {
        Some(StoredCall { report, content, levels, .. }) => (report, content, levels),
        None => (by_record(&stored, timing, judging), None, None),
    };
    Ok(CaseCall {
        id: stored.id,
        findings: store.findings_of(stored.id)?,
        reviews: store.reviews_of(stored.id)?,
        appeals: store.appeals_of(stored.id)?,
        waveforms: levels.as_ref().map(waveforms_of).unwrap_or_default(),
        record: stored.record,
        report,
        content,
        day,
        hour,
    })
}

/// The report of a call that nobody heard: the store keeps one only where something was found.
fn by_record(stored: &StoredRecord, timing: TimingOutcome, judging: &Judging) -> CallReport {
    let call_id = stored.record.call_id.clone().unwrap_or_else(|| CallId(String::new()));
    let mut checklist = timing::checklist(judging.policies, Some(&stored.record), Some(&timing));
    let Judgement { verdict, score, items } = judge(&timing.findings, &[], judging.rules.scoring());
    let findings: Vec<_> = timing.findings.into_iter().map(|finding| finding.identified(&call_id)).collect();
    for item in &mut checklist {
        item.cite(&findings);
    }
    let mut not_judged = timing.not_judged;
    not_judged.push("speech: no recording".to_owned());
    CallReport {
        schema: SCHEMA.to_owned(),
        call_id,
        recording: None,
        record: Some(stored.record.clone()),
        day: timing.local_date,
        verdict,
        score,
        score_items: items,
        error: None,
        findings,
        suppressed: Vec::new(),
        good_conduct: Vec::new(),
        marks: Vec::new(),
        checklist,
        script: None,
        not_judged,
        measures: None,
        transcript: Vec::new(),
        provenance: Provenance { model: None, semantics: None, ..judging.provenance.clone() },
    }
}

fn is_of_others(report: &CallReport, rules: &RulesInUse) -> bool {
    report.provenance.lexicons != rules.lexicons || report.provenance.policies != rules.policies
}

/// The hours of all policies that have some, none twice.
fn open_hours(policies: &[Policy]) -> Vec<(f64, f64)> {
    let hour = |time: jiff::civil::Time| f64::from(time.hour()) + f64::from(time.minute()) / 60.0;
    let limits = policies.iter().flat_map(|policy| &policy.limits);
    let mut hours: Vec<(f64, f64)> = Vec::new();
    for limit in limits {
        if let Check::Hours(rule) = &limit.check {
            // A day that ends at midnight is written 00:00.
            let close = if rule.close <= rule.open { 24.0 } else { hour(rule.close) };
            if !hours.contains(&(hour(rule.open), close)) {
                hours.push((hour(rule.open), close));
            }
        }
    }
    hours
}
