//! Rules of conduct as `lexicon explain` prints them.

use std::io::{self, Write};

use super::{lower, one_line};
use crate::domain::Basis;
use crate::lexicon::ConductRule;

/// Everything about one rule.
pub(super) fn print(rule: &ConductRule, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} — {} ({})", rule.id, rule.title, rule.pack)?;
    let basis: Vec<String> = rule.basis.iter().map(Basis::cite).collect();
    let category =
        rule.measure.category().map(|category| format!("{} {}", category.id(), category.name_zh()));
    let lines = [
        ("category", category.unwrap_or_else(|| "none: a remark, not a finding".to_owned())),
        ("severity", lower(rule.severity)),
        ("tier", lower(rule.tier)),
        ("measure", format!("{:?}", rule.measure)),
        ("unless", rule.unless.join(" ")),
        ("why", rule.why.clone()),
        ("basis", basis.join("；")),
    ];
    for (name, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "  {name:<10} {value}")?;
    }
    for (name, examples) in [("hit", &rule.hit), ("miss", &rule.miss)] {
        examples
            .iter()
            .try_for_each(|example| writeln!(out, "  {name:<10} {}", one_line(&example.text())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_conduct_is_explained() {
        let rules = crate::lexicon::load(&[]).unwrap();
        let rule = rules.conduct().iter().find(|rule| rule.id == "conduct.response_time").unwrap();
        let mut out = Vec::new();
        print(rule, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("ResponseTime { limit_s: 8.0 }"), "{text}");
    }
}
