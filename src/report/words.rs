//! The words of the report: what a person reads in place of an id or a number.

use crate::domain::{Contact, Direction, Grade, Speaker, Suspicion, Verdict};

/// Seconds as `01:05`, or `1:02:03` from an hour on.
#[must_use]
pub fn clock(time_s: f64) -> String {
    let seconds = time_s.max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes:02}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// The stretch of a finding that has one.
#[must_use]
pub fn span(start_s: Option<f64>, end_s: Option<f64>) -> Option<String> {
    let start = clock(start_s?);
    let end = end_s.map_or_else(|| start.clone(), clock);
    Some(if end == start { start } else { format!("{start}–{end}") })
}

/// A date and time as written in a call record, with a blank where RFC 3339 has a T.
#[must_use]
pub fn date_time(written: &str) -> String {
    written.replacen('T', " ", 1)
}

#[must_use]
pub fn speaker_zh(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Agent => "坐席",
        Speaker::Customer => "客户",
        Speaker::Unknown => "未区分",
    }
}

/// How sure it is who speaks, where one channel carries both voices.
pub(super) fn told_by_voice_zh(confidence: f64) -> String {
    format!("按声音和用语区分，把握 {:.0}%", confidence * 100.0)
}

#[must_use]
pub fn contact_zh(contact: Contact) -> &'static str {
    match contact {
        Contact::Debtor => "本人",
        Contact::Family => "家属",
        Contact::Employer => "工作单位",
        Contact::Guarantor => "担保人",
        Contact::Other => "其他第三人",
    }
}

#[must_use]
pub fn direction_zh(direction: Direction) -> &'static str {
    match direction {
        Direction::Outbound => "呼出",
        Direction::Inbound => "呼入",
    }
}

pub(super) fn grade_zh(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "用语一致",
        Grade::Phonetic => "读音相近",
        Grade::Semantic => "语义相近",
        Grade::Absent => "应说未说",
        Grade::Timing => "通话记录",
        Grade::Conduct => "说话方式",
    }
}

/// What kind of evidence a grade is, for someone who has to decide.
pub(super) fn grade_help_zh(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "识别文字与规则用语一致",
        Grade::Phonetic => "识别文字与规则用语同音或近音，请以录音为准",
        Grade::Semantic => "用语不在规则之内，意思与已标注的示例相近，请以录音为准",
        Grade::Absent => "应当说明的内容在录音中没有听到",
        Grade::Timing => "依据通话记录推算，与说话内容无关",
        Grade::Conduct => "依据声音和语速测得",
    }
}

/// What the second listening says of a finding.
pub(super) fn heard_again_zh(heard_again: bool) -> &'static str {
    if heard_again { "仍有同类内容" } else { "未听到，请以录音为准" }
}

/// What stands before the words that a finding matched.
pub(super) fn meant_label_zh(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "对应规则",
        Grade::Semantic => "相近的示例",
        Grade::Phonetic => "疑似原话",
        Grade::Absent => "应说内容",
        Grade::Timing | Grade::Conduct => "限制",
    }
}

pub(super) fn confidence_zh(confidence: f64) -> &'static str {
    match confidence {
        0.9.. => "很高",
        0.75.. => "较高",
        0.5.. => "中等",
        _ => "较低",
    }
}

pub(super) fn suspicion_zh(suspicion: Suspicion) -> &'static str {
    match suspicion {
        Suspicion::Repeat => "重复循环",
        Suspicion::Credit => "字幕套话",
        Suspicion::NoSpeech => "此处没有人声",
        Suspicion::Unsure => "识别把握过低",
    }
}

#[must_use]
pub fn yes_no_zh(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

/// The verdict as the report's format names it.
pub(super) fn verdict_id(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clean => "clean",
        Verdict::Review => "review",
        Verdict::Violation => "violation",
        Verdict::Failed => "failed",
    }
}

/// A name, or that the record gives none.
pub(super) fn name_or_unstated(name: &str) -> String {
    if name.is_empty() { "（未注明）".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        for (time_s, text) in [(0.0, "00:00"), (65.9, "01:05"), (3723.0, "1:02:03"), (-4.0, "00:00")] {
            assert_eq!(clock(time_s), text);
        }
    }

    #[test]
    fn spans_collapse_within_a_second() {
        assert_eq!(span(Some(31.2), Some(35.0)).as_deref(), Some("00:31–00:35"));
        assert_eq!(span(Some(31.2), Some(31.9)).as_deref(), Some("00:31"));
        assert_eq!(span(Some(31.2), None).as_deref(), Some("00:31"));
        assert_eq!(span(None, Some(2.0)), None);
    }

    #[test]
    fn dates_are_parted_from_times() {
        assert_eq!(date_time("2026-03-02T21:58:10+08:00"), "2026-03-02 21:58:10+08:00");
        assert_eq!(date_time("2026/3/2 21:58"), "2026/3/2 21:58");
    }

    #[test]
    fn confidence_has_four_words() {
        for (confidence, word) in [(1.0, "很高"), (0.9, "很高"), (0.8, "较高"), (0.5, "中等"), (0.49, "较低")]
        {
            assert_eq!(confidence_zh(confidence), word);
        }
    }
}
