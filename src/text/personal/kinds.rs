//! What makes a number personal, and which kind it is.

use std::ops::RangeInclusive;

use super::groups::Group;
use super::pauses::Separation;

/// What a piece of personal data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalKind {
    /// Resident identity number by GB 11643: eighteen digits, or the fifteen of before 1999.
    IdentityNumber,
    /// Bank card by ISO/IEC 7812.
    BankCard,
    MobileNumber,
    /// As long as one of these, or announced as one, and misheard or misread.
    LongNumber,
    /// Street, house and door.
    Address,
}

/// A mobile number; without a word that announces it nothing shorter is looked at.
pub(super) const MOBILE_DIGITS: usize = 11;
/// Region, birth date, serial, check character.
const IDENTITY_DIGITS: usize = 18;
/// The same with a year of two digits, and without a check character.
const OLD_IDENTITY_DIGITS: usize = 15;
/// Bank cards as issued in China.
const CARD_DIGITS: RangeInclusive<usize> = 16..=19;
/// What is left of a number that was announced as personal when some digits were not heard.
const ANNOUNCED_DIGITS: usize = 7;

/// The kind of neighbouring groups that together are one personal number, and whether its check digit holds.
pub(super) fn personal(groups: &[Group], is_announced: bool) -> Option<(PersonalKind, bool)> {
    let digits: String = groups.iter().map(Group::digits).collect();
    if let [group] = groups {
        let least = if is_announced { ANNOUNCED_DIGITS } else { MOBILE_DIGITS };
        let is_long = digits.len() >= least && !is_timestamp(&digits);
        return is_long.then(|| kind_of(group, &digits));
    }
    let is_one =
        is_grouped_mobile(groups, &digits) || is_identity(&digits) || is_grouped_card(groups, &digits);
    is_one.then(|| kind(&digits).unwrap_or((PersonalKind::LongNumber, false)))
}

/// What may be an ordinary word is left out if that makes sense of the rest; a number said twice is still that number.
fn kind_of(group: &Group, digits: &str) -> (PersonalKind, bool) {
    let sure = group.tokens.iter().filter(|token| !token.is_weak).map(|token| token.digits.as_str());
    let half = &digits[..digits.len() / 2];
    kind(digits)
        .or_else(|| kind(&sure.collect::<String>()))
        .or_else(|| kind(half).filter(|_| digits == half.repeat(2)))
        .unwrap_or((PersonalKind::LongNumber, false))
}

/// The kind of a number by its length, its check digit and the date in it. A check digit that holds decides.
fn kind(digits: &str) -> Option<(PersonalKind, bool)> {
    use PersonalKind::{BankCard, IdentityNumber, MobileNumber};
    let is_card = CARD_DIGITS.contains(&digits.len())
        && !digits.starts_with(['0', '1', '2', '7'])
        && !digits.ends_with('X');
    if digits.len() == IDENTITY_DIGITS && has_identity_checksum(digits) && is_date(&digits[6..14]) {
        Some((IdentityNumber, true))
    } else if is_card && has_luhn_checksum(digits) {
        Some((BankCard, true))
    } else if is_identity(digits) || is_old_identity(digits) {
        Some((IdentityNumber, has_identity_checksum(digits)))
    } else if is_card {
        Some((BankCard, false))
    } else {
        is_mobile(digits).then_some((MobileNumber, false))
    }
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

/// Network and subscriber: 1, then 3 to 9.
fn is_mobile(digits: &str) -> bool {
    digits.len() == MOBILE_DIGITS
        && digits.starts_with('1')
        && digits[1..].starts_with(|second: char| ('3'..='9').contains(&second))
}

/// In the groups that people write.
fn is_grouped_mobile(groups: &[Group], digits: &str) -> bool {
    let lengths: Vec<_> = groups.iter().map(|group| group.digits().len()).collect();
    is_mobile(digits)
        && matches!(lengths[..], [3, 4, 4] | [3, 8] | [7, 4] | [4, 3, 4] | [3, 3, 5] | [4, 4, 3])
}

/// A birth date in its place, or the check character of GB 11643 (ISO 7064, MOD 11-2).
fn is_identity(digits: &str) -> bool {
    digits.len() == IDENTITY_DIGITS && (is_date(&digits[6..14]) || has_identity_checksum(digits))
}

/// Fifteen digits with a birth date of the twentieth century, the region between 11 and 82.
fn is_old_identity(digits: &str) -> bool {
    digits.len() == OLD_IDENTITY_DIGITS
        && !digits.ends_with('X')
        && (11..=82).contains(&number(&digits[..2]))
        && is_date(&format!("19{}", &digits[6..12]))
}

/// False for any other length, and for an `X` that is not the last.
fn has_identity_checksum(digits: &str) -> bool {
    const WEIGHTS: [u32; IDENTITY_DIGITS] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    let sum: u32 =
        digits.chars().zip(WEIGHTS).map(|(char, weight)| weight * char.to_digit(10).unwrap_or(10)).sum();
    digits.len() == IDENTITY_DIGITS && !digits[..IDENTITY_DIGITS - 1].contains('X') && sum % 11 == 1
}

/// Groups of four as on the card, or the issuer's six and the rest. Between commas the checksum has to hold, too.
fn is_grouped_card(groups: &[Group], digits: &str) -> bool {
    let Some((last, full)) = groups.split_last() else { return false };
    let length = |group: &Group| group.digits().len();
    let is_fours = full.iter().all(|group| length(group) == 4) && length(last) <= 4;
    let is_issuer_first = matches!(full, [issuer] if length(issuer) == 6);
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
        for (digits, holds) in [
            ("11010519491231002X", true),
            ("110105194912310021", false),
            ("440524188001010014", true),
            ("X10105194912310021", false),
            ("1", false),
        ] {
            assert_eq!(has_identity_checksum(digits), holds, "{digits}");
        }
        for (digits, holds) in
            [("4111111111111111", true), ("4111111111111112", false), ("79927398713", true)]
        {
            assert_eq!(has_luhn_checksum(digits), holds, "{digits}");
        }
    }

    #[test]
    fn kinds_of_numbers() {
        use PersonalKind::{BankCard, IdentityNumber, MobileNumber};
        for (digits, expected) in [
            ("11010519491231002X", Some((IdentityNumber, true))),
            ("110105194912310021", Some((IdentityNumber, false))),
            ("110105491231002", Some((IdentityNumber, false))),
            ("110105491331002", None),
            ("4111111111111111", Some((BankCard, true))),
            ("6222021234567890123", Some((BankCard, false))),
            ("13800138000", Some((MobileNumber, false))),
            ("12800138000", None),
            ("", None),
        ] {
            assert_eq!(kind(digits), expected, "{digits}");
        }
    }
}
