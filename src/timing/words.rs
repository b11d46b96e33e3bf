//! Limits, times and whole policies in Chinese.

use std::fmt::Write as _;

use jiff::civil::{DateTime, Time};

use super::calendar::Day;
use super::call::Call;
use super::{Check, Counting, Counts, Limit, Per, Policy, RestDay, Source};

/// The start of a call to the second, debtor's wall clock.
pub(super) fn start(call: &Call) -> String {
    call.start.local.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(super) fn clock(time: Time) -> String {
    time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

pub(super) fn duration(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} 秒"),
        (0, _) => format!("{minutes} 分 {seconds} 秒"),
        _ => format!("{hours} 小时 {minutes} 分 {seconds} 秒"),
    }
}

pub(super) fn day(day: Day) -> String {
    match day {
        Day::Statutory(festival) => format!("{festival}（法定节假日）"),
        Day::DayOff(festival) => format!("{festival}假期（调休放假日）"),
        Day::MakeupWorkday(festival) => format!("{festival}调休上班日"),
        Day::Weekend => "周末".to_owned(),
        Day::Workday => "工作日".to_owned(),
    }
}

pub(super) fn overrun(call: &Call, end: DateTime) -> String {
    format!(
        "{} 起呼时在允许时段内，通话持续到 {}，超出允许时段，请复核是否应提前结束。",
        start(call),
        end.strftime("%Y-%m-%d %H:%M:%S")
    )
}

/// What the record leaves open about a call: one sentence each.
pub(super) fn doubts(call: &Call, counts_by_debtor: bool) -> Vec<String> {
    let mut doubts = Vec::new();
    if call.record.direction.is_none() {
        doubts.push("记录未注明呼叫方向，按外呼计，需人工复核。".to_owned());
    }
    if counts_by_debtor && call.record.contact.is_none() {
        doubts.push("记录未注明联系对象，按债务人本人计，需人工复核。".to_owned());
    }
    doubts
}

/// The limit itself, as a finding's `meant`.
pub(super) fn limit(check: &Check) -> String {
    match check {
        Check::Hours(rule) => {
            format!("起呼须在 {}（含）至 {}（不含）之间", clock(rule.open), clock(rule.close))
        }
        Check::Daily(rule) => format!("{}每个自然日不超过 {} 次", counting(rule.counting()), rule.max),
        Check::Interval(rule) => {
            format!("{}前后两次起呼间隔不少于 {} 分钟", counting(rule.counting()), rule.min_minutes)
        }
        Check::Holiday(rule) => match rule.review.as_slice() {
            [] => format!("{}不拨打", days(&rule.days)),
            review => format!("{}不拨打，{}提示复核", days(&rule.days), days(review)),
        },
        Check::ThirdParty(rule) => {
            format!("债务人 {} 次未接通后，次日起方可联系第三人", rule.failed_min)
        }
    }
}

fn counting(counting: Counting) -> String {
    let per = match counting.per {
        Per::Debtor => "对同一债务人（本人各号码合计）",
        Per::Number => "对同一号码",
    };
    let counts = match counting.counts {
        Counts::Effective => format!("有效通话（接通且不少于 {} 秒）", counting.effective_min_s),
        Counts::Unanswered => "未接通拨打".to_owned(),
        Counts::Attempts => "拨打（含未接通）".to_owned(),
    };
    format!("{per}{counts}")
}

fn days(days: &[RestDay]) -> String {
    let name = |day: &RestDay| match day {
        RestDay::Statutory => "法定节假日",
        RestDay::DayOff => "调休放假日",
        RestDay::Weekend => "周末",
    };
    days.iter().map(name).collect::<Vec<_>>().join("、")
}

/// A whole policy for compliance people: limits, sources with their force, and how the texts were read.
#[must_use]
pub fn explain(policy: &Policy) -> String {
    let zone = if policy.require_timezone {
        "只按记录中债务人的时区判断；未注明时区的不判断"
    } else {
        "按债务人所在时区判断；记录未注明时用默认时区"
    };
    let mut text = format!("{}  {}\n时区：{zone}\n", policy.id, policy.title);
    for limit in &policy.limits {
        explain_limit(&mut text, policy, limit);
    }
    text.push_str("\n判断口径\n");
    for note in SEMANTICS.iter().copied().chain(policy.notes.iter().map(String::as_str)) {
        let _ = writeln!(text, "  - {note}");
    }
    text
}

fn explain_limit(text: &mut String, policy: &Policy, limit: &Limit) {
    let category = limit.check.category();
    let _ = writeln!(text, "\n{}.{}  {}", policy.id, limit.id, limit.title);
    let _ = writeln!(text, "  限制：{}", self::limit(&limit.check));
    let _ = writeln!(text, "  类别：{}（{}）", category.name_zh(), category.id());
    for source in &limit.basis {
        explain_source(text, source);
    }
    if let Some(note) = &limit.note {
        let _ = writeln!(text, "  说明：{note}");
    }
}

fn explain_source(text: &mut String, source: &Source) {
    let severity = source.verb.severity().name_zh();
    let _ = writeln!(text, "  依据：{}", source.basis().cite());
    let _ = write!(text, "        用词：{}，严重程度：{severity}", source.verb.name_zh());
    let _ = match (source.from, source.until) {
        (None, None) => writeln!(text),
        (Some(from), None) => writeln!(text, "，自 {from} 起"),
        (None, Some(until)) => writeln!(text, "，至 {until} 止"),
        (Some(from), Some(until)) => writeln!(text, "，{from} 至 {until}"),
    };
    let _ = writeln!(text, "        违反时表述为：{}", source.force.breach_zh());
    if let Some(note) = &source.note {
        let _ = writeln!(text, "        来源：{note}");
    }
}

/// What holds for every policy.
const SEMANTICS: [&str; 7] = [
    "呼入通话不判断，也不计次。",
    "以通话当日有效的文本为准；当日没有有效文本的，不判断。",
    "时段为左闭右开，以起呼时刻为准；起呼在时段内而通话持续到时段外的，只提示复核。债务人同意的时段（consent_window）内不受时段限制。",
    "时段与节假日的限制对未接通的拨打同样适用。",
    "有效通话指已接通且时长达到所列秒数；各文本均未定义，此为本程序口径。",
    "记录未注明呼叫方向或联系对象的，按外呼、本人计，只提示复核；缺少其他必要字段的，不判断。",
    "单一机构的通话记录只能证明超限，不能证明合规：其他机构、其他线路的通话不在其中。",
];
