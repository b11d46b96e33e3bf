//! The words and sounds of a transcript, as the index keeps them.

use std::collections::BTreeSet;

use super::database::{Dialect, values};
use super::{Store, StoreError};
use crate::domain::Segment;
use crate::text::{NormalText, Segmenter, sound_keys};

/// Between two segments: nothing that was said goes on over it.
const BREAK: &str = "x";
/// PostgreSQL numbers no more places in a text than this.
const LAST_PLACE: usize = 16_383;

impl Store {
    /// Puts what was said into the index, in place of what the call said before. `shown` are the masked segments.
    pub(super) fn put_spoken(&mut self, call: i64, shown: &[Segment]) -> Result<(), StoreError> {
        let (mut words, mut sounds) = (BTreeSet::new(), Vec::new());
        for segment in shown {
            let text = NormalText::new(&segment.text);
            words.extend(Segmenter::new().words_and_parts(text.as_str()).into_iter().map(str::to_owned));
            sounds.extend(sound_keys(text.as_str()));
            sounds.push(BREAK.to_owned());
        }
        self.remove_spoken(call)?;
        match self.database.dialect() {
            Dialect::Sqlite => {
                let words = words.into_iter().collect::<Vec<_>>().join(" ");
                self.execute(
                    "INSERT INTO spoken_words (rowid, words) VALUES ($1, $2)",
                    values![call, words],
                )?;
                let sounds = sounds.join(" ");
                self.execute(
                    "INSERT INTO spoken_sounds (rowid, sounds) VALUES ($1, $2)",
                    values![call, sounds],
                )?;
            }
            Dialect::Postgres => {
                let words = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
                self.execute(
                    "INSERT INTO spoken (call, words, sounds) VALUES ($1, $2::TEXT::tsvector, $3::TEXT::tsvector)",
                    values![call, words, vector(&sounds)],
                )?;
            }
        }
        Ok(())
    }

    pub(super) fn remove_spoken(&mut self, call: i64) -> Result<(), StoreError> {
        for sql in self.spoken_tables() {
            self.execute(&format!("DELETE FROM {sql} = $1"), values![call])?;
        }
        Ok(())
    }

    /// The tables of the index, each with its column of calls.
    pub(super) fn spoken_tables(&self) -> &'static [&'static str] {
        match self.database.dialect() {
            Dialect::Sqlite => &["spoken_words WHERE rowid", "spoken_sounds WHERE rowid"],
            Dialect::Postgres => &["spoken WHERE call"],
        }
    }
}

/// Tokens with their places, as PostgreSQL writes them: its own parser would cut Chinese by the server's locale.
fn vector(tokens: &[String]) -> String {
    let places =
        (1..).zip(tokens).map(|(place, token)| format!("{}:{}", quoted(token), place.min(LAST_PLACE)));
    places.collect::<Vec<_>>().join(" ")
}

/// A token as a word of PostgreSQL's own.
pub(super) fn quoted(token: &str) -> String {
    format!("'{}'", token.replace('\\', "\\\\").replace('\'', "''"))
}
