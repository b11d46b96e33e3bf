//! What bytes mean: UTF-8, or GB18030 as Chinese editions of Excel still write it.

use std::borrow::Cow;

use encoding_rs::GB18030;

use crate::ingest::fault::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Gb18030,
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Refuses what is no text of either encoding by its first bytes; gives how many of them to leave out.
pub fn marks(start: &[u8]) -> Result<usize, Fault> {
    const SAVE: &str = "save it as UTF-8 text; in Excel: Save As, CSV UTF-8 (Comma delimited)";
    match start {
        [] => Err(Fault::new("is empty", "write a header line and one call a line")),
        [b'P', b'K', ..] => Err(Fault::new("is a workbook, not CSV", SAVE)),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Err(Fault::new("is UTF-16 text, not UTF-8", SAVE)),
        _ => Ok(if start.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }),
    }
}

impl Encoding {
    /// The encoding of the first block that is not plain ASCII; text that is of neither counts as damaged UTF-8, whose
    /// rows are told one by one.
    pub fn of(block: &[u8]) -> Option<Self> {
        if block.is_ascii() {
            return None;
        }
        let is_utf8 = std::str::from_utf8(block).is_ok();
        let is_gb18030 = || GB18030.decode_without_bom_handling_and_without_replacement(block).is_some();
        Some(if !is_utf8 && is_gb18030() { Self::Gb18030 } else { Self::Utf8 })
    }

    /// The block in UTF-8, as far as it is any. What GB18030 cannot mean becomes U+FFFD.
    pub fn decoded(self, block: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(block),
            Self::Gb18030 => match GB18030.decode_without_bom_handling(block).0 {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        }
    }
}
