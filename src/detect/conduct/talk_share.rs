//! The agent's share of all speech.

use crate::domain::Speaker;

use super::spans::Span;
use super::talk::Talk;
use super::verdict::Moment;

/// The whole call, where the agent's share is over the limit.
pub(super) fn moments<'t>(talk: &'t Talk, limit_percent: f64, min_speech_s: f64) -> Vec<Moment<'t>> {
    let (agent_s, customer_s) = (speech_s(talk, Speaker::Agent), speech_s(talk, Speaker::Customer));
    let percent = agent_share_percent(agent_s, customer_s).unwrap_or(0.0);
    let enough = agent_s + customer_s >= min_speech_s && percent > limit_percent;
    let first = talk.by(Speaker::Agent).next().filter(|_| enough);
    let moment = first.map(|first| Moment {
        speaker: Speaker::Agent,
        sentence: &first.pieces,
        span: whole(talk),
        figure: format!(
            "坐席说话 {agent_s:.0} 秒，占双方说话时间的 {percent:.0}%（限 {limit_percent:.0}%）。"
        ),
        excess: percent / limit_percent,
        heard: talk.sound.is_some(),
        excuse: None,
    });
    moment.into_iter().collect()
}

/// Seconds in which a speaker is heard.
pub(super) fn speech_s(talk: &Talk, speaker: Speaker) -> f64 {
    talk.spans(speaker).into_iter().map(|span| talk.heard_s(speaker, span)).sum()
}

/// None where nobody spoke.
pub(super) fn agent_share_percent(agent_s: f64, customer_s: f64) -> Option<f64> {
    let both_s = agent_s + customer_s;
    (both_s > 0.0).then(|| 100.0 * agent_s / both_s)
}

fn whole(talk: &Talk) -> Span {
    let from_s = talk.utterances.first().map_or(0.0, |first| first.start_s);
    (from_s, talk.utterances.iter().map(|utterance| utterance.end_s).fold(from_s, f64::max))
}
