//! Examples with times as calls, with a sound that fits them.

use crate::domain::{CallId, LEVEL_FRAME_S, LevelTrack, Levels, Segment, Speaker, Transcript};
use crate::lexicon::{ConductExample, RuleSet};

use super::super::selftest::{Outcome, Trial, taken_back};
use super::super::{CallFacts, Senses, detect};

/// Level of the line, of speech, and what parts the two.
const LINE_DB: f32 = -70.0;
const SPEECH_DB: f32 = -25.0;
const PARTING_DB: f32 = -45.0;

/// Tries every example of every rule of conduct. What counts are findings and remarks alike.
pub(in super::super) fn run(rules: &RuleSet) -> Vec<Trial> {
    let mut trials = Vec::new();
    for rule in rules.conduct() {
        trials.extend(rule.hit.iter().map(|example| trial(&rule.id, example, true, rules)));
        trials.extend(rule.miss.iter().map(|example| trial(&rule.id, example, false, rules)));
    }
    trials
}

fn trial(rule: &str, example: &ConductExample, must_fire: bool, rules: &RuleSet) -> Trial {
    let sound = levels(example);
    let senses = Senses { sound: Some(&sound), ..Senses::default() };
    let detection = detect(&transcript(example), &CallFacts::default(), senses, rules);
    let findings = detection.findings.iter().map(|finding| (&finding.rule, &finding.explanation));
    let remarks = detection.conduct.measures.remarks.iter().map(|remark| (&remark.rule, &remark.explanation));
    let fired = findings.chain(remarks).find(|(id, _)| *id == rule);
    let (outcome, detail) = match (must_fire, fired) {
        (true, None) => (Outcome::Missing, taken_back(rule, &detection)),
        (false, Some((_, explanation))) => (Outcome::Noisy, explanation.clone()),
        _ => (Outcome::Ok, String::new()),
    };
    Trial { rule: rule.to_owned(), text: example.text(), outcome, detail }
}

/// The transcript of an example.
pub(in super::super) fn transcript(example: &ConductExample) -> Transcript {
    let segments =
        example.turns.iter().map(|turn| Segment::said(turn.speaker, turn.start_s, turn.end_s, &turn.text));
    Transcript { call_id: CallId("example".to_owned()), segments: segments.collect() }
}

/// A sound in which everybody speaks exactly when the example says, as loud as it says.
pub(in super::super) fn levels(example: &ConductExample) -> Levels {
    Levels { tracks: vec![track(example, Speaker::Agent), track(example, Speaker::Customer)] }
}

fn track(example: &ConductExample, speaker: Speaker) -> LevelTrack {
    // No call lasts a day; a slip of the pen must not ask for all memory.
    let frames = (example.end_s().clamp(0.0, 86_400.0) / LEVEL_FRAME_S).round() as usize;
    let mut track = LevelTrack { speaker, frames_db: vec![LINE_DB; frames], speech_db: PARTING_DB };
    for turn in example.turns.iter().filter(|turn| turn.speaker == speaker) {
        let spoken = track.frames(turn.start_s, turn.end_s);
        track.frames_db[spoken].fill(SPEECH_DB + turn.louder_db as f32);
    }
    track
}
