//! Identity, bank-card and phone numbers, in Arabic or spoken digits.
//!
//! Privacy comes first: eleven digits in one breath are no amount and no date, so they are personal whether or not a
//! checksum holds, for the recogniser mishears digits. Only numbers written in several Arabic groups, which may be a
//! list of amounts, have to look like what they would be.

use std::ops::Range;

use super::fold::half_width;

/// A mobile number; nothing shorter is looked at.
const MOBILE_DIGITS: usize = 11;
/// A resident identity number by GB 11643: region, birth date, serial, check character.
const IDENTITY_DIGITS: usize = 18;
/// Bank cards by ISO/IEC 7812, as issued in China.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 16..=19;
/// What a reader needs to tell one number from another.
const SHOWN_LAST_DIGITS: usize = 4;
/// Network and operator of a mobile number, the same for millions.
const SHOWN_FIRST_MOBILE_DIGITS: usize = 3;
/// Longest stretch of spaces and hyphens within one number.
const MAX_SEPARATORS: usize = 3;

/// Byte ranges of identity, bank-card and mobile numbers, in order, from the first digit to the last.
#[must_use]
pub fn mask_personal_data(text: &str) -> Vec<Range<usize>> {
    let groups = merge_spoken(scan_groups(text));
    let mut found = Vec::new();
    let mut start = 0;
    while start < groups.len() {
        let end = longest_personal(&groups, start);
        if let Some(last) = end {
            found.push(groups[start].range.start..groups[last].range.end);
        }
        start = end.unwrap_or(start) + 1;
    }
    found
}

/// The text with the inner digits of personal numbers starred out.
///
/// A mobile number keeps its first three and last four digits, any other its last four. Each character becomes one of
/// equal length in bytes (`*` or the full-width `＊`), so byte and character offsets into the text stay valid.
#[must_use]
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for range in mask_personal_data(text) {
        out += &text[copied..range.start];
        push_starred(&mut out, &text[range.clone()]);
        copied = range.end;
    }
    out + &text[copied..]
}

fn push_starred(out: &mut String, number: &str) {
    let digits = number.chars().filter(|char| digit(*char).is_some()).count();
    let shown_first = if digits == MOBILE_DIGITS { SHOWN_FIRST_MOBILE_DIGITS } else { 0 };
    let hidden = shown_first..digits.saturating_sub(SHOWN_LAST_DIGITS);
    let mut index = 0;
    for char in number.chars() {
        let is_digit = digit(char).is_some();
        out.push(if is_digit && hidden.contains(&index) { star(char) } else { char });
        index += usize::from(is_digit);
    }
}

/// A star as long in bytes as the character: every digit we know is an ASCII or a three-byte character.
fn star(char: char) -> char {
    if char.is_ascii() { '*' } else { '＊' }
}

/// Digits that stand together.
#[derive(Debug, Clone)]
struct Group {
    /// As ASCII digits; `X` for the check character of an identity number.
    digits: String,
    range: Range<usize>,
    /// Said in Chinese, or one digit at a time.
    is_spoken: bool,
    before: Separation,
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
enum Separation {
    /// Spaces and hyphens, as within one number.
    Narrow,
    /// Commas: within one number where the speaker paused, or between two.
    Listed,
    /// Anything else: not one number.
    Apart,
}

/// The value of an Arabic or spoken digit; `X` for the check character of an identity number.
fn digit(char: char) -> Option<char> {
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

fn scan_groups(text: &str) -> Vec<Group> {
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

/// The last group of the longest personal number that begins at `start`.
fn longest_personal(groups: &[Group], start: usize) -> Option<usize> {
    let joined = groups[start + 1..].iter().take_while(|group| group.before != Separation::Apart).count();
    (start..=start + joined).rev().find(|last| is_personal(&groups[start..=*last]))
}

fn is_personal(groups: &[Group]) -> bool {
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    if groups.len() == 1 {
        return digits.len() >= MOBILE_DIGITS && !is_timestamp(&digits);
    }
    is_grouped_mobile(groups, &digits) || is_identity(&digits) || is_grouped_card(groups, &digits)
}

/// `20240315` and a time of four or six digits.
fn is_timestamp(digits: &str) -> bool {
    matches!(digits.len(), 12 | 14)
        && is_date(&digits[..8])
        && number(&digits[8..10]) < 24
        && number(&digits[10..12]) < 60
}

/// `YYYYMMDD` within living memory.
fn is_date(digits: &str) -> bool {
    (1900..2100).contains(&number(&digits[..4]))
        && (1..=12).contains(&number(&digits[4..6]))
        && (1..=31).contains(&number(&digits[6..8]))
}

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

/// 1, then 3 to 9, in the groups that people write.
fn is_grouped_mobile(groups: &[Group], digits: &str) -> bool {
    let lengths: Vec<_> = groups.iter().map(|group| group.digits.len()).collect();
    digits.starts_with('1')
        && digits[1..].starts_with(|second: char| ('3'..='9').contains(&second))
        && matches!(lengths[..], [3, 4, 4] | [3, 8] | [7, 4] | [4, 3, 4])
}

/// A birth date in its place, or the check character of GB 11643 (ISO 7064, MOD 11-2).
fn is_identity(digits: &str) -> bool {
    digits.len() == IDENTITY_DIGITS && (is_date(&digits[6..14]) || has_identity_checksum(digits))
}

fn has_identity_checksum(digits: &str) -> bool {
    const WEIGHTS: [u32; IDENTITY_DIGITS] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    let sum: u32 =
        digits.chars().zip(WEIGHTS).map(|(char, weight)| weight * char.to_digit(10).unwrap_or(10)).sum();
    sum % 11 == 1
}

/// Groups of four as on the card, or the issuer's six and the rest. Between commas the checksum has to hold, too.
fn is_grouped_card(groups: &[Group], digits: &str) -> bool {
    let Some((last, full)) = groups.split_last() else { return false };
    let is_fours = full.iter().all(|group| group.digits.len() == 4) && last.digits.len() <= 4;
    let is_issuer_first = matches!(full, [issuer] if issuer.digits.len() == 6);
    let is_listed = groups[1..].iter().any(|group| group.before == Separation::Listed);
    CARD_DIGITS.contains(&digits.len())
        // 1 and 2 are no banks: four years make sixteen digits as well.
        && !digits.starts_with(['0', '1', '2'])
        && (is_fours || is_issuer_first)
        && (!is_listed || has_luhn_checksum(digits))
}

/// ISO/IEC 7812-1: every second digit from the right is doubled.
fn has_luhn_checksum(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(index, char)| {
            let value = char.to_digit(10).unwrap_or(0) * if index % 2 == 0 { 1 } else { 2 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_starred_out() {
        for (text, expected) in [
            ("打13800138000找我", "打138****8000找我"),
            ("１３８００１３８０００", "１３８＊＊＊＊８０００"),
            ("138 0013 8000", "138 **** 8000"),
            ("138-0013-8000", "138-****-8000"),
            ("+8613800138000", "+*********8000"),
            ("86 138 0013 8000", "86 138 **** 8000"),
            ("一三八零零幺三八零零零", "一三八＊＊＊＊八零零零"),
            ("幺三八，洞洞幺三，八洞洞洞", "幺三八，＊＊＊＊，八洞洞洞"),
            ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 * * * * 8 0 0 0"),
            ("一三八 0013 8000", "一三八 **** 8000"),
            ("13800138000 13900139000", "138****8000 139****9000"),
            ("11010519491231002X", "**************002X"),
            ("11010519491231002叉", "**************002叉"),
            ("110105 19491231 002X", "****** ******** 002X"),
            ("尾号不对110105194912310021", "尾号不对**************0021"),
            ("6222 0212 3456 7890 128", "**** **** **** ***0 128"),
            ("4111、1111、1111、1111", "****、****、****、1111"),
            ("622202 1234567890128", "****** *********0128"),
            ("6222021234567890123", "***************0123"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_and_dates_stay() {
        for text in [
            "欠款18,600.50元",
            "1,200,300,400元",
            "2024-03-15 2024-04-15",
            "20240315123000",
            "202403151230",
            "2024年3月15日下午3点",
            "1000、2000、3000、4000",
            "3000、4500、5200、6100",
            "2021 2022 2023 2024",
            "139,200、12,300",
            "500 1000 2000",
            "一万八千六百三十二块五毛",
            "二零二四年三月十五号",
            "一、二、三、四、五",
            "110、120、12378、10086",
            "x x x",
            "",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn ranges_are_bytes_of_the_text() {
        let text = "电话138 0013 8000，证件110105194912310021。";
        let found: Vec<_> = mask_personal_data(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["138 0013 8000", "110105194912310021"]);
    }

    #[test]
    fn check_characters() {
        for (digits, holds) in
            [("11010519491231002X", true), ("110105194912310021", false), ("440524188001010014", true)]
        {
            assert_eq!(has_identity_checksum(digits), holds, "{digits}");
        }
        for (digits, holds) in
            [("4111111111111111", true), ("4111111111111112", false), ("79927398713", true)]
        {
            assert_eq!(has_luhn_checksum(digits), holds, "{digits}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn masking_keeps_every_offset(text in prop_oneof![any::<String>(), "[0-9０-９零一幺要xX叉、，, -]{0,40}"]) {
            let masked = masked(&text);
            let offsets = |text: &str| text.char_indices().map(|(byte, _)| byte).collect::<Vec<_>>();
            prop_assert_eq!(offsets(&masked), offsets(&text));
            prop_assert_eq!(masked.len(), text.len());
        }

        #[test]
        fn no_mobile_number_gets_through(tail in "[3-9][0-9]{9}", before in "[号码是，]{0,3}") {
            let text = format!("{before}1{tail}。");
            prop_assert!(!masked(&text).contains(&tail));
        }
    }
}
