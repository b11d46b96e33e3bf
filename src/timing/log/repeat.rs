//! Rows that give a call a second time.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::names::Names;

/// A call id that two rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repeat {
    /// Place of the later row.
    pub again: u32,
    /// Place of the first row with the id.
    pub first: u32,
}

/// All later rows of a call id, in order of place.
///
/// Hashes alone are sorted: nearly all are unlike, and those that are not have their ids compared.
pub fn find(names: &Names, count: usize) -> Vec<Repeat> {
    let hash_of = |index: u32| names.id(index).map(|id| FixedState::default().hash_one(id));
    let mut hashes: Vec<u64> = (0..count as u32).into_par_iter().filter_map(hash_of).collect();
    hashes.par_sort_unstable();
    let mut shared: Vec<u64> =
        hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    drop(hashes);
    if shared.is_empty() {
        return Vec::new();
    }
    shared.dedup();
    let suspects: Vec<u32> = (0..count as u32)
        .into_par_iter()
        .filter(|index| hash_of(*index).is_some_and(|hash| shared.binary_search(&hash).is_ok()))
        .collect();
    compare(names, suspects)
}

fn compare(names: &Names, mut suspects: Vec<u32>) -> Vec<Repeat> {
    suspects.par_sort_unstable_by_key(|index| (names.id(*index), *index));
    let same_id = |a: &u32, b: &u32| names.id(*a) == names.id(*b);
    let groups = suspects.chunk_by(same_id);
    let mut repeats: Vec<Repeat> = groups
        .flat_map(|group| group[1..].iter().map(|again| Repeat { again: *again, first: group[0] }))
        .collect();
    repeats.sort_unstable();
    repeats
}
