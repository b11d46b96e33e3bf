//! Labels as a table: `labels<TAB>text`, one utterance of the agent a line.
//!
//! Labels are category ids with commas, or `clean`. A text `坐席：…｜客户：…｜坐席：…` is a dialogue whose last line, the
//! agent's, carries the labels.

use std::collections::BTreeSet;

use super::{LabelledCall, Mistake};
use crate::domain::{Category, Speaker};

const CLEAN: &str = "clean";
const BETWEEN_TURNS: char = '｜';
const SPEAKERS: [(&str, Speaker); 2] = [("坐席：", Speaker::Agent), ("客户：", Speaker::Customer)];

/// One line as a call with the id `name`.
pub(super) fn call(name: String, line: &str) -> Result<LabelledCall, Mistake> {
    let (labels, text) = line.split_once('\t').ok_or_else(|| Mistake {
        cause: "no tab between labels and text".to_owned(),
        hint: "write `threat,insult<TAB>words` or `clean<TAB>words`",
    })?;
    let labels = read_labels(labels)?;
    let mut turns = read_turns(text.trim())?;
    if let Some((_, _, last)) = turns.last_mut() {
        *last = labels;
    }
    Ok(LabelledCall::unheard(name, turns))
}

fn read_labels(written: &str) -> Result<BTreeSet<Category>, Mistake> {
    let names: Vec<&str> = written.split(',').map(str::trim).collect();
    if names == [CLEAN] {
        return Ok(BTreeSet::new());
    }
    names.into_iter().map(read_label).collect()
}

fn read_label(name: &str) -> Result<Category, Mistake> {
    if name == CLEAN {
        return Err(Mistake {
            cause: "`clean` beside other labels".to_owned(),
            hint: "keep either `clean` or the labels",
        });
    }
    Category::ALL.into_iter().find(|category| category.id() == name).ok_or_else(|| Mistake {
        cause: format!("unknown label `{name}`"),
        hint: "labels are category ids such as threat, insult, false_legal_claim, or clean",
    })
}

type Turn = (Speaker, String, BTreeSet<Category>);

fn read_turns(text: &str) -> Result<Vec<Turn>, Mistake> {
    let is_dialogue = SPEAKERS.iter().any(|(name, _)| text.starts_with(name));
    if !is_dialogue {
        return Ok(vec![(Speaker::Agent, text.to_owned(), BTreeSet::new())]);
    }
    let turns: Vec<Turn> = text.split(BETWEEN_TURNS).map(read_turn).collect::<Result<_, _>>()?;
    match turns.last() {
        Some((Speaker::Agent, ..)) => Ok(turns),
        _ => Err(Mistake {
            cause: "the last turn is not the agent's".to_owned(),
            hint: "the labels are those of the last turn, and only agents carry any",
        }),
    }
}

fn read_turn(turn: &str) -> Result<Turn, Mistake> {
    let turn = turn.trim();
    let spoken = SPEAKERS.iter().find_map(|(name, speaker)| Some((*speaker, turn.strip_prefix(name)?)));
    let (speaker, words) = spoken.ok_or_else(|| Mistake {
        cause: format!("turn `{turn}` names no speaker"),
        hint: "begin every turn of a dialogue with 坐席： or 客户：",
    })?;
    Ok((speaker, words.trim().to_owned(), BTreeSet::new()))
}
