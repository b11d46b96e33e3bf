//! Weights as the blocks that ggml computes with.
//!
//! A block is 32 weights along a row. The arithmetic follows ggml's reference quantiser step by step, so that a
//! file made here holds what ggml's own tool would have written.

use std::fmt;
use std::str::FromStr;

use half::f16;
use serde::Deserialize;

/// Weights in one block of every quantised form here.
pub(super) const BLOCK_WEIGHTS: usize = 32;

/// How the large matrices of a model file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantization {
    F16,
    Q8_0,
    Q5_0,
    Q5_1,
    Q4_0,
}

impl Quantization {
    /// What [`import`](super::import) can write.
    pub const WRITABLE: [Self; 3] = [Self::F16, Self::Q8_0, Self::Q4_0];
    const ALL: [Self; 5] = [Self::F16, Self::Q8_0, Self::Q5_0, Self::Q5_1, Self::Q4_0];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Q8_0 => "q8_0",
            Self::Q5_0 => "q5_0",
            Self::Q5_1 => "q5_1",
            Self::Q4_0 => "q4_0",
        }
    }
}

impl fmt::Display for Quantization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Quantization {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|quantization| quantization.name() == name)
            .ok_or_else(|| format!("no such quantisation; known are {known}"))
    }
}

/// How one tensor is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    F32,
    F16,
    Q8_0,
    Q4_0,
}

impl Encoding {
    /// Bytes that so many weights take.
    pub(super) fn bytes(self, weights: usize) -> usize {
        match self {
            Self::F32 => weights * 4,
            Self::F16 => weights * 2,
            Self::Q8_0 => weights / BLOCK_WEIGHTS * 34,
            Self::Q4_0 => weights / BLOCK_WEIGHTS * 18,
        }
    }

    /// Appends `weights` to `bytes`. Their count must be a multiple of [`BLOCK_WEIGHTS`] for the quantised forms;
    /// what is left over is not written.
    pub(super) fn append(self, weights: &[f32], bytes: &mut Vec<u8>) {
        match self {
            Self::F32 => weights.iter().for_each(|weight| bytes.extend(weight.to_le_bytes())),
            Self::F16 => weights.iter().for_each(|weight| bytes.extend(f16::from_f32(*weight).to_le_bytes())),
            Self::Q8_0 => weights.as_chunks().0.iter().for_each(|block| append_q8_0(block, bytes)),
            Self::Q4_0 => weights.as_chunks().0.iter().for_each(|block| append_q4_0(block, bytes)),
        }
    }
}

/// An f16 scale and 32 signed bytes: weight = scale × byte.
fn append_q8_0(block: &[f32; BLOCK_WEIGHTS], bytes: &mut Vec<u8>) {
    let largest = block.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    let scale = largest / 127.0;
    let inverse = inverse(scale);
    bytes.extend(f16::from_f32(scale).to_le_bytes());
    bytes.extend(block.iter().map(|weight| ((weight * inverse).round() as i8).cast_unsigned()));
}

/// An f16 scale and 32 nibbles, the first half of the block in the low ones: weight = scale × (nibble - 8).
///
/// The weight furthest from zero becomes nibble 0 exactly, whatever its sign.
fn append_q4_0(block: &[f32; BLOCK_WEIGHTS], bytes: &mut Vec<u8>) {
    let furthest = block.iter().fold(
        0.0_f32,
        |furthest, weight| {
            if weight.abs() > furthest.abs() { *weight } else { furthest }
        },
    );
    let scale = furthest / -8.0;
    let inverse = inverse(scale);
    let nibble = |weight: f32| ((weight * inverse + 8.5) as u8).min(15);
    bytes.extend(f16::from_f32(scale).to_le_bytes());
    let (low, high) = block.split_at(BLOCK_WEIGHTS / 2);
    bytes.extend(low.iter().zip(high).map(|(low, high)| nibble(*low) | nibble(*high) << 4));
}

fn inverse(scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { 1.0 / scale }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encode(encoding: Encoding, weights: &[f32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        encoding.append(weights, &mut bytes);
        bytes
    }

    fn scale(block: &[u8]) -> f32 {
        f16::from_le_bytes([block[0], block[1]]).to_f32()
    }

    fn decode_q8_0(block: &[u8]) -> Vec<f32> {
        block[2..].iter().map(|byte| scale(block) * f32::from(byte.cast_signed())).collect()
    }

    fn decode_q4_0(block: &[u8]) -> Vec<f32> {
        let weight = |nibble: u8| scale(block) * (f32::from(nibble) - 8.0);
        let low = block[2..].iter().map(|byte| weight(byte & 15));
        low.chain(block[2..].iter().map(|byte| weight(byte >> 4))).collect()
    }

    #[test]
    fn q8_0_of_a_ramp() {
        let ramp: Vec<f32> = (0..32).map(|index| index as f32 * 127.0 / 31.0).collect();
        let bytes = encode(Encoding::Q8_0, &ramp);
        assert_eq!(bytes[..2], f16::ONE.to_le_bytes());
        assert_eq!(bytes[2..8], [0, 4, 8, 12, 16, 20]);
        assert_eq!((bytes.len(), bytes[33]), (34, 127));
    }

    #[test]
    fn q8_0_rounds_halves_away_from_zero() {
        let mut block = [0.0; 32];
        (block[0], block[1], block[2]) = (127.0, 2.5, -2.5);
        assert_eq!(encode(Encoding::Q8_0, &block)[2..5], [127, 3, 253]);
    }

    #[test]
    fn q4_0_puts_the_furthest_weight_at_nibble_zero() {
        let mut block = [0.0; 32];
        (block[0], block[1], block[16]) = (8.0, -8.0, 4.0);
        let bytes = encode(Encoding::Q4_0, &block);
        // The first of two equally far weights rules: scale -1, so 8 -> 0, -8 -> 16 capped at 15, 4 -> 4.
        assert_eq!((scale(&bytes), bytes[2], bytes[3], bytes.len()), (-1.0, 0x40, 0x8f, 18));
    }

    #[test]
    fn zeros_stay_zero() {
        assert_eq!(encode(Encoding::Q8_0, &[0.0; 32]), [0; 34]);
        assert_eq!(decode_q4_0(&encode(Encoding::Q4_0, &[0.0; 32])), [0.0; 32]);
    }

    #[test]
    fn names_parse_back() {
        for quantization in Quantization::ALL {
            assert_eq!(quantization.name().parse(), Ok(quantization));
        }
        assert!("q9".parse::<Quantization>().is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_weight_moves_more_than_half_a_step(block in proptest::array::uniform32(-2.0_f32..2.0)) {
            let largest = block.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
            // Half a step, and what rounding the scale to 11 bits adds.
            let bound = |steps: f32| largest / steps * 0.5 + largest / 1024.0;
            for (before, after) in block.iter().zip(decode_q8_0(&encode(Encoding::Q8_0, &block))) {
                prop_assert!((before - after).abs() <= bound(127.0), "{before} {after}");
            }
            for (before, after) in block.iter().zip(decode_q4_0(&encode(Encoding::Q4_0, &block))) {
                // The end without a nibble of its own may be a whole step off.
                prop_assert!((before - after).abs() <= 2.0 * bound(8.0), "{before} {after}");
            }
        }

        #[test]
        fn any_bits_encode(bits in proptest::collection::vec(any::<u32>(), 0..80)) {
            let weights: Vec<f32> = bits.into_iter().map(f32::from_bits).collect();
            let blocks = weights.len() / BLOCK_WEIGHTS;
            prop_assert_eq!(encode(Encoding::Q8_0, &weights).len(), blocks * 34);
            prop_assert_eq!(encode(Encoding::Q4_0, &weights).len(), blocks * 18);
        }
    }
}
