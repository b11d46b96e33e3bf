//! A user's own calendar: whole years laid over the built-in ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Calendar, Day, DayKind, Year};
use crate::timing::TimingError;

const HINT: &str = "write a table a year: [2027.statutory], [2027.day_off], [2027.makeup_workday], each with lines such as \
                    2027-01-01 = \"元旦\"";

/// The special days of one year as the file gives them: date and festival.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearTable {
    /// Where the table is from; for the reader.
    #[serde(default)]
    #[allow(dead_code)]
    source: String,
    statutory: BTreeMap<String, String>,
    #[serde(default)]
    day_off: BTreeMap<String, String>,
    #[serde(default)]
    makeup_workday: BTreeMap<String, String>,
}

/// The built-in calendar, each year of the file replacing the built-in year whole.
///
/// # Errors
/// A file that cannot be read, a date that is none or lies in another year, or that is given twice.
pub fn load_calendar(file: Option<&Path>) -> Result<Calendar, TimingError> {
    let mut calendar = Calendar::built_in();
    let Some(file) = file else { return Ok(calendar) };
    let place = file.display().to_string();
    let wrong = |cause: String| TimingError { place: place.clone(), cause, hint: HINT.to_owned() };
    let text = fs::read_to_string(file).map_err(|error| wrong(format!("cannot be read ({error})")))?;
    for (year, days) in parse(&text).map_err(wrong)? {
        calendar.set_year(year, &days);
    }
    Ok(calendar)
}

fn parse(text: &str) -> Result<Vec<(i16, Year)>, String> {
    let years: BTreeMap<String, YearTable> =
        toml::from_str(text).map_err(|error| error.message().lines().collect::<Vec<_>>().join(", "))?;
    years.into_iter().map(|(name, table)| read_year(&name, table)).collect()
}

fn read_year(name: &str, table: YearTable) -> Result<(i16, Year), String> {
    let year: i16 = name
        .parse()
        .ok()
        .filter(|year| (1900..=2200).contains(year))
        .ok_or_else(|| format!("`{name}` is no year"))?;
    let mut days = Year::new();
    for (kind, dates) in [
        (DayKind::Statutory, table.statutory),
        (DayKind::DayOff, table.day_off),
        (DayKind::MakeupWorkday, table.makeup_workday),
    ] {
        for (date, festival) in dates {
            let day: Date = date.parse().map_err(|_| format!("`{date}` is no date"))?;
            if day.year() != year {
                return Err(format!("{date} is not in {year}"));
            }
            if days.insert(day, Day::of(kind, festival)).is_some() {
                return Err(format!("{date} is given twice"));
            }
        }
    }
    Ok((year, days))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NEXT_YEAR: &str = r#"
[2027]
source = "通知"
[2027.statutory]
2027-01-01 = "元旦"
[2027.makeup_workday]
2027-01-03 = "元旦"
"#;

    #[test]
    fn a_year_of_the_file_is_judged_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("calendar.toml");
        fs::write(&file, NEXT_YEAR).unwrap();
        let calendar = load_calendar(Some(&file)).unwrap();
        let kind = |month, day| calendar.day(date(2027, month, day)).map(|day| day.kind);
        assert_eq!(
            [kind(1, 1), kind(1, 2), kind(1, 3), kind(1, 4), kind(12, 31)],
            [
                DayKind::Statutory,
                DayKind::Weekend,
                DayKind::MakeupWorkday,
                DayKind::Workday,
                DayKind::Workday
            ]
            .map(Some)
        );
        assert_eq!(calendar.day(date(2026, 12, 31)), None);
        assert_eq!(calendar.day(date(2026, 10, 1)), Calendar::built_in().day(date(2026, 10, 1)));
        fs::write(&file, NEXT_YEAR.replace("2027", "2010")).unwrap();
        let early = load_calendar(Some(&file)).unwrap();
        assert_eq!(early.day(date(2010, 1, 1)).unwrap().kind, DayKind::Statutory);
        assert_eq!(early.day(date(2011, 1, 1)), None);
        assert_eq!(early.day(date(2018, 1, 1)), Calendar::built_in().day(date(2018, 1, 1)));
    }

    #[test]
    fn mistakes_are_told() {
        for (from, to, cause) in [
            ("2027-01-03", "2027-02-30", "`2027-02-30` is no date"),
            ("2027-01-03", "2026-01-03", "2026-01-03 is not in 2027"),
            ("2027-01-03", "2027-01-01", "2027-01-01 is given twice"),
            ("[2027", "[next", "`next` is no year"),
            ("statutory", "holidays", "unknown field `holidays`"),
        ] {
            let error = parse(&NEXT_YEAR.replace(from, to)).unwrap_err();
            assert!(error.contains(cause), "{error}");
        }
    }
}
