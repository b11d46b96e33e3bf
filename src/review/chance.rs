//! Tokens nobody can guess.

use sha2::{Digest, Sha256};

use super::fault::Fault;
use crate::domain::hex;

/// 32 bytes of the system's chance, as hexadecimal.
pub(super) fn token() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Fault::internal(format!("no source of chance: {error}")))?;
    Ok(hex(&bytes))
}

/// What the store keeps of a token: who reads the store cannot sign in with it.
pub(super) fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// Whether two secrets are equal, in a time that tells nothing of where they differ.
pub(super) fn equal(a: &str, b: &str) -> bool {
    let differ = a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    a.len() == b.len() && differ == 0
}
