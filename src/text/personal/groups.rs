//! Digits of a text in the groups they stand in.

use std::ops::Range;

use super::pauses::{Separation, separation};
use super::tokens::{Token, tokens};

/// Digits that stand together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Never empty.
    pub tokens: Vec<Token>,
    /// Said in Chinese, or one digit at a time.
    pub is_spoken: bool,
    pub before: Separation,
}

impl Group {
    fn new(token: Token, before: Separation) -> Self {
        Self { is_spoken: token.is_spoken, tokens: vec![token], before }
    }

    fn push(&mut self, token: Token) {
        self.is_spoken |= token.is_spoken;
        self.tokens.push(token);
    }

    /// As ASCII digits, with an `X` at the end perhaps.
    pub fn digits(&self) -> String {
        self.tokens.iter().map(|token| token.digits.as_str()).collect()
    }

    pub fn range(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.range.end);
        self.tokens.first().map_or(end, |token| token.range.start)..end
    }
}

/// All groups of a text, in order.
pub(super) fn groups(text: &str) -> Vec<Group> {
    merge_spoken(scan(text))
}

/// Runs of digits with nothing between them. The check character is the last of its number.
fn scan(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for token in tokens(text) {
        let last = groups.last().and_then(|group| group.tokens.last());
        let end = last.map_or(0, |last| last.range.end);
        let is_open = last.is_some_and(|last| last.range.end == token.range.start && last.digits != "X");
        let is_first = groups.is_empty();
        if let Some(group) = groups.last_mut().filter(|_| is_open) {
            group.push(token);
        } else {
            let before = if is_first { Separation::Apart } else { separation(&text[end..token.range.start]) };
            groups.push(Group::new(token, before));
        }
    }
    groups
}

/// Joins neighbours that are spoken or single digits: nobody says an amount so, however it was punctuated.
fn merge_spoken(groups: Vec<Group>) -> Vec<Group> {
    let is_spoken = |group: &Group| group.is_spoken || group.tokens.len() == 1;
    let mut merged: Vec<Group> = Vec::with_capacity(groups.len());
    for group in groups {
        match merged.last_mut() {
            Some(last) if group.before != Separation::Apart && is_spoken(last) && is_spoken(&group) => {
                last.tokens.extend(group.tokens);
                last.is_spoken = true;
            }
            _ => merged.push(group),
        }
    }
    merged
}
