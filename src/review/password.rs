//! Passwords: Argon2id with the parameters that OWASP's cheat sheet on password storage names (19 MiB, 2 rounds).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Shorter passwords are refused: NIST SP 800-63B asks for eight characters where a limit on attempts stands beside.
pub const SHORTEST: usize = 8;

/// The hash of a password with a salt of its own, in the standard text form.
///
/// # Errors
/// When the system has no source of chance.
pub fn hashed(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// Whether this is the password of that hash.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_fits_and_no_two_hashes_are_alike() {
        let (one, two) = (hashed("correct horse").unwrap(), hashed("correct horse").unwrap());
        assert!(one != two && one.starts_with("$argon2id$"));
        assert!(fits("correct horse", &one) && fits("correct horse", &two));
        assert!(!fits("correct hors", &one) && !fits("", &one) && !fits("correct horse", "no hash"));
    }
}
