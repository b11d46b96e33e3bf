//! Published files by address, through curl: a broken download is resumed by the next try.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::digest::sha256_of_file;
use super::error::WeightsError;
use super::manifest::ModelFile;
use super::progress::Progress;
use super::tool::{Outcome, Tool};

/// Downloads `address` to `target` by way of `target.part`, which stays for resuming unless its content is wrong.
pub(super) fn download(
    curl: &Tool,
    address: &str,
    file: &ModelFile,
    target: &Path,
    progress: &dyn Progress,
) -> Result<(), WeightsError> {
    let part = part_of(target);
    if size_of(&part) > file.bytes {
        remove(&part)?;
    }
    if size_of(&part) < file.bytes {
        progress.stage(&format!("downloading {}", file.file), Some(file.bytes));
        transfer(curl, address, &part, progress)?;
    }
    let found = sha256_of_file(&part, progress)?;
    if found != file.sha256 {
        remove(&part)?;
        let cause = format!("has SHA-256 {found}, not {} as the manifest states", file.sha256);
        return Err(WeightsError::new(address, cause, "what was downloaded has been deleted; try again"));
    }
    fs::rename(&part, target).map_err(|error| WeightsError::writing(target, &error))
}

fn transfer(curl: &Tool, address: &str, part: &Path, progress: &dyn Progress) -> Result<(), WeightsError> {
    let mut seen = 0;
    let watch = || {
        let size = size_of(part);
        progress.advance(size.saturating_sub(seen));
        seen = size.max(seen);
    };
    let flags = ["--fail", "--location", "--silent", "--show-error", "--retry", "3", "--continue-at", "-"];
    let places = [OsStr::new("--output"), part.as_ref(), address.as_ref()];
    let outcome = curl.run(flags.into_iter().map(OsStr::new).chain(places), watch);
    if progress.interrupted() {
        let hint = "what has arrived is kept; start it again to go on";
        return Err(WeightsError::new(address, "interrupted", hint));
    }
    let by_hand =
        "or download it elsewhere, put it into the models directory and run: callaudit model verify";
    let failed = |cause: String, first: &str| {
        WeightsError::new(address, format!("could not be downloaded: {cause}"), format!("{first}, {by_hand}"))
    };
    match outcome {
        Ok(Outcome::Done) => Ok(()),
        Ok(Outcome::Failed(said)) => Err(failed(said, "check the connection and start again to resume")),
        Ok(Outcome::NotInstalled) => Err(failed("curl is not installed".to_owned(), "install curl")),
        Err(error) => Err(failed(format!("curl cannot be run: {error}"), "check the installation")),
    }
}

fn part_of(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    target.with_file_name(name)
}

/// Zero where there is no file.
fn size_of(path: &Path) -> u64 {
    path.metadata().map_or(0, |facts| facts.len())
}

fn remove(path: &Path) -> Result<(), WeightsError> {
    fs::remove_file(path).map_err(|error| WeightsError::writing(path, &error))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::weights::{Quantization, Silent};

    /// A curl that appends to the file after `--output` what a server would send from there on: "weights".
    const SERVER: &str = r#"
while [ "$1" != --output ]; do shift; done
have=$(cat "$2" 2>/dev/null)
printf 'weights' | tail -c +$((${#have} + 1)) >> "$2"
"#;

    struct Place {
        directory: tempfile::TempDir,
        file: ModelFile,
    }

    impl Place {
        fn new() -> Self {
            let file = ModelFile {
                quantization: Quantization::F16,
                file: "ggml-x.bin".into(),
                bytes: 7,
                sha256: String::new(),
            };
            Self { directory: tempfile::tempdir().unwrap(), file }
        }

        fn target(&self) -> PathBuf {
            self.directory.path().join("ggml-x.bin")
        }

        fn download(&self, script: &str) -> Result<(), WeightsError> {
            let path = self.directory.path().join("curl");
            fs::write(&path, script).unwrap();
            download(&Tool::script(&path), "https://models.example/x", &self.file, &self.target(), &Silent)
        }
    }

    fn place_expecting(content: &str) -> Place {
        let mut place = Place::new();
        let sample = place.directory.path().join("sample");
        fs::write(&sample, content).unwrap();
        place.file.sha256 = sha256_of_file(&sample, &Silent).unwrap();
        place
    }

    #[test]
    fn a_file_arrives_whole_or_is_resumed() {
        for already in ["", "wei", "weights", "weights and more"] {
            let place = place_expecting("weights");
            fs::write(part_of(&place.target()), already).unwrap();
            place.download(SERVER).unwrap();
            assert_eq!(fs::read_to_string(place.target()).unwrap(), "weights", "{already}");
            assert!(!part_of(&place.target()).exists());
        }
    }

    #[test]
    fn wrong_content_is_deleted() {
        let place = place_expecting("others!");
        let error = place.download(SERVER).unwrap_err();
        assert!(error.cause.contains("as the manifest states"), "{error}");
        assert!(!place.target().exists() && !part_of(&place.target()).exists());
    }

    #[test]
    fn a_broken_download_keeps_what_arrived() {
        let place = place_expecting("weights");
        let broken =
            format!("{SERVER}\ntruncate -s 3 \"$2\"; echo 'curl: (18) transfer closed' >&2; exit 18");
        let error = place.download(&broken).unwrap_err();
        assert!(error.cause.contains("transfer closed") && error.hint.contains("start again"), "{error}");
        assert_eq!(size_of(&part_of(&place.target())), 3);
        assert!(!place.target().exists());
    }

    #[test]
    fn without_curl_the_way_by_hand_is_told() {
        let place = Place::new();
        let error = download(
            &Tool::new("no-such-curl"),
            "https://models.example/x",
            &place.file,
            &place.target(),
            &Silent,
        );
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string(),
            "https://models.example/x: could not be downloaded: curl is not installed"
        );
        assert!(error.hint.starts_with("install curl, or download it elsewhere"));
    }
}
