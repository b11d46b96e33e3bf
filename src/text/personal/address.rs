//! Street, house and door: 文三路123号5栋2单元301室.
//!
//! Province, city and district are shared by too many to be anybody's; what is found begins at the street.

use std::ops::{Range, RangeInclusive};

/// What a number of an address counts; of those that begin alike the longer first.
const UNITS: [&str; 24] = [
    "号楼", "號樓", "号院", "號院", "号门", "单元", "單元", "号", "號", "栋", "棟", "幢", "座", "弄", "楼",
    "樓", "层", "層", "室", "房", "户", "戶", "组", "組",
];
/// Units that are part of an address and seldom of anything else.
const DOOR_UNITS: [&str; 12] =
    ["号楼", "號樓", "号院", "號院", "单元", "單元", "栋", "棟", "幢", "座", "室", "弄"];
/// What a street or an estate is called; of those that end alike the longer first.
const STREETS: [&str; 22] = [
    "大道", "路", "街道", "街", "巷", "弄", "胡同", "小区", "小區", "花园", "花園", "公寓", "大厦", "大廈",
    "家园", "家園", "新村", "苑", "公馆", "广场", "社区", "村",
];
/// What ends like a street and is none.
const NO_STREETS: [&str; 10] =
    ["走路", "马路", "馬路", "公路", "线路", "網路", "网路", "上路", "一路", "半路"];
/// Longest name before the street's last word that is hidden with it.
const NAME_CHARS: usize = 4;
/// Digits of one number.
const NUMBER_CHARS: RangeInclusive<usize> = 1..=6;

/// A number with its unit.
struct Part {
    range: Range<usize>,
    unit: &'static str,
}

/// Byte ranges of addresses, in order, from the street's name to the last number.
pub(super) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut chain: Vec<Part> = Vec::new();
    for part in parts(text) {
        let follows = chain.last().is_some_and(|last| is_joint(&text[last.range.end..part.range.start]));
        if !follows {
            found.extend(address(text, &chain));
            chain.clear();
        }
        chain.push(part);
    }
    found.extend(address(text, &chain));
    found
}

/// Every number that a unit follows.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_digit).map(|offset| at + offset) {
        let rest = &text[start..];
        let length = rest.find(|char| !is_digit(char)).unwrap_or(rest.len());
        let after = &rest[length..];
        let lettered = after.strip_prefix(|char: char| char.is_ascii_alphabetic()).unwrap_or(after);
        let unit = UNITS.into_iter().find(|unit| lettered.starts_with(unit));
        let is_short = NUMBER_CHARS.contains(&rest[..length].chars().count());
        let end = start + rest.len() - lettered.len() + unit.map_or(0, str::len);
        if let Some(unit) = unit.filter(|_| is_short) {
            parts.push(Part { range: start..end, unit });
        }
        at = end.max(start + length);
    }
    parts
}

fn is_digit(char: char) -> bool {
    matches!(char, '0'..='9' | '０'..='９' | '零' | '〇' | '幺' | '两' | '兩' | '十' | '百' | '洞' | '拐')
        || "一二三四五六七八九".contains(char)
}

/// What may stand between two parts of one address.
fn is_joint(between: &str) -> bool {
    between.is_empty()
        || (between.chars().count() == 1 && between.contains([' ', '，', ',', '、', '-', '的']))
}

/// A chain is an address with a street before it, or with two parts of which one is of addresses only.
fn address(text: &str, chain: &[Part]) -> Option<Range<usize>> {
    let (first, last) = (chain.first()?, chain.last()?);
    let street = street(&text[..first.range.start]);
    let has_door = chain.iter().any(|part| DOOR_UNITS.contains(&part.unit));
    (street.is_some() || (chain.len() > 1 && has_door))
        .then(|| street.unwrap_or(first.range.start)..last.range.end)
}

/// Where the name of the street begins that a text ends with.
fn street(before: &str) -> Option<usize> {
    let before = before.trim_end_matches([' ', '，', ',']);
    let name = STREETS.iter().find_map(|street| before.strip_suffix(street))?;
    let ends_name = |char: char| !char.is_alphanumeric() || "省市区區县縣镇鎮乡鄉在住到是的去".contains(char);
    let kept = name.chars().rev().take(NAME_CHARS).take_while(|char| !ends_name(*char));
    let length: usize = kept.map(char::len_utf8).sum();
    let is_name = !NO_STREETS.iter().any(|word| before.ends_with(word));
    (is_name && length > 0 || before.ends_with("小区")).then(|| name.len() - length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_found_from_the_street_on() {
        for (text, expected) in [
            ("浙江省某某市西湖区文三路123号5栋2单元301室对吧", vec!["文三路123号5栋2单元301室"]),
            ("您住在幸福小区十二号楼三单元五零二室", vec!["幸福小区十二号楼三单元五零二室"]),
            ("地址是中山大道88号", vec!["中山大道88号"]),
            ("5栋2单元301", vec!["5栋2单元"]),
            ("在人民路 九号，三楼", vec!["人民路 九号，三楼"]),
            ("三月十五号之前还款", vec![]),
            ("十五号、二十号都可以", vec![]),
            ("我知道五号", vec![]),
            ("他走路三号到", vec![]),
            ("两栋楼", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<_> = addresses(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_read(text in prop_oneof![any::<String>(), "[文三路一1号栋单元室 ，A]{0,24}"]) {
            prop_assert!(addresses(&text).into_iter().all(|range| text.get(range).is_some()));
        }
    }
}
