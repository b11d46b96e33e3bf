//! Calls and findings counted by agent, team, lender, hour and day.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Check;
use super::check::Breach;
use super::judge::Judged;
use super::log::{Call, DAY_S, Field, Key, Log, Standing, date_of, time_of_day_s};
use crate::domain::{OpenHours, Tier, TimingDay, TimingRule, TimingSummary, TimingTally};

/// Calls that a thread counts at once.
const SHARE_CALLS: usize = 1 << 18;

const HOURS: usize = 24;

impl Judged<'_> {
    /// Everything counted in every way that a report shows.
    #[must_use]
    pub fn summary(&self) -> TimingSummary {
        let shares = self.log.calls().par_chunks(SHARE_CALLS).enumerate();
        let counts = shares
            .map(|(share, calls)| self.count_share(share * SHARE_CALLS, calls))
            .reduce(|| Counts::new(self), Counts::with);
        let Counts { total, agents, teams, lenders, hours, days } = counts;
        let named = |field, groups| named(self.log, field, groups);
        TimingSummary {
            rules: self.plan.limits.iter().map(rule).collect(),
            total,
            agents: named(Field::Agent, agents),
            teams: named(Field::Team, teams),
            lenders: named(Field::Lender, lenders),
            hours,
            days: days.into_iter().map(|(day, counts)| counts.named(day)).collect(),
            open_hours: self.plan.limits.iter().filter_map(open_hours).collect(),
            unjudged: self.unjudged(),
        }
    }

    fn count_share(&self, first: usize, calls: &[Call]) -> Counts {
        let mut counts = Counts::new(self);
        let breaches = self.breaches();
        let mut at = breaches.partition_point(|breach| (breach.call as usize) < first);
        for (place, call) in (first..).zip(calls) {
            let own = breaches[at..].iter().take_while(|breach| breach.call as usize == place).count();
            if call.standing != Standing::Repeated {
                counts.add(call, &breaches[at..at + own]);
            }
            at += own;
        }
        counts
    }
}

fn rule(planned: &super::check::Planned) -> TimingRule {
    let (policy, limit) = (planned.policy, planned.limit);
    TimingRule {
        id: format!("{}.{}", policy.id, limit.id),
        title: limit.title.clone(),
        category: limit.check.category(),
    }
}

fn open_hours(planned: &super::check::Planned) -> Option<OpenHours> {
    let Check::Hours(rule) = &planned.limit.check else { return None };
    let policy = planned.policy.id.clone();
    Some(OpenHours { policy, open_s: time_of_day_s(rule.open), close_s: time_of_day_s(rule.close) })
}

/// By name; those without one last of the map, and first of the list.
fn named(log: &Log, field: Field, groups: BTreeMap<Key, TimingTally>) -> Vec<(String, TimingTally)> {
    let name = |key| log.text(field, key).unwrap_or_default().to_owned();
    let mut named: Vec<_> = groups.into_iter().map(|(key, tally)| (name(key), tally)).collect();
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    named
}

/// Counts of some of the calls.
struct Counts {
    total: TimingTally,
    agents: BTreeMap<Key, TimingTally>,
    teams: BTreeMap<Key, TimingTally>,
    lenders: BTreeMap<Key, TimingTally>,
    hours: Vec<TimingTally>,
    days: BTreeMap<i32, DayCounts>,
}

struct DayCounts {
    tally: TimingTally,
    calls_by_hour: [u64; HOURS],
}

impl DayCounts {
    fn named(self, day: i32) -> TimingDay {
        let date = date_of(day).to_string();
        TimingDay { date, tally: self.tally, calls_by_hour: self.calls_by_hour.to_vec() }
    }
}

impl Counts {
    fn new(judged: &Judged) -> Self {
        let empty = || TimingTally { by_rule: vec![0; judged.plan.limits.len()], ..TimingTally::default() };
        Self {
            total: empty(),
            agents: BTreeMap::new(),
            teams: BTreeMap::new(),
            lenders: BTreeMap::new(),
            hours: (0..HOURS).map(|_| empty()).collect(),
            days: BTreeMap::new(),
        }
    }

    fn add(&mut self, call: &Call, breaches: &[Breach]) {
        let rules = self.total.by_rule.len();
        let empty = || TimingTally { by_rule: vec![0; rules], ..TimingTally::default() };
        count(&mut self.total, call, breaches);
        for (groups, key) in
            [(&mut self.agents, call.agent), (&mut self.teams, call.team), (&mut self.lenders, call.lender)]
        {
            count(groups.entry(key).or_insert_with(empty), call, breaches);
        }
        if call.standing == Standing::Timed {
            let hour = (call.local_s().rem_euclid(DAY_S) / 3600) as usize;
            count(&mut self.hours[hour], call, breaches);
            let new = || DayCounts { tally: empty(), calls_by_hour: [0; HOURS] };
            let day = self.days.entry(call.day()).or_insert_with(new);
            count(&mut day.tally, call, breaches);
            day.calls_by_hour[hour] += u64::from(call.is_outbound());
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.total.add(&other.total);
        for (groups, more) in [
            (&mut self.agents, other.agents),
            (&mut self.teams, other.teams),
            (&mut self.lenders, other.lenders),
        ] {
            for (key, tally) in more {
                groups.entry(key).or_default().add(&tally);
            }
        }
        for (hour, more) in self.hours.iter_mut().zip(&other.hours) {
            hour.add(more);
        }
        for (day, more) in other.days {
            match self.days.get_mut(&day) {
                Some(counts) => {
                    counts.tally.add(&more.tally);
                    for (calls, more) in counts.calls_by_hour.iter_mut().zip(more.calls_by_hour) {
                        *calls += more;
                    }
                }
                None => drop(self.days.insert(day, more)),
            }
        }
        self
    }
}

fn count(tally: &mut TimingTally, call: &Call, breaches: &[Breach]) {
    tally.calls += 1;
    tally.outbound += u64::from(call.is_outbound());
    if call.answered == Some(true) {
        tally.answered += 1;
        tally.talk_s += u64::from(call.duration_ms().unwrap_or(0) / 1000);
    }
    tally.flagged += u64::from(!breaches.is_empty());
    for breach in breaches {
        match breach.tier() {
            Tier::Violation => tally.violations += 1,
            Tier::Review => tally.reviews += 1,
        }
        tally.by_rule[usize::from(breach.limit.0)] += 1;
    }
}
