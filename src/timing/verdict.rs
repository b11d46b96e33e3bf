//! From a breach to a [`Finding`]: which texts were in force, how grave, in which words.

use jiff::civil::Date;

use super::check::{Breach, Doubts, Evidence, Reason};
use super::judge::Judged;
use super::log::{date_of, wall_clock};
use super::{Check, Limit, Source, Verb, evidence, words};
use crate::domain::{CallId, Finding, Force, Grade, Severity, Speaker, Tier};

/// Call ids that an explanation lists before it only counts.
const LISTED: usize = 10;

/// A row that names no call.
const NAMELESS: &str = "（无编号）";

/// The finding of a breach; `id` is left empty.
pub(super) fn finding(judged: &Judged, breach: &Breach) -> Finding {
    let (log, planned) = (judged.log, &judged.plan.limits[usize::from(breach.limit.0)]);
    let (policy, limit) = (planned.policy, planned.limit);
    let call = log.call(breach.call);
    let sources: Vec<&Source> = limit.in_force(date_of(call.day())).collect();
    let others = evidence::others(judged, breach);
    let tier = breach.tier();
    let told = match breach.evidence {
        Evidence::Overrun { end_local_s } => words::overrun(call, wall_clock(end_local_s)),
        _ => fill(&limit.explain, &facts(judged, breach, &others)),
    };
    Finding {
        id: String::new(),
        rule: format!("{}.{}", policy.id, limit.id),
        also: Vec::new(),
        category: limit.check.category(),
        severity: severity(judged, breach),
        tier,
        grade: Grade::Timing,
        confidence: if tier == Tier::Violation { 1.0 } else { 0.5 },
        heard_again: None,
        // A record tells when a call was placed, not who spoke.
        speaker: Speaker::Unknown,
        start_s: None,
        end_s: None,
        quote: format!("{} 起呼（{}）", words::start(call), log.zone(call.zone).iana_name().unwrap_or("UTC")),
        meant: words::limit(&limit.check),
        explanation: explanation(&told, &remarks(limit, breach.doubts), tier, &sources),
        basis: sources.iter().map(|source| source.basis().cite()).collect(),
        spans: Vec::new(),
        calls: calls(judged, breach, &others),
    }
}

/// By the gravest verb in force; something near a breach is never more than minor.
pub(super) fn severity(judged: &Judged, breach: &Breach) -> Severity {
    let limit = judged.plan.limits[usize::from(breach.limit.0)].limit;
    let in_force = limit.in_force(date_of(judged.log.call(breach.call).day()));
    let severity = in_force.map(|source| source.verb.severity()).max().unwrap_or(Severity::Minor);
    match breach.evidence {
        Evidence::Overrun { .. } => severity.min(Severity::Minor),
        _ => severity,
    }
}

/// The names of all calls that make up a breach of several.
fn calls(judged: &Judged, breach: &Breach, others: &[u32]) -> Vec<CallId> {
    if others.is_empty() {
        return Vec::new();
    }
    let all = others.iter().chain([&breach.call]);
    all.filter_map(|place| judged.log.name(*place)).map(|name| CallId(name.to_owned())).collect()
}

/// The values of the limit's placeholders.
fn facts(judged: &Judged, breach: &Breach, others: &[u32]) -> Vec<(&'static str, String)> {
    let planned = &judged.plan.limits[usize::from(breach.limit.0)];
    let call = judged.log.call(breach.call);
    let date = date_of(call.day());
    let named = |count: u32| names(judged, others, count as usize);
    let mut facts = vec![("start", words::start(call)), ("date", date.to_string())];
    facts.extend(match (&planned.limit.check, breach.evidence) {
        (Check::Hours(rule), _) => {
            vec![("open", words::clock(rule.open)), ("close", words::clock(rule.close))]
        }
        (Check::Holiday(_), _) => {
            let day = judged.plan.calendar.day(date).map(words::day).unwrap_or_default();
            vec![("day", day)]
        }
        (Check::Frequency(rule), Evidence::Counted { count }) => vec![
            ("count", count.to_string()),
            ("max", rule.max.to_string()),
            ("others", named(count - 1)),
            ("effective_min_s", rule.counting.effective_min_s.to_string()),
        ],
        (Check::ThirdParty(rule), Evidence::Unreached { failed }) => vec![
            ("count", failed.to_string()),
            ("failed_min", rule.failed_min.to_string()),
            ("others", named(others.len() as u32)),
        ],
        (check, Evidence::Previous { gap_s, .. }) => {
            let mut facts = vec![("previous", named(1)), ("gap", words::duration(i64::from(gap_s)))];
            match check {
                Check::Interval(rule) => facts.push(("min_minutes", rule.min_minutes.to_string())),
                Check::AfterConversation(rule) => facts.push(("days", rule.days.to_string())),
                _ => {}
            }
            facts
        }
        _ => Vec::new(),
    });
    facts
}

/// Further sentences in Chinese, each ending in a full stop.
fn remarks(limit: &Limit, doubts: Doubts) -> String {
    let contact = match limit.check {
        Check::Refusal(_) => "记录未注明联系对象，按第三人计，需人工复核。",
        _ => "记录未注明联系对象，按债务人本人计，需人工复核。",
    };
    let sentences = [
        (Doubts::DIRECTION, "记录未注明呼叫方向，按外呼计，需人工复核。"),
        (Doubts::CONTACT, contact),
        (Doubts::CONSENT, "记录中的同意时段无法读取。"),
        (Doubts::REST_DAY, "该日是否在规范所称节假日之内，需人工复核。"),
        (Doubts::OUT_OF_REACH, "号码失效等情形记录中无从得知，需人工复核。"),
        (Doubts::LIMIT, limit.doubt.as_deref().unwrap_or_default()),
    ];
    sentences.iter().filter(|(doubt, _)| doubts.has(*doubt)).map(|(_, sentence)| *sentence).collect()
}

/// Why a limit could not be judged; `day` is that of the call.
pub(super) fn reason(reason: Reason, day: Option<Date>) -> String {
    let on = |text: &str, word: &str| match day {
        Some(day) => format!("{text} {word} {day}"),
        None => text.to_owned(),
    };
    let text = match reason {
        Reason::NotInForce => return on("no text in force", "on"),
        Reason::NoHolidayTable => return on("no holiday table", "for"),
        Reason::NoTimezone => "no timezone",
        Reason::NoAnswered => "no answered",
        Reason::NoDuration => "no duration_s",
        Reason::NoEnd => "no duration_s, so the end of the call is not known",
        Reason::NoDebtor => "no debtor_id",
        Reason::NoNumber => "no number",
        Reason::NoContact => "no contact",
        Reason::NoAgent => "no agent_id",
        Reason::NoLender => "no lender",
        Reason::NoProduct => "no product",
        Reason::NoEarlierCall => "no earlier call to the debtor in the records",
        Reason::NoRefusals => "no audited calls to find refusals in",
        Reason::TextOnly => "records cannot tell, read the text",
    };
    text.to_owned()
}

fn fill(template: &str, facts: &[(&str, String)]) -> String {
    facts.iter().fold(template.to_owned(), |told, (name, value)| told.replace(&format!("{{{name}}}"), value))
}

/// The sentence, the remarks, and what kind of text speaks against the call: «违法» only where it is law.
fn explanation(told: &str, remarks: &str, tier: Tier, sources: &[&Source]) -> String {
    let mut forces: Vec<Force> = Vec::new();
    for source in sources {
        if !forces.contains(&source.force) {
            forces.push(source.force);
        }
    }
    let breaches: Vec<&str> = forces.iter().map(|force| force.breach_zh()).collect();
    let doubt = if tier == Tier::Review { "可能" } else { "" };
    let all = |verb: Verb| sources.iter().all(|source| source.verb == verb);
    let kind = if all(Verb::NotAdvisable) {
        "（倡导性要求）"
    } else if all(Verb::Presumed) {
        "（推定，可举证推翻）"
    } else {
        ""
    };
    format!("{told}{remarks}{doubt}{}{kind}。", breaches.join("，"))
}

/// Names of calls, the first [`LISTED`] of them, and how many there are when that is not all.
fn names(judged: &Judged, places: &[u32], count: usize) -> String {
    let name = |place: &u32| judged.log.name(*place).unwrap_or(NAMELESS);
    let listed = places.iter().take(LISTED).map(name).collect::<Vec<_>>().join("、");
    match count {
        0 => "无".to_owned(),
        count if count > LISTED => format!("{listed} 等 {count} 通"),
        _ => listed,
    }
}
