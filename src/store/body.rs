//! A report as the store keeps it: compressed against another one made by the same rules, for reports share most of their
//! words.

use std::io::Read;

use zstd::bulk::Compressor;
use zstd::stream::read::Decoder;

use super::database::values;
use super::{Store, StoreError};
use crate::domain::{CallReport, LevelTrack, Levels, Speaker};

/// zstd's default: finer ones cost more time than they save room.
const LEVEL: i32 = 3;

/// The dictionary of a report: the first one by the same rules.
#[derive(Debug, Clone)]
struct Dictionary {
    id: i64,
    content: Vec<u8>,
}

impl Store {
    /// Writes the report of a call, and its sound where there is one.
    pub(super) fn put_body(
        &mut self,
        call: i64,
        report: &CallReport,
        levels: Option<&Levels>,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_vec(report).map_err(|error| self.damaged(&error.to_string()))?;
        let dictionary = self.dictionary_for(report, &json)?;
        let packed =
            Compressor::with_dictionary(LEVEL, &dictionary.content).and_then(|mut zstd| zstd.compress(&json));
        let packed = packed.map_err(|error| self.damaged(&error.to_string()))?;
        let sound =
            levels.map(packed_levels).transpose().map_err(|error| self.damaged(&error.to_string()))?;
        // A report made without listening keeps the sound it had.
        self.execute(
            "INSERT INTO body (call, dictionary, report, sound) VALUES ($1, $2, $3, $4)
             ON CONFLICT (call) DO UPDATE SET dictionary = excluded.dictionary, report = excluded.report,
                 sound = coalesce(excluded.sound, body.sound)",
            values![call, dictionary.id, packed, sound],
        )?;
        Ok(())
    }

    /// The report of a call, with nothing masked; none for a call whose record alone is known.
    pub(super) fn body(&mut self, call: i64) -> Result<Option<CallReport>, StoreError> {
        let sql = "SELECT dictionary.content, body.report FROM body
                   JOIN dictionary ON dictionary.id = body.dictionary WHERE body.call = $1";
        let Some(mut row) = self.row(sql, values![call])? else { return Ok(None) };
        let (dictionary, packed): (Vec<u8>, Vec<u8>) = (row.take(0)?, row.take(1)?);
        let read = || -> std::io::Result<CallReport> {
            let mut json = Vec::new();
            Decoder::with_dictionary(&packed[..], &dictionary)?.read_to_end(&mut json)?;
            Ok(serde_json::from_slice(&json)?)
        };
        read().map(Some).map_err(|error| self.damaged(&format!("report of call {call}: {error}")))
    }

    /// Loudness of a call; none without a recording.
    pub(super) fn sound(&mut self, call: i64) -> Result<Option<Levels>, StoreError> {
        let Some(mut row) = self.row("SELECT sound FROM body WHERE call = $1", values![call])? else {
            return Ok(None);
        };
        let Some(packed): Option<Vec<u8>> = row.take(0)? else { return Ok(None) };
        unpacked_levels(&packed)
            .map(Some)
            .map_err(|error| self.damaged(&format!("sound of call {call}: {error}")))
    }

    fn dictionary_for(&mut self, report: &CallReport, json: &[u8]) -> Result<Dictionary, StoreError> {
        let rules = format!("{}+{}", report.provenance.lexicons, report.provenance.policies);
        self.execute(
            "INSERT INTO dictionary (rules, content) VALUES ($1, $2) ON CONFLICT (rules) DO NOTHING",
            values![&rules, json.to_vec()],
        )?;
        let found = self.row("SELECT id, content FROM dictionary WHERE rules = $1", values![rules])?;
        let mut row = found.ok_or_else(|| self.damaged("a dictionary is missing"))?;
        Ok(Dictionary { id: row.take(0)?, content: row.take(1)? })
    }
}

/// Tracks one after the other: speaker, level of speech, number of frames, and the frames in tenths of a decibel, each as
/// the difference to the one before, low bytes of all first: most differences fit one byte.
fn packed_levels(levels: &Levels) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for track in &levels.tracks {
        bytes.push(track.speaker as u8);
        bytes.extend(track.speech_db.to_le_bytes());
        bytes.extend((track.frames_db.len() as u32).to_le_bytes());
        let tenths = track.frames_db.iter().map(|level_db| (level_db * 10.0).round() as i16);
        let differences =
            tenths.scan(0, |before, level| Some(level.wrapping_sub(std::mem::replace(before, level))));
        let pairs: Vec<[u8; 2]> = differences.map(i16::to_le_bytes).collect();
        bytes.extend(pairs.iter().map(|pair| pair[0]));
        bytes.extend(pairs.iter().map(|pair| pair[1]));
    }
    zstd::bulk::compress(&bytes, LEVEL)
}

fn unpacked_levels(packed: &[u8]) -> std::io::Result<Levels> {
    let mut bytes = Vec::new();
    Decoder::new(packed)?.read_to_end(&mut bytes)?;
    let mut rest = bytes.as_slice();
    let mut tracks = Vec::new();
    while !rest.is_empty() {
        tracks.push(track(&mut rest).ok_or(std::io::ErrorKind::InvalidData)?);
    }
    Ok(Levels { tracks })
}

fn track(rest: &mut &[u8]) -> Option<LevelTrack> {
    let speaker = match rest.split_off_first()? {
        0 => Speaker::Agent,
        1 => Speaker::Customer,
        _ => Speaker::Unknown,
    };
    let speech_db = f32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?);
    let frames = u32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?) as usize;
    let (low, high) = (rest.split_off(..frames)?, rest.split_off(..frames)?);
    let mut level = 0_i16;
    let frames_db = low.iter().zip(high).map(|(low, high)| {
        level = level.wrapping_add(i16::from_le_bytes([*low, *high]));
        (f64::from(level) / 10.0) as f32
    });
    Some(LevelTrack { speaker, frames_db: frames_db.collect(), speech_db })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn levels_come_back_as_they_were(tracks in prop::collection::vec(
            (0_u8..3, -90.0_f32..0.0, prop::collection::vec(-1200_i32..=0, 0..300)), 0..3
        )) {
            let speaker = |number| [Speaker::Agent, Speaker::Customer, Speaker::Unknown][usize::from(number)];
            let tracks = tracks.into_iter().map(|(number, speech_db, tenths)| LevelTrack {
                speaker: speaker(number),
                speech_db,
                frames_db: tenths.into_iter().map(|level| (f64::from(level) / 10.0) as f32).collect(),
            });
            let levels = Levels { tracks: tracks.collect() };
            prop_assert_eq!(unpacked_levels(&packed_levels(&levels).unwrap()).unwrap(), levels);
        }

        #[test]
        fn foreign_bytes_are_an_error_or_levels(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpacked_levels(&zstd::bulk::compress(&bytes, LEVEL).unwrap());
            let _ = unpacked_levels(&bytes);
        }
    }
}
