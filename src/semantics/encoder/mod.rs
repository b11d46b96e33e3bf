//! Sentences to vectors: texts that mean alike lie in one direction.
//!
//! The model is multilingual-e5-small (Wang et al. 2024, *Multilingual E5 Text Embeddings*; MIT): twelve layers of 384
//! numbers a piece; its vector is the mean of the last over all pieces, brought to length one. Its authors prefix what
//! is compared with its like by `query: `. Layers before the last are given, too: they are nearer to the words, and what
//! they know the last has partly given up for the sake of search.
//!
//! - `file` — the model's file; `tokenizer` — text to pieces; `linear`, `layer` — the arithmetic.

mod file;
mod layer;
mod linear;
#[cfg(test)]
mod tests;
mod tokenizer;

use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use crate::weights::{FormatError, WeightsError};

use file::{PackedFile, Shape, Specials};
use layer::{Layer, Norm};
use tokenizer::Tokenizer;

/// What the encoder makes of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    numbers: Vec<f32>,
    width: usize,
}

impl Embedding {
    /// Every second layer up to the last, one after another: each is the mean over all pieces, brought to length one.
    #[must_use]
    pub fn layers(&self) -> &[f32] {
        &self.numbers
    }

    /// The vector that the model's authors mean: the last layer's.
    #[must_use]
    pub fn last_layer(&self) -> &[f32] {
        &self.numbers[self.numbers.len() - self.width..]
    }
}

/// What the model's authors put before a text that is compared with texts of its kind.
const PREFIX: &str = "query: ";
/// Pieces that go through the layers together: enough to keep the arithmetic busy, few enough for the cache. Utterances a
/// second on two threads of one core: 344 with 64, 353 with 128, 358 with 256, 346 with 512.
const BATCH_PIECES: usize = 256;

/// A loaded encoder; any number of threads may use it.
pub struct Encoder {
    tokenizer: Tokenizer,
    specials: Specials,
    shape: Shape,
    /// Stored rows of the kept pieces.
    words: Vec<u8>,
    /// Of every position, with what all pieces share.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Encoder {
    /// Loads the packed file (about 72 MB; a third of it is kept).
    pub fn open(path: &Path) -> Result<Self, WeightsError> {
        let opened = File::open(path).map_err(FormatError::from).and_then(Self::read);
        opened.map_err(|error| error.in_file(path, "fetch it again: callaudit model fetch e5-small"))
    }

    fn read(reader: impl Read + Seek) -> Result<Self, FormatError> {
        let (mut file, vocabulary) = PackedFile::open(reader)?;
        let shape = file.shape;
        let (tokenizer, kept) = Tokenizer::new(vocabulary).map_err(FormatError::malformed)?;
        let words = file.rows("emb.word", shape.hidden, kept.rows.iter().copied())?;
        let mut positions = file.plain("emb.pos", shape.positions * shape.hidden)?;
        let shared = file.plain("emb.type", shape.types * shape.hidden)?;
        for row in positions.chunks_exact_mut(shape.hidden) {
            row.iter_mut().zip(&shared).for_each(|(number, shared)| *number += shared);
        }
        let norm = Norm::read(&mut file, "emb.ln")?;
        let layers =
            (0..shape.layers).map(|layer| Layer::read(&mut file, layer)).collect::<Result<_, _>>()?;
        Ok(Self { tokenizer, specials: kept.specials, shape, words, positions, norm, layers })
    }

    /// An embedding for each text, the same whatever it is encoded with. A text is cut at the model's longest length.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Embedding>, String> {
        let pieces = texts.par_iter().map(|text| self.pieces(text)).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<Vec<Embedding>> = batches(&pieces)
            .into_par_iter()
            .map(|batch| self.encode_batch(&pieces[batch]))
            .collect::<Result<_, _>>()?;
        Ok(batches.concat())
    }

    fn pieces(&self, text: &str) -> Result<Vec<u32>, String> {
        let mut pieces = vec![self.specials.begin as u32];
        pieces.extend(self.tokenizer.pieces(&format!("{PREFIX}{text}"))?);
        pieces.truncate(self.shape.positions - 1);
        pieces.push(self.specials.end as u32);
        Ok(pieces)
    }

    fn encode_batch(&self, texts: &[Vec<u32>]) -> Result<Vec<Embedding>, String> {
        let hidden = self.shape.hidden;
        let mut rows = Vec::new();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for text in texts {
            let start = rows.len() / hidden;
            ranges.push(start..start + text.len());
            for (position, piece) in text.iter().enumerate() {
                rows.extend(self.row(*piece as usize, position));
            }
        }
        self.norm.apply(&mut rows);
        let mut embeddings = vec![Embedding { numbers: Vec::new(), width: hidden }; texts.len()];
        for (left, layer) in (0..self.layers.len()).rev().zip(&self.layers) {
            layer.apply(&mut rows, &ranges).map_err(|error| error.to_string())?;
            if left % 2 == 0 {
                for (range, embedding) in ranges.iter().zip(&mut embeddings) {
                    embedding.numbers.extend(mean(&rows[range.start * hidden..range.end * hidden], hidden));
                }
            }
        }
        Ok(embeddings)
    }

    fn row(&self, piece: usize, position: usize) -> Vec<f32> {
        let (hidden, bytes) = (self.shape.hidden, file::row_bytes(self.shape.hidden));
        let mut row = vec![0.0; hidden];
        file::unpack(&self.words[piece * bytes..(piece + 1) * bytes], &mut row);
        let position = &self.positions[position * hidden..(position + 1) * hidden];
        row.iter_mut().zip(position).for_each(|(number, position)| *number += position);
        row
    }
}

/// Neighbours that go through the layers together.
fn batches(texts: &[Vec<u32>]) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    let mut size = 0;
    for (index, text) in texts.iter().enumerate() {
        match batches.last_mut() {
            Some(batch) if size + text.len() <= BATCH_PIECES => {
                batch.end = index + 1;
                size += text.len();
            }
            _ => {
                batches.push(index..index + 1);
                size = text.len();
            }
        }
    }
    batches
}

/// The mean of all rows, brought to length one.
fn mean(rows: &[f32], hidden: usize) -> impl Iterator<Item = f32> {
    let mut sum: Vec<f32> = vec![0.0; hidden];
    for row in rows.chunks_exact(hidden) {
        sum.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
    }
    let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
    sum.into_iter().map(move |number| number / length.max(f32::MIN_POSITIVE))
}
