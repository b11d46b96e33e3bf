//! A Whisper model small enough for tests, made of counted-up weights.

use std::collections::BTreeMap;

use half::f16;

use super::ggml::Hyperparameters;
use super::import::convert;
use super::layout::{self, Form};
use super::{Quantization, Silent};

/// One layer a side, states of one head.
pub(super) const SHAPE: Hyperparameters = Hyperparameters {
    vocabulary: 40,
    audio_context: 4,
    audio_state: 64,
    audio_heads: 1,
    audio_layers: 1,
    text_context: 4,
    text_state: 64,
    text_heads: 1,
    text_layers: 1,
    mels: 80,
};

/// Three text tokens and a special one.
pub(super) const TOKENIZER: &str = r#"{"version":"1.0","truncation":null,"padding":null,"normalizer":null,
"pre_tokenizer":null,"post_processor":null,"decoder":null,"added_tokens":[{"id":3,"content":"<|endoftext|>",
"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
"model":{"type":"BPE","vocab":{"a":0,"Ġ":1,"":2,"<|endoftext|>":3},"merges":[]}}"#;

/// How the synthetic weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    F32,
    F16,
    /// Matrices as bytes with a scale a row, the rest f32.
    I8,
}

/// Weight `index` of any array: a multiple of 1/64 below 1, exact in every type.
pub(super) fn weight(index: usize) -> f32 {
    ((index * 37 % 101) as f32 - 50.0) / 64.0
}

/// The bytes of a CTranslate2 model of [`SHAPE`].
pub(super) fn ctranslate2(number: Number) -> Vec<u8> {
    let variable = |tensor: layout::Tensor| {
        let mut dimensions = tensor.shape;
        dimensions[0] *= tensor.parts;
        (tensor.variable, (dimensions, tensor.form == Form::Matrix))
    };
    let variables: BTreeMap<_, _> = layout::tensors(&SHAPE).into_iter().map(variable).collect();
    let mut records = Records::default();
    for (name, (dimensions, is_matrix)) in &variables {
        match number {
            Number::F16 => records.f16(name, dimensions),
            Number::I8 if *is_matrix => records.i8(name, dimensions),
            Number::F32 | Number::I8 => records.f32(name, dimensions, weight),
        }
    }
    records.into_file()
}

/// The synthetic model as this crate converts it.
pub(super) fn ggml(ctranslate2: &[u8], quantization: Quantization) -> Vec<u8> {
    let mut out = Vec::new();
    let tokens = [b"a".to_vec(), b" ".to_vec(), Vec::new()];
    convert(std::io::Cursor::new(ctranslate2), &tokens, quantization, &mut out, &Silent).unwrap();
    out
}

#[derive(Default)]
struct Records {
    count: u32,
    bytes: Vec<u8>,
}

impl Records {
    fn f32(&mut self, name: &str, dimensions: &[usize], weight: impl Fn(usize) -> f32) {
        let count = dimensions.iter().product();
        self.add(
            name,
            dimensions,
            0,
            &(0..count).flat_map(|index| weight(index).to_le_bytes()).collect::<Vec<_>>(),
        );
    }

    fn f16(&mut self, name: &str, dimensions: &[usize]) {
        let count = dimensions.iter().product();
        let weights = (0..count).flat_map(|index| f16::from_f32(weight(index)).to_le_bytes());
        self.add(name, dimensions, 4, &weights.collect::<Vec<_>>());
    }

    fn i8(&mut self, name: &str, dimensions: &[usize]) {
        let count = dimensions.iter().product();
        let weights = (0..count).map(|index| ((weight(index) * 64.0) as i8).cast_unsigned());
        self.add(name, dimensions, 1, &weights.collect::<Vec<_>>());
        self.f32(&format!("{name}_scale"), &dimensions[..1], |_| 64.0);
    }

    fn add(&mut self, name: &str, dimensions: &[usize], number: u8, data: &[u8]) {
        self.count += 1;
        self.string(name);
        self.bytes.push(dimensions.len() as u8);
        for length in dimensions {
            self.bytes.extend((*length as u32).to_le_bytes());
        }
        self.bytes.push(number);
        self.bytes.extend((data.len() as u32).to_le_bytes());
        self.bytes.extend(data);
    }

    fn string(&mut self, text: &str) {
        self.bytes.extend((text.len() as u16 + 1).to_le_bytes());
        self.bytes.extend(text.as_bytes());
        self.bytes.push(0);
    }

    fn into_file(mut self) -> Vec<u8> {
        let mut head = Self::default();
        head.bytes.extend(6_u32.to_le_bytes());
        head.string("WhisperSpec");
        head.bytes.extend(3_u32.to_le_bytes());
        head.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(1_u32.to_le_bytes());
        self.string("decoder/projection/weight");
        self.string("decoder/embeddings/weight");
        [head.bytes, self.bytes].concat()
    }
}
