//! Where models lie, and what a name means there.

use std::env;
use std::path::{Path, PathBuf};

use crate::domain::ModelIdentity;

use super::digest::sha256_of_file;
use super::error::WeightsError;
use super::inspect::inspect;
use super::manifest::{EncoderFile, Manifest, Model, ModelFile, manifest};
use super::progress::Silent;

/// Names the models directory for every command.
pub const MODELS_VARIABLE: &str = "CALLAUDIT_MODELS";

/// A model that is ready to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenModel {
    pub path: PathBuf,
    pub identity: ModelIdentity,
}

/// The models directory: `$CALLAUDIT_MODELS`, else `models/` here if it exists, else the user's data directory.
#[must_use]
pub fn default_directory() -> PathBuf {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    choose_directory(
        variable(MODELS_VARIABLE),
        Path::new("models").is_dir(),
        variable("XDG_DATA_HOME"),
        env::home_dir(),
    )
}

fn choose_directory(
    named: Option<PathBuf>,
    models_here: bool,
    data: Option<PathBuf>,
    home: Option<PathBuf>,
) -> PathBuf {
    let here = || PathBuf::from("models");
    let data = || data.or_else(|| home.map(|home| home.join(".local/share")));
    match named {
        Some(named) => named,
        None if models_here => here(),
        None => data().map_or_else(here, |data| data.join("callaudit/models")),
    }
}

/// Finds the file that a name or a path means.
///
/// A path is anything with a separator, ending in `.bin`, or naming an existing file. A name is one of the manifest
/// (`base`, `base-q8_0`) or of an import (`NAME` for `ggml-NAME.bin`). A bare manifest name means the default
/// quantisation, else the first other one that is present.
pub fn resolve(name_or_path: &str, models: &Path) -> Result<PathBuf, WeightsError> {
    let path = Path::new(name_or_path);
    if path.is_file() {
        return Ok(path.to_owned());
    }
    let looks_like_path = path.components().count() > 1 || path.extension().is_some_and(|end| end == "bin");
    if looks_like_path {
        let hint = "check the path, or name a known model: callaudit model list";
        return Err(WeightsError::of_file(path, "does not exist or is no file", hint));
    }
    resolve_name(name_or_path, models, &manifest()?)
}

fn resolve_name(name: &str, models: &Path, manifest: &Manifest) -> Result<PathBuf, WeightsError> {
    let present = |file: String| Some(models.join(file)).filter(|path| path.is_file());
    let missing = || {
        let cause = format!("is not in {}", models.display());
        WeightsError::new(name, cause, format!("fetch it: callaudit model fetch {name}"))
    };
    if let Some(encoder) = manifest.encoder(name) {
        return present(encoder.file.clone()).ok_or_else(missing);
    }
    let Some((model, one)) = manifest.find(name) else {
        return present(format!("ggml-{name}.bin")).ok_or_else(|| manifest.unknown(name));
    };
    let found = match one {
        Some(file) => present(file.file.clone()),
        None => in_order_of_preference(model).find_map(|file| present(file.file.clone())),
    };
    found.ok_or_else(missing)
}

fn in_order_of_preference(model: &Model) -> impl Iterator<Item = &ModelFile> {
    let is_default = |file: &&ModelFile| file.quantization == model.default;
    model.files.iter().filter(is_default).chain(model.files.iter().filter(move |file| !is_default(file)))
}

/// Checks that the file is a whole Whisper model and says which: the manifest's name if its content is known, else
/// the file's, and its SHA-256. Hashing takes about a second for 600 MB; it is done every time.
pub fn identity(path: &Path) -> Result<ModelIdentity, WeightsError> {
    inspect(path)?;
    let sha256 = sha256_of_file(path, &Silent)?;
    let known = manifest()?.file_with_hash(&sha256).map(|(model, file)| model.full_name(file));
    let name = known.unwrap_or_else(|| file_name(path));
    Ok(ModelIdentity { name, sha256 })
}

/// [`resolve`] and [`identity`] in one. A file that stands under a manifest name in the models directory but has
/// other content is refused: the name promises more than the file holds.
pub fn open(name_or_path: &str, models: &Path) -> Result<OpenModel, WeightsError> {
    let path = resolve(name_or_path, models)?;
    let identity = identity(&path)?;
    let manifest = manifest()?;
    match manifest.file_named(&file_name(&path)) {
        Some((model, file)) if path.parent() == Some(models) && file.sha256 != identity.sha256 => {
            Err(wrong_content(&path, model, file, &identity.sha256))
        }
        _ => Ok(OpenModel { path, identity }),
    }
}

/// The sentence encoder of that name, if it is there; its content must be the manifest's.
pub fn open_encoder(name: &str, models: &Path) -> Result<Option<OpenModel>, WeightsError> {
    let manifest = manifest()?;
    let encoder = manifest.encoder(name).ok_or_else(|| manifest.unknown(name))?;
    let path = models.join(&encoder.file);
    if !path.is_file() {
        return Ok(None);
    }
    let sha256 = sha256_of_file(&path, &Silent)?;
    if sha256 != encoder.sha256 {
        return Err(wrong_encoder(&path, encoder, &sha256));
    }
    Ok(Some(OpenModel { path, identity: ModelIdentity { name: name.to_owned(), sha256 } }))
}

pub(super) fn wrong_encoder(path: &Path, encoder: &EncoderFile, sha256: &str) -> WeightsError {
    let cause = format!("has SHA-256 {sha256}, not {} as the manifest states", encoder.sha256);
    WeightsError::of_file(path, cause, format!("fetch it again: callaudit model fetch {}", encoder.name))
}

pub(super) fn wrong_content(path: &Path, model: &Model, file: &ModelFile, sha256: &str) -> WeightsError {
    let cause = format!("has SHA-256 {sha256}, not {} as the manifest states", file.sha256);
    let name = &model.name;
    let quantization = file.quantization;
    let hint = format!("fetch it again: callaudit model fetch {name} --quantization {quantization}");
    WeightsError::of_file(path, cause, hint)
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(directory.path().join(file), b"x").unwrap();
        }
        directory
    }

    fn resolved(name: &str, files: &[&str]) -> Result<String, WeightsError> {
        resolve(name, models(files).path()).map(|path| file_name(&path))
    }

    #[test]
    fn names_mean_files_in_the_models_directory() {
        let both = ["ggml-base.bin", "ggml-base-q8_0.bin"];
        assert_eq!(resolved("base", &both).unwrap(), "ggml-base-q8_0.bin");
        assert_eq!(resolved("base", &both[..1]).unwrap(), "ggml-base.bin");
        assert_eq!(resolved("base-f16", &both).unwrap(), "ggml-base.bin");
        assert_eq!(resolved("own", &["ggml-own.bin"]).unwrap(), "ggml-own.bin");
    }

    #[test]
    fn what_is_not_there_comes_with_a_hint() {
        assert_eq!(resolved("base", &[]).unwrap_err().hint, "fetch it: callaudit model fetch base");
        assert!(resolved("base-q8_0", &["ggml-base.bin"]).unwrap_err().cause.starts_with("is not in "));
        assert!(resolved("huge", &[]).unwrap_err().hint.contains("base, small"));
        assert!(resolved("no/such.bin", &[]).unwrap_err().cause.contains("does not exist"));
    }

    #[test]
    fn paths_are_taken_as_they_are() {
        let directory = models(&["any.bin"]);
        let path = directory.path().join("any.bin");
        assert_eq!(resolve(&path.to_string_lossy(), Path::new("elsewhere")).unwrap(), path);
    }

    #[test]
    fn the_directory_follows_variable_then_here_then_home() {
        let path = |text: &str| Some(PathBuf::from(text));
        let chosen =
            |named, here, data, home| choose_directory(named, here, data, home).display().to_string();
        assert_eq!(chosen(path("/m"), true, path("/d"), path("/h")), "/m");
        assert_eq!(chosen(None, true, path("/d"), path("/h")), "models");
        assert_eq!(chosen(None, false, path("/d"), path("/h")), "/d/callaudit/models");
        assert_eq!(chosen(None, false, None, path("/h")), "/h/.local/share/callaudit/models");
        assert_eq!(chosen(None, false, None, None), "models");
    }

    #[test]
    fn a_foreign_file_has_no_identity() {
        let directory = models(&["any.bin"]);
        let error = identity(&directory.path().join("any.bin")).unwrap_err();
        assert_eq!(error.cause, "is no GGML Whisper model");
    }
}
