//! Where the files of each call are within a pack, whatever its id is.

use crate::report::file_stem;

/// The files of one call.
pub(super) struct CallPaths {
    /// Number of the call within the case, as wide as the last one's: `07`.
    pub number: String,
    /// Number and id: what all its files are named by.
    stem: String,
}

impl CallPaths {
    /// `place` counts from 0 among `count` calls; `call_id` as it may be shown.
    pub(super) fn new(place: usize, count: usize, call_id: &str) -> Self {
        let width = count.to_string().len().max(2);
        let number = format!("{:0width$}", place + 1);
        Self { stem: format!("{number}-{}", file_stem(call_id)), number }
    }

    pub(super) fn page(&self) -> String {
        format!("calls/{}.html", self.stem)
    }

    pub(super) fn transcript(&self) -> String {
        format!("transcripts/{}.txt", self.stem)
    }

    pub(super) fn clip(&self, finding_id: &str) -> String {
        format!("clips/{}-{}.wav", self.number, file_stem(finding_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_pack() {
        for (id, page) in [
            ("A1", "calls/02-A1.html"),
            ("../../etc/passwd", "calls/02-~2e.~2f..~2fetc~2fpasswd.html"),
            ("", "calls/02-~.html"),
            ("a\0b\n", "calls/02-a~00b~0a.html"),
        ] {
            let paths = CallPaths::new(1, 9, id);
            assert_eq!(paths.page(), page);
            assert!(!paths.clip("../x").contains(".."));
        }
        assert_eq!(CallPaths::new(6, 120, "A").transcript(), "transcripts/007-A.txt");
    }
}
