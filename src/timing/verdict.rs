//! From a breach to a [`Finding`]: which texts were in force, how grave, in which words.

use super::call::Call;
use super::{Limit, Policy, Source, TimingOutcome, Verb, words};
use crate::domain::{Finding, Force, Grade, Severity, Speaker, Tier};

/// Call ids that an explanation lists before it only counts.
const LISTED: usize = 10;

/// How a breach came out, before it is put into words.
pub(super) struct Breach<'a> {
    /// `Violation` when the records prove it.
    pub tier: Tier,
    /// Values of the limit's placeholders; `start` is filled in for all.
    pub facts: &'a [(&'static str, String)],
    /// Further sentences in Chinese, each ending in a full stop.
    pub remarks: &'a [String],
}

/// Writes the outcome of one limit.
pub(super) struct Judge<'a> {
    policy: &'a Policy,
    limit: &'a Limit,
    outcomes: &'a mut [TimingOutcome],
}

impl<'a> Judge<'a> {
    pub fn new(policy: &'a Policy, limit: &'a Limit, outcomes: &'a mut [TimingOutcome]) -> Self {
        Self { policy, limit, outcomes }
    }

    /// Notes why this limit could not be judged for this call.
    pub fn not_judged(&mut self, call: &Call, reason: &str) {
        let line = format!("timing.{}.{}: {reason}", self.policy.id, self.limit.id);
        self.outcomes[call.index].not_judged.push(line);
    }

    /// Whether any text was in force on the day of the call; notes it when not.
    pub fn is_in_force(&mut self, call: &Call) -> bool {
        let day = call.start.local.date();
        let in_force = self.limit.in_force(day).next().is_some();
        if !in_force {
            self.not_judged(call, &format!("no text in force on {day}"));
        }
        in_force
    }

    /// A breach as the limit's own template tells it.
    pub fn breach(&mut self, call: &Call, breach: &Breach) {
        let told = fill(&self.limit.explain, call, breach.facts);
        self.find(call, breach.tier, Severity::Critical, &told, breach.remarks);
    }

    /// Something near a breach, in a sentence of its own: never more than a review of severity minor.
    pub fn warning(&mut self, call: &Call, told: &str) {
        self.find(call, Tier::Review, Severity::Minor, told, &[]);
    }

    fn find(&mut self, call: &Call, tier: Tier, at_most: Severity, told: &str, remarks: &[String]) {
        let sources: Vec<&Source> = self.limit.in_force(call.start.local.date()).collect();
        let severity = sources.iter().map(|source| source.verb.severity()).max().unwrap_or(Severity::Minor);
        let finding = Finding {
            id: String::new(),
            rule: format!("{}.{}", self.policy.id, self.limit.id),
            also: Vec::new(),
            category: self.limit.check.category(),
            severity: severity.min(at_most),
            tier,
            grade: Grade::Timing,
            confidence: if tier == Tier::Violation { 1.0 } else { 0.5 },
            heard_again: None,
            // A record tells when a call was placed, not who spoke.
            speaker: Speaker::Unknown,
            start_s: None,
            end_s: None,
            quote: format!("{} 起呼（{}）", words::start(call), call.start.zone_name()),
            meant: words::limit(&self.limit.check),
            explanation: explanation(told, remarks, tier, &sources),
            basis: sources.iter().map(|source| source.basis().cite()).collect(),
            spans: Vec::new(),
        };
        self.outcomes[call.index].findings.push(finding);
    }
}

fn fill(template: &str, call: &Call, facts: &[(&str, String)]) -> String {
    let told = template.replace("{start}", &words::start(call));
    facts.iter().fold(told, |told, (name, value)| told.replace(&format!("{{{name}}}"), value))
}

/// The sentence, the remarks, and what kind of text speaks against the call: «违法» only where it is law.
fn explanation(told: &str, remarks: &[String], tier: Tier, sources: &[&Source]) -> String {
    let mut forces: Vec<Force> = Vec::new();
    for source in sources {
        if !forces.contains(&source.force) {
            forces.push(source.force);
        }
    }
    let breaches: Vec<&str> = forces.iter().map(|force| force.breach_zh()).collect();
    let doubt = if tier == Tier::Review { "可能" } else { "" };
    let advice = sources.iter().all(|source| source.verb == Verb::NotAdvisable);
    let advisory = if advice { "（倡导性要求）" } else { "" };
    format!("{told}{}{doubt}{}{advisory}。", remarks.concat(), breaches.join("，"))
}

/// Names of calls, the first [`LISTED`] of them, and how many there are when that is not all.
pub(super) fn names<'a>(calls: impl Iterator<Item = &'a Call<'a>>, count: usize) -> String {
    let listed = calls.take(LISTED).map(Call::name).collect::<Vec<_>>().join("、");
    match count {
        0 => "无".to_owned(),
        count if count > LISTED => format!("{listed} 等 {count} 通"),
        _ => listed,
    }
}
