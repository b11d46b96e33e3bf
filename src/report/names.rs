//! File names for calls: whatever an id holds, the name stays inside its directory and means one call.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::domain::CallId;

/// Longest stem in bytes: file systems allow 255, and `.html`, a counter and a temporary name want room.
const MAX_STEM_BYTES: usize = 120;

/// Names Windows keeps for devices, with any extension and in any case.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// One page name a call, in the order given, all different even where upper and lower case are one.
/// A name depends on the list alone, so that it is the same in every run over the same calls.
pub(super) fn page_names(ids: &[CallId]) -> Vec<String> {
    file_stems(ids.iter().map(|id| id.0.as_str())).into_iter().map(|stem| format!("{stem}.html")).collect()
}

/// One [`file_stem`] an id, in the order given, all different even where upper and lower case are one.
#[must_use]
pub fn file_stems<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    ids.into_iter().map(|id| untaken(&file_stem(id), &mut taken)).collect()
}

fn untaken(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = stem.to_owned();
    let mut count = 1;
    while !taken.insert(name.to_ascii_lowercase()) {
        count += 1;
        name = format!("{stem}~{count}");
    }
    name
}

/// The id with every byte that a file system, a shell or an address could take amiss written as `~` and two hex digits.
#[must_use]
pub fn file_stem(id: &str) -> String {
    let mut stem: String = id.chars().enumerate().map(|(place, c)| escaped(c, place == 0)).collect();
    if is_reserved(&stem) {
        stem = format!("{}{}", hex(stem.as_bytes()[0]), &stem[1..]);
    }
    if stem.is_empty() {
        stem.push('~');
    }
    shortened(stem, id)
}

/// Han characters stay: they are plain in every file system and in addresses, and a person wants to read them.
fn escaped(c: char, first: bool) -> String {
    let plain = c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || matches!(c, '\u{4e00}'..='\u{9fff}');
    if plain && !(first && c == '-') || c == '.' && !first {
        return c.to_string();
    }
    c.encode_utf8(&mut [0; 4]).bytes().map(hex).collect()
}

fn hex(byte: u8) -> String {
    format!("~{byte:02x}")
}

fn is_reserved(stem: &str) -> bool {
    let device = stem.split('.').next().unwrap_or_default();
    RESERVED.iter().any(|reserved| device.eq_ignore_ascii_case(reserved))
}

/// Cuts a long stem and adds a digest of the whole id in place of what is lost.
fn shortened(stem: String, id: &str) -> String {
    if stem.len() <= MAX_STEM_BYTES {
        return stem;
    }
    let cut = (0..=MAX_STEM_BYTES).rev().find(|&byte| stem.is_char_boundary(byte)).unwrap_or(0);
    let digest = Sha256::digest(id).iter().take(6).fold(0_u64, |digest, &byte| digest << 8 | u64::from(byte));
    format!("{}~{digest:012x}", &stem[..cut])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_become_names() {
        for (id, name) in [
            ("D001", "D001"),
            ("张三_2024-01-02", "张三_2024-01-02"),
            ("../../x", "~2e.~2f..~2fx"),
            ("/etc/passwd", "~2fetc~2fpasswd"),
            (r"C:\x", "C~3a~5cx"),
            (".hidden", "~2ehidden"),
            ("-rf", "~2drf"),
            ("a b%20~", "a~20b~2520~7e"),
            ("nul", "~6eul"),
            ("CON.wav", "~43ON.wav"),
            ("console", "console"),
            ("é", "~c3~a9"),
            ("", "~"),
        ] {
            assert_eq!(file_stem(id), name, "{id}");
        }
    }

    #[test]
    fn no_two_calls_share_a_name() {
        let ids = ["a", "A", "a", "a~2", "b"].map(|id| CallId(id.into()));
        assert_eq!(page_names(&ids), ["a.html", "A~2.html", "a~3.html", "a~7e2.html", "b.html"]);
    }

    #[test]
    fn long_ids_are_cut_and_stay_apart() {
        let (one, two) = ("长".repeat(90) + "1", "长".repeat(90) + "2");
        assert!(file_stem(&one).len() <= MAX_STEM_BYTES + 13);
        assert_ne!(file_stem(&one), file_stem(&two));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn names_are_plain_whatever_the_id(ids in proptest::collection::vec(any::<String>(), 1..6)) {
            let names = page_names(&ids.into_iter().map(CallId).collect::<Vec<_>>());
            let distinct: BTreeSet<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
            prop_assert_eq!(distinct.len(), names.len());
            for name in names {
                prop_assert!(!name.starts_with('.') && name.len() < 200);
                prop_assert!(!name.contains(['/', '\\', ':', '%', '?', '#', '"', '<', '>', '|', '*', '\0', ' ']));
            }
        }
    }
}
