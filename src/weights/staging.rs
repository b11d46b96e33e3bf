//! A file is made beside its place and moved there whole, or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::WeightsError;

/// A directory in the target's file system that disappears with everything in it.
pub(super) struct Staging {
    directory: TempDir,
    target: PathBuf,
}

impl Staging {
    /// Makes the target's directory where it is missing, and a hidden one in it.
    pub(super) fn beside(target: &Path) -> Result<Self, WeightsError> {
        let parent =
            target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| WeightsError::writing(parent, &error))?;
        let directory = tempfile::Builder::new()
            .prefix(".callaudit-")
            .tempdir_in(parent)
            .map_err(|error| WeightsError::writing(parent, &error))?;
        Ok(Self { directory, target: target.to_owned() })
    }

    /// Where helpers may put what they need on the way.
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The file that is to become the target.
    pub(super) fn create(&self) -> Result<File, WeightsError> {
        File::create(self.file()).map_err(|error| WeightsError::writing(&self.target, &error))
    }

    /// Puts the written file in its place, replacing what was there.
    pub(super) fn commit(self, written: &File, target: &Path) -> Result<(), WeightsError> {
        written
            .sync_all()
            .and_then(|()| fs::rename(self.file(), target))
            .map_err(|error| WeightsError::writing(target, &error))
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("model")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_target_appears_whole_and_the_staging_goes() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("models/ggml.bin");
        let staging = Staging::beside(&target).unwrap();
        let mut file = staging.create().unwrap();
        file.write_all(b"weights").unwrap();
        assert!(!target.exists());
        staging.commit(&file, &target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"weights");
        assert_eq!(fs::read_dir(root.path().join("models")).unwrap().count(), 1);
    }

    #[test]
    fn dropping_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::beside(&root.path().join("ggml.bin")).unwrap();
        staging.create().unwrap().write_all(b"half").unwrap();
        drop(staging);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
