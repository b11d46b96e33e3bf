//! A file whose parts come in any order and stand in the order of the input.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::file::at;
use super::order::InOrder;

/// Writes each part when its turn has come, so that what is on disk is always a whole beginning.
pub(super) struct OrderedFile {
    path: PathBuf,
    file: File,
    waiting: InOrder<Vec<u8>>,
}

impl OrderedFile {
    /// Empties or creates the file and writes what stands before all parts.
    pub(super) fn create(path: &Path, head: &[u8]) -> io::Result<Self> {
        let file = File::create(path).map_err(at(path))?;
        let mut ordered = Self { path: path.to_owned(), file, waiting: InOrder::default() };
        ordered.write(head)?;
        Ok(ordered)
    }

    /// Takes the part of the input numbered `index`, and writes it with all that waited for it.
    pub(super) fn push(&mut self, index: usize, part: Vec<u8>) -> io::Result<()> {
        self.waiting.take(index, part).iter().try_for_each(|part| self.write(part))
    }

    /// Writes what still waits for a part that will not come.
    pub(super) fn finish(mut self) -> io::Result<()> {
        std::mem::take(&mut self.waiting).rest().try_for_each(|part| self.write(&part))
    }

    /// One write a part, unbuffered: what a call gave is with the system before the next call is taken.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).map_err(at(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(order: &[usize], finish: bool) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        let mut file = OrderedFile::create(&path, b"head ").unwrap();
        for &index in order {
            file.push(index, format!("{index} ").into_bytes()).unwrap();
        }
        if finish {
            file.finish().unwrap();
        }
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn parts_wait_for_their_turn() {
        for (order, finish, text) in [
            (&[][..], false, "head "),
            (&[0, 1], false, "head 0 1 "),
            (&[2, 0], false, "head 0 "),
            (&[2, 0], true, "head 0 2 "),
            (&[3, 2, 1], true, "head 1 2 3 "),
        ] {
            assert_eq!(written(order, finish), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_order_gives_the_same_file(order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle()) {
            prop_assert_eq!(written(&order, false), "head 0 1 2 3 4 5 6 7 ");
        }
    }
}
