//! The texts that rules rest on, and which of them are in force on a day.

use toml::Spanned;

use crate::domain::Basis;

use super::diagnostic::{Code, Diagnostic};
use super::source::SourceFile;

/// True if the text was in force on `date` (`YYYY-MM-DD`). Without a date everything counts: a reader can still judge.
#[must_use]
pub fn in_force(basis: &Basis, date: Option<&str>) -> bool {
    // ISO dates compare as text.
    date.is_none_or(|day| {
        basis.from.as_deref().is_none_or(|from| from <= day)
            && basis.until.as_deref().is_none_or(|until| day <= until)
    })
}

/// Reports dates that would not compare as dates.
pub(super) fn check_dates(source: &SourceFile, basis: &Spanned<Basis>, problems: &mut Vec<Diagnostic>) {
    let dates = [&basis.get_ref().from, &basis.get_ref().until];
    for date in dates.into_iter().flatten() {
        if !is_iso_date(date) {
            let message = format!("`{date}` is not a date");
            let hint = "write it as YYYY-MM-DD, with leading zeros";
            problems.push(source.diagnose(Code::BadDate, basis.span(), message, hint));
        }
    }
}

fn is_iso_date(date: &str) -> bool {
    date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Certainty, Force};

    #[test]
    fn force_is_judged_on_the_day() {
        let basis = Basis {
            instrument: "《某法》".into(),
            article: None,
            force: Force::Law,
            verified: Certainty::Text,
            from: Some("2021-01-01".into()),
            until: Some("2025-12-31".into()),
        };
        for (date, expected) in [
            (None, true),
            (Some("2020-12-31"), false),
            (Some("2021-01-01"), true),
            (Some("2025-12-31"), true),
            (Some("2026-01-01"), false),
        ] {
            assert_eq!(in_force(&basis, date), expected, "{date:?}");
        }
    }

    #[test]
    fn only_full_iso_dates_pass() {
        assert!(is_iso_date("2024-02-29"));
        for date in ["2023-02-29", "2024-2-9", "20240209", "", "2024-02-29T00:00"] {
            assert!(!is_iso_date(date), "{date}");
        }
    }
}
