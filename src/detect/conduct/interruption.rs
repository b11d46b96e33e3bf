//! The agent begins while the customer speaks.

use crate::domain::Speaker;

use super::talk::{Talk, Utterance};
use super::verdict::Moment;

/// Sentences of the agent that cut into the customer's.
pub(super) fn moments<'t>(
    talk: &'t Talk,
    min_overlap_s: f64,
    min_delay_s: f64,
    min_chars: usize,
    backchannels: &[String],
) -> Vec<Moment<'t>> {
    let mut moments = Vec::new();
    let mut customer: Option<&Utterance> = None;
    for utterance in &talk.utterances {
        if utterance.speaker == Speaker::Customer && !utterance.is_only(backchannels) {
            customer = Some(utterance);
        }
        let Some(customer) = customer.filter(|_| utterance.speaker == Speaker::Agent) else { continue };
        let delay_s = utterance.start_s - customer.start_s;
        let overlap_s = talk.overlap_s(utterance.span(), customer.span());
        let speaks_up = utterance.chars() >= min_chars && !utterance.is_only(backchannels);
        if speaks_up && delay_s >= min_delay_s && overlap_s >= min_overlap_s {
            moments.push(moment(utterance, delay_s, overlap_s, min_overlap_s, talk));
        }
    }
    moments
}

fn moment<'t>(
    utterance: &'t Utterance,
    delay_s: f64,
    overlap_s: f64,
    limit_s: f64,
    talk: &Talk,
) -> Moment<'t> {
    let chars = utterance.chars();
    Moment {
        speaker: Speaker::Agent,
        sentence: &utterance.pieces,
        span: utterance.span(),
        figure: format!(
            "客户开口 {delay_s:.1} 秒后坐席抢话，两人同时说话 {overlap_s:.1} 秒（限 {limit_s:.1} 秒），坐席这句共 {chars} 字。"
        ),
        excess: overlap_s / limit_s,
        heard: talk.sound.is_some(),
        excuse: None,
    }
}
