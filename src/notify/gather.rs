//! What there is to tell of a run.

use serde_json::{Value, json};

use super::target::Targets;
use crate::oversight::{Subject, Warning, warnings};
use crate::store::{RunId, Store, StoreError};

/// Puts down what a run has to tell each target: in the transaction that ends the run, so that it is told once.
///
/// # Errors
/// When the store cannot be written.
pub fn gather(store: &mut Store, run: RunId, targets: &Targets) -> Result<(), StoreError> {
    // Most runs have nobody to tell: the weeks are not counted for them.
    if targets.targets.is_empty() {
        return Ok(());
    }
    let last_day = store.last_day(None)?.and_then(|day| day.parse().ok());
    let warnings = last_day.map_or(Ok(Vec::new()), |day| warnings(store, day))?;
    for target in &targets.targets {
        let found = store.new_findings(run, target.severity)?;
        if !found.is_empty() {
            let categories: Vec<_> = found
                .iter()
                .map(|found| json!({"category": found.category, "findings": found.findings, "calls": found.calls}))
                .collect();
            let content = content(
                "findings",
                &json!({"run": run.0, "severity": target.severity.id(), "categories": categories}),
            );
            store.put_notice(&format!("{}/run {}", target.name, run.0), &content)?;
        }
        for warning in &warnings {
            store.put_notice(&subject(&target.name, warning), &content("warning", &told(warning)))?;
        }
    }
    Ok(())
}

/// One notice a subject and week. The subject stays in the store.
fn subject(target: &str, warning: &Warning) -> String {
    let week = warning.weeks.last().map_or("", |week| week.from_day.as_str());
    format!("{target}/{} {} {week}", warning.subject.id(), warning.key)
}

/// Agents and teams are not named: the dashboard names them to those who may know.
fn told(warning: &Warning) -> Value {
    let last = warning.weeks.last();
    json!({
        "subject": warning.subject.id(),
        "rule": (warning.subject == Subject::Rule).then_some(&warning.key),
        "direction": if warning.is_above { "above" } else { "below" },
        "usual": warning.usual,
        "week": last.map(|week| &week.from_day),
        "flagged": last.map(|week| week.share.count),
        "calls": last.map(|week| week.share.of),
    })
}

fn content(kind: &str, details: &Value) -> String {
    json!({"schema": "callaudit.notice/1", "kind": kind, "details": details}).to_string()
}
