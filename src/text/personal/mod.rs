//! Identity, bank-card and phone numbers, in Arabic or spoken digits.
//!
//! Privacy comes first: eleven digits in one breath are no amount and no date, so they are personal whether or not a
//! checksum holds, for the recogniser mishears digits. Only numbers written in several Arabic groups, which may be a
//! list of amounts, have to look like what they would be.

mod groups;
mod kinds;

use std::ops::Range;

use groups::{Group, Separation, digit, groups};
use kinds::{MOBILE_DIGITS, is_personal};

/// What a reader needs to tell one number from another.
const SHOWN_LAST_DIGITS: usize = 4;
/// Network and operator of a mobile number, the same for millions.
const SHOWN_FIRST_MOBILE_DIGITS: usize = 3;

/// Byte ranges of identity, bank-card and mobile numbers, in order, from the first digit to the last.
#[must_use]
pub fn mask_personal_data(text: &str) -> Vec<Range<usize>> {
    let groups = groups(text);
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

/// The last group of the longest personal number that begins at `start`.
fn longest_personal(groups: &[Group], start: usize) -> Option<usize> {
    let joined = groups[start + 1..].iter().take_while(|group| group.before != Separation::Apart).count();
    (start..=start + joined).rev().find(|last| is_personal(&groups[start..=*last]))
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
