//! Examples as rule packs write them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::collect::Examples;
use super::utterance::Utterance;
use crate::domain::{Category, Contact};

/// Examples of the rules of a category, in order.
pub(super) fn text(category: Category, rules: &BTreeMap<String, Examples>) -> String {
    let mut text = format!(
        "# {}：复核得出的候选例句（hit 应命中，miss 不应命中）。核对后并入各规则的 hit、miss，再运行 callaudit lexicon test。\n\
         # 本文件只含例句，不能单独作为规则目录使用。个人信息已遮盖。\n",
        category.name_zh()
    );
    for (rule, examples) in rules {
        let _ = write!(text, "\n[[rule]]\nid = {}\n", quoted(rule));
        let disputed: Vec<&Utterance> = examples.hits.intersection(&examples.misses).collect();
        for utterance in &disputed {
            let _ = writeln!(text, "# 有的通话确认、有的通话驳回：{}", written(utterance));
        }
        for (key, utterances) in [("hit", &examples.hits), ("miss", &examples.misses)] {
            let agreed = utterances.iter().filter(|utterance| !disputed.contains(utterance));
            let lines: Vec<String> = agreed.map(|utterance| format!("  {},\n", written(utterance))).collect();
            if !lines.is_empty() {
                let _ = write!(text, "{key} = [\n{}]\n", lines.concat());
            }
        }
    }
    text
}

/// The words, with the call they were said in where a record tells of it.
fn written(utterance: &Utterance) -> String {
    let told = [
        ("contact", utterance.contact.map(Contact::id)),
        ("product", utterance.product.as_deref()),
        ("direction", utterance.direction),
    ];
    let about: String =
        told.iter().filter_map(|(key, value)| Some(format!(", {key} = {}", quoted((*value)?)))).collect();
    let text = quoted(&utterance.text);
    if about.is_empty() { text } else { format!("{{ text = {text}{about} }}") }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            _ if character.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utterance(text: &str, contact: Option<Contact>) -> Utterance {
        Utterance { text: text.to_owned(), contact, direction: None, product: None }
    }

    #[test]
    fn examples_stand_as_in_a_pack_and_what_is_disputed_in_a_remark() {
        let both = utterance("小心点", None);
        let examples = Examples {
            hits: [utterance("客户：谁\n你等着", Some(Contact::Family)), both.clone()].into(),
            misses: [both, utterance("说\"死\"字", None)].into(),
        };
        let text = text(Category::Threat, &[("threat.x".to_owned(), examples)].into());
        let rule = text.split_once("\n\n").unwrap().1;
        insta::assert_snapshot!(rule, @r#"
        [[rule]]
        id = "threat.x"
        # 有的通话确认、有的通话驳回："小心点"
        hit = [
          { text = "客户：谁\n你等着", contact = "family" },
        ]
        miss = [
          "说\"死\"字",
        ]
        "#);
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in any::<String>()) {
            let table: toml::Table = toml::from_str(&format!("x = {}", quoted(&text))).unwrap();
            prop_assert_eq!(table["x"].as_str(), Some(text.as_str()));
        }
    }
}
