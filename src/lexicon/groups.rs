//! Word groups: `@name` in a list of terms, `<name>` in a pattern, groups inside groups.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostic::{Code, Diagnostic};
use super::format::Text;
use super::layers::Layered;
use super::source::SourceFile;

/// Groups by name.
pub(super) type Groups = BTreeMap<String, Group>;

/// A group as written.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Index of the file it is from.
    pub file: usize,
    /// Where its name stands.
    pub span: Range<usize>,
    members: Vec<Member>,
}

/// A word or `@group`, with the file it was written in: a merged group has members of several.
#[derive(Debug, Clone)]
struct Member {
    file: usize,
    span: Range<usize>,
    text: String,
}

impl Group {
    pub fn new(file: usize, span: Range<usize>, words: Vec<Text>) -> Self {
        let member = |word: Text| Member { file, span: word.span(), text: word.into_inner() };
        Self { file, span, members: words.into_iter().map(member).collect() }
    }

    /// This group as it stands over an earlier one of the same name: `@name` in it is the earlier one's words.
    pub fn over(self, name: &str, earlier: &Self) -> Self {
        let itself = |member: &Member| member.text.strip_prefix('@') == Some(name);
        let members = self
            .members
            .into_iter()
            .flat_map(|member| if itself(&member) { earlier.members.clone() } else { vec![member] })
            .collect();
        Self { members, ..self }
    }
}

/// Resolves the groups that one file sees: its own before the shared ones.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    layered: &'a Layered,
    file: usize,
}

impl<'a> Scope<'a> {
    pub fn new(layered: &'a Layered, file: usize) -> Self {
        Self { layered, file }
    }

    pub fn source(self) -> &'a SourceFile {
        &self.layered.sources[self.file]
    }

    /// The words that an entry stands for: itself, or those of its group.
    pub fn words(self, entry: &str, span: &Range<usize>) -> Result<Vec<String>, Diagnostic> {
        match entry.strip_prefix('@') {
            Some(name) => self.group(name, span),
            None => Ok(vec![entry.to_owned()]),
        }
    }

    /// All words of a group, in order, each once.
    pub fn group(self, name: &str, span: &Range<usize>) -> Result<Vec<String>, Diagnostic> {
        let mut words = Vec::new();
        self.collect(name, span, &mut Vec::new(), &mut words)?;
        if words.is_empty() {
            let message = format!("group `{name}` has no words");
            return Err(self.source().diagnose(Code::EmptyGroup, span.clone(), message, "give it some"));
        }
        Ok(words)
    }

    fn collect(
        self,
        name: &str,
        span: &Range<usize>,
        open: &mut Vec<String>,
        words: &mut Vec<String>,
    ) -> Result<(), Diagnostic> {
        let group = self.find(name).ok_or_else(|| self.unknown(name, span))?;
        if open.iter().any(|outer| outer == name) {
            return Err(self.cycle(name, span, open));
        }
        open.push(name.to_owned());
        for member in &group.members {
            match member.text.strip_prefix('@') {
                Some(inner) => {
                    Self { file: member.file, ..self }.collect(inner, &member.span, open, words)?;
                }
                None if words.contains(&member.text) => {}
                None => words.push(member.text.clone()),
            }
        }
        open.pop();
        Ok(())
    }

    fn find(self, name: &str) -> Option<&'a Group> {
        self.layered.local[self.file].get(name).or_else(|| self.layered.shared.get(name))
    }

    fn unknown(self, name: &str, span: &Range<usize>) -> Diagnostic {
        let message = format!("unknown group `{name}`");
        let mut known: Vec<&str> = self.layered.local[self.file].keys().map(String::as_str).collect();
        known.extend(self.layered.shared.keys().map(String::as_str));
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let hint = format!("define it under [groups] here or in groups.toml; known: {known}");
        self.source().diagnose(Code::UnknownGroup, span.clone(), message, &hint)
    }

    fn cycle(self, name: &str, span: &Range<usize>, open: &[String]) -> Diagnostic {
        let message = format!("group `{name}` contains itself: {} → {name}", open.join(" → "));
        self.source().diagnose(Code::GroupCycle, span.clone(), message, "take one of the references out")
    }

    /// Replaces each `<name>` of a pattern with the group's alternatives, longest first, passed through `normal`.
    pub fn expand(
        self,
        pattern: &str,
        span: &Range<usize>,
        normal: impl Fn(&str) -> String,
    ) -> Result<String, Diagnostic> {
        let mut expanded = String::new();
        let mut rest = pattern;
        while let Some((before, name, after)) = split_reference(rest) {
            let mut words: Vec<String> = self.group(name, span)?.iter().map(|word| normal(word)).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let alternatives: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
            expanded.extend([before, "(?:", &alternatives.join("|"), ")"]);
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

/// Names of the groups that a word or a pattern refers to.
pub(super) fn references(text: &str) -> Vec<String> {
    if let Some(name) = text.strip_prefix('@') {
        return vec![name.to_owned()];
    }
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = split_reference(rest) {
        names.push(name.to_owned());
        rest = after;
    }
    names
}

/// A pattern with a word of no meaning for each `<name>`, fit to be parsed.
pub(super) fn without_references(pattern: &str) -> String {
    let mut plain = String::new();
    let mut rest = pattern;
    while let Some((before, _, after)) = split_reference(rest) {
        plain.extend([before, "某"]);
        rest = after;
    }
    plain + rest
}

/// Splits at the first `<name>` that is not the name of a capture group, `(?<name>…)` or `(?P<name>…)`.
fn split_reference(pattern: &str) -> Option<(&str, &str, &str)> {
    for (open, _) in pattern.match_indices('<') {
        let (before, from) = pattern.split_at(open);
        let Some(close) = from.find('>') else { break };
        let name = &from[1..close];
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if is_name && !before.ends_with("(?") && !before.ends_with("(?P") {
            return Some((before, name, &from[close + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_capture_names() {
        for (pattern, name) in [
            ("让你<family>倒霉", Some("family")),
            ("(?<who>你|您)<family>", Some("family")),
            ("(?P<who>你)", None),
            ("a<b", None),
            ("<>", None),
            ("<家人>", Some("家人")),
        ] {
            assert_eq!(split_reference(pattern).map(|split| split.1), name, "{pattern}");
        }
    }
}
