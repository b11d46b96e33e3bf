//! How lists stand on the page.

use toml_edit::{Array, InlineTable, RawString, Value};

use super::{MAX_WIDTH, remarks};

/// Entries of these lists are sentences, or nearly: they get a line each.
const LINE_EACH: [&str; 4] = ["patterns", "near", "hit", "miss"];
const INDENT: &str = "  ";

/// Puts a value on one line unless a comment stands in it, or it takes several lines and would not fit on one.
pub(super) fn compact_if_it_fits(value: &mut Value, width: usize) {
    if has_comment(value) {
        return;
    }
    let mut compact = value.clone();
    make_compact(&mut compact);
    let fits = compact.to_string().trim().chars().count() <= width;
    if fits || !value.to_string().trim().contains('\n') {
        *value = compact;
    }
}

/// Lays out the entries of a list that does not stand on one line already, or does not fit there.
pub(super) fn lay_out(key: &str, array: &mut Array) {
    let is_one_line =
        |text: &str| !text.contains('\n') && key.chars().count() + 3 + text.chars().count() <= MAX_WIDTH;
    let is_compact = is_one_line(array.to_string().trim());
    if (array.is_empty() || is_compact) && !comments_at(array) {
        return;
    }
    let line_each = LINE_EACH.contains(&key) || array.iter().any(|value| !value.is_str());
    let mut column = MAX_WIDTH;
    // What stands after an entry, before its comma: it goes behind the comma.
    let mut carried = String::new();
    for (index, value) in array.iter_mut().enumerate() {
        compact_if_it_fits(value, MAX_WIDTH - INDENT.len() - 1);
        let length = bare(value).chars().count() + 1;
        let before = carried.clone() + raw(value.decor().prefix());
        raw(value.decor().suffix()).clone_into(&mut carried);
        let (behind, own_lines) = remarks::between(&before);
        let has_remark = behind.is_some() || !own_lines.is_empty();
        let new_line = index == 0 || line_each || has_remark || column + 1 + length > MAX_WIDTH;
        let prefix = if new_line { broken(behind, &own_lines) + INDENT } else { " ".to_owned() };
        column = if new_line { INDENT.len() + length } else { column + 1 + length };
        set_around(value, &prefix, "");
    }
    let end = carried + array.trailing().as_str().unwrap_or_default();
    let (behind, own_lines) = remarks::between(&end);
    array.set_trailing(broken(behind, &own_lines));
    array.set_trailing_comma(!array.is_empty());
}

fn raw(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}

fn bare(value: &Value) -> String {
    value.to_string().trim().to_owned()
}

/// A comment behind what came before, comments on lines of their own, and a new line.
fn broken(behind: Option<&str>, own_lines: &[&str]) -> String {
    let behind = behind.map(|comment| format!(" {comment}")).unwrap_or_default();
    let own = own_lines.iter().fold(String::new(), |text, line| text + "\n" + INDENT + line);
    format!("{behind}{own}\n")
}

fn make_compact(value: &mut Value) {
    match value {
        Value::Array(array) => compact_array(array),
        Value::InlineTable(table) => compact_table(table),
        _ => {}
    }
}

fn compact_array(array: &mut Array) {
    let mut prefix = "";
    for value in array.iter_mut() {
        make_compact(value);
        set_around(value, prefix, "");
        prefix = " ";
    }
    array.set_trailing("");
    array.set_trailing_comma(false);
}

fn compact_table(table: &mut InlineTable) {
    let last = table.len().saturating_sub(1);
    for (index, (mut key, value)) in table.iter_mut().enumerate() {
        let decor = key.leaf_decor_mut();
        decor.set_prefix(" ");
        decor.set_suffix(" ");
        make_compact(value);
        set_around(value, " ", if index == last { " " } else { "" });
    }
    table.set_trailing("");
    table.set_trailing_comma(false);
}

fn set_around(value: &mut Value, prefix: &str, suffix: &str) {
    let decor = value.decor_mut();
    decor.set_prefix(prefix);
    decor.set_suffix(suffix);
}

/// True where a comment stands inside a value.
fn has_comment(value: &Value) -> bool {
    match value {
        Value::Array(array) => {
            comments_at(array) || array.iter().any(|value| comment_around(value) || has_comment(value))
        }
        Value::InlineTable(table) => {
            is_comment(table.trailing().as_str().unwrap_or_default())
                || table.iter().any(|(key, value)| {
                    let above = table.key(key).and_then(|key| key.leaf_decor().prefix());
                    is_comment(raw(above)) || comment_around(value) || has_comment(value)
                })
        }
        _ => false,
    }
}

/// True where a comment stands before the closing bracket or between the entries.
fn comments_at(array: &Array) -> bool {
    is_comment(array.trailing().as_str().unwrap_or_default()) || array.iter().any(comment_around)
}

fn comment_around(value: &Value) -> bool {
    let decor = value.decor();
    is_comment(raw(decor.prefix())) || is_comment(raw(decor.suffix()))
}

fn is_comment(text: &str) -> bool {
    text.contains('#')
}
