//! Nobody speaks between the first word of a call and the last.

use crate::domain::{LEVEL_FRAME_S, Levels};

use super::spans::{Span, gaps, united};
use super::talk::{Talk, Utterance};
use super::verdict::Moment;

/// Speech shorter than this within a silence is a click or a breath.
const CLICK_FRAMES: usize = 4;

/// Silences over the limit; those that somebody announced or excused say so.
pub(super) fn moments<'t>(talk: &'t Talk, limit_s: f64, excuses: &[String]) -> Vec<Moment<'t>> {
    let long = silences(talk).into_iter().filter(|(from, to)| to - from > limit_s);
    long.filter_map(|silence| moment(talk, silence, limit_s, excuses)).collect()
}

/// Every stretch between the first and the last word in which nobody speaks, for both the transcript and the sound.
pub(super) fn silences(talk: &Talk) -> Vec<Span> {
    let all = united(talk.utterances.iter().map(Utterance::span));
    gaps(&all)
        .into_iter()
        .filter_map(|gap| talk.sound.map_or(Some(gap), |levels| longest_quiet(levels, gap)))
        .collect()
}

/// The longest stretch of a gap in which no channel carries speech.
fn longest_quiet(levels: &Levels, gap: Span) -> Option<Span> {
    let range = levels.frames(gap.0, gap.1);
    let (mut start, mut loud) = (range.start, 0);
    let mut longest = 0..0;
    for frame in range.clone() {
        let speaks = levels.tracks.iter().any(|track| track.is_speech(frame));
        loud = if speaks { loud + 1 } else { 0 };
        if loud > CLICK_FRAMES {
            start = frame + 1;
        } else if frame + 1 - start > longest.len() {
            longest = start..frame + 1;
        }
    }
    let at = |frame: usize| frame as f64 * LEVEL_FRAME_S;
    (!longest.is_empty()).then(|| (at(longest.start), at(longest.end)))
}

fn moment<'t>(talk: &'t Talk, silence: Span, limit_s: f64, excuses: &[String]) -> Option<Moment<'t>> {
    let length_s = silence.1 - silence.0;
    let after = talk.utterances.partition_point(|utterance| utterance.start_s < silence.0);
    let last = talk.utterances[..after].iter().max_by(|a, b| a.end_s.total_cmp(&b.end_s))?;
    let mut around = talk.utterances[after.saturating_sub(2)..].iter().take(3);
    let excuse = around.find_map(|utterance| utterance.says(excuses));
    Some(Moment {
        speaker: last.speaker,
        sentence: &last.pieces,
        span: silence,
        figure: format!("通话中连续 {length_s:.1} 秒无人说话（限 {limit_s:.1} 秒）。"),
        excess: length_s / limit_s,
        heard: talk.sound.is_some(),
        excuse: excuse.map(|words| format!("静默前后说了「{words}」")),
    })
}
