//! Traditional to simplified characters, by OpenCC's tables.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

/// The tables are part of the program, so they load or a test fails; without them texts stay as they are.
static CONVERTER: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// The text in simplified characters, one character out for each character in.
///
/// Phrases decide where a character alone cannot (乾坤 keeps 乾, 乾淨 becomes 干净). Should a phrase change the number
/// of characters, the whole text is converted character by character instead.
#[must_use]
pub fn to_simplified(text: &str) -> String {
    let Some(converter) = CONVERTER.as_ref() else { return text.to_owned() };
    if text.is_ascii() {
        return text.to_owned();
    }
    let converted = converter.convert(text);
    if converted.chars().count() == text.chars().count() {
        converted
    } else {
        text.chars().map(|char| simplified_char(converter, char)).collect()
    }
}

fn simplified_char(converter: &OpenCC, char: char) -> char {
    let converted = converter.convert(char.encode_utf8(&mut [0; 4]));
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
        assert!(CONVERTER.is_some());
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
            ("已经是简体", "已经是简体"),
            ("abc 123", "abc 123"),
            ("", ""),
        ] {
            assert_eq!(to_simplified(traditional), simplified);
        }
    }
}
