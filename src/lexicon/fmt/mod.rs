//! The canonical form of a pack: keys in one order, lists laid out one way, every comment kept.
//!
//! - Keys of a rule stand in the order of [`KEY_ORDER`]; keys it does not know follow as written.
//! - One blank line stands before a table; blank lines inside a table shrink to one.
//! - `list` — lists that fit stand on one line; others are filled, or get a line each where the entries are sentences.
//! - A nested value that holds a comment, or that its writer broke over lines because it is long, stays as it is.

mod list;
mod remarks;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use toml_edit::{Document, DocumentMut, Item, Key, Table, Value};

use super::diagnostic::{Code, Diagnostic};
use super::source::SourceFile;

/// Characters on a line, where that can be had.
const MAX_WIDTH: usize = 120;

/// The keys of a rule: what it is, when it is asked, what it looks for, what takes it back, why, and its examples.
const KEY_ORDER: [&str; 22] = [
    "id", "title", "category", "severity", "tier", "polarity", "points", "measure", "speaker", "when",
    "terms", "patterns", "near", "match", "must_say", "unless", "phonetic", "silence", "why", "basis", "hit",
    "miss",
];

/// Brings the text of a pack into the canonical form. Twice is the same as once.
///
/// # Errors
/// Text that is not TOML, with its place in the file called `name`.
pub fn format_pack(name: &str, text: &str) -> Result<String, Diagnostic> {
    let document = Document::parse(text).map_err(|error| {
        let hint = "mend the file first; `callaudit lexicon check` says more";
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        SourceFile::new(name, text, 0).diagnose(Code::TomlSyntax, error.span().unwrap_or(0..0), message, hint)
    })?;
    let mut document = document.into_mut();
    tidy(&mut document);
    // The blank line before a table is one too many at the top of the file.
    Ok(document.to_string().trim_start_matches('\n').to_owned())
}

fn tidy(document: &mut DocumentMut) {
    let end = remarks::at_end(document.trailing().as_str().unwrap_or_default());
    document.set_trailing(end);
    tidy_entries(document.as_table_mut());
    for (name, item) in document.iter_mut() {
        tidy_tables(item, name.get() == "rule");
    }
}

fn tidy_tables(item: &mut Item, is_rule: bool) {
    match item {
        Item::Table(table) => tidy_table(table, is_rule),
        Item::ArrayOfTables(tables) => {
            for table in tables.iter_mut() {
                tidy_table(table, is_rule);
            }
        }
        _ => {}
    }
}

fn tidy_table(table: &mut Table, is_rule: bool) {
    if is_rule {
        table.sort_values_by(|a, _, b, _| by_order(a, b));
    }
    let decor = table.decor_mut();
    let above = decor.prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let above = remarks::above(above, "\n");
    let behind = remarks::behind(decor.suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default());
    decor.set_prefix(above);
    decor.set_suffix(behind);
    tidy_entries(table);
    for (_, item) in table.iter_mut() {
        tidy_tables(item, false);
    }
}

/// Known keys in their order, then the others as they stand.
fn by_order(a: &Key, b: &Key) -> Ordering {
    let place = |key: &Key| KEY_ORDER.iter().position(|known| *known == key.get()).unwrap_or(KEY_ORDER.len());
    place(a).cmp(&place(b))
}

fn tidy_entries(table: &mut Table) {
    let mut is_first = true;
    for (mut key, item) in table.iter_mut() {
        let Item::Value(value) = item else { continue };
        let above = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let above = remarks::above(above, if is_first { "" } else { remarks::blank_before(above) });
        let decor = key.leaf_decor_mut();
        decor.set_prefix(above);
        decor.set_suffix(" ");
        tidy_value(key.get(), value);
        is_first = false;
    }
}

fn tidy_value(key: &str, value: &mut Value) {
    list::compact_if_it_fits(value, MAX_WIDTH.saturating_sub(key.chars().count() + 3));
    if let Value::Array(array) = value {
        list::lay_out(key, array);
    }
    let decor = value.decor_mut();
    let behind = remarks::behind(decor.suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default());
    decor.set_prefix(" ");
    decor.set_suffix(behind);
}
