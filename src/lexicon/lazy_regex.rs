//! Regular expressions that are compiled when first asked for: most patterns of the built-in packs are not in most runs,
//! and to compile them all is most of the time that a small run takes.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// Memory one compiled pattern may take: a group of thousands of words still fits.
const SIZE_LIMIT_BYTES: usize = 16 << 20;
/// Memory that states of the lazy automaton of one pattern may take, in each thread. Gaps of many characters need many
/// states; with the library's 2 MiB they are made anew again and again.
const STATES_LIMIT_BYTES: usize = 16 << 20;

/// A regular expression and, once it was asked for, its automaton.
#[derive(Debug)]
pub struct LazyRegex {
    written: String,
    compiled: OnceLock<Regex>,
}

impl LazyRegex {
    /// An expression that parses.
    pub(super) fn new(written: String) -> Self {
        Self { written, compiled: OnceLock::new() }
    }

    /// Compiles now, for one that may be too large.
    pub(super) fn compile(&self) -> Result<(), regex::Error> {
        let compiled = self.build()?;
        self.compiled.get_or_init(|| compiled);
        Ok(())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    #[expect(
        clippy::expect_used,
        reason = "a user's pattern was compiled when it was read, a test compiles the others"
    )]
    pub(super) fn get(&self) -> &Regex {
        self.compiled.get_or_init(|| self.build().expect("a pattern that was checked"))
    }

    fn build(&self) -> Result<Regex, regex::Error> {
        let mut builder = RegexBuilder::new(&self.written);
        builder.size_limit(SIZE_LIMIT_BYTES).dfa_size_limit(STATES_LIMIT_BYTES).build()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_of_the_built_in_packs_compiles() {
        let rules = crate::lexicon::load(&[]).unwrap();
        let all = rules.patterns().iter().flat_map(|pattern| [Some(&pattern.regex), pattern.except.as_ref()]);
        let broken: Vec<_> = all.flatten().filter_map(|regex| regex.compile().err()).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
