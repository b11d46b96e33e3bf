//! Labels as JSON lines: whole calls, or single utterances of the agent.
//!
//! Keys that are not asked for are ignored: labelling tools write many of their own.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::{LabelledCall, LabelledTurn, Mistake};
use crate::domain::{CallId, Category, Contact, Speaker};

const SHAPES: &str = "a call is {\"call_id\",\"turns\":[{\"speaker\",\"start\",\"end\",\"text\",\"labels\"}],\
    \"call_labels\"}, an utterance {\"text\",\"labels\"}";

#[derive(Deserialize)]
struct CallLine {
    call_id: CallId,
    contact: Option<Contact>,
    turns: Vec<TurnEntry>,
    call_labels: Option<BTreeSet<Category>>,
}

#[derive(Deserialize)]
struct TurnEntry {
    speaker: Speaker,
    start: f64,
    end: f64,
    #[serde(default)]
    text: String,
    labels: BTreeSet<Category>,
}

#[derive(Deserialize)]
struct UtteranceLine {
    text: String,
    contact: Option<Contact>,
    labels: BTreeSet<Category>,
}

/// One line as a call; `name` is the id of an utterance, which has none of its own.
pub(super) fn call(name: String, line: &str) -> Result<LabelledCall, Mistake> {
    let value: Value = serde_json::from_str(line).map_err(|error| mistake(format!("not JSON: {error}")))?;
    if value.get("turns").is_some() {
        whole(read(value)?)
    } else if value.get("text").is_some() {
        let UtteranceLine { text, contact, labels } = read(value)?;
        Ok(LabelledCall { contact, ..LabelledCall::unheard(name, vec![(Speaker::Agent, text, labels)]) })
    } else {
        Err(mistake("neither `turns` nor `text`".to_owned()))
    }
}

fn read<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Mistake> {
    serde_json::from_value(value).map_err(|error| mistake(error.to_string()))
}

fn mistake(cause: String) -> Mistake {
    Mistake { cause, hint: SHAPES }
}

fn whole(line: CallLine) -> Result<LabelledCall, Mistake> {
    if let Some(turn) = line.turns.iter().find(|turn| turn.end < turn.start) {
        return Err(mistake(format!("a turn ends before it begins, at {} s", turn.start)));
    }
    let turn = |turn: TurnEntry| LabelledTurn {
        speaker: turn.speaker,
        start_s: turn.start,
        end_s: turn.end,
        text: turn.text,
        labels: turn.labels,
    };
    let mut turns: Vec<LabelledTurn> = line.turns.into_iter().map(turn).collect();
    turns.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    Ok(LabelledCall { call_id: line.call_id, contact: line.contact, turns, call_labels: line.call_labels })
}
