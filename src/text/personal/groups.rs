//! Digits of a text in the groups they stand in.

use std::ops::Range;

use crate::text::fold::half_width;

/// Longest stretch of spaces and hyphens within one number.
const MAX_SEPARATORS: usize = 3;

/// Digits that stand together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// As ASCII digits; `X` for the check character of an identity number.
    pub digits: String,
    pub range: Range<usize>,
    /// Said in Chinese, or one digit at a time.
    pub is_spoken: bool,
    pub before: Separation,
}

impl Group {
    /// Appends the next character of the text.
    fn push(&mut self, value: char, written: char) {
        self.digits.push(value);
        self.range.end += written.len_utf8();
        self.is_spoken |= value != 'X' && !half_width(written).is_ascii_digit();
    }
}

/// What stands between a group and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separation {
    /// Spaces and hyphens, as within one number.
    Narrow,
    /// Commas: within one number where the speaker paused, or between two.
    Listed,
    /// Anything else: not one number.
    Apart,
}

/// The value of an Arabic or spoken digit; `X` for the check character of an identity number.
pub(super) fn digit(char: char) -> Option<char> {
    match half_width(char) {
        arabic @ '0'..='9' => Some(arabic),
        'x' | 'X' | '叉' => Some('X'),
        '零' | '〇' | '洞' => Some('0'),
        // 幺 is how 一 is said in numbers, and what it is misheard as.
        '一' | '幺' | '要' | '腰' | '妖' => Some('1'),
        '二' | '两' | '兩' => Some('2'),
        '三' => Some('3'),
        '四' => Some('4'),
        '五' => Some('5'),
        '六' => Some('6'),
        '七' | '拐' => Some('7'),
        '八' => Some('8'),
        '九' => Some('9'),
        _ => None,
    }
}

/// All groups of a text, in order.
pub(super) fn groups(text: &str) -> Vec<Group> {
    merge_spoken(scan(text))
}

/// Runs of digits with nothing between them.
fn scan(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut is_open = false;
    for (start, char) in text.char_indices() {
        let value = digit(char);
        if let (Some(value), Some(group)) = (value, groups.last_mut().filter(|_| is_open)) {
            group.push(value, char);
        } else if let Some(value) = value.filter(|value| *value != 'X') {
            let before =
                groups.last().map_or(Separation::Apart, |last| separation(&text[last.range.end..start]));
            let mut group = Group { digits: String::new(), range: start..start, is_spoken: false, before };
            group.push(value, char);
            groups.push(group);
        }
        // The check character is the last of its number.
        is_open = value.is_some_and(|value| value != 'X');
    }
    groups
}

fn separation(between: &str) -> Separation {
    let is_space = |char| matches!(char, ' ' | '　' | '-' | '－' | '–' | '—');
    let is_comma = |char| matches!(char, '、' | ',' | '，');
    if between.chars().count() > MAX_SEPARATORS {
        Separation::Apart
    } else if between.chars().all(is_space) {
        Separation::Narrow
    } else if between.chars().all(|char| is_space(char) || is_comma(char)) {
        Separation::Listed
    } else {
        Separation::Apart
    }
}

/// Joins neighbours that are spoken or single digits: nobody says an amount so, however it was punctuated.
fn merge_spoken(groups: Vec<Group>) -> Vec<Group> {
    let is_spoken = |group: &Group| group.is_spoken || group.digits.len() == 1;
    let mut merged: Vec<Group> = Vec::with_capacity(groups.len());
    for group in groups {
        match merged.last_mut() {
            Some(last) if group.before != Separation::Apart && is_spoken(last) && is_spoken(&group) => {
                last.digits += &group.digits;
                last.range.end = group.range.end;
                last.is_spoken = true;
            }
            _ => merged.push(group),
        }
    }
    merged
}
