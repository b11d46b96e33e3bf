//! Tables of edges: hours, holidays, time zones, what is missing.

use jiff::tz::TimeZone;

use super::{Calendar, Law, Policy, Refusals, TimingOutcome, check, load_policies, timezone};
use crate::domain::{CallId, CallRecord, Category, ConsentWindow, Contact, Direction, Tier};

/// A call to the debtor, answered, a minute long, with everything known.
pub(super) fn call(id: &str, started_at: &str) -> CallRecord {
    CallRecord {
        call_id: Some(CallId(id.to_owned())),
        started_at: Some(started_at.to_owned()),
        duration_s: Some(60.0),
        debtor_id: Some("D1".to_owned()),
        contact: Some(Contact::Debtor),
        number: Some("N1".to_owned()),
        direction: Some(Direction::Outbound),
        answered: Some(true),
        ..CallRecord::default()
    }
}

pub(super) fn unanswered(id: &str, started_at: &str) -> CallRecord {
    CallRecord { answered: Some(false), duration_s: Some(0.0), ..call(id, started_at) }
}

pub(super) fn shanghai() -> TimeZone {
    timezone("Asia/Shanghai").unwrap()
}

pub(super) fn judge(policy: &str, records: &[CallRecord]) -> Vec<TimingOutcome> {
    let policies = load_policies(&[]).unwrap().select(&[policy.to_owned()]).unwrap();
    judge_by(policies.policies(), records)
}

pub(super) fn judge_by(policies: &[Policy], records: &[CallRecord]) -> Vec<TimingOutcome> {
    let (calendar, refusals) = (Calendar::built_in(), Refusals::of([]));
    check(records, Law { policies, calendar: &calendar, refusals: &refusals }, &shanghai())
}

fn judge_one(policy: &str, record: CallRecord) -> TimingOutcome {
    judge(policy, &[record]).remove(0)
}

/// `category tier severity` of each finding.
/// Neither a finding nor anything left unjudged.
pub(super) fn says_nothing(outcome: &TimingOutcome) -> bool {
    outcome.findings.is_empty() && outcome.not_judged.is_empty()
}

pub(super) fn told(outcome: &TimingOutcome) -> Vec<String> {
    let tell = |tier: Tier| if tier == Tier::Violation { "violation" } else { "review" };
    let tells = outcome.findings.iter();
    tells
        .map(|finding| {
            format!("{} {} {:?}", finding.category.id(), tell(finding.tier), finding.severity).to_lowercase()
        })
        .collect()
}

/// For each record whether it has a finding of the category.
pub(super) fn flagged(outcomes: &[TimingOutcome], category: Category) -> Vec<bool> {
    outcomes.iter().map(|outcome| outcome.findings.iter().any(|found| found.category == category)).collect()
}

/// For each record whether it breaks the limit.
pub(super) fn breaking(outcomes: &[TimingOutcome], rule: &str) -> Vec<bool> {
    outcomes.iter().map(|outcome| outcome.findings.iter().any(|found| found.rule == rule)).collect()
}

#[test]
fn the_window_is_half_open_and_to_the_second() {
    let violation = vec!["outside_hours violation major".to_owned()];
    for (time, expected) in [
        ("07:59:59", &violation),
        ("08:00:00", &vec![]),
        ("12:00:00", &vec![]),
        ("21:58:59", &vec![]),
        ("21:59:00", &vec![]),
        ("21:59:01", &vec!["outside_hours review minor".to_owned()]),
        ("22:00:00", &violation),
        ("23:59:59", &violation),
        ("00:00:00", &violation),
    ] {
        let outcome = judge_one("mainland", call("C1", &format!("2025-09-04 {time}")));
        assert_eq!(&told(&outcome), expected, "{time}");
        assert!(outcome.not_judged.is_empty());
    }
}

#[test]
fn a_finding_explains_itself_without_the_word_for_law() {
    let outcome = judge_one("mainland", call("C1", "2026-03-04T22:10:05+08:00"));
    let [finding] = outcome.findings.as_slice() else { panic!("{outcome:?}") };
    insta::assert_snapshot!(
        [&finding.rule, &finding.quote, &finding.meant, &finding.explanation, &finding.basis.join("\n")]
            .map(String::as_str)
            .join("\n"),
        @"
    mainland.hours
    2026-03-04 22:10:05 起呼（Asia/Shanghai）
    起呼须在 08:00（含）至 22:00（不含）之间
    2026-03-04 22:10:05 起呼，在 08:00（含）至 22:00（不含）之外，记录中没有涵盖该时刻的同意时段。不符合行业自律规范，不符合推荐性国家标准。
    中国银行业协会《金融机构个人消费类贷款催收工作指引（试行）》（行业自律，据公开报道）
    GB/T 45251-2025《互联网金融 个人网络消费信贷 贷后催收风控指引》 5.3（推荐性国家标准，据公开报道）
    "
    );
}

#[test]
fn the_debtors_clock_decides() {
    let in_urumqi =
        CallRecord { timezone: Some("Asia/Urumqi".to_owned()), ..call("C1", "2025-09-04T09:00:00+08:00") };
    assert_eq!(told(&judge_one("mainland", in_urumqi)), ["outside_hours violation major"]);
    assert!(judge_one("mainland", call("C1", "2025-09-04T01:00:00Z")).findings.is_empty());
}

#[test]
fn consent_lifts_the_hours() {
    let with = |from: &str, until: &str, at: &str| {
        let window = ConsentWindow { from: from.to_owned(), until: until.to_owned() };
        told(&judge_one("mainland", CallRecord { consent_window: Some(window), ..call("C1", at) }))
    };
    assert!(with("22:00", "23:00", "2025-09-04 22:30").is_empty());
    assert!(with("22:00", "23:00", "2025-09-04 21:59:30").is_empty());
    assert!(with("22:00", "01:00", "2025-09-04 00:59").is_empty());
    assert_eq!(with("22:00", "23:00", "2025-09-04 22:59:30"), ["outside_hours review minor"]);
    assert_eq!(with("22:00", "23:00", "2025-09-04 23:00"), ["outside_hours violation major"]);
    assert_eq!(with("晚上", "23:00", "2025-09-04 22:30"), ["outside_hours review major"]);
}

#[test]
fn the_text_in_force_on_the_day_decides() {
    let at = |day: &str| judge_one("mainland", call("C1", &format!("{day} 22:30")));
    let before = at("2025-02-27");
    assert!(before.findings.is_empty());
    assert!(before.not_judged.contains(&"timing.mainland.hours: no text in force on 2025-02-27".to_owned()));
    assert_eq!(at("2025-02-28").findings[0].basis.len(), 1);
    assert_eq!(at("2026-01-29").findings[0].basis.len(), 1);
    assert_eq!(at("2026-01-30").findings[0].basis.len(), 2);
}

#[test]
fn inbound_is_never_judged_and_what_is_missing_is_said() {
    let inbound = CallRecord { direction: Some(Direction::Inbound), ..call("C1", "2025-09-04 23:00") };
    assert!(says_nothing(&judge_one("mainland", inbound)));
    for (record, expected) in [
        (CallRecord { started_at: None, ..call("C1", "") }, "timing.mainland: no started_at"),
        (call("C1", "今天"), "timing.mainland: started_at `今天` is not understood"),
        (
            CallRecord { timezone: Some("Nowhere".to_owned()), ..call("C1", "2026-03-04 10:00") },
            "timing.mainland: unknown timezone `Nowhere`",
        ),
        (
            CallRecord { debtor_id: None, ..call("C1", "2026-03-04 10:00") },
            "timing.mainland.daily_answered: no debtor_id",
        ),
        (CallRecord { number: None, ..call("C1", "2026-03-04 10:00") }, "timing.mainland.storm: no number"),
    ] {
        assert_eq!(judge_one("mainland", record).not_judged, [expected]);
    }
    let bare = CallRecord { started_at: Some("2026-03-04 10:00".to_owned()), ..CallRecord::default() };
    assert_eq!(
        judge_one("mainland", bare).not_judged,
        [
            "timing.mainland.hours: no duration_s, so the end of the call is not known",
            "timing.mainland.daily_answered: no answered",
            "timing.mainland.daily_unanswered: no answered",
            "timing.mainland.third_party: no contact",
            "timing.mainland.storm: no number",
        ]
    );
}

#[test]
fn a_direction_not_told_asks_for_review() {
    let record = CallRecord { direction: None, ..call("C1", "2025-09-04 23:00") };
    assert_eq!(told(&judge_one("mainland", record)), ["outside_hours review major"]);
}

#[test]
fn a_length_that_cannot_be_is_as_good_as_none() {
    for duration_s in [-1.0, f64::NAN, f64::INFINITY, 1e12] {
        let record = CallRecord { duration_s: Some(duration_s), ..call("C1", "2025-09-04 21:59") };
        let outcome = judge_one("mainland", record);
        assert!(outcome.findings.is_empty());
        assert!(outcome.not_judged.contains(&"timing.mainland.daily_answered: no duration_s".to_owned()));
    }
}

#[test]
fn statutory_day_day_off_and_makeup_workday() {
    for (policy, day, expected) in [
        ("house-a", "2025-10-03", vec!["holiday violation major"]),
        ("house-b", "2025-10-06", vec!["holiday violation major"]),
        ("house-a", "2025-10-07", vec!["holiday review major"]),
        ("house-a", "2025-10-11", vec![]),
        ("house-a", "2025-10-12", vec![]),
        ("mainland", "2025-10-03", vec![]),
    ] {
        assert_eq!(told(&judge_one(policy, call("C1", &format!("{day} 10:00")))), expected, "{day}");
    }
    let unknown = judge_one("house-a", call("C1", "2027-01-01 10:00"));
    assert_eq!(unknown.not_judged, ["timing.house-a.holiday: no holiday table for 2027-01-01"]);
}

#[test]
fn the_us_policy_follows_daylight_saving() {
    let at = |instant: &str| {
        let record = CallRecord { timezone: Some("America/New_York".to_owned()), ..call("C1", instant) };
        told(&judge_one("us", record))
    };
    // 08:00 is 12:00 UTC in summer, 13:00 UTC in winter; the clock changed on 2025-11-02 and 2025-03-09.
    assert!(at("2025-11-01T12:00:00Z").is_empty());
    assert_eq!(at("2025-11-02T12:00:00Z"), ["outside_hours violation major"]);
    assert!(at("2025-11-02T13:00:00Z").is_empty());
    assert_eq!(at("2025-03-08T12:59:59Z"), ["outside_hours violation major"]);
    assert!(at("2025-03-09T12:00:00Z").is_empty());
    let nowhere = judge_one("us", call("C1", "2025-11-01T12:00:00Z"));
    assert_eq!(nowhere.not_judged, ["timing.us: no timezone"]);
}

#[test]
fn several_policies_each_name_their_own() {
    let all = load_policies(&[]).unwrap();
    let both = all.select(&["mainland".to_owned(), "house-a".to_owned()]).unwrap();
    let outcome = judge_by(both.policies(), &[call("C1", "2025-10-03 22:30")]).remove(0);
    let rules: Vec<_> = outcome.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["mainland.hours", "house-a.hours", "house-a.holiday"]);
}

#[test]
fn no_built_in_sentence_calls_a_standard_law() {
    for policy in load_policies(&[]).unwrap().policies() {
        let text = super::explain(policy);
        assert!(!text.contains("违法"), "{}", policy.id);
        assert!(!text.contains('{'), "{}", policy.id);
    }
}

#[test]
fn explain_reads_as_chinese_prose() {
    let policies = load_policies(&[]).unwrap();
    insta::assert_snapshot!(super::explain(policies.get("house-b").unwrap()), @"
    house-b  机构规范乙：每日不超过 3 次，间隔不少于 2 小时，法定节假日不拨打
    时区：按债务人所在时区判断；记录未注明时用默认时区

    house-b.daily  对同一债务人每日拨打不超过 3 次
      限制：对同一债务人（本人各号码合计）拨打（含未接通）每个自然日不超过 3 次
      类别：拨打过于频繁（too_frequent）
      依据：催收培训师试讲课件（机构内部规范，已核对原文）
            用词：不得，严重程度：严重
            违反时表述为：不符合机构内部规范
      说明：拨打含未接通。课件称部分地区如此要求。

    house-b.interval  对同一债务人两次拨打间隔不少于 2 小时
      限制：对同一债务人（本人各号码合计）拨打（含未接通）前后两次起呼间隔不少于 120 分钟
      类别：拨打间隔过短（short_interval）
      依据：催收培训师试讲课件（机构内部规范，已核对原文）
            用词：不得，严重程度：严重
            违反时表述为：不符合机构内部规范
            来源：大陆的法律、标准与自律规范中均未见最短间隔。
      说明：间隔从起呼到起呼，跨零点同样计算。课件称部分地区如此要求。

    house-b.holiday  法定节假日不拨打
      限制：法定节假日不拨打，调休放假日提示复核
      类别：节假日拨打（holiday）
      依据：催收培训师试讲课件（机构内部规范，已核对原文）
            用词：不得，严重程度：严重
            违反时表述为：不符合机构内部规范
            来源：大陆的法律、标准与自律规范中均未见此限制。
      说明：法定节假日指放假办法所列各日；按年度通知调休放假的日子提示复核；调休上班日可以拨打。没有节假日表的日期不判断。

    判断口径
      - 呼入通话不判断，也不计次。
      - 以通话当日有效的文本为准；当日没有有效文本的，不判断。
      - 时段为左闭右开，以起呼时刻为准；起呼在时段内而通话持续到时段外的，只提示复核。债务人同意的时段（consent_window）内不受时段限制。
      - 时段与节假日的限制对未接通的拨打同样适用。
      - 有效通话指已接通且时长达到所列秒数；各文本均未定义，此为本程序口径。
      - 记录未注明呼叫方向或联系对象的，按外呼、本人计，只提示复核；缺少其他必要字段的，不判断。
      - 单一机构的通话记录只能证明超限，不能证明合规：其他机构、其他线路的通话不在其中。
      - 课件要求夜间不拨打，但未给出钟点，不据此判断；可与 mainland 或 house-a 一并使用。
    ");
}
