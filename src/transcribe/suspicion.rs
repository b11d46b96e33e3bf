//! Marks for text that may never have been spoken. Marked text stays in the transcript: whoever judges decides. Only
//! the later rounds of a loop inside one text go.

use std::ops::Range;

use crate::domain::{Segment, Speaker, Suspicion};

/// More characters a second than anybody speaks: hurried Mandarin is at 7 to 8.
const MAX_CHARS_PER_S: f64 = 12.0;
/// Below this many characters a rate says nothing.
const MIN_RATED_CHARS: usize = 5;
/// Mean probability of the tokens below which noise and music lie for the most part, and 0.2 % of the characters of
/// telephone calls.
const LEAST_CONFIDENCE: f64 = 0.4;
/// Shortest text, in characters, whose return in the next segments counts; answers like 好的 return all the time.
const MIN_REPEATED_CHARS: usize = 4;
/// Longest unit, in characters, of a loop inside one text.
const MAX_UNIT_CHARS: usize = 30;

/// Words of credits and channel slogans, simplified and traditional. Each is out of place in a telephone call.
const CREDITS: &[&str] = &[
    "字幕",
    "不吝点赞",
    "不吝點贊",
    "不吝點讚",
    "点赞订阅",
    "點贊訂閱",
    "點讚訂閱",
    "订阅转发",
    "訂閱轉發",
    "订阅我的频道",
    "訂閱我的頻道",
    "打赏支持",
    "打賞支持",
    "谢谢观看",
    "謝謝觀看",
    "感谢观看",
    "感謝觀看",
    "谢谢收看",
    "謝謝收看",
    "感谢收看",
    "感謝收看",
    "下期再见",
    "下期再見",
    "明镜与点点",
    "明鏡與點點",
    "明镜需要您",
    "明鏡需要您",
    "点点栏目",
    "點點欄目",
    "社群提供",
    "amara.org",
];

/// What speaks against one text that took `spoken_s` seconds of speech and was heard with `confidence` (0..=1).
pub(super) fn suspect(text: &str, spoken_s: f64, confidence: f64) -> Option<Suspicion> {
    let letters = letters(text);
    if is_credit(text) {
        Some(Suspicion::Credit)
    } else if find_loop(&letters).is_some() {
        Some(Suspicion::Repeat)
    } else if letters.len() >= MIN_RATED_CHARS && letters.len() as f64 > MAX_CHARS_PER_S * spoken_s {
        Some(Suspicion::NoSpeech)
    } else if confidence < LEAST_CONFIDENCE {
        Some(Suspicion::Unsure)
    } else {
        None
    }
}

/// Marks texts that one speaker's segments say three times in a row, alone or in turn with one other: the first time
/// may be true, the others are suspect. Marks already made stay.
pub(super) fn mark_repeats(segments: &mut [Segment]) {
    for speaker in [Speaker::Agent, Speaker::Customer, Speaker::Unknown] {
        let own: Vec<usize> =
            (0..segments.len()).filter(|&index| segments[index].speaker == speaker).collect();
        let texts: Vec<Vec<char>> = own.iter().map(|&index| letters(&segments[index].text)).collect();
        for later in repeated(&texts) {
            segments[own[later]].suspicion.get_or_insert(Suspicion::Repeat);
        }
    }
}

/// Indices of the second and third of three equal texts at steps of one or two.
fn repeated(texts: &[Vec<char>]) -> Vec<usize> {
    let mut later = Vec::new();
    for step in 1..=2 {
        for third in 2 * step..texts.len() {
            let (first, second) = (&texts[third - 2 * step], &texts[third - step]);
            if first.len() >= MIN_REPEATED_CHARS && first == second && *second == texts[third] {
                later.extend([third - step, third]);
            }
        }
    }
    later
}

fn is_credit(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    CREDITS.iter().any(|credit| text.contains(credit))
}

/// True when the text goes in circles.
pub(super) fn is_loop(text: &str) -> bool {
    find_loop(&letters(text)).is_some()
}

/// `text` with a loop cut down to the rounds that make it one. The decoder goes on until its room is full: hundreds of
/// characters that nobody said.
pub(super) fn without_rounds(text: &str) -> String {
    let Some(found) = find_loop(&letters(text)) else { return text.to_owned() };
    let dropped = found.letters.start + found.unit * needed_rounds(found.unit)..found.letters.end;
    let mut letter = 0;
    let keep = |c: &char| {
        letter += usize::from(c.is_alphanumeric());
        !(dropped.start < letter && letter <= dropped.end)
    };
    text.chars().filter(keep).collect()
}

/// A stretch of letters in which a unit follows upon itself.
struct Loop {
    unit: usize,
    letters: Range<usize>,
}

/// The loop with the shortest unit, where one is said more often than people repeat themselves.
fn find_loop(letters: &[char]) -> Option<Loop> {
    (1..=MAX_UNIT_CHARS.min(letters.len() / 2)).find_map(|unit| {
        let echo = longest_echo(letters, unit);
        let letters = echo.start..echo.end + unit;
        (letters.len() >= unit * needed_rounds(unit)).then_some(Loop { unit, letters })
    })
}

/// How often a unit of that many characters must be said in one go to be a loop: 对对对, 好的好的好的 are none.
fn needed_rounds(unit_chars: usize) -> usize {
    match unit_chars {
        1 => 10,
        2 | 3 => 5,
        _ => 3,
    }
}

/// The longest run of letters that are said again `unit` places later; digits do not count, numbers may go on as they
/// like.
fn longest_echo(letters: &[char], unit: usize) -> Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (index, (now, later)) in letters.iter().zip(&letters[unit..]).enumerate() {
        if now != later || now.is_ascii_digit() {
            start = index + 1;
        } else if index + 1 - start > longest.len() {
            longest = start..index + 1;
        }
    }
    longest
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        use Suspicion::{Credit, NoSpeech, Repeat};
        for (text, spoken_s, expected) in [
            ("您好，请问是本人吗", 2.0, None),
            ("對對對對對", 1.0, None),
            ("好的好的好的", 1.5, None),
            ("喂，您好，您好，您好", 2.0, None),
            ("工号八八八八，电话13888888888888", 4.0, None),
            ("字幕：某某", 2.0, Some(Credit)),
            ("請不吝 點贊 訂閱", 2.0, Some(Credit)),
            ("感謝觀看", 2.0, Some(Credit)),
            ("Amara.org 社群提供", 2.0, Some(Credit)),
            ("您订阅的短信服务要取消吗", 3.0, None),
            ("哈哈哈哈哈哈哈哈哈哈哈", 3.0, Some(Repeat)),
            ("还钱，还钱，还钱，还钱，还钱，", 4.0, Some(Repeat)),
            ("我说了我不知道我不知道我不知道", 4.0, Some(Repeat)),
            ("我们现在说的是您的这一笔借款", 1.0, Some(NoSpeech)),
            ("好的好", 0.1, None),
            ("", 0.0, None),
        ] {
            assert_eq!(suspect(text, spoken_s, 0.8), expected, "{text}");
        }
    }

    #[test]
    fn what_the_recogniser_was_not_sure_of() {
        assert_eq!(suspect("我觉得你应该", 2.0, 0.3), Some(Suspicion::Unsure));
        assert_eq!(suspect("我觉得你应该", 2.0, 0.5), None);
        assert_eq!(suspect("感谢观看", 2.0, 0.3), Some(Suspicion::Credit));
    }

    #[test]
    fn loops_are_cut_down() {
        for (text, expected) in [
            ("您好，请问是本人吗", "您好，请问是本人吗"),
            (
                "在这，不然，不然，不然，不然，不然，不然，不然，再见",
                "在这，不然，不然，不然，不然，不然，再见",
            ),
            ("我不知道我不知道我不知道我不知道我不", "我不知道我不知道我不知道"),
        ] {
            assert_eq!(without_rounds(text), expected);
            assert_eq!(is_loop(&without_rounds(text)), is_loop(text), "{text}");
        }
    }

    fn marked(lines: &[(Speaker, &str)]) -> Vec<bool> {
        let mut segments: Vec<Segment> =
            lines.iter().map(|&(speaker, text)| Segment::said(speaker, 0.0, 2.0, text)).collect();
        mark_repeats(&mut segments);
        segments.iter().map(|segment| segment.suspicion == Some(Suspicion::Repeat)).collect()
    }

    #[test]
    fn repeats_across_segments() {
        use Speaker::{Agent, Customer};
        let line = "您什么时候还款";
        assert_eq!(marked(&[(Agent, line), (Agent, "您什么时候还款？")]), [false, false]);
        assert_eq!(
            marked(&[(Agent, line), (Customer, "我不知道"), (Agent, line), (Agent, line)]),
            [false, false, true, true]
        );
        assert_eq!(
            marked(&[(Agent, line), (Agent, "请说话"), (Agent, line), (Agent, "好"), (Agent, line)]),
            [false, false, true, false, true]
        );
        assert_eq!(marked(&[(Agent, "好的"), (Agent, "好的"), (Agent, "好的")]), [false, false, false]);
        assert_eq!(marked(&[(Agent, line), (Customer, line), (Agent, line)]), [false, false, false]);
    }
}
