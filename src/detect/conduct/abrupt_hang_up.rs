//! The call ends right after the customer's words. Who hung up cannot be heard.

use crate::domain::Speaker;

use super::talk::Talk;
use super::verdict::Moment;

/// How many of the last utterances may hold the closing words.
const LAST_UTTERANCES: usize = 4;
/// By how much the customer outlasts the agent, if both speak at the end.
const LEAD_S: f64 = 0.5;

/// The customer's last words, where nobody answered them or said goodbye.
pub(super) fn moments<'t>(
    talk: &'t Talk,
    within_s: f64,
    min_chars: usize,
    closing: &[String],
) -> Result<Vec<Moment<'t>>, &'static str> {
    let end_s = talk.sound.ok_or("没有录音，不知道何时挂断")?.duration_s();
    let agent_end_s = talk.by(Speaker::Agent).map(|utterance| utterance.end_s).fold(0.0, f64::max);
    let last = talk.by(Speaker::Customer).max_by(|a, b| a.end_s.total_cmp(&b.end_s));
    let unanswered = last.filter(|last| {
        let is_last = agent_end_s + LEAD_S <= last.end_s && end_s - last.end_s <= within_s;
        is_last && last.chars() >= min_chars
    });
    let tail = &talk.utterances[talk.utterances.len().saturating_sub(LAST_UTTERANCES)..];
    let closed = tail.iter().any(|utterance| utterance.says(closing).is_some());
    let moment = unanswered.filter(|_| !closed).map(|last| Moment {
        speaker: Speaker::Customer,
        sentence: &last.pieces,
        span: last.span(),
        figure: format!("客户说完 {:.1} 秒后通话结束，没有听到回应和结束语。", (end_s - last.end_s).max(0.0)),
        excess: 1.0,
        heard: true,
        excuse: None,
    });
    Ok(moment.into_iter().collect())
}
