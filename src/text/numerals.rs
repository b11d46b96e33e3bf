//! Arabic digits as they are spoken, because a recogniser writes 18600 or 一万八千六百 as it likes.
//!
//! Read digit by digit: years and other numbers of four digits that begin with 1 or 2 (unless the next character makes
//! them an amount), anything longer than eight digits, anything with a leading zero. Everything else is read by place
//! value. What is already spelled out stays as it is, 两 and a dropped last unit (一万八千六) included.

use std::ops::Range;

use super::fold::Glyph;

/// Longest number that is read by place value; phone numbers and the like are longer.
const MAX_PLACE_VALUE_DIGITS: usize = 8;

/// What follows an amount: 2000块 is 二千块, while 2000年 is 二零零零年.
const AFTER_AMOUNT: [char; 8] = ['元', '块', '塊', '圆', '万', '萬', '多', '余'];

/// Replaces each number by the characters it is spoken with.
pub(super) fn spell_numbers(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut spelled = Vec::with_capacity(glyphs.len());
    let mut at = 0;
    while let Some(glyph) = glyphs.get(at) {
        if glyph.is_digit() {
            at += spell_number(&glyphs[at..], &mut spelled);
        } else {
            spelled.push(glyph.clone());
            at += 1;
        }
    }
    spelled
}

/// Spells the number at the start of `glyphs`, whose first is a digit, and gives its length.
pub(super) fn spell_number(glyphs: &[Glyph], spelled: &mut Vec<Glyph>) -> usize {
    let number = Number::scan(glyphs);
    number.spell(spelled);
    number.len()
}

/// True for what may stand inside a number; what comes behind it may matter, too, but not what comes after that.
pub(super) fn is_number_part(glyph: &Glyph) -> bool {
    glyph.is_digit() || matches!(glyph.char, ',' | '.')
}

/// A written number: `1,200`, `3.5`, `24%`.
struct Number<'a> {
    /// Digits and thousands commas.
    integer: &'a [Glyph],
    /// Digits after the point; empty without a point.
    fraction: &'a [Glyph],
    /// The point itself.
    point: Option<&'a Glyph>,
    percent: Option<&'a Glyph>,
    is_amount: bool,
}

impl<'a> Number<'a> {
    /// The number at the start of `glyphs`, whose first is a digit.
    fn scan(glyphs: &'a [Glyph]) -> Self {
        let (integer, rest) = glyphs.split_at(integer_len(glyphs));
        let (point, fraction, rest) = scan_fraction(rest);
        let next = rest.first();
        Self {
            integer,
            fraction,
            point,
            percent: next.filter(|glyph| glyph.char == '%'),
            is_amount: next.is_some_and(|glyph| AFTER_AMOUNT.contains(&glyph.char)),
        }
    }

    fn len(&self) -> usize {
        self.integer.len()
            + self.fraction.len()
            + usize::from(self.point.is_some())
            + usize::from(self.percent.is_some())
    }

    fn spell(&self, out: &mut Vec<Glyph>) {
        let first = out.len();
        if self.percent.is_some() {
            push_all(out, "百分之", &span(self.integer));
        }
        self.spell_integer(out);
        if let Some(point) = self.point {
            push_all(out, "点", &point.source);
            push_digits(out, self.fraction);
        }
        if let Some(percent) = self.percent {
            // 百分之 is spoken before digits that are written before %: no part has a place of its own.
            let whole = span(self.integer).start..percent.source.end;
            out[first..].iter_mut().for_each(|glyph| glyph.source = whole.clone());
        }
    }

    fn spell_integer(&self, out: &mut Vec<Glyph>) {
        let digits: String = self.integer.iter().filter(|glyph| glyph.is_digit()).map(|g| g.char).collect();
        match digits.parse() {
            Ok(value) if !self.is_read_by_digit(&digits) => {
                push_all(out, &place_value(value), &span(self.integer));
            }
            _ => push_digits(out, self.integer),
        }
    }

    fn is_read_by_digit(&self, digits: &str) -> bool {
        let has_commas = digits.len() < self.integer.len();
        let is_year_like = digits.len() == 4 && digits.starts_with(['1', '2']);
        digits.len() > MAX_PLACE_VALUE_DIGITS
            || digits.len() > 1 && digits.starts_with('0')
            || is_year_like
                && !has_commas
                && !self.is_amount
                && self.point.is_none()
                && self.percent.is_none()
    }
}

/// Length of the digits at the start, with the thousands groups that follow: `1,200` but not `1,20` or `1,2000`.
fn integer_len(glyphs: &[Glyph]) -> usize {
    let mut len = digits_len(glyphs);
    if len <= 3 {
        while glyphs.get(len).is_some_and(|glyph| glyph.char == ',') && digits_len(&glyphs[len + 1..]) == 3 {
            len += 4;
        }
    }
    len
}

fn digits_len(glyphs: &[Glyph]) -> usize {
    glyphs.iter().take_while(|glyph| glyph.is_digit()).count()
}

/// Point, digits after it, and what is left.
fn scan_fraction(glyphs: &[Glyph]) -> (Option<&Glyph>, &[Glyph], &[Glyph]) {
    match glyphs.split_first() {
        Some((point, digits)) if point.char == '.' && digits_len(digits) > 0 => {
            let (fraction, rest) = digits.split_at(digits_len(digits));
            (Some(point), fraction, rest)
        }
        _ => (None, &[], glyphs),
    }
}

/// Bytes from the first glyph to the last.
fn span(glyphs: &[Glyph]) -> Range<usize> {
    match (glyphs.first(), glyphs.last()) {
        (Some(first), Some(last)) => first.source.start..last.source.end,
        _ => 0..0,
    }
}

fn push_all(out: &mut Vec<Glyph>, spoken: &str, source: &Range<usize>) {
    out.extend(spoken.chars().map(|char| Glyph { char, source: source.clone() }));
}

fn push_digits(out: &mut Vec<Glyph>, digits: &[Glyph]) {
    let spoken = digits.iter().filter_map(|glyph| {
        let value = glyph.char.to_digit(10)?;
        Some(Glyph { char: digit(value), source: glyph.source.clone() })
    });
    out.extend(spoken);
}

fn digit(value: u32) -> char {
    ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'][value as usize % 10]
}

/// A number below 10^8 in words: 18600 is 一万八千六百, 10 is 十, 100500 is 十万零五百.
fn place_value(value: u32) -> String {
    let (high, low) = (value / 10_000, value % 10_000);
    let mut words = below_ten_thousand(high);
    if high > 0 {
        words.push('万');
        if (1..1_000).contains(&low) {
            words.push('零');
        }
    }
    words += &below_ten_thousand(low);
    match words.strip_prefix("一十") {
        _ if words.is_empty() => digit(0).to_string(),
        Some(rest) => format!("十{rest}"),
        None => words,
    }
}

/// Empty for 0; inner zeros give one 零, trailing ones none.
fn below_ten_thousand(value: u32) -> String {
    let mut words = String::new();
    let mut gap = false;
    for (divisor, unit) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let value = value / divisor % 10;
        if value == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push(digit(0));
            gap = false;
        }
        words.push(digit(value));
        words += unit;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    fn spelled(text: &str) -> String {
        spell_numbers(&fold(text)).iter().map(|glyph| glyph.char).collect()
    }

    #[test]
    fn spoken_as_people_speak() {
        for (written, spoken) in [
            ("0", "零"),
            ("7", "七"),
            ("10", "十"),
            ("15天", "十五天"),
            ("20", "二十"),
            ("105", "一百零五"),
            ("110", "一百一十"),
            ("3005", "三千零五"),
            ("3050", "三千零五十"),
            ("18600", "一万八千六百"),
            ("10086", "一万零八十六"),
            ("100500", "十万零五百"),
            ("150000", "十五万"),
            ("12345678", "一千二百三十四万五千六百七十八"),
            ("10000000", "一千万"),
            ("12,000", "一万二千"),
            ("1,200,300", "一百二十万零三百"),
            ("1,20", "一,二十"),
            ("100，200", "一百，二百"),
            ("3.5", "三点五"),
            ("1.05万", "一点零五万"),
            ("24%", "百分之二十四"),
            ("0.05%", "百分之零点零五"),
            ("2024年", "二零二四年"),
            ("1998", "一九九八"),
            ("2000块", "二千块"),
            ("1500多", "一千五百多"),
            ("1,200", "一千二百"),
            ("4000", "四千"),
            ("007", "零零七"),
            ("13800138000", "一三八零零一三八零零零"),
            ("123456789", "一二三四五六七八九"),
            ("一万八千六", "一万八千六"),
            ("两百", "两百"),
            ("1.", "一."),
            ("8:30", "八:三十"),
        ] {
            assert_eq!(spelled(written), spoken, "{written}");
        }
    }

    #[test]
    fn the_way_back_is_as_fine_as_the_reading() {
        let sources = |text| -> Vec<_> {
            spell_numbers(&fold(text)).into_iter().map(|glyph| (glyph.char, glyph.source)).collect()
        };
        assert_eq!(sources("欠12"), [('欠', 0..3), ('十', 3..5), ('二', 3..5)]);
        assert_eq!(sources("007"), [('零', 0..1), ('零', 1..2), ('七', 2..3)]);
        assert_eq!(sources("5%"), [('百', 0..2), ('分', 0..2), ('之', 0..2), ('五', 0..2)]);
    }
}
