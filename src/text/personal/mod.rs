//! Identity, bank-card and phone numbers and addresses, written or read aloud.
//!
//! ```text
//!  text ─► tokens ─► groups ─► kinds ─┬─► find ─► mask
//!  text ─► address ───────────────────┘    ▲
//!  call ─► turns ──────────────────────────┘
//! ```
//!
//! Privacy comes first: eleven digits in one breath are no amount and no date, so they are personal whether or not a
//! checksum holds, for the recogniser mishears digits. Only numbers written in several Arabic groups, which may be a
//! list of amounts, have to look like what they would be.
//!
//! - `tokens` — a digit in any spelling: 7, 七, 拐, 三个八, and what digits are misheard as.
//! - `pauses`, `groups` — digits that belong together over commas, hums and turns.
//! - `kinds` — which number it is, and whether its check digit holds (GB 11643, Luhn).
//! - `address` — street, house and door.
//! - `known` — numbers that records name. `turns` — a whole call. `report`, `muted` — what of a call may be shown and heard.

mod address;
mod find;
mod groups;
mod kinds;
mod known;
mod mask;
mod muted;
mod pauses;
mod report;
#[cfg(test)]
mod tests;
mod tokens;
mod turns;

use std::ops::Range;

pub use find::PersonalData;
pub use kinds::PersonalKind;
pub use known::{KnownNumbers, masked_number};
pub use muted::muted;
pub use report::mask_report;
pub use turns::{PersonalSpan, masked_turns, personal_data_in_turns};

/// Everything personal in a text, in order and without overlaps.
#[must_use]
pub fn personal_data(text: &str) -> Vec<PersonalData> {
    find::find(text).into_iter().map(|found| found.data).collect()
}

/// The text with the inner digits of personal numbers, and whole addresses, starred out.
///
/// A number of eleven digits keeps its first three and last four, any other its last four. Each character becomes one of
/// equal length in bytes, so byte and character offsets into the text stay valid.
#[must_use]
pub fn masked(text: &str) -> String {
    let hidden: Vec<Range<usize>> = find::find(text).into_iter().flat_map(|found| found.hidden).collect();
    mask::starred(text, &hidden)
}
