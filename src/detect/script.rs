//! A call held against a script. Decisions:
//!
//! - A step is found as a rule of good conduct is. Where it is said several times, the time that keeps most steps in
//!   order counts: a greeting at the end is no opening.
//! - Most steps in order wins: of the steps that have their place, the longest run in the script's order is done, the
//!   others are out of order. Of equally long runs, the one with the earlier steps.
//! - A step said too late is out of order too. `within_s` runs from the agent's first word.
//! - Without agent speech there is nothing to follow a script with.

use crate::domain::{ScriptReport, ScriptStep, Segment, Speaker, StepOutcome, Transcript};
use crate::lexicon::{Order, Script, Step};

use super::applies::{Applies, applies_ever};
use super::score::hundredths;
use super::talk::Talk;
use super::{CallFacts, Senses, detect};

/// A step with the moments at which it was said, in order of time.
struct Said<'a> {
    step: &'a Step,
    due: bool,
    /// Seconds from the start of the recording.
    in_time_s: Vec<f64>,
    late_s: Vec<f64>,
}

/// Holds a call against a script; `None` where nobody speaks who could follow one.
#[must_use]
pub fn follow(transcript: &Transcript, facts: &CallFacts, script: &Script) -> Option<ScriptReport> {
    let first_s = first_word_s(&transcript.segments)?;
    let said = said(transcript, facts, script, first_s);
    let chain = longest_chain(&said);
    let steps: Vec<ScriptStep> =
        said.iter().zip(&chain).map(|(said, chosen)| said.outcome(*chosen)).collect();
    let due = |outcome| move |step: &&ScriptStep| step.required && step.outcome == outcome;
    let count = |outcome| steps.iter().filter(due(outcome)).count();
    let (done, swapped, missing) =
        (count(StepOutcome::Done), count(StepOutcome::OutOfOrder), count(StepOutcome::Missing));
    let kept = done + swapped.min(script.tolerance.swapped);
    let all = done + swapped + missing;
    Some(ScriptReport {
        script: script.id.clone(),
        title: script.title.clone(),
        digest: script.rules.digest().to_owned(),
        followed: swapped <= script.tolerance.swapped && missing <= script.tolerance.skipped,
        share: if all == 0 { 1.0 } else { hundredths(kept as f64 / all as f64) },
        steps,
    })
}

/// When the agent begins to speak, or anybody where no speaker is known.
fn first_word_s(segments: &[Segment]) -> Option<f64> {
    let first =
        |speaker| segments.iter().find(|segment| segment.speaker == speaker).map(|segment| segment.start_s);
    first(Speaker::Agent).or_else(|| first(Speaker::Unknown))
}

fn said<'a>(transcript: &Transcript, facts: &CallFacts, script: &'a Script, first_s: f64) -> Vec<Said<'a>> {
    let hits = detect(transcript, facts, Senses::default(), &script.rules).noted;
    let talk = Talk::new(transcript, facts, None, &script.rules);
    let steps = script.steps.iter().map(|step| {
        let rule = script.rules.rules().iter().find(|rule| rule.id == step.id);
        let own = hits.iter().filter(|hit| hit.rule == step.id).filter_map(|hit| hit.start_s);
        let until_s = step.within_s.map_or(f64::INFINITY, |within_s| first_s + within_s);
        let (in_time_s, late_s) = own.partition(|at_s| *at_s <= until_s);
        Said {
            step,
            due: rule.is_some_and(|rule| applies_ever(&rule.when, &talk) != Applies::No),
            in_time_s,
            late_s,
        }
    });
    steps.collect()
}

/// The moment of each step that is part of the longest run in order.
fn longest_chain(said: &[Said]) -> Vec<Option<f64>> {
    let places = said.iter().enumerate().filter(|(_, said)| said.due && said.step.order == Order::Strict);
    let hits: Vec<(usize, f64)> =
        places.flat_map(|(place, said)| said.in_time_s.iter().map(move |at_s| (place, *at_s))).collect();
    // Hits stand by place, then by time: what may come before one stands before it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(hits.len());
    for (index, (place, at_s)) in hits.iter().enumerate() {
        let earlier = (0..index).filter(|&other| hits[other].0 < *place && hits[other].1 <= *at_s);
        // The first of equals: `max_by_key` would take the last.
        let before = earlier.rev().max_by_key(|&other| best[other].0);
        best.push((before.map_or(1, |other| best[other].0 + 1), before));
    }
    let mut chosen = vec![None; said.len()];
    let mut next = (0..hits.len()).rev().max_by_key(|&index| best[index].0);
    while let Some(index) = next {
        chosen[hits[index].0] = Some(hits[index].1);
        next = best[index].1;
    }
    chosen
}

impl Said<'_> {
    fn outcome(&self, chosen: Option<f64>) -> ScriptStep {
        let in_time = match self.step.order {
            Order::Strict => chosen,
            Order::Any => self.in_time_s.first().copied(),
        };
        let late = self.late_s.first().copied();
        let displaced = self.in_time_s.first().copied();
        let (outcome, at_s) = match (self.due, in_time, displaced.or(late)) {
            (false, ..) => (StepOutcome::NotApplicable, None),
            (true, Some(at_s), _) => (StepOutcome::Done, Some(at_s)),
            (true, None, Some(at_s)) => (StepOutcome::OutOfOrder, Some(at_s)),
            (true, None, None) => (StepOutcome::Missing, None),
        };
        let is_late = outcome == StepOutcome::OutOfOrder && displaced.is_none();
        ScriptStep {
            step: self.step.id.clone(),
            title: self.step.title.clone(),
            required: self.step.required,
            outcome,
            at_s,
            late_after_s: self.step.within_s.filter(|_| is_late),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::passage::tests::transcript;
    use crate::domain::Contact;
    use crate::lexicon::script_from_text;

    const SCRIPT: &str = r#"
[script]
id = "small"
title = "小流程"
tolerance = { swapped = 1, skipped = 1 }
[[step]]
id = "a"
title = "甲"
say = ["第一步"]
within_s = 30
hit = ["第一步"]
miss = ["您好"]
[[step]]
id = "b"
title = "乙"
say = ["第二步"]
hit = ["第二步"]
miss = ["您好"]
[[step]]
id = "c"
title = "丙"
say = ["第三步"]
when = { contact = ["family"] }
hit = [{ text = "第三步", contact = "family" }]
miss = ["您好"]
[[step]]
id = "d"
title = "丁"
say = ["第四步"]
hit = ["第四步"]
miss = ["您好"]
[[step]]
id = "n"
title = "随时"
say = ["随时说"]
order = "any"
required = false
hit = ["随时说"]
miss = ["您好"]
"#;

    fn script() -> Script {
        script_from_text("small.toml", SCRIPT).unwrap()
    }

    /// `step+` done, `step~` out of order, `step-` missing, `step?` not applicable; then share, and `ok` if followed.
    fn followed(words: &[&'static str]) -> String {
        let turn = |(words, n): (&&'static str, u32)| {
            let start_s = f64::from(n) * 10.0;
            (Speaker::Agent, start_s, start_s + 2.0, *words)
        };
        let turns: Vec<_> = words.iter().zip(0..).map(turn).collect();
        let facts = CallFacts { contact: Some(Contact::Debtor), ..CallFacts::default() };
        let report = follow(&transcript(&turns), &facts, &script()).unwrap();
        let mark = |step: &ScriptStep| match step.outcome {
            StepOutcome::Done => '+',
            StepOutcome::OutOfOrder => '~',
            StepOutcome::Missing => '-',
            StepOutcome::NotApplicable => '?',
        };
        let steps: Vec<String> =
            report.steps.iter().map(|step| format!("{}{}", step.step, mark(step))).collect();
        format!("{} {}{}", steps.concat(), report.share, if report.followed { " ok" } else { "" })
    }

    #[test]
    fn steps_in_and_out_of_order() {
        for (words, expected) in [
            (&["第一步", "第二步", "第四步", "随时说"][..], "a+b+c?d+n+ 1 ok"),
            (&["随时说第一步", "第二步", "第四步"], "a+b+c?d+n+ 1 ok"),
            (&["第一步，第二步，第四步"], "a+b+c?d+n- 1 ok"),
            // One step out of order is within the tolerance, two are not.
            (&["第二步", "第一步", "第四步"], "a+b~c?d+n- 1 ok"),
            (&["第四步", "第二步", "第一步"], "a+b~c?d~n- 0.67"),
            // A step that is said again where it belongs is in order.
            (&["第四步", "第一步", "第二步", "第四步"], "a+b+c?d+n- 1 ok"),
            // Missing, late.
            (&["第一步", "第四步"], "a+b-c?d+n- 0.67 ok"),
            (&["第四步"], "a-b-c?d+n- 0.33"),
            (&["喂", "您好", "在吗", "那个", "第一步", "第二步", "第四步"], "a~b+c?d+n- 1 ok"),
            (&["不说第三步"], "a-b-c?d-n- 0"),
        ] {
            assert_eq!(followed(words), expected, "{words:?}");
        }
    }

    #[test]
    fn only_an_agent_can_follow_a_script() {
        let call = transcript(&[(Speaker::Customer, 0.0, 1.0, "第一步")]);
        assert_eq!(follow(&call, &CallFacts::default(), &script()), None);
    }
}
