//! The tokens that Mandarin needs, and their numbers in the trimmed model.

use whisper_rs::WhisperTokenId;

/// Number of a token in the trimmed model.
pub(in crate::transcribe) type TokenId = WhisperTokenId;

/// Text tokens of every multilingual model, before the special ones.
pub(super) const TEXT_TOKENS: usize = 50_257;
/// Timestamps from 0.00 s to 30.00 s.
const STAMPS: u16 = 1_501;
/// The matrix kernels want whole blocks of rows.
const ROW_MULTIPLE: usize = 32;
/// Punctuation of speech; all else is markup, credits, song signs.
const PUNCTUATION: &str = " ,.?!%'-，。？！、：；…·";

/// Text tokens first, then the special ones, then the timestamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transcribe) struct Vocabulary {
    /// The bytes of each text token; a character may take several tokens.
    texts: Vec<Box<[u8]>>,
}

/// A special token of the decoder, in the order of their rows.
#[derive(Debug, Clone, Copy)]
enum Special {
    End,
    Start,
    Mandarin,
    Transcribe,
    FirstStamp,
}

impl Vocabulary {
    /// Of all text tokens of a model, in order: those to keep by their old numbers, and what they are called now.
    pub(in crate::transcribe) fn of(texts: Vec<Box<[u8]>>) -> (Vec<usize>, Self) {
        let kept: Vec<(usize, Box<[u8]>)> =
            texts.into_iter().enumerate().filter(|(_, text)| is_needed(text)).collect();
        let (numbers, texts) = kept.into_iter().unzip();
        (numbers, Self { texts })
    }

    /// Old numbers of the special rows of a model with `size` tokens, and of the padding behind them.
    ///
    /// The layout is that of whisper.cpp: every language after the 99th moves what follows by one.
    pub(super) fn special_rows(&self, size: usize) -> Vec<usize> {
        let moved = size - (TEXT_TOKENS + 1_608);
        let mut rows = vec![TEXT_TOKENS, TEXT_TOKENS + 1, TEXT_TOKENS + 3, TEXT_TOKENS + 102 + moved];
        let first_stamp = TEXT_TOKENS + 107 + moved;
        rows.extend(first_stamp..first_stamp + usize::from(STAMPS));
        let used = self.texts.len() + rows.len();
        rows.resize(rows.len() + used.next_multiple_of(ROW_MULTIPLE) - used, TEXT_TOKENS);
        rows
    }

    /// The bytes of a text token; `None` for a special one.
    pub(in crate::transcribe) fn text(&self, token: TokenId) -> Option<&[u8]> {
        self.texts.get(usize::try_from(token).ok()?).map(AsRef::as_ref)
    }

    /// The bytes of all text tokens, in the order of their numbers.
    pub(in crate::transcribe) fn texts(&self) -> &[Box<[u8]>] {
        &self.texts
    }

    /// Ends a text.
    pub(in crate::transcribe) fn end(&self) -> TokenId {
        self.special(Special::End)
    }

    /// What the decoder is given before the first token: start, Mandarin, transcribe.
    pub(in crate::transcribe) fn prompt(&self) -> [TokenId; 3] {
        [Special::Start, Special::Mandarin, Special::Transcribe].map(|special| self.special(special))
    }

    /// The timestamp 0.00; later ones follow at steps of 20 ms.
    pub(in crate::transcribe) fn first_stamp(&self) -> TokenId {
        self.special(Special::FirstStamp)
    }

    /// One past the last timestamp.
    pub(in crate::transcribe) fn stamps_end(&self) -> TokenId {
        self.first_stamp() + TokenId::from(STAMPS)
    }

    fn special(&self, special: Special) -> TokenId {
        number(self.texts.len()) + special as TokenId
    }
}

/// A count of tokens, far below any limit, as a token's number.
fn number(count: usize) -> TokenId {
    TokenId::try_from(count).unwrap_or(TokenId::MAX)
}

/// True for Chinese characters and parts of them, digits, punctuation and single letters or pairs, which spell all
/// else.
fn is_needed(token: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(token) else { return is_part_of_chinese(token) };
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters <= 2
        && text.chars().all(|c| c.is_ascii_alphanumeric() || is_chinese(c) || PUNCTUATION.contains(c))
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// True for bytes that begin, end or continue characters of three bytes in the blocks of Chinese and its punctuation.
fn is_part_of_chinese(bytes: &[u8]) -> bool {
    let continues = |byte: &u8| (0x80..0xc0).contains(byte);
    let from = bytes.iter().take_while(|byte| continues(byte)).count();
    let whole =
        |character: &[u8]| matches!(character[0], 0xe3..=0xe9 | 0xef) && character[1..].iter().all(continues);
    from <= 2 && bytes[from..].chunks(3).all(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mandarin_needs() {
        for (token, needed) in [
            ("我".as_bytes(), true),
            ("沒有".as_bytes(), true),
            (" 对".as_bytes(), true),
            (&"逾".as_bytes()[..2], true),
            (&"逾".as_bytes()[1..], true),
            (&"逾".as_bytes()[2..], true),
            (b"2025", true),
            ("，".as_bytes(), true),
            (b" A", true),
            (b"OK", true),
            (b" the", false),
            ("の".as_bytes(), false),
            ("다".as_bytes(), false),
            ("♪".as_bytes(), false),
            ("（".as_bytes(), false),
            (b"[", false),
            (&"ж".as_bytes()[..1], false),
            (&"다".as_bytes()[..2], false),
        ] {
            assert_eq!(is_needed(token), needed, "{token:x?}");
        }
    }

    #[test]
    fn numbers_old_and_new() {
        let texts: Vec<Box<[u8]>> = [&b"a"[..], b"the", b"1"].into_iter().map(Box::from).collect();
        let (kept, vocabulary) = Vocabulary::of(texts);
        assert_eq!(kept, [0, 2]);
        assert_eq!((vocabulary.text(1), vocabulary.text(2)), (Some(&b"1"[..]), None));
        assert_eq!((vocabulary.end(), vocabulary.prompt(), vocabulary.first_stamp()), (2, [3, 4, 5], 6));
        for (size, transcribe, first_stamp) in [(51_865, 50_359, 50_364), (51_866, 50_360, 50_365)] {
            let rows = vocabulary.special_rows(size);
            assert_eq!(rows[..5], [50_257, 50_258, 50_260, transcribe, first_stamp]);
            assert_eq!((rows.len() + 2) % ROW_MULTIPLE, 0);
            assert!(rows.iter().all(|&row| row < size));
        }
    }
}
