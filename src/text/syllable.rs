//! A Mandarin syllable without its tone.

use std::fmt;

/// Initials by number; 0 is the zero initial (安, and 衣 and 五 whose y and w are spelling only).
pub(super) const INITIALS: [&str; 22] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z",
    "c", "s",
];

/// Finals by number, in one spelling whatever stands before: ü is always ü, 位 is zero + ui, 有 is zero + iu.
/// `-i` is the buzzing vowel of 知 and 字.
pub(super) const FINALS: [&str; 39] = [
    "a", "o", "e", "ê", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er", "-i", "i", "ia", "io",
    "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang",
    "ueng", "ü", "üe", "üan", "ün",
];

/// One toneless syllable, as initial and final.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Syllable(u16);

impl Syllable {
    /// Reads toneless Pinyin in lower case with ü (`zhang`, `yuan`, `lü`); `None` for what is no Mandarin syllable.
    #[must_use]
    pub fn parse(pinyin: &str) -> Option<Self> {
        // 嗯, 呣: a nasal hummed alone, which sounds nearest to 恩.
        if matches!(pinyin, "n" | "ng" | "m") {
            return Self::from_parts("", "en");
        }
        let (initial, rest) = split_initial(pinyin);
        Self::from_parts(initial, &spelled_out(initial, rest, pinyin))
    }

    fn from_parts(initial: &str, rime: &str) -> Option<Self> {
        let initial = INITIALS.iter().position(|name| *name == initial)?;
        let rime = FINALS.iter().position(|name| *name == rime)?;
        Some(Self((initial as u16) << 8 | rime as u16))
    }

    /// Number of the initial in [`INITIALS`].
    pub(super) fn initial(self) -> usize {
        usize::from(self.0 >> 8)
    }

    /// Number of the final in [`FINALS`].
    pub(super) fn rime(self) -> usize {
        usize::from(self.0 & 0xFF)
    }

    /// A number that tells syllables apart, for use as an index key.
    #[must_use]
    pub fn id(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Syllable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", INITIALS[self.initial()], FINALS[self.rime()].trim_start_matches('-'))
    }
}

impl fmt::Debug for Syllable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The longest initial that the spelling begins with, and the rest.
fn split_initial(pinyin: &str) -> (&'static str, &str) {
    INITIALS
        .iter()
        .filter_map(|initial| Some((*initial, pinyin.strip_prefix(initial)?)))
        .max_by_key(|(initial, _)| initial.len())
        .unwrap_or(("", pinyin))
}

/// The final in the spelling of [`FINALS`].
fn spelled_out(initial: &str, rest: &str, pinyin: &str) -> String {
    match initial {
        "" => zero_initial(pinyin),
        "j" | "q" | "x" => with_umlaut(rest),
        // After lips the o of 波 is the uo of 多.
        "b" | "p" | "m" | "f" if rest == "o" => "uo".to_owned(),
        "zh" | "ch" | "sh" | "r" | "z" | "c" | "s" if rest == "i" => "-i".to_owned(),
        _ => rest.to_owned(),
    }
}

/// The final behind y and w: yuan is üan, you is iu, wei is ui.
fn zero_initial(pinyin: &str) -> String {
    match pinyin {
        "you" => return "iu".to_owned(),
        "wei" => return "ui".to_owned(),
        "wen" => return "un".to_owned(),
        _ => {}
    }
    if let Some(rest) = pinyin.strip_prefix('y') {
        return if rest.starts_with('i') {
            rest.to_owned()
        } else if rest.starts_with('u') {
            with_umlaut(rest)
        } else {
            format!("i{rest}")
        };
    }
    match pinyin.strip_prefix('w') {
        Some("u") => "u".to_owned(),
        Some(rest) => format!("u{rest}"),
        None => pinyin.to_owned(),
    }
}

fn with_umlaut(rest: &str) -> String {
    rest.strip_prefix('u').map_or_else(|| rest.to_owned(), |tail| format!("ü{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_come_apart() {
        for (pinyin, initial, rime) in [
            ("zhang", "zh", "ang"),
            ("zang", "z", "ang"),
            ("an", "", "an"),
            ("er", "", "er"),
            ("yi", "", "i"),
            ("ya", "", "ia"),
            ("ye", "", "ie"),
            ("you", "", "iu"),
            ("liu", "l", "iu"),
            ("yong", "", "iong"),
            ("yin", "", "in"),
            ("yu", "", "ü"),
            ("yuan", "", "üan"),
            ("yue", "", "üe"),
            ("ju", "j", "ü"),
            ("quan", "q", "üan"),
            ("xun", "x", "ün"),
            ("ji", "j", "i"),
            ("lu", "l", "u"),
            ("lü", "l", "ü"),
            ("nüe", "n", "üe"),
            ("wu", "", "u"),
            ("wo", "", "uo"),
            ("wei", "", "ui"),
            ("gui", "g", "ui"),
            ("wen", "", "un"),
            ("weng", "", "ueng"),
            ("bo", "b", "uo"),
            ("o", "", "o"),
            ("zhi", "zh", "-i"),
            ("si", "s", "-i"),
            ("ri", "r", "-i"),
            ("ng", "", "en"),
            ("na", "n", "a"),
            ("ê", "", "ê"),
        ] {
            let syllable = Syllable::parse(pinyin).unwrap();
            assert_eq!((INITIALS[syllable.initial()], FINALS[syllable.rime()]), (initial, rime), "{pinyin}");
        }
    }

    #[test]
    fn what_is_no_syllable_has_no_parts() {
        for pinyin in ["", "zh", "hng", "abc", "ZHANG", "v", "还"] {
            assert_eq!(Syllable::parse(pinyin), None, "{pinyin}");
        }
    }
}
