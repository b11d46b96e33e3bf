//! Limits, times and whole policies in Chinese; policies in English too.

mod english;

pub use english::explain as explain_in_english;

use std::fmt::Write as _;

use jiff::civil::{DateTime, Time};

use super::calendar::{Day, DayKind};
use super::log::{Call, wall_clock};
use super::{Check, Counting, Counts, Frequency, Limit, Per, Period, Policy, RestDay, Scope, Source};

/// The start of a call to the second, debtor's wall clock.
pub(super) fn start(call: &Call) -> String {
    wall_clock(call.local_s()).strftime("%Y-%m-%d %H:%M:%S").to_string()
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

pub(super) fn day(day: &Day) -> String {
    let festival = &day.festival;
    match day.kind {
        DayKind::Statutory => format!("{festival}（法定节假日）"),
        DayKind::DayOff => format!("{festival}假期（调休放假日）"),
        DayKind::MakeupWorkday => format!("{festival}调休上班日"),
        DayKind::Weekend => "周末".to_owned(),
        DayKind::Workday => "工作日".to_owned(),
    }
}

pub(super) fn overrun(call: &Call, end: DateTime) -> String {
    format!(
        "{} 起呼时在允许时段内，通话持续到 {}，超出允许时段，请复核是否应提前结束。",
        start(call),
        end.strftime("%Y-%m-%d %H:%M:%S")
    )
}

/// The limit itself, as a finding's `meant`.
pub(super) fn limit(check: &Check) -> String {
    match check {
        Check::Hours(rule) => {
            format!("起呼须在 {}（含）至 {}（不含）之间", clock(rule.open), clock(rule.close))
        }
        Check::Frequency(rule) => frequency(rule),
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
        Check::AfterConversation(rule) => format!(
            "与债务人通话（接通且不少于 {} 秒，含来电）后 {} 日内（通话当日为第一日）不再拨打{}",
            rule.effective_min_s,
            rule.days,
            match rule.per {
                Per::Debt => "，按每笔债务计",
                Per::Lender => "，按每家委托机构计",
                _ => "",
            }
        ),
        Check::Refusal(_) => "第三人在已质检的通话中要求不再联系后，不再拨打该号码".to_owned(),
        Check::TextOnly(_) => "条文没有可由通话记录判断的数值，不自动判断".to_owned(),
    }
}

fn frequency(rule: &Frequency) -> String {
    let period = match rule.period {
        Period::Days(1) => "每个自然日".to_owned(),
        Period::Days(days) => format!("任意连续 {days} 日内"),
        Period::Minutes(minutes) => format!("任意 {minutes} 分钟内"),
    };
    format!("{}{period}不超过 {} 次", counting(rule.counting), rule.max)
}

fn counting(counting: Counting) -> String {
    let per = match counting.per {
        Per::Debtor => "对同一债务人（本人各号码合计）",
        Per::Lender => "为同一委托机构对同一债务人（各受托机构合计）",
        Per::Debt => "就同一笔债务（同一委托机构、同一产品）对同一债务人",
        Per::Agent => "同一坐席对同一债务人",
        Per::Number => "对同一号码",
        Per::ThirdPerson => "对同一第三人的号码",
    };
    let counts = match counting.counts {
        Counts::Effective => format!("有效通话（接通且不少于 {} 秒）", counting.effective_min_s),
        Counts::Answered => "接通的通话".to_owned(),
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
    explain_scope(&mut text, &policy.scope);
    for limit in &policy.limits {
        explain_limit(&mut text, policy, limit);
    }
    text.push_str("\n判断口径\n");
    for note in SEMANTICS.iter().copied().chain(policy.notes.iter().map(String::as_str)) {
        let _ = writeln!(text, "  - {note}");
    }
    text
}

fn explain_scope(text: &mut String, scope: &Scope) {
    for (name, values) in [("产品", &scope.products), ("委托机构", &scope.lenders)] {
        if !values.is_empty() {
            let _ = writeln!(text, "仅适用于{name}：{}", values.join("、"));
        }
    }
    for (name, day) in [("自", scope.from), ("至", scope.until)] {
        if let Some(day) = day {
            let _ = writeln!(text, "仅适用于{name} {day} 的通话");
        }
    }
}

fn explain_limit(text: &mut String, policy: &Policy, limit: &Limit) {
    let category = limit.check.category();
    let _ = writeln!(text, "\n{}.{}  {}", policy.id, limit.id, limit.title);
    let _ = writeln!(text, "  限制：{}", self::limit(&limit.check));
    let _ = writeln!(text, "  类别：{}（{}）", category.name_zh(), category.id());
    for source in &limit.basis {
        explain_source(text, source);
    }
    for note in limit.note.iter().chain(&limit.doubt) {
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
