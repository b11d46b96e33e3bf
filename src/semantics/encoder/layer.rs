//! One layer of the encoder: every piece looks at all pieces of its text, then at itself.

use std::io::{Read, Seek};
use std::ops::Range;

use rten_gemm::GemmError;
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use super::file::{PackedFile, Shape};
use super::linear::{Linear, Quantized};
use crate::weights::FormatError;

/// Brings every row to one mean and spread.
pub(super) struct Norm {
    scale: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    pub fn read<R: Read + Seek>(file: &mut PackedFile<R>, name: &str) -> Result<Self, FormatError> {
        let Shape { hidden, epsilon, .. } = file.shape;
        let scale = file.plain(&format!("{name}.w"), hidden)?;
        Ok(Self { scale, bias: file.plain(&format!("{name}.b"), hidden)?, epsilon })
    }

    pub fn apply(&self, rows: &mut [f32]) {
        let width = self.scale.len() as f32;
        for row in rows.chunks_exact_mut(self.scale.len()) {
            let mean = Sum::new(row).dispatch() / width;
            let variance = SumSquareSub::new(row, mean).dispatch() / width;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + self.epsilon).sqrt(),
                element_scale: Some(&self.scale),
                element_bias: Some(&self.bias),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}

pub(super) struct Layer {
    query_key_value: Linear,
    output: Linear,
    norm: Norm,
    inner: Linear,
    outer: Linear,
    last_norm: Norm,
    heads: usize,
}

impl Layer {
    pub fn read<R: Read + Seek>(file: &mut PackedFile<R>, layer: usize) -> Result<Self, FormatError> {
        let Shape { hidden, inner, heads, .. } = file.shape;
        let name = |array: &str| format!("l{layer}.{array}");
        let mut linear = |parts: &[&str], outputs: usize, inputs: usize| {
            let (mut weights, mut bias) = (Vec::new(), Vec::new());
            for part in parts {
                weights.extend(file.matrix(&format!("{}.w", name(part)), outputs, inputs)?);
                bias.extend(file.plain(&format!("{}.b", name(part)), outputs)?);
            }
            Ok::<Linear, FormatError>(Linear::new(&weights, bias))
        };
        let query_key_value = linear(&["q", "k", "v"], hidden, hidden)?;
        let output = linear(&["ao"], hidden, hidden)?;
        let (inner, outer) = (linear(&["fi"], inner, hidden)?, linear(&["fo"], hidden, inner)?);
        let (norm, last_norm) = (Norm::read(file, &name("aln"))?, Norm::read(file, &name("oln"))?);
        Ok(Self { query_key_value, output, norm, inner, outer, last_norm, heads })
    }

    /// `rows` are the pieces of several texts one after another, `texts` says which are whose.
    pub fn apply(&self, rows: &mut [f32], texts: &[Range<usize>]) -> Result<(), GemmError> {
        let hidden = self.output.outputs();
        let projected = self.query_key_value.apply(&Quantized::new(rows, hidden))?;
        let mut seen = vec![0.0; rows.len()];
        for text in texts {
            let projected = &projected[text.start * 3 * hidden..text.end * 3 * hidden];
            self.attend(projected, &mut seen[text.start * hidden..text.end * hidden]);
        }
        add(rows, &self.output.apply(&Quantized::new(&seen, hidden))?);
        self.norm.apply(rows);
        let mut inner = self.inner.apply(&Quantized::new(rows, hidden))?;
        Gelu {}.map_mut(&mut inner);
        add(rows, &self.outer.apply(&Quantized::new(&inner, self.inner.outputs()))?);
        self.last_norm.apply(rows);
        Ok(())
    }

    /// What each piece of one text sees of all: `projected` has query, key and value of each in a row.
    fn attend(&self, projected: &[f32], seen: &mut [f32]) {
        let hidden = self.output.outputs();
        let width = hidden / self.heads;
        let length = seen.len() / hidden;
        let padded = length.next_multiple_of(LANES);
        let scale = 1.0 / (width as f32).sqrt();
        let (mut keys, mut values) = (vec![0.0; width * padded], vec![0.0; length * width]);
        let mut weights = vec![0.0; padded];
        for head in 0..self.heads {
            let part = |piece: usize, which: usize| {
                let start = (piece * 3 + which) * hidden + head * width;
                &projected[start..start + width]
            };
            for piece in 0..length {
                for (number, key) in part(piece, 1).iter().enumerate() {
                    keys[number * padded + piece] = key * scale;
                }
                values[piece * width..(piece + 1) * width].copy_from_slice(part(piece, 2));
            }
            for piece in 0..length {
                combine(part(piece, 0), &keys, &mut weights);
                Softmax::new_mut(&mut weights[..length]).dispatch();
                let start = piece * hidden + head * width;
                combine(&weights[..length], &values, &mut seen[start..start + width]);
            }
        }
    }
}

/// Numbers that are added up side by side.
const LANES: usize = 8;

/// The sum of `rows`, each times its factor; there are as many rows as factors.
fn combine(factors: &[f32], rows: &[f32], sum: &mut [f32]) {
    let width = sum.len();
    for (lane, sum) in sum.chunks_mut(LANES).enumerate() {
        let mut lanes = [0.0_f32; LANES];
        for (factor, row) in factors.iter().zip(rows.chunks_exact(width)) {
            let row = &row[lane * LANES..lane * LANES + sum.len()];
            if let Ok(row) = <&[f32; LANES]>::try_from(row) {
                for (lane, number) in lanes.iter_mut().zip(row) {
                    *lane += factor * number;
                }
            } else {
                lanes.iter_mut().zip(row).for_each(|(lane, number)| *lane += factor * number);
            }
        }
        sum.copy_from_slice(&lanes[..sum.len()]);
    }
}

fn add(rows: &mut [f32], others: &[f32]) {
    for (number, other) in rows.iter_mut().zip(others) {
        *number += other;
    }
}
