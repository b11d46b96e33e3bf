//! How a call did by every limit of the policies, from what was found already.

use jiff::civil::Date;

use super::{Limit, Policy, Source, TimingOutcome};
use crate::domain::{CallRecord, CheckItem, CheckOutcome, Direction};

/// One line a limit, in the order of the policies. A call without a record is not judged.
#[must_use]
pub fn checklist(
    policies: &[Policy],
    record: Option<&CallRecord>,
    outcome: Option<&TimingOutcome>,
) -> Vec<CheckItem> {
    let limits = policies.iter().flat_map(|policy| policy.limits.iter().map(move |limit| (policy, limit)));
    limits
        .map(|(policy, limit)| {
            let rule = format!("{}.{}", policy.id, limit.id);
            let passed = CheckItem::passed(&rule, &limit.title, limit.check.category());
            let (Some(record), Some(outcome)) = (record, outcome) else {
                return passed.with(CheckOutcome::NotJudged, "no call record");
            };
            if record.direction == Some(Direction::Inbound) {
                return passed.with(CheckOutcome::NotApplicable, "呼入通话");
            }
            if is_repealed(limit, outcome) {
                return passed.with(CheckOutcome::NotApplicable, "通话当日所据文本已失效");
            }
            // A log can prove a breach, never compliance.
            let passed = passed.with(CheckOutcome::Passed, "以现有通话记录为限");
            passed.weighed(&outcome.findings, &reasons(policy, &rule, outcome))
        })
        .collect()
}

/// Whether every text of the limit had gone out of force by the day of the call.
fn is_repealed(limit: &Limit, outcome: &TimingOutcome) -> bool {
    let day: Option<Date> = outcome.local_date.as_ref().and_then(|date| date.parse().ok());
    let is_over = |source: &Source| source.until.zip(day).is_some_and(|(until, day)| until < day);
    limit.basis.iter().all(is_over)
}

/// The lines of what was not judged, without the `timing.` before the rule; what keeps a whole policy from being
/// judged is said of the rule.
fn reasons(policy: &Policy, rule: &str, outcome: &TimingOutcome) -> Vec<String> {
    let lines = outcome.not_judged.iter().filter_map(|line| line.strip_prefix("timing."));
    lines
        .map(|line| match line.strip_prefix(&format!("{}: ", policy.id)) {
            Some(why) => format!("{rule}: {why}"),
            None => line.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timing::{Calendar, Law, Refusals, check, load_policies, timezone};

    /// `limit=outcome` of the built-in policy, with the reason where there is one.
    fn lines(record: &CallRecord) -> String {
        let policies = load_policies(&[]).unwrap().select(&["mainland".to_owned()]).unwrap();
        let zone = timezone("Asia/Shanghai").unwrap();
        let (calendar, refusals) = (Calendar::built_in(), Refusals::of([]));
        let law = Law { policies: policies.policies(), calendar: &calendar, refusals: &refusals };
        let outcome = &check(std::slice::from_ref(record), law, &zone)[0];
        let items = checklist(policies.policies(), Some(record), Some(outcome));
        let line = |item: &CheckItem| format!("{} {:?} {}", item.rule, item.outcome, item.reason);
        items.iter().map(|item| line(item).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn record(started_at: Option<&str>) -> CallRecord {
        CallRecord {
            started_at: started_at.map(str::to_owned),
            duration_s: Some(60.0),
            answered: Some(true),
            debtor_id: Some("K".to_owned()),
            number: Some("N".to_owned()),
            contact: Some(crate::domain::Contact::Debtor),
            direction: Some(Direction::Outbound),
            ..CallRecord::default()
        }
    }

    #[test]
    fn every_limit_has_its_line() {
        insta::assert_snapshot!(lines(&record(Some("2026-03-02 23:10"))), @r"
        mainland.hours Failed
        mainland.daily_answered Passed 以现有通话记录为限
        mainland.daily_unanswered Passed 以现有通话记录为限
        mainland.third_party Passed 以现有通话记录为限
        mainland.refusal Passed 以现有通话记录为限
        mainland.storm Passed 以现有通话记录为限
        mainland.lender_daily NotApplicable 通话当日所据文本已失效
        ");
        insta::assert_snapshot!(lines(&record(None)), @r"
        mainland.hours NotJudged no started_at
        mainland.daily_answered NotJudged no started_at
        mainland.daily_unanswered NotJudged no started_at
        mainland.third_party NotJudged no started_at
        mainland.refusal NotJudged no started_at
        mainland.storm NotJudged no started_at
        mainland.lender_daily NotJudged no started_at
        ");
        let inbound = CallRecord { direction: Some(Direction::Inbound), ..record(None) };
        assert!(lines(&inbound).lines().all(|line| line.contains("NotApplicable")));
    }

    #[test]
    fn without_a_record_nothing_is_judged() {
        let policies = load_policies(&[]).unwrap();
        let items = checklist(policies.policies(), None, None);
        assert!(!items.is_empty() && items.iter().all(|item| item.outcome == CheckOutcome::NotJudged));
    }
}
