//! What makes a number personal.

use std::ops::RangeInclusive;

use super::{Group, Separation};

/// A mobile number; nothing shorter is looked at.
pub(super) const MOBILE_DIGITS: usize = 11;
/// A resident identity number by GB 11643: region, birth date, serial, check character.
const IDENTITY_DIGITS: usize = 18;
/// Bank cards by ISO/IEC 7812, as issued in China.
const CARD_DIGITS: RangeInclusive<usize> = 16..=19;

/// True for neighbouring groups that together are one personal number.
pub(super) fn is_personal(groups: &[Group]) -> bool {
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
    use super::*;

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
}
