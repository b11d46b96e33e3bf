//! What is wrong with a rule pack, said so that its writer can mend it: file, line, caret, code, hint.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A warning leaves the pack usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    Warning,
    Error,
}

/// Every kind of mistake. The id is stable: it may be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    Unreadable,
    TomlSyntax,
    UnknownKey,
    MissingKey,
    WrongValue,
    DuplicateRule,
    DuplicateGroup,
    UnknownGroup,
    GroupCycle,
    EmptyGroup,
    BadPattern,
    EmptyMatch,
    EmptyTerm,
    EmptyRule,
    MixedRule,
    BadExpression,
    UnknownRule,
    RuleCycle,
    NearSlots,
    NearTooTight,
    MissingHit,
    MissingMiss,
    UnknownBasis,
    BadDate,
    CategoryNotSpoken,
    UnknownDisable,
    UnknownScored,
    UnknownCoached,
    EmptyCoaching,
    ShortTerm,
    ShortBySound,
    DuplicateTerm,
    NeverMatches,
    SlowPattern,
    PackName,
    ScriptName,
    TooManyWords,
    RepeatedWord,
    ShadowedWord,
    StrayReference,
    AlwaysAllowed,
    EmptyWindow,
    NeverApplies,
    ConflictingRules,
    UnusedGroup,
    RepeatedExample,
    ContradictingExample,
}

impl Code {
    /// Every code, as `lexicon check` can print them.
    pub const ALL: [Self; 47] = [
        Self::Unreadable,
        Self::TomlSyntax,
        Self::UnknownKey,
        Self::MissingKey,
        Self::WrongValue,
        Self::DuplicateRule,
        Self::DuplicateGroup,
        Self::UnknownGroup,
        Self::GroupCycle,
        Self::EmptyGroup,
        Self::BadPattern,
        Self::EmptyMatch,
        Self::EmptyTerm,
        Self::EmptyRule,
        Self::MixedRule,
        Self::BadExpression,
        Self::UnknownRule,
        Self::RuleCycle,
        Self::NearSlots,
        Self::NearTooTight,
        Self::MissingHit,
        Self::MissingMiss,
        Self::UnknownBasis,
        Self::BadDate,
        Self::CategoryNotSpoken,
        Self::UnknownDisable,
        Self::UnknownScored,
        Self::UnknownCoached,
        Self::EmptyCoaching,
        Self::ShortTerm,
        Self::ShortBySound,
        Self::DuplicateTerm,
        Self::NeverMatches,
        Self::SlowPattern,
        Self::PackName,
        Self::ScriptName,
        Self::TooManyWords,
        Self::RepeatedWord,
        Self::ShadowedWord,
        Self::StrayReference,
        Self::AlwaysAllowed,
        Self::EmptyWindow,
        Self::NeverApplies,
        Self::ConflictingRules,
        Self::UnusedGroup,
        Self::RepeatedExample,
        Self::ContradictingExample,
    ];

    /// The stable id and what it means.
    fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => ("unreadable", "the file or directory cannot be read as UTF-8 text"),
            Self::TomlSyntax => ("toml-syntax", "the file is not TOML"),
            Self::UnknownKey => ("unknown-key", "the format has no such key"),
            Self::MissingKey => ("missing-key", "a key that the format asks for is absent"),
            Self::WrongValue => {
                ("wrong-value", "the value has the wrong type or is not one of those allowed")
            }
            Self::DuplicateRule => ("duplicate-rule", "two rules of one layer have the same id"),
            Self::DuplicateGroup => ("duplicate-group", "two files of one layer share a group name"),
            Self::UnknownGroup => ("unknown-group", "no group of this name in the file or in groups.toml"),
            Self::GroupCycle => ("group-cycle", "a group contains itself"),
            Self::EmptyGroup => ("empty-group", "a group or slot without words matches nothing"),
            Self::BadPattern => ("bad-pattern", "the pattern is not a regular expression"),
            Self::EmptyMatch => ("empty-match", "the pattern matches the empty text, so it fires everywhere"),
            Self::EmptyTerm => ("empty-term", "nothing of the term is left in the normal form"),
            Self::EmptyRule => ("empty-rule", "the rule has nothing to match"),
            Self::MixedRule => ("mixed-rule", "a rule says either what must not or what must be said"),
            Self::BadExpression => ("bad-expression", "the operator and its keys do not fit together"),
            Self::UnknownRule => ("unknown-rule", "no rule of this id"),
            Self::RuleCycle => ("rule-cycle", "a rule must not rest on itself"),
            Self::NearSlots => ("near-slots", "`near` needs at least two slots"),
            Self::NearTooTight => ("near-too-tight", "the slots do not fit into `within`"),
            Self::MissingHit => ("missing-hit", "a rule must show what it fires on"),
            Self::MissingMiss => ("missing-miss", "a rule must show what it lets pass"),
            Self::UnknownBasis => ("unknown-basis", "no basis of this id in basis.toml"),
            Self::BadDate => ("bad-date", "dates are written YYYY-MM-DD"),
            Self::CategoryNotSpoken => ("category-not-spoken", "the category is not decided by words"),
            Self::UnknownDisable => ("unknown-disable", "no earlier layer has a rule of this id"),
            Self::UnknownScored => ("unknown-scored", "the scale names a rule or category that is not there"),
            Self::UnknownCoached => {
                ("unknown-coached", "the advice is on a rule or category that is not there")
            }
            Self::EmptyCoaching => ("empty-coaching", "advice needs words that an agent can say"),
            Self::ShortTerm => ("short-term", "one character is said for a thousand reasons"),
            Self::ShortBySound => ("short-by-sound", "too few syllables to be told apart by sound"),
            Self::DuplicateTerm => ("duplicate-term", "the rule has the same term twice"),
            Self::NeverMatches => ("never-matches", "the normal form never holds these characters"),
            Self::SlowPattern => ("slow-pattern", "no fixed words: the pattern runs over every text"),
            Self::PackName => ("pack-name", "a pack is named after its file"),
            Self::ScriptName => ("script-name", "a script is named after its file"),
            Self::TooManyWords => ("too-many-words", "the packs are too large for one index"),
            Self::RepeatedWord => ("repeated-word", "the list finds this word already"),
            Self::ShadowedWord => ("shadowed-word", "a shorter word of the list finds every hit of this one"),
            Self::StrayReference => ("stray-reference", "a group is named in a string of its own"),
            Self::AlwaysAllowed => ("always-allowed", "the rule's own exception takes every hit back"),
            Self::EmptyWindow => ("empty-window", "the window has no width, so nothing stands in it"),
            Self::NeverApplies => {
                ("never-applies", "the conditions exclude each other, so the rule never fires")
            }
            Self::ConflictingRules => ("conflicting-rules", "two rules judge the same words differently"),
            Self::UnusedGroup => ("unused-group", "the group changes nothing"),
            Self::RepeatedExample => ("repeated-example", "an example shows something once"),
            Self::ContradictingExample => ("contradicting-example", "no rule can satisfy both"),
        }
    }

    /// The stable id, e.g. `unknown-group`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.describe().0
    }

    /// What the code means, in one line.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.describe().1
    }

    #[must_use]
    pub fn gravity(self) -> Gravity {
        match self {
            Self::UnknownDisable
            | Self::ShortTerm
            | Self::ShortBySound
            | Self::DuplicateTerm
            | Self::NeverMatches
            | Self::SlowPattern
            | Self::PackName
            | Self::RepeatedWord
            | Self::ShadowedWord
            | Self::StrayReference
            | Self::AlwaysAllowed
            | Self::EmptyWindow
            | Self::NeverApplies
            | Self::ConflictingRules
            | Self::UnusedGroup
            | Self::RepeatedExample
            | Self::ContradictingExample => Gravity::Warning,
            _ => Gravity::Error,
        }
    }
}

/// One mistake in one place.
#[derive(Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong here, a lowercase sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    pub(super) text: Arc<str>,
    pub(super) span: Range<usize>,
}

impl Diagnostic {
    /// True for what keeps the packs from loading.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.gravity() == Gravity::Error
    }

    /// The mistake with its line of source and a caret under it, for a terminal with colours or for a file.
    #[must_use]
    pub fn render(&self, styled: bool) -> String {
        let level = if self.is_error() { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(self.message.as_str()).id(self.code.id());
        let annotation = AnnotationKind::Primary.span(self.span.clone()).label(self.code.meaning());
        let snippet = Snippet::source(&*self.text).path(&*self.file).annotation(annotation);
        let group = title.element(snippet).element(Level::HELP.message(self.hint.as_str()));
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, .. } = self;
        write!(formatter, "{file}:{line}:{column}: {message} [{}]", self.code.id())
    }
}

/// The file's whole text would drown the rest.
impl fmt::Debug for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self} ({})", self.hint)
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_explained() {
        let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| !code.meaning().is_empty()));
    }
}
