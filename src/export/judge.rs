//! Judgements out of filled-in rows, each once.

use std::collections::HashMap;

use super::FilledRow;
use super::columns::plain;
use super::words::{JUDGEMENTS_ZH, Word, read_reason};
use crate::store::{
    FindingKey, FindingState, JudgedFinding, Judgement, LastReview, Rejection, Store, StoreError,
};
use crate::text::masked;

/// What became of the rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    pub confirmed: u64,
    pub rejected: u64,
    /// Rows that say what the store holds already.
    pub same: u64,
    /// Rows that judge nothing.
    pub blank: u64,
    pub refused: Vec<Refused>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As an editor or a spreadsheet counts, from 1.
    pub line: usize,
    /// What is wrong, in one lowercase sentence without a full stop.
    pub cause: String,
    /// What to try, in one lowercase sentence.
    pub hint: String,
}

/// Why a row is not taken: the cause, and what to do.
type Refusal = (String, String);

/// What a row does to a finding.
enum Effect {
    Judged(Word),
    Same,
    Blank,
}

/// Notes what `reviewer` says of findings, row by row. A row that says what the store holds already changes nothing; one
/// that cannot be taken is refused, and the others go on.
///
/// # Errors
/// When the store cannot be read or written.
pub fn judge_rows(store: &mut Store, reviewer: &str, rows: &[FilledRow]) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    let mut lines: HashMap<(&str, &str), usize> = HashMap::new();
    for row in rows {
        let outcome = match lines.insert((&row.call_id, &row.finding_id), row.line) {
            Some(first) => {
                Err(refusal(format!("repeats the finding of line {first}"), "keep one row a finding"))
            }
            None => judge_row(store, reviewer, row)?,
        };
        match outcome {
            Ok(Effect::Judged(Word::Confirmed)) => taken.confirmed += 1,
            Ok(Effect::Judged(Word::Rejected)) => taken.rejected += 1,
            Ok(Effect::Same) => taken.same += 1,
            Ok(Effect::Blank) => taken.blank += 1,
            Err((cause, hint)) => taken.refused.push(Refused { line: row.line, cause, hint }),
        }
    }
    Ok(taken)
}

fn judge_row(
    store: &mut Store,
    reviewer: &str,
    row: &FilledRow,
) -> Result<Result<Effect, Refusal>, StoreError> {
    let judgement = match judgement(row) {
        Ok(Some(judgement)) => judgement,
        Ok(None) => return Ok(Ok(Effect::Blank)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(finding) = store.judged_finding(&row.call_id, &row.finding_id)? else {
        let cause = format!("there is no finding {} of call {}", row.finding_id, row.call_id);
        let hint = "keep 通话编号 and 发现编号 as exported; spreadsheets change numbers in CSV, not in .xlsx";
        return Ok(Err(refusal(cause, hint)));
    };
    if says_the_same(&finding, judgement, &row.comment) {
        return Ok(Ok(Effect::Same));
    }
    if let Err(refusal) = may_be_judged(&finding, reviewer, row) {
        return Ok(Err(refusal));
    }
    let key = FindingKey { call: finding.call, finding_id: &finding.finding_id };
    if store.judge_finding(reviewer, key, judgement, &row.comment)? {
        Ok(Ok(Effect::Judged(Word::of(judgement))))
    } else {
        Ok(Err(refusal("the finding has changed meanwhile".to_owned(), "import the file again")))
    }
}

/// What a row says; none where it says nothing.
fn judgement(row: &FilledRow) -> Result<Option<Judgement>, Refusal> {
    let [confirmed, rejected] = JUDGEMENTS_ZH;
    let reasons = || Rejection::ALL.map(Rejection::name_zh).join("; ");
    if row.judgement.is_empty() {
        return if row.reason.is_empty() {
            Ok(None)
        } else {
            let hint = format!("write {confirmed} or {rejected} in 复核结论, or leave 驳回原因 empty");
            Err(("has a reason and no judgement".to_owned(), hint))
        };
    }
    match (Word::read(&row.judgement), row.reason.as_str()) {
        (None, _) => {
            Err((format!("unknown judgement {}", row.judgement), format!("write {confirmed} or {rejected}")))
        }
        (Some(Word::Confirmed), "") => Ok(Some(Judgement::Confirmed)),
        (Some(Word::Confirmed), _) => Err((
            "is confirmed, and has a reason for rejecting it".to_owned(),
            "empty 驳回原因, or reject the finding".to_owned(),
        )),
        (Some(Word::Rejected), "") => {
            Err(("is rejected without a reason".to_owned(), format!("choose one: {}", reasons())))
        }
        (Some(Word::Rejected), reason) => match read_reason(reason) {
            Some(reason) => Ok(Some(Judgement::Rejected(reason))),
            None => Err((format!("unknown reason {reason}"), format!("choose one: {}", reasons()))),
        },
    }
}

/// True where the last review says it already, as far as a cell shows it; an empty comment takes none back.
fn says_the_same(finding: &JudgedFinding, judgement: Judgement, comment: &str) -> bool {
    finding.last.as_ref().is_some_and(|last| {
        last.judgement == judgement && (comment.is_empty() || plain(comment) == plain(&masked(&last.comment)))
    })
}

fn may_be_judged(finding: &JudgedFinding, reviewer: &str, row: &FilledRow) -> Result<(), Refusal> {
    match finding.state {
        FindingState::Appealed => {
            return Err(refusal(
                "an appeal against the finding is open".to_owned(),
                "decide the appeal on the review page",
            ));
        }
        FindingState::Upheld | FindingState::Overturned => {
            let cause = "an appeal against the finding was decided".to_owned();
            return Err(refusal(cause, "what is decided stays; put back what the row said"));
        }
        FindingState::Open | FindingState::Confirmed | FindingState::Rejected => {}
    }
    // What others said after the file was made must not be undone by a row that nobody may have touched.
    let is_known = |last: &LastReview| {
        last.reviewer == reviewer || row.review_id.as_ref().is_none_or(|id| *id == last.id.to_string())
    };
    match &finding.last {
        Some(last) if !is_known(last) => {
            let word = Word::of(last.judgement).name_zh();
            let cause = format!("{} said {word} after the file was made", last.reviewer);
            Err(refusal(cause, "export again, and judge what is there then"))
        }
        _ => Ok(()),
    }
}

fn refusal(cause: String, hint: &str) -> Refusal {
    (cause, hint.to_owned())
}
