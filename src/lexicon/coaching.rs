//! The `[coaching]` tables of the packs: what to say instead, by rule or category.

use serde::Deserialize;

use crate::domain::{Advice, Category, Coaching};

use super::diagnostic::{Code, Diagnostic};
use super::format::Text;
use super::source::SourceFile;

/// `[coaching.threat]` or `[coaching."threat.family"]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoachingEntry {
    principle: Text,
    instead: Vec<Text>,
}

/// The advice of all layers so far, and where it names rules: they are looked up when all rules are known.
#[derive(Debug, Default)]
pub(super) struct CoachingLayers {
    pub coaching: Coaching,
    named: Vec<(SourceFile, Text)>,
}

impl CoachingLayers {
    /// Lays one entry over the earlier one of its id.
    pub fn lay(
        &mut self,
        source: &SourceFile,
        id: Text,
        entry: CoachingEntry,
        problems: &mut Vec<Diagnostic>,
    ) {
        let CoachingEntry { principle, instead } = entry;
        let is_blank = |text: &Text| text.get_ref().trim().is_empty();
        let nothing = instead.is_empty().then_some(&id);
        for text in instead.iter().chain([&principle]).filter(|text| is_blank(text)).chain(nothing) {
            let message = format!("the advice on `{}` leaves something unsaid", id.get_ref());
            let hint = "write a `principle` and at least one sentence in `instead`";
            problems.push(source.diagnose(Code::EmptyCoaching, text.span(), message, hint));
        }
        let told = |text: Text| text.into_inner().trim().to_owned();
        let advice = Advice { principle: told(principle), instead: instead.into_iter().map(told).collect() };
        self.coaching.lay(id.get_ref().clone(), advice);
        self.named.push((source.clone(), id));
    }

    /// Ids that name nothing. A rule that a user switched off may still have the advice it came with.
    pub fn unknown(&self, is_rule: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let own = self.named.iter().filter(|(source, _)| !source.is_built_in());
        let unknown =
            own.filter(|(_, id)| Category::from_id(id.get_ref()).is_none() && !is_rule(id.get_ref()));
        let diagnose = |(source, id): &(SourceFile, Text)| {
            let message = format!("no rule or category `{}`", id.get_ref());
            let hint = "name a rule (`callaudit lexicon list`) or a category; ids with a dot stand in quotes";
            source.diagnose(Code::UnknownCoached, id.span(), message, hint)
        };
        unknown.map(diagnose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::check_sources;
    use super::super::{RuleSet, load};
    use super::*;

    const RULE: &str = "[[rule]]\nid = 'house.pets'\ntitle = '宠物'\ncategory = 'threat'\nseverity = 'minor'\n\
        terms = ['毒死你家狗']\nwhy = '威胁'\nhit = ['毒死你家狗']\nmiss = ['您家小狗真乖']\n";

    fn coaching(layers: &[(&str, &str)]) -> Result<RuleSet, String> {
        let files = layers.iter().enumerate();
        let sources = files
            .map(|(layer, (name, text))| SourceFile::new(&format!("{layer}/{name}.toml"), text, layer + 1));
        let checked = check_sources(sources.collect(), Vec::new());
        let told = |d: &Diagnostic| format!("{}@{}:{}", d.code.id(), d.line, d.column);
        let problems: Vec<String> = checked.diagnostics.iter().map(told).collect();
        checked.rules.ok_or(problems.join(" "))
    }

    #[test]
    fn later_layers_replace_what_they_name() {
        let house = "[coaching.threat]\nprinciple = '一'\ninstead = ['您说']\n\
            [coaching.'house.pets']\nprinciple = '二'\ninstead = ['您好', '谢谢']";
        let branch = "[coaching.threat]\nprinciple = ' 三 '\ninstead = ['我听着']";
        let rules = coaching(&[("house", RULE), ("coaching", house), ("coaching", branch)]).unwrap();
        let advice = rules.coaching().on_category(Category::Threat).unwrap();
        assert_eq!(
            (advice.principle.as_str(), advice.instead.as_slice()),
            ("三", &["我听着".to_owned()][..])
        );
        assert_eq!(rules.coaching().on_rule("house.pets").unwrap().instead.len(), 2);
        assert!(rules.coaching().on_category(Category::Insult).is_none());
    }

    #[test]
    fn words_for_coaching_do_not_make_another_set_of_rules() {
        let advice = |words: &str| format!("[coaching.threat]\nprinciple = '{words}'\ninstead = ['您说']");
        let digest = |words: &str| {
            let rules = coaching(&[("house", RULE), ("coaching", &advice(words))]).unwrap();
            rules.digest().to_owned()
        };
        assert_eq!(digest("一"), digest("二"), "what was judged needs no other audit");
        let both = |words: &str| {
            let rules = coaching(&[("house", &format!("{RULE}{}", advice(words)))]).unwrap();
            rules.digest().to_owned()
        };
        assert_ne!(both("一"), both("二"), "a file that judges counts whole");
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, expected) in [
            ("[coaching.menace]\nprinciple = '一'\ninstead = ['您说']", "unknown-coached@1:11"),
            ("[coaching.good_conduct]\nprinciple = '一'\ninstead = ['您说']", "unknown-coached@1:11"),
            ("[coaching.'threat.none']\nprinciple = '一'\ninstead = ['您说']", "unknown-coached@1:11"),
            ("[coaching.threat.none]\nprinciple = '一'\ninstead = ['您说']", "unknown-key@1:18"),
            ("[coaching.threat]\nprinciple = '一'\ninsted = ['您说']", "unknown-key@3:1"),
            ("[coaching.threat]\nprinciple = '一'", "missing-key@1:1"),
            ("[coaching.threat]\nprinciple = '一'\ninstead = []", "empty-coaching@1:11"),
            ("[coaching.threat]\nprinciple = '一'\ninstead = ['您说', ' ']", "empty-coaching@3:18"),
            ("[coaching.threat]\nprinciple = ''\ninstead = ['您说']", "empty-coaching@2:13"),
        ] {
            let told = coaching(&[("coaching", text)]).map(|_| String::new());
            assert_eq!(told, Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn every_category_has_advice_and_all_advice_is_on_something() {
        let rules = load(&[]).unwrap();
        for category in Category::ALL {
            let advice = rules.coaching().on_category(category);
            let sentences = advice.map_or(0, |advice| advice.instead.len());
            assert!((2..=4).contains(&sentences), "{}: {sentences} sentences", category.id());
        }
        for (id, _) in rules.coaching().entries() {
            let is_rule = rules.rules().iter().any(|rule| rule.id == id)
                || rules.conduct().iter().any(|rule| rule.id == id);
            assert!(is_rule || Category::from_id(id).is_some(), "{id}");
        }
    }
}
