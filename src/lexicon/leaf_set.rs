//! A set of leaves, one bit each.

/// Leaves of a rule set, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeafSet {
    bits: Vec<u64>,
}

impl LeafSet {
    /// An empty set for leaves below `leaves`.
    #[must_use]
    pub fn new(leaves: usize) -> Self {
        Self { bits: vec![0; leaves.div_ceil(64)] }
    }

    pub fn insert(&mut self, leaf: usize) {
        self.bits[leaf / 64] |= 1 << (leaf % 64);
    }

    /// Adds all leaves of a set of the same size.
    pub fn unite(&mut self, others: &Self) {
        for (own, other) in self.bits.iter_mut().zip(&others.bits) {
            *own |= other;
        }
    }

    #[must_use]
    pub fn contains(&self, leaf: usize) -> bool {
        self.bits[leaf / 64] >> (leaf % 64) & 1 == 1
    }

    /// The leaves that two sets share, in order.
    pub fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        let words = self.bits.iter().zip(&other.bits).map(|(a, b)| a & b).enumerate();
        words.flat_map(|(number, bits)| Ones(bits).map(move |bit| number * 64 + bit))
    }
}

/// Numbers of the bits that are set.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_found_again() {
        let set = |leaves: &[usize]| {
            let mut set = LeafSet::new(200);
            for leaf in leaves {
                set.insert(*leaf);
            }
            set
        };
        let (mut own, other) = (set(&[0, 63, 64, 199]), set(&[1, 64, 128, 199]));
        assert_eq!(own.shared(&other).collect::<Vec<_>>(), [64, 199]);
        own.unite(&other);
        assert_eq!(own, set(&[0, 1, 63, 64, 128, 199]));
        assert!(own.contains(128) && !own.contains(127));
    }
}
