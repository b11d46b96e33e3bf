//! Finds the files of a CTranslate2 model among what the user named.

use std::path::{Path, PathBuf};

use super::error::WeightsError;

const WEIGHTS: &str = "model.bin";
const PART: &str = "model.bin.part";
const TOKENIZER: &str = "tokenizer.json";
const HINT: &str = "name the directory with model.bin and tokenizer.json, or all parts of model.bin";

/// A CTranslate2 Whisper model on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// `model.bin`, or its parts in order.
    pub weights: Vec<PathBuf>,
    /// The `tokenizer.json` that belongs to it.
    pub tokenizer: PathBuf,
}

impl Source {
    /// Takes directories, `model.bin`, `model.bin.part1` …, `tokenizer.json`, in any order; the tokenizer is also
    /// looked for beside the weights.
    pub fn find(inputs: &[PathBuf]) -> Result<Self, WeightsError> {
        let mut files = Vec::new();
        for input in inputs {
            files.extend(files_of(input)?);
        }
        let subject = inputs.first().map_or_else(String::new, |input| input.display().to_string());
        let weights = weights_among(&files).map_err(|cause| WeightsError::new(&subject, cause, HINT))?;
        let beside = weights.iter().map(|file| file.with_file_name(TOKENIZER));
        let named = files.iter().filter(|file| name_of(file) == TOKENIZER).cloned();
        let tokenizer = named.chain(beside).find(|file| file.is_file());
        let tokenizer =
            tokenizer.ok_or_else(|| WeightsError::new(subject, "comes without tokenizer.json", HINT))?;
        Ok(Self { weights, tokenizer })
    }

    /// Name of the directory that holds the weights: what an import is called for lack of a better name.
    #[must_use]
    pub fn label(&self) -> String {
        let directory = self.weights.first().and_then(|file| file.canonicalize().ok());
        let name = directory.as_deref().and_then(Path::parent).map(name_of).unwrap_or_default();
        if name.is_empty() { "imported".to_owned() } else { name }
    }
}

/// The file itself, or the files in a directory in order of their names.
fn files_of(input: &Path) -> Result<Vec<PathBuf>, WeightsError> {
    if !input.is_dir() {
        return match input.metadata() {
            Ok(_) => Ok(vec![input.to_owned()]),
            Err(error) => Err(WeightsError::reading(input, &error)),
        };
    }
    let entries = std::fs::read_dir(input).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| WeightsError::reading(input, &error))?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn weights_among(files: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    if let Some(whole) = files.iter().find(|file| name_of(file) == WEIGHTS) {
        return Ok(vec![whole.clone()]);
    }
    let mut parts: Vec<(u32, PathBuf)> =
        files.iter().filter_map(|file| Some((part_number(file)?, file.clone()))).collect();
    parts.sort();
    if parts.is_empty() {
        return Err("holds no model.bin of CTranslate2".to_owned());
    }
    match (1..).zip(&parts).find(|(expected, (number, _))| expected != number) {
        Some((expected, _)) => Err(format!("lacks {PART}{expected}, or has it twice")),
        None => Ok(parts.into_iter().map(|(_, file)| file).collect()),
    }
}

fn part_number(file: &Path) -> Option<u32> {
    name_of(file).strip_prefix(PART)?.parse().ok()
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(names: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(directory.path().join(name), b"").unwrap();
        }
        directory
    }

    fn find(directories: &[&tempfile::TempDir]) -> Result<Source, WeightsError> {
        Source::find(&directories.iter().map(|directory| directory.path().to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_directory_with_a_whole_model() {
        let model = directory(&["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"]);
        let source = find(&[&model]).unwrap();
        assert_eq!(source.weights, [model.path().join("model.bin")]);
        assert_eq!(source.tokenizer, model.path().join("tokenizer.json"));
        assert_eq!(source.label(), model.path().file_name().unwrap().to_string_lossy());
    }

    #[test]
    fn parts_of_several_directories_are_put_in_order() {
        let (one, two) =
            (directory(&["model.bin.part10", "tokenizer.json"]), directory(&["model.bin.part2"]));
        assert!(find(&[&one, &two]).unwrap_err().cause.contains("part1"));
        let names: Vec<String> = (1..=10).map(|number| format!("model.bin.part{number}")).collect();
        let many = directory(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(find(&[&many]).unwrap_err().cause, "comes without tokenizer.json");
        let tokenizer = directory(&["tokenizer.json"]);
        let source = find(&[&many, &tokenizer]).unwrap();
        assert_eq!(source.weights[9], many.path().join("model.bin.part10"));
    }

    #[test]
    fn what_is_missing_is_said() {
        let twice = [directory(&["model.bin.part1"]), directory(&["model.bin.part1"])];
        assert!(find(&[&twice[0], &twice[1]]).unwrap_err().cause.contains("twice"));
        assert!(find(&[&directory(&["ggml.bin"])]).unwrap_err().cause.contains("no model.bin"));
        assert!(Source::find(&["/nonexistent".into()]).unwrap_err().cause.contains("cannot be read"));
    }
}
