//! All personal data of one text, with what of it a reader may not see.

use std::ops::Range;

use super::address::addresses;
use super::groups::{Group, groups};
use super::kinds::{MOBILE_DIGITS, PersonalKind, personal};
use super::pauses::Separation;
use super::tokens::Token;

/// What a reader needs to tell one number from another.
const SHOWN_LAST_DIGITS: usize = 4;
/// Network and operator of a mobile number, the same for millions.
const SHOWN_FIRST_MOBILE_DIGITS: usize = 3;
/// Most groups that one number is written in.
const MOST_GROUPS: usize = 10;
/// Words that announce a personal number, and how many characters may stand between.
const ANNOUNCERS: [&str; 12] = [
    "手机号",
    "手機號",
    "身份证",
    "身份證",
    "证件号",
    "證件號",
    "卡号",
    "卡號",
    "账号",
    "賬號",
    "帐号",
    "帳號",
];
const ANNOUNCED_WITHIN_CHARS: usize = 8;

/// A piece of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalData {
    pub kind: PersonalKind,
    /// Bytes of the text, from the first digit to the last.
    pub range: Range<usize>,
    /// The check digit holds: the kind is sure. One that does not may have been misheard.
    pub checksum: bool,
}

/// Personal data and its digits.
pub(super) struct Found {
    pub data: PersonalData,
    /// Bytes that are starred out, in order.
    pub hidden: Vec<Range<usize>>,
    /// ASCII digits of a number; empty for an address.
    pub digits: String,
}

/// Everything personal in a text, in order and without overlaps.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = numbers(text);
    for range in addresses(text) {
        let is_free =
            |found: &Found| found.data.range.end <= range.start || range.end <= found.data.range.start;
        if found.iter().all(is_free) {
            let data = PersonalData { kind: PersonalKind::Address, range: range.clone(), checksum: false };
            found.push(Found { data, hidden: vec![range], digits: String::new() });
        }
    }
    found.sort_by_key(|found| found.data.range.start);
    found
}

fn numbers(text: &str) -> Vec<Found> {
    let groups = groups(text);
    let mut found = Vec::new();
    let mut start = 0;
    while start < groups.len() {
        let is_announced = is_announced(&text[..groups[start].range().start]);
        match longest(&groups, start, is_announced) {
            Some((last, kind, checksum)) => {
                found.push(number(&groups[start..=last], kind, checksum));
                start = last + 1;
            }
            None => start += 1,
        }
    }
    found
}

/// The last group of the longest personal number that begins at `start`, and what it is.
fn longest(groups: &[Group], start: usize, is_announced: bool) -> Option<(usize, PersonalKind, bool)> {
    let rest = groups[start + 1..].iter().take(MOST_GROUPS);
    let joined = rest.take_while(|group| group.before != Separation::Apart).count();
    (start..=start + joined).rev().find_map(|last| {
        let (kind, checksum) = personal(&groups[start..=last], is_announced)?;
        Some((last, kind, checksum))
    })
}

fn is_announced(before: &str) -> bool {
    let from =
        before.char_indices().rev().take(ANNOUNCED_WITHIN_CHARS).last().map_or(before.len(), |(at, _)| at);
    ANNOUNCERS.iter().any(|word| before[from..].contains(word))
}

fn number(groups: &[Group], kind: PersonalKind, checksum: bool) -> Found {
    let tokens: Vec<&Token> = groups.iter().flat_map(|group| &group.tokens).collect();
    let digits: String = tokens.iter().map(|token| token.digits.as_str()).collect();
    let start = tokens.first().map_or(0, |token| token.range.start);
    let range = start..tokens.last().map_or(start, |token| token.range.end);
    let hidden = hidden(&tokens, digits.len());
    Found { data: PersonalData { kind, range, checksum }, hidden, digits }
}

/// Tokens of which at least one digit is neither among the first nor among the last that are shown.
fn hidden(tokens: &[&Token], count: usize) -> Vec<Range<usize>> {
    let shown_first = if count == MOBILE_DIGITS { SHOWN_FIRST_MOBILE_DIGITS } else { 0 };
    let inner = shown_first..count.saturating_sub(SHOWN_LAST_DIGITS);
    let mut at = 0;
    let mut hidden = Vec::new();
    for token in tokens {
        let end = at + token.digits.len();
        if at < inner.end && inner.start < end {
            hidden.push(token.range.clone());
        }
        at = end;
    }
    hidden
}
