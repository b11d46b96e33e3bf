//! Fixed words of a pattern: those that every match must hold tell when it is worth running, all of them are what may be
//! misheard.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A class of more characters than this is no anchor: half of all texts would hold one.
const MAX_CLASS: usize = 16;
/// Neighbouring lists are joined to longer words up to so many, or as many as the longer list has.
const MAX_JOINED: usize = 64;

/// Lists of words such that every match holds a word of each; empty if nothing is sure.
///
/// Lists with single characters are left out where there are better ones: half of all texts hold them.
pub(super) fn required(hir: &Hir) -> Vec<Vec<String>> {
    let mut lists = required_lists(hir);
    if lists.iter().any(|words| shortest(words) > 1) {
        lists.retain(|words| shortest(words) > 1);
    }
    lists
}

fn required_lists(hir: &Hir) -> Vec<Vec<String>> {
    let mut lists = Vec::new();
    for piece in pieces(hir) {
        match piece {
            Piece::Fixed(words) if words.iter().all(|word| !word.is_empty()) => lists.push(words),
            Piece::Fixed(_) => {}
            Piece::Open(open) => match open.kind() {
                HirKind::Repetition(repetition) if repetition.min > 0 => {
                    lists.extend(required_lists(&repetition.sub));
                }
                HirKind::Capture(capture) => lists.extend(required_lists(&capture.sub)),
                HirKind::Alternation(branches) => lists.extend(every_branch(branches)),
                _ => {}
            },
        }
    }
    lists
}

/// A branch without a required word leaves the whole alternation without one.
fn every_branch(branches: &[Hir]) -> Option<Vec<String>> {
    let best = |branch: &Hir| {
        required_lists(branch)
            .into_iter()
            .max_by_key(|words| (shortest(words), std::cmp::Reverse(words.len())))
    };
    branches.iter().map(best).collect::<Option<Vec<_>>>().map(|lists| lists.concat())
}

fn shortest(words: &[String]) -> usize {
    words.iter().map(|word| word.chars().count()).min().unwrap_or(0)
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

    #[test]
    fn the_longest_unavoidable_words_are_found() {
        for (pattern, expected) in [
            ("让你.{0,4}不得安宁", "让你 & 不得安宁"),
            ("让你.{0,4}(?:儿子|闺女|老婆)", "让你 & 儿子|老婆|闺女"),
            ("(?:儿子|闺女).{0,3}小心", "儿子|闺女 & 小心"),
            ("(?:催收|催款|催债)(?:人)?员", "催债人员|催债员|催收人员|催收员|催款人员|催款员"),
            ("(?:去你家|上你门)?见", "上你门见|去你家见|见"),
            ("(?:法院|公安).*", "公安|法院"),
            ("[打砍]死", "打死|砍死"),
            ("你.{0,9}[打砍]死", "打死|砍死"),
            ("(?:找你)+", "找你"),
            ("(?:去.{2}家|到单位)", "到单位|家"),
            ("你(?:家.{2}人|单位)", "你 & 人|单位"),
            (".{3}", ""),
            ("(?:甲|.)", ""),
            ("[一-龥]?", ""),
        ] {
            let mut lists = required(&regex_syntax::parse(pattern).unwrap());
            for words in &mut lists {
                words.sort();
            }
            let shown: Vec<String> = lists.iter().map(|words| words.join("|")).collect();
            assert_eq!(shown.join(" & "), expected, "{pattern}");
        }
    }

    #[test]
    fn all_fixed_words_are_found() {
        let hir = regex_syntax::parse("让你(?:全家)?.{0,4}(?:不得.安宁|没好日子)").unwrap();
        assert_eq!(words(&hir), ["不得", "安宁", "没好日子", "让你", "让你全家"]);
    }
}
