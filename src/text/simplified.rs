//! Traditional to simplified characters, by OpenCC's tables.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

/// The tables are part of the program, so they load or a test fails; without them texts stay as they are.
static TABLES: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// What a pass makes may itself be in the tables (薴 gives 苧, which gives 苎): go on until nothing changes.
const MAX_PASSES: usize = 4;

/// The text in simplified characters, one character out for each character in.
///
/// Phrases decide where a character alone cannot (乾坤 keeps 乾, 乾淨 becomes 干净). Should a phrase change the number
/// of characters, the whole text is converted character by character instead.
#[must_use]
pub fn to_simplified(text: &str) -> String {
    let mut simplified = text.to_owned();
    if let Some(tables) = TABLES.as_ref().filter(|_| !text.is_ascii()) {
        for _ in 0..MAX_PASSES {
            let next = convert(tables, &simplified);
            if next == simplified {
                break;
            }
            simplified = next;
        }
    }
    without_variants(&simplified)
}

/// A character that the tables leave alone for the sake of a few words, which recognisers write in all others, too.
struct Variant {
    from: char,
    to: char,
    /// Stays behind any of these (显著) …
    not_after: &'static str,
    /// … and before any of these (著名).
    not_before: &'static str,
}

const VARIANTS: [Variant; 6] = [
    Variant {
        from: '著', to: '着', not_after: "显原名专论编巨土卓昭", not_before: "名作称述者书"
    },
    Variant { from: '帐', to: '账', not_after: "蚊营纱床", not_before: "篷幕子" },
    Variant { from: '妳', to: '你', not_after: "", not_before: "" },
    Variant { from: '牠', to: '它', not_after: "", not_before: "" },
    Variant { from: '衹', to: '只', not_after: "", not_before: "" },
    Variant { from: '豬', to: '猪', not_after: "", not_before: "" },
];

/// Words of which the tables know only the characters.
const VARIANT_WORDS: [(&str, &str); 3] = [("甚么", "什么"), ("身分证", "身份证"), ("连络", "联络")];

fn without_variants(text: &str) -> String {
    let mut before = None;
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        out.push(usual_form(before, char, chars.peek().copied()));
        before = Some(char);
    }
    VARIANT_WORDS.iter().fold(out, |text, (from, to)| text.replace(from, to))
}

fn usual_form(before: Option<char>, char: char, after: Option<char>) -> char {
    let is_beside = |neighbours: &str, char: Option<char>| char.is_some_and(|char| neighbours.contains(char));
    VARIANTS
        .iter()
        .find(|variant| variant.from == char)
        .filter(|variant| !is_beside(variant.not_after, before) && !is_beside(variant.not_before, after))
        .map_or(char, |variant| variant.to)
}

/// One pass over the text.
fn convert(tables: &OpenCC, text: &str) -> String {
    let converted = tables.convert(text);
    if converted.chars().count() == text.chars().count() {
        converted
    } else {
        text.chars().map(|char| convert_char(tables, char)).collect()
    }
}

fn convert_char(tables: &OpenCC, char: char) -> char {
    let converted = tables.convert(char.encode_utf8(&mut [0; 4]));
    let mut chars = converted.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) => one,
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tables_load() {
        assert!(TABLES.is_some());
    }

    #[test]
    fn characters_and_phrases() {
        for (traditional, simplified) in [
            ("還錢", "还钱"),
            ("逾期還款", "逾期还款"),
            ("身份正好嗎", "身份正好吗"),
            ("做老闆", "做老板"),
            ("乾淨", "干净"),
            ("乾坤", "乾坤"),
            ("裡面", "里面"),
            ("薴", "苎"),
            ("跟著妳走", "跟着你走"),
            ("著名的顯著原著", "著名的显著原著"),
            ("轉帳到帳戶", "转账到账户"),
            ("蚊帳", "蚊帐"),
            ("甚麼身分證", "什么身份证"),
            ("本身分期", "本身分期"),
            ("已经是简体", "已经是简体"),
            ("abc 123", "abc 123"),
            ("", ""),
        ] {
            assert_eq!(to_simplified(traditional), simplified);
        }
    }
}
