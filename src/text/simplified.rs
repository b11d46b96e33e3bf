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
    simplified
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
            ("已经是简体", "已经是简体"),
            ("abc 123", "abc 123"),
            ("", ""),
        ] {
            assert_eq!(to_simplified(traditional), simplified);
        }
    }
}
