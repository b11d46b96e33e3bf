//! What calls are named by: every text once, in shares as they were read.

use std::ops::Range;

/// The names of the calls of a log, by place.
#[derive(Debug, Clone, Default)]
pub struct Names {
    shares: Vec<Share>,
}

#[derive(Debug, Clone, Default)]
struct Share {
    /// Place of the first call.
    first: u32,
    texts: String,
    /// Where each name ends.
    ends: Vec<u32>,
    /// One bit a call: whether the name is a call id, which no other call may have.
    is_id: Vec<bool>,
}

/// A share is closed before its texts outgrow the numbers of its ends.
const SHARE_BYTES: usize = 1 << 30;

impl Names {
    /// Names the next call: by its id, by something else, or not at all.
    pub fn push(&mut self, id: Option<&str>, other: Option<&str>) {
        if self.shares.last().is_none_or(|share| share.texts.len() > SHARE_BYTES) {
            self.shares.push(Share { first: self.len(), ..Share::default() });
        }
        let Some(share) = self.shares.last_mut() else { return };
        let name = id.or(other).unwrap_or_default();
        // No name is longer than the room that is left.
        share.texts.push_str(&name[..name.floor_char_boundary(SHARE_BYTES)]);
        share.ends.push(share.texts.len() as u32);
        share.is_id.push(id.is_some_and(|id| !id.is_empty()));
    }

    fn len(&self) -> u32 {
        self.shares.last().map_or(0, |share| share.first + share.ends.len() as u32)
    }

    pub fn absorb(&mut self, part: Self) {
        for mut share in part.shares {
            share.first = self.len();
            share.texts.shrink_to_fit();
            share.ends.shrink_to_fit();
            self.shares.push(share);
        }
    }

    pub fn get(&self, index: u32) -> Option<&str> {
        let (share, place) = self.find(index)?;
        Some(&share.texts[share.range(place)]).filter(|name| !name.is_empty())
    }

    /// The call id, where the call has one.
    pub fn id(&self, index: u32) -> Option<&str> {
        let (share, place) = self.find(index)?;
        share.is_id[place].then(|| &share.texts[share.range(place)])
    }

    fn find(&self, index: u32) -> Option<(&Share, usize)> {
        let share = self
            .shares
            .partition_point(|share| share.first <= index)
            .checked_sub(1)
            .map(|at| &self.shares[at])?;
        let place = (index - share.first) as usize;
        (place < share.ends.len()).then_some((share, place))
    }
}

impl Share {
    fn range(&self, place: usize) -> Range<usize> {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        start as usize..self.ends[place] as usize
    }
}
