//! `case.json`: what the pack is of, for programs.

use std::io;

use serde_json::json;

use super::pack::Shown;
use super::{Masking, TOOL};
use crate::domain::Tier;

/// Version of its format.
const SCHEMA: &str = "callaudit.case/1";

pub(super) fn case_json(shown: &Shown) -> io::Result<Vec<u8>> {
    let calls = &shown.calls;
    let count = |is: &dyn Fn(&super::pack::ShownCall) -> bool| calls.iter().filter(|call| is(call)).count();
    let findings = |tier: Tier| -> usize {
        let of = |shown: &super::pack::ShownCall| {
            shown.call.report.findings.iter().filter(|finding| finding.tier == tier).count()
        };
        calls.iter().map(of).sum()
    };
    let sounds = ["heard", "gone", "changed", "unreadable", "transcript", "record"];
    let sounds: serde_json::Map<_, _> =
        sounds.iter().map(|id| ((*id).to_owned(), count(&|call| call.sound.id() == *id).into())).collect();
    let facts = json!({
        "schema": SCHEMA,
        "debtor": shown.debtor,
        "tool": TOOL,
        "made_at": shown.made_at,
        "masked": shown.masking == Masking::Masked,
        "counts": {
            "calls": calls.len(),
            "answered": count(&|call| call.call.record.answered == Some(true)),
            "unanswered": count(&|call| call.call.record.answered == Some(false)),
            "violations": findings(Tier::Violation),
            "reviews_due": findings(Tier::Review),
            "clips": calls.iter().map(|call| call.clips.len()).sum::<usize>(),
            "transcripts": count(&|call| call.has_transcript),
            "judgements": calls.iter().map(|call| call.call.reviews.len()).sum::<usize>(),
            "appeals": calls.iter().map(|call| call.call.appeals.len()).sum::<usize>(),
            "complaints": shown.complaints.len(),
            "rules": shown.case.outcomes.len(),
        },
        "sounds": sounds,
        "rules": shown.case.rules,
        "judged_by_other_rules": shown.case.has_other_rules,
        "store_log": shown.case.last_action.as_ref().map(|last| json!({"seq": last.seq, "hash": last.hash})),
    });
    let mut bytes = serde_json::to_vec_pretty(&facts)?;
    bytes.push(b'\n');
    Ok(bytes)
}
