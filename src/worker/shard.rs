//! Which lines are whose, when many workers read the same ones.

use std::str::FromStr;

use sha2::{Digest, Sha256};

/// One of `of` equal shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `of`.
    number: u64,
    of: u64,
}

/// What is no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no shard; write i/n with i from 1 to n, such as 2/8")]
pub struct UnknownShard(String);

impl Shard {
    /// The whole.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether a line is in this share. By its bytes alone, so that every line is in exactly one, whatever it holds.
    #[must_use]
    pub fn holds(self, line: &[u8]) -> bool {
        self.of == 1 || {
            let digest = Sha256::digest(line.trim_ascii());
            let start = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            start % self.of == self.number - 1
        }
    }
}

impl FromStr for Shard {
    type Err = UnknownShard;

    fn from_str(text: &str) -> Result<Self, UnknownShard> {
        let parsed = text.split_once('/').and_then(|(number, of)| {
            let shard = Self { number: number.parse().ok()?, of: of.parse().ok()? };
            (1..=shard.of).contains(&shard.number).then_some(shard)
        });
        parsed.ok_or_else(|| UnknownShard(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for wrong in ["0/2", "3/2", "1/0", "1", "/", "1/2/3", "-1/2", "a/b", ""] {
            assert_eq!(wrong.parse::<Shard>(), Err(UnknownShard(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn every_line_is_in_one_shard() {
        let shards: Vec<Shard> = (1..=7).map(|number| format!("{number}/7").parse().unwrap()).collect();
        let mut counts = [0; 7];
        for line in (0..7000).map(|number| format!("{{\"call_id\":\"C{number}\"}}")) {
            let holders: Vec<_> = (0..7).filter(|shard| shards[*shard].holds(line.as_bytes())).collect();
            assert_eq!(holders.len(), 1);
            counts[holders[0]] += 1;
            assert!(shards[holders[0]].holds(format!("{line}\r").as_bytes()), "line ends do not count");
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }
}
