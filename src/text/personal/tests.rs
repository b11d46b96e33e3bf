use proptest::prelude::*;

use super::*;
use crate::domain::{Segment, Speaker};

#[test]
fn numbers_are_starred_out() {
    for (text, expected) in [
        ("打13800138000找我", "打138****8000找我"),
        ("１３８００１３８０００", "１３８＊＊＊＊８０００"),
        ("138 0013 8000", "138 **** 8000"),
        ("138-0013-8000", "138-****-8000"),
        ("138。0013。8000", "138。****。8000"),
        ("+8613800138000", "+*********8000"),
        ("86 138 0013 8000", "86 138 **** 8000"),
        ("一三八零零幺三八零零零", "一三八＊＊＊＊八零零零"),
        ("幺三八，洞洞幺三，八洞洞洞", "幺三八，＊＊＊＊，八洞洞洞"),
        ("一三八，嗯，零零一三，然后是八零零零", "一三八，嗯，＊＊＊＊，然后是八零零零"),
        ("幺三八两个零幺三八三个零", "幺三八＊＊＊＊＊八三个零"),
        ("一三八零零一三吧零零零", "一三八＊＊＊＊吧零零零"),
        ("拐拐勾两幺三八零零幺三八零零零", "＊＊＊＊＊＊＊＊＊＊＊八零零零"),
        ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 * * * * 8 0 0 0"),
        ("一三八 0013 8000", "一三八 **** 8000"),
        ("13800138000 13900139000", "138****8000 139****9000"),
        ("11010519491231002X", "**************002X"),
        ("11010519491231002叉", "**************002叉"),
        ("一一零一零五一九四九一二三一零零二埃克斯", "＊＊＊＊＊＊＊＊＊＊＊＊＊＊零零二埃克斯"),
        ("110105 19491231 002X", "****** ******** 002X"),
        ("尾号不对110105194912310021", "尾号不对**************0021"),
        ("110105491231002", "***********1002"),
        ("6222 0212 3456 7890 128", "**** **** **** ***0 128"),
        ("4111、1111、1111、1111", "****、****、****、1111"),
        ("622202 1234567890128", "****** *********0128"),
        ("6222021234567890123", "***************0123"),
        ("身份证号是1101051949", "身份证号是******1949"),
        ("住文三路5号2栋301室", "住＊＊＊*＊*＊***＊"),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn amounts_and_dates_stay() {
    for text in [
        "欠款18,600.50元",
        "1,200,300,400元",
        "2024-03-15 2024-04-15",
        "20240315123000",
        "202403151230",
        "2024年3月15日下午3点",
        "1000、2000、3000、4000",
        "3000、4500、5200、6100",
        "2021 2022 2023 2024",
        "139,200、12,300",
        "500 1000 2000",
        "一万八千六百三十二块五毛",
        "二零二四年三月十五号",
        "一、二、三、四、五",
        "一，是二，好，三，然后四",
        "110、120、12378、10086",
        "客服热线4001234567",
        "您要一次还三千，是吧",
        "x x x",
        "",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn kinds_are_told() {
    use PersonalKind::{Address, BankCard, IdentityNumber, LongNumber, MobileNumber};
    let text = "电话138 0013 8000，证件11010519491231002X，卡4111111111111111，编号123456789012，人民路8号。";
    let found: Vec<_> =
        personal_data(text).into_iter().map(|data| (data.kind, &text[data.range], data.checksum)).collect();
    assert_eq!(
        found,
        [
            (MobileNumber, "138 0013 8000", false),
            (IdentityNumber, "11010519491231002X", true),
            (BankCard, "4111111111111111", true),
            (LongNumber, "123456789012", false),
            (Address, "人民路8号", false),
        ]
    );
}

/// `A:words|C:words`, a second each.
fn turns(script: &str) -> Vec<Segment> {
    let turn = |(index, turn): (usize, &str)| {
        let (speaker, text) = turn.split_once(':').unwrap();
        let speaker = if speaker == "A" { Speaker::Agent } else { Speaker::Customer };
        let start_s = index as f64;
        Segment::said(speaker, start_s, start_s + 1.0, text)
    };
    script.split('|').enumerate().map(turn).collect()
}

#[test]
fn numbers_spread_over_turns_are_starred_out() {
    for (script, expected) in [
        ("A:您记一下138|C:嗯|A:0013|C:好|A:8000", "您记一下138|嗯|****|好|8000"),
        (
            "A:幺三八|C:嗯，幺三八|A:零零幺三|C:零零幺三|A:八零零零",
            "＊＊＊|嗯，＊＊＊|＊＊＊＊|＊＊＊＊|八零零零",
        ),
        ("A:138 0013|C:0013？|A:对，8000", "138 ****|****？|对，8000"),
        ("A:110105|C:对|A:19491231|C:嗯|A:然后是002X", "******|对|********|嗯|然后是002X"),
        (
            "A:电话138|C:不对，我早就换过号码了你们不要再打了|A:0013 8000",
            "电话138|不对，我早就换过号码了你们不要再打了|0013 8000",
        ),
        ("A:还3000|C:好|A:5月10号", "还3000|好|5月10号"),
    ] {
        assert_eq!(masked_turns(&turns(script)).join("|"), expected, "{script}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn masking_keeps_every_offset(text in prop_oneof![any::<String>(), "[0-9０-９零一幺要三个是xX叉、，,。嗯 号路室-]{0,40}"]) {
        let masked = masked(&text);
        let offsets = |text: &str| text.char_indices().map(|(byte, _)| byte).collect::<Vec<_>>();
        prop_assert_eq!(offsets(&masked), offsets(&text));
        prop_assert_eq!(masked.len(), text.len());
    }

    #[test]
    fn no_mobile_number_gets_through(tail in "[3-9][0-9]{9}", before in "[号码是，]{0,3}") {
        let text = format!("{before}1{tail}。");
        prop_assert!(!masked(&text).contains(&tail));
    }

    #[test]
    fn no_mobile_number_gets_through_in_turns(
        tail in "[3-9][0-9]{9}",
        hums in prop::collection::vec("(嗯|好的|对|哦，)", 2),
        spoken: bool,
    ) {
        let number: String = format!("1{tail}").chars().map(|digit| if spoken { say(digit) } else { digit }).collect();
        let at = |from: usize, to: usize| number.chars().skip(from).take(to - from).collect::<String>();
        let script = format!("A:{}|C:{}|A:{}|C:{}|A:{}", at(0, 3), hums[0], at(3, 7), hums[1], at(7, 11));
        let masked = masked_turns(&turns(&script)).join("|");
        prop_assert!(!masked.contains(&format!("|{}|", at(3, 7))), "{}", masked);
    }

    #[test]
    fn any_call_is_masked_in_place(texts in prop::collection::vec("[0-9一幺三零嗯，a\u{1f}\n号路]{0,12}", 0..8)) {
        let segments: Vec<Segment> = texts.iter().flat_map(|text| turns(&format!("A:{}", text.replace('|', "")))).collect();
        let masked = masked_turns(&segments);
        let lengths = |texts: &[String]| texts.iter().map(String::len).collect::<Vec<_>>();
        prop_assert_eq!(lengths(&masked), lengths(&texts));
    }
}

fn say(digit: char) -> char {
    let spoken: Vec<char> = "洞幺两三四五六拐八勾".chars().collect();
    digit.to_digit(10).map_or(digit, |value| spoken[value as usize])
}
