//! How alike two syllables sound, to a listener and to a recogniser.

use std::sync::LazyLock;

use super::{
    Syllable, readings,
    syllable::{FINALS, INITIALS},
};

/// The same syllable, tones aside.
pub const SAME: u8 = 0;
/// A difference that many speakers do not make (z/zh, n/l, an/ang).
pub const CLOSE: u8 = 20;
/// A difference that speakers make and a recogniser mishears on a telephone line (b/p, c/t, ian/in).
pub const LOOSE: u8 = 40;
/// Two different sounds.
pub const MISMATCH: u8 = 100;

/// Pairs of initials that are confused, with what it costs: the mergers of accents, and what Whisper was found to
/// mistake twice or more among some hundreds of errors on telephone calls, with the sounds of the same kind.
const INITIAL_PAIRS: &[(&str, &str, u8)] = &[
    // Mergers of the southern accents.
    ("z", "zh", CLOSE),
    ("c", "ch", CLOSE),
    ("s", "sh", CLOSE),
    ("n", "l", CLOSE),
    ("f", "h", CLOSE),
    ("r", "l", CLOSE),
    // One breath apart: the puff of air is lost above the 3.4 kHz of a telephone.
    ("b", "p", LOOSE),
    ("d", "t", LOOSE),
    ("g", "k", LOOSE),
    ("j", "q", LOOSE),
    ("z", "c", LOOSE),
    ("zh", "ch", LOOSE),
    // One place, stop or hiss.
    ("j", "x", LOOSE),
    ("q", "x", LOOSE),
    ("z", "s", LOOSE),
    ("c", "s", LOOSE),
    ("ch", "sh", LOOSE),
    // Bursts told apart by their spectrum alone, which the line cuts: 凑 is heard as 投.
    ("c", "t", LOOSE),
    ("p", "t", LOOSE),
    ("b", "d", LOOSE),
    ("b", "f", LOOSE),
    // Two hums.
    ("m", "n", LOOSE),
];

/// Pairs of finals that are confused, with what it costs; chosen as [`INITIAL_PAIRS`] are.
const FINAL_PAIRS: &[(&str, &str, u8)] = &[
    // Front and back nasal: 单 and 当, 侦 and 正, 经 and 金.
    ("an", "ang", CLOSE),
    ("en", "eng", CLOSE),
    ("in", "ing", CLOSE),
    ("uan", "uang", CLOSE),
    ("ian", "iang", CLOSE),
    // A nasal that is swallowed at the end: 呢 and 能, 别 and 变.
    ("a", "an", LOOSE),
    ("a", "ang", LOOSE),
    ("e", "en", LOOSE),
    ("e", "eng", LOOSE),
    ("i", "in", LOOSE),
    ("i", "ing", LOOSE),
    ("ie", "ian", LOOSE),
    ("ua", "uan", LOOSE),
    ("ua", "uang", LOOSE),
    ("iao", "iang", LOOSE),
    // Rounded lips or not: 也 and 月, 一 and 鱼.
    ("i", "ü", LOOSE),
    ("ie", "üe", LOOSE),
    ("in", "ün", LOOSE),
    ("ian", "üan", LOOSE),
    ("o", "e", LOOSE),
    ("uo", "e", LOOSE),
    ("o", "uo", LOOSE),
    ("ong", "eng", LOOSE),
    // One step of the tongue apart.
    ("ian", "in", LOOSE),
    ("i", "ie", LOOSE),
    ("a", "ai", LOOSE),
    ("ou", "uo", LOOSE),
    ("ou", "ao", LOOSE),
];

/// Costs by number of initial and by number of final.
struct Costs {
    initials: [[u8; INITIALS.len()]; INITIALS.len()],
    finals: [[u8; FINALS.len()]; FINALS.len()],
}

static COSTS: LazyLock<Costs> = LazyLock::new(|| Costs {
    initials: matrix(&INITIALS, INITIAL_PAIRS),
    finals: matrix(&FINALS, FINAL_PAIRS),
});

/// Symmetric costs: [`SAME`] on the diagonal, the pairs', [`MISMATCH`] elsewhere.
fn matrix<const N: usize>(names: &[&str; N], pairs: &[(&str, &str, u8)]) -> [[u8; N]; N] {
    let mut costs = [[MISMATCH; N]; N];
    for (index, row) in costs.iter_mut().enumerate() {
        row[index] = SAME;
    }
    let number = |sound| names.iter().position(|name| *name == sound);
    for (a, b, cost) in pairs {
        if let (Some(a), Some(b)) = (number(*a), number(*b)) {
            costs[a][b] = *cost;
            costs[b][a] = *cost;
        }
    }
    costs
}

/// What it costs to take one syllable for another: [`SAME`] to [`MISMATCH`], the sum over initial and final.
#[must_use]
pub fn syllable_cost(a: Syllable, b: Syllable) -> u8 {
    let costs = &*COSTS;
    let initial = costs.initials[a.initial()][b.initial()];
    let rime = costs.finals[a.rime()][b.rime()];
    initial.saturating_add(rime).min(MISMATCH)
}

/// The least cost over all readings of two characters: [`SAME`] for equal ones, [`MISMATCH`] where one has no reading.
#[must_use]
pub fn char_cost(a: char, b: char) -> u8 {
    if a == b {
        return SAME;
    }
    let pairs = readings(a).iter().flat_map(|a| readings(b).iter().map(move |b| syllable_cost(*a, *b)));
    pairs.min().unwrap_or(MISMATCH)
}

/// A key that syllables share when each part is equal or [`CLOSE`]: an index looks up by class and verifies by
/// [`syllable_cost`]. [`LOOSE`] pairs lie in different classes, for an equivalence that held them all would be
/// nearly everything; n, l and r are one class although n/r is no pair.
#[must_use]
pub fn sound_class(syllable: Syllable) -> u16 {
    let classes = &*CLASSES;
    u16::from(classes.initials[syllable.initial()]) << 8 | u16::from(classes.finals[syllable.rime()])
}

/// The lowest number among the sounds that are joined by [`CLOSE`] pairs.
struct Classes {
    initials: [u8; INITIALS.len()],
    finals: [u8; FINALS.len()],
}

static CLASSES: LazyLock<Classes> =
    LazyLock::new(|| Classes { initials: classes(&COSTS.initials), finals: classes(&COSTS.finals) });

fn classes<const N: usize>(costs: &[[u8; N]; N]) -> [u8; N] {
    let mut class = std::array::from_fn(|number| number as u8);
    // Chains of pairs are short: as many rounds as sounds is more than enough to reach the end of each.
    for _ in 0..N {
        for a in 0..N {
            for b in (0..N).filter(|b| costs[a][*b] <= CLOSE) {
                class[a] = class[a].min(class[b]);
            }
        }
    }
    class
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all_syllables() -> Vec<Syllable> {
        let mut syllables: Vec<_> = ('一'..='龥').flat_map(readings).copied().collect();
        syllables.sort_unstable();
        syllables.dedup();
        syllables
    }

    fn cost(a: &str, b: &str) -> u8 {
        syllable_cost(Syllable::parse(a).unwrap(), Syllable::parse(b).unwrap())
    }

    #[test]
    fn every_pair_names_known_sounds() {
        for (a, b, _) in INITIAL_PAIRS {
            assert!(INITIALS.contains(a) && INITIALS.contains(b) && a != b, "{a} {b}");
        }
        for (a, b, _) in FINAL_PAIRS {
            assert!(FINALS.contains(a) && FINALS.contains(b) && a != b, "{a} {b}");
        }
    }

    #[test]
    fn costs_add_up() {
        for (a, b, expected) in [
            ("qian", "qian", SAME),
            ("zen", "zhen", CLOSE),
            ("nin", "lin", CLOSE),
            ("zan", "zhang", CLOSE + CLOSE),
            ("cou", "tou", LOOSE),
            ("ban", "pang", LOOSE + CLOSE),
            ("ban", "pa", LOOSE + LOOSE),
            ("qian", "ma", MISMATCH),
            ("qian", "man", MISMATCH),
            ("ma", "wo", MISMATCH),
        ] {
            assert_eq!(cost(a, b), expected, "{a} {b}");
            assert_eq!(cost(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn what_a_recogniser_writes_is_near_what_was_said() {
        for (said, written, most) in [
            ("单位", "当委", CLOSE),
            ("经侦", "金正", CLOSE),
            ("坐牢", "做老", SAME),
            ("欠款", "千款", SAME),
            ("逾期", "预期", SAME),
            ("号码", "好吗", SAME),
            ("还钱", "还前", SAME),
            ("凑不齐", "投不及", LOOSE),
            ("能", "呢", LOOSE),
            ("小", "想", LOOSE),
        ] {
            for (a, b) in said.chars().zip(written.chars()) {
                assert!(char_cost(a, b) <= most, "{a} {b}: {}", char_cost(a, b));
            }
        }
    }

    #[test]
    fn other_words_are_far() {
        for (a, b) in [('钱', '人'), ('死', '妈'), ('打', '我'), ('a', '安'), ('a', 'b')] {
            assert_eq!(char_cost(a, b), MISMATCH, "{a} {b}");
        }
        assert_eq!(char_cost('a', 'a'), SAME);
    }

    #[test]
    fn close_syllables_share_a_class_and_few_others_do() {
        let syllables = all_syllables();
        let classes: std::collections::BTreeSet<_> = syllables.iter().map(|s| sound_class(*s)).collect();
        assert!(classes.len() * 5 > syllables.len() * 2, "{} of {}", classes.len(), syllables.len());
        for a in &syllables {
            for b in syllables.iter().filter(|b| syllable_cost(*a, **b) <= CLOSE) {
                assert_eq!(sound_class(*a), sound_class(*b), "{a} {b}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cost_is_symmetric_and_bounded(a in any::<char>(), b in prop::char::range('一', '龥')) {
            prop_assert_eq!(char_cost(a, b), char_cost(b, a));
            prop_assert!(char_cost(a, b) <= MISMATCH);
            prop_assert_eq!(char_cost(b, b), SAME);
        }
    }
}
