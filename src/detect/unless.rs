//! A rule's own exceptions: words that take a hit back when they stand near it.

use std::ops::Range;

use crate::domain::Suppressor;
use crate::lexicon::{Nearness, Unless};

use super::candidate::{Hit, Said};
use super::context::Silenced;
use super::evaluate::Evaluator;
use super::passage::Passage;
use super::talk::Talk;

/// Takes hits back that an exception speaks for. Looked at only where a hit counts.
pub(super) fn take_back(hits: &mut [Hit], exceptions: &[Unless], evaluator: &Evaluator) {
    if !hits.iter().any(Hit::counts) {
        return;
    }
    for unless in exceptions {
        let said = evaluator.hits(&unless.node);
        for hit in hits.iter_mut().filter(|hit| hit.counts()) {
            hit.silenced = said.iter().find_map(|said| covers(said, hit, unless.near, evaluator.talk));
        }
    }
}

fn covers(exception: &Hit, hit: &Hit, near: Nearness, talk: &Talk) -> Option<Silenced> {
    let stands_near = |said: &&Said| hit.said.iter().any(|own| is_near(own, said, near, talk));
    let said = exception.said.iter().find(stands_near);
    let holds = exception.said.is_empty() || said.is_some();
    let reason = said.map_or_else(
        || "规则的例外情形".to_owned(),
        |said| format!("同时说到「{}」", &talk.passages[said.passage].text[said.candidate.range()]),
    );
    holds.then_some((Suppressor::Allow, reason))
}

fn is_near(own: &Said, other: &Said, near: Nearness, talk: &Talk) -> bool {
    match near {
        Nearness::Call => true,
        Nearness::Passage => own.passage == other.passage,
        Nearness::Chars(most) => {
            let passage = &talk.passages[own.passage];
            own.passage == other.passage && overlaps(&widened(own.candidate.range(), most, passage), other)
        }
    }
}

/// Words that only touch the window from outside may still be the longer word around the hit.
fn overlaps(window: &Range<usize>, said: &Said) -> bool {
    said.candidate.parts.iter().any(|part| part.start < window.end && window.start < part.end)
}

/// A range with so many characters more on either side.
fn widened(range: Range<usize>, characters: usize, passage: &Passage) -> Range<usize> {
    let before = passage.text[..range.start].char_indices().rev();
    let start = before.take(characters).last().map_or(range.start, |(byte, _)| byte);
    let behind = passage.text[range.end..].char_indices().nth(characters);
    start..behind.map_or(passage.text.len(), |(offset, _)| range.end + offset)
}
