//! Made-up call records in which every breach is known: clean ones by the million, breaches and near misses planted among
//! them. The same seed gives the same bytes.
//!
//! Clean means: by the policies [`POLICIES`] together. Whatever those find beyond the planted breaches is wrong.

use std::io::{self, Write};

use jiff::civil::{Date, date};

/// What the records are judged by.
#[allow(dead_code, reason = "of no use to the program that only writes them")]
pub const POLICIES: [&str; 3] = ["mainland", "house-a", "house-b"];

/// First day of the records and how many days they span; all texts of the policies are in force.
const FIRST_DAY: Date = date(2026, 3, 2);
const DAYS: u64 = 120;

/// Statutory days and days off in the span, as days from its first: 清明 2026-04-04 to 04-06, 劳动节 05-01 to 05-05,
/// 端午 06-19 to 06-21.
const REST_DAYS: [u64; 11] = [33, 34, 35, 60, 61, 62, 63, 64, 109, 110, 111];
const STATUTORY_DAY: u64 = 60;
const DAY_OFF: u64 = 63;

/// Calls of one ordinary debtor.
const CALLS_PER_DEBTOR: u64 = 16;
/// One planted case for so many calls.
const CALLS_PER_CASE: u64 = 500;

const HOUR: u64 = 3600;
const MINUTE: u64 = 60;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    Debtor,
    Family,
    Guarantor,
}

/// A call before it has an id.
#[derive(Clone, Copy)]
pub struct Call {
    /// Seconds since midnight of the first day.
    pub start: u64,
    pub duration_s: u32,
    pub debtor: u32,
    /// 0 and 1 are the debtor's, 2 is a third person's.
    pub line: u8,
    pub contact: Contact,
    pub answered: bool,
    pub inbound: bool,
    /// Agreed hours 20:00 to 23:59.
    pub consent: bool,
    /// Rules that the call breaks, one bit each, by place in [`RULES`].
    pub breaks: u16,
}

/// Every rule that the planted cases break.
pub const RULES: [&str; 10] = [
    "mainland.hours",
    "mainland.daily_answered",
    "mainland.daily_unanswered",
    "mainland.third_party",
    "mainland.storm",
    "house-a.hours",
    "house-a.holiday",
    "house-b.daily",
    "house-b.interval",
    "house-b.holiday",
];

/// SplitMix64: enough for made-up calls, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// About `count` calls, by start.
pub fn make(count: u64, seed: u64) -> Vec<Call> {
    let mut random = Random(seed);
    let mut calls = Vec::with_capacity(count as usize + 64);
    let mut debtor = 0;
    for case in 0..count / CALLS_PER_CASE {
        plant(case, debtor, &mut random, &mut calls);
        debtor += 1;
    }
    while (calls.len() as u64) < count {
        ordinary(debtor, &mut random, &mut calls);
        debtor += 1;
    }
    calls.sort_by_key(|call| (call.start, call.debtor));
    calls
}

fn call(debtor: u32, day: u64, second: u64) -> Call {
    Call {
        start: day * 24 * HOUR + second,
        duration_s: 60,
        debtor,
        line: 0,
        contact: Contact::Debtor,
        answered: true,
        inbound: false,
        consent: false,
        breaks: 0,
    }
}

fn working_day(random: &mut Random) -> u64 {
    loop {
        let day = random.below(DAYS);
        if !REST_DAYS.contains(&day) {
            return day;
        }
    }
}

/// A debtor without a breach: at most two calls on a working day, two hours apart and more, a third person only after
/// three calls that nobody answered.
fn ordinary(debtor: u32, random: &mut Random, calls: &mut Vec<Call>) {
    let mut days: Vec<u64> = (0..CALLS_PER_DEBTOR * 2 / 3).map(|_| working_day(random)).collect();
    days.sort_unstable();
    days.dedup();
    let mut failed = 0;
    for day in days {
        let morning = 8 * HOUR + 30 * MINUTE + random.below(5 * HOUR);
        let evening = morning + 2 * HOUR + random.below(4 * HOUR);
        let starts = if random.is(50) { vec![morning] } else { vec![morning, evening] };
        if failed >= 3 && random.is(40) {
            let answered = random.is(30);
            let line = 2;
            // Before the day's first call to the debtor, who may answer that one.
            calls.push(Call { line, contact: Contact::Family, answered, ..call(debtor, day, morning - 600) });
        }
        for start in starts {
            let answered = random.is(30);
            let duration_s = if answered { 5 + random.below(900) as u32 } else { 0 };
            let line = random.below(2) as u8;
            calls.push(Call { duration_s, line, answered, ..call(debtor, day, start) });
            failed = if answered { 0 } else { failed + 1 };
        }
        if random.is(3) {
            calls.push(Call { inbound: true, ..call(debtor, day, random.below(24 * HOUR)) });
        }
        if random.is(2) {
            let late = evening.max(20 * HOUR) + 2 * HOUR;
            calls.push(Call { consent: true, duration_s: 20, ..call(debtor, day, late) });
            failed = 0;
        }
    }
}

/// One case for every edge of every limit, in turn.
fn plant(case: u64, debtor: u32, random: &mut Random, calls: &mut Vec<Call>) {
    let day = working_day(random);
    match case % 16 {
        kind @ 0..=6 => plant_hours(kind, debtor, day, random, calls),
        kind @ 7..=10 => plant_counts(kind, debtor, day, calls),
        kind => plant_days_and_people(kind, debtor, day, calls),
    }
}

fn breaking(call: Call, rules: &[&str]) -> Call {
    let bits = RULES.iter().enumerate().filter(|(_, rule)| rules.contains(rule));
    Call { breaks: bits.map(|(place, _)| 1 << place).sum(), ..call }
}

fn silent(call: Call) -> Call {
    Call { answered: false, duration_s: 0, ..call }
}

fn plant_hours(kind: u64, debtor: u32, day: u64, random: &mut Random, calls: &mut Vec<Call>) {
    let at = |second: u64| call(debtor, day, second);
    match kind {
        0 => {
            calls
                .push(breaking(at(22 * HOUR + random.below(2 * HOUR)), &["mainland.hours", "house-a.hours"]));
        }
        1 => {
            calls.push(breaking(silent(at(random.below(7 * HOUR))), &["mainland.hours", "house-a.hours"]));
        }
        2 => {
            calls.push(breaking(at(7 * HOUR + random.below(HOUR)), &["mainland.hours"]));
        }
        3 => {
            calls.push(breaking(at(8 * HOUR - 1), &["mainland.hours"]));
        }
        4 => {
            calls.push(breaking(at(21 * HOUR + random.below(58 * MINUTE)), &["house-a.hours"]));
        }
        // Ends a second late, and on the second.
        5 => {
            calls.push(breaking(Call { duration_s: 61, ..at(21 * HOUR - MINUTE) }, &["house-a.hours"]));
        }
        _ => {
            calls.push(Call { duration_s: 60, ..at(21 * HOUR - MINUTE) });
            calls.push(at(8 * HOUR));
            let long = Call { duration_s: 121, ..at(22 * HOUR - 2 * MINUTE) };
            calls.push(breaking(
                Call { line: 2, contact: Contact::Guarantor, ..long },
                &["mainland.hours", "house-a.hours"],
            ));
        }
    }
}

fn plant_counts(kind: u64, debtor: u32, day: u64, calls: &mut Vec<Call>) {
    let at = |second: u64| call(debtor, day, second);
    match kind {
        7 => {
            for nth in 0..4 {
                let one = at(8 * HOUR + nth * 2 * HOUR);
                let last = ["mainland.daily_answered", "house-b.daily"];
                calls.push(breaking(
                    Call { line: (nth % 2) as u8, ..one },
                    if nth == 3 { &last } else { &[] },
                ));
            }
        }
        8 => {
            // The third is not effective, so the fourth is the third that counts.
            for nth in 0..4 {
                let one = at(8 * HOUR + nth * 2 * HOUR);
                let duration_s = if nth == 2 { 29 } else { 30 };
                calls.push(breaking(
                    Call { duration_s, ..one },
                    if nth == 3 { &["house-b.daily"] } else { &[] },
                ));
            }
        }
        9 => {
            for nth in 0..7 {
                let rules: &[&str] = match nth {
                    0..3 => &[],
                    6 => &["mainland.daily_unanswered", "house-b.daily"],
                    _ => &["house-b.daily"],
                };
                calls.push(breaking(silent(at(8 * HOUR + nth * 2 * HOUR)), rules));
            }
        }
        _ => {
            calls.push(at(9 * HOUR));
            calls.push(breaking(at(11 * HOUR - 1), &["house-b.interval"]));
            calls.push(at(13 * HOUR - 1));
        }
    }
}

fn plant_days_and_people(kind: u64, debtor: u32, day: u64, calls: &mut Vec<Call>) {
    let at = |second: u64| call(debtor, day, second);
    match kind {
        11 => {
            let holiday = call(debtor, STATUTORY_DAY, 10 * HOUR);
            calls.push(breaking(holiday, &["house-a.holiday", "house-b.holiday"]));
        }
        12 => {
            let day_off = call(debtor, DAY_OFF, 10 * HOUR);
            calls.push(breaking(day_off, &["house-a.holiday", "house-b.holiday"]));
        }
        13 => {
            // Three calls without an answer, but the third of them on the same day.
            for day in 1..4 {
                calls.push(silent(call(debtor, day, 9 * HOUR)));
            }
            let third = Call { line: 2, contact: Contact::Family, ..call(debtor, 3, 15 * HOUR) };
            calls.push(breaking(third, &["mainland.third_party"]));
            calls.push(Call { line: 2, contact: Contact::Family, ..call(debtor, 4, 15 * HOUR) });
        }
        14 => {
            for nth in 0..6 {
                let one = Call { line: 2, contact: Contact::Guarantor, ..at(10 * HOUR + nth * 11 * MINUTE) };
                calls.push(breaking(one, if nth == 5 { &["mainland.storm"] } else { &[] }));
            }
        }
        // The sixth starts when the hour of the first is over.
        _ => {
            for nth in 0..6 {
                let second = if nth == 5 { HOUR } else { nth * 10 * MINUTE };
                calls.push(Call { line: 2, contact: Contact::Guarantor, ..at(10 * HOUR + second) });
            }
        }
    }
}

/// The id of the call at this place.
pub fn id(place: usize) -> String {
    format!("C{place:09}")
}

/// Writes the records as CSV, and each planted breach as `call_id,rule`.
pub fn write(calls: &[Call], records: &mut impl Write, planted: &mut impl Write) -> io::Result<()> {
    let columns = "call_id,started_at,duration_s,agent_id,team,debtor_id,contact,number,direction,answered,consent_window,lender,product";
    writeln!(records, "{columns}")?;
    writeln!(planted, "call_id,rule")?;
    let days: Vec<String> = (0..=DAYS)
        .map(|day| FIRST_DAY.saturating_add(jiff::Span::new().days(day.cast_signed())).to_string())
        .collect();
    for (place, call) in calls.iter().enumerate() {
        let (id, debtor) = (id(place), call.debtor);
        let (day, second) = (call.start / (24 * HOUR), call.start % (24 * HOUR));
        let (hour, minute, second) = (second / HOUR, second / MINUTE % 60, second % 60);
        let agent = (u64::from(debtor) * 7 + day) % 2000;
        let contact = match call.contact {
            Contact::Debtor => "self",
            Contact::Family => "family",
            Contact::Guarantor => "guarantor",
        };
        writeln!(
            records,
            "{id},{} {hour:02}:{minute:02}:{second:02},{},A{agent:04},T{:02},K{debtor:08},{contact},N{debtor:08}{},{},{},{},L{},P{}",
            days[day as usize],
            call.duration_s,
            agent % 40,
            call.line,
            if call.inbound { "inbound" } else { "outbound" },
            call.answered,
            if call.consent { "20:00-23:59" } else { "" },
            debtor % 9,
            debtor % 3,
        )?;
        for (place, rule) in RULES.iter().enumerate() {
            if call.breaks & (1 << place) != 0 {
                writeln!(planted, "{id},{rule}")?;
            }
        }
    }
    Ok(())
}
