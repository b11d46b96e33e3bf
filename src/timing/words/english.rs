//! Policies in English, for those who set them up from abroad.

use std::fmt::Write as _;

use super::clock;
use crate::domain::{Certainty, Force};
use crate::timing::{Check, Counting, Counts, Frequency, Limit, Per, Period, Policy, RestDay, Source, Verb};

/// A whole policy in plain English: limits, sources with their force, and how the texts were read.
#[must_use]
pub fn explain(policy: &Policy) -> String {
    let zone = if policy.require_timezone {
        "only records that state the debtor's time zone are judged"
    } else {
        "the debtor's; the default one where the record names none"
    };
    let title = policy.title_en.as_deref().unwrap_or(&policy.title);
    let mut text = format!("{}  {title}\nTime zone: {zone}\n", policy.id);
    for (name, values) in [("products", &policy.scope.products), ("lenders", &policy.scope.lenders)] {
        if !values.is_empty() {
            let _ = writeln!(text, "Only {name}: {}", values.join(", "));
        }
    }
    for (name, day) in [("from", policy.scope.from), ("until", policy.scope.until)] {
        if let Some(day) = day {
            let _ = writeln!(text, "Only calls {name} {day}");
        }
    }
    for limit in &policy.limits {
        explain_limit(&mut text, policy, limit);
    }
    text.push_str("\nHow it is read\n");
    for note in SEMANTICS.iter().copied().chain(policy.notes_en.iter().map(String::as_str)) {
        let _ = writeln!(text, "  - {note}");
    }
    text
}

fn explain_limit(text: &mut String, policy: &Policy, limit: &Limit) {
    let title = limit.title_en.as_deref().unwrap_or(&limit.title);
    let _ = writeln!(text, "\n{}.{}  {title}", policy.id, limit.id);
    let _ = writeln!(text, "  Limit: {}", self::limit(&limit.check));
    let _ = writeln!(text, "  Category: {}", limit.check.category().id());
    for source in &limit.basis {
        explain_source(text, source);
    }
    if limit.doubt.is_some() {
        let _ = writeln!(text, "  Records leave it open: every finding asks for review");
    }
    if let Some(note) = &limit.note_en {
        let _ = writeln!(text, "  Note: {note}");
    }
}

fn explain_source(text: &mut String, source: &Source) {
    let article = source.article.as_deref().map(|article| format!(" {article}")).unwrap_or_default();
    let _ = writeln!(
        text,
        "  Basis: {}{article} ({}, {})",
        source.instrument,
        force(source.force),
        certainty(source.verified)
    );
    let severity = source.verb.severity().id();
    let _ = write!(text, "         wording: {}; severity: {severity}", verb(source.verb));
    let _ = match (source.from, source.until) {
        (None, None) => writeln!(text),
        (Some(from), None) => writeln!(text, "; from {from}"),
        (None, Some(until)) => writeln!(text, "; until {until}"),
        (Some(from), Some(until)) => writeln!(text, "; {from} to {until}"),
    };
}

fn force(force: Force) -> &'static str {
    match force {
        Force::Law => "law",
        Force::DepartmentRule => "department rule",
        Force::RecommendedStandard => "recommended national standard, not law",
        Force::SelfRegulation => "self-regulation, not law",
        Force::HousePolicy => "house policy, not law",
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Text => "text read",
        Certainty::Press => "from published reports",
        Certainty::Single => "from one source",
        Certainty::Memory => "not checked",
    }
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::StrictlyForbidden => "strictly forbidden (严禁)",
        Verb::MustNot => "must not (不得)",
        Verb::ShouldNot => "should not (不应)",
        Verb::NotAdvisable => "not advisable (不宜)",
        Verb::Presumed => "presumed a breach, rebuttable",
        Verb::Unseen => "wording not seen",
    }
}

fn limit(check: &Check) -> String {
    match check {
        Check::Hours(rule) => {
            format!("calls start from {} and before {}", clock(rule.open), clock(rule.close))
        }
        Check::Frequency(rule) => frequency(rule),
        Check::Interval(rule) => {
            format!("{}: at least {} minutes between starts", counting(rule.counting()), rule.min_minutes)
        }
        Check::AfterConversation(rule) => format!(
            "no call within {} days after a conversation of {} s or more, that day being the first, whoever called{}",
            rule.days,
            rule.effective_min_s,
            match rule.per {
                Per::Debt => "; for each debt",
                Per::Lender => "; for each lender",
                _ => "",
            }
        ),
        Check::Holiday(rule) => match rule.review.as_slice() {
            [] => format!("no calls on {}", days(&rule.days)),
            review => format!("no calls on {}; calls on {} ask for review", days(&rule.days), days(review)),
        },
        Check::ThirdParty(rule) => format!(
            "a third person only from the day after {} unanswered calls to the debtor",
            rule.failed_min
        ),
        Check::Refusal(_) => {
            "no call to a third person's number after that person asked not to be called in an audited call"
                .to_owned()
        }
        Check::TextOnly(_) => {
            "the text sets no number that records could be held against; not judged".to_owned()
        }
    }
}

fn frequency(rule: &Frequency) -> String {
    let period = match rule.period {
        Period::Days(1) => "a calendar day".to_owned(),
        Period::Days(days) => format!("in any {days} consecutive days"),
        Period::Minutes(minutes) => format!("in any {minutes} minutes"),
    };
    format!("{}: at most {} {period}", counting(rule.counting), rule.max)
}

fn counting(counting: Counting) -> String {
    let counts = match counting.counts {
        Counts::Effective => format!("answered calls of {} s or more", counting.effective_min_s),
        Counts::Answered => "answered calls".to_owned(),
        Counts::Unanswered => "unanswered calls".to_owned(),
        Counts::Attempts => "calls, answered or not".to_owned(),
    };
    let per = match counting.per {
        Per::Debtor => "to one debtor over all numbers",
        Per::Lender => "to one debtor for one lender, all its agencies summed",
        Per::Debt => "to one debtor about one debt (lender and product)",
        Per::Agent => "to one debtor by one agent",
        Per::Number => "to one number",
        Per::ThirdPerson => "to one number of a third person",
    };
    format!("{counts} {per}")
}

fn days(days: &[RestDay]) -> String {
    let name = |day: &RestDay| match day {
        RestDay::Statutory => "statutory holidays",
        RestDay::DayOff => "further days off by the yearly notice",
        RestDay::Weekend => "weekends",
    };
    days.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What holds for every policy.
const SEMANTICS: [&str; 7] = [
    "Inbound calls are neither judged nor counted.",
    "The texts in force on the day of the call decide; where none was, nothing is judged.",
    "Windows are half-open and concern the start; a call that starts inside and runs past the end asks for review. Hours the \
     debtor agreed to (consent_window) are open.",
    "Hours and holidays concern unanswered calls as well.",
    "No text defines an effective call; answered and of the stated length is this program's reading.",
    "A direction not recorded counts as outbound, a contact not recorded as the debtor, and asks for review; what else is \
     missing keeps a limit from being judged.",
    "The records of one agency can prove a breach, never compliance: calls of others are not in them.",
];
