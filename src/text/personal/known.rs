//! Numbers that call records name: covered wherever they stand, even where nothing else would take them for a person's.

use super::masked;

/// Digits that a number of the called keeps.
const SHOWN_DIGITS: usize = 4;
/// Shortest number of a person; shorter ones are a service's.
const PERSONAL_DIGITS: usize = 7;

/// Hides texts in which some numbers may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNumbers {
    /// What to look for, the longest first, and what to write instead.
    known: Vec<(String, String)>,
}

impl KnownNumbers {
    /// Of the numbers that records name.
    pub fn new<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: Vec<_> = numbers
            .into_iter()
            .map(|number| (number.to_owned(), masked_number(number)))
            .filter(|(number, shown)| number != shown)
            .collect();
        known.sort_by_key(|(number, _)| std::cmp::Reverse(number.len()));
        known.dedup();
        Self { known }
    }

    /// The text with these numbers, and all that is personal by itself, starred out.
    #[must_use]
    pub fn hidden(&self, text: &str) -> String {
        let replaced =
            self.known.iter().fold(text.to_owned(), |text, (number, shown)| text.replace(number, shown));
        masked(&replaced)
    }
}

/// The number of a record: even one that nothing else would take for a person's.
#[must_use]
pub fn masked_number(number: &str) -> String {
    let shown = masked(number);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_plain = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    if shown != number || !is_plain || digits < PERSONAL_DIGITS {
        return shown;
    }
    let mut left = digits;
    let star = |c: char| {
        left -= usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && left >= SHOWN_DIGITS { '*' } else { c }
    };
    number.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_records_show_four_digits_at_most() {
        for (number, shown) in [
            ("13812345678", "138****5678"),
            ("021-6234567", "***-***4567"),
            ("62345678", "****5678"),
            ("a3f9c2", "a3f9c2"),
            ("138****5678", "138****5678"),
            ("10086", "10086"),
        ] {
            assert_eq!(masked_number(number), shown);
        }
    }

    #[test]
    fn numbers_are_covered_wherever_they_stand() {
        let known = KnownNumbers::new(["62345678", "10086"]);
        for (text, shown) in [
            ("rec/62345678-1.wav", "rec/****5678-1.wav"),
            ("13812345678_0302.wav", "138****5678_0302.wav"),
            ("K-20391", "K-20391"),
            ("打10086", "打10086"),
        ] {
            assert_eq!(known.hidden(text), shown);
        }
    }
}
