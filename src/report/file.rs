//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file beside its place and moves it there, so that no reader ever sees half of it.
///
/// # Errors
/// When it cannot be written; the error names the path.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_by(path, |file| file.write_all(bytes).map_err(at(path)))
}

/// Like [`write_whole`], for what `write` makes bit by bit; gives what `write` gives.
///
/// # Errors
/// Those of `write`, after which nothing is left, and when the file cannot be written; that error names the path.
pub fn write_whole_by<T, E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = parent.unwrap_or(Path::new("."));
    let mut file = temporary().tempfile_in(directory).map_err(at(path))?;
    let written = write(file.as_file_mut())?;
    file.persist(path).map_err(|error| at(path)(error.error))?;
    Ok(written)
}

/// Like [`write_whole`], and never in place of what is there already.
///
/// # Errors
/// When something is at the place ([`io::ErrorKind::AlreadyExists`]), or the file cannot be written; the error names the
/// path.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut file = temporary().tempfile_in(parent.unwrap_or(Path::new("."))).map_err(at(path))?;
    file.write_all(bytes).map_err(at(path))?;
    file.persist_noclobber(path).map_err(|error| at(path)(error.error))?;
    Ok(())
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".callaudit-");
    share(&mut builder);
    builder
}

/// Temporary files are private to their maker; a report is open to whom the user's umask lets in.
#[cfg(unix)]
fn share(builder: &mut tempfile::Builder<'static, 'static>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn share(_builder: &mut tempfile::Builder<'static, 'static>) {}

/// Names the path in an error of the file system, which does not.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Removes what an earlier run left; absent is as good.
pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.html");
        write_new(&path, b"one").unwrap();
        let refused = write_new(&path, b"two").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert!(refused.to_string().contains("x.html"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn replaces_and_leaves_nothing_else_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.html");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn errors_name_the_path() {
        let error = write_whole(Path::new("/nowhere/at/all.html"), b"").unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/at/all.html: "), "{error}");
    }
}
