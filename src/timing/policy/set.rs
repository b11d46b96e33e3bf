//! The policies at hand, and the choice among them.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::Policy;
use crate::domain::hex;

/// The policy used when the user names none.
pub const DEFAULT_POLICY: &str = "mainland";

/// What is wrong with a policy file, a directory of them, or a name the user gave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct TimingError {
    /// Path, with the line where there is one; the option for a name the user typed.
    pub place: String,
    /// One lowercase sentence without a full stop.
    pub cause: String,
    /// What to do, in one lowercase sentence.
    pub hint: String,
}

/// Policies by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicySet {
    policies: Vec<Policy>,
}

impl PolicySet {
    pub(super) fn new(policies: Vec<Policy>) -> Self {
        Self { policies }
    }

    /// In order of id after [`load_policies`], in the user's order after [`select`](Self::select).
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// The policies of these names in this order, each once; [`DEFAULT_POLICY`] alone when there are none.
    pub fn select(&self, names: &[String]) -> Result<Self, TimingError> {
        let mut seen = BTreeSet::new();
        let wanted = names.iter().map(String::as_str).filter(|name| seen.insert(*name));
        let mut policies = wanted.map(|name| self.named(name)).collect::<Result<Vec<_>, _>>()?;
        if policies.is_empty() {
            policies.push(self.named(DEFAULT_POLICY)?);
        }
        Ok(Self { policies })
    }

    fn named(&self, name: &str) -> Result<Policy, TimingError> {
        self.get(name).cloned().ok_or_else(|| TimingError {
            place: "--policy".to_owned(),
            cause: format!("there is no policy `{name}`"),
            hint: format!(
                "choose among {}",
                self.policies.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// SHA-256 over the texts of these policies, in lowercase hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for policy in &self.policies {
            hasher.update((policy.source.len() as u64).to_le_bytes());
            hasher.update(&policy.source);
        }
        hex(&hasher.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::super::load_policies;
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn select_keeps_the_users_order_and_defaults_to_the_mainland() {
        let all = load_policies(&[]).unwrap();
        let ids = |wanted: &[&str]| {
            let set = all.select(&names(wanted)).unwrap();
            set.policies().iter().map(|policy| policy.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&["us", "house-a", "us"]), ["us", "house-a"]);
        assert_eq!(ids(&[]), [DEFAULT_POLICY]);
        let error = all.select(&names(&["mars"])).unwrap_err();
        assert_eq!(error.to_string(), "--policy: there is no policy `mars`");
        assert_eq!(error.hint, "choose among house-a, house-b, mainland, taiwan, uk, us");
    }
}
