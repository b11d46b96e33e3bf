//! Words of context: what takes a hit back when it stands beside it.

use serde::Deserialize;
use toml::Spanned;

use super::diagnostic::Diagnostic;
use super::format::{Silence, Text};
use super::groups::Scope;
use super::layers::Layered;

/// A `[[cue]]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CueEntry {
    pub silence: Silence,
    #[serde(default)]
    pub place: CuePlace,
    #[serde(default)]
    pub across: bool,
    pub words: Vec<Text>,
    pub reach: usize,
    #[serde(default)]
    pub not_after: Vec<Text>,
    #[serde(default)]
    pub not_before: Vec<Text>,
    #[serde(default)]
    pub barriers: Vec<Text>,
    #[serde(default)]
    pub rhetorical: Vec<Text>,
}

/// Where the words of a cue stand, seen from the hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CuePlace {
    #[default]
    Before,
    Behind,
    /// At the very end of the hit's clause.
    ClauseEnd,
}

/// Words of context and how far they reach.
#[derive(Debug)]
pub struct Cue {
    pub silence: Silence,
    pub place: CuePlace,
    /// They may stand in an earlier clause.
    pub across: bool,
    pub words: Vec<String>,
    /// Most characters between them and the hit.
    pub reach: usize,
    /// What must not come right before them: 会不会 is no denial.
    pub not_after: Vec<String>,
    /// What must not come right behind them: 不要脸 is no advice.
    pub not_before: Vec<String>,
    /// What must not stand between them and the hit: a new thought begins there.
    pub barriers: Vec<String>,
    /// In the rest of the clause these turn the denial into its opposite.
    pub rhetorical: Vec<String>,
}

/// The cues of all layers, in order, groups expanded.
pub(super) fn compile(layered: &Layered, problems: &mut Vec<Diagnostic>) -> Vec<Cue> {
    layered.cues.iter().map(|(file, entry)| cue(entry, Scope::new(layered, *file), problems)).collect()
}

fn cue(entry: &Spanned<CueEntry>, scope: Scope, problems: &mut Vec<Diagnostic>) -> Cue {
    let mut words = |texts: &[Text]| -> Vec<String> {
        let mut words = Vec::new();
        for text in texts {
            match scope.words(text.get_ref(), &text.span()) {
                Ok(expanded) => words.extend(expanded),
                Err(problem) => problems.push(problem),
            }
        }
        words
    };
    let entry = entry.get_ref();
    Cue {
        silence: entry.silence,
        place: entry.place,
        across: entry.across,
        words: words(&entry.words),
        reach: entry.reach,
        not_after: words(&entry.not_after),
        not_before: words(&entry.not_before),
        barriers: words(&entry.barriers),
        rhetorical: words(&entry.rhetorical),
    }
}
