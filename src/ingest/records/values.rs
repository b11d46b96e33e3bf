//! The values of call records, in English or Chinese. An error says what the value should have been.

use crate::domain::{ConsentWindow, Contact, Direction};

/// What exports write where there is nothing.
const ABSENT: [&str; 11] = ["", "-", "--", "—", "/", "null", "none", "n/a", "\\n", "无", "空"];
/// In bytes.
const LONGEST_ABSENT: usize = 4;

const CONTACTS: &[(Contact, &str)] = &[
    (Contact::Debtor, "self 本人 债务人 借款人 客户本人 持卡人 debtor borrower"),
    (
        Contact::Family,
        "family 家人 家属 亲属 亲戚 父母 父亲 母亲 配偶 妻子 丈夫 子女 兄弟姐妹 relative spouse \
         parent",
    ),
    (Contact::Employer, "employer 单位 工作单位 公司 雇主 同事 领导 单位同事 colleague work"),
    (Contact::Guarantor, "guarantor 担保人 保证人 连带保证人 共同借款人 共债人"),
    (Contact::Other, "other 其他 其它 他人 第三方 第三人 联系人 紧急联系人 朋友 邻居 friend"),
];

const DIRECTIONS: &[(Direction, &str)] = &[
    (Direction::Outbound, "outbound 呼出 外呼 去电 拨出 主动外呼 out outgoing"),
    (Direction::Inbound, "inbound 呼入 来电 接入 打入 in incoming"),
];

const ANSWERS: &[(bool, &str)] = &[
    (true, "true 是 1 已接通 接通 已接 已接听 接听 成功 yes y t answered connected"),
    (
        false,
        "false 否 0 未接通 未接 未接听 无人接听 无应答 拒接 占线 忙线 关机 停机 空号 失败 no n f busy \
         noanswer failed",
    ),
];

/// The value without what exports put around it (blanks, tabs, `="…"` against Excel's zeal); none where it says nothing.
pub(super) fn present(value: &str) -> Option<&str> {
    let value = value.trim();
    let value = value.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).map_or(value, str::trim);
    let is_absent =
        value.len() <= LONGEST_ABSENT && ABSENT.iter().any(|absent| absent.eq_ignore_ascii_case(value));
    (!is_absent).then_some(value)
}

pub(super) fn contact(value: &str) -> Result<Contact, &'static str> {
    look_up(CONTACTS, value)
        .ok_or("self, family, employer, guarantor or other (本人, 家人, 单位, 担保人, 其他)")
}

pub(super) fn direction(value: &str) -> Result<Direction, &'static str> {
    look_up(DIRECTIONS, value).ok_or("outbound or inbound (呼出, 呼入)")
}

pub(super) fn answered(value: &str) -> Result<bool, &'static str> {
    look_up(ANSWERS, value).ok_or("true or false (是, 否)")
}

fn look_up<T: Copy>(table: &[(T, &str)], value: &str) -> Option<T> {
    let wanted = value.to_lowercase().replace([' ', '_'], "");
    table.iter().find(|(_, words)| words.split(' ').any(|word| word == wanted)).map(|(meaning, _)| *meaning)
}

/// Seconds: `83.6`, `83秒`, `1:23`, `0:01:23`, `1分23秒`, `1小时2分3秒`.
pub(super) fn duration_s(value: &str) -> Result<f64, &'static str> {
    let simple = plain_number(value);
    let colons = || value.replace('：', ":").replace("小时", "时");
    let seconds = simple.or_else(|| written_s(&colons()));
    seconds.filter(|seconds| (0.0..1e9).contains(seconds)).ok_or("a duration in seconds or as h:mm:ss")
}

fn written_s(colons: &str) -> Option<f64> {
    if colons.contains(':') { clock_s(colons) } else { spoken_s(colons) }
}

fn clock_s(value: &str) -> Option<f64> {
    let parts: Option<Vec<f64>> = value.split(':').map(plain_number).collect();
    match parts?[..] {
        [minutes, seconds] if seconds < 60.0 => Some(minutes * 60.0 + seconds),
        [hours, minutes, seconds] if minutes < 60.0 && seconds < 60.0 => {
            Some(hours * 3600.0 + minutes * 60.0 + seconds)
        }
        _ => None,
    }
}

fn spoken_s(value: &str) -> Option<f64> {
    let mut rest = value;
    let mut total_s = 0.0;
    for (unit, unit_s) in [('时', 3600.0), ('分', 60.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            total_s += plain_number(count)? * unit_s;
            rest = after.trim_start_matches('钟');
        }
    }
    let seconds = rest.trim_end_matches('秒').trim_end_matches(['s', 'S']).trim();
    if seconds.is_empty() && rest.len() < value.len() {
        return Some(total_s);
    }
    Some(total_s + plain_number(seconds)?)
}

/// Digits and at most a point: no sign, no exponent, no infinity.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain { text.parse().ok() } else { None }
}

/// `HH:MM-HH:MM`, also with full-width signs or 至; midnight at the end may be `24:00`.
pub(super) fn consent_window(value: &str) -> Result<ConsentWindow, &'static str> {
    const EXPECTED: &str = "hours as 08:00-22:00";
    let (from, until) = value.split_once(['-', '–', '—', '－', '~', '～', '至', '到']).ok_or(EXPECTED)?;
    let (from, until) = (time_of_day(from).ok_or(EXPECTED)?, time_of_day(until).ok_or(EXPECTED)?);
    if from == until || from == "24:00" {
        return Err(EXPECTED);
    }
    let until = if until == "24:00" && from != "00:00" { "00:00".to_owned() } else { until };
    Ok(ConsentWindow { from, until })
}

fn time_of_day(text: &str) -> Option<String> {
    let text = text.replace('：', ":");
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse::<u32>().ok() } else { None }
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let valid = minute < 60 && (hour < 24 || (hour, minute) == (24, 0));
    valid.then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence() {
        let cases = [
            (" a b ", Some("a b")),
            ("0012\t", Some("0012")),
            ("=\"0012\"", Some("0012")),
            ("\u{3000}本人", Some("本人")),
            ("", None),
            ("N/A", None),
            ("\\N", None),
            ("无", None),
            ("0", Some("0")),
        ];
        for (value, expected) in cases {
            assert_eq!(present(value), expected, "{value:?}");
        }
    }

    #[test]
    fn words() {
        assert_eq!(
            ["本人", "Self", "家人", "单位", "担保人", "其他", "表哥"].map(|v| contact(v).ok()),
            [
                Some(Contact::Debtor),
                Some(Contact::Debtor),
                Some(Contact::Family),
                Some(Contact::Employer),
                Some(Contact::Guarantor),
                Some(Contact::Other),
                None,
            ]
        );
        let (out, into) = (Some(Direction::Outbound), Some(Direction::Inbound));
        assert_eq!(
            ["呼出", "OUTBOUND", "呼入", "in", "转接"].map(|v| direction(v).ok()),
            [out, out, into, into, None]
        );
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(
            ["是", "1", "TRUE", "否", "0", "false", "未接通", "2"].map(|v| answered(v).ok()),
            [yes, yes, yes, no, no, no, no, None]
        );
    }

    #[test]
    fn no_word_means_two_things() {
        let tables = [
            CONTACTS.iter().flat_map(|(_, words)| words.split(' ')).collect::<Vec<_>>(),
            DIRECTIONS.iter().flat_map(|(_, words)| words.split(' ')).collect(),
            ANSWERS.iter().flat_map(|(_, words)| words.split(' ')).collect(),
        ];
        for mut words in tables {
            let all = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), all);
        }
    }

    #[test]
    fn durations() {
        let cases = [
            ("83.6", Some(83.6)),
            ("83秒", Some(83.0)),
            ("83s", Some(83.0)),
            ("1:23", Some(83.0)),
            ("00:01:23", Some(83.0)),
            ("1：02：03", Some(3723.0)),
            ("1分23秒", Some(83.0)),
            ("2分钟", Some(120.0)),
            ("1小时2分3秒", Some(3723.0)),
            ("0", Some(0.0)),
            ("-3", None),
            ("1e3", None),
            ("nan", None),
            ("1:75", None),
            ("秒", None),
            (".", None),
            ("long", None),
        ];
        for (value, expected) in cases {
            assert_eq!(duration_s(value).ok(), expected, "{value}");
        }
    }

    #[test]
    fn consent_windows() {
        let cases = [
            ("09:00-21:00", Some("09:00 21:00")),
            ("9:00-21:30", Some("09:00 21:30")),
            ("９:00-21:00", None),
            ("09：00～21：00", Some("09:00 21:00")),
            ("20:00至02:00", Some("20:00 02:00")),
            ("18:00-24:00", Some("18:00 00:00")),
            ("00:00-24:00", Some("00:00 24:00")),
            ("24:00-08:00", None),
            ("09:00-09:00", None),
            ("09:60-21:00", None),
            ("25:00-21:00", None),
            ("全天", None),
        ];
        for (value, expected) in cases {
            let window = consent_window(value).ok().map(|w| format!("{} {}", w.from, w.until));
            assert_eq!(window.as_deref(), expected, "{value}");
        }
    }
}
