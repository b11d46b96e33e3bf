//! What takes a candidate back. Looked at only where a candidate is: clean text never comes here.
//!
//! In this order, the first that applies wins: said by somebody the rule is not about; rests on suspected hallucination
//! alone; cuts through a word; then what the rule's `silence` lists, in
//! that order, by the words of `lexicons/context.toml`. Decisions:
//!
//! - A negation rules its own clause only, and not past a conjunction: 你不还钱就… denies nothing. It may stand between
//!   the slots of a `near`: 我们是银行委托的，不是公安.
//! - A quotation may reach over a comma: 您刚才说，….
//! - Boundaries are asked of terms of at most four characters that were said as written. A hit inside a longer word is
//!   the rule writer's business (`unless`); only a word that lies half inside and half outside shows that the hit is
//!   none. Two characters are undone by one such word, three and four by one on either side. Of short terms told by sound
//!   it is asked whether what was written is a word of its own (see `sound`).

use std::ops::Range;

use crate::domain::{Grade, Speaker, Suppressor, Suspicion};
use crate::lexicon::{Cue, CuePlace, RuleSet, Silence, Speaks};

use super::candidate::{Candidate, Kind};
use super::passage::Passage;
use super::score::needs_support;
use super::sound::other_word;

/// Longest term that may be the seam of two words.
const LONGEST_SEAM_CHARS: usize = 4;
/// Characters looked at on either side of a hit.
const SIDE_CHARS: usize = 24;

/// What took a candidate back, and the words that did.
pub(super) type Silenced = (Suppressor, String);

/// Finds what takes a candidate back, if anything does, where words of `speaker` are asked for.
pub(super) fn silencer(
    candidate: &Candidate,
    passage: &Passage,
    speaker: Speaks,
    silences: &[Silence],
    rules: &RuleSet,
) -> Option<Silenced> {
    let site = Site { candidate, passage, range: candidate.range(), rules };
    by_speaker(speaker, passage)
        .or_else(|| site.by_hallucination())
        .or_else(|| site.by_boundary())
        .or_else(|| silences.iter().find_map(|silence| site.by_silence(*silence)))
}

fn by_speaker(wanted: Speaks, passage: &Passage) -> Option<Silenced> {
    let other = wanted == Speaks::Agent && passage.speaker == Speaker::Customer;
    other.then(|| (Suppressor::Speaker, "客户所说".to_owned()))
}

/// A candidate in its passage.
struct Site<'a> {
    candidate: &'a Candidate,
    passage: &'a Passage<'a>,
    range: Range<usize>,
    rules: &'a RuleSet,
}

impl<'a> Site<'a> {
    fn text(&self) -> &'a str {
        &self.passage.text
    }

    fn by_hallucination(&self) -> Option<Silenced> {
        let mut suspicions =
            self.passage.touched(self.range.clone()).map(|(piece, _)| piece.segment.suspicion);
        let first = suspicions.next()??;
        suspicions.all(|suspicion| suspicion.is_some()).then(|| {
            let reason = match first {
                Suspicion::Repeat => "识别文本反复重复",
                Suspicion::Credit => "疑为字幕类幻觉文本",
                Suspicion::NoSpeech => "该处未检测到人声",
                Suspicion::Unsure => "识别把握过低，疑为噪声",
            };
            (Suppressor::Hallucination, reason.to_owned())
        })
    }

    fn by_boundary(&self) -> Option<Silenced> {
        let Kind::Term(word) = self.candidate.kind else { return None };
        match self.candidate.grade() {
            Grade::Exact => self.by_seam(),
            _ => self.by_other_word(word),
        }
    }

    fn by_seam(&self) -> Option<Silenced> {
        let length = self.candidate.length;
        let cut: Vec<Range<usize>> =
            self.passage.words(&self.range).filter(|word| self.is_cut(word)).collect();
        let needed = if length <= 2 { 1 } else { 2 };
        (length <= LONGEST_SEAM_CHARS && cut.len() >= needed).then(|| {
            let words: Vec<&str> = cut.into_iter().map(|word| &self.text()[word]).collect();
            (Suppressor::Boundary, format!("跨越词语「{}」", words.join("」「")))
        })
    }

    fn by_other_word(&self, meant: usize) -> Option<Silenced> {
        let meant = &self.rules.words()[meant].text;
        if needs_support(self.candidate, self.passage) {
            return Some((Suppressor::Boundary, "仅两字读音相同，识别结果不足为凭".to_owned()));
        }
        let word = other_word(self.passage, &self.range, meant, self.candidate.heard.cost)?;
        Some((Suppressor::Boundary, format!("原文为词语「{}」", &self.text()[word])))
    }

    /// True for a word half inside the hit and half outside, and for one that swallows a single character.
    fn is_cut(&self, word: &Range<usize>) -> bool {
        let Range { start, end } = self.range;
        let overlaps = word.start < end && start < word.end;
        let sticks_out = word.start < start || end < word.end;
        let covers = word.start <= start && end <= word.end;
        overlaps && sticks_out && (!covers || self.candidate.length == 1)
    }

    fn by_silence(&self, silence: Silence) -> Option<Silenced> {
        let mut cues = self.rules.cues().iter().filter(|cue| cue.silence == silence);
        let (cue, word) = cues.find_map(|cue| Some((cue, self.said(cue)?)))?;
        let (by, kind) = match silence {
            Silence::Negation if cue.place == CuePlace::Behind => (Suppressor::Negation, "后有"),
            Silence::Negation => (Suppressor::Negation, "前有"),
            Silence::Refusal => (Suppressor::Negation, "表示不做"),
            Silence::Quotation => (Suppressor::Quotation, "复述对方"),
            Silence::Reported => (Suppressor::Quotation, "转述他人"),
            Silence::Hypothetical => (Suppressor::Quotation, "假设情形"),
            Silence::Question => (Suppressor::Question, "问句"),
        };
        Some((by, format!("{kind}「{word}」")))
    }

    /// The cue's word that rules the candidate.
    fn said<'c>(&self, cue: &'c Cue) -> Option<&'c str> {
        let word = match cue.place {
            CuePlace::Before if cue.across => {
                cue_before(cue, &self.text()[self.back(SIDE_CHARS)..self.range.start])
            }
            CuePlace::Before => self.before_a_part(cue),
            CuePlace::Behind => cue_behind(cue, &self.text()[self.range.end..]),
            CuePlace::ClauseEnd => {
                cue.words.iter().find(|end| self.rest_of_clause().ends_with(*end)).map(String::as_str)
            }
        };
        word.filter(|_| !cue.rhetorical.iter().any(|turn| self.rest_of_clause().contains(turn)))
    }

    /// In the clause before the candidate, or between two of its parts.
    fn before_a_part<'c>(&self, cue: &'c Cue) -> Option<&'c str> {
        let mut from = 0;
        self.candidate.parts.iter().find_map(|part| {
            let start = self.passage.clause_start(part.start).max(from);
            let before = self.text().get(start..part.start).unwrap_or_default();
            from = part.end;
            cue_before(cue, before)
        })
    }

    fn rest_of_clause(&self) -> &'a str {
        &self.text()[self.range.end..self.passage.clause_end(self.range.end)]
    }

    /// Byte that lies so many characters before the hit, or the beginning.
    fn back(&self, characters: usize) -> usize {
        let Some(last) = characters.checked_sub(1) else { return self.range.start };
        self.text()[..self.range.start].char_indices().rev().nth(last).map_or(0, |(byte, _)| byte)
    }
}

/// The cue's word in the text right before a hit, if it rules the hit.
fn cue_before<'c>(cue: &'c Cue, text: &str) -> Option<&'c str> {
    cue_in(cue, text, |start, end| (&text[..start], &text[end..]))
}

/// The cue's word in the text right behind a hit, if it rules the hit.
fn cue_behind<'c>(cue: &'c Cue, text: &str) -> Option<&'c str> {
    cue_in(cue, text, |start, _| ("", &text[..start]))
}

/// Every place of every word; `split` gives what comes before the word and what lies between it and the hit.
fn cue_in<'c, 't>(
    cue: &'c Cue,
    text: &'t str,
    split: impl Fn(usize, usize) -> (&'t str, &'t str),
) -> Option<&'c str> {
    let rules = |word: &&String| {
        text.match_indices(word.as_str()).any(|(start, _)| {
            let end = start + word.len();
            let (earlier, between) = split(start, end);
            between.chars().take(cue.reach + 1).count() <= cue.reach
                && !cue.not_after.iter().any(|stop| earlier.ends_with(stop))
                && !cue.not_before.iter().any(|stop| text[end..].starts_with(stop))
                && !cue.barriers.iter().any(|barrier| between.contains(barrier))
        })
    };
    cue.words.iter().find(rules).map(String::as_str)
}
