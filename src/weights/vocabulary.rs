//! The words of a model: `tokenizer.json` to the byte strings that a GGML file carries.

use std::collections::BTreeMap;
use std::path::Path;

use tokenizers::Tokenizer;

use super::error::WeightsError;

/// Reads the text tokens in the order of their ids. Special tokens are left out: whisper.cpp numbers those itself.
pub(super) fn read(path: &Path) -> Result<Vec<Vec<u8>>, WeightsError> {
    let refuse = |cause: String| {
        WeightsError::of_file(path, cause, "give the tokenizer.json that belongs to this Whisper model")
    };
    let json = std::fs::read(path).map_err(|error| WeightsError::reading(path, &error))?;
    let tokenizer =
        Tokenizer::from_bytes(json).map_err(|error| refuse(format!("is no tokenizer: {error}")))?;
    let special = tokenizer.get_added_vocabulary().get_vocab();
    let text = tokenizer.get_vocab(false).into_iter().filter(|(token, _)| !special.contains_key(token));
    in_order(text.map(|(token, id)| (id, token)).collect()).map_err(refuse)
}

fn in_order(tokens: BTreeMap<u32, String>) -> Result<Vec<Vec<u8>>, String> {
    if tokens.is_empty() {
        return Err("holds no tokens".to_owned());
    }
    let bytes = byte_alphabet();
    let decode = |(expected, (id, token)): (u32, (u32, String))| {
        if id != expected {
            return Err(format!("has no token {expected}"));
        }
        let decoded: Option<Vec<u8>> = token.chars().map(|letter| bytes.get(&letter).copied()).collect();
        decoded
            .ok_or_else(|| format!("has the token '{token}', which is not spelled in GPT-2's byte alphabet"))
    };
    (0..).zip(tokens).map(decode).collect()
}

/// GPT-2 spells every byte as one printable character: printable Latin-1 as itself, the rest from U+0100 upwards.
fn byte_alphabet() -> BTreeMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let as_itself = (0..=u8::MAX).filter(printable).map(|byte| (char::from(byte), byte));
    let moved = ('\u{100}'..).zip((0..=u8::MAX).filter(|byte| !printable(byte)));
    as_itself.chain(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(words: &[(u32, &str)]) -> BTreeMap<u32, String> {
        words.iter().map(|(id, word)| (*id, (*word).to_owned())).collect()
    }

    #[test]
    fn the_alphabet_spells_every_byte_once() {
        let alphabet = byte_alphabet();
        let mut bytes: Vec<u8> = alphabet.values().copied().collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=u8::MAX).collect::<Vec<_>>());
        assert_eq!((alphabet[&'Ġ'], alphabet[&'Ċ'], alphabet[&'a']), (b' ', b'\n', b'a'));
    }

    #[test]
    fn tokens_come_as_bytes_in_order_of_their_ids() {
        let words = in_order(tokens(&[(1, "Ġ("), (0, "åľº"), (2, "")])).unwrap();
        assert_eq!(words, ["场".as_bytes(), b" (", b""]);
    }

    #[test]
    fn gaps_and_foreign_spellings_are_refused() {
        assert_eq!(in_order(tokens(&[(0, "a"), (2, "b")])), Err("has no token 1".to_owned()));
        assert!(in_order(tokens(&[(0, "场")])).unwrap_err().contains("byte alphabet"));
        assert!(in_order(BTreeMap::new()).is_err());
    }
}
