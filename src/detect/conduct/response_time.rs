//! How long the customer waits for an answer.

use crate::domain::Speaker;

use super::spans::Span;
use super::talk::{Talk, Utterance};
use super::verdict::Moment;

/// Answers that came later than the limit; those that somebody asked to wait for say so.
pub(super) fn moments<'t>(talk: &'t Talk, limit_s: f64, excuses: &[String]) -> Vec<Moment<'t>> {
    let late = answers(talk).filter(|(_, wait)| wait.1 - wait.0 > limit_s);
    late.map(|(index, wait)| moment(talk, index, wait, limit_s, excuses)).collect()
}

/// Seconds from the customer's last word to the agent's first, for every answer; none below nought.
pub(super) fn response_times_s(talk: &Talk) -> Vec<f64> {
    let mut times: Vec<f64> = answers(talk).map(|(_, wait)| (wait.1 - wait.0).max(0.0)).collect();
    times.sort_unstable_by(f64::total_cmp);
    times
}

/// Utterances of the agent that follow one of the customer, with the time between them.
fn answers(talk: &Talk) -> impl Iterator<Item = (usize, Span)> {
    talk.utterances.windows(2).enumerate().filter_map(|(index, pair)| {
        let is_answer = pair[0].speaker == Speaker::Customer && pair[1].speaker == Speaker::Agent;
        is_answer.then(|| (index + 1, (pair[0].end_s, pair[1].start_s)))
    })
}

fn moment<'t>(talk: &'t Talk, index: usize, wait: Span, limit_s: f64, excuses: &[String]) -> Moment<'t> {
    let wait_s = wait.1 - wait.0;
    let around = &talk.utterances[index.saturating_sub(2)..=index];
    let excuse = around.iter().find_map(|utterance: &Utterance| utterance.says(excuses));
    Moment {
        speaker: Speaker::Agent,
        sentence: &talk.utterances[index].pieces,
        span: wait,
        figure: format!("客户说完 {wait_s:.1} 秒后坐席才回应（限 {limit_s:.1} 秒）。"),
        excess: wait_s / limit_s,
        heard: false,
        excuse: excuse.map(|words| format!("等待前后说了「{words}」")),
    }
}
