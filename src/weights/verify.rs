//! What lies in the models directory, and whether it is what it claims to be.

use std::fs;
use std::path::{Path, PathBuf};

use super::digest::sha256_of_file;
use super::directory::{file_name, resolve, wrong_content, wrong_encoder};
use super::error::WeightsError;
use super::inspect::{Facts, inspect};
use super::manifest::{DEFAULT_ENCODER, Manifest, manifest};
use super::progress::Progress;

/// A model file that is whole, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub path: PathBuf,
    pub sha256: String,
    /// Its name in the manifest; absent for a model of the user's own.
    pub name: Option<String>,
    /// Of a speech model; a sentence encoder is known by its hash alone.
    pub facts: Option<Facts>,
}

/// Reads the whole file and hashes it. A file with a name of the manifest must have the manifest's hash.
pub fn verify(path: &Path, progress: &dyn Progress) -> Result<Verified, WeightsError> {
    let manifest = manifest()?;
    if let Some(encoder) = manifest.encoders.iter().find(|encoder| encoder.file == file_name(path)) {
        let sha256 = sha256_of_file(path, progress)?;
        if sha256 != encoder.sha256 {
            return Err(wrong_encoder(path, encoder, &sha256));
        }
        let name = Some(encoder.name.clone());
        return Ok(Verified { path: path.to_owned(), sha256, name, facts: None });
    }
    let facts = Some(inspect(path)?);
    let sha256 = sha256_of_file(path, progress)?;
    if let Some((model, file)) =
        manifest.file_named(&file_name(path)).filter(|(_, file)| file.sha256 != sha256)
    {
        return Err(wrong_content(path, model, file, &sha256));
    }
    let name = manifest.file_with_hash(&sha256).map(|(model, file)| model.full_name(file));
    Ok(Verified { path: path.to_owned(), sha256, name, facts })
}

/// The files that a name means: every present quantisation of a model, one import, or the path itself.
pub fn files_of(name_or_path: &str, models: &Path) -> Result<Vec<PathBuf>, WeightsError> {
    let first = resolve(name_or_path, models)?;
    let manifest = manifest()?;
    match manifest.find(name_or_path) {
        Some((model, None)) if first.parent() == Some(models) => {
            let paths = model.files.iter().map(|file| models.join(&file.file));
            Ok(paths.filter(|path| path.is_file()).collect())
        }
        _ => Ok(vec![first]),
    }
}

/// One line of the list of models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What `--model` takes.
    pub name: String,
    /// Absent for models of the user's own.
    pub title: Option<String>,
    pub licence: Option<String>,
    pub quantization: Option<String>,
    pub bytes: u64,
    pub presence: Presence,
    /// True for what the bare name of the model means.
    pub is_default: bool,
}

/// Whether a listed file is there. Its content is not read: that is what [`verify`] is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    Present(PathBuf),
    /// There, but not of the length it should have.
    WrongSize(PathBuf),
    Absent,
}

/// Every file of the manifest, then the user's own `ggml-*.bin` in order of their names.
pub fn list(models: &Path) -> Result<Vec<Listed>, WeightsError> {
    let manifest = manifest()?;
    let known = manifest.files().map(|(model, file)| Listed {
        name: model.full_name(file),
        title: Some(model.title.clone()),
        licence: Some(model.licence.clone()),
        quantization: Some(file.quantization.to_string()),
        bytes: file.bytes,
        presence: presence(models.join(&file.file), file.bytes),
        is_default: file.quantization == model.default,
    });
    let encoders = manifest.encoders.iter().map(|encoder| Listed {
        name: encoder.name.clone(),
        title: Some(encoder.title.clone()),
        licence: Some(encoder.licence.clone()),
        quantization: Some("q4_0".to_owned()),
        bytes: encoder.bytes,
        presence: presence(models.join(&encoder.file), encoder.bytes),
        is_default: encoder.name == DEFAULT_ENCODER,
    });
    let own = own_files(models, &manifest)?.into_iter().map(|(name, path, bytes)| Listed {
        name,
        title: None,
        licence: None,
        quantization: inspect(&path).ok().map(|facts| facts.storage.to_owned()),
        bytes,
        presence: Presence::Present(path),
        is_default: false,
    });
    Ok(known.chain(encoders).chain(own).collect())
}

fn presence(path: PathBuf, bytes: u64) -> Presence {
    match path.metadata() {
        Ok(facts) if facts.len() == bytes => Presence::Present(path),
        Ok(_) => Presence::WrongSize(path),
        Err(_) => Presence::Absent,
    }
}

/// Name, path and size of every import. A models directory that is not there yet holds none.
fn own_files(models: &Path, manifest: &Manifest) -> Result<Vec<(String, PathBuf, u64)>, WeightsError> {
    if !models.exists() {
        return Ok(Vec::new());
    }
    let reading = |error| WeightsError::reading(models, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(models).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let file = file_name(&path);
        let name = file.strip_prefix("ggml-").and_then(|name| name.strip_suffix(".bin"));
        if let (Some(name), None, Ok(facts)) = (name, manifest.file_named(&file), path.metadata()) {
            found.push((name.to_owned(), path, facts.len()));
        }
    }
    found.sort();
    Ok(found)
}
