//! Texts that sound alike as equal keys: what an index of sounds holds.

use super::{readings, sound_class};

/// One key a character of a normal form, in order: the class of its commonest reading (n and l, z and zh, in and ing are
/// one), or the character itself where it has none.
///
/// Characters of several readings are found by their commonest one alone: an index that held all of them would find
/// nearly everything.
#[must_use]
pub fn sound_keys(normal: &str) -> Vec<String> {
    let key = |char| match readings(char).first() {
        Some(syllable) => format!("s{:x}", sound_class(*syllable)),
        None => format!("c{char}"),
    };
    normal.chars().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_has_equal_keys() {
        for (a, b, alike) in [
            ("催收", "崔收", true),
            ("老赖", "恼来", true),
            ("知道", "资道", true),
            ("抓你", "打你", false),
            ("app", "app", true),
        ] {
            assert_eq!(sound_keys(a) == sound_keys(b), alike, "{a} {b}");
        }
    }
}
