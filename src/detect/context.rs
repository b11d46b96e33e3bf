//! What takes a candidate back. Looked at only where a candidate is: clean text never comes here.
//!
//! In this order, the first that applies wins: said by somebody the rule is not about; rests on suspected hallucination
//! alone; cuts through a word; then, as the rule's `silence` lists them, negation, quotation,
//! question. Decisions:
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
use crate::lexicon::{RuleSet, Silence, Speaks};

use super::candidate::{Candidate, Kind};
use super::cues::{
    Cue, NEGATIONS, NEGATIONS_BEHIND, QUESTION_ENDS, QUESTION_STARTS, QUOTATIONS, RHETORICAL_ENDS,
};
use super::passage::Passage;
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
        match silence {
            Silence::Negation => self.by_negation(),
            Silence::Quotation => self.by_quotation(),
            Silence::Question => self.by_question(),
            Silence::Refusal | Silence::Reported | Silence::Hypothetical => None,
        }
    }

    fn by_negation(&self) -> Option<Silenced> {
        if let Some(word) = self.denial() {
            let rhetorical = word.ends_with('是') && self.rest_of_clause_has(RHETORICAL_ENDS);
            return (!rhetorical).then(|| (Suppressor::Negation, format!("前有「{word}」")));
        }
        let behind = &self.text()[self.range.end..];
        let word = NEGATIONS_BEHIND.iter().find_map(|cue| cue.behind(behind))?;
        Some((Suppressor::Negation, format!("后有「{word}」")))
    }

    /// A denial before the hit, or between two of its parts.
    fn denial(&self) -> Option<&'static str> {
        let mut from = 0;
        self.candidate.parts.iter().find_map(|part| {
            let start = self.passage.clause_start(part.start).max(from);
            let before = self.text().get(start..part.start).unwrap_or_default();
            from = part.end;
            NEGATIONS.iter().find_map(|cue| cue.before(before))
        })
    }

    fn by_quotation(&self) -> Option<Silenced> {
        let before = &self.text()[self.back(SIDE_CHARS)..self.range.start];
        let word = QUOTATIONS.iter().find_map(|cue| cue.before(before))?;
        Some((Suppressor::Quotation, format!("前有「{word}」")))
    }

    fn by_question(&self) -> Option<Silenced> {
        let clause = self.passage.clause_start(self.range.start)..self.passage.clause_end(self.range.end);
        let behind = &self.text()[self.range.end..clause.end];
        let before = &self.text()[clause.start..self.range.start];
        let asks = QUESTION_ENDS.iter().find(|end| behind.ends_with(**end));
        let word = asks.or_else(|| QUESTION_STARTS.iter().find(|start| before.contains(**start)))?;
        Some((Suppressor::Question, format!("问句「{word}」")))
    }

    fn rest_of_clause_has(&self, words: &[&str]) -> bool {
        let rest = &self.text()[self.range.end..self.passage.clause_end(self.range.end)];
        words.iter().any(|word| rest.contains(word))
    }

    /// Byte that lies so many characters before the hit, or the beginning.
    fn back(&self, characters: usize) -> usize {
        let Some(last) = characters.checked_sub(1) else { return self.range.start };
        self.text()[..self.range.start].char_indices().rev().nth(last).map_or(0, |(byte, _)| byte)
    }
}

impl Cue {
    /// The cue's word in the text right before a hit, if it rules the hit.
    fn before(&self, text: &str) -> Option<&'static str> {
        self.find(text, |start, end| (&text[..start], &text[end..]))
    }

    /// The cue's word in the text right behind a hit, if it rules the hit.
    fn behind(&self, text: &str) -> Option<&'static str> {
        self.find(text, |start, _| ("", &text[..start]))
    }

    /// Every place of every word; `split` gives what comes before the word and what lies between it and the hit.
    fn find<'t>(
        &self,
        text: &'t str,
        split: impl Fn(usize, usize) -> (&'t str, &'t str),
    ) -> Option<&'static str> {
        self.words.iter().copied().find(|word| {
            text.match_indices(word).any(|(start, _)| {
                let end = start + word.len();
                let (earlier, between) = split(start, end);
                between.chars().take(self.reach + 1).count() <= self.reach
                    && !self.not_after.iter().any(|stop| earlier.ends_with(stop))
                    && !self.not_before.iter().any(|stop| text[end..].starts_with(stop))
                    && !self.barriers.iter().any(|barrier| between.contains(barrier))
            })
        })
    }
}
