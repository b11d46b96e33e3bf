//! Reads lexicon directories: the only place of this module that touches the file system.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::builtin;
use super::compile::compile;
use super::diagnostic::{Code, Diagnostic};
use super::layers::{ParsedFile, layer};
use super::rule::RuleSet;
use super::script::check_scripts;
use super::source::SourceFile;

/// What a check of the packs found: the rules, where nothing keeps them from use, and every mistake.
#[derive(Debug)]
pub struct Checked {
    /// Absent when a diagnostic is an error.
    pub rules: Option<RuleSet>,
    /// Errors and warnings in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads the built-in packs and the user's directories over them, later ones over earlier ones.
///
/// # Errors
/// Every mistake that keeps a pack from use, and the warnings beside them.
pub fn load(layers: &[PathBuf]) -> Result<RuleSet, Vec<Diagnostic>> {
    let Checked { rules, diagnostics } = check(layers);
    rules.ok_or(diagnostics)
}

/// Like [`load`], and tells warnings too.
#[must_use]
pub fn check(layers: &[PathBuf]) -> Checked {
    let (sources, unreadable) = sources(layers);
    let mut checked = check_sources(sources, unreadable);
    checked.diagnostics.extend(check_scripts(layers));
    checked
}

/// The built-in packs, then those of the user's directories, and what could not be read.
pub(super) fn sources(layers: &[PathBuf]) -> (Vec<SourceFile>, Vec<Diagnostic>) {
    let mut sources = builtin::sources();
    let mut diagnostics = Vec::new();
    for (index, directory) in layers.iter().enumerate() {
        match read_directory(directory, index + 1) {
            Ok(files) => sources.extend(files),
            Err(unreadable) => diagnostics.push(unreadable),
        }
    }
    (sources, diagnostics)
}

/// Checks packs given as (file name, text), of the built-in ones only the words of context: for tests and benchmarks.
#[must_use]
pub fn check_texts(packs: &[(&str, &str)]) -> Checked {
    let sources = packs.iter().map(|(name, text)| SourceFile::new(name, text, 1));
    check_sources(sources.chain(builtin::context()).collect(), Vec::new())
}

pub(super) fn check_sources(sources: Vec<SourceFile>, mut diagnostics: Vec<Diagnostic>) -> Checked {
    let mut files = Vec::new();
    for source in sources {
        match parse(&source) {
            Ok(file) => files.push(ParsedFile { source, file }),
            Err(broken) => diagnostics.push(broken),
        }
    }
    // A file that does not parse would make half of the others look wrong.
    if !diagnostics.is_empty() {
        return Checked { rules: None, diagnostics };
    }
    let rules = compile(&layer(files, &mut diagnostics), &mut diagnostics);
    let usable = !diagnostics.iter().any(Diagnostic::is_error);
    Checked { rules: rules.filter(|_| usable), diagnostics }
}

pub(super) fn parse<T: DeserializeOwned>(source: &SourceFile) -> Result<T, Diagnostic> {
    toml::from_str(&source.text).map_err(|error| {
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        let (code, hint) = classify(&message);
        source.diagnose(code, error.span().unwrap_or(0..0), message, hint)
    })
}

/// The parser's own words tell a spelling mistake from a broken file.
fn classify(message: &str) -> (Code, &'static str) {
    if message.starts_with("unknown field") {
        (Code::UnknownKey, "check the spelling; the keys that the format knows are listed above")
    } else if message.starts_with("missing field") {
        (Code::MissingKey, "add the key to this table")
    } else if message.starts_with("invalid type")
        || message.starts_with("unknown variant")
        || message.starts_with("invalid value")
    {
        (Code::WrongValue, "use one of the values that the message names")
    } else {
        (Code::TomlSyntax, "strings stand in double quotes, lists in square brackets")
    }
}

/// Every `*.toml` of the directory itself, sorted by name; folders in it (policies) are others' business.
pub(super) fn read_directory(directory: &Path, layer: usize) -> Result<Vec<SourceFile>, Diagnostic> {
    let hint = "name a directory that holds *.toml rule packs";
    let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error, hint))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error, hint))?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read_file(path, layer)).collect()
}

pub(super) fn read_file(path: &Path, layer: usize) -> Result<SourceFile, Diagnostic> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| unreadable(path, &error, "save the file as UTF-8 and make it readable"))?;
    // Editors on Windows write a byte-order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(SourceFile::new(&path.to_string_lossy(), text, layer))
}

fn unreadable(path: &Path, error: &std::io::Error, hint: &str) -> Diagnostic {
    let source = SourceFile::new(&path.to_string_lossy(), "", 0);
    source.diagnose(Code::Unreadable, 0..0, format!("cannot read {}: {error}", path.display()), hint)
}
