//! `cargo run --release --example make_store -- COUNT SEED REPORTS STORE`: a store of COUNT made-up calls, for load tests.
//!
//! What is said in them comes from REPORTS, the `report.jsonl` of an audit: most calls take one in which nothing was found,
//! one in eight any. Agents, teams, debtors, days and hours are drawn; a tenth of the findings has been judged.

use std::error::Error;
use std::fs;
use std::str::FromStr;

use callaudit::domain::{CallId, CallRecord, CallReport, Contact, Direction};
use callaudit::store::{
    Access, AuditedCall, ComplaintKind, ComplaintSource, DrawMethod, DrawPlan, FindingKey, Judgement,
    NewComplaint, Place, Rejection, RunId, Store, TimedCall,
};
use jiff::ToSpan;
use jiff::civil::date;

const DAYS: u64 = 365;
const AGENTS: u64 = 300;
const TEAMS: u64 = 20;
const CALLS_PER_DEBTOR: u64 = 8;
/// Calls of one transaction.
const ROUND: u64 = 2_000;
const COMPLAINTS: u64 = 500;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [count, seed, reports, store] = args.as_slice() else {
        return Err("usage: make_store COUNT SEED REPORTS STORE".into());
    };
    let (count, mut chance) = (count.parse::<u64>()?, Chance(seed.parse()?));
    let reports: Vec<CallReport> =
        fs::read_to_string(reports)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let (clean, _): (Vec<_>, Vec<_>) = reports.iter().partition(|report| report.findings.is_empty());
    let mut store = Store::open(&Place::from_str(store)?, Access::Write)?;
    let run = store.begin_run("batch")?;
    for first in (0..count).step_by(ROUND as usize) {
        store.transaction(|store| {
            for number in first..(first + ROUND).min(count) {
                let report = if chance.below(8) == 0 || clean.is_empty() {
                    &reports[chance.below(reports.len() as u64) as usize]
                } else {
                    clean[chance.below(clean.len() as u64) as usize]
                };
                put(store, run, report, number, count, &mut chance)?;
            }
            Ok::<_, Box<dyn Error>>(())
        })?;
        eprint!("\r{} calls", (first + ROUND).min(count));
    }
    eprintln!();
    work(&mut store, count, &mut chance)?;
    store.end_run(run, "{}")?;
    store.refresh_tallies()?;
    Ok(())
}

fn put(
    store: &mut Store,
    run: RunId,
    report: &CallReport,
    number: u64,
    count: u64,
    chance: &mut Chance,
) -> Result<(), Box<dyn Error>> {
    let (agent, hour) = (chance.below(AGENTS), 8 + chance.below(12));
    let day = date(2025, 11, 1).checked_add((number * DAYS / count).cast_signed().days())?;
    let mut report = report.clone();
    report.call_id = CallId(format!("call-{number:07}"));
    report.record = Some(CallRecord {
        call_id: Some(report.call_id.clone()),
        started_at: Some(format!("{day}T{hour:02}:{:02}:{:02}+08:00", chance.below(60), chance.below(60))),
        duration_s: report.transcript.last().map(|segment| segment.end_s),
        agent_id: Some(format!("A{agent:03}")),
        team: Some(format!("T{:02}", agent % TEAMS)),
        debtor_id: Some(format!("D{:06}", chance.below(count / CALLS_PER_DEBTOR + 1))),
        contact: Some(Contact::Debtor),
        direction: Some(Direction::Outbound),
        answered: Some(true),
        ..CallRecord::default()
    });
    let (day, hour) = (day.to_string(), Some(hour.cast_signed()));
    let timed = TimedCall { day, hour, judged: Some("made".to_owned()) };
    let content = format!("{number:064x}");
    store.put_call(
        run,
        AuditedCall { report: &report, levels: None, content: Some(&content), timed: Some(&timed) },
    )?;
    Ok(())
}

/// What people did: judgements, some by two; complaints; samples.
fn work(store: &mut Store, count: u64, chance: &mut Chance) -> Result<(), Box<dyn Error>> {
    for call in (1..=count.cast_signed()).step_by(10) {
        for finding in store.findings_of(call)? {
            let key = FindingKey { call, finding_id: &finding.finding_id };
            for reviewer in ["li", "wang"].iter().take(1 + usize::from(chance.below(4) == 0)) {
                let judgement = if chance.below(5) == 0 {
                    Judgement::Rejected(Rejection::NotMeant)
                } else {
                    Judgement::Confirmed
                };
                store.judge_finding(reviewer, key, judgement, "")?;
            }
        }
    }
    for number in 0..COMPLAINTS.min(count) {
        let day = chance.below(DAYS).cast_signed();
        let received_at =
            date(2025, 11, 1).checked_add(day.days())?.at(9, 0, 0, 0).in_tz("Asia/Shanghai")?.timestamp();
        let complaint = NewComplaint {
            received_at,
            source: ComplaintSource::Debtor,
            kind: ComplaintKind::ALL[chance.below(6) as usize],
            debtor_id: Some(format!("D{:06}", chance.below(count / CALLS_PER_DEBTOR + 1))),
            agent_id: Some(format!("A{:03}", number % AGENTS)),
            statement: "来电语气凶，要求核查录音。".to_owned(),
        };
        store.register_complaint("wang", &complaint)?;
    }
    let (from_day, to_day) = ("2026-10-01".to_owned(), "2026-12-31".to_owned());
    store.draw_calls(
        "wang",
        &DrawPlan { method: DrawMethod::Random, from_day, to_day, calls: 300, seed: 7 },
    )?;
    for sample in store.samples(false, 200)? {
        store.judge_sample("li", (sample.draw, sample.call), None, "")?;
    }
    Ok(())
}
