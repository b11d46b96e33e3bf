//! Things told by their form: amounts, dates, numbers, persons, relations, organisations.
//!
//! All but the personal numbers are sought in the normal form, where digits are spelled.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::EntityKind;
use crate::text::{PersonalKind, personal_data};

use super::super::candidate::{Candidate, Heard, Kind};
use super::super::passage::{Passage, Piece};

/// Digits of a mobile number, of an identity number, of a bank card.
const PHONE_DIGITS: Range<usize> = 7..13;
const ID_NUMBER_DIGITS: usize = 18;

const DIGIT: &str = "[零一二三四五六七八九十百千万亿两几]";

/// The most common surnames: enough for nine speakers in ten.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "{DIGIT}+(?:点{DIGIT}+)?(?:多|来|余|几)?(?:块钱|块|元钱|元|圆|角|毛钱|大洋|人民币)|{DIGIT}+[百千万]{DIGIT}*(?:点{DIGIT}+万)?"
    ))
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "{DIGIT}+月(?:份)?(?:{DIGIT}+(?:日|号))?|{DIGIT}+(?:日|号)(?:之?前|以前|中午|下午|上午|晚上)?|{DIGIT}+点(?:钟|半|整|{DIGIT}+分)?(?:之?前|以前)?\
         |(?:今|明|后|大后)(?:天|日|晚|早)|(?:本|这|下|上)(?:个)?(?:月|周|星期|礼拜)(?:[一二三四五六日天]|底|初)?|(?:月|年|周)(?:底|末|初)|(?:星期|礼拜|周)[一二三四五六日天]"
    ))
});
static PERSON: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "[{SURNAMES}](?:[^先女小].?)?(?:先生|女士|小姐|经理|主任|律师|警官|法官|老师|师傅|阿姨|总|哥|姐|某)|(?:我叫|我姓|本人叫|名字叫)[{SURNAMES}].?.?"
    ))
});
static RELATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "老婆|老公|妻子|丈夫|爱人|媳妇|太太|先生家|对象|男朋友|女朋友|前妻|前夫|爸爸|妈妈|父亲|母亲|父母|爹妈|爸妈|儿子|女儿|闺女|孩子|小孩|子女|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹\
         |叔叔|舅舅|姑姑|姨妈|阿姨|伯伯|爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|岳父|岳母|丈人|丈母娘|家属|家人|家里人|亲戚|亲属|同事|同学|朋友|领导|老板|邻居|房东|紧急联系人",
    )
});
static ORGANISATION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "[^是在的了和跟给把被叫]{1,8}(?:银行|公司|集团|金融|平台|消费金融|信用卡中心|律师事务所|律所|法院|检察院|公安局|派出所|仲裁委|居委会|村委会|学校|医院|事务所)|派出所|法院|公安局",
    )
});

#[expect(clippy::expect_used, reason = "the patterns are fixed and compiled by a test")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern")
}

/// All entities of a kind in a passage, in order.
pub(super) fn find(kind: EntityKind, passage: &Passage) -> Vec<Candidate> {
    let ranges = match kind {
        EntityKind::Amount => matches(&AMOUNT, passage),
        EntityKind::Date => matches(&DATE, passage),
        EntityKind::Person => matches(&PERSON, passage),
        EntityKind::Relation => matches(&RELATION, passage),
        EntityKind::Organisation => matches(&ORGANISATION, passage),
        EntityKind::Phone => numbers(passage, |digits| PHONE_DIGITS.contains(&digits)),
        EntityKind::IdNumber => numbers(passage, |digits| digits == ID_NUMBER_DIGITS),
        EntityKind::BankCard => {
            numbers(passage, |digits| digits > PHONE_DIGITS.end && digits != ID_NUMBER_DIGITS)
        }
    };
    ranges.into_iter().map(|range| candidate(range, passage)).collect()
}

fn candidate(range: Range<usize>, passage: &Passage) -> Candidate {
    let words = &passage.text[range.clone()];
    let (meant, length) = (words.to_owned(), words.chars().count());
    Candidate { kind: Kind::Entity, parts: vec![range], meant, length, heard: Heard::default() }
}

fn matches(regex: &Regex, passage: &Passage) -> Vec<Range<usize>> {
    regex.find_iter(&passage.text).map(|found| found.range()).collect()
}

/// Personal numbers with so many digits, found in the original, as ranges of the passage's text.
fn numbers(passage: &Passage, fits: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for piece in &passage.pieces {
        let original = &piece.segment.text;
        let found_here =
            personal_data(original).into_iter().filter(|data| data.kind != PersonalKind::Address);
        let ranges = found_here.map(|data| data.range);
        let ranges = ranges
            .filter(|range| fits(original[range.clone()].chars().filter(|c| c.is_alphanumeric()).count()));
        found.extend(ranges.filter_map(|range| in_normal_form(&range, piece)));
    }
    found
}

/// The characters of a piece's normal form that come from a range of the original.
fn in_normal_form(original: &Range<usize>, piece: &Piece) -> Option<Range<usize>> {
    let inside = piece.normal.as_str().char_indices().filter(|(byte, character)| {
        let source = piece.normal.source(*byte..byte + character.len_utf8());
        source.start < original.end && original.start < source.end
    });
    let bytes: Vec<(usize, char)> = inside.collect();
    let ((first, _), (last, character)) = (bytes.first()?, bytes.last()?);
    Some(piece.start + first..piece.start + last + character.len_utf8())
}
