//! What a column holds, and how a value of JSON becomes that.

use jiff::Span;
use jiff::civil::{Date, date};
use serde::Serialize;
use serde_json::Value;

/// What all cells of a column are, where they are anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// UTF-8.
    Text,
    /// A double.
    Real,
    /// 64 bits with sign.
    Whole,
    Truth,
    /// A date, `YYYY-MM-DD` in JSON.
    Day,
    /// A list of texts.
    Texts,
    /// Text that holds JSON.
    Json,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Nothing,
    Text(String),
    Real(f64),
    Whole(i64),
    Truth(bool),
    /// Days since 1970-01-01.
    Day(i32),
    Texts(Vec<String>),
}

impl Kind {
    /// A value of JSON as a cell of this kind; [`Cell::Nothing`] for one of another kind.
    #[must_use]
    pub fn cell(self, value: &Value) -> Cell {
        let cell = match self {
            Self::Text => value.as_str().map(|text| Cell::Text(text.to_owned())),
            Self::Real => value.as_f64().map(Cell::Real),
            Self::Whole => value.as_i64().map(Cell::Whole),
            Self::Truth => value.as_bool().map(Cell::Truth),
            Self::Day => value.as_str().and_then(day).map(Cell::Day),
            Self::Texts => value.as_array().map(|values| Cell::Texts(texts(values))),
            Self::Json => (!value.is_null()).then(|| Cell::Text(value.to_string())),
        };
        cell.unwrap_or(Cell::Nothing)
    }
}

impl Cell {
    /// The way back; nothing is `null`.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => text.into(),
            Self::Real(value) => value.into(),
            Self::Whole(value) => value.into(),
            Self::Truth(value) => value.into(),
            Self::Day(days) => written(days).into(),
            Self::Texts(texts) => texts.into(),
        }
    }

    /// Bytes of text in it.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Texts(texts) => texts.iter().map(String::len).sum(),
            _ => 0,
        }
    }
}

const EPOCH: Date = date(1970, 1, 1);

/// The date so many days after 1970-01-01.
fn written(days: i32) -> String {
    EPOCH.saturating_add(Span::new().days(days)).to_string()
}

/// Days since 1970-01-01 of a date.
fn day(text: &str) -> Option<i32> {
    let date: Date = text.parse().ok()?;
    EPOCH.until(date).ok().map(|span| span.get_days())
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_cells_of_the_columns_kind_or_nothing() {
        for (kind, value, cell) in [
            (Kind::Text, json!("您好"), Cell::Text("您好".into())),
            (Kind::Text, json!(""), Cell::Text(String::new())),
            (Kind::Text, json!(1), Cell::Nothing),
            (Kind::Real, json!(0.95), Cell::Real(0.95)),
            (Kind::Real, json!(3), Cell::Real(3.0)),
            (Kind::Real, json!("3"), Cell::Nothing),
            (Kind::Whole, json!(-3), Cell::Whole(-3)),
            (Kind::Whole, json!(3.0), Cell::Nothing),
            (Kind::Truth, json!(false), Cell::Truth(false)),
            (Kind::Truth, json!(0), Cell::Nothing),
            (Kind::Day, json!("1970-01-02"), Cell::Day(1)),
            (Kind::Day, json!("1969-12-31"), Cell::Day(-1)),
            (Kind::Day, json!("2026-02-29"), Cell::Nothing),
            (Kind::Texts, json!(["甲", "乙"]), Cell::Texts(vec!["甲".into(), "乙".into()])),
            (Kind::Texts, json!([]), Cell::Texts(Vec::new())),
            (Kind::Texts, json!(null), Cell::Nothing),
            (Kind::Json, json!([{"甲": 1.5}]), Cell::Text("[{\"甲\":1.5}]".into())),
            (Kind::Json, json!(null), Cell::Nothing),
        ] {
            assert_eq!(kind.cell(&value), cell, "{kind:?} of {value}");
            if cell != Cell::Nothing && kind != Kind::Json {
                assert_eq!(kind.cell(&cell.clone().into_value()), cell, "{kind:?}: there and back");
            }
        }
    }
}
