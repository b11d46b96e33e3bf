//! Words that any match of a pattern must contain: one pass for words then tells which patterns are worth running.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A class of more characters than this is no anchor: half of all texts would hold one.
const MAX_CLASS: usize = 16;

/// Finds words such that every match holds at least one of them; empty if there are none.
///
/// Of the parts of a sequence it takes the one whose shortest word is longest, then the one with the fewest words.
pub(super) fn required(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).into_iter().collect(),
        HirKind::Class(class) => small_class(class),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Concat(parts) => best(parts.iter().map(required)),
        HirKind::Alternation(branches) => every_branch(branches),
        _ => Vec::new(),
    }
}

fn small_class(class: &Class) -> Vec<String> {
    let Class::Unicode(class) = class else { return Vec::new() };
    let size: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    if size > MAX_CLASS {
        return Vec::new();
    }
    class.iter().flat_map(|range| range.start()..=range.end()).map(String::from).collect()
}

fn best(candidates: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let shortest = |words: &Vec<String>| words.iter().map(|word| word.chars().count()).min().unwrap_or(0);
    candidates.max_by_key(|words| (shortest(words), std::cmp::Reverse(words.len()))).unwrap_or_default()
}

/// A branch without a required word leaves the whole alternation without one.
fn every_branch(branches: &[Hir]) -> Vec<String> {
    let words: Vec<Vec<String>> = branches.iter().map(required).collect();
    if words.iter().any(Vec::is_empty) { Vec::new() } else { words.concat() }
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
        for (pattern, words) in [
            ("让你.{0,4}不得安宁", vec!["不得安宁"]),
            ("让你.{0,4}(?:儿子|闺女|老婆)", vec!["让你"]),
            ("(?:儿子|闺女).{0,3}小心", vec!["小心"]),
            ("(?:去你家|上你门)?见", vec!["见"]),
            ("(?:法院|公安).*", vec!["公安", "法院"]),
            ("[打砍]死", vec!["死"]),
            ("(?:找你)+", vec!["找你"]),
            (".{3}", vec![]),
            ("(?:甲|.)", vec![]),
            ("[一-龥]?", vec![]),
        ] {
            let mut found = required(&regex_syntax::parse(pattern).unwrap());
            found.sort();
            assert_eq!(found, words, "{pattern}");
        }
    }
}
