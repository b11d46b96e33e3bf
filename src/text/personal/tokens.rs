//! Digits of a text, however they are written or said.

use std::ops::Range;

use crate::text::fold::half_width;

/// One sign for one digit or, as in 三个八, for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// ASCII digits; `X` for the check character of an identity number.
    pub digits: String,
    pub range: Range<usize>,
    /// Said in Chinese, or several in one.
    pub is_spoken: bool,
    /// May as well be an ordinary word: 要, 是, 就.
    pub is_weak: bool,
}

/// How the letter X is said; longer ones first.
const CHECK_WORDS: [&str; 5] = ["埃克斯", "艾克斯", "爱克斯", "愛克斯", "叉"];

/// Most times that a digit is counted, as in 六个八.
const MOST_REPEATS: usize = 6;

/// The value of a digit that is no other word, or only rarely.
fn strong(char: char) -> Option<char> {
    Some(match half_width(char) {
        arabic @ '0'..='9' => arabic,
        '零' | '〇' | '洞' => '0',
        '一' | '幺' | '壹' => '1',
        '二' | '两' | '兩' | '贰' | '貳' | '俩' | '倆' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' | '陸' => '6',
        '七' | '拐' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '勾' | '玖' => '9',
        _ => return None,
    })
}

/// The value of what a digit is misheard as. 幺 is how 一 is said in numbers; the others sound as the digit does.
fn weak(char: char) -> Option<char> {
    Some(match char {
        '动' | '動' | '冻' | '凍' | '栋' | '棟' | '另' | '领' => '0',
        '要' | '腰' | '妖' | '邀' | '衣' | '医' | '依' => '1',
        '儿' | '而' => '2',
        '山' | '散' => '3',
        '是' | '事' => '4',
        '武' | '无' | '午' => '5',
        '流' | '溜' | '刘' => '6',
        '怪' | '期' | '起' | '妻' => '7',
        '吧' | '巴' | '爸' => '8',
        '就' | '酒' | '久' | '够' | '沟' | '狗' => '9',
        _ => return None,
    })
}

/// All digits of a text, in order. A weak one counts only right beside a strong one, most of them only between two.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        let follows_digit = tokens.last().is_some_and(|last| last.range.end == at && last.digits != "X");
        match token(text, at, follows_digit) {
            Some(token) => {
                at = token.range.end;
                tokens.push(token);
            }
            None => at += char.len_utf8(),
        }
    }
    tokens
}

fn token(text: &str, at: usize, follows_digit: bool) -> Option<Token> {
    let rest = &text[at..];
    counted(rest, at)
        .or_else(|| single(rest, at, follows_digit))
        .or_else(|| check_character(rest, at).filter(|_| follows_digit))
}

/// 三个八 is 888.
fn counted(rest: &str, at: usize) -> Option<Token> {
    let mut chars = rest.chars();
    let (count, classifier, digit) = (chars.next()?, chars.next()?, chars.next()?);
    let times = strong(count)?.to_digit(10)? as usize;
    let is_count = (2..=MOST_REPEATS).contains(&times) && matches!(classifier, '个' | '個');
    let value = strong(digit).filter(|_| is_count)?;
    let end = at + count.len_utf8() + classifier.len_utf8() + digit.len_utf8();
    Some(Token { digits: value.to_string().repeat(times), range: at..end, is_spoken: true, is_weak: false })
}

fn single(rest: &str, at: usize, follows_digit: bool) -> Option<Token> {
    let mut chars = rest.chars();
    let char = chars.next()?;
    let precedes_digit = chars.next().and_then(strong).is_some();
    let sounds_like_one = matches!(char, '要' | '腰' | '妖' | '邀') && (follows_digit || precedes_digit);
    let misheard = || weak(char).filter(|_| sounds_like_one || follows_digit && precedes_digit);
    let value = strong(char).or_else(misheard)?;
    Some(Token {
        digits: value.to_string(),
        range: at..at + char.len_utf8(),
        is_spoken: !half_width(char).is_ascii_digit(),
        is_weak: strong(char).is_none(),
    })
}

fn check_character(rest: &str, at: usize) -> Option<Token> {
    let letter =
        rest.chars().next().filter(|char| matches!(half_width(*char), 'x' | 'X')).map(char::len_utf8);
    let word = || CHECK_WORDS.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
    let length = letter.or_else(word)?;
    Some(Token { digits: "X".to_owned(), range: at..at + length, is_spoken: false, is_weak: false })
}
