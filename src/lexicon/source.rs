//! The text of one lexicon file, and line and column of a byte in it.

use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Code, Diagnostic};

/// A lexicon file in memory. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct SourceFile {
    /// As a user would find it: a path, or `lexicons/threat.toml` for a built-in one.
    pub path: Arc<str>,
    pub text: Arc<str>,
    /// 0 for the built-in packs, then the user's directories in order.
    pub layer: usize,
}

impl SourceFile {
    pub fn new(path: &str, text: &str, layer: usize) -> Self {
        Self { path: path.into(), text: text.into(), layer }
    }

    /// True for what the program brings, which its tests check.
    pub fn is_built_in(&self) -> bool {
        self.layer == 0
    }

    /// File name without directory and `.toml`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path);
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// A diagnostic that points at `span`.
    pub fn diagnose(&self, code: Code, span: Range<usize>, message: String, hint: &str) -> Diagnostic {
        let (line, column) = self.position(span.start);
        Diagnostic {
            code,
            file: Arc::clone(&self.path),
            line,
            column,
            message,
            hint: hint.to_owned(),
            text: Arc::clone(&self.text),
            span,
        }
    }

    /// Line of a byte, from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.position(byte).0
    }

    /// Line and column of a byte, both from 1, the column in characters.
    fn position(&self, byte: usize) -> (usize, usize) {
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = SourceFile::new("lexicons/a.toml", "甲乙\n丙 = 1\n", 0);
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(3), (1, 2));
        assert_eq!(source.position(8), (2, 1), "a byte inside a character belongs to it");
        assert_eq!(source.position(11), (2, 3));
        assert_eq!(source.position(999), (3, 1));
        assert_eq!(source.stem(), "a");
    }
}
