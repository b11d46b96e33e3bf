//! Fixed words of a pattern: those that every match must hold tell when it is worth running, all of them are what may be
//! misheard.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// A class of more characters than this is no anchor: half of all texts would hold one.
const MAX_CLASS: usize = 16;
/// Neighbouring lists are joined to longer words up to so many, or as many as the longer list has.
const MAX_JOINED: usize = 64;

/// What every match of a pattern holds, as far as fixed words tell, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Required {
    /// One of these words.
    Words(Vec<String>),
    /// So many characters, whatever they are; without `most` any number.
    Gap {
        least: usize,
        most: Option<usize>,
    },
    Sequence(Vec<Required>),
    Any(Vec<Required>),
}

impl Required {
    /// True where some word is sure.
    pub fn has_words(&self) -> bool {
        match self {
            Self::Words(_) => true,
            Self::Gap { .. } => false,
            Self::Sequence(parts) => parts.iter().any(Self::has_words),
            Self::Any(parts) => parts.iter().all(Self::has_words),
        }
    }

    /// Of two parts that follow each other; gaps become one.
    fn then(mut parts: Vec<Self>, next: Self) -> Vec<Self> {
        match (parts.last_mut(), next) {
            (Some(Self::Gap { least, most }), Self::Gap { least: more, most: most_more }) => {
                *least += more;
                *most = most.zip(most_more).map(|(most, more)| most + more);
            }
            (_, next) => parts.push(next),
        }
        parts
    }
}

/// The words without which a pattern has no match, and how far they lie apart.
pub(super) fn required(hir: &Hir) -> Required {
    let mut parts = pieces(hir).iter().map(required_piece).fold(Vec::new(), Required::then);
    if parts.len() == 1 { parts.remove(0) } else { Required::Sequence(parts) }
}

fn required_piece(piece: &Piece) -> Required {
    match piece {
        Piece::Fixed(words) if words.iter().all(|word| !word.is_empty()) => Required::Words(words.clone()),
        Piece::Fixed(words) => {
            let lengths = || words.iter().map(|word| word.chars().count());
            Required::Gap { least: lengths().min().unwrap_or(0), most: lengths().max() }
        }
        Piece::Open(open) => match open.kind() {
            HirKind::Repetition(repetition) if repetition.min > 0 => repeated(open, repetition),
            HirKind::Capture(capture) => required(&capture.sub),
            HirKind::Alternation(branches) => every_branch(open, branches),
            _ => gap(open),
        },
    }
}

/// Once with its words, then as many characters as the other times may have.
fn repeated(whole: &Hir, repetition: &Repetition) -> Required {
    let once = required(&repetition.sub);
    if !once.has_words() {
        return gap(whole);
    }
    let (least, most) = characters(&repetition.sub);
    let least = (repetition.min as usize - 1) * least;
    let most = repetition.max.zip(most).map(|(times, most)| (times as usize - 1) * most);
    Required::Sequence(vec![once, Required::Gap { least, most }])
}

/// A branch without a required word leaves the whole alternation without one. Branches of words alone are one list.
fn every_branch(whole: &Hir, branches: &[Hir]) -> Required {
    let mut words = Vec::new();
    let mut others = Vec::new();
    for branch in branches {
        match required(branch) {
            Required::Words(more) => words.extend(more),
            other if other.has_words() => others.push(other),
            _ => return gap(whole),
        }
    }
    if !words.is_empty() {
        others.push(Required::Words(words));
    }
    if others.len() == 1 { others.remove(0) } else { Required::Any(others) }
}

fn gap(hir: &Hir) -> Required {
    let (least, most) = characters(hir);
    Required::Gap { least, most }
}

/// Fewest and most characters of a match; without a limit `None`.
fn characters(hir: &Hir) -> (usize, Option<usize>) {
    let all = |parts: &[Hir]| parts.iter().map(characters).collect::<Vec<_>>();
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let length = String::from_utf8_lossy(&literal.0).chars().count();
            (length, Some(length))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Capture(capture) => characters(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = characters(&repetition.sub);
            let most = repetition.max.zip(most).map(|(times, most)| times as usize * most);
            (repetition.min as usize * least, most)
        }
        HirKind::Concat(parts) => all(parts).into_iter().fold((0, Some(0)), |(least, most), (a, b)| {
            (least + a, most.zip(b).map(|(most, more)| most + more))
        }),
        HirKind::Alternation(parts) => {
            let parts = all(parts);
            let least = parts.iter().map(|(least, _)| *least).min().unwrap_or(0);
            (least, parts.iter().map(|(_, most)| *most).try_fold(0, |most, more| Some(most.max(more?))))
        }
    }
}

/// All fixed words of a pattern, required or not, as long as they are fixed.
pub(super) fn words(hir: &Hir) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces(hir) {
        match piece {
            Piece::Fixed(words) => found.extend(words.into_iter().filter(|word| !word.is_empty())),
            Piece::Open(open) => match open.kind() {
                HirKind::Repetition(repetition) => found.extend(words(&repetition.sub)),
                HirKind::Capture(capture) => found.extend(words(&capture.sub)),
                HirKind::Alternation(branches) => found.extend(branches.iter().flat_map(words)),
                _ => {}
            },
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A stretch of a pattern.
enum Piece<'h> {
    /// It is one of these words; one may be empty.
    Fixed(Vec<String>),
    Open(&'h Hir),
}

/// The pattern as a sequence: neighbouring fixed parts become longer words.
fn pieces(hir: &Hir) -> Vec<Piece<'_>> {
    let parts = if let HirKind::Concat(parts) = hir.kind() { parts } else { std::slice::from_ref(hir) };
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts {
        match (fixed(part), pieces.last_mut()) {
            (Some(words), Some(Piece::Fixed(before))) if may_join(before.len(), words.len()) => {
                *before = joined(before, &words);
            }
            (Some(words), _) => pieces.push(Piece::Fixed(words)),
            (None, _) => pieces.push(Piece::Open(part)),
        }
    }
    pieces
}

/// The words that a part stands for, if they are few enough to list.
fn fixed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![String::new()]),
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok().map(|word| vec![word]),
        HirKind::Class(class) => small_class(class),
        HirKind::Capture(capture) => fixed(&capture.sub),
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => {
            let mut words = fixed(&repetition.sub)?;
            words.push(String::new());
            Some(words)
        }
        HirKind::Alternation(branches) => {
            branches.iter().map(fixed).collect::<Option<Vec<_>>>().map(|lists| lists.concat())
        }
        HirKind::Concat(_) => match &mut pieces(hir)[..] {
            [Piece::Fixed(words)] => Some(std::mem::take(words)),
            _ => None,
        },
        _ => None,
    }
}

fn small_class(class: &Class) -> Option<Vec<String>> {
    let Class::Unicode(class) = class else { return None };
    let size: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    let characters = || class.iter().flat_map(|range| range.start()..=range.end());
    (size <= MAX_CLASS).then(|| characters().map(String::from).collect())
}

fn may_join(before: usize, after: usize) -> bool {
    before * after <= before.max(after).max(MAX_JOINED)
}

fn joined(before: &[String], after: &[String]) -> Vec<String> {
    before.iter().flat_map(|a| after.iter().map(move |b| format!("{a}{b}"))).collect()
}

/// All fixed text of a pattern, for a check that it can occur.
pub(super) fn literals(hir: &Hir, found: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Literal(literal) => found.extend(String::from_utf8(literal.0.to_vec())),
        HirKind::Repetition(repetition) => literals(&repetition.sub, found),
        HirKind::Capture(capture) => literals(&capture.sub, found),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            for part in parts {
                literals(part, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(required: &Required) -> String {
        let parts = |parts: &[Required], sign: &str| parts.iter().map(shown).collect::<Vec<_>>().join(sign);
        match required {
            Required::Words(words) => {
                let mut words = words.clone();
                words.sort();
                words.join("|")
            }
            Required::Gap { least, most } => {
                format!("{least}..{}", most.map(|most| most.to_string()).unwrap_or_default())
            }
            Required::Sequence(all) => parts(all, " "),
            Required::Any(any) => format!("({})", parts(any, " / ")),
        }
    }

    #[test]
    fn unavoidable_words_are_found() {
        for (pattern, expected) in [
            ("让你.{0,4}不得安宁", "让你 0..4 不得安宁"),
            ("让你.{0,4}(?:儿子|闺女|老婆)", "让你 0..4 儿子|老婆|闺女"),
            ("(?:儿子|闺女).*小心", "儿子|闺女 0.. 小心"),
            ("(?:催收|催款|催债)(?:人)?员", "催债人员|催债员|催收人员|催收员|催款人员|催款员"),
            ("(?:去你家|上你门)?见", "上你门见|去你家见|见"),
            ("(?:法院|公安).*", "公安|法院 0.."),
            ("你.{1,9}[一-龥]?[打砍]死", "你 1..10 打死|砍死"),
            ("(?:找你)+", "找你 0.."),
            ("(?:.{2})+找", "2.. 找"),
            ("(?:再.还){2,3}", "再 1..1 还 3..6"),
            ("(?:他.{0,4}房子|你.+(?:车|地))抵", "(他 0..4 房子 / 你 1.. 地|车) 抵"),
            ("(?:去.{2}家|到单位)", "(去 2..2 家 / 到单位)"),
            (".{3}", "3..3"),
            ("(?:甲|.{2})", "1..2"),
            ("[一-龥]?", "0..1"),
        ] {
            let required = required(&regex_syntax::parse(pattern).unwrap());
            assert_eq!(shown(&required), expected, "{pattern}");
        }
    }

    #[test]
    fn all_fixed_words_are_found() {
        let hir = regex_syntax::parse("让你(?:全家)?.{0,4}(?:不得.安宁|没好日子)").unwrap();
        assert_eq!(words(&hir), ["不得", "安宁", "没好日子", "让你", "让你全家"]);
    }
}
