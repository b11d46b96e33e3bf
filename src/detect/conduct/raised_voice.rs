//! The agent speaks louder than is their own habit in the call.
//!
//! The level of a line and of a headset says nothing; only the agent's own sentences are compared with each other. An agent
//! who shouts from the first word to the last is not noticed by this.

use crate::domain::{LEVEL_FRAME_S, LevelTrack, Speaker};

use super::spans::median;
use super::talk::{Piece, Talk};
use super::verdict::Moment;

/// A sentence and how it sounds.
struct Sentence<'t> {
    pieces: &'t [Piece<'t>],
    speech_s: f64,
    /// Median level of its speech.
    level_db: f64,
}

/// Sentences of the agent that are louder than the agent's median by more than the limit.
pub(super) fn moments<'t>(
    talk: &'t Talk,
    limit_db: f64,
    min_loud_s: f64,
    min_speech_s: f64,
) -> Result<Vec<Moment<'t>>, &'static str> {
    let track = talk.sound.ok_or("没有录音")?.of(Speaker::Agent).ok_or("录音没有区分说话人")?;
    let own: Vec<f64> = sorted(pieces(talk).flat_map(|piece| speech(track, piece)));
    if (own.len() as f64 * LEVEL_FRAME_S) < min_speech_s {
        return Err("坐席说话太少，没有可比的平时音量");
    }
    let own_db = median(&own).unwrap_or_default();
    let loud = sentences(talk, track)
        .filter(|sentence| sentence.speech_s >= min_loud_s && sentence.level_db - own_db > limit_db);
    Ok(loud.map(|sentence| moment(&sentence, own_db, limit_db)).collect())
}

/// How far the agent's loudest sentence of at least a second is over the agent's median, in decibels.
pub(super) fn agent_loudest_db(talk: &Talk) -> Option<f64> {
    let track = talk.sound?.of(Speaker::Agent)?;
    let own_db = median(&sorted(pieces(talk).flat_map(|piece| speech(track, piece))))?;
    let long = sentences(talk, track).filter(|sentence| sentence.speech_s >= 1.0);
    long.map(|sentence| sentence.level_db - own_db).max_by(f64::total_cmp)
}

fn pieces<'t>(talk: &'t Talk) -> impl Iterator<Item = &'t Piece<'t>> {
    talk.by(Speaker::Agent).flat_map(|utterance| &utterance.pieces)
}

fn sentences<'t>(talk: &'t Talk, track: &LevelTrack) -> impl Iterator<Item = Sentence<'t>> {
    pieces(talk).filter_map(|piece| {
        let levels = sorted(speech(track, piece));
        let (speech_s, level_db) = (levels.len() as f64 * LEVEL_FRAME_S, median(&levels)?);
        Some(Sentence { pieces: std::slice::from_ref(piece), speech_s, level_db })
    })
}

/// Levels of a segment's frames that are speech.
fn speech(track: &LevelTrack, piece: &Piece) -> impl Iterator<Item = f64> {
    let levels = track.between(piece.segment.start_s, piece.segment.end_s).iter();
    levels.filter(|level_db| **level_db > track.speech_db).map(|level_db| f64::from(*level_db))
}

fn sorted(levels: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut levels: Vec<f64> = levels.collect();
    levels.sort_unstable_by(f64::total_cmp);
    levels
}

fn moment<'t>(sentence: &Sentence<'t>, own_db: f64, limit_db: f64) -> Moment<'t> {
    let (over_db, speech_s) = (sentence.level_db - own_db, sentence.speech_s);
    let segment = sentence.pieces[0].segment;
    Moment {
        speaker: Speaker::Agent,
        sentence: sentence.pieces,
        span: (segment.start_s, segment.end_s),
        figure: format!(
            "比坐席本人通话中的中位音量高 {over_db:.1} 分贝（限 {limit_db:.1} 分贝），持续 {speech_s:.1} 秒。"
        ),
        excess: over_db / limit_db,
        heard: true,
        excuse: None,
    }
}
