//! A policy and its limits.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Check, Source};

/// A named set of limits, chosen by `--policy`.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// What the user types; also the first half of every finding's rule id.
    pub id: String,
    pub title: String,
    pub title_en: Option<String>,
    /// Judge only records that carry the debtor's own time zone: the country has several.
    pub require_timezone: bool,
    /// The calls it is about; none of the others is judged or counted.
    pub scope: Scope,
    /// How the texts were read where they leave room, in Chinese, printed by `policy explain`.
    pub notes: Vec<String>,
    pub notes_en: Vec<String>,
    /// In the order of the file; never empty.
    pub limits: Vec<Limit>,
    /// The file's text, for the digest.
    pub(super) source: String,
}

/// Which calls a policy is about: what is not stated does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// As the records write them; a call whose record names no product is not about any of them.
    pub products: Vec<String>,
    pub lenders: Vec<String>,
    /// First day, in the debtor's calendar.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

/// One limit of a policy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "UncheckedLimit")]
pub struct Limit {
    /// Unique within the policy, e.g. `hours`.
    pub id: String,
    pub title: String,
    pub title_en: Option<String>,
    pub check: Check,
    /// Chinese sentence for a finding, with `{placeholders}`.
    pub explain: String,
    /// What the records can never show, a Chinese sentence: it makes every finding a review.
    pub doubt: Option<String>,
    /// How the text was read, in Chinese.
    pub note: Option<String>,
    pub note_en: Option<String>,
    /// The texts that set this limit, at least one. Those in force on the day of the call count.
    pub basis: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedLimit {
    id: String,
    title: String,
    title_en: Option<String>,
    check: Check,
    #[serde(default)]
    explain: String,
    doubt: Option<String>,
    note: Option<String>,
    note_en: Option<String>,
    basis: Vec<Source>,
}

impl TryFrom<UncheckedLimit> for Limit {
    type Error = String;

    fn try_from(limit: UncheckedLimit) -> Result<Self, String> {
        let UncheckedLimit { id, title, title_en, check, explain, doubt, note, note_en, basis } = limit;
        if basis.is_empty() {
            return Err(format!("limit `{id}` names no basis"));
        }
        if explain.trim().is_empty() && check.is_judged() {
            return Err(format!("limit `{id}` has no `explain` for its findings"));
        }
        if let Some(unknown) = placeholders(&explain).find(|name| !check.placeholders().contains(name)) {
            let known = check.placeholders().join("}, {");
            return Err(format!("unknown placeholder {{{unknown}}} in `explain`, known here: {{{known}}}"));
        }
        Ok(Self { id, title, title_en, check, explain, doubt, note, note_en, basis })
    }
}

impl Limit {
    /// The texts in force on `day`.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Source> {
        self.basis.iter().filter(move |source| source.is_in_force(day))
    }
}

/// The names in braces of a template.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}
