//! One segment's text in the forms that matching needs, each with its way back to the original bytes.
//!
//! ```text
//!  original ─► fold ─► numerals ─► punctuation away ─► simplified ═► NormalText ─► source(): bytes of the original
//!                                                                        │
//!                        syllable + confusion: how alike two characters sound
//!                        words: where words begin and end
//!  original ─► personal: numbers that no report may show
//! ```
//!
//! - [`NormalText`] — the one form that rules are matched on.
//! - [`Syllable`], [`syllable_cost`], [`char_cost`], [`sound_class`] — matching by sound.
//! - [`rarity_bits`] — how rarely syllables are heard in a row.
//! - [`Segmenter`] — word boundaries, to tell a word from a cut through two; words, to search for.
//! - [`sound_keys`] — what sounds alike, to search for.
//! - [`personal_data`], [`masked`], [`mask_report`], [`muted`] — identity, bank-card and phone numbers, addresses: found,
//!   and kept from being read or heard.

mod confusion;
mod fold;
mod normal;
mod numerals;
mod personal;
mod plain;
mod rarity;
mod readings;
mod simplified;
mod sound_keys;
mod syllable;
mod words;

pub use confusion::{CLOSE, LOOSE, MISMATCH, SAME, char_cost, sound_class, syllable_cost};
pub use normal::NormalText;
pub use personal::{
    KnownNumbers, PersonalData, PersonalKind, PersonalSpan, mask_report, masked, masked_number, masked_turns,
    muted, personal_data, personal_data_in_turns,
};
pub use rarity::rarity_bits;
pub use readings::readings;
pub use simplified::to_simplified;
pub use sound_keys::sound_keys;
pub use syllable::Syllable;
pub use words::Segmenter;
