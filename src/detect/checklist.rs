//! How a call did by every rule. Decisions:
//!
//! - A rule about a breach fails by a finding of tier `violation`; hits that ask for a review leave it not judged.
//! - What was not heard cannot be kept: without agent speech nothing is judged.
//! - Good conduct that `must_say` asks for fails when it is not shown, at no cost; other good conduct, which few calls
//!   give a reason for, then does not apply.

use std::collections::BTreeSet;

use crate::domain::{CheckItem, CheckOutcome, Finding, GoodConduct, Mark};
use crate::lexicon::{ConductRule, Polarity, Rule, RuleSet};

use super::Detection;
use super::conduct::{ConductOutcome, ConductStatus};
use super::required::Outcome as Statement;

/// Reason of a rule that the call gave no occasion for.
const UNTOUCHED: &str = "通话未涉及";
/// Reason of a rule that only notes what later calls are judged by.
const MARKED: &str = "已记录，据以判断之后的通话";

/// Each rule of good conduct at its first hit; `noted` is in order of time.
pub(super) fn good_conduct(rules: &RuleSet, noted: &[Finding]) -> Vec<GoodConduct> {
    let good = |(rule, hit): (&Rule, &Finding)| GoodConduct {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        points: rule.points,
        start_s: hit.start_s,
        end_s: hit.end_s,
        speaker: hit.speaker,
        quote: hit.quote.clone(),
    };
    first_of_each(rules, noted, Polarity::Good).map(good).collect()
}

/// Each rule that marks calls at its first hit; `noted` is in order of time.
pub(super) fn marks(rules: &RuleSet, noted: &[Finding]) -> Vec<Mark> {
    let mark = |(rule, hit): (&Rule, &Finding)| Mark {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        start_s: hit.start_s,
        quote: hit.quote.clone(),
    };
    first_of_each(rules, noted, Polarity::Mark).map(mark).collect()
}

fn first_of_each<'a>(
    rules: &'a RuleSet,
    noted: &'a [Finding],
    polarity: Polarity,
) -> impl Iterator<Item = (&'a Rule, &'a Finding)> {
    let mut seen = BTreeSet::new();
    let first = noted.iter().filter(move |hit| seen.insert(hit.rule.as_str()));
    let with_rule =
        first.filter_map(|hit| Some((rules.rules().iter().find(|rule| rule.id == hit.rule)?, hit)));
    with_rule.filter(move |(rule, _)| rule.polarity == polarity)
}

fn passed(rule: &Rule) -> CheckItem {
    CheckItem::passed(&rule.id, &rule.title, rule.category)
}

/// A rule that is not for this call.
pub(super) fn not_applicable(rule: &Rule) -> CheckItem {
    passed(rule).with(CheckOutcome::NotApplicable, "不适用于这类通话")
}

/// A statement that was made.
pub(super) fn said(rule: &Rule, at_s: Option<f64>) -> CheckItem {
    CheckItem { at_s, ..passed(rule) }
}

/// A statement that was not made.
pub(super) fn unsaid(rule: &Rule, statement: &Statement, detection: &Detection) -> CheckItem {
    match (statement, rule.polarity) {
        (Statement::NotJudged(why), _) => passed(rule).with(CheckOutcome::NotJudged, why),
        (Statement::NotAsked, _) | (_, Polarity::Mark) => {
            passed(rule).with(CheckOutcome::NotApplicable, UNTOUCHED)
        }
        (_, Polarity::Good) => passed(rule).with(CheckOutcome::Failed, "未体现"),
        (_, Polarity::Bad) => passed(rule).weighed(&detection.findings, &[]),
    }
}

/// A rule about words in a call where nobody speaks whom it is about.
pub(super) fn unheard(rule: &Rule) -> CheckItem {
    passed(rule).with(CheckOutcome::NotJudged, "通话中没有坐席语音")
}

/// A rule about words.
pub(super) fn spoken(rule: &Rule, detection: &Detection) -> CheckItem {
    let passed = passed(rule);
    if rule.polarity == Polarity::Bad {
        return passed.weighed(&detection.findings, &[]);
    }
    match detection.noted.iter().find(|hit| hit.rule == rule.id) {
        Some(_) if rule.polarity == Polarity::Mark => passed.with(CheckOutcome::NotApplicable, MARKED),
        Some(hit) => CheckItem { at_s: hit.start_s, ..passed },
        None => passed.with(CheckOutcome::NotApplicable, UNTOUCHED),
    }
}

/// The rules about times and loudness that make findings; what is only remarked on is nothing to pass or fail.
pub(super) fn conduct(rules: &RuleSet, detection: &Detection) -> Vec<CheckItem> {
    let judged = rules.conduct().iter().zip(&detection.conduct.outcomes);
    let item = |(rule, outcome): (&ConductRule, &ConductOutcome)| {
        let passed = CheckItem::passed(&rule.id, &rule.title, rule.measure.category()?);
        Some(match outcome.status {
            ConductStatus::NotJudged(why) => passed.with(CheckOutcome::NotJudged, why),
            _ => passed.weighed(&detection.findings, &[]),
        })
    };
    judged.filter_map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{CallFacts, Senses, detect, passage};
    use crate::domain::{Contact, Speaker};
    use crate::lexicon::check_texts;

    const PACK: &str = r#"
[[rule]]
id = "a.insult"
title = "辱骂"
category = "insult"
severity = "major"
terms = ["老赖"]
why = "辱骂"
hit = ["老赖"]
miss = ["您好"]

[[rule]]
id = "b.third"
title = "要求第三人代还"
category = "third_party"
severity = "major"
terms = ["你替他还"]
when = { contact = ["family"] }
why = "向第三人催收"
hit = ["你替他还"]
miss = ["您好"]

[[rule]]
id = "c.amount"
title = "未说明金额"
category = "missing_amount"
severity = "minor"
must_say = { patterns = ["五百元"], only_if = { terms = ["请还款"] } }
why = "应说明金额"
hit = ["请还款"]
miss = ["请还款五百元"]

[[rule]]
id = "d.greeting"
title = "礼貌开场"
category = "good_conduct"
polarity = "good"
points = 1
severity = "info"
must_say = { terms = ["您好"], first_turns = 1 }
why = "问候"
hit = ["您好"]
miss = ["喂"]

[[rule]]
id = "e.empathy"
title = "表示理解"
category = "good_conduct"
polarity = "good"
points = 2
severity = "info"
terms = ["理解您的困难"]
why = "体谅"
hit = ["理解您的困难"]
miss = ["您好"]
"#;

    /// A line a rule: outcome, moment, reason; then what was earned.
    fn outcomes(turns: &[(Speaker, f64, f64, &str)]) -> String {
        let rules = check_texts(&[("lexicons/test.toml", PACK)]).rules.unwrap();
        let facts = CallFacts { contact: Some(Contact::Debtor), ..CallFacts::default() };
        let detection = detect(&passage::tests::transcript(turns), &facts, Senses::default(), &rules);
        let line = |item: &CheckItem| {
            let at = item.at_s.map(|at| format!(" @{at}")).unwrap_or_default();
            format!("{} {}{at} {}", item.rule, item.outcome.name_zh(), item.reason).trim_end().to_owned()
        };
        let earned = detection.good_conduct.iter().map(|good| format!("+{} {}", good.points, good.quote));
        detection.checklist.iter().map(line).chain(earned).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_rule_has_its_line() {
        use Speaker::{Agent as A, Customer as C};
        let good = [
            (A, 0.0, 2.0, "您好，请还款"),
            (C, 2.0, 3.0, "没钱"),
            (A, 4.0, 6.0, "我理解您的困难"),
            (C, 6.5, 7.0, "那多少钱"),
            (A, 8.0, 9.0, "五百元"),
        ];
        insta::assert_snapshot!(outcomes(&good), @r"
        a.insult 通过
        b.third 不适用 不适用于这类通话
        c.amount 通过 @8
        d.greeting 通过 @0
        e.empathy 通过 @4.29
        +1 您好，请还款
        +2 我理解您的困难
        ");
        let bad = [(A, 0.0, 2.0, "喂，你个老赖"), (C, 2.0, 3.0, "我理解您的困难"), (A, 4.0, 5.0, "请还款")];
        insta::assert_snapshot!(outcomes(&bad), @r"
        a.insult 未通过 @1.2
        b.third 不适用 不适用于这类通话
        c.amount 未通过
        d.greeting 未通过 未体现
        e.empathy 不适用 通话未涉及
        ");
        insta::assert_snapshot!(outcomes(&[(C, 0.0, 2.0, "喂喂喂")]), @r"
        a.insult 未判断 通话中没有坐席语音
        b.third 不适用 不适用于这类通话
        c.amount 未判断 通话中没有坐席语音
        d.greeting 未判断 通话中没有坐席语音
        e.empathy 未判断 通话中没有坐席语音
        ");
    }

    #[test]
    fn hits_that_ask_for_an_ear_leave_a_rule_open() {
        let mono = [(Speaker::Unknown, 0.0, 2.0, "您好，你个老赖"), (Speaker::Unknown, 3.0, 4.0, "什么")];
        assert!(outcomes(&mono).starts_with("a.insult 未判断 @1.33 有命中待人工复核"), "{}", outcomes(&mono));
    }
}
