//! Where what belongs to each call is: its files within a pack, whatever its id is, or its page on the review desk.

use crate::report::file_stem;

/// Where the things of one call are.
pub(super) struct CallPaths {
    /// Number of the call within the case, as wide as the last one's: `07`.
    pub number: String,
    place: Place,
}

enum Place {
    /// Number and id: what all its files are named by.
    Pack { stem: String },
    /// The store's number of the call: what its page is named by.
    Desk { call: i64 },
}

impl CallPaths {
    /// `place` counts from 0 among `count` calls; `call_id` as it may be shown.
    pub(super) fn new(place: usize, count: usize, call_id: &str) -> Self {
        let number = number(place, count);
        Self { place: Place::Pack { stem: format!("{number}-{}", file_stem(call_id)) }, number }
    }

    /// The same on the review desk, of the call with the store's number `call`.
    pub(super) fn on_desk(place: usize, count: usize, call: i64) -> Self {
        Self { number: number(place, count), place: Place::Desk { call } }
    }

    pub(super) fn page(&self) -> String {
        match &self.place {
            Place::Pack { stem } => format!("calls/{stem}.html"),
            Place::Desk { call } => format!("/call/{call}"),
        }
    }

    /// The page says it too on the desk.
    pub(super) fn transcript(&self) -> String {
        match &self.place {
            Place::Pack { stem } => format!("transcripts/{stem}.txt"),
            Place::Desk { .. } => self.page(),
        }
    }

    /// The page plays it on the desk.
    pub(super) fn clip(&self, finding_id: &str) -> String {
        match &self.place {
            Place::Pack { .. } => format!("clips/{}-{}.wav", self.number, file_stem(finding_id)),
            Place::Desk { .. } => self.page(),
        }
    }
}

fn number(place: usize, count: usize) -> String {
    let width = count.to_string().len().max(2);
    format!("{:0width$}", place + 1)
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
