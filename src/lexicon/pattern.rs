//! Patterns: groups expanded, parsed, checked, and the words found without which there is no match.

use std::ops::Range;

use crate::text::NormalText;

use super::diagnostic::{Code, Diagnostic};
use super::format::Text;
use super::groups::Scope;
use super::lazy_regex::LazyRegex;
use super::literals::{self, Required};

/// A pattern ready to run.
pub(super) struct Compiled {
    pub regex: LazyRegex,
    /// What every match holds.
    pub required: Required,
    /// All fixed words.
    pub words: Vec<String>,
}

/// Compiles one pattern; warnings go to `problems`.
pub(super) fn compile(
    scope: Scope,
    pattern: &Text,
    problems: &mut Vec<Diagnostic>,
) -> Result<Compiled, Diagnostic> {
    let (written, span) = (pattern.get_ref(), pattern.span());
    let source = scope.source();
    let bad = |message: String| {
        let hint = "see https://docs.rs/regex for what a pattern may hold; look-around is not part of it";
        source.diagnose(Code::BadPattern, span.clone(), message, hint)
    };
    let expanded = scope.expand(written, &span, normal)?;
    let hir = regex_syntax::parse(&expanded).map_err(|error| bad(last_line(&error.to_string())))?;
    let regex = LazyRegex::new(expanded);
    if !source.is_built_in() {
        regex.compile().map_err(|error| bad(last_line(&error.to_string())))?;
    }
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        let message = format!("pattern `{written}` matches the empty text");
        let hint = "let some part of it be required";
        return Err(source.diagnose(Code::EmptyMatch, span, message, hint));
    }
    let mut fixed = Vec::new();
    literals::literals(&hir, &mut fixed);
    problems.extend(never_said(scope, &fixed, &span));
    let required = literals::required(&hir);
    if !required.has_words() {
        let message = format!("pattern `{written}` has no fixed words");
        let hint = "let every branch hold a word of its own";
        problems.push(source.diagnose(Code::SlowPattern, span, message, hint));
    }
    Ok(Compiled { regex, required, words: literals::words(&hir) })
}

fn normal(word: &str) -> String {
    NormalText::new(word).as_str().to_owned()
}

/// The normal form has no punctuation, capitals, Arabic digits or traditional characters: a pattern with them is dead.
fn never_said(scope: Scope, fixed: &[String], span: &Range<usize>) -> Option<Diagnostic> {
    let dead = fixed.iter().find(|literal| normal(literal) != **literal)?;
    let message = format!("`{dead}` never stands in the text that patterns see");
    let alive = normal(dead);
    let hint = match alive.as_str() {
        "" => "leave punctuation and spaces out".to_owned(),
        alive => format!("write it as `{alive}`: simplified, lower-case, digits in Chinese, no punctuation"),
    };
    Some(scope.source().diagnose(Code::NeverMatches, span.clone(), message, &hint))
}

/// The regex library draws the pattern with a caret of its own; the last line says what is wrong.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
