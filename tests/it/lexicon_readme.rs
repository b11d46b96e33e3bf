//! The examples of `lexicons/README.md` are rules and policies like any other.

use callaudit::detect::selftest::{Outcome, try_rule};
use callaudit::lexicon;

const README: &str = include_str!("../../lexicons/README.md");

/// The TOML blocks of the text.
fn blocks() -> Vec<&'static str> {
    let fenced = README.split("```toml\n").skip(1);
    fenced.map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_block_loads_and_its_examples_hold() {
    let directory = tempfile::tempdir().unwrap();
    for (number, block) in blocks().iter().enumerate() {
        std::fs::write(directory.path().join(format!("block-{number}.toml")), block).unwrap();
    }
    let checked = lexicon::check(&[directory.path().to_owned()]);
    let rules = checked.rules.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let shown: Vec<_> =
        rules.rules().iter().filter(|rule| README.contains(&format!("\"{}\"", rule.id))).collect();
    assert!(shown.len() >= 12, "{}", shown.len());
    let bad = shown.into_iter().flat_map(|rule| try_rule(rule, &rules, None));
    let bad: Vec<_> = bad.filter(|trial| trial.outcome != Outcome::Ok).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn the_policy_shown_is_sound() {
    let policy = README.split("```toml policy\n").nth(1).unwrap().split("```").next().unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("own.toml"), policy).unwrap();
    let policies = callaudit::timing::read_layer(&directory.path().join("own.toml"));
    assert_eq!(policies.into_iter().map(|policy| policy.unwrap().id).collect::<Vec<_>>(), ["own"]);
}
