//! What may stand between two digits of one number.

/// What stands between a group of digits and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separation {
    /// Spaces and hyphens, as within one number.
    Narrow,
    /// Commas, pauses, a hum, the end of a turn: within one number where the speaker paused, or between two.
    Listed,
    /// Anything else: not one number.
    Apart,
}

/// Longest stretch of punctuation within one number.
const MAX_MARKS: usize = 4;
/// Longest stretch of words within one number.
const MAX_WORDS: usize = 12;

/// What is said between the parts of a number that is read out; of those that begin alike the longer first.
const FILLERS: [&str; 40] = [
    "记一下",
    "記一下",
    "听清楚",
    "然后是",
    "然後是",
    "后面是",
    "後面是",
    "接下来",
    "接下來",
    "然后",
    "然後",
    "后面",
    "後面",
    "接着",
    "接著",
    "最后",
    "最後",
    "中间",
    "中間",
    "那个",
    "那個",
    "这个",
    "這個",
    "就是",
    "是吧",
    "对吧",
    "對吧",
    "对吗",
    "對嗎",
    "是的",
    "好的",
    "对",
    "對",
    "是",
    "好",
    "再",
    "嗯",
    "呃",
    "啊",
    "哦",
];

/// Tells what two groups have between them. A line break is the end of a turn.
pub(super) fn separation(between: &str) -> Separation {
    let is_space = |char| matches!(char, ' ' | '　' | '-' | '－' | '–' | '—');
    let is_mark = |char: char| is_space(char) || matches!(char, '、' | ',' | '，');
    let length = between.chars().count();
    if length < MAX_MARKS && between.chars().all(is_space) {
        Separation::Narrow
    } else if length < MAX_MARKS && between.chars().all(is_mark) || is_filler(between) {
        Separation::Listed
    } else {
        Separation::Apart
    }
}

/// Nothing but pauses and words that say nothing.
fn is_filler(between: &str) -> bool {
    let is_pause =
        |char: char| matches!(char, '、' | ',' | '，' | '。' | '.' | '…' | '？' | '?' | '！' | ' ' | '\n');
    let (mut rest, mut words) = (between, 0);
    loop {
        let marks = rest.len() - rest.trim_start_matches(is_pause).len();
        if rest[..marks].chars().filter(|char| *char != '\n').count() > MAX_MARKS {
            return false;
        }
        rest = &rest[marks..];
        let Some(filler) = FILLERS.iter().find(|filler| rest.starts_with(**filler)) else { break };
        rest = &rest[filler.len()..];
        words += filler.chars().count();
    }
    // A decimal point alone parts euros from cents, not two halves of a number.
    rest.is_empty() && words <= MAX_WORDS && between != "."
}
