//! A matrix product in integers of eight bits: four times as fast as in floats, and exact, so that a text's numbers do not
//! depend on what it is encoded with.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix, QuantParams};
use rten_simd::SimdOp;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use rten_vecmath::{MaxNum, MinNum};

/// Weights have seven bits: with eight, the products of two neighbours overflow on processors without VNNI.
const WEIGHT_LEVELS: f32 = 63.0;
const INPUT_LEVELS: f32 = 127.0;
/// What zero is stored as.
const ZERO: u8 = 128;
/// A float of this size has no room for fractions: adding it rounds, and leaves the integer in the lowest bits. The
/// compiler makes vectors of that on every processor; of a checked conversion it does not.
const ROUNDING: f32 = 12_582_912.0 + ZERO as f32;

/// Rows of numbers as integers with a scale each.
pub(super) struct Quantized {
    values: NdTensor<u8, 2>,
    scales: Vec<f32>,
    zeros: Vec<u8>,
}

impl Quantized {
    /// `rows` holds whole rows of `columns` numbers.
    pub fn new(rows: &[f32], columns: usize) -> Self {
        let count = rows.len() / columns;
        let mut values = Vec::with_capacity(rows.len());
        let scales = rows.chunks_exact(columns).map(|row| quantize(row, &mut values)).collect();
        let values = NdTensor::from_data([count, columns], values);
        Self { values, scales, zeros: vec![ZERO; count] }
    }
}

/// Adds the row's numbers to `values` and gives the size of their steps.
fn quantize(row: &[f32], values: &mut Vec<u8>) -> f32 {
    let largest = MaxNum::new(row).dispatch().max(-MinNum::new(row).dispatch());
    if largest <= 0.0 || !largest.is_finite() {
        values.resize(values.len() + row.len(), ZERO);
        return 0.0;
    }
    let scale = largest / INPUT_LEVELS;
    let steps = 1.0 / scale;
    values.extend(row.iter().map(|number| (number * steps + ROUNDING).to_bits() as u8));
    scale
}

/// `y = x Wᵀ + b`.
pub(super) struct Linear {
    product: GemmExecutor<u8, i8, i32>,
    weights: PackedBMatrix<i8>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// From weights of `bias.len()` rows, one an output.
    pub fn new(weights: &[f32], bias: Vec<f32>) -> Self {
        let outputs = bias.len();
        let inputs = weights.len() / outputs;
        let scale =
            |row: &[f32]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())) / WEIGHT_LEVELS;
        let scales: Vec<f32> = weights.chunks_exact(inputs).map(scale).collect();
        let mut turned = vec![0_i8; weights.len()];
        for (output, (row, scale)) in weights.chunks_exact(inputs).zip(&scales).enumerate() {
            for (input, weight) in row.iter().enumerate() {
                turned[input * outputs + output] = (weight / scale.max(f32::MIN_POSITIVE)).round() as i8;
            }
        }
        let product = GemmExecutor::new();
        let weights = product.prepack_b(NdTensor::from_data([inputs, outputs], turned).view());
        Self { product, weights, scales, bias }
    }

    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// One row of outputs for each row of inputs.
    pub fn apply(&self, inputs: &Quantized) -> Result<Vec<f32>, GemmError> {
        let mut sums = vec![0_i32; inputs.scales.len() * self.outputs()];
        let zeros = QuantParams { zero_point: &inputs.zeros };
        self.product.gemm(
            &mut sums,
            GemmInputA::Unpacked(inputs.values.view()),
            GemmInputB::Packed(&self.weights),
            GemmOptions { a_quant: Some(zeros), ..GemmOptions::default() },
        )?;
        let mut outputs = Vec::with_capacity(sums.len());
        for (sums, input) in sums.chunks_exact(self.outputs()).zip(&inputs.scales) {
            let sized = sums.iter().zip(&self.scales).zip(&self.bias);
            outputs.extend(sized.map(|((sum, scale), bias)| *sum as f32 * (input * scale) + bias));
        }
        Ok(outputs)
    }
}
