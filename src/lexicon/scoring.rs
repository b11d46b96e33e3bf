//! The `[scoring]` table of the packs, laid over each other key by key.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{Category, Cost, Scoring, Severity};

use super::diagnostic::{Code, Diagnostic};
use super::format::Text;
use super::source::SourceFile;

/// `[scoring]` as written: every key may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ScoringEntry {
    points: BTreeMap<Severity, Cost>,
    caps: BTreeMap<Text, u32>,
    rule_cap: Option<u32>,
    category_cap: Option<u32>,
    good_cap: Option<u32>,
    fatal: Option<Vec<Text>>,
    verdict: VerdictEntry,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct VerdictEntry {
    violation_from: Option<Severity>,
    review_from: Option<Severity>,
    review_below: Option<u32>,
}

/// The scale of all layers so far, and where it names rules: they are looked up when all rules are known.
#[derive(Debug, Default)]
pub(super) struct ScoringLayers {
    pub scoring: Scoring,
    named: Vec<Named>,
}

/// An id in `fatal` or `caps`.
#[derive(Debug)]
struct Named {
    source: SourceFile,
    id: Text,
    /// Severities may be red lines and have no cap.
    is_fatal: bool,
}

impl ScoringLayers {
    /// Lays one file's table over the earlier ones.
    pub fn lay(&mut self, source: &SourceFile, entry: ScoringEntry) {
        let scoring = &mut self.scoring;
        scoring.points.extend(entry.points);
        scoring.rule_cap = entry.rule_cap.or(scoring.rule_cap);
        scoring.category_cap = entry.category_cap.or(scoring.category_cap);
        scoring.good_cap = entry.good_cap.unwrap_or(scoring.good_cap);
        scoring.violation_from = entry.verdict.violation_from.unwrap_or(scoring.violation_from);
        scoring.review_from = entry.verdict.review_from.unwrap_or(scoring.review_from);
        scoring.review_below = entry.verdict.review_below.unwrap_or(scoring.review_below);
        scoring.caps.extend(entry.caps.iter().map(|(id, cap)| (id.get_ref().clone(), *cap)));
        self.named.extend(entry.caps.into_keys().map(|id| Named::new(source, id, false)));
        if let Some(fatal) = entry.fatal {
            self.scoring.fatal = fatal.iter().map(|id| id.get_ref().clone()).collect();
            self.named.retain(|named| !named.is_fatal);
            self.named.extend(fatal.into_iter().map(|id| Named::new(source, id, true)));
        }
    }

    /// Ids that name nothing.
    pub fn unknown(&self, is_rule: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let unknown = self.named.iter().filter(|named| !named.is_known() && !is_rule(named.id.get_ref()));
        unknown.map(Named::diagnose).collect()
    }
}

impl Named {
    fn new(source: &SourceFile, id: Text, is_fatal: bool) -> Self {
        Self { source: source.clone(), id, is_fatal }
    }

    fn is_known(&self) -> bool {
        let id = self.id.get_ref().as_str();
        let severities = [Severity::Info, Severity::Minor, Severity::Major, Severity::Critical];
        Category::ALL.iter().any(|category| category.id() == id)
            || (self.is_fatal && severities.iter().any(|severity| severity.id() == id))
    }

    fn diagnose(&self) -> Diagnostic {
        let message = format!("no rule or category `{}`", self.id.get_ref());
        let hint = "name a rule (`callaudit lexicon list`), a category, or in `fatal` a severity";
        self.source.diagnose(Code::UnknownScored, self.id.span(), message, hint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::check_sources;
    use super::*;

    fn scoring(layers: &[&str]) -> Result<Scoring, String> {
        let files = layers.iter().enumerate();
        let sources =
            files.map(|(layer, text)| SourceFile::new(&format!("{layer}/scoring.toml"), text, layer));
        let checked = check_sources(sources.collect(), Vec::new());
        let told = |d: &Diagnostic| format!("{}@{}:{}", d.code.id(), d.line, d.column);
        let problems: Vec<String> = checked.diagnostics.iter().map(told).collect();
        checked.rules.map(|rules| rules.scoring().clone()).ok_or(problems.join(" "))
    }

    #[test]
    fn later_layers_change_what_they_name() {
        let house = "[scoring]\nfatal = ['threat']\ncaps = { insult = 30 }\npoints = { minor = { violation = 4, review = 1 } }";
        let branch = "[scoring]\ngood_cap = 9\ncaps = { harassment = 20 }\nverdict = { review_below = 60 }";
        let laid = scoring(&[house, branch]).unwrap();
        let points = |severity| (laid.points[&severity].violation, laid.points[&severity].review);
        assert_eq!((points(Severity::Minor), points(Severity::Major)), ((4, 1), (20, 5)));
        assert_eq!(laid.caps, [("harassment".to_owned(), 20), ("insult".to_owned(), 30)].into());
        assert_eq!((laid.good_cap, laid.review_below), (9, 60));
        assert_eq!(laid.fatal, ["threat".to_owned()].into());
        let reopened = scoring(&[house, "[scoring]\nfatal = []"]).unwrap();
        assert!(reopened.fatal.is_empty());
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, expected) in [
            ("[scoring]\nfatal = ['threat', 'menace']", "unknown-scored@2:20"),
            ("[scoring]\ncaps = { critical = 3 }", "unknown-scored@2:10"),
            ("[scoring]\nfatall = []", "unknown-key@2:1"),
            ("[scoring.points]\nminor = { violation = -4, review = 1 }", "wrong-value@2:23"),
        ] {
            assert_eq!(scoring(&[text]), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_built_in_scale_is_as_documented() {
        let scoring = super::super::load(&[]).unwrap().scoring().clone();
        assert_eq!(scoring.points[&Severity::Critical], Cost { violation: 40, review: 10 });
        assert_eq!((scoring.good_cap, scoring.fatal), (5, ["critical".to_owned()].into()));
    }
}
