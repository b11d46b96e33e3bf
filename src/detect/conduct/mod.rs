//! How a call is held: times and loudness under the rules of conduct.
//!
//! ```text
//!  transcript ─► talk (who spoke from when to when) ─┬─► one file a measure ─► moments ─► verdict ─► findings, remarks
//!  sound ────────────────────────────────────────────┘                        figures ─► the report's measures
//! ```
//!
//! - `talk`, `spans` — utterances, overlaps and gaps. Suspected hallucinations and words without times are no speech.
//! - `interruption`, `long_silence`, `fast_speech`, `raised_voice`, `talk_share`, `response_time`, `abrupt_hang_up`.
//! - `verdict` — moments to findings, remarks, and what could not be judged.
//! - `figures` — the same figures for calls where nothing is wrong.
//! - `trial` — examples with times as calls.
//!
//! Times of a recogniser are good to about 0.3 s. Where there is sound, it has to agree: an overlap counts the frames in
//! which both channels speak, a silence those in which none does.

mod abrupt_hang_up;
mod fast_speech;
mod figures;
mod interruption;
mod long_silence;
mod raised_voice;
mod response_time;
mod spans;
mod talk;
mod talk_share;
#[cfg(test)]
mod tests;
pub(super) mod trial;
mod verdict;

use crate::domain::{Finding, Levels, Measures, Suppressed, Transcript};
use crate::lexicon::{ConductRule, Measure, RuleSet};

use super::CallFacts;
use figures::figures;
use talk::Talk;
use verdict::{Moment, outcome, unjudged};

/// What the rules of conduct make of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conduct {
    pub measures: Measures,
    /// One for each rule, in their order: what a checklist needs.
    pub outcomes: Vec<ConductOutcome>,
}

/// How one rule of conduct fared.
#[derive(Debug, Clone, PartialEq)]
pub struct ConductOutcome {
    /// Id of the rule.
    pub rule: String,
    pub status: ConductStatus,
}

/// Whether a call keeps a rule of conduct.
#[derive(Debug, Clone, PartialEq)]
pub enum ConductStatus {
    Kept,
    /// With the first moment at which it is not, in seconds.
    Broken {
        start_s: f64,
    },
    /// With the reason, in Chinese.
    NotJudged(&'static str),
}

/// Everything that comes of judging conduct.
pub(super) struct Verdicts {
    pub conduct: Conduct,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub unjudged: Vec<String>,
}

/// Judges a call by all rules of conduct.
pub(super) fn judge(
    transcript: &Transcript,
    facts: &CallFacts,
    sound: Option<&Levels>,
    rules: &RuleSet,
) -> Verdicts {
    let talk = Talk::new(transcript, sound);
    let mut verdicts = Verdicts {
        conduct: Conduct { measures: figures(&talk), outcomes: Vec::new() },
        findings: Vec::new(),
        suppressed: Vec::new(),
        unjudged: Vec::new(),
    };
    for rule in rules.conduct() {
        let status = outcome(rule, moments(rule, &talk), facts, &mut verdicts);
        verdicts.conduct.outcomes.push(ConductOutcome { rule: rule.id.clone(), status });
    }
    verdicts.unjudged = unjudged(rules.conduct(), &verdicts.conduct.outcomes);
    verdicts
}

/// Where a call breaks a rule, or why that cannot be told.
fn moments<'t>(rule: &ConductRule, talk: &'t Talk) -> Result<Vec<Moment<'t>>, &'static str> {
    if !talk.has_times() {
        return Err("没有带时间的说话内容");
    }
    if !talk.tells_speakers() && !matches!(rule.measure, Measure::LongSilence { .. }) {
        return Err("没有区分说话人");
    }
    let unless = &rule.unless;
    match rule.measure {
        Measure::Interruption { .. } if talk.shares_channel() => Err("单声道录音，听不出两人同时说话"),
        Measure::Interruption { min_overlap_s, min_delay_s, min_chars } => {
            Ok(interruption::moments(talk, min_overlap_s, min_delay_s, min_chars, unless))
        }
        Measure::LongSilence { limit_s } => Ok(long_silence::moments(talk, limit_s, unless)),
        Measure::FastSpeech { limit_chars_per_s, min_chars } => {
            Ok(fast_speech::moments(talk, limit_chars_per_s, min_chars))
        }
        Measure::RaisedVoice { limit_db, min_loud_s, min_speech_s } => {
            raised_voice::moments(talk, limit_db, min_loud_s, min_speech_s)
        }
        Measure::TalkShare { limit_percent, min_speech_s } => {
            Ok(talk_share::moments(talk, limit_percent, min_speech_s))
        }
        Measure::ResponseTime { limit_s } => Ok(response_time::moments(talk, limit_s, unless)),
        Measure::AbruptHangUp { within_s, min_chars } => {
            abrupt_hang_up::moments(talk, within_s, min_chars, unless)
        }
    }
}
