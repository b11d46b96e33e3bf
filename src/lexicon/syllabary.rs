//! Characters by how they may be read, numbered: what one costs for another is then one look into a table.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::text::{CLOSE, MISMATCH, SAME, Syllable, readings, sound_class, syllable_cost};

/// Characters that may have readings.
pub(super) const HAN: RangeInclusive<char> = '\u{3007}'..='\u{FAFF}';

/// Characters that are common in more than one reading; the second readings of all others are rare.
const POLYPHONES: [char; 17] =
    ['还', '行', '得', '着', '地', '长', '重', '都', '了', '调', '处', '数', '率', '差', '血', '弹', '落'];

/// Number of a voice: all that a character may be read as. Characters that are read the same share one.
pub(super) type Voice = u16;

/// The voice of what has no reading: letters, digits of other scripts.
pub(super) const SILENT: Voice = 0;

/// The readings of a voice, the commonest first, and whether all of them are common.
type Readings = (&'static [Syllable], bool);

struct Syllabary {
    /// Voice of each character of [`HAN`].
    voices: Vec<Voice>,
    /// Numbers of the sound classes of each voice's common readings.
    classes: Vec<Vec<u16>>,
    /// Each voice's common readings, the commonest first, as numbers of syllables.
    sounds: Vec<Vec<u16>>,
    /// What it costs to take voice `said` for voice `meant`, at `said * voices + meant`.
    costs: Vec<u8>,
}

static SYLLABARY: LazyLock<Syllabary> = LazyLock::new(Syllabary::new);

impl Syllabary {
    fn new() -> Self {
        let mut numbers: BTreeMap<Readings, Voice> = BTreeMap::new();
        let mut known: Vec<Readings> = vec![(&[], false)];
        let mut voice = |character: char| match readings(character) {
            [] => SILENT,
            all => *numbers.entry((all, POLYPHONES.contains(&character))).or_insert_with_key(|key| {
                known.push(*key);
                (known.len() - 1) as Voice
            }),
        };
        let voices = HAN.map(&mut voice).collect();
        let sounds = known.iter().map(|all| common(*all).iter().map(|s| s.id()).collect()).collect();
        Self { voices, classes: classes(&known), sounds, costs: costs(&known) }
    }
}

/// Readings that a voice is usually written for.
fn common((all, all_common): Readings) -> &'static [Syllable] {
    if all_common { all } else { &all[..all.len().min(1)] }
}

fn classes(known: &[Readings]) -> Vec<Vec<u16>> {
    let mut keys: Vec<u16> = known.iter().flat_map(|all| common(*all)).map(|s| sound_class(*s)).collect();
    keys.sort_unstable();
    keys.dedup();
    let number = |syllable: &Syllable| keys.binary_search(&sound_class(*syllable)).map(|n| n as u16);
    let of_voice = |all: &Readings| {
        let mut classes: Vec<u16> = common(*all).iter().filter_map(|s| number(s).ok()).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    };
    known.iter().map(of_voice).collect()
}

fn costs(known: &[Readings]) -> Vec<u8> {
    known.iter().flat_map(|said| known.iter().map(|meant| cost_of(*said, *meant))).collect()
}

/// What it costs to take `said` for `meant`. A recogniser writes a character for its common reading, and a rule means it
/// so: any other reading counts as a confused sound.
fn cost_of((said, _): Readings, (meant, all_common): Readings) -> u8 {
    let mut least = MISMATCH;
    for (rank, reading) in said.iter().enumerate() {
        for (rarer, other) in meant.iter().enumerate() {
            let rare =
                if rank > 0 { CLOSE } else { SAME } + if rarer > 0 && !all_common { CLOSE } else { SAME };
            least = least.min(syllable_cost(*reading, *other).saturating_add(rare));
        }
    }
    // The same characters are the same, whichever reading is meant.
    if said == meant { SAME } else { least }
}

/// The voices of a text, one a character.
#[must_use]
pub(super) fn voices(text: &str) -> Vec<Voice> {
    let table = SYLLABARY.voices.as_slice();
    let mut voices = Vec::with_capacity(text.len() / 3 + 1);
    voices.extend(text.chars().map(|character| {
        let index = (character as usize).wrapping_sub(*HAN.start() as usize);
        table.get(index).copied().unwrap_or(SILENT)
    }));
    voices
}

/// The sound classes of a voice's common readings; none for [`SILENT`].
#[must_use]
pub(super) fn classes_of(voice: Voice) -> &'static [u16] {
    SYLLABARY.classes.get(usize::from(voice)).map_or(&[], Vec::as_slice)
}

/// The syllables of a voice's common readings, the commonest first; none for [`SILENT`]. A voice is heard as another at no
/// cost where its commonest is one of the other's.
#[must_use]
pub(super) fn sounds_of(voice: Voice) -> &'static [u16] {
    SYLLABARY.sounds.get(usize::from(voice)).map_or(&[], Vec::as_slice)
}

/// What it costs to take one voice for another.
#[must_use]
pub(super) fn voice_cost(said: Voice, meant: Voice) -> u8 {
    let syllabary = &*SYLLABARY;
    let at = usize::from(said) * syllabary.classes.len() + usize::from(meant);
    syllabary.costs.get(at).copied().unwrap_or(MISMATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(character: char) -> Voice {
        voices(&character.to_string())[0]
    }

    #[test]
    fn characters_that_are_read_the_same_share_a_voice() {
        for (a, b, expected) in
            [('逾', '鱼', true), ('钱', '前', true), ('钱', '人', false), ('还', '孩', false)]
        {
            assert_eq!(voice(a) == voice(b), expected, "{a} {b}");
        }
        for silent in ['a', '，', '\u{10FFFF}', '\0'] {
            assert_eq!(voice(silent), SILENT);
        }
        assert_eq!(voices("还a钱"), [voice('还'), SILENT, voice('钱')]);
        assert!((250..1000).contains(&SYLLABARY.classes.len()), "{}", SYLLABARY.classes.len());
        let class_count = SYLLABARY.classes.iter().flatten().max().map_or(0, |last| last + 1);
        assert!((100..350).contains(&class_count), "{class_count}");
    }

    #[test]
    fn confused_syllables_share_a_class() {
        let related =
            |a: char, b: char| classes_of(voice(a)).iter().any(|class| classes_of(voice(b)).contains(class));
        for (a, b, expected) in
            [('单', '当', true), ('是', '四', true), ('还', '换', true), ('钱', '人', false)]
        {
            assert_eq!(related(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn voices_that_cost_nothing_share_a_sound() {
        let count = SYLLABARY.classes.len() as Voice;
        for (said, meant) in (0..count).flat_map(|said| (0..count).map(move |meant| (said, meant))) {
            let shares = sounds_of(said).first().is_some_and(|sound| sounds_of(meant).contains(sound));
            let is_silent = said == SILENT || meant == SILENT;
            assert_eq!(shares, voice_cost(said, meant) == SAME && !is_silent, "{said} {meant}");
        }
    }

    #[test]
    fn a_rare_reading_costs_more_than_a_common_one() {
        for (said, meant, expected) in [
            ('换', '还', SAME),
            ('孩', '还', SAME),
            ('还', '换', CLOSE),
            ('快', '会', CLOSE),
            ('会', '会', SAME),
            ('担', '单', SAME),
            ('当', '单', CLOSE),
            ('钱', '人', MISMATCH),
            ('a', '安', MISMATCH),
        ] {
            assert_eq!(voice_cost(voice(said), voice(meant)), expected, "{said} {meant}");
        }
    }
}
