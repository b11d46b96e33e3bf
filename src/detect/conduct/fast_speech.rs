//! The agent speaks too fast to be followed.

use crate::domain::Speaker;

use super::talk::{Talk, Utterance};
use super::verdict::Moment;

/// Utterances of the agent over the limit.
pub(super) fn moments<'t>(talk: &'t Talk, limit_chars_per_s: f64, min_chars: usize) -> Vec<Moment<'t>> {
    let long = talk.by(Speaker::Agent).filter(|utterance| utterance.chars() >= min_chars);
    let fast = long.filter(|utterance| chars_per_s(utterance) > limit_chars_per_s);
    fast.map(|utterance| moment(utterance, limit_chars_per_s)).collect()
}

fn chars_per_s(utterance: &Utterance) -> f64 {
    utterance.chars() as f64 / utterance.spoken_s()
}

fn moment<'t>(utterance: &'t Utterance, limit: f64) -> Moment<'t> {
    let (chars, rate, spoken_s) = (utterance.chars(), chars_per_s(utterance), utterance.spoken_s());
    Moment {
        speaker: Speaker::Agent,
        sentence: &utterance.pieces,
        span: utterance.span(),
        figure: format!("{chars} 字用了 {spoken_s:.1} 秒，每秒 {rate:.1} 字（限每秒 {limit:.1} 字）。"),
        excess: rate / limit,
        heard: false,
        excuse: None,
    }
}

/// Speed of the agent over the whole call.
pub(super) fn agent_chars_per_s(talk: &Talk) -> Option<f64> {
    let chars: usize = talk.by(Speaker::Agent).map(Utterance::chars).sum();
    let spoken_s: f64 = talk.by(Speaker::Agent).map(Utterance::spoken_s).sum();
    (spoken_s > 0.0).then(|| chars as f64 / spoken_s)
}
