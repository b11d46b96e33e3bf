//! Comments and blank lines between the parts of a file.

/// Comment lines above a key or header, each ended, blank lines in between shrunk to one; `before` comes first.
pub(super) fn above(text: &str, before: &str) -> String {
    before.to_owned() + squeezed(text).trim_start_matches('\n')
}

/// One blank line where the text begins with any.
pub(super) fn blank_before(text: &str) -> &'static str {
    let has_blank = text.lines().next().is_some_and(|line| line.trim().is_empty()) && text.contains('\n');
    if has_blank { "\n" } else { "" }
}

/// A comment behind a value or header.
pub(super) fn behind(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        comment => format!(" {comment}"),
    }
}

/// Comments after everything else.
pub(super) fn at_end(text: &str) -> String {
    let comments = squeezed(text);
    let comments = comments.trim_matches('\n');
    if comments.is_empty() { String::new() } else { format!("\n{comments}\n") }
}

/// Comments of a stretch between two entries of a list: the one behind the earlier entry, and those on lines of their
/// own.
pub(super) fn between(text: &str) -> (Option<&str>, Vec<&str>) {
    let (same_line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let behind = Some(same_line.trim()).filter(|comment| !comment.is_empty());
    (behind, rest.lines().map(str::trim).filter(|line| !line.is_empty()).collect())
}

fn squeezed(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}
