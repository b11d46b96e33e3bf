//! CTranslate2 to GGML, a few rows at a time: memory stays at some megabytes whatever the model's size.

use std::io::{BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::ctranslate2::Model;
use super::digest::Hashing;
use super::error::{FormatError, WeightsError};
use super::ggml::{self, Hyperparameters};
use super::joined::Joined;
use super::layout::{self, Form, Tensor};
use super::manifest::manifest;
use super::progress::Progress;
use super::quantize::{BLOCK_WEIGHTS, Encoding, Quantization};
use super::source::Source;
use super::staging::Staging;
use super::vocabulary;

/// Weights that are in memory at a time (or one row where rows are longer).
const CHUNK_WEIGHTS: usize = 1 << 18;
/// Weights of one attention head in every Whisper model.
const HEAD_WEIGHTS: u32 = 64;
/// Mel bands: 80 up to large-v2, 128 from large-v3 on.
const MEL_BANDS: [u32; 2] = [80, 128];

const HINT: &str =
    "give a CTranslate2 Whisper model, such as faster-whisper uses; fetch or copy it again if it is one";

/// A model file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub path: PathBuf,
    pub sha256: String,
    pub bytes: u64,
}

/// Turns a CTranslate2 model into a GGML file. Without an `output` it is named after the manifest's entry with the
/// same content, else after the directory it came from, and put into `models`.
pub fn import(
    source: &Source,
    quantization: Quantization,
    output: Option<&Path>,
    models: &Path,
    progress: &dyn Progress,
) -> Result<Imported, WeightsError> {
    let fallback = models.join(format!("ggml-{}-{quantization}.bin", source.label()));
    let staging = Staging::beside(output.unwrap_or(&fallback))?;
    let written = write_staged(source, quantization, &staging, progress)?;
    let known = manifest()?.file_with_hash(&written.sha256).map(|(_, file)| models.join(&file.file));
    let path = output.map(Path::to_owned).or(known).unwrap_or(fallback);
    staging.commit(&written.file, &path)?;
    Ok(Imported { path, sha256: written.sha256, bytes: written.bytes })
}

/// A converted model that is not in its place yet.
pub(super) struct Written {
    pub(super) file: std::fs::File,
    pub(super) sha256: String,
    pub(super) bytes: u64,
}

pub(super) fn write_staged(
    source: &Source,
    quantization: Quantization,
    staging: &Staging,
    progress: &dyn Progress,
) -> Result<Written, WeightsError> {
    let tokens = vocabulary::read(&source.tokenizer)?;
    let weights =
        Joined::open(&source.weights).map_err(|(path, error)| WeightsError::reading(&path, &error))?;
    let subject = source.weights.first().cloned().unwrap_or_default();
    let mut out = Hashing::new(BufWriter::new(staging.create()?));
    convert(weights, &tokens, quantization, &mut out, progress).map_err(|failure| match failure {
        Failure::Source(error) => error.in_file(&subject, HINT),
        Failure::Write(error) => WeightsError::writing(staging.path(), &error),
        Failure::Interrupted => WeightsError::interrupted(subject.display().to_string()),
    })?;
    let (buffered, sha256, bytes) = out.finish();
    let file = buffered.into_inner().map_err(|error| WeightsError::writing(staging.path(), error.error()))?;
    Ok(Written { file, sha256, bytes })
}

/// Why a conversion stopped.
#[derive(Debug)]
pub(super) enum Failure {
    Source(FormatError),
    Write(std::io::Error),
    Interrupted,
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::Source(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// The conversion itself: everything of the model at once only as an index.
pub(super) fn convert(
    weights: impl Read + Seek,
    tokens: &[Vec<u8>],
    quantization: Quantization,
    out: &mut impl Write,
    progress: &dyn Progress,
) -> Result<(), Failure> {
    let matrices = matrix_encoding(quantization)?;
    let mut model = Model::open(weights)?;
    let shape = shape_of(&model)?;
    if tokens.len() > shape.vocabulary as usize {
        let (tokens, vocabulary) = (tokens.len(), shape.vocabulary);
        let cause = format!("knows {vocabulary} tokens, the tokenizer {tokens}: they do not belong together");
        return Err(FormatError::Malformed(cause).into());
    }
    let tensors = layout::tensors(&shape);
    tensors.iter().try_for_each(|tensor| require(&model, tensor, matrices))?;
    let bytes = |tensor: &Tensor| encoding(tensor, matrices).bytes(tensor.rows() * tensor.columns());
    let total: usize = tensors.iter().map(bytes).sum();
    progress.stage(&format!("converting to {quantization}"), Some(total as u64));
    ggml::write_head(out, &shape, quantization, tokens)?;
    tensors.iter().try_for_each(|tensor| write_tensor(&mut model, tensor, matrices, out, progress))
}

fn matrix_encoding(quantization: Quantization) -> Result<Encoding, FormatError> {
    match quantization {
        Quantization::F16 => Ok(Encoding::F16),
        Quantization::Q8_0 => Ok(Encoding::Q8_0),
        Quantization::Q4_0 => Ok(Encoding::Q4_0),
        other => {
            Err(FormatError::malformed(format!("cannot be stored as {other} here, only f16, q8_0, q4_0")))
        }
    }
}

fn shape_of<R: Read + Seek>(model: &Model<R>) -> Result<Hyperparameters, FormatError> {
    let (vocabulary, text_state) = lengths(model, "decoder/embeddings/weight")?;
    let (text_context, _) = lengths(model, "decoder/position_encodings/encodings")?;
    let (audio_context, _) = lengths(model, "encoder/position_encodings/encodings")?;
    let (audio_state, mels) = lengths(model, "encoder/conv1/weight")?;
    if !MEL_BANDS.contains(&mels) || audio_state != text_state || !audio_state.is_multiple_of(HEAD_WEIGHTS) {
        let cause =
            format!("has {mels} mel bands and states of {audio_state} and {text_state}, as no Whisper has");
        return Err(FormatError::Malformed(cause));
    }
    let heads = audio_state / HEAD_WEIGHTS;
    Ok(Hyperparameters {
        vocabulary,
        audio_context,
        audio_state,
        audio_heads: heads,
        audio_layers: layers(model, "encoder"),
        text_context,
        text_state,
        text_heads: heads,
        text_layers: layers(model, "decoder"),
        mels,
    })
}

/// The first two lengths of an array; neither is zero.
fn lengths<R: Read + Seek>(model: &Model<R>, name: &str) -> Result<(u32, u32), FormatError> {
    let dimensions = model.variable(name).map(|variable| variable.dimensions.as_slice());
    let Some([first, second, ..]) = dimensions else {
        return Err(FormatError::malformed(format!("lacks the array '{name}'")));
    };
    let length = |length: usize| u32::try_from(length).ok().filter(|length| *length > 0);
    length(*first)
        .zip(length(*second))
        .ok_or_else(|| FormatError::malformed(format!("has an empty array '{name}'")))
}

fn layers<R: Read + Seek>(model: &Model<R>, side: &str) -> u32 {
    let present =
        |layer: &u32| model.variable(&format!("{side}/layer_{layer}/ffn/linear_0/weight")).is_some();
    (0..u32::MAX).find(|layer| !present(layer)).unwrap_or(u32::MAX)
}

/// The variable must be there, of the layout's shape, and divisible into blocks where it is to be quantised.
fn require<R: Read + Seek>(model: &Model<R>, tensor: &Tensor, matrices: Encoding) -> Result<(), FormatError> {
    let name = &tensor.variable;
    let variable =
        model.variable(name).ok_or_else(|| FormatError::malformed(format!("lacks the array '{name}'")))?;
    if variable.rows() != tensor.rows() * tensor.parts || variable.columns() != tensor.columns() {
        let dimensions = &variable.dimensions;
        return Err(FormatError::malformed(format!("has '{name}' of an unexpected shape {dimensions:?}")));
    }
    let quantised = matches!(encoding(tensor, matrices), Encoding::Q8_0 | Encoding::Q4_0);
    if quantised && !tensor.columns().is_multiple_of(BLOCK_WEIGHTS) {
        return Err(FormatError::malformed(format!(
            "has rows in '{name}' that cannot be quantised: use f16"
        )));
    }
    Ok(())
}

fn encoding(tensor: &Tensor, matrices: Encoding) -> Encoding {
    match tensor.form {
        Form::Plain => Encoding::F32,
        Form::Half => Encoding::F16,
        Form::Matrix => matrices,
    }
}

fn write_tensor<R: Read + Seek>(
    model: &mut Model<R>,
    tensor: &Tensor,
    matrices: Encoding,
    out: &mut impl Write,
    progress: &dyn Progress,
) -> Result<(), Failure> {
    let encoding = encoding(tensor, matrices);
    ggml::write_tensor_head(out, &tensor.name, &tensor.shape, encoding)?;
    let first = tensor.part * tensor.rows();
    let step = (CHUNK_WEIGHTS / tensor.columns()).max(1);
    for start in (0..tensor.rows()).step_by(step) {
        let end = tensor.rows().min(start + step);
        let weights = model.rows(&tensor.variable, first + start..first + end)?;
        let mut bytes = Vec::new();
        encoding.append(&weights, &mut bytes);
        out.write_all(&bytes)?;
        progress.advance(bytes.len() as u64);
        if progress.interrupted() {
            return Err(Failure::Interrupted);
        }
    }
    Ok(())
}
