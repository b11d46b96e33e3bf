//! All calls together: figures by tier, category, grade and rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cer::ErrorRates;
use super::counts::Counts;
use super::interval::{Bootstrap, Rate, wilson};
use super::judgement::{Judgement, Outcome, is_required, is_spoken, judge};
use super::labels::LabelledCall;
use crate::domain::{CallId, CallReport, Category, Finding, Grade, Tier};

/// How good an audit is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Labelled calls.
    pub calls: usize,
    /// Labelled calls that the report lacks or could not audit: they count as calls without findings.
    pub not_audited: Vec<CallId>,
    /// Calls of the report that nobody labelled: left out.
    pub not_labelled: usize,
    /// Findings of kinds that labels do not speak of (times of calls, conduct): left out.
    pub other_findings: usize,
    /// Findings of both tiers.
    pub all: Section,
    /// Findings that stand by themselves.
    pub violation: Section,
    /// Findings that ask for a human ear.
    pub review: Section,
    /// The findings of one grade as if there were no others: `absent` against what was not said, the others against
    /// what was.
    pub grades: BTreeMap<Grade, Figures>,
    pub rules: BTreeMap<String, RuleFigures>,
    /// Absent where nothing was recognised or no words are labelled.
    pub recognition: Option<ErrorRates>,
    /// Every label and every finding of both tiers with what became of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<Judgement>,
}

/// Figures over some of the findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Categories that somebody labelled or something found.
    pub categories: BTreeMap<Category, Figures>,
    /// All spoken categories together.
    pub spoken: Figures,
    /// All `missing_…` together, over the calls whose labels speak of them.
    pub missing: Figures,
    /// Calls with any spoken breach.
    pub verdict: Figures,
    /// Calls without any spoken breach, and how many of them were flagged.
    pub clean_calls: usize,
    pub clean_calls_flagged: usize,
}

/// Counts with what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    #[serde(flatten)]
    pub counts: Counts,
    /// Interval after Wilson.
    pub precision: Option<Rate>,
    /// Interval after Wilson.
    pub recall: Option<Rate>,
    /// Interval by bootstrap over calls.
    pub f1: Option<Rate>,
}

/// How often a rule's findings were right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RuleFigures {
    pub found: u64,
    pub false_alarms: u64,
    pub precision: Option<Rate>,
}

/// Measures reports against labels.
#[must_use]
pub fn evaluate(calls: &[LabelledCall], reports: &BTreeMap<CallId, CallReport>) -> Evaluation {
    let audited = |call: &LabelledCall| reports.get(&call.call_id).filter(|report| report.error.is_none());
    let pairs: Vec<Pair> = calls
        .iter()
        .map(|call| Pair { call, findings: audited(call).map_or(&[][..], |report| &report.findings) })
        .collect();
    let measure = Measure { pairs, bootstrap: Bootstrap::new(calls.len()) };
    let labelled: BTreeSet<&CallId> = calls.iter().map(|call| &call.call_id).collect();
    let judgements = measure.judge(|_| true);
    Evaluation {
        calls: calls.len(),
        not_audited: calls.iter().filter(|c| audited(c).is_none()).map(|c| c.call_id.clone()).collect(),
        not_labelled: reports.keys().filter(|id| !labelled.contains(id)).count(),
        other_findings: measure.other_findings(),
        all: measure.section(|_| true),
        violation: measure.section(|finding| finding.tier == Tier::Violation),
        review: measure.section(|finding| finding.tier == Tier::Review),
        grades: measure.grades(),
        rules: rules(judgements.iter().flatten()),
        recognition: recognition(calls, reports),
        judgements: judgements.into_iter().flatten().collect(),
    }
}

fn recognition(calls: &[LabelledCall], reports: &BTreeMap<CallId, CallReport>) -> Option<ErrorRates> {
    let mut rates = ErrorRates::default();
    for call in calls {
        if let Some(report) = reports.get(&call.call_id).filter(|report| report.error.is_none()) {
            rates.add(call, report);
        }
    }
    (!rates.calls.is_empty()).then_some(rates)
}

fn rules<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> BTreeMap<String, RuleFigures> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for judgement in judgements {
        for rule in &judgement.rules {
            *counts.entry(rule.clone()).or_default() += judgement.counts();
        }
    }
    let figures = |Counts { found, false_alarms, .. }: Counts| RuleFigures {
        found,
        false_alarms,
        precision: wilson(found, found + false_alarms),
    };
    counts.into_iter().map(|(rule, counts)| (rule, figures(counts))).collect()
}

/// A labelled call and its findings.
struct Pair<'a> {
    call: &'a LabelledCall,
    findings: &'a [Finding],
}

struct Measure<'a> {
    pairs: Vec<Pair<'a>>,
    bootstrap: Bootstrap,
}

impl Measure<'_> {
    /// Judges every call by some of its findings.
    fn judge(&self, which: impl Fn(&Finding) -> bool) -> Vec<Vec<Judgement>> {
        let judge_call = |pair: &Pair| {
            let findings: Vec<&Finding> = pair.findings.iter().filter(|finding| which(finding)).collect();
            judge(pair.call, &findings)
        };
        self.pairs.iter().map(judge_call).collect()
    }

    fn section(&self, which: impl Fn(&Finding) -> bool) -> Section {
        let judged = self.judge(which);
        let categories: BTreeSet<Category> = judged.iter().flatten().map(|one| one.category).collect();
        let verdicts: Vec<Counts> = judged.iter().map(|call| verdict(call)).collect();
        let is_clean = |counts: &&Counts| counts.found + counts.missed == 0;
        Section {
            categories: categories
                .into_iter()
                .map(|c| (c, self.figures(&judged, |other| other == c)))
                .collect(),
            spoken: self.figures(&judged, is_spoken),
            missing: self.figures(&judged, is_required),
            clean_calls: verdicts.iter().filter(is_clean).count(),
            clean_calls_flagged: verdicts.iter().filter(|counts| counts.false_alarms > 0).count(),
            verdict: self.figures_of(verdicts),
        }
    }

    fn grades(&self) -> BTreeMap<Grade, Figures> {
        let findings = || self.pairs.iter().flat_map(|pair| pair.findings);
        let grades: BTreeSet<Grade> =
            findings().filter(|f| is_measured(f.category)).map(|f| f.grade).collect();
        let figures = |grade| {
            let judged = self.judge(|finding| finding.grade == grade);
            match grade {
                Grade::Absent => self.figures(&judged, is_required),
                _ => self.figures(&judged, is_spoken),
            }
        };
        grades.into_iter().map(|grade| (grade, figures(grade))).collect()
    }

    fn other_findings(&self) -> usize {
        self.pairs.iter().flat_map(|pair| pair.findings).filter(|f| !is_measured(f.category)).count()
    }

    fn figures(&self, judged: &[Vec<Judgement>], which: impl Fn(Category) -> bool) -> Figures {
        let sum = |call: &Vec<Judgement>| {
            let counted = call.iter().filter(|judgement| which(judgement.category));
            counted.fold(Counts::default(), |sum, judgement| sum + judgement.counts())
        };
        self.figures_of(judged.iter().map(sum).collect())
    }

    /// Figures from the counts of each call.
    fn figures_of(&self, counts: Vec<Counts>) -> Figures {
        let all = counts.iter().fold(Counts::default(), |sum, counts| sum + *counts);
        let by_call: Vec<(usize, Counts)> =
            counts.into_iter().enumerate().filter(|(_, counts)| *counts != Counts::default()).collect();
        Figures {
            counts: all,
            precision: wilson(all.found, all.found + all.false_alarms),
            recall: wilson(all.found, all.found + all.missed),
            f1: self.bootstrap.f1(&by_call),
        }
    }
}

fn is_measured(category: Category) -> bool {
    is_spoken(category) || is_required(category)
}

impl Judgement {
    fn counts(&self) -> Counts {
        let is = |outcome| u64::from(self.outcome == outcome);
        Counts {
            found: is(Outcome::Found),
            false_alarms: is(Outcome::FalseAlarm),
            missed: is(Outcome::Missed),
        }
    }
}

/// A call as one thing to find: any spoken breach labelled, any found, wherever in the call.
fn verdict(judgements: &[Judgement]) -> Counts {
    let spoken = |outcomes: [Outcome; 2]| {
        judgements.iter().any(|one| is_spoken(one.category) && outcomes.contains(&one.outcome))
    };
    let labelled = spoken([Outcome::Found, Outcome::Missed]);
    let found = spoken([Outcome::Found, Outcome::FalseAlarm]);
    Counts {
        found: u64::from(labelled && found),
        false_alarms: u64::from(found && !labelled),
        missed: u64::from(labelled && !found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::judgement::tests::{call, finding, turn, whole};
    use super::*;
    use crate::domain::{CallError, Provenance, RecordingInfo, SCHEMA, Segment, Speaker, Verdict};
    use Category::{Insult, MissingAmount, OutsideHours, Threat};
    use Speaker::Agent;

    fn report(id: &str, findings: Vec<Finding>) -> CallReport {
        CallReport {
            schema: SCHEMA.to_owned(),
            call_id: CallId(id.to_owned()),
            recording: None,
            record: None,
            day: None,
            verdict: Verdict::Clean,
            score: 100,
            score_items: Vec::new(),
            error: None,
            findings,
            suppressed: Vec::new(),
            good_conduct: Vec::new(),
            marks: Vec::new(),
            checklist: Vec::new(),
            script: None,
            not_judged: Vec::new(),
            measures: None,
            transcript: Vec::new(),
            provenance: Provenance {
                tool: "callaudit".to_owned(),
                model: None,
                semantics: None,
                lexicons: String::new(),
                policies: String::new(),
                settings: String::new(),
            },
        }
    }

    fn labelled(id: &str, turns: &[&[Category]], whole: &[Category]) -> LabelledCall {
        let place = |index: usize| 10.0 * index as f64;
        let turns = turns.iter().enumerate().map(|(n, labels)| turn(Agent, place(n), place(n) + 5.0, labels));
        LabelledCall { call_id: CallId(id.to_owned()), ..call(turns.collect(), Some(whole)) }
    }

    fn review(finding: Finding) -> Finding {
        Finding { tier: Tier::Review, ..finding }
    }

    fn evaluated(calls: &[LabelledCall], reports: Vec<CallReport>) -> Evaluation {
        evaluate(calls, &reports.into_iter().map(|report| (report.call_id.clone(), report)).collect())
    }

    fn counts(figures: &Figures) -> (u64, u64, u64) {
        (figures.counts.found, figures.counts.false_alarms, figures.counts.missed)
    }

    #[test]
    fn figures_are_cut_by_category_tier_and_grade() {
        let calls = [
            labelled("A", &[&[Threat], &[Insult], &[]], &[MissingAmount]),
            labelled("B", &[&[]], &[]),
            labelled("C", &[&[Threat]], &[]),
        ];
        let absent = Finding { grade: Grade::Absent, ..whole(MissingAmount) };
        let reports = vec![
            report(
                "A",
                vec![finding(Threat, Agent, 1.0, 2.0), review(finding(Insult, Agent, 11.0, 12.0)), absent],
            ),
            report(
                "B",
                vec![review(finding(Insult, Agent, 1.0, 2.0)), finding(OutsideHours, Agent, 1.0, 2.0)],
            ),
            report("X", vec![finding(Threat, Agent, 1.0, 2.0)]),
        ];
        let evaluation = evaluated(&calls, reports);
        assert_eq!(evaluation.not_audited, [CallId("C".to_owned())]);
        assert_eq!((evaluation.calls, evaluation.not_labelled, evaluation.other_findings), (3, 1, 1));
        let Evaluation { all, violation, review, grades, rules, .. } = &evaluation;
        assert_eq!(counts(&all.spoken), (2, 1, 1));
        assert_eq!(counts(&all.categories[&Threat]), (1, 0, 1));
        assert_eq!(counts(&all.categories[&Insult]), (1, 1, 0));
        assert_eq!(counts(&all.missing), (1, 0, 0));
        assert_eq!((counts(&all.verdict), all.clean_calls, all.clean_calls_flagged), ((1, 1, 1), 1, 1));
        assert_eq!(counts(&violation.spoken), (1, 0, 2));
        assert_eq!((counts(&violation.verdict), violation.clean_calls_flagged), ((1, 0, 1), 0));
        assert_eq!(counts(&review.spoken), (1, 1, 2));
        assert_eq!((counts(&grades[&Grade::Exact]), counts(&grades[&Grade::Absent])), ((2, 1, 1), (1, 0, 0)));
        assert_eq!((rules["insult.rule"].found, rules["insult.rule"].false_alarms), (1, 1));
        assert_eq!(evaluation.judgements.len(), 5);
        let spoken = &evaluation.all.spoken;
        assert_eq!(spoken.precision.map(|rate| (rate.value * 1000.0).round()), Some(667.0));
        assert!(spoken.f1.is_some_and(|rate| rate.low < rate.value && rate.value < rate.high));
    }

    #[test]
    fn a_failed_call_counts_as_one_without_findings() {
        let error = Some(CallError::new("a.wav", "no sound", "record again"));
        let failed = CallReport { error, ..report("A", vec![finding(Threat, Agent, 1.0, 2.0)]) };
        let evaluation = evaluated(&[labelled("A", &[&[Threat]], &[])], vec![failed]);
        assert_eq!(counts(&evaluation.all.spoken), (0, 0, 1));
        assert_eq!(evaluation.not_audited.len(), 1);
    }

    #[test]
    fn words_are_compared_where_they_were_recognised() {
        let mut calls = [labelled("A", &[&[], &[]], &[])];
        calls[0].turns[0].text = "您好，请问".to_owned();
        calls[0].turns[1].text = "還款3天".to_owned();
        let segment = |start_s: f64, text: &str| Segment::said(Speaker::Agent, start_s, start_s + 1.0, text);
        let recording = |channels| {
            Some(RecordingInfo { path: "A.wav".to_owned(), sha256: String::new(), duration_s: 9.0, channels })
        };
        let heard = vec![segment(5.0, "还款四天"), segment(0.0, "你好请问")];
        let transcript = CallReport { transcript: heard, ..report("A", Vec::new()) };
        assert_eq!(evaluated(&calls, vec![transcript.clone()]).recognition, None);
        for channels in [1, 2] {
            let report = CallReport { recording: recording(channels), ..transcript.clone() };
            let rates = evaluated(&calls, vec![report]).recognition.unwrap();
            let (sum, other) = (rates.speakers_apart, rates.one_channel);
            let sum = if channels == 1 { other } else { sum };
            assert_eq!((sum.errors, sum.characters, sum.rate()), (2, 8, Some(0.25)));
        }
    }
}
