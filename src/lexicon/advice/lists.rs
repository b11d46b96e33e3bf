//! The lists of words that a rule holds: any word of a list will do.

use std::ops::Range;

use toml_edit::{Array, Item, TableLike, Value};

use super::{RuleText, normal, span};

/// Lists of these keys are words of which any will do.
const ALTERNATIVES: [&str; 3] = ["terms", "say", "any"];
/// Lists of these keys hold no words to match.
const NO_WORDS: [&str; 9] =
    ["hit", "miss", "basis", "silence", "patterns", "contact", "product", "direction", "answered_by"];

/// Words of which any will do.
pub(super) struct WordList {
    /// From the rule to the list, e.g. `unless.terms`.
    pub path: String,
    pub entries: Vec<Entry>,
    /// The words are looked for by their very characters.
    pub exact_only: bool,
    /// Some longer words are excepted, so a shorter word does not find all that a longer one finds.
    pub has_exceptions: bool,
}

/// A word, or a group, as written.
pub(super) struct Entry {
    pub text: String,
    pub span: Range<usize>,
    /// In the normal form; several for a group, none for an unknown one.
    pub words: Vec<String>,
}

impl Entry {
    pub fn is_group(&self) -> bool {
        self.text.starts_with('@')
    }
}

/// All lists of a rule, in the order written.
pub(super) fn of_rule(rule: &RuleText) -> Vec<WordList> {
    let mut finder = Finder { rule, lists: Vec::new() };
    finder.table("", rule.table);
    finder.lists
}

struct Finder<'a> {
    rule: &'a RuleText<'a>,
    lists: Vec<WordList>,
}

impl Finder<'_> {
    fn table(&mut self, path: &str, table: &dyn TableLike) {
        for (key, item) in table.iter() {
            if NO_WORDS.contains(&key) {
                continue;
            }
            let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            match item {
                Item::Value(Value::Array(array)) if ALTERNATIVES.contains(&key) => {
                    self.list(&path, array, table);
                }
                Item::Value(Value::Array(array)) => self.slots(&path, array, table),
                _ => {
                    if let Some(inner) = item.as_table_like() {
                        self.table(&path, inner);
                    }
                }
            }
        }
    }

    /// A list of parts: a list among them is one of words.
    fn slots(&mut self, path: &str, array: &Array, table: &dyn TableLike) {
        for value in array {
            match value {
                Value::Array(words) => self.list(path, words, table),
                Value::InlineTable(inner) => self.table(path, inner),
                _ => {}
            }
        }
    }

    fn list(&mut self, path: &str, array: &Array, table: &dyn TableLike) {
        let words = array.iter().filter_map(|value| Some((value.as_str()?, span(value))));
        let entries = words.map(|(text, span)| self.entry(text, span)).collect();
        let phonetic = table.get("phonetic").or(self.rule.table.get("phonetic")).and_then(Item::as_str);
        let list = WordList {
            path: path.to_owned(),
            entries,
            exact_only: phonetic == Some("off"),
            has_exceptions: table.contains_key("not_in"),
        };
        self.lists.push(list);
        self.slots(path, array, table);
    }

    fn entry(&self, text: &str, span: Range<usize>) -> Entry {
        let words = self.rule.scope.words(text, &span).unwrap_or_default();
        Entry { text: text.to_owned(), words: words.iter().map(|word| normal(word)).collect(), span }
    }
}
